#include "edotb/base/constants.hpp"
#include "edotb/continuum/deck_conductor.hpp"
#include "point_values.hpp"

#include <algorithm>
#include <array>
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

/// x and y of a contact or a probe; of an arm where it meets the bar.
std::array<double, 2> position_of(const continuum::SampleShape& sample,
                                  const measure::Terminal& terminal) {
  if (terminal.is_probe) {
    const Vector3& position = sample.probes.at(terminal.index);
    return {position[0], position[1]};
  }
  const continuum::Patch patch = continuum::contacts_of(sample).at(terminal.index);
  const std::array<double, 2> half = {0.5 * sample.length, 0.5 * sample.width};
  std::array<double, 2> position{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    position[axis] = patch.axis == axis ? patch.sign * half[axis] : patch.centre[axis];
  }
  return position;
}

bool is_straight(const deck::Conductor& conductor) {
  return conductor.shape.kind == "bar" || conductor.shape.kind == "hall_bar";
}

/// Of a straight conductor. The current crosses it between sides of one axis, or spreads from an end over all of it.
std::optional<FarPlace> far_place_of(const deck::Conductor& conductor,
                                     const measure::Setup& setup) {
  if (!is_straight(conductor) || setup.kind != measure::Kind::nonlocal || setup.in.is_probe ||
      setup.out.is_probe)
    return std::nullopt;
  const continuum::SampleShape sample = continuum::shape_of(conductor);
  const double plus = position_of(sample, setup.plus)[0];
  const double minus = position_of(sample, setup.minus)[0];
  const auto far_from = [&](double x) { return std::abs(0.5 * (plus + minus) - x); };
  const double in = position_of(sample, setup.in)[0];
  const double out = position_of(sample, setup.out)[0];
  const double nearest = far_from(in) < far_from(out) ? in : out;
  const auto contacts = continuum::contacts_of(sample);
  const std::size_t axis = contacts.at(setup.in.index).axis;
  const bool is_across = axis != 0 && axis == contacts.at(setup.out.index).axis;
  const double widest = sample.film ? sample.width : std::max(sample.width, sample.thickness);
  const double extent = !is_across ? widest : axis == 2 ? sample.thickness : sample.width;
  return FarPlace{std::abs(plus - nearest), std::abs(minus - nearest), extent};
}

/// Of a current from one end to the other.
std::optional<ProbePair> probe_pair_of(const deck::Conductor& conductor, double azimuth,
                                       const measure::Setup& setup) {
  using measure::Kind;
  const double turns_to = std::cos(azimuth * constants::pi / 180.0);
  constexpr double in_plane = 1.0 - 1e-9;
  if (!is_straight(conductor) || std::abs(turns_to) < in_plane || setup.in.is_probe ||
      setup.out.is_probe || (setup.kind != Kind::four_probe && setup.kind != Kind::planar_hall))
    return std::nullopt;
  const continuum::SampleShape sample = continuum::shape_of(conductor);
  const double flow = position_of(sample, setup.out)[0] - position_of(sample, setup.in)[0];
  constexpr double whole = 0.99;  // of the length
  if (std::abs(flow) < whole * sample.length) return std::nullopt;
  const auto plus = position_of(sample, setup.plus);
  const auto minus = position_of(sample, setup.minus);
  return ProbePair{std::copysign(1.0, flow) * (plus[0] - minus[0]),
                   std::copysign(1.0, flow * turns_to) * (plus[1] - minus[1])};
}

Geometry geometry_of_conductor(const deck::Conductor& conductor, double azimuth,
                               const measure::Setup& setup) {
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
  g.probe_pair = probe_pair_of(conductor, azimuth, setup);
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
  return deck.conductor ? geometry_of_conductor(*deck.conductor, deck.field.azimuth, setup)
                        : geometry_of_lattice(deck, setup);
}

}  // namespace edotb::analysis
