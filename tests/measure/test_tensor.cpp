#include "edotb/base/error.hpp"
#include "edotb/measure/tensor.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace edotb::measure {

// sigma_xx = rho_xx/(rho_xx^2 + rho_xy^2), which is 0 where rho_xx is: not 1/rho_xx.
TEST(Tensor, OfAFilmInAField) {
  const double xx = 0.3;
  const double xy = 1.7;
  const double determinant = xx * xx + xy * xy;
  const Tensor sigma = inverse(in_plane({xx, 0.01}, {xy, 0.02}, {-xy, 0.02}, {xx, 0.01}));
  EXPECT_NEAR(sigma.value[0][0], xx / determinant, 1e-14);
  EXPECT_NEAR(sigma.value[0][1], -xy / determinant, 1e-14);
  EXPECT_NEAR(sigma.value[1][0], xy / determinant, 1e-14);
  // d sigma_xx of the four components by hand: -(s_xk s_lx) d rho_kl.
  const double a = xx / determinant;
  const double b = xy / determinant;
  EXPECT_NEAR(sigma.error[0][0],
              std::sqrt(std::pow(a * a * 0.01, 2) + 2.0 * std::pow(a * b * 0.02, 2) +
                        std::pow(b * b * 0.01, 2)),
              1e-14);
}

TEST(Tensor, TimesItsInverseIsOne) {
  test::Draw draw(11);
  Tensor rho;
  for (auto& row : rho.value) row = {draw.uniform(), draw.uniform(), draw.uniform()};
  const Tensor sigma = inverse(rho);
  const Tensor back = inverse(sigma);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      double product = 0.0;
      for (std::size_t k = 0; k < 3; ++k) product += rho.value[i][k] * sigma.value[k][j];
      EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 1e-12);
      EXPECT_NEAR(back.value[i][j], rho.value[i][j], 1e-12);
    }
  }
}

TEST(Tensor, WithoutInverse) { EXPECT_THROW(static_cast<void>(inverse(Tensor{})), Error); }

TEST(Resistivity, FromGeometry) {
  // A film 1 mm wide and 0.1 mm thick, probes 2 mm apart, 3 ohm.
  const Estimate rho = resistivity({3.0, 0.3}, 2e-3, 1e-3 * 1e-4);
  EXPECT_NEAR(rho.value, 1.5e-4, 1e-18);
  EXPECT_NEAR(rho.error, 1.5e-5, 1e-19);
}

}  // namespace edotb::measure
