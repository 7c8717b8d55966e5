#include "commands.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/lead/lead.hpp"
#include "edotb/model/library.hpp"
#include "edotb/sample/sample.hpp"

#include <fmt/format.h>

#include <cmath>

namespace edotb::cli {

namespace {

void print_row(const std::vector<double>& k, const std::vector<double>& energies) {
  for (const double value : k) fmt::print("{:>13.8f}", value);
  for (const double energy : energies) fmt::print("{:>17.10f}", energy);
  fmt::print("\n");
}

void bands_of_lead(const deck::Deck& deck, int n_points) {
  const sample::Sample sample(deck);
  const double magnitude = deck.field.magnitude.front();
  const double angle = deck.field.angle.front();
  const auto cell = sample.leads(sample.field(magnitude, angle)).back();
  if (cell.hopping.columns() != cell.hopping.rows()) {
    fmt::print("# cells of {} orbitals, {} of which couple outwards\n", cell.hopping.rows(),
               cell.hopping.columns());
  }
  fmt::print("# bands of the last lead at field {} and angle {}; k in units of pi per cell\n",
             magnitude, angle);
  for (int i = 0; i < n_points; ++i) {
    const double k = n_points == 1 ? 0.0 : -1.0 + 2.0 * i / (n_points - 1);
    print_row({k}, lead::lead_bands(cell, k * constants::pi));
  }
}

void bands_of_bulk(const deck::Deck& deck, const BandOptions& options) {
  if (!deck.model)
    throw bad_input("a system file has no bulk; use --lead for the bands of its leads");
  for (std::size_t a = 0; a < 3; ++a) {
    if (!std::isfinite(options.from[a]) || !std::isfinite(options.to[a])) {
      throw bad_input("--from and --to: k must be finite");
    }
  }
  const auto model = sample::device_model(deck);
  fmt::print("# bulk bands of {} without field; k in units of pi per cell\n", deck.model->name);
  for (int i = 0; i < options.n_points; ++i) {
    const double s = options.n_points == 1 ? 0.0 : static_cast<double>(i) / (options.n_points - 1);
    Vector3 k{};
    for (std::size_t a = 0; a < 3; ++a) {
      k[a] = options.from[a] + s * (options.to[a] - options.from[a]);
    }
    print_row({k[0], k[1], k[2]},
              linalg::hermitian_eigenvalues(model::bloch_hamiltonian(model, constants::pi * k)));
  }
}

}  // namespace

void bands_command(const deck::Deck& deck, const BandOptions& options) {
  if (deck.conductor) throw bad_input("engine.kind: continuum has no bands");
  if (options.of_lead) {
    bands_of_lead(deck, options.n_points);
  } else {
    bands_of_bulk(deck, options);
  }
}

}  // namespace edotb::cli
