#include "edotb/cli/cli.hpp"

int main(int argc, char** argv) { return edotb::cli::main(argc, argv); }
