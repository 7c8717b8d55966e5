#include "results_builder.hpp"

#include "edotb/deck/table.hpp"

#include <numeric>

namespace edotb::campaign {

hdf5::Handle create_file(const std::filesystem::path& path) {
  hdf5::silence();
  const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
  // The newer format holds attributes beyond 64 KiB, which a long deck is.
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose,
          path.string() + ": cannot be written (does the folder exist, with room and permission?)"};
}

void flush_file(const hdf5::Handle& file, const std::filesystem::path& path) {
  if (H5Fflush(file.id(), H5F_SCOPE_GLOBAL) < 0) {
    throw bad_input(path.string() + ": cannot be written (is the disk full?)");
  }
}

hdf5::Handle open_on_all_ranks(const std::filesystem::path& path, const mpi::Communicator& comm) {
  const hdf5::Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
  H5Pset_fapl_mpio(access.id(), comm.handle(), MPI_INFO_NULL);
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  return {H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose,
          path.string() + ": cannot be opened by all ranks"};
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

void write_point_entry(const hdf5::Handle& dataset, hid_t memory_type, const Point& point,
                       std::vector<hsize_t> inner, const void* data) {
  std::vector<hsize_t> start = {
      static_cast<hsize_t>(point.field), static_cast<hsize_t>(point.angle),
      static_cast<hsize_t>(point.energy), static_cast<hsize_t>(point.realisation)};
  start.resize(4 + inner.size(), 0);
  std::vector<hsize_t> count = {1, 1, 1, 1};
  count.insert(count.end(), inner.begin(), inner.end());
  const hdf5::Handle file_space(H5Dget_space(dataset.id()), H5Sclose, "results space");
  H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                      nullptr);
  const hdf5::Handle memory_space(
      H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose,
      "point space");
  if (H5Dwrite(dataset.id(), memory_type, memory_space.id(), file_space.id(), H5P_DEFAULT, data) <
      0) {
    throw internal_error("a point cannot be written to the results file (is the disk full?)");
  }
}

}  // namespace edotb::campaign
