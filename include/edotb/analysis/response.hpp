#pragma once

#include "edotb/analysis/mechanisms.hpp"
#include "edotb/continuum/conductivity.hpp"

#include <functional>

namespace edotb::analysis {

/// R of a setup of a conductor of this conductivity, in a field at this angle [deg].
using ResistanceOf = std::function<double(const continuum::Conductivity&, double)>;

/// What a setup reads of a conductor with a given tensor: everything about the sample's geometry, once
/// and for all fields. R = at(tensor, angle)/sigma_0.
class GeometryResponse {
 public:
  /// A uniform current: R = scale (cos^2 theta/par + sin^2 theta/perp). `film`: perp of a film.
  [[nodiscard]] static GeometryResponse uniform(double scale, bool film);
  /// A disc in a perpendicular field: R = scale/perp.
  [[nodiscard]] static GeometryResponse disc(double scale);
  /// Whatever path the current takes. `film`: perp of a film.
  [[nodiscard]] static GeometryResponse conductor(ResistanceOf resistance, bool film);

  /// Whether a reading at this angle can be compared with a tensor.
  [[nodiscard]] bool covers(double angle) const;
  [[nodiscard]] double at(const IntrinsicTensor& tensor, double angle) const;
  /// Whether the resistance itself is known, not just how it changes.
  [[nodiscard]] bool is_absolute() const { return absolute_; }
  /// Whether it knows what contacts do to the current's path.
  [[nodiscard]] bool knows_contacts() const { return kind_ == Kind::conductor; }
  [[nodiscard]] bool is_bar() const { return kind_ != Kind::disc; }

 private:
  enum class Kind { uniform, disc, conductor };
  Kind kind_ = Kind::uniform;
  bool film_ = false;
  bool absolute_ = false;
  double scale_ = 1.0;
  ResistanceOf resistance_;
};

}  // namespace edotb::analysis
