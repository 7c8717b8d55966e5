#include "edotb/model/library.hpp"

#include "edotb/base/error.hpp"
#include "edotb/model/formula.hpp"
#include "edotb/model/wannier90.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace edotb::model {

namespace {

constexpr std::array<LibraryModel, 11> models = {{
    {"simple_metal", "H = -2t sum_i cos k_i", "Square (dimension 2) or simple cubic lattice.",
     simple_metal},
    {"rashba",
     "H = onsite - 2t (cos kx + cos ky) + 2 rashba (sin ky sx - sin kx sy)"
     " + 2 dresselhaus (sin kx sx - sin ky sy)",
     "Two-dimensional electrons with Rashba and Dresselhaus spin-orbit coupling.", rashba},
    {"weyl_two_band",
     "H = t sin kx sx + t sin ky sy + [t_z (cos kz - cos k0) + m (2 - cos kx - cos ky)] sz",
     "The smallest Weyl semimetal: one pair of nodes at kz = +-k0.", weyl_two_band},
    {"dirac_weyl", "H = (m - t sum_i cos k_i) tz + v sum_i sin k_i tx si + b sz + inversion tx",
     "Four bands; b splits the Dirac point into Weyl nodes along kz.", dirac_weyl},
    {"graphene", "E = +-t |1 + e^{i k.a1} + e^{i k.a2}|",
     "Honeycomb lattice, one orbital per atom, rectangular cell of four atoms (a x sqrt(3) a): "
     "current along x has zigzag edges, along y armchair edges.",
     graphene},
    {"haldane", "H = -t nearest + t2 exp(+-i phase) second neighbours +- mass",
     "Honeycomb lattice, a Chern insulator; cell and edges as graphene.", haldane},
    {"kane_mele", "H = -t nearest + i so (+-) sz second + i rashba (s x d)_z nearest +- mass",
     "Honeycomb lattice with spin, a quantum spin Hall insulator; cell and edges as graphene.",
     kane_mele},
    {"bhz", "H = c - d k^2 + (m - b k^2) tz + a (kx tx sz - ky ty)",
     "HgTe quantum well in the xy plane (d = 7 nm); k.p on a lattice.", bhz},
    {"bi2se3",
     "H = c + d1 kz^2 + d2 k^2 + (m - b1 kz^2 - b2 k^2) tz + a1 kz tx sz + a2 tx (kx sx + ky sy)",
     "Strong topological insulator; k.p on a lattice, k^2 = kx^2 + ky^2.", bi2se3},
    {"na3bi", "H = c0 + c1 kz^2 + c2 k^2 + (m0 - m1 kz^2 - m2 k^2) tz + a (kx tx sz - ky ty)",
     "Dirac semimetal; k.p on a lattice, k^2 = kx^2 + ky^2.", na3bi},
    {"cd3as2", "H = c0 + c1 kz^2 + c2 k^2 + (m0 + m1 kz^2 + m2 k^2) tz + a (kx tx sz - ky ty)",
     "Dirac semimetal; k.p on a lattice, k^2 = kx^2 + ky^2.", cd3as2},
}};

}  // namespace

std::span<const LibraryModel> library() { return models; }

Model build(const std::string& name, const Parameters& parameters) {
  for (const LibraryModel& candidate : models) {
    if (candidate.name == name) return candidate.build(parameters);
  }
  throw bad_input("there is no model named '" + name + "'; `edotb models` lists them");
}

Model build(const deck::ModelChoice& choice) {
  if (choice.name == "wannier90") return wannier90_model(choice.wannier, choice.dimension);
  Parameters parameters = choice.parameters;
  if (choice.name != "formula" && choice.name != "continuum") {
    parameters["lattice_constant"] = choice.lattice_constant;
    return build(choice.name, parameters);
  }
  const Formula formula{choice.formula, parameters, choice.dimension, choice.spin};
  if (const auto unused = unused_parameters(formula); !unused.empty()) {
    throw bad_input(fmt::format(
        "the formula does not use the parameter{} {}; remove what is not needed, or mend its name",
        unused.size() > 1 ? "s" : "", fmt::join(unused, ", ")));
  }
  return choice.name == "formula" ? lattice_model(formula)
                                  : continuum_model(formula, choice.lattice_constant);
}

}  // namespace edotb::model
