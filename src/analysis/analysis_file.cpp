#include "edotb/analysis/analysis_file.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/base/version.hpp"

#include <fmt/format.h>

#include <functional>
#include <limits>
#include <span>

namespace edotb::analysis {

namespace {

/// Writes the datasets of one curve.
class CurveGroup {
 public:
  CurveGroup(hid_t file, const std::string& name, const Curve& curve)
      : file_(file), name_(name), curve_(curve) {}

  void write() {
    const Units& units = curve_.units;
    column("field", units.field, "magnetic field strength",
           [&](std::size_t i) { return at(i).field; });
    column("angle", "deg", "angle between field and current",
           [&](std::size_t i) { return at(i).angle; });
    column("temperature", units.temperature, "temperature; 0: zero temperature",
           [&](std::size_t i) { return at(i).temperature; });
    column("resistance", units.resistance, "resistance, of an ensemble the mean",
           [&](std::size_t i) { return at(i).value; });
    column("resistance_error", units.resistance, "standard error of the resistance; 0: exact",
           [&](std::size_t i) { return at(i).error; });
    write_changes();
    write_ensemble();
    write_attributes();
  }

 private:
  [[nodiscard]] const Reading& at(std::size_t i) const { return curve_.readings[i]; }

  void column(const std::string& name, const std::string& units, const std::string& long_name,
              const std::function<double(std::size_t)>& value) {
    std::vector<double> values;
    for (std::size_t i = 0; i < curve_.readings.size(); ++i) values.push_back(value(i));
    const std::string path = name_ + "/" + name;
    hdf5::write(file_, path, {values.size()}, std::span<const double>(values));
    const hdf5::Handle dataset(H5Dopen2(file_, path.c_str(), H5P_DEFAULT), H5Dclose, path);
    hdf5::write_attribute(dataset.id(), "units", units);
    hdf5::write_attribute(dataset.id(), "long_name", long_name);
  }

  void write_changes() {
    const auto changes = magnetoresistance(curve_);
    const bool any = std::any_of(changes.begin(), changes.end(),
                                 [](const auto& change) { return change.has_value(); });
    if (!any) return;
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    column("magnetoresistance", "1", "R/R(0) - 1; NaN without a reading at zero field",
           [&](std::size_t i) { return changes[i] ? changes[i]->value : nan; });
    column("magnetoresistance_error", "1",
           "its standard error, each realisation taken against itself",
           [&](std::size_t i) { return changes[i] ? changes[i]->error : nan; });
  }

  void write_ensemble() {
    if (curve_.ensemble.empty()) return;
    const auto of = [&](Estimate Ensemble::*member, double Estimate::*part) {
      return [&, member, part](std::size_t i) { return curve_.ensemble[i].*member.*part; };
    };
    column("realisations", "1", "realisations that were averaged",
           [&](std::size_t i) { return static_cast<double>(curve_.ensemble[i].n_realisations); });
    const std::string g = "conductance between the current's contacts";
    column("conductance", "e^2/h", "mean " + g, of(&Ensemble::conductance, &Estimate::value));
    column("conductance_error", "e^2/h", "its standard error",
           of(&Ensemble::conductance, &Estimate::error));
    column("variance", "(e^2/h)^2", "variance of the " + g,
           of(&Ensemble::variance, &Estimate::value));
    column("variance_error", "(e^2/h)^2", "its standard error",
           of(&Ensemble::variance, &Estimate::error));
    column("log_conductance", "1", "mean logarithm of the " + g + " in e^2/h",
           of(&Ensemble::log_conductance, &Estimate::value));
    column("log_conductance_error", "1", "its standard error",
           of(&Ensemble::log_conductance, &Estimate::error));
  }

  void write_attributes() const {
    const hdf5::Handle group(H5Gopen2(file_, name_.c_str(), H5P_DEFAULT), H5Gclose, name_);
    const measure::Setup& setup = curve_.setup;
    const auto text = [&](const char* key, const std::string& value) {
      hdf5::write_attribute(group.id(), key, value);
    };
    text("run", curve_.run);
    text("sample", curve_.sample);
    text("setup", setup.name);
    text("kind", std::string(measure::name_of(setup.kind)));
    text("parity", std::string(measure::name_of(setup.parity)));
    text("current", setup.in.name + "\n" + setup.out.name);
    text("voltage", setup.plus.name + "\n" + setup.minus.name);
    text("shape", curve_.geometry.shape);
    text("engine", curve_.geometry.classical ? "continuum" : "coherent");
    if (curve_.energy) {
      text("energy", fmt::format("{} {}", *curve_.energy, curve_.units.energy));
    }
    std::string left_out;
    for (const auto& line : curve_.left_out) left_out += line + "\n";
    if (!left_out.empty()) text("left_out", left_out);
  }

  hid_t file_;
  std::string name_;
  const Curve& curve_;
};

}  // namespace

void write_analysis(const std::filesystem::path& path, const std::vector<Curve>& curves) {
  const hdf5::Handle file = hdf5::create_file(path.string());
  hdf5::write_attribute(file.id(), "format", "edotb-analysis");
  hdf5::write_attribute(file.id(), "format_version", 1);
  hdf5::write_attribute(file.id(), "version", version);
  hdf5::write_attribute(file.id(), "git_hash", git_hash);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    CurveGroup(file.id(), fmt::format("curves/{}", i), curves[i]).write();
  }
  if (H5Fflush(file.id(), H5F_SCOPE_GLOBAL) < 0) {
    throw bad_input(path.string() + ": cannot be written (is the disk full?)");
  }
}

}  // namespace edotb::analysis
