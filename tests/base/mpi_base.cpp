// Run on 1, 2 and 4 ranks: what must hold between ranks.

#include "edotb/base/error.hpp"
#include "edotb/base/mpi.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace edotb {
namespace {

TEST(Mpi, TextsTravel) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  EXPECT_EQ(mpi::broadcast(comm, comm.is_first() ? "from the first" : "other"), "from the first");
  const std::string all = mpi::gather_text(comm, std::to_string(comm.rank()) + ";");
  std::string expected;
  for (int r = 0; r < comm.size(); ++r) expected += std::to_string(r) + ";";
  EXPECT_EQ(all, comm.is_first() ? expected : "");
}

// Lengths that differ: rank r has r numbers.
TEST(Mpi, NumbersTravel) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  std::vector<double> expected;
  for (int r = 0; r < comm.size(); ++r) expected.insert(expected.end(), r, 0.1 * r);
  const std::vector<double> own(static_cast<std::size_t>(comm.rank()), 0.1 * comm.rank());
  EXPECT_EQ(mpi::gather(comm, own), comm.is_first() ? expected : std::vector<double>());
  const std::vector<std::int64_t> first = {3, -1, std::int64_t{1} << 50U};
  EXPECT_EQ(mpi::broadcast(comm, comm.is_first() ? first : std::vector<std::int64_t>()), first);
}

TEST(Mpi, ErrorOnTheLastRankReachesAll) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  try {
    mpi::collectively(comm, [&] {
      if (comm.rank() == comm.size() - 1) throw bad_input("only here");
    });
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "only here");
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_TRUE(error.on_all_ranks());
  }
}

// Every number is handed out once, whoever asks.
TEST(Mpi, SharedCounterHandsOutEveryNumberOnce) {
  const mpi::Communicator comm(MPI_COMM_WORLD);
  constexpr std::int64_t n = 2000;
  std::vector<int> mine(n, 0);
  {
    mpi::SharedCounter counter(comm);
    for (auto i = counter.fetch_add(1); i < n; i = counter.fetch_add(1)) {
      ++mine[static_cast<std::size_t>(i)];
    }
    MPI_Barrier(comm.handle());
    EXPECT_EQ(counter.value(), n + comm.size());
  }
  for (const int taken : mine) {
    int total = 0;
    MPI_Allreduce(&taken, &total, 1, MPI_INT, MPI_SUM, comm.handle());
    ASSERT_EQ(total, 1);
  }
}

}  // namespace
}  // namespace edotb
