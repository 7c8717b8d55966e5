// Bisection and the error that drives it.

#include "continuum/support.hpp"
#include "edotb/continuum/conductor.hpp"

#include <gtest/gtest.h>

#include <map>

namespace edotb {
namespace {

using namespace continuum;

double area_of(const Mesh& mesh, const std::vector<Face>& faces, std::int32_t label) {
  double area = 0.0;
  for (const Face& face : faces) {
    if (label == -2 || face.label == label) area += norm(face_normal(mesh, face));
  }
  return area;
}

double volume_of(const Mesh& mesh) {
  double volume = 0.0;
  for (std::size_t cell = 0; cell < mesh.n_cells(); ++cell) volume += cell_volume(mesh, cell);
  return volume;
}

/// Cutting again and again around one corner: no gap, no overlap, no hanging vertex, labels kept.
TEST(Bisection, MeshesStayMeshes) {
  for (const bool film : {true, false}) {
    SampleShape shape;
    shape.film = film;
    shape.length = 2.0;
    shape.thickness = 0.7;
    Mesh mesh = make_sample_mesh(shape, {.n_across = 3, .grading = 0.3});
    const double volume = volume_of(mesh);
    const double contact = area_of(mesh, mesh.faces, 0);
    const double surface = area_of(mesh, mesh.faces, -2);
    for (int round = 0; round < 6; ++round) {
      std::vector<std::size_t> marked;
      for (std::size_t cell = 0; cell < mesh.n_cells(); ++cell) {
        for (int v = 0; v <= mesh.dimension; ++v) {
          const Vector3& x = mesh.points[static_cast<std::size_t>(mesh.cell(cell)[v])];
          if (x[0] < -0.999 && x[1] > 0.499) marked.push_back(cell);
        }
      }
      const std::size_t before = mesh.n_cells();
      mesh = bisected(mesh, marked, {1.0, 0.3, 0.5});
      EXPECT_GT(mesh.n_cells(), before);
    }
    EXPECT_NEAR(volume_of(mesh), volume, 1e-12);
    EXPECT_NEAR(area_of(mesh, mesh.faces, 0), contact, 1e-12);
    // Every face that one cell alone has lies on the surface: none is left open inside.
    const auto boundary = find_boundary(mesh);
    EXPECT_EQ(boundary.size(), mesh.faces.size());
    EXPECT_NEAR(area_of(mesh, boundary, -2), surface, 1e-12);
    Vector3 sum{};
    for (const Face& face : mesh.faces) sum = sum + face_normal(mesh, face);
    EXPECT_NEAR(norm(sum), 0.0, 1e-12) << "normals point outwards";
  }
}

/// A disc as a contact: its area, that of the sample's surface and the volume, as round as the cells are
/// fine, on the first mesh and after refinement, which keeps to the rim.
TEST(Bisection, RoundContacts) {
  SampleShape shape;
  shape.length = 2.0;
  shape.thickness = 0.7;
  constexpr double radius = 0.21;
  shape.patches = {
      {.contact = {"disc"}, .axis = 2, .sign = 1, .centre = {0.13, -0.08, 0}, .radius = radius},
      {.contact = {"end"}, .axis = 0, .sign = 1}};
  Mesh mesh = make_sample_mesh(shape, {.n_across = 5, .grading = 0.5});
  const double disc = 3.14159265358979 * radius * radius;
  const auto check = [&](double tolerance) {
    EXPECT_NEAR(area_of(mesh, mesh.faces, 0), disc, tolerance * disc);
    EXPECT_LT(area_of(mesh, mesh.faces, 0), disc) << "a polygon inside the rim";
    EXPECT_NEAR(volume_of(mesh), 1.4, 1e-12);
    EXPECT_NEAR(area_of(mesh, mesh.faces, -2), 2.0 * (2.0 + 1.4 + 0.7), 1e-12);
    const auto boundary = find_boundary(mesh);
    EXPECT_EQ(boundary.size(), mesh.faces.size());
  };
  check(0.01);
  for (int round = 0; round < 6; ++round) {
    std::vector<std::size_t> marked;
    for (std::size_t cell = 0; cell < mesh.n_cells(); ++cell) {
      for (int v = 0; v <= mesh.dimension; ++v) {
        const Vector3& x = mesh.points[static_cast<std::size_t>(mesh.cell(cell)[v])];
        if (x[2] > 0.349 && std::abs(std::hypot(x[0] - 0.13, x[1] + 0.08) - radius) < 1e-9) {
          marked.push_back(cell);
          break;
        }
      }
    }
    mesh = bisected(mesh, marked, {1.0, 1.0, 1.0});
  }
  check(0.001);
}

SampleShape strips() {
  SampleShape shape;
  shape.film = true;
  shape.length = 2.0;
  shape.patches = {{.contact = {"source"}, .axis = 0, .sign = -1, .size = {0, 0.2, 0}},
                   {.contact = {"drain"}, .axis = 0, .sign = 1, .size = {0, 0.2, 0}}};
  return shape;
}

ConductorSolution solve(const SampleShape& shape, const Tensor& sigma, const Resolution& resolution,
                        const ConductorOptions& options) {
  Material material;
  material.sigma = sigma;
  return solve_conductor(make_sample_mesh(shape, resolution), material, test::kinds_of(shape),
                         options, mpi::Communicator(MPI_COMM_WORLD));
}

/// The estimate against the true error, which a much finer mesh tells: right within a factor, on meshes
/// with and without grading, in both orders.
TEST(ErrorEstimate, IsTheErrorWithinAFactor) {
  const Tensor sigma = film_tensor(conductivity_tensor({1.0, 0.1, 0.0}, {1, 0, 0}));
  const double exact = solve(strips(), sigma, {.n_across = 32, .grading = 1e-6}, {.order = 2})
                           .contacts.conductance[2];
  for (const int order : {1, 2}) {
    for (const double grading : {1.0, 0.05}) {
      const auto coarse =
          solve(strips(), sigma, {.n_across = 10, .grading = grading}, {.order = order});
      const double truth = std::abs(coarse.contacts.conductance[2] - exact);
      EXPECT_GT(coarse.error[2], 1.0 * truth) << "order " << order << " grading " << grading;
      EXPECT_LT(coarse.error[2], 12.0 * truth) << "order " << order << " grading " << grading;
    }
  }
}

/// Refinement until the tolerance: the answer is that good, with a tenth of the unknowns that an even mesh
/// needs, in a film and in a bar.
TEST(ErrorEstimate, RefinementReachesTheTolerance) {
  const Tensor sigma = film_tensor(conductivity_tensor({1.0, 0.1, 0.0}, {1, 0, 0}));
  const double exact = solve(strips(), sigma, {.n_across = 32, .grading = 1e-6}, {.order = 2})
                           .contacts.conductance[2];
  const auto adapted = solve(strips(), sigma, {.n_across = 10, .grading = 1.0},
                             {.order = 2, .tolerance = 1e-4, .max_unknowns = 100000});
  EXPECT_TRUE(adapted.reached_tolerance);
  EXPECT_GT(adapted.n_refinements, 2);
  EXPECT_NEAR(adapted.contacts.conductance[2], exact, 1e-4 * exact);
  EXPECT_LE(relative_error(adapted), 1e-4);
  const auto even = solve(strips(), sigma, {.n_across = 40, .grading = 1.0}, {.order = 2});
  EXPECT_GT(std::abs(even.contacts.conductance[2] - exact), 1e-3 * exact);
  EXPECT_GT(even.contacts.n_unknowns, adapted.contacts.n_unknowns);
}

/// A Hall plate: corners where the current crowds; the square's sqrt(1 + (mu B)^2) is exact.
TEST(ErrorEstimate, HallPlate) {
  SampleShape shape;
  shape.film = true;
  const double mu_b = 2.0;
  const double across = 1.0 / (1.0 + mu_b * mu_b);
  const Tensor sigma = film_tensor(conductivity_tensor({1.0, across, mu_b * across}, {0, 0, 1}));
  const double exact = 1.0 / std::sqrt(1.0 + mu_b * mu_b);
  const auto adapted = solve(shape, sigma, {.n_across = 8, .grading = 1e-2},
                             {.order = 2, .tolerance = 2e-3, .max_unknowns = 60000});
  EXPECT_TRUE(adapted.reached_tolerance);
  EXPECT_LT(std::abs(adapted.contacts.conductance[2] - exact), adapted.error[2]);
}

TEST(ErrorEstimate, SaysWhenTheToleranceIsOutOfReach) {
  const Tensor sigma = film_tensor(conductivity_tensor({1.0, 0.1, 0.0}, {1, 0, 0}));
  const auto small = solve(strips(), sigma, {.n_across = 8, .grading = 1.0},
                           {.order = 1, .tolerance = 1e-8, .max_unknowns = 3000});
  EXPECT_FALSE(small.reached_tolerance);
  EXPECT_GT(relative_error(small), 1e-8);
}

}  // namespace
}  // namespace edotb
