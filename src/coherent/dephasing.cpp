// G = (E + i Gamma/2 - H - Sigma)^{-1}, Gamma = hbar/tau_phi, and between probes i, j, each of a site or of
// neighbours that share it, and leads p, q
//     T_ij = Gamma^2 sum |G_ab|^2  (a in i, b in j),    T_iq = Gamma sum |(G source_q)_a|^2,
//     T_pj = Gamma sum |(probe_p^H G)_b|^2,             T_pq = sum |S_pq|^2.
// A probe carries no current: sum_k T_ik (V_k - V_i) = 0. With V of the probes eliminated,
//     T_eff_pq = T_pq + sum_ij T_pi [W^{-1}]_ij T_jq,   W_ij = delta_ij sum_{k != i} T_ik - T_ij .

#include "edotb/coherent/dephasing.hpp"

#include "assembled_matrix.hpp"
#include "edotb/base/error.hpp"
#include "edotb/linalg/krylov.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace edotb::coherent {

using linalg::Complex;
using linalg::Matrix;

namespace {

/// Columns of G that are solved for together.
constexpr std::size_t block_size = 128;
/// Of the probes' voltages, where they are found by iteration.
constexpr double residual = 1e-13;
/// Rounding that a site on a cube's lower face may have, in edges: it still belongs to that cube.
constexpr double on_a_face = 1e-6;

/// The transmissions between all terminals, leads and probes.
struct Terminals {
  Terminals(std::size_t n_leads_, std::size_t n_probes_)
      : n_leads(n_leads_),
        n_probes(n_probes_),
        between(n_probes * n_probes),
        into_probes(n_probes * n_leads),
        into_leads(n_leads * n_probes),
        open(n_probes) {}

  std::size_t n_leads;
  std::size_t n_probes;
  std::vector<double> leads;        ///< T_pq, [to][from]
  std::vector<double> between;      ///< T_ij at i + j n_probes
  std::vector<double> into_probes;  ///< T_iq at i + q n_probes
  std::vector<double> into_leads;   ///< T_pj at p + j n_leads
  std::vector<double> open;  ///< i Gamma Tr (G - G^H)_ii of each probe: all that it may exchange
};

/// Largest violation of what S^H S = 1 of all terminals demands: what goes into each terminal, and what comes
/// out of it, is its number of channels, N_p of a lead and i Gamma Tr (G - G^H)_ii of a probe after reflection.
double conservation_error(const Terminals& t, const std::vector<std::size_t>& n_modes) {
  double error = 0.0;
  const auto demand = [&](double sum, double expected) {
    const double miss = std::abs(sum - expected);
    // NaN must not pass as small.
    error = miss <= error ? error : miss;
  };
  std::vector<double> into(t.open.size());
  for (std::size_t j = 0; j < t.n_probes; ++j) {
    double out_of = 0.0;
    for (std::size_t i = 0; i < t.n_probes; ++i) {
      const double value = t.between[i + j * t.n_probes];
      out_of += value;
      into[i] += value;
    }
    for (std::size_t p = 0; p < t.n_leads; ++p) {
      out_of += t.into_leads[p + j * t.n_leads];
      into[j] += t.into_probes[j + p * t.n_probes];
    }
    demand(out_of, t.open[j]);
  }
  for (std::size_t i = 0; i < t.n_probes; ++i) demand(into[i], t.open[i]);
  for (std::size_t p = 0; p < t.n_leads; ++p) {
    double into_lead = 0.0;
    double out_of_lead = 0.0;
    for (std::size_t q = 0; q < t.n_leads; ++q) {
      into_lead += t.leads[p * t.n_leads + q];
      out_of_lead += t.leads[q * t.n_leads + p];
    }
    for (std::size_t i = 0; i < t.n_probes; ++i) {
      into_lead += t.into_leads[p + i * t.n_leads];
      out_of_lead += t.into_probes[i + p * t.n_probes];
    }
    demand(into_lead, static_cast<double>(n_modes[p]));
    demand(out_of_lead, static_cast<double>(n_modes[p]));
  }
  return error;
}

/// Largest difference between the sums of the rows or columns and the number of modes.
double balance_error(const std::vector<double>& transmission,
                     const std::vector<std::size_t>& n_modes) {
  const std::size_t n = n_modes.size();
  double error = 0.0;
  for (std::size_t p = 0; p < n; ++p) {
    double row = 0.0;
    double column = 0.0;
    for (std::size_t q = 0; q < n; ++q) {
      row += transmission[p * n + q];
      column += transmission[q * n + p];
    }
    for (const double sum : {row, column}) {
      const double miss = std::abs(sum - static_cast<double>(n_modes[p]));
      error = miss <= error ? error : miss;
    }
  }
  return error;
}

/// T_eff; takes the memory of `t.between` for W.
std::vector<double> eliminate_probes(Terminals& t, bool iterate) {
  const std::size_t n = t.n_probes;
  std::vector<double> leaving(n);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      double& entry = t.between[i + j * n];
      if (i != j) leaving[i] += entry;
      entry = -entry;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t q = 0; q < t.n_leads; ++q) leaving[i] += t.into_probes[i + q * n];
    t.between[i + i * n] = leaving[i];
  }
  const std::vector<double> potential = with_context(
      [] {
        return std::string(
            "the potentials of the dephasing probes: is a part of the sample cut off from every "
            "contact?");
      },
      [&] {
        return iterate ? linalg::solve_real_iteratively(t.between, t.into_probes, n, residual)
                       : linalg::solve_real(std::move(t.between), t.into_probes, n);
      });
  std::vector<double> effective = t.leads;
  for (std::size_t p = 0; p < t.n_leads; ++p) {
    for (std::size_t q = 0; q < t.n_leads; ++q) {
      for (std::size_t i = 0; i < n; ++i) {
        effective[p * t.n_leads + q] += t.into_leads[p + i * t.n_leads] * potential[i + q * n];
      }
    }
  }
  return effective;
}

/// Of numbers that begin at 0 and leave none out.
std::size_t count(const std::vector<std::size_t>& numbers) {
  return numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1;
}

}  // namespace

std::vector<std::size_t> probes_of_sites(const sample::DeviceLayout& layout, double probe_size) {
  std::vector<std::size_t> probes(layout.n_sites());
  if (!(probe_size > 0.0)) {
    std::iota(probes.begin(), probes.end(), std::size_t{0});
    return probes;
  }
  Vector3 corner = layout.site_positions.front();
  for (const Vector3& r : layout.site_positions) {
    for (std::size_t d = 0; d < 3; ++d) corner[d] = std::min(corner[d], r[d]);
  }
  std::map<Vector3, std::size_t> numbers;
  for (std::size_t site = 0; site < probes.size(); ++site) {
    Vector3 cube{};
    for (std::size_t d = 0; d < 3; ++d) {
      cube[d] = std::floor((layout.site_positions[site][d] - corner[d]) / probe_size + on_a_face);
      if (!std::isfinite(cube[d])) {
        throw bad_input("dephasing.probe_size is too small for the extent of the sample");
      }
    }
    probes[site] = numbers.try_emplace(cube, numbers.size()).first->second;
  }
  return probes;
}

struct DephasingEngine::Implementation {
  Implementation(const sample::DeviceLayout& device, const std::vector<std::size_t>& probe_of_site,
                 const mpi::Communicator& ranks, std::size_t n_direct_probes)
      : layout(device),
        matrix(device),
        lu(matrix.pattern(), ranks),
        n_probes(count(probe_of_site)),
        iterates(n_probes > n_direct_probes) {
    const auto& offsets = layout.pattern->block_offsets;
    for (std::size_t site = 0; site + 1 < offsets.size(); ++site) {
      probe_of.insert(probe_of.end(), static_cast<std::size_t>(offsets[site + 1] - offsets[site]),
                      probe_of_site[site]);
    }
  }

  [[nodiscard]] Terminals transmissions_of(const OpenSystem& system, double rate,
                                           const std::vector<std::size_t>& n_modes) {
    std::vector<std::size_t> mode_lead;
    for (std::size_t p = 0; p < n_modes.size(); ++p) {
      mode_lead.insert(mode_lead.end(), n_modes[p], p);
    }
    Terminals t(n_modes.size(), n_probes);
    lu.factorise(matrix.entries(system, rate));

    if (mode_lead.empty()) {
      t.leads.assign(n_modes.size() * n_modes.size(), 0.0);
    } else {
      const Matrix x = lu.solve(lead_columns(system, layout, &lead::LeadSolution::source));
      t.leads = transmissions(wave_matching(system, layout, x), n_modes);
      for (std::size_t m = 0; m < x.columns(); ++m) {
        for (std::size_t a = 0; a < x.rows(); ++a) {
          t.into_probes[probe_of[a] + mode_lead[m] * t.n_probes] += rate * std::norm(x(a, m));
        }
      }
    }

    const Matrix probe = lead_columns(system, layout, &lead::LeadSolution::probe);
    const std::size_t n = layout.n_orbitals();
    for (std::size_t first = 0; first < n; first += block_size) {
      const std::size_t n_columns = std::min(block_size, n - first);
      Matrix unit(n, n_columns);
      for (std::size_t b = 0; b < n_columns; ++b) unit(first + b, b) = 1.0;
      const Matrix g = lu.solve(unit);
      const Matrix out = linalg::adjoint_times(probe, g);
      for (std::size_t b = 0; b < n_columns; ++b) {
        const std::size_t from = probe_of[first + b];
        for (std::size_t a = 0; a < n; ++a) {
          t.between[probe_of[a] + from * t.n_probes] += rate * rate * std::norm(g(a, b));
        }
        for (std::size_t m = 0; m < out.rows(); ++m) {
          t.into_leads[mode_lead[m] + from * t.n_leads] += rate * std::norm(out(m, b));
        }
        t.open[from] -= 2.0 * rate * g(first + b, b).imag();
      }
    }
    return t;
  }

  sample::DeviceLayout layout;
  AssembledMatrix matrix;
  linalg::SparseLU lu;
  std::size_t n_probes;
  bool iterates;
  std::vector<std::size_t> probe_of;  ///< of each orbital
};

std::string DephasingEngine::objection(const sample::DeviceLayout& layout, double probe_size) {
  if (probe_size > 0.0 && layout.site_positions.size() != layout.n_sites()) {
    return "sites share a probe by their positions, which the system file does not have; write "
           "/device/positions, or take probe_size: 0";
  }
  const std::size_t n_probes = count(probes_of_sites(layout, probe_size));
  if (n_probes <= max_dephasing_probes) return "";
  return fmt::format(
      "dephasing needs the currents between all pairs of probes, which are kept for up to {}; this "
      "sample has {}. Make the sample smaller, or let more sites share a probe by "
      "dephasing.probe_size",
      max_dephasing_probes, n_probes);
}

DephasingEngine::DephasingEngine(const sample::DeviceLayout& layout, double probe_size,
                                 const mpi::Communicator& ranks, std::size_t n_direct_probes) {
  const std::string complaint = objection(layout, probe_size);
  if (!complaint.empty()) throw bad_input(complaint);
  self_ = std::make_unique<Implementation>(layout, probes_of_sites(layout, probe_size), ranks,
                                           n_direct_probes);
}
DephasingEngine::~DephasingEngine() = default;
DephasingEngine::DephasingEngine(DephasingEngine&&) noexcept = default;
DephasingEngine& DephasingEngine::operator=(DephasingEngine&&) noexcept = default;

Scattering DephasingEngine::solve(std::span<const Complex> hamiltonian,
                                  std::span<const lead::LeadSolution> leads, double energy,
                                  double rate) {
  Scattering result;
  for (const auto& lead : leads) result.n_modes.push_back(lead.n_modes());
  Terminals terminals = self_->transmissions_of({hamiltonian, leads, energy}, rate, result.n_modes);
  const double of_terminals = conservation_error(terminals, result.n_modes);
  result.transmission = eliminate_probes(terminals, self_->iterates);
  const double of_leads = balance_error(result.transmission, result.n_modes);
  result.unitarity_error = of_terminals > of_leads ? of_terminals : of_leads;
  if (!(of_terminals <= max_unitarity_error && of_leads <= max_unitarity_error)) {
    throw numerical_error(fmt::format(
        "with dephasing, current is conserved to {:.1e} between leads and probes and to "
        "{:.1e} between the leads (allowed: {:.0e})",
        of_terminals, of_leads, max_unitarity_error));
  }
  return result;
}

linalg::FactorForecast DephasingEngine::forecast() const {
  const auto factor = self_->lu.forecast();
  const auto n_probes = static_cast<double>(self_->n_probes);
  const auto n_orbitals = static_cast<double>(self_->layout.n_orbitals());
  // A column of G passes every entry of the factors once, 8 real operations on 16 bytes, at a quarter of
  // the speed of a factorisation (measured): it waits for memory.
  const double columns = 4.0 * n_orbitals * 8.0 * factor.megabytes * 1e6 / 16.0;
  // Some hundred products with W where it is not factorised.
  const double probes =
      n_probes * n_probes * (self_->iterates ? 200.0 * 2.0 : 2.0 / 3.0 * n_probes);
  return {factor.flops + columns + probes,
          factor.megabytes + 8e-6 * n_probes * n_probes +
              16e-6 * 3.0 * n_orbitals * static_cast<double>(block_size)};
}

}  // namespace edotb::coherent
