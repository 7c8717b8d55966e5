// What a signal does to a process before, during and after a run.
#include "edotb/campaign/signals.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace edotb {
namespace {

using campaign::Signals;

TEST(Signals, ALeftNoteIsReadOnceAndForgottenByTheNextRun) {
  {
    const Signals signals;
    Signals::watch();
    EXPECT_EQ(Signals::stop(), "");
    EXPECT_FALSE(Signals::write_now());
    std::raise(SIGUSR1);
    EXPECT_TRUE(Signals::write_now());
    EXPECT_FALSE(Signals::write_now());
    std::raise(SIGINT);
    EXPECT_EQ(Signals::stop(), "SIGINT");
  }
  const Signals signals;
  EXPECT_EQ(Signals::stop(), "");
}

/// All is on disk and MPI is about to end: the process must come to its exit status.
TEST(Signals, AfterARunTheyDoNotEndTheProcess) {
  EXPECT_EXIT(
      {
        { const Signals signals; }
        std::raise(SIGTERM);
        std::raise(SIGINT);
        std::raise(SIGUSR1);
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Signals, BeforeTheFirstPointTheRunCanBeResumed) {
  EXPECT_EXIT(
      {
        const Signals signals;
        std::raise(SIGTERM);
      },
      testing::ExitedWithCode(75), "--resume goes on");
}

}  // namespace
}  // namespace edotb
