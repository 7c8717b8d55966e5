#include "table_rows.hpp"

namespace edotb::deck {

namespace {

Parameter model_parameter(std::string name, std::vector<std::string> models, Quantity quantity,
                          std::string value, std::string doc) {
  return {.path = "sample.model." + std::move(name),
          .type = Type::number,
          .quantity = quantity,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .choices = {},
          .bounds = {},
          .depends_on = "sample.model.name",
          .depends_values = std::move(models)};
}

}  // namespace

std::vector<Parameter> model_rows() {
  std::vector<std::string> all;
  for (const ModelTraits& model : model_traits()) all.push_back(model.name);
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.model.name",
                  .type = Type::choice,
                  .default_value = {},
                  .doc = "The library model; `edotb models` prints each formula.",
                  .choices = all});
  rows.push_back({.path = "sample.model.lattice_constant",
                  .type = Type::number,
                  .quantity = Quantity::length,
                  .default_value = "1",
                  .doc = "Lattice constant a; sets the flux per plaquette of a field in tesla. "
                         "In lattice units a = 1.",
                  .bounds = positive});
  rows.push_back(model_parameter("t", all, Quantity::energy, "1", "Hopping energy."));
  rows.push_back({.path = "sample.model.dimension",
                  .type = Type::integer,
                  .default_value = "3",
                  .doc = "2: square lattice in the xy plane; 3: simple cubic lattice.",
                  .bounds = {2, 3, true},
                  .depends_on = "sample.model.name",
                  .depends_values = {"simple_metal"}});
  rows.push_back(model_parameter("rashba", {"rashba"}, Quantity::energy, "0",
                                 "Rashba spin-orbit hopping lambda_R."));
  rows.push_back(model_parameter("dresselhaus", {"rashba"}, Quantity::energy, "0",
                                 "Dresselhaus spin-orbit hopping lambda_D."));
  rows.push_back(model_parameter("onsite", {"rashba"}, Quantity::energy, "0",
                                 "On-site energy; 4t puts the band bottom near zero."));
  rows.push_back(model_parameter("t_z", {"weyl_two_band"}, Quantity::energy, "1",
                                 "Hopping along z, which carries the nodes."));
  rows.push_back(model_parameter("m", {"weyl_two_band"}, Quantity::energy, "1",
                                 "Mass that gaps the nodes away from kx = ky = 0."));
  rows.push_back(model_parameter("k0", {"weyl_two_band"}, Quantity::phase, "1.5707963267948966",
                                 "Half the distance of the two nodes, at kz = +-k0."));
  rows.push_back(model_parameter("v", {"dirac_weyl"}, Quantity::energy, "1",
                                 "Hopping that mixes the orbitals; the Weyl velocity."));
  rows.push_back(model_parameter("m", {"dirac_weyl"}, Quantity::energy, "3",
                                 "Mass; 3t puts a Dirac point at the zone centre."));
  rows.push_back(model_parameter("b", {"dirac_weyl"}, Quantity::energy, "0",
                                 "Breaks time reversal; splits the Dirac point into Weyl nodes."));
  rows.push_back(model_parameter("inversion", {"dirac_weyl"}, Quantity::energy, "0",
                                 "Breaks inversion (term inversion * tau_x)."));
  return rows;
}

}  // namespace edotb::deck
