#include "edotb/continuum/conductor.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

Material film_of(const Material& material, double thickness) {
  Material film = material;
  film.sigma = film_tensor(material.sigma);
  for (Vector3& row : film.sigma) row = thickness * row;
  if (material.fluid) {
    // Through its upper and lower face each fluid loses x g_B b_z V_x to the other.
    TwoFluid& fluid = *film.fluid;
    const double through_faces = fluid.chiral_conductance * std::abs(material.direction[2]);
    fluid.relaxation = fluid.relaxation * thickness + through_faces;
    fluid.conductivity *= thickness;
    fluid.chiral_conductance *= thickness;
    film.direction[2] = 0.0;
  }
  return film;
}

ConductorSolution solve_conductor(Mesh mesh, const Material& material,
                                  const std::vector<ContactKind>& contacts,
                                  const ConductorOptions& options, const mpi::Communicator& comm) {
  constexpr double fraction = 0.7;  // of the error, in the cells that are cut
  const WeakForm form = material.form(options.order);
  const Stretch stretch = stretch_of(material.sigma);
  ConductorSolution solution;
  for (;;) {
    solution.space = make_space(mesh, options.order);
    solution.contacts = solve_contacts(solution.space, form, contacts, options.solve, comm);
    const ErrorEstimate estimate =
        estimate_error(solution.space, solution.contacts, material.sigma, material.n_fields());
    solution.error = estimate.conductance;
    solution.reached_tolerance =
        options.tolerance == 0.0 || relative_error(solution) <= options.tolerance;
    // Cutting makes up to twice as many unknowns.
    const bool is_full = 2 * solution.contacts.n_unknowns > options.max_unknowns;
    if (solution.reached_tolerance || is_full) return solution;
    mesh = bisected(mesh, worst_cells(estimate, fraction), stretch);
    ++solution.n_refinements;
  }
}

double relative_error(const ConductorSolution& solution) {
  const std::size_t n = solution.contacts.n_contacts;
  const auto& g = solution.contacts.conductance;
  double largest = 0.0;
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      const double scale = std::sqrt(std::abs(g[p * n + p] * g[q * n + q]));
      largest = std::max(largest, solution.error[p * n + q] / scale);
    }
  }
  return largest;
}

std::vector<double> potentials_at(const ConductorSolution& solution, const Material& material,
                                  const Vector3& point) {
  const Place place = locate(solution.space, point);
  const auto n_fields = static_cast<std::size_t>(material.n_fields());
  std::vector<double> volts;
  for (const auto& u : solution.contacts.potentials) {
    std::vector<double> mean(solution.space.nodes.size(), 0.0);
    for (std::size_t i = 0; i < u.size(); ++i) {
      mean[i / n_fields] += u[i] / static_cast<double>(n_fields);
    }
    volts.push_back(interpolate(solution.space, mean, place));
  }
  return volts;
}

}  // namespace edotb::continuum
