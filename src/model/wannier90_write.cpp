#include "edotb/base/error.hpp"
#include "edotb/model/wannier90.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>

namespace edotb::model {

using linalg::Matrix;

namespace {

class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)), stream_(path_) { check(); }
  void write(const std::string& text) { stream_ << text; }
  void close() {
    stream_.close();
    check();
  }

 private:
  void check() const {
    if (!stream_) throw bad_input(path_ + ": cannot be written");
  }
  std::string path_;
  std::ofstream stream_;
};

/// How the model's spin matrices pair its orbitals: one of the orders that wannier90 has, or none.
std::string spin_order_of(const Model& model) {
  const std::size_t n = model.n_orbitals();
  if (model.spin.size() != 3 || n % 2 != 0) return "none";
  const Matrix pairs = Matrix::identity(n / 2);
  bool interleaved = true;
  bool blocks = true;
  for (std::size_t a = 0; a < 3; ++a) {
    const Matrix& s = pauli().at(a + 1);
    interleaved =
        interleaved && linalg::max_norm(model.spin[a] - linalg::kronecker(pairs, s)) == 0.0;
    blocks = blocks && linalg::max_norm(model.spin[a] - linalg::kronecker(s, pairs)) == 0.0;
  }
  return interleaved ? "interleaved" : blocks ? "blocks" : "none";
}

void write_hr(const Model& model, const std::string& path) {
  // H(R) = T_R^H, H(-R) = T_R.
  std::map<std::array<int, 3>, Matrix> h = {{{0, 0, 0}, model.onsite}};
  for (const Hopping& hopping : model.hoppings) {
    const auto& r = hopping.offset;
    h[r] = adjoint(hopping.matrix);
    h[{-r[0], -r[1], -r[2]}] = hopping.matrix;
  }
  OutputFile file(path);
  file.write("written by edotb models --wannier90\n");
  file.write(fmt::format("{:>12}\n{:>12}\n", model.n_orbitals(), h.size()));
  constexpr std::size_t per_line = 15;
  for (std::size_t i = 0; i < h.size(); ++i) {
    const bool ends_line = (i + 1) % per_line == 0 || i + 1 == h.size();
    file.write(fmt::format("{:>5}{}", 1, ends_line ? "\n" : ""));
  }
  for (const auto& [r, matrix] : h) {
    for (std::size_t n = 0; n < matrix.columns(); ++n) {
      for (std::size_t m = 0; m < matrix.rows(); ++m) {
        // Every digit; adding zero turns -0 into 0.
        file.write(fmt::format("{:>5}{:>5}{:>5}{:>5}{:>5} {:>24} {:>24}\n", r[0], r[1], r[2], m + 1,
                               n + 1, matrix(m, n).real() + 0.0, matrix(m, n).imag() + 0.0));
      }
    }
  }
  file.close();
}

}  // namespace

std::string write_wannier90(const Model& model, double angstrom, const std::string& prefix) {
  std::string spin_order = spin_order_of(model);
  write_hr(model, prefix + "_hr.dat");

  OutputFile win(prefix + ".win");
  win.write(fmt::format("! written by edotb models --wannier90\nnum_wann = {}\nspinors = {}\n",
                        model.n_orbitals(), spin_order == "none" ? ".false." : ".true."));
  win.write("begin unit_cell_cart\nang\n");
  for (const Vector3& a : model.lattice_vectors) {
    win.write(fmt::format("{} {} {}\n", a[0] / angstrom, a[1] / angstrom, a[2] / angstrom));
  }
  win.write("end unit_cell_cart\n");
  win.close();

  OutputFile centres(prefix + "_centres.xyz");
  centres.write(fmt::format("{:>6}\n Wannier centres, written by edotb models --wannier90\n",
                            model.n_orbitals()));
  for (const Site& site : model.sites) {
    for (std::size_t i = 0; i < site.n_orbitals; ++i) {
      const Vector3& r = site.position;
      centres.write(fmt::format("X {} {} {}\n", r[0] / angstrom, r[1] / angstrom, r[2] / angstrom));
    }
  }
  centres.close();
  return spin_order;
}

}  // namespace edotb::model
