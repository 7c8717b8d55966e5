#include "edotb/sample/geometry.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/continuum/deck_conductor.hpp"
#include "edotb/model/library.hpp"
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

/// Of a current from one end to the other, with all places along the sample and across it. `flow` is how far along the current goes.
std::optional<ProbePair> pair_between(const std::array<double, 2>& plus,
                                      const std::array<double, 2>& minus, double flow,
                                      double length, double azimuth) {
  const double turns_to = std::cos(azimuth * constants::pi / 180.0);
  constexpr double in_plane = 1.0 - 1e-9;
  constexpr double whole = 0.99;  // of the length
  if (std::abs(turns_to) < in_plane || std::abs(flow) < whole * length) return std::nullopt;
  return ProbePair{std::copysign(1.0, flow) * (plus[0] - minus[0]),
                   std::copysign(1.0, flow * turns_to) * (plus[1] - minus[1])};
}

bool is_pair(const measure::Setup& setup) {
  using measure::Kind;
  return !setup.in.is_probe && !setup.out.is_probe &&
         (setup.kind == Kind::four_probe || setup.kind == Kind::planar_hall);
}

std::optional<ProbePair> probe_pair_of(const deck::Conductor& conductor, double azimuth,
                                       const measure::Setup& setup) {
  if (!is_straight(conductor) || !is_pair(setup)) return std::nullopt;
  const continuum::SampleShape sample = continuum::shape_of(conductor);
  const double flow = position_of(sample, setup.out)[0] - position_of(sample, setup.in)[0];
  return pair_between(position_of(sample, setup.plus), position_of(sample, setup.minus), flow,
                      sample.length, azimuth);
}

/// Of a coherent bar or Hall bar, whose leads stand on its ends and its sides.
std::optional<ProbePair> probe_pair_of(const deck::Deck& deck, const model::Model& model,
                                       const Geometry& g, double lattice_constant,
                                       const measure::Setup& setup) {
  const bool is_straight = deck.shape.kind == "bar" || deck.shape.kind == "hall_bar";
  if (!is_straight || deck.shape.periodic || !is_pair(setup)) return std::nullopt;
  const sample::Geometry lattice = sample::make_geometry(deck, model);
  // The middle of the sites that a lead touches along the sample, and the side of the sample on which it stands across.
  const auto place_of = [&](const measure::Terminal& terminal) -> std::array<double, 2> {
    const sample::ContactSites& contact = lattice.contacts.at(terminal.index);
    Vector3 outwards{};
    for (std::size_t i = 0; i < 3; ++i) {
      const double n_cells = contact.outwards * contact.translation[i];
      outwards = outwards + n_cells * model.lattice_vectors[i];
    }
    const auto sign_along = [&](const Vector3& axis) {
      const double part = dot(outwards, axis) / norm(outwards);
      constexpr double straight = 0.99;
      return std::abs(part) < straight ? 0.0 : std::copysign(1.0, part);
    };
    double along = 0.5 * g.length * sign_along(lattice.frame.n);
    const double across = 0.5 * g.width * sign_along(lattice.frame.u);
    if (along == 0.0) {
      const auto sites = contact.interface();
      for (const sample::LatticeSite& site : sites) {
        along += lattice_constant *
                 dot(sample::position(model, site) - lattice.centre, lattice.frame.n) /
                 static_cast<double>(sites.size());
      }
    }
    return {along, across};
  };
  return pair_between(place_of(setup.plus), place_of(setup.minus),
                      place_of(setup.out)[0] - place_of(setup.in)[0], g.length, deck.field.azimuth);
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

/// Of a Wannier model the lattice is in files that need not be there any more.
std::optional<model::Model> known_model(const deck::ModelChoice& choice) {
  if (choice.name == "wannier90") return std::nullopt;
  return model::build(choice);
}

Geometry geometry_of_lattice(const deck::Deck& deck, const measure::Setup& setup) {
  if (!deck.model) return {.shape = "system"};
  const auto& shape = deck.shape;
  const double a = deck.model->lattice_constant * (deck.lattice_units ? 1.0 : metres_per_nm);
  const auto model = known_model(*deck.model);
  /// The length of the lattice vector `turns` after that of the current.
  const auto step = [&](std::size_t turns) {
    const auto axis = (static_cast<std::size_t>(shape.axis) + turns) % 3;
    return model ? a * norm(model->lattice_vectors[axis]) : a;
  };
  Geometry g{
      shape.kind, step(0) * shape.length, step(1) * shape.width, step(2) * shape.thickness, false,
      false};
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
  if (model) g.probe_pair = probe_pair_of(deck, *model, g, a, setup);
  return g;
}

}  // namespace

Geometry geometry_of(const deck::Deck& deck, const measure::Setup& setup) {
  return deck.conductor ? geometry_of_conductor(*deck.conductor, deck.field.azimuth, setup)
                        : geometry_of_lattice(deck, setup);
}

}  // namespace edotb::analysis
