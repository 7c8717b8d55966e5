#include "edotb/sample/sample.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/model/library.hpp"

#include <fmt/format.h>

namespace edotb::sample {

namespace {

std::variant<Device, SystemFile> build(const deck::Deck& deck) {
  if (!deck.model) {
    return with_context([&] { return deck.where("sample.system_file"); },
                        [&] { return read_system_file(deck.system_file); });
  }
  return Device(device_model(deck), lead_model(deck), deck);
}

}  // namespace

namespace {

model::Model build_model(const deck::Deck& deck, const deck::ModelChoice& choice) {
  const bool is_formula = choice.name == "formula" || choice.name == "continuum";
  const char* const key = is_formula                   ? "sample.model.formula"
                          : choice.name == "wannier90" ? "sample.model.file"
                                                       : "sample.model.name";
  model::Model model = [&] {
    try {
      return model::build(choice);
    } catch (const Error& error) {
      throw Error(error.kind(), deck.where(key) + ": " + error.what());
    }
  }();
  if (deck.field.g_factor != 0.0 && model.spin.empty()) {
    throw bad_input(deck.where("field.g_factor") +
                    ": the model has no spin for a Zeeman term to act on");
  }
  return model;
}

}  // namespace

model::Model device_model(const deck::Deck& deck) { return build_model(deck, *deck.model); }

model::Model lead_model(const deck::Deck& deck) {
  deck::ModelChoice choice = *deck.model;
  for (const auto& [name, value] : deck.leads.parameters) choice.parameters[name] = value;
  model::Model lead = build_model(deck, choice);
  for (std::size_t i = 0; i < lead.n_orbitals(); ++i) lead.onsite(i, i) += deck.leads.potential;
  return lead;
}

FieldUnits field_units(const deck::Deck& deck) {
  return {deck.lattice_units, deck.model ? deck.model->lattice_constant : 1.0, deck.field.g_factor};
}

Field uniform_field(const FieldUnits& units, double magnitude, const Vector3& direction) {
  const double half_g = 0.5 * units.g_factor;
  if (units.lattice_units) {
    return {magnitude * direction, half_g * magnitude * direction, magnitude, direction};
  }
  // The electron's charge is -e: (charge/hbar) B a^2 = -2 pi B a^2 / (h/e).
  const double area = units.lattice_constant * units.lattice_constant;
  const double flux = -2.0 * constants::pi * magnitude * area / constants::flux_quantum;
  // Adding zero turns the -0 of absent components into 0, which tables print.
  return {flux * direction + Vector3{}, half_g * constants::bohr_magneton * magnitude * direction,
          magnitude, direction};
}

Sample::Sample(const deck::Deck& deck)
    : body_(build(deck)),
      disorder_(deck, layout(), device()),
      field_free_leads_(!deck.model || !deck.field.everywhere),
      units_(field_units(deck)),
      azimuth_(deck.field.azimuth) {
  const Device* built = device();
  if (built == nullptr) return;
  constexpr int max_shown = 10;
  int n_objections = 0;
  std::string objections;
  for (const double magnitude : deck.field.magnitude) {
    for (const double angle : deck.field.angle) {
      const std::string objection = built->objection(field(magnitude, angle), magnitude);
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
  const Device* built = device();
  return built != nullptr ? built->layout() : std::get<SystemFile>(body_).layout;
}

std::string Sample::current_axis() const {
  const Device* built = device();
  return built != nullptr ? std::string(1, "xyz"[built->geometry().axis]) : "";
}

Field Sample::field(double magnitude, double angle) const {
  const Device* built = device();
  if (built == nullptr) return {};
  const Vector3 direction = field_direction(built->geometry().frame, angle, azimuth_);
  return uniform_field(units_, magnitude, direction);
}

std::vector<linalg::Complex> Sample::clean_hamiltonian(const Field& field) const {
  const Device* built = device();
  return built != nullptr ? built->hamiltonian(field) : std::get<SystemFile>(body_).hamiltonian;
}

void Sample::add_disorder(const Field& field, std::int64_t realisation,
                          std::span<linalg::Complex> hamiltonian) const {
  if (disorder_.empty()) return;
  disorder_.add(layout(), device(), field, realisation, hamiltonian);
}

std::vector<LeadCell> Sample::leads(const Field& field) const {
  const Device* built = device();
  return built != nullptr ? built->leads(field) : std::get<SystemFile>(body_).leads;
}

SystemFile Sample::system(const Field& field, std::optional<std::int64_t> realisation) const {
  SystemFile system{"", layout(), clean_hamiltonian(field), leads(field)};
  if (realisation) add_disorder(field, *realisation, system.hamiltonian);
  return system;
}

Vector3 Sample::flux_per_plaquette(const Field& field) const {
  const Device* built = device();
  return built != nullptr ? built->flux_per_plaquette(field) : Vector3{};
}

}  // namespace edotb::sample
