#include "edotb/campaign/signals.hpp"

#include "edotb/base/error.hpp"

#include <atomic>
#include <csignal>
#include <string_view>
#include <unistd.h>

namespace edotb::campaign {

namespace {

// A handler can speak to the rest of the program through static, lock-free variables only.
std::atomic<bool> is_watched = false;   // NOLINT
std::atomic<int> stop_signal = 0;       // NOLINT
std::atomic<bool> wants_write = false;  // NOLINT
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void take_signal(int signal) {
  if (signal == SIGUSR1) {
    wants_write = true;
  } else if (is_watched) {
    stop_signal = signal;
  } else {
    constexpr std::string_view text =
        "edotb: stopped before the first point; the same command with --resume goes on\n";
    if (::write(STDERR_FILENO, text.data(), text.size()) >= 0) {
      ::_exit(static_cast<int>(ErrorKind::resumable));
    }
    ::_exit(static_cast<int>(ErrorKind::resumable));
  }
}

void set_handler(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaction(signal, &action, nullptr);
}

}  // namespace

Signals::Signals() {
  is_watched = false;
  stop_signal = 0;
  wants_write = false;
  set_handler(take_signal);
}

// What a run leaves to do is the end of MPI: a signal then must not make a run that is complete look like one that is not.
Signals::~Signals() { watch(); }

void Signals::watch() { is_watched = true; }

std::string Signals::stop() {
  const int signal = stop_signal;
  return signal == 0 ? "" : signal == SIGTERM ? "SIGTERM" : "SIGINT";
}

bool Signals::write_now() { return wants_write.exchange(false); }

}  // namespace edotb::campaign
