// With  Gamma = i (Sigma - Sigma^H) = W W^H,  W = Gamma u  of the outgoing modes at unit current:
//     A = E - H - Sigma = A_H + (i/2) W W^H,     K = W^H A_H^{-1} W,
//     1 - i W^H G W = (1 - i K/2)(1 + i K/2)^{-1} = 4i (2i - K)^{-1} - 1,
//     S = -(1 - i W^H G W) D,     D = u^H Gamma phi  (unitary),
// unitary by construction. The factorisation leaves  M = [-K, P; P^H, L]  for the border and the few
// unknowns that it could not eliminate, and 2i - K becomes M with 2i on the border's diagonal: regular
// also where K is infinite, at the eigenvalues of the closed device.

#include "multifrontal_solver.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/linalg/multifrontal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Allowed error of S in double precision, as `check` estimates it.
constexpr double max_error_full = 1e-7;
/// Residual |b - A x| / |b| at which refinement ends, and at which it may end when it stops gaining.
constexpr double refined = 1e-13;
constexpr double max_residual = 1e-9;
constexpr int max_refinements = 30;
/// Border columns beside those of the modes.
constexpr std::size_t n_checks = 2;

/// Sigma X or W^H X etc. touch the interface alone: its rows of X.
Matrix interface_rows(const Matrix& x, const std::vector<std::int64_t>& interface) {
  Matrix rows(interface.size(), x.columns());
  for (std::size_t j = 0; j < x.columns(); ++j) {
    for (std::size_t i = 0; i < interface.size(); ++i) {
      rows(i, j) = x(static_cast<std::size_t>(interface[i]), j);
    }
  }
  return rows;
}

/// The first columns of Y = A X with A = E - H - Sigma, in double.
void apply(const OpenSystem& system, const sample::DeviceLayout& layout, const Matrix& x,
           Matrix& y) {
  const auto& pattern = *layout.pattern;
  for (std::size_t j = 0; j < x.columns(); ++j) {
    const auto in = x.column(j);
    const auto out = y.column(j);
    for (std::size_t row = 0; row < pattern.rows(); ++row) {
      Complex sum = system.energy * in[row];
      for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
        const auto entry = static_cast<std::size_t>(k);
        sum -= system.hamiltonian[entry] * in[static_cast<std::size_t>(pattern.columns[entry])];
      }
      out[row] = sum;
    }
  }
  for (std::size_t k = 0; k < system.leads.size(); ++k) {
    const auto& interface = layout.interfaces[k];
    const Matrix taken = system.leads[k].self_energy * interface_rows(x, interface);
    for (std::size_t j = 0; j < x.columns(); ++j) {
      for (std::size_t i = 0; i < interface.size(); ++i) {
        y(static_cast<std::size_t>(interface[i]), j) -= taken(i, j);
      }
    }
  }
}

/// A vector without structure, the same in every run: phases that follow the golden ratio.
Matrix probe_vector(std::size_t n) {
  constexpr double golden = 0.6180339887498949;
  Matrix r(n, 1);
  for (std::size_t i = 0; i < n; ++i) {
    const double turn = golden * static_cast<double>(i + 1);
    r(i, 0) = std::polar(1.0, 2.0 * constants::pi * (turn - std::floor(turn)));
  }
  return r;
}

double frobenius(const Matrix& a) {
  double sum = 0.0;
  for (const Complex& value : a.values()) sum += std::norm(value);
  return std::sqrt(sum);
}

template <class Scalar>
class MultifrontalSolver : public Solver {
 public:
  MultifrontalSolver(const sample::DeviceLayout& layout, const SolverChoice& choice)
      : layout_(layout),
        plan_(std::make_shared<const linalg::EliminationPlan>(layout.pattern, layout.interfaces)),
        factor_(plan_),
        probe_(probe_vector(layout.n_orbitals())),
        checks_(layout.n_orbitals(), n_checks),
        refine_(choice.precision == Precision::mixed),
        single_error_(choice.single_error),
        n_threads_(choice.n_threads),
        ranks_(choice.ranks) {
    std::ranges::copy(probe_.column(0), checks_.column(1).begin());
  }

  Matrix s_matrix(const OpenSystem& system) override {
    if (refine_) {
      return wave_matching(
          system, layout_,
          apply_green(system, lead_columns(system, layout_, &lead::LeadSolution::source)));
    }
    apply(system, layout_, probe_, checks_);
    linalg::HermitianSystem hermitian = hermitian_part(system);
    hermitian.dense_border = &checks_;
    factor_.factorise(hermitian, {.keep_factor = false, .n_threads = n_threads_, .ranks = &ranks_});

    const std::size_t m = system.n_modes();
    const Matrix& schur = factor_.schur();
    const std::size_t n_left = factor_.n_left_over();
    const std::size_t n = m + n_left;
    // Without the columns of `check`, which stand between the border and the left-over.
    const auto place = [&](std::size_t i) { return i < m ? i : i + n_checks; };
    Matrix open(n, n);
    Matrix right(n, m + n_checks);
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) open(i, j) = schur(place(i), place(j));
    }
    for (std::size_t i = 0; i < m; ++i) {
      open(i, i) += Complex(0.0, 2.0);
      right(i, i) = 1.0;
    }
    for (std::size_t j = m; j < m + n_checks; ++j) {
      for (std::size_t i = 0; i < n; ++i) right(i, j) = schur(place(i), j);
    }
    const Matrix x = linalg::solve(std::move(open), std::move(right));
    check(system, x);

    Matrix cayley(m, m);  // 4i (2i - K)^{-1} - 1
    for (std::size_t j = 0; j < m; ++j) {
      for (std::size_t i = 0; i < m; ++i) cayley(i, j) = Complex(0.0, 4.0) * x(i, j);
      cayley(j, j) -= 1.0;
    }
    Matrix s(m, m);
    std::size_t first = 0;
    for (const auto& lead : system.leads) {
      const Matrix part = linalg::block(cayley, 0, first, m, lead.n_modes()) * lead.direct;
      for (std::size_t j = 0; j < lead.n_modes(); ++j) {
        for (std::size_t i = 0; i < m; ++i) s(i, first + j) = -part(i, j);
      }
      first += lead.n_modes();
    }
    return s;
  }

  Matrix apply_green(const OpenSystem& system, const Matrix& b) override {
    factor_.factorise(hermitian_part(system),
                      {.keep_factor = true, .n_threads = n_threads_, .ranks = &ranks_});
    const std::size_t m = system.n_modes();
    Matrix open = factor_.schur();
    for (std::size_t i = 0; i < m; ++i) open(i, i) += Complex(0.0, 2.0);
    const auto correction = [&](Matrix residual) {
      Matrix boosts;
      const Matrix outer = factor_.eliminate(residual, boosts);
      factor_.substitute(residual, boosts, linalg::solve(open, outer));
      return residual;
    };
    Matrix x = correction(b);
    const double size = frobenius(b);
    double last = std::numeric_limits<double>::infinity();
    Matrix image(b.rows(), b.columns());
    for (int step = 0; step < max_refinements && size > 0.0; ++step) {
      apply(system, layout_, x, image);
      Matrix residual = b - image;
      const double error = frobenius(residual) / size;
      if (error < refined) return x;
      if (!(error < 0.5 * last)) {
        if (error < max_residual) return x;
        throw numerical_error(fmt::format(
            "the refinement of the multifrontal solution stopped at a residual of {:.1e}", error));
      }
      last = error;
      x += correction(std::move(residual));
    }
    return x;
  }

  [[nodiscard]] linalg::FactorForecast forecast(std::size_t n_modes, int n_ranks) const override {
    const double entries = plan_->peak_entries(n_modes + n_checks, n_ranks) +
                           (refine_ ? plan_->factor_entries(n_modes) : 0.0);
    return {plan_->flops(n_modes + n_checks, n_ranks), entries * sizeof(Scalar) * 1e-6};
  }
  [[nodiscard]] double kept_factor_megabytes(std::size_t n_modes) const override {
    return refine_ ? 0.0 : plan_->factor_entries(n_modes) * sizeof(Scalar) * 1e-6;
  }

 private:
  [[nodiscard]] linalg::HermitianSystem hermitian_part(const OpenSystem& system) const {
    linalg::HermitianSystem hermitian;
    hermitian.shift = system.energy;
    hermitian.hamiltonian = system.hamiltonian;
    for (const auto& lead : system.leads) {
      hermitian.clique_terms.push_back(&lead.self_energy);
      hermitian.borders.push_back(&lead.probe);
    }
    return hermitian;
  }

  /// Two border columns more estimate the error of S. To the right-hand side b the border answers with (i/2) W^H G b,
  /// which is (i/2) psi^H b, psi the outgoing scattering states. For b = A r it must be (i/2) W^H r: what it is off by
  /// is psi^H dA r, about eta |psi|, where eta is the size of the error dA of the factorisation and r has no
  /// structure. For b = r it is about |psi|. The error of S is psi^H dA psi: eta |psi|^2, their product, when psi sits
  /// on few orbitals, and sqrt(n) times less when it is spread over all n and their errors add up at random.
  /// Between these the geometric mean is taken.
  void check(const OpenSystem& system, const Matrix& x) const {
    const std::size_t m = system.n_modes();
    Matrix missed(m, 1);
    Matrix reached(m, 1);
    std::size_t row = 0;
    for (std::size_t k = 0; k < system.leads.size(); ++k) {
      const Matrix expected = linalg::adjoint_times(system.leads[k].probe,
                                                    interface_rows(probe_, layout_.interfaces[k]));
      for (std::size_t i = 0; i < expected.rows(); ++i, ++row) {
        missed(row, 0) = 2.0 * x(row, m) - Complex(0.0, 1.0) * expected(i, 0);
        reached(row, 0) = 2.0 * x(row, m + 1);
      }
    }
    const double allowed = std::is_same_v<Scalar, Complex> ? max_error_full : single_error_;
    const double estimate = linalg::max_norm(missed) * linalg::max_norm(reached) /
                            std::pow(static_cast<double>(layout_.n_orbitals()), 0.25);
    if (!(estimate <= allowed)) {
      throw numerical_error(
          fmt::format("S has an estimated error of {:.1e} (allowed: {:g}), from a solution known "
                      "beforehand",
                      estimate, allowed));
    }
  }

  sample::DeviceLayout layout_;
  std::shared_ptr<const linalg::EliminationPlan> plan_;
  linalg::HermitianFactor<Scalar> factor_;
  Matrix probe_;
  Matrix checks_;  ///< A times the probe, and the probe
  bool refine_;
  double single_error_;
  int n_threads_;
  mpi::Communicator ranks_;
};

}  // namespace

std::unique_ptr<Solver> make_multifrontal_solver(const SolverChoice& choice,
                                                 const sample::DeviceLayout& layout) {
  using Single = std::complex<float>;
  if (choice.precision == Precision::full) {
    return std::make_unique<MultifrontalSolver<Complex>>(layout, choice);
  }
  return std::make_unique<MultifrontalSolver<Single>>(layout, choice);
}

}  // namespace edotb::coherent
