// Every observable's datasets, in the order in which Observables::evaluate makes their blocks.

#include "observable_datasets.hpp"

#include <numeric>

namespace edotb::campaign {

namespace {

using Axes = std::vector<std::string>;

/// What tells the modes of a point apart, for whoever reads S or scattering states.
void add_modes(std::vector<ObservableDataset>& list, const std::string& energy, bool resolved) {
  for (const std::string direction : {"incoming", "outgoing"}) {
    list.push_back({direction + "_momentum",
                    {"lead", "mode"},
                    "rad",
                    "momentum of the " + direction + " modes, outwards, per cell of the lead"});
    list.push_back({direction + "_velocity",
                    {"lead", "mode"},
                    energy,
                    "velocity dE/dk of the " + direction + " modes, outwards positive"});
    if (!resolved) continue;
    list.push_back({direction + "_sector",
                    {"lead", "mode"},
                    "1",
                    "what output.resolve names, of the " + direction + " modes"});
  }
}

}  // namespace

std::vector<std::int64_t> count_to(std::size_t n) {
  std::vector<std::int64_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::vector<ObservableDataset> observable_datasets(const deck::Deck& deck, bool can_place,
                                                   int dimension) {
  const auto& options = deck.observables;
  const auto wants = [&](const char* name) { return options.wants(name); };
  const bool biased = !options.voltages.empty();
  const std::string energy(deck::unit_name(deck::Quantity::energy, deck.lattice_units));
  const std::string length(deck::unit_name(deck::Quantity::length, deck.lattice_units));
  const std::string density = dimension == 3   ? "e2/h per " + length + "^2"
                              : dimension == 2 ? "e2/h per " + length
                                               : "e2/h x length per site";
  std::vector<ObservableDataset> list;
  if (wants("s_matrix") || wants("scattering_states")) {
    add_modes(list, energy, options.resolve != "none");
  }
  if (wants("s_matrix")) {
    list.push_back({"s_matrix",
                    {"lead_to", "mode_to", "lead_from", "mode_from"},
                    "1",
                    "scattering amplitude between modes at unit current",
                    true});
  }
  if (wants("transmission_eigenvalues")) {
    list.push_back({"transmission_eigenvalues",
                    {"lead_to", "lead_from", "eigenvalue"},
                    "1",
                    "eigenvalues T_n of t^H t, downwards"});
  }
  if (wants("noise")) {
    list.push_back({"noise",
                    {"lead_from", "lead", "lead_to"},
                    "2e e2/h per volt",
                    "shot noise S of the currents in lead and lead_to, lead_from alone biased"});
    list.push_back({"fano_factor",
                    {"lead_to", "lead_from"},
                    "1",
                    "S/2e|I| of the current in lead_to, lead_from alone biased"});
    if (biased) {
      list.push_back({"noise_biased",
                      {"lead", "lead_to"},
                      "2e e2/h times the deck's voltage",
                      "shot noise at output.voltages"});
    }
  }
  if (wants("resolved_transmission")) {
    list.push_back({"resolved_transmission",
                    {"lead_to", "sector_to", "lead_from", "sector_from"},
                    "1",
                    "transmission between sectors of what output.resolve names"});
  }
  if (wants("density_of_states")) {
    list.push_back({"density_of_states",
                    {},
                    "1/" + energy,
                    "density of states of the device, filled from the leads"});
  }
  if (wants("local_density")) {
    list.push_back({"local_density",
                    {"site"},
                    "1/" + energy,
                    "local density of states per site, filled from the leads"});
  }
  if (wants("scattering_states")) {
    list.push_back({"scattering_states",
                    {"lead_from", "mode_from", "orbital"},
                    energy + "^-1/2",
                    "scattering state of an electron that comes in at unit current (hbar = 1)",
                    true});
  }
  if (wants("green")) {
    list.push_back({"green",
                    {"orbital_to", "orbital_from"},
                    "1/" + energy,
                    "retarded Green function between the orbitals of output.sites",
                    true});
  }
  if (!wants("currents")) return list;
  list.push_back({"bond_current",
                  {"lead_from", "bond"},
                  "e2/h",
                  "current along a bond per voltage on lead_from"});
  if (can_place) {
    list.push_back({"current_density",
                    {"lead_from", "site", "cartesian"},
                    density,
                    "current density at a site per voltage on lead_from"});
  }
  if (!biased) return list;
  list.push_back({"bond_current_biased",
                  {"bond"},
                  "e2/h times the deck's voltage",
                  "current along a bond at output.voltages"});
  if (can_place) {
    list.push_back({"current_density_biased",
                    {"site", "cartesian"},
                    density + " times the deck's voltage",
                    "current density at a site at output.voltages"});
  }
  return list;
}

}  // namespace edotb::campaign
