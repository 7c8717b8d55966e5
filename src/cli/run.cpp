#include "edotb/campaign/run.hpp"

#include "commands.hpp"
#include "edotb/base/version.hpp"
#include "edotb/campaign/conductor_run.hpp"
#include "edotb/campaign/progress.hpp"
#include "edotb/linalg/blas_speed.hpp"

#include <fmt/format.h>

namespace edotb::cli {

namespace {

constexpr int numerical_failure = 3;
constexpr int max_printed_remarks = 20;

void print_remarks(const std::string& remarks) {
  int n_printed = 0;
  std::size_t begin = 0;
  for (; begin < remarks.size() && n_printed < max_printed_remarks; ++n_printed) {
    const std::size_t end = remarks.find('\n', begin);
    fmt::print(stderr, "  {}\n", remarks.substr(begin, end - begin));
    begin = end + 1;
  }
  if (begin < remarks.size()) {
    fmt::print(stderr, "  ... and more, in the attribute 'remarks' of the results file\n");
  }
}

}  // namespace

int run_command(const deck::Deck& deck, const std::string& output, const mpi::Communicator& comm) {
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
  const auto summary = deck.conductor ? campaign::run_conductor(deck, folder, comm)
                                      : campaign::run(deck, folder, comm);
  if (comm.is_first()) {
    const std::string unitarity = deck.conductor ? ""
                                                 : fmt::format(", largest unitarity error {:.1e}",
                                                               summary.max_unitarity_error);
    fmt::print(stderr, "{} points in {}{}\n", summary.n_points,
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
    fmt::print("{}\n", summary.results.string());
  }
  return summary.n_failed + summary.n_thermal_missed > 0 ? numerical_failure : 0;
}

}  // namespace edotb::cli
