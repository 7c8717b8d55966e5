// Where modes open: the extrema of the bands.

#include "edotb/base/constants.hpp"
#include "edotb/lead/band_edges.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb {
namespace {

using linalg::Complex;
using linalg::Matrix;

std::vector<sample::LeadCell> leads_of(const std::string& body) {
  const auto deck = test::lattice_deck(body);
  const sample::Sample sample(deck);
  return sample.leads(sample.field(deck.field.magnitude[0], deck.field.angle[0]));
}

// A strip of W sites: bands eps_n - 2 cos k with eps_n = -2 cos(n pi/(W+1)), so edges at eps_n +- 2.
TEST(BandEdges, OfAStripAreItsTransverseLevelsAndTheBandWidth) {
  const auto leads =
      leads_of("sample: {model: {name: simple_metal, dimension: 2}, shape: {length: 3, width: 5}}");
  std::vector<double> expected;
  for (int n = 1; n <= 5; ++n) {
    const double level = -2.0 * std::cos(n * constants::pi / 6.0);
    for (const double edge : {level - 2.0, level + 2.0}) {
      if (edge > -3.6 && edge < 1.5) expected.push_back(edge);
    }
  }
  std::sort(expected.begin(), expected.end());
  const auto edges = lead::band_edges(leads, -3.6, 1.5);
  ASSERT_EQ(edges.size(), expected.size());
  for (std::size_t i = 0; i < edges.size(); ++i) EXPECT_NEAR(edges[i], expected[i], 1e-12);
}

// E(k) = -2t cos k - 2s cos(2k + phase), without symmetry and off the grid: its extrema are the roots of
// dE/dk, found here by bisection.
TEST(BandEdges, OfABandWithoutSymmetryAreWhereItsSlopeVanishes) {
  constexpr double second = 0.8;
  constexpr double phase = 0.7;
  const auto band = [&](double k) {
    return -2.0 * std::cos(k) - 2.0 * second * std::cos(2.0 * k + phase);
  };
  const auto slope = [&](double k) {
    return 2.0 * std::sin(k) + 4.0 * second * std::sin(2.0 * k + phase);
  };
  // Two sites to a cell, so that hopping to the second neighbour is one to the next cell.
  sample::LeadCell lead{Matrix(2, 2), Matrix(2, 2)};
  lead.cell(0, 1) = lead.cell(1, 0) = -1.0;
  lead.hopping(0, 1) = -1.0;
  const Complex jump = std::polar(-second, -phase);
  lead.hopping(0, 0) = lead.hopping(1, 1) = jump;
  std::vector<double> expected;
  constexpr int n_steps = 997;
  for (int i = 0; i < n_steps; ++i) {
    double low = 2.0 * constants::pi * i / n_steps;
    double high = 2.0 * constants::pi * (i + 1) / n_steps;
    if (slope(low) * slope(high) > 0.0) continue;
    for (int step = 0; step < 60; ++step) {
      const double middle = 0.5 * (low + high);
      (slope(low) * slope(middle) <= 0.0 ? high : low) = middle;
    }
    expected.push_back(band(low));
  }
  ASSERT_EQ(expected.size(), 4U);
  const auto edges = lead::band_edges(std::vector{lead}, -10.0, 10.0);
  for (const double edge : expected) {
    const auto nearest = std::min_element(edges.begin(), edges.end(), [&](double a, double b) {
      return std::abs(a - edge) < std::abs(b - edge);
    });
    ASSERT_NE(nearest, edges.end());
    EXPECT_NEAR(*nearest, edge, 1e-11);
  }
}

// In a field and with spin-orbit coupling: the number of open modes changes at an edge, and only there.
TEST(BandEdges, AreWhereTheNumberOfModesChanges) {
  const auto leads = leads_of(
      "sample: {model: {name: rashba, rashba: 0.3}, shape: {length: 3, width: 4}}\n"
      "field: {magnitude: 0.3, angle: 60, azimuth: 30, }");
  constexpr double low = -3.3;
  constexpr double high = -1.0;
  auto edges = lead::band_edges(leads, low, high);
  const auto n_modes = [&](double energy) { return lead::solve_lead(leads[0], energy).n_modes(); };
  std::size_t n_changes = 0;
  for (const double edge : edges) {
    constexpr double beside = 1e-7;
    n_changes += n_modes(edge - beside) != n_modes(edge + beside) ? 1 : 0;
  }
  EXPECT_GE(n_changes, 4U);
  edges.insert(edges.begin(), low);
  edges.push_back(high);
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const double width = edges[i + 1] - edges[i];
    EXPECT_EQ(n_modes(edges[i] + 0.01 * width), n_modes(edges[i + 1] - 0.01 * width))
        << edges[i] << " to " << edges[i + 1];
  }
}

TEST(BandEdges, AMetalWithoutBandsHasNone) {
  sample::LeadCell wide{Matrix(), Matrix(0, 3), 2.0};
  EXPECT_TRUE(lead::band_edges(std::vector{wide}, -10.0, 10.0).empty());
}

}  // namespace
}  // namespace edotb
