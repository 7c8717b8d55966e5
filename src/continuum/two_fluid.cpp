// The two chiralities x = +1, -1 as fluids with electrochemical potentials V_x (physics.md §5):
//
//     J_x = -sigma grad V_x + x g_B b V_x,      div J_x = -Gamma (V_x - V_-x)
//
// weakly, for every test function w of fluid x that vanishes where the contacts hold V_x:
//
//     integral  grad w . (sigma grad V_x - x g_B b V_x)  +  integral  w Gamma (V_x - V_-x)
//         +  surface integral  w |g_B b.n| (V_x where x g_B b.n > 0, else -V_-x)  =  0.
//
// The surface term is an insulating face: what flows out in one chirality comes back in the other. Summed
// over x it is zero, so that no charge is lost, and V_+ = V_- = const is an exact solution.

#include "edotb/base/constants.hpp"
#include "edotb/continuum/equations.hpp"

#include <cmath>

namespace edotb::continuum {

namespace {

constexpr std::array<double, 2> chirality = {1.0, -1.0};

}  // namespace

double TwoFluid::long_wire_conductivity() const {
  return 2.0 * conductivity + chiral_conductance * chiral_conductance / relaxation;
}

double TwoFluid::axial_length() const {
  const double ratio = chiral_conductance / conductivity;
  return 1.0 / std::sqrt(ratio * ratio + 2.0 * relaxation / conductivity);
}

TwoFluid two_fluid_of(const WeylNodes& nodes, double field) {
  constexpr double e = constants::elementary_charge;
  constexpr double pi = constants::pi;
  const double mu = nodes.chemical_potential * e;  // in J
  const double volume = std::pow(constants::hbar * nodes.velocity, 3);
  const double density_of_states = mu * mu / (2.0 * pi * pi * volume);
  const double density = mu * mu * mu / (6.0 * pi * pi * volume);
  const double n = nodes.n_pairs;
  return {n * density * e * nodes.mobility,
          n * std::pow(e, 3) * field / (constants::planck * constants::planck),
          n * e * e * density_of_states / (2.0 * nodes.axial_time)};
}

WeakForm two_fluid_form(const TwoFluid& fluid, const Vector3& b, int order) {
  WeakForm form;
  form.n_fields = 2;
  if (fluid.chiral_conductance != 0.0) {  // without the drift
    form.near = std::make_shared<WeakForm>(
        two_fluid_form({fluid.conductivity, 0.0, fluid.relaxation}, b, order));
  }
  form.degree = order == 1 ? 2 : 4;
  form.on_cell = [fluid, b](std::span<const CellPoint> points, std::size_t n_nodes,
                            LocalMatrix& local) {
    for (const CellPoint& point : points) {
      for (std::size_t test = 0; test < n_nodes; ++test) {
        const Vector3& gradient = point.gradients[test];
        const double along_field = point.weight * fluid.chiral_conductance * dot(gradient, b);
        for (std::size_t trial = 0; trial < n_nodes; ++trial) {
          const double diffusion =
              point.weight * fluid.conductivity * dot(gradient, point.gradients[trial]);
          const double drift = along_field * point.values[trial];
          const double relaxation =
              point.weight * fluid.relaxation * point.values[test] * point.values[trial];
          for (std::size_t x = 0; x < 2; ++x) {
            local(2 * test + x, 2 * trial + x) += diffusion - chirality[x] * drift + relaxation;
            local(2 * test + x, 2 * trial + 1 - x) -= relaxation;
          }
        }
      }
    }
  };
  if (fluid.chiral_conductance == 0.0) return form;
  form.on_face = [fluid, b](std::span<const FacePoint> points, std::size_t n_nodes,
                            LocalMatrix& local) {
    for (const FacePoint& point : points) {
      const double outwards = fluid.chiral_conductance * dot(b, point.normal);
      const std::size_t leaving = outwards > 0.0 ? 0 : 1;
      for (std::size_t test = 0; test < n_nodes; ++test) {
        for (std::size_t trial = 0; trial < n_nodes; ++trial) {
          const double flow = std::abs(outwards) * point.values[test] * point.values[trial];
          local(2 * test + leaving, 2 * trial + leaving) += flow;
          local(2 * test + 1 - leaving, 2 * trial + leaving) -= flow;
        }
      }
    }
  };
  return form;
}

}  // namespace edotb::continuum
