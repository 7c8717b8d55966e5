#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/sample/contact_sites.hpp"
#include "edotb/sample/gauge.hpp"
#include "edotb/sample/lattice.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <vector>

namespace edotb::sample {

/// Where a sample's sites and contacts are. Positions are counted from `centre`.
struct Geometry {
  SiteSet sites;
  std::vector<ContactSites> contacts;
  Frame frame;                ///< current, width and thickness
  std::size_t axis = 0;       ///< of the lattice, along the frame's n
  Vector3 centre{};           ///< origin, in the lattice's coordinates
  CellIndex torus_extents{};  ///< cells after which a torus closes; 0: hard walls

  [[nodiscard]] bool is_torus() const { return torus_extents != CellIndex{}; }
};

/// The sites and contacts of a deck's shape. Throws bad_input when the shape holds no site, or a
/// contact touches none.
[[nodiscard]] Geometry make_geometry(const deck::Deck& deck, const model::Model& model);

/// Where a bond that starts at `from` ends, wrapped round the torus.
struct BondEnd {
  LatticeSite site;
  Vector3 translation{};  ///< unwrapped minus wrapped position
};
[[nodiscard]] BondEnd bond_end(const Geometry& geometry, const model::Model& model,
                               const SiteBond& bond, const LatticeSite& from);

/// The pattern of the Hamiltonian, positions and interfaces.
[[nodiscard]] DeviceLayout make_layout(const Geometry& geometry, const model::Model& model);

/// A, and the phases that join it to the leads: sites under a lead across the axis are turned by
/// exp(i phase) into that lead's own gauge.
struct JoinedGauge {
  Gauge gauge;
  std::vector<double> site_phases;  ///< empty where no lead needs any
};
/// `lead_above` is the lead under which each site stands, or -1.
[[nodiscard]] JoinedGauge joined_gauge(const Geometry& geometry, const model::Model& model,
                                       const std::vector<int>& lead_above, const Vector3& b);
/// The gauge of a lead, or of the sample, along `direction`.
[[nodiscard]] Gauge gauge_along(const Geometry& geometry, const Vector3& direction,
                                const Vector3& b);

/// The phase <to|H|from> carries, with both positions from the centre; `end` as of bond_end.
[[nodiscard]] double bond_phase(const Gauge& gauge, const Vector3& to, const Vector3& from,
                                const Vector3& translation);

/// How the field rises from field-free leads: sin^2 over `ramp` cells in front of each.
struct Ramp {
  std::vector<int> lead_above;  ///< the lead whose ramp, or interface, each site belongs to, or -1
  std::vector<double> depth;    ///< cells from the lead's edge to the site; there only
};
/// Throws bad_input when the ramp reaches beyond the arm under a lead.
[[nodiscard]] Ramp make_ramp(const Geometry& geometry, const model::Model& model, int ramp);
/// sin^2(pi depth / 2 ramp), 1 beyond the ramp.
[[nodiscard]] double ramp_strength(double depth, int ramp);

}  // namespace edotb::sample
