#pragma once

#include "edotb/base/vector3.hpp"
#include "edotb/measure/conductance_matrix.hpp"

#include <array>

namespace edotb::measure {

/// A resistivity (E = rho J) or conductivity (J = sigma E) tensor and the standard error of each component.
struct Tensor {
  std::array<Vector3, 3> value{};  ///< [i][j]
  std::array<Vector3, 3> error{};
};

/// The tensor of a film, from its four components in the plane; across the film it is 1, so that the plane's
/// 2 x 2 block is inverted by itself.
[[nodiscard]] Tensor in_plane(const Estimate& xx, const Estimate& xy, const Estimate& yx,
                              const Estimate& yy);

/// The component rho_ij of a uniform sample from a voltage between two places that lie `separation` apart
/// along i (from plus to minus), the current flowing along j through `cross_section`: R A/d. In a film of
/// unit thickness the cross-section is the width.
[[nodiscard]] Estimate resistivity(const Estimate& resistance, double separation,
                                   double cross_section);

/// sigma from rho or rho from sigma, all components together: sigma_xx is not 1/rho_xx where rho_xy != 0.
/// Errors are taken as independent, d sigma = -sigma d rho sigma. Throws numerical_error for a tensor that
/// cannot be inverted.
[[nodiscard]] Tensor inverse(const Tensor& tensor);

}  // namespace edotb::measure
