#pragma once

#include "edotb/campaign/observables.hpp"
#include "edotb/campaign/point_solver.hpp"
#include "edotb/campaign/schedule.hpp"
#include "edotb/deck/deck.hpp"
#include "edotb/sample/sample.hpp"

#include <cstdint>
#include <vector>

namespace edotb::campaign {

/// What a run will need, before it starts.
struct Forecast {
  std::vector<std::size_t> open_modes;  ///< per lead, at the first point
  std::int64_t n_points = 0;
  std::int64_t n_lead_problems = 0;  ///< distinct (field, angle, energy) that leads are solved for
  std::int64_t n_thermal_energies =
      0;                        ///< of a point's thermal averages, the least; 0: none asked for
  double lead_seconds = 0.0;    ///< all leads of one of them, measured on the first point
  double point_seconds = 0.0;   ///< one point's assembly and solution
  bool point_measured = false;  ///< timed on the first point, not estimated
  double megabytes_per_rank = 0.0;
  double gigabytes_on_disk =
      0.0;              ///< of the observables of all points, with the modes of the first
  double gflops = 0.0;  ///< of a complex matrix product as the solver does it, on this core

  bool field_free_leads = false;
  std::size_t n_kept_leads = 1;  ///< sets of leads of one energy that a rank has the memory to keep

  /// As if every point cost what the first does; the least, when thermal averages are asked for.
  [[nodiscard]] Costs costs() const;
};

/// Solves the leads of the first point, analyses the device's matrix, and extrapolates; a point that
/// takes a second or less by the analysis is solved once and timed instead. Throws numerical_error when
/// the first point cannot be solved.
[[nodiscard]] Forecast forecast(const deck::Deck& deck, const sample::Sample& sample,
                                const Observables& observables);

/// A bound on the memory of a rank [MB] that solves no lead: as if all their modes were open. Collective
/// among the ranks of `solver`.
[[nodiscard]] double most_megabytes(const deck::Deck& deck, const sample::Sample& sample,
                                    const Observables& observables, PointSolver& solver);

}  // namespace edotb::campaign
