// One case of the benchmark, measured in a process of its own so that its peak memory is its own:
//   edotb_benchmark DECK SOLVER PRECISION LEADS REPEATS
// SOLVER multifrontal | mumps | dense; LEADS solved | made_up: instead of the leads' modes, random
// self-energies of the same shape, for the device alone. Prints one JSON object. Under mpirun all ranks
// solve the point together; times are those of the slowest, memory is that of the fullest.

#include "edotb/base/mpi.hpp"
#include "edotb/base/random.hpp"
#include "edotb/coherent/engine.hpp"
#include "edotb/deck/deck.hpp"
#include "edotb/linalg/blas_speed.hpp"
#include "edotb/linalg/petsc.hpp"
#include "edotb/sample/sample.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

using edotb::linalg::Complex;
using edotb::linalg::Matrix;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A line of /proc/self/status in MB: VmRSS is the memory now, VmHWM its peak.
double status_megabytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) * 1e-3;
  }
  return 0.0;
}

/// Lets the peak be counted from here on.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// A lead with a random dense self-energy and `n_modes` modes: S stays unitary, and the device costs
/// what it costs with real leads.
edotb::lead::LeadSolution made_up_lead(std::size_t n, std::size_t n_modes, std::uint64_t seed) {
  std::uint64_t count = 0;
  const auto draw = [&] { return edotb::uniform({.seed = seed, .site = count++}) - 0.5; };
  edotb::lead::LeadSolution lead;
  const double scale = 1.0 / std::sqrt(static_cast<double>(n));
  lead.self_energy = Matrix(n, n);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      const Complex value(scale * draw(), i == j ? 0.0 : scale * draw());
      lead.self_energy(i, j) = value;
      lead.self_energy(j, i) = std::conj(value);
    }
  }
  lead.probe = Matrix(n, n_modes);
  for (Complex& value : lead.probe.values()) value = {2.0 * scale * draw(), 2.0 * scale * draw()};
  lead.source = lead.probe;
  lead.direct = Matrix::identity(n_modes);
  lead.self_energy += Complex(0.0, -0.5) * edotb::linalg::times_adjoint(lead.probe, lead.probe);
  lead.incoming.resize(n_modes);
  lead.outgoing.resize(n_modes);
  return lead;
}

nlohmann::ordered_json measure(const edotb::deck::Deck& deck, const std::string& solver,
                               const std::string& precision, bool made_up, int n_repeats,
                               const edotb::mpi::Communicator& ranks) {
  const edotb::sample::Sample sample(deck);
  const auto& layout = sample.layout();
  const auto field = sample.field(deck.field.magnitude.front(), deck.field.angle.front());
  const double energy = deck.energy.front();
  auto hamiltonian = sample.clean_hamiltonian(field);
  sample.add_disorder(field, 0, hamiltonian);

  constexpr std::size_t n_made_up_modes = 11;
  std::vector<edotb::lead::LeadSolution> leads;
  auto start = std::chrono::steady_clock::now();
  if (made_up) {
    for (std::size_t k = 0; k < layout.n_leads(); ++k) {
      leads.push_back(made_up_lead(layout.interfaces[k].size(), n_made_up_modes, k + 1));
    }
  } else {
    leads = edotb::lead::solve_leads(sample.leads(field), energy);
  }
  const double lead_seconds = seconds_since(start);
  const double lead_megabytes = status_megabytes("VmHWM");
  const double before_megabytes = status_megabytes("VmRSS");
  forget_peak();

  start = std::chrono::steady_clock::now();
  auto choice = edotb::coherent::solver_choice(solver, precision, 1, ranks);
  choice.single_error = deck.single_error;
  edotb::coherent::Engine engine(layout, choice);
  std::size_t n_modes = 0;
  double residual = 0.0;
  for (const auto& lead : leads) {
    n_modes = std::max(n_modes, lead.n_modes());
    residual = std::max(residual, lead.residual);
  }
  const auto forecast = engine.forecast(n_modes, ranks.size());
  const double analysis_seconds = seconds_since(start);
  std::vector<double> seconds;
  edotb::coherent::Scattering result;
  for (int repeat = 0; repeat < n_repeats; ++repeat) {
    MPI_Barrier(ranks.handle());
    start = std::chrono::steady_clock::now();
    result = engine.solve(hamiltonian, leads, energy);
    seconds.push_back(edotb::mpi::maximum(ranks, seconds_since(start)));
  }
  const double solve_megabytes = edotb::mpi::maximum(ranks, status_megabytes("VmHWM"));
  const auto speed = edotb::linalg::measure_blas_speed();
  const double gflops = forecast.flops / median(seconds) * 1e-9;
  return {{"solver", solver},
          {"precision", precision},
          {"ranks", ranks.size()},
          {"orbitals", layout.n_orbitals()},
          {"modes", n_modes},
          {"lead_seconds", lead_seconds},
          {"lead_residual", residual},
          {"analysis_seconds", analysis_seconds},
          {"first_point_seconds", seconds.front()},
          {"point_seconds", median(seconds)},
          {"flops", forecast.flops},
          {"gflops", gflops},
          {"zgemm_gflops", speed.zgemm_gflops},
          {"kernel_gflops", speed.kernel_gflops},
          {"share_of_zgemm", gflops / speed.zgemm_gflops},
          {"lead_megabytes", lead_megabytes},
          {"solver_megabytes", solve_megabytes - before_megabytes},
          {"peak_megabytes", std::max(lead_megabytes, solve_megabytes)},
          {"transmission", result.transmission.size() > 2 ? result.transmission[2] : 0.0},
          {"unitarity_error", result.unitarity_error},
          {"solved_again", result.solved_again},
          {"remark", result.remark}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: edotb_benchmark DECK SOLVER PRECISION solved|made_up REPEATS\n");
    return 2;
  }
  const edotb::linalg::PetscSession session(&argc, &argv);
  try {
    const edotb::mpi::Communicator ranks(MPI_COMM_WORLD);
    const auto deck = edotb::deck::parse_deck(edotb::deck::read_deck_file(argv[1]), argv[1]);
    const auto result = measure(deck, argv[2], argv[3], std::string(argv[4]) == "made_up",
                                std::max(1, std::stoi(argv[5])), ranks);
    if (ranks.is_first()) fmt::print("{}\n", result.dump());
  } catch (const std::exception& error) {
    fmt::print(stderr, "edotb_benchmark: {}\n", error.what());
    return 1;
  }
  return 0;
}
