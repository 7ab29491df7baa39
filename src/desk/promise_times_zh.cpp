// SPDX-License-Identifier: Apache-2.0
// The Chinese deadlines of promise_times.hpp, Simplified and Traditional.
#include <algorithm>
#include <cstdlib>

#include "desk/promise_reckoning.hpp"

namespace okpay::desk {
namespace {

constexpr std::array digits{std::string_view{"一"}, std::string_view{"二"}, std::string_view{"三"}, std::string_view{"四"},
                            std::string_view{"五"}, std::string_view{"六"}, std::string_view{"七"}, std::string_view{"八"},
                            std::string_view{"九"}, std::string_view{"两"}, std::string_view{"兩"}};
int worth(std::size_t digit) { return digit < 9 ? static_cast<int>(digit) + 1 : 2; }

bool han(Cursor& in, std::string_view what) {  // a space between a figure and a character is nothing
    Cursor ahead = in;
    while (ahead.literal(" ")) {}
    if (!ahead.literal(what)) return false;
    in = ahead;
    return true;
}
template <class... Words>
bool one_of(Cursor& in, Words... words) {
    return (han(in, words) || ...);
}

std::optional<int> number(Cursor& in) {  // "48", "四十八", "十五", "两"
    Cursor ahead = in;
    while (ahead.literal(" ")) {}
    const auto tens = ahead.which_literal(digits);
    if (ahead.literal("十")) {
        const auto ones = ahead.which_literal(digits);
        in = ahead;
        return (tens ? worth(*tens) : 1) * 10 + (ones ? worth(*ones) : 0);
    }
    if (tens) {
        in = ahead;
        return worth(*tens);
    }
    return in.number(4);
}

bool after_any(const Cursor& in, std::initializer_list<std::string_view> endings) {
    std::string_view before = in.text.substr(0, in.at);
    while (before.ends_with(' ')) before.remove_suffix(1);
    return std::ranges::any_of(endings, [&](std::string_view ending) { return before.ends_with(ending); });
}

bool within(Cursor& in) { return one_of(in, "之内", "之內", "以内", "以內", "内", "內"); }
bool before_then(Cursor& in) { return one_of(in, "之前", "以前", "前"); }
bool after_then(Cursor& in) { return one_of(in, "之后", "之後", "以后", "以後", "后", "後"); }

std::optional<Due> span(Cursor& in, const Reckoning& reckoning) {
    if (one_of(in, "半个小时", "半個小時", "半小时", "半小時", "半个钟头")) return reckoning.in_minutes(30);
    if (one_of(in, "半个工作日")) return std::nullopt;
    Cursor ahead = in;
    auto count = number(ahead);
    if (!count) return std::nullopt;
    bool several = false;
    if (Cursor range = ahead; one_of(range, "-", "–", "~", "～", "至", "到")) {
        if (const auto upper = number(range)) {
            several = true;
            count = upper;
            ahead = range;
        }
    }
    const bool counted = one_of(ahead, "个", "個");
    std::optional<Due> due;
    if (one_of(ahead, "工作日", "工作天", "营业日", "營業日")) due = reckoning.in_working_days(*count);
    else if (one_of(ahead, "工作小时", "工作小時")) due = reckoning.in_working_hours(*count);
    else if (one_of(ahead, "小时", "小時", "钟头", "鐘頭")) due = reckoning.in_minutes(*count * 60);
    else if (one_of(ahead, "分钟", "分鐘")) due = reckoning.in_minutes(*count);
    else if (one_of(ahead, "自然日", "天") || (!counted && one_of(ahead, "日"))) due = reckoning.in_days(*count);
    else if (one_of(ahead, "周", "週", "星期", "礼拜", "禮拜")) due = reckoning.in_days(*count * 7);
    else if (counted && one_of(ahead, "月")) due = reckoning.in_months(*count);
    else return std::nullopt;
    in = ahead;
    if (due && several) due->sure = false;
    return due;
}

std::optional<unsigned> weekday(Cursor& in) {  // 周五
    Cursor ahead = in;
    if (!one_of(ahead, "周", "週", "星期", "礼拜", "禮拜")) return std::nullopt;
    constexpr std::array names{std::string_view{"日"}, std::string_view{"一"}, std::string_view{"二"},
                               std::string_view{"三"}, std::string_view{"四"}, std::string_view{"五"},
                               std::string_view{"六"}, std::string_view{"天"}};
    const auto named = ahead.which_literal(names);
    if (!named) return std::nullopt;
    in = ahead;
    return static_cast<unsigned>(*named % 7);
}

bool date(Cursor& in, When& when) {
    Cursor ahead = in;
    const auto first = ahead.number(4);
    if (!first) return false;
    if (ahead.literal("-")) {
        const auto month = ahead.number(2);
        if (!month || !ahead.literal("-")) return false;
        const auto day = ahead.number(2);
        if (*first < 2000 || !day || !when.set_date(first, static_cast<unsigned>(*month), *day)) return false;
        in = ahead;
        return true;
    }
    if (one_of(ahead, "号", "號")) {
        in = ahead;
        return when.set_day_of_month(*first);
    }
    std::optional<int> year, month = first;
    if (one_of(ahead, "年")) {
        year = first;
        month = ahead.number(2);
    }
    if (!month || !one_of(ahead, "月")) return false;
    const auto day = ahead.number(2);
    if (!day || !when.set_date(year, static_cast<unsigned>(*month), *day)) return false;
    (void)one_of(ahead, "日", "号", "號");
    in = ahead;
    return true;
}

bool day(Cursor& in, When& when) {
    if (one_of(in, "大后天", "大後天")) return when.set_in_days(3);
    if (one_of(in, "后天", "後天")) return when.set_in_days(2);
    if (one_of(in, "明天", "明日")) return when.set_in_days(1);
    if (one_of(in, "今天", "今日")) return when.set_in_days(0);
    if (one_of(in, "月底", "本月底", "这个月底", "這個月底")) return when.set_end_of_month();
    Cursor ahead = in;
    const bool next = one_of(ahead, "下个", "下個", "下");
    const bool current = !next && one_of(ahead, "本", "这个", "這個", "这", "這");
    if (const auto named = weekday(ahead)) {
        in = ahead;
        return when.set_weekday(*named, next      ? WeekdayWord::next_week
                                        : current ? WeekdayWord::this_week
                                                  : WeekdayWord::plain);
    }
    if (!next && !current) return date(in, when);
    if (!one_of(ahead, "周", "週", "星期", "礼拜", "禮拜")) return false;
    in = ahead;
    return when.set_end_of_week(next ? 1 : 0);
}

enum class Part : std::uint8_t { none, morning, noon, afternoon, evening };
Part part_of_day(Cursor& in) {
    if (one_of(in, "凌晨", "清晨", "早上", "早晨", "上午")) return Part::morning;
    if (one_of(in, "中午", "正午")) return Part::noon;
    if (one_of(in, "下午")) return Part::afternoon;
    if (one_of(in, "晚上", "傍晚", "晚间", "晚間", "夜里", "午夜", "半夜")) return Part::evening;
    return Part::none;
}

std::optional<int> minute_behind(Cursor& in) {  // of 18点30分, 18点半, 18点
    if (one_of(in, "半")) return 30;
    Cursor ahead = in;
    if (const auto minute = number(ahead); minute && *minute < 60 && one_of(ahead, "分")) {
        in = ahead;
        return minute;
    }
    (void)one_of(in, "整", "钟", "鐘");
    return 0;
}

bool time(Cursor& in, When& when, Part part) {
    if (part == Part::none) part = part_of_day(in);
    Cursor ahead = in;
    if (const auto hour = number(ahead); hour && *hour <= 24) {
        const bool colon = ahead.literal(":") || ahead.literal("：");
        const auto minute = colon                                   ? ahead.number(2)
                            : one_of(ahead, "点", "點", "时", "時") ? minute_behind(ahead)
                                                                    : std::nullopt;
        if (minute && *minute < 60 && (*hour < 24 || *minute == 0)) {
            in = ahead;
            const bool small = *hour < 12;
            switch (part) {
            case Part::morning: return when.set_minute(*hour * 60 + *minute, true);
            case Part::noon: return when.set_minute((*hour <= 3 ? *hour + 12 : *hour) * 60 + *minute, true);
            case Part::afternoon:
            case Part::evening: return when.set_minute((small ? *hour + 12 : *hour) * 60 + *minute, true);
            case Part::none: break;
            }
            if (colon || *hour >= 12) return when.set_minute(*hour * 60 + *minute, true);
            return when.set_minute((*hour >= 1 && *hour <= 7 ? *hour + 12 : *hour) * 60 + *minute, false);
        }
    }
    switch (part) {
    case Part::none: return false;
    case Part::morning:
    case Part::noon: return when.set_minute(12 * 60, part == Part::noon);
    case Part::afternoon: return when.set_minute(18 * 60, false);
    case Part::evening: return when.set_minute(end_of_day, false);
    }
    std::abort();
}

bool day_and_time(Cursor& in, When& when) {
    const bool beijing = one_of(in, "北京时间", "北京時間");
    Part part = Part::none;
    if (one_of(in, "明早")) part = Part::morning, (void)when.set_in_days(1);
    else if (one_of(in, "明晚")) part = Part::evening, (void)when.set_in_days(1);
    else if (one_of(in, "今晚", "今夜")) part = Part::evening, (void)when.set_in_days(0);
    else (void)day(in, when);
    if (when.has_day() && one_of(in, "（", "(")) {  // 12月4日（周五）
        const auto named = weekday(in);
        if (!named || !one_of(in, "）", ")")) return false;
        if (std::chrono::weekday{*when.day}.c_encoding() != *named) when.sure = false;
    }
    if (beijing || one_of(in, "北京时间", "北京時間")) (void)when.set_zone("Asia/Shanghai");
    if (when.has_time() && part == Part::none) return true;  // 月底
    Cursor ahead = in;
    if (when.has_day()) (void)one_of(ahead, "的");
    if (time(ahead, when, part)) in = ahead;
    return when.has_day() || when.has_time() || in.rest().starts_with("下班");
}

}  // namespace

std::optional<TimePhrase> chinese_phrase(Cursor& in, const Reckoning& reckoning) {
    const std::size_t begin = in.at;
    if (begin > 1 && (in.text[begin - 1] == '.' || in.text[begin - 1] == ',') && is_digit(in.text[begin - 2])) return {};
    const auto phrase = [&](Due due, bool deadline, bool from_now) {
        return TimePhrase{
            .begin = begin, .end = in.at, .due = due.at, .sure = due.sure, .deadline = deadline, .from_now = from_now};
    };
    Cursor ahead = in;
    const bool latest = one_of(ahead, "最迟", "最遲", "最晚", "至迟", "不晚于", "不晚於", "不迟于", "不遲於");
    Cursor counted = ahead;
    const std::size_t start = counted.at;
    if (const auto due = span(counted, reckoning); counted.at > start) {
        const bool inside = within(counted);
        const bool later = !inside && after_then(counted);
        const bool ago = !inside && !later && before_then(counted);
        if (inside || later || ago) {
            const bool of_else = after_any(in, {"后", "後", "起", "的", "过去", "過去", "最近", "近", "前", "每", "第",
                                                "后，", "後，", "起，"}) ||
                                 counted.rest().starts_with("的");
            // What is over, or runs from something else, is stepped over, so that no piece of it is read as another.
            in = counted;
            if (!due || ago || of_else) return std::nullopt;
            return phrase(*due, inside || latest, true);
        }
    }
    const bool of_a_month = begin > 0 && is_digit(in.text[begin - 1]) && in.rest().starts_with("月");  // 1月底
    if (after_any(in, {"每", "上", "上个", "上個", "自", "从", "從", "截至", "第"}) || of_a_month) return std::nullopt;
    When when = reckoning.when();
    if (!day_and_time(ahead, when)) return std::nullopt;
    bool by = latest, before = false;
    if (one_of(ahead, "下班之前", "下班以前", "下班前")) by = when.set_closing();
    else if (before_then(ahead)) by = before = true;
    else if (within(ahead)) by = true;
    else if (after_then(ahead) || one_of(ahead, "起", "开始", "開始", "至", "到", "~", "～", "-") ||
             ahead.rest().starts_with("的")) {
        in = ahead;
        return std::nullopt;
    } else if (!when.has_day() ||
               std::ranges::none_of(in.text.substr(begin, ahead.at - begin), [](char c) { return (c & 0x80) != 0; })) {
        in = ahead;  // a mere time, or a date in figures, is nothing to be kept
        return std::nullopt;
    }
    // 周五前 may or may not take in the Friday; the earlier reading keeps both.
    if (before && !when.has_time()) when.sure = false;
    const auto due = reckoning.due(when, before);
    in = ahead;
    return due ? std::optional{phrase(*due, by, false)} : std::nullopt;
}

}  // namespace okpay::desk
