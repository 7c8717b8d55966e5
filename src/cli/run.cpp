#include "edotb/campaign/run.hpp"

#include "commands.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/version.hpp"
#include "edotb/campaign/conductor_run.hpp"
#include "edotb/campaign/progress.hpp"
#include "edotb/campaign/watcher.hpp"
#include "edotb/linalg/blas_speed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace edotb::cli {

namespace {

constexpr int numerical_failure = 3;
constexpr int max_printed_remarks = 20;

/// What a remark says apart from its point and its numbers.
std::string gist_of(const std::string& remark) {
  std::string gist = remark.substr(std::min(remark.find(": "), remark.size()));
  std::erase_if(gist, [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '.'; });
  return gist;
}

/// Remarks that say the same of many points are counted, and the first is printed.
void print_remarks(const std::string& remarks) {
  struct Group {
    std::string first;
    std::int64_t n_remarks = 0;
  };
  std::map<std::string, Group> groups;
  std::istringstream stream(remarks);
  for (std::string line; std::getline(stream, line);) {
    Group& group = groups[gist_of(line)];
    if (group.n_remarks++ == 0) group.first = line;
  }
  int n_printed = 0;
  for (const auto& [gist, group] : groups) {
    if (++n_printed > max_printed_remarks) break;
    fmt::print(stderr, "  {}\n", group.first);
    if (group.n_remarks > 1) fmt::print(stderr, "    and {} more like it\n", group.n_remarks - 1);
  }
  if (!groups.empty() && remarks.size() > groups.begin()->second.first.size() + 1) {
    fmt::print(stderr, "  all of them: remarks.txt beside the results file\n");
  }
}

/// Its first line counts the points that reached the target, and one follows for each that did not.
void print_ensemble(const std::string& text) {
  const auto n_missed = std::max<std::ptrdiff_t>(0, std::count(text.begin(), text.end(), '\n') - 1);
  std::istringstream stream(text);
  std::string line;
  for (int i = 0; i <= max_printed_remarks && std::getline(stream, line); ++i) {
    fmt::print(stderr, "{}\n", line);
  }
  if (n_missed > max_printed_remarks) {
    fmt::print(stderr, "  and {} more: edotb show lists them\n", n_missed - max_printed_remarks);
  }
  if (n_missed > 0) {
    fmt::print(stderr, "  more ensemble.realisations and --resume go on with these\n");
  }
}

}  // namespace

int run_command(const deck::Deck& deck, const std::string& output,
                const campaign::RunOptions& options, const mpi::Communicator& comm) {
  if (comm.is_first()) {
    const auto speed = linalg::measure_blas_speed();
    fmt::print(
        stderr,
        "edotb {} ({}), {} rank{}, complex matrix product {:.0f} Gflop/s a core (BLAS {:.0f})\n",
        version, git_hash, comm.size(), comm.size() == 1 ? "" : "s", speed.kernel_gflops,
        speed.zgemm_gflops);
    const std::string remedy = speed.remedy();
    if (!remedy.empty()) fmt::print(stderr, "note: {}\n", remedy);
    if (!deck.title.empty()) fmt::print(stderr, "{}\n", deck.title);
  }
  const std::string& folder = output.empty() ? deck.output_directory : output;
  const auto summary = deck.conductor ? campaign::run_conductor(deck, folder, comm, options)
                                      : campaign::run(deck, folder, comm, options);
  const bool is_stopped = summary.n_finished < summary.n_needed;
  if (comm.is_first()) {
    const std::string unitarity = deck.conductor ? ""
                                                 : fmt::format(", largest unitarity error {:.1e}",
                                                               summary.max_unitarity_error);
    fmt::print(stderr, "{} points in {}{}\n", summary.n_finished,
               campaign::duration_text(summary.seconds), unitarity);
    if (summary.n_solved_again > 0) {
      fmt::print(stderr, "{} points were solved again by a second path\n", summary.n_solved_again);
    }
    if (summary.n_failed > 0) {
      fmt::print(stderr,
                 "{} points FAILED; they hold NaN and status 3, averages must leave them out\n",
                 summary.n_failed);
    }
    if (summary.n_thermal_missed > 0) {
      fmt::print(stderr,
                 "thermal averages of {} points MISSED the tolerance or failed; see "
                 "/thermal/status and /thermal/error\n",
                 summary.n_thermal_missed);
    }
    print_remarks(summary.remarks);
    print_ensemble(summary.ensemble);
    if (is_stopped) {
      fmt::print(stderr, "{}\n",
                 campaign::stop_message(summary.stopped_by, summary.n_finished, summary.n_points,
                                        deck.ensemble.until.any(), summary.results));
    }
    fmt::print("{}\n", summary.results.string());
  }
  if (is_stopped) return static_cast<int>(ErrorKind::resumable);
  return summary.n_failed + summary.n_thermal_missed > 0 ? numerical_failure : 0;
}

}  // namespace edotb::cli
