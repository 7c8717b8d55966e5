#pragma once

#include "edotb/coherent/engine.hpp"
#include "edotb/linalg/sparse_lu.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace edotb::coherent {

/// More probes than this would take more than 13 GB for the currents between all pairs of them.
inline constexpr std::size_t max_dephasing_probes = 40000;
/// Up to here the probes' voltages come from a factorisation, beyond it from an iteration.
inline constexpr std::size_t max_direct_probes = 10000;

/// The probe of each site, numbered in the order of their first sites: sites share one when their positions
/// lie in the same cube of edge `probe_size`, of a grid along x, y and z from the lowest corner of all
/// sites. 0: every site has its own, and positions are not needed. Throws bad_input when the sample extends
/// over more edges than numbers reach.
[[nodiscard]] std::vector<std::size_t> probes_of_sites(const sample::DeviceLayout& layout,
                                                       double probe_size);

/// Scattering with loss of phase: every site is coupled to a voltage probe that takes electrons away at
/// the rate Gamma = hbar/tau_phi and gives as many back, without phase (Buettiker, Phys. Rev. B 33, 3020
/// (1986); D'Amato and Pastawski, Phys. Rev. B 41, 7411 (1990)). Each orbital has the self-energy
/// -i Gamma/2, all orbitals of a site, and the sites of probes_of_sites(), share one probe, and
///     T_eff_pq = T_pq + sum_ij T_pi [W^{-1}]_ij T_jq,    W_ij = delta_ij sum_{k != i} T_ik - T_ij ,
/// with i, j probes, p, q leads, k either.
class DephasingEngine {
 public:
  /// Throws bad_input, with objection()'s text, when the device cannot have these probes. `ranks` share
  /// the factorisation; calls are then collective.
  DephasingEngine(const sample::DeviceLayout& layout, double probe_size,
                  const mpi::Communicator& ranks, std::size_t n_direct_probes = max_direct_probes);
  ~DephasingEngine();
  DephasingEngine(const DephasingEngine&) = delete;
  DephasingEngine& operator=(const DephasingEngine&) = delete;
  DephasingEngine(DephasingEngine&&) noexcept;
  DephasingEngine& operator=(DephasingEngine&&) noexcept;

  /// Why the device has too many probes, or no positions by which sites could share them, or "".
  [[nodiscard]] static std::string objection(const sample::DeviceLayout& layout, double probe_size);

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
