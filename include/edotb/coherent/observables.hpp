#pragma once

#include "edotb/coherent/engine.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace edotb::coherent {

/// The block of S from the modes of lead `from` to those of lead `to`.
[[nodiscard]] linalg::Matrix s_block(const Scattering& scattering, std::size_t to,
                                     std::size_t from);

/// The eigenvalues T_n of t^H t for t = S_(to,from), downwards: min(modes of to, modes of from) of them.
[[nodiscard]] std::vector<double> transmission_eigenvalues(const Scattering& scattering,
                                                           std::size_t to, std::size_t from);

/// Zero-frequency correlations of the currents into the contacts at zero temperature, when each contact
/// has its voltage, S independent of energy between them: [p][p'], row-major, in units of
/// 2 e (e^2/h) x the voltage unit. Two contacts at voltages V and 0: S_pp = V sum T_n (1 - T_n).
/// M. Buttiker, Phys. Rev. B 46, 12485 (1992).
[[nodiscard]] std::vector<double> shot_noise(const Scattering& scattering,
                                             std::span<const double> voltages);

/// Contact q alone at unit voltage, the others at zero: the noise as [q][p][p'], and the Fano factor
/// S_pp / |I_p| as [p][q]; NaN where no current flows.
struct NoisePerSource {
  std::vector<double> noise;
  std::vector<double> fano_factor;
};
[[nodiscard]] NoisePerSource noise_per_source(const Scattering& scattering);

/// Sum |S|^2 between the channels of the sectors of the leads' conserved quantity (lead/channels.hpp):
/// [to][sector to][from][sector from], row-major; summed over the sectors it is the transmission.
[[nodiscard]] std::vector<double> resolved_transmission(const Scattering& scattering,
                                                        std::span<const lead::LeadSolution> leads,
                                                        std::size_t n_sectors);

/// Sums values of orbitals over the orbitals of each site.
[[nodiscard]] std::vector<double> per_site(const sample::DeviceLayout& layout,
                                           std::span<const double> per_orbital);

}  // namespace edotb::coherent
