#pragma once

#include "edotb/analysis/deconvolution.hpp"

namespace edotb::analysis {

/// Writes analysis.h5: one group /curves/N for each curve and /deconvolution/N for each deconvolved sample;
/// docs/results.md lists what is in them. An older file is replaced. Throws bad_input when it cannot be written.
void write_analysis(const std::filesystem::path& path, const std::vector<Curve>& curves,
                    const std::vector<Deconvolution>& deconvolutions = {});

}  // namespace edotb::analysis
