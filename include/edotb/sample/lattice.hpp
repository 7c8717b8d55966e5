#pragma once

#include "edotb/model/model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace edotb::sample {

using CellIndex = std::array<int, 3>;

/// Site number `sublattice` of the unit cell with index `cell`.
struct LatticeSite {
  CellIndex cell{};
  int sublattice = 0;
  friend bool operator==(const LatticeSite&, const LatticeSite&) = default;
};

/// Cartesian position in units of a: cell_1 a_1 + cell_2 a_2 + cell_3 a_3 + the place in the cell.
[[nodiscard]] Vector3 position(const model::Model& model, const LatticeSite& site);

/// A finite set of sites, numbered, with the number of each found at once.
class SiteSet {
 public:
  SiteSet() = default;
  /// Numbers the sites in the order given; a site given twice keeps its first number.
  SiteSet(std::span<const LatticeSite> sites, int n_sublattices);

  [[nodiscard]] std::size_t size() const { return sites_.size(); }
  [[nodiscard]] const LatticeSite& operator[](std::size_t number) const { return sites_[number]; }
  [[nodiscard]] std::optional<std::size_t> find(const LatticeSite& site) const;
  [[nodiscard]] auto begin() const { return sites_.begin(); }
  [[nodiscard]] auto end() const { return sites_.end(); }

 private:
  [[nodiscard]] std::optional<std::size_t> slot(const LatticeSite& site) const;

  std::vector<LatticeSite> sites_;
  CellIndex low_{};
  CellIndex extent_{};
  int n_sublattices_ = 1;
  std::vector<std::int32_t> number_at_;  ///< -1: not in the set
};

/// <to, cell r + offset| H |from, cell r> between two sites of a model, orbitals x orbitals. Of a bond
/// and its adjoint one is listed.
struct SiteBond {
  CellIndex offset{};
  int to = 0;  ///< sublattices
  int from = 0;
  linalg::Matrix block;
};

/// The bonds of a model between different sites, inside the cell and beyond.
[[nodiscard]] std::vector<SiteBond> site_bonds(const model::Model& model);

/// The block of a matrix on the cell's orbitals that belongs to one site.
[[nodiscard]] linalg::Matrix site_block(const model::Model& model, const linalg::Matrix& matrix,
                                        int to, int from);

/// `remainder` + `period` * translation = cell, with the remainder the same for all cells of a column
/// along the translation.
struct Column {
  CellIndex remainder{};
  int period = 0;
};
[[nodiscard]] Column column_of(const CellIndex& cell, const CellIndex& translation);

}  // namespace edotb::sample
