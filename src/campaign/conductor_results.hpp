#pragma once

#include "edotb/campaign/results_file.hpp"
#include "edotb/continuum/deck_conductor.hpp"

namespace edotb::campaign {

/// What one point of the continuum engine leaves behind.
struct ConductorResult {
  Status status = Status::not_computed;
  std::vector<double> conductance;  ///< [to][from] [S]
  std::vector<double> error;        ///< of each, estimated
  std::vector<double> potential;    ///< [probe][from] [V per V]
  double current_error = 0.0;
  std::int64_t n_unknowns = 0;
  std::int64_t n_iterations = 0;
  std::int64_t n_refinements = 0;
  double seconds = 0.0;
  std::string remark;
};

/// Creates results.h5 with the group /continuum; on one rank. Throws bad_input when it cannot be written.
void create_conductor_results(const std::filesystem::path& path, const deck::Deck& deck,
                              const continuum::DeckConductor& conductor,
                              const Provenance& provenance, int n_ranks);

/// A point's result as parts of the file's datasets, which point into `result`.
[[nodiscard]] std::vector<PointPart> parts_of(const ConductorResult& result);

}  // namespace edotb::campaign
