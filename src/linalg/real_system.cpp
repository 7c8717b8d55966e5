#include "edotb/linalg/real_system.hpp"

namespace edotb::linalg {

std::int32_t first_row_of(std::int32_t n, int rank, int size) {
  return static_cast<std::int32_t>(std::int64_t{n} * rank / size);
}

std::vector<double> multiply_differences(const RealRows& a, std::span<const double> x) {
  std::vector<double> y(static_cast<std::size_t>(a.n_rows()));
  for (std::size_t row = 0; row < y.size(); ++row) {
    double sum = 0.0;
    const double here = x[static_cast<std::size_t>(a.first_row) + row];
    for (auto k = a.row_offsets[row]; k < a.row_offsets[row + 1]; ++k) {
      const auto entry = static_cast<std::size_t>(k);
      sum += a.values[entry] * (x[static_cast<std::size_t>(a.columns[entry])] - here);
    }
    y[row] = sum;
  }
  return y;
}

std::vector<double> gather_rows(const mpi::Communicator& comm, std::span<const double> part) {
  if (comm.size() == 1) return {part.begin(), part.end()};
  const int n_here = static_cast<int>(part.size());
  std::vector<int> counts(static_cast<std::size_t>(comm.size()));
  MPI_Allgather(&n_here, 1, MPI_INT, counts.data(), 1, MPI_INT, comm.handle());
  std::vector<int> offsets(counts.size() + 1, 0);
  for (std::size_t rank = 0; rank < counts.size(); ++rank) {
    offsets[rank + 1] = offsets[rank] + counts[rank];
  }
  std::vector<double> whole(static_cast<std::size_t>(offsets.back()));
  MPI_Allgatherv(part.data(), n_here, MPI_DOUBLE, whole.data(), counts.data(), offsets.data(),
                 MPI_DOUBLE, comm.handle());
  return whole;
}

}  // namespace edotb::linalg
