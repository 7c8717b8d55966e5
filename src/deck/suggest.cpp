#include "edotb/deck/tree.hpp"

#include <algorithm>
#include <set>

namespace edotb::deck {

namespace {

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::string last_key(const std::string& path) { return path.substr(path.rfind('.') + 1); }

/// Every path of the table and every section on the way to it.
std::set<std::string> known_paths() {
  std::set<std::string> paths;
  for (const Parameter& row : table()) {
    for (std::size_t dot = row.path.find('.'); dot != std::string::npos;
         dot = row.path.find('.', dot + 1)) {
      paths.insert(row.path.substr(0, dot));
    }
    paths.insert(row.path);
  }
  return paths;
}

}  // namespace

std::string nearest_path(const std::string& path) {
  const std::string wanted = table_path(path);
  if (wanted.size() > 200) return "";
  std::string best;
  std::size_t best_distance = wanted.size();
  for (const std::string& candidate : known_paths()) {
    // A right key in the wrong section counts as near: `angle` alone means field.angle.
    const bool misplaced =
        last_key(candidate) == last_key(wanted) && candidate.find("[]") == std::string::npos;
    const std::size_t distance =
        std::min(edit_distance(wanted, candidate), misplaced ? std::size_t{2} : wanted.size());
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best_distance <= std::max<std::size_t>(2, wanted.size() / 3) ? best : "";
}

std::string table_path(const std::string& path) {
  std::string result;
  bool inside = false;
  for (const char c : path) {
    if (c == ']') inside = false;
    if (!inside) result += c;
    if (c == '[') inside = true;
  }
  return result;
}

}  // namespace edotb::deck
