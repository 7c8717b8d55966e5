#include "edotb/campaign/point_solver.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

namespace edotb::campaign {

namespace {

/// Field-free leads are kept for this many energies; others for the last point only.
constexpr std::size_t max_cached_energies = 64;

PointResult failure(std::size_t n_leads, const std::string& reason) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  PointResult result;
  result.status = Status::failed;
  result.transmission.assign(n_leads * n_leads, nan);
  result.n_modes.assign(n_leads, -1);
  result.unitarity_error = nan;
  result.remark = reason;
  return result;
}

PointResult success(const coherent::Scattering& scattering) {
  PointResult result;
  result.status = scattering.solved_again ? Status::solved_again : Status::solved;
  result.transmission = scattering.transmission;
  result.n_modes.assign(scattering.n_modes.begin(), scattering.n_modes.end());
  result.unitarity_error = scattering.unitarity_error;
  result.remark = scattering.remark;
  return result;
}

}  // namespace

PointSolver::PointSolver(const deck::Deck& deck, const sample::Sample& sample,
                         const mpi::Communicator& ranks)
    : deck_(deck),
      sample_(sample),
      engine_(sample.layout(),
              coherent::solver_choice(deck.solver, deck.precision, deck.n_threads, ranks)) {}

const std::vector<lead::LeadSolution>& PointSolver::leads(const Point& point) {
  const bool field_free = sample_.field_free_leads();
  const LeadKey key{field_free ? 0 : point.field, field_free ? 0 : point.angle, point.energy};
  const auto found = std::find_if(lead_cache_.begin(), lead_cache_.end(),
                                  [&](const CachedLeads& cached) { return cached.key == key; });
  if (found != lead_cache_.end()) return found->leads;

  const auto at = [](const std::vector<double>& values, std::int64_t i) {
    return values[static_cast<std::size_t>(i)];
  };
  const double energy = at(deck_.energy, point.energy);
  const double magnitude = at(deck_.field.magnitude, point.field);
  const double angle = at(deck_.field.angle, point.angle);
  CachedLeads fresh{key, {}};
  fresh.leads = with_context(
      [&] { return fmt::format("field {} at {} degrees", magnitude, angle); },
      [&] {
        return lead::solve_leads(
            sample_.leads(sample_.field(magnitude, angle)), energy,
            deck_.lead_method == "schur" ? lead::LeadMethod::schur : lead::LeadMethod::automatic);
      });
  const std::size_t room = field_free ? max_cached_energies : 1;
  while (lead_cache_.size() >= room) lead_cache_.erase(lead_cache_.begin());
  return lead_cache_.emplace_back(std::move(fresh)).leads;
}

PointResult PointSolver::solve(const Point& point) {
  const auto start = std::chrono::steady_clock::now();
  PointResult result;
  try {
    const auto& lead_solutions = leads(point);
    const sample::Field field =
        sample_.field(deck_.field.magnitude[static_cast<std::size_t>(point.field)],
                      deck_.field.angle[static_cast<std::size_t>(point.angle)]);
    if (hamiltonian_field_ != point.field || hamiltonian_angle_ != point.angle) {
      clean_hamiltonian_ = sample_.clean_hamiltonian(field);
      hamiltonian_field_ = point.field;
      hamiltonian_angle_ = point.angle;
    }
    hamiltonian_ = clean_hamiltonian_;  // in place: the storage is that of the point before
    sample_.add_disorder(field, point.realisation, hamiltonian_);
    const double energy = deck_.energy[static_cast<std::size_t>(point.energy)];
    result = success(engine_.solve(hamiltonian_, lead_solutions, energy));
    for (const auto& lead : lead_solutions) {
      if (!lead.remark.empty()) result.remark += " a lead was solved by schur: " + lead.remark;
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    result = failure(sample_.layout().n_leads(), error.what());
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  result.seconds = elapsed.count();
  return result;
}

}  // namespace edotb::campaign
