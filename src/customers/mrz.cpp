// SPDX-License-Identifier: Apache-2.0
#include "customers/mrz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace okpay::customers {
namespace {

constexpr std::size_t lines_looked_at_max = 400;
constexpr std::size_t line_length_min = 26, line_length_max = 60;
constexpr std::size_t doubtful_places_max = 10;  // of one field: 1,024 readings at most

struct Confusion {
    char digit, letter;
};
constexpr std::array confusions{Confusion{'0', 'O'}, Confusion{'1', 'I'}, Confusion{'2', 'Z'},
                                Confusion{'5', 'S'}, Confusion{'6', 'G'}, Confusion{'8', 'B'}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

std::optional<char> as_digit(char c) {
    if (is_digit(c)) return c;
    if (c == 'D' || c == 'Q') return '0';  // in a place for digits nothing else looks so
    if (c == 'L') return '1';
    for (const Confusion& one : confusions) {
        if (one.letter == c) return one.digit;
    }
    return std::nullopt;
}
std::optional<char> as_letter(char c) {
    if (is_letter(c) || c == '<') return c;
    for (const Confusion& one : confusions) {
        if (one.digit == c) return one.letter;
    }
    return std::nullopt;
}

std::string without_fillers(std::string_view field) {
    std::string out{field};
    std::erase(out, '<');
    return out;
}

// Lines of nothing but the alphabet of the zone. A recogniser sees guillemets where fillers stand, and blanks between.
std::vector<std::string> candidate_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (const std::string_view raw : split(text, '\n')) {
        if (lines.size() >= lines_looked_at_max) break;
        std::string line;
        for (std::size_t i = 0; i < raw.size() && line.size() <= line_length_max; ++i) {
            const char c = raw[i];
            if (c >= 'a' && c <= 'z') line += static_cast<char>(c - 'a' + 'A');
            else if (is_letter(c) || is_digit(c) || c == '<') line += c;
            else if (raw.substr(i).starts_with("«")) line += "<<";
        }
        if (line.size() >= line_length_min && line.size() <= line_length_max) lines.push_back(std::move(line));
    }
    return lines;
}

// A name line may come longer or shorter: its end is fillers.
std::string fitted(std::string line, std::size_t length) {
    line.resize(length, '<');
    return line;
}

class Reader {
public:
    Reader(Mrz& mrz, Day today) : mrz_{mrz}, today_{today} {}

    std::string country(std::string_view field, std::string_view what) {
        std::string out;
        for (const char c : field) {
            const char letter = as_letter(c).value_or('?');
            if (letter != c && letter != '?') repair(what, c, letter);
            out += letter;
        }
        return without_fillers(out);
    }

    // A date and its check digit, digits alone.
    std::string digits(std::string_view field, std::string_view what) {
        std::string out;
        for (const char c : field) {
            if (c == '<') {
                out += c;
                continue;
            }
            const char digit = as_digit(c).value_or(c);
            if (digit != c) repair(what, c, digit);
            out += digit;
        }
        return out;
    }

    // The one reading whose check digit holds; the field as it was read where none does, or more than one.
    std::pair<std::string, bool> number(std::string_view field, char check, std::string_view what) {
        const char wanted = check == '<' ? '0' : as_digit(check).value_or('?');
        if (mrz_check_digit(field) == wanted) return {std::string{field}, true};
        std::vector<std::pair<std::size_t, char>> doubtful;
        bool in_tail = true;
        for (std::size_t i = field.size(); i-- > 0;) {
            const char c = field[i];
            if (in_tail && (c == 'K' || c == 'S' || c == 'C' || c == 'E')) doubtful.emplace_back(i, '<');
            else if (c != '<') in_tail = false;
            // No other pair: with more of them some reading would make any check digit hold.
            if (c == '0') doubtful.emplace_back(i, 'O');
            if (c == 'O') doubtful.emplace_back(i, '0');
        }
        if (doubtful.size() > doubtful_places_max) return {std::string{field}, false};
        // The fewest changes count: one that suffices is likelier than two.
        std::vector<std::string> found;
        int changes = 99;
        for (unsigned set = 1; set < (1U << doubtful.size()); ++set) {
            const int count = __builtin_popcount(set);
            if (count > changes) continue;
            std::string reading{field};
            for (std::size_t i = 0; i < doubtful.size(); ++i) {
                if ((set >> i) & 1U) reading[doubtful[i].first] = doubtful[i].second;
            }
            if (mrz_check_digit(reading) != wanted) continue;
            if (count < changes) found.clear();
            changes = count;
            if (std::ranges::find(found, reading) == found.end()) found.push_back(reading);
        }
        if (found.size() != 1) return {std::string{field}, false};
        for (std::size_t i = 0; i < field.size(); ++i) {
            if (field[i] != found.front()[i]) repair(what, field[i], found.front()[i]);
        }
        return {found.front(), true};
    }

    [[nodiscard]] std::optional<Day> birth(std::string_view yymmdd) const {
        auto day = date(yymmdd, 2000);
        if (day && std::chrono::sys_days{*day} > std::chrono::sys_days{today_}) day = date(yymmdd, 1900);
        return day;
    }
    [[nodiscard]] static std::optional<Day> expiry(std::string_view yymmdd) { return date(yymmdd, 2000); }

private:
    static std::optional<Day> date(std::string_view yymmdd, int century) {
        if (yymmdd.size() != 6 || !std::ranges::all_of(yymmdd, is_digit)) return std::nullopt;
        const auto two = [&](std::size_t at) { return (yymmdd[at] - '0') * 10 + (yymmdd[at + 1] - '0'); };
        const Day day{std::chrono::year{century + two(0)}, std::chrono::month{static_cast<unsigned>(two(2))},
                      std::chrono::day{static_cast<unsigned>(two(4))}};
        return day.ok() ? std::optional{day} : std::nullopt;
    }
    void repair(std::string_view what, char read, char meant) {
        mrz_.repairs.push_back(fmt::format("{}: {} read, {} meant", what, read, meant));
    }

    Mrz& mrz_;
    Day today_;
};

bool holds(std::string_view field, std::string_view check) {
    return mrz_check_digit(field) == (check == "<" ? '0' : check.front());
}

// Where the fields stand: on TD2 and TD3 in the last line alike, but for the optional data.
std::optional<Mrz> read_two_lines(MrzFormat format, std::string_view first, std::string second, Day today) {
    const std::size_t length = format == MrzFormat::td3 ? 44 : 36;
    if (second.size() != length || !is_letter(first.front())) return std::nullopt;
    if (format == MrzFormat::td3 && first.front() != 'P') return std::nullopt;
    Mrz mrz{.format = format,
            .document_code = "",
            .issuer = "",
            .nationality = "",
            .name_field = "",
            .number = "",
            .birth = {},
            .expiry = {},
            .repairs = {}};
    Reader reader{mrz, today};
    const std::string names = fitted(std::string{first}, length);
    mrz.document_code = without_fillers(names.substr(0, 2));
    mrz.issuer = reader.country(names.substr(2, 3), "issuer");
    mrz.name_field = names.substr(5);
    const auto [number, number_holds] = reader.number(std::string_view{second}.substr(0, 9), second[9], "number");
    second.replace(0, 9, number);
    second.replace(9, 1, reader.digits(second.substr(9, 1), "number"));
    mrz.number = without_fillers(number);
    mrz.number_holds = number_holds;
    mrz.nationality = reader.country(std::string_view{second}.substr(10, 3), "nationality");
    second.replace(13, 7, reader.digits(second.substr(13, 7), "birth date"));
    second.replace(21, 7, reader.digits(second.substr(21, 7), "expiry date"));
    mrz.sex = second[20];
    mrz.birth = reader.birth(std::string_view{second}.substr(13, 6));
    mrz.expiry = Reader::expiry(std::string_view{second}.substr(21, 6));
    mrz.birth_holds = holds(second.substr(13, 6), second.substr(19, 1));
    mrz.expiry_holds = holds(second.substr(21, 6), second.substr(27, 1));
    if (format == MrzFormat::td3) {
        const auto [own, own_holds] = reader.number(std::string_view{second}.substr(28, 14), second[42], "personal number");
        if (own_holds) second.replace(28, 14, own);
    }
    const std::string whole = second.substr(0, 10) + second.substr(13, 7) + second.substr(21, length - 22);
    const auto last = as_digit(second.back());
    mrz.whole_holds = last && mrz_check_digit(whole) == *last;
    return mrz;
}

std::optional<Mrz> read_three_lines(std::string first, std::string second, std::string_view third, Day today) {
    if (first.size() != 30 || second.size() != 30) return std::nullopt;
    if (first.front() != 'I' && first.front() != 'A' && first.front() != 'C' && first.front() != '1') return std::nullopt;
    Mrz mrz{.format = MrzFormat::td1,
            .document_code = "",
            .issuer = "",
            .nationality = "",
            .name_field = "",
            .number = "",
            .birth = {},
            .expiry = {},
            .repairs = {}};
    Reader reader{mrz, today};
    if (first.front() == '1') first.front() = 'I';
    mrz.document_code = without_fillers(first.substr(0, 2));
    mrz.issuer = reader.country(first.substr(2, 3), "issuer");
    if (first[14] == '<') {  // longer than its place: it goes on in the optional data, its check digit behind it
        const std::string more = first.substr(15, first.find('<', 15) - 15);
        mrz.number = first.substr(5, 9) + more.substr(0, more.empty() ? 0 : more.size() - 1);
        mrz.number_holds = more.size() >= 2 && mrz_check_digit(mrz.number) == more.back();
    } else {
        const auto [number, number_holds] = reader.number(std::string_view{first}.substr(5, 9), first[14], "number");
        first.replace(5, 9, number);
        mrz.number = without_fillers(number);
        mrz.number_holds = number_holds;
    }
    second.replace(0, 7, reader.digits(second.substr(0, 7), "birth date"));
    second.replace(8, 7, reader.digits(second.substr(8, 7), "expiry date"));
    mrz.sex = second[7];
    mrz.birth = reader.birth(std::string_view{second}.substr(0, 6));
    mrz.expiry = Reader::expiry(std::string_view{second}.substr(8, 6));
    mrz.birth_holds = holds(second.substr(0, 6), second.substr(6, 1));
    mrz.expiry_holds = holds(second.substr(8, 6), second.substr(14, 1));
    mrz.nationality = reader.country(std::string_view{second}.substr(15, 3), "nationality");
    mrz.name_field = fitted(std::string{third}, 30);
    const std::string whole = first.substr(5) + second.substr(0, 7) + second.substr(8, 7) + second.substr(18, 11);
    const auto last = as_digit(second.back());
    mrz.whole_holds = last && mrz_check_digit(whole) == *last;
    return mrz;
}

}  // namespace

std::optional<char> mrz_check_digit(std::string_view field) {
    constexpr std::array weights{7, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const char c = field[i];
        int value = 0;
        if (is_digit(c)) value = c - '0';
        else if (is_letter(c)) value = c - 'A' + 10;
        else if (c != '<') return std::nullopt;
        sum += value * weights[i % weights.size()];
    }
    return static_cast<char>('0' + sum % 10);
}

std::optional<Mrz> find_mrz(std::string_view text, Day today) {
    const std::vector<std::string> lines = candidate_lines(text);
    std::optional<Mrz> best;
    const auto consider = [&best](std::optional<Mrz> found) {
        // One check digit holds by chance in one of ten: two must.
        if (!found || found->checks_held() < 2) return;
        if (!best || found->checks_held() > best->checks_held()) best = std::move(found);
    };
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        consider(read_two_lines(MrzFormat::td3, lines[i], lines[i + 1], today));
        consider(read_two_lines(MrzFormat::td2, lines[i], lines[i + 1], today));
        if (i + 2 < lines.size()) consider(read_three_lines(lines[i], lines[i + 1], lines[i + 2], today));
    }
    return best;
}

}  // namespace okpay::customers
