// R = r(A, theta)/sigma_par: a sample's geometry enters through one function of A = par/perp per angle, which the
// continuum engine solves as far as the fits ask for it.
#include "edotb/analysis/response.hpp"

#include "changes.hpp"
#include "solved_specimens.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numbers>
#include <utility>

namespace edotb::analysis {

namespace {

constexpr double same_angle = 1e-6;

double disc_scale(const Geometry& geometry) {
  return std::log(geometry.width / geometry.length) / (2.0 * std::numbers::pi * geometry.thickness);
}

/// Contacts that hold one fluid of two at their potential mean nothing to a uniform conductor.
bool has_ordinary_contacts(const deck::Conductor& conductor) {
  return std::all_of(conductor.contacts.begin(), conductor.contacts.end(),
                     [](const auto& contact) { return contact.chirality == 0; });
}

}  // namespace

GeometryResponse GeometryResponse::uniform(double scale, bool film) {
  GeometryResponse response;
  response.scale_ = scale;
  response.film_ = film;
  return response;
}

GeometryResponse GeometryResponse::disc(double scale) {
  GeometryResponse response;
  response.kind_ = Kind::disc;
  response.absolute_ = true;
  response.scale_ = scale;
  return response;
}

GeometryResponse GeometryResponse::conductor(ResistanceOf resistance, bool film) {
  GeometryResponse response;
  response.kind_ = Kind::conductor;
  response.film_ = film;
  response.absolute_ = true;
  response.resistance_ = std::move(resistance);
  return response;
}

bool GeometryResponse::covers(double angle) const {
  return kind_ != Kind::disc || std::abs(angle) < same_angle;
}

double GeometryResponse::at(const IntrinsicTensor& tensor, double angle) const {
  const double across = film_ ? tensor.in_film : tensor.perpendicular;
  if (kind_ == Kind::disc) return scale_ / tensor.perpendicular;
  if (kind_ == Kind::conductor) {
    // No conductor: a fit that has come here turns back.
    if (!(tensor.parallel > 0.0 && across > 0.0)) return std::numeric_limits<double>::quiet_NaN();
    return resistance_({tensor.parallel, across, 0.0}, angle);
  }
  const double c = std::cos(angle * std::numbers::pi / 180.0);
  return scale_ * (c * c / tensor.parallel + (1.0 - c * c) / across);
}

Conductors conductors_of(std::span<const Curve> curves, const std::vector<std::string>& overrides) {
  std::vector<Curve> along;
  std::map<std::string, std::vector<std::size_t>> numbers;  // of each run's curves
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Curve& curve = curves[i];
    if (!curve.geometry.classical || curve.run.empty() || !is_longitudinal(curve)) continue;
    along.push_back(curve);
    numbers[curve.run].push_back(i);
  }
  Conductors conductors;
  for (Specimen& specimen : specimens_of(along, overrides)) {
    if (!has_ordinary_contacts(*specimen.deck.conductor)) continue;
    conductors.numbers.push_back(numbers.at(specimen.curves.front().run));
    conductors.specimens.push_back(std::move(specimen));
  }
  conductors.solved = std::make_shared<SolvedSpecimens>(conductors.specimens, false);
  return conductors;
}

std::vector<GeometryResponse> responses_of(std::span<const Curve> curves,
                                           const Conductors& conductors) {
  std::vector<GeometryResponse> responses(curves.size(), GeometryResponse::uniform(1.0, false));
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const auto& geometry = curves[i].geometry;
    const bool is_disc = geometry.shape == "corbino" && geometry.full_face_contacts;
    if (geometry.classical && is_disc) responses[i] = GeometryResponse::disc(disc_scale(geometry));
  }
  for (std::size_t s = 0; s < conductors.specimens.size(); ++s) {
    const auto& solved = conductors.solved;
    for (std::size_t c = 0; c < conductors.numbers[s].size(); ++c) {
      responses[conductors.numbers[s][c]] = GeometryResponse::conductor(
          [solved, s, c](const continuum::Conductivity& conductivity, double angle) {
            return solved->resistance(s, c, angle, conductivity);
          },
          solved->is_film(s));
    }
  }
  return responses;
}

}  // namespace edotb::analysis
