#include "solved_specimens.hpp"

#include "edotb/base/error.hpp"
#include "resistance_table.hpp"

#include <cmath>
#include <map>

namespace edotb::analysis {

/// One specimen, with a table for each angle.
class SolvedSpecimens::Solved {
 public:
  Solved(const Specimen& specimen, bool with_hall)
      : deck_(specimen.deck),
        conductor_(deck_),
        run_(specimen.curves.front().run),
        with_hall_(with_hall) {
    for (const Curve& curve : specimen.curves) setups_.push_back(curve.setup);
  }

  /// Of all setups at once; the last answer at an angle in each direction of the field is kept.
  const std::vector<double>& resistances(double angle, const continuum::Conductivity& c) {
    Answer& last = last_[{angle, std::signbit(c.hall)}];
    const auto& known = last.conductivity;
    if (last.resistances.empty() || known.parallel != c.parallel ||
        known.perpendicular != c.perpendicular || known.hall != c.hall) {
      last = {c, with_context([&] { return "the geometry of " + run_; },
                              [&] { return table(angle).at(c); })};
    }
    return last.resistances;
  }

  [[nodiscard]] bool is_film() const { return deck_.conductor->shape.dimension == 2; }

 private:
  struct Answer {
    continuum::Conductivity conductivity;
    std::vector<double> resistances;
  };

  ResistanceTable& table(double angle) {
    return tables_.try_emplace(angle, conductor_, setups_, angle, with_hall_).first->second;
  }

  deck::Deck deck_;  ///< which the conductor refers to
  continuum::DeckConductor conductor_;
  std::string run_;
  bool with_hall_;
  std::vector<measure::Setup> setups_;
  std::map<double, ResistanceTable> tables_;
  std::map<std::pair<double, bool>, Answer> last_;
};

SolvedSpecimens::SolvedSpecimens(std::span<const Specimen> specimens, bool with_hall) {
  for (const Specimen& specimen : specimens) {
    if (!specimen.deck.conductor) {
      throw bad_input("deconvolution takes decks of the continuum engine (engine.kind: continuum)");
    }
    solved_.push_back(std::make_unique<Solved>(specimen, with_hall));
  }
}

SolvedSpecimens::SolvedSpecimens(SolvedSpecimens&&) noexcept = default;
SolvedSpecimens& SolvedSpecimens::operator=(SolvedSpecimens&&) noexcept = default;
SolvedSpecimens::~SolvedSpecimens() = default;

double SolvedSpecimens::resistance(std::size_t specimen, std::size_t curve, double angle,
                                   const continuum::Conductivity& conductivity) {
  return solved_[specimen]->resistances(angle, conductivity)[curve];
}

bool SolvedSpecimens::is_film(std::size_t specimen) const { return solved_[specimen]->is_film(); }

}  // namespace edotb::analysis
