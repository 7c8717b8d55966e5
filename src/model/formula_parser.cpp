#include "formula_parser.hpp"

#include "edotb/base/constants.hpp"
#include "edotb/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace edotb::model {

namespace {

using Complex = std::complex<double>;

constexpr std::size_t max_length = 20000;
constexpr std::size_t max_terms = 4096;
constexpr std::size_t max_products = 1U << 21U;  ///< of terms, in the whole formula
constexpr int max_depth = 200;
constexpr int max_power = 16;
constexpr int max_multiple = 64;

constexpr std::array<std::string_view, n_letters> letter_names = {"rho", "tau", "sigma", "s"};
constexpr std::array<std::string_view, 4> functions = {"sin", "cos", "exp", "sqrt"};

/// sigma_x and its like: the letter and 0, 1, 2, 3; nothing for other names.
std::optional<std::pair<std::size_t, int>> pauli_named(std::string_view name) {
  for (std::size_t letter = 0; letter < n_letters; ++letter) {
    if (name.size() != letter_names[letter].size() + 2 || !name.starts_with(letter_names[letter]) ||
        name[name.size() - 2] != '_') {
      continue;
    }
    const std::size_t which = std::string_view("0xyz").find(name.back());
    if (which != std::string_view::npos) return std::pair(letter, static_cast<int>(which));
  }
  return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Recursive descent over
///     sum = [sign] product {(+|-) product}      product = factor {(*|/) factor}
///     factor = {-} power                        power = atom [(^|**) whole number]
///     atom = number | name | function ( sum ) | ( sum )
class Parser {
 public:
  Parser(const std::string& text, const Parameters& parameters)
      : text_(text), parameters_(parameters) {}

  ParsedFormula parse() {
    if (text_.size() > max_length) {
      throw bad_input(
          fmt::format("the formula has {} characters, more than {}", text_.size(), max_length));
    }
    for (const auto& [name, value] : parameters_) {
      if (is_reserved_name(name)) {
        throw bad_input(
            fmt::format("'{}' means something in a formula, so no parameter can have "
                        "this name",
                        name));
      }
    }
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] < ' ' || text_[i] > '~') {
        fail(i,
             "a formula is written in plain characters (sigma_x for a Greek letter, - for a "
             "long minus sign)");
      }
    }
    PauliPolynomial value = sum();
    skip_space();
    if (at_ < text_.size()) {
      fail(at_, "expected an operator (+ - * / ^) or the end; a product is written 2*t");
    }
    for (const auto& [monomial, coefficient] : value.terms) {
      if (!std::isfinite(coefficient.real()) || !std::isfinite(coefficient.imag())) {
        fail(0, "a coefficient is infinite or not a number");
      }
    }
    return {std::move(value), uses_letter_, std::move(uses_parameter_)};
  }

 private:
  [[noreturn]] void fail(std::size_t place, const std::string& message) const {
    // Of a long formula the surroundings are shown, and of a character that is not plain a mark.
    constexpr std::size_t margin = 60;
    const std::size_t begin = place > margin ? place - margin : 0;
    const auto shown = [&](std::size_t from, std::size_t to) {
      std::string result;
      for (const char c : text_.substr(from, to - from)) {
        const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
        if (!continues) result += c < ' ' || c > '~' ? '?' : c;
      }
      return result;
    };
    throw bad_input(fmt::format("{}, at character {}:\n    {}\n    {}^", message,
                                shown(0, place).size() + 1, shown(begin, begin + 2 * margin),
                                std::string(shown(begin, place).size(), ' ')));
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  /// The next character that means something, or 0 at the end.
  char next() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(std::string_view token) {
    skip_space();
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }

  PauliPolynomial checked(PauliPolynomial value, std::size_t place) const {
    if (value.terms.size() > max_terms) {
      fail(place, fmt::format("this expands to more than {} terms", max_terms));
    }
    return value;
  }
  PauliPolynomial product_of(const PauliPolynomial& a, const PauliPolynomial& b,
                             std::size_t place) {
    n_products_ += a.terms.size() * b.terms.size();
    if (n_products_ > max_products) {
      fail(place,
           fmt::format("the formula takes more than {} products of terms to expand", max_products));
    }
    return checked(a * b, place);
  }

  PauliPolynomial sum() {
    if (++depth_ > max_depth) fail(at_, "the formula is nested too deeply");
    PauliPolynomial value = product();
    for (;;) {
      const std::size_t place = at_;
      if (take("+")) {
        value = checked(std::move(value) + product(), place);
      } else if (take("-")) {
        value = checked(std::move(value) + Complex(-1.0) * product(), place);
      } else {
        --depth_;
        return value;
      }
    }
  }

  PauliPolynomial product() {
    PauliPolynomial value = factor();
    for (;;) {
      skip_space();
      const std::size_t place = at_;
      if (take("*")) {
        value = product_of(value, factor(), place);
      } else if (take("/")) {
        const PauliPolynomial divisor = factor();
        if (!divisor.is_constant()) fail(place, "only numbers and parameters can divide");
        if (divisor.constant_part() == 0.0) fail(place, "division by zero");
        value = product_of(PauliPolynomial::constant(1.0 / divisor.constant_part()), value, place);
      } else {
        return value;
      }
    }
  }

  PauliPolynomial factor() {
    bool negative = false;
    for (;;) {
      if (take("-")) {
        negative = !negative;
      } else if (!take("+")) {
        break;
      }
    }
    PauliPolynomial value = power();
    return negative ? Complex(-1.0) * std::move(value) : value;
  }

  PauliPolynomial power() {
    PauliPolynomial base = atom();
    skip_space();
    const std::size_t place = at_;
    if (!take("^") && !take("**")) return base;
    skip_space();
    int exponent = 0;
    const char* const begin = text_.data() + at_;
    const auto [rest, status] = std::from_chars(begin, text_.data() + text_.size(), exponent);
    const std::size_t end = at_ + static_cast<std::size_t>(rest - begin);
    const bool is_fraction = end < text_.size() && (text_[end] == '.' || text_[end] == 'e');
    if (status != std::errc() || exponent < 0 || exponent > max_power || is_fraction) {
      fail(at_, fmt::format("expected a whole power from 0 to {}", max_power));
    }
    at_ = end;
    if (next() == '^' || text_.compare(at_, 2, "**") == 0) {
      fail(at_, "a power of a power needs parentheses");
    }
    PauliPolynomial value = PauliPolynomial::constant(1.0);
    for (int i = 0; i < exponent; ++i) value = product_of(value, base, place);
    return value;
  }

  PauliPolynomial atom() {
    const char c = next();
    const std::size_t place = at_;
    if (is_digit(c) || c == '.') return number();
    if (is_letter(c)) return named();
    if (c == '(') {
      ++at_;
      PauliPolynomial value = sum();
      close(place);
      return value;
    }
    fail(place, c == '\0' ? "the formula ends where a number, a name or ( is expected"
                          : "expected a number, a name or (");
  }

  void close(std::size_t opened) {
    if (take(")")) return;
    fail(at_, fmt::format("expected ) for the ( at character {}", opened + 1));
  }

  PauliPolynomial number() {
    double value = 0.0;
    const char* const begin = text_.data() + at_;
    const auto [rest, status] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (status != std::errc()) fail(at_, "expected a number");
    at_ += static_cast<std::size_t>(rest - begin);
    // 1i and 1j, as Python writes imaginary numbers.
    const bool ends =
        at_ + 1 >= text_.size() || (!is_letter(text_[at_ + 1]) && !is_digit(text_[at_ + 1]));
    if (at_ < text_.size() && (text_[at_] == 'i' || text_[at_] == 'j') && ends) {
      ++at_;
      return PauliPolynomial::constant({0.0, value});
    }
    return PauliPolynomial::constant(value);
  }

  PauliPolynomial named() {
    const std::size_t place = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string name = text_.substr(place, at_ - place);
    if (std::find(functions.begin(), functions.end(), name) != functions.end()) {
      return function(name, place);
    }
    if (name == "pi") return PauliPolynomial::constant(constants::pi);
    if (name == "i") return PauliPolynomial::constant({0.0, 1.0});
    if (name.size() == 2 && name[0] == 'k' && name[1] >= 'x' && name[1] <= 'z') {
      return PauliPolynomial::momentum(static_cast<std::size_t>(name[1] - 'x'));
    }
    if (const auto pauli = pauli_named(name)) {
      uses_letter_[pauli->first] = true;
      return PauliPolynomial::pauli(static_cast<Letter>(pauli->first), pauli->second);
    }
    if (const auto found = parameters_.find(name); found != parameters_.end()) {
      uses_parameter_.insert(name);
      return PauliPolynomial::constant(found->second);
    }
    std::string known;
    for (const auto& [parameter, value] : parameters_) {
      known += (known.empty() ? " " : ", ") + parameter;
    }
    fail(place,
         fmt::format("'{}' is neither a parameter (there {}) nor a name of the language (kx, "
                     "ky, kz, sin, cos, exp, sqrt, pi, i, sigma_0, sigma_x, tau_x, s_x, ...)",
                     name, known.empty() ? "is none" : "are" + known));
  }

  PauliPolynomial function(const std::string& name, std::size_t place) {
    skip_space();
    const std::size_t opened = at_;
    if (!take("(")) fail(at_, fmt::format("expected ( after {}", name));
    const PauliPolynomial argument = sum();
    close(opened);
    std::array<int, 3> wave{};
    for (const auto& [monomial, coefficient] : argument.terms) {
      if (monomial == Monomial{}) continue;
      const int degree = monomial.power[0] + monomial.power[1] + monomial.power[2];
      const bool linear = degree == 1 && monomial.wave == std::array<int, 3>{} &&
                          monomial.pauli == std::array<int, n_letters>{};
      // exp takes i k, sin and cos take k.
      const Complex multiple = name == "exp" ? coefficient / Complex(0.0, 1.0) : coefficient;
      const double whole = std::round(multiple.real());
      if (!linear || name == "sqrt" || std::abs(multiple - whole) > 1e-12 ||
          std::abs(whole) > max_multiple) {
        fail(place, name == "sqrt"
                        ? std::string("sqrt takes a number")
                        : fmt::format("{} takes a number, or whole multiples of {} and a number",
                                      name, name == "exp" ? "i kx, i ky, i kz" : "kx, ky, kz"));
      }
      for (std::size_t i = 0; i < 3; ++i) {
        if (monomial.power[i] == 1) wave[i] = static_cast<int>(whole);
      }
    }
    const Complex constant = argument.constant_part();
    const std::array<int, 3> back = {-wave[0], -wave[1], -wave[2]};
    const Complex i(0.0, 1.0);
    if (name == "sqrt") return PauliPolynomial::constant(std::sqrt(constant));
    if (name == "exp") return PauliPolynomial::wave(wave, std::exp(constant));
    if (argument.is_constant()) {
      return PauliPolynomial::constant(name == "sin" ? std::sin(constant) : std::cos(constant));
    }
    // cos x = (e^{ix} + e^{-ix})/2,  sin x = (e^{ix} - e^{-ix})/2i.
    const Complex plus = name == "sin" ? -0.5 * i : Complex(0.5);
    const Complex minus = name == "sin" ? 0.5 * i : Complex(0.5);
    return PauliPolynomial::wave(wave, plus * std::exp(i * constant)) +
           PauliPolynomial::wave(back, minus * std::exp(-i * constant));
  }

  const std::string& text_;
  const Parameters& parameters_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t n_products_ = 0;
  std::set<std::string> uses_parameter_;
  std::array<bool, n_letters> uses_letter_{};
};

}  // namespace

ParsedFormula parse_formula(const std::string& text, const Parameters& parameters) {
  return Parser(text, parameters).parse();
}

bool is_reserved_name(const std::string& name) {
  const bool is_function = std::find(functions.begin(), functions.end(), name) != functions.end();
  return is_function || name == "pi" || name == "i" || name == "kx" || name == "ky" ||
         name == "kz" || pauli_named(name).has_value();
}

}  // namespace edotb::model
