#pragma once

#include "edotb/base/vector3.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace edotb::deck {

/// What `conductor:` tells the continuum engine. Lengths in m, or a in lattice units.
struct Conductor {
  struct Band {
    double density = 0.0;   ///< 1/m^3
    double mobility = 0.0;  ///< m^2/Vs
    int sign = -1;
  };
  struct Material {
    std::string kind = "uniform";  ///< uniform | drude | table | two_fluid | weyl
    double parallel = 1.0;
    double perpendicular = 1.0;
    double hall = 0.0;
    std::vector<Band> bands;
    std::string file;  ///< full path of the table
    double conductivity = 1.0;
    double chiral_conductance = 0.0;
    double relaxation = 0.0;
    int n_pairs = 0;  ///< of Weyl nodes
    double velocity = 0.0;
    double chemical_potential = 0.0;
    double axial_time = 0.0;
    double mobility = 0.0;
  };
  struct Shape {
    std::string kind = "bar";  ///< bar | hall_bar | corbino | cylinder | mesh
    int dimension = 3;
    double length = 0.0;
    double width = 0.0;
    double thickness = 0.0;
    int n_arms = 2;
    double arm_width = 0.0;
    double arm_length = 0.0;
    double arm_distance = 0.0;
    double inner_radius = 0.0;
    double outer_radius = 0.0;
    std::string file;         ///< full path of a .msh file
    double file_scale = 1.0;  ///< metres per unit of length of the file
  };
  struct Contact {
    std::string name;
    std::size_t axis = 0;
    int sign = 1;
    Vector3 centre{};
    Vector3 size{};
    int chirality = 0;
  };
  struct Probe {
    std::string name;
    Vector3 position{};
  };
  struct Mesh {
    int n_across = 16;
    double grading = 1e-3;
    int order = 2;
    double tolerance = 1e-3;
    double max_unknowns = 1e6;
  };

  Material material;
  Shape shape;
  std::vector<Contact> contacts;
  std::vector<Probe> probes;
  Mesh mesh;
  std::string solver = "auto";  ///< auto | direct | multigrid
  double solver_tolerance = 1e-10;
  bool writes_fields = false;
};

}  // namespace edotb::deck
