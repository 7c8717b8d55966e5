#include "edotb/base/random.hpp"
#include "edotb/campaign/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edotb {
namespace {

using campaign::Costs;
using campaign::PointList;
using campaign::simulate;

Costs equal_costs(double point, double leads) {
  Costs costs;
  costs.point_seconds = [point](std::int64_t) { return point; };
  costs.lead_seconds = leads;
  return costs;
}

Costs listed_costs(const std::vector<double>& seconds) {
  Costs costs;
  costs.point_seconds = [&seconds](std::int64_t n) { return seconds[static_cast<std::size_t>(n)]; };
  return costs;
}

// Six realisations on two workers: two chunks of three, and each worker solves the leads.
TEST(Schedule, WorkersThatShareAGroupSolveItsLeadsEach) {
  const PointList points({1, 1, 1, 6});
  const auto one = simulate(points, equal_costs(1.0, 10.0), 1);
  EXPECT_EQ(one.wall_seconds, 16.0);
  EXPECT_EQ(one.busy_seconds, 16.0);
  const auto two = simulate(points, equal_costs(1.0, 10.0), 2);
  EXPECT_EQ(two.wall_seconds, 13.0);
  EXPECT_EQ(two.busy_seconds, 26.0);
  EXPECT_EQ(two.waste(2), 0.0);
}

// One worker has the long point, the other the three short ones and then two seconds of nothing.
TEST(Schedule, WhoIsFreeTakesTheNextPoint) {
  const std::vector<double> seconds = {5.0, 1.0, 1.0, 1.0};
  const auto schedule = simulate(PointList({4, 1, 1, 1}), listed_costs(seconds), 2);
  EXPECT_EQ(schedule.wall_seconds, 5.0);
  EXPECT_EQ(schedule.busy_seconds, 8.0);
  EXPECT_DOUBLE_EQ(schedule.waste(2), 0.2);
  // The long point last: 2 s each, then one of them alone.
  const std::vector<double> reversed = {1.0, 1.0, 1.0, 1.0, 5.0};
  EXPECT_EQ(simulate(PointList({5, 1, 1, 1}), listed_costs(reversed), 2).wall_seconds, 7.0);
}

// Three fields and two energies, which run faster than the fields.
TEST(Schedule, LeadsAreKeptAsThePointSolverDoes) {
  const PointList points({3, 1, 2, 1});
  Costs costs = equal_costs(0.0, 1.0);
  costs.n_kept_leads = 5;
  EXPECT_EQ(simulate(points, costs, 1).busy_seconds, 6.0);
  costs.field_free_leads = true;
  EXPECT_EQ(simulate(points, costs, 1).busy_seconds, 2.0);
  costs.n_kept_leads = 1;
  EXPECT_EQ(simulate(points, costs, 1).busy_seconds, 6.0);
  // Too large to be kept even for the realisations of one energy, as those of many thermal energies.
  costs.n_kept_leads = 0;
  EXPECT_EQ(simulate(PointList({1, 1, 1, 4}), costs, 1).busy_seconds, 4.0);
}

TEST(Schedule, MoreWorkersThanPointsAreIdle) {
  const auto schedule = simulate(PointList({1, 1, 1, 3}), equal_costs(2.0, 0.0), 6);
  EXPECT_EQ(schedule.wall_seconds, 2.0);
  EXPECT_DOUBLE_EQ(schedule.waste(6), 0.5);
}

// Ten equal points keep ten workers. Eight points of one set of leads, ten times as dear: T_1 = 18, T_2 = 14,
// T_4 = 12, T_8 = 11.
TEST(Schedule, UsefulWorkers) {
  EXPECT_EQ(campaign::most_useful_workers(PointList({10, 1, 1, 1}), equal_costs(1.0, 0.0), 0.8),
            10);
  const PointList points({1, 1, 1, 8});
  const Costs costs = equal_costs(1.0, 10.0);
  EXPECT_EQ(simulate(points, costs, 2).wall_seconds, 14.0);
  EXPECT_EQ(simulate(points, costs, 4).wall_seconds, 12.0);
  EXPECT_EQ(campaign::most_useful_workers(points, costs, 0.8), 1);
  EXPECT_EQ(campaign::most_useful_workers(points, costs, 18.0 / 28.0), 2);
  EXPECT_EQ(campaign::most_useful_workers(points, costs, 18.0 / 48.0), 4);
}

// 10 000 points whose costs span three decades, in any order, in one group or in many.
TEST(Schedule, UnevenPointsLeaveTwoWorkersLittleToWaitFor) {
  constexpr std::int64_t n_points = 10000;
  std::vector<double> seconds(n_points);
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    seconds[i] = std::pow(10.0, 3.0 * uniform({.seed = 7, .site = i}));
  }
  std::vector<std::vector<double>> orders = {seconds};
  std::sort(seconds.begin(), seconds.end());
  orders.push_back(seconds);
  std::reverse(seconds.begin(), seconds.end());
  orders.push_back(seconds);
  const double work = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  for (const auto& order : orders) {
    for (const std::int64_t group : {1, 10, 1000, 2000, 2500, 5000, 10000}) {
      const auto schedule =
          simulate(PointList({n_points / group, 1, 1, group}), listed_costs(order), 2);
      EXPECT_NEAR(schedule.busy_seconds, work, 1e-9 * work);
      EXPECT_GE(schedule.wall_seconds, 0.5 * work);
      EXPECT_LT(schedule.waste(2), 0.03) << "groups of " << group;
    }
  }
}

}  // namespace
}  // namespace edotb
