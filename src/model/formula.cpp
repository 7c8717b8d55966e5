// H(k) = sum_R sum_P c(R, P) exp(i R.k) P  over products P of Pauli matrices: Hermitian when
// c(-R, P) = c(R, P)*, and the hopping from cell r to r + R is T_R = sum_P c(-R, P) P (model.hpp).

#include "edotb/model/formula.hpp"

#include "edotb/base/error.hpp"
#include "formula_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

namespace {

constexpr int max_degree = 6;
constexpr int max_reach = 64;

constexpr std::string_view axis_names = "xyz";

std::string wave_text(const std::array<int, 3>& wave) {
  std::string text;
  for (std::size_t i = 0; i < 3; ++i) {
    if (wave[i] == 0) continue;
    const int n = std::abs(wave[i]);
    text += fmt::format("{}{}k{}",
                        wave[i] < 0    ? "-"
                        : text.empty() ? ""
                                       : "+",
                        n == 1 ? "" : fmt::format("{} ", n), axis_names[i]);
  }
  return text.empty() ? "" : "exp(i(" + text + "))";
}

std::string pauli_text(const Monomial& monomial) {
  constexpr std::array<const char*, n_letters> names = {"rho", "tau", "sigma", "s"};
  std::string text;
  for (std::size_t i = 0; i < n_letters; ++i) {
    if (monomial.pauli[i] == 0) continue;
    text += fmt::format("{}{}_{}", text.empty() ? "" : "*", names[i],
                        axis_names[monomial.pauli[i] - 1]);
  }
  return text;
}

std::string term_text(const Monomial& monomial) {
  const std::string wave = wave_text(monomial.wave);
  const std::string pauli = pauli_text(monomial);
  if (wave.empty() && pauli.empty()) return "1";
  return wave + (wave.empty() || pauli.empty() ? "" : "*") + pauli;
}

void check_hermitian(const PauliPolynomial& h) {
  double largest = 0.0;
  for (const auto& [monomial, value] : h.terms) largest = std::max(largest, std::abs(value));
  for (const auto& [monomial, value] : h.terms) {
    Monomial opposite = monomial;
    for (int& n : opposite.wave) n = -n;
    const auto found = h.terms.find(opposite);
    const Complex other = found == h.terms.end() ? Complex(0.0) : found->second;
    if (std::abs(other - std::conj(value)) <= 1e-12 * largest) continue;
    const std::string name = term_text(monomial);
    if (opposite.wave == monomial.wave) {
      throw bad_input(fmt::format(
          "the formula is not Hermitian: the coefficient of {} is {:.6g}{:+.6g}i, which "
          "is not real",
          name, value.real(), value.imag()));
    }
    throw bad_input(fmt::format(
        "the formula is not Hermitian: the coefficient of {} is {:.6g}{:+.6g}i, and "
        "that of {} is not its conjugate but {:.6g}{:+.6g}i",
        name, value.real(), value.imag(), term_text(opposite), other.real(), other.imag()));
  }
}

void check_dimension(const PauliPolynomial& h, int dimension) {
  for (const auto& [monomial, value] : h.terms) {
    if (dimension == 2 && (monomial.wave[2] != 0 || monomial.power[2] != 0)) {
      throw bad_input("kz appears in a model of dimension 2, which lies in the xy plane");
    }
    for (const int n : monomial.wave) {
      if (std::abs(n) > max_reach) {
        throw bad_input(fmt::format("a hopping reaches over more than {} cells", max_reach));
      }
    }
  }
}

/// The product of Pauli matrices of the letters in use.
Matrix pauli_matrix(const Monomial& monomial, const std::array<bool, n_letters>& uses_letter) {
  Matrix product = Matrix::identity(1);
  for (std::size_t i = 0; i < n_letters; ++i) {
    if (!uses_letter[i]) continue;
    product = linalg::kronecker(product, pauli()[static_cast<std::size_t>(monomial.pauli[i])]);
  }
  return product;
}

Model to_model(const PauliPolynomial& h, const std::array<bool, n_letters>& uses_letter,
               const Formula& formula) {
  check_dimension(h, formula.dimension);
  check_hermitian(h);
  std::size_t n_orbitals = 1;
  for (const bool used : uses_letter) n_orbitals *= used ? 2 : 1;
  Model model;
  model.dimension = formula.dimension;
  model.sites = {{{0, 0, 0}, n_orbitals}};
  model.onsite = Matrix(n_orbitals, n_orbitals);
  std::map<std::array<int, 3>, Matrix> hoppings;
  for (const auto& [monomial, value] : h.terms) {
    const Matrix term = value * pauli_matrix(monomial, uses_letter);
    // T_R belongs to exp(-i R.k); of R and -R the one whose first component is positive is listed.
    const auto first =
        std::find_if(monomial.wave.begin(), monomial.wave.end(), [](int n) { return n != 0; });
    if (first == monomial.wave.end()) {
      model.onsite += term;
    } else if (*first < 0) {
      const std::array<int, 3> offset = {-monomial.wave[0], -monomial.wave[1], -monomial.wave[2]};
      const auto [place, is_new] = hoppings.emplace(offset, term);
      if (!is_new) place->second += term;
    }
  }
  for (auto& [offset, matrix] : hoppings) model.hoppings.push_back({offset, std::move(matrix)});
  constexpr std::array<const char*, n_letters> names = {"rho", "tau", "sigma", "s"};
  for (std::size_t i = 0; i < n_letters; ++i) {
    if (formula.spin != names[i] || !uses_letter[i]) continue;
    for (int a = 1; a <= 3; ++a) {
      Monomial monomial;
      monomial.pauli[i] = a;
      model.spin.push_back(pauli_matrix(monomial, uses_letter));
    }
  }
  return model;
}

/// k^n along one axis as waves: (sin(ka)/a)^(n mod 2) ((2 - 2 cos ka)/a^2)^(n div 2).
PauliPolynomial discrete_power(std::size_t axis, int n, double spacing) {
  std::array<int, 3> wave{};
  wave[axis] = 1;
  const std::array<int, 3> back = {-wave[0], -wave[1], -wave[2]};
  const PauliPolynomial sine = PauliPolynomial::wave(wave, Complex(0.0, -0.5) / spacing) +
                               PauliPolynomial::wave(back, Complex(0.0, 0.5) / spacing);
  const double area = spacing * spacing;
  const PauliPolynomial square = PauliPolynomial::constant(2.0 / area) +
                                 PauliPolynomial::wave(wave, -1.0 / area) +
                                 PauliPolynomial::wave(back, -1.0 / area);
  PauliPolynomial value = PauliPolynomial::constant(1.0);
  if (n % 2 == 1) value = value * sine;
  for (int i = 0; i < n / 2; ++i) value = value * square;
  return value;
}

}  // namespace

Model lattice_model(const Formula& formula) {
  const ParsedFormula parsed = parse_formula(formula.text, formula.parameters);
  for (const auto& [monomial, value] : parsed.value.terms) {
    if (monomial.power == std::array<int, 3>{}) continue;
    throw bad_input(
        "k stands outside sin, cos and exp, so H(k) is not periodic; for a k.p Hamiltonian take "
        "sample.model.name: continuum");
  }
  return to_model(parsed.value, parsed.uses_letter, formula);
}

std::vector<std::string> unused_parameters(const Formula& formula) {
  const auto used = parse_formula(formula.text, formula.parameters).uses_parameter;
  std::vector<std::string> unused;
  for (const auto& [name, value] : formula.parameters) {
    if (!used.contains(name)) unused.push_back(name);
  }
  return unused;
}

Model continuum_model(const Formula& formula, double spacing) {
  const ParsedFormula parsed = parse_formula(formula.text, formula.parameters);
  PauliPolynomial discrete;
  for (const auto& [monomial, value] : parsed.value.terms) {
    if (monomial.wave != std::array<int, 3>{}) {
      throw bad_input(
          "sin, cos and exp of k have no place in a k.p Hamiltonian, which is a polynomial in k; "
          "for a Bloch Hamiltonian take sample.model.name: formula");
    }
    if (monomial.power[0] + monomial.power[1] + monomial.power[2] > max_degree) {
      throw bad_input(fmt::format("a term has more than {} factors of k", max_degree));
    }
    Monomial matrix;
    matrix.pauli = monomial.pauli;
    PauliPolynomial term{{{matrix, value}}};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      term = term * discrete_power(axis, monomial.power[axis], spacing);
    }
    discrete = std::move(discrete) + term;
  }
  return to_model(discrete, parsed.uses_letter, formula);
}

}  // namespace edotb::model
