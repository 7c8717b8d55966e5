#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/sample/correlated_field.hpp"
#include "edotb/sample/device.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace edotb::sample {

/// The random part of a Hamiltonian (docs/disorder.md). Every number is keyed by (seed,
/// realisation, place, term), so a realisation is the same sample at every field, angle and energy and
/// on any number of ranks. The leads stay clean.
class Disorder {
 public:
  /// Throws bad_input when a term finds no site, when moments find no spin in the model, or when a
  /// correlation length is too short.
  /// `device` is null for a system file, whose terms use its sites and bonds alone.
  Disorder(const deck::Deck& deck, const DeviceLayout& layout, const Device* device);

  [[nodiscard]] bool empty() const { return terms_.empty(); }
  /// Adds one realisation, in a field, to the entries of a Hamiltonian in the layout's pattern.
  void add(const DeviceLayout& layout, const Device* device, const Field& field,
           std::int64_t realisation, std::span<linalg::Complex> hamiltonian) const;

 private:
  struct Term {
    deck::DisorderTerm deck;
    std::vector<std::size_t> sites;  ///< on which it acts
    std::optional<CorrelatedField> correlated;
  };
  std::vector<Term> terms_;
  std::uint64_t seed_ = 0;
  double magneton_ = 1.0;  ///< mu_B/k_B [K/T], 1 in lattice units
};

}  // namespace edotb::sample
