#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/model/model.hpp"
#include "edotb/sample/geometry.hpp"

#include <string>
#include <vector>

namespace edotb::sample {

/// A uniform field as a sample feels it.
struct Field {
  Vector3 b{};       ///< (charge/hbar) B [rad/a^2], Cartesian
  Vector3 zeeman{};  ///< factor of sigma in the Zeeman term, (g/2) mu_B B [eV or t]
  /// B = magnitude * direction, what moments line up with: T or rad/plaquette; a unit vector.
  double magnitude = 0.0;
  Vector3 direction{1, 0, 0};
};

/// A tight-binding sample of any shape with its contacts. Its Hamiltonian in a field is
///     <i|H|j> = T_ij exp(i A((r_i + r_j)/2).(r_i - r_j))  +  (zeeman + exchange).sigma  on site.
/// A is periodic along the sample's axis, and every lead has an A that is periodic along itself; they
/// differ by grad chi, so turning the sites under a lead by exp(i chi) joins the two exactly
/// (physics.md §1).
class Device {
 public:
  /// Throws bad_input when the shape holds no site, a contact touches none, or a region is empty.
  Device(model::Model device, model::Model lead, const deck::Deck& deck);

  [[nodiscard]] const DeviceLayout& layout() const { return layout_; }
  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  [[nodiscard]] const model::Model& model() const { return device_; }

  /// Why this field, of strength `magnitude`, does not fit a periodic cross-section (a flux is not a
  /// whole number of quanta), or "".
  [[nodiscard]] std::string objection(const Field& field, double magnitude) const;
  /// Entries of the clean device's Hamiltonian, in the layout's pattern.
  [[nodiscard]] std::vector<linalg::Complex> hamiltonian(const Field& field) const;
  /// How much of the field a site feels: less than 1 on a ramp.
  [[nodiscard]] double field_strength(std::size_t site) const { return field_strength(site, site); }
  /// The leads; field-free when the field acts in the device only.
  [[nodiscard]] std::vector<LeadCell> leads(const Field& field) const;
  /// The vector between two sites, on a torus the short way round [a].
  [[nodiscard]] Vector3 displacement(std::size_t from, std::size_t to) const;
  /// The volume of the unit cell (of a planar model its area) over its number of sites.
  [[nodiscard]] double volume_per_site() const;
  /// b times the area of a cell's face normal to current, width and thickness [rad].
  [[nodiscard]] Vector3 flux_per_plaquette(const Field& field) const;

 private:
  /// The same on a bond.
  [[nodiscard]] double field_strength(std::size_t a, std::size_t b) const;

  /// A region's terms at one of its sites.
  struct SiteTerm {
    std::size_t site = 0;
    double potential = 0.0;
    Vector3 exchange{};
  };

  model::Model device_;
  model::Model lead_;
  deck::LeadOptions lead_options_;
  bool everywhere_ = true;
  int ramp_cells_ = 0;
  Geometry geometry_;
  std::vector<SiteBond> bonds_;
  DeviceLayout layout_;
  Ramp ramp_;
  std::vector<SiteTerm> site_terms_;
};

}  // namespace edotb::sample
