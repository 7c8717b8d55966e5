#pragma once

#include "edotb/base/random.hpp"
#include "edotb/base/vector3.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace edotb::sample {

/// Normal numbers on points in space, of mean 0 and covariance exp(-r^2/(2 xi^2)): the convolution
///     f(r) = sum_j K(r - r_j) w_j,      K(r) ~ exp(-r^2/xi^2),
/// of white noise w on a grid of spacing h <= 0.4 xi with a Gaussian. On such a grid the sum over j of
/// K(r - r_j) K(r' - r_j) is the integral to 1e-13, so the covariance is exact at any place of the
/// points. Round a period L the kernel is wrapped, and the covariance is that of all images,
/// sum_n exp(-(x + nL)^2/(2 xi^2)), divided by its value at x = 0. Away from periods f(r) depends on r
/// and the key alone, not on what other points there are.
class CorrelatedField {
 public:
  /// Lengths in one unit; a period of 0 is none. Throws bad_input when the grid would be too large.
  CorrelatedField(std::span<const Vector3> points, const Vector3& periods, double length);

  /// The field on the points; `key` without its site.
  [[nodiscard]] std::vector<double> draw(const RandomKey& key) const;
  /// The covariance of the field on two points, over all keys: sum_j K(r_p - r_j) K(r_q - r_j).
  [[nodiscard]] double covariance(std::size_t p, std::size_t q) const;

 private:
  /// The kernel along one axis, from grid nodes to a coordinate.
  struct Kernel {
    std::int64_t first = 0;  ///< node of the first weight
    std::vector<double> weights;
  };
  /// The kernel is a product over the axes, and many points share a coordinate.
  struct Axis {
    std::vector<Kernel> kernels;        ///< of each distinct coordinate
    std::vector<std::size_t> of_point;  ///< its number among them
    std::int64_t first = 0;             ///< nodes of the grid
    std::int64_t n_nodes = 1;
  };
  static Axis make_axis(std::span<const Vector3> points, std::size_t axis, double period,
                        double length);

  std::array<Axis, 3> axes_;
};

}  // namespace edotb::sample
