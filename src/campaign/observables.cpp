#include "edotb/campaign/observables.hpp"

#include "edotb/base/error.hpp"
#include "edotb/campaign/point_solver.hpp"
#include "edotb/coherent/observables.hpp"
#include "edotb/lead/channels.hpp"
#include "observable_blocks.hpp"
#include "observable_datasets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb::campaign {

using linalg::Complex;
using linalg::Matrix;

Observables::Observables(const deck::Deck& deck, const sample::Sample& sample)
    : options_(deck.observables),
      where_(deck.where("output.observables")),
      layout_(sample.layout()),
      is_placed_(layout_.site_positions.size() == layout_.n_sites()),
      datasets_(observable_datasets(
          deck, is_placed_, sample.device() == nullptr ? 0 : sample.device()->model().dimension)) {
  if (empty()) return;
  if (!options_.voltages.empty() && options_.voltages.size() != layout_.n_leads()) {
    throw bad_input(fmt::format("{}: {} voltages for {} contacts; give one for each",
                                deck.where("output.voltages"), options_.voltages.size(),
                                layout_.n_leads()));
  }
  for (const std::int64_t site : options_.sites) {
    if (site >= static_cast<std::int64_t>(layout_.n_sites())) {
      throw bad_input(fmt::format("{}: there is no site {}; the sample has {}, from 0",
                                  deck.where("output.sites"), site, layout_.n_sites()));
    }
    const auto& offsets = layout_.pattern->block_offsets;
    for (auto i = offsets[static_cast<std::size_t>(site)];
         i < offsets[static_cast<std::size_t>(site) + 1]; ++i) {
      orbitals_.push_back(i);
    }
  }
  if (options_.resolve == "valley") {
    for (const auto& contact : sample.device()->geometry().contacts) {
      if (!contact.is_lead) {
        throw bad_input(deck.where("output.resolve") +
                        ": valley needs crystals as leads; metals without structure have none");
      }
      outwards_.push_back(contact.outwards);
    }
    sectors_ = {-1.0, 1.0};
  } else if (options_.resolve != "none") {
    conserved_ = with_context(
        [&] { return deck.where("output.resolve"); },
        [&] { return sample::conserved_quantity(*sample.device(), options_.resolve); });
    sectors_ = conserved_->eigenvalues;
    check_conserved(deck, sample);
  }
  if (wants("currents")) bonds_ = coherent::bonds_of(layout_);
  add_fixed_datasets(deck, sample);
}

void Observables::check_conserved(const deck::Deck& deck, const sample::Sample& sample) const {
  constexpr double tolerance = 1e-10;
  for (const double magnitude : deck.field.magnitude) {
    for (const double angle : deck.field.angle) {
      const auto cells = sample.leads(sample.field(magnitude, angle));
      for (std::size_t k = 0; k < cells.size(); ++k) {
        const double error = lead::conservation_error(cells[k], conserved_->on_interface[k]);
        if (error <= tolerance) continue;
        throw bad_input(fmt::format(
            "{}: lead {} does not conserve {} (field.magnitude {}, field.angle {}): its "
            "Hamiltonian "
            "does not commute with it, by {:.1e}. Take leads that do (sample.leads.model), or "
            "another choice",
            deck.where("output.resolve"), k, options_.resolve, magnitude, angle, error));
      }
      if (sample.field_free_leads()) return;
    }
  }
}

void Observables::add_fixed_datasets(const deck::Deck& deck, const sample::Sample& sample) {
  const bool has_sites = wants("local_density") || wants("currents");
  const bool has_orbitals = wants("scattering_states");
  if (!has_sites && !has_orbitals) return;
  const sample::Device* device = sample.device();
  const double a = device != nullptr ? deck.model->lattice_constant : 1.0;
  if (is_placed_) {
    std::vector<double> positions;
    for (const Vector3& r : layout_.site_positions) {
      for (const double x : r) positions.push_back(a * x);
    }
    const std::string unit(device != nullptr
                               ? deck::unit_name(deck::Quantity::length, deck.lattice_units)
                               : std::string_view("as in the system file"));
    fixed_.push_back({{"site_position", {"site", "cartesian"}, unit, "position of the site"},
                      std::move(positions)});
  }
  const auto& offsets = layout_.pattern->block_offsets;
  std::vector<std::int64_t> first_orbitals(offsets.begin(), offsets.end() - 1);
  fixed_.push_back({{"site_first_orbital", {"site"}, "1", "the first orbital of the site"},
                    std::move(first_orbitals)});
  std::vector<std::int64_t> contact(layout_.n_sites(), -1);
  for (std::size_t k = 0; k < layout_.n_leads(); ++k) {
    for (const std::int64_t orbital : layout_.interfaces[k]) {
      const auto after = std::upper_bound(offsets.begin(), offsets.end(), orbital);
      contact[static_cast<std::size_t>(after - offsets.begin() - 1)] = static_cast<std::int64_t>(k);
    }
  }
  fixed_.push_back(
      {{"site_contact", {"site"}, "1", "the contact on the site, or -1"}, std::move(contact)});
  if (!wants("currents")) return;
  std::vector<std::int64_t> ends;
  for (const auto& [from, to] : bonds_.sites) {
    ends.insert(ends.end(), {from, to});
    if (!is_placed_) continue;
    const auto i = static_cast<std::size_t>(from);
    const auto j = static_cast<std::size_t>(to);
    // Lengths in a and the volume in a^d make a density in a^(1-d).
    if (device == nullptr) {
      bond_directions_.push_back(layout_.site_positions[j] - layout_.site_positions[i]);
    } else {
      const double to_density =
          std::pow(a, 1 - device->model().dimension) / device->volume_per_site();
      bond_directions_.push_back(to_density * device->displacement(i, j));
    }
  }
  fixed_.push_back({{"bond_sites",
                     {"bond", "end"},
                     "1",
                     "the two sites of the bond; its current is positive from the first to the "
                     "second"},
                    std::move(ends)});
}

bool Observables::wants_channels() const {
  return wants("s_matrix") || wants("scattering_states") || wants("resolved_transmission");
}

bool Observables::needs_states() const {
  return wants("density_of_states") || wants("local_density") || wants("scattering_states") ||
         wants("currents");
}

std::vector<lead::LeadSolution> Observables::ordered(std::vector<lead::LeadSolution> leads) const {
  if (!wants_channels()) return leads;
  for (std::size_t k = 0; k < leads.size(); ++k) {
    with_context([&] { return fmt::format("lead {}, output.resolve {}", k, options_.resolve); },
                 [&] {
                   leads[k] = conserved_ ? lead::in_channel_order(std::move(leads[k]),
                                                                  conserved_->on_interface[k],
                                                                  conserved_->eigenvalues)
                              : outwards_.empty()
                                  ? lead::in_channel_order(std::move(leads[k]))
                                  : lead::in_valley_order(std::move(leads[k]), outwards_[k]);
                 });
  }
  return leads;
}

std::vector<ObservableBlock> Observables::evaluate(coherent::Engine& engine,
                                                   std::span<const Complex> hamiltonian,
                                                   std::span<const lead::LeadSolution> leads,
                                                   double energy,
                                                   const coherent::Scattering& scattering) const {
  std::vector<ObservableBlock> blocks;
  add_channel_blocks(leads, scattering, blocks);
  Matrix states;
  if (needs_states()) states = engine.scattering_states(hamiltonian, leads, energy);
  if (wants("density_of_states") || wants("local_density")) {
    const auto density = coherent::local_density_of_states(states);
    if (wants("density_of_states")) {
      blocks.push_back({{}, {std::accumulate(density.begin(), density.end(), 0.0)}});
    }
    if (wants("local_density")) {
      blocks.push_back({{layout_.n_sites()}, coherent::per_site(layout_, density)});
    }
  }
  if (wants("scattering_states")) blocks.push_back(state_block(states, leads));
  if (wants("green")) {
    blocks.push_back(
        green_block(engine.green_columns(hamiltonian, leads, energy, orbitals_), orbitals_));
  }
  if (wants("currents")) add_currents(hamiltonian, leads, states, blocks);
  return blocks;
}

void Observables::add_channel_blocks(std::span<const lead::LeadSolution> leads,
                                     const coherent::Scattering& scattering,
                                     std::vector<ObservableBlock>& blocks) const {
  const std::size_t n_leads = leads.size();
  const std::size_t n_sectors = sectors_.size();
  if (wants("s_matrix") || wants("scattering_states")) {
    for (auto direction : {&lead::LeadSolution::incoming, &lead::LeadSolution::outgoing}) {
      blocks.push_back(mode_block(leads, direction, [](const auto& m) { return m.momentum; }));
      blocks.push_back(mode_block(leads, direction, [](const auto& m) { return m.velocity; }));
      if (n_sectors == 0) continue;
      blocks.push_back(mode_block(leads, direction, [&](const auto& m) {
        return sectors_[static_cast<std::size_t>(m.sector)];
      }));
    }
  }
  if (wants("s_matrix")) blocks.push_back(s_matrix_block(scattering, leads));
  if (wants("transmission_eigenvalues")) blocks.push_back(eigenvalue_block(scattering));
  if (wants("noise")) {
    auto noise = coherent::noise_per_source(scattering);
    blocks.push_back({{n_leads, n_leads, n_leads}, std::move(noise.noise)});
    blocks.push_back({{n_leads, n_leads}, std::move(noise.fano_factor)});
    if (!options_.voltages.empty()) {
      blocks.push_back({{n_leads, n_leads}, coherent::shot_noise(scattering, options_.voltages)});
    }
  }
  if (wants("resolved_transmission")) {
    blocks.push_back({{n_leads, n_sectors, n_leads, n_sectors},
                      coherent::resolved_transmission(scattering, leads, n_sectors)});
  }
}

void Observables::add_currents(std::span<const Complex> hamiltonian,
                               std::span<const lead::LeadSolution> leads, const Matrix& states,
                               std::vector<ObservableBlock>& blocks) const {
  ObservableBlock current{{leads.size(), bonds_.sites.size()}, {}};
  ObservableBlock density{{leads.size(), layout_.n_sites(), 3}, {}};
  std::size_t first = 0;
  for (const auto& lead : leads) {
    const auto along_bonds =
        coherent::bond_currents(layout_, bonds_, hamiltonian, states, first, lead.n_modes());
    first += lead.n_modes();
    current.values.insert(current.values.end(), along_bonds.begin(), along_bonds.end());
    if (!is_placed_) continue;
    const auto at_sites =
        coherent::site_currents(layout_.n_sites(), bonds_, along_bonds, bond_directions_);
    density.values.insert(density.values.end(), at_sites.begin(), at_sites.end());
  }
  const bool is_biased = !options_.voltages.empty();
  blocks.push_back(current);
  if (is_placed_) blocks.push_back(density);
  if (is_biased) blocks.push_back(biased(current, options_.voltages));
  if (is_biased && is_placed_) blocks.push_back(biased(density, options_.voltages));
}

std::size_t ObservableAxis::length() const {
  return std::visit([](const auto& list) { return list.size(); }, values);
}

std::vector<ObservableAxis> Observables::axes(std::size_t most_modes) const {
  const std::vector<ObservableAxis> all = {
      {"mode", "mode of a lead, in channel order", count_to(most_modes)},
      {"mode_to", "outgoing mode, in channel order", count_to(most_modes)},
      {"mode_from", "incoming mode, in channel order", count_to(most_modes)},
      {"eigenvalue", "number of the eigenvalue", count_to(most_modes)},
      {"sector_to", options_.resolve + " of the outgoing modes", sectors_},
      {"sector_from", options_.resolve + " of the incoming modes", sectors_},
      {"site", "site of the device", count_to(layout_.n_sites())},
      {"orbital", "orbital of the device", count_to(layout_.n_orbitals())},
      {"orbital_to", "orbital of the device", orbitals_},
      {"orbital_from", "orbital of the device", orbitals_},
      {"bond", "bond of the device", count_to(bonds_.sites.size())},
      {"end", "end of the bond", count_to(2)},
      {"cartesian", "x, y, z", count_to(3)}};
  std::vector<ObservableAxis> used;
  for (const auto& axis : all) {
    const auto has_it = [&](const ObservableDataset& dataset) {
      return std::find(dataset.axes.begin(), dataset.axes.end(), axis.name) != dataset.axes.end();
    };
    if (std::any_of(datasets_.begin(), datasets_.end(), has_it) ||
        std::any_of(fixed_.begin(), fixed_.end(),
                    [&](const FixedDataset& fixed) { return has_it(fixed.dataset); })) {
      used.push_back(axis);
    }
  }
  return used;
}

bool Observables::counts_modes() const {
  const auto list = axes(0);
  return std::any_of(list.begin(), list.end(), [](const ObservableAxis& axis) {
    return axis.name.starts_with("mode") || axis.name == "eigenvalue";
  });
}

double Observables::gigabytes(std::int64_t n_points, std::size_t most_modes) const {
  std::map<std::string, double> lengths;
  for (const char* axis : {"lead", "lead_to", "lead_from"}) {
    lengths[axis] = static_cast<double>(layout_.n_leads());
  }
  for (const auto& axis : axes(most_modes)) {
    lengths[axis.name] = static_cast<double>(axis.length());
  }
  double total = 0.0;
  for (const auto& dataset : datasets_) {
    double size = dataset.is_complex ? 16.0 : 8.0;
    for (const auto& axis : dataset.axes) size *= lengths.at(axis);
    total += size;
  }
  return 1e-9 * total * static_cast<double>(n_points);
}

void Observables::check_size(std::int64_t n_points, std::size_t most_modes) const {
  const double size = gigabytes(n_points, most_modes);
  if (size <= options_.max_gigabytes) return;
  throw bad_input(
      fmt::format("{}: the observables of {} points would fill {:.3g} GB, more than "
                  "output.max_gigabytes {}; ask "
                  "for less, for fewer points, or allow more",
                  where_, n_points, size, options_.max_gigabytes));
}

std::size_t most_open_modes(const deck::Deck& deck, const sample::Sample& sample,
                            const mpi::Communicator& comm) {
  const PointList points(deck);
  const auto& shape = points.shape();
  std::size_t most = 0;
  mpi::collectively(comm, [&] {
    std::int64_t number = 0;
    for (std::int64_t f = 0; f < (sample.field_free_leads() ? 1 : shape[0]); ++f) {
      for (std::int64_t a = 0; a < (sample.field_free_leads() ? 1 : shape[1]); ++a) {
        for (std::int64_t e = 0; e < shape[2]; ++e) {
          if (number++ % comm.size() != comm.rank()) continue;
          try {
            const double energy = deck.energy[static_cast<std::size_t>(e)];
            most = std::max(most, most_of(solve_leads(deck, sample, {f, a, e, 0}, energy)));
          } catch (const Error& error) {
            if (error.kind() != ErrorKind::numerical) throw;  // the point itself will fail
          }
        }
      }
    }
  });
  return static_cast<std::size_t>(mpi::maximum(comm, static_cast<double>(most)));
}

}  // namespace edotb::campaign
