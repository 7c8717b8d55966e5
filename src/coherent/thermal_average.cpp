// L_n/(k_B T)^n = int dx w(x) x^n T(mu + k_B T x),   w(x) = 1/(4 cosh^2(x/2)),   x = (E - mu)/(k_B T).
//
// Transmissions jump, or rise as a square root, where a mode of a lead opens. Panels end there, and the
// substitution E(s) with dE/ds = 0 at such an end makes a root smooth again: sqrt(E - E_n) ~ s.

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"
#include "edotb/coherent/thermal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace edotb::coherent {

namespace {

/// The 15-point Kronrod rule on [-1, 1] and the 7-point Gauss rule inside it, at its odd places
/// (Piessens et al., QUADPACK, Springer 1983).
constexpr std::size_t n_nodes = 15;
constexpr std::array<double, 8> kronrod_node = {
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
    0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
    0.586087235467691130294144691693193, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245, 0.0};
constexpr std::array<double, 8> kronrod_weight = {
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
    0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
    0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
constexpr std::array<double, 4> gauss_weight = {
    0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
    0.381830050505118944950369775488975, 0.417959183673469387755102040816327};

/// Typical size of x^n under w: the root of its mean square.
constexpr double mean_square = constants::pi * constants::pi / 3.0;
constexpr std::array<double, n_moments> moment_size = {1.0, 1.8137993642342178, mean_square};
/// Conductances below this (in e^2/h) count by their absolute error.
constexpr double negligible = 1e-10;
/// Share of the tolerance that the first panels leave out on each side.
constexpr double tail_share = 0.02;
/// Nothing is left beyond so many k_B T: 3e-23.
constexpr double last_reach = 60.0;
/// A breakpoint of convenience gives way to a kink nearer than this share of its distance from mu.
constexpr double crowded = 0.1;
/// Two kinks nearer than this share of tolerance x the lowest k_B T are one.
constexpr double same_kink = 0.1;
/// An energy without a solution is moved by this share of the lowest k_B T, then by four times as much
/// to the other side, and so on.
constexpr double first_move = 1e-6;
constexpr int n_moves = 5;

/// x^n w(x) left out on one side beyond x: for n = 2, which has the most.
double tail(double x) { return (x * x + 2.0 * x + 2.0) * std::exp(-x); }

/// How far the panels go, in units of the highest k_B T: at first, and when more is needed, as where the
/// transmission is much larger away from mu (an insulator).
std::array<double, 3> reaches(double tolerance) {
  double first = 4.0;
  while (tail(first) > tail_share * tolerance && first < last_reach) first += 0.25;
  return {first, 0.5 * (first + last_reach), last_reach};
}

struct Breakpoint {
  double energy = 0.0;
  bool is_kink = false;
};

double coldest_of(const ThermalWindows& windows) {
  return *std::min_element(windows.thermal_energies.begin(), windows.thermal_energies.end());
}
double hottest_of(const ThermalWindows& windows) {
  return *std::max_element(windows.thermal_energies.begin(), windows.thermal_energies.end());
}

/// mu, a ladder of energies around it so that every temperature finds a panel of its own size, and the
/// kinks, the nearest first if there are too many.
std::vector<Breakpoint> breakpoints(const ThermalWindows& windows) {
  const double coldest = coldest_of(windows);
  const double hottest = hottest_of(windows);
  const EnergyRange range = energy_range(windows);
  const double mu = windows.chemical_potential;

  std::vector<double> kinks;
  for (const double kink : windows.kinks) {
    if (kink > range.low && kink < range.high) kinks.push_back(kink);
  }
  std::sort(kinks.begin(), kinks.end());
  const double merged = same_kink * windows.tolerance * coldest;
  kinks.erase(
      std::unique(kinks.begin(), kinks.end(), [&](double a, double b) { return b - a < merged; }),
      kinks.end());
  std::sort(kinks.begin(), kinks.end(),
            [&](double a, double b) { return std::abs(a - mu) < std::abs(b - mu); });
  const auto most_kinks = static_cast<std::size_t>(windows.max_energies) / (2 * n_nodes);
  kinks.resize(std::min(kinks.size(), most_kinks));

  std::vector<Breakpoint> points;
  const auto reach = reaches(windows.tolerance);
  for (const double x : reach) {
    for (const double distance : {-x * hottest, x * hottest})
      points.push_back({mu + distance, false});
  }
  const auto add_soft = [&](double energy, double room) {
    const bool taken = std::any_of(kinks.begin(), kinks.end(), [&](double kink) {
      return std::abs(kink - energy) < crowded * room;
    });
    if (!taken) points.push_back({energy, false});
  };
  add_soft(mu, 4.0 * coldest);
  constexpr double ladder = 4.0;
  double distance = reach[0] * hottest / ladder;
  while (distance > 3.0 * coldest) {
    add_soft(mu - distance, distance);
    add_soft(mu + distance, distance);
    distance /= ladder;
  }
  for (const double kink : kinks) points.push_back({kink, true});
  std::sort(points.begin(), points.end(),
            [](const auto& a, const auto& b) { return a.energy < b.energy; });
  return points;
}

/// E(s) on [0, 1] between two breakpoints.
struct Segment {
  Breakpoint low;
  Breakpoint high;

  struct Place {
    double energy = 0.0;
    double slope = 0.0;  ///< dE/ds
  };
  [[nodiscard]] Place at(double s) const {
    const double width = high.energy - low.energy;
    if (low.is_kink && high.is_kink) {
      return {low.energy + width * s * s * (3.0 - 2.0 * s), width * 6.0 * s * (1.0 - s)};
    }
    if (low.is_kink) return {low.energy + width * s * s, width * 2.0 * s};
    if (high.is_kink) {
      return {high.energy - width * (1.0 - s) * (1.0 - s), width * 2.0 * (1.0 - s)};
    }
    return {low.energy + width * s, width};
  }
};

std::vector<Segment> all_segments(const ThermalWindows& windows) {
  const auto points = breakpoints(windows);
  std::vector<Segment> segments;
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    segments.push_back({points[i], points[i + 1]});
  return segments;
}

/// True for a segment at `from` to `to` times the highest k_B T from mu.
bool is_between(const ThermalWindows& windows, const Segment& segment, double from, double to) {
  const double middle = 0.5 * (segment.low.energy + segment.high.energy);
  const double distance = std::abs(middle - windows.chemical_potential) / hottest_of(windows);
  return distance > from && distance < to;
}

/// A part [from, to] of a segment with its share of every moment.
struct Panel {
  std::size_t segment = 0;
  double from = 0.0;
  double to = 1.0;
  std::vector<double> moments;
  std::vector<double> error;
};

class Integrator {
 public:
  Integrator(const TransmissionAt& transmission, std::size_t n_leads, const ThermalWindows& windows)
      : transmission_(transmission),
        n_pairs_(n_leads * n_leads),
        n_leads_(n_leads),
        windows_(windows),
        coldest_(coldest_of(windows)),
        segments_(all_segments(windows)) {
    largest_.assign(size(), 0.0);
  }

  ThermalAverage integrate() {
    const auto reach = reaches(windows_.tolerance);
    std::vector<Panel> panels;
    add_ring(0.0, reach[0], panels);
    for (std::size_t ring = 0;;) {
      sum(panels, reach[ring]);
      const auto allowed = allowed_errors();
      const auto excess = [&](const std::vector<double>& error) {
        double worst = 0.0;
        for (std::size_t i = 0; i < error.size(); ++i) {
          worst = std::max(worst, error[i] / allowed[i]);
        }
        return worst;
      };
      result_.converged = excess(result_.error) <= 1.0;
      if (result_.converged) break;
      if (ring + 1 < reach.size() && excess(left_out(reach[ring])) > 0.3) {
        add_ring(reach[ring], reach[ring + 1], panels);
        ++ring;
        continue;
      }
      const auto worst = std::max_element(
          panels.begin(), panels.end(),
          [&](const Panel& a, const Panel& b) { return excess(a.error) < excess(b.error); });
      const double middle = 0.5 * (worst->from + worst->to);
      const auto next = static_cast<std::int64_t>(2 * n_nodes);
      if (result_.n_energies + next > windows_.max_energies || too_narrow(*worst)) break;
      Panel upper = panel(worst->segment, middle, worst->to);
      *worst = panel(worst->segment, worst->from, middle);
      panels.push_back(std::move(upper));
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::size_t size() const {
    return windows_.thermal_energies.size() * n_moments * n_pairs_;
  }

  /// True when halving would only measure rounding.
  [[nodiscard]] bool too_narrow(const Panel& panel) const {
    const double width = segments_[panel.segment].at(panel.to).energy -
                         segments_[panel.segment].at(panel.from).energy;
    return width < 1e-10 * coldest_;
  }

  /// The panels at `from` to `to` times the highest k_B T from mu, on both sides.
  void add_ring(double from, double to, std::vector<Panel>& panels) {
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (is_between(windows_, segments_[i], from, to)) panels.push_back(panel(i, 0.0, 1.0));
    }
  }

  Panel panel(std::size_t segment, double from, double to) {
    Panel result{segment, from, to, std::vector<double>(size()), std::vector<double>(size())};
    std::vector<double> gauss(size());
    const double half = 0.5 * (to - from);
    for (std::size_t k = 0; k < n_nodes; ++k) {
      const std::size_t i = std::min(k, n_nodes - 1 - k);
      const double node = k < n_nodes / 2 ? -kronrod_node[i] : kronrod_node[i];
      const auto place = segments_[segment].at(from + half * (1.0 + node));
      const auto [energy, values] = solved(place.energy);
      add(result.moments, half * kronrod_weight[i] * place.slope, energy, values);
      if (k % 2 == 1) add(gauss, half * gauss_weight[i / 2] * place.slope, energy, values);
    }
    for (std::size_t i = 0; i < gauss.size(); ++i) {
      result.error[i] = std::abs(result.moments[i] - gauss[i]);
    }
    return result;
  }

  /// The transmissions at this energy or, where it has no solution, a little beside it.
  std::pair<double, std::vector<double>> solved(double energy) {
    double move = 0.0;
    for (int attempt = 0;; ++attempt) {
      try {
        std::vector<double> values = transmission_(energy + move);
        ++result_.n_energies;
        if (attempt > 0) ++result_.n_moved;
        if (values.size() != n_pairs_ &&
            values.size() != n_pairs_ * windows_.thermal_energies.size()) {
          throw internal_error("a thermal average got transmissions of the wrong size");
        }
        return {energy + move, std::move(values)};
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::numerical || attempt == n_moves) throw;
      }
      move = attempt == 0 ? first_move * coldest_ : -4.0 * move;
    }
  }

  /// sums[temperature][n][pair] += weight w(x)/(k_B T) x^n T[pair].
  void add(std::vector<double>& sums, double weight, double energy,
           const std::vector<double>& values) {
    const std::size_t stride = values.size() == n_pairs_ ? 0 : n_pairs_;
    for (std::size_t t = 0; t < windows_.thermal_energies.size(); ++t) {
      const double kt = windows_.thermal_energies[t];
      const double x = (energy - windows_.chemical_potential) / kt;
      const double decay = std::exp(-std::abs(x));
      double factor = weight * decay / ((1.0 + decay) * (1.0 + decay)) / kt;
      for (std::size_t n = 0; n < n_moments; ++n) {
        for (std::size_t i = 0; i < n_pairs_; ++i) {
          const std::size_t place = (t * n_moments + n) * n_pairs_ + i;
          const double value = values[t * stride + i];
          sums[place] += factor * value;
          largest_[place] = std::max(largest_[place], std::abs(value));
        }
        factor *= x;
      }
    }
  }

  void sum(const std::vector<Panel>& panels, double reach) {
    result_.moments.assign(size(), 0.0);
    result_.error = left_out(reach);
    for (const Panel& panel : panels) {
      for (std::size_t i = 0; i < size(); ++i) {
        result_.moments[i] += panel.moments[i];
        result_.error[i] += panel.error[i];
      }
    }
  }

  /// What lies beyond `reach` highest k_B T at most, if the transmission there is not larger than any met
  /// so far, or one.
  [[nodiscard]] std::vector<double> left_out(double reach) const {
    std::vector<double> error(size());
    const double hottest = hottest_of(windows_);
    for (std::size_t i = 0; i < size(); ++i) {
      const double kt = windows_.thermal_energies[i / (n_moments * n_pairs_)];
      error[i] = 2.0 * tail(reach * hottest / kt) * std::max(1.0, largest_[i]);
    }
    return error;
  }

  /// The error that each entry may have; without limit on the diagonal, which is reflection.
  [[nodiscard]] std::vector<double> allowed_errors() const {
    std::vector<double> allowed(size(), std::numeric_limits<double>::infinity());
    for (std::size_t t = 0; t < windows_.thermal_energies.size(); ++t) {
      double scale = negligible;
      for (std::size_t i = 0; i < n_pairs_; ++i) {
        if (i % (n_leads_ + 1) != 0) {
          scale = std::max(scale, result_.moments[t * n_moments * n_pairs_ + i]);
        }
      }
      for (std::size_t n = 0; n < n_moments; ++n) {
        for (std::size_t i = 0; i < n_pairs_; ++i) {
          if (i % (n_leads_ + 1) == 0) continue;
          allowed[(t * n_moments + n) * n_pairs_ + i] = windows_.tolerance * moment_size[n] * scale;
        }
      }
    }
    return allowed;
  }

  const TransmissionAt& transmission_;
  std::size_t n_pairs_;
  std::size_t n_leads_;
  const ThermalWindows& windows_;
  double coldest_;
  std::vector<Segment> segments_;
  std::vector<double> largest_;  ///< |T| met at any energy, per entry of the moments
  ThermalAverage result_;
};

}  // namespace

EnergyRange energy_range(const ThermalWindows& windows) {
  const double width = last_reach * hottest_of(windows);
  return {windows.chemical_potential - width, windows.chemical_potential + width};
}

std::int64_t first_energies(const ThermalWindows& windows) {
  const auto segments = all_segments(windows);
  const double reach = reaches(windows.tolerance).front();
  const auto n_segments = std::count_if(segments.begin(), segments.end(), [&](const auto& segment) {
    return is_between(windows, segment, 0.0, reach);
  });
  return static_cast<std::int64_t>(n_nodes) * n_segments;
}

ThermalAverage thermal_average(const TransmissionAt& transmission, std::size_t n_leads,
                               const ThermalWindows& windows) {
  return Integrator(transmission, n_leads, windows).integrate();
}

}  // namespace edotb::coherent
