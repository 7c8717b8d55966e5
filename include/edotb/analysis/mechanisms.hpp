#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace edotb::analysis {

/// Why a resistance may fall in a field.
enum class Mechanism { weak_localisation, alignment, anomaly, jetting };
inline constexpr std::size_t n_mechanisms = 4;
inline constexpr std::array all_mechanisms = {Mechanism::weak_localisation, Mechanism::alignment,
                                              Mechanism::anomaly, Mechanism::jetting};

/// Which of them are at work; bit k stands for all_mechanisms[k].
using Mechanisms = std::bitset<n_mechanisms>;

/// "chiral anomaly" and, for keys of files, "anomaly".
[[nodiscard]] std::string words_of(Mechanism mechanism);
[[nodiscard]] std::string key_of(Mechanism mechanism);
/// "chiral anomaly and current jetting"; "none of the four" when there are none.
[[nodiscard]] std::string words_of(Mechanisms mechanisms);

/// How strong each mechanism is; conductivities are relative to that at zero field and the lowest
/// temperature, sigma_0.
struct Strengths {
  double localisation = 0.0;     ///< a in a sqrt(B) f3(B/B_phi) [1/sqrt(T)]
  double alignment = 0.0;        ///< s in rho = rho_0 (1 - s L(x)^2)
  double alignment_scale = 1.0;  ///< k in x = k B/T [K/T]
  double anomaly = 0.0;          ///< c in c B^2 [1/T^2]
  double hall_square = 0.0;      ///< eta^2, of equal mobilities ((p - n)/(p + n))^2
  /// Of each temperature of the data:
  std::vector<double> phase_field;      ///< B_phi [T]
  std::vector<double> mobility_square;  ///< mu^2 [1/T^2]
  std::vector<double> conductivity;     ///< sigma(B = 0) over sigma_0
};

/// What a uniform conductor is in a field, over sigma_0.
struct IntrinsicTensor {
  double parallel = 1.0;       ///< along the field
  double perpendicular = 1.0;  ///< across it
  /// Across a field in the plane of a film, where no current flows through the film:
  /// sigma_perp + sigma_H^2/sigma_perp.
  double in_film = 1.0;
};

/// The tensor of all mechanisms together, each off where its strength is zero (physics.md, 3 to 6):
///   iso   = sigma(T)/(1 - s L(kB/T)^2),  loc = a sqrt(B) f3(B/B_phi)
///   par   = iso + loc + c B^2
///   perp  = iso/(1 + (mu B)^2) + loc,    hall = eta iso mu B/(1 + (mu B)^2)
/// At zero temperature moments are aligned by any field. `number` is that of the temperature.
[[nodiscard]] IntrinsicTensor intrinsic_tensor(const Strengths& strengths, double field,
                                               double temperature, std::size_t number);

}  // namespace edotb::analysis
