#include "edotb/cli/cli.hpp"

int main(int argc, char** argv) { return edotb::cli::run_program(argc, argv); }
