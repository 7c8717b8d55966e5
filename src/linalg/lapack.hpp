#pragma once

// What every call of LAPACK needs.

#include "edotb/base/error.hpp"
#include "edotb/linalg/dense.hpp"

#include <lapacke.h>

#include <algorithm>
#include <string>

namespace edotb::linalg {

inline lapack_int to_int(std::size_t n) { return static_cast<lapack_int>(n); }

/// LAPACK wants a leading dimension of at least one, for empty matrices too.
inline lapack_int leading(const Matrix& a) { return to_int(std::max<std::size_t>(1, a.rows())); }

/// OpenBLAS (0.3.21, zgemv_n from Haswell on, for 2 modulo 4 rows) reads one stride past the end of its
/// vector, which kills the program where the storage ends with its page. When that vector is a row, this
/// many columns to spare keep the read inside.
inline constexpr int overread_columns = 1;

/// Throws numerical_error with the routine's name unless `info` is zero.
inline void check(lapack_int info, const char* routine) {
  if (info != 0) {
    throw numerical_error(std::string("LAPACK ") + routine +
                          " failed with info = " + std::to_string(info));
  }
}

}  // namespace edotb::linalg
