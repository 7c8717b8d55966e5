#include "fill_sample.hpp"

#include <fmt/format.h>

namespace edotb::deck {

BandOptions band_options(const Tree& tree) {
  const std::string at = "bands.";
  BandOptions options;
  options.kind = tree.text(at + "kind");
  if (tree.has(at + "points")) options.n_points = static_cast<int>(tree.integer(at + "points"));
  if (const auto items = tree.n_items.find(at + "path"); items != tree.n_items.end()) {
    for (int i = 0; i < items->second; ++i) {
      const std::string corner = fmt::format("{}path[{}].", at, i);
      const auto& k = tree.sweep(corner + "k");
      options.path.push_back({{k[0], k[1], k[2]}, tree.text(corner + "label")});
    }
  }
  if (options.kind == "landau") {
    options.axis = tree.text(at + "axis").front() - 'x';
    options.momentum = tree.sweep(at + "momentum");
    if (tree.has(at + "window")) options.window = tree.sweep(at + "window");
    options.flux_tolerance = tree.number(at + "flux_tolerance");
    options.max_cells = static_cast<int>(tree.integer(at + "max_cells"));
  }
  if (options.kind == "surface") {
    options.normal = parse_direction(tree.text(at + "normal")).value();
    options.broadening = tree.number(at + "broadening");
  }
  return options;
}

}  // namespace edotb::deck
