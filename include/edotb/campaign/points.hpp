#pragma once

#include "edotb/deck/deck.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace edotb::campaign {

/// One point of a run, as places along the sweeps.
struct Point {
  std::int64_t field = 0;
  std::int64_t angle = 0;
  std::int64_t energy = 0;
  std::int64_t realisation = 0;
};

/// The product of the sweeps; points are numbered with the realisation running fastest, as the
/// results file stores them.
class PointList {
 public:
  explicit PointList(const deck::Deck& deck);
  explicit PointList(const std::array<std::int64_t, 4>& shape) : shape_(shape) {}
  [[nodiscard]] std::int64_t size() const;
  [[nodiscard]] Point operator[](std::int64_t number) const;
  [[nodiscard]] std::int64_t number_of(const Point& point) const;
  /// Fields, angles, energies, realisations.
  [[nodiscard]] const std::array<std::int64_t, 4>& shape() const { return shape_; }

 private:
  std::array<std::int64_t, 4> shape_{};
};

/// Consecutive points [begin, end) that one rank does in one go.
struct Chunk {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// Cuts the points into chunks for `n_ranks` ranks: a chunk never leaves its group of `group_size`
/// points (those that share their leads), and chunks shrink towards the end so that ranks finish
/// together (guided self-scheduling; Polychronopoulos and Kuck, IEEE Trans. Comput. 1987).
[[nodiscard]] std::vector<Chunk> make_chunks(std::int64_t n_points, std::int64_t group_size,
                                             int n_ranks);
/// The same for groups of any points.
[[nodiscard]] std::vector<Chunk> make_chunks(const std::vector<Chunk>& groups, int n_ranks);

}  // namespace edotb::campaign
