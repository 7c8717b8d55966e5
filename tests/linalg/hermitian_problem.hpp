#pragma once

#include "edotb/linalg/multifrontal.hpp"
#include "support/support.hpp"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

namespace edotb::test {

using linalg::Complex;
using linalg::EliminationPlan;
using linalg::HermitianSystem;
using linalg::Matrix;

/// A Hermitian matrix over a random graph of sites with 1 .. 16 orbitals, two cliques with dense terms
/// and borders.
struct Problem {
  std::shared_ptr<const linalg::SparsityPattern> pattern;
  std::vector<std::vector<std::int64_t>> cliques;
  std::vector<Complex> hamiltonian;
  std::vector<Matrix> terms;
  std::vector<Matrix> borders;

  [[nodiscard]] std::size_t n_rows() const { return pattern->rows(); }
  [[nodiscard]] HermitianSystem system(double shift) const {
    HermitianSystem result{shift, hamiltonian, {}, {}, nullptr};
    for (const auto& term : terms) result.clique_terms.push_back(&term);
    for (const auto& border : borders) result.borders.push_back(&border);
    return result;
  }
  [[nodiscard]] Matrix dense(double shift) const {
    Matrix a = Complex(-1.0) * linalg::to_dense({pattern, hamiltonian});
    for (std::size_t i = 0; i < n_rows(); ++i) a(i, i) += shift;
    for (std::size_t k = 0; k < cliques.size(); ++k) {
      for (std::size_t j = 0; j < cliques[k].size(); ++j) {
        for (std::size_t i = 0; i < cliques[k].size(); ++i) {
          a(static_cast<std::size_t>(cliques[k][i]), static_cast<std::size_t>(cliques[k][j])) -=
              0.5 * (terms[k](i, j) + std::conj(terms[k](j, i)));
        }
      }
    }
    return a;
  }
  [[nodiscard]] Matrix border() const {
    std::size_t n_columns = 0;
    for (const auto& part : borders) n_columns += part.columns();
    Matrix w(n_rows(), n_columns);
    std::size_t first = 0;
    for (std::size_t k = 0; k < cliques.size(); ++k) {
      for (std::size_t j = 0; j < borders[k].columns(); ++j) {
        for (std::size_t i = 0; i < cliques[k].size(); ++i) {
          w(static_cast<std::size_t>(cliques[k][i]), first + j) += borders[k](i, j);
        }
      }
      first += borders[k].columns();
    }
    return w;
  }
};

using Links = std::vector<std::pair<std::size_t, std::size_t>>;

inline Problem problem_on(const std::vector<std::int64_t>& orbitals_of_site, const Links& links,
                          Draw& draw) {
  std::vector<std::int64_t> offsets = {0};
  for (const auto n : orbitals_of_site) offsets.push_back(offsets.back() + n);
  std::vector<std::vector<std::int64_t>> columns(static_cast<std::size_t>(offsets.back()));
  const auto link = [&](std::size_t a, std::size_t b) {
    for (auto i = offsets[a]; i < offsets[a + 1]; ++i) {
      for (auto j = offsets[b]; j < offsets[b + 1]; ++j) {
        columns[static_cast<std::size_t>(i)].push_back(j);
        columns[static_cast<std::size_t>(j)].push_back(i);
      }
    }
  };
  for (std::size_t s = 0; s < orbitals_of_site.size(); ++s) link(s, s);
  for (const auto& [a, b] : links) link(a, b);
  Problem problem;
  problem.pattern =
      std::make_shared<const linalg::SparsityPattern>(linalg::make_pattern(columns, offsets));
  problem.hamiltonian.resize(problem.pattern->n_entries());
  for (std::int64_t i = 0; i < offsets.back(); ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      const auto entry = problem.pattern->find(i, j);
      if (entry < 0) continue;
      const Complex value = i == j ? Complex(draw.uniform()) : draw.complex();
      problem.hamiltonian[static_cast<std::size_t>(entry)] = value;
      problem.hamiltonian[static_cast<std::size_t>(problem.pattern->find(j, i))] = std::conj(value);
    }
  }
  return problem;
}

inline void add_clique(Problem& problem, std::vector<std::int64_t> rows, std::size_t n_columns,
                       Draw& draw) {
  problem.terms.push_back(draw.matrix(rows.size(), rows.size()));
  problem.borders.push_back(draw.matrix(rows.size(), n_columns));
  problem.cliques.push_back(std::move(rows));
}

inline Links random_links(std::size_t n_sites, Draw& draw) {
  Links links;
  for (std::size_t s = 1; s < n_sites; ++s) {
    links.emplace_back(s, s - 1);
    const auto other =
        static_cast<std::size_t>((draw.uniform() + 1.0) / 2.0 * static_cast<double>(s));
    if (s % 3 == 0 && other < s) links.emplace_back(s, other);
  }
  return links;
}

inline Problem random_problem(std::uint64_t seed, std::size_t n_sites) {
  Draw draw(seed);
  std::vector<std::int64_t> orbitals;
  for (std::size_t s = 0; s < n_sites; ++s) {
    orbitals.push_back(1 +
                       static_cast<std::int64_t>((seed * 7 + s * s) % (seed % 4 == 0 ? 16 : 3)));
  }
  Problem problem = problem_on(orbitals, random_links(n_sites, draw), draw);
  const auto n = static_cast<std::int64_t>(problem.n_rows());
  std::vector<std::int64_t> left;
  std::vector<std::int64_t> right;
  for (std::int64_t i = 0; i < n; i += 5) left.push_back(i);
  for (std::int64_t i = n - 1; i >= 0 && right.size() < 6; i -= 2) right.push_back(i);
  add_clique(problem, left, 1 + seed % 3, draw);
  add_clique(problem, right, seed % 3, draw);
  return problem;
}

inline std::shared_ptr<const EliminationPlan> plan_of(const Problem& problem) {
  return std::make_shared<const EliminationPlan>(problem.pattern, problem.cliques);
}

}  // namespace edotb::test
