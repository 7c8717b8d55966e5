// One matrix on several ranks: every front belongs to one of them (EliminationPlan::owners), and the
// contribution of a front whose parent belongs to another rank is sent there. The arithmetic of a front
// does not depend on who does it, so neither do the digits of the result.

#include "edotb/base/error.hpp"
#include "edotb/base/mpi.hpp"
#include "edotb/linalg/multifrontal.hpp"
#include "multifrontal_data.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <list>
#include <type_traits>

namespace edotb::linalg {

namespace {

/// Entries of one message: MPI counts with an int.
constexpr std::size_t max_message = std::size_t{1} << 28U;
/// Instead of the number of boosts, from a rank that failed: it sends no more, and lets nobody wait.
constexpr std::int64_t failed_mark = -1;

template <class Scalar>
MPI_Datatype mpi_type() {
  return std::is_same_v<Scalar, Complex> ? MPI_C_DOUBLE_COMPLEX : MPI_C_FLOAT_COMPLEX;
}

/// Calls body(first, count, MPI count) for the pieces of a message.
template <class Body>
void in_pieces(std::size_t n_entries, Body&& body) {
  for (std::size_t first = 0; first < n_entries; first += max_message) {
    body(first, static_cast<int>(std::min(max_message, n_entries - first)));
  }
}

/// A contribution on its way; it must stay until it has arrived.
template <class Scalar>
struct Message {
  std::array<std::int64_t, 2> header{};  ///< boosts, rows
  std::vector<Scalar> values;
  std::vector<MPI_Request> requests;
};

/// The contributions that this rank gives to the others and takes from them.
template <class Scalar>
class Exchange {
 public:
  Exchange(const EliminationPlan& plan, const std::vector<std::int32_t>& owners,
           const mpi::Communicator& ranks)
      : owners_(owners), ranks_(ranks), tag_(owners.size(), 0) {
    int next = 0;
    for (std::size_t s = 0; s < owners.size(); ++s) {
      parent_.push_back(plan.supernodes()[s].parent);
      if (receiver(s) != owners[s]) tag_[s] = next++;
    }
  }

  /// The rank that takes the contribution of supernode s: the first takes those of roots.
  [[nodiscard]] std::int32_t receiver(std::size_t s) const {
    return parent_[s] < 0 ? 0 : owners_[static_cast<std::size_t>(parent_[s])];
  }

  void send(std::size_t s, const Contribution<Scalar>* contribution) {
    Message<Scalar>& message = sent_.emplace_back();
    message.header = {failed_mark, 0};
    if (contribution != nullptr) {
      message.header = {static_cast<std::int64_t>(contribution->n_boosts),
                        static_cast<std::int64_t>(contribution->layout.n)};
      message.values.assign(contribution->values,
                            contribution->values + contribution->layout.n_entries());
    }
    const int to = receiver(s);
    MPI_Isend(message.header.data(), 2, MPI_INT64_T, to, tag_[s], ranks_.handle(),
              &message.requests.emplace_back());
    in_pieces(message.values.size(), [&](std::size_t first, int count) {
      MPI_Isend(message.values.data() + first, count, mpi_type<Scalar>(), to, tag_[s],
                ranks_.handle(), &message.requests.emplace_back());
    });
    forget_arrived();
  }

  /// False when the sender failed. The values stay until forget_received().
  [[nodiscard]] bool receive(std::size_t s, Contribution<Scalar>& contribution) {
    std::array<std::int64_t, 2> header{};
    const int from = owners_[s];
    MPI_Recv(header.data(), 2, MPI_INT64_T, from, tag_[s], ranks_.handle(), MPI_STATUS_IGNORE);
    if (header[0] == failed_mark) return false;
    contribution = {};
    contribution.n_boosts = static_cast<std::size_t>(header[0]);
    contribution.layout = StripLayout::of(static_cast<std::size_t>(header[1]));
    contribution.worker = of_no_worker;
    auto& values = received_.emplace_back(contribution.layout.n_entries());
    contribution.values = values.data();
    in_pieces(values.size(), [&](std::size_t first, int count) {
      MPI_Recv(values.data() + first, count, mpi_type<Scalar>(), from, tag_[s], ranks_.handle(),
               MPI_STATUS_IGNORE);
    });
    return true;
  }

  void forget_received() { received_.clear(); }

  void wait_for_arrivals() {
    for (auto& message : sent_) {
      MPI_Waitall(static_cast<int>(message.requests.size()), message.requests.data(),
                  MPI_STATUSES_IGNORE);
    }
    sent_.clear();
  }

 private:
  static constexpr std::size_t of_no_worker = std::numeric_limits<std::size_t>::max();

  void forget_arrived() {
    sent_.remove_if([](Message<Scalar>& message) {
      int has_arrived = 0;
      MPI_Testall(static_cast<int>(message.requests.size()), message.requests.data(), &has_arrived,
                  MPI_STATUSES_IGNORE);
      return has_arrived != 0;
    });
  }

  const std::vector<std::int32_t>& owners_;
  mpi::Communicator ranks_;
  std::vector<std::int32_t> parent_;
  std::vector<int> tag_;  ///< of a contribution that travels: unique between two ranks
  std::list<Message<Scalar>> sent_;
  std::list<std::vector<Scalar>> received_;
};

}  // namespace

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::eliminate_over_ranks(const HermitianSystem& system,
                                                                   const FactorOptions& options) {
  const mpi::Communicator& ranks = *options.ranks;
  const auto& nodes = plan->supernodes();
  const auto owners = plan->owners(ranks.size());
  const int me = ranks.rank();
  Exchange<Scalar> exchange(*plan, owners, ranks);
  contributions.assign(nodes.size(), {});
  const auto n_threads = static_cast<std::size_t>(options.n_threads);
  workers.front().work.threads.resize(n_threads);

  // A rank that fails goes on taking and giving messages, so that none is left waiting.
  std::exception_ptr failure;
  bool has_failed = false;
  n_boosts = 0;
  const auto take = [&](std::size_t s) {
    if (!exchange.receive(s, contributions[s])) has_failed = true;
  };
  for (std::size_t s = 0; s < nodes.size(); ++s) {
    if (owners[s] != me) continue;
    for (const std::int32_t c : nodes[s].children) {
      if (owners[static_cast<std::size_t>(c)] != me) take(static_cast<std::size_t>(c));
    }
    if (!has_failed) {
      try {
        eliminate(system, s, 0, false);
        n_boosts += contributions[s].n_boosts;
      } catch (...) {
        failure = std::current_exception();
        has_failed = true;
      }
    }
    exchange.forget_received();
    if (exchange.receiver(s) != me) {
      exchange.send(s, has_failed ? nullptr : &contributions[s]);
      // What has been copied need not stay on the stack.
      if (!has_failed) workers.front().arena.pop_to(contributions[s].offset);
    }
  }
  if (me == 0) {
    for (std::size_t s = 0; s < nodes.size(); ++s) {
      if (nodes[s].parent < 0 && owners[s] != me) take(s);
    }
  }
  exchange.wait_for_arrivals();

  bool is_full = false;
  mpi::collectively(ranks, [&] {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const typename Arena<Scalar>::Full&) {
      is_full = true;
    }
  });
  if (mpi::sum(ranks, is_full ? 1 : 0) > 0) throw typename Arena<Scalar>::Full{};
  n_boosts = static_cast<std::size_t>(mpi::sum(ranks, static_cast<std::int64_t>(n_boosts)));
  if (me == 0) collect_schur();
  share_schur(ranks);
}

template <class Scalar>
void HermitianFactor<Scalar>::Implementation::share_schur(const mpi::Communicator& ranks) {
  n_left_over =
      static_cast<std::size_t>(mpi::broadcast(ranks, static_cast<std::int64_t>(n_left_over)));
  const std::size_t n = n_border + n_left_over;
  if (!ranks.is_first()) schur = Matrix(n, n);
  auto values = schur.values();
  in_pieces(values.size(), [&](std::size_t first, int count) {
    MPI_Bcast(values.data() + first, count, MPI_C_DOUBLE_COMPLEX, 0, ranks.handle());
  });
}

template void HermitianFactor<Complex>::Implementation::eliminate_over_ranks(const HermitianSystem&,
                                                                             const FactorOptions&);
template void HermitianFactor<std::complex<float>>::Implementation::eliminate_over_ranks(
    const HermitianSystem&, const FactorOptions&);
template void HermitianFactor<Complex>::Implementation::share_schur(const mpi::Communicator&);
template void HermitianFactor<std::complex<float>>::Implementation::share_schur(
    const mpi::Communicator&);

}  // namespace edotb::linalg
