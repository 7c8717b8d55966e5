#include "edotb/deck/paths.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace edotb::deck {

namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(fs::absolute(path), error);
  if (error) return false;
  const fs::path outer = fs::weakly_canonical(fs::absolute(folder), error);
  if (error) return false;
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

void check_inside(const Deck& deck, const std::string& key, const std::string& path,
                  const fs::path& folder, const std::string& whose) {
  const auto location = deck.locations.find(key);
  const bool overridden = location != deck.locations.end() && location->second.starts_with("--set");
  if (overridden || is_below(path, folder)) return;
  throw bad_input(
      fmt::format("{}: {} lies outside {}; if you trust this deck, give --allow-outside",
                  deck.where(key), path, whose));
}

}  // namespace

std::vector<NamedFile> named_files(const Deck& deck) {
  std::vector<NamedFile> files = {{"sample.system_file", deck.system_file}};
  if (deck.model) {
    const WannierFiles& wannier = deck.model->wannier;
    files.push_back({"sample.model.file", wannier.hr});
    files.push_back({"sample.model.win", wannier.win});
    files.push_back({"sample.model.centres", wannier.centres});
    files.push_back({"sample.model.wsvec", wannier.wsvec});
  }
  if (deck.conductor) {
    files.push_back({"conductor.material.file", deck.conductor->material.file});
    files.push_back({"conductor.shape.file", deck.conductor->shape.file});
  }
  std::erase_if(files, [](const NamedFile& file) { return file.path.empty(); });
  return files;
}

void check_files_inside(const Deck& deck, const std::string& deck_file) {
  const fs::path folder = fs::absolute(deck_file).parent_path();
  for (const auto& [key, path] : named_files(deck)) {
    check_inside(deck, key, path, folder, "the folder of the deck");
  }
}

void check_output_inside(const Deck& deck) {
  check_inside(deck, "output.directory", deck.output_directory, fs::current_path(),
               "the working directory");
}

}  // namespace edotb::deck
