#include "edotb/base/mpi.hpp"

#include <vector>

namespace edotb::mpi {

Communicator::Communicator(MPI_Comm handle) : handle_(handle) {
  MPI_Comm_rank(handle_, &rank_);
  MPI_Comm_size(handle_, &size_);
}

namespace {

MPI_Comm split(const Communicator& whole, int size) {
  MPI_Comm handle = MPI_COMM_NULL;
  MPI_Comm_split(whole.handle(), whole.rank() / size, whole.rank(), &handle);
  return handle;
}

template <class List>
List gather_all(const Communicator& comm, const List& own, MPI_Datatype type) {
  const auto length = static_cast<int>(own.size());
  std::vector<int> lengths(static_cast<std::size_t>(comm.size()));
  MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, comm.handle());
  std::vector<int> offsets(lengths.size());
  int total = 0;
  for (std::size_t r = 0; r < lengths.size(); ++r) {
    offsets[r] = total;
    total += lengths[r];
  }
  List all(comm.is_first() ? static_cast<std::size_t>(total) : 0, typename List::value_type());
  MPI_Gatherv(own.data(), length, type, all.data(), lengths.data(), offsets.data(), type, 0,
              comm.handle());
  return all;
}

}  // namespace

RankGroup::RankGroup(const Communicator& whole, int size)
    : handle_(split(whole, size)), comm_(handle_) {}

RankGroup::~RankGroup() { MPI_Comm_free(&handle_); }

std::int64_t broadcast(const Communicator& comm, std::int64_t value) {
  MPI_Bcast(&value, 1, MPI_INT64_T, 0, comm.handle());
  return value;
}

std::string broadcast(const Communicator& comm, std::string text) {
  auto length = static_cast<std::int64_t>(text.size());
  MPI_Bcast(&length, 1, MPI_INT64_T, 0, comm.handle());
  text.resize(static_cast<std::size_t>(length));
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, 0, comm.handle());
  return text;
}

std::vector<std::int64_t> broadcast(const Communicator& comm, std::vector<std::int64_t> numbers) {
  auto length = static_cast<std::int64_t>(numbers.size());
  MPI_Bcast(&length, 1, MPI_INT64_T, 0, comm.handle());
  numbers.resize(static_cast<std::size_t>(length));
  // As bytes: clang-tidy takes what a vector of std::int64_t holds for long.
  MPI_Bcast(numbers.data(), static_cast<int>(sizeof(std::int64_t) * numbers.size()), MPI_BYTE, 0,
            comm.handle());
  return numbers;
}

std::string gather_text(const Communicator& comm, const std::string& text) {
  return gather_all(comm, text, MPI_CHAR);
}

std::vector<double> gather(const Communicator& comm, const std::vector<double>& numbers) {
  return gather_all(comm, numbers, MPI_DOUBLE);
}

double maximum(const Communicator& comm, double value) {
  double result = value;
  MPI_Allreduce(&value, &result, 1, MPI_DOUBLE, MPI_MAX, comm.handle());
  return result;
}

std::int64_t sum(const Communicator& comm, std::int64_t value) {
  std::int64_t result = value;
  MPI_Allreduce(&value, &result, 1, MPI_INT64_T, MPI_SUM, comm.handle());
  return result;
}

void agree_on_errors(const Communicator& comm, int kind, const std::string& message) {
  const int candidate = kind != 0 ? comm.rank() : comm.size();
  int first = candidate;
  MPI_Allreduce(&candidate, &first, 1, MPI_INT, MPI_MIN, comm.handle());
  if (first == comm.size()) return;
  auto length = static_cast<std::int64_t>(message.size());
  std::string text = message;
  MPI_Bcast(&kind, 1, MPI_INT, first, comm.handle());
  MPI_Bcast(&length, 1, MPI_INT64_T, first, comm.handle());
  text.resize(static_cast<std::size_t>(length));
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, first, comm.handle());
  throw Error(static_cast<ErrorKind>(kind), text).made_collective();
}

SharedCounter::SharedCounter(const Communicator& comm) {
  const MPI_Aint bytes = comm.is_first() ? static_cast<MPI_Aint>(sizeof(std::int64_t)) : 0;
  MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, comm.handle(),
                   static_cast<void*>(&memory_), &window_);
  if (comm.is_first()) {
    MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, window_);
    *memory_ = 0;
    MPI_Win_unlock(0, window_);
  }
  MPI_Barrier(comm.handle());
}

SharedCounter::~SharedCounter() { MPI_Win_free(&window_); }

std::int64_t SharedCounter::fetch_add(std::int64_t amount) {
  std::int64_t before = 0;
  MPI_Win_lock(MPI_LOCK_SHARED, 0, 0, window_);
  MPI_Fetch_and_op(&amount, &before, MPI_INT64_T, 0, 0, MPI_SUM, window_);
  MPI_Win_unlock(0, window_);
  return before;
}

}  // namespace edotb::mpi
