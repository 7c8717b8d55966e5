// R = r(A, theta)/sigma_par: a sample's geometry enters through one function of A = par/perp per angle, which the
// continuum engine computes at Chebyshev's points of ln A and which is smooth in between.
#include "edotb/analysis/response.hpp"

#include "changes.hpp"
#include "edotb/analysis/comparison.hpp"
#include "edotb/base/error.hpp"
#include "edotb/continuum/deck_conductor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>
#include <optional>

namespace edotb::analysis {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t n_nodes = 14;
constexpr double lowest_log = -1.0;  // of A: below 1 only within errors
constexpr double highest_log = 9.0;
constexpr double same_angle = 1e-6;
constexpr double finest_tolerance = 1e-3;      // of a geometry; readings are not better
constexpr std::size_t most_unknowns = 200000;  // of each of the many solutions

/// Chebyshev's points of ln A.
const std::array<double, n_nodes>& node_logs() {
  static const auto logs = [] {
    std::array<double, n_nodes> found{};
    for (std::size_t j = 0; j < n_nodes; ++j) {
      const double x = std::cos(std::numbers::pi * static_cast<double>(j) / (n_nodes - 1));
      found[j] = 0.5 * (lowest_log + highest_log) + 0.5 * (highest_log - lowest_log) * x;
    }
    return found;
  }();
  return logs;
}

/// The polynomial through Chebyshev's points in barycentric form (Berrut and Trefethen, SIAM Rev. 46, 501).
double interpolated(const std::vector<double>& values, double log_anisotropy) {
  const double x = std::clamp(log_anisotropy, lowest_log, highest_log);
  double above = 0.0;
  double below = 0.0;
  for (std::size_t j = 0; j < n_nodes; ++j) {
    const double distance = x - node_logs()[j];
    if (distance == 0.0) return values[j];
    const double half = j == 0 || j + 1 == n_nodes ? 0.5 : 1.0;
    const double weight = (j % 2 == 0 ? half : -half) / distance;
    above += weight * values[j];
    below += weight;
  }
  return above / below;
}

/// The deck of a run, or of a laboratory's folder; none for curves that come from no folder.
std::optional<deck::Deck> deck_of(const std::string& run) {
  for (const char* name : {"deck.expanded.yaml", "deck.yaml"}) {
    const fs::path path = fs::path(run) / name;
    if (run.empty() || !fs::is_regular_file(path)) continue;
    return deck::parse_deck(deck::read_deck_file(path.string()), path.string());
  }
  return std::nullopt;
}

double disc_scale(const Geometry& geometry) {
  return std::log(geometry.width / geometry.length) / (2.0 * std::numbers::pi * geometry.thickness);
}

/// All resistances of a conductor with unit conductivity along the field, over sqrt(A).
std::vector<double> solve(deck::Deck deck, double anisotropy, double angle,
                          const std::vector<const Curve*>& curves) {
  deck.conductor->material = {};
  deck.conductor->material.parallel = 1.0;
  deck.conductor->material.perpendicular = 1.0 / anisotropy;
  deck.conductor->writes_fields = false;
  const continuum::DeckConductor conductor(deck);
  const auto material = conductor.material(1.0, angle);
  auto options = conductor.options();
  options.tolerance = std::max(options.tolerance, finest_tolerance);
  options.max_unknowns = std::min(options.max_unknowns, most_unknowns);
  const auto solution =
      continuum::solve_conductor(conductor.mesh(1.0, angle), material, conductor.contacts(),
                                 options, mpi::Communicator(MPI_COMM_SELF));
  measure::Response response;
  for (const auto& contact : conductor.contacts()) {
    response.conductance.contacts.push_back(contact.name);
  }
  response.conductance.values = solution.contacts.conductance;
  for (const Vector3& probe : conductor.probes()) {
    const auto volts = continuum::potentials_at(solution, material, probe);
    response.probe_potentials.insert(response.probe_potentials.end(), volts.begin(), volts.end());
  }
  std::vector<double> values;
  values.reserve(curves.size());
  for (const Curve* curve : curves) {
    values.push_back(measure::resistance(response, curve->setup));
  }
  return values;
}

/// Contacts that hold one fluid of two at their potential mean nothing to a uniform conductor.
bool has_ordinary_contacts(const deck::Conductor& conductor) {
  return std::all_of(conductor.contacts.begin(), conductor.contacts.end(),
                     [](const auto& contact) { return contact.chirality == 0; });
}

/// The responses of all curves of one run.
std::vector<GeometryResponse> tables_of(const deck::Deck& deck,
                                        const std::vector<const Curve*>& curves) {
  std::vector<double> angles;
  for (const Curve* curve : curves) {
    const auto more = angles_of(*curve);
    angles.insert(angles.end(), more.begin(), more.end());
  }
  std::sort(angles.begin(), angles.end());
  angles.erase(std::unique(angles.begin(), angles.end()), angles.end());
  const auto nodes = anisotropy_nodes();
  std::vector<std::vector<std::vector<double>>> values(
      curves.size(), std::vector<std::vector<double>>(angles.size()));
  for (std::size_t i = 0; i < angles.size(); ++i) {
    for (const double anisotropy : nodes) {
      const auto resistances = solve(deck, anisotropy, angles[i], curves);
      for (std::size_t c = 0; c < curves.size(); ++c) values[c][i].push_back(resistances[c]);
    }
  }
  std::vector<GeometryResponse> tables;
  tables.reserve(values.size());
  const bool film = deck.conductor->shape.dimension == 2;
  for (auto& of_curve : values) {
    tables.push_back(GeometryResponse::table(angles, std::move(of_curve), film));
  }
  return tables;
}

}  // namespace

std::vector<double> anisotropy_nodes() {
  std::vector<double> nodes;
  for (std::size_t j = 0; j < n_nodes; ++j) nodes.push_back(std::exp(node_logs()[j]));
  return nodes;
}

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

GeometryResponse GeometryResponse::table(std::vector<double> angles,
                                         std::vector<std::vector<double>> values, bool film) {
  GeometryResponse response;
  response.kind_ = Kind::table;
  response.film_ = film;
  response.absolute_ = true;
  response.angles_ = std::move(angles);
  response.values_ = std::move(values);
  for (auto& of_angle : response.values_) {
    for (std::size_t j = 0; j < n_nodes; ++j) of_angle[j] /= std::exp(0.5 * node_logs()[j]);
  }
  return response;
}

bool GeometryResponse::covers(double angle) const {
  if (kind_ == Kind::uniform) return true;
  if (kind_ == Kind::disc) return std::abs(angle) < same_angle;
  return std::any_of(angles_.begin(), angles_.end(),
                     [&](double known) { return std::abs(known - angle) < same_angle; });
}

double GeometryResponse::at(const IntrinsicTensor& tensor, double angle) const {
  const double across = film_ ? tensor.in_film : tensor.perpendicular;
  if (kind_ == Kind::disc) return scale_ / tensor.perpendicular;
  if (kind_ == Kind::uniform) {
    const double c = std::cos(angle * std::numbers::pi / 180.0);
    return scale_ * (c * c / tensor.parallel + (1.0 - c * c) / across);
  }
  const double anisotropy = tensor.parallel / across;
  std::size_t i = 0;
  while (i + 1 < angles_.size() && std::abs(angles_[i] - angle) >= same_angle) ++i;
  return interpolated(values_[i], std::log(anisotropy)) * std::sqrt(anisotropy) / tensor.parallel;
}

std::vector<GeometryResponse> responses_of(std::span<const Curve> curves) {
  std::vector<GeometryResponse> responses(curves.size(), GeometryResponse::uniform(1.0, false));
  std::size_t n_in_field = 0;  // what compare() needs before it looks at any geometry
  for (const Curve& curve : curves) {
    n_in_field += static_cast<std::size_t>(
        std::count_if(curve.readings.begin(), curve.readings.end(),
                      [](const Reading& reading) { return reading.field != 0.0; }));
  }
  std::map<std::string, std::vector<std::size_t>> of_run;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const auto& geometry = curves[i].geometry;
    if (!geometry.classical || n_in_field < fewest_data) continue;
    if (geometry.shape == "corbino" && geometry.full_face_contacts) {
      responses[i] = GeometryResponse::disc(disc_scale(geometry));
    } else if (!curves[i].run.empty() && is_longitudinal(curves[i])) {
      of_run[curves[i].run].push_back(i);
    }
  }
  for (const auto& [run, numbers] : of_run) {
    const auto deck = deck_of(run);
    if (!deck || !deck->conductor || !has_ordinary_contacts(*deck->conductor)) continue;
    std::vector<const Curve*> of_this;
    for (const std::size_t i : numbers) of_this.push_back(&curves[i]);
    const auto tables = with_context([&run = run] { return "the geometry of " + run; },
                                     [&] { return tables_of(*deck, of_this); });
    for (std::size_t k = 0; k < numbers.size(); ++k) responses[numbers[k]] = tables[k];
  }
  return responses;
}

}  // namespace edotb::analysis
