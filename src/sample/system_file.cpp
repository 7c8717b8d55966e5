#include "edotb/sample/system_file.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;

namespace {

constexpr double hermitian_tolerance = 1e-10;
constexpr std::int64_t max_offsets = std::int64_t{1} << 28U;

std::string text_of(Complex value) {
  return fmt::format("{:.12g}{:+.12g}i", value.real(), value.imag());
}

std::string shape_text(const std::vector<hsize_t>& shape) {
  return shape.empty() ? "no dimension" : fmt::format("shape ({})", fmt::join(shape, ", "));
}

/// Looks before it reads: a wrong shape may be a wrong and huge one.
void require_length(hid_t file, const std::string& name, std::int64_t length, const char* why) {
  const auto shape = hdf5::shape_of(file, name);
  if (shape.size() != 1 || static_cast<std::int64_t>(shape[0]) != length) {
    throw bad_input(fmt::format("dataset '{}' must be a vector of {} entries, {}; it has {}", name,
                                length, why, shape_text(shape)));
  }
}

void require_finite(const std::vector<Complex>& values, const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i].real()) || !std::isfinite(values[i].imag())) {
      throw bad_input(fmt::format("dataset '{}': entry {} is {}, not a finite number", name, i,
                                  text_of(values[i])));
    }
  }
}

/// A vector of integers that starts at 0, never falls, and ends at `last` unless last < 0.
std::vector<std::int64_t> read_offsets(hid_t file, const std::string& name, std::int64_t last) {
  const auto shape = hdf5::shape_of(file, name);
  if (shape.size() != 1 || shape[0] < 2) {
    throw bad_input(fmt::format("dataset '{}' must be a vector of at least 2 entries; it has {}",
                                name, shape_text(shape)));
  }
  auto offsets = hdf5::read<std::int64_t>(file, name, max_offsets).values;
  if (offsets.front() != 0) {
    throw bad_input(
        fmt::format("dataset '{}' must start with 0, starts with {}", name, offsets.front()));
  }
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] < offsets[i - 1]) {
      throw bad_input(fmt::format("dataset '{}' falls from {} to {} at entry {}", name,
                                  offsets[i - 1], offsets[i], i));
    }
  }
  if (last >= 0 && offsets.back() != last) {
    throw bad_input(
        fmt::format("dataset '{}' must end with {}, ends with {}", name, last, offsets.back()));
  }
  return offsets;
}

void read_device(hid_t file, SystemFile& system) {
  const auto row_offsets = read_offsets(file, "/device/indptr", -1);
  const auto n = static_cast<std::int64_t>(row_offsets.size()) - 1;
  require_length(file, "/device/indices", row_offsets.back(), "the last of indptr");
  require_length(file, "/device/values", row_offsets.back(), "the last of indptr");
  const auto columns = hdf5::read<std::int64_t>(file, "/device/indices").values;
  const auto values = hdf5::read<Complex>(file, "/device/values").values;
  require_finite(values, "/device/values");
  const auto site_offsets = read_offsets(file, "/device/orbital_offsets", n);
  for (std::size_t s = 1; s < site_offsets.size(); ++s) {
    if (site_offsets[s] == site_offsets[s - 1]) {
      throw bad_input(
          fmt::format("dataset '/device/orbital_offsets': site {} has no orbital", s - 1));
    }
  }

  std::vector<std::vector<std::int64_t>> columns_of_row(static_cast<std::size_t>(n));
  for (std::size_t row = 0; row < columns_of_row.size(); ++row) {
    for (auto k = row_offsets[row]; k < row_offsets[row + 1]; ++k) {
      const auto column = columns[static_cast<std::size_t>(k)];
      if (column < 0 || column >= n) {
        throw bad_input(fmt::format(
            "dataset '/device/indices': entry {} is {}, but the device's {} orbitals are numbered "
            "from 0",
            k, column, n));
      }
      columns_of_row[row].push_back(column);
      columns_of_row[static_cast<std::size_t>(column)].push_back(static_cast<std::int64_t>(row));
    }
  }
  const auto pattern = std::make_shared<const linalg::SparsityPattern>(
      linalg::make_pattern(std::move(columns_of_row), site_offsets));
  system.hamiltonian.assign(pattern->n_entries(), 0.0);
  double largest = 0.0;
  for (std::size_t row = 0; row < pattern->rows(); ++row) {
    for (auto k = row_offsets[row]; k < row_offsets[row + 1]; ++k) {
      const auto entry =
          pattern->find(static_cast<std::int64_t>(row), columns[static_cast<std::size_t>(k)]);
      system.hamiltonian[static_cast<std::size_t>(entry)] += values[static_cast<std::size_t>(k)];
      largest = std::max(largest, std::abs(values[static_cast<std::size_t>(k)]));
    }
  }
  for (std::size_t row = 0; row < pattern->rows(); ++row) {
    for (auto k = pattern->row_offsets[row]; k < pattern->row_offsets[row + 1]; ++k) {
      const auto column = pattern->columns[static_cast<std::size_t>(k)];
      const auto mirror = pattern->find(column, static_cast<std::int64_t>(row));
      const double error =
          std::abs(system.hamiltonian[static_cast<std::size_t>(k)] -
                   std::conj(system.hamiltonian[static_cast<std::size_t>(mirror)]));
      if (!(error <= hermitian_tolerance * largest)) {
        throw bad_input(fmt::format(
            "dataset '/device/values': the device is not Hermitian: H({},{}) is {} and "
            "H({},{}) is {}",
            row, column, text_of(system.hamiltonian[static_cast<std::size_t>(k)]), column, row,
            text_of(system.hamiltonian[static_cast<std::size_t>(mirror)])));
      }
    }
  }
  system.layout.pattern = pattern;
}

void read_positions(hid_t file, SystemFile& system) {
  if (!hdf5::exists(file, "/device/positions")) return;
  const std::size_t n_sites = system.layout.n_sites();
  const auto shape = hdf5::shape_of(file, "/device/positions");
  if (shape.size() != 2 || shape[0] != n_sites || shape[1] < 1 || shape[1] > 3) {
    throw bad_input(
        fmt::format("dataset '/device/positions' must have {} rows, one per site, and 1 to 3 "
                    "columns; it has {}",
                    n_sites, shape_text(shape)));
  }
  const auto array = hdf5::read<double>(file, "/device/positions");
  const std::size_t dimension = shape[1];
  system.layout.site_positions.resize(n_sites);
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (!std::isfinite(array.values[i])) {
      throw bad_input(fmt::format(
          "dataset '/device/positions': entry {} is {}, not a finite number", i, array.values[i]));
    }
    system.layout.site_positions[i / dimension][i % dimension] = array.values[i];
  }
}

Matrix read_matrix(hid_t file, const std::string& name) {
  const auto shape = hdf5::shape_of(file, name);
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0) {
    throw bad_input(
        fmt::format("dataset '{}' must be a matrix with at least one row and column; "
                    "it has {}",
                    name, shape_text(shape)));
  }
  if (std::max(shape[0], shape[1]) > max_lead_orbitals) {
    throw bad_input(fmt::format("dataset '{}' has {}; a lead's cell holds at most {} orbitals",
                                name, shape_text(shape), max_lead_orbitals));
  }
  const auto array = hdf5::read<Complex>(file, name);
  require_finite(array.values, name);
  Matrix matrix(array.shape[0], array.shape[1]);
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.columns(); ++j) {
      matrix(i, j) = array.values[i * matrix.columns() + j];
    }
  }
  return matrix;
}

void require_hermitian(const Matrix& h, const std::string& name) {
  const double tolerance = hermitian_tolerance * linalg::max_norm(h);
  for (std::size_t i = 0; i < h.rows(); ++i) {
    for (std::size_t j = i; j < h.rows(); ++j) {
      if (std::abs(h(i, j) - std::conj(h(j, i))) <= tolerance) continue;
      throw bad_input(
          fmt::format("dataset '{}' is not Hermitian: H({},{}) is {} and H({},{}) is {}", name, i,
                      j, text_of(h(i, j)), j, i, text_of(h(j, i))));
    }
  }
}

void read_lead(hid_t file, const std::string& group, SystemFile& system) {
  LeadCell lead{read_matrix(file, group + "/cell"), read_matrix(file, group + "/hopping")};
  if (lead.cell.columns() != lead.cell.rows()) {
    throw bad_input(fmt::format("dataset '{}/cell' must be square, is {} x {}", group,
                                lead.cell.rows(), lead.cell.columns()));
  }
  require_hermitian(lead.cell, group + "/cell");
  if (lead.hopping.rows() != lead.cell.rows() || lead.hopping.columns() > lead.cell.rows()) {
    throw bad_input(fmt::format(
        "dataset '{}/hopping' must have {} rows, as the cell has, and at most as many columns; it "
        "is {} x {}",
        group, lead.cell.rows(), lead.hopping.rows(), lead.hopping.columns()));
  }
  require_length(file, group + "/interface", static_cast<std::int64_t>(lead.hopping.columns()),
                 "one per column of hopping");
  const auto interface = hdf5::read<std::int64_t>(file, group + "/interface");
  std::set<std::int64_t> seen;
  const auto n = static_cast<std::int64_t>(system.layout.n_orbitals());
  for (const std::int64_t orbital : interface.values) {
    if (orbital < 0 || orbital >= n) {
      throw bad_input(
          fmt::format("dataset '{}/interface': {} is not an orbital of the device, whose {} are "
                      "numbered from 0",
                      group, orbital, n));
    }
    if (!seen.insert(orbital).second) {
      throw bad_input(fmt::format("dataset '{}/interface' repeats orbital {}", group, orbital));
    }
  }
  system.layout.interfaces.push_back(interface.values);
  system.leads.push_back(std::move(lead));
}

}  // namespace

SystemFile read_system_file(const std::string& path) {
  const hdf5::Handle file = hdf5::open_for_reading(path);
  return with_context(
      [&] { return path; },
      [&] {
        const std::string format = hdf5::read_text_attribute(file.id(), "format");
        if (format != "edotb-system") {
          throw bad_input(fmt::format("attribute 'format' must be edotb-system, is '{}'", format));
        }
        const auto version = hdf5::read_integer_attribute(file.id(), "version");
        if (version != 1)
          throw bad_input(fmt::format("attribute 'version' must be 1, is {}", version));
        SystemFile system;
        if (H5Aexists(file.id(), "title") > 0) {
          system.title = hdf5::read_text_attribute(file.id(), "title");
        }
        read_device(file.id(), system);
        read_positions(file.id(), system);
        if (!hdf5::exists(file.id(), "/leads")) throw bad_input("group '/leads' is missing");
        const hdf5::Handle leads(H5Gopen2(file.id(), "/leads", H5P_DEFAULT), H5Gclose,
                                 "'/leads' is not a group");
        const std::size_t n_leads = hdf5::members(leads.id()).size();
        if (n_leads == 0)
          throw bad_input("group '/leads' is empty: a scattering problem needs a lead");
        for (std::size_t k = 0; k < n_leads; ++k) {
          const std::string group = fmt::format("/leads/{}", k);
          if (!hdf5::exists(file.id(), group)) {
            throw bad_input(fmt::format("group '{}' is missing: the {} leads are numbered from 0",
                                        group, n_leads));
          }
          read_lead(file.id(), group, system);
        }
        return system;
      });
}

}  // namespace edotb::sample
