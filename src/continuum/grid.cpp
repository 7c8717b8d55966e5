// Graded lines and the Kuhn triangulation: the simplices of a cell are the monotone paths along its edges
// from the corner nearest the middle of the grid to the opposite one, one for each order of the axes.

#include "edotb/continuum/grid.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

/// Distances from a graded end to the points of a half-interval of `length`, the last one `length`:
/// with spacing min(largest, smallest + growth s) the steps number
/// (1/growth) ln(1 + growth s/smallest), then (s - s1)/largest.
std::vector<double> half_line(double length, double smallest, double largest, double growth) {
  std::vector<double> points;
  const bool is_graded = smallest > 0.0 && smallest < largest;
  const double turn = is_graded ? std::min(length, (largest - smallest) / growth) : 0.0;
  const double graded_steps = is_graded ? std::log1p(growth * turn / smallest) / growth : 0.0;
  const double steps = graded_steps + (length - turn) / largest;
  const auto n = static_cast<std::size_t>(std::max(1.0, std::ceil(steps - 1e-9)));
  for (std::size_t i = 1; i < n; ++i) {
    const double step = steps * static_cast<double>(i) / static_cast<double>(n);
    points.push_back(step < graded_steps ? smallest * std::expm1(growth * step) / growth
                                         : turn + (step - graded_steps) * largest);
  }
  points.push_back(length);
  return points;
}

class Triangulation {
 public:
  explicit Triangulation(const Grid& grid)
      : grid_(grid), d_(static_cast<std::size_t>(grid.dimension)) {
    for (std::size_t a = 0; a < 3; ++a) {
      n_cells_[a] = a < d_ ? grid.lines[a].size() - 1 : 1;
      n_points_[a] = a < d_ ? n_cells_[a] + (grid.periodic[a] ? 0 : 1) : 1;
    }
    constexpr double most_cells = 2e8;
    const double n_cells = static_cast<double>(n_cells_[0]) * static_cast<double>(n_cells_[1]) *
                           static_cast<double>(n_cells_[2]) * (d_ == 2 ? 2.0 : 6.0);
    if (n_cells > most_cells) {
      throw bad_input(
          fmt::format("the mesh would have {:.3g} cells, more than {:.0e}; take fewer "
                      "cells across the width, or a coarser grading",
                      n_cells, most_cells));
    }
    mesh_.dimension = grid.dimension;
    if (grid.midpoint) mesh_.midpoint = grid.midpoint;
    vertex_of_.assign(n_points_[0] * n_points_[1] * n_points_[2], -1);
  }

  Mesh run() {
    Index cell{};
    for (cell[0] = 0; cell[0] < n_cells_[0]; ++cell[0]) {
      for (cell[1] = 0; cell[1] < n_cells_[1]; ++cell[1]) {
        for (cell[2] = 0; cell[2] < n_cells_[2]; ++cell[2]) {
          if (is_inside(cell)) add_cell(cell);
        }
      }
    }
    return std::move(mesh_);
  }

 private:
  using Index = std::array<std::size_t, 3>;

  [[nodiscard]] double coordinate(std::size_t axis, std::size_t i) const {
    return axis < d_ ? grid_.lines[axis][i] : 0.0;
  }
  [[nodiscard]] double middle(std::size_t axis, std::size_t cell) const {
    return axis < d_ ? 0.5 * (grid_.lines[axis][cell] + grid_.lines[axis][cell + 1]) : 0.0;
  }
  [[nodiscard]] bool is_inside(const Index& cell) const {
    return !grid_.is_inside ||
           grid_.is_inside({middle(0, cell[0]), middle(1, cell[1]), middle(2, cell[2])});
  }

  std::int32_t vertex(const Index& at) {
    Index wrapped = at;
    for (std::size_t a = 0; a < 3; ++a) {
      if (wrapped[a] == n_points_[a]) wrapped[a] = 0;  // of a periodic line
    }
    auto& number = vertex_of_[(wrapped[0] * n_points_[1] + wrapped[1]) * n_points_[2] + wrapped[2]];
    if (number < 0) {
      number = static_cast<std::int32_t>(mesh_.points.size());
      const Vector3 x = {coordinate(0, wrapped[0]), coordinate(1, wrapped[1]),
                         coordinate(2, wrapped[2])};
      mesh_.points.push_back(grid_.place ? grid_.place(x) : x);
    }
    return number;
  }

  /// True when the neighbour of `cell` along an axis is missing.
  [[nodiscard]] bool is_boundary(const Index& cell, std::size_t axis, int sign) const {
    Index next = cell;
    if (sign < 0 && next[axis] == 0) {
      if (!grid_.periodic[axis]) return true;
      next[axis] = n_cells_[axis];
    }
    next[axis] = sign < 0 ? next[axis] - 1 : next[axis] + 1;
    if (next[axis] == n_cells_[axis]) {
      if (!grid_.periodic[axis]) return true;
      next[axis] = 0;
    }
    return !is_inside(next);
  }

  void add_cell(const Index& cell) {
    std::array<bool, 3> is_low{};  // in the lower half of the grid: the path runs downwards
    for (std::size_t a = 0; a < d_; ++a) {
      is_low[a] = middle(a, cell[a]) < 0.5 * (grid_.lines[a].front() + grid_.lines[a].back());
    }
    std::array<std::size_t, 3> axes = {0, 1, 2};
    do {
      Index at = cell;
      for (std::size_t a = 0; a < d_; ++a) at[a] += is_low[a] ? 1 : 0;
      std::array<std::int32_t, 4> corners{-1, -1, -1, -1};
      corners[0] = vertex(at);
      for (std::size_t step = 0; step < d_; ++step) {
        const std::size_t a = axes[step];
        at[a] = is_low[a] ? at[a] - 1 : at[a] + 1;
        corners[step + 1] = vertex(at);
      }
      mesh_.cells.insert(mesh_.cells.end(), corners.begin(), corners.begin() + d_ + 1);
      // Without its first corner a path lies in the far side of its first axis; without its last, in
      // the near side of its last axis.
      add_side(cell, axes[0], is_low[axes[0]] ? -1 : 1, corners, 0);
      add_side(cell, axes[d_ - 1], is_low[axes[d_ - 1]] ? 1 : -1, corners, d_);
    } while (std::next_permutation(axes.begin(), axes.begin() + d_));
  }

  /// The face of a simplex without one of its corners, which lies in a side of the cell: kept when that
  /// side is on the boundary.
  void add_side(const Index& cell, std::size_t axis, int sign,
                const std::array<std::int32_t, 4>& corners, std::size_t left_out) {
    if (!is_boundary(cell, axis, sign)) return;
    Face face;
    std::size_t n = 0;
    for (std::size_t i = 0; i <= d_; ++i) {
      if (i != left_out) face.vertices[n++] = corners[i];
    }
    turn_outwards(mesh_, face, corners[left_out]);
    if (grid_.label) {
      GridSide side{{middle(0, cell[0]), middle(1, cell[1]), middle(2, cell[2])}, axis, sign};
      side.centre[axis] = coordinate(axis, cell[axis] + (sign > 0 ? 1 : 0));
      face.label = grid_.label(side);
    }
    mesh_.faces.push_back(face);
  }

  const Grid& grid_;
  std::size_t d_;
  Index n_cells_{};
  Index n_points_{};
  Mesh mesh_;
  std::vector<std::int32_t> vertex_of_;
};

}  // namespace

std::vector<double> graded_line(std::vector<Break> breaks, double largest, double growth) {
  std::sort(breaks.begin(), breaks.end(),
            [](const Break& a, const Break& b) { return a.position < b.position; });
  const double extent = breaks.back().position - breaks.front().position;
  std::vector<Break> merged;  // breaks closer than rounding are one
  for (const Break& next : breaks) {
    constexpr double rounding = 1e-12;
    if (!merged.empty() && next.position - merged.back().position <= rounding * extent) {
      const double smaller = std::min(merged.back().smallest, next.smallest);
      merged.back().smallest =
          smaller > 0.0 ? smaller : std::max(merged.back().smallest, next.smallest);
    } else {
      merged.push_back(next);
    }
  }
  if (merged.size() < 2) throw bad_input("a line of a mesh has no extent");
  std::vector<double> line = {merged.front().position};
  for (std::size_t i = 0; i + 1 < merged.size(); ++i) {
    const Break& low = merged[i];
    const Break& high = merged[i + 1];
    const double length = high.position - low.position;
    if (low.smallest > 0.0 && high.smallest > 0.0) {  // graded to the middle from both ends
      const auto from_low = half_line(0.5 * length, low.smallest, largest, growth);
      const auto from_high = half_line(0.5 * length, high.smallest, largest, growth);
      for (const double s : from_low) line.push_back(low.position + s);
      for (std::size_t k = from_high.size() - 1; k-- > 0;) {
        line.push_back(high.position - from_high[k]);
      }
    } else if (high.smallest > 0.0) {
      const auto from_high = half_line(length, high.smallest, largest, growth);
      for (std::size_t k = from_high.size() - 1; k-- > 0;) {
        line.push_back(high.position - from_high[k]);
      }
    } else {
      for (const double s : half_line(length, low.smallest, largest, growth)) {
        line.push_back(low.position + s);
      }
      line.pop_back();
    }
    line.push_back(high.position);
  }
  return line;
}

Mesh make_mesh(const Grid& grid) { return Triangulation(grid).run(); }

}  // namespace edotb::continuum
