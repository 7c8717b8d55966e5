#pragma once

#include "edotb/analysis/evidence.hpp"

namespace edotb::analysis {

struct Change;

/// The changes at the highest field of the reference curve, by rising angle; none unless they reach from 0 to 90 deg.
[[nodiscard]] std::vector<Change> changes_by_angle(std::span<const Curve> curves);

// Each gives the rows of one observable; none where the curves do not allow it. By the angle:

/// [R(90) - R(0)] / [R(0 deg) - R(0)] in the highest field.
[[nodiscard]] std::vector<Row> isotropy_row(std::span<const Curve> curves);
/// Where the change is halfway between those at 0 and 90 deg.
[[nodiscard]] std::vector<Row> half_width_row(std::span<const Curve> curves);
/// d ln(half width)/d ln(B) by least squares: 0 of a uniform tensor, towards -1 of current jetting.
[[nodiscard]] std::vector<Row> narrowing_row(std::span<const Curve> curves);
/// b in R = a (1 + b cos^2 theta), by least squares.
[[nodiscard]] std::vector<Row> cosine_row(std::span<const Curve> curves);
/// |d rho_perp| / (|d rho_par| + |d rho_perp|): 0 where the edge rho_perp stays, 1 where rho_par does. Between the fitted planar
/// Hall circles in the lowest and the highest field; with fewer than two of them from R(0 deg) and R(90 deg) and no field.
[[nodiscard]] std::vector<Row> circle_row(std::span<const Curve> curves);
/// (rho_perp - rho_par)/rho_perp of the planar Hall circle in the highest field.
[[nodiscard]] std::vector<Row> planar_hall_row(std::span<const Curve> curves);

// By the sample:

/// Changes on the spine and on the edge of one run.
[[nodiscard]] std::vector<Row> squeeze_rows(std::span<const Curve> curves);
/// The change between contacts over the full faces, field along the current.
[[nodiscard]] std::vector<Row> full_face_row(std::span<const Curve> curves);
/// The change of a disc, field along its normal.
[[nodiscard]] std::vector<Row> corbino_row(std::span<const Curve> curves);
/// The lowest R(B)/R(0) - 1 of all setups along the current, at all angles.
[[nodiscard]] std::vector<Row> lowest_row(std::span<const Curve> curves);
/// The change in the longest over that in the shortest of samples that differ in length alone.
[[nodiscard]] std::vector<Row> length_row(std::span<const Curve> curves);
/// How the voltage decays far from the current's contacts, in the highest field.
[[nodiscard]] std::vector<Row> nonlocal_row(std::span<const Curve> curves);

// By the field:

/// BIC of the law that describes R(B) best against the next.
[[nodiscard]] std::vector<Row> shape_row(std::span<const Curve> curves);
/// G(B) - G(0) in e^2/h, of the coherent engine; sigma(B)/sigma(0) - 1 otherwise.
[[nodiscard]] std::vector<Row> size_row(std::span<const Curve> curves);
/// var g(B)/var g(0) over realisations.
[[nodiscard]] std::vector<Row> variance_row(std::span<const Curve> curves);

struct Conductors;

/// The magnetoresistance along the field without the current's path.
struct IntrinsicChange {
  std::vector<Row> rows;             ///< one, or none where the probes do not determine it
  std::vector<std::string> remarks;  ///< what they do not determine
};

/// By deconvolution of the readings at the lowest temperature, in the highest field and in none.
[[nodiscard]] IntrinsicChange intrinsic_change(std::span<const Curve> curves,
                                               const Conductors& conductors);

}  // namespace edotb::analysis
