#include "folder_lock.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace edotb::campaign {

namespace {

namespace fs = std::filesystem;

/// What the run that holds the lock wrote into the file; the folder may be a stranger's.
std::string owner_in(int descriptor) {
  std::array<char, 128> text{};
  const ssize_t n = ::pread(descriptor, text.data(), text.size(), 0);
  std::string owner(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  std::erase_if(owner, [](char c) { return c < ' ' || c > '~'; });
  return owner.empty() ? "another process" : owner;
}

void write_owner(int descriptor) {
  std::array<char, 65> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string owner = fmt::format("process {} on host {}\n", ::getpid(), host.data());
  // For people only: a disk that is too full for it is met again, and reported, by the results file.
  [[maybe_unused]] const bool is_written =
      ::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, owner.data(), owner.size(), 0) > 0;
}

}  // namespace

FolderLock::FolderLock(const fs::path& directory) {
  const fs::path path = directory / "lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw bad_input(path.string() +
                    ": cannot be written: " + std::generic_category().message(errno));
  }
  // Of the open file, not of the process: closing the file elsewhere in the process does not lift it.
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(descriptor_, F_OFD_SETLK, &whole) == 0) {
    write_owner(descriptor_);
    return;
  }
  const int error = errno;
  if (error == EAGAIN || error == EACCES) {
    const std::string owner = owner_in(descriptor_);
    ::close(std::exchange(descriptor_, -1));
    throw bad_input(fmt::format(
        "{}: {} runs in this folder; wait for its end, end it by a file {}, or give another folder "
        "by --output",
        directory.string(), owner, (directory / "stop").string()));
  }
  fmt::print(stderr,
             "note: {} cannot be locked ({}): nothing keeps a second run out of this folder\n",
             path.string(), std::generic_category().message(error));
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

}  // namespace edotb::campaign
