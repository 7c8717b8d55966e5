#pragma once

#include "edotb/deck/tree.hpp"

#include <functional>
#include <string>

namespace edotb::deck {

/// Tells what is wrong with the value of a key: (path, message).
using Complain = std::function<void(const std::string&, const std::string&)>;

/// The rules of sample.shape, sample.regions and sample.contacts. `planar_model` is the name of a model in the
/// xy plane, or "".
/// Of a key with a problem of its own nothing more is said.
void check_shape(const Tree& tree, const std::vector<Problem>& problems,
                 const std::string& planar_model, const Complain& complain);

}  // namespace edotb::deck
