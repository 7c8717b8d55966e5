#pragma once

#include "edotb/continuum/deck_conductor.hpp"
#include "edotb/measure/setup.hpp"

#include <map>
#include <utility>
#include <vector>

namespace edotb::analysis {

/// The resistances of some setups on one conductor, in a field of one direction, for any uniform tensor.
/// Resistances scale as 1/sigma_par; what else they depend on, u = ln(sigma_perp/sigma_par) and
/// a = asinh(sigma_H/sigma_perp), is solved on a lattice of spacing 0.2, as far as it is asked for, and
/// interpolated by cubics. One mesh serves all of it, so that the resistances are smooth in u and a; it is fit for
/// anisotropies up to 150, and made finer when more than 1200 is asked for.
class ResistanceTable {
 public:
  static constexpr double spacing = 0.2;

  /// `with_hall`: the mesh is made fit for Hall angles too.
  ResistanceTable(const continuum::DeckConductor& conductor, std::vector<measure::Setup> setups,
                  double angle, bool with_hall);

  /// R of every setup. Beyond anisotropies of e^9 and Hall angles of asinh^-1(4) those at that limit.
  [[nodiscard]] std::vector<double> at(const continuum::Conductivity& conductivity);
  /// R sigma_par at the point (u, a) = spacing (i, j) of the lattice.
  [[nodiscard]] const std::vector<double>& node(int i, int j);
  [[nodiscard]] std::size_t n_solutions() const { return nodes_.size(); }

 private:
  /// Cuts cells until every conductance is known to the deck's tolerance, or 0.1 %: readings are not better.
  void refine_for(const continuum::Conductivity& conductivity);

  const continuum::DeckConductor& conductor_;
  std::vector<measure::Setup> setups_;
  double angle_;
  continuum::Mesh mesh_;
  double finest_ = -5.0;  ///< u that the mesh is fit for
  std::map<std::pair<int, int>, std::vector<double>> nodes_;
};

}  // namespace edotb::analysis
