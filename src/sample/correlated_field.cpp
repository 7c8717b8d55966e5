#include "edotb/sample/correlated_field.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::sample {

namespace {

constexpr double spacing_per_length = 0.4;
constexpr double reach_per_length = 5.5;  ///< exp(-5.5^2) = 7e-14
constexpr double max_nodes = 2e8;
constexpr double max_nodes_per_axis = 1e6;  ///< 21 bits in a key

/// The site of a key, from a node's three numbers, which may be negative.
std::uint64_t packed(std::int64_t x, std::int64_t y, std::int64_t z) {
  constexpr std::uint64_t mask = (1ULL << 21U) - 1U;
  const auto part = [](std::int64_t i) { return static_cast<std::uint64_t>(i) & mask; };
  return part(x) | part(y) << 21U | part(z) << 42U;
}

void normalise(std::vector<double>& weights) {
  double squares = 0.0;
  for (const double w : weights) squares += w * w;
  for (double& w : weights) w /= std::sqrt(squares);
}

}  // namespace

CorrelatedField::Axis CorrelatedField::make_axis(std::span<const Vector3> points, std::size_t axis,
                                                 double period, double length) {
  constexpr double same = 1e-9;
  std::vector<double> coordinates;
  for (const Vector3& r : points) coordinates.push_back(r[axis]);
  std::sort(coordinates.begin(), coordinates.end());
  coordinates.erase(std::unique(coordinates.begin(), coordinates.end(),
                                [](double a, double b) { return b - a < same; }),
                    coordinates.end());
  Axis result;
  for (const Vector3& r : points) {
    const auto after = std::upper_bound(coordinates.begin(), coordinates.end(), r[axis]);
    result.of_point.push_back(static_cast<std::size_t>(after - coordinates.begin()) - 1);
  }
  // Along an axis on which nothing varies one node will do.
  if (coordinates.size() == 1) {
    result.kernels = {{0, {1.0}}};
    return result;
  }
  double h = spacing_per_length * length;
  const double reach = reach_per_length * length;
  const auto gauss = [&](double x) { return std::exp(-(x / length) * (x / length)); };
  if (period > 0.0) {
    result.n_nodes = static_cast<std::int64_t>(std::ceil(period / h));
    h = period / static_cast<double>(result.n_nodes);
    const auto n_images = static_cast<std::int64_t>(std::ceil(reach / period));
    for (const double x : coordinates) {
      Kernel kernel;
      for (std::int64_t j = 0; j < result.n_nodes; ++j) {
        const double nearest = std::remainder(x - h * static_cast<double>(j), period);
        double weight = 0.0;
        for (std::int64_t n = -n_images; n <= n_images; ++n) {
          weight += gauss(nearest + period * static_cast<double>(n));
        }
        kernel.weights.push_back(weight);
      }
      normalise(kernel.weights);
      result.kernels.push_back(std::move(kernel));
    }
    return result;
  }
  const auto node_after = [&](double x) { return static_cast<std::int64_t>(std::ceil(x / h)); };
  result.first = node_after(coordinates.front() - reach);
  for (const double x : coordinates) {
    Kernel kernel{node_after(x - reach), {}};
    for (std::int64_t j = kernel.first; j < node_after(x + reach); ++j) {
      kernel.weights.push_back(gauss(x - h * static_cast<double>(j)));
    }
    result.n_nodes = kernel.first + static_cast<std::int64_t>(kernel.weights.size()) - result.first;
    normalise(kernel.weights);
    result.kernels.push_back(std::move(kernel));
  }
  return result;
}

CorrelatedField::CorrelatedField(std::span<const Vector3> points, const Vector3& periods,
                                 double length) {
  double n_nodes = 1.0;
  double longest = 1.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [low, high] =
        std::minmax_element(points.begin(), points.end(),
                            [&](const Vector3& a, const Vector3& b) { return a[i] < b[i]; });
    const double n = 1.0 + ((*high)[i] - (*low)[i]) / (spacing_per_length * length);
    longest = std::max(longest, n);
    n_nodes *= n;
  }
  if (!(n_nodes <= max_nodes && longest <= max_nodes_per_axis)) {
    throw bad_input(fmt::format(
        "energies correlated over {:.3g} lattice constants take {:.2g} random numbers in this "
        "sample, more than this program draws; for uncorrelated energies take kind: anderson",
        length, n_nodes));
  }
  for (std::size_t i = 0; i < 3; ++i) axes_[i] = make_axis(points, i, periods[i], length);
}

double CorrelatedField::covariance(std::size_t p, std::size_t q) const {
  double product = 1.0;
  for (const Axis& axis : axes_) {
    const Kernel& a = axis.kernels[axis.of_point[p]];
    const Kernel& b = axis.kernels[axis.of_point[q]];
    double sum = 0.0;
    for (std::size_t i = 0; i < a.weights.size(); ++i) {
      const auto j = a.first + static_cast<std::int64_t>(i) - b.first;
      if (j < 0 || j >= static_cast<std::int64_t>(b.weights.size())) continue;
      sum += a.weights[i] * b.weights[static_cast<std::size_t>(j)];
    }
    product *= sum;
  }
  return product;
}

std::vector<double> CorrelatedField::draw(const RandomKey& key) const {
  const auto& [x, y, z] = axes_;
  const auto n_y = static_cast<std::size_t>(y.n_nodes);
  const auto n_z = static_cast<std::size_t>(z.n_nodes);
  // Axis by axis from nodes to coordinates: [x][node y][node z], one plane of noise after the other.
  std::vector<double> by_x(x.kernels.size() * n_y * n_z);
  std::vector<double> plane(n_y * n_z);
  for (std::int64_t i = x.first; i < x.first + x.n_nodes; ++i) {
    for (std::size_t j = 0; j < n_y; ++j) {
      for (std::size_t k = 0; k < n_z; ++k) {
        RandomKey node = key;
        node.site = packed(i, y.first + static_cast<std::int64_t>(j),
                           z.first + static_cast<std::int64_t>(k));
        plane[j * n_z + k] = normal(node);
      }
    }
    for (std::size_t c = 0; c < x.kernels.size(); ++c) {
      const std::int64_t place = i - x.kernels[c].first;
      if (place < 0 || place >= static_cast<std::int64_t>(x.kernels[c].weights.size())) continue;
      const double weight = x.kernels[c].weights[static_cast<std::size_t>(place)];
      double* const target = by_x.data() + c * plane.size();
      for (std::size_t p = 0; p < plane.size(); ++p) target[p] += weight * plane[p];
    }
  }
  // [x][y][node z]
  std::vector<double> by_xy(x.kernels.size() * y.kernels.size() * n_z);
  for (std::size_t c = 0; c < x.kernels.size(); ++c) {
    for (std::size_t d = 0; d < y.kernels.size(); ++d) {
      double* const target = by_xy.data() + (c * y.kernels.size() + d) * n_z;
      const auto first = static_cast<std::size_t>(y.kernels[d].first - y.first);
      for (std::size_t j = 0; j < y.kernels[d].weights.size(); ++j) {
        const double* const source = by_x.data() + (c * n_y + first + j) * n_z;
        for (std::size_t k = 0; k < n_z; ++k) target[k] += y.kernels[d].weights[j] * source[k];
      }
    }
  }
  std::vector<double> values;
  for (std::size_t p = 0; p < x.of_point.size(); ++p) {
    const Kernel& kernel = z.kernels[z.of_point[p]];
    const double* const source = by_xy.data() +
                                 (x.of_point[p] * y.kernels.size() + y.of_point[p]) * n_z +
                                 static_cast<std::size_t>(kernel.first - z.first);
    double value = 0.0;
    for (std::size_t k = 0; k < kernel.weights.size(); ++k) value += kernel.weights[k] * source[k];
    values.push_back(value);
  }
  return values;
}

}  // namespace edotb::sample
