#include "resistance_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace edotb::analysis {

namespace {

constexpr double largest_log_ratio = 9.0;
constexpr double largest_hall = 4.0;
constexpr double margin = 2.1;                 // in u, beyond what the mesh was refined for
constexpr std::size_t most_unknowns = 200000;  // of each of the many solutions
constexpr double finest_tolerance = 1e-3;      // readings are not better
constexpr double fraction = 0.7;               // of the error, in the cells that are cut

/// Four neighbouring points of a line and their weights in the cubic through them.
struct Stencil {
  int first = 0;
  std::array<double, 4> weights{};
};

Stencil stencil(double x) {
  constexpr double on_the_lattice = 1e-9;
  const double cell = std::floor(x + on_the_lattice);
  const double t = x - cell < on_the_lattice ? 0.0 : x - cell;
  return {static_cast<int>(cell) - 1,
          {-t * (t - 1.0) * (t - 2.0) / 6.0, (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
           -(t + 1.0) * t * (t - 2.0) / 2.0, (t + 1.0) * t * (t - 1.0) / 6.0}};
}

/// The tensor with sigma_par = 1 at a point of the lattice.
continuum::Conductivity conductivity_at(double u, double a) {
  const double perpendicular = std::exp(u);
  return {1.0, perpendicular, perpendicular * std::sinh(a)};
}

continuum::ConductorOptions options_of(const continuum::DeckConductor& conductor) {
  continuum::ConductorOptions options = conductor.options();
  if (options.tolerance > 0.0) options.tolerance = std::max(options.tolerance, finest_tolerance);
  options.max_unknowns = std::min(options.max_unknowns, most_unknowns);
  return options;
}

}  // namespace

ResistanceTable::ResistanceTable(const continuum::DeckConductor& conductor,
                                 std::vector<measure::Setup> setups, double angle, bool with_hall)
    : conductor_(conductor),
      setups_(std::move(setups)),
      angle_(angle),
      mesh_(conductor.mesh(conductor.material(continuum::Conductivity{}, angle))) {
  refine_for(conductivity_at(0.0, 0.0));
  refine_for(conductivity_at(-2.5, 0.0));
  refine_for(conductivity_at(finest_, 0.0));
  if (with_hall) refine_for(conductivity_at(-2.0, 1.5));
}

void ResistanceTable::refine_for(const continuum::Conductivity& conductivity) {
  const mpi::Communicator alone(MPI_COMM_SELF);
  const continuum::Material material = conductor_.material(conductivity, angle_);
  const continuum::ConductorOptions options = options_of(conductor_);
  const continuum::WeakForm form = material.form(options.order);
  for (;;) {
    continuum::ConductorSolution solution;
    solution.space = continuum::make_space(mesh_, options.order);
    solution.contacts = continuum::solve_contacts(solution.space, form, conductor_.contacts(),
                                                  options.solve, alone);
    const auto estimate =
        continuum::estimate_error(solution.space, solution.contacts, material.sigma, 1);
    solution.error = estimate.conductance;
    const bool is_full = 2 * solution.contacts.n_unknowns > options.max_unknowns;
    if (options.tolerance == 0.0 || is_full ||
        continuum::relative_error(solution) <= options.tolerance) {
      return;
    }
    mesh_ = continuum::bisected(mesh_, continuum::worst_cells(estimate, fraction),
                                continuum::stretch_of(material.sigma));
  }
}

const std::vector<double>& ResistanceTable::node(int i, int j) {
  std::vector<double>& resistances = nodes_[{i, j}];
  if (!resistances.empty()) return resistances;
  const mpi::Communicator alone(MPI_COMM_SELF);
  const continuum::Material material =
      conductor_.material(conductivity_at(spacing * i, spacing * j), angle_);
  continuum::ConductorOptions options = options_of(conductor_);
  options.tolerance = 0.0;
  const continuum::ConductorSolution solution =
      continuum::solve_conductor(mesh_, material, conductor_.contacts(), options, alone);
  measure::Response response;
  for (const auto& contact : conductor_.contacts()) {
    response.conductance.contacts.push_back(contact.name);
  }
  response.conductance.values = solution.contacts.conductance;
  for (const Vector3& probe : conductor_.probes()) {
    const std::vector<double> volts = continuum::potentials_at(solution, material, probe);
    response.probe_potentials.insert(response.probe_potentials.end(), volts.begin(), volts.end());
  }
  for (const measure::Setup& setup : setups_) {
    resistances.push_back(measure::resistance(response, setup));
  }
  return resistances;
}

std::vector<double> ResistanceTable::at(const continuum::Conductivity& conductivity) {
  const double u = std::clamp(std::log(conductivity.perpendicular / conductivity.parallel),
                              -largest_log_ratio, largest_log_ratio);
  const double a = std::asinh(conductivity.hall / conductivity.perpendicular);
  if (u < finest_ - margin) {
    finest_ = -largest_log_ratio;
    refine_for(conductivity_at(finest_, 0.0));
    nodes_.clear();
  }
  const Stencil along_u = stencil(u / spacing);
  const Stencil along_a = stencil(std::clamp(a, -largest_hall, largest_hall) / spacing);
  std::vector<double> resistances(setups_.size(), 0.0);
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      const double weight = along_u.weights[static_cast<std::size_t>(i)] *
                            along_a.weights[static_cast<std::size_t>(j)] / conductivity.parallel;
      if (weight == 0.0) continue;  // a point of the lattice: its neighbours are not needed
      const std::vector<double>& at_node = node(along_u.first + i, along_a.first + j);
      for (std::size_t s = 0; s < at_node.size(); ++s) resistances[s] += weight * at_node[s];
    }
  }
  return resistances;
}

}  // namespace edotb::analysis
