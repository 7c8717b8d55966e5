#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/sample/system_file.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;

namespace {

template <class T>
void write_vector(hid_t file, const std::string& name, const std::vector<T>& values) {
  hdf5::write<T>(file, name, {values.size()}, values);
}

void write_matrix(hid_t file, const std::string& name, const Matrix& matrix) {
  std::vector<Complex> row_major;
  row_major.reserve(matrix.values().size());
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.columns(); ++j) row_major.push_back(matrix(i, j));
  }
  hdf5::write<Complex>(file, name, {matrix.rows(), matrix.columns()}, row_major);
}

void write_device(hid_t file, const SystemFile& system) {
  const auto& pattern = *system.layout.pattern;
  std::vector<std::int64_t> row_offsets = {0};
  std::vector<std::int64_t> columns;
  std::vector<Complex> values;
  for (std::size_t row = 0; row < pattern.rows(); ++row) {
    for (auto k = pattern.row_offsets[row]; k < pattern.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      if (system.hamiltonian[entry] == 0.0) continue;
      columns.push_back(pattern.columns[entry]);
      values.push_back(system.hamiltonian[entry]);
    }
    row_offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  write_vector(file, "/device/indptr", row_offsets);
  write_vector(file, "/device/indices", columns);
  write_vector(file, "/device/values", values);
  write_vector(file, "/device/orbital_offsets", pattern.block_offsets);
  if (system.layout.site_positions.empty()) return;
  std::vector<double> coordinates;
  for (const Vector3& r : system.layout.site_positions) {
    coordinates.insert(coordinates.end(), r.begin(), r.end());
  }
  hdf5::write<double>(file, "/device/positions", {system.layout.n_sites(), 3}, coordinates);
}

void write_all(const SystemFile& system, const hdf5::Handle& file) {
  hdf5::write_attribute(file.id(), "format", "edotb-system");
  hdf5::write_attribute(file.id(), "version", 1);
  hdf5::write_attribute(file.id(), "title", system.title);
  write_device(file.id(), system);
  for (std::size_t k = 0; k < system.leads.size(); ++k) {
    const std::string group = fmt::format("/leads/{}", k);
    write_matrix(file.id(), group + "/cell", system.leads[k].cell);
    write_matrix(file.id(), group + "/hopping", system.leads[k].hopping);
    write_vector(file.id(), group + "/interface", system.layout.interfaces[k]);
  }
  if (H5Fflush(file.id(), H5F_SCOPE_LOCAL) < 0) {
    throw bad_input("the system file cannot be written to its end (is the disk full?)");
  }
}

void require_cells(const SystemFile& system) {
  for (std::size_t k = 0; k < system.leads.size(); ++k) {
    if (system.leads[k].cell.rows() > 0) continue;
    throw bad_input(fmt::format(
        "contact {} is a wide_band metal: a self-energy, which a system file cannot hold. "
        "Its contacts are made of cells; take kind: lead or chains",
        k));
  }
}

}  // namespace

void write_system_file(const SystemFile& system, const std::string& path) {
  require_cells(system);
  const std::string unfinished = path + ".part";
  std::error_code error;
  try {
    write_all(system, hdf5::create_file(unfinished));
  } catch (const Error&) {
    std::filesystem::remove(unfinished, error);
    throw;
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) throw bad_input(fmt::format("{}: cannot be written: {}", path, error.message()));
}

}  // namespace edotb::sample
