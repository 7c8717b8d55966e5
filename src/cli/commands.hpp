#pragma once

#include "edotb/base/mpi.hpp"
#include "edotb/campaign/run.hpp"
#include "edotb/deck/deck.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace edotb::cli {

/// edotb run: all points into results.h5. Returns the exit status.
int run_command(const deck::Deck& deck, const std::string& output,
                const campaign::RunOptions& options, const mpi::Communicator& comm);

/// edotb check: prints the expanded deck, the sample, the points and a forecast for `n_ranks`.
void check_command(const deck::Deck& deck, int n_ranks);

/// The same for a deck of the continuum engine.
void check_conductor(const deck::Deck& deck, int n_ranks);

/// edotb check --draw: the sample with its contacts at the last field, as .png, .svg or .vtu.
void draw_sample(const deck::Deck& deck, const std::string& path);

/// edotb check --system-file: the sample at the first field and angle as a system file; clean, or with
/// the disorder of one realisation.
void export_system(const deck::Deck& deck, const std::string& path,
                   std::optional<std::int64_t> realisation);

/// edotb bands: what the deck's section `bands` asks for, as a table, as JSON, or into an HDF5 file.
void bands_command(const deck::Deck& deck, const std::string& output, bool json);

/// edotb show: a results file as tables, or as JSON with one object per point. Throws bad_input after them when
/// points are damaged.
void show_command(const std::string& results, bool json);

/// The same for the results of the continuum engine, which is_conductor_file tells.
[[nodiscard]] bool is_conductor_file(const std::string& results);
void show_conductor(const std::string& results, bool json);

/// edotb analyse: the resistances of runs as tables, and analysis.h5 in the folder `output`; if that is empty, in
/// that of the run, or in the working directory for several. `overrides` change the runs' decks. `deconvolve`:
/// also the conductivities that explain the readings of conductors, and deconvolution.json.
void analyse_command(const std::vector<std::string>& folders, const std::string& output,
                     const std::vector<std::string>& overrides, bool deconvolve);

/// edotb models: every library model with formula, parameters and defaults.
void models_command();

/// edotb models DECK --wannier90 PREFIX: the deck's model as files of wannier90.
void export_command(const deck::Deck& deck, const std::string& prefix);

}  // namespace edotb::cli
