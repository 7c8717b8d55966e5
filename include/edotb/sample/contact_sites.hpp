#pragma once

#include "edotb/deck/deck.hpp"
#include "edotb/sample/lattice.hpp"

#include <string>
#include <vector>

namespace edotb::sample {

/// A contact on the lattice. Its sites form columns along `translation`, the shortest lattice vector of
/// its direction or the opposite one, so that both ends of a bar count the same way.
struct ContactSites {
  deck::Contact contact;
  bool is_lead = true;               ///< a semi-infinite crystal; else a metal on single sites
  CellIndex translation{};           ///< first non-zero component positive
  int outwards = 1;                  ///< +-1: outwards along the translation
  int reach = 1;                     ///< periods that a hopping spans
  int plane = 0;                     ///< outermost period of a lead
  std::vector<LatticeSite> columns;  ///< remainder and sublattice of each column
  std::vector<int> outermost;        ///< period of each column's outermost site

  /// The sites that the lead's cell 0 or the metal sits on.
  [[nodiscard]] std::vector<LatticeSite> interface() const;
  /// Site of a column at a period.
  [[nodiscard]] LatticeSite site(const LatticeSite& column, int period) const;
};

/// Finds the sites of each contact. Under a lead the sample is continued up to a plane: `sites` gains
/// what is missing. Where two leads of different directions would share sites the later one moves out by
/// a cell. Throws bad_input when a contact touches no site, is larger than a dense matrix allows, or is a
/// lead along which nothing hops; `keys` says where each contact stands in the deck.
[[nodiscard]] std::vector<ContactSites> place_contacts(const std::vector<deck::Contact>& contacts,
                                                       const model::Model& model,
                                                       const Vector3& centre,
                                                       const std::vector<std::string>& keys,
                                                       std::vector<LatticeSite>& sites);

}  // namespace edotb::sample
