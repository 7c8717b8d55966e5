#include "edotb/continuum/vtk.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <fstream>

namespace edotb::continuum {

namespace {

// VTK's cell types and the order of their nodes in ours (its edges: 01, 12, 20, 03, 13, 23).
struct CellType {
  int number;
  std::vector<std::size_t> order;
};
CellType cell_type(const Space& space) {
  if (space.dimension == 2) {
    if (space.order == 1) return {5, {0, 1, 2}};
    return {22, {0, 1, 2, 3, 5, 4}};
  }
  if (space.order == 1) return {10, {0, 1, 2, 3}};
  return {24, {0, 1, 2, 3, 4, 6, 5, 7, 8, 9}};
}

class Writer {
 public:
  explicit Writer(std::ostream& out) : out_(out) {}

  template <class Values>
  void array(const std::string& type, const std::string& name, int n_components,
             const Values& values) {
    fmt::print(out_,
               "<DataArray type=\"{}\" Name=\"{}\" NumberOfComponents=\"{}\" format=\"ascii\">\n",
               type, name, n_components);
    constexpr std::size_t per_line = 12;
    std::size_t n = 0;
    for (const auto& value : values) {
      fmt::print(out_, "{:.12g}{}", static_cast<double>(value), ++n % per_line == 0 ? '\n' : ' ');
    }
    fmt::print(out_, "\n</DataArray>\n");
  }
  void array(const std::string& name, const std::vector<Vector3>& values) {
    std::vector<double> flat;
    flat.reserve(3 * values.size());
    for (const Vector3& v : values) flat.insert(flat.end(), v.begin(), v.end());
    array("Float64", name, 3, flat);
  }

 private:
  std::ostream& out_;
};

std::vector<int> contact_of_nodes(const Space& space) {
  std::vector<int> contact(space.nodes.size(), insulating);
  for (std::size_t face = 0; face < space.n_faces(); ++face) {
    if (space.face_labels[face] == insulating) continue;
    for (const auto node : space.face(face)) {
      contact[static_cast<std::size_t>(node)] = space.face_labels[face];
    }
  }
  return contact;
}

/// The current density in the middle of every cell: -sigma grad V, of two fluids the sum of
/// -sigma grad V_x + x g_B b V_x.
std::vector<Vector3> currents(const Space& space, const Material& material,
                              const std::vector<double>& u) {
  const auto n_fields = static_cast<std::size_t>(material.n_fields());
  std::vector<Vector3> result;
  CellGeometry geometry(space, 1);
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    const CellPoint point = geometry.at(cell).front();
    Vector3 j{};
    for (std::size_t field = 0; field < n_fields; ++field) {
      Vector3 gradient{};
      double volts = 0.0;
      for (std::size_t n = 0; n < space.n_cell_nodes; ++n) {
        const double value = u[static_cast<std::size_t>(space.cell(cell)[n]) * n_fields + field];
        gradient = gradient + value * point.gradients[n];
        volts += value * point.values[n];
      }
      j = j - times(material.sigma, gradient);
      if (material.fluid) {
        const double chirality = field == 0 ? 1.0 : -1.0;
        j = j + (chirality * material.fluid->chiral_conductance * volts) * material.direction;
      }
    }
    result.push_back(j);
  }
  return result;
}

std::vector<double> field_of(const std::vector<double>& u, std::size_t n_fields,
                             std::size_t field) {
  std::vector<double> values;
  for (std::size_t i = field; i < u.size(); i += n_fields) values.push_back(u[i]);
  return values;
}

}  // namespace

void write_vtk(const std::filesystem::path& path, const ConductorSolution& solution,
               const Material& material) {
  const Space& space = solution.space;
  const CellType type = cell_type(space);
  std::ofstream out(path);
  Writer writer(out);
  fmt::print(out,
             "<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"0.1\">\n"
             "<UnstructuredGrid>\n<Piece NumberOfPoints=\"{}\" NumberOfCells=\"{}\">\n<Points>\n",
             space.nodes.size(), space.n_cells());
  writer.array("points", space.nodes);
  std::vector<std::int64_t> connectivity;
  std::vector<std::int64_t> offsets;
  for (std::size_t cell = 0; cell < space.n_cells(); ++cell) {
    for (const std::size_t n : type.order) connectivity.push_back(space.cell(cell)[n]);
    offsets.push_back(static_cast<std::int64_t>(connectivity.size()));
  }
  fmt::print(out, "</Points>\n<Cells>\n");
  writer.array("Int64", "connectivity", 1, connectivity);
  writer.array("Int64", "offsets", 1, offsets);
  writer.array("UInt8", "types", 1, std::vector<int>(space.n_cells(), type.number));
  fmt::print(out, "</Cells>\n<PointData>\n");
  writer.array("Int32", "contact", 1, contact_of_nodes(space));
  const auto& potentials = solution.contacts.potentials;
  for (std::size_t k = 0; k < potentials.size(); ++k) {
    const std::string name = fmt::format("potential_{}", k);
    if (material.fluid) {
      writer.array("Float64", name + "_plus", 1, field_of(potentials[k], 2, 0));
      writer.array("Float64", name + "_minus", 1, field_of(potentials[k], 2, 1));
    } else {
      writer.array("Float64", name, 1, potentials[k]);
    }
  }
  fmt::print(out, "</PointData>\n<CellData>\n");
  for (std::size_t k = 0; k < potentials.size(); ++k) {
    writer.array(fmt::format("current_{}", k), currents(space, material, potentials[k]));
  }
  fmt::print(out, "</CellData>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n");
  out.close();
  if (!out) throw bad_input(path.string() + ": cannot be written");
}

}  // namespace edotb::continuum
