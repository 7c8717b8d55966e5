// Samples of every shape, with leads in several directions in one field. Oracles: the same systems as
// Kwant assembled them (with their disorder taken off), sum rules and symmetries of the S-matrix, the
// quantum Hall effect, and traces of a dense Green's function.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace edotb {
namespace {

using coherent::Scattering;
using coherent::SolverKind;
using linalg::Complex;
using linalg::Matrix;

Scattering solve(const sample::Sample& sample, const sample::Field& field, double energy) {
  const sample::Device& device = *sample.device();
  const auto leads = lead::solve_leads(device.leads(field), energy);
  coherent::Engine engine(device.layout(), SolverKind::dense);
  return engine.solve(device.hamiltonian(field), leads, energy);
}

void expect_equal(const Scattering& a, const Scattering& b, const std::string& name,
                  double tolerance = 1e-9) {
  ASSERT_EQ(a.n_modes, b.n_modes) << name;
  for (std::size_t i = 0; i < a.transmission.size(); ++i) {
    EXPECT_NEAR(a.transmission[i], b.transmission[i], tolerance) << name << ", entry " << i;
  }
}

/// A system of Kwant's, as it would be without disorder and with deck values.
struct KwantCase {
  std::string name;
  std::string body;              ///< the deck
  std::vector<double> onsite;    ///< of the orbitals of a site, in Kwant's system
  std::vector<double> energies;  ///< of Kwant's system
  double energy_shift = 0.0;     ///< of the deck's energies
  bool without_flux = false;     ///< its flux sits in a branch cut, which a field cannot make
  std::size_t n_lead_sites = 0;  ///< sites of the leads that the deck counts to the device
};

class KwantGeometry : public testing::TestWithParam<KwantCase> {};

TEST_P(KwantGeometry, TheDeckIsTheSameSystem) {
  const KwantCase& given = GetParam();
  auto system = sample::read_system_file(test::reference_path("systems/" + given.name + ".h5"));
  const auto& pattern = *system.layout.pattern;
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      Complex& value = system.hamiltonian[static_cast<std::size_t>(k)];
      if (pattern.columns[static_cast<std::size_t>(k)] == static_cast<std::int64_t>(row)) {
        value = given.onsite[row % given.onsite.size()];
      } else if (given.without_flux) {
        value = -std::abs(value);
      }
    }
  }
  const auto deck = test::lattice_deck(given.body);
  const sample::Sample sample(deck);
  ASSERT_EQ(sample.layout().n_orbitals(), system.layout.n_orbitals() + given.n_lead_sites);
  for (const double energy : given.energies) {
    std::vector<lead::LeadSolution> leads;
    for (const auto& cell : system.leads) leads.push_back(lead::solve_lead(cell, energy));
    coherent::Engine engine(system.layout, SolverKind::dense);
    const auto expected = engine.solve(system.hamiltonian, leads, energy);
    const auto found = test::solve_point(sample, deck.field.magnitude[0], deck.field.angle[0],
                                         energy + given.energy_shift, SolverKind::multifrontal);
    expect_equal(found, expected, given.name);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kwant, KwantGeometry,
    testing::Values(
        KwantCase{"hall_bar",
                  "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: hall_bar,"
                  " length: 40, width: 12, arm_width: 6, arm_distance: 18}}\n"
                  "field: {magnitude: 0.175, angle: 90, azimuth: -90}\n",
                  {4.0},
                  {0.6, 0.7, 1.3},
                  -4.0},
        KwantCase{"corbino",
                  "sample: {model: {name: simple_metal}, shape: {kind: corbino, axis: z,"
                  " thickness: 3, inner_radius: 2, outer_radius: 4.1, contact_width: 1.9}}\n"
                  "field: {magnitude: 0.2, angle: 180}\n",
                  {6.0},
                  {2.0, 3.5},
                  -6.0},
        KwantCase{"ring",
                  "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: ring,"
                  " inner_radius: 6.05, outer_radius: 10.85}, contacts: ["
                  "{direction: -x, centre: [0, -0.5, 0], size: [0, 4, 0]},"
                  "{direction: +x, centre: [0, -0.5, 0], size: [0, 4, 0]}]}\n",
                  {4.0},
                  {0.4, 0.9},
                  -4.0,
                  true},
        KwantCase{"weyl_tilted",
                  "sample: {model: {name: dirac_weyl, t: -1, v: 1, m: 2, b: 1.2},"
                  " shape: {axis: z, length: 10, width: 6, thickness: 6}}\n"
                  "field: {magnitude: 0.3201562118716424, angle: 20.43836012,"
                  " azimuth: 26.565051177}\n",
                  {3.2, 0.8, -0.8, -3.2},
                  {0.05, 0.3, 0.7}},
        KwantCase{"graphene",
                  "sample: {model: {name: graphene}, shape: {kind: composite, parts: ["
                  "{form: box, from: [-0.6, -4.7, 0], to: [16.1, 5, 0]}]},"
                  " contacts: [{direction: -x}, {direction: +x}]}\n"
                  "field: {magnitude: 0.1, angle: 90, azimuth: 90}\n",
                  {0.0},
                  {0.15, 0.5},
                  0.0,
                  false,
                  23},
        KwantCase{"qsh",
                  "sample: {model: {name: formula, dimension: 2, spin: s, formula:"
                  " (2.6 - 1.6*cos(kx) - 1.6*cos(ky))*tau_z + sin(kx)*tau_x*s_z + sin(ky)*tau_y},"
                  " shape: {length: 20, width: 12}}\n",
                  {2.6, -2.6},
                  {0.05, 0.4}}),
    [](const auto& given) { return given.param.name; });

// ---------------------------------------------------------------------------------------------------

/// A sample drawn at random: a block with a hole, a notch or an arm, contacts of random size in three
/// to four random directions, a random model.
struct RandomSample {
  test::Draw draw;
  bool is_planar = false;
  bool has_time_reversal = false;
  std::string model;
  std::array<int, 3> size{};

  explicit RandomSample(int seed) : draw(static_cast<std::uint64_t>(seed)) {
    const std::array<std::string, 4> models = {
        "{name: simple_metal, dimension: 2}", "{name: simple_metal}", "{name: rashba, rashba: 0.3}",
        "{name: dirac_weyl, v: 0.7, m: 2.2, b: 0.6}"};
    const auto which = static_cast<std::size_t>(seed) % models.size();
    model = models[which];
    is_planar = which == 0 || which == 2;
    has_time_reversal = which != 3;
    size = {pick(5, 7), pick(4, 6), is_planar ? 1 : pick(2, 3)};
  }

  int pick(int low, int high) {
    return low + static_cast<int>(0.5 * (draw.uniform() + 1.0) * (high - low + 1));
  }

  /// The deck of the sample moved by whole cells, numbered along an axis of one's choice.
  static std::string vector(const std::array<double, 3>& r) {
    return "[" + std::to_string(r[0]) + ", " + std::to_string(r[1]) + ", " + std::to_string(r[2]) +
           "]";
  }
};

struct Contact {
  std::string direction;
  std::array<double, 3> centre{};
  std::array<double, 3> size{};
};

struct Drawn {
  std::string model;
  std::array<int, 3> size{};
  std::array<double, 3> notch{};
  std::vector<Contact> contacts;
  bool has_time_reversal = false;
  Vector3 b{};

  [[nodiscard]] std::string deck(char axis, const std::array<int, 3>& shift) const {
    const auto moved = [&](std::array<double, 3> r) {
      for (std::size_t i = 0; i < 3; ++i) r[i] += shift[i];
      return RandomSample::vector(r);
    };
    std::string text = "sample:\n  model: " + model + "\n  shape: {kind: composite, axis: " + axis +
                       ", parts: [{form: box, from: " + moved({0, 0, 0}) +
                       ", to: " + moved({size[0] - 1.0, size[1] - 1.0, size[2] - 1.0}) +
                       "}, {form: box, operation: subtract, from: " + moved(notch) +
                       ", to: " + moved({notch[0] + 1, notch[1], notch[2] + 4}) +
                       "}]}\n  contacts:\n";
    for (const auto& contact : contacts) {
      text += "    - {direction: " + contact.direction + ", centre: " + moved(contact.centre) +
              ", size: " + RandomSample::vector(contact.size) + "}\n";
    }
    return text;
  }
};

Drawn draw_sample(int seed) {
  RandomSample random(seed);
  Drawn drawn;
  drawn.model = random.model;
  drawn.size = random.size;
  drawn.has_time_reversal = random.has_time_reversal;
  drawn.notch = {static_cast<double>(random.pick(1, random.size[0] - 3)),
                 static_cast<double>(random.pick(1, random.size[1] - 1)), 0.0};
  drawn.b = {0.4 * random.draw.uniform(), 0.4 * random.draw.uniform(), 0.4 * random.draw.uniform()};
  std::vector<std::string> directions = {"-x", "+x", "+y", "-y"};
  if (!random.is_planar) directions.insert(directions.end(), {"+z", "-z"});
  const int n_contacts = random.pick(3, 4);
  for (int k = 0; k < n_contacts; ++k) {
    const auto place =
        static_cast<std::size_t>(random.pick(0, static_cast<int>(directions.size()) - 1));
    Contact contact{directions[place], {}, {}};
    directions.erase(directions.begin() + static_cast<std::ptrdiff_t>(place));
    // A patch of two or three cells, or the whole face.
    if (random.pick(0, 2) > 0) {
      for (std::size_t i = 0; i < 3; ++i) {
        contact.centre[i] = random.pick(0, random.size[i] - 1);
        contact.size[i] = random.pick(3, 4);
      }
    }
    drawn.contacts.push_back(contact);
  }
  return drawn;
}

constexpr double random_energy = 0.413;

// 100 samples: T does not change when the origin of the gauge moves, nor with the axis whose gauge the
// device takes: all joints between leads in different directions are exact (physics notes §1). S is
// unitary, sum_q G_pq = N_p, and G_pq(B) = G_qp(-B) where B alone breaks time reversal (Buttiker 1988).
TEST(RandomSamples, GaugesUnitarityAndOnsager) {
  int n_modes = 0;
  for (int seed = 0; seed < 100; ++seed) {
    const Drawn drawn = draw_sample(seed);
    const std::string name = "seed " + std::to_string(seed);
    const sample::Field field{drawn.b, {}};
    const sample::Sample sample(test::lattice_deck(drawn.deck('x', {0, 0, 0})));
    const auto result = solve(sample, field, random_energy);
    EXPECT_LT(result.unitarity_error, 1e-10) << name;
    const std::size_t n = result.n_modes.size();
    for (std::size_t p = 0; p < n; ++p) {
      double sum = 0.0;
      for (std::size_t q = 0; q < n; ++q) sum += result.transmission[p * n + q];
      EXPECT_NEAR(sum, static_cast<double>(result.n_modes[p]), 1e-9) << name;
      n_modes += static_cast<int>(result.n_modes[p]);
    }
    const sample::Sample moved(test::lattice_deck(drawn.deck('x', {3, -2, 0})));
    expect_equal(solve(moved, field, random_energy), result, name + ", moved");
    for (const char axis : {'y', 'z'}) {
      const sample::Sample turned(test::lattice_deck(drawn.deck(axis, {0, 0, 0})));
      expect_equal(solve(turned, field, random_energy), result, name + ", axis " + axis);
    }
    if (!drawn.has_time_reversal) continue;
    const auto reversed = solve(sample, {-1.0 * drawn.b, {}}, random_energy);
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = 0; q < n; ++q) {
        EXPECT_NEAR(reversed.transmission[p * n + q], result.transmission[q * n + p], 1e-9) << name;
      }
    }
  }
  EXPECT_GT(n_modes, 300);  // the draws are no empty leads
}

// A ring one site wide in a uniform field: its leads and plaquettes enclose nothing, so G has the period
// h/e of the ring's area exactly, and with two leads it is even in B.
TEST(Shapes, AharonovBohmPeriod) {
  const sample::Sample ring(test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: composite, parts: ["
      "{form: box, from: [0, 0, 0], to: [8, 6, 0]},"
      "{form: box, operation: subtract, from: [1, 1, 0], to: [7, 5, 0]}]},"
      " contacts: [{direction: -x, centre: [0, 2, 0], size: [0, 1, 0]},"
      " {direction: +x, centre: [0, 4, 0], size: [0, 1, 0]}]}\n"));
  const double area = 48.0;
  const auto conductance = [&](double flux) {
    return solve(ring, {{0, 0, flux / area}, {}}, 0.37).transmission[2];
  };
  const double period = 2.0 * constants::pi;
  EXPECT_GT(std::abs(conductance(0.0) - conductance(0.5 * period)), 0.1);
  for (const double flux : {0.0, 0.7, 2.0}) {
    EXPECT_NEAR(conductance(flux + period), conductance(flux), 1e-10);
    EXPECT_NEAR(conductance(-flux), conductance(flux), 1e-10);
  }
}

/// Voltages of the terminals for a current 1 from terminal 0 to terminal 1, which is grounded [h/e^2].
std::vector<double> voltages(const Scattering& result) {
  const std::size_t n = result.n_modes.size();
  Matrix g(n - 1, n - 1);
  const auto skip = [](std::size_t i) { return i == 0 ? 0 : i + 1; };
  for (std::size_t i = 0; i + 1 < n; ++i) {
    for (std::size_t j = 0; j + 1 < n; ++j) {
      const std::size_t p = skip(i);
      const std::size_t q = skip(j);
      g(i, j) =
          (p == q ? static_cast<double>(result.n_modes[p]) : 0.0) - result.transmission[p * n + q];
    }
  }
  Matrix current(n - 1, 1);
  current(0, 0) = 1.0;
  const Matrix v = linalg::solve(g, current);
  std::vector<double> all(n, 0.0);
  for (std::size_t i = 0; i + 1 < n; ++i) all[skip(i)] = v(i, 0).real();
  return all;
}

// phi = 0.2 rad per plaquette, E = -3.25, W = 40: two Landau levels, R_xy = h/2e^2 and R_xx = 0 to 1e-4
// (physics notes §2), with six terminals, with eight, and with arms that stand out.
TEST(Shapes, QuantumHallBar) {
  for (const std::string more :
       {"length: 70, arm_distance: 40", "length: 90, arm_distance: 60, terminals: 8",
        "length: 70, arm_distance: 40, arm_length: 6"}) {
    const auto deck = test::lattice_deck(
        "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: hall_bar, width: 40,"
        " arm_width: 20, " +
        more + "}}\nfield: {magnitude: 0.2, angle: 90, azimuth: 90}\n");
    const sample::Sample sample(deck);
    const auto result = test::solve_point(sample, 0.2, 90.0, -3.25, SolverKind::multifrontal);
    const auto v = voltages(result);
    const std::size_t n_pairs = (result.n_modes.size() - 2) / 2;
    EXPECT_NEAR(v[2] - v[1 + n_pairs], 0.0, 1e-4) << more;
    EXPECT_NEAR(std::abs(v[2] - v[2 + n_pairs]), 0.5, 1e-4) << more;
  }
}

// In the plateau nothing reaches the rim of a disc: its middle has no edge to it.
TEST(Shapes, CorbinoDiscInThePlateau) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, leads: {kind: wide_band, broadening: 2},"
      " shape: {kind: corbino, axis: z, inner_radius: 6, outer_radius: 36, contact_width: 3}}\n");
  const sample::Sample sample(deck);
  ASSERT_EQ(sample.layout().n_leads(), 2U);
  const auto conductance = [&](double magnitude) {
    return test::solve_point(sample, magnitude, 0.0, -3.4, SolverKind::multifrontal)
        .transmission[2];
  };
  EXPECT_GT(conductance(0.0), 1.0);
  EXPECT_LT(conductance(0.3), 1e-3);
}

// Metals on chosen sites: T_pq = Tr Gamma_p G Gamma_q G^H (Fisher and Lee 1981) with G from a dense
// inverse; a chain has Sigma = t^2 g, a wide-band metal -i Gamma/2.
TEST(Shapes, MetalContactsAgainstTheDenseTrace) {
  for (const std::string kind : {"wide_band", "chains"}) {
    const auto deck = test::lattice_deck(
        "sample: {model: {name: rashba, rashba: 0.3}, leads: {" +
        std::string(kind == "chains" ? "hopping: 0.9" : "broadening: 0.7") +
        "},"
        " shape: {length: 6, width: 5}, contacts: [{direction: +z, radius: 1.2, kind: " +
        kind + "}, {direction: -x, size: [0, 2, 0], kind: " + kind + "}, {direction: +x}]}\n");
    const sample::Sample sample(deck);
    const sample::Device& device = *sample.device();
    const sample::Field field{{0.1, 0.05, 0.2}, {0.1, 0.0, 0.05}};
    constexpr double energy = -1.3;
    const auto result = solve(sample, field, energy);
    const auto leads = lead::solve_leads(device.leads(field), energy);
    const auto& layout = device.layout();
    const std::size_t n = layout.n_orbitals();
    Matrix a = Complex(-1.0) * linalg::to_dense({layout.pattern, device.hamiltonian(field)});
    for (std::size_t i = 0; i < n; ++i) a(i, i) += energy;
    std::vector<Matrix> gamma(leads.size(), Matrix(n, n));
    for (std::size_t k = 0; k < leads.size(); ++k) {
      const auto& interface = layout.interfaces[k];
      for (std::size_t i = 0; i < interface.size(); ++i) {
        for (std::size_t j = 0; j < interface.size(); ++j) {
          const auto row = static_cast<std::size_t>(interface[i]);
          const auto column = static_cast<std::size_t>(interface[j]);
          Complex sigma = leads[k].self_energy(i, j);
          Complex sigma_adjoint = std::conj(leads[k].self_energy(j, i));
          if (k < 2) {
            // Not through the lead's code: t^2 g of a half-infinite chain, or the constant.
            const double x = energy / (2.0 * 0.9);
            const Complex chain(0.9 * x, -0.9 * std::sqrt(1.0 - x * x));
            sigma = i == j ? (kind == "chains" ? chain : Complex(0.0, -0.35)) : Complex(0.0);
            sigma_adjoint = std::conj(sigma);
          }
          a(row, column) -= sigma;
          gamma[k](row, column) = Complex(0.0, 1.0) * (sigma - sigma_adjoint);
        }
      }
    }
    const Matrix green = linalg::solve(a, Matrix::identity(n));
    for (std::size_t p = 0; p < leads.size(); ++p) {
      for (std::size_t q = 0; q < leads.size(); ++q) {
        if (p == q) continue;
        const Matrix product = gamma[p] * green * linalg::times_adjoint(gamma[q], green);
        Complex trace = 0.0;
        for (std::size_t i = 0; i < n; ++i) trace += product(i, i);
        EXPECT_NEAR(result.transmission[p * leads.size() + q], trace.real(), 1e-10) << kind;
      }
    }
  }
}

// A field that is in the device alone and rises smoothly needs arms as long as its ramp; the ends of
// solenoids are the same for leads of all directions, so Onsager's relation holds.
TEST(Shapes, RampedFieldInAHallBar) {
  const std::string body =
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: hall_bar, length: 30,"
      " width: 8, arm_width: 5, arm_distance: 14, arm_length: ";
  const std::string field =
      "}}\nfield: {magnitude: 0.2, angle: 90, azimuth: 90, where: device, ramp: 4}\n";
  const sample::Sample sample(test::lattice_deck(body + "6" + field));
  const auto plus = test::solve_point(sample, 0.2, 90.0, -2.6, SolverKind::dense);
  const auto minus = test::solve_point(sample, -0.2, 90.0, -2.6, SolverKind::dense);
  EXPECT_LT(plus.unitarity_error, 1e-11);
  const std::size_t n = plus.n_modes.size();
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      EXPECT_NEAR(plus.transmission[p * n + q], minus.transmission[q * n + p], 1e-10);
    }
  }
  EXPECT_THROW(sample::Sample(test::lattice_deck(body + "2" + field)), Error);
}

// A lead along a diagonal of the lattice: in a square lattice turned by 45 degrees the ideal wire
// transmits every mode, with and without a field.
TEST(Shapes, LeadsAlongADiagonalAreReflectionless) {
  const sample::Sample sample(test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {kind: composite, parts: ["
      "{form: polygon, points: [[-6, -2], [2, 6], [6, 2], [-2, -6]]}]},"
      " contacts: [{direction: \"1 1 0\"}, {direction: \"-1 -1 0\"}]}\n"));
  for (const double magnitude : {0.0, 0.15}) {
    const auto result = solve(sample, {{0.02, -0.05, magnitude}, {}}, -1.1);
    EXPECT_GT(result.n_modes[0], 2U);
    EXPECT_NEAR(result.transmission[2], static_cast<double>(result.n_modes[0]), 1e-9);
  }
}

// Region terms are on-site energies: E and every potential moved together change nothing; an exchange
// field is a Zeeman field.
TEST(Shapes, RegionsCarryPotentialAndExchange) {
  const std::string bar =
      "sample: {model: {name: rashba, rashba: 0.2}, shape: {length: 8, width: 5}";
  const std::string whole = ", regions: [{form: box, from: [-9, -9, -9], to: [99, 9, 9], ";
  const sample::Sample plain(test::lattice_deck(bar + "}\n"));
  const sample::Sample gated(test::lattice_deck(bar + whole + "potential: 0.4}]}\n"));
  const sample::Sample magnetic(test::lattice_deck(bar + whole + "exchange: [0.1, 0.2, 0.3]}]}\n"));
  const auto entries = [](const sample::Sample& sample, const sample::Field& field) {
    return linalg::to_dense({sample.layout().pattern, sample.device()->hamiltonian(field)});
  };
  const sample::Field field{{0, 0, 0.2}, {}};
  const std::size_t n = plain.layout().n_orbitals();
  EXPECT_LT(
      linalg::max_norm(entries(gated, field) - entries(plain, field) - 0.4 * Matrix::identity(n)),
      1e-14);
  EXPECT_LT(linalg::max_norm(entries(magnetic, field) - entries(plain, {field.b, {0.1, 0.2, 0.3}})),
            1e-14);
}

}  // namespace
}  // namespace edotb
