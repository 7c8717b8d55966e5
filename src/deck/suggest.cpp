#include "suggest.hpp"

#include "edotb/deck/tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace edotb::deck {

namespace {

constexpr std::size_t max_length = 200;

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> distances((a.size() + 1) * (b.size() + 1));
  const auto d = [&](std::size_t i, std::size_t j) -> std::size_t& {
    return distances[i * (b.size() + 1) + j];
  };
  for (std::size_t i = 0; i <= a.size(); ++i) d(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = a[i - 1] == b[j - 1] ? 0 : 1;
      d(i, j) = std::min({d(i - 1, j) + 1, d(i, j - 1) + 1, d(i - 1, j - 1) + substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d(i, j) = std::min(d(i, j), d(i - 2, j - 2) + 1);
      }
    }
  }
  return d(a.size(), b.size());
}

std::string last_key(const std::string& path) { return path.substr(path.rfind('.') + 1); }
std::string first_key(const std::string& path) { return path.substr(0, path.find('.')); }

/// Every path of the table and every section on the way to it.
const std::set<std::string>& known_paths() {
  static const std::set<std::string> known = [] {
    std::set<std::string> paths;
    for (const Parameter& row : table()) {
      for (std::size_t dot = row.path.find('.'); dot != std::string::npos;
           dot = row.path.find('.', dot + 1)) {
        paths.insert(row.path.substr(0, dot));
      }
      paths.insert(row.path);
    }
    return paths;
  }();
  return known;
}

/// How far `candidate` is from what was written. A right key in the wrong section is near, as
/// `angle` alone means field.angle, and so is a slip or a short form of one.
std::size_t distance(const std::string& wanted, const std::string& candidate) {
  const std::size_t whole = edit_distance(wanted, candidate);
  if (candidate.find("[]") != std::string::npos) return whole;
  const std::string written = last_key(wanted);
  const std::string key = last_key(candidate);
  if (written == key) return std::min<std::size_t>(whole, 1);
  const bool short_form = written.size() >= 3 && key.starts_with(written);
  const bool slip = written.size() >= 4 && edit_distance(written, key) == 1;
  return short_form || slip ? std::min<std::size_t>(whole, 3) : whole;
}

}  // namespace

std::string nearest_path(const std::string& path) {
  const std::string wanted = table_path(path);
  if (wanted.size() > max_length) return "";
  const std::size_t tolerance = std::max<std::size_t>(3, wanted.size() / 3);
  std::string best;
  // Of equally near keys the one in the section that was written, then the more alike.
  std::tuple<std::size_t, bool, std::size_t> best_rank{tolerance + 1, false, 0};
  for (const std::string& candidate : known_paths()) {
    const std::tuple rank{distance(wanted, candidate), first_key(candidate) != first_key(wanted),
                          edit_distance(wanted, candidate)};
    if (rank < best_rank) {
      best_rank = rank;
      best = candidate;
    }
  }
  return best;
}

std::string nearest_word(const std::string& word, const std::vector<std::string>& words) {
  if (word.size() > max_length) return "";
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : words) {
    const std::size_t d = edit_distance(word, candidate);
    if (d < best_distance && d < candidate.size()) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::vector<std::string> keys_of_section(const std::string& section) {
  const std::string prefix = section.empty() ? "" : section + ".";
  std::vector<std::string> keys;
  for (const Parameter& row : table()) {
    if (!row.path.starts_with(prefix)) continue;
    std::string key = row.path.substr(prefix.size());
    key.resize(std::min(key.find_first_of(".["), key.size()));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

std::string advice_for_unknown_key(const std::string& path) {
  std::string section = table_path(path);
  do {
    const std::size_t dot = section.rfind('.');
    section.resize(dot == std::string::npos ? 0 : dot);
  } while (!section.empty() && !is_section(section));
  const auto keys = keys_of_section(section);
  const std::string takes =
      fmt::format("{} takes {}", section.empty() ? "a deck" : section, fmt::join(keys, ", "));
  std::string near = nearest_path(path);
  if (near.empty()) return takes + advice_for_free_name(path);
  // A list's items have keys of their own, so one of the same name elsewhere is no good advice alone.
  const bool elsewhere = section.ends_with("[]") && !near.starts_with(section);
  // Say "sample.disorder[3].width", the item that was written, not "sample.disorder[].width".
  const std::size_t open = path.find('[');
  const std::size_t brackets = near.find("[]");
  if (brackets != std::string::npos && open != std::string::npos) {
    near.replace(brackets, 2, path.substr(open, path.find(']') - open + 1));
  }
  return fmt::format("did you mean {}?{}{}", near, elsewhere ? " " + takes : "",
                     advice_for_free_name(path));
}

std::string advice_for_free_name(const std::string& path) {
  const std::string section = path.substr(0, std::min(path.rfind('.'), path.size()));
  for (const Parameter& row : table()) {
    if (!row.path.ends_with(".*")) continue;
    const std::string names = row.path.substr(0, row.path.size() - 2);
    if (names.substr(0, names.rfind('.')) != section) continue;
    return fmt::format(" (numbers of a {} go below {})", fmt::join(row.depends_values, " or "),
                       names);
  }
  return "";
}

std::string table_path(const std::string& path) {
  std::string result;
  bool inside = false;
  for (const char c : path) {
    if (c == ']') inside = false;
    if (!inside) result += c;
    if (c == '[') inside = true;
  }
  // A mapping of free names has one row, "path.*".
  const std::size_t dot = result.rfind('.');
  if (dot == std::string::npos) return result;
  const std::string any = result.substr(0, dot + 1) + "*";
  return rows_of(any).empty() ? result : any;
}

}  // namespace edotb::deck
