#include "edotb/continuum/deck_conductor.hpp"
#include "point_values.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::analysis {

namespace {

constexpr double metres_per_nm = 1e-9;

/// True when the contacts named `in` and `out` have no extent of their own: they cover their whole sides.
template <class Contacts>
bool cover_their_sides(const Contacts& contacts, const measure::Setup& setup) {
  const auto covers = [&](const measure::Terminal& terminal) {
    const auto& contact = contacts.at(terminal.index);
    return contact.size == Vector3{} && contact.radius == 0.0;
  };
  return covers(setup.in) && covers(setup.out);
}

/// x of a contact or a probe.
double position_of(const continuum::SampleShape& sample, const measure::Terminal& terminal) {
  if (terminal.is_probe) return sample.probes.at(terminal.index)[0];
  const continuum::Patch patch = continuum::contacts_of(sample).at(terminal.index);
  return patch.axis == 0 ? 0.5 * patch.sign * sample.length : patch.centre[0];
}

/// Of a straight conductor. The current crosses it between sides of one axis, or spreads from an end over all of it.
std::optional<FarPlace> far_place_of(const deck::Conductor& conductor,
                                     const measure::Setup& setup) {
  const bool is_straight = conductor.shape.kind == "bar" || conductor.shape.kind == "hall_bar";
  if (!is_straight || setup.kind != measure::Kind::nonlocal || setup.in.is_probe ||
      setup.out.is_probe)
    return std::nullopt;
  const continuum::SampleShape sample = continuum::shape_of(conductor);
  const double plus = position_of(sample, setup.plus);
  const double minus = position_of(sample, setup.minus);
  const auto far_from = [&](double x) { return std::abs(0.5 * (plus + minus) - x); };
  const double in = position_of(sample, setup.in);
  const double out = position_of(sample, setup.out);
  const double nearest = far_from(in) < far_from(out) ? in : out;
  const auto contacts = continuum::contacts_of(sample);
  const std::size_t axis = contacts.at(setup.in.index).axis;
  const bool is_across = axis != 0 && axis == contacts.at(setup.out.index).axis;
  const double widest = sample.film ? sample.width : std::max(sample.width, sample.thickness);
  const double extent = !is_across ? widest : axis == 2 ? sample.thickness : sample.width;
  return FarPlace{std::abs(plus - nearest), std::abs(minus - nearest), extent};
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
  g.far_place = far_place_of(conductor, setup);
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
    g.full_face_contacts = cover_their_sides(deck.contacts, setup);
  }
  return g;
}

}  // namespace

Geometry geometry_of(const deck::Deck& deck, const measure::Setup& setup) {
  return deck.conductor ? geometry_of_conductor(*deck.conductor, setup)
                        : geometry_of_lattice(deck, setup);
}

}  // namespace edotb::analysis
