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
  make_file(path, [&](hid_t file) {
    const hdf5::Handle folder(H5Gcreate2(file, group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                              H5Gclose, group);
    Builder builder(file);
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
    builder.dataset(
        in_group("conductance"), and_then({"contact_to", "contact_from"}), nan, siemens,
        "current out of one contact per volt on another; diagonal: minus the current in");
    builder.dataset(in_group("conductance_error"), and_then({"contact_to", "contact_from"}), nan,
                    siemens, "estimated error of the conductance");
    if (has_probes) {
      builder.dataset(in_group("probe_potential"), and_then({"probe", "contact_from"}), nan, "1",
                      "potential at a probe per volt on a contact");
    }
    builder.dataset(in_group("current_error"), points, nan, "1",
                    "|sum of the contacts' currents| over the largest");
    builder.dataset<std::int64_t>(in_group("unknowns"), points, 0, "1",
                                  "unknowns of the last mesh");
    builder.dataset<std::int64_t>(in_group("iterations"), points, 0, "1",
                                  "iterations of multigrid; 0: direct");
    builder.dataset<std::int64_t>(in_group("refinements"), points, 0, "1",
                                  "times the mesh was refined");
    write_record_datasets(builder);
    write_provenance(file, deck, "x", provenance, n_ranks);
    hdf5::write_attribute(file, "engine", "continuum");
    write_terminals(file, terminals_of(deck, conductor));
  });
}

std::vector<PointPart> parts_of(const ConductorResult& result) {
  const auto n = static_cast<std::size_t>(std::lround(std::sqrt(result.conductance.size())));
  std::vector<PointPart> parts = {{in_group("conductance"), {n, n}, result.conductance.data()},
                                  {in_group("conductance_error"), {n, n}, result.error.data()},
                                  {in_group("current_error"), {}, &result.current_error},
                                  {in_group("unknowns"), {}, &result.n_unknowns},
                                  {in_group("iterations"), {}, &result.n_iterations},
                                  {in_group("refinements"), {}, &result.n_refinements},
                                  {"seconds", {}, &result.seconds},
                                  {"status", {}, &result.status}};
  if (!result.potential.empty()) {
    parts.push_back(
        {in_group("probe_potential"), {result.potential.size() / n, n}, result.potential.data()});
  }
  return parts;
}

}  // namespace edotb::campaign
