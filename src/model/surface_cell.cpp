// The unit cell of a lattice plane: u and v span the plane, h.u = h.v = 0, and h.w = 1 leads to the next one. As
// u x v = +-h, the three are a basis of the lattice; a hopping over R goes over c with R = c_1 u + c_2 v + c_3 w.

#include "edotb/base/error.hpp"
#include "edotb/model/surface.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace edotb::model {

namespace {

using Integers = std::array<int, 3>;

constexpr int max_index = 20;

int dot(const Integers& a, const Integers& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Integers cross(const Integers& a, const Integers& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Integers minus(const Integers& a) { return {-a[0], -a[1], -a[2]}; }

/// All lattice vectors as far as the largest index, the shortest first; of equally long ones (1 0 0) before
/// (0 1 0) before (0 0 1).
std::vector<Integers> candidates(int range) {
  std::vector<Integers> all;
  Integers c{};
  for (c[0] = -range; c[0] <= range; ++c[0]) {
    for (c[1] = -range; c[1] <= range; ++c[1]) {
      for (c[2] = -range; c[2] <= range; ++c[2]) {
        if (c != Integers{}) all.push_back(c);
      }
    }
  }
  std::sort(all.begin(), all.end(), [](const Integers& a, const Integers& b) {
    return dot(a, a) != dot(b, b) ? dot(a, a) < dot(b, b) : a > b;
  });
  return all;
}

std::array<Integers, 3> plane_basis(const Integers& h) {
  int range = 1;
  for (const int index : h) range = std::max(range, std::abs(index));
  const auto vectors = candidates(range);
  const auto first = [&](const auto& fits) {
    const auto found = std::find_if(vectors.begin(), vectors.end(), fits);
    if (found == vectors.end()) throw internal_error("a lattice plane without a basis");
    return *found;
  };
  const Integers u = first([&](const Integers& c) { return dot(h, c) == 0; });
  const Integers v = first([&](const Integers& c) {
    const Integers area = cross(u, c);
    return area == h || area == minus(h);
  });
  const Integers w = first([&](const Integers& c) { return dot(h, c) == 1; });
  return {u, v, w};
}

}  // namespace

Surface make_surface(const Model& model, std::array<int, 3> normal) {
  for (const int index : normal) {
    if (std::abs(index) > max_index || normal == Integers{}) {
      throw bad_input(
          fmt::format("({} {} {}) is no surface: Miller indices are whole numbers up to "
                      "{}, not all zero",
                      normal[0], normal[1], normal[2], max_index));
    }
  }
  const int divisor = std::gcd(std::gcd(normal[0], normal[1]), normal[2]);
  for (int& index : normal) index /= divisor;
  Surface surface{model, plane_basis(normal)};
  const auto& [u, v, w] = surface.vectors;
  for (std::size_t i = 0; i < 3; ++i) {
    const Integers& c = surface.vectors[i];
    surface.model.lattice_vectors[i] = static_cast<double>(c[0]) * model.lattice_vectors[0] +
                                       static_cast<double>(c[1]) * model.lattice_vectors[1] +
                                       static_cast<double>(c[2]) * model.lattice_vectors[2];
  }
  // Rows of the inverse of [u v w], whose determinant is +-1.
  const int sign = dot(u, cross(v, w));
  const std::array<Integers, 3> rows = {cross(v, w), cross(w, u), cross(u, v)};
  for (Hopping& hopping : surface.model.hoppings) {
    const Integers r = hopping.offset;
    for (std::size_t i = 0; i < 3; ++i) hopping.offset[i] = sign * dot(rows[i], r);
  }
  return surface;
}

}  // namespace edotb::model
