#include "results_builder.hpp"

#include "edotb/deck/table.hpp"

#include <limits>
#include <numeric>
#include <sys/mman.h>
#include <unistd.h>

namespace edotb::campaign {

namespace {

hdf5::Handle create_file(const std::filesystem::path& path) {
  hdf5::silence();
  const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
  // The newer format holds attributes beyond 64 KiB, which a long deck is.
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose,
          path.string() + ": cannot be written (does the folder exist, with room and permission?)"};
}

/// Lets HDF5 write the rest of a file into memory that is thrown away: it cannot close a file otherwise
/// that the disk does not take, tries again at the end of the program, and crashes.
void abandon(const hdf5::Handle& file) {
  void* descriptor = nullptr;
  const int memory = memfd_create("edotb", MFD_CLOEXEC);
  if (memory >= 0 && H5Fget_vfd_handle(file.id(), H5P_DEFAULT, &descriptor) >= 0) {
    dup2(memory, *static_cast<int*>(descriptor));
  }
  if (memory >= 0) close(memory);
}

}  // namespace

void make_file(const std::filesystem::path& path, const std::function<void(hid_t)>& fill) {
  const hdf5::Handle file = create_file(path);
  try {
    fill(file.id());
    if (H5Fflush(file.id(), H5F_SCOPE_GLOBAL) < 0) {
      throw bad_input(path.string() + ": cannot be written (is the disk full?)");
    }
  } catch (...) {
    abandon(file);
    throw;
  }
}

std::vector<std::int64_t> count_to(std::int64_t n) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

void write_sweep_scales(Builder& builder, const deck::Deck& deck, const std::string& remark) {
  const auto unit = [&](deck::Quantity quantity) {
    return std::string(deck::unit_name(quantity, deck.lattice_units));
  };
  builder.scale("field", deck.field.magnitude, unit(deck::Quantity::field),
                "magnetic field strength");
  builder.scale("angle", deck.field.angle, unit(deck::Quantity::angle),
                "angle between field and current");
  builder.scale("energy", deck.energy, unit(deck::Quantity::energy), "energy" + remark);
  builder.scale("realisation", count_to(deck.ensemble.n_realisations), "1",
                "disorder realisation" + remark);
}

void write_record_datasets(Builder& builder) {
  const Names points = {"field", "angle", "energy", "realisation"};
  builder.dataset("seconds", points, std::numeric_limits<double>::quiet_NaN(), "s",
                  "wall time of the point");
  builder.dataset<std::int8_t>(
      "status", points, 0, "1",
      "0 not computed, 1 solved, 2 solved again by a second path, 3 failed");
  builder.dataset<std::uint32_t>("checksum", points, 0, "1",
                                 "CRC-32 of all that the file holds of the point; 0: not complete");
}

}  // namespace edotb::campaign
