#include "edotb/analysis/deconvolution.hpp"
#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>

#include <functional>

namespace edotb::analysis {

namespace {

std::string text_of(const Component& component) {
  if (!component.determined) return "not determined";
  return fmt::format("{:.6g} +- {:.2g}", component.value, component.error);
}

std::string text_of(const std::optional<Estimate>& estimate) {
  return estimate ? fmt::format("{:+.4g} +- {:.2g}", estimate->value, estimate->error) : "-";
}

nlohmann::json json_of(const Component& component) {
  if (!component.determined) return nullptr;
  return {{"value", component.value},
          {"error", component.error},
          {"interval_95", {component.lower, component.upper}}};
}

nlohmann::json json_of(const Fit& fit, const std::string& name) {
  if (!fit.is_determined(name)) return nullptr;
  return {{"value", fit.value(name)}, {"error", fit.error(name)}};
}

}  // namespace

std::string describe(const Deconvolution& result) {
  const std::string unit =
      result.conductivity_unit == "1" ? "" : fmt::format("[{}]", result.conductivity_unit);
  std::string text = fmt::format("conductivity of {} at {:g} {}, the current's path removed\n",
                                 result.sample, result.temperature, result.units.temperature);
  text +=
      fmt::format("{:>12} {:>26} {:>26} {:>26} {:>24} {:>14}\n",
                  fmt::format("B[{}]", result.units.field), "sigma_par" + unit, "sigma_perp" + unit,
                  "sigma_H" + unit, "sigma_par/sigma_par(0)-1", "chi^2/freedom");
  for (std::size_t i = 0; i < result.fields.size(); ++i) {
    const FieldTensor& tensor = result.fields[i];
    text += fmt::format(
        "{:>12.6g} {:>26} {:>26} {:>26} {:>24} {:>14}\n", tensor.field, text_of(tensor.parallel),
        text_of(tensor.perpendicular), tensor.hall_taken_zero ? "taken as 0" : text_of(tensor.hall),
        text_of(result.magnetoconductivity[i]),
        fmt::format("{:.1f}/{}", tensor.fit.chi_squared, tensor.fit.degrees_of_freedom()));
  }
  if (result.anomaly) {
    const Fit& fit = *result.anomaly;
    text += fmt::format(
        "sigma_par = sigma_0 + c B^2: sigma_0 = {:.6g} +- {:.2g}, c = {:.4g} +- {:.2g} {}/{}^2, "
        "chi^2 = "
        "{:.1f}/{} (probability {:.2g})\n",
        fit.value("sigma_0"), fit.error("sigma_0"), fit.value("coefficient"),
        fit.error("coefficient"), result.conductivity_unit, result.units.field, fit.chi_squared,
        fit.degrees_of_freedom(), fit.probability());
  }
  text += "residuals, all fields and angles:\n";
  for (const PairResidual& pair : result.pairs) {
    text += fmt::format("  {:<24} {:<16} chi^2 = {:.1f} of {} readings, largest {:+.1f} errors\n",
                        pair.run, pair.setup, pair.chi_squared, pair.n_readings, pair.largest);
  }
  for (const std::string& note : result.notes) text += "note: " + note + "\n";
  return text;
}

nlohmann::json to_json(const Deconvolution& result) {
  nlohmann::json fields = nlohmann::json::array();
  for (std::size_t i = 0; i < result.fields.size(); ++i) {
    const FieldTensor& tensor = result.fields[i];
    const auto& change = result.magnetoconductivity[i];
    fields.push_back({{"field", tensor.field},
                      {"parallel", json_of(tensor.parallel)},
                      {"perpendicular", json_of(tensor.perpendicular)},
                      {"hall", tensor.hall_taken_zero ? nlohmann::json() : json_of(tensor.hall)},
                      {"hall_taken_zero", tensor.hall_taken_zero},
                      {"magnetoconductivity",
                       change ? nlohmann::json{{"value", change->value}, {"error", change->error}}
                              : nlohmann::json()},
                      {"chi_squared", tensor.fit.chi_squared},
                      {"degrees_of_freedom", tensor.fit.degrees_of_freedom()}});
  }
  nlohmann::json pairs = nlohmann::json::array();
  for (const PairResidual& pair : result.pairs) {
    pairs.push_back({{"run", pair.run},
                     {"setup", pair.setup},
                     {"n_readings", pair.n_readings},
                     {"chi_squared", pair.chi_squared},
                     {"largest", pair.largest}});
  }
  nlohmann::json json = {{"sample", result.sample},
                         {"temperature", result.temperature},
                         {"units",
                          {{"field", result.units.field},
                           {"temperature", result.units.temperature},
                           {"conductivity", result.conductivity_unit}}},
                         {"fields", fields},
                         {"pairs", pairs},
                         {"chi_squared", result.chi_squared},
                         {"degrees_of_freedom", result.degrees_of_freedom},
                         {"probability", result.probability},
                         {"notes", result.notes}};
  if (result.anomaly) {
    json["anomaly"] = {{"sigma_0", json_of(*result.anomaly, "sigma_0")},
                       {"coefficient", json_of(*result.anomaly, "coefficient")},
                       {"chi_squared", result.anomaly->chi_squared},
                       {"probability", result.anomaly->probability()}};
  }
  return json;
}

void write_deconvolution(hid_t file, const std::string& group, const Deconvolution& result) {
  const auto column = [&](const std::string& name, const std::string& units,
                          const std::string& long_name,
                          const std::function<double(const FieldTensor&)>& value) {
    std::vector<double> values;
    for (const FieldTensor& tensor : result.fields) values.push_back(value(tensor));
    const std::string path = group + "/" + name;
    hdf5::write(file, path, {values.size()}, std::span<const double>(values));
    const hdf5::Handle dataset(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, path);
    hdf5::write_attribute(dataset.id(), "units", units);
    hdf5::write_attribute(dataset.id(), "long_name", long_name);
  };
  column("field", result.units.field, "strength of the magnetic field",
         [](const FieldTensor& tensor) { return tensor.field; });
  const auto component = [&](const std::string& name, const std::string& long_name,
                             Component FieldTensor::*member) {
    column(name, result.conductivity_unit, long_name,
           [member](const FieldTensor& tensor) { return (tensor.*member).value; });
    column(name + "_error", result.conductivity_unit,
           "its standard error; infinite: not determined",
           [member](const FieldTensor& tensor) { return (tensor.*member).error; });
  };
  component("parallel", "conductivity along the field", &FieldTensor::parallel);
  component("perpendicular", "conductivity across the field", &FieldTensor::perpendicular);
  component("hall", "Hall conductivity, j = hall E x b", &FieldTensor::hall);
  column("chi_squared", "1", "of the readings in this field",
         [](const FieldTensor& tensor) { return tensor.fit.chi_squared; });
  column("degrees_of_freedom", "1", "readings less what they determine",
         [](const FieldTensor& tensor) {
           return static_cast<double>(tensor.fit.degrees_of_freedom());
         });
  const hdf5::Handle at(H5Gopen2(file, group.c_str(), H5P_DEFAULT), H5Gclose, group);
  hdf5::write_attribute(at.id(), "sample", result.sample);
  hdf5::write_attribute(at.id(), "temperature",
                        fmt::format("{} {}", result.temperature, result.units.temperature));
  std::string notes;
  for (const std::string& note : result.notes) notes += note + "\n";
  hdf5::write_attribute(at.id(), "notes", notes);
}

}  // namespace edotb::analysis
