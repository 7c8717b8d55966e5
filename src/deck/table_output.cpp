#include "table_rows.hpp"

namespace edotb::deck {

std::vector<Parameter> output_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "output.directory",
                  .type = Type::text,
                  .default_value = "output",
                  .doc = "Folder of results.h5, relative to the working directory.",
                  .fixes_results = false});
  rows.push_back({.path = "output.observables",
                  .type = Type::choices,
                  .default_value = "[]",
                  .doc = "What every point writes beyond its transmissions: docs/observables.md "
                         "has formulas, shapes and costs.",
                  .choices = {"s_matrix", "transmission_eigenvalues", "noise",
                              "resolved_transmission", "density_of_states", "local_density",
                              "scattering_states", "green", "currents"}});
  rows.push_back({.path = "output.resolve",
                  .type = Type::choice,
                  .default_value = "none",
                  .doc =
                      "What the channels of every lead are sorted by, for resolved_transmission, "
                      "s_matrix and scattering_states. A spin component or the orbital must be "
                      "conserved in the leads; valley is the sign of a mode's momentum along "
                      "its lead.",
                  .choices = {"none", "spin_x", "spin_y", "spin_z", "orbital", "valley"}});
  rows.push_back({.path = "output.voltages",
                  .type = Type::vector,
                  .default_value = "[]",
                  .doc = "Voltages of the contacts, one each and small, in any unit: noise and "
                         "currents are then also written for this bias."});
  rows.push_back({.path = "output.sites",
                  .type = Type::sweep,
                  .default_value = "[]",
                  .doc = "Sites, by number, between whose orbitals green writes the retarded Green "
                         "function.",
                  .bounds = {0, 1e9, true}});
  rows.push_back({.path = "output.max_gigabytes",
                  .type = Type::number,
                  .default_value = "8",
                  .doc = "Observables that fill more of results.h5 than this are refused.",
                  .bounds = positive,
                  .fixes_results = false});
  return rows;
}

}  // namespace edotb::deck
