#include "edotb/linalg/petsc.hpp"

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  const edotb::linalg::PetscSession session(&argc, &argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
