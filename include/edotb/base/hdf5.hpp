#pragma once

#include <hdf5.h>

#include <complex>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace edotb::hdf5 {

/// Owns one HDF5 identifier and closes it with the function that fits its type.
class Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Handle() = default;
  /// Throws an Error with `what` when HDF5 returned a negative identifier.
  Handle(hid_t id, Closer closer, const std::string& what);
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  [[nodiscard]] hid_t id() const { return id_; }

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
};

/// Stops HDF5 from printing its own error stack: edotb throws instead.
void silence();

/// Without locks, as open_for_change: a file may be read while a run writes its points.
[[nodiscard]] Handle open_for_reading(const std::string& path);
/// Throws bad_input when the file is not there, or cannot be written.
[[nodiscard]] Handle open_for_change(const std::string& path);
/// A new, empty file, in the place of one that may be there. Throws bad_input when it cannot be made.
[[nodiscard]] Handle create_file(const std::string& path);
[[nodiscard]] bool exists(hid_t parent, const std::string& name);

/// A dataset's shape and its values, row-major.
template <class T>
struct Array {
  std::vector<hsize_t> shape;
  std::vector<T> values;
};

/// A dataset's shape, {} for a scalar. Throws bad_input with its name when it is missing.
[[nodiscard]] std::vector<hsize_t> shape_of(hid_t parent, const std::string& name);

/// Reads a whole dataset, converted to T (double, std::int64_t, std::int32_t, std::int8_t or
/// std::complex<double>). Throws bad_input with the dataset's name when it is missing or of a
/// class that cannot be converted, has more than `max_values` entries, or claims more than its file can hold.
template <class T>
[[nodiscard]] Array<T> read(hid_t parent, const std::string& name,
                            std::int64_t max_values = std::int64_t{1} << 31);

/// Creates a dataset of this shape, with the groups on its way, from values in row-major order (double,
/// std::int64_t or std::complex<double>). Throws bad_input with its name.
template <class T>
void write(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape,
           std::span<const T> values);

[[nodiscard]] std::string read_text_attribute(hid_t object, const std::string& name);
[[nodiscard]] std::int64_t read_integer_attribute(hid_t object, const std::string& name);
void write_attribute(hid_t object, const std::string& name, const std::string& text);
void write_attribute(hid_t object, const std::string& name, std::int64_t value);

/// The names of a group's members, in HDF5's order.
[[nodiscard]] std::vector<std::string> members(hid_t group);

/// The paths of all datasets below a group, as "thermal/moments".
[[nodiscard]] std::vector<std::string> dataset_names(hid_t group);

/// The compound {r, i} of two doubles that h5py writes for complex numbers.
[[nodiscard]] Handle complex_type();
template <class T>
[[nodiscard]] hid_t native_type();

}  // namespace edotb::hdf5
