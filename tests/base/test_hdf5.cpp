#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace edotb {
namespace {

/// A file with a dataset `values` of n zeros that is never written, or written in compressed chunks.
std::string file_with(hsize_t n, bool is_written) {
  const auto path =
      std::filesystem::temp_directory_path() / ("edotb_claims_" + std::to_string(getpid()));
  const auto file = hdf5::create_file(path.string());
  const hdf5::Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose, "space");
  const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "creation");
  if (is_written) {
    const hsize_t chunk = 1U << 16U;
    H5Pset_chunk(creation.id(), 1, &chunk);
    H5Pset_deflate(creation.id(), 9);
  }
  const hdf5::Handle dataset(H5Dcreate2(file.id(), "values", H5T_NATIVE_DOUBLE, space.id(),
                                        H5P_DEFAULT, creation.id(), H5P_DEFAULT),
                             H5Dclose, "values");
  const std::vector<double> zeros(is_written ? n : 0);
  if (is_written) {
    H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros.data());
  }
  return path.string();
}

std::size_t n_read(const std::string& path) {
  const auto file = hdf5::open_for_reading(path);
  return hdf5::read<double>(file.id(), "values").values.size();
}

// Zeros are what compresses best: the largest dataset that a file of its size can hold.
TEST(Hdf5, CompressedAndUnwrittenDatasetsAreRead) {
  EXPECT_EQ(n_read(file_with(1000000, true)), 1000000U);
  EXPECT_EQ(n_read(file_with(1000, false)), 1000U);
}

TEST(Hdf5, ASizeThatIsOnlyClaimedIsRefused) {
  const auto path = file_with(hsize_t{1} << 30U, false);
  try {
    static_cast<void>(n_read(path));
    FAIL() << "took 8 GB";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_STREQ(error.what(), "dataset 'values' claims more bytes than its file holds");
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace edotb
