#include "commands.hpp"
#include "curve_table.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/campaign/adaptive_ensemble.hpp"
#include "edotb/campaign/forecast.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/campaign/progress.hpp"
#include "edotb/campaign/terminals.hpp"
#include "edotb/coherent/engine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace edotb::cli {

namespace {

void print_flux(const deck::Deck& deck, const sample::Sample& sample) {
  constexpr std::size_t max_rows = 24;
  fmt::print("\nflux per plaquette [rad], normal to current, width, thickness\n");
  const bool is_bar = deck.shape.kind == "bar";
  fmt::print("  {:>12} {:>10} {:>14} {:>14} {:>14} {:>14}\n", "field", "angle", "current", "width",
             "thickness", is_bar ? "flux quanta*" : "");
  std::size_t n_rows = 0;
  for (const double magnitude : deck.field.magnitude) {
    for (const double angle : deck.field.angle) {
      if (++n_rows > max_rows) continue;
      const auto flux = sample.flux_per_plaquette(sample.field(magnitude, angle));
      const double quanta =
          flux[0] * deck.shape.width * deck.shape.thickness / (2.0 * constants::pi);
      fmt::print("  {:>12.6g} {:>10.6g} {:>14.6g} {:>14.6g} {:>14.6g} {:>14}\n", magnitude, angle,
                 flux[0], flux[1], flux[2], is_bar ? fmt::format("{:.6g}", quanta) : "");
    }
  }
  if (n_rows > max_rows) fmt::print("  ... and {} more\n", n_rows - max_rows);
  if (is_bar) fmt::print("  * of h/e through the cross-section\n");
}

/// The points of a run that all have enough realisations at the first decision; none without ensemble.until.
std::optional<campaign::PointList> least_of(const deck::Deck& deck,
                                            const campaign::PointList& points) {
  if (!deck.ensemble.until.any()) return std::nullopt;
  auto shape = points.shape();
  shape[3] = deck.ensemble.until.minimum;
  return campaign::PointList(shape);
}

/// How long the run takes, and how many ranks are of use.
void print_schedule(const deck::Deck& deck, const campaign::Forecast& forecast,
                    const campaign::PointList& points,
                    const std::optional<campaign::PointList>& least, int n_ranks) {
  constexpr double useful_efficiency = 0.8;
  auto costs = forecast.costs();
  const int n_workers = std::max(1, n_ranks / deck.ranks_per_point);
  std::string shortest;
  if (least) {
    shortest =
        campaign::duration_text(campaign::simulate(*least, costs, n_workers).wall_seconds) + " to ";
    // The leads are solved anew for each decision.
    costs.lead_seconds *= static_cast<double>(
        campaign::looks(deck.ensemble.until.minimum, deck.ensemble.n_realisations).size());
  }
  const auto schedule = campaign::simulate(points, costs, n_workers);
  const double alone = campaign::simulate(points, costs, 1).wall_seconds;
  fmt::print("  total       {} {}{}\n", forecast.n_thermal_energies > 0 ? "at least" : "about",
             shortest, campaign::duration_text(schedule.wall_seconds));
  if (n_workers > 1) {
    fmt::print("  efficiency  {:.1f} %; {:.1f} % of the ranks' time is waiting for the last\n",
               100.0 * alone / (n_workers * schedule.wall_seconds),
               100.0 * schedule.waste(n_workers));
  }
  fmt::print("  useful      up to {} ranks: with more the efficiency falls below {:.0f} %\n",
             static_cast<std::int64_t>(deck.ranks_per_point) *
                 campaign::most_useful_workers(points, costs, useful_efficiency),
             100.0 * useful_efficiency);
  if (least && least->size() < n_workers) {
    fmt::print(
        "  note        the first {} points leave {} of {} ranks idle; raise "
        "ensemble.until.minimum\n",
        least->size(), n_workers - least->size(), n_workers);
  }
}

}  // namespace

void check_command(const deck::Deck& deck, int n_ranks) {
  const sample::Sample sample(deck);
  const auto setups = measure::setups_of(deck, campaign::terminals_of(sample));
  fmt::print("# the deck with every default\n{}\n", deck.expanded);
  const auto& layout = sample.layout();
  const campaign::Observables observables(deck, sample);
  const auto forecast = campaign::forecast(deck, sample, observables);
  const campaign::PointList points(deck);

  fmt::print("sample      {} sites, {} orbitals\n", layout.n_sites(), layout.n_orbitals());
  for (std::size_t k = 0; k < layout.n_leads(); ++k) {
    fmt::print("lead {:<6} {} orbitals on the interface, {} open modes at the first point\n", k,
               layout.interfaces[k].size(), forecast.open_modes[k]);
  }
  print_setups(setups);
  fmt::print("points      {} = {} fields x {} angles x {} energies x {} realisations\n",
             points.size(), points.shape()[0], points.shape()[1], points.shape()[2],
             points.shape()[3]);
  const auto least = least_of(deck, points);
  if (least) {
    fmt::print(
        "            at least {}, with {} realisations each: ensemble.until adds those that "
        "are needed\n",
        least->size(), deck.ensemble.until.minimum);
  }
  if (deck.model) print_flux(deck, sample);

  const auto choice = campaign::solver_choice(deck, observables, mpi::Communicator(MPI_COMM_SELF));
  fmt::print("\nforecast for {} rank{}\n", n_ranks, n_ranks == 1 ? "" : "s");
  fmt::print("  solver      {}, {} precision\n",
             deck.dephasing.any() ? "mumps with dephasing" : coherent::name_of(choice.kind),
             deck.precision);
  fmt::print("  memory      {:.0f} MB per rank, {:.1f} GB in all\n", forecast.megabytes_per_rank,
             1e-3 * forecast.megabytes_per_rank * n_ranks);
  if (!observables.empty()) {
    fmt::print("  disk        {:.3g} GB of observables\n", forecast.gigabytes_on_disk);
  }
  fmt::print("  leads       {} per set, {} sets\n", campaign::duration_text(forecast.lead_seconds),
             forecast.n_lead_problems);
  fmt::print(
      "  point       {:.3g} s, {}\n", forecast.point_seconds,
      forecast.point_measured ? "measured on the first" : "estimated from the factorisation");
  if (forecast.n_thermal_energies > 0) {
    fmt::print("  thermal     {} energies per point at least, {} at most\n",
               forecast.n_thermal_energies, deck.thermal.max_energies);
  }
  print_schedule(deck, forecast, points, least, n_ranks);
  fmt::print("  this core   {:.0f} Gflop/s in a complex matrix product\n", forecast.gflops);
}

}  // namespace edotb::cli
