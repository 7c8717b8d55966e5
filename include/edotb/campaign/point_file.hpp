#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace edotb::campaign {

/// One dataset's part of every point: of point number n the n_bytes() bytes from offset + n n_bytes() on.
struct PointBlock {
  std::string name;  ///< of the dataset, as "thermal/moments"
  std::uint64_t offset = 0;
  std::vector<std::size_t> shape;  ///< behind the four axes of points
  std::string fill;                ///< the bytes of a value that nobody writes

  [[nodiscard]] std::size_t n_bytes() const;
};

/// Where in a results file the points are. Every dataset with the four axes of points is contiguous and
/// was allocated with the file, so that a point is plain bytes at places known beforehand.
struct PointLayout {
  std::int64_t n_points = 0;
  std::vector<PointBlock> blocks;  ///< by name, `status` last; without `checksum`
  std::uint64_t checksum_offset = 0;
};

/// Reads it from a results file. Throws bad_input when that is none, or is damaged.
[[nodiscard]] PointLayout read_layout(const std::filesystem::path& path);

/// Values for one dataset of one point, row-major; no longer than the dataset's block along any axis.
struct PointPart {
  std::string name;
  std::vector<std::size_t> shape;
  const void* data = nullptr;
};

/// What a results file holds of a point.
enum class Record { unfinished, complete, damaged };

/// The points of a results file, read and written without HDF5: no write touches the file's structure,
/// so that no process can break it by dying. A point ends with the CRC-32 of its bytes in `checksum`.
/// write() and the other members may be called from two threads.
class PointFile {
 public:
  enum class Access { read, write };
  /// Throws bad_input when the file cannot be opened.
  PointFile(std::filesystem::path path, PointLayout layout, Access access);
  ~PointFile();
  PointFile(const PointFile&) = delete;
  PointFile& operator=(const PointFile&) = delete;

  /// Writes all of a point; what no part gives stays at its fill value. Throws an Error of the kind
  /// resumable when the disk does not take it.
  void write(std::int64_t number, std::span<const PointPart> parts);

  struct Stored {
    Record record = Record::unfinished;
    std::vector<std::string> blocks;  ///< bytes, in the order of the layout; when complete
  };
  [[nodiscard]] Stored read(std::int64_t number) const;

  /// Points that have a status, by whichever rank.
  [[nodiscard]] std::int64_t n_finished() const;
  /// Brings to the disk what was written; true when that succeeded, or there was nothing.
  bool sync();

  [[nodiscard]] const PointLayout& layout() const { return layout_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  void put(std::string_view bytes, std::uint64_t offset, std::int64_t number) const;
  [[nodiscard]] bool get(void* bytes, std::size_t n_bytes, std::uint64_t offset) const;

  std::filesystem::path path_;
  PointLayout layout_;
  int descriptor_ = -1;
  std::string memory_;  ///< of a block that no part fills
  std::atomic<bool> has_news_ = false;
};

/// What a results file holds of every point, by number. Throws bad_input when its structure is damaged.
[[nodiscard]] std::vector<Record> read_records(const std::filesystem::path& path);

/// In the place of a status, for a point whose checksum does not fit; no file holds it.
inline constexpr std::int8_t damaged_status = -1;
/// The statuses of points as far as the checksums bear them out: of a point that is not complete 0, of a
/// damaged one damaged_status.
[[nodiscard]] std::vector<std::int8_t> checked_statuses(std::vector<std::int8_t> statuses,
                                                        const std::vector<Record>& records);

}  // namespace edotb::campaign
