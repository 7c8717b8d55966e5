#pragma once

#include "edotb/analysis/curve.hpp"

namespace edotb::cli {

/// Prints a line for each setup: what flows where and what is read.
void print_setups(const std::vector<measure::Setup>& setups);

/// Prints each curve as a table: field, angle, temperature, resistance and change, with errors and units; then
/// what was left out.
void print_curves(const std::vector<analysis::Curve>& curves);

/// The same of a results file whose deck has measurements; else nothing.
void print_measurements(const std::string& results);

}  // namespace edotb::cli
