#pragma once

#include "edotb/base/mpi.hpp"

#include <string>

namespace edotb::campaign {

/// Whether every node has room for its ranks, each of `megabytes`. Collective.
[[nodiscard]] bool fits_memory(const mpi::Communicator& comm, double megabytes);

/// Throws bad_input, on all ranks, with the numbers of the node that lacks most for ranks of `megabytes`; `remedy` says
/// what to change. Collective.
[[noreturn]] void refuse_memory(const mpi::Communicator& comm, double megabytes,
                                const std::string& remedy);

}  // namespace edotb::campaign
