// Each field's tensor minimises  sum over readings of ((R - R_model(ln sigma_par, ln sigma_perp, asinh(sigma_H/sigma_perp)))/s)^2
// where R_model is the continuum engine's answer and s^2 = (reading's error)^2 + (model_error * largest reading)^2.
#include "edotb/analysis/deconvolution.hpp"

#include "edotb/base/error.hpp"
#include "resistance_table.hpp"
#include "solved_specimens.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace edotb::analysis {

namespace {

using continuum::Conductivity;

constexpr double two_sided_95 = 1.959963984540054;
constexpr double determined_below = 0.5;  // standard error of a logarithm
constexpr double log_range = 3.0;         // of the search, on both sides of its start
constexpr double hall_range = 4.0;

/// One reading and where it comes from.
struct Datum {
  std::size_t specimen = 0;
  std::size_t curve = 0;
  Reading reading;
  double sigma = 0.0;
};

const measure::Setup& setup_of(std::span<const Specimen> specimens, const Datum& datum) {
  return specimens[datum.specimen].curves[datum.curve].setup;
}

Conductivity turned(const Conductivity& c) { return {c.parallel, c.perpendicular, -c.hall}; }

/// The resistance of a reading in a material of this conductivity in the positive field.
double predicted(SolvedSpecimens& solved, std::span<const Specimen> specimens, const Datum& datum,
                 const Conductivity& c) {
  const auto answer = [&](const Conductivity& of) {
    return solved.resistance(datum.specimen, datum.curve, datum.reading.angle, of);
  };
  const bool negative = std::signbit(datum.reading.field);
  const double direct = answer(negative ? turned(c) : c);
  const measure::Parity parity = setup_of(specimens, datum).parity;
  if (parity == measure::Parity::none) return direct;
  const double other = answer(negative ? c : turned(c));
  return 0.5 * (parity == measure::Parity::even ? direct + other : direct - other);
}

/// Readings of one field strength by ascending strength.
using Fields = std::map<double, std::vector<Datum>>;

void set_errors(std::vector<Datum>& data, double model_error) {
  std::map<std::pair<std::size_t, double>, double> largest;
  for (const Datum& datum : data) {
    double& value = largest[{datum.specimen, datum.reading.angle}];
    value = std::max(value, std::abs(datum.reading.value));
  }
  for (Datum& datum : data) {
    datum.sigma = std::hypot(datum.reading.error,
                             model_error * largest[{datum.specimen, datum.reading.angle}]);
    if (!(datum.sigma > 0.0)) {
      throw bad_input("deconvolution: all readings of a field are zero, without errors");
    }
  }
}

/// What the fit of one field may vary.
enum class Unknowns { isotropic, diagonal, all };

Conductivity conductivity_of(std::span<const double> p, Unknowns unknowns) {
  const double parallel = std::exp(p[0]);
  if (unknowns == Unknowns::isotropic) return {parallel, parallel, 0.0};
  const double perpendicular = std::exp(p[1]);
  const double hall = unknowns == Unknowns::all ? perpendicular * std::sinh(p[2]) : 0.0;
  return {parallel, perpendicular, hall};
}

/// Fits the tensor of one field.
class FieldFit {
 public:
  FieldFit(SolvedSpecimens& solved, std::span<const Specimen> specimens,
           std::span<const Datum> data)
      : solved_(solved), specimens_(specimens), data_(data) {
    for (const Datum& datum : data) {
      y_.push_back(datum.reading.value);
      sigma_.push_back(datum.sigma);
    }
  }

  [[nodiscard]] Fit run(Unknowns unknowns) {
    const std::vector<double> start = find_start(unknowns);
    static const std::vector<std::string> names = {"ln sigma_par", "ln sigma_perp",
                                                   "asinh(sigma_H/sigma_perp)"};
    std::vector<Parameter> parameters;
    for (std::size_t k = 0; k < start.size(); ++k) {
      // Logarithms are counted from the start.
      if (k < 2) parameters.push_back({names[k], 0.0, -log_range, log_range, determined_below});
      if (k == 2)
        parameters.push_back({names[k], start[k], -hall_range, hall_range, determined_below});
    }
    const auto shifted = [&](std::span<const double> p) {
      std::vector<double> values(p.begin(), p.end());
      for (std::size_t k = 0; k < std::min<std::size_t>(values.size(), 2); ++k)
        values[k] += start[k];
      return values;
    };
    const Model model = [&](std::span<const double> p, std::span<double> predictions) {
      predict(conductivity_of(shifted(p), unknowns), predictions);
    };
    Fit best = fit(model, y_, sigma_, parameters);
    best.values = shifted(best.values);
    return best;
  }

 private:
  void predict(const Conductivity& c, std::span<double> predictions) {
    for (std::size_t i = 0; i < data_.size(); ++i) {
      predictions[i] = predicted(solved_, specimens_, data_[i], c);
    }
  }

  /// The best point of a coarse lattice of ratios; the scale follows from each in closed form.
  [[nodiscard]] std::vector<double> find_start(Unknowns unknowns) {
    std::vector<int> ratios = {0};
    std::vector<int> halls = {0};
    if (unknowns != Unknowns::isotropic) ratios = {0, -5, 5, -10, -15, -20, -25, -30, -35};
    if (unknowns == Unknowns::all) halls = {-1, 1, -5, 5, -10, 10};
    std::vector<double> start;
    std::vector<double> shape(data_.size());
    double best = std::numeric_limits<double>::infinity();
    for (const int i : ratios) {
      for (const int j : halls) {
        std::vector<double> p = {0.0, ResistanceTable::spacing * i, ResistanceTable::spacing * j};
        predict(conductivity_of(p, unknowns), shape);
        double sy = 0.0;
        double ss = 0.0;
        for (std::size_t k = 0; k < y_.size(); ++k) {
          sy += shape[k] * y_[k] / (sigma_[k] * sigma_[k]);
          ss += shape[k] * shape[k] / (sigma_[k] * sigma_[k]);
        }
        if (!(sy > 0.0)) continue;  // would take a negative conductivity
        // chi^2 - sum y^2/sigma^2, which has to fall by more than the finite elements' noise.
        if (-sy * sy / ss < best - 0.1) {
          best = -sy * sy / ss;
          const double log_scale = std::log(ss / sy);
          start = {log_scale, log_scale + p[1], p[2]};
        }
      }
    }
    if (start.empty()) {
      throw numerical_error(
          "deconvolution: no positive conductivity gives readings of these signs (are the "
          "voltage's or the current's contacts exchanged in the deck?)");
    }
    start.resize(unknowns == Unknowns::isotropic ? 1 : unknowns == Unknowns::diagonal ? 2 : 3);
    return start;
  }

  SolvedSpecimens& solved_;
  std::span<const Specimen> specimens_;
  std::span<const Datum> data_;
  std::vector<double> y_;
  std::vector<double> sigma_;
};

Component exponential(double logarithm, double error, bool determined) {
  const double value = std::exp(logarithm);
  if (!determined) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    return {value, infinite, 0.0, infinite, false};
  }
  return {value, value * error, std::exp(logarithm - two_sided_95 * error),
          std::exp(logarithm + two_sided_95 * error), true};
}

Component hall_component(const Fit& fit) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (fit.values.size() < 3) return {0.0, infinite, -infinite, infinite, false};
  const double perpendicular = std::exp(fit.values[1]);
  const double value = perpendicular * std::sinh(fit.values[2]);
  if (!fit.determined[1] || !fit.determined[2])
    return {value, infinite, -infinite, infinite, false};
  const double slope = perpendicular * std::cosh(fit.values[2]);
  const auto covariance = [&](std::size_t a, std::size_t b) { return fit.covariance[3 * a + b]; };
  const double error =
      std::sqrt(value * value * covariance(1, 1) + slope * slope * covariance(2, 2) +
                2.0 * value * slope * covariance(1, 2));
  return {value, error, value - two_sided_95 * error, value + two_sided_95 * error, true};
}

FieldTensor fit_field(FieldFit problem, double field, bool with_hall) {
  FieldTensor tensor;
  tensor.field = field;
  if (field == 0.0) {  // no direction is singled out
    tensor.fit = problem.run(Unknowns::isotropic);
    tensor.parallel =
        exponential(tensor.fit.values[0], tensor.fit.errors[0], tensor.fit.determined[0]);
    tensor.perpendicular = tensor.parallel;
    tensor.hall = {0.0, 0.0, 0.0, 0.0, true};
    return tensor;
  }
  tensor.fit = problem.run(with_hall ? Unknowns::all : Unknowns::diagonal);
  if (with_hall && !tensor.fit.determined[2]) tensor.fit = problem.run(Unknowns::diagonal);
  tensor.hall_taken_zero = tensor.fit.values.size() < 3;
  const Fit& fit = tensor.fit;
  tensor.parallel = exponential(fit.values[0], fit.errors[0], fit.determined[0]);
  tensor.perpendicular = exponential(fit.values[1], fit.errors[1], fit.determined[1]);
  tensor.hall = hall_component(fit);
  return tensor;
}

void fit_intrinsic(Deconvolution& result) {
  const auto known = [](const FieldTensor& tensor) { return tensor.parallel.determined; };
  const auto zero =
      std::find_if(result.fields.begin(), result.fields.end(),
                   [&](const auto& tensor) { return tensor.field == 0.0 && known(tensor); });
  std::vector<double> b;
  std::vector<double> y;
  std::vector<double> s;
  for (const FieldTensor& tensor : result.fields) {
    auto& change = result.magnetoconductivity.emplace_back();
    if (!known(tensor)) continue;
    b.push_back(tensor.field);
    y.push_back(tensor.parallel.value);
    s.push_back(tensor.parallel.error);
    if (zero == result.fields.end() || tensor.field == 0.0) continue;
    const double ratio = tensor.parallel.value / zero->parallel.value;
    change = Estimate{ratio - 1.0, ratio * std::hypot(tensor.parallel.error / tensor.parallel.value,
                                                      zero->parallel.error / zero->parallel.value)};
  }
  if (y.size() < 2) return;
  const Model model = [&](std::span<const double> p, std::span<double> f) {
    for (std::size_t i = 0; i < f.size(); ++i) f[i] = p[0] + p[1] * b[i] * b[i];
  };
  const std::vector<Parameter> parameters = {{"sigma_0", y.front()},
                                             {"coefficient", y.front() / (b.back() * b.back())}};
  result.anomaly = fit(model, y, s, parameters);
}

std::string list_of(const std::vector<double>& fields, std::size_t n_all) {
  if (fields.size() == n_all) return "in any field";
  std::string text = "at B =";
  for (const double field : fields) text += fmt::format(" {:g}", field);
  return text;
}

void add_notes(Deconvolution& result, bool with_hall) {
  std::size_t n_fields = 0;
  std::vector<double> without_parallel;
  std::vector<double> without_perpendicular;
  std::vector<double> without_hall;
  for (const FieldTensor& tensor : result.fields) {
    if (tensor.field == 0.0) continue;
    ++n_fields;
    if (!tensor.parallel.determined) without_parallel.push_back(tensor.field);
    if (!tensor.perpendicular.determined) without_perpendicular.push_back(tensor.field);
    if (!tensor.hall.determined) without_hall.push_back(tensor.field);
  }
  const auto missing = [&](const char* name, const std::vector<double>& fields) {
    if (fields.empty()) return;
    result.notes.push_back(
        fmt::format("{} is not determined by these probes {}", name, list_of(fields, n_fields)));
  };
  missing("sigma_par", without_parallel);
  missing("sigma_perp", without_perpendicular);
  if (with_hall) missing("sigma_H", without_hall);
  if (!without_hall.empty()) {
    result.notes.emplace_back(
        "sigma_H is taken as zero there; in a film with the field in its plane sigma_perp then "
        "stands "
        "for sigma_perp + sigma_H^2/sigma_perp");
  }
  constexpr double improbable = 1e-3;
  if (result.probability < improbable) {
    const auto worst = std::max_element(
        result.pairs.begin(), result.pairs.end(),
        [](const auto& a, const auto& b) { return std::abs(a.largest) < std::abs(b.largest); });
    result.notes.push_back(fmt::format(
        "no tensor explains the readings: chi^2 = {:.1f} with {} degrees of freedom (probability "
        "{:.1e}); the worst is {} of {}, {:+.1f} standard errors off",
        result.chi_squared, result.degrees_of_freedom, result.probability, worst->setup, worst->run,
        worst->largest));
  }
}

/// True where the readings show a Hall part: those of a Hall setup, or a resistance that changes with the field's
/// direction by more than its errors allow.
bool shows_hall(std::span<const Specimen> specimens, const Fields& fields) {
  constexpr double improbable = 1e-3;
  double chi_squared = 0.0;
  int n_pairs = 0;
  for (const auto& [field, data] : fields) {
    std::map<std::tuple<std::size_t, std::size_t, double>, const Datum*> positive;
    for (const Datum& datum : data) {
      const measure::Setup& setup = setup_of(specimens, datum);
      if (setup.kind == measure::Kind::hall || setup.parity == measure::Parity::odd) return true;
      if (datum.reading.field > 0.0) {
        positive[{datum.specimen, datum.curve, datum.reading.angle}] = &datum;
      }
    }
    for (const Datum& datum : data) {
      const auto other = positive.find({datum.specimen, datum.curve, datum.reading.angle});
      if (!(datum.reading.field < 0.0) || other == positive.end()) continue;
      const double change = datum.reading.value - other->second->reading.value;
      chi_squared += change * change /
                     (datum.sigma * datum.sigma + other->second->sigma * other->second->sigma);
      ++n_pairs;
    }
  }
  return n_pairs > 0 && boost::math::gamma_q(0.5 * n_pairs, 0.5 * chi_squared) < improbable;
}

Deconvolution deconvolve_fields(std::span<const Specimen> specimens, SolvedSpecimens& solved,
                                const Fields& fields, bool with_hall) {
  Deconvolution result;
  std::map<std::pair<std::size_t, std::size_t>, PairResidual> pairs;
  for (const auto& [field, data] : fields) {
    const auto& tensor = result.fields.emplace_back(
        with_context([b = field] { return fmt::format("field {:g}", b); },
                     [&, b = field, &readings = data] {
                       return fit_field(FieldFit(solved, specimens, readings), b, with_hall);
                     }));
    result.chi_squared += tensor.fit.chi_squared;
    result.degrees_of_freedom += tensor.fit.degrees_of_freedom();
    for (std::size_t i = 0; i < data.size(); ++i) {
      const Curve& curve = specimens[data[i].specimen].curves[data[i].curve];
      PairResidual& pair = pairs[{data[i].specimen, data[i].curve}];
      const double residual = tensor.fit.residuals[i];
      pair.run = curve.run;
      pair.setup = curve.setup.name;
      ++pair.n_readings;
      pair.chi_squared += residual * residual;
      if (std::abs(residual) > std::abs(pair.largest)) pair.largest = residual;
    }
  }
  for (auto& [key, pair] : pairs) result.pairs.push_back(std::move(pair));
  if (result.degrees_of_freedom > 0) {
    result.probability = boost::math::gamma_q(0.5 * static_cast<double>(result.degrees_of_freedom),
                                              0.5 * result.chi_squared);
  }
  fit_intrinsic(result);
  add_notes(result, with_hall);
  return result;
}

/// The readings of each sample and temperature, with their errors.
std::map<std::pair<std::string, double>, Fields> samples_of(std::span<const Specimen> specimens,
                                                            double model_error) {
  std::map<std::pair<std::string, double>, Fields> samples;
  for (std::size_t s = 0; s < specimens.size(); ++s) {
    for (std::size_t c = 0; c < specimens[s].curves.size(); ++c) {
      const Curve& curve = specimens[s].curves[c];
      for (const Reading& reading : curve.readings) {
        samples[{curve.sample, reading.temperature}][std::abs(reading.field)].push_back(
            {s, c, reading, 0.0});
      }
    }
  }
  for (auto& [key, fields] : samples) {
    for (auto& [field, data] : fields) set_errors(data, model_error);
  }
  return samples;
}

}  // namespace

std::vector<Deconvolution> deconvolve(std::span<const Specimen> specimens, SolvedSpecimens& plain,
                                      const DeconvolutionOptions& options) {
  std::optional<SolvedSpecimens> fit_for_hall;
  std::vector<Deconvolution> results;
  for (const auto& [key, fields] : samples_of(specimens, options.model_error)) {
    const auto& [sample, temperature] = key;
    const bool with_hall = options.hall == HallPart::fitted ||
                           (options.hall == HallPart::automatic && shows_hall(specimens, fields));
    if (with_hall && !fit_for_hall) fit_for_hall.emplace(specimens, true);
    Deconvolution result =
        deconvolve_fields(specimens, with_hall ? *fit_for_hall : plain, fields, with_hall);
    const Specimen& first = specimens[fields.begin()->second.front().specimen];
    result.sample = sample;
    result.temperature = temperature;
    result.units = first.curves.front().units;
    if (first.deck.lattice_units) result.conductivity_unit = "1";
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<Deconvolution> deconvolve(std::span<const Specimen> specimens,
                                      const DeconvolutionOptions& options) {
  SolvedSpecimens plain(specimens, false);
  return deconvolve(specimens, plain, options);
}

}  // namespace edotb::analysis
