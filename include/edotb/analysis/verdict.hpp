#pragma once

#include "edotb/analysis/comparison.hpp"
#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/evidence.hpp"
#include "edotb/analysis/law_fits.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

enum class State { absent, undecided, present };

/// What is said of one mechanism.
struct Judgement {
  State state = State::undecided;
  double probability = 0.5;          ///< from the comparison of all 16 combinations
  std::string strength_of_evidence;  ///< "very strong", "strong", "positive", "weak"
  std::string reason;                ///< why this state
  std::vector<NamedStrength> strengths;
  std::optional<Effect> effect;
  std::optional<double> limit;          ///< of a mechanism that is not needed: Comparison::limits
  std::vector<std::string> supporting;  ///< names of rows
  std::vector<std::string> opposing;
};

struct Verdict {
  std::string summary;
  std::array<Judgement, n_mechanisms> judgements;  ///< in the order of all_mechanisms
  Evidence evidence;
  std::optional<Comparison> comparison;
  std::vector<std::string> next_experiments;  ///< that would decide what is undecided
  std::vector<std::string> remarks;
};

/// Which mechanisms the curves of one material show. A mechanism is present where the comparison gives it
/// 99 % and the curves can tell it from the others, or where a rule of docs/verdict.md says so; absent where
/// it changes a resistance by more than 10 % with a probability below 1 %, and could not do so
/// within two errors; undecided otherwise, and wherever no combination describes the readings or a rule and the
/// comparison disagree. Curves at other energies than the first one's are of other materials, and are left out
/// with a remark. `overrides` ("key.path=value") change the decks of conductors. Throws bad_input for no curves.
[[nodiscard]] Verdict decide(std::span<const Curve> curves,
                             const std::vector<std::string>& overrides = {});
/// The same with responses that are known already.
[[nodiscard]] Verdict decide(std::span<const Curve> curves,
                             std::span<const GeometryResponse> responses);

/// The decision table for people.
[[nodiscard]] std::string verdict_table(const Verdict& verdict);
/// verdict.json as docs/verdict.md describes it.
[[nodiscard]] std::string verdict_json(const Verdict& verdict,
                                       std::span<const FittedSeries> fits = {});

}  // namespace edotb::analysis
