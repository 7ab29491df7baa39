// SPDX-License-Identifier: Apache-2.0
#include "mail/mbox.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace okpay::mail {
namespace {

using std::string_view;

constexpr std::size_t window_octets = 256UL << 10U;
constexpr std::size_t from_line_octets_max = 1'024;
constexpr std::array<string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                             "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<string_view, 10> store_fields{"status",           "x-status",       "x-keywords", "x-uid",
                                                   "x-mozilla-status", "content-length", "lines",      "x-mozilla-status2",
                                                   "x-mozilla-keys",   "x-imap"};

std::optional<int> number(string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<string_view> words_of(string_view text, std::size_t most) {
    std::vector<string_view> words;
    for (std::size_t at = 0; at < text.size() && words.size() < most;) {
        const auto end = std::min(text.find_first_of(" \t", at), text.size());
        if (end > at) words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

std::optional<int> month_of(string_view word) {
    const auto found = std::ranges::find(months, ascii_lower(word));
    if (found == months.end()) return std::nullopt;
    return static_cast<int>(found - months.begin()) + 1;
}

// "12:08:34" or "12:08".
std::optional<int> seconds_of_day(string_view word) {
    const auto parts = split(word, ':');
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    const auto hour = number(parts[0]);
    const auto minute = number(parts[1]);
    const auto second = parts.size() == 3 ? number(parts[2]) : std::optional{0};
    if (!hour || !minute || !second || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second > 60)
        return std::nullopt;
    return *hour * 3'600 + *minute * 60 + *second;
}

std::optional<Moment> moment_of(int year, int month, int day, int seconds, int offset_minutes) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (year < 1'970 || year > 9'999 || day < 1 || !date.ok()) return std::nullopt;
    return Moment{std::chrono::sys_days{date}} + std::chrono::seconds{seconds} - std::chrono::minutes{offset_minutes};
}

std::optional<int> offset_of(string_view word) {  // "+0800"
    if (word.size() != 5 || (word[0] != '+' && word[0] != '-')) return std::nullopt;
    const auto digits = number(word.substr(1));
    if (!digits || *digits % 100 > 59 || *digits > 1'459) return std::nullopt;
    const int minutes = *digits / 100 * 60 + *digits % 100;
    return word[0] == '-' ? -minutes : minutes;
}

// "From " sender, then weekday, month, day, time, year, with a zone before or behind the year.
std::optional<Moment> date_of_from_line(string_view line) {
    if (!line.starts_with("From ") || line.size() > from_line_octets_max) return std::nullopt;
    const auto words = words_of(line.substr(5), 64);
    for (std::size_t i = 0; i + 4 < words.size(); ++i) {
        const string_view day_name = words[i].substr(0, 3);
        if (std::ranges::find(weekdays, ascii_lower(day_name)) == weekdays.end() || words[i].size() > 4) continue;
        const auto month = month_of(words[i + 1]);
        const auto day = number(words[i + 2]);
        const auto seconds = seconds_of_day(words[i + 3]);
        if (!month || !day || !seconds) continue;
        int offset = 0;
        std::optional<int> year;
        for (std::size_t k = i + 4; k < words.size() && k < i + 7; ++k) {
            if (const auto zone = offset_of(words[k])) offset = *zone;
            else if (const auto value = number(words[k]); value && words[k].size() == 4) year = value;
        }
        if (year) return moment_of(*year, *month, *day, *seconds, offset);
    }
    return std::nullopt;
}

// As programs name fields; RFC 5322 would take {"a": 1} too.
bool is_header_field(string_view line) {
    const auto colon = line.find(':');
    if (colon == string_view::npos || colon == 0) return false;
    const string_view name = trimmed(line.substr(0, colon));
    return !name.empty() && name.size() <= 76 && line[0] != ' ' && line[0] != '\t' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

bool is_store_field(string_view line) {
    const auto colon = line.find(':');
    if (colon == string_view::npos) return false;
    const std::string name = ascii_lower(trimmed(line.substr(0, colon)));
    return std::ranges::find(store_fields, name) != store_fields.end();
}

bool is_quoted_from(string_view line) {
    const auto behind = line.find_first_not_of('>');
    return behind != string_view::npos && behind > 0 && line.substr(behind).starts_with("From ");
}

// Those at these places, in ascending order.
void drop_octets(Bytes& from, const std::vector<std::size_t>& places) {
    if (places.empty()) return;
    Bytes kept;
    kept.reserve(from.size());
    std::size_t at = 0;
    for (const std::size_t place : places) {
        kept.append(from, at, place - at);
        at = place + 1;
    }
    kept.append(from, at);
    from = std::move(kept);
}

// The header of a mail as it is read, line by line, without what stores wrote into it.
class HeaderFilter {
public:
    bool keeps(string_view line) {
        if (!line.starts_with(' ') && !line.starts_with('\t')) {
            dropping_ = is_store_field(line) || is_quoted_from(line);  // ">From " at the top: a "From " line of a hop before
            if (const auto colon = line.find(':');
                dropping_ && equal_ignoring_ascii_case(trimmed(line.substr(0, colon)), "content-length")) {
                if (const auto value = number(trimmed(line.substr(colon + 1))); value && *value >= 0)
                    content_length_ = static_cast<std::uint64_t>(*value);
            }
        }
        return !dropping_;
    }
    [[nodiscard]] std::optional<std::uint64_t> content_length() const { return content_length_; }

private:
    bool dropping_ = false;
    std::optional<std::uint64_t> content_length_;
};

}  // namespace

MboxReader::MboxReader(ReadAt read_at, std::size_t mail_octets_max)
    : read_at_{std::move(read_at)}, mail_octets_max_{mail_octets_max} {}

std::optional<MboxReader::Line> MboxReader::line_at(std::uint64_t offset) {
    std::size_t wanted = window_octets;
    while (true) {
        const bool inside = offset >= window_at_ && offset - window_at_ <= window_.size();
        const string_view rest = inside ? string_view{window_}.substr(offset - window_at_) : string_view{};
        if (const auto end = rest.find('\n'); end != string_view::npos) {
            string_view text = rest.substr(0, end);
            if (text.ends_with('\r')) text.remove_suffix(1);
            return Line{text, offset, offset + end + 1, true};
        }
        const bool too_long = rest.size() > mail_octets_max_;
        if (!too_long) {
            Bytes fresh(std::max(wanted, rest.size() * 2), '\0');
            fresh.resize(read_at_(offset, fresh.data(), fresh.size()));
            const bool grew = fresh.size() > rest.size();
            window_ = std::move(fresh);
            window_at_ = offset;
            if (grew) continue;
            if (window_.empty()) return std::nullopt;
            string_view text = window_;  // the last line, without an end
            if (text.ends_with('\r')) text.remove_suffix(1);
            return Line{text, offset, offset + window_.size(), true};
        }
        // A line longer than a mail may be: its end is looked for, and it is not kept.
        std::uint64_t at = offset + rest.size();
        Bytes part(window_octets, '\0');
        while (const std::size_t octets = read_at_(at, part.data(), part.size())) {
            const auto end = string_view{part}.substr(0, octets).find('\n');
            at += end == string_view::npos ? octets : end + 1;
            if (end != string_view::npos) break;
        }
        window_.clear();
        window_.shrink_to_fit();
        return Line{{}, offset, at, false};
    }
}

// A "From " line with a date, and a header field behind it.
bool MboxReader::starts_mail_at(std::uint64_t offset) {
    const auto line = line_at(offset);
    if (!line || !date_of_from_line(line->text)) return false;
    const auto next = line_at(line->next);
    return next && (is_header_field(next->text) || is_quoted_from(next->text));
}

std::optional<std::uint64_t> MboxReader::counted_end(std::uint64_t body, std::uint64_t length) {
    const std::uint64_t end = body + length;
    std::uint64_t at = end;
    std::array<char, 1> before{};
    const bool at_line_start = length == 0 || (read_at_(end - 1, before.data(), 1) == 1 && before[0] == '\n');
    if (length > 0 && read_at_(end - 1, before.data(), 1) != 1) return std::nullopt;  // beyond the end of the file
    std::array<char, 1> behind{};
    if (!at_line_start && read_at_(end, behind.data(), 1) == 1 && behind[0] != '\n' && behind[0] != '\r')
        return std::nullopt;
    for (int blank = 0; blank < 3; ++blank) {
        const auto line = line_at(at);
        if (!line) return end;
        if (!line->text.empty()) break;
        at = line->next;
    }
    return starts_mail_at(at) ? std::optional{end} : std::nullopt;
}

void MboxReader::add(Mail& mail, string_view line) const {
    if (mail.too_large) return;
    if (mail.raw.size() + line.size() + 2 > mail_octets_max_) {
        mail.too_large = true;
        mail.raw.clear();
        mail.raw.shrink_to_fit();
        return;
    }
    mail.raw.append(line).append("\r\n");
}

std::optional<MboxReader::Mail> MboxReader::next() {
    auto line = line_at(at_);
    while (line && line->text.empty() && line->whole) line = line_at(at_ = line->next);
    if (!line) return std::nullopt;
    Mail mail{.raw = {}, .offset = at_, .delivered = std::nullopt, .too_large = false};
    if (line->text.starts_with("From ")) {
        mail.delivered = date_of_from_line(line->text);
        at_ = line->next;
    }
    HeaderFilter filter;
    bool in_header = true;
    while (in_header) {
        line = line_at(at_);
        if (!line) return mail;
        if (!line->whole) mail.too_large = true;
        at_ = line->next;
        in_header = !line->text.empty() || !line->whole;
        if (!in_header || filter.keeps(line->text)) add(mail, line->text);
    }
    if (filter.content_length()) {
        if (const auto end = counted_end(at_, *filter.content_length())) {
            std::vector<std::size_t> quoted;  // where in the mail
            bool unquoted = false;
            while (at_ < *end) {
                line = line_at(at_);
                if (!line) break;
                if (!line->whole) mail.too_large = true;
                if (is_quoted_from(line->text)) quoted.push_back(mail.raw.size());
                unquoted = unquoted || line->text.starts_with("From ");
                // The count may end within the last line's end.
                add(mail, line->text);
                at_ = line->next;
            }
            if (!unquoted && !mail.too_large) drop_octets(mail.raw, quoted);
            return mail;
        }
    }
    read_body(mail, at_);
    return mail;
}

void MboxReader::read_body(Mail& mail, std::uint64_t& at) {
    bool after_empty = true;
    std::size_t empty_behind = 0;  // empty lines that are not yet part of the mail: the last belongs to the separator
    while (true) {
        auto line = line_at(at);
        if (!line) break;
        if (after_empty && line->text.starts_with("From ") && starts_mail_at(at)) break;
        line = line_at(at);  // looking ahead may have moved the window
        if (!line->whole) mail.too_large = true;
        if (line->text.empty() && line->whole) {
            ++empty_behind;
        } else {
            for (; empty_behind > 0; --empty_behind) add(mail, {});
            add(mail, is_quoted_from(line->text) ? line->text.substr(1) : line->text);
        }
        after_empty = line->text.empty();
        at = line->next;
    }
    for (; empty_behind > 1; --empty_behind) add(mail, {});
}

Bytes mail_of_file(ByteView octets) {
    Bytes mail;
    mail.reserve(octets.size() + octets.size() / 32);
    HeaderFilter filter;
    bool in_header = true;
    for (std::size_t at = 0; at < octets.size();) {
        const auto end = std::min(octets.find('\n', at), octets.size());
        string_view line = octets.substr(at, end - at);
        const bool ended = end < octets.size();
        if (ended && line.ends_with('\r')) line.remove_suffix(1);
        const bool from_line = at == 0 && line.starts_with("From ");
        at = end + 1;
        if (from_line) continue;
        if (in_header && line.empty()) in_header = false;
        if (in_header && !filter.keeps(line)) continue;
        mail.append(line).append("\r\n");
    }
    return mail;
}

bool looks_like_mail(ByteView start) {
    const auto first_line = [&start] {
        const auto end = std::min(start.find('\n'), start.size());
        string_view line = start.substr(0, end);
        start.remove_prefix(std::min(end + 1, start.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    };
    string_view line = first_line();
    if (line.starts_with("From ") || is_quoted_from(line)) line = first_line();
    return is_header_field(line);
}

std::optional<Moment> rough_date_of(ByteView start) {
    for (const string_view line : split(start, '\n')) {
        if (line.empty() || line == "\r") return std::nullopt;
        if (line.size() < 5 || !equal_ignoring_ascii_case(line.substr(0, 5), "date:")) continue;
        auto words = words_of(trimmed(line.substr(5)), 8);
        if (!words.empty() && !number(words[0])) words.erase(words.begin());  // "Thu,"
        if (words.size() < 4) return std::nullopt;
        const auto day = number(words[0]);
        const auto month = month_of(words[1]);
        auto year = number(words[2]);
        const auto seconds = seconds_of_day(words[3]);
        if (!day || !month || !year || !seconds) return std::nullopt;
        if (*year < 50) *year += 2'000;
        else if (*year < 1'000) *year += 1'900;
        return moment_of(*year, *month, *day, *seconds, words.size() > 4 ? offset_of(words[4]).value_or(0) : 0);
    }
    return std::nullopt;
}

}  // namespace okpay::mail
