#include "edotb/campaign/results_file.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/version.hpp"
#include "edotb/campaign/terminals.hpp"
#include "edotb/deck/paths.hpp"
#include "edotb/linalg/blas_speed.hpp"
#include "edotb/linalg/petsc.hpp"
#include "edotb/linalg/real_system.hpp"
#include "edotb/linalg/sparse_lu.hpp"
#include "results_builder.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
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
  write_record_datasets(builder);
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
  hdf5::write_attribute(file, "input_files", input_files(deck));
  hdf5::write_attribute(file, "units", deck.lattice_units ? "lattice" : "physical");
  hdf5::write_attribute(file, "axis", axis);
  hdf5::write_attribute(file, "version", version);
  hdf5::write_attribute(file, "git_hash", git_hash);
  hdf5::write_attribute(file, "library_versions", provenance.library_versions);
  hdf5::write_attribute(file, "ranks", n_ranks);
  hdf5::write_attribute(file, "ranks_per_point", deck.ranks_per_point);
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
  make_file(path, [&](hid_t file) {
    Builder builder(file);
    write_scales(builder, deck, sample);
    write_datasets(builder, deck, sample);
    write_observables(builder, observables, most_modes);
    if (!deck.thermal.temperature.empty()) write_thermal_datasets(file, builder);
    write_provenance(file, deck, sample.current_axis(), provenance, n_ranks);
    write_terminals(file, terminals_of(sample));
  });
}

std::vector<PointPart> parts_of(const PointResult& result, const Observables& observables) {
  const std::size_t n_leads = result.n_modes.size();
  std::vector<PointPart> parts = {{"transmission", {n_leads, n_leads}, result.transmission.data()},
                                  {"modes", {n_leads}, result.n_modes.data()},
                                  {"unitarity_error", {}, &result.unitarity_error},
                                  {"seconds", {}, &result.seconds},
                                  {"status", {}, &result.status}};
  for (std::size_t i = 0; i < result.observables.size(); ++i) {
    const ObservableBlock& block = result.observables[i];
    if (block.values.empty()) continue;  // no mode at this point
    parts.push_back({observables.datasets()[i].name, block.shape, block.values.data()});
  }
  if (!result.thermal) return parts;
  const ThermalResult& thermal = *result.thermal;
  const std::size_t n_temperatures = thermal.conductance.size() / (n_leads * n_leads);
  const std::vector<std::size_t> pairs = {n_temperatures, n_leads, n_leads};
  const std::vector<std::size_t> moments = {n_temperatures, coherent::n_moments, n_leads, n_leads};
  parts.push_back({"thermal/moments", moments, thermal.moments.data()});
  parts.push_back({"thermal/error", moments, thermal.error.data()});
  parts.push_back({"thermal/conductance", pairs, thermal.conductance.data()});
  parts.push_back({"thermal/thermopower", pairs, thermal.thermopower.data()});
  parts.push_back({"thermal/heat_conductance", pairs, thermal.heat_conductance.data()});
  parts.push_back({"thermal/n_energies", {}, &thermal.n_energies});
  parts.push_back({"thermal/status", {}, &thermal.status});
  return parts;
}

std::string input_files(const deck::Deck& deck) {
  std::string lines;
  for (const auto& [key, path] : deck::named_files(deck)) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes(std::size_t{1} << 20U);
    uLong checksum = 0;
    while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) ||
           file.gcount() > 0) {
      checksum = crc32_z(checksum, reinterpret_cast<const Bytef*>(bytes.data()),
                         static_cast<z_size_t>(file.gcount()));
    }
    lines += fmt::format("{}{} {:08x}", lines.empty() ? "" : "\n", key, checksum);
  }
  return lines;
}

bool is_complete(hid_t file) { return H5Aexists(file, "end") > 0; }

void finish_results_file(const std::filesystem::path& path, const std::string& remarks) {
  const hdf5::Handle file = hdf5::open_for_change(path.string());
  hdf5::write_attribute(file.id(), "end", utc_now());
  if (!remarks.empty()) {
    hdf5::write_attribute(file.id(), "remarks", remarks.substr(0, max_attribute_text));
  }
}

}  // namespace edotb::campaign
