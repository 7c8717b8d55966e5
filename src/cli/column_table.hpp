#pragma once

#include "edotb/deck/deck.hpp"

#include <string>
#include <vector>

namespace edotb::cli {

/// A column of numbers; all columns of a table are equally long.
struct Column {
  std::string name;
  std::string unit;     ///< "1" for pure numbers
  std::string meaning;  ///< a phrase
  bool is_whole = false;
  std::vector<double> values = {};
};

/// What `edotb bands` found.
struct ColumnTable {
  std::string kind;
  std::string remark;  ///< lines for a person
  std::vector<Column> columns;
  std::string corners = "[]";  ///< of the path: JSON [{"label", "distance"}]

  void add_row(const std::vector<double>& values);
};

/// The table as text, with the remark and the column names on lines that begin with #.
void print_text(const ColumnTable& table);
/// {"kind", "columns": {name: {"unit", "values"}}}
void print_json(const ColumnTable& table);
/// One dataset per column, with units and long_name; deck and version as attributes. Throws bad_input when
/// the file cannot be written.
void write_hdf5(const ColumnTable& table, const deck::Deck& deck, const std::string& path);

}  // namespace edotb::cli
