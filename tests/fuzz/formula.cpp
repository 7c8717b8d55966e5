// The formula language on any text; the first byte chooses dimension, spin, and Bloch or k.p. Promise: a
// formula is refused as bad input, or becomes a model whose matrices are finite and Hermitian on site.

#include "edotb/model/formula.hpp"

#include "fuzz.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace edotb {
namespace {

void require_finite(const linalg::Matrix& matrix) {
  for (const auto value : matrix.values()) {
    if (!std::isfinite(value.real()) || !std::isfinite(value.imag())) {
      fuzz::broken("the matrices of a model are finite");
    }
  }
}

void check(std::uint8_t choices, const std::string& text) {
  constexpr std::array<const char*, 5> spins = {"sigma", "s", "tau", "rho", "none"};
  const model::Formula formula{.text = text,
                               .parameters = {{"a", 0.5}, {"m", -1.25}, {"t", 1.0}, {"big", 1e200}},
                               .dimension = (choices & 1U) != 0 ? 2 : 3,
                               .spin = spins.at((choices >> 2U) % spins.size())};
  fuzz::may_refuse([&] {
    const model::Model model =
        (choices & 2U) != 0 ? model::continuum_model(formula, 0.7) : model::lattice_model(formula);
    require_finite(model.onsite);
    for (const auto& hopping : model.hoppings) require_finite(hopping.matrix);
    const double error = linalg::max_norm(model.onsite - linalg::adjoint(model.onsite));
    double largest = linalg::max_norm(model.onsite);
    for (const auto& hopping : model.hoppings) {
      largest = std::max(largest, linalg::max_norm(hopping.matrix));
    }
    if (!(error <= 1e-10 * largest)) fuzz::broken("the on-site matrix is Hermitian");
  });
}

}  // namespace
}  // namespace edotb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) edotb::check(data[0], std::string(data + 1, data + size));
  return 0;
}
