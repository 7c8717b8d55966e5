// H(k) = sum_R H(R) exp(i k.R),  H_mn(R) = <m, cell 0| H |n, cell R>:  T_R = H(-R) = H(R)^H (model.hpp).

#include "edotb/model/wannier90.hpp"

#include "edotb/base/error.hpp"
#include "wannier90_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

namespace {

CellOffset opposite(const CellOffset& r) { return {-r[0], -r[1], -r[2]}; }

bool comes_first(const CellOffset& r) { return r > CellOffset{}; }

/// Replaces H by its Hermitian part. The files have six decimals, so H(R) and H(-R)^H may differ in the
/// last; more is an error.
void make_hermitian(RealSpaceHamiltonian& h, const std::string& path) {
  double largest = 0.0;
  for (const auto& [r, matrix] : h) largest = std::max(largest, linalg::max_norm(matrix));
  const double tolerance = 2e-6 * std::max(1.0, largest);
  RealSpaceHamiltonian hermitian;
  for (const auto& [r, matrix] : h) {
    const auto other = h.find(opposite(r));
    const Matrix adjoined =
        other == h.end() ? Matrix(matrix.rows(), matrix.columns()) : adjoint(other->second);
    for (std::size_t n = 0; n < matrix.columns(); ++n) {
      for (std::size_t m = 0; m < matrix.rows(); ++m) {
        if (std::abs(matrix(m, n) - adjoined(m, n)) <= tolerance) continue;
        throw bad_input(fmt::format(
            "{}: the Hamiltonian is not Hermitian: element {} {} of R = ({} {} {}) is "
            "{:.6g}{:+.6g}i{}",
            path, m + 1, n + 1, r[0], r[1], r[2], matrix(m, n).real(), matrix(m, n).imag(),
            other == h.end()
                ? ", but -R is not in the file"
                : fmt::format(", but element {} {} of -R is {:.6g}{:+.6g}i, not its "
                              "conjugate",
                              n + 1, m + 1, adjoined(m, n).real(), -adjoined(m, n).imag())));
      }
    }
    hermitian.emplace(r, 0.5 * (matrix + adjoined));
  }
  h = std::move(hermitian);
}

std::array<Vector3, 3> unit_cell(const deck::WannierFiles& files) {
  std::array<Vector3, 3> a{};
  if (files.win.empty()) {
    for (std::size_t i = 0; i < 9; ++i) a[i / 3][i % 3] = files.cell.at(i);
  } else {
    a = read_unit_cell(files.win);
    for (Vector3& vector : a) vector = files.angstrom * vector;
  }
  const double volume = std::abs(dot(a[0], cross(a[1], a[2])));
  const double lengths = norm(a[0]) * norm(a[1]) * norm(a[2]);
  if (!(volume > 1e-9 * lengths)) {
    throw bad_input(fmt::format("{}: the unit cell is flat: its lattice vectors span no volume",
                                files.win.empty() ? "cell" : files.win));
  }
  return a;
}

/// Drops small elements and those between far orbitals.
void drop(RealSpaceHamiltonian& h, const deck::WannierFiles& files, const std::array<Vector3, 3>& a,
          const std::vector<Vector3>& centres) {
  for (auto& [r, matrix] : h) {
    const Vector3 shift = r[0] * a[0] + r[1] * a[1] + r[2] * a[2];
    for (std::size_t n = 0; n < matrix.columns(); ++n) {
      for (std::size_t m = 0; m < matrix.rows(); ++m) {
        const double distance = norm(shift + centres[n] - centres[m]);
        const bool is_far = files.max_distance > 0.0 && distance > files.max_distance;
        if (is_far || std::abs(matrix(m, n)) < files.cutoff) matrix(m, n) = 0.0;
      }
    }
  }
}

/// Orbitals of one site, in its order.
struct Group {
  Vector3 centre{};  ///< of the first, which the others are near to
  std::vector<std::size_t> orbitals;
};

/// Orbitals, or pairs of spin partners, with centres together.
std::vector<Group> group(const std::vector<Vector3>& centres, const deck::WannierFiles& files) {
  const bool has_spin = files.spin_order != "none";
  const std::size_t n = centres.size();
  if (has_spin && n % 2 != 0) {
    throw bad_input(
        fmt::format("{}: {} Wannier functions are an odd number, and cannot be pairs of "
                    "spin partners; take spin_order: none",
                    files.hr, n));
  }
  std::vector<Group> groups;
  for (std::size_t k = 0; k < (has_spin ? n / 2 : n); ++k) {
    std::vector<std::size_t> unit = {k};
    if (files.spin_order == "interleaved") unit = {2 * k, 2 * k + 1};
    if (files.spin_order == "blocks") unit = {k, k + n / 2};
    const Vector3 centre = 0.5 * (centres[unit.front()] + centres[unit.back()]);
    const double apart = norm(centres[unit.front()] - centres[unit.back()]);
    if (apart > files.site_radius) {
      throw bad_input(fmt::format(
          "{}: spin partners {} and {} have centres {:.4g} apart, more than site_radius; is "
          "spin_order: {} right?",
          files.centres, unit.front() + 1, unit.back() + 1, apart, files.spin_order));
    }
    auto place = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
      return norm(other.centre - centre) <= files.site_radius;
    });
    if (place == groups.end()) place = groups.insert(groups.end(), {centre, {}});
    place->orbitals.insert(place->orbitals.end(), unit.begin(), unit.end());
  }
  return groups;
}

void check_planar(const Model& model, const deck::WannierFiles& files) {
  const auto& a = model.lattice_vectors;
  if (a[0][2] != 0.0 || a[1][2] != 0.0) {
    throw bad_input(
        fmt::format("{}: a model of dimension 2 lies in the xy plane, but a_1 or a_2 "
                    "has a z component",
                    files.win.empty() ? "cell" : files.win));
  }
  for (const Hopping& hopping : model.hoppings) {
    if (hopping.offset[2] == 0) continue;
    throw bad_input(
        fmt::format("{}: a model of dimension 2 has hoppings out of the plane, R = ({} "
                    "{} {}); take dimension: 3, or a cutoff",
                    files.hr, hopping.offset[0], hopping.offset[1], hopping.offset[2]));
  }
}

}  // namespace

Model wannier90_model(const deck::WannierFiles& files, int dimension) {
  RealSpaceHamiltonian h = read_hr(files.hr);
  if (!h.contains(CellOffset{})) {
    throw bad_input(files.hr + ": the lattice vector R = (0 0 0) is missing");
  }
  if (!files.wsvec.empty()) h = apply_wsvec(h, files.wsvec);
  make_hermitian(h, files.hr);
  const std::size_t n_orbitals = h.begin()->second.rows();
  std::vector<Vector3> centres(n_orbitals);
  if (!files.centres.empty()) {
    centres = read_centres(files.centres, n_orbitals);
    for (Vector3& centre : centres) centre = files.angstrom * centre;
  }
  Model model;
  model.dimension = dimension;
  model.lattice_vectors = unit_cell(files);
  drop(h, files, model.lattice_vectors, centres);

  std::vector<std::size_t> order;
  for (const Group& site : group(centres, files)) {
    Vector3 mean{};
    for (const std::size_t i : site.orbitals) mean = mean + centres[i];
    model.sites.push_back(
        {(1.0 / static_cast<double>(site.orbitals.size())) * mean, site.orbitals.size()});
    order.insert(order.end(), site.orbitals.begin(), site.orbitals.end());
  }
  const auto in_order = [&](const Matrix& matrix) {
    Matrix result(n_orbitals, n_orbitals);
    for (std::size_t j = 0; j < n_orbitals; ++j) {
      for (std::size_t i = 0; i < n_orbitals; ++i) result(i, j) = matrix(order[i], order[j]);
    }
    return result;
  };
  model.onsite = in_order(h.at(CellOffset{}));
  for (std::size_t i = 0; i < n_orbitals; ++i) model.onsite(i, i) -= files.fermi_level;
  for (const auto& [r, matrix] : h) {
    if (!comes_first(r) || linalg::max_norm(matrix) == 0.0) continue;
    model.hoppings.push_back({r, in_order(adjoint(matrix))});
  }
  if (dimension == 2) check_planar(model, files);
  if (files.spin_order != "none") {
    for (std::size_t a = 1; a <= 3; ++a) {
      model.spin.push_back(linalg::kronecker(Matrix::identity(n_orbitals / 2), pauli().at(a)));
    }
  }
  return model;
}

}  // namespace edotb::model
