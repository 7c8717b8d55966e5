#include "edotb/cli/cli.hpp"

#include "commands.hpp"
#include "edotb/base/error.hpp"
#include "edotb/base/version.hpp"
#include "edotb/linalg/petsc.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace edotb::cli {

namespace {

constexpr int bad_command_line = 2;

/// What the command line asks for.
struct Request {
  std::string deck;
  std::vector<std::string> overrides;
  std::string output;
  std::string results;
  std::vector<std::string> folders;
  std::string drawing;
  std::string system_file;
  std::optional<std::int64_t> realisation;
  std::string wannier_prefix;
  int n_ranks = 1;
  bool json = false;
  bool manual = false;
};

/// The deck as every rank sees it: one rank reads the file.
deck::Deck load_deck(const Request& request, const mpi::Communicator& comm) {
  std::string text;
  mpi::collectively(comm, [&] {
    if (comm.is_first()) text = deck::read_deck_file(request.deck);
  });
  text = mpi::broadcast(comm, std::move(text));
  deck::Deck deck;
  mpi::collectively(comm, [&] { deck = deck::parse_deck(text, request.deck, request.overrides); });
  return deck;
}

void add_deck_options(CLI::App& command, Request& request) {
  command.add_option("deck", request.deck, "the deck, a YAML file")->required();
  command.add_option("--set", request.overrides, "override a key: --set field.angle=30")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

/// CLI11 says of a wrong command only that one is missing.
std::string complaint_of(const CLI::App& app, const CLI::Error& error, int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  std::vector<std::string> commands;
  for (const CLI::App* known : app.get_subcommands({})) commands.push_back(known->get_name());
  const bool is_command = std::find(commands.begin(), commands.end(), command) != commands.end();
  if (command.empty() || command.front() == '-' || is_command) return error.what();
  return fmt::format("there is no command '{}'; the commands are {}", command,
                     fmt::join(commands, ", "));
}

/// The shorthands of `edotb bands` as overrides of the deck's section `bands`.
struct BandFlags {
  bool lead = false;
  std::string points;
  std::vector<std::string> from;
  std::vector<std::string> to;

  /// In front of the user's own overrides, which may change what they say.
  [[nodiscard]] std::vector<std::string> as_overrides() const {
    std::vector<std::string> overrides;
    if (lead) overrides.emplace_back("bands={kind: lead}");
    if (!points.empty()) overrides.push_back("bands.points=" + points);
    if (from.empty() && to.empty()) return overrides;
    const auto corner = [](const std::vector<std::string>& k, const char* otherwise) {
      return k.empty() ? std::string(otherwise) : fmt::format("{}", fmt::join(k, ", "));
    };
    overrides.push_back(fmt::format("bands.path=[{{k: [{}]}}, {{k: [{}]}}]",
                                    corner(from, "0, 0, 0"), corner(to, "1, 0, 0")));
    return overrides;
  }
};

/// The program's exit status for an error, after saying what is wrong: once when all ranks know, else
/// from this rank, which then takes the others down.
int report(const Error& error, const mpi::Communicator& comm) {
  const int status = static_cast<int>(error.kind());
  if (error.on_all_ranks() || comm.size() == 1) {
    if (comm.is_first()) fmt::print(stderr, "edotb: {}\n", error.what());
    return status;
  }
  fmt::print(stderr, "edotb: rank {} of {}: {}\n", comm.rank(), comm.size(), error.what());
  std::fflush(stderr);
  MPI_Abort(comm.handle(), status);
  return status;
}

void execute_alone(const CLI::App& app, const Request& request) {
  const mpi::Communicator alone(MPI_COMM_SELF);
  if (app.got_subcommand("check")) {
    const deck::Deck deck = load_deck(request, alone);
    if (deck.conductor) {
      if (!request.drawing.empty() || !request.system_file.empty()) {
        throw bad_input("--draw and --system-file take samples of the coherent engine");
      }
      check_conductor(deck);
    } else {
      if (!request.drawing.empty()) draw_sample(deck, request.drawing);
      if (!request.system_file.empty()) {
        export_system(deck, request.system_file, request.realisation);
      }
      check_command(deck, request.n_ranks);
    }
  }
  if (app.got_subcommand("bands")) {
    bands_command(load_deck(request, alone), request.output, request.json);
  }
  if (app.got_subcommand("show")) {
    const bool is_conductor = is_conductor_file(request.results);
    (is_conductor ? show_conductor : show_command)(request.results, request.json);
  }
  if (app.got_subcommand("analyse")) {
    analyse_command(request.folders, request.output, request.overrides);
  }
  if (app.got_subcommand("models")) {
    if (request.deck.empty()) {
      models_command();
    } else {
      export_command(load_deck(request, alone), request.wannier_prefix);
    }
  }
  if (app.got_subcommand("schema")) {
    fmt::print("{}", request.manual ? deck::manual_page() : deck::json_schema());
  }
}

int execute(CLI::App& app, const Request& request, const mpi::Communicator& comm) {
  if (app.got_subcommand("run")) {
    return run_command(load_deck(request, comm), request.output, comm);
  }
  // The others need one rank; the rest learn how it went, so that all end in the same way.
  mpi::collectively(comm, [&] {
    if (comm.is_first()) execute_alone(app, request);
  });
  return 0;
}

}  // namespace

int run_program(int argc, char** argv) {
  CLI::App app("edotb: why does the resistance fall in a magnetic field?", "edotb");
  app.set_version_flag("--version", fmt::format("edotb {} ({})", version, git_hash));
  app.require_subcommand(1);
  app.footer("exit status: 0 done, 1 internal error, 2 bad input, 3 numerical failure");
  Request request;

  CLI::App* run = app.add_subcommand("run", "compute all points of a deck into results.h5");
  add_deck_options(*run, request);
  run->add_option("--output", request.output, "folder of results.h5, instead of the deck's");

  CLI::App* check = app.add_subcommand("check", "validate a deck; print sample, points, forecast");
  add_deck_options(*check, request);
  check->add_option("--ranks", request.n_ranks, "forecast for this many MPI ranks")
      ->check(CLI::Range(1, 1 << 24));
  check->add_option("--draw", request.drawing,
                    "draw the sample: a .png, .svg or .vtu (ParaView) file");
  CLI::Option* system_file = check->add_option(
      "--system-file", request.system_file,
      "write the sample at the first field and angle, without disorder, as a system file");
  check->add_option("--realisation", request.realisation, "with this realisation's disorder")
      ->check(CLI::NonNegativeNumber)
      ->needs(system_file);

  CLI::App* bands = app.add_subcommand(
      "bands",
      "bulk bands, lead bands, Landau levels or surface states, as the deck's `bands` says");
  add_deck_options(*bands, request);
  BandFlags band_flags;
  bands->add_flag("--lead", band_flags.lead, "bands of the leads: bands={kind: lead}");
  bands->add_option("--from", band_flags.from, "first k of a path, 3 numbers, unit pi per cell")
      ->expected(3);
  bands->add_option("--to", band_flags.to, "last k of a path")->expected(3);
  bands->add_option("--points", band_flags.points, "number of k points: bands.points");
  bands->add_option("--output", request.output, "write an HDF5 file instead of a table");
  bands->add_flag("--json", request.json, "one JSON object instead of a table");

  CLI::App* show = app.add_subcommand("show", "print a results file");
  show->add_option("results", request.results, "results.h5")->required();
  show->add_flag("--json", request.json, "one JSON object per point");

  CLI::App* analyse = app.add_subcommand(
      "analyse", "print the resistances of runs, or of a laboratory; write analysis.h5");
  analyse->add_option("folders", request.folders, "folders of results.h5 or of readings.csv")
      ->required();
  analyse->add_option(
      "--output", request.output,
      "folder of analysis.h5, instead of the run's (of several runs: the working one)");
  analyse
      ->add_option("--set", request.overrides,
                   "override a key of the decks: --set measurements=[...]")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);

  CLI::App* models = app.add_subcommand(
      "models", "list the library models, or write the model of a deck as wannier90 files");
  CLI::Option* prefix = models->add_option(
      "--wannier90", request.wannier_prefix,
      "write PREFIX_hr.dat, PREFIX.win and PREFIX_centres.xyz of the deck's model");
  prefix->type_name("PREFIX");
  models->add_option("deck", request.deck, "the deck, a YAML file")->needs(prefix);
  prefix->needs("deck");
  models->add_option("--set", request.overrides, "override a key: --set sample.model.t=2")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  CLI::App* schema = app.add_subcommand("schema", "print the JSON Schema of a deck");
  schema->add_flag("--manual", request.manual, "print docs/deck.md instead");

  app.failure_message([&](const CLI::App*, const CLI::Error& error) {
    return fmt::format("edotb: {}\nRun with --help for more information.\n",
                       complaint_of(app, error, argc, argv));
  });

  const linalg::PetscSession session(&argc, &argv);
  const mpi::Communicator comm(MPI_COMM_WORLD);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (!comm.is_first()) return error.get_exit_code() == 0 ? 0 : bad_command_line;
    return app.exit(error) == 0 ? 0 : bad_command_line;
  }
  const auto shorthands = band_flags.as_overrides();
  request.overrides.insert(request.overrides.begin(), shorthands.begin(), shorthands.end());
  try {
    return execute(app, request, comm);
  } catch (const Error& error) {
    return report(error, comm);
  } catch (const std::exception& error) {
    return report(internal_error(error.what()), comm);
  }
}

}  // namespace edotb::cli
