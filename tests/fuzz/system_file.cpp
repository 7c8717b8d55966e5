// The reader of system files, on files that are sound as HDF5 but wrong in any other way: datasets that
// are missing, of another type, shape or value, groups and links in their place. Promise: a file is
// refused as bad input, or gives a Hermitian system that is written and read back unchanged.

#include "edotb/sample/system_file.hpp"

#include "edotb/base/hdf5.hpp"
#include "fuzz.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <filesystem>
#include <limits>
#include <unistd.h>

namespace edotb {
namespace {

using linalg::Complex;

std::string path_of(const std::string& name) {
  static const std::string folder = std::filesystem::temp_directory_path().string();
  return fmt::format("{}/edotb_fuzz_{}_{}.h5", folder, getpid(), name);
}

/// Writes one file as the bytes say.
class Writer {
 public:
  Writer(FuzzedDataProvider& bytes, hid_t file) : bytes_(bytes), file_(file) {}

  void write() {
    attribute("format", "edotb-system");
    attribute("version", 1);
    attribute("title", "fuzz");
    n_ = count(4);
    std::vector<std::int64_t> offsets = {0};
    std::vector<std::int64_t> columns;
    std::vector<Complex> values;
    for (std::int64_t row = 0; row < n_; ++row) {
      for (std::int64_t column = 0; column < n_; ++column) {
        columns.push_back(column);
        values.push_back(row == column ? Complex(number()) : Complex(1.0));
      }
      offsets.push_back(offsets.back() + n_);
    }
    std::vector<std::int64_t> sites;
    for (std::int64_t i = 0; i <= n_; ++i) sites.push_back(i);
    dataset("/device/indptr", offsets, {offsets.size()});
    dataset("/device/indices", columns, {columns.size()});
    dataset("/device/values", values, {values.size()});
    dataset("/device/orbital_offsets", sites, {sites.size()});
    const auto dimension = static_cast<hsize_t>(count(3));
    const std::vector<double> positions(static_cast<std::size_t>(n_) * dimension, 0.5);
    dataset("/device/positions", positions, {static_cast<hsize_t>(n_), dimension});
    const auto n_leads = bytes_.ConsumeIntegralInRange<int>(0, 3);
    for (int k = 0; k < n_leads; ++k) lead(k);
  }

 private:
  std::int64_t count(std::int64_t most) {
    return bytes_.ConsumeIntegralInRange<std::int64_t>(1, most);
  }
  double number() {
    using Limits = std::numeric_limits<double>;
    constexpr std::array<double, 8> values = {
        0.0, -0.0, 1.0, -2.5, 1e-300, 1e300, Limits::infinity(), Limits::quiet_NaN()};
    return values.at(bytes_.ConsumeIntegralInRange<std::size_t>(0, values.size() - 1));
  }

  void lead(int k) {
    const std::string group = fmt::format("/leads/{}", bytes_.ConsumeBool() ? k : k + 1);
    const auto size = static_cast<std::size_t>(count(3));
    const auto width = std::min<std::size_t>(size, static_cast<std::size_t>(count(3)));
    std::vector<std::int64_t> interface;
    for (std::size_t i = 0; i < width; ++i) interface.push_back(static_cast<std::int64_t>(i));
    dataset(group + "/cell", std::vector<Complex>(size * size, 1.0), {size, size});
    dataset(group + "/hopping", std::vector<Complex>(size * width, -1.0), {size, width});
    dataset(group + "/interface", interface, {width});
  }

  void change(std::int64_t& value) { value = bytes_.ConsumeIntegral<std::int8_t>(); }
  void change(double& value) { value = number(); }
  void change(Complex& value) { value = {number(), number()}; }

  template <class T>
  void dataset(const std::string& name, std::vector<T> values, std::vector<hsize_t> shape) {
    if (H5Lexists(file_, name.c_str(), H5P_DEFAULT) > 0) return;
    switch (bytes_.ConsumeIntegralInRange<int>(0, 15)) {
      case 0:
        return;
      case 1:
        return link(name);
      case 2:
        return raw(name, other_type(), shape);
      case 3:
        return raw(name, H5T_NATIVE_DOUBLE, shape);
      case 4:
        return raw(name, H5T_NATIVE_INT32, shape);
      case 5: {  // more than there is; nothing is ever written there
        for (auto& extent : shape) extent <<= bytes_.ConsumeIntegralInRange<unsigned>(0, 40);
        return raw(name, H5T_NATIVE_INT64, shape);
      }
      case 6: {
        const auto rank = bytes_.ConsumeIntegralInRange<std::size_t>(0, 3);
        shape.assign(rank, bytes_.ConsumeIntegralInRange<hsize_t>(0, 4));
        std::size_t size = 1;
        for (const auto extent : shape) size *= extent;
        values.resize(size);
        break;
      }
      case 7:
      case 8:
        if (!values.empty()) {
          change(values[bytes_.ConsumeIntegralInRange<std::size_t>(0, values.size() - 1)]);
        }
        break;
      default:
        break;
    }
    fuzz::may_refuse([&] { hdf5::write<T>(file_, name, shape, values); });
  }

  hid_t other_type() {
    const std::array<hid_t, 4> types = {H5T_C_S1, H5T_STD_REF_OBJ, H5T_NATIVE_INT8, H5T_IEEE_F32BE};
    return types.at(bytes_.ConsumeIntegralInRange<std::size_t>(0, types.size() - 1));
  }

  [[nodiscard]] hdf5::Handle intermediate() const {
    hdf5::Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "links");
    H5Pset_create_intermediate_group(links.id(), 1);
    return links;
  }

  void link(const std::string& name) {
    const auto links = intermediate();
    switch (bytes_.ConsumeIntegralInRange<int>(0, 2)) {
      case 0:
        H5Lcreate_soft(name.c_str(), file_, name.c_str(), links.id(), H5P_DEFAULT);
        return;
      case 1:
        H5Lcreate_soft("/device/values", file_, name.c_str(), links.id(), H5P_DEFAULT);
        return;
      default: {
        const hid_t group = H5Gcreate2(file_, name.c_str(), links.id(), H5P_DEFAULT, H5P_DEFAULT);
        if (group >= 0) H5Gclose(group);
      }
    }
  }

  void raw(const std::string& name, hid_t type, const std::vector<hsize_t>& shape) {
    const auto links = intermediate();
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    if (space < 0) return;
    const hid_t dataset =
        H5Dcreate2(file_, name.c_str(), type, space, links.id(), H5P_DEFAULT, H5P_DEFAULT);
    if (dataset >= 0) H5Dclose(dataset);
    H5Sclose(space);
  }

  template <class T>
  void attribute(const std::string& name, const T& value) {
    switch (bytes_.ConsumeIntegralInRange<int>(0, 15)) {
      case 0:
        return;
      case 1:
        return hdf5::write_attribute(file_, name, bytes_.ConsumeRandomLengthString(20));
      case 2:
        return hdf5::write_attribute(file_, name, bytes_.ConsumeIntegral<std::int64_t>());
      case 3:
        return array_attribute(name, other_type());
      default:
        return hdf5::write_attribute(file_, name, value);
    }
  }

  void array_attribute(const std::string& name, hid_t type) {
    const hsize_t extent = bytes_.ConsumeIntegralInRange<hsize_t>(0, 5);
    const hid_t space = H5Screate_simple(1, &extent, nullptr);
    if (space < 0) return;
    const hid_t attribute = H5Acreate2(file_, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0) H5Aclose(attribute);
    H5Sclose(space);
  }

  FuzzedDataProvider& bytes_;
  hid_t file_;
  std::int64_t n_ = 1;
};

linalg::Matrix dense_device(const sample::SystemFile& system) {
  return linalg::to_dense({system.layout.pattern, system.hamiltonian});
}

void check(FuzzedDataProvider& bytes) {
  const std::string path = path_of("in");
  {
    const auto file = hdf5::create_file(path);
    Writer(bytes, file.id()).write();
  }
  fuzz::may_refuse([&] {
    const auto system = sample::read_system_file(path);
    const auto h = dense_device(system);
    if (!(linalg::max_norm(h - linalg::adjoint(h)) <= 1e-10 * linalg::max_norm(h))) {
      fuzz::broken("the device is Hermitian");
    }
    const std::string again = path_of("again");
    sample::write_system_file(system, again);
    const auto copy = sample::read_system_file(again);
    const bool same = linalg::max_norm(dense_device(copy) - h) == 0.0 &&
                      copy.layout.interfaces == system.layout.interfaces &&
                      copy.layout.site_positions == system.layout.site_positions &&
                      copy.title == system.title && copy.leads.size() == system.leads.size();
    if (!same) fuzz::broken("a system is read back as it was written");
  });
}

}  // namespace
}  // namespace edotb

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  edotb::check(bytes);
  return 0;
}
