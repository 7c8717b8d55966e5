#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/model/model.hpp"
#include "edotb/sample/gauge.hpp"
#include "edotb/sample/scattering_problem.hpp"

#include <span>
#include <string>
#include <vector>

namespace edotb::sample {

/// A uniform field as a bar feels it.
struct Field {
  Vector3 b{};       ///< (charge/hbar) B [rad/a^2], Cartesian
  Vector3 zeeman{};  ///< factor of sigma in the Zeeman term, (g/2) mu_B B [eV or t]
};

/// A bar of length x width x thickness cells with a lead on each end: lead 0 before the first slice
/// (the source), lead 1 after the last (the drain). Its Hamiltonian in a field is
///     <i|H|j> = T_ij exp(i A((r_i + r_j)/2).(r_i - r_j))  +  zeeman.sigma on site,
/// with positions from the centre of the cross-section.
class Bar {
 public:
  /// Throws bad_input when the bar is shorter than the reach of the hopping.
  Bar(model::Model device, model::Model lead, const deck::BarShape& shape,
      const deck::FieldOptions& field);

  [[nodiscard]] const DeviceLayout& layout() const { return layout_; }
  [[nodiscard]] const Axes& axes() const { return axes_; }

  /// Why this field, of strength `magnitude`, does not fit a periodic cross-section (a flux is not a
  /// whole number of quanta), or "".
  [[nodiscard]] std::string objection(const Field& field, double magnitude) const;
  /// Entries of the clean device's Hamiltonian, in the layout's pattern.
  [[nodiscard]] std::vector<linalg::Complex> hamiltonian(const Field& field) const;
  /// Leads 0 and 1; field-free when the field acts in the device only.
  [[nodiscard]] std::vector<LeadCell> leads(const Field& field) const;
  /// b times the area of a cell's face normal to current, width and thickness [rad].
  [[nodiscard]] Vector3 flux_per_plaquette(const Field& field) const;

 private:
  struct Cell {
    std::array<int, 3> index{};  ///< Cartesian order
  };
  /// A hopping between two cells of a block of slices, wrapped round the torus where it must be.
  struct Bond {
    std::size_t to = 0;
    std::size_t from = 0;
    Vector3 origin_to{};  ///< of the unwrapped cell
    Vector3 origin_from{};
    Vector3 translation{};  ///< unwrapped minus wrapped position
    double along = 0.0;     ///< middle of the two cells along the current, in cells
  };

  [[nodiscard]] std::array<int, 3> extents(int n_slices) const;
  [[nodiscard]] Vector3 cell_origin(const std::array<int, 3>& index) const;
  [[nodiscard]] std::size_t cell_number(const std::array<int, 3>& index) const;
  [[nodiscard]] double ramp_factor(double along) const;
  /// Calls visit(hopping, bond) for every hopping whose `from` cell lies in slices
  /// [0, n_slices) and whose `to` cell lies in [0, n_slices) shifted by `slice_shift`.
  template <class Visit>
  void for_each_bond(const model::Model& model, int n_slices, int slice_shift, Visit visit) const;
  [[nodiscard]] linalg::Complex bond_phase(const Gauge& gauge, const Bond& bond,
                                           const Vector3& site_to, const Vector3& site_from,
                                           double strength) const;
  void build_layout();
  [[nodiscard]] linalg::Matrix slice_matrix(const Field& field, int slice_shift) const;

  model::Model device_;
  model::Model lead_;
  deck::BarShape shape_;
  Axes axes_;
  bool everywhere_ = true;
  int ramp_ = 0;
  int reach_ = 1;                ///< slices that a hopping spans; the lead's cell has as many
  std::array<bool, 3> wraps_{};  ///< Cartesian: hopping closes round the torus along this axis
  Vector3 centre_{};
  std::vector<std::size_t> site_of_orbital_;  ///< in a unit cell
  DeviceLayout layout_;
};

}  // namespace edotb::sample
