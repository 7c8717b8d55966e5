#include "edotb/sample/sample.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/random.hpp"
#include "edotb/model/library.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace edotb::sample {

namespace {

/// Refuses a bar that no machine, or not this one, can hold, before it takes the memory.
void check_size(const deck::Deck& deck, const model::Model& device) {
  const auto n_orbitals = static_cast<double>(device.n_orbitals());
  const double slice = n_orbitals * deck.shape.width * deck.shape.thickness;
  if (slice > max_lead_orbitals) {
    throw bad_input(fmt::format(
        "{}: width {} x thickness {} is {:.6g} orbitals in a lead cell, more than the {} that a "
        "lead's dense matrices allow",
        deck.where("sample.shape.width"), deck.shape.width, deck.shape.thickness, slice,
        max_lead_orbitals));
  }
  // Per row of the sparse Hamiltonian: the columns while it is built, the columns and the values.
  const double entries = 2.0 * static_cast<double>(device.hoppings.size()) + 1.0;
  const double bytes = slice * deck.shape.length * (24.0 + n_orbitals * entries * 32.0);
  const double memory =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (memory > 0.0 && bytes > memory) {
    throw bad_input(fmt::format(
        "{}: a bar of {} x {} x {} cells takes {:.3g} GB for its Hamiltonian alone, and this "
        "machine has {:.3g} GB",
        deck.where("sample.shape.length"), deck.shape.length, deck.shape.width,
        deck.shape.thickness, 1e-9 * bytes, 1e-9 * memory));
  }
}

std::variant<Bar, SystemFile> build(const deck::Deck& deck) {
  if (!deck.model) {
    return with_context([&] { return deck.where("sample.system_file"); },
                        [&] { return read_system_file(deck.system_file); });
  }
  const model::Model device = device_model(deck);
  check_size(deck, device);
  return Bar(device, lead_model(deck), deck.shape, deck.field);
}

}  // namespace

model::Model device_model(const deck::Deck& deck) {
  return model::build(deck.model->name, deck.model->parameters);
}

model::Model lead_model(const deck::Deck& deck) {
  auto parameters = deck.model->parameters;
  for (const auto& [name, value] : deck.leads.parameters) parameters[name] = value;
  model::Model lead = model::build(deck.model->name, parameters);
  for (std::size_t i = 0; i < lead.n_orbitals(); ++i) lead.onsite(i, i) += deck.leads.potential;
  return lead;
}

Sample::Sample(const deck::Deck& deck)
    : body_(build(deck)),
      anderson_widths_(deck.anderson_widths),
      seed_(deck.ensemble.seed),
      field_free_leads_(!deck.model || !deck.field.everywhere),
      lattice_units_(deck.lattice_units),
      lattice_constant_(deck.model ? deck.model->lattice_constant : 1.0),
      azimuth_(deck.field.azimuth),
      g_factor_(deck.field.g_factor) {
  const auto* bar = std::get_if<Bar>(&body_);
  if (bar == nullptr) return;
  constexpr int max_shown = 10;
  int n_objections = 0;
  std::string objections;
  for (const double magnitude : deck.field.magnitude) {
    for (const double angle : deck.field.angle) {
      const std::string objection = bar->objection(field(magnitude, angle), magnitude);
      if (objection.empty() || ++n_objections > max_shown) continue;
      objections += fmt::format("{}: {} at field.angle {}: {}\n", deck.where("field.magnitude"),
                                magnitude, angle, objection);
    }
  }
  if (n_objections == 0) return;
  if (n_objections > max_shown) {
    objections += fmt::format("... and {} more\n", n_objections - max_shown);
  }
  throw bad_input(objections + fmt::format("{} field{} that do{} not fit; nothing was started",
                                           n_objections, n_objections == 1 ? "" : "s",
                                           n_objections == 1 ? "es" : ""));
}

const DeviceLayout& Sample::layout() const {
  const auto* bar = std::get_if<Bar>(&body_);
  return bar != nullptr ? bar->layout() : std::get<SystemFile>(body_).layout;
}

std::string Sample::current_axis() const {
  const auto* bar = std::get_if<Bar>(&body_);
  return bar != nullptr ? std::string(1, "xyz"[bar->axes().current]) : "";
}

Field Sample::field(double magnitude, double angle) const {
  const auto* bar = std::get_if<Bar>(&body_);
  if (bar == nullptr) return {};
  const Vector3 direction = field_direction(bar->axes(), angle, azimuth_);
  if (lattice_units_) return {magnitude * direction, 0.5 * g_factor_ * magnitude * direction};
  // The electron's charge is -e: (charge/hbar) B a^2 = -2 pi B a^2 / (h/e).
  const double area = lattice_constant_ * lattice_constant_;
  const double flux = -2.0 * constants::pi * magnitude * area / constants::flux_quantum;
  // Adding zero turns the -0 of absent components into 0, which tables print.
  return {flux * direction + Vector3{},
          0.5 * g_factor_ * constants::bohr_magneton * magnitude * direction};
}

std::vector<linalg::Complex> Sample::clean_hamiltonian(const Field& field) const {
  const auto* bar = std::get_if<Bar>(&body_);
  return bar != nullptr ? bar->hamiltonian(field) : std::get<SystemFile>(body_).hamiltonian;
}

void Sample::add_disorder(std::int64_t realisation, std::span<linalg::Complex> hamiltonian) const {
  const auto& pattern = *layout().pattern;
  for (std::size_t term = 0; term < anderson_widths_.size(); ++term) {
    const double width = anderson_widths_[term];
    for (std::size_t site = 0; site < pattern.n_blocks(); ++site) {
      const double u = uniform({.seed = seed_,
                                .realisation = static_cast<std::uint64_t>(realisation),
                                .site = site,
                                .purpose = Purpose::anderson,
                                .index = term});
      const double energy = width * (u - 0.5);
      for (auto i = pattern.block_offsets[site]; i < pattern.block_offsets[site + 1]; ++i) {
        hamiltonian[static_cast<std::size_t>(pattern.find(i, i))] += energy;
      }
    }
  }
}

std::vector<LeadCell> Sample::leads(const Field& field) const {
  const auto* bar = std::get_if<Bar>(&body_);
  return bar != nullptr ? bar->leads(field) : std::get<SystemFile>(body_).leads;
}

Vector3 Sample::flux_per_plaquette(const Field& field) const {
  const auto* bar = std::get_if<Bar>(&body_);
  return bar != nullptr ? bar->flux_per_plaquette(field) : Vector3{};
}

}  // namespace edotb::sample
