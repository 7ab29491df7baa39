// SPDX-License-Identifier: Apache-2.0
#include "mailroom/imap_response.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>

#include "base/text.hpp"

namespace okpay::mailroom {
namespace {

constexpr char literal_mark = '\x01';

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "* 12 FETCH ", the only kind of response whose literals we read.
bool is_fetch(std::string_view text) {
    if (!text.starts_with("* ")) return false;
    text.remove_prefix(2);
    const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    return digits > 0 && equal_ignoring_ascii_case(text.substr(digits, 7), " FETCH ");
}

// The octets that a line announces with "{12}" at its end.
std::optional<std::int64_t> announced_literal(std::string_view line) {
    const auto brace = line.rfind('{');
    if (!line.ends_with('}') || brace == std::string_view::npos) return std::nullopt;
    return imap_number(line.substr(brace + 1, line.size() - brace - 2));
}

// Reads items from left to right; once something is malformed all further answers are nothing.
class ItemReader {
public:
    ItemReader(std::string_view text, std::vector<Bytes>& literals) : text_{text}, literals_{literals} {}

    bool accept(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool at_end() const { return text_.empty(); }
    // The name of an item: up to a space outside of brackets.
    std::string_view name() {
        std::size_t length = 0;
        bool in_brackets = false;
        while (length < text_.size() && (in_brackets || (text_[length] != ' ' && text_[length] != ')'))) {
            if (text_[length] == '[') in_brackets = true;
            if (text_[length] == ']') in_brackets = false;
            ++length;
        }
        return taken(length);
    }
    std::string_view atom() {
        const auto length = std::min(text_.find_first_of(" ()"), text_.size());
        return taken(length);
    }
    // A quoted string or a literal; NIL is nothing without being a fault.
    std::optional<Bytes> string(bool& malformed) {
        if (accept(literal_mark)) return literal(malformed);
        if (accept('"')) return quoted(malformed);
        if (!equal_ignoring_ascii_case(atom(), "NIL")) malformed = true;
        return std::nullopt;
    }
    // Whatever stands here, with the lists inside of it.
    bool skip_value() {
        std::size_t depth = 0;
        do {
            bool malformed = false;
            if (accept('(')) {
                if (++depth > imap_nesting_max) return false;
            } else if (accept(')')) {
                if (depth-- == 0) return false;
            } else if (accept(literal_mark)) {
                static_cast<void>(literal(malformed));
            } else if (accept('"')) {
                static_cast<void>(quoted(malformed));
            } else if (atom().empty()) {
                return false;
            }
            if (malformed) return false;
            if (depth > 0) accept(' ');
        } while (depth > 0);
        return true;
    }

private:
    std::string_view taken(std::size_t length) {
        const std::string_view word = text_.substr(0, length);
        text_.remove_prefix(length);
        return word;
    }
    std::optional<Bytes> literal(bool& malformed) {
        malformed = next_ >= literals_.size();
        return malformed ? std::nullopt : std::optional{std::move(literals_[next_++])};
    }
    std::optional<Bytes> quoted(bool& malformed) {
        Bytes value;
        while (!text_.empty()) {
            char c = text_.front();
            text_.remove_prefix(1);
            if (c == '"') return value;
            if (c == '\\') {
                if (text_.empty()) break;
                c = text_.front();
                text_.remove_prefix(1);
            }
            value += c;
        }
        malformed = true;
        return std::nullopt;
    }

    std::string_view text_;
    std::vector<Bytes>& literals_;
    std::size_t next_ = 0;
};

}  // namespace

ImapEvent ImapReader::feed(std::string_view& octets) {
    while (!octets.empty()) {
        if (literal_left_ > 0) {
            const std::size_t count = std::min(literal_left_, octets.size());
            response_.literals.back().append(octets.substr(0, count));
            octets.remove_prefix(count);
            literal_left_ -= count;
            continue;
        }
        const char c = octets.front();
        octets.remove_prefix(1);
        if (after_cr_ != (c == '\n')) return ImapEvent::not_imap;
        if (after_cr_) {
            after_cr_ = false;
            const ImapEvent event = end_line();
            if (event != ImapEvent::none) return event;
            continue;
        }
        after_cr_ = c == '\r';
        if (after_cr_) continue;
        if (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') return ImapEvent::not_imap;
        if (response_.text.size() >= imap_line_octets_max) return ImapEvent::line_too_long;
        response_.text += c;
    }
    return ImapEvent::none;
}

ImapEvent ImapReader::end_line() {
    const std::string_view line = std::string_view{response_.text}.substr(line_begins_);
    const auto octets = is_fetch(response_.text) ? announced_literal(line) : std::nullopt;
    if (!octets) {
        line_begins_ = 0;
        return ImapEvent::response;
    }
    if (response_.literals.size() >= imap_literals_max) return ImapEvent::line_too_long;
    std::size_t held = static_cast<std::size_t>(*octets);
    for (const Bytes& literal : response_.literals) held += literal.size();
    if (held > literal_octets_max_) return ImapEvent::literal_too_long;
    response_.text.resize(response_.text.rfind('{'));
    response_.text += literal_mark;
    line_begins_ = response_.text.size();
    literal_left_ = static_cast<std::size_t>(*octets);
    response_.literals.emplace_back();
    return ImapEvent::none;
}

std::optional<ImapFetched> read_fetch(ImapResponse&& response) {
    if (!is_fetch(response.text)) return std::nullopt;
    const std::string text = std::move(response.text);
    std::vector<Bytes> literals = std::move(response.literals);
    ItemReader read{std::string_view{text}.substr(text.find(' ', 2) + 7), literals};
    ImapFetched found;
    if (!read.accept('(')) return std::nullopt;
    bool malformed = false;
    while (!read.accept(')')) {
        const std::string_view name = read.name();
        if (name.empty() || !read.accept(' ')) return std::nullopt;
        if (equal_ignoring_ascii_case(name, "UID")) {
            found.uid = imap_number(read.atom());
            malformed = malformed || found.uid.value_or(0) == 0;
        } else if (equal_ignoring_ascii_case(name, "RFC822.SIZE")) {
            const std::string_view size = read.atom();
            malformed = malformed || size.empty() || !std::ranges::all_of(size, is_digit);
            found.size = imap_number(size).value_or(std::numeric_limits<std::uint32_t>::max());  // 4 GiB will do
        } else if (equal_ignoring_ascii_case(name, "INTERNALDATE")) {
            const auto date = read.string(malformed);
            found.received = date ? moment_of_imap(trimmed(*date)) : std::nullopt;
        } else if (equal_ignoring_ascii_case(name, "BODY[]") || equal_ignoring_ascii_case(name, "BODY[]<0>")) {
            found.body = read.string(malformed);
        } else if (!read.skip_value()) {
            return std::nullopt;
        }
        if (malformed) return std::nullopt;
        read.accept(' ');
    }
    return read.at_end() ? std::optional{std::move(found)} : std::nullopt;
}

std::optional<Moment> moment_of_imap(std::string_view text) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    // The day has one digit or two; all behind the first dash stands at fixed places.
    const auto dash = text.find('-');
    if (dash == 0 || dash > 2 || text.size() != dash + 24) return std::nullopt;
    const auto day = imap_number(text.substr(0, dash));
    text.remove_prefix(dash + 1);
    const auto month = std::ranges::find_if(months, [&](std::string_view name) {
        return equal_ignoring_ascii_case(name, text.substr(0, 3));
    });
    const auto year = imap_number(text.substr(4, 4));
    const auto hour = imap_number(text.substr(9, 2)), minute = imap_number(text.substr(12, 2)),
               second = imap_number(text.substr(15, 2));
    const auto zone_hour = imap_number(text.substr(19, 2)), zone_minute = imap_number(text.substr(21, 2));
    const char sign = text[18];
    if (!day || !year || !hour || !minute || !second || !zone_hour || !zone_minute) return std::nullopt;
    if (month == months.end() || text[3] != '-' || text[8] != ' ' || text[11] != ':' || text[14] != ':' || text[17] != ' ' ||
        (sign != '+' && sign != '-'))
        return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60 || *zone_hour > 23 || *zone_minute > 59) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{static_cast<unsigned>(month - months.begin() + 1)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    const std::chrono::minutes offset{*zone_hour * 60 + *zone_minute};
    return Moment{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second} - (sign == '+' ? offset : -offset);
}

std::optional<std::int64_t> imap_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty() && is_digit(text.front());
    if (!whole || value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return value;
}

}  // namespace okpay::mailroom
