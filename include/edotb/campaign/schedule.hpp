#pragma once

#include "edotb/campaign/points.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace edotb::campaign {

/// What a run costs, and what its points share.
struct Costs {
  std::function<double(std::int64_t)> point_seconds;  ///< by number, without the leads
  double lead_seconds = 0.0;                          ///< all leads of one (field, angle, energy)
  bool field_free_leads = false;                      ///< the same in all fields and angles
  std::size_t n_kept_leads =
      1;  ///< sets of leads that a worker keeps; 0: each point solves its own
};

/// How a run went.
struct Schedule {
  double wall_seconds = 0.0;  ///< from the first point to the last
  double busy_seconds = 0.0;  ///< summed over the workers

  /// The share of the workers' time that is spent waiting for the last of them.
  [[nodiscard]] double waste(int n_workers) const;
};

/// Plays a run on a simulated clock: whoever is free takes the next chunk of make_chunks, as PointQueue hands
/// them out, and solves the leads that it does not have from points before, as PointSolver does. A worker is
/// a rank, or the ranks that share a point.
[[nodiscard]] Schedule simulate(const PointList& points, const Costs& costs, int n_workers);

/// The most workers n = n_points/k, k = 1, 2, ..., whose efficiency T_1/(n T_n) is at least `efficiency`; for
/// large k within a twentieth.
[[nodiscard]] int most_useful_workers(const PointList& points, const Costs& costs,
                                      double efficiency);

}  // namespace edotb::campaign
