// The folder of a run: how it starts, afresh or from an earlier results.h5, and how it ends.

#include "results_folder.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/campaign/results_file.hpp"
#include "edotb/deck/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>

namespace edotb::campaign {

namespace fs = std::filesystem;

namespace {

/// What is known of an earlier run in the folder.
struct Earlier {
  std::optional<PointLayout> layout;  ///< none: the file's structure is damaged
  deck::Sweeps sweeps;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw bad_input(path.string() + ": cannot be written (room and permission?)");
}

void refuse(const fs::path& results, const std::vector<std::string>& differences) {
  std::string list;
  for (const auto& line : differences) list += "  " + line + "\n";
  throw bad_input(fmt::format(
      "{} was computed from another deck, and cannot be continued with this one. These keys "
      "differ:\n{}take the old values, or leave --resume out (the file is then kept as "
      "results.previous.h5), or give another folder by --output",
      results.string(), list));
}

Earlier read_earlier(const fs::path& results, const deck::Deck& deck) {
  Earlier earlier;
  std::string expanded;
  std::string files;
  try {
    earlier.layout = read_layout(results);
    const hdf5::Handle file = hdf5::open_for_reading(results.string());
    expanded = hdf5::read_text_attribute(file.id(), "expanded_deck");
    files = hdf5::read_text_attribute(file.id(), "input_files");
  } catch (const Error& error) {
    // Points are then looked for where a file of the same deck has them; their checksums will tell.
    fmt::print(stderr, "the structure of {} is damaged: {}\n", results.string(), error.what());
    earlier.layout.reset();
    expanded = text_of(results.parent_path() / "deck.expanded.yaml");
    files = input_files(deck);
  }
  auto comparison = deck::compare(expanded, deck.expanded);
  if (files != input_files(deck)) {
    comparison.differences.push_back("contents of the files that the deck names:\n    there: " +
                                     files + "\n    here:  " + input_files(deck));
  }
  if (!comparison.differences.empty()) refuse(results, comparison.differences);
  earlier.sweeps = std::move(comparison.earlier);
  return earlier;
}

std::vector<std::int64_t> places(const std::vector<double>& values,
                                 const std::vector<double>& among) {
  std::vector<std::int64_t> places;
  places.reserve(values.size());
  for (const double value : values) {
    places.push_back(std::find(among.begin(), among.end(), value) - among.begin());
  }
  return places;
}

void check_same_datasets(const PointLayout& earlier, const PointLayout& present) {
  const auto names = [](const PointLayout& layout) {
    std::set<std::string> set;
    for (const auto& block : layout.blocks) {
      set.insert(fmt::format("{} ({} axes of {} bytes)", block.name, block.shape.size(),
                             block.fill.size()));
    }
    return set;
  };
  if (names(earlier) == names(present)) return;
  throw bad_input(
      "the earlier results.h5 was written by another version of edotb, with other datasets; "
      "leave --resume out, or give another folder by --output");
}

/// Copies the complete points of `from` to their places in `into`.
void take_over(const PointFile& from, PointFile& into, const deck::Sweeps& sweeps,
               const deck::Deck& deck, Started& started) {
  check_same_datasets(from.layout(), into.layout());
  const auto length = [](const auto& values) { return static_cast<std::int64_t>(values.size()); };
  const PointList old_points(
      {length(sweeps.field), length(sweeps.angle), length(sweeps.energy), sweeps.n_realisations});
  const PointList points(deck);
  if (old_points.size() != from.layout().n_points) {
    throw bad_input("the earlier results.h5 does not fit the deck that it holds");
  }
  const auto fields = places(sweeps.field, deck.field.magnitude);
  const auto angles = places(sweeps.angle, deck.field.angle);
  const auto energies = places(sweeps.energy, deck.energy);
  std::int64_t n_damaged = 0;
  for (std::int64_t number = 0; number < old_points.size(); ++number) {
    const auto stored = from.read(number);
    if (stored.record == Record::damaged) ++n_damaged;
    if (stored.record != Record::complete) continue;
    Point point = old_points[number];
    point.field = fields[static_cast<std::size_t>(point.field)];
    point.angle = angles[static_cast<std::size_t>(point.angle)];
    point.energy = energies[static_cast<std::size_t>(point.energy)];
    std::vector<PointPart> parts;
    for (std::size_t i = 0; i < stored.blocks.size(); ++i) {
      const PointBlock& block = from.layout().blocks[i];
      parts.push_back({block.name, block.shape, stored.blocks[i].data()});
    }
    const std::int64_t place = points.number_of(point);
    into.write(place, parts);
    started.is_done[static_cast<std::size_t>(place)] = 1;
    ++started.n_taken;
  }
  fmt::print(stderr, "{} of {} points taken over from the earlier results{}\n", started.n_taken,
             points.size(),
             n_damaged == 0 ? "" : fmt::format(", {} DAMAGED ones are computed again", n_damaged));
}

void make_folder(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) return;
  throw bad_input(fmt::format("output.directory: {} cannot be created: {}", directory.string(),
                              error.message()));
}

void move_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw bad_input(from.string() + ": cannot be renamed: " + error.message());
}

/// On rank 0.
void start(const deck::Deck& deck, const fs::path& directory, bool resume, Started& started,
           const std::function<void(const fs::path&)>& create) {
  make_folder(directory);
  started.lock.emplace(directory);
  const fs::path part = directory / "results.h5.part";
  const bool has_earlier = fs::exists(started.results);
  std::optional<Earlier> earlier;
  if (resume && has_earlier) earlier = read_earlier(started.results, deck);
  if (resume && !has_earlier) {
    fmt::print(stderr, "no {} to go on from: all points are computed\n", started.results.string());
  }
  try {
    create(part);
    started.layout = read_layout(part);
    PointFile file(part, started.layout, PointFile::Access::write);
    if (earlier) {
      const PointFile old(started.results, earlier->layout.value_or(started.layout),
                          PointFile::Access::read);
      take_over(old, file, earlier->sweeps, deck, started);
    }
    if (!file.sync()) throw bad_input(part.string() + ": cannot be written (is the disk full?)");
    write_text(directory / "deck.yaml", deck.source);
    write_text(directory / "deck.expanded.yaml", deck.expanded);
    if (!earlier) write_text(directory / "remarks.txt", "");
  } catch (...) {
    std::error_code none;
    fs::remove(part, none);
    throw;
  }
  if (has_earlier && !earlier) {
    move_file(started.results, directory / "results.previous.h5");
    fmt::print(stderr, "kept the older results as {}\n",
               (directory / "results.previous.h5").string());
  }
  move_file(part, started.results);
}

std::string sorted_lines(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return std::accumulate(lines.begin(), lines.end(), std::string(),
                         [](const auto& all, const auto& line) { return all + line + "\n"; });
}

/// What a results file holds.
void count(RunSummary& summary) {
  const hdf5::Handle file = hdf5::open_for_reading(summary.results.string());
  const auto status = hdf5::read<std::int8_t>(file.id(), "status").values;
  const auto is = [](Status wanted) {
    return [wanted](std::int8_t value) { return value == static_cast<std::int8_t>(wanted); };
  };
  summary.n_finished =
      summary.n_points - std::count_if(status.begin(), status.end(), is(Status::not_computed));
  summary.n_failed = std::count_if(status.begin(), status.end(), is(Status::failed));
  summary.n_solved_again = std::count_if(status.begin(), status.end(), is(Status::solved_again));
  if (hdf5::exists(file.id(), "unitarity_error")) {
    for (const double error : hdf5::read<double>(file.id(), "unitarity_error").values) {
      if (error > summary.max_unitarity_error) summary.max_unitarity_error = error;  // not NaN
    }
  }
  if (hdf5::exists(file.id(), "thermal/status")) {
    for (const auto value : hdf5::read<std::int8_t>(file.id(), "thermal/status").values) {
      const auto thermal = static_cast<ThermalStatus>(value);
      if (thermal == ThermalStatus::missed_tolerance || thermal == ThermalStatus::failed) {
        ++summary.n_thermal_missed;
      }
    }
  }
}

}  // namespace

Started start_results(const deck::Deck& deck, const fs::path& directory, bool resume,
                      const mpi::Communicator& comm,
                      const std::function<void(const fs::path&)>& create) {
  Started started;
  started.results = directory / "results.h5";
  started.is_done.assign(static_cast<std::size_t>(PointList(deck).size()), 0);
  mpi::collectively(comm, [&] {
    if (comm.is_first()) start(deck, directory, resume, started, create);
  });
  mpi::collectively(comm, [&] {
    if (!comm.is_first()) started.layout = read_layout(started.results);
  });
  MPI_Bcast(started.is_done.data(), static_cast<int>(started.is_done.size()), MPI_CHAR, 0,
            comm.handle());
  started.n_taken = mpi::broadcast(comm, started.n_taken);
  return started;
}

void add_remarks(const fs::path& directory, const std::string& lines) {
  if (lines.empty()) return;
  std::ofstream file(directory / "remarks.txt", std::ios::app);
  file << lines;
  file.close();
  if (!file) {
    throw resumable_error((directory / "remarks.txt").string() +
                          ": cannot be written (is the disk full?)\nall points finished before are "
                          "in results.h5; the same command with --resume goes on");
  }
}

RunSummary finish_results(const Started& started, Watcher& watcher, const mpi::Communicator& comm,
                          const std::optional<std::string>& ensemble) {
  MPI_Barrier(comm.handle());  // the watchers may still end ranks whose points take too long
  RunSummary summary;
  summary.results = started.results;
  summary.n_points = static_cast<std::int64_t>(started.is_done.size());
  const std::string reason = watcher.reason();
  const std::string reasons = mpi::gather_text(comm, reason.empty() ? "" : reason + "\n");
  mpi::collectively(comm, [&] {
    if (!comm.is_first()) return;
    summary.remarks = sorted_lines(text_of(started.results.parent_path() / "remarks.txt"));
    count(summary);
    summary.ensemble = ensemble.value_or("");
    summary.n_needed = ensemble ? summary.n_finished : summary.n_points;
    if (summary.n_finished == summary.n_needed) {
      finish_results_file(summary.results, summary.remarks + summary.ensemble);
    } else {
      summary.stopped_by = reasons.substr(0, reasons.find('\n'));
    }
  });
  summary.n_needed = mpi::broadcast(comm, summary.n_needed);
  watcher.finish(summary.n_finished < summary.n_needed ? "stopped" : "done", summary.n_needed);
  summary.n_finished = mpi::broadcast(comm, summary.n_finished);
  summary.n_failed = mpi::broadcast(comm, summary.n_failed);
  summary.n_thermal_missed = mpi::broadcast(comm, summary.n_thermal_missed);
  return summary;
}

}  // namespace edotb::campaign
