#include "table_rows.hpp"

namespace edotb::deck {

namespace {

std::vector<std::string> cell_shapes() { return {"bar", "hall_bar", "cross"}; }
std::vector<std::string> layered_shapes() {
  return {"bar", "hall_bar", "cross", "corbino", "ring", "polygon"};
}

Parameter shape_key(std::string key, std::vector<std::string> kinds, Type type, Quantity quantity,
                    std::optional<std::string> value, std::string doc, Bounds bounds = {}) {
  return {.path = "sample.shape." + std::move(key),
          .type = type,
          .quantity = quantity,
          .default_value = std::move(value),
          .doc = std::move(doc),
          .bounds = bounds,
          .depends_on = "sample.shape.kind",
          .depends_values = std::move(kinds)};
}

Parameter cells(std::string key, std::vector<std::string> kinds, std::string value, std::string doc,
                double least = 1.0) {
  return shape_key(std::move(key), std::move(kinds), Type::integer, Quantity::cells,
                   std::move(value), std::move(doc), {least, max_cells, true});
}

Parameter length(std::string key, std::vector<std::string> kinds, std::string value,
                 std::string doc, Bounds bounds = not_negative) {
  return shape_key(std::move(key), std::move(kinds), Type::number, Quantity::length,
                   std::move(value), std::move(doc), bounds);
}

/// The keys of a body at `path`: a box, a cylinder or a prism.
std::vector<Parameter> body_rows(const std::string& path) {
  const auto key = [&](const char* name, std::vector<std::string> forms, Type type,
                       std::optional<std::string> value, std::string doc) {
    return Parameter{.path = path + "." + name,
                     .type = type,
                     .quantity = Quantity::length,
                     .default_value = std::move(value),
                     .doc = std::move(doc),
                     .depends_on = path + ".form",
                     .depends_values = std::move(forms)};
  };
  std::vector<Parameter> rows;
  rows.push_back({.path = path + ".form",
                  .type = Type::choice,
                  .default_value = {},
                  .doc = "box, cylinder (or tube), or polygon (a prism).",
                  .choices = {"box", "cylinder", "polygon"}});
  const auto add_vector = [&](Parameter row, std::size_t n_numbers) {
    row.n_numbers = n_numbers;
    rows.push_back(std::move(row));
  };
  add_vector(key("from", {"box"}, Type::vector, {}, "A corner of the box, x, y, z."), 3);
  add_vector(key("to", {"box"}, Type::vector, {}, "The opposite corner."), 3);
  rows.push_back(key("axis", {"cylinder", "polygon"}, Type::choice, "z",
                     "Along which the body is straight; corners are in the plane of the two axes "
                     "that follow it cyclically."));
  rows.back().quantity = Quantity::none;
  rows.back().choices = {"x", "y", "z"};
  add_vector(key("centre", {"cylinder"}, Type::vector, "[0, 0, 0]", "A point of the axis."), 3);
  rows.push_back(key("radius", {"cylinder"}, Type::number, {}, "Outer radius."));
  rows.back().bounds = positive;
  rows.push_back(key("inner_radius", {"cylinder"}, Type::number, "0", "Of a tube."));
  rows.back().bounds = not_negative;
  rows.push_back(key("points", {"polygon"}, Type::points, {}, "Corners of the outline."));
  add_vector(key("range", {"cylinder", "polygon"}, Type::vector, "[0, 0]",
                 "Lowest and highest coordinate along the axis."),
             2);
  return rows;
}

}  // namespace

std::vector<Parameter> shape_rows() {
  std::vector<Parameter> rows;
  rows.push_back(
      {.path = "sample.shape.kind",
       .type = Type::choice,
       .default_value = "bar",
       .doc = "bar: a lead on each end. hall_bar: side arms at two or three places. "
              "cross: one pair of side arms in the middle. corbino: a disc, current "
              "from its middle to its rim. ring: two leads on opposite sides. polygon: "
              "any outline. composite: boxes, cylinders and polygons, added and cut out.",
       .choices = {"bar", "hall_bar", "cross", "corbino", "ring", "polygon", "composite"}});
  rows.push_back({.path = "sample.shape.axis",
                  .type = Type::choice,
                  .default_value = "x",
                  .doc =
                      "Lattice axis from which the field's angle is counted: that of the current; "
                      "of a corbino, the disc's normal. Width and thickness run along "
                      "the two axes that follow it cyclically (axis z: width x, thickness y).",
                  .choices = {"x", "y", "z"}});
  rows.push_back(cells("length", cell_shapes(), "10", "Cells along the current."));
  rows.push_back(cells("width", cell_shapes(), "10", "Cells along the width."));
  rows.push_back(cells("thickness", layered_shapes(), "1",
                       "Cells along the thickness; of a corbino, along the disc's normal."));
  rows.push_back({.path = "sample.shape.boundary",
                  .type = Type::choice,
                  .default_value = "open",
                  .doc = "Boundary of the cross-section: hard walls, or a torus, which admits only "
                         "fields with whole numbers of flux quanta.",
                  .choices = {"open", "periodic"},
                  .depends_on = "sample.shape.kind",
                  .depends_values = {"bar"}});
  rows.push_back({.path = "sample.shape.terminals",
                  .type = Type::choice,
                  .default_value = "6",
                  .doc = "6: two pairs of side arms. 8: a third pair between them.",
                  .choices = {"6", "8"},
                  .depends_on = "sample.shape.kind",
                  .depends_values = {"hall_bar"}});
  rows.push_back(cells("arm_width", {"hall_bar", "cross"}, "4", "Cells along an arm's width."));
  rows.push_back(cells("arm_length", {"hall_bar", "cross"}, "0",
                       "Cells by which the arms stand out; 0: their leads touch the bar.", 0.0));
  rows.push_back(cells("arm_distance", {"hall_bar"}, "10",
                       "Cells from the start of the first arm to the start of the last."));
  rows.push_back(length("inner_radius", {"corbino", "ring"}, "5",
                        "Of a ring: of its hole. Of a corbino: of the contact in the middle."));
  rows.push_back(length("outer_radius", {"corbino", "ring"}, "15",
                        "Of a ring: of its rim. Of a corbino: where the outer contact begins.",
                        positive));
  rows.push_back(length("contact_width", {"corbino"}, "2",
                        "Width of the ring-shaped outer contact; the disc ends there.", positive));
  rows.push_back(length("hole_radius", {"corbino"}, "0", "Of a hole in the middle of the disc."));
  rows.push_back(length("lead_width", {"ring"}, "4", "Width of the two leads.", positive));
  rows.push_back(shape_key("points", {"polygon"}, Type::points, Quantity::length, {},
                           "Corners of the outline in the plane of current and width."));
  rows.push_back({.path = "sample.shape.parts",
                  .type = Type::object_list,
                  .default_value = "[]",
                  .doc = "Bodies of a composite shape, one after the other: each adds to what was "
                         "before, or is cut out of it. Coordinates are x, y, z."});
  for (Parameter& row : body_rows("sample.shape.parts[]")) rows.push_back(std::move(row));
  rows.push_back({.path = "sample.shape.parts[].operation",
                  .type = Type::choice,
                  .default_value = "add",
                  .doc = "add: the body joins the sample. subtract: it is cut out.",
                  .choices = {"add", "subtract"}});
  return rows;
}

std::vector<Parameter> region_rows() {
  std::vector<Parameter> rows;
  rows.push_back({.path = "sample.regions",
                  .type = Type::object_list,
                  .default_value = "[]",
                  .doc = "Parts of the sample with terms of their own, such as gates and magnetic "
                         "layers; where regions overlap their terms add."});
  for (Parameter& row : body_rows("sample.regions[]")) rows.push_back(std::move(row));
  rows.push_back({.path = "sample.regions[].potential",
                  .type = Type::number,
                  .quantity = Quantity::energy,
                  .default_value = "0",
                  .doc = "Energy added to every orbital."});
  rows.push_back({.path = "sample.regions[].exchange",
                  .type = Type::vector,
                  .quantity = Quantity::energy,
                  .default_value = "[0, 0, 0]",
                  .doc = "Exchange field h of a magnet, x, y, z: adds h.sigma.",
                  .n_numbers = 3});
  return rows;
}

}  // namespace edotb::deck
