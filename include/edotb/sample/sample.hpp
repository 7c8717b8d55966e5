#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/sample/device.hpp"
#include "edotb/sample/system_file.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace edotb::sample {

/// What turns the strength of a field into what electrons feel.
struct FieldUnits {
  bool lattice_units = false;
  double lattice_constant = 1.0;  ///< nm
  double g_factor = 0.0;
};
[[nodiscard]] FieldUnits field_units(const deck::Deck& deck);
/// The field of strength `magnitude` [T or rad/a^2] along a unit vector.
[[nodiscard]] Field uniform_field(const FieldUnits& units, double magnitude,
                                  const Vector3& direction);

/// The sample of a deck: a shape cut out of a model, or a ready-made system. Gives, for any field and
/// realisation, the Hamiltonian of the device and the cells of the leads.
class Sample {
 public:
  /// Throws bad_input when the deck's sample cannot be built, when a system file is not valid, or when
  /// a field of the sweep does not fit a periodic cross-section.
  explicit Sample(const deck::Deck& deck);

  [[nodiscard]] const DeviceLayout& layout() const;
  /// The sample built from the deck's model; null for a system file.
  [[nodiscard]] const Device* device() const { return std::get_if<Device>(&body_); }
  /// "x", "y" or "z", or "" for a system file.
  [[nodiscard]] std::string current_axis() const;
  [[nodiscard]] bool has_disorder() const { return !anderson_widths_.empty(); }

  /// The field of strength `magnitude` [T or rad/plaquette] at `angle` [deg] from the current.
  [[nodiscard]] Field field(double magnitude, double angle) const;
  [[nodiscard]] std::vector<linalg::Complex> clean_hamiltonian(const Field& field) const;
  /// Adds the disorder of one realisation to the entries of a clean Hamiltonian.
  void add_disorder(std::int64_t realisation, std::span<linalg::Complex> hamiltonian) const;
  [[nodiscard]] std::vector<LeadCell> leads(const Field& field) const;
  /// True when the leads do not depend on the field.
  [[nodiscard]] bool field_free_leads() const { return field_free_leads_; }
  /// The whole scattering problem at one point, clean or with the disorder of a realisation.
  [[nodiscard]] SystemFile system(const Field& field,
                                  std::optional<std::int64_t> realisation = {}) const;
  /// Flux through a cell's faces normal to current, width and thickness [rad].
  [[nodiscard]] Vector3 flux_per_plaquette(const Field& field) const;

 private:
  std::variant<Device, SystemFile> body_;
  std::vector<double> anderson_widths_;
  std::uint64_t seed_ = 0;
  bool field_free_leads_ = true;
  FieldUnits units_;
  double azimuth_ = 0.0;
};

/// The model of a deck's device, and of its leads: with their own parameters where the deck gives
/// them, shifted by their potential.
[[nodiscard]] model::Model device_model(const deck::Deck& deck);
[[nodiscard]] model::Model lead_model(const deck::Deck& deck);

}  // namespace edotb::sample
