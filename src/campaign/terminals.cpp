#include "edotb/campaign/terminals.hpp"

#include "edotb/base/hdf5.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>

namespace edotb::campaign {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

measure::Terminals terminals_of(const sample::Sample& sample) {
  const auto& layout = sample.layout();
  measure::Terminals terminals;
  for (std::size_t k = 0; k < layout.n_leads(); ++k) {
    const bool has_name = k < layout.contact_names.size() && !layout.contact_names[k].empty();
    terminals.contacts.push_back(has_name ? layout.contact_names[k] : fmt::format("lead_{}", k));
  }
  return terminals;
}

measure::Terminals terminals_of(const deck::Deck& deck, const continuum::DeckConductor& conductor) {
  measure::Terminals terminals;
  for (const auto& contact : conductor.contacts()) terminals.contacts.push_back(contact.name);
  for (const auto& probe : deck.conductor->probes) terminals.probes.push_back(probe.name);
  return terminals;
}

measure::Terminals terminals_of(const deck::Deck& deck) {
  return deck.conductor ? terminals_of(deck, continuum::DeckConductor(deck))
                        : terminals_of(sample::Sample(deck));
}

void write_terminals(hid_t file, const measure::Terminals& terminals) {
  hdf5::write_attribute(file, "contacts", fmt::format("{}", fmt::join(terminals.contacts, "\n")));
  if (terminals.probes.empty()) return;
  hdf5::write_attribute(file, "probes", fmt::format("{}", fmt::join(terminals.probes, "\n")));
}

measure::Terminals read_terminals(hid_t file) {
  measure::Terminals terminals{lines_of(hdf5::read_text_attribute(file, "contacts")), {}};
  if (H5Aexists(file, "probes") > 0) {
    terminals.probes = lines_of(hdf5::read_text_attribute(file, "probes"));
  }
  return terminals;
}

}  // namespace edotb::campaign
