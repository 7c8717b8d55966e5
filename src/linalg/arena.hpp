#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace edotb::linalg {

/// A stack of entries in one block of memory that is touched only as far as it is used.
template <class Scalar>
class Arena {
 public:
  struct Full {};  ///< thrown by push; the owner reserves more and starts again

  /// Makes room for n entries; what was on the stack is lost.
  void reserve(std::size_t n) {
    top_ = peak_ = 0;
    if (n <= size_) return;
    values_.reset();
    size_ = 0;
    values_.reset(static_cast<Scalar*>(::operator new(n * sizeof(Scalar), alignment)));
    size_ = n;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t top() const { return top_; }
  [[nodiscard]] std::size_t peak() const { return peak_; }
  [[nodiscard]] Scalar* at(std::size_t offset) { return values_.get() + offset; }
  /// n entries on top of the stack, not initialised.
  [[nodiscard]] Scalar* push(std::size_t n) {
    if (top_ + n > size_) throw Full{};
    Scalar* place = values_.get() + top_;
    top_ += n;
    if (top_ > peak_) peak_ = top_;
    return place;
  }
  void pop_to(std::size_t top) { top_ = top; }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(Scalar* p) const { ::operator delete(p, alignment); }
  };
  std::unique_ptr<Scalar, Free> values_;
  std::size_t size_ = 0;
  std::size_t top_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace edotb::linalg
