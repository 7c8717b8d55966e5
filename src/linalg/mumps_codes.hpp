#pragma once

#include <cstddef>

namespace edotb::linalg {

// MUMPS's control parameters and errors by their numbers in the user's guide.
enum Control : std::size_t {
  error_stream = 1,
  diagnostic_stream = 2,
  global_stream = 3,
  print_level = 4,
  column_permutation = 6,
  ordering = 7,
  refinement_steps = 10,
  extra_memory_percent = 14,
  distributed_input = 18,
  right_sides_at_once = 27,
  analysis_kind = 28,
};

inline constexpr int work_space_too_small = -9;
inline constexpr int integer_space_too_small = -8;
inline constexpr int singular = -10;
inline constexpr int out_of_memory = -13;

/// Work space beyond MUMPS's own estimate, in percent: raised fourfold while it is too small.
inline constexpr int first_extra_memory = 60;
inline constexpr int largest_extra_memory = 1000;

}  // namespace edotb::linalg
