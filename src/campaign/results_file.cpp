#include "edotb/campaign/results_file.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/version.hpp"
#include "edotb/linalg/blas_speed.hpp"
#include "edotb/linalg/petsc.hpp"
#include "edotb/linalg/real_system.hpp"
#include "edotb/linalg/sparse_lu.hpp"
#include "results_builder.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <ctime>
#include <limits>
#include <unistd.h>

namespace edotb::campaign {

namespace {

constexpr std::size_t max_attribute_text = 1U << 20U;

void write_scales(Builder& builder, const deck::Deck& deck, const sample::Sample& sample) {
  const auto unit = [&](deck::Quantity quantity) {
    return std::string(deck::unit_name(quantity, deck.lattice_units));
  };
  builder.scale("field", deck.field.magnitude, unit(deck::Quantity::field),
                "magnetic field strength");
  builder.scale("angle", deck.field.angle, unit(deck::Quantity::angle),
                "angle between field and current");
  builder.scale("energy", deck.energy, unit(deck::Quantity::energy), "energy");
  builder.scale("realisation", count_to(deck.ensemble.n_realisations), "1", "disorder realisation");
  const auto leads = count_to(static_cast<std::int64_t>(sample.layout().n_leads()));
  builder.scale("lead_to", leads, "1", "lead that the electron leaves through");
  builder.scale("lead_from", leads, "1", "lead that the electron comes from");
  builder.scale("lead", leads, "1", "lead");
  builder.scale("component", count_to(3), "1",
                "direction: 0 along the current, 1 along the width, 2 along the thickness");
}

void write_datasets(Builder& builder, const deck::Deck& deck, const sample::Sample& sample) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Names points = {"field", "angle", "energy", "realisation"};
  const auto and_then = [&](Names more) {
    more.insert(more.begin(), points.begin(), points.end());
    return more;
  };
  builder.dataset("transmission", and_then({"lead_to", "lead_from"}), nan, "1",
                  "transmission sum |S|^2 (conductance in e^2/h); diagonal: reflection");
  builder.dataset<std::int32_t>("modes", and_then({"lead"}), -1, "1", "open modes");
  builder.dataset("unitarity_error", points, nan, "1", "max |S^H S - 1|");
  builder.dataset("seconds", points, nan, "s", "wall time of the point");
  builder.dataset<std::int8_t>(
      "status", points, 0, "1",
      "0 not computed, 1 solved, 2 solved again by a second path, 3 failed");
  const hdf5::Handle flux =
      builder.dataset("flux_per_plaquette", {"field", "angle", "component"}, nan, "rad",
                      "flux through a cell's face, charge/hbar x field x area, as used");
  std::vector<double> values;
  for (const double magnitude : deck.field.magnitude) {
    for (const double angle : deck.field.angle) {
      const auto per_cell = sample.flux_per_plaquette(sample.field(magnitude, angle));
      values.insert(values.end(), per_cell.begin(), per_cell.end());
    }
  }
  H5Dwrite(flux.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
}

}  // namespace

void write_provenance(hid_t file, const deck::Deck& deck, const std::string& axis,
                      const Provenance& provenance, int n_ranks) {
  hdf5::write_attribute(file, "format", "edotb-results");
  hdf5::write_attribute(file, "format_version", 1);
  hdf5::write_attribute(file, "title", deck.title);
  hdf5::write_attribute(file, "deck", deck.source);
  hdf5::write_attribute(file, "expanded_deck", deck.expanded);
  hdf5::write_attribute(file, "units", deck.lattice_units ? "lattice" : "physical");
  hdf5::write_attribute(file, "axis", axis);
  hdf5::write_attribute(file, "version", version);
  hdf5::write_attribute(file, "git_hash", git_hash);
  hdf5::write_attribute(file, "library_versions", provenance.library_versions);
  hdf5::write_attribute(file, "ranks", n_ranks);
  hdf5::write_attribute(file, "host", provenance.host);
  hdf5::write_attribute(file, "start", provenance.start);
  hdf5::write_attribute(file, "seed", static_cast<std::int64_t>(deck.ensemble.seed));
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

Provenance make_provenance(const mpi::Communicator& comm) {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> mpi_version{};
  int length = 0;
  MPI_Get_library_version(mpi_version.data(), &length);
  std::string mpi_name(mpi_version.data(), static_cast<std::size_t>(length));
  mpi_name.resize(std::min(mpi_name.find(','), mpi_name.size()));
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  const nlohmann::ordered_json versions = {
      {"petsc", linalg::petsc_version()},
      {"mumps", linalg::mumps_version()},
      {"hypre", linalg::hypre_version()},
      {"blas", linalg::blas_version()},
      {"mpi", mpi_name},
      {"hdf5", fmt::format("{}.{}.{}", major, minor, release)}};
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return {versions.dump(), mpi::broadcast(comm, host.data()), mpi::broadcast(comm, utc_now())};
}

void create_results_file(const std::filesystem::path& path, const deck::Deck& deck,
                         const sample::Sample& sample, const Provenance& provenance, int n_ranks) {
  const hdf5::Handle file = create_file(path);
  Builder builder(file.id());
  write_scales(builder, deck, sample);
  write_datasets(builder, deck, sample);
  write_provenance(file.id(), deck, sample.current_axis(), provenance, n_ranks);
  flush_file(file, path);
}

ResultsWriter::ResultsWriter(const std::filesystem::path& path, const mpi::Communicator& comm,
                             const PointList& points)
    : points_(points), file_(open_on_all_ranks(path, comm)) {
  const auto open = [&](const char* name) {
    return hdf5::Handle(H5Dopen2(file_.id(), name, H5P_DEFAULT), H5Dclose, name);
  };
  transmission_ = open("transmission");
  modes_ = open("modes");
  unitarity_error_ = open("unitarity_error");
  seconds_ = open("seconds");
  status_ = open("status");
}

void ResultsWriter::write_entry(const hdf5::Handle& dataset, hid_t memory_type, const Point& point,
                                std::vector<hsize_t> inner, const void* data) {
  write_point_entry(dataset, memory_type, point, std::move(inner), data);
}

void ResultsWriter::write(std::int64_t number, const PointResult& result) {
  const Point point = points_[number];
  const hsize_t n_leads = result.n_modes.size();
  const auto status = static_cast<std::int8_t>(result.status);
  write_entry(transmission_, H5T_NATIVE_DOUBLE, point, {n_leads, n_leads},
              result.transmission.data());
  write_entry(modes_, H5T_NATIVE_INT32, point, {n_leads}, result.n_modes.data());
  write_entry(unitarity_error_, H5T_NATIVE_DOUBLE, point, {}, &result.unitarity_error);
  write_entry(seconds_, H5T_NATIVE_DOUBLE, point, {}, &result.seconds);
  write_entry(status_, H5T_NATIVE_INT8, point, {}, &status);
}

void finish_results_file(const std::filesystem::path& path, const std::string& remarks) {
  const hdf5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose,
                          path.string() + ": cannot be opened to write the end of the run");
  hdf5::write_attribute(file.id(), "end", utc_now());
  if (!remarks.empty()) {
    hdf5::write_attribute(file.id(), "remarks", remarks.substr(0, max_attribute_text));
  }
}

}  // namespace edotb::campaign
