#include "edotb/campaign/node_memory.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/memory.hpp"

#include <fmt/format.h>

namespace edotb::campaign {

namespace {

int n_ranks_of_node(const mpi::Communicator& comm) {
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(comm.handle(), MPI_COMM_TYPE_SHARED, comm.rank(), MPI_INFO_NULL, &node);
  int n_ranks = 1;
  MPI_Comm_size(node, &n_ranks);
  MPI_Comm_free(&node);
  return n_ranks;
}

}  // namespace

bool fits_memory(const mpi::Communicator& comm, double megabytes) {
  const bool fits = n_ranks_of_node(comm) * megabytes <= available_megabytes();
  return mpi::sum(comm, fits ? 0 : 1) == 0;
}

void refuse_memory(const mpi::Communicator& comm, double megabytes, const std::string& remedy) {
  const int n_ranks = n_ranks_of_node(comm);
  const double available = available_megabytes();
  const double lacking = n_ranks * megabytes - available;
  const bool is_here = lacking == mpi::maximum(comm, lacking);
  mpi::collectively(comm, [&] {
    if (!is_here) return;
    throw bad_input(
        fmt::format("the run needs up to {:.1f} GB on a node, which has {:.1f} GB free: {} rank{} "
                    "of {:.1f} GB. {}. To start it all the same: --ignore-memory",
                    1e-3 * n_ranks * megabytes, 1e-3 * available, n_ranks, n_ranks == 1 ? "" : "s",
                    1e-3 * megabytes, remedy));
  });
  throw internal_error("no node was found that lacks memory");
}

}  // namespace edotb::campaign
