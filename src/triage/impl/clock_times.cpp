// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/clock_times.hpp"

#include <array>

#include "triage/impl/scan.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

class ClockReader {
public:
    explicit ClockReader(string_view text) : text_{text} {}

    std::optional<TimeToken> time_at(std::size_t at) const {
        if (at >= text().size()) return std::nullopt;
        if (is_letter(text()[at])) return named_time(at);
        std::size_t next = at;
        Part part = Part::none;
        for (const PartWord& word : part_words) {
            if (!here(at, word.word)) continue;
            part = word.part;
            next = skip_spaces(text(), at + word.word.size());
            break;
        }
        if (next >= text().size()) return std::nullopt;
        if (is_digit(text()[next]) ? !starts_number(text(), next) && !(next > 0 && text()[next - 1] == 't')
                                   : is_letter(text()[next])) {
            return std::nullopt;
        }
        const std::size_t digits_end = skip_digits(text(), next);
        if (digits_end > next) return clock_time(at, next, digits_end, part);
        const auto hour = count_at(text(), next);
        if (!hour || !here(hour->end, "点") || here(hour->end, "点钱") || hour->value > 24) return std::nullopt;
        if (part == Part::none && is_inside_numeral(next)) return std::nullopt;  // 一百二十八点五元
        if (here(next, "一点") && part == Part::none && !is_clock_word(next + string_view{"一点"}.size()))
            return std::nullopt;
        return spoken_time(hour->value, hour->end, part, at);
    }

private:
    // 一点 is also "a little" and "as soon as": what follows says that it is a time.
    [[nodiscard]] bool is_clock_word(std::size_t at) const {
        for (const string_view word :
             {"钟", "半", "多", "整", "左右", "前", "到", "零", "十", "二十", "三十", "四十", "五十"}) {
            if (here(at, word)) return true;
        }
        return false;
    }

    [[nodiscard]] bool is_inside_numeral(std::size_t at) const {
        constexpr std::size_t numeral_octets = 3;
        return at >= numeral_octets && chinese_number_at(text_, at - numeral_octets).has_value();
    }

    // noon, midnight, half past nine, quarter to 8
    std::optional<TimeToken> named_time(std::size_t at) const {
        constexpr std::array<string_view, 6> words{"noon", "midday", "midnight", "half past", "quarter past", "quarter to"};
        constexpr std::array minutes{12 * 60, 12 * 60, 0, 30, 15, -15};
        constexpr std::size_t first_relative = 3;
        const auto word = word_at(text(), at, words);
        if (!word) return std::nullopt;
        const std::size_t end = at + words[*word].size();
        if (*word < first_relative) return TimeToken{minutes[*word], false, at, end};
        const auto hour = count_at(text(), skip_spaces(text(), end));
        if (!hour || hour->value < 1 || hour->value > 12) return std::nullopt;
        return TimeToken{hour->value * 60 + minutes[*word], true, at, hour->end};
    }

    [[nodiscard]] string_view text() const { return text_; }
    [[nodiscard]] bool here(std::size_t at, string_view word) const { return stands_at(text_, at, word); }

    static constexpr std::array<string_view, 6> halves{"am", "a.m.", "a.m", "pm", "p.m.", "p.m"};
    [[nodiscard]] bool is_half(std::size_t at) const { return word_at(text_, skip_spaces(text_, at), halves).has_value(); }

    // "+08:00" behind a time: part of it, and the customer's own.
    [[nodiscard]] std::size_t offset_end(std::size_t at) const {
        const std::size_t begin = skip_spaces(text_, at);
        if (begin >= text_.size() || (text_[begin] != '+' && text_[begin] != '-')) return at;
        const std::size_t hour_end = skip_digits(text_, begin + 1);
        if (hour_end - begin == 5) return hour_end;  // +0800
        if (hour_end - begin != 3 || hour_end >= text_.size() || text_[hour_end] != ':') return at;
        const std::size_t minute_end = skip_digits(text_, hour_end + 1);
        return minute_end - hour_end == 3 ? minute_end : at;
    }

    std::optional<TimeToken> clock_time(std::size_t begin, std::size_t digits, std::size_t digits_end, Part part) const {
        if (digits_end - digits > 2) return std::nullopt;
        const int hour = static_cast<int>(number_of(text().substr(digits, digits_end - digits)));
        if (hour > 24) return std::nullopt;
        const std::size_t mark = skip_spaces(text(), digits_end);
        if (here(mark, "点") || (here(mark, "时") && skip_digits(text(), mark + 3) > mark + 3))
            return spoken_time(hour, mark, part, begin);
        int minute = 0;
        std::size_t end = digits_end;
        bool exact = false;
        if (digits_end < text().size() && text()[digits_end] == ':') {
            const std::size_t minute_end = skip_digits(text(), digits_end + 1);
            if (minute_end - digits_end != 3) return std::nullopt;
            minute = static_cast<int>(number_of(text().substr(digits_end + 1, 2)));
            end = minute_end;
            if (end + 2 < text().size() && text()[end] == ':' && is_digit(text()[end + 1]) && is_digit(text()[end + 2]))
                end += 3;
            end = offset_end(end);
            exact = true;
        } else if (const bool in_french = here(digits_end, "h"); in_french || here(digits_end, ".")) {  // 21h15, 9.30 am
            const std::size_t minute_end = skip_digits(text(), digits_end + 1);
            const bool two = minute_end - digits_end == 3;
            if (two && (in_french ? !(minute_end < text().size() && is_word(text()[minute_end])) : is_half(minute_end))) {
                minute = static_cast<int>(number_of(text().substr(digits_end + 1, 2)));
                end = minute_end;
                exact = true;
            }
        }
        const std::size_t half_at = skip_spaces(text(), end);
        if (const auto half = word_at(text(), half_at, halves); half && hour <= 12) {
            part = *half < 3 ? Part::night : Part::afternoon;
            end = half_at + halves[*half].size();
            exact = true;
        } else if (here(half_at, "o'clock")) {
            end = half_at + 7;
            exact = true;
        }
        if (!exact || minute > 59) return std::nullopt;
        return TimeToken{minute_of(hour, minute, part), part == Part::none, begin, end};
    }

    std::optional<TimeToken> spoken_time(int hour, std::size_t mark, Part part, std::size_t begin) const {  // 3点48分, 8点半
        std::size_t end = mark + string_view{"点"}.size();
        int minute = 0;
        if (here(end, "半")) {
            minute = 30;
            end += string_view{"半"}.size();
        } else if (here(end, "一刻") || here(end, "三刻")) {
            minute = here(end, "一刻") ? 15 : 45;
            end += string_view{"一刻"}.size();
        } else if (here(end, "钟")) {
            end += string_view{"钟"}.size();
        } else if (const auto stated = count_at(text(), skip_spaces(text(), end));
                   stated && stated->value < 60 && !is_letter(text()[skip_spaces(text(), end)])) {
            minute = stated->value;
            end = stated->end;
            if (here(end, "分")) end += string_view{"分"}.size();
        }
        return TimeToken{minute_of(hour, minute, part), part == Part::none, begin, end};
    }

    string_view text_;
};

}  // namespace

std::optional<Count> count_at(string_view text, std::size_t at) {  // 3, 三, three, a
    const std::size_t digits_end = skip_digits(text, at);
    if (digits_end > at) {
        if (digits_end - at > 3) return std::nullopt;
        return Count{static_cast<int>(number_of(text.substr(at, digits_end - at))), digits_end};
    }
    if (const auto number = chinese_number_at(text, at); number && number->value > 0 && number->value < 1'000) {
        return Count{static_cast<int>(number->value), number->end};
    }
    if (const auto word = word_at(text, at, english_counts)) {
        const std::size_t end = at + english_counts[*word].size();
        const int value = *word == 0 || *word == 11 ? 1 : *word == 12 ? 2 : static_cast<int>(*word);
        return Count{value, end};
    }
    return std::nullopt;
}

bool starts_number(string_view text, std::size_t at) {
    return is_digit(text[at]) &&
           (at == 0 ||
            (!is_word(text[at - 1]) && !(at > 1 && (text[at - 1] == '.' || text[at - 1] == ',') && is_digit(text[at - 2]))));
}

int minute_of(int hour, int minute, Part part) {
    switch (part) {
    case Part::none:
    case Part::morning: break;
    case Part::night: hour %= 12; break;
    case Part::noon:
        if (hour < 10) hour += 12;
        break;
    case Part::afternoon:
        if (hour < 12) hour += 12;
        break;
    case Part::evening:
        if (hour >= 5 && hour < 12) hour += 12;
        else if (hour == 12 || hour < 5) hour = hour % 12 + 24;  // "last night at 1" is after midnight
        break;
    }
    return hour * 60 + minute;
}

std::optional<TimeToken> time_of_day_at(std::string_view text, std::size_t at) { return ClockReader{text}.time_at(at); }

}  // namespace okpay::triage
