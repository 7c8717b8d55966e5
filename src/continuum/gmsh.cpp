// The MSH file formats 2.2 and 4.1 of gmsh's reference manual.

#include "edotb/continuum/gmsh.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace edotb::continuum {

namespace {

/// A file's words, with the line of the last one.
class Words {
 public:
  Words(const std::string& text, const std::string& name) : text_(text), name_(name) {}

  [[nodiscard]] bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  std::string_view next() {
    if (at_end()) throw error("the file ends in the middle");
    const std::size_t begin = at_;
    if (text_[at_] == '"') {
      const std::size_t end = text_.find('"', at_ + 1);
      if (end == std::string::npos) throw error("a name has no closing quote");
      at_ = end + 1;
      return text_.substr(begin + 1, end - begin - 1);
    }
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) == 0) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  double number() {
    const std::string word(next());
    char* end = nullptr;
    const double value = std::strtod(word.c_str(), &end);
    if (end == word.c_str() || *end != '\0' || !std::isfinite(value)) {
      throw error(fmt::format("expected a number, found '{}'", word));
    }
    return value;
  }
  std::int64_t integer() {
    const double value = number();
    constexpr double largest = 9e15;
    if (value != std::floor(value) || std::abs(value) > largest) {
      throw error(fmt::format("expected a whole number, found {}", value));
    }
    return static_cast<std::int64_t>(value);
  }
  /// A count of things that take at least two characters each.
  std::size_t count() {
    const std::int64_t value = integer();
    if (value < 0 || static_cast<std::size_t>(value) > text_.size() / 2) {
      throw error(fmt::format("{} things do not fit into this file", value));
    }
    return static_cast<std::size_t>(value);
  }
  void skip(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) next();
  }
  [[nodiscard]] Error error(const std::string& what) const {
    return bad_input(fmt::format("{}:{}: {}", name_, line_, what));
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      if (text_[at_++] == '\n') ++line_;
    }
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  int line_ = 1;
};

using Corners = std::array<std::int32_t, 3>;

class Reader {
 public:
  Reader(const std::string& text, const std::string& name, double unit)
      : words_(text, name), name_(name), unit_(unit) {}

  NamedMesh read() {
    while (!words_.at_end()) {
      const std::string section(words_.next());
      if (section == "$MeshFormat") {
        read_format();
      } else if (section == "$PhysicalNames") {
        read_names();
      } else if (section == "$Entities") {
        read_entities();
      } else if (section == "$Nodes") {
        if (is_new_) {
          read_new_nodes();
        } else {
          read_old_nodes();
        }
      } else if (section == "$Elements") {
        if (is_new_) {
          read_new_elements();
        } else {
          read_old_elements();
        }
      } else if (!section.starts_with('$')) {
        throw words_.error(fmt::format("expected a section such as $Nodes, found '{}'", section));
      }
      const std::string end = "$End" + section.substr(1);
      while (words_.next() != end) {
      }
    }
    return make();
  }

 private:
  void read_format() {
    const std::string version(words_.next());
    if (version != "2.2" && version != "4.1") {
      throw words_.error(fmt::format("format {} is not read; write 2.2 or 4.1", version));
    }
    is_new_ = version == "4.1";
    if (words_.integer() != 0) throw words_.error("binary meshes are not read; write ASCII");
  }

  void read_names() {
    const std::size_t n = words_.count();
    for (std::size_t i = 0; i < n; ++i) {
      const std::int64_t dimension = words_.integer();
      const std::int64_t tag = words_.integer();
      group_names_[{dimension, tag}] = std::string{words_.next()};
    }
  }

  /// The physical groups of the geometry's entities.
  void read_entities() {
    std::array<std::size_t, 4> n{};
    for (std::size_t& count : n) count = words_.count();
    for (std::int64_t dimension = 0; dimension < 4; ++dimension) {
      for (std::size_t i = 0; i < n[static_cast<std::size_t>(dimension)]; ++i) {
        const std::int64_t tag = words_.integer();
        words_.skip(dimension == 0 ? 3 : 6);  // a point, or a bounding box
        const std::size_t n_groups = words_.count();
        for (std::size_t k = 0; k < n_groups; ++k) {
          const std::int64_t group = std::abs(words_.integer());
          if (k == 0) group_of_entity_[{dimension, tag}] = group;
        }
        if (dimension > 0) words_.skip(words_.count());
      }
    }
  }

  void add_node(std::int64_t tag) {
    Vector3 x{};
    for (double& coordinate : x) coordinate = unit_ * words_.number();
    if (!vertex_of_.emplace(tag, static_cast<std::int32_t>(points_.size())).second) {
      throw words_.error(fmt::format("node {} comes twice", tag));
    }
    points_.push_back(x);
  }
  void read_old_nodes() {
    const std::size_t n = words_.count();
    for (std::size_t i = 0; i < n; ++i) add_node(words_.integer());
  }
  void read_new_nodes() {
    const std::size_t n_blocks = words_.count();
    words_.skip(3);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      const std::int64_t dimension = words_.integer();
      words_.skip(1);
      const bool has_parameters = words_.integer() != 0;
      std::vector<std::int64_t> tags(words_.count());
      for (std::int64_t& tag : tags) tag = words_.integer();
      for (const std::int64_t tag : tags) {
        add_node(tag);
        if (has_parameters) words_.skip(static_cast<std::size_t>(dimension));
      }
    }
  }

  void add_element(std::int64_t type, std::optional<std::int64_t> group) {
    // gmsh's types: 15 point, 1 edge, 2 triangle, 4 tetrahedron; 8, 9, 11 the last three of order 2.
    static const std::map<std::int64_t, std::size_t> n_corners = {{15, 1}, {1, 2}, {2, 3}, {4, 4}};
    const auto known = n_corners.find(type);
    if (known == n_corners.end()) {
      throw words_.error(fmt::format(
          "elements of type {} are not read; write triangles or tetrahedra of order 1", type));
    }
    std::array<std::int32_t, 4> corners{-1, -1, -1, -1};
    for (std::size_t i = 0; i < known->second; ++i) {
      const std::int64_t tag = words_.integer();
      const auto vertex = vertex_of_.find(tag);
      if (vertex == vertex_of_.end()) throw words_.error(fmt::format("there is no node {}", tag));
      corners[i] = vertex->second;
    }
    if (known->second == 4) tetrahedra_.insert(tetrahedra_.end(), corners.begin(), corners.end());
    if (known->second == 3) triangles_.push_back({{corners[0], corners[1], corners[2]}, group});
    if (known->second == 2) edges_.push_back({{corners[0], corners[1], -1}, group});
  }
  void read_old_elements() {
    const std::size_t n = words_.count();
    for (std::size_t i = 0; i < n; ++i) {
      words_.skip(1);
      const std::int64_t type = words_.integer();
      const std::size_t n_tags = words_.count();
      std::optional<std::int64_t> group;
      for (std::size_t k = 0; k < n_tags; ++k) {
        const std::int64_t tag = words_.integer();
        if (k == 0) group = tag;
      }
      add_element(type, group);
    }
  }
  void read_new_elements() {
    const std::size_t n_blocks = words_.count();
    words_.skip(3);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      const std::int64_t dimension = words_.integer();
      const std::int64_t entity = words_.integer();
      const std::int64_t type = words_.integer();
      const std::size_t n = words_.count();
      const auto found = group_of_entity_.find({dimension, entity});
      std::optional<std::int64_t> group;
      if (found != group_of_entity_.end()) group = found->second;
      for (std::size_t i = 0; i < n; ++i) {
        words_.skip(1);
        add_element(type, group);
      }
    }
  }

  NamedMesh make() {
    NamedMesh named;
    Mesh& mesh = named.mesh;
    mesh.dimension = tetrahedra_.empty() ? 2 : 3;
    if (tetrahedra_.empty() && triangles_.empty()) {
      throw bad_input(name_ + ": the mesh has no triangles and no tetrahedra");
    }
    mesh.points = points_;
    mesh.cells = tetrahedra_;
    if (mesh.dimension == 2) {
      for (const auto& [corners, group] : triangles_) {
        mesh.cells.insert(mesh.cells.end(), corners.begin(), corners.end());
      }
      for (Vector3& x : mesh.points) {
        if (x[2] != mesh.points.front()[2]) {
          throw bad_input(name_ + ": a mesh of triangles must lie in a plane of constant z");
        }
      }
      for (Vector3& x : mesh.points) x[2] = 0.0;
    }
    drop_unused_points(mesh);
    mesh.faces = find_boundary(mesh);
    label_faces(named);
    return named;
  }

  /// Points of the geometry alone belong to no cell.
  void drop_unused_points(Mesh& mesh) {
    constexpr std::int32_t unused = -1;
    std::vector<std::int32_t> place(mesh.points.size(), unused);
    std::vector<Vector3> kept;
    for (auto& vertex : mesh.cells) {
      auto& number = place[static_cast<std::size_t>(vertex)];
      if (number == unused) {
        number = static_cast<std::int32_t>(kept.size());
        kept.push_back(mesh.points[static_cast<std::size_t>(vertex)]);
      }
      vertex = number;
    }
    mesh.points = std::move(kept);
    for (auto* sides : {&triangles_, &edges_}) {
      for (auto& [corners, group] : *sides) {
        for (auto& corner : corners) {
          if (corner >= 0) corner = place[static_cast<std::size_t>(corner)];
        }
      }
    }
  }

  void label_faces(NamedMesh& named) const {
    const std::int64_t side_dimension = named.mesh.dimension - 1;
    std::map<std::int64_t, std::int32_t> label_of_group;
    for (const auto& [key, group_name] : group_names_) {
      if (key.first != side_dimension) continue;
      label_of_group[key.second] = static_cast<std::int32_t>(named.names.size());
      named.names.push_back(group_name);
    }
    if (named.names.empty()) {
      throw bad_input(
          fmt::format("{}: the mesh has no physical {} with a name, so it has no contacts", name_,
                      side_dimension == 2 ? "surface" : "curve"));
    }
    std::map<Corners, std::int32_t> labels;
    for (const auto& [corners, group] : side_dimension == 2 ? triangles_ : edges_) {
      const auto found = group ? label_of_group.find(*group) : label_of_group.end();
      if (found == label_of_group.end()) continue;
      Corners sorted = corners;
      std::sort(sorted.begin(), sorted.end());
      labels[sorted] = found->second;
    }
    for (Face& face : named.mesh.faces) {
      Corners sorted = face.vertices;
      std::sort(sorted.begin(), sorted.end());
      const auto found = labels.find(sorted);
      if (found == labels.end()) continue;
      face.label = found->second;
      labels.erase(found);
    }
    if (labels.empty()) return;
    throw bad_input(fmt::format("{}: '{}' does not lie on the surface of the sample", name_,
                                named.names[static_cast<std::size_t>(labels.begin()->second)]));
  }

  using Key = std::pair<std::int64_t, std::int64_t>;  ///< dimension and tag
  using Sides = std::vector<std::pair<Corners, std::optional<std::int64_t>>>;

  Words words_;
  const std::string& name_;
  double unit_;
  bool is_new_ = false;
  std::map<Key, std::string> group_names_;
  std::map<Key, std::int64_t> group_of_entity_;
  std::unordered_map<std::int64_t, std::int32_t> vertex_of_;
  std::vector<Vector3> points_;
  std::vector<std::int32_t> tetrahedra_;
  Sides triangles_;
  Sides edges_;
};

}  // namespace

NamedMesh parse_gmsh(const std::string& text, const std::string& name, double unit) {
  return Reader(text, name, unit).read();
}

Mesh with_contacts(NamedMesh named, const std::vector<std::string>& contacts) {
  std::vector<std::int32_t> label_of_name(named.names.size(), insulating);
  for (std::size_t k = 0; k < contacts.size(); ++k) {
    const auto found = std::find(named.names.begin(), named.names.end(), contacts[k]);
    if (found == named.names.end()) {
      throw bad_input(fmt::format("the mesh has no surface named '{}'; its names are {}",
                                  contacts[k], fmt::join(named.names, ", ")));
    }
    label_of_name[static_cast<std::size_t>(found - named.names.begin())] =
        static_cast<std::int32_t>(k);
  }
  for (Face& face : named.mesh.faces) {
    if (face.label != insulating) face.label = label_of_name[static_cast<std::size_t>(face.label)];
  }
  check_contacts(named.mesh, contacts);
  check_pieces(named.mesh);
  return std::move(named.mesh);
}

}  // namespace edotb::continuum
