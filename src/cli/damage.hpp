#pragma once

#include <string>
#include <vector>

namespace edotb::cli {

/// What a run's status is in words, for a point without numbers.
[[nodiscard]] const char* reason_of(std::int8_t status);

/// Throws bad_input that lists the damaged points of a results file, if there are any.
void report_damage(const std::string& results, const std::vector<std::string>& points);

}  // namespace edotb::cli
