#include "commands.hpp"
#include "curve_table.hpp"
#include "edotb/campaign/points.hpp"
#include "edotb/campaign/terminals.hpp"
#include "edotb/continuum/deck_conductor.hpp"

#include <fmt/format.h>

namespace edotb::cli {

void check_conductor(const deck::Deck& deck) {
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
}

}  // namespace edotb::cli
