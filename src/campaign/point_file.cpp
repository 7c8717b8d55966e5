// A point's record is   block_1 ... block_n status checksum,   checksum = CRC-32 of all that is before it,
// each at its own place in the file. It is complete when the checksum fits: a process may end anywhere.

#include "edotb/campaign/point_file.hpp"

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <numeric>
#include <string_view>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace edotb::campaign {

namespace {

constexpr const char* checksum_name = "checksum";
constexpr const char* status_name = "status";
constexpr std::size_t n_point_axes = 4;

std::string why() { return std::generic_category().message(errno); }

std::uint32_t continued(std::uint32_t checksum, std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(checksum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string fill_of(hid_t dataset, const std::string& name) {
  const hdf5::Handle type(H5Dget_type(dataset), H5Tclose, name);
  const hdf5::Handle creation(H5Dget_create_plist(dataset), H5Pclose, name);
  std::string fill(H5Tget_size(type.id()), '\0');
  if (H5Pget_fill_value(creation.id(), type.id(), fill.data()) < 0) {
    throw bad_input("dataset '" + name + "' has no fill value");
  }
  return fill;
}

/// Sizes that a damaged or foreign file claims must not be believed: they would be allocated.
void check_claim(const PointBlock& block, std::span<const hsize_t> points, double n_file_bytes) {
  auto n_bytes = static_cast<double>(block.offset) + static_cast<double>(block.fill.size());
  double n_values = 1.0;
  for (const auto extent : points) n_values *= static_cast<double>(extent);
  for (const auto extent : block.shape) n_values *= static_cast<double>(extent);
  n_bytes += (n_values - 1.0) * static_cast<double>(block.fill.size());
  if (n_bytes <= n_file_bytes) return;
  throw bad_input("dataset '" + block.name + "' claims more bytes than the file holds");
}

/// Copies an array into the first corner of a larger one, row by row.
void embed(const char* from, std::span<const std::size_t> shape, char* into,
           std::span<const std::size_t> outer, std::size_t value_bytes) {
  const auto size = [&](std::span<const std::size_t> extents) {
    return std::accumulate(extents.begin(), extents.end(), value_bytes, std::multiplies<>());
  };
  if (std::equal(shape.begin(), shape.end(), outer.begin())) {
    std::copy_n(from, size(shape), into);
    return;
  }
  if (shape.size() == 1) {
    std::copy_n(from, shape[0] * value_bytes, into);
    return;
  }
  for (std::size_t i = 0; i < shape[0]; ++i) {
    embed(from + i * size(shape.subspan(1)), shape.subspan(1), into + i * size(outer.subspan(1)),
          outer.subspan(1), value_bytes);
  }
}

/// All bytes of a block: those of `part`, where that is full, else `memory` with fill values around it.
std::string_view bytes_of(const PointBlock& block, const PointPart* part, std::string& memory) {
  if (part != nullptr && part->shape == block.shape) {
    return {static_cast<const char*>(part->data), block.n_bytes()};
  }
  memory.clear();
  while (memory.size() < block.n_bytes()) memory += block.fill;
  if (part == nullptr) return memory;
  bool fits = part->shape.size() == block.shape.size();
  for (std::size_t i = 0; fits && i < block.shape.size(); ++i) {
    fits = part->shape[i] <= block.shape[i];
  }
  if (!fits) throw internal_error("values do not fit into dataset " + block.name);
  embed(static_cast<const char*>(part->data), part->shape, memory.data(), block.shape,
        block.fill.size());
  return memory;
}

/// NFS clients may write back whole pages, with what other nodes wrote meanwhile; not if told to write through.
bool is_on_nfs(const std::filesystem::path& path) {
  constexpr decltype(std::declval<struct statfs>().f_type) nfs = 0x6969;
  struct statfs status {};
  return statfs(path.c_str(), &status) == 0 && status.f_type == nfs;
}

}  // namespace

std::size_t PointBlock::n_bytes() const {
  return std::accumulate(shape.begin(), shape.end(), fill.size(), std::multiplies<>());
}

PointLayout read_layout(const std::filesystem::path& path) {
  const hdf5::Handle file = hdf5::open_for_reading(path.string());
  return with_context([&] { return path.string(); },
                      [&] {
                        const auto points = hdf5::shape_of(file.id(), status_name);
                        if (points.size() != n_point_axes)
                          throw bad_input("dataset 'status' has not four axes");
                        const auto n_file_bytes =
                            static_cast<double>(std::filesystem::file_size(path));
                        PointLayout layout;
                        layout.n_points = std::accumulate(points.begin(), points.end(),
                                                          std::int64_t{1}, std::multiplies<>());
                        for (const std::string& name : hdf5::dataset_names(file.id())) {
                          const auto shape = hdf5::shape_of(file.id(), name);
                          if (shape.size() < n_point_axes ||
                              !std::equal(points.begin(), points.end(), shape.begin())) {
                            continue;
                          }
                          const hdf5::Handle dataset(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT),
                                                     H5Dclose, name);
                          PointBlock block;
                          block.name = name;
                          block.shape.assign(shape.begin() + n_point_axes, shape.end());
                          block.fill = fill_of(dataset.id(), name);
                          if (block.n_bytes() == 0) continue;
                          const haddr_t offset = H5Dget_offset(dataset.id());
                          if (offset == HADDR_UNDEF)
                            throw bad_input("dataset '" + name + "' has no place yet");
                          block.offset = offset;
                          check_claim(block, points, n_file_bytes);
                          if (name == checksum_name) {
                            layout.checksum_offset = offset;
                          } else {
                            layout.blocks.push_back(std::move(block));
                          }
                        }
                        if (layout.checksum_offset == 0)
                          throw bad_input("dataset 'checksum' is missing");
                        std::sort(layout.blocks.begin(), layout.blocks.end(),
                                  [](const PointBlock& a, const PointBlock& b) {
                                    return std::pair(a.name == status_name, a.name) <
                                           std::pair(b.name == status_name, b.name);
                                  });
                        return layout;
                      });
}

PointFile::PointFile(std::filesystem::path path, PointLayout layout, Access access)
    : path_(std::move(path)),
      layout_(std::move(layout)),
      descriptor_(
          ::open(path_.c_str(), access == Access::read
                                    ? O_RDONLY | O_CLOEXEC
                                    : O_RDWR | O_CLOEXEC | (is_on_nfs(path_) ? O_DSYNC : 0))) {
  if (descriptor_ < 0) throw bad_input(path_.string() + ": cannot be opened: " + why());
}

PointFile::~PointFile() { ::close(descriptor_); }

void PointFile::put(std::string_view bytes, std::uint64_t offset, std::int64_t number) const {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      throw resumable_error(fmt::format(
          "{}: point {} cannot be written: {}\nall points finished before are in this file; when "
          "there is room, the same command with --resume goes on",
          path_.string(), number, why()));
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
}

bool PointFile::get(void* bytes, std::size_t n_bytes, std::uint64_t offset) const {
  auto* into = static_cast<char*>(bytes);
  while (n_bytes > 0) {
    const ssize_t n = ::pread(descriptor_, into, n_bytes, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;  // the file is cut short, or the disk cannot read it
    into += n;
    n_bytes -= static_cast<std::size_t>(n);
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

void PointFile::write(std::int64_t number, std::span<const PointPart> parts) {
  const auto n = static_cast<std::uint64_t>(number);
  std::uint32_t checksum = 0;
  for (const PointBlock& block : layout_.blocks) {
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const PointPart& candidate) {
      return candidate.name == block.name;
    });
    const auto bytes = bytes_of(block, part == parts.end() ? nullptr : &*part, memory_);
    checksum = continued(checksum, bytes);
    put(bytes, block.offset + n * bytes.size(), number);
  }
  put({reinterpret_cast<const char*>(&checksum), sizeof(checksum)},
      layout_.checksum_offset + n * sizeof(checksum), number);
  has_news_ = true;
}

PointFile::Stored PointFile::read(std::int64_t number) const {
  const auto n = static_cast<std::uint64_t>(number);
  std::uint32_t recorded = 0;
  Stored stored;
  if (!get(&recorded, sizeof(recorded), layout_.checksum_offset + n * sizeof(recorded))) {
    return {Record::damaged, {}};
  }
  if (recorded == 0) return stored;
  std::uint32_t checksum = 0;
  for (const PointBlock& block : layout_.blocks) {
    std::string bytes(block.n_bytes(), '\0');
    if (!get(bytes.data(), bytes.size(), block.offset + n * bytes.size())) {
      return {Record::damaged, {}};
    }
    checksum = continued(checksum, bytes);
    stored.blocks.push_back(std::move(bytes));
  }
  if (checksum != recorded) return {Record::damaged, {}};
  stored.record = Record::complete;
  return stored;
}

std::int64_t PointFile::n_finished() const {
  std::array<char, 65536> statuses{};
  std::int64_t n_finished = 0;
  for (std::int64_t begin = 0; begin < layout_.n_points;) {
    const auto n = std::min<std::int64_t>(statuses.size(), layout_.n_points - begin);
    if (!get(statuses.data(), static_cast<std::size_t>(n),
             layout_.blocks.back().offset + static_cast<std::uint64_t>(begin))) {
      break;
    }
    n_finished += n - std::count(statuses.begin(), statuses.begin() + n, '\0');
    begin += n;
  }
  return n_finished;
}

bool PointFile::sync() { return !has_news_.exchange(false) || ::fdatasync(descriptor_) == 0; }

std::vector<Record> read_records(const std::filesystem::path& path) {
  const PointFile file(path, read_layout(path), PointFile::Access::read);
  std::vector<Record> records(static_cast<std::size_t>(file.layout().n_points));
  for (std::size_t n = 0; n < records.size(); ++n) {
    records[n] = file.read(static_cast<std::int64_t>(n)).record;
  }
  return records;
}

std::vector<std::int8_t> checked_statuses(std::vector<std::int8_t> statuses,
                                          const std::vector<Record>& records) {
  if (statuses.size() != records.size()) throw bad_input("the datasets do not fit each other");
  for (std::size_t n = 0; n < records.size(); ++n) {
    if (records[n] == Record::unfinished) statuses[n] = 0;
    if (records[n] == Record::damaged) statuses[n] = damaged_status;
  }
  return statuses;
}

}  // namespace edotb::campaign
