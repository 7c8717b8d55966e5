#include "edotb/measure/deck_setups.hpp"

#include "edotb/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace edotb::measure {

namespace {

std::optional<std::size_t> place_of(const std::string& name,
                                    const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

class Resolver {
 public:
  Resolver(const deck::Deck& deck, const Terminals& terminals)
      : deck_(deck), terminals_(terminals) {}

  /// Contacts first: a probe never hides one.
  [[nodiscard]] Terminal place(const std::string& key, const std::string& name) const {
    if (const auto contact = place_of(name, terminals_.contacts)) return {name, *contact, false};
    if (const auto probe = place_of(name, terminals_.probes)) return {name, *probe, true};
    throw unknown(key, name,
                  terminals_.probes.empty()
                      ? ""
                      : fmt::format(", its probes {}", fmt::join(terminals_.probes, ", ")));
  }

  [[nodiscard]] Terminal contact(const std::string& key, const std::string& name) const {
    if (const auto contact = place_of(name, terminals_.contacts)) return {name, *contact, false};
    if (place_of(name, terminals_.probes)) {
      throw bad_input(
          fmt::format("{}: '{}' is a probe, which carries no current; the contacts are {}",
                      deck_.where(key), name, fmt::join(terminals_.contacts, ", ")));
    }
    throw unknown(key, name, "");
  }

 private:
  [[nodiscard]] Error unknown(const std::string& key, const std::string& name,
                              const std::string& more) const {
    return bad_input(fmt::format("{}: the sample has no '{}'; its contacts are {}{}",
                                 deck_.where(key), name, fmt::join(terminals_.contacts, ", "),
                                 more));
  }

  const deck::Deck& deck_;
  const Terminals& terminals_;
};

Parity parity_of(const std::string& name) {
  return name == "even" ? Parity::even : name == "odd" ? Parity::odd : Parity::none;
}

}  // namespace

std::vector<Setup> setups_of(const deck::Deck& deck, const Terminals& terminals) {
  std::vector<Setup> setups;
  if (deck.measurements.empty() && terminals.contacts.size() == 2) {
    const Terminal in{terminals.contacts[0], 0, false};
    const Terminal out{terminals.contacts[1], 1, false};
    setups.push_back({"two_terminal", Kind::two_terminal, Parity::none, in, out, in, out});
  }
  const Resolver resolver(deck, terminals);
  for (std::size_t i = 0; i < deck.measurements.size(); ++i) {
    const deck::Measurement& from = deck.measurements[i];
    const std::string at = fmt::format("measurements[{}].", i);
    Setup setup{from.name, kind_named(from.kind), parity_of(from.parity), {}, {}, {}, {}};
    setup.in = setup.plus = resolver.contact(at + "current", from.current[0]);
    setup.out = setup.minus = resolver.contact(at + "current", from.current[1]);
    if (!from.voltage.empty()) {
      const bool carries_current = setup.kind == Kind::van_der_pauw;
      const auto find = [&](const std::string& name) {
        return carries_current ? resolver.contact(at + "voltage", name)
                               : resolver.place(at + "voltage", name);
      };
      setup.plus = find(from.voltage[0]);
      setup.minus = find(from.voltage[1]);
    }
    setups.push_back(std::move(setup));
  }
  return setups;
}

}  // namespace edotb::measure
