// wannier90 files. Oracles: closed band formulas of hand-written files, H(k) of the model that a file was
// written from, the S-matrix of the same sample from the library.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/model/library.hpp"
#include "model/wannier90_support.hpp"
#include "support/support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::Matrix;
using test::chain;
using test::in_cell;
using test::Wannier;

Vector3 random_k(test::Draw& draw) {
  return {constants::pi * draw.uniform(), constants::pi * draw.uniform(),
          constants::pi * draw.uniform()};
}

void expect_same_bands(const model::Model& a, const model::Model& b, double tolerance) {
  test::Draw draw(11);
  for (int i = 0; i < 20; ++i) {
    const Vector3 k = random_k(draw);
    const auto expected = linalg::hermitian_eigenvalues(bloch_hamiltonian(a, k));
    const auto found = linalg::hermitian_eigenvalues(bloch_hamiltonian(b, k));
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t n = 0; n < found.size(); ++n) EXPECT_NEAR(found[n], expected[n], tolerance);
  }
}

TEST_F(Wannier, AHandWrittenChainHasItsBands) {
  const auto model = model::wannier90_model(in_cell(write("hr.dat", chain)), 3);
  const Complex c(0.3, 0.4);
  const Complex d(1.0, 0.5);
  // <m, cell 0|H|n, cell 1> = c for (m, n) = (1, 2): the hopping from cell r to r + a_1 is conj(c), 2 <- 1.
  ASSERT_EQ(model.hoppings.size(), 1U);
  EXPECT_EQ(model.hoppings[0].offset, (std::array<int, 3>{1, 0, 0}));
  EXPECT_NEAR(std::abs(model.hoppings[0].matrix(1, 0) - std::conj(c)), 0.0, 1e-15);
  EXPECT_EQ(model.hoppings[0].matrix(0, 1), 0.0);
  test::Draw draw(1);
  for (int i = 0; i < 20; ++i) {
    const Vector3 k = random_k(draw);
    const double e = std::abs(d + c * std::polar(1.0, k[0]));
    const auto bands = linalg::hermitian_eigenvalues(bloch_hamiltonian(model, k));
    EXPECT_NEAR(bands[0], 0.25 - e, 1e-14);
    EXPECT_NEAR(bands[1], 0.25 + e, 1e-14);
  }
}

// The order of m and n, blank lines, tabs and Windows line ends do not matter.
TEST_F(Wannier, SpacingAndOrderDoNotMatter) {
  std::string other = chain;
  const auto swap_lines = [&](const std::string& a, const std::string& b) {
    const auto at_a = other.find(a);
    other.replace(at_a, a.size(), "?");
    other.replace(other.find(b), b.size(), a);
    other.replace(other.find('?'), 1, b);
  };
  swap_lines("0 0 0 2 1 1.0 -0.5", "0 0 0 1 2 1.0 0.5");
  std::string text;
  for (const char c : other) text += c == '\n' ? "\r\n" : c == ' ' ? " \t" : std::string(1, c);
  expect_same_bands(model::wannier90_model(in_cell(write("a_hr.dat", chain)), 3),
                    model::wannier90_model(in_cell(write("b_hr.dat", text + "\r\n\r\n")), 3), 0.0);
}

TEST_F(Wannier, FermiLevelAndCutoffs) {
  auto files = in_cell(write("hr.dat", chain));
  files.fermi_level = 0.25;
  auto model = model::wannier90_model(files, 3);
  EXPECT_EQ(model.onsite(0, 0), 0.0);
  files.cutoff = 0.51;  // |c| = 0.5
  EXPECT_TRUE(model::wannier90_model(files, 3).hoppings.empty());
  files.cutoff = 0.49;
  EXPECT_EQ(model::wannier90_model(files, 3).hoppings.size(), 1U);
  // Centres at 0 and 0.75 angstrom: the hopping over c to the next cell spans 1 + 0.75.
  files.centres = write("centres.xyz", "3\ncomment\nX 0 0 0\nX 0.75 0 0\nSi 0 0 0\n");
  files.angstrom = 1.0;
  files.max_distance = 1.7;
  EXPECT_TRUE(model::wannier90_model(files, 3).hoppings.empty());
  files.max_distance = 1.8;
  EXPECT_EQ(model::wannier90_model(files, 3).hoppings.size(), 1U);
}

// Band for band what was written, for every model with complex hoppings, several sites, spin, oblique cells.
TEST_F(Wannier, ReadsBackWhatItWrote) {
  for (const char* text :
       {"{name: kane_mele, so: 0.13, rashba: 0.21, mass: 0.3}", "{name: haldane, mass: 0.2}",
        "{name: dirac_weyl, b: 0.9, inversion: 0.2}", "{name: weyl_two_band, k0: 1.1}",
        "{name: rashba, rashba: 0.3, dresselhaus: 0.1}",
        "{name: formula, formula: cos(2*kx+ky-kz)*tau_x*s_y + sin(kz)*s_z, spin: s}"}) {
    SCOPED_TRACE(text);
    const auto deck = test::lattice_deck(fmt::format("sample: {{model: {}}}", text));
    const auto model = sample::device_model(deck);
    const auto copy = model::wannier90_model(written(model, "copy"), model.dimension);
    expect_same_bands(model, copy, 1e-13);
    ASSERT_EQ(copy.sites.size(), model.sites.size());
    for (std::size_t i = 0; i < model.sites.size(); ++i) {
      EXPECT_EQ(copy.sites[i].n_orbitals, model.sites[i].n_orbitals);
      EXPECT_NEAR(norm(copy.sites[i].position - model.sites[i].position), 0.0, 1e-15);
    }
    EXPECT_EQ(copy.lattice_vectors, model.lattice_vectors);
    ASSERT_EQ(copy.spin.size(), model.spin.size());
    for (std::size_t a = 0; a < model.spin.size(); ++a) {
      EXPECT_EQ(linalg::max_norm(copy.spin[a] - model.spin[a]), 0.0);
    }
    // And what is written from the copy is the same text.
    (void)model::write_wannier90(copy, 1.0, path("again"));
    EXPECT_EQ(read(path("again_hr.dat")), read(path("copy_hr.dat")));
  }
}

// A file with six decimals, as wannier90 writes them, has bands to six decimals: the error of H(k) is at
// most the number of elements times half a digit.
TEST_F(Wannier, SixDecimalsGiveSixDecimals) {
  const auto model = model::build(
      "kane_mele", {{"t", 1.0 / 3.0}, {"so", 0.1234567}, {"rashba", 0.0765432}, {"mass", 0.1}});
  const auto files = written(model, "fine");
  std::istringstream lines(read(files.hr));
  std::string rounded;
  std::string line;
  for (int i = 0; std::getline(lines, line); ++i) {
    std::istringstream words(line);
    std::array<int, 5> index{};
    double re = 0.0;
    double im = 0.0;
    if (i > 3 && words >> index[0] >> index[1] >> index[2] >> index[3] >> index[4] >> re >> im) {
      line = fmt::format("{:5}{:5}{:5}{:5}{:5}{:12.6f}{:12.6f}", index[0], index[1], index[2],
                         index[3], index[4], re, im);
    }
    rounded += line + "\n";
  }
  write("fine_hr.dat", rounded);
  expect_same_bands(model, model::wannier90_model(files, 2), 8 * 7 * 1e-6);
}

// H'_mn(R + T) += H_mn(R)/N: the element 1 2 of R = a_1 moves to a_1 + a_2 and a_1 - a_2 in halves, so
// H_12(k) = d + c exp(ikx) cos ky; centres need not be known for that.
TEST_F(Wannier, ShiftsOfTheWignerSeitzCell) {
  std::string shifts = "## written on  1Jan2026 at 00:00:00 with use_ws_distance=.true.\n";
  for (const int r : {-1, 0, 1}) {
    for (const int m : {1, 2}) {
      for (const int n : {1, 2}) {
        shifts += fmt::format("{:5}{:5}{:5}{:5}{:5}\n", r, 0, 0, m, n);
        const bool moves = (r == 1 && m == 1 && n == 2) || (r == -1 && m == 2 && n == 1);
        shifts += moves ? "    2\n    0    1    0\n    0   -1    0\n" : "    1\n    0    0    0\n";
      }
    }
  }
  auto files = in_cell(write("hr.dat", chain));
  files.wsvec = write("wsvec.dat", shifts);
  const auto model = model::wannier90_model(files, 3);
  test::Draw draw(2);
  for (int i = 0; i < 20; ++i) {
    const Vector3 k = random_k(draw);
    const double e =
        std::abs(Complex(1.0, 0.5) + Complex(0.3, 0.4) * std::polar(1.0, k[0]) * std::cos(k[1]));
    const auto bands = linalg::hermitian_eigenvalues(bloch_hamiltonian(model, k));
    EXPECT_NEAR(bands[1], 0.25 + e, 1e-14);
  }
  // Without shifts the file changes nothing.
  std::string none;
  for (std::size_t at = 0; at < shifts.size(); ++at) none += shifts[at];
  for (auto at = none.find("    2\n    0    1"); at != std::string::npos;
       at = none.find("    2\n    0    1")) {
    none.replace(at, std::string("    2\n    0    1    0\n    0   -1    0\n").size(),
                 "    1\n    0    0    0\n");
  }
  files.wsvec = write("none.dat", none);
  expect_same_bands(model::wannier90_model(in_cell(files.hr), 3), model::wannier90_model(files, 3),
                    0.0);
}

// The same spinor model in both orders is the same model: orbitals, spin matrices, sites.
TEST_F(Wannier, SpinorOrders) {
  const auto model =
      model::build("kane_mele", {{"t", 1}, {"so", 0.1}, {"rashba", 0.2}, {"mass", 0}});
  auto interleaved = written(model, "km");
  ASSERT_EQ(interleaved.spin_order, "interleaved");
  // Orbital 2i + s of the file becomes i + 4s.
  std::istringstream lines(read(interleaved.hr));
  std::string text;
  std::string line;
  for (int i = 0; std::getline(lines, line); ++i) {
    std::istringstream words(line);
    int r1 = 0, r2 = 0, r3 = 0, m = 0, n = 0;
    std::string re, im;
    if (i > 3 && words >> r1 >> r2 >> r3 >> m >> n >> re >> im) {
      const auto block = [](int o) { return (o - 1) / 2 + 4 * ((o - 1) % 2) + 1; };
      line = fmt::format("{} {} {} {} {} {} {}", r1, r2, r3, block(m), block(n), re, im);
    }
    text += line + "\n";
  }
  auto blocks = interleaved;
  blocks.hr = write("blocks_hr.dat", text);
  std::string centres = "8\ncomment\n";
  for (int s = 0; s < 2; ++s) {
    for (const auto& site : model.sites) {
      centres += fmt::format("X {} {} 0\n", site.position[0], site.position[1]);
    }
  }
  blocks.centres = write("blocks_centres.xyz", centres);
  blocks.spin_order = "blocks";
  const auto a = model::wannier90_model(interleaved, 2);
  const auto b = model::wannier90_model(blocks, 2);
  EXPECT_EQ(linalg::max_norm(a.onsite - b.onsite), 0.0);
  ASSERT_EQ(a.hoppings.size(), b.hoppings.size());
  for (std::size_t i = 0; i < a.hoppings.size(); ++i) {
    EXPECT_EQ(linalg::max_norm(a.hoppings[i].matrix - b.hoppings[i].matrix), 0.0);
  }
  ASSERT_EQ(b.spin.size(), 3U);
  EXPECT_EQ(linalg::max_norm(a.spin[1] - b.spin[1]), 0.0);
  EXPECT_EQ(b.sites.size(), 4U);
}

// An element of S^H S must not care who wrote the model: the same sample in a tilted field, with a Zeeman
// term, from the library and from files. In physical units, so that angstrom, nm and T are in it too.
TEST_F(Wannier, ASampleInAFieldScattersAsTheLibraryModel) {
  const auto body = [](const std::string& model, const std::string& lattice) {
    return "sample:\n  model: {" + model + lattice +
           "}\n  shape: {axis: x, length: 5, width: 4}\n  disorder: [{kind: anderson, width: 1}]\n"
           "field: {magnitude: 700, angle: 50, azimuth: 90, g_factor: 3}\nenergy: 0.9\n";
  };
  const auto own = deck::parse_deck(
      body("name: kane_mele, t: 1, so: 0.1, rashba: 0.2", ", lattice_constant: 0.5"), "deck.yaml");
  (void)model::write_wannier90(sample::device_model(own), 0.1 / 0.5, path("km"));
  const auto copy = deck::parse_deck(
      body("name: wannier90, dimension: 2, file: km_hr.dat, win: km.win, centres: km_centres.xyz, "
           "spin_order: interleaved",
           ""),
      path("deck.yaml"));
  const sample::Sample a(own);
  const sample::Sample b(copy);
  const auto s = test::solve_point(a, 700, 50, 0.9, coherent::SolverKind::dense);
  const auto t = test::solve_point(b, 700, 50, 0.9, coherent::SolverKind::dense);
  ASSERT_EQ(s.n_modes, t.n_modes);
  ASSERT_GT(s.n_modes[0], 2);
  // The field matters here.
  const auto flat = test::solve_point(a, 0, 50, 0.9, coherent::SolverKind::dense);
  EXPECT_GT(std::abs(flat.transmission[2] - s.transmission[2]), 1e-3);
  for (std::size_t i = 0; i < s.transmission.size(); ++i) {
    EXPECT_NEAR(s.transmission[i], t.transmission[i], 1e-9);
  }
}

// A lattice of any angles: the triangular lattice in its oblique cell has
// E = -2t [cos k1 + cos k2 + cos(k1 - k2)], and a bar of it in a field is the same bar as cut from the
// rectangular cell of two sites, rows and all.
TEST_F(Wannier, ObliqueCells) {
  const auto hr = [](const std::vector<std::array<int, 5>>& bonds, std::size_t n) {
    // R1 R2 from to: <to, R|H|from, 0> = -1.
    std::map<std::array<int, 2>, Matrix> h;
    h[{0, 0}] = Matrix(n, n);
    for (const auto& [r1, r2, from, to, unused] : bonds) {
      for (const int sign : {1, -1}) {
        auto& block = h.try_emplace({sign * r1, sign * r2}, Matrix(n, n)).first->second;
        const auto m = static_cast<std::size_t>(sign > 0 ? from : to);
        const auto other = static_cast<std::size_t>(sign > 0 ? to : from);
        block(m, other) = -1.0;
      }
    }
    std::string text = fmt::format("triangular\n{}\n{}\n", n, h.size());
    for (std::size_t i = 0; i < h.size(); ++i) text += " 1";
    for (const auto& [r, block] : h) {
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < n; ++i) {
          text += fmt::format("\n{} {} 0 {} {} {} 0", r[0], r[1], i + 1, j + 1, block(i, j).real());
        }
      }
    }
    return text + "\n";
  };
  const double s = std::sqrt(3.0);
  write("oblique_hr.dat", hr({{1, 0, 0, 0}, {0, 1, 0, 0}, {1, -1, 0, 0}}, 1));
  write(
      "rectangle_hr.dat",
      hr({{1, 0, 0, 0}, {1, 0, 1, 1}, {0, 0, 0, 1}, {1, 0, 1, 0}, {0, 1, 1, 0}, {1, 1, 1, 0}}, 2));
  write("rectangle.xyz", fmt::format("2\n\nX 0 0 0\nX 0.5 {} 0\n", s / 2));
  const auto deck_of = [&](const std::string& files, const std::string& shape) {
    return deck::parse_deck("units: lattice\nsample: {model: {name: wannier90, dimension: 2, " +
                                files + "}, shape: " + shape +
                                "}\nfield: {magnitude: 0.3, angle: "
                                "90, azimuth: 90}\nenergy: -3.1\n",
                            path("deck.yaml"));
  };
  const auto oblique =
      deck_of(fmt::format("file: oblique_hr.dat, cell: [1, 0, 0, 0.5, {}, 0, 0, 0, 1]", s / 2),
              "{axis: x, length: 7, width: 6}");
  const auto rectangle = deck_of(
      fmt::format(
          "file: rectangle_hr.dat, centres: rectangle.xyz, cell: [1, 0, 0, 0, {}, 0, 0, 0, 1]", s),
      "{axis: x, length: 7, width: 3}");
  const auto model = sample::device_model(oblique);
  test::Draw draw(3);
  for (int i = 0; i < 10; ++i) {
    const Vector3 k = random_k(draw);
    EXPECT_NEAR(linalg::hermitian_eigenvalues(bloch_hamiltonian(model, k))[0],
                -2.0 * (std::cos(k[0]) + std::cos(k[1]) + std::cos(k[0] - k[1])), 1e-13);
  }
  // Six rows of atoms either way, clean: the number of open modes in the field, and all pass.
  const auto a =
      test::solve_point(sample::Sample(oblique), 0.3, 90, -3.1, coherent::SolverKind::dense);
  const auto b =
      test::solve_point(sample::Sample(rectangle), 0.3, 90, -3.1, coherent::SolverKind::dense);
  ASSERT_GT(a.n_modes[0], 0);
  EXPECT_EQ(a.n_modes, b.n_modes);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(a.transmission[i], b.transmission[i], 1e-9);
  EXPECT_NEAR(a.transmission[2], a.n_modes[0], 1e-9);

  for (const char* shape :
       {"{kind: hall_bar, length: 12, width: 4, arm_width: 2, arm_length: 2, arm_distance: 6}",
        "{kind: cross, length: 12, width: 4, arm_width: 2, arm_length: 2}"}) {
    const auto refused = deck_of(
        fmt::format("file: oblique_hr.dat, cell: [1, 0, 0, 0.5, {}, 0, 0, 0, 1]", s / 2), shape);
    EXPECT_THROW(sample::Sample{refused}, Error) << shape;
  }
  const auto torus =
      deck_of(fmt::format("file: oblique_hr.dat, cell: [1, 0, 0, 0.5, {}, 0, 0, 0, 1]", s / 2),
              "{axis: x, length: 7, width: 6, boundary: periodic}");
  EXPECT_THROW(sample::Sample{torus}, Error);
}

}  // namespace
}  // namespace edotb
