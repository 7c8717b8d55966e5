#include "commands.hpp"
#include "curve_table.hpp"
#include "edotb/analysis/analysis_file.hpp"
#include "edotb/analysis/verdict.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <fstream>

namespace edotb::cli {

namespace fs = std::filesystem;

void analyse_command(const std::vector<std::string>& folders, const std::string& output,
                     const std::vector<std::string>& overrides) {
  const auto curves = analysis::read_curves({folders.begin(), folders.end()}, overrides);
  print_curves(curves);

  // One run keeps its analysis beside its results; several have no folder in common.
  const fs::path folder = !output.empty() ? output : folders.size() == 1 ? folders.front() : ".";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw bad_input(fmt::format("{} cannot be created: {}", folder.string(), error.message()));
  }
  analysis::write_analysis(folder / "analysis.h5", curves);
  const auto verdict = analysis::decide(curves);
  const fs::path path = folder / "verdict.json";
  std::ofstream(path) << analysis::verdict_json(verdict);
  fmt::print("\n{}\n{}\n{}\n", analysis::verdict_table(verdict), (folder / "analysis.h5").string(),
             path.string());
}

}  // namespace edotb::cli
