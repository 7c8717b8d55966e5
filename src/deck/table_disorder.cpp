#include "table_rows.hpp"

namespace edotb::deck {

namespace {

Parameter disorder_key(std::string key, std::vector<std::string> kinds, Type type,
                       Quantity quantity, std::optional<std::string> value, std::string doc,
                       Bounds bounds = {}) {
  return {.path = "sample.disorder[]." + std::move(key),
          .type = type,
          .quantity = quantity,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .bounds = bounds,
          .depends_on = "sample.disorder[].kind",
          .depends_values = std::move(kinds)};
}

Parameter number_key(std::string key, std::vector<std::string> kinds, Quantity quantity,
                     std::optional<std::string> value, std::string doc, Bounds bounds = {}) {
  return disorder_key(std::move(key), std::move(kinds), Type::number, quantity, std::move(value),
                      std::move(doc), bounds);
}

Parameter choice_key(std::string key, std::vector<std::string> kinds,
                     std::vector<std::string> choices, std::string doc) {
  Parameter row = disorder_key(std::move(key), std::move(kinds), Type::choice, Quantity::none,
                               choices.front(), std::move(doc));
  row.choices = std::move(choices);
  return row;
}

std::vector<Parameter> magnetic_rows() {
  const std::vector<std::string> kind = {"magnetic"};
  std::vector<Parameter> rows;
  rows.push_back(
      number_key("exchange", kind, Quantity::energy, {},
                 "J: the impurity adds potential - J S.sigma, on the spin of the model."));
  rows.push_back(number_key("potential", kind, Quantity::energy, "0", "V of the impurity."));
  rows.push_back(number_key("spin", kind, Quantity::none, "1", "S, the length of a moment.",
                            {0.0, 1000.0, false}));
  rows.push_back(number_key("g_factor", kind, Quantity::none, "2",
                            "Of the moments. With x = g mu_B S B/(k_B T) their mean along the "
                            "field is S (coth x - 1/x); mu_B B/k_B is B in lattice units."));
  rows.push_back(number_key("temperature", kind, Quantity::temperature, {},
                            "Temperature of the moments.", positive));
  rows.push_back(choice_key("moments", kind, {"classical", "quantum"},
                            "classical: unit vectors times S. quantum: the projection on the field "
                            "is one of -S, -S+1, ... S, of a vector as long as sqrt(S(S+1))."));
  rows.push_back(choice_key("orientation", kind, {"drawn", "reversed"},
                            "reversed: every moment is opposite to the one drawn for the opposite "
                            "field, for tests of reciprocity."));
  return rows;
}

}  // namespace

std::vector<Parameter> disorder_rows() {
  const std::vector<std::string> on_site = {"anderson", "gaussian", "vacancies", "magnetic"};
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.disorder",
                  .type = Type::object_list,
                  .default_value = "[]",
                  .doc = "Random terms of the Hamiltonian; each item adds one (disorder.md)."});
  rows.push_back({.path = "sample.disorder[].kind",
                  .type = Type::choice,
                  .default_value = {},
                  .doc = "anderson: an independent random energy on every site of the device, the "
                         "same for all orbitals of the site. gaussian: normal energies with a "
                         "correlation length. vacancies: missing sites. hopping_phases: a random "
                         "phase on every bond. magnetic: impurity moments that line up with the "
                         "field.",
                  .choices = {"anderson", "gaussian", "vacancies", "hopping_phases", "magnetic"}});
  rows.push_back(choice_key("where", on_site, {"all", "bulk", "surface"},
                            "surface: only on sites from which `depth` cells or fewer along a "
                            "lattice axis lead out of the sample, other than into a contact. bulk: "
                            "only on the others."));
  Parameter depth = disorder_key("depth", {"bulk", "surface"}, Type::integer, Quantity::cells, "1",
                                 "Thickness of the surface.", {1.0, max_cells, true});
  depth.depends_on = "sample.disorder[].where";
  rows.push_back(std::move(depth));
  rows.push_back(number_key("width", {"anderson"}, Quantity::energy, {},
                            "Energies are uniform in [-width/2, width/2].", not_negative));
  rows.push_back(number_key("width", {"hopping_phases"}, Quantity::phase, {},
                            "Phases are uniform in [-width/2, width/2].",
                            {0.0, 6.283185307179587, true}));
  rows.push_back(number_key("strength", {"gaussian"}, Quantity::energy, {},
                            "Root mean square of the energies.", not_negative));
  rows.push_back(number_key("correlation_length", {"gaussian"}, Quantity::length, {},
                            "xi: the covariance is strength^2 exp(-r^2/(2 xi^2)).", positive));
  rows.push_back(number_key("density", {"vacancies", "magnetic"}, Quantity::none, {},
                            "Share of the sites, 0 to 1.", {0.0, 1.0, true}));
  for (Parameter& row : magnetic_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace edotb::deck
