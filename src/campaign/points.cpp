#include "edotb/campaign/points.hpp"

#include <algorithm>

namespace edotb::campaign {

PointList::PointList(const deck::Deck& deck)
    : shape_{static_cast<std::int64_t>(deck.field.magnitude.size()),
             static_cast<std::int64_t>(deck.field.angle.size()),
             static_cast<std::int64_t>(deck.energy.size()), deck.ensemble.n_realisations} {}

std::int64_t PointList::size() const { return shape_[0] * shape_[1] * shape_[2] * shape_[3]; }

Point PointList::operator[](std::int64_t number) const {
  Point point;
  point.realisation = number % shape_[3];
  number /= shape_[3];
  point.energy = number % shape_[2];
  number /= shape_[2];
  point.angle = number % shape_[1];
  point.field = number / shape_[1];
  return point;
}

std::int64_t PointList::number_of(const Point& point) const {
  return ((point.field * shape_[1] + point.angle) * shape_[2] + point.energy) * shape_[3] +
         point.realisation;
}

std::vector<Chunk> make_chunks(std::int64_t n_points, std::int64_t group_size, int n_ranks) {
  std::vector<Chunk> groups;
  for (std::int64_t begin = 0; begin < n_points; begin += group_size) {
    groups.push_back({begin, std::min(begin + group_size, n_points)});
  }
  return make_chunks(groups, n_ranks);
}

std::vector<Chunk> make_chunks(const std::vector<Chunk>& groups, int n_ranks) {
  constexpr std::int64_t chunks_per_rank = 4;
  // Cutting a group means solving its leads twice: worth it only for several points.
  constexpr std::int64_t worthwhile = 8;
  // A group that is cut for all ranks, whose leads each then has, costs nothing more in smaller pieces; and its
  // first points may take many times what the others do.
  constexpr std::int64_t finer = 4;
  std::int64_t n_left = 0;
  for (const Chunk& group : groups) n_left += group.end - group.begin;
  const std::int64_t smallest = std::clamp<std::int64_t>(n_left / n_ranks, 1, worthwhile);
  const auto pieces = [](std::int64_t length, std::int64_t piece) {
    return std::max<std::int64_t>(1, (length + piece / 2) / piece);
  };
  std::vector<Chunk> chunks;
  for (const Chunk& group : groups) {
    const std::int64_t group_size = group.end - group.begin;
    for (std::int64_t begin = group.begin; begin < group.end;) {
      std::int64_t guided = std::max(smallest, n_left / (chunks_per_rank * n_ranks));
      if (pieces(group_size, guided) >= std::max(2, n_ranks)) {
        guided = std::max(smallest, guided / finer);
      }
      const std::int64_t n_pieces = pieces(group.end - begin, guided);
      const std::int64_t end = begin + (group.end - begin + n_pieces - 1) / n_pieces;
      chunks.push_back({begin, end});
      n_left -= end - begin;
      begin = end;
    }
  }
  return chunks;
}

}  // namespace edotb::campaign
