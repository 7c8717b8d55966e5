#include "edotb/base/hdf5.hpp"

#include "edotb/base/error.hpp"

#include <array>
#include <filesystem>
#include <utility>

namespace edotb::hdf5 {

Handle::Handle(hid_t id, Closer closer, const std::string& what) : id_(id), closer_(closer) {
  if (id_ < 0) throw bad_input(what);
}
Handle::~Handle() {
  if (id_ >= 0) closer_(id_);
}
Handle::Handle(Handle&& other) noexcept
    : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(closer_, other.closer_);
  return *this;
}

void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

namespace {

Handle access_without_locks() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file access");
  H5Pset_file_locking(access.id(), false, true);
  return access;
}

}  // namespace

Handle open_for_reading(const std::string& path) {
  silence();
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw bad_input(path + ": there is no such file");
  if (std::filesystem::is_directory(path, error)) throw bad_input(path + ": this is a folder");
  if (H5Fis_hdf5(path.c_str()) == 0) throw bad_input(path + ": this is not an HDF5 file");
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access_without_locks().id()), H5Fclose,
          path + ": cannot be opened (is the file complete?)"};
}

Handle open_for_change(const std::string& path) {
  silence();
  return {H5Fopen(path.c_str(), H5F_ACC_RDWR, access_without_locks().id()), H5Fclose,
          path + ": cannot be opened for writing"};
}

Handle create_file(const std::string& path) {
  silence();
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose,
          path + ": cannot be written (is the folder there, and may you write in it?)"};
}

bool exists(hid_t parent, const std::string& name) {
  // H5Lexists wants every group on the way to exist, so the path is walked.
  for (std::size_t slash = name.find('/', 1);; slash = name.find('/', slash + 1)) {
    if (H5Lexists(parent, name.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
    if (slash == std::string::npos) return true;
  }
}

Handle complex_type() {
  Handle type(H5Tcreate(H5T_COMPOUND, sizeof(std::complex<double>)), H5Tclose, "complex type");
  H5Tinsert(type.id(), "r", 0, H5T_NATIVE_DOUBLE);
  H5Tinsert(type.id(), "i", sizeof(double), H5T_NATIVE_DOUBLE);
  return type;
}

template <>
hid_t native_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t native_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
hid_t native_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t native_type<std::uint32_t>() {
  return H5T_NATIVE_UINT32;
}
template <>
hid_t native_type<std::int8_t>() {
  return H5T_NATIVE_INT8;
}

namespace {

template <class T>
bool readable_as(hid_t file_type) {
  const H5T_class_t found = H5Tget_class(file_type);
  if constexpr (std::is_integral_v<T>) return found == H5T_INTEGER;
  if constexpr (std::is_floating_point_v<T>) return found == H5T_FLOAT || found == H5T_INTEGER;
  return found == H5T_COMPOUND && H5Tget_nmembers(file_type) == 2 &&
         H5Tget_member_index(file_type, "r") >= 0 && H5Tget_member_index(file_type, "i") >= 0;
}

template <class T>
constexpr const char* type_name() {
  if constexpr (std::is_integral_v<T>) return "integers";
  if constexpr (std::is_floating_point_v<T>) return "real numbers";
  return "complex numbers (compound {r, i} of two doubles)";
}

template <class T>
Handle memory_type() {
  if constexpr (std::is_same_v<T, std::complex<double>>) {
    return complex_type();
  } else {
    return {H5Tcopy(native_type<T>()), H5Tclose, "number type"};
  }
}

}  // namespace

namespace {

Handle open_dataset(hid_t parent, const std::string& name) {
  if (!exists(parent, name)) throw bad_input("dataset '" + name + "' is missing");
  return {H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose, "'" + name + "' is not a dataset"};
}

double file_bytes(hid_t object) {
  const Handle file(H5Iget_file_id(object), H5Fclose, "file of a dataset");
  hsize_t n_bytes = 0;
  return H5Fget_filesize(file.id(), &n_bytes) < 0 ? 0.0 : static_cast<double>(n_bytes);
}

/// A few bytes of a file can claim any size, for which memory must not be taken: `n_bytes` are at most what the
/// file can hold, compressed at deflate's best where it has filters, or a little that was never written.
void check_claim(hid_t dataset, const std::string& name, double n_bytes) {
  constexpr double best_compression = 1032.0;
  constexpr double unwritten_bytes = 1 << 24;
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose, name);
  const double most = H5Dget_storage_size(dataset) == 0    ? unwritten_bytes
                      : H5Pget_nfilters(creation.id()) > 0 ? best_compression * file_bytes(dataset)
                                                           : file_bytes(dataset);
  if (n_bytes <= most) return;
  throw bad_input("dataset '" + name + "' claims more bytes than its file holds");
}

std::vector<hsize_t> shape_of_space(hid_t space) {
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> shape(rank > 0 ? static_cast<std::size_t>(rank) : 0);
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

}  // namespace

std::vector<hsize_t> shape_of(hid_t parent, const std::string& name) {
  const Handle dataset = open_dataset(parent, name);
  const Handle space(H5Dget_space(dataset.id()), H5Sclose, "shape of '" + name + "'");
  return shape_of_space(space.id());
}

template <class T>
Array<T> read(hid_t parent, const std::string& name, std::int64_t max_values) {
  const Handle dataset = open_dataset(parent, name);
  const Handle type(H5Dget_type(dataset.id()), H5Tclose, "type of '" + name + "'");
  if (!readable_as<T>(type.id())) {
    throw bad_input("dataset '" + name + "' must hold " + type_name<T>());
  }
  const Handle space(H5Dget_space(dataset.id()), H5Sclose, "shape of '" + name + "'");
  Array<T> array;
  array.shape = shape_of_space(space.id());
  const auto n_values = H5Sget_simple_extent_npoints(space.id());
  if (n_values < 0 || n_values > max_values) {
    throw bad_input("dataset '" + name + "' has " + std::to_string(n_values) +
                    " entries, more than the " + std::to_string(max_values) + " allowed here");
  }
  check_claim(dataset.id(), name, static_cast<double>(n_values) * H5Tget_size(type.id()));
  array.values.resize(static_cast<std::size_t>(n_values));
  if (array.values.empty()) return array;  // of which HDF5 wants no null pointer
  if (H5Dread(dataset.id(), memory_type<T>().id(), H5S_ALL, H5S_ALL, H5P_DEFAULT,
              array.values.data()) < 0) {
    throw bad_input("dataset '" + name + "' cannot be read (is the file cut short?)");
  }
  return array;
}

template Array<double> read(hid_t, const std::string&, std::int64_t);
template Array<std::int64_t> read(hid_t, const std::string&, std::int64_t);
template Array<std::int32_t> read(hid_t, const std::string&, std::int64_t);
template Array<std::int8_t> read(hid_t, const std::string&, std::int64_t);
template Array<std::complex<double>> read(hid_t, const std::string&, std::int64_t);

template <class T>
void write(hid_t parent, const std::string& name, const std::vector<hsize_t>& shape,
           std::span<const T> values) {
  const std::string what = "dataset '" + name + "' cannot be written (is the disk full?)";
  const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                     H5Sclose, what);
  const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, what);
  H5Pset_create_intermediate_group(links.id(), 1);
  const Handle type = memory_type<T>();
  const Handle dataset(
      H5Dcreate2(parent, name.c_str(), type.id(), space.id(), links.id(), H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose, what);
  if (values.empty()) return;
  if (H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    throw bad_input(what);
  }
}

template void write(hid_t, const std::string&, const std::vector<hsize_t>&,
                    std::span<const double>);
template void write(hid_t, const std::string&, const std::vector<hsize_t>&,
                    std::span<const std::int64_t>);
template void write(hid_t, const std::string&, const std::vector<hsize_t>&,
                    std::span<const std::complex<double>>);

namespace {

Handle open_attribute(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) <= 0) throw bad_input("attribute '" + name + "' is missing");
  return {H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "attribute '" + name + "'"};
}

}  // namespace

std::string read_text_attribute(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose, "type of attribute '" + name + "'");
  const Handle space(H5Aget_space(attribute.id()), H5Sclose, "shape of attribute '" + name + "'");
  // An array of strings would be read past the end of the one below.
  if (H5Tget_class(type.id()) != H5T_STRING || H5Sget_simple_extent_npoints(space.id()) != 1) {
    throw bad_input("attribute '" + name + "' must be one string");
  }
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute.id(), type.id(), static_cast<void*>(&text)) < 0 || text == nullptr) {
      throw bad_input("attribute '" + name + "' cannot be read");
    }
    std::string result(text);
    H5free_memory(text);
    return result;
  }
  if (static_cast<double>(H5Tget_size(type.id())) > file_bytes(object)) {
    throw bad_input("attribute '" + name + "' claims more bytes than its file holds");
  }
  std::string text(H5Tget_size(type.id()), '\0');
  if (H5Aread(attribute.id(), type.id(), text.data()) < 0) {
    throw bad_input("attribute '" + name + "' cannot be read");
  }
  text.resize(text.find_last_not_of(std::string(" \0", 2)) + 1);
  return text;
}

std::int64_t read_integer_attribute(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose, "type of attribute '" + name + "'");
  std::int64_t value = 0;
  const Handle space(H5Aget_space(attribute.id()), H5Sclose, "shape of attribute '" + name + "'");
  if (H5Tget_class(type.id()) != H5T_INTEGER || H5Sget_simple_extent_npoints(space.id()) != 1 ||
      H5Aread(attribute.id(), H5T_NATIVE_INT64, &value) < 0) {
    throw bad_input("attribute '" + name + "' must be one integer");
  }
  return value;
}

void write_attribute(hid_t object, const std::string& name, const std::string& text) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "string type");
  H5Tset_size(type.id(), text.empty() ? 1 : text.size());
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "scalar space");
  const Handle attribute(
      H5Acreate2(object, name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      "attribute '" + name + "' cannot be written");
  H5Awrite(attribute.id(), type.id(), text.c_str());
}

void write_attribute(hid_t object, const std::string& name, std::int64_t value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "scalar space");
  const Handle attribute(
      H5Acreate2(object, name.c_str(), H5T_NATIVE_INT64, space.id(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose, "attribute '" + name + "' cannot be written");
  H5Awrite(attribute.id(), H5T_NATIVE_INT64, &value);
}

namespace {

herr_t collect_name(hid_t /*group*/, const char* name, const H5L_info_t* /*link*/, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

}  // namespace

std::vector<std::string> members(hid_t group) {
  std::vector<std::string> names;
  H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names);
  return names;
}

std::vector<std::string> dataset_names(hid_t group) {
  std::vector<std::string> names;
  H5Lvisit(group, H5_INDEX_NAME, H5_ITER_INC, collect_name, &names);
  std::erase_if(names, [&](const std::string& name) {
    const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose, name);
    return H5Iget_type(object.id()) != H5I_DATASET;
  });
  return names;
}

}  // namespace edotb::hdf5
