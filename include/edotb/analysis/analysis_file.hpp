#pragma once

#include "edotb/analysis/curve.hpp"

namespace edotb::analysis {

/// Writes analysis.h5: one group /curves/N for each curve, docs/results.md lists what is in it. An older file is
/// replaced. Throws bad_input when it cannot be written.
void write_analysis(const std::filesystem::path& path, const std::vector<Curve>& curves);

}  // namespace edotb::analysis
