#include "commands.hpp"
#include "curve_table.hpp"
#include "edotb/analysis/analysis_file.hpp"
#include "edotb/analysis/deconvolution.hpp"
#include "edotb/analysis/law_fits.hpp"
#include "edotb/analysis/verdict.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <fstream>

namespace edotb::cli {

namespace fs = std::filesystem;

namespace {

std::vector<analysis::Deconvolution> deconvolve_and_print(
    const std::vector<analysis::Curve>& curves, const std::vector<std::string>& overrides) {
  const auto specimens = analysis::specimens_of(curves, overrides);
  if (specimens.empty()) {
    throw bad_input("--deconvolve needs a conductor (engine.kind: continuum) among the folders");
  }
  auto results = analysis::deconvolve(specimens);
  for (const auto& result : results) fmt::print("{}\n", analysis::describe(result));
  return results;
}

std::string json_of(const std::vector<analysis::Deconvolution>& results) {
  nlohmann::json json = nlohmann::json::array();
  for (const auto& result : results) json.push_back(analysis::to_json(result));
  return json.dump(2) + "\n";
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw bad_input(path.string() + ": cannot be written");
  fmt::print("{}\n", path.string());
}

}  // namespace

void analyse_command(const std::vector<std::string>& folders, const std::string& output,
                     const std::vector<std::string>& overrides, bool deconvolve) {
  const auto curves = analysis::read_curves({folders.begin(), folders.end()}, overrides);
  print_curves(curves);
  const auto deconvolutions =
      deconvolve ? deconvolve_and_print(curves, overrides) : std::vector<analysis::Deconvolution>();

  // One run keeps its analysis beside its results; several have no folder in common.
  const fs::path folder = !output.empty() ? output : folders.size() == 1 ? folders.front() : ".";
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw bad_input(fmt::format("{} cannot be created: {}", folder.string(), error.message()));
  }
  analysis::write_analysis(folder / "analysis.h5", curves, deconvolutions);
  const auto fits = analysis::fit_laws(curves, overrides);
  fmt::print("{}", analysis::describe(fits));
  analysis::add_fits(folder / "analysis.h5", fits);
  const auto verdict = analysis::decide(curves, overrides);
  fmt::print("\n{}\n{}\n", analysis::verdict_table(verdict), (folder / "analysis.h5").string());
  write_text(folder / "verdict.json", analysis::verdict_json(verdict, fits));
  if (deconvolve) write_text(folder / "deconvolution.json", json_of(deconvolutions));
}

}  // namespace edotb::cli
