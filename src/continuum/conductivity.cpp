// sigma(B) = s_par b b^T + s_perp (1 - b b^T) + s_H eps.b

#include "edotb/continuum/conductivity.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace edotb::continuum {

Conductivity drude_conductivity(std::span<const DrudeBand> bands, double field) {
  Conductivity sum{0.0, 0.0, 0.0};
  for (const DrudeBand& band : bands) {
    const double at_zero = band.density * constants::elementary_charge * band.mobility;
    const double mu_b = band.mobility * field;
    sum.parallel += at_zero;
    sum.perpendicular += at_zero / (1.0 + mu_b * mu_b);
    sum.hall += band.sign * at_zero * mu_b / (1.0 + mu_b * mu_b);
  }
  return sum;
}

double chiral_conductivity(const WeylNodes& nodes, double field) {
  constexpr double e = constants::elementary_charge;
  const double mu = nodes.chemical_potential * e;  // in J
  return nodes.n_pairs * std::pow(e, 4) * std::pow(nodes.velocity, 3) * nodes.axial_time * field *
         field / (4.0 * std::pow(constants::pi, 2) * constants::hbar * mu * mu);
}

Conductivity ConductivityTable::at(double b) const {
  const double magnitude = std::abs(b);
  if (field.empty() || magnitude < field.front() || magnitude > field.back()) {
    throw bad_input(fmt::format("the conductivity table ends before a field of {} T", b));
  }
  const auto above = std::upper_bound(field.begin(), field.end(), magnitude);
  const auto high = std::min(static_cast<std::size_t>(above - field.begin()), field.size() - 1);
  const std::size_t low = high == 0 ? 0 : high - 1;
  const double s = high == low ? 0.0 : (magnitude - field[low]) / (field[high] - field[low]);
  const auto between = [&](double Conductivity::*part) {
    return (1.0 - s) * (conductivity[low].*part) + s * (conductivity[high].*part);
  };
  const double hall = between(&Conductivity::hall);
  return {between(&Conductivity::parallel), between(&Conductivity::perpendicular),
          b < 0.0 ? -hall : hall};
}

namespace {

/// The numbers of a line; nullopt-like empty when one of its words is no number.
std::vector<double> numbers_of(std::string line) {
  std::replace(line.begin(), line.end(), ',', ' ');
  std::replace(line.begin(), line.end(), ';', ' ');
  std::istringstream words(line);
  std::vector<double> numbers;
  for (std::string word; words >> word;) {
    char* end = nullptr;
    const double number = std::strtod(word.c_str(), &end);
    if (*end != '\0') return {};
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

ConductivityTable parse_conductivity_table(const std::string& text, const std::string& name) {
  constexpr std::size_t n_columns = 4;
  ConductivityTable table;
  std::istringstream stream(text);
  int number = 0;
  bool may_be_header = true;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") == std::string::npos || line.front() == '#') continue;
    const auto values = numbers_of(line);
    const bool is_header = may_be_header && values.empty();
    may_be_header = false;
    if (is_header) continue;
    const auto refuse = [&](const std::string& what) {
      return bad_input(fmt::format("{}:{}: {}", name, number, what));
    };
    if (values.size() != n_columns ||
        !std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) {
      throw refuse("expected four numbers: B, sigma_parallel, sigma_perpendicular, sigma_hall");
    }
    if (values[0] < 0.0) throw refuse("fields begin at zero or above");
    if (!table.field.empty() && values[0] <= table.field.back()) {
      throw refuse("fields must ascend");
    }
    if (!(values[1] > 0.0 && values[2] > 0.0)) {
      throw refuse("sigma_parallel and sigma_perpendicular must be positive");
    }
    table.field.push_back(values[0]);
    table.conductivity.push_back({values[1], values[2], values[3]});
  }
  if (table.field.empty()) throw bad_input(name + ": the table has no numbers");
  return table;
}

Tensor conductivity_tensor(const Conductivity& c, const Vector3& direction) {
  const bool is_finite =
      std::isfinite(c.parallel) && std::isfinite(c.perpendicular) && std::isfinite(c.hall);
  if (!is_finite || !(c.parallel > 0.0) || !(c.perpendicular > 0.0)) {
    throw bad_input(
        fmt::format("the conductivity tensor is not positive definite: sigma_parallel = {}, "
                    "sigma_perpendicular = {}, sigma_hall = {}; the first two must be positive",
                    c.parallel, c.perpendicular, c.hall));
  }
  const Vector3 b = unit(direction);
  const Tensor cross_b = {{{0.0, b[2], -b[1]}, {-b[2], 0.0, b[0]}, {b[1], -b[0], 0.0}}};
  Tensor tensor{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      tensor[i][k] = (c.parallel - c.perpendicular) * (b[i] * b[k]) +
                     (i == k ? c.perpendicular : 0.0) + c.hall * cross_b[i][k];
    }
  }
  return tensor;
}

Tensor film_tensor(const Tensor& tensor) {
  Tensor film{};
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      film[i][k] = tensor[i][k] - tensor[i][2] * tensor[2][k] / tensor[2][2];
    }
  }
  return film;
}

Vector3 times(const Tensor& tensor, const Vector3& v) {
  return {dot(tensor[0], v), dot(tensor[1], v), dot(tensor[2], v)};
}

Tensor transposed(const Tensor& tensor) {
  Tensor result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) result[i][k] = tensor[k][i];
  }
  return result;
}

Vector3 stretch_of(const Tensor& tensor) {
  Vector3 stretch{};
  for (std::size_t i = 0; i < 3; ++i) {
    stretch[i] = tensor[i][i] > 0.0 ? std::sqrt(tensor[i][i]) : 1.0;
  }
  return stretch;
}

Tensor symmetric_part(const Tensor& tensor) {
  Tensor result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) result[i][k] = 0.5 * (tensor[i][k] + tensor[k][i]);
  }
  return result;
}

}  // namespace edotb::continuum
