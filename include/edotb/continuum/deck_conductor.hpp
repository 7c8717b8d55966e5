#pragma once

#include "edotb/continuum/conductor.hpp"
#include "edotb/continuum/sample_mesh.hpp"
#include "edotb/deck/deck.hpp"

namespace edotb::continuum {

/// The outline, contacts and probes of a deck's conductor; of a mesh file only the probes.
[[nodiscard]] SampleShape shape_of(const deck::Conductor& conductor);

/// The conductor of a deck, ready for any field of its sweep.
class DeckConductor {
 public:
  /// Throws bad_input for a shape, a contact, a probe, a table or a mesh file that cannot be, and for a
  /// field beyond the table.
  explicit DeckConductor(const deck::Deck& deck);

  [[nodiscard]] const std::vector<ContactKind>& contacts() const { return contacts_; }
  [[nodiscard]] const std::vector<Vector3>& probes() const { return shape_.probes; }
  /// The first mesh for a field or a material, before refinement.
  [[nodiscard]] Mesh mesh(double magnitude, double angle) const;
  [[nodiscard]] Mesh mesh(const Material& material) const;
  /// The material in a field of this strength [T] at this angle [deg] from the current (of a corbino:
  /// from its normal); of a film, that of the film.
  [[nodiscard]] Material material(double magnitude, double angle) const;
  /// An ohmic material in place of the deck's.
  [[nodiscard]] Material material(const Conductivity& conductivity, double angle) const;
  [[nodiscard]] ConductorOptions options() const;

 private:
  void read_mesh();
  [[nodiscard]] Vector3 direction(double angle) const;
  [[nodiscard]] Conductivity conductivity(double magnitude) const;
  [[nodiscard]] Material in_shape(const Material& material) const;
  [[nodiscard]] Resolution resolution(const Material& material) const;

  const deck::Conductor& deck_;
  double azimuth_;
  SampleShape shape_;
  std::vector<ContactKind> contacts_;
  ConductivityTable table_;
  std::optional<Mesh> file_mesh_;
};

}  // namespace edotb::continuum
