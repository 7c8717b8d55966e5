#pragma once

#include "edotb/coherent/engine.hpp"
#include "edotb/deck/deck.hpp"
#include "edotb/sample/sample.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace edotb::test {

/// The parsed file tests/reference/NAME.
[[nodiscard]] nlohmann::json reference(const std::string& name);
[[nodiscard]] std::string reference_path(const std::string& name);

/// A deck in lattice units; `body` is YAML.
[[nodiscard]] deck::Deck lattice_deck(const std::string& body);

/// NAME of every inputs/NAME.yaml, and such a file's path.
[[nodiscard]] std::vector<std::string> input_names();
[[nodiscard]] std::string input_path(const std::string& name);

/// The deck inputs/NAME.yaml.
[[nodiscard]] deck::Deck input_deck(const std::string& name,
                                    const std::vector<std::string>& overrides = {});

/// One point of a deck's sample, solved from scratch by one path.
[[nodiscard]] coherent::Scattering solve_point(const sample::Sample& sample, double magnitude,
                                               double angle, double energy,
                                               coherent::SolverKind kind,
                                               std::int64_t realisation = 0);

/// The random energy of each site's first orbital, at zero field.
[[nodiscard]] std::vector<double> random_energies(const sample::Sample& sample,
                                                  std::int64_t realisation);

/// G_10 of all realisations of a two-terminal deck, per field; a point that fails fails the test.
[[nodiscard]] std::vector<std::vector<double>> conductances(const deck::Deck& deck);

/// The conductance G_10 of a two-terminal deck at its first field, angle, energy and realisation.
[[nodiscard]] double conductance(const std::string& body);

/// Mean of independent values, their variance, and the standard error of the mean.
struct Average {
  double mean = 0.0;
  double variance = 0.0;
  double error = 0.0;
};
[[nodiscard]] Average average(const std::vector<double>& values);

/// A small counter-based stream for random test matrices.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : seed_(seed) {}
  [[nodiscard]] double uniform();  ///< in (-1, 1)
  [[nodiscard]] linalg::Complex complex() { return {uniform(), uniform()}; }
  [[nodiscard]] linalg::Matrix matrix(std::size_t rows, std::size_t columns);
  [[nodiscard]] linalg::Matrix hermitian(std::size_t n);

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

}  // namespace edotb::test
