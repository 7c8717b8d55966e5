#include "edotb/analysis/curve.hpp"
#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/campaign/point_file.hpp"
#include "edotb/campaign/results_file.hpp"
#include "edotb/campaign/terminals.hpp"
#include "point_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace edotb::analysis {

namespace {

namespace fs = std::filesystem;

constexpr double ohm_per_quantum =
    constants::planck / (constants::elementary_charge * constants::elementary_charge);

/// The conductances of a results file of either engine: [field][angle][energy][realisation][temperature][to][from].
struct Conductances {
  std::vector<double> field;
  std::vector<double> angle;
  std::vector<double> energy;
  std::vector<double> temperature;
  std::size_t n_realisations = 1;
  std::vector<double> values;
  std::vector<double> errors;  ///< empty: exact
  std::vector<double> probe_potentials;
  std::vector<std::int8_t> status;   ///< [field][angle][energy][realisation]
  std::int8_t last_good_status = 2;  ///< 1 to this are results
  bool is_complete = false;          ///< what was not computed was not needed
  double unit = 1.0;                 ///< ohm per 1/unit of the values
  measure::Terminals terminals;
};

std::vector<double> numbers(hid_t file, const char* name) {
  return hdf5::read<double>(file, name).values;
}

/// Of the errors [.., temperature, moment, to, from] those of the moment L_0.
std::vector<double> conductance_errors(const hdf5::Array<double>& moments) {
  const auto& shape = moments.shape;
  if (shape.size() < 3) throw bad_input("thermal/error has too few axes");
  const std::size_t block = shape.back() * shape.back();
  const std::size_t n_moments = shape[shape.size() - 3];
  std::vector<double> errors;
  for (std::size_t begin = 0; begin + block <= moments.values.size(); begin += n_moments * block) {
    const auto first = moments.values.begin() + static_cast<std::ptrdiff_t>(begin);
    errors.insert(errors.end(), first, first + static_cast<std::ptrdiff_t>(block));
  }
  return errors;
}

/// Without a thermal average electrons are at zero temperature, and the sample is at that of its magnetic impurities.
double temperature_of_moments(const deck::Deck& deck) {
  for (const deck::DisorderTerm& term : deck.disorder) {
    if (const auto* moments = std::get_if<deck::MagneticImpurities>(&term.kind)) {
      return moments->temperature;
    }
  }
  return 0.0;
}

Conductances read_conductances(const fs::path& results, hid_t file, const deck::Deck& deck) {
  Conductances c;
  c.terminals = campaign::read_terminals(file);
  c.is_complete = campaign::is_complete(file);
  c.field = numbers(file, "/field");
  c.angle = numbers(file, "/angle");
  c.energy = numbers(file, "/energy");
  c.temperature = {temperature_of_moments(deck)};
  c.n_realisations = hdf5::read<std::int64_t>(file, "/realisation").values.size();
  const bool is_thermal = hdf5::exists(file, "/thermal");
  c.status = campaign::checked_statuses(
      hdf5::read<std::int8_t>(file, is_thermal ? "/thermal/status" : "/status").values,
      campaign::read_records(results));
  if (deck.conductor) {
    c.values = numbers(file, "/continuum/conductance");
    c.errors = numbers(file, "/continuum/conductance_error");
    if (!c.terminals.probes.empty()) {
      c.probe_potentials = numbers(file, "/continuum/probe_potential");
    }
  } else {
    c.unit = ohm_per_quantum;
    c.values = numbers(file, is_thermal ? "/thermal/conductance" : "/transmission");
    if (is_thermal) {
      c.temperature = numbers(file, "/temperature");
      c.errors = conductance_errors(hdf5::read<double>(file, "/thermal/error"));
    }
  }
  const std::size_t n_points = c.field.size() * c.angle.size() * c.energy.size() * c.n_realisations;
  const std::size_t n = c.terminals.contacts.size();
  const std::size_t n_values = n_points * c.temperature.size() * n * n;
  if (n < 2 || c.status.size() != n_points || c.values.size() != n_values ||
      (!c.errors.empty() && c.errors.size() != n_values) ||
      c.probe_potentials.size() !=
          (c.probe_potentials.empty() ? 0 : n_points * c.terminals.probes.size() * n)) {
    throw bad_input("the datasets do not fit each other");
  }
  return c;
}

std::vector<double> slice(const std::vector<double>& values, std::size_t number,
                          std::size_t length) {
  if (values.empty()) return {};
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(number * length);
  return {first, first + static_cast<std::ptrdiff_t>(length)};
}

/// One setup at one energy.
class CurveReader {
 public:
  CurveReader(const Conductances& c, Curve& curve, std::size_t energy)
      : c_(c), curve_(curve), energy_(energy) {}

  void read() {
    for (std::size_t f = 0; f < c_.field.size(); ++f) {
      for (std::size_t a = 0; a < c_.angle.size(); ++a) {
        for (std::size_t r = 0; r < c_.n_realisations; ++r) {
          read_point(f, a, r);
        }
      }
    }
    fill_curve(curve_, values_);
  }

 private:
  void read_point(std::size_t f, std::size_t a, std::size_t r) {
    const std::size_t number =
        ((f * c_.angle.size() + a) * c_.energy.size() + energy_) * c_.n_realisations + r;
    const auto leave_out = [&](const std::string& why) {
      curve_.left_out.push_back(fmt::format("field {} angle {} energy {} realisation {}: {}",
                                            c_.field[f], c_.angle[a], c_.energy[energy_], r, why));
    };
    const std::int8_t status = c_.status[number];
    if (status == 0 && c_.is_complete) return;
    if (status < 1 || status > c_.last_good_status) {
      leave_out(status == 0                          ? "not computed"
                : status == campaign::damaged_status ? "DAMAGED"
                                                     : "failed");
      return;
    }
    try {
      for (std::size_t t = 0; t < c_.temperature.size(); ++t) {
        PointValue value = measured(number, number * c_.temperature.size() + t);
        value.field = c_.field[f];
        value.angle = c_.angle[a];
        value.temperature = c_.temperature[t];
        value.realisation = static_cast<std::int64_t>(r);
        values_.push_back(value);
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::numerical) throw;
      leave_out(error.what());
    }
  }

  [[nodiscard]] PointValue measured(std::size_t point, std::size_t entry) const {
    const std::size_t n = c_.terminals.contacts.size();
    const measure::Response response{
        measure::from_transmissions(c_.terminals.contacts, slice(c_.values, entry, n * n)),
        slice(c_.probe_potentials, point, c_.terminals.probes.size() * n)};
    PointValue value;
    value.resistance =
        c_.errors.empty()
            ? Estimate{measure::resistance(response, curve_.setup), 0.0}
            : measure::resistance(response, slice(c_.errors, entry, n * n), curve_.setup);
    value.resistance = {c_.unit * value.resistance.value, c_.unit * value.resistance.error};
    const std::size_t in = curve_.setup.in.index;
    value.conductance =
        measure::conductance_between(response.conductance, in, curve_.setup.out.index);
    return value;
  }

  const Conductances& c_;
  Curve& curve_;
  std::size_t energy_;
  std::vector<PointValue> values_;
};

}  // namespace

std::vector<Curve> results_curves(const fs::path& results,
                                  const std::vector<std::string>& overrides) {
  const hdf5::Handle file = hdf5::open_for_reading(results.string());
  return with_context(
      [&] { return results.string(); },
      [&] {
        if (hdf5::read_text_attribute(file.id(), "format") != "edotb-results") {
          throw bad_input("this is not a results file of edotb");
        }
        const deck::Deck deck = deck::parse_deck(
            hdf5::read_text_attribute(file.id(), "expanded_deck"), results.string(), overrides);
        const Conductances c = read_conductances(results, file.id(), deck);
        std::vector<Curve> curves;
        for (const auto& setup : required_setups(deck, c.terminals, results.string())) {
          for (std::size_t e = 0; e < c.energy.size(); ++e) {
            Curve curve;
            curve.sample = deck.sample_name;
            curve.run = results.has_parent_path() ? results.parent_path().string() : ".";
            curve.setup = setup;
            curve.geometry = geometry_of(deck, setup);
            curve.units = units_of(deck);
            if (!deck.conductor) curve.energy = c.energy[e];
            CurveReader(c, curve, e).read();
            curves.push_back(std::move(curve));
          }
        }
        return curves;
      });
}

std::vector<Curve> read_curves(const std::vector<fs::path>& folders,
                               const std::vector<std::string>& overrides) {
  std::vector<Curve> curves;
  for (const fs::path& folder : folders) {
    std::vector<Curve> found;
    if (fs::exists(folder / "results.h5")) {
      found = results_curves(folder / "results.h5", overrides);
    } else if (fs::exists(folder / "readings.csv")) {
      found = laboratory_curves(folder, overrides);
    } else {
      throw bad_input(fmt::format(
          "{}: holds neither results.h5 nor readings.csv; give the folder of a run, or of a "
          "laboratory's deck.yaml and readings.csv",
          folder.string()));
    }
    std::move(found.begin(), found.end(), std::back_inserter(curves));
  }
  return curves;
}

}  // namespace edotb::analysis
