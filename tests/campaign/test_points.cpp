#include "edotb/campaign/point_solver.hpp"
#include "edotb/campaign/points.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <set>

namespace edotb {
namespace {

using campaign::make_chunks;
using campaign::PointList;
using campaign::PointSolver;

deck::Deck small_deck() {
  return test::lattice_deck(
      "sample:\n"
      "  model: {name: rashba, rashba: 0.3}\n"
      "  shape: {length: 12, width: 7}\n"
      "  disorder: [{kind: anderson, width: 1.5}]\n"
      "field: {magnitude: [0, 0.1], angle: [0, 90], azimuth: 90}\n"
      "energy: [-1.1, 0.4]\n"
      "ensemble: {realisations: 3, seed: 5}\n"
      "engine: {solver: mumps}");
}

TEST(PointList, NumbersRunThroughTheSweepsRealisationFastest) {
  const PointList points(small_deck());
  ASSERT_EQ(points.size(), 24);
  std::int64_t number = 0;
  for (std::int64_t f = 0; f < 2; ++f) {
    for (std::int64_t a = 0; a < 2; ++a) {
      for (std::int64_t e = 0; e < 2; ++e) {
        for (std::int64_t r = 0; r < 3; ++r) {
          const auto point = points[number++];
          EXPECT_EQ(point.field, f);
          EXPECT_EQ(point.angle, a);
          EXPECT_EQ(point.energy, e);
          EXPECT_EQ(point.realisation, r);
        }
      }
    }
  }
}

TEST(Chunks, CoverEveryPointOnceAndStayInTheirGroup) {
  for (const std::int64_t n_groups : {1, 3, 28}) {
    for (const std::int64_t group : {1, 4, 8, 1000}) {
      for (const int n_ranks : {1, 2, 7, 64}) {
        const std::int64_t n = n_groups * group;
        std::int64_t next = 0;
        for (const auto& chunk : make_chunks(n, group, n_ranks)) {
          EXPECT_EQ(chunk.begin, next);
          EXPECT_GT(chunk.end, chunk.begin);
          EXPECT_EQ(chunk.begin / group, (chunk.end - 1) / group);
          next = chunk.end;
        }
        EXPECT_EQ(next, n);
      }
    }
  }
}

// One group of many realisations must keep every rank busy.
TEST(Chunks, ALargeGroupIsSharedOut) {
  EXPECT_GE(make_chunks(8, 8, 2).size(), 2U);
  EXPECT_GE(make_chunks(1000, 1000, 16).size(), 64U);
}

// Nothing carries over from one point to the next: forwards, backwards and each by a fresh solver give
// the same bits.
TEST(PointSolver, OrderDoesNotMatter) {
  const auto deck = small_deck();
  const sample::Sample sample(deck);
  const PointList points(deck);
  std::vector<std::vector<double>> forwards;
  PointSolver solver(deck, sample);
  for (std::int64_t k = 0; k < points.size(); ++k) {
    const auto result = solver.solve(points[k]);
    ASSERT_EQ(result.status, campaign::Status::solved);
    forwards.push_back(result.transmission);
  }
  PointSolver backwards(deck, sample);
  for (std::int64_t k = points.size() - 1; k >= 0; --k) {
    EXPECT_EQ(backwards.solve(points[k]).transmission, forwards[static_cast<std::size_t>(k)]);
  }
  for (const std::int64_t k : {5, 17}) {
    PointSolver fresh(deck, sample);
    EXPECT_EQ(fresh.solve(points[k]).transmission, forwards[static_cast<std::size_t>(k)]);
  }
  const std::set<std::vector<double>> distinct(forwards.begin(), forwards.end());
  // B = 0 and a field in the plane of the electrons are the same; a perpendicular field is not.
  EXPECT_EQ(distinct.size(), 12U);
}

// E = 2 is the band edge of a chain: the point fails with its reason, the others do not.
TEST(PointSolver, AFailedPointHoldsNanAndItsReason) {
  const auto deck = test::lattice_deck(
      "sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 4, width: 1}}\n"
      "energy: [1.9, 2.0, 2.1]");
  const sample::Sample sample(deck);
  PointSolver solver(deck, sample);
  const PointList points(deck);
  EXPECT_NEAR(solver.solve(points[0]).transmission[2], 1.0, 1e-12);
  const auto failed = solver.solve(points[1]);
  EXPECT_EQ(failed.status, campaign::Status::failed);
  EXPECT_NE(failed.transmission[2], failed.transmission[2]) << "NaN";
  EXPECT_NE(failed.remark.find("band edge"), std::string::npos) << failed.remark;
  EXPECT_NE(failed.remark.find("lead 0 at energy 2"), std::string::npos) << failed.remark;
  EXPECT_EQ(solver.solve(points[2]).transmission[2], 0.0);
}

}  // namespace
}  // namespace edotb
