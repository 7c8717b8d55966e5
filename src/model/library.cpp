#include "edotb/model/library.hpp"

#include "edotb/base/error.hpp"

#include <array>

namespace edotb::model {

namespace {

constexpr std::array<LibraryModel, 5> models = {{
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
}};

}  // namespace

std::span<const LibraryModel> library() { return models; }

Model build(const std::string& name, const Parameters& parameters) {
  for (const LibraryModel& candidate : models) {
    if (candidate.name == name) return candidate.build(parameters);
  }
  throw bad_input("there is no model named '" + name + "'; `edotb models` lists them");
}

}  // namespace edotb::model
