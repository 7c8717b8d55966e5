#include "outline.hpp"

#include "edotb/base/error.hpp"
#include "edotb/sample/gauge.hpp"
#include "edotb/sample/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unistd.h>

namespace edotb::sample {

namespace {

constexpr double max_cells = 2e8;

/// Refuses a sample that no machine, or not this one, can hold, before it takes the memory.
void check_size(const deck::Deck& deck, const model::Model& model, double n_cells) {
  if (!(n_cells <= max_cells)) {
    throw bad_input(fmt::format("{}: the shape spans {:.3g} unit cells, more than {:.0g}",
                                deck.where("sample.shape.kind"), n_cells, max_cells));
  }
  // Per row of the sparse Hamiltonian: the columns while it is built, the columns and the values.
  const auto n_orbitals = static_cast<double>(model.n_orbitals());
  const double entries = 2.0 * static_cast<double>(model.hoppings.size()) + 1.0;
  const double bytes = n_cells * n_orbitals * (24.0 + n_orbitals * entries * 32.0);
  const double memory =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (memory > 0.0 && bytes > memory) {
    throw bad_input(fmt::format(
        "{}: a sample of {:.3g} unit cells takes {:.3g} GB for its Hamiltonian alone, and this "
        "machine has {:.3g} GB",
        deck.where("sample.shape.kind"), n_cells, 1e-9 * bytes, 1e-9 * memory));
  }
}

/// A block of cells [low, high) in the order axis, width, thickness.
struct CellBox {
  CellIndex low{};
  CellIndex high{};
};

/// Arms stand out on both sides from cell `start` along the axis on.
std::vector<int> arm_starts(const deck::Shape& shape) {
  if (shape.kind == "cross") return {(shape.length - shape.arm_width) / 2};
  if (shape.kind != "hall_bar") return {};
  const int first = (shape.length - shape.arm_distance - shape.arm_width) / 2;
  if (shape.n_terminals == 6) return {first, first + shape.arm_distance};
  return {first, first + shape.arm_distance / 2, first + shape.arm_distance};
}

std::vector<CellBox> boxes_of(const deck::Shape& shape) {
  std::vector<CellBox> boxes = {{{0, 0, 0}, {shape.length, shape.width, shape.thickness}}};
  for (const int start : arm_starts(shape)) {
    boxes.push_back({{start, -shape.arm_length, 0},
                     {start + shape.arm_width, shape.width + shape.arm_length, shape.thickness}});
  }
  return boxes;
}

deck::Contact contact(const CellIndex& direction, const Vector3& centre, const Vector3& size) {
  deck::Contact result;
  result.direction = direction;
  result.centre = centre;
  result.size = size;
  return result;
}

CellIndex along(std::size_t axis, int sign) {
  CellIndex direction{};
  direction[axis] = sign;
  return direction;
}

/// A lead on each end, and one on each arm: above from first to last, then below.
std::vector<deck::Contact> contacts_of_bar(const deck::Shape& shape, const model::Model& model,
                                           const Vector3& centre) {
  const auto n = static_cast<std::size_t>(shape.axis);
  const std::size_t u = (n + 1) % 3;
  Vector3 across{};
  across[u] = shape.width * norm(model.lattice_vectors[u]);
  if (shape.arm_length == 0) across = {};
  std::vector<deck::Contact> contacts = {contact(along(n, -1), {}, across),
                                         contact(along(n, 1), {}, across)};
  const double step = norm(model.lattice_vectors[n]);
  double largest = 0.0;
  for (const auto& site : model.sites) largest = std::max(largest, site.position[n]);
  for (const int side : {1, -1}) {
    for (const int start : arm_starts(shape)) {
      Vector3 middle{};
      middle[n] = (start + 0.5 * (shape.arm_width - 1)) * step + 0.5 * largest - centre[n];
      Vector3 size{};
      size[n] = shape.arm_width * step;
      contacts.push_back(contact(along(u, side), middle, size));
    }
  }
  return contacts;
}

Outline outline_of_cells(const deck::Deck& deck, const model::Model& model) {
  const deck::Shape& shape = deck.shape;
  const auto axis = static_cast<std::size_t>(shape.axis);
  const auto boxes = boxes_of(shape);
  double n_cells = 0.0;
  for (const CellBox& box : boxes) {
    double volume = 1.0;
    for (std::size_t i = 0; i < 3; ++i) volume *= box.high[i] - box.low[i];
    n_cells += volume;
  }
  check_size(deck, model, n_cells);

  Outline outline;
  for (const CellBox& box : boxes) {
    CellIndex c{};
    for (c[0] = box.low[0]; c[0] < box.high[0]; ++c[0]) {
      for (c[1] = box.low[1]; c[1] < box.high[1]; ++c[1]) {
        for (c[2] = box.low[2]; c[2] < box.high[2]; ++c[2]) {
          CellIndex cell{};
          for (std::size_t i = 0; i < 3; ++i) cell[(axis + i) % 3] = c[i];
          for (std::size_t s = 0; s < model.sites.size(); ++s) {
            outline.sites.push_back({cell, static_cast<int>(s)});
          }
        }
      }
    }
  }
  // The middle of the cross-section, between its outermost sites.
  const Frame frame =
      make_frame(model.lattice_vectors[axis], model.lattice_vectors[(axis + 1) % 3]);
  outline.centre = 0.5 * (shape.width - 1) * model.lattice_vectors[(axis + 1) % 3] +
                   0.5 * (shape.thickness - 1) * model.lattice_vectors[(axis + 2) % 3];
  for (const Vector3& direction : {frame.u, frame.v}) {
    double largest = 0.0;
    for (const auto& site : model.sites) largest = std::max(largest, dot(site.position, direction));
    outline.centre = outline.centre + 0.5 * largest * direction;
  }
  outline.centre = outline.centre - dot(outline.centre, frame.n) * frame.n;
  outline.contacts = contacts_of_bar(shape, model, outline.centre);
  return outline;
}

/// Round and free shapes as bodies, about the origin.
std::vector<deck::Shape::Part> bodies_of(const deck::Shape& shape, const model::Model& model) {
  if (shape.kind == "composite") return shape.parts;
  deck::Body body;
  body.axis = shape.kind == "corbino" ? shape.axis : (shape.axis + 2) % 3;
  const auto across = static_cast<std::size_t>(body.axis);
  body.high = (shape.thickness - 1) * norm(model.lattice_vectors[across]);
  for (const auto& site : model.sites) {
    body.high = std::max(body.high, (shape.thickness - 1) * norm(model.lattice_vectors[across]) +
                                        site.position[across]);
  }
  if (shape.kind == "polygon") {
    body.form = "polygon";
    body.points = shape.points;
  } else {
    body.form = "cylinder";
    body.radius = shape.outer_radius + shape.contact_width;
    body.inner_radius = shape.kind == "ring" ? shape.inner_radius : shape.hole_radius;
  }
  return {{body, false}};
}

std::vector<deck::Contact> contacts_of_bodies(const deck::Shape& shape) {
  const auto axis = static_cast<std::size_t>(shape.axis);
  std::vector<deck::Contact> contacts;
  if (shape.kind == "ring") {
    Vector3 size{};
    size[(axis + 1) % 3] = shape.lead_width;
    contacts = {contact(along(axis, -1), {}, size), contact(along(axis, 1), {}, size)};
  }
  if (shape.kind == "corbino") {
    contacts.assign(2, contact(along(axis, 1), {}, {}));
    contacts[0].radius = shape.inner_radius;
    contacts[1].inner_radius = shape.outer_radius;
    contacts[1].radius = shape.outer_radius + shape.contact_width;
  }
  return contacts;
}

Outline outline_of_bodies(const deck::Deck& deck, const model::Model& model) {
  const auto parts = bodies_of(deck.shape, model);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Vector3 low{infinity, infinity, infinity};
  Vector3 high{-infinity, -infinity, -infinity};
  for (const auto& part : parts) {
    if (part.subtract) continue;
    const auto box = bounding_box(part.body);
    for (std::size_t i = 0; i < 3; ++i) {
      low[i] = std::min(low[i], box[0][i]);
      high[i] = std::max(high[i], box[1][i]);
    }
  }
  // Cells whose sites may lie in the box: the box's corners in units of the lattice vectors, and one
  // cell more for the places in the cell.
  const auto inverse = reciprocal_vectors(model.lattice_vectors);
  CellIndex first{};
  CellIndex last{};
  double n_cells = 1.0;
  for (std::size_t i = 0; i < 3; ++i) {
    double smallest = infinity;
    double largest = -infinity;
    for (unsigned corner = 0; corner < 8; ++corner) {
      Vector3 r{};
      for (unsigned j = 0; j < 3; ++j) r[j] = ((corner >> j) & 1U) != 0 ? high[j] : low[j];
      smallest = std::min(smallest, dot(inverse[i], r));
      largest = std::max(largest, dot(inverse[i], r));
    }
    double reach = 0.0;
    for (const auto& site : model.sites) {
      reach = std::max(reach, std::abs(dot(inverse[i], site.position)));
    }
    const double begin = std::floor(smallest - reach - 1e-6);
    const double end = std::ceil(largest + reach + 1e-6);
    n_cells *= end - begin + 1.0;
    if (!(n_cells <= max_cells)) break;
    first[i] = static_cast<int>(begin);
    last[i] = static_cast<int>(end);
  }
  check_size(deck, model, n_cells);

  Outline outline;
  CellIndex cell{};
  for (cell[0] = first[0]; cell[0] <= last[0]; ++cell[0]) {
    for (cell[1] = first[1]; cell[1] <= last[1]; ++cell[1]) {
      for (cell[2] = first[2]; cell[2] <= last[2]; ++cell[2]) {
        // Of a model in the xy plane there is one layer.
        if (model.dimension == 2 && cell[2] != 0) continue;
        for (std::size_t s = 0; s < model.sites.size(); ++s) {
          const LatticeSite site{cell, static_cast<int>(s)};
          const Vector3 r = position(model, site);
          bool inside = false;
          for (const auto& part : parts) {
            if (inside == part.subtract && contains(part.body, r)) inside = !part.subtract;
          }
          if (inside) outline.sites.push_back(site);
        }
      }
    }
  }
  outline.contacts = contacts_of_bodies(deck.shape);
  return outline;
}

/// Shapes measured along x, y and z need the lattice vectors that they are counted in to lie there.
void check_lattice(const deck::Deck& deck, const model::Model& model) {
  const std::string& kind = deck.shape.kind;
  const auto axis = static_cast<std::size_t>(deck.shape.axis);
  std::vector<std::size_t> needed;
  if (kind == "hall_bar" || kind == "cross") needed = {0, 1, 2};
  if (kind == "corbino") needed = {axis};
  if (kind == "ring") needed = {axis, (axis + 2) % 3};
  if (kind == "polygon") needed = {(axis + 2) % 3};
  for (const std::size_t i : needed) {
    const Vector3& a = model.lattice_vectors[i];
    constexpr double tolerance = 1e-9;
    if (std::abs(norm(a) - a[i]) <= tolerance * norm(a)) continue;
    throw bad_input(fmt::format(
        "{}: the shape {} needs the lattice vector a_{} along {}, and this model has it along "
        "({:.6g}, {:.6g}, {:.6g}); a bar or a composite takes any lattice",
        deck.where("sample.shape.kind"), kind, i + 1, "xyz"[i], a[0], a[1], a[2]));
  }
}

}  // namespace

bool comes_before(const LatticeSite& a, const LatticeSite& b, std::size_t axis) {
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t k = (axis + i) % 3;
    if (a.cell[k] != b.cell[k]) return a.cell[k] < b.cell[k];
  }
  return a.sublattice < b.sublattice;
}

Outline make_outline(const deck::Deck& deck, const model::Model& model) {
  check_lattice(deck, model);
  const std::string& kind = deck.shape.kind;
  const bool in_cells = kind == "bar" || kind == "hall_bar" || kind == "cross";
  Outline outline = in_cells ? outline_of_cells(deck, model) : outline_of_bodies(deck, model);
  if (outline.sites.empty()) {
    throw bad_input(fmt::format(
        "{}: no lattice site lies in this shape; lengths are in {}, the lattice constant is {}",
        deck.where("sample.shape.kind"), deck.lattice_units ? "lattice constants" : "nm",
        deck.model->lattice_constant));
  }
  if (!deck.contacts.empty()) {
    outline.contacts = deck.contacts;
  } else {
    for (auto& contact : outline.contacts) contact.kind = deck.leads.kind;
  }
  const auto axis = static_cast<std::size_t>(deck.shape.axis);
  std::sort(outline.sites.begin(), outline.sites.end(),
            [&](const auto& a, const auto& b) { return comes_before(a, b, axis); });
  outline.sites.erase(std::unique(outline.sites.begin(), outline.sites.end()), outline.sites.end());
  return outline;
}

}  // namespace edotb::sample
