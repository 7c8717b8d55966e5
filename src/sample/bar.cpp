#include "edotb/sample/bar.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace edotb::sample {

using linalg::Complex;
using linalg::Matrix;

Bar::Bar(model::Model device, model::Model lead, const deck::BarShape& shape,
         const deck::FieldOptions& field)
    : device_(std::move(device)),
      lead_(std::move(lead)),
      shape_(shape),
      axes_{static_cast<std::size_t>(shape.axis)},
      everywhere_(field.everywhere),
      ramp_(field.ramp) {
  for (const auto& hopping : device_.hoppings) {
    reach_ = std::max(reach_, std::abs(hopping.offset[axes_.current]));
    for (const std::size_t axis : {axes_.width(), axes_.thickness()}) {
      wraps_[axis] = wraps_[axis] || (shape_.periodic && hopping.offset[axis] != 0);
    }
  }
  if (shape_.length < reach_) {
    throw bad_input(
        fmt::format("sample.shape.length: must be at least {}, the reach of the hopping", reach_));
  }
  for (std::size_t s = 0; s < device_.sites.size(); ++s) {
    site_of_orbital_.insert(site_of_orbital_.end(), device_.sites[s].n_orbitals, s);
  }
  build_layout();
}

std::array<int, 3> Bar::extents(int n_slices) const {
  std::array<int, 3> n{};
  n[axes_.current] = n_slices;
  n[axes_.width()] = shape_.width;
  n[axes_.thickness()] = shape_.thickness;
  return n;
}

Vector3 Bar::cell_origin(const std::array<int, 3>& index) const {
  Vector3 r{};
  for (std::size_t i = 0; i < 3; ++i) r[i] = index[i] * device_.cell_size[i] - centre_[i];
  return r;
}

std::size_t Bar::cell_number(const std::array<int, 3>& index) const {
  return (static_cast<std::size_t>(index[axes_.current]) * static_cast<std::size_t>(shape_.width) +
          static_cast<std::size_t>(index[axes_.width()])) *
             static_cast<std::size_t>(shape_.thickness) +
         static_cast<std::size_t>(index[axes_.thickness()]);
}

/// Rises as sin^2 over the ramp at each end: the field-free lead ends without a step.
double Bar::ramp_factor(double along) const {
  if (ramp_ == 0) return 1.0;
  const double from_end = std::min(along + 0.5, shape_.length - 0.5 - along);
  const double s = std::sin(0.5 * constants::pi * std::min(1.0, from_end / ramp_));
  return s * s;
}

template <class Visit>
void Bar::for_each_bond(const model::Model& model, int n_slices, int slice_shift,
                        Visit visit) const {
  const auto n = extents(n_slices);
  std::array<int, 3> from{};
  for (from[0] = 0; from[0] < n[0]; ++from[0]) {
    for (from[1] = 0; from[1] < n[1]; ++from[1]) {
      for (from[2] = 0; from[2] < n[2]; ++from[2]) {
        for (const auto& hopping : model.hoppings) {
          std::array<int, 3> to{};
          Bond bond;
          bool inside = true;
          for (std::size_t i = 0; i < 3; ++i) {
            to[i] = from[i] + hopping.offset[i];
            int wrapped = to[i];
            if (i == axes_.current) {
              wrapped -= slice_shift;
            } else if (shape_.periodic) {
              wrapped = ((to[i] % n[i]) + n[i]) % n[i];
            }
            inside = inside && wrapped >= 0 && wrapped < n[i];
            if (i != axes_.current) {
              bond.translation[i] = (to[i] - wrapped) * device_.cell_size[i];
            }
            bond.origin_to[i] = to[i] * device_.cell_size[i] - centre_[i];
            to[i] = wrapped;
          }
          if (!inside) continue;
          bond.to = cell_number(to);
          bond.from = cell_number(from);
          bond.origin_from = cell_origin(from);
          bond.along = from[axes_.current] + 0.5 * hopping.offset[axes_.current];
          visit(hopping, bond);
        }
      }
    }
  }
}

Complex Bar::bond_phase(const Gauge& gauge, const Bond& bond, const Vector3& site_to,
                        const Vector3& site_from, double strength) const {
  const Vector3 r_to = bond.origin_to + site_to;
  const Vector3 r_from = bond.origin_from + site_from;
  const double phase = peierls_phase(gauge, r_to, r_from) -
                       seam_phase(gauge, bond.translation, r_to - bond.translation);
  return std::polar(1.0, strength * phase);
}

void Bar::build_layout() {
  const std::size_t n_orbitals = device_.n_orbitals();
  const auto n_cells = static_cast<std::size_t>(shape_.length) *
                       static_cast<std::size_t>(shape_.width) *
                       static_cast<std::size_t>(shape_.thickness);
  for (const std::size_t axis : {axes_.width(), axes_.thickness()}) {
    double largest = 0.0;
    for (const auto& site : device_.sites) largest = std::max(largest, site.position[axis]);
    centre_[axis] = 0.5 * ((extents(1)[axis] - 1) * device_.cell_size[axis] + largest);
  }

  std::vector<std::vector<std::int64_t>> columns(n_cells * n_orbitals);
  std::vector<std::int64_t> offsets = {0};
  for (std::size_t cell = 0; cell < n_cells; ++cell) {
    for (const auto& site : device_.sites) {
      offsets.push_back(offsets.back() + static_cast<std::int64_t>(site.n_orbitals));
    }
    for (std::size_t i = 0; i < n_orbitals; ++i) {
      for (std::size_t j = 0; j < n_orbitals; ++j) {
        const bool same_site = site_of_orbital_[i] == site_of_orbital_[j];
        if (same_site || device_.onsite(i, j) != 0.0) {
          columns[cell * n_orbitals + i].push_back(
              static_cast<std::int64_t>(cell * n_orbitals + j));
        }
      }
    }
  }
  for_each_bond(device_, shape_.length, 0, [&](const model::Hopping& hopping, const Bond& bond) {
    for (std::size_t i = 0; i < n_orbitals; ++i) {
      for (std::size_t j = 0; j < n_orbitals; ++j) {
        if (hopping.matrix(i, j) == 0.0) continue;
        const std::size_t row = bond.to * n_orbitals + i;
        const std::size_t column = bond.from * n_orbitals + j;
        columns[row].push_back(static_cast<std::int64_t>(column));
        columns[column].push_back(static_cast<std::int64_t>(row));
      }
    }
  });
  layout_.pattern = std::make_shared<const linalg::SparsityPattern>(
      linalg::make_pattern(std::move(columns), std::move(offsets)));

  const auto n = extents(shape_.length);
  layout_.site_positions.resize(n_cells * device_.sites.size());
  std::array<int, 3> index{};
  for (index[0] = 0; index[0] < n[0]; ++index[0]) {
    for (index[1] = 0; index[1] < n[1]; ++index[1]) {
      for (index[2] = 0; index[2] < n[2]; ++index[2]) {
        for (std::size_t s = 0; s < device_.sites.size(); ++s) {
          layout_.site_positions[cell_number(index) * device_.sites.size() + s] =
              cell_origin(index) + device_.sites[s].position;
        }
      }
    }
  }

  // Lead cells are `reach_` slices, in the order of the slices outwards.
  const auto slice =
      static_cast<std::int64_t>(static_cast<std::size_t>(shape_.width) *
                                static_cast<std::size_t>(shape_.thickness) * n_orbitals);
  const std::int64_t total = slice * shape_.length;
  layout_.interfaces.resize(2);
  for (std::int64_t i = 0; i < slice * reach_; ++i) {
    layout_.interfaces[0].push_back(i);
    layout_.interfaces[1].push_back(total - slice * reach_ + i);
  }
}

std::string Bar::objection(const Field& field, double magnitude) const {
  const Vector3& b = field.b;
  const std::size_t n = axes_.current;
  const std::size_t u = axes_.width();
  const std::size_t v = axes_.thickness();
  const auto size = extents(1);
  const auto length = [&](std::size_t axis) { return size[axis] * device_.cell_size[axis]; };
  const auto not_whole = [&](double flux, const char* surface) -> std::string {
    const double quanta = flux / (2.0 * constants::pi);
    constexpr double tolerance = 1e-6;
    if (std::abs(quanta - std::round(quanta)) < tolerance) return "";
    const double n_quanta = std::abs(quanta);
    const double nearest = std::round(n_quanta);
    const double next = n_quanta > nearest ? nearest + 1.0 : nearest - 1.0;
    return fmt::format(
        "a periodic cross-section needs a whole number of flux quanta through {}; this field gives "
        "{:.6g}. The nearest that fits is {:.0f}, at field.magnitude {:.13g}; {:.0f} is at {:.13g}",
        surface, n_quanta, nearest, magnitude * nearest / n_quanta, next,
        magnitude * next / n_quanta);
  };
  std::string text;
  if (wraps_[u] && wraps_[v]) text = not_whole(b[n] * length(u) * length(v), "the cross-section");
  if (!everywhere_) return text;
  if (text.empty() && wraps_[v]) {
    text = not_whole(b[u] * length(v) * device_.cell_size[n],
                     "a strip one cell long and as high as the thickness");
  }
  if (text.empty() && wraps_[u]) {
    text = not_whole(b[v] * length(u) * device_.cell_size[n],
                     "a strip one cell long and as wide as the width");
  }
  return text;
}

namespace {

/// H_0 of a cell in a field: on-site energies and Zeeman term, without the Peierls phases inside the
/// cell, which the caller puts on each element.
Matrix zeeman_onsite(const model::Model& model, const Vector3& zeeman) {
  Matrix onsite = model.onsite;
  for (std::size_t i = 0; i < model.spin.size(); ++i) onsite += zeeman[i] * model.spin[i];
  return onsite;
}

}  // namespace

std::vector<Complex> Bar::hamiltonian(const Field& field) const {
  const auto& pattern = *layout_.pattern;
  const Gauge gauge = lead_gauge(axes_, field.b, shape_.periodic);
  const std::size_t n_orbitals = device_.n_orbitals();
  const auto site = [&](std::size_t orbital) -> const Vector3& {
    return device_.sites[site_of_orbital_[orbital]].position;
  };
  std::vector<Complex> values(pattern.n_entries());
  const auto add = [&](std::size_t row, std::size_t column, Complex value) {
    values[static_cast<std::size_t>(
        pattern.find(static_cast<std::int64_t>(row), static_cast<std::int64_t>(column)))] += value;
  };

  const auto n = extents(shape_.length);
  std::array<int, 3> index{};
  for (index[0] = 0; index[0] < n[0]; ++index[0]) {
    for (index[1] = 0; index[1] < n[1]; ++index[1]) {
      for (index[2] = 0; index[2] < n[2]; ++index[2]) {
        const double strength = ramp_factor(index[axes_.current]);
        const Matrix onsite = zeeman_onsite(device_, strength * field.zeeman);
        const std::size_t first = cell_number(index) * n_orbitals;
        Bond inside;
        inside.origin_to = inside.origin_from = cell_origin(index);
        for (std::size_t j = 0; j < n_orbitals; ++j) {
          for (std::size_t i = 0; i < n_orbitals; ++i) {
            if (onsite(i, j) == 0.0) continue;
            add(first + i, first + j,
                onsite(i, j) * bond_phase(gauge, inside, site(i), site(j), strength));
          }
        }
      }
    }
  }
  for_each_bond(device_, shape_.length, 0, [&](const model::Hopping& hopping, const Bond& bond) {
    const double strength = ramp_factor(bond.along);
    for (std::size_t j = 0; j < n_orbitals; ++j) {
      for (std::size_t i = 0; i < n_orbitals; ++i) {
        if (hopping.matrix(i, j) == 0.0) continue;
        const Complex value =
            hopping.matrix(i, j) * bond_phase(gauge, bond, site(i), site(j), strength);
        add(bond.to * n_orbitals + i, bond.from * n_orbitals + j, value);
        add(bond.from * n_orbitals + j, bond.to * n_orbitals + i, std::conj(value));
      }
    }
  });
  return values;
}

/// The lead's Hamiltonian between `reach_` slices and the same slices moved by `slice_shift` along
/// the current: shift 0 is the lead's cell, shift reach_ its hopping towards the drain.
Matrix Bar::slice_matrix(const Field& field, int slice_shift) const {
  const Gauge gauge = lead_gauge(axes_, everywhere_ ? field.b : Vector3{}, shape_.periodic);
  const std::size_t n_orbitals = lead_.n_orbitals();
  const auto site = [&](std::size_t orbital) -> const Vector3& {
    return lead_.sites[site_of_orbital_[orbital]].position;
  };
  const auto n = extents(reach_);
  const std::size_t n_cells = static_cast<std::size_t>(n[0]) * static_cast<std::size_t>(n[1]) *
                              static_cast<std::size_t>(n[2]);
  Matrix h(n_cells * n_orbitals, n_cells * n_orbitals);
  if (slice_shift == 0) {
    const Matrix onsite = zeeman_onsite(lead_, everywhere_ ? field.zeeman : Vector3{});
    std::array<int, 3> index{};
    for (index[0] = 0; index[0] < n[0]; ++index[0]) {
      for (index[1] = 0; index[1] < n[1]; ++index[1]) {
        for (index[2] = 0; index[2] < n[2]; ++index[2]) {
          Bond inside;
          inside.origin_to = inside.origin_from = cell_origin(index);
          const std::size_t first = cell_number(index) * n_orbitals;
          for (std::size_t j = 0; j < n_orbitals; ++j) {
            for (std::size_t i = 0; i < n_orbitals; ++i) {
              h(first + i, first + j) +=
                  onsite(i, j) * bond_phase(gauge, inside, site(i), site(j), 1.0);
            }
          }
        }
      }
    }
  }
  for_each_bond(lead_, reach_, slice_shift, [&](const model::Hopping& hopping, const Bond& bond) {
    for (std::size_t j = 0; j < n_orbitals; ++j) {
      for (std::size_t i = 0; i < n_orbitals; ++i) {
        const Complex value = hopping.matrix(i, j) * bond_phase(gauge, bond, site(i), site(j), 1.0);
        h(bond.to * n_orbitals + i, bond.from * n_orbitals + j) += value;
        if (slice_shift == 0) {
          h(bond.from * n_orbitals + j, bond.to * n_orbitals + i) += std::conj(value);
        }
      }
    }
  });
  return h;
}

std::vector<LeadCell> Bar::leads(const Field& field) const {
  const Matrix cell = slice_matrix(field, 0);
  const Matrix forward = slice_matrix(field, reach_);
  // A hopping along the current may be listed with either sign of its offset.
  const Matrix backward = slice_matrix(field, -reach_);
  const Matrix towards_drain = forward + adjoint(backward);
  return {{cell, adjoint(towards_drain)}, {cell, towards_drain}};
}

Vector3 Bar::flux_per_plaquette(const Field& field) const {
  const auto& a = device_.cell_size;
  Vector3 flux{};
  const std::array<std::size_t, 3> order = {axes_.current, axes_.width(), axes_.thickness()};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t axis = order[i];
    flux[i] = field.b[axis] * a[(axis + 1) % 3] * a[(axis + 2) % 3];
  }
  return flux;
}

}  // namespace edotb::sample
