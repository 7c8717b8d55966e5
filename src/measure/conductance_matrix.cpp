// sum_{q != p} G_pq (V_p - V_q) = I_p   (current into contact p; 0 for an ideal voltage probe)
//
// Contacts are eliminated one after another:  V_k = (I_k + sum_q G_kq V_q) / S_k,  S_k = sum_q G_kq  leaves the same
// equations for the rest, with  G_pq + G_pk G_kq / S_k.  Only sums and products of positive numbers occur, so that
// potentials are exact to rounding however different the conductances are (Grassmann, Taksar, Heyman, Oper. Res. 33,
// 1107 (1985)).
#include "edotb/measure/conductance_matrix.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace edotb::measure {

namespace {

/// Conductances below this part of the largest are rounding errors of none.
constexpr double noise = 1e-13;

/// Contacts that `first` is connected with, itself included.
std::vector<std::size_t> connected_with(const ConductanceMatrix& g, std::size_t first) {
  const std::size_t n = g.size();
  double largest = 0.0;
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q < n; ++q) {
      if (p != q) largest = std::max(largest, std::abs(g.at(p, q)));
    }
  }
  std::vector<bool> found(n, false);
  std::vector<std::size_t> contacts = {first};
  found[first] = true;
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    for (std::size_t q = 0; q < n; ++q) {
      const double coupling =
          std::max(std::abs(g.at(contacts[i], q)), std::abs(g.at(q, contacts[i])));
      if (found[q] || !(coupling > noise * largest)) continue;
      found[q] = true;
      contacts.push_back(q);
    }
  }
  return contacts;
}

std::vector<double> unit_current(std::size_t n_contacts, std::size_t in) {
  std::vector<double> currents(n_contacts, 0.0);
  currents[in] = 1.0;
  return currents;
}

}  // namespace

ConductanceMatrix from_transmissions(std::vector<std::string> contacts,
                                     std::span<const double> transmission) {
  ConductanceMatrix g{std::move(contacts), {transmission.begin(), transmission.end()}};
  const std::size_t n = g.size();
  for (std::size_t p = 0; p < n; ++p) {
    double sum = 0.0;
    for (std::size_t q = 0; q < n; ++q) sum += p == q ? 0.0 : g.at(p, q);
    g.values[p * n + p] = -sum;
  }
  return g;
}

ConductanceMatrix reversed(const ConductanceMatrix& g) {
  ConductanceMatrix transposed = g;
  for (std::size_t p = 0; p < g.size(); ++p) {
    for (std::size_t q = 0; q < g.size(); ++q) transposed.values[p * g.size() + q] = g.at(q, p);
  }
  return transposed;
}

std::vector<double> potentials(const ConductanceMatrix& g, std::vector<double> currents,
                               std::size_t ground) {
  const std::size_t n = g.size();
  const auto contacts = connected_with(g, ground);  // ground first: it is what is left at the end
  std::vector<double> left = g.values;              // G of the contacts not yet eliminated
  std::vector<double> sums(n, 0.0);
  for (std::size_t i = contacts.size(); i-- > 1;) {
    const std::size_t k = contacts[i];
    const std::span<const std::size_t> rest(contacts.data(), i);
    for (const std::size_t q : rest) sums[k] += left[k * n + q];
    if (!(sums[k] > 0.0)) {
      throw numerical_error(fmt::format(
          "contact {}: its conductances to the other contacts add up to {}, and must be positive",
          g.contacts[k], sums[k]));
    }
    for (const std::size_t p : rest) {
      const double share = left[p * n + k] / sums[k];
      currents[p] += share * currents[k];
      for (const std::size_t q : rest) {
        if (q != p) left[p * n + q] += share * left[k * n + q];
      }
    }
  }
  std::vector<double> volts(n, std::numeric_limits<double>::quiet_NaN());
  volts[ground] = 0.0;
  for (std::size_t i = 1; i < contacts.size(); ++i) {
    const std::size_t k = contacts[i];
    double sum = currents[k];
    for (std::size_t j = 0; j < i; ++j) sum += left[k * n + contacts[j]] * volts[contacts[j]];
    volts[k] = sum / sums[k];
  }
  return volts;
}

std::vector<double> potentials(const ConductanceMatrix& g, std::size_t in, std::size_t out) {
  auto volts = potentials(g, unit_current(g.size(), in), out);
  if (!std::isfinite(volts[in])) {
    throw numerical_error(fmt::format("no current can flow from contact {} to contact {}",
                                      g.contacts[in], g.contacts[out]));
  }
  return volts;
}

double conductance_between(const ConductanceMatrix& g, std::size_t in, std::size_t out) {
  const double volts = potentials(g, unit_current(g.size(), in), out)[in];
  return std::isfinite(volts) ? 1.0 / volts : 0.0;
}

}  // namespace edotb::measure
