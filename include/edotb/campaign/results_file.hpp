#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/campaign/point_file.hpp"
#include "edotb/campaign/point_solver.hpp"

#include <hdf5.h>

#include <filesystem>
#include <string>
#include <vector>

namespace edotb::campaign {

/// Who computed what, where and with which libraries.
struct Provenance {
  std::string library_versions;  ///< a JSON object
  std::string host;
  std::string start;  ///< ISO 8601, UTC
};

[[nodiscard]] Provenance make_provenance(const mpi::Communicator& comm);
/// Now, as "2026-01-31T12:34:56Z".
[[nodiscard]] std::string utc_now();

/// Creates results.h5 with all its datasets, scales and attributes; on one rank. `most_modes` is the length
/// of axes of modes. Throws bad_input
/// when the file cannot be written.
void create_results_file(const std::filesystem::path& path, const deck::Deck& deck,
                         const sample::Sample& sample, const Observables& observables,
                         std::size_t most_modes, const Provenance& provenance, int n_ranks);

/// A point's result as parts of the file's datasets, which point into `result`.
[[nodiscard]] std::vector<PointPart> parts_of(const PointResult& result,
                                              const Observables& observables);

/// One line for each file that a deck names: its key and the CRC-32 of its contents.
[[nodiscard]] std::string input_files(const deck::Deck& deck);

/// True of a results file whose run came to its end: what it holds no result of was not needed.
[[nodiscard]] bool is_complete(hid_t file);

/// Writes the end time and the list of remarks; on one rank, after the last point.
void finish_results_file(const std::filesystem::path& path, const std::string& remarks);

}  // namespace edotb::campaign
