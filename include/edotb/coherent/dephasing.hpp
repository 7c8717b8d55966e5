#pragma once

#include "edotb/coherent/engine.hpp"
#include "edotb/linalg/sparse_lu.hpp"

#include <memory>
#include <span>
#include <string>

namespace edotb::coherent {

/// More sites than this would take more than 13 GB for the currents between all pairs of them.
inline constexpr std::size_t max_dephasing_sites = 40000;
/// Up to here the probes' voltages come from a factorisation, beyond it from an iteration.
inline constexpr std::size_t max_direct_sites = 10000;

/// Scattering with loss of phase: every site is coupled to a voltage probe that takes electrons away at
/// the rate Gamma = hbar/tau_phi and gives as many back, without phase (Buettiker, Phys. Rev. B 33, 3020
/// (1986); D'Amato and Pastawski, Phys. Rev. B 41, 7411 (1990)). Each orbital has the self-energy
/// -i Gamma/2, all orbitals of a site share one probe, and
///     T_eff_pq = T_pq + sum_ij T_pi [W^{-1}]_ij T_jq,    W_ij = delta_ij sum_{k != i} T_ik - T_ij ,
/// with i, j probes, p, q leads, k either.
class DephasingEngine {
 public:
  /// Throws bad_input, with objection()'s text, when the device is too large. `ranks` share the
  /// factorisation; calls are then collective.
  DephasingEngine(const sample::DeviceLayout& layout, const mpi::Communicator& ranks,
                  std::size_t n_direct_sites = max_direct_sites);
  ~DephasingEngine();
  DephasingEngine(const DephasingEngine&) = delete;
  DephasingEngine& operator=(const DephasingEngine&) = delete;
  DephasingEngine(DephasingEngine&&) noexcept;
  DephasingEngine& operator=(DephasingEngine&&) noexcept;

  /// Why the device is too large, or "".
  [[nodiscard]] static std::string objection(const sample::DeviceLayout& layout);

  /// The effective transmissions at `rate` > 0. `unitarity_error` is the largest violation of the
  /// conservation of current: of any lead, any probe and the effective transmissions. There is no
  /// S-matrix between the leads alone: s_matrix is empty. Throws numerical_error when the violation
  /// exceeds max_unitarity_error.
  [[nodiscard]] Scattering solve(std::span<const linalg::Complex> hamiltonian,
                                 std::span<const lead::LeadSolution> leads, double energy,
                                 double rate);
  /// Cost of one point.
  [[nodiscard]] linalg::FactorForecast forecast() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> self_;
};

}  // namespace edotb::coherent
