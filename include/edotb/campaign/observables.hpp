#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/coherent/currents.hpp"
#include "edotb/coherent/engine.hpp"
#include "edotb/deck/deck.hpp"
#include "edotb/sample/conserved.hpp"
#include "edotb/sample/sample.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace edotb::campaign {

/// An inner axis of observables: what its places are called in the results file.
struct ObservableAxis {
  std::string name;
  std::string long_name;
  std::variant<std::vector<std::int64_t>, std::vector<double>> values;

  [[nodiscard]] std::size_t length() const;
};

/// A dataset with one block per point; the block's axes are named.
struct ObservableDataset {
  std::string name;
  std::vector<std::string> axes;
  std::string units;
  std::string long_name;
  bool is_complex = false;
};

/// A dataset that does not depend on the point.
struct FixedDataset {
  ObservableDataset dataset;
  std::variant<std::vector<std::int64_t>, std::vector<double>> values;
};

/// One point's block of a dataset, row-major; it may be shorter than the dataset along axes of modes.
struct ObservableBlock {
  std::vector<std::size_t> shape;
  std::vector<double> values;  ///< of a complex dataset the real and imaginary parts in turn
};

/// What output.observables asks for, for one sample: which datasets there are, and their values.
class Observables {
 public:
  /// Throws bad_input when the sample cannot give what is asked for: voltages that are not one per
  /// contact, a site that does not exist, a quantity that a lead does not conserve.
  Observables(const deck::Deck& deck, const sample::Sample& sample);

  [[nodiscard]] bool empty() const { return datasets_.empty(); }
  [[nodiscard]] const std::vector<ObservableDataset>& datasets() const { return datasets_; }
  [[nodiscard]] const std::vector<FixedDataset>& fixed_datasets() const { return fixed_; }
  /// The axes of all datasets; those of modes are `most_modes` long.
  [[nodiscard]] std::vector<ObservableAxis> axes(std::size_t most_modes) const;
  /// True when an axis counts modes.
  [[nodiscard]] bool counts_modes() const;
  /// True when points need all their scattering states.
  [[nodiscard]] bool needs_states() const;
  /// The number of columns of G that points need.
  [[nodiscard]] std::size_t n_green_columns() const { return orbitals_.size(); }
  /// More than the S-matrix: states or columns of the Green function.
  [[nodiscard]] bool needs_solutions() const { return needs_states() || n_green_columns() > 0; }
  /// Size of all blocks of `n_points` points.
  [[nodiscard]] double gigabytes(std::int64_t n_points, std::size_t most_modes) const;
  /// Throws bad_input when they exceed output.max_gigabytes.
  void check_size(std::int64_t n_points, std::size_t most_modes) const;

  /// The leads as the observables want their modes, in channel order where that matters.
  [[nodiscard]] std::vector<lead::LeadSolution> ordered(
      std::vector<lead::LeadSolution> leads) const;
  /// One block per dataset. Throws numerical_error.
  [[nodiscard]] std::vector<ObservableBlock> evaluate(coherent::Engine& engine,
                                                      std::span<const linalg::Complex> hamiltonian,
                                                      std::span<const lead::LeadSolution> leads,
                                                      double energy,
                                                      const coherent::Scattering& scattering) const;

 private:
  [[nodiscard]] bool wants(const std::string& name) const { return options_.wants(name); }
  [[nodiscard]] bool wants_channels() const;
  void add_fixed_datasets(const deck::Deck& deck, const sample::Sample& sample);
  void check_conserved(const deck::Deck& deck, const sample::Sample& sample) const;

  void add_channel_blocks(std::span<const lead::LeadSolution> leads,
                          const coherent::Scattering& scattering,
                          std::vector<ObservableBlock>& blocks) const;
  void add_currents(std::span<const linalg::Complex> hamiltonian,
                    std::span<const lead::LeadSolution> leads, const linalg::Matrix& states,
                    std::vector<ObservableBlock>& blocks) const;

  deck::ObservableOptions options_;
  std::string where_;
  sample::DeviceLayout layout_;
  bool is_placed_ = false;  ///< the sites have positions
  std::vector<ObservableDataset> datasets_;
  std::vector<FixedDataset> fixed_;
  std::optional<sample::Conserved> conserved_;
  std::vector<double> sectors_;         ///< values of what the channels are sorted by
  std::vector<int> outwards_;           ///< of each lead along its crystal's axis, for valleys
  std::vector<std::int64_t> orbitals_;  ///< of the sites between which G is written
  coherent::BondList bonds_;
  std::vector<Vector3>
      bond_directions_;  ///< over the volume per site, so that currents become a density
};

/// The most open modes of any lead at any point of the sweeps; 0 when no lead can be solved. Solves the
/// leads of all points, spread over the ranks. Collective.
[[nodiscard]] std::size_t most_open_modes(const deck::Deck& deck, const sample::Sample& sample,
                                          const mpi::Communicator& comm);

}  // namespace edotb::campaign
