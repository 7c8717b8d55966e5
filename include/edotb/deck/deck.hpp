#pragma once

#include "edotb/base/vector3.hpp"
#include "edotb/deck/conductor.hpp"
#include "edotb/deck/disorder.hpp"
#include "edotb/deck/tree.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace edotb::deck {

/// The files of a wannier90 model; docs/wannier90.md.
struct WannierFiles {
  std::string hr;                   ///< seedname_hr.dat; full paths, empty: none
  std::string win;                  ///< seedname.win, for its unit cell
  std::string centres;              ///< seedname_centres.xyz
  std::string wsvec;                ///< seedname_wsvec.dat
  std::vector<double> cell;         ///< a_1, a_2, a_3 [nm or a], nine numbers, instead of win
  double angstrom = 0.1;            ///< of the files, in the deck's unit of length
  double cutoff = 0.0;              ///< smaller elements of H are dropped
  double max_distance = 0.0;        ///< so are those between centres farther apart; 0: none
  double fermi_level = 0.0;         ///< subtracted
  double site_radius = 0.0;         ///< centres nearer than this make one site
  std::string spin_order = "none";  ///< interleaved | blocks | none
};

struct ModelChoice {
  std::string name;
  std::map<std::string, double> parameters;  ///< energies in eV or t
  std::string formula;                       ///< of the models `formula` and `continuum`
  std::string spin = "sigma";                ///< their Pauli matrices that are the spin
  int dimension = 3;                         ///< theirs; 2: in the xy plane
  double lattice_constant = 1.0;             ///< nm, or 1 in lattice units
  WannierFiles wannier;                      ///< of the model `wannier90`
};

/// A box, a cylinder or a prism; lengths in lattice constants a.
struct Body {
  std::string form;  ///< box | cylinder | polygon
  Vector3 from{};    ///< of a box
  Vector3 to{};
  int axis = 2;  ///< along which a cylinder or a prism is straight
  Vector3 centre{};
  double radius = 0.0;
  double inner_radius = 0.0;
  std::vector<double> points;  ///< u1, v1, u2, v2, ...
  double low = 0.0;            ///< range along the axis
  double high = 0.0;
};

/// The sample's outline. Extents are in cells along the axes (axis, axis+1, axis+2), cyclically; other
/// lengths in lattice constants a. The parameter table says what each kind takes.
struct Shape {
  std::string kind = "bar";
  int axis = 0;  ///< 0, 1, 2 = x, y, z
  int length = 1;
  int width = 1;
  int thickness = 1;
  bool periodic = false;
  int n_terminals = 6;
  int arm_width = 1;
  int arm_length = 0;
  int arm_distance = 1;
  double inner_radius = 0.0;
  double outer_radius = 0.0;
  double contact_width = 0.0;
  double hole_radius = 0.0;
  double lead_width = 0.0;
  std::vector<double> points;
  struct Part {
    Body body;
    bool subtract = false;
  };
  std::vector<Part> parts;
};

/// A part of the sample with terms of its own.
struct Region {
  Body body;
  double potential = 0.0;
  Vector3 exchange{};  ///< factor of sigma
};

/// A contact on the sample's outermost sites in a direction; lengths in lattice constants a.
struct Contact {
  std::string name;
  std::string kind = "lead";       ///< lead | chains | wide_band
  std::array<int, 3> direction{};  ///< a lattice vector, outwards
  Vector3 centre{};
  Vector3 size{};       ///< 0: unlimited
  double radius = 0.0;  ///< 0: not round
  double inner_radius = 0.0;
};

struct LeadOptions {
  std::string kind = "lead";
  double broadening = 1.0;  ///< of wide_band contacts
  double hopping = 1.0;     ///< of chains
  double potential = 0.0;
  std::map<std::string, double> parameters;  ///< of the model, where they differ from the device's
};

struct FieldOptions {
  std::vector<double> magnitude;  ///< T or rad/plaquette
  std::vector<double> angle;      ///< degrees
  double azimuth = 0.0;           ///< degrees
  bool everywhere = true;
  int ramp = 0;
  double g_factor = 0.0;
};

/// When a point has enough realisations (docs/running.md); both errors 0: never.
struct UntilOptions {
  double relative_error = 0.0;  ///< standard error of a mean conductance over its size
  double absolute_error = 0.0;  ///< e^2/h
  std::int64_t minimum = 16;    ///< realisations before the first decision
  bool each_energy = false;     ///< all fields and angles of an energy are decided together

  [[nodiscard]] bool any() const { return relative_error > 0.0 || absolute_error > 0.0; }
};

struct EnsembleOptions {
  std::int64_t n_realisations = 1;  ///< with `until` the most of a point
  std::uint64_t seed = 1;
  UntilOptions until;
};

/// What `edotb bands` computes; wave vectors in units of pi per lattice vector.
struct BandOptions {
  struct Corner {
    Vector3 k{};
    std::string label;
  };
  std::string kind = "bulk";  ///< bulk | lead | landau | surface
  int n_points = 51;
  std::vector<Corner> path;
  int axis = 2;                  ///< landau: of the field
  std::vector<double> momentum;  ///< landau: along the field
  std::vector<double> window;    ///< landau: lowest and highest energy, or empty
  double flux_tolerance = 0.01;
  int max_cells = 2000;
  std::array<int, 3> normal{0, 0, 1};  ///< surface: Miller indices, outwards
  double broadening = 0.01;
};

/// What each point leaves behind beyond its transmissions (docs/observables.md).
struct ObservableOptions {
  std::vector<std::string> names;   ///< s_matrix, noise, ...
  std::string resolve = "none";     ///< what tells the channels of a lead apart
  std::vector<double> voltages;     ///< of the contacts, in any unit; empty: none
  std::vector<std::int64_t> sites;  ///< between which Green functions are written
  double max_gigabytes = 8.0;       ///< of all observables of a run

  [[nodiscard]] bool wants(const std::string& name) const {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
};

/// Averages over the thermal window of each temperature.
struct ThermalOptions {
  std::vector<double> temperature;  ///< K or t/k_B; empty: zero temperature only
  double tolerance = 1e-3;          ///< of the Landauer integrals, relative to the conductance
  std::int64_t max_energies = 2000;
};

/// Loss of phase at the rate hbar/tau_phi = rate + coefficient T^power [eV or t].
struct DephasingOptions {
  double probe_size = 0.0;  ///< edge of the cubes whose sites share a probe [a]; 0: none do
  double rate = 0.0;
  double coefficient = 0.0;
  double power = 1.0;

  [[nodiscard]] double at(double temperature) const;
  [[nodiscard]] bool any() const { return rate > 0.0 || coefficient > 0.0; }
};

/// One item of `measurements`; the names are resolved by measure::setups_of.
struct Measurement {
  std::string name;
  std::string kind;
  std::vector<std::string> current;  ///< contact in, contact out
  std::vector<std::string> voltage;  ///< plus, minus; empty: between the current's contacts
  std::string parity = "none";       ///< none | even | odd
};

/// All that a run is told, checked and with defaults filled in.
struct Deck {
  std::string title;
  std::string sample_name;
  bool lattice_units = false;
  std::optional<ModelChoice> model;  ///< absent with a system file
  Shape shape;
  std::vector<Region> regions;
  std::vector<Contact> contacts;  ///< empty: those of the shape
  std::vector<DisorderTerm> disorder;
  LeadOptions leads;
  std::string system_file;             ///< full path, or empty
  std::optional<Conductor> conductor;  ///< of the continuum engine; then there is no model
  FieldOptions field;
  std::vector<double> energy;
  ThermalOptions thermal;
  DephasingOptions dephasing;
  EnsembleOptions ensemble;
  std::string solver;          ///< auto | multifrontal | mumps | dense
  std::string precision;       ///< double | mixed | single
  double single_error = 1e-2;  ///< estimated error of S allowed in single precision
  std::string lead_method;     ///< auto | schur
  int n_threads = 1;
  int ranks_per_point = 1;
  bool may_share_points = false;  ///< no engine.ranks_per_point: more where memory is short
  std::string output_directory;
  BandOptions bands;
  ObservableOptions observables;
  std::vector<Measurement> measurements;

  std::string source;    ///< the text as written
  std::string expanded;  ///< the text with all defaults

  /// A key and where it stands, for what only the sample finds wrong: "deck.yaml:7:3: field.angle".
  [[nodiscard]] std::string where(const std::string& path) const;
  std::map<std::string, std::string> locations;
};

/// Parses and checks a deck. Throws one bad_input Error that lists every problem, each as
/// "file:line:column: key.path: message".
[[nodiscard]] Deck parse_deck(const std::string& text, const std::string& file_name,
                              const std::vector<std::string>& overrides = {});

/// Reads the file's text; bounded in size. Throws bad_input.
[[nodiscard]] std::string read_deck_file(const std::string& path);

/// JSON Schema (draft 2020-12) of a deck, from the table.
[[nodiscard]] std::string json_schema();
/// The manual page docs/deck.md, from the table.
[[nodiscard]] std::string manual_page();

}  // namespace edotb::deck
