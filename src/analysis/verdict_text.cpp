// The verdict as a table and as JSON; docs/verdict.md describes both.
#include "edotb/analysis/verdict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace edotb::analysis {

namespace {

using nlohmann::ordered_json;

const char* word_of(State state) {
  switch (state) {
    case State::present:
      return "present";
    case State::absent:
      return "absent";
    case State::undecided:
      return "undecided";
  }
  return "";
}

const char* word_of(Says says) {
  switch (says) {
    case Says::supports:
      return "supports";
    case Says::against:
      return "against";
    case Says::nothing:
      return "nothing";
  }
  return "";
}

char sign_of(Says says) { return says == Says::supports ? '+' : says == Says::against ? '-' : '.'; }

std::string with_error(double value, double error, const std::string& unit) {
  const std::string tail = unit == "1" ? "" : " " + unit;
  if (error == 0.0) return fmt::format("{:.4g}{} (exact)", value, tail);
  return fmt::format("{:.4g} +- {:.2g}{}", value, error, tail);
}

/// A number, or null for one that JSON cannot hold.
ordered_json number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json json_of(const Row& row) {
  ordered_json says;
  for (std::size_t k = 0; k < n_mechanisms; ++k) {
    says[key_of(all_mechanisms[k])] = word_of(row.says[k]);
  }
  return {{"name", row.name},           {"observable", row.observable},
          {"value", number(row.value)}, {"error", number(row.error)},
          {"unit", row.unit},           {"says", says},
          {"reading", row.reading},     {"used", row.used}};
}

ordered_json json_of(const Judgement& judgement, Mechanism mechanism) {
  ordered_json strengths = ordered_json::array();
  for (const NamedStrength& strength : judgement.strengths) {
    strengths.push_back({{"name", strength.name},
                         {"value", number(strength.value)},
                         {"error", number(strength.error)},
                         {"unit", strength.unit},
                         {"determined", strength.determined}});
  }
  ordered_json effect = nullptr;
  if (judgement.effect) {
    effect = {{"change", number(judgement.effect->change)},
              {"error", number(judgement.effect->error)},
              {"where", judgement.effect->where}};
  }
  return {{"mechanism", key_of(mechanism)},
          {"words", words_of(mechanism)},
          {"state", word_of(judgement.state)},
          {"probability", judgement.probability},
          {"evidence", judgement.strength_of_evidence},
          {"reason", judgement.reason},
          {"strengths", strengths},
          {"effect", effect},
          {"limit", judgement.limit ? number(*judgement.limit) : ordered_json(nullptr)},
          {"supporting", judgement.supporting},
          {"opposing", judgement.opposing}};
}

ordered_json json_of(const Combination& combination) {
  ordered_json keys = ordered_json::array();
  for (std::size_t k = 0; k < n_mechanisms; ++k) {
    if (combination.mechanisms[k]) keys.push_back(key_of(all_mechanisms[k]));
  }
  return {{"mechanisms", keys},
          {"n_parameters", combination.fit.values.size()},
          {"chi_squared", number(combination.fit.chi_squared)},
          {"bic", number(combination.bic)},
          {"probability", combination.probability}};
}

}  // namespace

std::string verdict_json(const Verdict& verdict, std::span<const FittedSeries> fits) {
  ordered_json json = {{"format", "edotb-verdict"}, {"format_version", 1}};
  json["summary"] = verdict.summary;
  json["mechanisms"] = ordered_json::array();
  for (std::size_t k = 0; k < n_mechanisms; ++k) {
    json["mechanisms"].push_back(json_of(verdict.judgements[k], all_mechanisms[k]));
  }
  json["rows"] = ordered_json::array();
  for (const Row& row : verdict.evidence.rows) json["rows"].push_back(json_of(row));
  json["not_measured"] = verdict.evidence.not_measured;
  json["comparison"] = nullptr;
  if (verdict.comparison) {
    const Comparison& comparison = *verdict.comparison;
    ordered_json models = ordered_json::array();
    for (const Combination& combination : comparison.combinations) {
      models.push_back(json_of(combination));
    }
    json["comparison"] = {{"prior", "each of the 16 combinations 1/16"},
                          {"n_data", comparison.n_data},
                          {"n_free_factors", comparison.n_scales},
                          {"chi_squared_per_degree_of_freedom", comparison.chi_square_each},
                          {"error_scale", comparison.error_scale},
                          {"models", models}};
  }
  json["fits"] = to_json(fits);
  json["next_experiments"] = verdict.next_experiments;
  json["remarks"] = verdict.remarks;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string verdict_table(const Verdict& verdict) {
  std::string text = verdict.summary + "\n\n";
  text += fmt::format("{:<20} {:<10} {:>11}  {:<12} {}\n", "mechanism", "state", "probability",
                      "evidence", "reason");
  for (std::size_t k = 0; k < n_mechanisms; ++k) {
    const Judgement& judgement = verdict.judgements[k];
    text += fmt::format("{:<20} {:<10} {:>11.4f}  {:<12} {}\n", words_of(all_mechanisms[k]),
                        word_of(judgement.state), judgement.probability,
                        judgement.strength_of_evidence, judgement.reason);
  }
  for (std::size_t k = 0; k < n_mechanisms; ++k) {
    const Judgement& judgement = verdict.judgements[k];
    if (judgement.state != State::present) continue;
    text += fmt::format("\n{}\n", words_of(all_mechanisms[k]));
    if (judgement.effect) {
      text += fmt::format("  changes a resistance by {}: {}\n",
                          with_error(judgement.effect->change, judgement.effect->error, "1"),
                          judgement.effect->where);
    }
    for (const NamedStrength& strength : judgement.strengths) {
      text += fmt::format("  {}: {}\n", strength.name,
                          strength.determined
                              ? with_error(strength.value, strength.error, strength.unit)
                              : "not determined");
    }
  }
  text += fmt::format("\n{:<12} {:<4} {:<28} {}\n", "row", "LAEJ", "value", "what it says");
  for (const Row& row : verdict.evidence.rows) {
    std::string signs;
    for (const Says says : row.says) signs += sign_of(says);
    text += fmt::format("{:<12} {:<4} {:<28} {}: {}\n", row.name, signs,
                        with_error(row.value, row.error, row.unit), row.observable, row.reading);
  }
  text +=
      "+ supports, - against, . tells nothing: L weak localisation, A alignment of spins, "
      "E chiral anomaly, J current jetting\n";
  if (!verdict.evidence.not_measured.empty()) {
    text += fmt::format("not measured: {}\n", fmt::join(verdict.evidence.not_measured, "; "));
  }
  for (const auto& experiment : verdict.next_experiments) {
    text += fmt::format("would decide: {}\n", experiment);
  }
  for (const auto& remark : verdict.remarks) text += fmt::format("remark: {}\n", remark);
  return text;
}

}  // namespace edotb::analysis
