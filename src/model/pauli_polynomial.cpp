#include "pauli_polynomial.hpp"

#include <utility>

namespace edotb::model {

using Complex = std::complex<double>;

namespace {

/// sigma_a sigma_b = factor sigma_c.
std::pair<int, Complex> pauli_product(int a, int b) {
  if (a == 0) return {b, 1.0};
  if (b == 0) return {a, 1.0};
  if (a == b) return {0, 1.0};
  const int c = 6 - a - b;
  const bool cyclic = (a % 3) + 1 == b;
  return {c, cyclic ? Complex(0.0, 1.0) : Complex(0.0, -1.0)};
}

void add(PauliPolynomial& sum, const Monomial& monomial, Complex value) {
  const auto [place, is_new] = sum.terms.emplace(monomial, value);
  if (!is_new) place->second += value;
  if (place->second == 0.0) sum.terms.erase(place);
}

}  // namespace

PauliPolynomial PauliPolynomial::constant(Complex value) {
  PauliPolynomial result;
  add(result, {}, value);
  return result;
}

PauliPolynomial PauliPolynomial::pauli(Letter letter, int which) {
  Monomial monomial;
  monomial.pauli[static_cast<std::size_t>(letter)] = which;
  return {{{monomial, 1.0}}};
}

PauliPolynomial PauliPolynomial::momentum(std::size_t axis) {
  Monomial monomial;
  monomial.power[axis] = 1;
  return {{{monomial, 1.0}}};
}

PauliPolynomial PauliPolynomial::wave(const std::array<int, 3>& wave, Complex amplitude) {
  PauliPolynomial result;
  add(result, {.wave = wave, .power = {}, .pauli = {}}, amplitude);
  return result;
}

bool PauliPolynomial::is_constant() const {
  return terms.empty() || (terms.size() == 1 && terms.begin()->first == Monomial{});
}

Complex PauliPolynomial::constant_part() const {
  const auto found = terms.find(Monomial{});
  return found == terms.end() ? Complex(0.0) : found->second;
}

PauliPolynomial operator+(PauliPolynomial a, const PauliPolynomial& b) {
  for (const auto& [monomial, value] : b.terms) add(a, monomial, value);
  return a;
}

PauliPolynomial operator*(const PauliPolynomial& a, const PauliPolynomial& b) {
  PauliPolynomial product;
  for (const auto& [left, left_value] : a.terms) {
    for (const auto& [right, right_value] : b.terms) {
      Monomial monomial;
      Complex value = left_value * right_value;
      for (std::size_t i = 0; i < 3; ++i) {
        monomial.wave[i] = left.wave[i] + right.wave[i];
        monomial.power[i] = left.power[i] + right.power[i];
      }
      for (std::size_t i = 0; i < n_letters; ++i) {
        const auto [which, factor] = pauli_product(left.pauli[i], right.pauli[i]);
        monomial.pauli[i] = which;
        value *= factor;
      }
      add(product, monomial, value);
    }
  }
  return product;
}

PauliPolynomial operator*(Complex factor, const PauliPolynomial& a) {
  return PauliPolynomial::constant(factor) * a;
}

}  // namespace edotb::model
