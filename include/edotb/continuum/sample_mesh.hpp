#pragma once

#include "edotb/continuum/contacts.hpp"
#include "edotb/continuum/grid.hpp"

namespace edotb::continuum {

enum class SampleKind { bar, hall_bar, corbino, cylinder };

/// A rectangle or a disc on a flat side of a sample, all of which is one contact.
struct Patch {
  ContactKind contact;
  std::size_t axis = 0;  ///< of the side's normal: 0, 1, 2 = x, y, z
  int sign = 1;          ///< the side at the upper (+1) or lower (-1) end of that axis
  Vector3 centre{};      ///< the part along `axis` does not matter
  Vector3 size{};        ///< 0: as far as the side goes
  double radius = 0.0;   ///< of a disc, in place of `size`; 0: a rectangle
};

/// A conductor's outline, in any one unit of length. The origin is the centre of the sample, x the
/// direction of the current; the axis of a corbino is z, of a cylinder x.
struct SampleShape {
  SampleKind kind = SampleKind::bar;
  bool film = false;  ///< in the plane of x and y; the thickness is a factor of the conductances
  double length = 1.0;
  double width = 1.0;  ///< of a cylinder, its diameter
  double thickness = 1.0;
  int n_arms = 2;             ///< pairs of side arms of a hall_bar
  double arm_width = 0.0;     ///< along x
  double arm_length = 0.0;    ///< by which the arms stand out; 0: contacts on the bar's sides
  double arm_distance = 0.0;  ///< from the first arm to the last, centre to centre
  double inner_radius = 0.0;  ///< of a corbino
  double outer_radius = 0.0;
  /// Empty: the two ends; of a hall_bar also the arms' ends; of a corbino the inner and the outer rim.
  std::vector<Patch> patches;
  std::vector<Vector3> probes;  ///< points where the potential is asked for
};

/// How fine the first mesh is.
struct Resolution {
  int n_across = 16;      ///< cells across the width; of a corbino, from rim to rim
  double grading = 1e-3;  ///< size of the cells at the edges of contacts over that inside
  Stretch stretch{1, 1,
                  1};  ///< sqrt of the conductivity along x, y, z: cells are longer along good ones
};

/// The contacts in the order of their numbers: the sample's patches, or those it brings along (ends at
/// -x and +x; then of a hall_bar the arms, first those at +y, then those at -y, along x).
[[nodiscard]] std::vector<Patch> contacts_of(const SampleShape& shape);

/// The mesh with its contacts' faces labelled. Throws bad_input for a shape that cannot be, for
/// contacts that overlap, touch or do not lie on the surface, and for probes outside.
[[nodiscard]] Mesh make_sample_mesh(const SampleShape& shape, const Resolution& resolution);

}  // namespace edotb::continuum
