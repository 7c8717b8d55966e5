#pragma once

#include "edotb/base/error.hpp"
#include "edotb/linalg/real_system.hpp"

#include <HYPRE.h>
#include <HYPRE_IJ_mv.h>
#include <HYPRE_config.h>
#include <HYPRE_parcsr_ls.h>
#include <fmt/format.h>

#include <numeric>

namespace edotb::linalg {

static_assert(sizeof(HYPRE_Int) == sizeof(std::int32_t) && sizeof(HYPRE_Real) == sizeof(double));

inline void check_hypre(HYPRE_Int error, const char* step) {
  if (error == 0) return;
  HYPRE_ClearAllErrors();
  throw numerical_error(fmt::format("hypre: {} failed with error {}", step, error));
}

struct HypreSession {
  HypreSession() { HYPRE_Init(); }  // does nothing from the second time on
};

/// A vector over the ranks' rows.
class HypreVector {
 public:
  HypreVector(const mpi::Communicator& comm, std::int32_t first, std::int32_t n)
      : numbers_(static_cast<std::size_t>(n)) {
    std::iota(numbers_.begin(), numbers_.end(), first);
    HYPRE_IJVectorCreate(comm.handle(), first, first + n - 1, &vector_);
    HYPRE_IJVectorSetObjectType(vector_, HYPRE_PARCSR);
    set(std::vector<double>(numbers_.size(), 0.0));
  }
  ~HypreVector() { HYPRE_IJVectorDestroy(vector_); }
  HypreVector(const HypreVector&) = delete;
  HypreVector& operator=(const HypreVector&) = delete;
  HypreVector(HypreVector&&) = delete;
  HypreVector& operator=(HypreVector&&) = delete;

  void set(std::span<const double> values) {
    HYPRE_IJVectorInitialize(vector_);
    HYPRE_IJVectorSetValues(vector_, static_cast<HYPRE_Int>(numbers_.size()), numbers_.data(),
                            values.data());
    HYPRE_IJVectorAssemble(vector_);
  }
  [[nodiscard]] std::vector<double> values() const {
    std::vector<double> x(numbers_.size());
    HYPRE_IJVectorGetValues(vector_, static_cast<HYPRE_Int>(x.size()), numbers_.data(), x.data());
    return x;
  }
  [[nodiscard]] HYPRE_ParVector get() const {
    void* object = nullptr;
    HYPRE_IJVectorGetObject(vector_, &object);
    return static_cast<HYPRE_ParVector>(object);
  }

 private:
  std::vector<HYPRE_BigInt> numbers_;
  HYPRE_IJVector vector_ = nullptr;
};

/// A matrix over the ranks' rows.
class HypreMatrix {
 public:
  HypreMatrix(const mpi::Communicator& comm, const RealRows& a) {
    const std::int32_t first = a.first_row;
    const std::int32_t last = a.end_row() - 1;
    HYPRE_IJMatrixCreate(comm.handle(), first, last, first, last, &matrix_);
    HYPRE_IJMatrixSetObjectType(matrix_, HYPRE_PARCSR);
    const auto n_rows = static_cast<std::size_t>(a.n_rows());
    std::vector<HYPRE_Int> counts(n_rows);
    std::vector<HYPRE_Int> counts_here(n_rows, 0);  // columns of this rank's own rows
    std::vector<HYPRE_Int> counts_elsewhere(n_rows, 0);
    std::vector<HYPRE_BigInt> numbers(n_rows);
    for (std::size_t row = 0; row < n_rows; ++row) {
      numbers[row] = first + static_cast<HYPRE_BigInt>(row);
      counts[row] = static_cast<HYPRE_Int>(a.row_offsets[row + 1] - a.row_offsets[row]);
      for (auto k = a.row_offsets[row]; k < a.row_offsets[row + 1]; ++k) {
        const auto column = a.columns[static_cast<std::size_t>(k)];
        ++(column >= first && column <= last ? counts_here : counts_elsewhere)[row];
      }
    }
    HYPRE_IJMatrixSetDiagOffdSizes(matrix_, counts_here.data(), counts_elsewhere.data());
    HYPRE_IJMatrixInitialize(matrix_);
    HYPRE_IJMatrixSetValues(matrix_, a.n_rows(), counts.data(), numbers.data(), a.columns.data(),
                            a.values.data());
    HYPRE_IJMatrixAssemble(matrix_);
  }
  ~HypreMatrix() { HYPRE_IJMatrixDestroy(matrix_); }
  HypreMatrix(const HypreMatrix&) = delete;
  HypreMatrix& operator=(const HypreMatrix&) = delete;
  HypreMatrix(HypreMatrix&&) = delete;
  HypreMatrix& operator=(HypreMatrix&&) = delete;

  [[nodiscard]] HYPRE_ParCSRMatrix get() const {
    void* object = nullptr;
    HYPRE_IJMatrixGetObject(matrix_, &object);
    return static_cast<HYPRE_ParCSRMatrix>(object);
  }

 private:
  HYPRE_IJMatrix matrix_ = nullptr;
};

}  // namespace edotb::linalg
