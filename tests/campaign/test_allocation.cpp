// What the loop over an ensemble takes from the heap: only the small matrices of the result (modes x
// modes), never anything that grows with the device.

#include "edotb/campaign/point_solver.hpp"
#include "support/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<bool> is_counting = false;      // NOLINT: operator new has no other place for it
std::atomic<std::size_t> largest_size = 0;  // NOLINT

void* allocate(std::size_t size) {
  if (is_counting && size > largest_size) largest_size = size;
  void* memory = std::malloc(std::max<std::size_t>(size, 1));  // NOLINT
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }                 // NOLINT
void operator delete[](void* memory) noexcept { std::free(memory); }               // NOLINT
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }    // NOLINT
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }  // NOLINT

namespace edotb {
namespace {

std::size_t largest_allocation(campaign::PointSolver& solver, std::int64_t first) {
  largest_size = 0;
  is_counting = true;
  for (std::int64_t r = first; r < first + 20; ++r) {
    EXPECT_EQ(solver.solve({.realisation = r}).status, campaign::Status::solved);
  }
  is_counting = false;
  return largest_size;
}

TEST(Ensemble, TheLoopTakesNoMemoryThatGrowsWithTheDevice) {
  for (const int length : {40, 160}) {
    const auto deck =
        test::lattice_deck("sample: {model: {name: simple_metal, dimension: 2}, shape: {length: " +
                           std::to_string(length) +
                           ", width: 8}, disorder: [{kind: anderson, width: 1.0}]}\n"
                           "energy: [-1.1]\nensemble: {realisations: 1000}\n");
    const sample::Sample sample(deck);
    campaign::PointSolver solver(deck, sample);
    // The storage is made for the first points, and grows a little with the first fronts that small pivots enlarge.
    (void)largest_allocation(solver, 0);
    (void)largest_allocation(solver, 20);
    const auto n_modes = static_cast<std::size_t>(2 * solver.solve({.realisation = 0}).n_modes[0]);
    // The border and two columns more, and a few unknowns that were left over.
    const std::size_t result = sizeof(linalg::Complex) * (n_modes + 5) * (n_modes + 5);
    EXPECT_LE(largest_allocation(solver, 40), result) << length << " slices";
    EXPECT_GT(largest_allocation(solver, 60), 0U);
  }
}

}  // namespace
}  // namespace edotb
