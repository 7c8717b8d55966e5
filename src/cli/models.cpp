#include "commands.hpp"
#include "edotb/base/error.hpp"
#include "edotb/deck/table.hpp"
#include "edotb/model/library.hpp"
#include "edotb/model/wannier90.hpp"
#include "edotb/sample/sample.hpp"

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

void export_command(const deck::Deck& deck, const std::string& prefix) {
  if (!deck.model) throw bad_input("a system file has no unit cell to write");
  const model::Model model = sample::device_model(deck);
  // The model's lengths are in lattice constants; in lattice units the files count a as an angstrom.
  const double angstrom = deck.lattice_units ? 1.0 : 0.1 / deck.model->lattice_constant;
  const std::string spin_order = model::write_wannier90(model, angstrom, prefix);
  fmt::print(
      "{0}_hr.dat, {0}.win and {0}_centres.xyz: {1} orbitals, {2} hoppings; in a deck\n"
      "  model: {{name: wannier90, file: {0}_hr.dat, win: {0}.win, centres: {0}_centres.xyz, "
      "spin_order: {3}, dimension: {4}}}\n",
      prefix, model.n_orbitals(), model.hoppings.size(), spin_order, model.dimension);
}

}  // namespace edotb::cli
