// Rules over simplices, in barycentric coordinates: D. A. Dunavant, Int. J. Numer. Meth. Eng. 21, 1129
// (triangles); N. J. Walkington, CMU report 00-CNA-023 (tetrahedra, degree 5); Gauss (edges).

#include "edotb/base/error.hpp"
#include "edotb/continuum/space.hpp"

#include <cmath>

namespace edotb::continuum {

namespace {

using Rule = std::vector<QuadraturePoint>;

/// The points with one coordinate `a` and the others equal.
void add_vertex_orbit(Rule& rule, int dimension, double a, double weight) {
  const double b = (1.0 - a) / dimension;
  for (int i = 0; i <= dimension; ++i) {
    QuadraturePoint point{{}, weight};
    for (int k = 0; k <= dimension; ++k) {
      point.barycentric[static_cast<std::size_t>(k)] = i == k ? a : b;
    }
    rule.push_back(point);
  }
}

/// The points of a tetrahedron with two coordinates `a` and two coordinates 1/2 - a.
void add_edge_orbit(Rule& rule, double a, double weight) {
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t k = i + 1; k < 4; ++k) {
      QuadraturePoint point{{0.5 - a, 0.5 - a, 0.5 - a, 0.5 - a}, weight};
      point.barycentric[i] = point.barycentric[k] = a;
      rule.push_back(point);
    }
  }
}

}  // namespace

Rule quadrature(int dimension, int degree) {
  Rule rule;
  const double n_vertices = dimension + 1.0;
  if (dimension == 1) {
    const double half = 0.5 * std::sqrt(0.6);
    rule.push_back({{0.5, 0.5, 0.0, 0.0}, 4.0 / 9.0});
    add_vertex_orbit(rule, 1, 0.5 + half, 5.0 / 18.0);
  } else if (degree <= 1) {
    add_vertex_orbit(rule, dimension, 1.0 / n_vertices, 1.0 / n_vertices);
    rule.resize(1);
    rule.front().weight = 1.0;
  } else if (degree == 2) {
    const double a = dimension == 2 ? 2.0 / 3.0 : (5.0 + 3.0 * std::sqrt(5.0)) / 20.0;
    add_vertex_orbit(rule, dimension, a, 1.0 / n_vertices);
  } else if (degree <= 4 && dimension == 2) {
    add_vertex_orbit(rule, 2, 0.108103018168070, 0.223381589678011);
    add_vertex_orbit(rule, 2, 0.816847572980459, 0.109951743655322);
  } else if (degree <= 4 && dimension == 3) {
    add_vertex_orbit(rule, 3, 1.0 - 3.0 * 0.31088591926330060980, 0.11268792571801585080);
    add_vertex_orbit(rule, 3, 1.0 - 3.0 * 0.09273525031089122640, 0.07349304311636194934);
    add_edge_orbit(rule, 0.04550370412564964949, 0.04254602077708146644);
  } else {
    throw internal_error("there is no rule of integration of this degree");
  }
  double sum = 0.0;
  for (const auto& point : rule) sum += point.weight;
  for (auto& point : rule) point.weight /= sum;  // tabulated to 15 digits
  return rule;
}

}  // namespace edotb::continuum
