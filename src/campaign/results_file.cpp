#include "edotb/campaign/results_file.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/version.hpp"
#include "edotb/campaign/terminals.hpp"
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
  write_sweep_scales(builder, deck);
  const auto leads = count_to(static_cast<std::int64_t>(sample.layout().n_leads()));
  builder.scale("lead_to", leads, "1", "lead that the electron leaves through");
  builder.scale("lead_from", leads, "1", "lead that the electron comes from");
  builder.scale("lead", leads, "1", "lead");
  if (!deck.thermal.temperature.empty()) {
    builder.scale("temperature", deck.thermal.temperature,
                  std::string(deck::unit_name(deck::Quantity::temperature, deck.lattice_units)),
                  "temperature");
    builder.scale("moment", count_to(coherent::n_moments), "1", "n of L_n");
  }
  builder.scale("component", count_to(3), "1",
                "direction: 0 along the current, 1 along the width, 2 along the thickness");
}

void write_thermal_datasets(hid_t file, Builder& builder) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const hdf5::Handle group(H5Gcreate2(file, "thermal", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                           H5Gclose, "thermal");
  const Names points = {"field", "angle", "energy", "realisation"};
  const auto and_then = [&](Names more) {
    more.insert(more.begin(), points.begin(), points.end());
    return more;
  };
  const Names pairs = and_then({"temperature", "lead_to", "lead_from"});
  const Names moments = and_then({"temperature", "moment", "lead_to", "lead_from"});
  builder.dataset("thermal/moments", moments, nan, "1",
                  "L_n/(k_B T)^n, Landauer integrals around the chemical potential `energy`");
  builder.dataset("thermal/error", moments, nan, "1", "estimated error of thermal/moments");
  builder.dataset("thermal/conductance", pairs, nan, "e^2/h", "thermal average of the conductance");
  builder.dataset("thermal/thermopower", pairs, nan, "uV/K",
                  "(V_to - V_from)/dT with contact lead_from heated and no current anywhere");
  builder.dataset("thermal/heat_conductance", pairs, nan, "pi^2 k_B^2 T/3h",
                  "heat into lead_to per dT of lead_from, no current anywhere");
  builder.dataset<std::int64_t>("thermal/n_energies", points, 0, "1",
                                "energies that the averages took");
  builder.dataset<std::int8_t>(
      "thermal/status", points, 0, "1",
      "0 not computed, 1 within thermal.tolerance, 2 tolerance missed, 3 failed");
}

void write_datasets(Builder& builder, const deck::Deck& deck, const sample::Sample& sample) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Names points = {"field", "angle", "energy", "realisation"};
  const auto and_then = [&](Names more) {
    more.insert(more.begin(), points.begin(), points.end());
    return more;
  };
  const bool dephased = deck.dephasing.rate > 0.0;
  builder.dataset("transmission", and_then({"lead_to", "lead_from"}), nan, "1",
                  dephased ? "effective transmission with dephasing (conductance in e^2/h)"
                           : "transmission sum |S|^2 (conductance in e^2/h); diagonal: reflection");
  builder.dataset<std::int32_t>("modes", and_then({"lead"}), -1, "1", "open modes");
  builder.dataset(
      "unitarity_error", points, nan, "1",
      dephased ? "largest violation of the conservation of current" : "max |S^H S - 1|");
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

void write_observables(Builder& builder, const Observables& observables, std::size_t most_modes) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::complex<double> complex_nan(nan, nan);
  const hdf5::Handle complex_type = hdf5::complex_type();
  for (const auto& axis : observables.axes(most_modes)) {
    std::visit([&](const auto& values) { builder.scale(axis.name, values, "1", axis.long_name); },
               axis.values);
  }
  for (const auto& [name, axes, units, long_name, is_complex] : observables.datasets()) {
    Names scales = {"field", "angle", "energy", "realisation"};
    scales.insert(scales.end(), axes.begin(), axes.end());
    builder.dataset(name, scales, is_complex ? complex_type.id() : H5T_NATIVE_DOUBLE,
                    is_complex ? static_cast<const void*>(&complex_nan) : &nan, units, long_name);
  }
  for (const auto& fixed : observables.fixed_datasets()) {
    const ObservableDataset& dataset = fixed.dataset;
    std::visit(
        [&]<class T>(const std::vector<T>& list) {
          const hdf5::Handle handle =
              builder.dataset(dataset.name, dataset.axes, T{}, dataset.units, dataset.long_name);
          H5Dwrite(handle.id(), hdf5::native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, list.data());
        },
        fixed.values);
  }
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
                         const sample::Sample& sample, const Observables& observables,
                         std::size_t most_modes, const Provenance& provenance, int n_ranks) {
  const hdf5::Handle file = create_file(path);
  Builder builder(file.id());
  write_scales(builder, deck, sample);
  write_datasets(builder, deck, sample);
  write_observables(builder, observables, most_modes);
  if (!deck.thermal.temperature.empty()) write_thermal_datasets(file.id(), builder);
  write_provenance(file.id(), deck, sample.current_axis(), provenance, n_ranks);
  write_terminals(file.id(), terminals_of(sample));
  flush_file(file, path);
}

ResultsWriter::ResultsWriter(const std::filesystem::path& path, const mpi::Communicator& comm,
                             const PointList& points, const Observables& observables)
    : points_(points), file_(open_on_all_ranks(path, comm)), complex_type_(hdf5::complex_type()) {
  const auto open = [&](const char* name) {
    return hdf5::Handle(H5Dopen2(file_.id(), name, H5P_DEFAULT), H5Dclose, name);
  };
  transmission_ = open("transmission");
  modes_ = open("modes");
  unitarity_error_ = open("unitarity_error");
  seconds_ = open("seconds");
  status_ = open("status");
  for (const auto& dataset : observables.datasets()) {
    observables_.push_back(open(dataset.name.c_str()));
    is_complex_.push_back(dataset.is_complex);
  }
  if (hdf5::exists(file_.id(), "thermal")) {
    thermal_ = {.moments = open("thermal/moments"),
                .error = open("thermal/error"),
                .conductance = open("thermal/conductance"),
                .thermopower = open("thermal/thermopower"),
                .heat_conductance = open("thermal/heat_conductance"),
                .n_energies = open("thermal/n_energies"),
                .status = open("thermal/status")};
  }
}

void ResultsWriter::write_thermal(const Point& point, const ThermalResult& result,
                                  hsize_t n_leads) {
  const hsize_t n_temperatures = result.conductance.size() / (n_leads * n_leads);
  const std::vector<hsize_t> pairs = {n_temperatures, n_leads, n_leads};
  const std::vector<hsize_t> moments = {n_temperatures, coherent::n_moments, n_leads, n_leads};
  const auto status = static_cast<std::int8_t>(result.status);
  write_entry(thermal_.moments, H5T_NATIVE_DOUBLE, point, moments, result.moments.data());
  write_entry(thermal_.error, H5T_NATIVE_DOUBLE, point, moments, result.error.data());
  write_entry(thermal_.conductance, H5T_NATIVE_DOUBLE, point, pairs, result.conductance.data());
  write_entry(thermal_.thermopower, H5T_NATIVE_DOUBLE, point, pairs, result.thermopower.data());
  write_entry(thermal_.heat_conductance, H5T_NATIVE_DOUBLE, point, pairs,
              result.heat_conductance.data());
  write_entry(thermal_.n_energies, H5T_NATIVE_INT64, point, {}, &result.n_energies);
  write_entry(thermal_.status, H5T_NATIVE_INT8, point, {}, &status);
}

void ResultsWriter::write_entry(const hdf5::Handle& dataset, hid_t memory_type, const Point& point,
                                std::vector<hsize_t> inner, const void* data) {
  write_point_entry(dataset, memory_type, point, std::move(inner), data);
}

void ResultsWriter::write_block(const hdf5::Handle& dataset, bool is_complex, const Point& point,
                                const ObservableBlock& block) {
  if (block.values.empty()) return;  // no mode at this point
  write_entry(dataset, is_complex ? complex_type_.id() : H5T_NATIVE_DOUBLE, point,
              {block.shape.begin(), block.shape.end()}, block.values.data());
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
  for (std::size_t i = 0; i < result.observables.size(); ++i) {
    write_block(observables_[i], is_complex_[i], point, result.observables[i]);
  }
  write_entry(status_, H5T_NATIVE_INT8, point, {}, &status);
  if (result.thermal) write_thermal(point, *result.thermal, n_leads);
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
