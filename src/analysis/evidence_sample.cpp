// Rows by the sample: where contacts and probes sit, its shape and its length.
#include "changes.hpp"
#include "evidence_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace edotb::analysis {

namespace {

using measure::Kind;

constexpr double along = 0.0;
constexpr double nothing_left =
    1e-3;  // of a change: between full-face contacts jetting leaves less

constexpr std::array<Says, n_mechanisms> jetting_for = {Says::nothing, Says::nothing, Says::nothing,
                                                        Says::supports};
constexpr std::array<Says, n_mechanisms> jetting_alone = {Says::against, Says::against,
                                                          Says::against, Says::supports};
constexpr std::array<Says, n_mechanisms> jetting_against = {Says::nothing, Says::nothing,
                                                            Says::nothing, Says::against};

/// The change of a disc in the highest field along its normal.
std::optional<Change> disc_change(std::span<const Curve> curves) {
  for (const Curve& curve : curves) {
    if (curve.geometry.shape != "corbino" || !curve.geometry.full_face_contacts) continue;
    if (auto change = last_change(curve, along)) return change;
  }
  return std::nullopt;
}

Row row_of(const Change& change, const char* name, const char* observable) {
  return {.name = name,
          .observable = observable,
          .value = change.value,
          .error = change.error,
          .unit = "1",
          .used = {change.used}};
}

}  // namespace

std::vector<Row> squeeze_rows(std::span<const Curve> curves) {
  for (const Curve& one : curves) {
    if (one.setup.kind != Kind::spine) continue;
    for (const Curve& other : curves) {
      if (other.setup.kind != Kind::edge || other.run != one.run) continue;
      const auto spine = last_change(one, along);
      const auto edge = last_change(other, along);
      if (!spine || !edge) continue;
      Row difference = row_of(*spine, "squeeze", "change on the spine less that on the edge");
      difference.value = spine->value - edge->value;
      difference.error = std::hypot(spine->error, edge->error);
      difference.used = {spine->used, edge->used};
      const bool differ = is_significant({difference.value, difference.error}) &&
                          std::abs(difference.value) > nothing_left;
      Row up = row_of(*spine, "spine", "change on the spine");
      Row down = row_of(*edge, "edge", "change on the edge");
      const bool rises = is_significant(spine->estimate()) && spine->value > 0.0;
      const bool falls = is_significant(edge->estimate()) && edge->value < 0.0;
      if (rises && falls && differ) {
        up.says = down.says = difference.says = jetting_for;
        up.reading = down.reading = "the spine rises and the edge falls: only jetting does that";
        difference.reading = "the path of the current changes";
      } else if (differ) {
        difference.says = jetting_for;
        difference.reading = "not the same everywhere: the path of the current changes";
      } else {
        difference.says = jetting_against;
        difference.reading = "the same on both: the path of the current stays";
      }
      return {up, down, difference};
    }
  }
  return {};
}

std::vector<Row> full_face_row(std::span<const Curve> curves) {
  const auto change = bar_change(curves, true);
  if (!change) return {};
  Row row = row_of(*change, "full_face", "change between full-face contacts, field along current");
  const auto small = bar_change(curves, false);
  if (small) row.used.push_back(small->used);
  const bool remains = is_significant(change->estimate()) && std::abs(change->value) > nothing_left;
  if (remains) {
    row.reading = "a change remains that the contacts do not make: not jetting alone";
    row.says[static_cast<std::size_t>(Mechanism::jetting)] = Says::against;
  } else if (small && is_significant(small->estimate()) &&
             std::abs(small->value) > 3.0 * change->error + nothing_left) {
    row.says = jetting_alone;
    row.reading = fmt::format("nothing left of {:+.3f} with small contacts", small->value);
  } else {
    row.reading = "no change";
  }
  return {row};
}

std::vector<Row> corbino_row(std::span<const Curve> curves) {
  const auto disc = disc_change(curves);
  if (!disc) return {};
  Row row = row_of(*disc, "corbino", "change of a disc in a perpendicular field");
  auto bar = bar_change(curves, true);
  if (!bar) bar = bar_change(curves, false);
  if (bar) row.used.push_back(bar->used);
  constexpr double small_share = 0.2;  // of the bar's change
  const bool bar_falls = bar && is_significant(bar->estimate()) && bar->value < 0.0;
  if (is_significant(disc->estimate()) && disc->value < 0.0 &&
      (!bar_falls || disc->value < small_share * bar->value)) {
    row.says = {Says::supports, Says::supports, Says::against, Says::against};
    row.reading = "falls where E and B are perpendicular: not E.B, not the current's path";
  } else if (bar_falls && 3.0 * disc->error < small_share * std::abs(bar->value)) {
    row.says = {Says::against, Says::against, Says::supports, Says::supports};
    row.reading =
        "does not fall, while the bar does: no isotropic mechanism is stronger than "
        "the ordinary magnetoresistance";
  } else {
    row.reading = "does not fall";
  }
  return {row};
}

std::vector<Row> lowest_row(std::span<const Curve> curves) {
  std::optional<Change> lowest;
  for (const Curve& curve : curves) {
    if (!is_longitudinal(curve)) continue;
    for (const double angle : angles_of(curve)) {
      for (const Change& change : changes(curve, angle)) {
        if (!lowest || change.value < lowest->value) lowest = change;
      }
    }
  }
  if (!lowest) return {};
  Row row = row_of(*lowest, "lowest", "lowest magnetoresistance over probe pairs");
  if (row.value + 3.0 * row.error < -1.0) {
    row.says = jetting_for;
    row.reading = "below -1: no uniform conductor does that, the current's path does";
  } else {
    row.reading = "not below -1: tells nothing";
  }
  return {row};
}

std::vector<Row> length_row(std::span<const Curve> curves) {
  const Curve* shortest = nullptr;
  const Curve* longest = nullptr;
  for (const Curve& one : curves) {
    for (const Curve& other : curves) {
      const bool alike = is_longitudinal(one) && is_longitudinal(other) &&
                         one.setup.kind == other.setup.kind &&
                         one.geometry.shape == other.geometry.shape &&
                         one.geometry.width == other.geometry.width &&
                         one.geometry.full_face_contacts == other.geometry.full_face_contacts;
      const double most = longest ? longest->geometry.length / shortest->geometry.length : 1.0;
      if (alike && other.geometry.length > most * one.geometry.length) {
        shortest = &one;
        longest = &other;
      }
    }
  }
  if (longest == nullptr) return {};
  const auto at_short = last_change(*shortest, along);
  const auto at_long = last_change(*longest, along);
  if (!at_short || !at_long || at_short->field != at_long->field) return {};
  if (!is_significant(at_short->estimate()) && !is_significant(at_long->estimate())) return {};
  const Estimate share = ratio(at_short->estimate(), at_long->estimate());
  Row row{.name = "length",
          .observable = fmt::format("change at length {:g} over that at length {:g}",
                                    shortest->geometry.length, longest->geometry.length),
          .value = share.value,
          .error = share.error,
          .unit = "1",
          .used = {at_short->used, at_long->used}};
  constexpr double same_within = 0.1;
  if (share.value + 3.0 * share.error < 1.0 - same_within) {
    row.says = {Says::against, Says::against, Says::supports, Says::against};
    row.reading = "smaller in the short sample, where contacts mix the chiralities";
  } else if (share.value - 3.0 * share.error > 1.0 + same_within) {
    row.says = {Says::supports, Says::against, Says::against, Says::supports};
    row.reading = "larger in the short sample";
  } else if (share.error < same_within) {
    row.says = {Says::nothing, Says::supports, Says::nothing, Says::nothing};
    row.reading = "the same: a property of the bulk";
  } else {
    row.reading = "too uncertain to tell";
  }
  return {row};
}

}  // namespace edotb::analysis
