#include "column_table.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/base/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace edotb::cli {

void ColumnTable::add_row(const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw numerical_error("bands: " + columns[i].name + " is not a finite number");
    }
    columns[i].values.push_back(values[i]);
  }
}

void print_text(const ColumnTable& table) {
  constexpr int width = 18;
  for (std::size_t begin = 0; begin < table.remark.size();) {
    const std::size_t end = std::min(table.remark.find('\n', begin), table.remark.size());
    fmt::print("# {}\n", table.remark.substr(begin, end - begin));
    begin = end + 1;
  }
  fmt::print("#");
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const std::string unit = column.unit == "1" ? "" : "[" + column.unit + "]";
    fmt::print(" {:>{}}", column.name + unit, i == 0 ? width - 2 : width - 1);
  }
  fmt::print("\n");
  for (std::size_t row = 0; row < table.columns.front().values.size(); ++row) {
    for (const Column& column : table.columns) {
      fmt::print("{:>{}.{}f}", column.values[row], width, column.is_whole ? 0 : 10);
    }
    fmt::print("\n");
  }
}

void print_json(const ColumnTable& table) {
  nlohmann::ordered_json columns = nlohmann::ordered_json::object();
  for (const Column& column : table.columns) {
    columns[column.name] = {{"unit", column.unit}, {"values", column.values}};
  }
  const nlohmann::ordered_json whole = {{"kind", table.kind}, {"columns", columns}};
  fmt::print("{}\n", whole.dump());
}

void write_hdf5(const ColumnTable& table, const deck::Deck& deck, const std::string& path) {
  hdf5::silence();
  const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
  // The newer format holds attributes beyond 64 KiB, which a long deck is.
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  const std::string unwritable =
      path + ": cannot be written (does the folder exist, with room and permission?)";
  const hdf5::Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()),
                          H5Fclose, unwritable);
  for (const auto& [name, text] : {std::pair<std::string, std::string>{"format", "edotb-bands"},
                                   {"kind", table.kind},
                                   {"title", deck.title},
                                   {"corners", table.corners},
                                   {"deck", deck.source},
                                   {"expanded_deck", deck.expanded},
                                   {"units", deck.lattice_units ? "lattice" : "physical"},
                                   {"version", version},
                                   {"git_hash", git_hash}}) {
    hdf5::write_attribute(file.id(), name, text);
  }
  for (const Column& column : table.columns) {
    const hsize_t length = column.values.size();
    const hdf5::Handle space(H5Screate_simple(1, &length, nullptr), H5Sclose, unwritable);
    const hdf5::Handle dataset(H5Dcreate2(file.id(), column.name.c_str(), H5T_NATIVE_DOUBLE,
                                          space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                               H5Dclose, unwritable);
    if (H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                 column.values.data()) < 0) {
      throw bad_input(unwritable);
    }
    hdf5::write_attribute(dataset.id(), "units", column.unit);
    hdf5::write_attribute(dataset.id(), "long_name", column.meaning);
  }
  if (H5Fflush(file.id(), H5F_SCOPE_GLOBAL) < 0) throw bad_input(unwritable);
}

}  // namespace edotb::cli
