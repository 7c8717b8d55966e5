#pragma once

namespace edotb::cli {

/// The program: parses the command line, runs one subcommand, reports errors once and by their kind.
/// Returns the exit status: 0 done, 1 internal error, 2 bad input, 3 numerical failure.
int run_program(int argc, char** argv);

}  // namespace edotb::cli
