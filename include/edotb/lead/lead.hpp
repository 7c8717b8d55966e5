#pragma once

#include "edotb/linalg/eigen_slopes.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <span>
#include <string>
#include <vector>

namespace edotb::lead {

/// How a lead is solved. All give the same answer.
/// schur:     the Schur form of the whole mode equation; for any cell, (2 rank)^3.
/// supercell: the insides of some tens of cells eliminated first, so that only slow modes are left
///            for the Schur form; for large cells.
/// separable: closed formula, mode by mode; only where the hopping is a number times a unitary matrix
///            that commutes with the cell.
/// automatic: separable where it is exact, supercell for large hoppings, else schur; a method that
///            fails its checks is followed by schur.
enum class LeadMethod { automatic, schur, supercell, separable };

/// One propagating mode: psi_n = phi exp(i k n) in cell n, counted outwards, at unit current.
struct Mode {
  double momentum = 0.0;  ///< k in (-pi, pi]
  double velocity = 0.0;  ///< dE/dk, outwards positive [energy per radian per cell]
  int sector = 0;  ///< of a conserved quantity, where the modes are told apart (channels.hpp)
};

/// A semi-infinite lead at one energy, as the device sees it.
///
/// With Gamma = i (Sigma - Sigma^H), phi_q the incoming and u_p the outgoing modes on the interface
/// at unit current, the S-matrix between leads p and q is (Wimmer, PhD thesis, Regensburg 2009)
///     S_pq = i (Gamma_p u_p)^H G (Gamma_q phi_q) - delta_pq u_p^H Gamma_p phi_p .
struct LeadSolution {
  std::vector<Mode> incoming;  ///< ordered by momentum; as many as outgoing
  std::vector<Mode> outgoing;
  linalg::Matrix self_energy;             ///< Sigma on the interface, Mi x Mi, retarded
  linalg::Matrix source;                  ///< Gamma phi, Mi x modes
  linalg::Matrix probe;                   ///< Gamma u, Mi x modes
  linalg::Matrix direct;                  ///< u^H Gamma phi, modes x modes
  double residual = 0.0;                  ///< |Sigma - V^H (E - H_0 - Sigma)^{-1} V| relative
  LeadMethod method = LeadMethod::schur;  ///< the one that gave this answer
  std::string remark;                     ///< why the method tried before it failed; or empty

  [[nodiscard]] std::size_t n_modes() const { return incoming.size(); }
};

/// Modes and retarded self-energy of the lead, for any cell and hopping: singular hoppings, more
/// orbitals in the cell than in the interface, degenerate modes, no open mode. Throws numerical_error
/// when the result cannot be trusted (energy at a band edge, a bound state on the lead's surface, a
/// residual above 1e-8): never a wrong number. A method named explicitly is tried alone.
[[nodiscard]] LeadSolution solve_lead(const sample::LeadCell& lead, double energy,
                                      LeadMethod method = LeadMethod::automatic);

/// All leads of a sample; two that are opposite ends of one chain, one after the other, share their
/// modes. Errors say which lead and at which energy.
[[nodiscard]] std::vector<LeadSolution> solve_leads(std::span<const sample::LeadCell> leads,
                                                    double energy,
                                                    LeadMethod method = LeadMethod::automatic);

/// Bands E_n(k) of the infinite lead: eigenvalues of H_0 + V exp(-ik) + V^H exp(ik), ascending.
[[nodiscard]] std::vector<double> lead_bands(const sample::LeadCell& lead, double k);
/// The same with the velocities dE_n/dk, outwards positive [energy per radian per cell].
[[nodiscard]] linalg::EigenSlopes lead_bands_and_velocities(const sample::LeadCell& lead, double k);

}  // namespace edotb::lead
