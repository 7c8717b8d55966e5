// Hard rules first, then probabilities of fitted models; what neither decides is undecided.
#include "edotb/analysis/verdict.hpp"

#include "changes.hpp"
#include "edotb/base/error.hpp"
#include "evidence_rows.hpp"
#include "solved_specimens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace edotb::analysis {

namespace {

constexpr double sure = 0.99;
constexpr double unlikely = 0.01;
constexpr double largest_chi_square =
    2.0;  // per degree of freedom, of a model that describes the data
constexpr double contradiction = 0.01;
constexpr double worth_a_remark = 1.2;  // of the widening of errors

/// What the curves can tell apart.
struct Reach {
  bool disc = false;              ///< in a perpendicular field
  bool across = false;            ///< a bar with the field at 60 deg or more
  bool small_contacts = false;    ///< a bar whose current may change its path
  bool unknown_contacts = false;  ///< one of which the contacts are not known
  bool full_faces = false;
  bool squeeze = false;
  bool temperatures = false;  ///< two or more
  bool fluctuations = false;  ///< the variance tells

  [[nodiscard]] bool turns() const { return disc || across; }
};

Reach reach_of(std::span<const Curve> curves, std::span<const GeometryResponse> responses,
               const Evidence& evidence) {
  constexpr double steep = 60.0;  // deg
  Reach reach;
  std::set<double> temperatures;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Curve& curve = curves[i];
    for (const Reading& reading : curve.readings) temperatures.insert(reading.temperature);
    if (!is_longitudinal(curve)) continue;
    const auto angles = angles_of(curve);
    const bool far = !angles.empty() && angles.back() >= steep;
    reach.across = reach.across || far;
    (curve.geometry.full_face_contacts ? reach.full_faces : reach.small_contacts) = true;
    if (!curve.geometry.full_face_contacts && !responses[i].knows_contacts()) {
      reach.unknown_contacts = true;
    }
  }
  reach.disc = evidence.find("corbino") != nullptr;
  reach.squeeze = evidence.find("squeeze") != nullptr;
  reach.temperatures = temperatures.size() > 1;
  const Row* variance = evidence.find("variance");
  reach.fluctuations =
      variance != nullptr && std::any_of(variance->says.begin(), variance->says.end(),
                                         [](Says says) { return says != Says::nothing; });
  return reach;
}

/// What a rule says of a mechanism, and in which words.
struct Rule {
  State state = State::undecided;
  std::string words;
};

std::optional<Rule> rule_of(Mechanism mechanism, const Evidence& evidence) {
  const auto k = static_cast<std::size_t>(mechanism);
  const auto supports = [&](const char* name) {
    const Row* row = evidence.find(name);
    return row != nullptr && row->says[k] == Says::supports;
  };
  if (mechanism == Mechanism::jetting) {
    if (supports("spine")) return Rule{State::present, "the spine rises and the edge falls"};
    if (supports("lowest")) return Rule{State::present, "a magnetoresistance below -100 %"};
    if (supports("full_face")) return Rule{State::present, "nothing is left with full contacts"};
    return std::nullopt;
  }
  const Row* full = evidence.find("full_face");
  if (full != nullptr && full->says[k] == Says::against) {
    return Rule{State::absent, "nothing is left with full contacts"};
  }
  return std::nullopt;
}

std::string why_not_sure(Mechanism mechanism, const Reach& reach) {
  if (mechanism == Mechanism::jetting) {
    return reach.unknown_contacts ? "the contacts of a curve are not known" : "";
  }
  if (!reach.turns()) {
    return "the field is only along the current, where all mechanisms can lower the resistance";
  }
  if (reach.unknown_contacts && mechanism == Mechanism::anomaly) {
    return "contacts that are not known may change the current's path";
  }
  if (mechanism != Mechanism::anomaly && !reach.temperatures && !reach.fluctuations) {
    return "one temperature: weak localisation and alignment of spins differ in how they "
           "scale with it";
  }
  return "";
}

/// The judgement of the comparison alone.
Judgement compared(Mechanism mechanism, const Comparison& comparison, const Reach& reach) {
  const auto k = static_cast<std::size_t>(mechanism);
  Judgement judgement;
  judgement.probability = comparison.probability[k];
  judgement.strengths = comparison.strengths[k];
  judgement.effect = comparison.effects[k];
  judgement.limit = comparison.limits[k];
  const double limit = judgement.limit.value_or(0.0);
  const std::string doubt = why_not_sure(mechanism, reach);
  const bool has_sign = mechanism == Mechanism::weak_localisation ||
                        mechanism == Mechanism::jetting || judgement.strengths.front().value > 0.0;
  if (comparison.chi_square_each > largest_chi_square) {
    judgement.reason = fmt::format(
        "no combination of the mechanisms describes the readings (chi^2 is {:.1f} per degree of "
        "freedom)",
        comparison.chi_square_each);
  } else if (judgement.probability >= sure && !has_sign) {
    judgement.reason = "the fit needs it with the opposite sign";
  } else if (!doubt.empty()) {
    judgement.reason = doubt;
  } else if (judgement.probability >= sure) {
    judgement.state = State::present;
    judgement.reason = "without it the readings are not described";
  } else if (comparison.relevance[k] > unlikely) {
    judgement.reason = "it describes the readings, but so do others";
  } else if (judgement.limit && limit < negligible_effect) {
    judgement.state = State::absent;
    judgement.reason = fmt::format("not needed, and it changes no resistance by more than {:.1f} %",
                                   100.0 * limit);
  } else if (judgement.limit && std::isfinite(limit)) {
    judgement.reason =
        fmt::format("the readings allow it up to {:.0f} % of a resistance", 100.0 * limit);
  } else {
    judgement.reason = "the readings do not determine its strength";
  }
  return judgement;
}

std::string evidence_words(double log_odds) {
  constexpr double very_strong = 10.0;  // 2 ln(odds): Kass and Raftery, J. Am. Stat. Assoc. 90, 773
  constexpr double strong = 6.0;
  constexpr double positive = 2.0;
  const double twice = 2.0 * std::abs(log_odds);
  if (twice > very_strong) return "very strong";
  if (twice > strong) return "strong";
  return twice > positive ? "positive" : "weak";
}

void apply(const Rule& rule, Judgement& judgement, bool has_comparison) {
  const double against =
      rule.state == State::present ? judgement.probability : 1.0 - judgement.probability;
  if (has_comparison && against < contradiction) {
    judgement.state = State::undecided;
    judgement.reason = rule.words + ", but the comparison of models says otherwise";
    return;
  }
  judgement.state = rule.state;
  judgement.reason = rule.words;
  judgement.strength_of_evidence = "very strong";
}

std::vector<std::string> experiments(const std::array<Judgement, n_mechanisms>& judgements,
                                     const Reach& reach) {
  const auto open = [&](Mechanism mechanism) {
    return judgements[static_cast<std::size_t>(mechanism)].state == State::undecided;
  };
  const bool isotropic = open(Mechanism::weak_localisation) || open(Mechanism::alignment);
  std::vector<std::string> next;
  if ((isotropic || open(Mechanism::anomaly)) && !reach.disc) {
    next.emplace_back(
        "run a Corbino disc with B perpendicular to it: there the chiral anomaly is gone, weak "
        "localisation and alignment of spins stay");
  }
  if ((isotropic || open(Mechanism::anomaly)) && !reach.across) {
    next.emplace_back("turn the field from 0 to 90 deg: the chiral anomaly follows cos^2");
  }
  if (open(Mechanism::jetting) || open(Mechanism::anomaly)) {
    if (!reach.full_faces) {
      next.emplace_back("repeat with contacts over the full end faces: jetting is gone there");
    }
    if (!reach.squeeze) {
      next.emplace_back(
          "squeeze test: voltages on the spine and on the edge of a thin plate (a deck with its "
          "contacts lets the geometry be computed)");
    }
  }
  if (isotropic && !reach.temperatures) {
    next.emplace_back("repeat at another temperature: alignment of spins depends on B/T alone");
  }
  const bool any = std::any_of(judgements.begin(), judgements.end(), [](const auto& judgement) {
    return judgement.state == State::undecided;
  });
  if (any && next.empty()) {
    next.emplace_back("more fields and angles, and smaller errors of the readings");
  }
  return next;
}

std::string summary_of(const std::array<Judgement, n_mechanisms>& judgements) {
  std::string summary;
  for (const auto& [state, words] :
       {std::pair{State::present, "Present"}, std::pair{State::absent, "Absent"},
        std::pair{State::undecided, "Undecided"}}) {
    Mechanisms with;
    for (std::size_t k = 0; k < n_mechanisms; ++k) with[k] = judgements[k].state == state;
    if (with.none()) continue;
    summary += fmt::format("{}{}: {}.", summary.empty() ? "" : " ", words, words_of(with));
  }
  return summary;
}

/// The verdict on curves whose rows are known.
Verdict judge(std::span<const Curve> curves, std::span<const GeometryResponse> responses,
              Evidence evidence) {
  Verdict verdict;
  verdict.evidence = std::move(evidence);
  verdict.comparison = compare(curves, responses);
  const Reach reach = reach_of(curves, responses, verdict.evidence);
  for (const Mechanism mechanism : all_mechanisms) {
    const auto k = static_cast<std::size_t>(mechanism);
    Judgement& judgement = verdict.judgements[k];
    if (verdict.comparison) {
      judgement = compared(mechanism, *verdict.comparison, reach);
      judgement.strength_of_evidence = evidence_words(verdict.comparison->log_odds[k]);
    } else {
      judgement.strength_of_evidence = "weak";
      judgement.reason =
          fmt::format("fewer than {} readings in a field along the current", fewest_data);
    }
    if (const auto rule = rule_of(mechanism, verdict.evidence)) {
      apply(*rule, judgement, verdict.comparison.has_value());
    }
    for (const Row& row : verdict.evidence.rows) {
      if (row.says[k] == Says::supports) judgement.supporting.push_back(row.name);
      if (row.says[k] == Says::against) judgement.opposing.push_back(row.name);
    }
  }
  if (verdict.comparison && verdict.comparison->error_scale > worth_a_remark) {
    verdict.remarks.push_back(
        fmt::format("the best fit misses the readings by {:.2f} of their errors on average, and "
                    "errors were widened by that",
                    verdict.comparison->error_scale));
  }
  verdict.next_experiments = experiments(verdict.judgements, reach);
  verdict.summary = summary_of(verdict.judgements);
  return verdict;
}

std::size_t n_readings_in_field(std::span<const Curve> curves) {
  std::size_t n = 0;
  for (const Curve& curve : curves) {
    n += static_cast<std::size_t>(
        std::count_if(curve.readings.begin(), curve.readings.end(),
                      [](const Reading& reading) { return reading.field != 0.0; }));
  }
  return n;
}

}  // namespace

Verdict decide(std::span<const Curve> curves, const std::vector<std::string>& overrides) {
  if (curves.empty()) throw bad_input("there are no curves to decide on");
  std::vector<Curve> alike;
  std::set<double> others;
  for (const Curve& curve : curves) {
    if (curve.energy == curves.front().energy) {
      alike.push_back(curve);
    } else if (curve.energy) {
      others.insert(*curve.energy);
    }
  }
  const Conductors conductors = conductors_of(alike, overrides);
  Evidence evidence = gather_evidence(alike);
  IntrinsicChange intrinsic;
  // Solving a geometry takes time, and with fewer readings there is no comparison either.
  if (n_readings_in_field(alike) >= fewest_data) intrinsic = intrinsic_change(alike, conductors);
  if (intrinsic.rows.empty())
    evidence.not_measured.emplace_back("magnetoresistance without the current's path");
  std::move(intrinsic.rows.begin(), intrinsic.rows.end(), std::back_inserter(evidence.rows));
  Verdict verdict = judge(alike, responses_of(alike, conductors), std::move(evidence));
  std::move(intrinsic.remarks.begin(), intrinsic.remarks.end(),
            std::back_inserter(verdict.remarks));
  if (!others.empty()) {
    verdict.remarks.push_back(fmt::format(
        "the verdict is on the first energy, {:g} {}; {} others were left out",
        curves.front().energy.value_or(0.0), curves.front().units.energy, others.size()));
  }
  return verdict;
}

Verdict decide(std::span<const Curve> curves, std::span<const GeometryResponse> responses) {
  return judge(curves, responses, gather_evidence(curves));
}

}  // namespace edotb::analysis
