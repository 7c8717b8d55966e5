#include "curve_table.hpp"

#include "edotb/base/hdf5.hpp"
#include "edotb/deck/deck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace edotb::cli {

namespace {

using analysis::Curve;

std::string text_of(const measure::Setup& setup) {
  std::string text = fmt::format("{} ({}), current {} -> {}", setup.name,
                                 measure::name_of(setup.kind), setup.in.name, setup.out.name);
  if (setup.plus.name != setup.in.name || setup.minus.name != setup.out.name) {
    text += fmt::format(", voltage {} - {}", setup.plus.name, setup.minus.name);
  }
  if (setup.parity != measure::Parity::none) {
    text += fmt::format(", {} in the field", measure::name_of(setup.parity));
  }
  return text;
}

std::string heading_of(const Curve& curve) {
  std::string text = fmt::format("{}: {}", curve.run, text_of(curve.setup));
  if (curve.energy) text += fmt::format(", energy {} {}", *curve.energy, curve.units.energy);
  if (!curve.ensemble.empty()) {
    const auto [fewest, most] = std::minmax_element(
        curve.ensemble.begin(), curve.ensemble.end(),
        [](const auto& a, const auto& b) { return a.n_realisations < b.n_realisations; });
    text += fmt::format(", {}{} realisations",
                        fewest->n_realisations < most->n_realisations
                            ? fmt::format("{} to ", fewest->n_realisations)
                            : "",
                        most->n_realisations);
  }
  return text;
}

std::string error_text(double error) {
  return error > 0.0 ? fmt::format("{:.2g}", error) : "exact";
}

void print_curve(const Curve& curve) {
  const auto unit = [](const std::string& name, const std::string& of) {
    return of == "1" ? name : fmt::format("{}[{}]", name, of);
  };
  fmt::print("{}\n{:>20} {:>10} {:>10} {:>16} {:>10} {:>12} {:>10}\n", heading_of(curve),
             unit("field", curve.units.field), "angle[deg]", unit("T", curve.units.temperature),
             unit("R", curve.units.resistance), "error", "dR/R0", "error");
  const auto changes = magnetoresistance(curve);
  for (std::size_t i = 0; i < curve.readings.size(); ++i) {
    const auto& r = curve.readings[i];
    fmt::print("{:>20.8g} {:>10.6g} {:>10.6g} {:>16.8g} {:>10} {:>12} {:>10}\n", r.field, r.angle,
               r.temperature, r.value, error_text(r.error),
               changes[i] ? fmt::format("{:.6g}", changes[i]->value) : "-",
               changes[i] ? error_text(changes[i]->error) : "-");
  }
  fmt::print("\n");
}

}  // namespace

void print_setups(const std::vector<measure::Setup>& setups) {
  for (const auto& setup : setups) fmt::print("measurement {}\n", text_of(setup));
}

void print_curves(const std::vector<Curve>& curves) {
  std::set<std::string> left_out;  // one point is missing in the curves of several setups
  for (const Curve& curve : curves) {
    print_curve(curve);
    for (const auto& line : curve.left_out) left_out.insert(curve.run + ": " + line);
  }
  if (!left_out.empty()) fmt::print("left out:\n");
  for (const auto& line : left_out) fmt::print("  {}\n", line);
}

void print_measurements(const std::string& results) {
  {
    const hdf5::Handle file = hdf5::open_for_reading(results);
    if (H5Aexists(file.id(), "contacts") <= 0) return;  // of a version without measurements
    const auto text = hdf5::read_text_attribute(file.id(), "expanded_deck");
    if (deck::parse_deck(text, results).measurements.empty()) return;
  }
  fmt::print("\n");
  print_curves(analysis::results_curves(results));
}

}  // namespace edotb::cli
