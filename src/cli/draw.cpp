#include "commands.hpp"
#include "edotb/base/error.hpp"
#include "edotb/sample/sample.hpp"
#include "edotb/sample/vtk.hpp"

#include <fmt/format.h>
#include <spawn.h>

#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace edotb::cli {

namespace {

namespace fs = std::filesystem;

/// A script of this program: beside its build folder, or where it was installed.
fs::path script(const std::string& name) {
  const fs::path program = fs::canonical("/proc/self/exe").parent_path();
  for (const fs::path& folder : {program / "../scripts", program / "../share/edotb/scripts"}) {
    if (fs::exists(folder / name)) return (folder / name).lexically_normal();
  }
  throw bad_input(name + " was not found beside the program; is the installation complete?");
}

/// Runs a command to its end. Throws bad_input when it fails; it has said why.
void execute(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
      WEXITSTATUS(status) != 0) {
    throw bad_input(fmt::format("{} {} did not succeed", words[0], words[1]));
  }
}

}  // namespace

void draw_sample(const deck::Deck& deck, const std::string& path) {
  const sample::Sample sample(deck);
  if (sample.device() == nullptr) {
    throw bad_input("a system file does not tell the sample's shape; --draw needs a deck's shape");
  }
  const auto field = sample.field(deck.field.magnitude.back(), deck.field.angle.front());
  const fs::path picture(path);
  const std::string kind = picture.extension();
  if (kind != ".vtu" && kind != ".png" && kind != ".svg") {
    throw bad_input(path + ": --draw writes .png, .svg or .vtu (for ParaView)");
  }
  const fs::path grid = kind == ".vtu" ? picture : fs::path(path + ".vtu");
  sample::write_vtk(grid, *sample.device(), deck, field);
  if (kind == ".vtu") return;
  const char* python = std::getenv("EDOTB_PYTHON");
  const std::string interpreter = python != nullptr                ? python
                                  : fs::exists("/usr/bin/python3") ? "/usr/bin/python3"
                                                                   : "python3";
  execute({interpreter, script("draw_sample.py"), grid, "--output", path});
  fs::remove(grid);
}

}  // namespace edotb::cli
