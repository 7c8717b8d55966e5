// Shot noise at zero temperature. Between two neighbouring voltages the contacts F above are full and the
// rest E are empty, and with the columns of S for those, Q = S_F S_F^H and Q' = S_E S_E^H = 1 - Q,
//     S_pp' = 2 e (e^2/h) dV Re Tr[Q_pp' Q'_p'p] ,
// summed over these windows: Buttiker's sum over pairs of contacts, one of them full and one empty.

#include "edotb/coherent/observables.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// The first mode of each lead in S, and their number at the end.
std::vector<std::size_t> first_modes(const Scattering& scattering) {
  std::vector<std::size_t> first = {0};
  for (const std::size_t n : scattering.n_modes) first.push_back(first.back() + n);
  return first;
}

/// The columns of S for electrons out of the chosen leads.
Matrix columns_of(const Scattering& scattering, const std::vector<bool>& chosen) {
  Matrix columns(scattering.s_matrix.rows(), 0);
  for (std::size_t q = 0; q < chosen.size(); ++q) {
    if (!chosen[q]) continue;
    const auto first = first_modes(scattering)[q];
    columns = linalg::join_columns(columns, linalg::block(scattering.s_matrix, 0, first,
                                                          columns.rows(), scattering.n_modes[q]));
  }
  return columns;
}

/// Adds the noise of a window of width `voltage` in which the chosen contacts are full.
void add_window(const Scattering& scattering, const std::vector<bool>& is_full, double voltage,
                std::vector<double>& noise) {
  const std::size_t n_leads = scattering.n_modes.size();
  auto is_empty = is_full;
  is_empty.flip();
  const Matrix from_full = columns_of(scattering, is_full);
  const Matrix from_empty = columns_of(scattering, is_empty);
  const Matrix q = linalg::times_adjoint(from_full, from_full);
  const Matrix rest = linalg::times_adjoint(from_empty, from_empty);
  const auto first = first_modes(scattering);
  for (std::size_t p = 0; p < n_leads; ++p) {
    for (std::size_t other = 0; other < n_leads; ++other) {
      double trace = 0.0;
      for (std::size_t j = first[other]; j < first[other + 1]; ++j) {
        for (std::size_t i = first[p]; i < first[p + 1]; ++i) {
          trace += (q(i, j) * std::conj(rest(i, j))).real();
        }
      }
      noise[p * n_leads + other] += voltage * trace;
    }
  }
}

}  // namespace

Matrix s_block(const Scattering& scattering, std::size_t to, std::size_t from) {
  const auto first = first_modes(scattering);
  return linalg::block(scattering.s_matrix, first[to], first[from], scattering.n_modes[to],
                       scattering.n_modes[from]);
}

std::vector<double> transmission_eigenvalues(const Scattering& scattering, std::size_t to,
                                             std::size_t from) {
  if (scattering.n_modes[to] == 0 || scattering.n_modes[from] == 0) return {};
  auto values = linalg::singular_values(s_block(scattering, to, from)).s;
  for (double& value : values) value *= value;
  return values;
}

std::vector<double> shot_noise(const Scattering& scattering, std::span<const double> voltages) {
  const std::size_t n_leads = scattering.n_modes.size();
  std::vector<double> noise(n_leads * n_leads);
  if (scattering.s_matrix.empty()) return noise;
  std::vector<double> levels(voltages.begin(), voltages.end());
  std::sort(levels.begin(), levels.end());
  for (std::size_t n = 1; n < levels.size(); ++n) {
    if (levels[n] == levels[n - 1]) continue;
    std::vector<bool> is_full(n_leads);
    for (std::size_t q = 0; q < n_leads; ++q) is_full[q] = voltages[q] >= levels[n];
    add_window(scattering, is_full, levels[n] - levels[n - 1], noise);
  }
  return noise;
}

NoisePerSource noise_per_source(const Scattering& scattering) {
  const std::size_t n_leads = scattering.n_modes.size();
  NoisePerSource result;
  result.fano_factor.assign(n_leads * n_leads, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t q = 0; q < n_leads; ++q) {
    std::vector<double> voltages(n_leads);
    voltages[q] = 1.0;
    const auto noise = shot_noise(scattering, voltages);
    result.noise.insert(result.noise.end(), noise.begin(), noise.end());
    double out = 0.0;  // what leaves the source for the others
    for (std::size_t p = 0; p < n_leads; ++p) {
      if (p != q) out += scattering.transmission[p * n_leads + q];
    }
    for (std::size_t p = 0; p < n_leads; ++p) {
      const double current = p == q ? out : scattering.transmission[p * n_leads + q];
      if (current > 0.0) result.fano_factor[p * n_leads + q] = noise[p * n_leads + p] / current;
    }
  }
  return result;
}

std::vector<double> resolved_transmission(const Scattering& scattering,
                                          std::span<const lead::LeadSolution> leads,
                                          std::size_t n_sectors) {
  const std::size_t n_leads = leads.size();
  std::vector<double> resolved(n_leads * n_sectors * n_leads * n_sectors);
  for (std::size_t p = 0; p < n_leads; ++p) {
    for (std::size_t q = 0; q < n_leads; ++q) {
      const Matrix block = s_block(scattering, p, q);
      for (std::size_t j = 0; j < block.columns(); ++j) {
        const auto from = static_cast<std::size_t>(leads[q].incoming[j].sector);
        for (std::size_t i = 0; i < block.rows(); ++i) {
          const auto to = static_cast<std::size_t>(leads[p].outgoing[i].sector);
          resolved[((p * n_sectors + to) * n_leads + q) * n_sectors + from] +=
              std::norm(block(i, j));
        }
      }
    }
  }
  return resolved;
}

std::vector<double> per_site(const sample::DeviceLayout& layout,
                             std::span<const double> per_orbital) {
  const auto& offsets = layout.pattern->block_offsets;
  std::vector<double> sums(layout.n_sites());
  for (std::size_t site = 0; site < sums.size(); ++site) {
    sums[site] = std::accumulate(per_orbital.begin() + offsets[site],
                                 per_orbital.begin() + offsets[site + 1], 0.0);
  }
  return sums;
}

}  // namespace edotb::coherent
