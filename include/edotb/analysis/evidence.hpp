#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/mechanisms.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// What one observation means for a mechanism.
enum class Says { against = -1, nothing = 0, supports = 1 };

/// One observable of the table in docs/verdict.md, as a number.
struct Row {
  std::string name;        ///< a key, "corbino"
  std::string observable;  ///< in words
  double value = 0.0;
  double error = 0.0;  ///< one standard error; 0: exact
  std::string unit = "1";
  std::array<Says, n_mechanisms> says = {};
  std::string reading = {};            ///< what it says, in words
  std::vector<std::string> used = {};  ///< run/setup and fields, angles, temperature
};

struct Evidence {
  std::vector<Row> rows;
  std::vector<std::string> not_measured;  ///< observables for which the curves do not suffice

  [[nodiscard]] const Row* find(const std::string& name) const;
};

/// Every observable that the curves allow, at the lowest temperature and the highest field. A change
/// counts where it is larger than 3 errors.
[[nodiscard]] Evidence gather_evidence(std::span<const Curve> curves);

}  // namespace edotb::analysis
