#include "wannier90_files.hpp"

#include "edotb/base/error.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace edotb::model {

using linalg::Complex;
using linalg::Matrix;

namespace {

constexpr int max_offset = 1000;

CellOffset read_offset(const TextLines& file, const char* name) {
  CellOffset offset{};
  for (std::size_t i = 0; i < 3; ++i) {
    offset[i] = file.integer(i, fmt::format("{}{}", name, i + 1));
    if (std::abs(offset[i]) > max_offset) {
      file.refuse(i,
                  fmt::format("{}{} is {}, beyond +-{} cells", name, i + 1, offset[i], max_offset));
    }
  }
  return offset;
}

/// Word `i` as the number of an orbital, from 0.
std::size_t read_orbital(const TextLines& file, std::size_t i, const char* name,
                         std::size_t n_orbitals) {
  const int number = file.integer(i, name);
  if (number < 1 || static_cast<std::size_t>(number) > n_orbitals) {
    file.refuse(i, fmt::format("{} is {}, but there are Wannier functions 1 to {}", name, number,
                               n_orbitals));
  }
  return static_cast<std::size_t>(number) - 1;
}

int read_count(TextLines& file, const char* name) {
  (void)file.next(name);
  const int count = file.integer(0, name);
  if (count < 1) file.refuse(0, fmt::format("{} is {}; it must be at least 1", name, count));
  file.expect_words(1, name);
  return count;
}

std::string text_of(const CellOffset& r) { return fmt::format("({} {} {})", r[0], r[1], r[2]); }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

RealSpaceHamiltonian read_hr(const std::string& path) {
  TextLines file(path);
  (void)file.next_raw("the header line");
  const auto n = static_cast<std::size_t>(read_count(file, "num_wann"));
  const auto n_r = static_cast<std::size_t>(read_count(file, "nrpts"));
  // An element takes at least "0 0 0 1 1 0 0" and the end of its line.
  const double n_elements =
      static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n_r);
  constexpr double least_bytes = 14.0;
  if (least_bytes * n_elements > static_cast<double>(file.n_bytes()) + 1.0) {
    file.refuse(0, fmt::format("{} Wannier functions and {} lattice vectors make {:.0f} elements, "
                               "more than a file of {} bytes can hold; it is cut short, or the "
                               "numbers are wrong",
                               n, n_r, n_elements, file.n_bytes()));
  }
  std::vector<double> degeneracy;
  while (degeneracy.size() < n_r) {
    const auto n_words = file.next("the degeneracies").size();
    for (std::size_t i = 0; i < n_words; ++i) {
      if (degeneracy.size() == n_r) {
        file.refuse(i, fmt::format("more degeneracies than the {} lattice vectors", n_r));
      }
      const int value = file.integer(i, "a degeneracy");
      if (value < 1)
        file.refuse(i, fmt::format("a degeneracy is {}; it must be at least 1", value));
      degeneracy.push_back(value);
    }
  }
  RealSpaceHamiltonian h;
  for (std::size_t r = 0; r < n_r; ++r) {
    CellOffset offset{};
    Matrix* block = nullptr;
    std::vector<bool> seen(n * n, false);
    for (std::size_t element = 0; element < n * n; ++element) {
      (void)file.next(fmt::format("element {} of {} of lattice vector {} of {}", element + 1, n * n,
                                  r + 1, n_r));
      file.expect_words(7, "R1 R2 R3 m n Re Im");
      const CellOffset here = read_offset(file, "R");
      if (element == 0) {
        offset = here;
        const auto [place, is_new] = h.emplace(offset, Matrix(n, n));
        if (!is_new) {
          file.refuse(0, fmt::format("the lattice vector {} is there twice", text_of(offset)));
        }
        block = &place->second;
      } else if (here != offset) {
        file.refuse(0, fmt::format("R changes from {} to {} after {} of {} elements",
                                   text_of(offset), text_of(here), element, n * n));
      }
      const std::size_t row = read_orbital(file, 3, "m", n);
      const std::size_t column = read_orbital(file, 4, "n", n);
      if (seen[row + column * n]) {
        file.refuse(3, fmt::format("the element {} {} of R = {} is there twice", row + 1,
                                   column + 1, text_of(offset)));
      }
      seen[row + column * n] = true;
      (*block)(row, column) =
          Complex(file.number(5, "Re H"), file.number(6, "Im H")) / degeneracy[r];
    }
  }
  if (!file.at_end()) {
    (void)file.next("nothing");
    file.refuse(0, fmt::format("the file goes on after its {} lattice vectors", n_r));
  }
  return h;
}

RealSpaceHamiltonian apply_wsvec(const RealSpaceHamiltonian& h, const std::string& path) {
  TextLines file(path);
  const std::string header = lower(file.next_raw("the header line"));
  if (header.find("write_ndegen_applied=.true.") != std::string::npos) {
    file.refuse(0,
                "write_ndegen_applied: the elements of seedname_hr.dat are divided already; "
                "write the files without it");
  }
  constexpr std::size_t most_growth = 64;
  const std::size_t n = h.begin()->second.rows();
  RealSpaceHamiltonian moved;
  for (const auto& [offset, matrix] : h) moved.emplace(offset, Matrix(n, n));
  std::map<CellOffset, std::vector<bool>> seen;
  std::size_t n_seen = 0;
  while (!file.at_end()) {
    (void)file.next("R1 R2 R3 m n");
    file.expect_words(5, "R1 R2 R3 m n");
    const CellOffset offset = read_offset(file, "R");
    const auto found = h.find(offset);
    if (found == h.end()) {
      file.refuse(0, fmt::format("the Hamiltonian has no lattice vector {}", text_of(offset)));
    }
    const std::size_t row = read_orbital(file, 3, "m", n);
    const std::size_t column = read_orbital(file, 4, "n", n);
    auto& marks = seen[offset];
    marks.resize(n * n, false);
    if (marks[row + column * n]) {
      file.refuse(3, fmt::format("the element {} {} of R = {} is there twice", row + 1, column + 1,
                                 text_of(offset)));
    }
    marks[row + column * n] = true;
    ++n_seen;
    const int n_shifts = read_count(file, "the number of shifts");
    const Complex share = found->second(row, column) / static_cast<double>(n_shifts);
    for (int i = 0; i < n_shifts; ++i) {
      (void)file.next("T1 T2 T3");
      file.expect_words(3, "T1 T2 T3");
      CellOffset target = read_offset(file, "T");
      for (std::size_t a = 0; a < 3; ++a) target[a] += offset[a];
      auto place = moved.find(target);
      if (place == moved.end()) {
        if (moved.size() >= most_growth * h.size()) {
          file.refuse(0, fmt::format("the shifts lead to more than {} times the lattice vectors of "
                                     "the Hamiltonian",
                                     most_growth));
        }
        place = moved.emplace(target, Matrix(n, n)).first;
      }
      place->second(row, column) += share;
    }
  }
  if (n_seen != h.size() * n * n) {
    file.refuse(0, fmt::format("the shifts of {} elements are here, but the Hamiltonian has {}",
                               n_seen, h.size() * n * n));
  }
  return moved;
}

std::array<Vector3, 3> read_unit_cell(const std::string& path) {
  constexpr double bohr = 0.529177210903;  // angstrom, CODATA 2018
  TextLines file(path);
  const std::string wanted = "the block `begin unit_cell_cart`";
  // Comments begin with ! or #, case does not matter, and = or : may stand between words.
  const auto is_begin = [](const std::vector<Word>& words) {
    return words.size() >= 2 && lower(words[0].text) == "begin" &&
           lower(words[1].text) == "unit_cell_cart";
  };
  const auto is_comment = [](const std::vector<Word>& words) {
    return words[0].text.front() == '!' || words[0].text.front() == '#';
  };
  while (!is_begin(file.next(wanted))) continue;
  const auto next_row = [&]() -> const std::vector<Word>& {
    const std::vector<Word>* words = &file.next("a row of the unit cell");
    while (is_comment(*words)) words = &file.next("a row of the unit cell");
    return *words;
  };
  double unit = 1.0;
  const std::vector<Word>* words = &next_row();
  const std::string first = lower(words->front().text);
  if (first == "bohr" || first == "ang" || first == "angstrom") {
    unit = first == "bohr" ? bohr : 1.0;
    words = &next_row();
  }
  std::array<Vector3, 3> cell{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t i = 0; i < 3; ++i) {
      cell[row][i] = unit * file.number(i, fmt::format("component {} of a_{}", i + 1, row + 1));
    }
    words = &next_row();
  }
  if (lower(words->front().text) != "end") {
    file.refuse(0, "expected `end unit_cell_cart` after three lattice vectors");
  }
  return cell;
}

std::vector<Vector3> read_centres(const std::string& path, std::size_t n_orbitals) {
  TextLines file(path);
  const int n_lines = read_count(file, "the number of centres and atoms");
  (void)file.next_raw("the comment line");
  std::vector<Vector3> centres;
  for (int i = 0; i < n_lines; ++i) {
    const auto& words = file.next(fmt::format("line {} of {}", i + 1, n_lines));
    // The other lines are atoms.
    if (words[0].text != "X") continue;
    file.expect_words(4, "X x y z");
    centres.push_back({file.number(1, "x"), file.number(2, "y"), file.number(3, "z")});
  }
  if (centres.size() != n_orbitals) {
    file.refuse(0, fmt::format("{} centres (lines X x y z) are here, but the Hamiltonian has {} "
                               "Wannier functions",
                               centres.size(), n_orbitals));
  }
  return centres;
}

}  // namespace edotb::model
