#include "conductor_results.hpp"

#include "edotb/campaign/terminals.hpp"
#include "results_builder.hpp"

#include <cmath>
#include <limits>

namespace edotb::campaign {

namespace {

constexpr const char* group = "continuum";

std::string in_group(const std::string& name) { return std::string(group) + "/" + name; }

}  // namespace

void create_conductor_results(const std::filesystem::path& path, const deck::Deck& deck,
                              const continuum::DeckConductor& conductor,
                              const Provenance& provenance, int n_ranks) {
  const hdf5::Handle file = create_file(path);
  const hdf5::Handle folder(H5Gcreate2(file.id(), group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                            H5Gclose, group);
  Builder builder(file.id());
  write_sweep_scales(builder, deck, " (without meaning here)");
  const auto contacts = count_to(static_cast<std::int64_t>(conductor.contacts().size()));
  builder.scale("contact_to", contacts, "1", "contact through which the current leaves");
  builder.scale("contact_from", contacts, "1", "contact with one volt, the others grounded");
  const bool has_probes = !conductor.probes().empty();
  if (has_probes) {
    builder.scale("probe", count_to(static_cast<std::int64_t>(conductor.probes().size())), "1",
                  "voltage probe");
  }

  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Names points = {"field", "angle", "energy", "realisation"};
  const auto and_then = [&](Names more) {
    more.insert(more.begin(), points.begin(), points.end());
    return more;
  };
  const std::string siemens = deck.lattice_units ? "1" : "S";
  builder.dataset(in_group("conductance"), and_then({"contact_to", "contact_from"}), nan, siemens,
                  "current out of one contact per volt on another; diagonal: minus the current in");
  builder.dataset(in_group("conductance_error"), and_then({"contact_to", "contact_from"}), nan,
                  siemens, "estimated error of the conductance");
  if (has_probes) {
    builder.dataset(in_group("probe_potential"), and_then({"probe", "contact_from"}), nan, "1",
                    "potential at a probe per volt on a contact");
  }
  builder.dataset(in_group("current_error"), points, nan, "1",
                  "|sum of the contacts' currents| over the largest");
  builder.dataset<std::int64_t>(in_group("unknowns"), points, 0, "1", "unknowns of the last mesh");
  builder.dataset<std::int64_t>(in_group("iterations"), points, 0, "1",
                                "iterations of multigrid; 0: direct");
  builder.dataset<std::int64_t>(in_group("refinements"), points, 0, "1",
                                "times the mesh was refined");
  builder.dataset("seconds", points, nan, "s", "wall time of the point");
  builder.dataset<std::int8_t>("status", points, 0, "1", "0 not computed, 1 solved, 3 failed");
  write_provenance(file.id(), deck, "x", provenance, n_ranks);
  hdf5::write_attribute(file.id(), "engine", "continuum");
  write_terminals(file.id(), terminals_of(deck, conductor));
  flush_file(file, path);
}

ConductorWriter::ConductorWriter(const std::filesystem::path& path, const mpi::Communicator& comm,
                                 const PointList& points)
    : points_(points), file_(open_on_all_ranks(path, comm)) {}

void ConductorWriter::write(std::int64_t number, const ConductorResult& result) {
  const Point point = points_[number];
  const auto put = [&](const std::string& name, hid_t type, std::vector<hsize_t> inner,
                       const void* data) {
    const hdf5::Handle dataset(H5Dopen2(file_.id(), name.c_str(), H5P_DEFAULT), H5Dclose, name);
    write_point_entry(dataset, type, point, std::move(inner), data);
  };
  const auto n = static_cast<hsize_t>(std::lround(std::sqrt(result.conductance.size())));
  const auto status = static_cast<std::int8_t>(result.status);
  put(in_group("conductance"), H5T_NATIVE_DOUBLE, {n, n}, result.conductance.data());
  put(in_group("conductance_error"), H5T_NATIVE_DOUBLE, {n, n}, result.error.data());
  if (!result.potential.empty()) {
    put(in_group("probe_potential"), H5T_NATIVE_DOUBLE, {result.potential.size() / n, n},
        result.potential.data());
  }
  put(in_group("current_error"), H5T_NATIVE_DOUBLE, {}, &result.current_error);
  put(in_group("unknowns"), H5T_NATIVE_INT64, {}, &result.n_unknowns);
  put(in_group("iterations"), H5T_NATIVE_INT64, {}, &result.n_iterations);
  put(in_group("refinements"), H5T_NATIVE_INT64, {}, &result.n_refinements);
  put("seconds", H5T_NATIVE_DOUBLE, {}, &result.seconds);
  put("status", H5T_NATIVE_INT8, {}, &status);
}

}  // namespace edotb::campaign
