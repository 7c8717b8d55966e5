// A mode opens or closes where dE_n/dk = 0. Extrema are bracketed on a grid of k and refined by Brent's
// method (golden section with parabolic steps; Brent, Algorithms for Minimization without Derivatives,
// 1973, chapter 5).

#include "edotb/lead/band_edges.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/lead/lead.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace edotb::lead {

namespace {

constexpr std::size_t n_grid = 64;
constexpr double grid_step = 2.0 * constants::pi / static_cast<double>(n_grid);
/// The error of an extreme value is the square of that of k.
constexpr double k_tolerance = 1e-7;
/// A band that varies less than this between grid points is flat, relative to the largest energy.
constexpr double flat = 1e-12;
/// Edges nearer than this count once, relative likewise.
constexpr double same_edge = 1e-11;

/// The least value of f in [middle - step, middle + step], where f(middle) is below both ends.
template <class Function>
double least_value(const Function& f, double middle, double at_middle, double step) {
  constexpr double golden = 0.3819660112501051;
  constexpr int max_steps = 60;
  double low = middle - step;
  double high = middle + step;
  double best = middle;
  double second = middle;
  double third = middle;
  double f_best = at_middle;
  double f_second = at_middle;
  double f_third = at_middle;
  double move = 0.0;
  double move_before = 0.0;
  for (int i = 0; i < max_steps; ++i) {
    const double centre = 0.5 * (low + high);
    if (std::abs(best - centre) + 0.5 * (high - low) <= 2.0 * k_tolerance) break;
    // The vertex of the parabola through the three best points, as (p/q) away from the best.
    const double r = (best - second) * (f_best - f_third);
    double q = (best - third) * (f_best - f_second);
    double p = (best - third) * q - (best - second) * r;
    q = 2.0 * (q - r);
    if (q > 0.0) p = -p;
    q = std::abs(q);
    const bool parabola = std::abs(p) < std::abs(0.5 * q * move_before) && p > q * (low - best) &&
                          p < q * (high - best);
    if (parabola) {
      move_before = std::exchange(move, p / q);
    } else {
      move_before = (best < centre ? high : low) - best;
      move = golden * move_before;
    }
    const double k =
        best + (std::abs(move) >= k_tolerance ? move : std::copysign(k_tolerance, move));
    const double value = f(k);
    if (value <= f_best) {
      (k < best ? high : low) = best;
      third = std::exchange(second, std::exchange(best, k));
      f_third = std::exchange(f_second, std::exchange(f_best, value));
    } else {
      (k < best ? low : high) = k;
      if (value <= f_second || second == best) {
        third = std::exchange(second, k);
        f_third = std::exchange(f_second, value);
      } else if (value <= f_third || third == best || third == second) {
        third = k;
        f_third = value;
      }
    }
  }
  return f_best;
}

bool is_real(const linalg::Matrix& a) {
  return std::all_of(a.values().begin(), a.values().end(),
                     [](linalg::Complex value) { return value.imag() == 0.0; });
}

/// The bands of one lead, each k computed once; those of a real Hamiltonian are even in k.
class Bands {
 public:
  explicit Bands(const sample::LeadCell& lead)
      : lead_(lead), is_even_(is_real(lead.cell) && is_real(lead.hopping)) {}
  const std::vector<double>& at(double k) {
    if (is_even_) k = std::abs(k);
    const auto found = known_.find(k);
    if (found != known_.end()) return found->second;
    return known_.emplace(k, lead_bands(lead_, k)).first->second;
  }

 private:
  const sample::LeadCell& lead_;
  bool is_even_;
  std::map<double, std::vector<double>> known_;
};

void add_edges(const sample::LeadCell& lead, double low, double high, std::vector<double>& edges) {
  Bands bands(lead);
  const auto grid = [&](std::size_t j) {
    return -constants::pi + grid_step * static_cast<double>(j % n_grid);
  };
  for (std::size_t j = 0; j < n_grid; ++j) {
    const double k = grid(j);
    const std::vector<double>& here = bands.at(k);
    const std::vector<double>& left = bands.at(grid(j + n_grid - 1));
    const std::vector<double>& right = bands.at(grid(j + 1));
    const double size = std::max(std::abs(here.front()), std::abs(here.back()));
    for (std::size_t n = 0; n < here.size(); ++n) {
      const bool is_least = here[n] <= left[n] && here[n] <= right[n];
      const bool is_largest = here[n] >= left[n] && here[n] >= right[n];
      if (!is_least && !is_largest) continue;
      const double sign = is_least ? 1.0 : -1.0;
      const double rise = std::max(sign * (left[n] - here[n]), sign * (right[n] - here[n]));
      // The extremum lies beyond `here` by less than the rise to the farther neighbour.
      if (here[n] < low - rise || here[n] > high + rise) continue;
      // An extremum on the grid point itself, as symmetry puts it at k = 0 and pi, needs no search.
      const bool symmetric = std::abs(left[n] - right[n]) <= flat * size;
      const double value =
          symmetric ? here[n]
                    : sign * least_value([&](double at) { return sign * bands.at(at)[n]; }, k,
                                         sign * here[n], grid_step);
      if (value >= low && value <= high) edges.push_back(value);
    }
  }
}

/// True when `b` is the other end of the chain of `a`: the same bands.
bool same_chain(const sample::LeadCell& a, const sample::LeadCell& b) {
  if (a.cell.rows() != b.cell.rows() || a.hopping.columns() != b.hopping.columns()) return false;
  if (linalg::max_norm(a.cell - b.cell) != 0.0) return false;
  if (linalg::max_norm(a.hopping - b.hopping) == 0.0) return true;
  return a.hopping.rows() == a.hopping.columns() &&
         linalg::max_norm(a.hopping - adjoint(b.hopping)) == 0.0;
}

}  // namespace

std::vector<double> band_edges(std::span<const sample::LeadCell> leads, double low, double high) {
  std::vector<double> edges;
  for (std::size_t k = 0; k < leads.size(); ++k) {
    if (leads[k].cell.empty()) continue;  // a metal without bands
    const auto first = std::find_if(leads.begin(), leads.begin() + static_cast<std::ptrdiff_t>(k),
                                    [&](const auto& other) { return same_chain(other, leads[k]); });
    if (first == leads.begin() + static_cast<std::ptrdiff_t>(k)) {
      add_edges(leads[k], low, high, edges);
    }
  }
  std::sort(edges.begin(), edges.end());
  const double size = std::max(std::abs(low), std::abs(high));
  edges.erase(std::unique(edges.begin(), edges.end(),
                          [&](double a, double b) { return b - a <= same_edge * size; }),
              edges.end());
  return edges;
}

}  // namespace edotb::lead
