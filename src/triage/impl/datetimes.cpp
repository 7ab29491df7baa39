// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/datetimes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "triage/impl/clock_times.hpp"
#include "triage/impl/day_words.hpp"
#include "triage/impl/scan.hpp"
#include "triage/impl/starts.hpp"
#include "triage/impl/tense.hpp"

namespace okpay::triage {
namespace {

using std::string_view;
using std::chrono::days;
using std::chrono::sys_days;

struct DayToken {
    sys_days day;
    std::optional<int> minute;  // of the day, where "two hours ago" says it
    Part part = Part::none;
    std::size_t begin, end;
};
// What a day or a time may begin with.
enum Kind : Starts::Kinds { relative = 1, count = 2, weekday = 4, month = 8, part = 16, digit = 32 };
constexpr Starts starts = [] {
    Starts table;
    for (const RelativeDay& day : relative_days) table.add(day.word, relative);
    table.add(std::array<string_view, 2>{"半小时前", "half an hour ago"}, count);
    table.add(std::array<string_view, 2>{"半个小时前", "半个月前"}, count);
    for (const Holiday& holiday : holidays) table.add(holiday.word, month);
    table.add(chinese_numerals, count);
    for (const string_view word : english_counts) table.add(word == "a" || word == "an" ? "a" : word, count);
    table.add_digits(digit);
    table.add(std::array<string_view, 4>{"last ", "this ", "next ", "on "}, weekday);
    table.add(std::array<string_view, 7>{"上", "这", "本", "下", "周", "星期", "礼拜"}, weekday);
    table.add(weekday_names, weekday);
    table.add(std::array<string_view, 4>{"上个月", "上月", "本月", "这个月"}, month);
    table.add(month_names, month);
    table.add(spelt_days, month);
    for (const PartWord& word : part_words) table.add(word.word, part);
    table.add(std::array<string_view, 5>{"noon", "midday", "midnight", "half past", "quarter "}, part);
    table.add("月底", month);
    return table;
}();

class Finder {
public:
    Finder(Sheet& sheet, Moment local_now) : sheet_{sheet}, now_{local_now}, today_{std::chrono::floor<days>(local_now)} {}

    std::vector<StatedTime> run() {
        const string_view text = sheet_.text();
        constexpr std::size_t tokens_max = 200;
        for (std::size_t at = 0; at < text.size() && days_.size() + times_.size() < tokens_max;) {
            const Starts::Kinds kinds = starts.kinds_at(text, at);
            if (kinds == 0 || (is_letter(text[at]) && at > 0 && is_word(text[at - 1]))) {  // inside a word
                ++at;
            } else if (auto day = day_at(at, kinds)) {
                at = day->end;
                days_.push_back(*day);
            } else if (auto time = (kinds & (count | part | digit)) != 0 ? time_of_day_at(text, at) : std::nullopt) {
                at = time->end;
                times_.push_back(*time);
            } else {
                ++at;
            }
        }
        return paired();
    }

private:
    [[nodiscard]] string_view text() const { return sheet_.text(); }
    [[nodiscard]] bool here(std::size_t at, string_view word) const { return stands_at(text(), at, word); }

    std::optional<DayToken> day_at(std::size_t at, Starts::Kinds kinds) const {
        std::optional<DayToken> day;
        if ((kinds & relative) != 0) day = relative_day_at(at);
        if (!day && (kinds & (count | digit)) != 0) day = ago_at(at);
        if (!day && (kinds & weekday) != 0) day = weekday_at(at);
        if (!day && (kinds & (count | digit | month)) != 0) day = chinese_date_at(at);
        if (!day && (kinds & (digit | month)) != 0) day = english_date_at(at);
        return !day && (kinds & digit) != 0 ? numeric_date_at(at) : day;
    }

    std::optional<DayToken> relative_day_at(std::size_t at) const {
        const RelativeDay* best = nullptr;
        for (const RelativeDay& relative : relative_days) {
            const std::size_t end = at + relative.word.size();
            if (!here(at, relative.word)) continue;
            if (is_letter(relative.word.front()) &&
                ((at > 0 && is_word(text()[at - 1])) || (end < text().size() && is_letter(text()[end])))) {
                continue;
            }
            if (best == nullptr || relative.word.size() > best->word.size()) best = &relative;
        }
        if (best == nullptr || is_habit(at)) return std::nullopt;
        return DayToken{today_ + days{best->offset}, std::nullopt, best->part, at, at + best->word.size()};
    }

    [[nodiscard]] bool is_habit(
        std::size_t at) const {  // 每天早上 is no day, nor is "until today" one on which something happened
        constexpr std::array<string_view, 3> habits{"每", "天天", "every"};
        constexpr std::array<string_view, 3> until{"到", "至", "截止"};
        constexpr std::array<string_view, 3> until_english{"until ", "till ", "as of "};
        const bool today = here(at, "今") || here(at, "today");
        return is_near_before(text(), at, 9, habits) ||
               (today && (is_near_before(text(), at, 3, until) || is_near_before(text(), at, 6, until_english)));
    }

    std::optional<DayToken> ago_at(std::size_t at) const {
        if (at > 0 && is_word(text()[at]) && is_word(text()[at - 1])) return std::nullopt;
        struct Unit {
            string_view word;
            int minutes;
        };
        constexpr int day_minutes = 24 * 60;
        constexpr std::array units{Unit{"天前", day_minutes},
                                   Unit{"日前", day_minutes},
                                   Unit{"天以前", day_minutes},
                                   Unit{"天之前", day_minutes},
                                   Unit{"日之前", day_minutes},
                                   Unit{"周之前", 7 * day_minutes},
                                   Unit{"周以前", 7 * day_minutes},
                                   Unit{"fortnight ago", 14 * day_minutes},
                                   Unit{"nights ago", day_minutes},
                                   Unit{"周前", 7 * day_minutes},
                                   Unit{"个星期前", 7 * day_minutes},
                                   Unit{"星期前", 7 * day_minutes},
                                   Unit{"个礼拜前", 7 * day_minutes},
                                   Unit{"小时前", 60},
                                   Unit{"个小时前", 60},
                                   Unit{"个钟前", 60},
                                   Unit{"个钟头前", 60},
                                   Unit{"分钟前", 1},
                                   Unit{"days ago", day_minutes},
                                   Unit{"days back", day_minutes},
                                   Unit{"weeks back", 7 * day_minutes},
                                   Unit{"day ago", day_minutes},
                                   Unit{"weeks ago", 7 * day_minutes},
                                   Unit{"week ago", 7 * day_minutes},
                                   Unit{"hours ago", 60},
                                   Unit{"hour ago", 60},
                                   Unit{"minutes ago", 1},
                                   Unit{"minute ago", 1},
                                   Unit{"min ago", 1},
                                   Unit{"mins ago", 1}};
        for (const string_view half :
             {string_view{"半小时前"}, string_view{"半个小时前"}, string_view{"half an hour ago"}}) {
            if (here(at, half)) return minutes_ago(30, at, at + half.size());
        }
        constexpr string_view half_month = "半个月前";
        if (here(at, half_month)) return DayToken{today_ - days{15}, std::nullopt, Part::none, at, at + half_month.size()};
        const auto count = count_at(text(), at);
        if (!count) return std::nullopt;
        const std::size_t unit_at = skip_spaces(text(), count->end);
        const int value = is_about(at, *count) ? count->value / 10 : count->value;
        for (const Unit& unit : units) {
            if (!here(unit_at, unit.word)) continue;
            const std::size_t end = unit_at + unit.word.size();
            if (unit.minutes < day_minutes) return minutes_ago(value * unit.minutes, at, end);
            return DayToken{today_ - days{value * unit.minutes / day_minutes}, std::nullopt, Part::none, at, end};
        }
        return std::nullopt;
    }

    // 三四天前 is three or four, and not thirty-four.
    [[nodiscard]] bool is_about(std::size_t at, const Count& count) const {
        constexpr std::size_t two_characters = 6;
        const int more = count.value % 10 - count.value / 10;
        return !is_digit(text()[at]) && count.end - at == two_characters && count.value > 10 && count.value < 90 &&
               more == 1 && !here(at, "十");
    }

    DayToken minutes_ago(int minutes, std::size_t begin, std::size_t end) const {
        const Moment then = now_ - std::chrono::minutes{minutes};
        const sys_days day = std::chrono::floor<days>(then);
        const auto minute = std::chrono::floor<std::chrono::minutes>(then - day).count();
        return DayToken{day, static_cast<int>(minute), Part::none, begin, end};
    }

    std::optional<DayToken> weekday_at(std::size_t at) const {
        enum class Week : std::uint8_t { latest, last, current, next };
        struct Prefix {
            string_view word;
            Week week;
        };
        constexpr std::array chinese_prefixes{Prefix{"上个", Week::last},    Prefix{"上", Week::last},
                                              Prefix{"这个", Week::current}, Prefix{"这", Week::current},
                                              Prefix{"本", Week::current},   Prefix{"下个", Week::next},
                                              Prefix{"下", Week::next},      Prefix{"", Week::latest}};
        if (is_habit(at)) return std::nullopt;
        constexpr std::array<string_view, 3> week_words{"周", "星期", "礼拜"};
        constexpr std::array<string_view, 8> chinese_days{"一", "二", "三", "四", "五", "六", "日", "天"};
        for (const Prefix& prefix : chinese_prefixes) {
            if (!here(at, prefix.word)) continue;
            const std::size_t week_at = at + prefix.word.size();
            const auto week_word = word_at(text(), week_at, week_words);
            if (!week_word) continue;
            const std::size_t day_at = week_at + week_words[*week_word].size();
            const auto day = word_at(text(), day_at, chinese_days);
            if (!day) continue;
            const std::size_t end = day_at + chinese_days[*day].size();
            if (here(end, "年") || here(end, "个") || here(end, "期")) return std::nullopt;  // 周一年, 一周两个
            const bool ahead =
                here(end, "前") || here(end, "之前") || here(end, "以前") || here(end, "要") || here(end, "必须");
            return weekday_token(prefix.week == Week::last   ? -1
                                 : prefix.week == Week::next ? 1
                                                             : 0,
                                 prefix.week == Week::latest, static_cast<unsigned>(std::min<std::size_t>(*day, 6)), ahead,
                                 at, end);
        }
        if (!is_letter(text()[at]) || (at > 0 && is_word(text()[at - 1]))) return std::nullopt;
        constexpr std::array<string_view, 4> english_prefixes{"last ", "this ", "next ", "on "};
        const auto prefix = word_at(text(), at, english_prefixes);
        const std::size_t name_at = at + (prefix ? english_prefixes[*prefix].size() : 0);
        const auto name = word_at(text(), name_at, weekday_names);
        if (!name) return std::nullopt;
        constexpr std::array<string_view, 3> now_is{"it is ", "it's ", "today is "};  // a clock, not what happened
        if (is_near_before(text(), at, 9, now_is)) return std::nullopt;
        const bool abbreviated = *name >= 7;
        if (abbreviated && !prefix) return std::nullopt;  // "sun", "sat" and "wed" are words too
        constexpr std::array<std::size_t, 4> late_names{1, 2, 3, 3};  // tues, weds, thurs, thur
        const std::size_t weekday = *name < 7 ? *name : *name < 14 ? *name - 7 : late_names[*name - 14];
        constexpr std::array<string_view, 6> ahead_words{"by", "before", "until", "due", "deadline", "no later"};
        const bool ahead = is_near_before(text(), at, 10, ahead_words) || is_meant_ahead(text(), at);
        const std::size_t end = name_at + weekday_names[*name].size();
        if (prefix && *prefix == 0) {  // the latest before today
            sys_days day = today_ - days{1};
            while (std::chrono::weekday{day}.iso_encoding() != weekday + 1) day -= days{1};
            return DayToken{day, std::nullopt, Part::none, at, end};
        }
        const bool latest = !prefix || *prefix == 3;
        return weekday_token(prefix && *prefix == 2 ? 1 : 0, latest, static_cast<unsigned>(weekday), ahead, at, end);
    }

    // `weekday` from Monday, 0.
    DayToken weekday_token(int weeks, bool latest, unsigned weekday, bool ahead, std::size_t begin, std::size_t end) const {
        const auto today_number = static_cast<int>(std::chrono::weekday{today_}.iso_encoding()) - 1;
        sys_days day = today_ + days{static_cast<int>(weekday) - today_number + 7 * weeks};
        if (latest && ahead && day < today_) day += days{7};
        if (latest && !ahead && day > today_) day -= days{7};
        return DayToken{day, std::nullopt, Part::none, begin, end};
    }

    std::optional<DayToken> date_token(int year, int month, int day, std::size_t begin, std::size_t end) const {
        const auto date = [&](int y) {
            return std::chrono::year_month_day{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(month)},
                                               std::chrono::day{static_cast<unsigned>(day)}};
        };
        if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
        if (year > 0 && year < 100) year += 2000;
        if (year > 0) {
            if (year < 2000 || year > 2100 || !date(year).ok()) return std::nullopt;
            return DayToken{sys_days{date(year)}, std::nullopt, Part::none, begin, end};
        }
        const int this_year = static_cast<int>(std::chrono::year_month_day{today_}.year());
        std::optional<sys_days> nearest;
        for (const int y : {this_year - 1, this_year, this_year + 1}) {
            if (!date(y).ok()) continue;
            const sys_days candidate{date(y)};
            if (!nearest || std::chrono::abs(candidate - today_) < std::chrono::abs(*nearest - today_)) nearest = candidate;
        }
        if (!nearest) return std::nullopt;
        return DayToken{*nearest, std::nullopt, Part::none, begin, end};
    }

    std::optional<DayToken> chinese_date_at(std::size_t at) const {
        if (is_digit(text()[at]) && !starts_number(text(), at)) return std::nullopt;
        const auto today = std::chrono::year_month_day{today_};
        if (here(at, "月底前") || here(at, "月底之前")) {
            const sys_days last{today.year() / today.month() / std::chrono::last};
            return DayToken{last, std::nullopt, Part::none, at, at + string_view{"月底"}.size()};
        }
        for (const Holiday& holiday : holidays) {
            if (here(at, holiday.word)) return date_token(0, holiday.month, holiday.day, at, at + holiday.word.size());
        }
        for (const auto& [word, months] : {std::pair{string_view{"上个月"}, -1}, std::pair{string_view{"上月"}, -1},
                                           std::pair{string_view{"本月"}, 0}, std::pair{string_view{"这个月"}, 0}}) {
            if (!here(at, word)) continue;
            const auto day = count_at(text(), at + word.size());
            if (!day || !(here(day->end, "号") || here(day->end, "日"))) return std::nullopt;
            const auto month = today.year() / today.month() / 1 + std::chrono::months{months};
            return date_token(static_cast<int>(month.year()), static_cast<int>(static_cast<unsigned>(month.month())),
                              day->value, at, day->end + string_view{"号"}.size());
        }
        std::size_t month_at = at;
        int year = 0;
        const std::size_t year_end = skip_digits(text(), at);
        if ((year_end - at == 4 || year_end - at == 2) && here(skip_spaces(text(), year_end), "年")) {
            year = static_cast<int>(number_of(text().substr(at, year_end - at)));
            month_at = skip_spaces(text(), skip_spaces(text(), year_end) + string_view{"年"}.size());
        }
        const auto month = count_at(text(), month_at);
        if (!month || (month_at < text().size() && is_letter(text()[month_at]))) return std::nullopt;
        const std::size_t mark = skip_spaces(text(), month->end);
        if (here(mark, "月")) {
            const std::size_t day_at = skip_spaces(text(), mark + string_view{"月"}.size());
            const auto day = count_at(text(), day_at);
            if (!day || is_letter(text()[day_at])) return std::nullopt;
            std::size_t end = skip_spaces(text(), day->end);
            if (!here(end, "日") && !here(end, "号")) return date_token(year, month->value, day->value, at, day->end);
            end += string_view{"日"}.size();
            return date_token(year, month->value, day->value, at, end);
        }
        // 28号 alone; 5号楼, 3号线 and 13号码 are no days.
        constexpr int spoken_least = 10;  // 三号 is a window, 十九号 a day
        if (year != 0 || !here(mark, "号") || (!is_digit(text()[at]) && month->value < spoken_least)) return std::nullopt;
        const std::size_t end = mark + string_view{"号"}.size();
        for (const string_view thing : {"楼", "线", "店", "房", "桌", "柜", "门", "码", "院", "机", "窗", "厅", "室", "球",
                                        "电", "产", "文", "公", "出口"}) {
            if (here(end, thing)) return std::nullopt;
        }
        if (at > 0 && (is_near_before(text(), at, 6, std::array<string_view, 4>{"路", "街", "弄", "巷"}) ||
                       here(end, string_view{"-"})))
            return std::nullopt;
        const int this_month = static_cast<int>(static_cast<unsigned>(today.month()));
        const int this_day = static_cast<int>(static_cast<unsigned>(today.day()));
        if (month->value <= this_day) return date_token(static_cast<int>(today.year()), this_month, month->value, at, end);
        const auto before = today.year() / today.month() / 1 - std::chrono::months{1};
        const bool ahead = here(end, "前") || here(end, "之前") || here(end, "要");
        if (ahead) return date_token(static_cast<int>(today.year()), this_month, month->value, at, end);
        return date_token(static_cast<int>(before.year()), static_cast<int>(static_cast<unsigned>(before.month())),
                          month->value, at, end);
    }

    [[nodiscard]] std::optional<std::pair<int, std::size_t>> month_name_at(std::size_t at) const {
        if (at >= text().size() || !is_letter(text()[at])) return std::nullopt;
        const auto name = word_at(text(), at, month_names);
        if (!name) return std::nullopt;
        std::size_t end = at + month_names[*name].size();
        if (end < text().size() && text()[end] == '.') ++end;
        return std::pair{static_cast<int>(*name % 12) + 1, end};
    }

    [[nodiscard]] std::optional<Count> day_number_at(std::size_t at) const {  // 5, 5th
        const std::size_t end = skip_digits(text(), at);
        if (end == at || end - at > 2) return std::nullopt;
        std::size_t after = end;
        for (const string_view ordinal : {"st", "nd", "rd", "th"}) {
            if (here(end, ordinal)) after = end + ordinal.size();
        }
        if (after < text().size() && (is_word(text()[after]) || text()[after] == ':')) return std::nullopt;
        return Count{static_cast<int>(number_of(text().substr(at, end - at))), after};
    }

    [[nodiscard]] std::optional<Count> spelt_day_at(std::size_t at) const {
        const auto word = word_at(text(), at, spelt_days);
        if (!word) return std::nullopt;
        return Count{static_cast<int>(*word) + 1, at + spelt_days[*word].size()};
    }

    [[nodiscard]] Count year_after(std::size_t at) const {  // 0 where none follows
        std::size_t begin = skip_spaces(text(), at);
        if (begin < text().size() && text()[begin] == ',') begin = skip_spaces(text(), begin + 1);
        const std::size_t end = skip_digits(text(), begin);
        if (end - begin != 4 || !here(begin, "20")) return {0, at};
        return {static_cast<int>(number_of(text().substr(begin, 4))), end};
    }

    // "the 17th, I paid", "the 30th of last month"; not "the 3rd time".
    [[nodiscard]] bool ends_as_a_day(std::size_t at) const {
        constexpr std::array<string_view, 5> behind{" of this month", " of last month", " at ", " around ", " in the "};
        if (at >= text().size() || string_view{",.;)\n"}.find(text()[at]) != string_view::npos) return true;
        return std::ranges::any_of(behind, [&](string_view words) { return here(at, words); });
    }

    // "on the 5th": the latest one, or the next where it is a deadline.
    std::optional<DayToken> ordinal_at(std::size_t at, const Count& day) const {
        constexpr std::array<string_view, 7> leads{"on the ",     "since the ", "from the ", "by the ",
                                                   "before the ", "until the ", "of the "};
        constexpr std::array<string_view, 1> article{"the "};
        const bool alone = is_near_before(text(), at, article[0].size(), article) && ends_as_a_day(day.end);
        if (!is_letter(text()[day.end - 1]) || (!alone && !is_near_before(text(), at, 11, leads))) return std::nullopt;
        constexpr std::array<string_view, 3> ahead_leads{"by the ", "before the ", "until the "};
        const bool ahead = is_near_before(text(), at, 11, ahead_leads) || is_meant_ahead(text(), at);
        const auto today = std::chrono::year_month_day{today_};
        auto month = today.year() / today.month();
        const int number = static_cast<int>(static_cast<unsigned>(today.day()));
        const bool last = here(day.end, " of last month");
        if (ahead && day.value < number) month += std::chrono::months{1};
        if (last || (!ahead && day.value > number)) month -= std::chrono::months{1};
        return date_token(static_cast<int>(month.year()), static_cast<int>(static_cast<unsigned>(month.month())), day.value,
                          at, day.end);
    }

    std::optional<DayToken> english_date_at(std::size_t at) const {
        if (at > 0 && is_word(text()[at - 1])) return std::nullopt;
        if (is_digit(text()[at])) {  // 5th of November 2026
            const auto day = day_number_at(at);
            if (!day) return std::nullopt;
            std::size_t next = skip_spaces(text(), day->end);
            if (here(next, "of ")) next += 3;
            const auto month = month_name_at(next);
            if (!month) return ordinal_at(at, *day);
            const Count year = year_after(month->second);
            return date_token(year.value, month->first, day->value, at, year.end);
        }
        if (const auto day = spelt_day_at(at)) {  // ninth of November
            const auto month = here(day->end, " of ") ? month_name_at(day->end + 4) : std::nullopt;
            if (!month) return ends_as_a_day(day->end) ? ordinal_at(at, *day) : std::nullopt;  // "on the second attempt"
            const Count year = year_after(month->second);
            return date_token(year.value, month->first, day->value, at, year.end);
        }
        const auto month = month_name_at(at);  // November 5, 2026
        if (!month) return std::nullopt;
        std::size_t next = skip_spaces(text(), month->second);
        if (here(next, "the ")) next += string_view{"the "}.size();
        const auto day = next < text().size() && is_digit(text()[next]) ? day_number_at(next) : std::nullopt;
        if (!day) return std::nullopt;
        const Count year = year_after(day->end);
        return date_token(year.value, month->first, day->value, at, year.end);
    }

    // 2026-11-05, 2026/11/5, 05.11.2026, 11/05/2026; 11/5 only behind "on" or before a time.
    std::optional<DayToken> numeric_date_at(std::size_t at) const {
        if (!starts_number(text(), at)) return std::nullopt;
        std::array<int, 3> parts{};
        std::array<std::size_t, 3> lengths{};
        std::size_t count = 0;
        char separator = 0;
        std::size_t next = at;
        while (count < 3) {
            const std::size_t end = skip_digits(text(), next);
            if (count == 0 && end - next == 8) return compact_date(at, end);
            if (end == next || end - next > 4) break;
            parts[count] = static_cast<int>(number_of(text().substr(next, end - next)));
            lengths[count] = end - next;
            ++count;
            next = end;
            if (count == 3 || end >= text().size()) break;
            const char c = text()[end];
            const bool separates = (c == '-' || c == '/' || c == '.') && (separator == 0 || separator == c);
            if (!separates || end + 1 >= text().size() || !is_digit(text()[end + 1])) break;
            separator = c;
            next = end + 1;
        }
        if (next < text().size() && (is_digit(text()[next]) || (is_letter(text()[next]) && text()[next] != 't')))
            return std::nullopt;
        if (count == 3 && lengths[0] == 4) return date_token(parts[0], parts[1], parts[2], at, next);
        if (count == 3 && lengths[2] == 4 && separator != 0)
            return nearer(parts[2], parts[0], parts[1], separator == '.', at, next);
        if (count == 3 && separator == '/' && std::ranges::all_of(lengths, [](std::size_t length) { return length <= 2; }))
            return nearer(parts[2], parts[0], parts[1], false, at, next);
        if (count == 2 && separator == '-' && (here(next, "日") || here(next, "号")))
            return date_token(0, parts[0], parts[1], at, next + string_view{"日"}.size());
        if (count != 2 || separator != '/' || lengths[0] > 2 || lengths[1] > 2) return std::nullopt;
        constexpr std::array<string_view, 8> leads{"on ", "from ", "since ", "dated ", "of ", "于", "在", "自"};
        const std::size_t behind = skip_joiners(next);
        const bool before_time = time_of_day_at(text(), behind).has_value() || is_part_of_day(behind);
        if (!before_time && !is_near_before(text(), at, 6, leads) && !is_one_way_only(parts[0], parts[1]))
            return std::nullopt;
        return nearer(0, parts[0], parts[1], false, at, next);
    }

    [[nodiscard]] bool is_part_of_day(std::size_t at) const {
        return std::ranges::any_of(part_words, [&](const PartWord& part) { return here(at, part.word); });
    }

    // 21/11 is a day in one order alone; 24/7 is none, nor is a half.
    static bool is_one_way_only(int first, int second) {
        constexpr int months = 12;
        return std::max(first, second) > months && std::min(first, second) >= 1 && !(first == 24 && second == 7);
    }

    std::optional<DayToken> compact_date(std::size_t at, std::size_t end) const {  // 20261105, of about now
        if (!here(at, "20") || (end < text().size() && (is_word(text()[end]) || text()[end] == '-'))) return std::nullopt;
        const auto part = [&](std::size_t from, std::size_t octets) {
            return static_cast<int>(number_of(text().substr(at + from, octets)));
        };
        const auto token = date_token(part(0, 4), part(4, 2), part(6, 2), at, end);
        constexpr days about{400};
        return token && std::chrono::abs(token->day - today_) < about ? token : std::nullopt;
    }

    // First and second number as day and month in either order: the reading nearer to the message.
    std::optional<DayToken> nearer(int year, int first, int second, bool day_first, std::size_t begin,
                                   std::size_t end) const {
        const auto by_day = date_token(year, second, first, begin, end);
        const auto by_month = date_token(year, first, second, begin, end);
        if (day_first || !by_month) return by_day;
        if (!by_day) return by_month;
        return std::chrono::abs(by_day->day - today_) < std::chrono::abs(by_month->day - today_) ? by_day : by_month;
    }

    [[nodiscard]] std::size_t skip_joiners(std::size_t at) const {
        constexpr std::array<string_view, 22> joiners{"at",   "on",     "around", "about",        "@",    ",",
                                                      "的",   "大约",   "约",     "大概",         "(",    ")",
                                                      "t",    "in the", "周一",   "周二",         "周三", "周四",
                                                      "周五", "周六",   "周日",   "approximately"};
        for (int steps = 0; steps < 6; ++steps) {
            at = skip_spaces(text(), at);
            if (here(at, "t") && at + 1 < text().size() && is_digit(text()[at + 1])) {
                ++at;
                continue;
            }
            const auto joiner = word_at(text(), at, joiners);
            if (!joiner) break;
            at += joiners[*joiner].size();
        }
        return at;
    }

    // "this morning around 9": an hour alone, where the part of the day was named.
    [[nodiscard]] std::optional<Count> bare_hour_after(std::size_t at) const {
        constexpr std::array<string_view, 5> leads{"at", "around", "about", "at around", "at about"};
        const std::size_t lead_at = skip_spaces(text(), at);
        const auto lead = word_at(text(), lead_at, leads);
        if (!lead) return std::nullopt;
        const std::size_t begin = skip_spaces(text(), lead_at + leads[*lead].size());
        const std::size_t end = skip_digits(text(), begin);
        if (end == begin || end - begin > 2) return std::nullopt;
        const int hour = static_cast<int>(number_of(text().substr(begin, end - begin)));
        const std::size_t behind = skip_spaces(text(), end);
        const bool ends = behind >= text().size() || string_view{",.;!?)\n"}.find(text()[behind]) != string_view::npos;
        const bool decimal = end + 1 < text().size() && !is_letter(text()[end]) && is_digit(text()[end + 1]);
        constexpr std::array<string_view, 12> goes_on{"i",   "we", "my", "and", "when",  "but",
                                                      "the", "in", "it", "a",   "there", "you"};
        if (hour < 1 || hour > 12 || decimal || (!ends && !word_at(text(), behind, goes_on))) return std::nullopt;
        return Count{hour, end};
    }

    // "last night at 1 am" is after midnight; "this afternoon at 3" is 15:00.
    static int on_day(const TimeToken& time, Part part) {
        constexpr int small_hours_end = 5 * 60;
        if (part == Part::evening && time.minute < small_hours_end) return time.minute + 24 * 60;
        const bool half_unknown = time.needs_part && part != Part::none && time.minute < 13 * 60;
        return half_unknown ? minute_of(time.minute / 60, time.minute % 60, part) : time.minute;
    }

    std::vector<StatedTime> paired() {
        struct Found {
            sys_days day;
            std::optional<int> minute;
            std::size_t begin, end;
        };
        std::vector<Found> found;
        std::vector<bool> used(times_.size());
        for (const DayToken& day : days_) {
            Found one{day.day, day.minute, day.begin, day.end};
            if (const auto hour = day.part == Part::none ? std::nullopt : bare_hour_after(day.end)) {
                one.minute = minute_of(hour->value, 0, day.part);
                one.end = hour->end;
            }
            for (std::size_t i = 0; i < times_.size() && !one.minute; ++i) {
                const TimeToken& time = times_[i];
                const bool follows = !used[i] && time.begin >= day.end && skip_joiners(day.end) >= time.begin;
                const bool precedes = !used[i] && time.end <= day.begin && skip_joiners(time.end) >= day.begin;
                if (!follows && !precedes) continue;
                used[i] = true;
                one.minute = on_day(time, day.part);
                one.begin = std::min(day.begin, time.begin);
                one.end = std::max(day.end, time.end);
            }
            found.push_back(one);
        }
        for (std::size_t i = 0; i < times_.size(); ++i) {
            if (used[i]) continue;
            sys_days day = today_;
            for (const DayToken& token : days_) {
                if (token.begin < times_[i].begin) day = token.day;
            }
            found.push_back({day, times_[i].minute, times_[i].begin, times_[i].end});
        }
        std::ranges::sort(found, {}, &Found::begin);
        std::vector<StatedTime> stated;
        for (const Found& one : found) {
            sheet_.blot(one.begin, one.end);
            const sys_days day = one.day + days{one.minute ? *one.minute / (24 * 60) : 0};
            const std::chrono::year_month_day date{day};
            std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
            if (one.minute) text += fmt::format("T{:02}:{:02}", *one.minute / 60 % 24, *one.minute % 60);
            stated.push_back({std::move(text), static_cast<int>((day - today_).count())});
        }
        return stated;
    }

    Sheet& sheet_;
    Moment now_;
    sys_days today_;
    std::vector<DayToken> days_;
    std::vector<TimeToken> times_;
};

}  // namespace

std::vector<StatedTime> take_datetimes(Sheet& sheet, Moment local_now) { return Finder{sheet, local_now}.run(); }

}  // namespace okpay::triage
