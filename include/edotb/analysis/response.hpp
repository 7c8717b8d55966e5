#pragma once

#include "edotb/analysis/curve.hpp"
#include "edotb/analysis/mechanisms.hpp"

#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// What a setup reads of a conductor with a given tensor: everything about the sample's geometry, once
/// and for all fields. R = at(tensor, angle)/sigma_0.
class GeometryResponse {
 public:
  /// A uniform current: R = scale (cos^2 theta/par + sin^2 theta/perp). `film`: perp of a film.
  [[nodiscard]] static GeometryResponse uniform(double scale, bool film);
  /// A disc in a perpendicular field: R = scale/perp.
  [[nodiscard]] static GeometryResponse disc(double scale);
  /// R par at angle[i] [deg] where A = par/perp is anisotropy_nodes()[j]: values[i][j].
  [[nodiscard]] static GeometryResponse table(std::vector<double> angles,
                                              std::vector<std::vector<double>> values, bool film);

  /// Whether a reading at this angle can be compared with a tensor.
  [[nodiscard]] bool covers(double angle) const;
  [[nodiscard]] double at(const IntrinsicTensor& tensor, double angle) const;
  /// Whether the resistance itself is known, not just how it changes.
  [[nodiscard]] bool is_absolute() const { return absolute_; }
  /// Whether it knows what contacts do to the current's path.
  [[nodiscard]] bool knows_contacts() const { return kind_ == Kind::table; }
  [[nodiscard]] bool is_bar() const { return kind_ != Kind::disc; }

 private:
  enum class Kind { uniform, disc, table };
  Kind kind_ = Kind::uniform;
  bool film_ = false;
  bool absolute_ = false;
  double scale_ = 1.0;
  std::vector<double> angles_;
  std::vector<std::vector<double>> values_;  ///< R par/sqrt(A), at the nodes
};

/// Values of A at which a table is made: Chebyshev's points of ln A.
[[nodiscard]] std::vector<double> anisotropy_nodes();

/// The response of every curve. Runs of the continuum engine (their deck is in the folder) are solved for
/// unit conductivity along the field at every node and angle, without a Hall part; discs in
/// a perpendicular field and runs of the coherent engine have the closed forms above. Throws bad_input.
[[nodiscard]] std::vector<GeometryResponse> responses_of(std::span<const Curve> curves);

}  // namespace edotb::analysis
