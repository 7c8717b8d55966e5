// par = iso + loc + c B^2, perp = iso/(1 + (mu B)^2) + loc, hall = eta iso mu B/(1 + (mu B)^2),
// iso = sigma(T)/(1 - s L(k B/T)^2), loc = a sqrt(B) f3(B/B_phi)
#include "edotb/analysis/mechanisms.hpp"

#include "edotb/analysis/laws.hpp"

#include <cmath>
#include <limits>

namespace edotb::analysis {

std::string words_of(Mechanism mechanism) {
  constexpr std::array words = {"weak localisation", "alignment of spins", "chiral anomaly",
                                "current jetting"};
  return words.at(static_cast<std::size_t>(mechanism));
}

std::string key_of(Mechanism mechanism) {
  constexpr std::array keys = {"weak_localisation", "alignment", "anomaly", "jetting"};
  return keys.at(static_cast<std::size_t>(mechanism));
}

std::string words_of(Mechanisms mechanisms) {
  if (mechanisms.none()) return "none of the four";
  std::string words;
  std::size_t n_left = mechanisms.count();
  for (const Mechanism mechanism : all_mechanisms) {
    if (!mechanisms[static_cast<std::size_t>(mechanism)]) continue;
    --n_left;
    words += words_of(mechanism) + (n_left > 1 ? ", " : n_left == 1 ? " and " : "");
  }
  return words;
}

IntrinsicTensor intrinsic_tensor(const Strengths& strengths, double field, double temperature,
                                 std::size_t number) {
  const double b = std::abs(field);
  double aligned = b > 0.0 ? 1.0 : 0.0;
  if (temperature > 0.0) aligned = langevin(strengths.alignment_scale * b / temperature);
  const double isotropic =
      strengths.conductivity[number] / (1.0 - strengths.alignment * aligned * aligned);
  const double localisation = b > 0.0 && strengths.localisation != 0.0
                                  ? strengths.localisation * std::sqrt(b) *
                                        kawabata_function(b / strengths.phase_field[number])
                                  : 0.0;
  const double turn = strengths.mobility_square[number] * b * b;
  const double drude = isotropic / (1.0 + turn);
  const double hall_square = strengths.hall_square * turn * drude * drude;
  IntrinsicTensor tensor;
  tensor.parallel = isotropic + localisation + strengths.anomaly * b * b;
  tensor.perpendicular = drude + localisation;
  tensor.in_film = tensor.perpendicular + hall_square / tensor.perpendicular;
  return tensor;
}

}  // namespace edotb::analysis
