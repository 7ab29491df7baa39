// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/clock_times.hpp"

#include <array>

#include "triage/impl/scan.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

struct PartWord {
    string_view word;
    Part part;
};
constexpr std::array part_words{PartWord{"凌晨", Part::night},     PartWord{"半夜", Part::night},
                                PartWord{"清晨", Part::morning},   PartWord{"早上", Part::morning},
                                PartWord{"早晨", Part::morning},   PartWord{"上午", Part::morning},
                                PartWord{"上昼", Part::morning},   PartWord{"中午", Part::noon},
                                PartWord{"下午", Part::afternoon}, PartWord{"下昼", Part::afternoon},
                                PartWord{"午后", Part::afternoon}, PartWord{"傍晚", Part::evening},
                                PartWord{"晚上", Part::evening},   PartWord{"晚间", Part::evening},
                                PartWord{"夜里", Part::evening},   PartWord{"深夜", Part::evening},
                                PartWord{"夜晚", Part::evening},   PartWord{"早", Part::morning},
                                PartWord{"晚", Part::evening}};

constexpr std::array<string_view, 13> english_counts{"a",     "one",   "two",  "three", "four", "five",     "six",
                                                     "seven", "eight", "nine", "ten",   "an",   "couple of"};

class ClockReader {
public:
    explicit ClockReader(string_view text) : text_{text} {}

    std::optional<TimeToken> time_at(std::size_t at) const {
        if (at >= text().size()) return std::nullopt;
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
        return spoken_time(hour->value, hour->end, part, at);
    }

private:
    [[nodiscard]] string_view text() const { return text_; }
    [[nodiscard]] bool here(std::size_t at, string_view word) const { return text_.substr(at).starts_with(word); }

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
            exact = true;
        }
        constexpr std::array<string_view, 6> halves{"am", "a.m.", "a.m", "pm", "p.m.", "p.m"};
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
