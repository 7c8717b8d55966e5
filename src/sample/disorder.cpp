// H = H_clean + sum over terms of
//   anderson, gaussian   e_s on every orbital of site s
//   hopping_phases       H_st -> H_st exp(i theta_st)
//   magnetic             (V - J S_s.sigma) on the sites with an impurity
//   vacancies            no bond to site s

#include "edotb/sample/disorder.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/sample/moments.hpp"
#include "edotb/sample/surface.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;
using linalg::SparsityPattern;

namespace {

/// The sites that a term's `where` selects. A vacancy under a lead would break the lead's own cell.
std::vector<std::size_t> sites_of(const deck::DisorderTerm& term, const DeviceLayout& layout,
                                  const Device* device) {
  using Where = deck::DisorderTerm::Where;
  std::vector<bool> selected(layout.n_sites(), true);
  if (device != nullptr && term.where != Where::all) {
    selected = surface_sites(device->geometry(), device->model(), term.depth);
    if (term.where == Where::bulk) selected.flip();
  }
  if (std::holds_alternative<deck::Vacancies>(term.kind)) {
    const auto& offsets = layout.pattern->block_offsets;
    for (std::size_t k = 0; k < layout.n_leads(); ++k) {
      if (device != nullptr && !device->geometry().contacts[k].is_lead) continue;
      for (const std::int64_t orbital : layout.interfaces[k]) {
        const auto next = std::upper_bound(offsets.begin(), offsets.end(), orbital);
        selected[static_cast<std::size_t>(next - offsets.begin()) - 1] = false;
      }
    }
  }
  std::vector<std::size_t> sites;
  for (std::size_t s = 0; s < selected.size(); ++s) {
    if (selected[s]) sites.push_back(s);
  }
  return sites;
}

/// Lengths after which the sample closes on itself; 0: it does not.
Vector3 periods_of(const Device& device) {
  Vector3 periods{};
  for (std::size_t i = 0; i < 3; ++i) {
    periods[i] = device.geometry().torus_extents[i] * norm(device.model().lattice_vectors[i]);
  }
  return periods;
}

/// One realisation on its way into a Hamiltonian.
class Realisation {
 public:
  Realisation(const SparsityPattern& pattern, std::span<Complex> hamiltonian)
      : pattern_(pattern), hamiltonian_(hamiltonian) {}

  /// sum_s energy(s) on every orbital of site s.
  template <class Energy>
  void add_energies(std::span<const std::size_t> sites, Energy&& energy) {
    for (const std::size_t s : sites) {
      const double value = energy(s);
      for (auto i = first(s); i < first(s + 1); ++i) entry(i, i) += value;
    }
  }

  /// H_ij -> H_ij exp(i phase) between sites s < t, the same for all their orbitals.
  void add_phases(double width, RandomKey key) {
    for (std::size_t s = 0; s < pattern_.n_blocks(); ++s) {
      for (auto i = first(s); i < first(s + 1); ++i) {
        const auto row = static_cast<std::size_t>(i);
        std::size_t t = s;
        for (auto k = pattern_.row_offsets[row]; k < pattern_.row_offsets[row + 1]; ++k) {
          const auto j = pattern_.columns[static_cast<std::size_t>(k)];
          if (j < first(s + 1)) continue;
          while (j >= first(t + 1)) ++t;
          key.site = static_cast<std::uint64_t>(s) | static_cast<std::uint64_t>(t) << 32U;
          const Complex factor = std::polar(1.0, width * (uniform(key) - 0.5));
          hamiltonian_[static_cast<std::size_t>(k)] *= factor;
          entry(j, i) *= std::conj(factor);
        }
      }
    }
  }

  /// V - J S.sigma on the sites of a device that carry an impurity.
  void add_moments(const deck::MagneticImpurities& impurities, std::span<const std::size_t> sites,
                   const Device& device, const Field& field, double magneton, RandomKey key) {
    const std::uint64_t term = key.index;
    const double sign = field.magnitude * impurities.g_factor < 0.0 ? -1.0 : 1.0;
    const Vector3 direction = sign * field.direction;
    const double x = magneton * std::abs(impurities.g_factor * field.magnitude) * impurities.spin /
                     impurities.temperature;
    const auto sigma = spin_of_sublattices(device.model());
    for (const std::size_t s : sites) {
      key.site = s;
      key.purpose = Purpose::impurities;
      key.index = term;
      if (uniform(key) >= impurities.density) continue;
      key.purpose = Purpose::moments;
      key.index = 2 * term;
      const double u = uniform(key);
      key.index = 2 * term + 1;
      Vector3 start = isotropic_direction(u, uniform(key));
      if (impurities.reversed) start = -1.0 * start;
      const double here = x * device.field_strength(s);
      const Vector3 moment = impurities.quantum
                                 ? quantum_moment(start, direction, here, impurities.spin)
                                 : impurities.spin * classical_moment(start, direction, here);
      const auto& [x_part, y_part, z_part] =
          sigma[static_cast<std::size_t>(device.geometry().sites[s].sublattice)];
      for (auto i = first(s); i < first(s + 1); ++i) {
        for (auto j = first(s); j < first(s + 1); ++j) {
          const auto a = static_cast<std::size_t>(i - first(s));
          const auto b = static_cast<std::size_t>(j - first(s));
          Complex value =
              -impurities.exchange *
              (moment[0] * x_part(a, b) + moment[1] * y_part(a, b) + moment[2] * z_part(a, b));
          if (i == j) value += impurities.potential;
          if (value != 0.0) entry(i, j) += value;
        }
      }
    }
  }

  /// Cuts a site off, and moves its level out of the spectrum (Gershgorin) where nothing meets it.
  void remove(std::span<const std::size_t> sites) {
    double bound = 1.0;
    for (std::size_t row = 0; row < pattern_.rows(); ++row) {
      double sum = 0.0;
      for (auto k = pattern_.row_offsets[row]; k < pattern_.row_offsets[row + 1]; ++k) {
        sum += std::abs(hamiltonian_[static_cast<std::size_t>(k)]);
      }
      bound = std::max(bound, sum);
    }
    for (const std::size_t s : sites) {
      for (auto row = first(s); row < first(s + 1); ++row) {
        const auto begin = static_cast<std::size_t>(row);
        for (auto k = pattern_.row_offsets[begin]; k < pattern_.row_offsets[begin + 1]; ++k) {
          hamiltonian_[static_cast<std::size_t>(k)] = 0.0;
          entry(pattern_.columns[static_cast<std::size_t>(k)], row) = 0.0;
        }
        entry(row, row) = 2.0 * bound;
      }
    }
  }

 private:
  /// sigma_x, sigma_y, sigma_z on the orbitals of each site of the cell.
  [[nodiscard]] static std::vector<std::array<Matrix, 3>> spin_of_sublattices(
      const model::Model& model) {
    std::vector<std::array<Matrix, 3>> sigma(model.sites.size());
    for (std::size_t s = 0; s < sigma.size(); ++s) {
      for (std::size_t i = 0; i < 3; ++i) {
        const int sublattice = static_cast<int>(s);
        sigma[s][i] = site_block(model, model.spin[i], sublattice, sublattice);
      }
    }
    return sigma;
  }
  /// First orbital of a site.
  [[nodiscard]] std::int64_t first(std::size_t s) const { return pattern_.block_offsets[s]; }
  [[nodiscard]] Complex& entry(std::int64_t row, std::int64_t column) {
    return hamiltonian_[static_cast<std::size_t>(pattern_.find(row, column))];
  }

  const SparsityPattern& pattern_;
  std::span<Complex> hamiltonian_;
};

}  // namespace

Disorder::Disorder(const deck::Deck& deck, const DeviceLayout& layout, const Device* device)
    : seed_(deck.ensemble.seed),
      magneton_(deck.lattice_units ? 1.0 : constants::bohr_magneton / constants::boltzmann) {
  for (std::size_t k = 0; k < deck.disorder.size(); ++k) {
    const std::string key = fmt::format("sample.disorder[{}].", k);
    Term term{deck.disorder[k], sites_of(deck.disorder[k], layout, device), {}};
    if (std::holds_alternative<deck::MagneticImpurities>(term.deck.kind) &&
        device->model().spin.empty()) {
      throw bad_input(deck.where(key + "kind") + ": the model has no spin for moments to act on");
    }
    if (term.sites.empty()) {
      throw bad_input(deck.where(key + "where") + ": the sample has no such site");
    }
    if (const auto* gaussian = std::get_if<deck::Gaussian>(&term.deck.kind)) {
      std::vector<Vector3> points;
      for (const std::size_t s : term.sites) {
        points.push_back(layout.site_positions[s]);
      }
      with_context([&] { return deck.where(key + "correlation_length"); },
                   [&] {
                     term.correlated.emplace(points, periods_of(*device),
                                             gaussian->correlation_length);
                   });
    }
    terms_.push_back(std::move(term));
  }
}

void Disorder::add(const DeviceLayout& layout, const Device* device, const Field& field,
                   std::int64_t realisation, std::span<Complex> hamiltonian) const {
  Realisation target(*layout.pattern, hamiltonian);
  RandomKey key{.seed = seed_, .realisation = static_cast<std::uint64_t>(realisation)};
  std::vector<std::size_t> missing;
  for (std::size_t k = 0; k < terms_.size(); ++k) {
    const Term& term = terms_[k];
    key.index = k;
    const auto uniform_at = [&](std::size_t site, Purpose purpose) {
      key.purpose = purpose;
      key.site = site;
      return uniform(key);
    };
    if (const auto* anderson = std::get_if<deck::Anderson>(&term.deck.kind)) {
      target.add_energies(term.sites, [&](std::size_t s) {
        return anderson->width * (uniform_at(s, Purpose::anderson) - 0.5);
      });
    }
    if (const auto* gaussian = std::get_if<deck::Gaussian>(&term.deck.kind)) {
      key.purpose = Purpose::gaussian;
      const auto values = term.correlated->draw(key);
      std::size_t n_used = 0;
      target.add_energies(term.sites,
                          [&](std::size_t) { return gaussian->strength * values[n_used++]; });
    }
    if (const auto* vacancies = std::get_if<deck::Vacancies>(&term.deck.kind)) {
      for (const std::size_t s : term.sites) {
        if (uniform_at(s, Purpose::vacancies) < vacancies->density) missing.push_back(s);
      }
    }
    if (const auto* phases = std::get_if<deck::HoppingPhases>(&term.deck.kind)) {
      key.purpose = Purpose::hopping_phases;
      target.add_phases(phases->width, key);
    }
    if (const auto* impurities = std::get_if<deck::MagneticImpurities>(&term.deck.kind)) {
      target.add_moments(*impurities, term.sites, *device, field, magneton_, key);
    }
  }
  // After the other terms, which must not bring a missing site's level back.
  if (!missing.empty()) target.remove(missing);
}

}  // namespace edotb::sample
