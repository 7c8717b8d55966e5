#include "edotb/campaign/point_solver.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

namespace edotb::campaign {

namespace {

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

std::vector<lead::LeadSolution> solve_leads(const deck::Deck& deck, const sample::Sample& sample,
                                            const Point& point, double energy) {
  const double magnitude = deck.field.magnitude[static_cast<std::size_t>(point.field)];
  const double angle = deck.field.angle[static_cast<std::size_t>(point.angle)];
  return with_context(
      [&] { return fmt::format("field {} at {} degrees", magnitude, angle); },
      [&] {
        return lead::solve_leads(
            sample.leads(sample.field(magnitude, angle)), energy,
            deck.lead_method == "schur" ? lead::LeadMethod::schur : lead::LeadMethod::automatic);
      });
}

void check_size(const deck::Deck& deck, const sample::Sample& sample) {
  if (!deck.dephasing.any()) return;
  const std::string objection =
      coherent::DephasingEngine::objection(sample.layout(), deck.dephasing.probe_size);
  if (objection.empty()) return;
  throw bad_input(
      deck.where(deck.dephasing.rate > 0.0 ? "dephasing.rate" : "dephasing.coefficient") + ": " +
      objection);
}

std::size_t bytes_of(const std::vector<lead::LeadSolution>& leads) {
  std::size_t n_entries = 0;
  for (const auto& lead : leads) {
    for (const auto* matrix : {&lead.self_energy, &lead.source, &lead.probe, &lead.direct}) {
      n_entries += matrix->values().size();
    }
  }
  return n_entries * sizeof(linalg::Complex);
}

coherent::SolverChoice solver_choice(const deck::Deck& deck, const Observables& observables,
                                     const mpi::Communicator& ranks) {
  auto choice = coherent::solver_choice(deck.solver, deck.precision, deck.n_threads, ranks);
  choice.single_error = deck.single_error;
  if (deck.ranks_per_point > 1 && observables.needs_solutions()) {
    choice.kind = coherent::SolverKind::mumps;
  }
  return choice;
}

PointSolver::PointSolver(const deck::Deck& deck, const sample::Sample& sample,
                         const mpi::Communicator& ranks)
    : deck_(deck),
      sample_(sample),
      observables_(deck, sample),
      engine_(sample.layout(), solver_choice(deck, observables_, ranks)) {
  if (deck.dephasing.any()) dephasing_.emplace(sample.layout(), deck.dephasing.probe_size, ranks);
}

const std::vector<lead::LeadSolution>& PointSolver::leads(const Point& point, double energy) {
  const bool field_free = sample_.field_free_leads();
  const LeadKey key{field_free ? 0 : point.field, field_free ? 0 : point.angle, energy};
  const auto found = std::find_if(lead_cache_.begin(), lead_cache_.end(),
                                  [&](const CachedLeads& cached) { return cached.key == key; });
  if (found != lead_cache_.end()) return found->leads;

  CachedLeads fresh{key, observables_.ordered(solve_leads(deck_, sample_, point, energy))};
  const std::size_t bytes = bytes_of(fresh.leads);
  const auto of_another_field = [&](const CachedLeads& cached) {
    return cached.key.field != key.field || cached.key.angle != key.angle;
  };
  while (!lead_cache_.empty() &&
         (of_another_field(lead_cache_.front()) || lead_cache_bytes_ + bytes > max_cached_bytes)) {
    lead_cache_bytes_ -= bytes_of(lead_cache_.front().leads);
    lead_cache_.pop_front();
  }
  lead_cache_bytes_ += bytes;
  return lead_cache_.emplace_back(std::move(fresh)).leads;
}

void PointSolver::set_hamiltonian(const Point& point) {
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
}

coherent::Scattering PointSolver::scatter(const Point& point, double energy, double rate) {
  const auto& lead_solutions = leads(point, energy);
  if (rate > 0.0) return dephasing_->solve(hamiltonian_, lead_solutions, energy, rate);
  return engine_.solve(hamiltonian_, lead_solutions, energy);
}

PointResult PointSolver::solve_at_zero_temperature(const Point& point) {
  try {
    const double energy = deck_.energy[static_cast<std::size_t>(point.energy)];
    const auto scattering = scatter(point, energy, deck_.dephasing.at(0.0));
    PointResult result = success(scattering);
    const auto& lead_solutions = leads(point, energy);
    if (!observables_.empty()) {
      result.observables =
          observables_.evaluate(engine_, hamiltonian_, lead_solutions, energy, scattering);
    }
    for (const auto& lead : lead_solutions) {
      if (!lead.remark.empty()) result.remark += " a lead was solved by schur: " + lead.remark;
    }
    return result;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::numerical) throw;
    return failure(sample_.layout().n_leads(), error.what());
  }
}

double PointSolver::factor_megabytes(std::size_t n_modes) {
  if (dephasing_) return dephasing_->forecast().megabytes;
  return engine_.forecast(n_modes, deck_.ranks_per_point).megabytes +
         (observables_.needs_solutions() ? engine_.kept_factor_megabytes(n_modes) : 0.0);
}

PointResult PointSolver::solve(const Point& point) {
  const auto start = std::chrono::steady_clock::now();
  set_hamiltonian(point);
  PointResult result = solve_at_zero_temperature(point);
  if (!deck_.thermal.temperature.empty()) result.thermal = solve_thermal(point);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  result.seconds = elapsed.count();
  return result;
}

}  // namespace edotb::campaign
