// SPDX-License-Identifier: Apache-2.0
// How people name a day in folded text: from today on, by its month, its weekday, its number.
#pragma once

#include <array>
#include <string_view>

#include "triage/impl/clock_times.hpp"

namespace okpay::triage {

struct RelativeDay {
    std::string_view word;
    int offset;
    Part part;
};
inline constexpr std::array relative_days{RelativeDay{"今天", 0, Part::none},
                                          RelativeDay{"今日", 0, Part::none},
                                          RelativeDay{"今早", 0, Part::morning},
                                          RelativeDay{"今晨", 0, Part::morning},
                                          RelativeDay{"今朝", 0, Part::morning},
                                          RelativeDay{"今晚", 0, Part::evening},
                                          RelativeDay{"今儿", 0, Part::none},
                                          RelativeDay{"昨天", -1, Part::none},
                                          RelativeDay{"昨日", -1, Part::none},
                                          RelativeDay{"昨晚", -1, Part::evening},
                                          RelativeDay{"昨夜", -1, Part::evening},
                                          RelativeDay{"昨儿", -1, Part::none},
                                          RelativeDay{"寻日", -1, Part::none},
                                          RelativeDay{"琴日", -1, Part::none},
                                          RelativeDay{"琴晚", -1, Part::evening},
                                          RelativeDay{"寻晚", -1, Part::evening},
                                          RelativeDay{"前晚", -2, Part::evening},
                                          RelativeDay{"大前日", -3, Part::none},
                                          RelativeDay{"听晚", 1, Part::evening},
                                          RelativeDay{"前天", -2, Part::none},
                                          RelativeDay{"前日", -2, Part::none},
                                          RelativeDay{"大前天", -3, Part::none},
                                          RelativeDay{"明天", 1, Part::none},
                                          RelativeDay{"明日", 1, Part::none},
                                          RelativeDay{"明早", 1, Part::morning},
                                          RelativeDay{"明晚", 1, Part::evening},
                                          RelativeDay{"听日", 1, Part::none},
                                          RelativeDay{"后天", 2, Part::none},
                                          RelativeDay{"大后天", 3, Part::none},
                                          RelativeDay{"刚才", 0, Part::none},
                                          RelativeDay{"刚刚", 0, Part::none},
                                          RelativeDay{"刚转", 0, Part::none},
                                          RelativeDay{"刚付", 0, Part::none},
                                          RelativeDay{"刚刷", 0, Part::none},
                                          RelativeDay{"刚买", 0, Part::none},
                                          RelativeDay{"刚充", 0, Part::none},
                                          RelativeDay{"从上午", 0, Part::none},
                                          RelativeDay{"从早上", 0, Part::none},
                                          RelativeDay{"早上", 0, Part::morning},
                                          RelativeDay{"从下午", 0, Part::none},
                                          RelativeDay{"today", 0, Part::none},
                                          RelativeDay{"this morning", 0, Part::morning},
                                          RelativeDay{"this afternoon", 0, Part::afternoon},
                                          RelativeDay{"this lunchtime", 0, Part::noon},
                                          RelativeDay{"this evening", 0, Part::evening},
                                          RelativeDay{"tonight", 0, Part::evening},
                                          RelativeDay{"just now", 0, Part::none},
                                          RelativeDay{"yesterday", -1, Part::none},
                                          RelativeDay{"yesterday morning", -1, Part::morning},
                                          RelativeDay{"yesterday afternoon", -1, Part::afternoon},
                                          RelativeDay{"yesterday evening", -1, Part::evening},
                                          RelativeDay{"last night", -1, Part::evening},
                                          RelativeDay{"day before yesterday", -2, Part::none},
                                          RelativeDay{"the day before yesterday", -2, Part::none},
                                          RelativeDay{"tomorrow", 1, Part::none},
                                          RelativeDay{"day after tomorrow", 2, Part::none},
                                          RelativeDay{"the day after tomorrow", 2, Part::none}};

// Where the day itself is meant and not its season.
struct Holiday {
    std::string_view word;
    int month, day;
};
inline constexpr std::array holidays{Holiday{"元旦那天", 1, 1},     Holiday{"元旦当天", 1, 1},
                                     Holiday{"双十一那", 11, 11},   Holiday{"双十一当", 11, 11},
                                     Holiday{"双十一晚", 11, 11},   Holiday{"双十一凌晨", 11, 11},
                                     Holiday{"双11当", 11, 11},     Holiday{"双11那", 11, 11},
                                     Holiday{"国庆当天", 10, 1},    Holiday{"国庆节当天", 10, 1},
                                     Holiday{"国庆节那天", 10, 1},  Holiday{"圣诞节那天", 12, 25},
                                     Holiday{"圣诞节当天", 12, 25}, Holiday{"平安夜", 12, 24}};

inline constexpr std::array<std::string_view, 24> month_names{"jan",       "feb",     "mar",      "apr",      "may",
                                                              "jun",       "jul",     "aug",      "sep",      "oct",
                                                              "nov",       "dec",     "january",  "february", "march",
                                                              "april",     "may",     "june",     "july",     "august",
                                                              "september", "october", "november", "december"};
inline constexpr std::array<std::string_view, 18> weekday_names{"monday",   "tuesday", "wednesday", "thursday", "friday",
                                                                "saturday", "sunday",  "mon",       "tue",      "wed",
                                                                "thu",      "fri",     "sat",       "sun",      "tues",
                                                                "weds",     "thurs",   "thur"};
inline constexpr std::array<std::string_view, 31> spelt_days{
    "first",         "second",       "third",         "fourth",       "fifth",        "sixth",          "seventh",
    "eighth",        "ninth",        "tenth",         "eleventh",     "twelfth",      "thirteenth",     "fourteenth",
    "fifteenth",     "sixteenth",    "seventeenth",   "eighteenth",   "nineteenth",   "twentieth",      "twenty-first",
    "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh", "twenty-eighth",
    "twenty-ninth",  "thirtieth",    "thirty-first"};

}  // namespace okpay::triage
