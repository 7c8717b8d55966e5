#pragma once

#include "edotb/base/error.hpp"
#include "edotb/base/hdf5.hpp"
#include "edotb/campaign/results_file.hpp"

#include <hdf5_hl.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace edotb::campaign {

using Names = std::vector<std::string>;

/// Creates datasets of one file and ties them to its dimension scales.
class Builder {
 public:
  explicit Builder(hid_t file) : file_(file) {}

  template <class T>
  void scale(const std::string& name, const std::vector<T>& values, const std::string& units,
             const std::string& long_name) {
    const hsize_t length = values.size();
    const hdf5::Handle dataset = create(name, hdf5::native_type<T>(), {length}, nullptr);
    H5Dwrite(dataset.id(), hdf5::native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    describe(dataset, units, long_name);
    if (H5DSset_scale(dataset.id(), name.c_str()) < 0) throw unwritable(name);
    lengths_.emplace_back(name, length);
  }

  template <class T>
  hdf5::Handle dataset(const std::string& name, const Names& scales, T fill,
                       const std::string& units, const std::string& long_name) {
    return dataset(name, scales, hdf5::native_type<T>(), &fill, units, long_name);
  }

  hdf5::Handle dataset(const std::string& name, const Names& scales, hid_t type, const void* fill,
                       const std::string& units, const std::string& long_name) {
    std::vector<hsize_t> shape;
    for (const auto& scale_name : scales) shape.push_back(length_of(scale_name));
    hdf5::Handle dataset = create(name, type, shape, fill);
    describe(dataset, units, long_name);
    for (unsigned i = 0; i < scales.size(); ++i) {
      const hdf5::Handle scale(H5Dopen2(file_, scales[i].c_str(), H5P_DEFAULT), H5Dclose,
                               scales[i]);
      if (H5DSattach_scale(dataset.id(), scale.id(), i) < 0) throw unwritable(name);
    }
    return dataset;
  }

 private:
  static Error unwritable(const std::string& name) {
    return bad_input("results file: dataset '" + name + "' cannot be created (is the disk full?)");
  }

  /// Contiguous and allocated at once: a point is later written by a plain write into its place.
  hdf5::Handle create(const std::string& name, hid_t type, const std::vector<hsize_t>& shape,
                      const void* fill) const {
    const hdf5::Handle space(
        H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose, name);
    const hdf5::Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, name);
    H5Pset_alloc_time(creation.id(), H5D_ALLOC_TIME_EARLY);
    if (fill != nullptr) H5Pset_fill_value(creation.id(), type, fill);
    return {
        H5Dcreate2(file_, name.c_str(), type, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT),
        H5Dclose, unwritable(name).what()};
  }

  static void describe(const hdf5::Handle& dataset, const std::string& units,
                       const std::string& long_name) {
    hdf5::write_attribute(dataset.id(), "units", units);
    hdf5::write_attribute(dataset.id(), "long_name", long_name);
  }

  [[nodiscard]] hsize_t length_of(const std::string& name) const {
    for (const auto& [scale, length] : lengths_) {
      if (scale == name) return length;
    }
    throw internal_error("no dimension scale " + name);
  }

  hid_t file_;
  std::vector<std::pair<std::string, hsize_t>> lengths_;
};

/// A new file, filled by `fill(file)` and closed. Throws bad_input when the disk does not take it.
void make_file(const std::filesystem::path& path, const std::function<void(hid_t)>& fill);

/// 0, 1, ..., n - 1.
[[nodiscard]] std::vector<std::int64_t> count_to(std::int64_t n);

/// The scales of the four leading axes; `remark` ends the names of energy and realisation.
void write_sweep_scales(Builder& builder, const deck::Deck& deck, const std::string& remark = "");

/// The attributes of the root that every results file has. `axis`: of the current.
void write_provenance(hid_t file, const deck::Deck& deck, const std::string& axis,
                      const Provenance& provenance, int n_ranks);

/// The datasets by which a point is complete: seconds, status and checksum.
void write_record_datasets(Builder& builder);

}  // namespace edotb::campaign
