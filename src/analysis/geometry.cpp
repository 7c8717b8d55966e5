#include "point_values.hpp"

#include <algorithm>

namespace edotb::analysis {

namespace {

constexpr double metres_per_nm = 1e-9;

/// True when the contacts named `in` and `out` have no extent of their own: they cover their whole sides.
template <class Contacts>
bool cover_their_sides(const Contacts& contacts, const measure::Setup& setup) {
  const auto covers = [&](const measure::Terminal& terminal) {
    return contacts.at(terminal.index).size == Vector3{};
  };
  return covers(setup.in) && covers(setup.out);
}

Geometry geometry_of_conductor(const deck::Conductor& conductor, const measure::Setup& setup) {
  const auto& shape = conductor.shape;
  Geometry g{shape.kind, shape.length, shape.width, shape.thickness, false, true};
  if (shape.kind == "corbino") {
    g.length = shape.inner_radius;
    g.width = shape.outer_radius;
  }
  if (shape.kind == "cylinder") g.thickness = shape.width;
  if (conductor.contacts.empty()) {
    // A hall_bar has its ends first, then its arms.
    const bool are_ends = shape.kind != "hall_bar" || (setup.in.index < 2 && setup.out.index < 2);
    g.full_face_contacts = shape.kind != "mesh" && are_ends;
  } else if (shape.kind != "mesh") {
    g.full_face_contacts = cover_their_sides(conductor.contacts, setup);
  }
  return g;
}

Geometry geometry_of_lattice(const deck::Deck& deck, const measure::Setup& setup) {
  if (!deck.model) return {.shape = "system"};
  const auto& shape = deck.shape;
  const double a = deck.model->lattice_constant * (deck.lattice_units ? 1.0 : metres_per_nm);
  Geometry g{shape.kind, a * shape.length, a * shape.width, a * shape.thickness, false, false};
  if (shape.kind == "corbino" || shape.kind == "ring") {
    g.length = a * shape.inner_radius;
    g.width = a * shape.outer_radius;
  }
  if (deck.contacts.empty()) {
    g.full_face_contacts = shape.kind == "bar" || shape.kind == "corbino" ||
                           (shape.kind == "hall_bar" && setup.in.index < 2 && setup.out.index < 2);
  } else {
    const auto is_round = [&](const measure::Terminal& terminal) {
      return deck.contacts.at(terminal.index).radius > 0.0;
    };
    g.full_face_contacts =
        cover_their_sides(deck.contacts, setup) && !is_round(setup.in) && !is_round(setup.out);
  }
  return g;
}

}  // namespace

Geometry geometry_of(const deck::Deck& deck, const measure::Setup& setup) {
  return deck.conductor ? geometry_of_conductor(*deck.conductor, setup)
                        : geometry_of_lattice(deck, setup);
}

}  // namespace edotb::analysis
