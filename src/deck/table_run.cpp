#include "table_rows.hpp"

namespace edotb::deck {

std::vector<Parameter> field_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "field.magnitude",
                  .type = Type::sweep,
                  .quantity = Quantity::field,
                  .default_value = "[0]",
                  .doc = "Strength of the uniform magnetic field."});
  rows.push_back({.path = "field.angle",
                  .type = Type::sweep,
                  .quantity = Quantity::angle,
                  .default_value = "[0]",
                  .doc = "Angle between the field and the current."});
  rows.push_back({.path = "field.azimuth",
                  .type = Type::number,
                  .quantity = Quantity::angle,
                  .default_value = "0",
                  .doc =
                      "Direction of the part of the field across the current: 0 along the width, "
                      "90 along the thickness."});
  rows.push_back({.path = "field.where",
                  .type = Type::choice,
                  .default_value = "everywhere",
                  .doc = "everywhere: device and leads share one uniform field. device: the field "
                         "acts on bonds inside the device alone, and the leads are field-free.",
                  .choices = {"everywhere", "device"}});
  rows.push_back({.path = "field.ramp",
                  .type = Type::integer,
                  .quantity = Quantity::cells,
                  .default_value = "0",
                  .doc = "With where: device, the cells at each end over which the field rises "
                         "smoothly from the field-free lead; 0 ends it abruptly.",
                  .bounds = {0, max_cells, true}});
  rows.push_back({.path = "field.g_factor",
                  .type = Type::number,
                  .default_value = "0",
                  .doc = "Zeeman term (g/2) B.sigma on the spin of the model: mu_B B in physical "
                         "units, B in radians per plaquette times t in lattice units."});
  return rows;
}

std::vector<Parameter> run_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "energy",
                  .type = Type::sweep,
                  .quantity = Quantity::energy,
                  .default_value = "[0]",
                  .doc = "Energies of the electrons."});
  rows.push_back({.path = "temperature",
                  .type = Type::sweep,
                  .quantity = Quantity::temperature,
                  .default_value = "[]",
                  .doc = "Temperatures of thermal averages around every energy, which is then the "
                         "chemical potential; empty: zero temperature only.",
                  .bounds = positive});
  rows.push_back({.path = "thermal.tolerance",
                  .type = Type::number,
                  .default_value = "1e-3",
                  .doc = "Error that thermal averages may have, relative to the largest "
                         "conductance of the point.",
                  .bounds = {1e-10, 0.1, true}});
  rows.push_back({.path = "thermal.max_energies",
                  .type = Type::integer,
                  .default_value = "2000",
                  .doc = "Energies that the averages of one point may take; a point that needs "
                         "more keeps its numbers and their errors, and is reported.",
                  .bounds = {200, 1e7, true}});
  rows.push_back({.path = "dephasing.rate",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = "0",
                  .doc = "Rate hbar/tau_phi at which electrons lose their phase on every site, at "
                         "zero temperature.",
                  .bounds = not_negative});
  rows.push_back({.path = "dephasing.coefficient",
                  .type = Type::number,
                  .default_value = "0",
                  .doc = "Thermal part of the rate, coefficient x T^power, in eV or t with T in K "
                         "or t/k_B; acts on thermal averages.",
                  .bounds = not_negative});
  rows.push_back({.path = "dephasing.power",
                  .type = Type::number,
                  .default_value = "1",
                  .doc = "Power of the temperature in the thermal part of the rate.",
                  .bounds = positive});
  rows.push_back({.path = "dephasing.probe_size",
                  .type = Type::number,
                  .default_value = "0",
                  .doc = "Edge, in lattice constants or the unit of a system file's positions, of "
                         "cubes whose sites share one voltage probe; 0: every site has its own.",
                  .bounds = not_negative});
  rows.push_back(
      {.path = "ensemble.realisations",
       .type = Type::integer,
       .default_value = "1",
       .doc = "Number of disorder realisations; with until the most that a point may take.",
       .bounds = {1, 1e9, true}});
  rows.push_back({.path = "ensemble.seed",
                  .type = Type::integer,
                  .default_value = "1",
                  .doc = "Seed of all random numbers; the same seed gives the same samples.",
                  .bounds = {0, 9007199254740992.0, true}});
  rows.push_back({.path = "ensemble.until.relative_error",
                  .type = Type::number,
                  .default_value = "0",
                  .doc = "Adds realisations until the standard error of a point's mean conductance "
                         "is at most this part of the mean; 0: all realisations are computed. "
                         "The conductances are those between the current's contacts of every "
                         "measurement, at every temperature.",
                  .bounds = {0, 1, true},
                  .fixes_results = false});
  rows.push_back({.path = "ensemble.until.absolute_error",
                  .type = Type::number,
                  .default_value = "0",
                  .doc = "The same in e^2/h; with both, the first that is reached is enough.",
                  .bounds = not_negative,
                  .fixes_results = false});
  rows.push_back({.path = "ensemble.until.minimum",
                  .type = Type::integer,
                  .default_value = "16",
                  .doc = "Realisations of every point before the first decision; each further one "
                         "comes after half as many again.",
                  .bounds = {2, 1e9, true},
                  .fixes_results = false});
  rows.push_back({.path = "ensemble.until.each",
                  .type = Type::choice,
                  .default_value = "point",
                  .doc = "What gets a number of realisations of its own. point: every field, angle "
                         "and energy. energy: all fields and angles of an energy go on until the "
                         "last has enough, for differences between fields.",
                  .choices = {"point", "energy"},
                  .fixes_results = false});
  rows.push_back(
      {.path = "engine.kind",
       .type = Type::choice,
       .default_value = "coherent",
       .doc = "coherent: quantum scattering. continuum: a classical conductor, given by the "
              "section conductor.",
       .choices = {"coherent", "continuum"}});
  rows.push_back({.path = "engine.solver",
                  .type = Type::choice,
                  .default_value = "auto",
                  .doc =
                      "multifrontal: Hermitian sparse factorisation, the fast path and what auto "
                      "takes. mumps: sparse LU. dense: LAPACK, for small systems. The last two "
                      "are independent checks.",
                  .choices = {"auto", "multifrontal", "mumps", "dense"}});
  rows.push_back({.path = "engine.precision",
                  .type = Type::choice,
                  .default_value = "double",
                  .doc =
                      "Arithmetic of the multifrontal solver. mixed: factors in single precision, "
                      "refined to double. single: transmissions good to 3 or 4 digits, enough "
                      "for disorder averages, at half the memory.",
                  .choices = {"double", "mixed", "single"}});
  rows.push_back(
      {.path = "engine.single_error",
       .type = Type::number,
       .default_value = "0.01",
       .doc = "Estimated error of S that precision: single may leave, usually some ten times "
              "the error; beyond it the point is solved again in double, at twice the "
              "memory. It grows with the sample: 10^6 orbitals had 0.04 and were off by 3 %.",
       .bounds = {1e-6, 1, true},
       .depends_on = "engine.precision",
       .depends_values = {"single"}});
  rows.push_back({.path = "engine.leads",
                  .type = Type::choice,
                  .default_value = "auto",
                  .doc =
                      "How leads are solved. auto: the fastest method that fits and passes its "
                      "checks. schur: the whole mode equation, slow for large cells, as a check.",
                  .choices = {"auto", "schur"}});
  rows.push_back(
      {.path = "engine.threads",
       .type = Type::integer,
       .default_value = "1",
       .doc = "Threads of the multifrontal solver on every rank: for few large points. Many "
              "points run faster as one rank per core.",
       .bounds = {1, 1024, true},
       .fixes_results = false});
  rows.push_back({.path = "engine.ranks_per_point",
                  .type = Type::integer,
                  .doc = "Ranks that solve one point together: multifrontal divides the time among "
                         "them, mumps the memory too. Must divide the number of ranks. Left out: "
                         "one, and where the nodes have not the memory for that the fewest that "
                         "they have it for, by mumps.",
                  .bounds = {1, 1048576, true},
                  .fixes_results = false});
  return rows;
}

}  // namespace edotb::deck
