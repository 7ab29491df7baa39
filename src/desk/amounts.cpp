// SPDX-License-Identifier: Apache-2.0
// Finds amounts of money in free text, in the notations of English and Chinese. Errs towards finding: an amount too many
// makes an agent bind a figure, one too few lets a wrong promise leave.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "desk/amount_words.hpp"
#include "desk/figures.hpp"

namespace okpay::desk {
namespace {

constexpr std::size_t digits_max = 16;  // longer runs are ids

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }  // lines are wrapped anywhere

// The text in lower case with full-width ASCII made narrow, and where each octet came from.
struct Flat {
    std::string text;
    std::vector<std::size_t> origin;  // one more than octets: the end

    explicit Flat(std::string_view original) {
        for (std::size_t at = 0; at < original.size();) {
            const auto lead = static_cast<unsigned char>(original[at]);
            if (lead == 0xef && at + 2 < original.size()) {  // U+FF01 to U+FF5E are EF BC 81 to EF BD 9E
                const auto second = static_cast<unsigned char>(original[at + 1]);
                const auto third = static_cast<unsigned char>(original[at + 2]);
                const unsigned code = (second - 0xbcU) * 64U + (third - 0x80U) + 0x20U;
                const bool wide = (second == 0xbc || second == 0xbd) && code >= 0x21 && code <= 0x7e;
                if (wide && code != ',') {  // "，" ends a clause, it never groups digits
                    add(static_cast<char>(code), at);
                    at += 3;
                    continue;
                }
            }
            if (original.substr(at).starts_with("\u3000") || original.substr(at).starts_with("\u00a0")) {
                add(' ', at);
                at += original[at] == '\xe3' ? 3 : 2;
                continue;
            }
            add(original[at], at);
            ++at;
        }
        origin.push_back(original.size());
    }

private:
    void add(char c, std::size_t from) {
        text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        origin.push_back(from);
    }
};

// A non-negative decimal as digits and how many of them are behind the point.
struct Decimal {
    std::string digits;
    std::size_t behind = 0;

    void times_ten_to(std::size_t power) {
        const std::size_t taken = std::min(power, behind);
        behind -= taken;
        digits.append(power - taken, '0');
    }
    [[nodiscard]] std::string canonical() const {
        std::string text = digits;
        if (text.size() <= behind) text.insert(0, behind + 1 - text.size(), '0');
        text.insert(text.size() - behind, 1, '.');
        while (text.ends_with('0')) text.pop_back();
        if (text.ends_with('.')) text.pop_back();
        const std::size_t first = std::min(text.find_first_not_of('0'), text.size());
        text.erase(0, first);
        return text.empty() || text.front() == '.' ? "0" + text : text;
    }
};

struct Number {
    Decimal value;
    std::size_t end;      // behind it, in the flat text
    bool two_decimals;    // "128.00": money even without a unit
};

// Digits with grouping and a point, as in "1,280.50", "1.280,50", "12,50". Nothing for dates, versions and addresses.
std::optional<Number> number_at(std::string_view text, std::size_t at) {
    std::vector<std::string_view> groups;
    std::string marks;
    std::size_t end = at;
    while (true) {
        const std::size_t from = end;
        while (end < text.size() && is_digit(text[end])) ++end;
        groups.push_back(text.substr(from, end - from));
        const bool more = end + 1 < text.size() && (text[end] == ',' || text[end] == '.') && is_digit(text[end + 1]);
        if (!more) break;
        marks.push_back(text[end++]);
    }
    const auto grouped_from = [&](std::size_t first, std::size_t last) {  // groups [first, last] hold three digits each
        return std::all_of(groups.begin() + static_cast<std::ptrdiff_t>(first),
                           groups.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                           [](std::string_view group) { return group.size() == 3; });
    };
    const std::size_t last = groups.size() - 1;
    bool fraction = false;
    if (last > 0) {
        const bool mixed = marks.back() != marks.front();
        const bool uniform = std::all_of(marks.begin(), marks.end() - 1, [&](char c) { return c == marks.front(); });
        if (mixed) {
            if (!uniform || (last > 1 && !grouped_from(1, last - 1))) return std::nullopt;
            fraction = true;
        } else if (last == 1 && (marks[0] == '.' || groups[1].size() != 3)) {
            fraction = true;  // "12.50", and "12,50" as in much of Europe
        } else if (!grouped_from(1, last)) {
            return std::nullopt;
        }
    }
    Number number{.value = {}, .end = end, .two_decimals = fraction && groups[last].size() == 2};
    for (const std::string_view group : groups) number.value.digits += group;
    number.value.behind = fraction ? groups[last].size() : 0;
    if (number.value.digits.size() > digits_max) return std::nullopt;
    return number;
}

struct Numeral {
    std::string_view character;
    std::int64_t value;
    bool is_unit;  // ten, hundred, thousand, ten thousand, hundred million
};
constexpr std::array numerals{
    Numeral{"零", 0, false},          Numeral{"〇", 0, false},          Numeral{"一", 1, false},
    Numeral{"壹", 1, false},          Numeral{"二", 2, false},          Numeral{"贰", 2, false},
    Numeral{"貳", 2, false},          Numeral{"两", 2, false},          Numeral{"兩", 2, false},
    Numeral{"三", 3, false},          Numeral{"叁", 3, false},          Numeral{"參", 3, false},
    Numeral{"四", 4, false},          Numeral{"肆", 4, false},          Numeral{"五", 5, false},
    Numeral{"伍", 5, false},          Numeral{"六", 6, false},          Numeral{"陆", 6, false},
    Numeral{"陸", 6, false},          Numeral{"七", 7, false},          Numeral{"柒", 7, false},
    Numeral{"八", 8, false},          Numeral{"捌", 8, false},          Numeral{"九", 9, false},
    Numeral{"玖", 9, false},          Numeral{"十", 10, true},          Numeral{"拾", 10, true},
    Numeral{"百", 100, true},         Numeral{"佰", 100, true},         Numeral{"千", 1'000, true},
    Numeral{"仟", 1'000, true},       Numeral{"万", 10'000, true},      Numeral{"萬", 10'000, true},
    Numeral{"亿", 100'000'000, true}, Numeral{"億", 100'000'000, true},
};

const Numeral* numeral_at(std::string_view text, std::size_t at) {
    for (const Numeral& numeral : numerals) {
        if (text.substr(at).starts_with(numeral.character)) return &numeral;
    }
    return nullptr;
}

// "一百二十八", "二百五" (250), "一二八" (128), "三点五".
std::optional<Number> chinese_number_at(std::string_view text, std::size_t at) {
    std::int64_t total = 0;
    std::int64_t section = 0;
    std::int64_t digit = 0;
    std::int64_t last_unit = 0;
    bool plain = true;  // digits alone, one behind another
    std::string digits;
    std::size_t end = at;
    std::size_t count = 0;
    for (const Numeral* numeral = numeral_at(text, end); numeral != nullptr && count < digits_max;
         numeral = numeral_at(text, end)) {
        end += numeral->character.size();
        ++count;
        if (!numeral->is_unit) {
            digit = numeral->value;
            digits += static_cast<char>('0' + numeral->value);
            if (numeral->value == 0) last_unit = 0;  // "一百零五" is 105, not 150
            continue;
        }
        plain = false;
        if (numeral->value < 10'000) {
            section += (digit == 0 && section == 0 ? 1 : digit) * numeral->value;
        } else {
            total = (total + section + digit) * numeral->value;
            section = 0;
        }
        digit = 0;
        last_unit = numeral->value;
    }
    if (count == 0) return std::nullopt;
    if (digit != 0 && last_unit >= 100) digit *= last_unit / 10;
    Number number{.value = {.digits = plain ? digits : std::to_string(total + section + digit)},
                  .end = end,
                  .two_decimals = false};
    constexpr std::string_view point = "点";
    if (text.substr(end).starts_with(point)) {
        std::size_t next = end + point.size();
        std::string behind;
        for (const Numeral* numeral = numeral_at(text, next); numeral != nullptr && !numeral->is_unit && behind.size() < 4;
             numeral = numeral_at(text, next)) {
            behind += static_cast<char>('0' + numeral->value);
            next += numeral->character.size();
        }
        if (!behind.empty()) {
            number.value.digits += behind;
            number.value.behind = behind.size();
            number.end = next;
        }
    }
    return number;
}

struct EnglishNumber {
    std::string_view word;
    std::int64_t value;
};
constexpr std::array english_numbers{
    EnglishNumber{"one", 1},       EnglishNumber{"two", 2},        EnglishNumber{"three", 3},
    EnglishNumber{"four", 4},      EnglishNumber{"five", 5},       EnglishNumber{"six", 6},
    EnglishNumber{"seven", 7},     EnglishNumber{"eight", 8},      EnglishNumber{"nine", 9},
    EnglishNumber{"ten", 10},      EnglishNumber{"eleven", 11},    EnglishNumber{"twelve", 12},
    EnglishNumber{"thirteen", 13}, EnglishNumber{"fourteen", 14},  EnglishNumber{"fifteen", 15},
    EnglishNumber{"sixteen", 16},  EnglishNumber{"seventeen", 17}, EnglishNumber{"eighteen", 18},
    EnglishNumber{"nineteen", 19}, EnglishNumber{"twenty", 20},    EnglishNumber{"thirty", 30},
    EnglishNumber{"forty", 40},    EnglishNumber{"fifty", 50},     EnglishNumber{"sixty", 60},
    EnglishNumber{"seventy", 70},  EnglishNumber{"eighty", 80},    EnglishNumber{"ninety", 90},
    EnglishNumber{"a", 1},         EnglishNumber{"hundred", 100},  EnglishNumber{"thousand", 1000},
};

// "twelve", "twenty-five", "a hundred and twenty".
std::optional<Number> english_number_at(std::string_view text, std::size_t at) {
    std::int64_t total = 0;
    std::int64_t section = 0;
    std::size_t end = at;
    bool any = false;
    constexpr int words_max = 10;
    for (int count = 0; count < words_max; ++count) {
        std::size_t from = end;
        if (any) {
            while (from < text.size() && (text[from] == ' ' || text[from] == '-')) ++from;
            if (first_word(text.substr(from)) == "and") {
                from += 3;
                while (from < text.size() && text[from] == ' ') ++from;
            }
        }
        const std::string_view word = first_word(text.substr(from));
        const auto known = std::find_if(english_numbers.begin(), english_numbers.end(),
                                        [word](const EnglishNumber& number) { return number.word == word; });
        if (known == english_numbers.end() || (any && word == "a")) break;
        if (known->value == 100) {
            section = std::max<std::int64_t>(section, 1) * 100;
        } else if (known->value == 1000) {
            total += std::max<std::int64_t>(section, 1) * 1000;
            section = 0;
        } else {
            section += known->value;
        }
        end = from + word.size();
        any = true;
    }
    if (!any) return std::nullopt;
    return Number{.value = {.digits = std::to_string(total + section)}, .end = end, .two_decimals = false};
}

std::size_t without_spaces(std::string_view text, std::size_t at) {
    while (at < text.size() && is_space(text[at])) ++at;
    return at;
}

// "1.2万", "3k", "5 thousand": moves the end behind it.
void apply_multiplier(std::string_view text, Number& number) {
    struct Multiplier {
        std::string_view word;
        std::size_t power;
    };
    constexpr std::array multipliers{Multiplier{"百", 2},       Multiplier{"佰", 2},     Multiplier{"千", 3},
                                     Multiplier{"仟", 3},       Multiplier{"万", 4},     Multiplier{"萬", 4},
                                     Multiplier{"亿", 8},       Multiplier{"億", 8},     Multiplier{"k", 3},
                                     Multiplier{"thousand", 3}, Multiplier{"million", 6}};
    const std::size_t from = without_spaces(text, number.end);
    const std::string_view rest = text.substr(from);
    for (const auto& [word, power] : multipliers) {
        const bool letters = is_word_octet(word.front());
        if (letters ? first_word(rest) != word : !rest.starts_with(word)) continue;
        number.value.times_ten_to(power);
        number.end = from + word.size();
        number.two_decimals = false;
        return;
    }
}

std::optional<char> single_digit_at(std::string_view text, std::size_t& at) {
    if (at < text.size() && is_digit(text[at])) {
        if (at + 1 < text.size() && (is_digit(text[at + 1]) || text[at + 1] == '.' || text[at + 1] == ':'))
            return std::nullopt;
        return text[at++];
    }
    const Numeral* numeral = numeral_at(text, at);
    if (numeral == nullptr || numeral->is_unit) return std::nullopt;
    at += numeral->character.size();
    return static_cast<char>('0' + numeral->value);
}

// "12块5", "12元5角", "12元5角3分", "十二块五毛": what follows the unit.
void apply_tenths(std::string_view text, Number& number) {
    if (number.value.behind > 0) return;
    std::size_t at = number.end;
    const auto tenth = single_digit_at(text, at);
    if (!tenth) return;
    const auto skip = [&](std::initializer_list<std::string_view> words) {
        for (const std::string_view word : words) {
            if (!text.substr(at).starts_with(word)) continue;
            at += word.size();
            return true;
        }
        return false;
    };
    const bool named = skip({"角", "毛"});
    if (!named && (counts_something_else(text.substr(at)) || (at < text.size() && is_word_octet(text[at])))) return;
    number.value.digits += *tenth;
    number.value.behind = 1;
    number.end = at;
    if (!named) return;
    const auto hundredth = single_digit_at(text, at);
    if (!hundredth || !skip({"分"})) return;
    number.value.digits += *hundredth;
    number.value.behind = 2;
    number.end = at;
}

// "12 dollars and 50 cents".
void apply_cents(std::string_view text, Number& number) {
    if (number.value.behind > 0) return;
    std::size_t at = without_spaces(text, number.end);
    if (first_word(text.substr(at)) == "and") at = without_spaces(text, at + 3);
    if (at >= text.size() || !is_digit(text[at])) return;
    const auto cents = number_at(text, at);
    if (!cents || cents->value.behind > 0 || cents->value.digits.size() > 2) return;
    const std::size_t from = without_spaces(text, cents->end);
    const Unit* unit = unit_starting(text.substr(from));
    if (unit == nullptr || !unit->hundredths) return;
    number.value.digits += cents->value.digits.size() == 1 ? "0" + cents->value.digits : cents->value.digits;
    number.value.behind = 2;
    number.end = from + unit->word.size();
}

// "块" is also "piece" and "一块" also "together": money only where the number or what follows says so.
bool is_piece(std::string_view text, const Number& number, const Unit& unit) {
    if (unit.word != "块" && unit.word != "塊") return false;
    const std::string_view rest = text.substr(number.end + unit.word.size());
    return number.value.digits == "1" && !rest.starts_with("钱") && !rest.starts_with("錢") && !rest.empty() &&
           (rest.front() & 0x80) != 0 && !rest.starts_with("，") && !rest.starts_with("。");
}

class Finder {
public:
    explicit Finder(std::string_view original) : original_{original}, flat_{original}, text_{flat_.text} {}

    std::vector<FoundAmount> all() {
        for (std::size_t at = 0; at < text_.size();) at = step(at);
        return std::move(found_);
    }

private:
    // Looks at one place and says where to go on.
    std::size_t step(std::size_t at) {
        const char c = text_[at];
        const bool starts_word = at == 0 || !is_word_octet(text_[at - 1]);
        if (is_digit(c)) return digits(at, starts_word);
        if (numeral_at(text_, at) != nullptr) return chinese(at);
        if (starts_word && is_word_octet(c)) return word(at);
        return at + 1;
    }

    std::size_t end_of_run(std::size_t at) const {
        while (at < text_.size() && (is_word_octet(text_[at]) || text_[at] == '_')) ++at;
        return at;
    }

    std::size_t word(std::size_t at) {
        const std::string_view letters = first_word(text_.substr(at));
        const std::size_t behind = at + letters.size();
        const std::size_t end = end_of_run(at);
        if (end > behind) {  // letters and digits in one: a currency code, or an id
            const Unit* unit = unit_ending(text_.substr(0, behind));
            return unit != nullptr && unit->word == letters && is_digit(text_[behind]) ? behind : end;
        }
        const auto number = english_number_at(text_, at);
        if (!number) return behind;
        const std::size_t from = without_spaces(text_, number->end);
        const Unit* unit = unit_starting(text_.substr(from));
        if (unit == nullptr || (letters == "a" && number->value.digits == "1")) return behind;
        return keep(at, *number, nullptr, from, unit);
    }

    std::size_t chinese(std::size_t at) {
        auto number = chinese_number_at(text_, at);
        if (!number) return at + 1;
        const std::size_t from = without_spaces(text_, number->end);
        const Unit* behind = unit_starting(text_.substr(from));
        const Unit* before = unit_ending(text_.substr(0, before_spaces(at)));
        const bool large = number->end - at > 3;  // more than one character: "两" alone counts things
        const bool announced =
            large && announces_money(text_.substr(0, at)) && !counts_something_else(text_.substr(number->end));
        if (behind != nullptr && is_piece(text_, *number, *behind)) behind = nullptr;
        if (behind == nullptr && before == nullptr && !announced) return number->end;
        return keep(at, *number, before, from, behind);
    }

    std::size_t digits(std::size_t at, bool starts_word) {
        auto number = number_at(text_, at);
        if (!number) return end_of_number(at);
        const Unit* before = unit_ending(text_.substr(0, before_spaces(at)));
        if (!starts_word && (before == nullptr || before_spaces(at) != at)) return end_of_run(at);
        const bool connected = at >= 2 && std::string_view{"-/:.#"}.find(text_[at - 1]) != std::string_view::npos &&
                               is_word_octet(text_[at - 2]);
        const bool tail = at >= 1 && (text_[at - 1] == '#' || text_.substr(0, at).ends_with("·") ||
                                      text_.substr(0, at).ends_with("…") || text_.substr(0, at).ends_with("**"));
        const std::size_t plain_end = number->end;
        apply_multiplier(text_, *number);
        const std::size_t from = without_spaces(text_, number->end);
        const Unit* behind = unit_starting(text_.substr(from));
        if (before == nullptr && behind == nullptr && (connected || tail)) return plain_end;
        if (before == nullptr && behind == nullptr) {
            const std::string_view rest = text_.substr(number->end);
            const bool other = counts_something_else(rest) || (!rest.empty() && is_word_octet(rest.front()));
            if (other || !(number->two_decimals || announces_money(text_.substr(0, at)))) return end_of_run(number->end);
        }
        return keep(at, *number, before, from, behind);
    }

    std::size_t end_of_number(std::size_t at) const {
        while (at < text_.size() && (is_word_octet(text_[at]) || text_[at] == '.' || text_[at] == ',')) ++at;
        return at;
    }

    std::size_t before_spaces(std::size_t at) const {
        while (at > 0 && (is_space(text_[at - 1]) || text_[at - 1] == '-' || text_[at - 1] == '+')) --at;
        return at;
    }

    std::size_t keep(std::size_t at, Number number, const Unit* before, std::size_t unit_at, const Unit* behind) {
        if (behind != nullptr) {
            number.end = unit_at + behind->word.size();
            if (behind->hundredths) {
                number.value.behind += 2;
            } else {
                apply_tenths(text_, number);
                apply_cents(text_, number);
            }
        }
        std::size_t start = at;
        if (before != nullptr) start = before_spaces(at) - before->word.size();
        FoundAmount amount{.text = std::string{original_.substr(flat_.origin[start],
                                                                flat_.origin[number.end] - flat_.origin[start])},
                           .decimal = number.value.canonical(),
                           .currencies = {},
                           .offset = flat_.origin[start]};
        // "新台币 100 元", "US$ 5 dollars": the narrower of two names holds.
        const Unit* unit = before == nullptr || (behind != nullptr && behind->currencies.size() == 1) ? behind : before;
        if (unit != nullptr) {
            amount.currencies = unit->currencies;
            amount.foreign = unit->currencies.empty();
        }
        found_.push_back(std::move(amount));
        return number.end;
    }

    std::string_view original_;
    Flat flat_;
    std::string_view text_;
    std::vector<FoundAmount> found_;
};

}  // namespace

std::vector<FoundAmount> amounts_in(std::string_view text) { return Finder{text}.all(); }

}  // namespace okpay::desk
