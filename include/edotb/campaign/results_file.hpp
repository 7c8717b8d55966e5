#pragma once

#include "edotb/base/hdf5.hpp"
#include "edotb/base/mpi.hpp"
#include "edotb/campaign/point_solver.hpp"

#include <filesystem>
#include <string>
#include <utility>
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

/// The open results file on all ranks: every rank writes its own points, independently, into datasets
/// that were allocated when the file was created.
class ResultsWriter {
 public:
  ResultsWriter(const std::filesystem::path& path, const mpi::Communicator& comm,
                const PointList& points, const Observables& observables);
  void write(std::int64_t number, const PointResult& result);

 private:
  void write_block(const hdf5::Handle& dataset, bool is_complex, const Point& point,
                   const ObservableBlock& block);
  void write_entry(const hdf5::Handle& dataset, hid_t memory_type, const Point& point,
                   std::vector<hsize_t> inner, const void* data);
  void write_thermal(const Point& point, const ThermalResult& result, hsize_t n_leads);

  PointList points_;
  hdf5::Handle file_;
  hdf5::Handle transmission_;
  hdf5::Handle modes_;
  hdf5::Handle unitarity_error_;
  hdf5::Handle seconds_;
  hdf5::Handle status_;
  hdf5::Handle complex_type_;
  std::vector<hdf5::Handle> observables_;
  std::vector<bool> is_complex_;
  /// The datasets of /thermal, in a run that has them.
  struct ThermalDatasets {
    hdf5::Handle moments;
    hdf5::Handle error;
    hdf5::Handle conductance;
    hdf5::Handle thermopower;
    hdf5::Handle heat_conductance;
    hdf5::Handle n_energies;
    hdf5::Handle status;
  };
  ThermalDatasets thermal_;
};

/// Writes the end time and the list of remarks; on one rank, after all writers are closed.
void finish_results_file(const std::filesystem::path& path, const std::string& remarks);

}  // namespace edotb::campaign
