#pragma once

#include "edotb/base/error.hpp"

#include <mpi.h>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace edotb::mpi {

/// A communicator and this rank's place in it. Does not own the handle.
class Communicator {
 public:
  explicit Communicator(MPI_Comm handle);
  [[nodiscard]] MPI_Comm handle() const { return handle_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] bool is_first() const { return rank_ == 0; }

 private:
  MPI_Comm handle_;
  int rank_ = 0;
  int size_ = 1;
};

/// A group of neighbouring ranks of `whole` with a communicator of its own. Collective.
class RankGroup {
 public:
  /// Groups of `size` ranks; `size` must divide the number of ranks.
  RankGroup(const Communicator& whole, int size);
  ~RankGroup();
  RankGroup(const RankGroup&) = delete;
  RankGroup& operator=(const RankGroup&) = delete;
  RankGroup(RankGroup&&) = delete;
  RankGroup& operator=(RankGroup&&) = delete;
  [[nodiscard]] const Communicator& comm() const { return comm_; }

 private:
  MPI_Comm handle_ = MPI_COMM_NULL;
  Communicator comm_;
};

/// The number of rank 0 on every rank.
[[nodiscard]] std::int64_t broadcast(const Communicator& comm, std::int64_t value);
/// The text of rank 0 on every rank.
[[nodiscard]] std::string broadcast(const Communicator& comm, std::string text);
/// The numbers of rank 0 on every rank.
[[nodiscard]] std::vector<std::int64_t> broadcast(const Communicator& comm,
                                                  std::vector<std::int64_t> numbers);
/// Every rank's text, in rank order, on rank 0; empty elsewhere.
[[nodiscard]] std::string gather_text(const Communicator& comm, const std::string& text);
/// Every rank's numbers, in rank order, on rank 0; empty elsewhere.
[[nodiscard]] std::vector<double> gather(const Communicator& comm,
                                         const std::vector<double>& numbers);
[[nodiscard]] double maximum(const Communicator& comm, double value);
[[nodiscard]] std::int64_t sum(const Communicator& comm, std::int64_t value);

/// Throws, on every rank, the error of the lowest rank that has one; `kind` 0 means none here.
void agree_on_errors(const Communicator& comm, int kind, const std::string& message);

/// Runs `body` on every rank; an error on any rank becomes the same error on all of them, so that none
/// is left waiting. Collective.
template <class Body>
void collectively(const Communicator& comm, Body&& body) {
  int kind = 0;
  std::string message;
  try {
    std::forward<Body>(body)();
  } catch (const Error& error) {
    kind = static_cast<int>(error.kind());
    message = error.what();
  } catch (const std::exception& error) {
    kind = static_cast<int>(ErrorKind::internal);
    message = error.what();
  }
  agree_on_errors(comm, kind, message);
}

/// A counter that all ranks share through one-sided communication: no rank is a master, none waits.
class SharedCounter {
 public:
  explicit SharedCounter(const Communicator& comm);
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;
  SharedCounter(SharedCounter&&) = delete;
  SharedCounter& operator=(SharedCounter&&) = delete;

  /// Adds `amount` and returns the value before; atomic over all ranks.
  std::int64_t fetch_add(std::int64_t amount);
  [[nodiscard]] std::int64_t value() { return fetch_add(0); }

 private:
  MPI_Win window_ = MPI_WIN_NULL;
  std::int64_t* memory_ = nullptr;
};

}  // namespace edotb::mpi
