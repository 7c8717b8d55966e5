#pragma once

#include "edotb/sample/device.hpp"

namespace edotb::sample {

/// One contact in a field: the crystal continued along the contact's direction, chains, or a wide-band
/// metal on each orbital. `model` is that of the leads.
[[nodiscard]] LeadCell make_lead_cell(const Geometry& geometry, const ContactSites& contact,
                                      const model::Model& model, const deck::LeadOptions& options,
                                      const Field& field);

/// H_0 of the cell with the Zeeman term.
[[nodiscard]] linalg::Matrix onsite_in_field(const model::Model& model, const Vector3& zeeman);

}  // namespace edotb::sample
