#pragma once

#include "edotb/analysis/deconvolution.hpp"
#include "edotb/analysis/response.hpp"
#include "edotb/continuum/conductivity.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// Specimens as the continuum engine sees them: the resistance of any of their curves' setups, at any angle of the
/// field, for any uniform conductivity. The deconvolution and the verdict both read it. Each specimen and angle is solved
/// as far as it is asked for, and kept: not for several threads.
class SolvedSpecimens {
 public:
  /// `with_hall`: meshes are made fit for Hall angles too. Throws bad_input for a deck without a conductor.
  SolvedSpecimens(std::span<const Specimen> specimens, bool with_hall);
  SolvedSpecimens(const SolvedSpecimens&) = delete;
  SolvedSpecimens& operator=(const SolvedSpecimens&) = delete;
  SolvedSpecimens(SolvedSpecimens&&) noexcept;
  SolvedSpecimens& operator=(SolvedSpecimens&&) noexcept;
  ~SolvedSpecimens();

  /// R of curve number `curve` of a specimen, the field at `angle` [deg], in 1/(unit of sigma * unit of length).
  [[nodiscard]] double resistance(std::size_t specimen, std::size_t curve, double angle,
                                  const continuum::Conductivity& conductivity);
  [[nodiscard]] bool is_film(std::size_t specimen) const;

 private:
  class Solved;
  std::vector<std::unique_ptr<Solved>> solved_;
};

/// The same as deconvolve() with what is solved of these specimens already; a Hall part is solved anew.
[[nodiscard]] std::vector<Deconvolution> deconvolve(std::span<const Specimen> specimens,
                                                    SolvedSpecimens& plain,
                                                    const DeconvolutionOptions& options);

/// The conductors among curves, with contacts that are known.
struct Conductors {
  std::vector<Specimen> specimens;
  std::vector<std::vector<std::size_t>> numbers;  ///< [specimen]: which of all curves its own are
  std::shared_ptr<SolvedSpecimens> solved;
};

/// Those of the curves along the current of a conductor whose deck is in its folder; `overrides` change the deck.
[[nodiscard]] Conductors conductors_of(std::span<const Curve> curves,
                                       const std::vector<std::string>& overrides);

/// The response of every curve: of the conductors through what is solved of them; discs in a perpendicular field and
/// runs of the coherent engine have the closed forms of GeometryResponse.
[[nodiscard]] std::vector<GeometryResponse> responses_of(std::span<const Curve> curves,
                                                         const Conductors& conductors);

}  // namespace edotb::analysis
