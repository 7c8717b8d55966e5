// Formulas against Pauli matrices put together by hand, k.p models against their own polynomial and
// published nodes, topological models against lattice Chern numbers.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/model/formula.hpp"
#include "edotb/sample/sample.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::kronecker;
using linalg::Matrix;
using model::bloch_hamiltonian;
using model::Formula;
using model::Model;
using model::Parameters;
using model::pauli;

Model library_model(const std::string& name, const std::string& parameters = "") {
  return sample::device_model(test::lattice_deck("sample: {model: {name: " + name + parameters +
                                                 "}, shape: {length: 2, width: 2}}"));
}

Vector3 random_k(test::Draw& draw) {
  return {4.0 * draw.uniform(), 4.0 * draw.uniform(), 4.0 * draw.uniform()};
}

TEST(Formula, IsTheMatrixThatItSays) {
  const auto& s = pauli();
  struct Case {
    std::string text;
    Parameters parameters;
    std::function<Matrix(const Vector3&)> expected;
  };
  const std::vector<Case> cases = {
      {"t*sin(kx)*sigma_x + t*sin(ky)*sigma_y + (cos(kz)-cos(k0)+m*(2-cos(kx)-cos(ky)))*sigma_z",
       {{"t", 0.7}, {"m", 1.3}, {"k0", 0.9}},
       [&](const Vector3& k) {
         return 0.7 * std::sin(k[0]) * s[1] + 0.7 * std::sin(k[1]) * s[2] +
                (std::cos(k[2]) - std::cos(0.9) + 1.3 * (2.0 - std::cos(k[0]) - std::cos(k[1]))) *
                    s[3];
       }},
      // Different letters multiply as tensors, in the order rho tau sigma s, however they are written.
      {"sigma_x*tau_y*sin(kx) + rho_z*sigma_0",
       {},
       [&](const Vector3& k) {
         return std::sin(k[0]) * kronecker(s[0], kronecker(s[2], s[1])) +
                kronecker(s[3], kronecker(s[0], s[0]));
       }},
      // The same letter multiplies as matrices: i sx sy = -sz.
      {"i*sigma_x*sigma_y*cos(2*kx - ky + 0.3) - -0.5",
       {},
       [&](const Vector3& k) {
         return -std::cos(2.0 * k[0] - k[1] + 0.3) * s[3] + Complex(0.5) * s[0];
       }},
      {"2^3*cos(kx)^2 + sqrt(4)*sin(pi/2)/4",
       {},
       [&](const Vector3& k) {
         return Complex(8.0 * std::cos(k[0]) * std::cos(k[0]) + 0.5) * Matrix::identity(1);
       }},
      {"(1+0.5i)*exp(1i*kx)*s_0 + (1-0.5j)*exp(-1j*kx) + 1e-1*s_y",
       {},
       [&](const Vector3& k) {
         return Complex(2.0 * std::cos(k[0]) - std::sin(k[0])) * s[0] + Complex(0.1) * s[2];
       }},
      {"((kx_ + 1))**2*cos(kz)", {{"kx_", 0.5}}, [&](const Vector3& k) {
         return Complex(2.25 * std::cos(k[2])) * Matrix::identity(1);
       }}};
  test::Draw draw(3);
  for (const Case& given : cases) {
    const Model model = model::lattice_model({given.text, given.parameters});
    for (int repeat = 0; repeat < 10; ++repeat) {
      const Vector3 k = random_k(draw);
      EXPECT_LT(linalg::max_norm(bloch_hamiltonian(model, k) - given.expected(k)), 1e-14)
          << given.text;
    }
  }
}

TEST(Formula, SpinIsTheLetterOfOnesChoice) {
  const std::string text = "cos(kx)*tau_z + sin(kx)*tau_x*s_z";
  EXPECT_TRUE(model::lattice_model({text, {}}).spin.empty());
  const Model model = model::lattice_model({.text = text, .parameters = {}, .spin = "s"});
  ASSERT_EQ(model.spin.size(), 3U);
  for (std::size_t a = 0; a < 3; ++a) {
    EXPECT_EQ(linalg::max_norm(model.spin[a] - kronecker(pauli()[0], pauli()[a + 1])), 0.0);
  }
}

TEST(Formula, ErrorsShowThePlace) {
  const auto repeated = [](const std::string& text, int n) {
    std::string result;
    for (int i = 0; i < n; ++i) result += text;
    return result;
  };
  const std::string all_pauli =
      "((1+s_x+s_y+s_z)*(1+tau_x+tau_y+tau_z)*(1+rho_x+rho_y+rho_z)*(1+sigma_x+sigma_y+sigma_z))";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"t*sin(kx",
       "expected ) for the ( at character 6, at character 9:\n    t*sin(kx\n            ^"},
      {"cos(kx) sigma_z", "expected an operator"},
      {"cos(kx)*", "the formula ends where"},
      {"cos(kx) + foo", "'foo' is neither a parameter"},
      {"sin(0.5*kx)", "whole multiples"},
      {"sin(kx*ky)", "whole multiples"},
      {"sin(sigma_x)", "whole multiples"},
      {"sin(100*kx)", "whole multiples"},
      {"sqrt(kx)", "sqrt takes a number"},
      {"cos kx", "expected ( after cos"},
      {"1/cos(kx)", "can divide"},
      {"1/(1-1)", "division by zero"},
      {"cos(kx)^-1", "whole power"},
      {"cos(kx)^1.5", "whole power"},
      {"cos(kx)^2^2", "a power of a power needs parentheses, at character 10"},
      {"cos(kx)^99", "whole power"},
      {"kx*sigma_x", "continuum"},
      {"i*sin(kx)", "not Hermitian"},
      {"sigma_x*sigma_y", "which is not real"},
      {"exp(i*kx)", "not Hermitian"},
      {"1e308*cos(kx)*1e308", "infinite"},
      {"cos(kx)\x01", "plain characters"},
      {"2*cos(kx)*\xcf\x83_z\xe2\x88\x92"
       "1",
       "at character 11:\n    2*cos(kx)*?_z?1\n              ^"},
      {"((((cos(kx)+cos(ky)+cos(kz)+1)^16+1)^16+1)^16+1)^16", "terms"},
      {"(cos(kx)^16)^16", "64 cells"},
      {std::string(500, '('), "nested"},
      {"1+" + all_pauli + "^16" + repeated("*(" + all_pauli + "^2)", 100), "products of terms"},
      {all_pauli + repeated("/1", 9000), "products of terms"}};
  for (const auto& [text, expected] : cases) {
    try {
      (void)model::lattice_model({text, {{"t", 1.0}}});
      ADD_FAILURE() << text << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      EXPECT_NE(std::string(error.what()).find(expected), std::string::npos)
          << text << ": " << error.what();
    }
  }
}

TEST(Formula, NamesTheParametersThatItDoesNotUse) {
  const Parameters parameters = {{"t", 1.0}, {"delta", 0.2}, {"k", 3.0}};
  EXPECT_EQ(model::unused_parameters({"t*cos(kx) + delta*0", parameters}),
            std::vector<std::string>{"k"});
}

// The known difference formulas, and convergence of order a^2 to the polynomial.
TEST(Continuum, DifferenceFormulas) {
  constexpr double a = 0.4;
  const std::vector<std::pair<std::string, std::function<double(const Vector3&)>>> cases = {
      {"kx", [](const Vector3& k) { return std::sin(k[0]) / a; }},
      {"kx^2", [](const Vector3& k) { return (2.0 - 2.0 * std::cos(k[0])) / (a * a); }},
      {"kx*ky", [](const Vector3& k) { return std::sin(k[0]) * std::sin(k[1]) / (a * a); }},
      {"kx^3 - 3*kx*ky^2", [](const Vector3& k) {
         const auto square = [](double x) { return (2.0 - 2.0 * std::cos(x)) / (a * a); };
         return std::sin(k[0]) / a * (square(k[0]) - 3.0 * square(k[1]));
       }}};
  test::Draw draw(4);
  for (const auto& [text, expected] : cases) {
    const Model model = model::continuum_model({text, {}}, a);
    for (int repeat = 0; repeat < 5; ++repeat) {
      const Vector3 k = random_k(draw);
      EXPECT_NEAR(bloch_hamiltonian(model, k)(0, 0).real(), expected(k), 1e-11) << text;
    }
  }
  const std::string text = "kx^4 + kx^2*ky - 2*kz*ky + kz^3*kx";
  const Vector3 k = {0.5, -0.3, 0.7};
  const double exact = std::pow(0.5, 4) - 0.25 * 0.3 + 2.0 * 0.7 * 0.3 + std::pow(0.7, 3) * 0.5;
  const auto error = [&](double spacing) {
    const Model model = model::continuum_model({text, {}}, spacing);
    return std::abs(bloch_hamiltonian(model, spacing * k)(0, 0).real() - exact);
  };
  EXPECT_NEAR(error(0.1) / error(0.05), 4.0, 0.02);
  EXPECT_THROW((void)model::continuum_model({"sin(kx)", {}}, a), Error);
  EXPECT_THROW((void)model::continuum_model({"kx^5*ky^5", {}}, a), Error);
}

/// The k_z > 0, in 1/nm, where the middle bands of a Dirac semimetal touch on the axis.
double node_on_axis(const Model& model, double a) {
  const auto mass = [&](double k) {
    const Matrix h = bloch_hamiltonian(model, {0.0, 0.0, k * a});
    return (h(0, 0) - h(2, 2)).real();  // tau = +, - at equal sigma
  };
  double low = 0.0;
  double high = 1.5;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (mass(low) * mass(middle) <= 0.0 ? high : low) = middle;
  }
  return low;
}

// Na3Bi: nodes at +-.0903 1/Angstrom, v_parallel = 3.74e5, v_z = 2.92e5 m/s; Cd3As2: .0330 1/Angstrom
// (physics notes §8, from Wang et al. 2012, 2013), on a fine lattice.
TEST(Continuum, NodesOfDiracSemimetals) {
  constexpr double a = 0.1;
  constexpr double velocity = 1e-9 / 6.582119569e-16;  // m/s per eV nm
  const Model na3bi = model::build("na3bi", {{"c0", -.06382},
                                             {"c1", .087536},
                                             {"c2", -.084008},
                                             {"m0", -.08686},
                                             {"m1", -.106424},
                                             {"m2", -.10361},
                                             {"a", .24598},
                                             {"lattice_constant", a}});
  const double k0 = node_on_axis(na3bi, a);
  EXPECT_NEAR(0.1 * k0, 0.0903, 1e-4);
  const auto split = [&](const Vector3& dk) {
    const Vector3 k = {a * dk[0], a * dk[1], a * (k0 + dk[2])};
    const auto e = linalg::hermitian_eigenvalues(bloch_hamiltonian(na3bi, k));
    return 0.5 * (e[3] - e[0]);
  };
  constexpr double dk = 1e-4;
  EXPECT_NEAR(velocity * split({dk, 0, 0}) / dk, 3.74e5, 0.01e5);
  EXPECT_NEAR(velocity * split({0, 0, dk}) / dk, 2.92e5, 0.01e5);
  const Model cd3as2 = model::build("cd3as2", {{"c0", -.0145},
                                               {"c1", .1059},
                                               {"c2", .115},
                                               {"m0", .0205},
                                               {"m1", -.1877},
                                               {"m2", -.135},
                                               {"a", .0889},
                                               {"lattice_constant", a}});
  EXPECT_NEAR(0.1 * node_on_axis(cd3as2, a), 0.0330, 1e-4);
}

/// The Chern number of the lower half of the bands of a planar model; of the spin-up part where there is a
/// conserved spin. Fukui, Hatsugai and Suzuki, J. Phys. Soc. Jpn. 74, 1674 (2005).
double chern_number(const Model& model, int spin = 0) {
  constexpr std::size_t n = 24;
  const auto occupied = [&](std::size_t i, std::size_t j) {
    const double step = 2.0 * constants::pi / n;
    Matrix h = bloch_hamiltonian(
        model, {step * static_cast<double>(i % n), step * static_cast<double>(j % n), 0.0});
    if (spin != 0) {
      // Orbitals alternate spin up and down.
      Matrix part(h.rows() / 2, h.rows() / 2);
      const std::size_t first = spin > 0 ? 0 : 1;
      for (std::size_t r = 0; r < part.rows(); ++r) {
        for (std::size_t c = 0; c < part.rows(); ++c) part(r, c) = h(2 * r + first, 2 * c + first);
      }
      h = part;
    }
    const auto states = linalg::hermitian_eigen(h).vectors;
    return linalg::block(states, 0, 0, states.rows(), states.columns() / 2);
  };
  const auto link = [](const Matrix& a, const Matrix& b) {
    const Matrix overlap = linalg::adjoint_times(a, b);
    // The determinant of a 1 x 1 or 2 x 2 matrix.
    return overlap.rows() == 1 ? overlap(0, 0)
                               : overlap(0, 0) * overlap(1, 1) - overlap(0, 1) * overlap(1, 0);
  };
  double flux = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const Matrix a = occupied(i, j);
      const Matrix b = occupied(i + 1, j);
      const Matrix c = occupied(i + 1, j + 1);
      const Matrix d = occupied(i, j + 1);
      flux += std::arg(link(a, b) * link(b, c) * link(c, d) * link(d, a));
    }
  }
  return flux / (2.0 * constants::pi);
}

// Chern number +-1 where |mass| < 3 sqrt(3) |t2 sin phase|, else 0 (Haldane 1988).
TEST(Topology, HaldaneChernNumbers) {
  const double critical = 3.0 * std::sqrt(3.0) * 0.1;
  EXPECT_NEAR(std::abs(chern_number(library_model("haldane", ", t2: 0.1"))), 1.0, 1e-9);
  EXPECT_NEAR(chern_number(library_model("haldane", ", t2: 0.1")) +
                  chern_number(library_model("haldane", ", t2: 0.1, phase: -1.570796327")),
              0.0, 1e-9);
  const auto with_mass = [&](double factor) {
    return chern_number(
        library_model("haldane", ", t2: 0.1, mass: " + std::to_string(factor * critical)));
  };
  EXPECT_NEAR(std::abs(with_mass(0.8)), 1.0, 1e-9);
  EXPECT_NEAR(with_mass(1.2), 0.0, 1e-9);
}

// Two copies of Haldane's model, of opposite Chern numbers (Kane and Mele 2005).
TEST(Topology, KaneMeleSpinChernNumbers) {
  const Model model = library_model("kane_mele", ", so: 0.06, mass: 0.2");
  EXPECT_NEAR(std::abs(chern_number(model, 1)), 1.0, 1e-9);
  EXPECT_NEAR(chern_number(model, 1) + chern_number(model, -1), 0.0, 1e-9);
  EXPECT_NEAR(chern_number(library_model("kane_mele", ", so: 0.06, mass: 0.4"), 1), 0.0, 1e-9);
  // Time reversal: i sy H*(-k) (i sy)^-1 = H(k), Rashba term included.
  const Model rashba = library_model("kane_mele", ", so: 0.06, rashba: 0.1, mass: 0.2");
  const Matrix turn = Complex(0, 1) * kronecker(Matrix::identity(4), pauli()[2]);
  test::Draw draw(6);
  const Vector3 k = random_k(draw);
  Matrix reversed = bloch_hamiltonian(rashba, -1.0 * k);
  for (Complex& value : reversed.values()) value = std::conj(value);
  EXPECT_LT(linalg::max_norm(turn * reversed * adjoint(turn) - bloch_hamiltonian(rashba, k)),
            1e-13);
}

// Without second neighbours both are graphene.
TEST(Topology, HoneycombBandsAreThoseOfGraphene) {
  const Model graphene = library_model("graphene");
  const Model haldane = library_model("haldane", ", t2: 0");
  test::Draw draw(7);
  for (int repeat = 0; repeat < 5; ++repeat) {
    const Vector3 k = random_k(draw);
    const auto expected = linalg::hermitian_eigenvalues(bloch_hamiltonian(graphene, k));
    const auto found = linalg::hermitian_eigenvalues(bloch_hamiltonian(haldane, k));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found[i], expected[i], 1e-13);
  }
}

// At the zone centre of bhz the mass has the sign of the inverted well; the surface of bi2se3 and the well
// are tested by their edge states (test_shapes.cpp).
TEST(Continuum, ModelsAtTheZoneCentre) {
  const auto bhz =
      linalg::hermitian_eigenvalues(bloch_hamiltonian(library_model("bhz"), {0.0, 0.0, 0.0}));
  EXPECT_NEAR(bhz[3] - bhz[0], 0.02, 1e-14);
  const auto bi2se3 =
      linalg::hermitian_eigenvalues(bloch_hamiltonian(library_model("bi2se3"), {0.0, 0.0, 0.0}));
  EXPECT_NEAR(bi2se3[3] - bi2se3[0], 0.56, 1e-14);
}

}  // namespace
}  // namespace edotb
