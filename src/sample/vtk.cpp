#include "edotb/sample/vtk.hpp"

#include "edotb/base/error.hpp"
#include "edotb/sample/region.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace edotb::sample {

namespace {

constexpr int n_drawn_cells = 2;

struct DrawnSite {
  LatticeSite site;
  int contact = -1;
  int lead_cell = 0;
};

/// The sites of the device, then the first cells of each lead outwards.
std::vector<DrawnSite> drawn_sites(const Geometry& geometry) {
  std::vector<DrawnSite> drawn;
  for (const LatticeSite& site : geometry.sites) drawn.push_back({site, -1, 0});
  for (std::size_t k = 0; k < geometry.contacts.size(); ++k) {
    const ContactSites& contact = geometry.contacts[k];
    for (const LatticeSite& site : contact.interface()) {
      drawn[*geometry.sites.find(site)].contact = static_cast<int>(k);
    }
    if (!contact.is_lead) continue;
    for (int n = 1; n <= n_drawn_cells * contact.reach; ++n) {
      for (const LatticeSite& column : contact.columns) {
        drawn.push_back({contact.site(column, contact.plane + contact.outwards * n),
                         static_cast<int>(k), (n + contact.reach - 1) / contact.reach});
      }
    }
  }
  return drawn;
}

/// Pairs of neighbours among the drawn sites; bonds round a torus are left out.
std::vector<std::size_t> drawn_bonds(const std::vector<DrawnSite>& drawn, const SiteSet& all,
                                     const std::vector<SiteBond>& bonds) {
  std::vector<std::size_t> pairs;
  for (std::size_t from = 0; from < drawn.size(); ++from) {
    // Where two leads cross in the drawing, a site stands for the first of them.
    if (all.find(drawn[from].site) != from) continue;
    for (const SiteBond& bond : bonds) {
      if (bond.from != drawn[from].site.sublattice) continue;
      LatticeSite end{drawn[from].site.cell, bond.to};
      for (std::size_t i = 0; i < 3; ++i) end.cell[i] += bond.offset[i];
      if (const auto to = all.find(end)) pairs.insert(pairs.end(), {from, *to});
    }
  }
  return pairs;
}

template <class Values>
void write_array(std::ostream& out, const char* type, const char* name, int n_components,
                 const Values& values, bool of_field = false) {
  fmt::print(out,
             "<DataArray type=\"{}\" Name=\"{}\" NumberOfComponents=\"{}\"{} format=\"ascii\">\n",
             type, name, n_components,
             of_field ? fmt::format(" NumberOfTuples=\"{}\"",
                                    std::size(values) / static_cast<std::size_t>(n_components))
                      : "");
  std::size_t n = 0;
  for (const auto& value : values) fmt::print(out, "{}{}", n++ == 0 ? "" : " ", value);
  fmt::print(out, "\n</DataArray>\n");
}

}  // namespace

void write_vtk(const std::string& path, const Device& device, const deck::Deck& deck,
               const Field& field) {
  const Geometry& geometry = device.geometry();
  const model::Model& model = device.model();
  const auto drawn = drawn_sites(geometry);
  std::vector<LatticeSite> sites;
  std::vector<double> points;
  std::vector<int> contact;
  std::vector<int> lead_cell;
  std::vector<int> sublattice;
  std::vector<int> region;
  for (const DrawnSite& d : drawn) {
    const Vector3 r = position(model, d.site) - geometry.centre;
    sites.push_back(d.site);
    points.insert(points.end(), r.begin(), r.end());
    contact.push_back(d.contact);
    lead_cell.push_back(d.lead_cell);
    sublattice.push_back(d.site.sublattice);
    region.push_back(d.lead_cell > 0 ? 0
                                     : static_cast<int>(std::count_if(
                                           deck.regions.begin(), deck.regions.end(),
                                           [&](const auto& x) { return contains(x.body, r); })));
  }
  const SiteSet all(sites, static_cast<int>(model.sites.size()));
  const auto bonds = drawn_bonds(drawn, all, site_bonds(model));
  const std::size_t n_bonds = bonds.size() / 2;
  std::vector<std::size_t> offsets;
  for (std::size_t i = 1; i <= n_bonds; ++i) offsets.push_back(2 * i);
  constexpr int vtk_line = 3;
  std::vector<double> directions;
  for (const ContactSites& c : geometry.contacts) {
    Vector3 along{};
    for (std::size_t i = 0; i < 3; ++i) {
      along = along + static_cast<double>(c.outwards * c.translation[i]) * model.lattice_vectors[i];
    }
    along = unit(along);
    directions.insert(directions.end(), along.begin(), along.end());
  }
  const Vector3 b = norm(field.b) > 0.0 ? unit(field.b) : Vector3{};

  std::ofstream out(path);
  fmt::print(out,
             "<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"0.1\" "
             "byte_order=\"LittleEndian\">\n<UnstructuredGrid>\n<FieldData>\n");
  write_array(out, "Float64", "field", 3, b, true);
  write_array(out, "Float64", "axis", 3, geometry.frame.n, true);
  write_array(out, "Float64", "contact_directions", 3, directions, true);
  fmt::print(out, "</FieldData>\n<Piece NumberOfPoints=\"{}\" NumberOfCells=\"{}\">\n<Points>\n",
             drawn.size(), n_bonds);
  write_array(out, "Float64", "sites", 3, points);
  fmt::print(out, "</Points>\n<Cells>\n");
  write_array(out, "Int64", "connectivity", 1, bonds);
  write_array(out, "Int64", "offsets", 1, offsets);
  write_array(out, "UInt8", "types", 1, std::vector<int>(n_bonds, vtk_line));
  fmt::print(out, "</Cells>\n<PointData>\n");
  write_array(out, "Int32", "contact", 1, contact);
  write_array(out, "Int32", "lead_cell", 1, lead_cell);
  write_array(out, "Int32", "sublattice", 1, sublattice);
  write_array(out, "Int32", "region", 1, region);
  fmt::print(out, "</PointData>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n");
  out.flush();
  if (!out) throw bad_input(path + ": cannot be written");
}

}  // namespace edotb::sample
