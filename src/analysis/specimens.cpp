#include "edotb/analysis/deconvolution.hpp"
#include "edotb/base/hdf5.hpp"

#include <algorithm>

namespace edotb::analysis {

namespace {

namespace fs = std::filesystem;

deck::Deck deck_of(const fs::path& folder, const std::vector<std::string>& overrides) {
  const fs::path results = folder / "results.h5";
  if (fs::exists(results)) {
    const hdf5::Handle file = hdf5::open_for_reading(results.string());
    return deck::parse_deck(hdf5::read_text_attribute(file.id(), "expanded_deck"), results.string(),
                            overrides);
  }
  const std::string path = (folder / "deck.yaml").string();
  return deck::parse_deck(deck::read_deck_file(path), path, overrides);
}

}  // namespace

std::vector<Specimen> specimens_of(const std::vector<Curve>& curves,
                                   const std::vector<std::string>& overrides) {
  std::vector<Specimen> specimens;
  for (const Curve& curve : curves) {
    if (!curve.geometry.classical) continue;
    auto known = std::find_if(specimens.begin(), specimens.end(), [&](const Specimen& specimen) {
      return specimen.curves.front().run == curve.run;
    });
    if (known == specimens.end()) {
      specimens.push_back({deck_of(curve.run, overrides), {}});
      known = specimens.end() - 1;
    }
    known->curves.push_back(curve);
  }
  return specimens;
}

}  // namespace edotb::analysis
