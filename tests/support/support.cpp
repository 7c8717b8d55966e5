#include "support/support.hpp"

#include "edotb/base/random.hpp"
#include "edotb/campaign/point_solver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace edotb::test {

std::string reference_path(const std::string& name) {
  return std::string(EDOTB_SOURCE_DIR) + "/tests/reference/" + name;
}

nlohmann::json reference(const std::string& name) {
  return nlohmann::json::parse(std::ifstream(reference_path(name)));
}

deck::Deck lattice_deck(const std::string& body) {
  return deck::parse_deck("units: lattice\n" + body, "test.yaml");
}

std::string input_path(const std::string& name) {
  return std::string(EDOTB_SOURCE_DIR) + "/inputs/" + name + ".yaml";
}

std::vector<std::string> input_names() {
  std::vector<std::string> names;
  const std::string folder = std::string(EDOTB_SOURCE_DIR) + "/inputs";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".yaml") names.push_back(file.path().stem());
  }
  return names;
}

deck::Deck input_deck(const std::string& name, const std::vector<std::string>& overrides) {
  const std::string path = input_path(name);
  return deck::parse_deck(deck::read_deck_file(path), path, overrides);
}

coherent::Scattering solve_point(const sample::Sample& sample, double magnitude, double angle,
                                 double energy, coherent::SolverKind kind,
                                 std::int64_t realisation) {
  const auto field = sample.field(magnitude, angle);
  auto hamiltonian = sample.clean_hamiltonian(field);
  sample.add_disorder(field, realisation, hamiltonian);
  const auto leads = lead::solve_leads(sample.leads(field), energy);
  coherent::Engine engine(sample.layout(), kind);
  return engine.solve(hamiltonian, leads, energy);
}

std::vector<double> random_energies(const sample::Sample& sample, std::int64_t realisation) {
  const auto& pattern = *sample.layout().pattern;
  const auto field = sample.field(0, 0);
  const auto clean = sample.clean_hamiltonian(field);
  auto dirty = clean;
  sample.add_disorder(field, realisation, dirty);
  std::vector<double> energies;
  for (std::size_t s = 0; s < pattern.n_blocks(); ++s) {
    const auto i = pattern.block_offsets[s];
    const auto k = static_cast<std::size_t>(pattern.find(i, i));
    energies.push_back((dirty[k] - clean[k]).real());
  }
  return energies;
}

std::vector<std::vector<double>> conductances(const deck::Deck& deck) {
  const sample::Sample sample(deck);
  campaign::PointSolver solver(deck, sample);
  const campaign::PointList points(deck);
  std::vector<std::vector<double>> g(deck.field.magnitude.size());
  for (std::int64_t k = 0; k < points.size(); ++k) {
    const auto result = solver.solve(points[k]);
    EXPECT_EQ(result.status, campaign::Status::solved);
    g[static_cast<std::size_t>(points[k].field)].push_back(result.transmission[2]);
  }
  return g;
}

double conductance(const std::string& body) {
  const auto deck = lattice_deck(body);
  const sample::Sample sample(deck);
  return solve_point(sample, deck.field.magnitude.front(), deck.field.angle.front(),
                     deck.energy.front(), coherent::SolverKind::multifrontal)
      .transmission[2];
}

double Draw::uniform() { return 2.0 * edotb::uniform({.seed = seed_, .site = count_++}) - 1.0; }

linalg::Matrix Draw::matrix(std::size_t rows, std::size_t columns) {
  linalg::Matrix m(rows, columns);
  for (auto& value : m.values()) value = complex();
  return m;
}

linalg::Matrix Draw::hermitian(std::size_t n) {
  const linalg::Matrix m = matrix(n, n);
  return 0.5 * (m + adjoint(m));
}

Average average(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double value : values) mean += value / n;
  double variance = 0.0;
  for (const double value : values) variance += (value - mean) * (value - mean) / (n - 1.0);
  return {mean, variance, std::sqrt(variance / n)};
}

}  // namespace edotb::test
