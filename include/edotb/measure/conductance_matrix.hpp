#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace edotb::measure {

/// A number and its standard error; error 0: exact.
struct Estimate {
  double value = 0.0;
  double error = 0.0;
};

/// Linear response of N contacts: I_p = sum_q G_pq V_q, the current that leaves the sample through contact
/// p. Row-major [to][from]; off the diagonal the current out of one contact per volt on another, and
/// on it minus the current in, so that rows and columns add up to zero. e^2/h or S.
struct ConductanceMatrix {
  std::vector<std::string> contacts;
  std::vector<double> values;

  [[nodiscard]] std::size_t size() const { return contacts.size(); }
  [[nodiscard]] double at(std::size_t to, std::size_t from) const {
    return values[to * size() + from];
  }
};

/// From transmissions or conductances T[to][from], row-major; the diagonal (the reflection) is ignored.
[[nodiscard]] ConductanceMatrix from_transmissions(std::vector<std::string> contacts,
                                                   std::span<const double> transmission);

/// G of the opposite field, and of opposite moments: G_pq(-B) = G_qp(B) (Onsager; Buettiker, IBM J. Res.
/// Dev. 32, 317 (1988)).
[[nodiscard]] ConductanceMatrix reversed(const ConductanceMatrix& g);

/// An ideal current source between two contacts, all others float and carry no current: every
/// contact's potential per unit current, that of `out` being 0. In 1/unit of G. NaN for a contact that nothing
/// connects with these two. Throws numerical_error when no current can flow from `in` to `out`.
[[nodiscard]] std::vector<double> potentials(const ConductanceMatrix& g, std::size_t in,
                                             std::size_t out);

/// The same for any currents into the contacts; their sum is taken out at `ground`, whose potential is 0.
[[nodiscard]] std::vector<double> potentials(const ConductanceMatrix& g,
                                             std::vector<double> currents, std::size_t ground);

/// The current per volt from `in` to `out`, all other contacts floating; 0 where none can flow. Throws
/// numerical_error for conductances that no sample has.
[[nodiscard]] double conductance_between(const ConductanceMatrix& g, std::size_t in,
                                         std::size_t out);

}  // namespace edotb::measure
