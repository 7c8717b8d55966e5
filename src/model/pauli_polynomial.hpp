#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <map>
#include <tuple>

namespace edotb::model {

/// The two-level systems that a formula can name, in the order of the Kronecker product.
enum class Letter { rho, tau, sigma, s };
inline constexpr std::size_t n_letters = 4;

/// exp(i wave.k) kx^power[0] ky^power[1] kz^power[2] times a product of Pauli matrices, one per letter
/// (0: identity, 1, 2, 3: x, y, z).
struct Monomial {
  std::array<int, 3> wave{};
  std::array<int, 3> power{};
  std::array<int, n_letters> pauli{};
  friend bool operator==(const Monomial&, const Monomial&) = default;
  friend bool operator<(const Monomial& a, const Monomial& b) {
    return std::tie(a.wave, a.power, a.pauli) < std::tie(b.wave, b.power, b.pauli);
  }
};

/// A sum of monomials: whatever a formula can stand for. Closed under sums and products, because
/// sigma_a sigma_b = delta_ab + i epsilon_abc sigma_c.
struct PauliPolynomial {
  std::map<Monomial, std::complex<double>> terms;

  [[nodiscard]] static PauliPolynomial constant(std::complex<double> value);
  [[nodiscard]] static PauliPolynomial pauli(Letter letter, int which);
  [[nodiscard]] static PauliPolynomial momentum(std::size_t axis);
  [[nodiscard]] static PauliPolynomial wave(const std::array<int, 3>& wave,
                                            std::complex<double> amplitude);

  /// True for a number.
  [[nodiscard]] bool is_constant() const;
  [[nodiscard]] std::complex<double> constant_part() const;
};

[[nodiscard]] PauliPolynomial operator+(PauliPolynomial a, const PauliPolynomial& b);
[[nodiscard]] PauliPolynomial operator*(const PauliPolynomial& a, const PauliPolynomial& b);
[[nodiscard]] PauliPolynomial operator*(std::complex<double> factor, const PauliPolynomial& a);

}  // namespace edotb::model
