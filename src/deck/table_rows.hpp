#pragma once

#include "edotb/deck/table.hpp"

#include <limits>

namespace edotb::deck {

/// The rows of the parameter table, section by section.
[[nodiscard]] std::vector<Parameter> model_rows();
[[nodiscard]] std::vector<Parameter> shape_rows();
[[nodiscard]] std::vector<Parameter> disorder_rows();
[[nodiscard]] std::vector<Parameter> region_rows();
[[nodiscard]] std::vector<Parameter> contact_rows();
[[nodiscard]] std::vector<Parameter> lead_rows();
[[nodiscard]] std::vector<Parameter> field_rows();
[[nodiscard]] std::vector<Parameter> run_rows();
[[nodiscard]] std::vector<Parameter> measurement_rows();
[[nodiscard]] std::vector<Parameter> bands_rows();
[[nodiscard]] std::vector<Parameter> output_rows();
[[nodiscard]] std::vector<Parameter> conductor_rows();

inline constexpr double max_cells = 100000;
inline constexpr Bounds positive{0.0, std::numeric_limits<double>::infinity(), false};
inline constexpr Bounds not_negative{0.0, std::numeric_limits<double>::infinity(), true};

}  // namespace edotb::deck
