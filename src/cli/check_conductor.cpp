#include "commands.hpp"
#include "curve_table.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/campaign/progress.hpp"
#include "edotb/campaign/terminals.hpp"
#include "edotb/continuum/cost.hpp"
#include "edotb/continuum/deck_conductor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace edotb::cli {

namespace {

/// Unknowns, time and memory of the first mesh, and of the finest that refinement may make.
void print_forecast(const continuum::DeckConductor& conductor, const continuum::Material& material,
                    const continuum::Space& space, std::int64_t n_points, int n_ranks,
                    int ranks_per_point) {
  const int n_at_once = std::max(1, n_ranks / ranks_per_point);
  const auto options = conductor.options();
  auto work = continuum::workload_of(space, material, conductor.contacts().size());
  work.n_ranks = ranks_per_point;
  const auto row = [&](const char* mesh, const continuum::Cost& cost) {
    const std::int64_t in_turn = (n_points + n_at_once - 1) / n_at_once;
    fmt::print(
        "  {:<12} {:>10.3g} unknowns {:>10.3g} s a point {:>8.0f} MB per rank, all points {}\n",
        mesh, static_cast<double>(work.n_unknowns), cost.seconds, cost.megabytes,
        campaign::duration_text(cost.seconds * static_cast<double>(in_turn)));
  };
  fmt::print(
      "\nforecast for {} rank{} on cores like that of docs/continuum.md, within a factor of "
      "three\n",
      n_ranks, n_ranks == 1 ? "" : "s");
  row("first mesh", continuum::expected_cost(work, options.solve.solver));
  if (options.tolerance == 0.0) return;
  work.n_unknowns = std::max(work.n_unknowns, options.max_unknowns);
  row("at most", continuum::expected_cost_of_refinement(work, options.solve.solver));
}

}  // namespace

void check_conductor(const deck::Deck& deck, int n_ranks) {
  const continuum::DeckConductor conductor(deck);
  fmt::print("# the deck with every default\n{}\n", deck.expanded);
  const double magnitude = deck.field.magnitude.front();
  const double angle = deck.field.angle.front();
  const auto space =
      continuum::make_space(conductor.mesh(magnitude, angle), conductor.options().order);
  fmt::print("sample      {} cells of order {}, {} nodes before refinement, {}\n", space.n_cells(),
             space.order, space.nodes.size(), space.dimension == 2 ? "a film" : "in space");
  for (std::size_t k = 0; k < conductor.contacts().size(); ++k) {
    fmt::print("contact {:<3} {}\n", k, conductor.contacts()[k].name);
  }
  fmt::print("probes      {}\n", conductor.probes().size());
  print_setups(measure::setups_of(deck, campaign::terminals_of(deck, conductor)));
  const campaign::PointList points(deck);
  fmt::print("points      {} = {} fields x {} angles\n", points.size(), points.shape()[0],
             points.shape()[1]);
  fmt::print("\n  {:>12} {:>16} {:>16} {:>16}\n", "field", "sigma_xx", "sigma_yy", "sigma_xy");
  for (const double b : deck.field.magnitude) {
    const auto sigma = conductor.material(b, angle).sigma;
    fmt::print("  {:>12.6g} {:>16.8g} {:>16.8g} {:>16.8g}\n", b, sigma[0][0], sigma[1][1],
               sigma[0][1]);
  }
  fmt::print("  at angle {}; of a film per square, of two fluids each\n", angle);
  print_forecast(conductor, conductor.material(magnitude, angle), space, points.size(), n_ranks,
                 deck.ranks_per_point);
}

}  // namespace edotb::cli
