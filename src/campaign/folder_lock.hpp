#pragma once

#include <filesystem>

namespace edotb::campaign {

/// Keeps a folder to one run: a lock of the kernel on DIRECTORY/lock, which says who holds it ("process
/// 1234 on host node7"). The kernel lifts it with the process, however that ends; the file stays. It is a
/// byte-range lock (fcntl), which NFS and Lustre extend to all nodes.
class FolderLock {
 public:
  /// Takes it, without waiting. Throws bad_input when another run has it, with its owner, or when the file
  /// cannot be written. Where the file system knows no locks, says so on standard error and goes on.
  explicit FolderLock(const std::filesystem::path& directory);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;

 private:
  int descriptor_ = -1;
};

}  // namespace edotb::campaign
