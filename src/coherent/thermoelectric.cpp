// Contacts at voltages V and temperatures T in linear response:
//     0   = sum_r L0_pr (v_r - v_p) + L1_pr (theta_r - theta_p),
//     J_p = sum_r L1_pr (v_r - v_p) + L2_pr (theta_r - theta_p),
// solved for every heated contact q: theta = 1 on q and 0 elsewhere, v_q = 0.

#include "edotb/base/constants.hpp"
#include "edotb/coherent/thermal.hpp"
#include "edotb/linalg/dense.hpp"

#include <algorithm>
#include <limits>

namespace edotb::coherent {

using linalg::Matrix;

namespace {

/// A conductance (in e^2/h) below this counts as no connection.
constexpr double no_connection = 1e-12;

/// L_n of one temperature, by their indices.
struct Moments {
  std::span<const double> values;
  std::size_t n_leads;
  [[nodiscard]] double operator()(std::size_t n, std::size_t to, std::size_t from) const {
    return values[(n * n_leads + to) * n_leads + from];
  }
};

/// The contacts other than q that a current can reach from q.
std::vector<std::size_t> connected_to(const Moments& moments, std::size_t q) {
  std::vector<std::size_t> reached = {q};
  std::vector<bool> is_reached(moments.n_leads, false);
  is_reached[q] = true;
  for (std::size_t next = 0; next < reached.size(); ++next) {
    for (std::size_t p = 0; p < moments.n_leads; ++p) {
      const std::size_t r = reached[next];
      if (is_reached[p] || moments(0, p, r) + moments(0, r, p) < no_connection) continue;
      is_reached[p] = true;
      reached.push_back(p);
    }
  }
  reached.erase(reached.begin());
  return reached;
}

/// The voltages v at which no contact carries a current while q is heated.
std::vector<double> open_circuit_voltages(const Moments& moments, std::size_t q,
                                          const std::vector<std::size_t>& contacts) {
  Matrix balance(contacts.size(), contacts.size());
  Matrix driven(contacts.size(), 1);
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    const std::size_t p = contacts[i];
    double conductance = 0.0;
    for (std::size_t r = 0; r < moments.n_leads; ++r) {
      if (r != p) conductance += moments(0, p, r);
    }
    // Divided by its diagonal, a row keeps its digits however weakly its contact is coupled.
    for (std::size_t j = 0; j < contacts.size(); ++j) {
      balance(i, j) = i == j ? 1.0 : -moments(0, p, contacts[j]) / conductance;
    }
    driven(i, 0) = moments(1, p, q) / conductance;
  }
  std::vector<double> v(moments.n_leads, 0.0);
  if (contacts.empty()) return v;
  const Matrix solution = linalg::solve(std::move(balance), std::move(driven));
  for (std::size_t i = 0; i < contacts.size(); ++i) v[contacts[i]] = solution(i, 0).real();
  return v;
}

}  // namespace

Thermoelectric thermoelectric(std::span<const double> moments, std::size_t n_leads, int charge) {
  constexpr double heat_quantum = constants::pi * constants::pi / 3.0;
  const Moments l{moments, n_leads};
  Thermoelectric result;
  result.thermopower.assign(n_leads * n_leads, std::numeric_limits<double>::quiet_NaN());
  result.heat_conductance.assign(n_leads * n_leads, 0.0);
  for (std::size_t q = 0; q < n_leads; ++q) {
    const auto contacts = connected_to(l, q);
    const auto v = open_circuit_voltages(l, q, contacts);
    result.thermopower[q * n_leads + q] = 0.0;
    for (const std::size_t p : contacts) result.thermopower[p * n_leads + q] = charge * v[p];
    for (std::size_t p = 0; p < n_leads; ++p) {
      double heat = 0.0;
      for (std::size_t r = 0; r < n_leads; ++r) {
        if (r == p) continue;
        const double theta = (r == q ? 1.0 : 0.0) - (p == q ? 1.0 : 0.0);
        heat += l(1, p, r) * (v[r] - v[p]) + l(2, p, r) * theta;
      }
      result.heat_conductance[p * n_leads + q] = heat / heat_quantum;
    }
  }
  return result;
}

}  // namespace edotb::coherent
