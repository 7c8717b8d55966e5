#include "shape_rules.hpp"

#include "fill_sample.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace edotb::deck {

namespace {

constexpr double max_device_cells = 2e8;
constexpr int max_contacts = 256;
constexpr int max_bodies = 1000;

class ShapeRules {
 public:
  ShapeRules(const Tree& tree, const std::vector<Problem>& problems,
             const std::string& planar_model, const Complain& complain)
      : tree_(tree), problems_(problems), planar_model_(planar_model), complain_(complain) {}

  void check() const {
    check_bodies("sample.regions");
    check_contacts();
    check_names();
    check_leads();
    if (!tree_.has("sample.shape.kind")) return;
    const std::string& kind = tree_.text("sample.shape.kind");
    if (kind == "bar" || kind == "hall_bar" || kind == "cross") check_extents();
    if (kind == "hall_bar" || kind == "cross") check_arms(kind);
    if (kind == "corbino" || kind == "ring") check_radii(kind);
    if (kind == "polygon" && !tree_.has("sample.shape.points") &&
        !has_problem("sample.shape.points")) {
      complain_("sample.shape.points", "a polygon needs its corners, a list of [u, v]");
    }
    check_parts(kind);
    if ((kind == "polygon" || kind == "composite") && n_items("sample.contacts") == 0) {
      complain_("sample.contacts", fmt::format("a {} brings no contacts along; list them", kind));
    }
    if (!planar_model_.empty()) check_plane(kind);
  }

 private:
  [[nodiscard]] int n_items(const std::string& path) const {
    const auto items = tree_.n_items.find(path);
    return items == tree_.n_items.end() ? 0 : items->second;
  }

  [[nodiscard]] bool has_problem(const std::string& path) const {
    return std::any_of(problems_.begin(), problems_.end(),
                       [&](const Problem& problem) { return problem.path.starts_with(path); });
  }

  void check_extents() const {
    double n_cells = 1.0;
    for (const char* key : {"length", "width", "thickness"}) {
      const std::string path = std::string("sample.shape.") + key;
      if (!tree_.has(path)) return;
      n_cells *= static_cast<double>(tree_.integer(path));
    }
    if (n_cells > max_device_cells) {
      complain_("sample.shape.length", fmt::format("length x width x thickness is {:.3g} cells, "
                                                   "more than {:.0g}",
                                                   n_cells, max_device_cells));
    }
  }

  void check_arms(const std::string& kind) const {
    for (const char* key : {"length", "arm_width"}) {
      if (!tree_.has(std::string("sample.shape.") + key)) return;
    }
    const auto length = tree_.integer("sample.shape.length");
    const auto width = tree_.integer("sample.shape.arm_width");
    if (kind == "cross") {
      if (width > length) {
        complain_("sample.shape.arm_width",
                  fmt::format("an arm of {} cells does not fit into sample.shape.length {}", width,
                              length));
      }
      return;
    }
    if (!tree_.has("sample.shape.arm_distance") || !tree_.has("sample.shape.terminals")) return;
    const auto distance = tree_.integer("sample.shape.arm_distance");
    const std::int64_t n_gaps = tree_.text("sample.shape.terminals") == "8" ? 2 : 1;
    if (distance + width > length) {
      complain_("sample.shape.arm_distance",
                fmt::format("arms of {} cells that start {} cells apart do not fit into "
                            "sample.shape.length {}",
                            width, distance, length));
    }
    if (distance < n_gaps * width) {
      complain_(
          "sample.shape.arm_distance",
          fmt::format("must be at least {}, or arms of {} cells overlap", n_gaps * width, width));
    }
  }

  void check_radii(const std::string& kind) const {
    const auto check_order = [&](const char* small, const char* large) {
      const std::string a = std::string("sample.shape.") + small;
      const std::string b = std::string("sample.shape.") + large;
      if (tree_.has(a) && tree_.has(b) && !(tree_.number(a) < tree_.number(b))) {
        complain_(a,
                  fmt::format("{} is not smaller than {} {}", tree_.number(a), b, tree_.number(b)));
      }
    };
    check_order("inner_radius", "outer_radius");
    if (kind == "corbino") check_order("hole_radius", "inner_radius");
    if (kind == "ring" && tree_.has("sample.shape.lead_width") &&
        tree_.has("sample.shape.outer_radius") &&
        tree_.number("sample.shape.lead_width") > 2.0 * tree_.number("sample.shape.outer_radius")) {
      complain_("sample.shape.lead_width",
                fmt::format("{} is wider than the whole ring, twice sample.shape.outer_radius {}",
                            tree_.number("sample.shape.lead_width"),
                            tree_.number("sample.shape.outer_radius")));
    }
  }

  void check_bodies(const std::string& list) const {
    if (n_items(list) > max_bodies) {
      complain_(list, fmt::format("more than {} bodies", max_bodies));
    }
    for (int i = 0; i < n_items(list); ++i) {
      const std::string body = fmt::format("{}[{}].", list, i);
      if (tree_.has(body + "from") && tree_.has(body + "to")) {
        const auto& from = tree_.sweep(body + "from");
        const auto& to = tree_.sweep(body + "to");
        for (std::size_t a = 0; a < 3; ++a) {
          if (from[a] > to[a]) {
            complain_(body + "to", fmt::format("along {} the box ends at {} before it begins at {}",
                                               "xyz"[a], to[a], from[a]));
          }
        }
      }
      if (tree_.has(body + "range")) {
        const auto& range = tree_.sweep(body + "range");
        if (range[0] > range[1]) complain_(body + "range", "the lowest coordinate comes first");
      }
      if (tree_.has(body + "radius") && tree_.has(body + "inner_radius") &&
          !(tree_.number(body + "inner_radius") < tree_.number(body + "radius"))) {
        complain_(body + "inner_radius", "must be smaller than the radius");
      }
    }
  }

  void check_parts(const std::string& kind) const {
    const std::string list = "sample.shape.parts";
    const int n = n_items(list);
    if (kind != "composite") {
      if (n > 0) complain_(list, "belongs to sample.shape.kind composite");
      return;
    }
    if (n == 0) complain_(list, "a composite shape needs at least one body");
    const std::string first = list + "[0].operation";
    if (n > 0 && tree_.has(first) && tree_.text(first) == "subtract") {
      complain_(first, "the first body must be added: there is nothing yet to cut it out of");
    }
    check_bodies(list);
  }

  void check_contacts() const {
    const int n = n_items("sample.contacts");
    if (n > max_contacts) {
      complain_("sample.contacts", fmt::format("more than {} contacts", max_contacts));
    }
    for (int i = 0; i < std::min(n, max_contacts); ++i) {
      const std::string contact = fmt::format("sample.contacts[{}].", i);
      if (tree_.has(contact + "direction") && !parse_direction(tree_.text(contact + "direction"))) {
        complain_(contact + "direction",
                  fmt::format("expected +x, -x, +y, -y, +z, -z or a lattice vector of three whole "
                              "numbers such as \"1 1 0\", found '{}'",
                              tree_.text(contact + "direction")));
      }
      if (!tree_.has(contact + "radius") || !tree_.has(contact + "inner_radius")) continue;
      const double radius = tree_.number(contact + "radius");
      const double inner = tree_.number(contact + "inner_radius");
      if (radius > 0.0 && inner >= radius) {
        complain_(contact + "inner_radius", "must be smaller than the radius");
      }
    }
    if (tree_.has("sample.shape.boundary") && tree_.text("sample.shape.boundary") == "periodic" &&
        n > 0) {
      complain_("sample.contacts", "a torus has its own two leads; contacts need hard walls");
    }
  }

  /// The kinds of the contacts; a kind that is wrong itself counts as any.
  [[nodiscard]] std::set<std::string> contact_kinds() const {
    std::set<std::string> kinds;
    const int n = n_items("sample.contacts");
    for (int i = 0; i < std::max(n, 1); ++i) {
      const std::string kind =
          n > 0 ? fmt::format("sample.contacts[{}].kind", i) : std::string("sample.leads.kind");
      if (!tree_.has(kind)) return {"lead", "chains", "wide_band"};
      kinds.insert(tree_.text(kind));
    }
    return kinds;
  }

  /// True when a number is given and is not the default, which an expanded deck writes out.
  [[nodiscard]] bool is_changed(const std::string& path) const {
    if (!tree_.given(path)) return false;
    const auto& value = tree_.entries.at(path).row->default_value;
    return !value || tree_.number(path) != std::stod(*value);
  }

  /// Keys of sample.leads that change nothing are most likely meant to change something.
  void check_leads() const {
    if (n_items("sample.contacts") > 0 && tree_.given("sample.leads.kind") &&
        tree_.text("sample.leads.kind") != "lead") {
      complain_("sample.leads.kind",
                "is of the contacts that a shape brings along; the deck lists its own, so give "
                "each of sample.contacts its kind");
      return;
    }
    const auto kinds = contact_kinds();
    const auto require = [&](const std::string& path, const std::vector<std::string>& acts_on) {
      const bool acts = std::any_of(acts_on.begin(), acts_on.end(),
                                    [&](const std::string& kind) { return kinds.contains(kind); });
      if (acts || !is_changed(path)) return;
      complain_(path, fmt::format("has no effect: no contact is of the kind {}",
                                  fmt::join(acts_on, " or ")));
    };
    require("sample.leads.broadening", {"wide_band"});
    require("sample.leads.hopping", {"chains"});
    require("sample.leads.potential", {"lead", "chains"});
    for (const auto& [path, entry] : tree_.entries) {
      if (path.starts_with("sample.leads.model.")) require(path, {"lead"});
    }
  }

  /// A name that two contacts share says of neither which it is.
  void check_names() const {
    std::map<std::string, int> first;
    for (int i = 0; i < std::min(n_items("sample.contacts"), max_contacts); ++i) {
      const std::string path = fmt::format("sample.contacts[{}].name", i);
      if (!tree_.has(path) || tree_.text(path).empty()) continue;
      const auto [same, is_new] = first.emplace(tree_.text(path), i);
      if (is_new) continue;
      complain_(path, fmt::format("contact {} has the name '{}' as well", same->second,
                                  tree_.text(path)));
    }
  }

  /// A model in the xy plane wants a sample in that plane.
  void check_plane(const std::string& kind) const {
    if (!tree_.has("sample.shape.axis") || kind == "composite") return;
    const auto axis = static_cast<std::size_t>(tree_.text("sample.shape.axis").front() - 'x');
    const std::string two_dimensional =
        fmt::format("{} is two-dimensional, in the xy plane: ", planar_model_);
    const auto extent_is_one = [&](const std::string& path, const std::string& message) {
      if (tree_.has(path) && tree_.integer(path) != 1) complain_(path, two_dimensional + message);
    };
    if (kind == "corbino") {
      if (axis != 2) {
        complain_("sample.shape.axis", two_dimensional + "the disc's normal must be z");
      }
      extent_is_one("sample.shape.thickness", "the thickness must be 1");
      return;
    }
    if (kind != "bar") {
      if (axis != 0) complain_("sample.shape.axis", two_dimensional + "the axis must be x");
      extent_is_one("sample.shape.thickness", "the thickness must be 1");
      return;
    }
    if (axis == 2) {
      complain_("sample.shape.axis", two_dimensional + "the current flows along x or y");
      return;
    }
    // Extent number (z - axis) runs along z, across the plane of the model.
    const std::array<std::string, 3> keys = {"length", "width", "thickness"};
    extent_is_one("sample.shape." + keys[(2 + 3 - axis) % 3],
                  fmt::format("the extent along z must be 1 (axis {}: width along {}, thickness "
                              "along {})",
                              "xyz"[axis], "xyz"[(axis + 1) % 3], "xyz"[(axis + 2) % 3]));
  }

  const Tree& tree_;
  const std::vector<Problem>& problems_;
  const std::string& planar_model_;
  const Complain& complain_;
};

}  // namespace

void check_shape(const Tree& tree, const std::vector<Problem>& problems,
                 const std::string& planar_model, const Complain& complain) {
  ShapeRules(tree, problems, planar_model, complain).check();
}

}  // namespace edotb::deck
