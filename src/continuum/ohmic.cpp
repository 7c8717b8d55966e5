// Ohm's law in a field, div(sigma grad phi) = 0, weakly: for every test function w that vanishes on the
// contacts
//
//     integral  grad w . sigma grad phi  = 0
//
// and n.sigma grad phi = 0 on all faces that are not contacts. For w = 1 on one contact and 0 on the
// others the same integral is the current that enters through that contact.

#include "edotb/continuum/equations.hpp"

namespace edotb::continuum {

WeakForm ohmic_form(const Tensor& sigma, int order) {
  WeakForm form;
  form.n_fields = 1;
  if (sigma != transposed(sigma)) {  // without the Hall part
    form.near = std::make_shared<WeakForm>(ohmic_form(symmetric_part(sigma), order));
  }
  constexpr int bent_cells = 4;  // of order 2: the Jacobian is not constant
  form.degree = order == 1 ? 1 : bent_cells;
  form.on_cell = [sigma](std::span<const CellPoint> points, std::size_t n_nodes,
                         LocalMatrix& local) {
    for (const CellPoint& point : points) {
      for (std::size_t trial = 0; trial < n_nodes; ++trial) {
        const Vector3 current = times(sigma, point.weight * point.gradients[trial]);
        for (std::size_t test = 0; test < n_nodes; ++test) {
          local(test, trial) += dot(point.gradients[test], current);
        }
      }
    }
  };
  return form;
}

}  // namespace edotb::continuum
