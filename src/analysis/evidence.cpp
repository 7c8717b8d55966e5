// Every row of the table "telling the mechanisms apart" as a number; docs/verdict.md prints the table.
#include "edotb/analysis/evidence.hpp"

#include "changes.hpp"
#include "evidence_rows.hpp"

#include <algorithm>
#include <functional>

namespace edotb::analysis {

const Row* Evidence::find(const std::string& name) const {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& candidate) { return candidate.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

Evidence gather_evidence(std::span<const Curve> curves) {
  using Rows = std::function<std::vector<Row>(std::span<const Curve>)>;
  const std::vector<std::pair<std::string, Rows>> observables = {
      {"change across the field against that along it", isotropy_row},
      {"half width in the angle", half_width_row},
      {"half width in several fields", narrowing_row},
      {"fit of cos^2 to the angle", cosine_row},
      {"edge of the planar Hall circle that stays", circle_row},
      {"planar Hall circle", planar_hall_row},
      {"spine and edge (squeeze test)", squeeze_rows},
      {"contacts over the full faces", full_face_row},
      {"Corbino disc in a perpendicular field", corbino_row},
      {"shape in the field", shape_row},
      {"size of the change of conductance", size_row},
      {"variance of the conductance in the field", variance_row},
      {"lowest magnetoresistance over probe pairs", lowest_row},
      {"length of the sample", length_row},
      {"decay of the non-local resistance", nonlocal_row}};
  Evidence evidence;
  for (const auto& [words, rows_of] : observables) {
    const auto rows = rows_of(curves);
    if (rows.empty()) evidence.not_measured.push_back(words);
    evidence.rows.insert(evidence.rows.end(), rows.begin(), rows.end());
  }
  return evidence;
}

}  // namespace edotb::analysis
