#include "edotb/continuum/sample_mesh.hpp"

#include "bent_grids.hpp"
#include "edotb/base/error.hpp"
#include "round_contacts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

void require_positive(double value, const char* what) {
  if (!(value > 0.0) || !std::isfinite(value)) {
    throw bad_input(fmt::format("the sample's {} must be positive, not {}", what, value));
  }
}

void check_shape(const SampleShape& shape) {
  require_positive(shape.thickness, "thickness");
  if (shape.kind == SampleKind::corbino) {
    require_positive(shape.inner_radius, "inner radius");
    if (!(shape.outer_radius > shape.inner_radius) || !std::isfinite(shape.outer_radius)) {
      throw bad_input(fmt::format("the outer radius {} is not larger than the inner radius {}",
                                  shape.outer_radius, shape.inner_radius));
    }
    return;
  }
  require_positive(shape.length, "length");
  require_positive(shape.width, "width");
  if (shape.kind != SampleKind::hall_bar) return;
  require_positive(shape.arm_width, "arm width");
  const double gap = shape.n_arms > 1 ? shape.arm_distance / (shape.n_arms - 1) : shape.length;
  if (shape.n_arms > 1 && !(gap > shape.arm_width)) {
    throw bad_input("the arms overlap: arm_distance leaves no room for them");
  }
  if (!(shape.arm_distance + shape.arm_width < shape.length) || shape.arm_length < 0.0) {
    throw bad_input("the arms do not fit into the bar's length");
  }
}

double arm_position(const SampleShape& shape, int arm) {
  return shape.n_arms == 1
             ? 0.0
             : shape.arm_distance * (static_cast<double>(arm) / (shape.n_arms - 1) - 0.5);
}

Vector3 extent_of(const SampleShape& shape) {
  const double arms = shape.kind == SampleKind::hall_bar ? 2.0 * shape.arm_length : 0.0;
  return {shape.length, shape.width + arms, shape.thickness};
}

/// Of the patch along one axis of its side; 0: as far as that goes.
double extent_along(const Patch& patch, std::size_t axis) {
  return patch.radius > 0.0 ? 2.0 * patch.radius : patch.size[axis];
}

/// The rectangle of a patch along one axis of its side.
struct Range {
  double low;
  double high;
};
Range range_of(const Patch& patch, std::size_t axis, const Vector3& extent) {
  const double half = 0.5 * extent[axis];
  const double size = extent_along(patch, axis);
  if (size == 0.0) return {-half, half};
  return {std::max(-half, patch.centre[axis] - 0.5 * size),
          std::min(half, patch.centre[axis] + 0.5 * size)};
}

void check_patch(const Patch& patch, const Vector3& extent, std::size_t dimension) {
  if (patch.axis >= dimension) {
    throw bad_input(fmt::format(
        "contact {}: a film has no sides along z; contacts sit on its edges", patch.contact.name));
  }
  for (std::size_t a = 0; a < dimension; ++a) {
    if (a == patch.axis) continue;
    const double size = extent_along(patch, a);
    const double low = patch.centre[a] - 0.5 * size;
    const double high = patch.centre[a] + 0.5 * size;
    const double half = 0.5 * extent[a] * (1.0 + 1e-9);
    if (size < 0.0 || (size > 0.0 && (low < -half || high > half))) {
      throw bad_input(fmt::format(
          "contact {} does not lie on the sample's surface: along {} it reaches from {:.6g} to "
          "{:.6g}, the sample from {:.6g} to {:.6g}",
          patch.contact.name, "xyz"[a], low, high, -0.5 * extent[a], 0.5 * extent[a]));
    }
  }
}

/// A bar, a film, or a bar with arms: a right-angled grid whose lines pass through all edges.
class BoxGrid {
 public:
  BoxGrid(const SampleShape& shape, const Resolution& resolution)
      : shape_(shape),
        resolution_(resolution),
        dimension_(shape.film ? 2 : 3),
        extent_(extent_of(shape)),
        patches_(contacts_of(shape)) {}

  Mesh mesh() const {
    for (const Patch& patch : patches_) check_patch(patch, extent_, dimension_);
    Grid grid;
    grid.dimension = static_cast<int>(dimension_);
    for (std::size_t a = 0; a < dimension_; ++a) grid.lines[a] = line(a);
    if (shape_.kind == SampleKind::hall_bar) {
      grid.is_inside = [this](const Vector3& x) { return is_inside(x); };
    }
    grid.label = [this](const GridSide& side) { return label(side); };
    Mesh mesh = make_mesh(grid);
    for (std::size_t number = 0; number < patches_.size(); ++number) {
      if (!is_disc(patches_[number])) continue;
      cut_round_contact(mesh, patches_, static_cast<std::int32_t>(number),
                        plane_of(patches_[number]));
    }
    return mesh;
  }

 private:
  /// In a film a disc is no more than its diameter.
  [[nodiscard]] bool is_disc(const Patch& patch) const {
    return patch.radius > 0.0 && dimension_ == 3;
  }
  [[nodiscard]] double plane_of(const Patch& patch) const {
    return 0.5 * patch.sign * extent_[patch.axis];
  }

  [[nodiscard]] double cell_size(std::size_t axis) const {
    constexpr double fewest = 8.0;   // along any axis
    constexpr double finest = 0.25;  // of the size across
    const double across = shape_.width / resolution_.n_across;
    const double stretched = across * resolution_.stretch[axis] / resolution_.stretch[1];
    const double few = axis == 2 ? std::min(fewest, 0.5 * resolution_.n_across) : fewest;
    return std::min(std::max(stretched, finest * across), extent_[axis] / few);
  }

  [[nodiscard]] std::vector<double> line(std::size_t axis) const {
    const double size = cell_size(axis);
    const double smallest = resolution_.grading < 1.0 ? resolution_.grading * size : 0.0;
    std::vector<Break> breaks = {{-0.5 * extent_[axis], 0.0}, {0.5 * extent_[axis], 0.0}};
    for (const Patch& patch : patches_) {
      if (patch.axis == axis) {
        breaks.push_back({plane_of(patch), smallest});
        continue;
      }
      // Lines touch a rim at four points only: finer ones than this are left to the refinement.
      constexpr double of_radius = 0.125;
      const double finest = is_disc(patch) ? of_radius * patch.radius : 0.0;
      const Range range = range_of(patch, axis, extent_);
      breaks.push_back({range.low, std::max(smallest, finest)});
      breaks.push_back({range.high, std::max(smallest, finest)});
      if (is_disc(patch)) breaks.push_back({patch.centre[axis], finest});
    }
    if (shape_.kind == SampleKind::hall_bar && shape_.arm_length > 0.0) {
      for (int arm = 0; axis == 0 && arm < shape_.n_arms; ++arm) {
        breaks.push_back({arm_position(shape_, arm) - 0.5 * shape_.arm_width, smallest});
        breaks.push_back({arm_position(shape_, arm) + 0.5 * shape_.arm_width, smallest});
      }
      if (axis == 1) {
        breaks.push_back({-0.5 * shape_.width, smallest});
        breaks.push_back({0.5 * shape_.width, smallest});
      }
    }
    for (const Vector3& probe : shape_.probes) {
      if (std::abs(probe[axis]) <= 0.5 * extent_[axis]) breaks.push_back({probe[axis], 0.0});
    }
    return graded_line(std::move(breaks), size);
  }

  [[nodiscard]] bool is_inside(const Vector3& x) const {
    if (std::abs(x[1]) < 0.5 * shape_.width) return true;
    for (int arm = 0; arm < shape_.n_arms; ++arm) {
      if (std::abs(x[0] - arm_position(shape_, arm)) < 0.5 * shape_.arm_width) return true;
    }
    return false;
  }

  [[nodiscard]] std::int32_t label(const GridSide& side) const {
    std::int32_t found = insulating;
    for (std::size_t number = 0; number < patches_.size(); ++number) {
      const Patch& patch = patches_[number];
      bool holds = !is_disc(patch) && side.axis == patch.axis && side.sign == patch.sign &&
                   std::abs(side.centre[side.axis] - plane_of(patch)) <= 1e-9 * extent_[patch.axis];
      for (std::size_t a = 0; a < dimension_ && holds; ++a) {
        if (a == patch.axis) continue;
        const Range range = range_of(patch, a, extent_);
        holds = side.centre[a] > range.low && side.centre[a] < range.high;
      }
      if (!holds) continue;
      if (found != insulating) {
        throw bad_input(fmt::format("contacts {} and {} overlap",
                                    patches_[static_cast<std::size_t>(found)].contact.name,
                                    patch.contact.name));
      }
      found = static_cast<std::int32_t>(number);
    }
    return found;
  }

  const SampleShape& shape_;
  const Resolution& resolution_;
  std::size_t dimension_;
  Vector3 extent_;
  std::vector<Patch> patches_;
};

}  // namespace

std::vector<Patch> contacts_of(const SampleShape& shape) {
  if (!shape.patches.empty()) return shape.patches;
  if (shape.kind == SampleKind::corbino) {
    return {{.contact = {"inner"}, .sign = -1}, {.contact = {"outer"}, .sign = 1}};
  }
  std::vector<Patch> patches = {{.contact = {"left"}, .axis = 0, .sign = -1},
                                {.contact = {"right"}, .axis = 0, .sign = 1}};
  if (shape.kind != SampleKind::hall_bar) return patches;
  for (Patch& end : patches) end.size = {0.0, shape.width, 0.0};
  for (const int sign : {1, -1}) {
    for (int arm = 0; arm < shape.n_arms; ++arm) {
      patches.push_back({.contact = {fmt::format("{}{}", sign > 0 ? "top" : "bottom", arm + 1)},
                         .axis = 1,
                         .sign = sign,
                         .centre = {arm_position(shape, arm), 0.0, 0.0},
                         .size = {shape.arm_width, 0.0, 0.0}});
    }
  }
  return patches;
}

Mesh make_sample_mesh(const SampleShape& shape, const Resolution& resolution) {
  check_shape(shape);
  if (resolution.n_across < 1) throw bad_input("a mesh has at least one cell across the width");
  const bool is_bent = shape.kind == SampleKind::corbino || shape.kind == SampleKind::cylinder;
  if (is_bent && !shape.patches.empty()) {
    throw bad_input(
        "a corbino or a cylinder has its own two contacts; take a mesh file for others");
  }
  Mesh mesh = shape.kind == SampleKind::corbino    ? corbino_mesh(shape, resolution)
              : shape.kind == SampleKind::cylinder ? cylinder_mesh(shape, resolution)
                                                   : BoxGrid(shape, resolution).mesh();
  std::vector<std::string> names;
  for (const Patch& patch : contacts_of(shape)) names.push_back(patch.contact.name);
  check_contacts(mesh, names);
  check_pieces(mesh);
  return mesh;
}

}  // namespace edotb::continuum
