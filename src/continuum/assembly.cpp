#include "edotb/continuum/assembly.hpp"

#include <algorithm>
#include <cmath>

namespace edotb::continuum {

namespace {

/// The cells around each node of a range: cells of node i are list[offsets[i]] ... list[offsets[i + 1]].
struct CellsOfNodes {
  std::vector<std::int64_t> offsets;
  std::vector<std::int32_t> list;
};

CellsOfNodes cells_of_nodes(const Space& space, std::int32_t first, std::int32_t end) {
  CellsOfNodes cells;
  cells.offsets.assign(static_cast<std::size_t>(end - first) + 1, 0);
  for (const std::int32_t node : space.cell_nodes) {
    if (node >= first && node < end) ++cells.offsets[static_cast<std::size_t>(node - first) + 1];
  }
  for (std::size_t i = 1; i < cells.offsets.size(); ++i) cells.offsets[i] += cells.offsets[i - 1];
  cells.list.resize(static_cast<std::size_t>(cells.offsets.back()));
  auto next = cells.offsets;
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    for (const std::int32_t node : space.cell(cell)) {
      if (node < first || node >= end) continue;
      auto& place = next[static_cast<std::size_t>(node - first)];
      cells.list[static_cast<std::size_t>(place++)] = static_cast<std::int32_t>(cell);
    }
  }
  return cells;
}

/// Rows with every entry that two nodes of one cell make, all zero.
linalg::RealRows pattern(const Space& space, int n_fields, std::int32_t first, std::int32_t end) {
  linalg::RealRows a;
  a.n_total = static_cast<std::int32_t>(space.nodes.size()) * n_fields;
  a.first_row = first;
  if (first == end) return a;
  const std::int32_t first_node = first / n_fields;
  const std::int32_t end_node = (end - 1) / n_fields + 1;
  const CellsOfNodes cells = cells_of_nodes(space, first_node, end_node);
  a.row_offsets.reserve(static_cast<std::size_t>(end - first) + 1);
  std::vector<std::int32_t> neighbours;
  for (std::int32_t row = first; row < end; ++row) {
    const auto node = static_cast<std::size_t>(row / n_fields - first_node);
    if (row == first || row % n_fields == 0) {
      neighbours.clear();
      for (auto k = cells.offsets[node]; k < cells.offsets[node + 1]; ++k) {
        const auto cell =
            space.cell(static_cast<std::size_t>(cells.list[static_cast<std::size_t>(k)]));
        neighbours.insert(neighbours.end(), cell.begin(), cell.end());
      }
      std::sort(neighbours.begin(), neighbours.end());
      neighbours.erase(std::unique(neighbours.begin(), neighbours.end()), neighbours.end());
    }
    for (const std::int32_t neighbour : neighbours) {
      for (int field = 0; field < n_fields; ++field) {
        a.columns.push_back(neighbour * n_fields + field);
      }
    }
    a.row_offsets.push_back(static_cast<std::int64_t>(a.columns.size()));
  }
  a.values.assign(a.columns.size(), 0.0);
  return a;
}

void add(linalg::RealRows& a, std::span<const std::int32_t> nodes, int n_fields,
         LocalMatrix& local) {
  const auto f = static_cast<std::size_t>(n_fields);
  for (std::size_t i = 0; i < local.size(); ++i) {
    const std::int32_t row = nodes[i / f] * n_fields + static_cast<std::int32_t>(i % f);
    if (row < a.first_row || row >= a.end_row()) continue;
    const auto here = static_cast<std::size_t>(row - a.first_row);
    const auto begin = a.columns.begin() + a.row_offsets[here];
    const auto end = a.columns.begin() + a.row_offsets[here + 1];
    for (std::size_t k = 0; k < local.size(); ++k) {
      const std::int32_t column = nodes[k / f] * n_fields + static_cast<std::int32_t>(k % f);
      const auto found = std::lower_bound(begin, end, column);
      a.values[static_cast<std::size_t>(found - a.columns.begin())] += local(i, k);
    }
  }
}

/// Drops what has cancelled to rounding: on right-angled meshes, half of the entries.
void drop_zeros(linalg::RealRows& a) {
  constexpr double rounding = 1e-14;
  std::size_t n_kept = 0;
  std::int64_t begin = 0;
  for (std::size_t row = 0; row + 1 < a.row_offsets.size(); ++row) {
    const std::int64_t end = a.row_offsets[row + 1];
    double largest = 0.0;
    for (auto k = begin; k < end; ++k) {
      largest = std::max(largest, std::abs(a.values[static_cast<std::size_t>(k)]));
    }
    for (auto k = begin; k < end; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      const bool is_diagonal = a.columns[entry] == a.first_row + static_cast<std::int32_t>(row);
      if (!is_diagonal && std::abs(a.values[entry]) <= rounding * largest) continue;
      a.columns[n_kept] = a.columns[entry];
      a.values[n_kept++] = a.values[entry];
    }
    begin = end;
    a.row_offsets[row + 1] = static_cast<std::int64_t>(n_kept);
  }
  a.columns.resize(n_kept);
  a.values.resize(n_kept);
  a.columns.shrink_to_fit();
  a.values.shrink_to_fit();
}

}  // namespace

linalg::RealRows assemble(const Space& space, const WeakForm& form, std::int32_t first,
                          std::int32_t end) {
  linalg::RealRows a = pattern(space, form.n_fields, first, end);
  const auto is_here = [&](std::span<const std::int32_t> nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [&](std::int32_t node) {
      return (node + 1) * form.n_fields > first && node * form.n_fields < end;
    });
  };
  const auto f = static_cast<std::size_t>(form.n_fields);
  CellGeometry geometry(space, form.degree);
  LocalMatrix local(space.n_cell_nodes * f);
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    if (!is_here(space.cell(cell))) continue;
    local.clear();
    form.on_cell(geometry.at(cell), space.n_cell_nodes, local);
    add(a, space.cell(cell), form.n_fields, local);
  }
  if (form.on_face) {
    LocalMatrix on_face(space.n_face_nodes * f);
    for (std::size_t face = 0; face < space.n_faces(); ++face) {
      if (!is_here(space.face(face))) continue;
      on_face.clear();
      form.on_face(face_points(space, face), space.n_face_nodes, on_face);
      add(a, space.face(face), form.n_fields, on_face);
    }
  }
  drop_zeros(a);
  return a;
}

}  // namespace edotb::continuum
