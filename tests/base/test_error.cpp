#include "edotb/base/error.hpp"
#include "edotb/base/mpi.hpp"

#include <gtest/gtest.h>

namespace edotb {
namespace {

TEST(Error, GathersContextOnTheWayUp) {
  try {
    with_context([] { return std::string("point 3"); },
                 [] {
                   with_context([] { return std::string("lead 1"); },
                                [] { throw numerical_error("no solution"); });
                 });
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no solution\n  in lead 1\n  in point 3");
    EXPECT_EQ(error.kind(), ErrorKind::numerical);
    EXPECT_FALSE(error.on_all_ranks());
  }
}

TEST(Error, CollectivelyMakesOneErrorOfAnException) {
  const mpi::Communicator comm(MPI_COMM_SELF);
  try {
    mpi::collectively(comm, [] { throw std::runtime_error("disk"); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "disk");
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_TRUE(error.on_all_ranks());
  }
  EXPECT_NO_THROW(mpi::collectively(comm, [] {}));
}

}  // namespace
}  // namespace edotb
