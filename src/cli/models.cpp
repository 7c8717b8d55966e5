#include "commands.hpp"
#include "edotb/deck/table.hpp"
#include "edotb/model/library.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace edotb::cli {

void models_command() {
  for (const auto& model : model::library()) {
    fmt::print("{}\n  {}\n  {}\n", model.name, model.formula, model.about);
    for (const auto& row : deck::table()) {
      const bool of_model = std::find(row.depends_values.begin(), row.depends_values.end(),
                                      model.name) != row.depends_values.end();
      if (!of_model || !row.path.starts_with("sample.model.")) continue;
      const auto name = row.path.substr(row.path.rfind('.') + 1);
      const auto unit = deck::unit_name(row.quantity, false);
      fmt::print("    {:<12} {:<20} {}\n", name,
                 fmt::format("default {}{}{}", *row.default_value, unit.empty() ? "" : " ", unit),
                 row.doc);
    }
    fmt::print("\n");
  }
}

}  // namespace edotb::cli
