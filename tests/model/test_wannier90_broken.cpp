// Broken wannier90 files are refused with file, line and column, before they take memory.

#include "edotb/base/error.hpp"
#include "model/wannier90_support.hpp"

#include <utility>
#include <vector>

namespace edotb {
namespace {

using test::chain;
using test::in_cell;
using test::Wannier;

/// `text` with the first `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class BrokenWannier : public Wannier {};

std::string refusal(const deck::WannierFiles& files, int dimension = 3) {
  try {
    (void)model::wannier90_model(files, dimension);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return error.what();
  }
  return "not refused";
}

TEST_F(BrokenWannier, Hamiltonians) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ":0: the file ends here; the header line is missing"},
      {"only a header\n", ":1: the file ends here; num_wann is missing"},
      {with(chain, "\n2\n", "\ntwo\n"), ":2:1: expected num_wann, a whole number; found 'two'"},
      {with(chain, "\n2\n", "\n2 3\n"), ":2:3: expected num_wann: 1 words; found 2"},
      {with(chain, "\n2\n", "\n0\n"), ":2:1: num_wann is 0; it must be at least 1"},
      {with(chain, "\n2\n", "\n-2\n"), ":2:1: num_wann is -2"},
      {with(chain, "\n2\n", "\n2000000000\n"), "more than a file of"},
      {with(chain, "\n2\n", "\n99999999999999\n"), ":2:1: expected num_wann, a whole number"},
      {with(chain, "\n3\n", "\n0\n"), ":3:1: nrpts is 0; it must be at least 1"},
      {with(chain, "\n3\n", "\n2000000000\n"), "more than a file of"},
      {with(chain, "\n3\n", "\n4\n"), ":5:1: a degeneracy is -1; it must be at least 1"},
      {with(chain, " 2 1 2", " 2 1 2 1"), ":4:8: more degeneracies than the 3 lattice vectors"},
      {with(chain, " 2 1 2", " 2 -1 2"), ":4:4: a degeneracy is -1; it must be at least 1"},
      {with(chain, " 2 1 2", " 2 0 2"), ":4:4: a degeneracy is 0"},
      {with(chain, " 2 1 2", " 2 1.5 2"),
       ":4:4: expected a degeneracy, a whole number; found '1.5'"},
      {chain.substr(0, chain.rfind("1 0 0 2 2 0 0")) + "                \n",
       "the file ends here; element 4 of 4 of lattice vector 3 of 3 is missing"},
      {with(chain, "0 0 0 2 1 1.0 -0.5\n", ""), "R changes from (0 0 0) to (1 0 0) after 3 of 4"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 2 1 1.0"),
       ":10:14: expected R1 R2 R3 m n Re Im: 7 words; found 6"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 2 1 nan -0.5"), ":10:11: Re H must be finite"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 2 1 1.0 inf"), ":10:15: Im H must be finite"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 2 1 1.0 *****"),
       ":10:15: expected Im H, a number; found '*****'"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 3 1 1.0 -0.5"),
       ":10:7: m is 3, but there are Wannier functions 1 to 2"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 1 1 1.0 -0.5"),
       ":10:7: the element 1 1 of R = (0 0 0) is there twice"},
      {with(chain, "0 0 0 2 1 1.0 -0.5", "0 0 0 2 1 1.0 0.5"),
       "the Hamiltonian is not Hermitian: element 2 1 of R = (0 0 0) is 1+0.5i, but element 1 2 of "
       "-R is 1+0.5i, not its conjugate"},
      {with(chain, "0 0 0 1 1 0.25 0", "0 0 0 1 1 0.25 0.1"),
       "element 1 1 of R = (0 0 0) is 0.25+0.1i"},
      {with(chain, " 2 1 2", " 2 1 1"), "the Hamiltonian is not Hermitian"},
      {with(with(with(with(chain, "\n1 0 0 1 1", "\n2 0 0 1 1"), "\n1 0 0 2 1", "\n2 0 0 2 1"),
                 "\n1 0 0 1 2", "\n2 0 0 1 2"),
            "\n1 0 0 2 2", "\n2 0 0 2 2"),
       "but -R is not in the file"},
      {with(with(with(with(chain, "\n1 0 0 1 1", "\n0 0 0 1 1"), "\n1 0 0 2 1", "\n0 0 0 2 1"),
                 "\n1 0 0 1 2", "\n0 0 0 1 2"),
            "\n1 0 0 2 2", "\n0 0 0 2 2"),
       ":13:1: the lattice vector (0 0 0) is there twice"},
      {with(chain, "\n1 0 0 1 1", "\n1001 0 0 1 1"), ":13:1: R1 is 1001, beyond +-1000 cells"},
      {chain + "1 0 0 1 1 0 0\n", ":17:1: the file goes on after its 3 lattice vectors"},
      {"one\n1\n1\n1\n1 0 0 1 1 0 0\n", "the lattice vector R = (0 0 0) is missing"},
      {std::string("\0\1\2", 3), ":1: the file ends here; num_wann is missing"},
  };
  for (const auto& [text, message] : cases) {
    const auto what = refusal(in_cell(write("bad_hr.dat", text)));
    EXPECT_NE(what.find(message), std::string::npos) << text << "\n" << what << "\n" << message;
    EXPECT_NE(what.find(path("bad_hr.dat")), std::string::npos) << what;
  }
  EXPECT_NE(refusal(in_cell(path("none_hr.dat"))).find("cannot be read: No such file"),
            std::string::npos);
  EXPECT_NE(refusal(in_cell(path(""))).find("cannot be read"), std::string::npos);
}

TEST_F(BrokenWannier, Companions) {
  const auto hr = write("hr.dat", chain);
  const auto expect = [&](const deck::WannierFiles& files, const std::string& message,
                          int dimension = 3) {
    const auto what = refusal(files, dimension);
    EXPECT_NE(what.find(message), std::string::npos) << what << "\n" << message;
  };
  const auto with_win = [&](const std::string& text) {
    auto files = in_cell(hr);
    files.win = write("x.win", text);
    return files;
  };
  expect(with_win("num_wann = 2\n"), ":1: the file ends here; the block `begin unit_cell_cart`");
  expect(with_win("begin unit_cell_cart\nBohr\n1 0 0\n0 1\n"),
         ":4:4: the line ends here; component 3 of a_2 is missing");
  expect(with_win("Begin Unit_Cell_Cart\n! comment\n1 0 0\n0 1 0\n0 0 1\n0 0 0\n"),
         "expected `end unit_cell_cart` after three");
  expect(with_win("begin unit_cell_cart\n1 0 0\n0 1 0\n1 1 0\nend unit_cell_cart\n"),
         "the unit cell is flat");
  const auto with_centres = [&](const std::string& text) {
    auto files = in_cell(hr);
    files.centres = write("x.xyz", text);
    return files;
  };
  expect(with_centres("2\n\nX 0 0 0\nSi 0 0 0\n"), "1 centres (lines X x y z) are here");
  expect(with_centres("2\n\nX 0 0 0\n"), "the file ends here; line 2 of 2 is missing");
  expect(with_centres("2\n\nX 0 0 0\nX 0 0 0,1\n"), ":4:7: expected z, a number; found '0,1'");
  auto spinors = with_centres("2\n\nX 0 0 0\nX 0.5 0 0\n");
  spinors.spin_order = "interleaved";
  expect(spinors, "spin partners 1 and 2 have centres 0.05 apart");
  const auto with_shifts = [&](const std::string& text) {
    auto files = in_cell(hr);
    files.wsvec = write("x.dat", text);
    return files;
  };
  expect(with_shifts("#\n0 0 0 1 1\n1\n0 0 0\n"), "the shifts of 1 elements are here");
  expect(with_shifts("#\n0 0 1 1 1\n1\n0 0 0\n"), "the Hamiltonian has no lattice vector (0 0 1)");
  expect(with_shifts("#\n0 0 0 1 1\n0\n"), "the number of shifts is 0");
  expect(with_shifts("#\n0 0 0 1 1\n2\n0 0 0\n"), "T1 T2 T3 is missing");
  expect(with_shifts("#\n0 0 0 1 1\n1\n0 0 0\n0 0 0 1 1\n1\n0 0 0\n"), "is there twice");
  expect(with_shifts("# write_ndegen_applied=.true.\n"), "divided already");
  auto planar = in_cell(hr);
  planar.cell = {1, 0, 0.1, 0, 1, 0, 0, 0, 1};
  expect(planar, "a_1 or a_2 has a z component", 2);
  auto odd = in_cell(write("odd_hr.dat", "one\n1\n1\n1\n0 0 0 1 1 0 0\n"));
  odd.spin_order = "blocks";
  expect(odd, "odd number");
}

}  // namespace
}  // namespace edotb
