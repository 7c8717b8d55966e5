#include "edotb/linalg/blas_speed.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

using linalg::BlasSpeed;

TEST(BlasSpeed, MeasuresBoth) {
  const BlasSpeed speed = linalg::measure_blas_speed();
  EXPECT_GT(speed.zgemm_gflops, 0.01);
  EXPECT_GT(speed.kernel_gflops, 0.01);
  EXPECT_FALSE(speed.core.empty());
}

// The advice depends on the figures alone, not on the machine of the test.
TEST(BlasSpeed, AdvisesOnlyWhenBlasIsFarBelow) {
  EXPECT_EQ((BlasSpeed{90.0, 150.0, "SkylakeX"}).remedy(), "");
  const std::string text = BlasSpeed{62.0, 150.0, "Haswell"}.remedy();
  EXPECT_NE(text.find("62 of the 150 Gflop/s"), std::string::npos) << text;
  EXPECT_NE(text.find("Haswell"), std::string::npos) << text;
}

}  // namespace
}  // namespace edotb
