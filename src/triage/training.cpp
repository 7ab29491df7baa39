// SPDX-License-Identifier: Apache-2.0
#include "triage/training.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "triage/impl/classify.hpp"
#include "triage/impl/sheet.hpp"
#include "triage/impl/talk.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

struct Slot {
    string_view name;
    std::array<string_view, 8> english, chinese;
};
constexpr std::array slots{
    Slot{"amt",
         {"$42.90", "€120", "35 euros", "£1,250.00", "HK$380", "1200 USD", "19.99", "¥5,000"},
         {"128元", "￥66.50", "三百块", "2000块", "HK$450", "NT$1,200", "一万二", "59.9元"}},
    Slot{"date",
         {"yesterday", "last Tuesday", "on 3 November", "this morning", "on Friday", "two days ago", "last week", "11/05"},
         {"昨天", "上周二", "11月3号", "今天早上", "周五", "前天", "上个月底", "11/05"}},
    Slot{"time",
         {"9:40", "14:05", "noon", "2 am", "8.30 pm", "23:10", "3 o'clock", "17:48"},
         {"早上9点", "下午三点", "14:05", "中午", "凌晨两点", "晚上8点半", "17:48", "昨晚"}},
    Slot{"shop",
         {"Tesco", "the bakery", "Lidl", "BookNook", "your partner shop", "Steam", "my gym", "FreshMart"},
         {"美团", "便利店", "淘宝", "全家", "超市", "星巴克", "健身房", "京东"}},
    Slot{"name",
         {"Emma", "Mr. Klein", "Ravi", "Olivia Brown", "my neighbour", "Chen Wei", "Ahmed", "Sofia"},
         {"王芳", "李强", "小陈", "张经理", "阿明", "刘女士", "陈先生", "老周"}},
    Slot{"place",
         {"Spain", "Tokyo", "Nigeria", "Berlin", "Canada", "Dubai", "Poland", "Sydney"},
         {"日本", "广州", "泰国", "台北", "美国", "香港", "新疆", "德国"}},
    Slot{"cur",
         {"EUR", "dollars", "yen", "GBP", "Swiss francs", "CNY", "HKD", "pounds"},
         {"美元", "日元", "欧元", "港币", "台币", "英镑", "人民币", "韩元"}},
    Slot{"id",
         {"TXN48812093", "A-77120", "202611030042", "OKP8831240", "88412-A77", "INV-20931", "TX-55012", "7731209981"},
         {"TXN48812093", "2026110388120045", "CZ20261105777", "A2026110255", "OKP8831240", "W20261102000371", "88412",
          "DD9920011"}},
    Slot{"req",
         {"OK-7F3K9Q2", "OK-2M8XW4T", "number 48213", "OK-9PQ3R7A", "OK-7F3K9Q2", "OK-4H2JK8M", "#5512", "OK-6T5VW2X"},
         {"OK-7F3K9Q2", "OK-2M8XW4T", "OK-9PQ3R7A", "OK-4H2JK8M", "OK-6T5VW2X", "48213", "OK-8B3CD5E", "OK-3N7PQ9R"}},
    Slot{"error",
         {"E5021", "system busy", "limit check failed", "unknown error 77", "ERR-3007", "please try again later",
          "invalid state", "PAY-4102"},
         {"系统繁忙", "E5021", "交易失败", "ERR-3007", "请稍后再试", "网络异常", "风险拦截", "PAY-4102"}},
    Slot{"last4",
         {"4242", "0021", "8812", "1357", "9034", "6688", "2750", "3319"},
         {"4242", "6688", "1357", "8812", "0021", "9034", "2750", "3319"}},
    Slot{"newvalue",
         {"dana.new@example.org", "+44 7700 900123", "12 Rose Lane, Bristol", "j.doe@example.com", "0151 555 0133",
          "77 Harbour Street, Galway", "tom@example.net", "4 Mill Road, Leeds"},
         {"13912345678", "chenlu@example.org", "上海市浦东新区花木路12号", "0912345678", "wang@example.com",
          "台北市信義區松高路1號", "+852 6123 4567", "北京市朝阳区建国路8号"}},
};

// A stream of choices that hangs on the text alone (FNV-1a, then xorshift).
class Chooser {
public:
    Chooser(string_view text, std::uint64_t variant) {
        for (const char c : text) state_ = (state_ ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
        state_ = (state_ ^ (variant + 1)) * 0x100000001B3U;
        state_ |= 1U;
        for (int i = 0; i < 3; ++i) of(2);
    }
    std::size_t of(std::size_t count) {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return static_cast<std::size_t>((state_ >> 11U) % count);
    }

private:
    std::uint64_t state_ = 0xCBF29CE484222325U;
};

bool is_chinese(string_view line) {
    for (std::size_t at = 0; at < line.size();) {
        const CodePoint c = code_point_at(line, at);
        if (is_han(c.value)) return true;
        at += c.octets;
    }
    return false;
}

struct Written {
    std::string text;
    std::size_t choices = 1;  // how many different texts the line can become, at least
};

std::optional<Written> written(string_view line, Chooser& choose, bool chinese) {
    Written to;
    for (std::size_t at = 0; at < line.size();) {
        const string_view rest = line.substr(at);
        if (rest.starts_with("\\n")) {
            to.text += '\n';
            at += 2;
        } else if (rest.front() == '{') {
            const auto end = rest.find('}');
            if (end == string_view::npos) return std::nullopt;
            const auto slot = std::ranges::find(slots, rest.substr(1, end - 1), &Slot::name);
            if (slot == slots.end()) return std::nullopt;
            const auto& values = chinese ? slot->chinese : slot->english;
            to.text += values[choose.of(values.size())];
            to.choices *= 2;
            at += end + 1;
        } else if (rest.front() == '(' && rest.find('|') < rest.find(')')) {
            const auto end = rest.find(')');
            if (end == string_view::npos) return std::nullopt;
            const auto parts = split(rest.substr(1, end - 1), '|');
            const string_view part = parts[choose.of(parts.size())];
            const auto slot_begin = part.find('{');
            if (slot_begin == string_view::npos) {
                to.text += part;
            } else {
                const auto inner = written(part, choose, chinese);
                if (!inner) return std::nullopt;
                to.text += inner->text;
            }
            to.choices *= parts.size();
            at += end + 1;
        } else {
            to.text += rest.front();
            ++at;
        }
    }
    return to;
}

string_view one_of(std::span<const string_view> list, Chooser& choose) { return list[choose.of(list.size())]; }

Talk talk_of(bool chinese) { return chinese ? chinese_talk() : english_talk(); }

// The text as the matter of a mail: short, with a greeting and some closing words.
std::string dressed(string_view text, Chooser& choose, bool chinese) {
    const Talk talk = talk_of(chinese);
    std::string mail;
    const string_view joint = choose.of(2) == 0 ? "\n" : (chinese ? "" : " ");
    const auto add = [&](string_view part) {
        if (!mail.empty() && !part.empty()) mail += joint;
        mail += part;
    };
    const auto remark = [&] { add(written(one_of(talk.remarks, choose), choose, chinese)->text); };
    add(one_of(talk.openings, choose));
    if (choose.of(3) != 0) remark();
    add(text);
    if (choose.of(4) == 0) remark();
    add(one_of(talk.closings, choose));
    return "\n" + mail;
}

// The text somewhere in a long mail that speaks of much else, under a subject of its own or one that says little.
std::string told_at_length(string_view text, Chooser& choose, bool chinese) {
    const Talk talk = talk_of(chinese);
    constexpr std::size_t remarks_before = 4;  // at most
    constexpr std::size_t remarks_after = 5;
    const auto line_end = text.find('\n');
    std::string mail{line_end == string_view::npos ? (choose.of(4) == 0 ? "" : one_of(talk.subjects, choose))
                                                   : text.substr(0, line_end)};
    const auto body = line_end == string_view::npos ? text : text.substr(line_end + 1);
    mail += '\n';
    mail += one_of(talk.openings, choose);
    const auto add = [&](string_view part) {
        mail += choose.of(3) == 0 ? string_view{"\n\n"} : chinese ? string_view{} : string_view{" "};
        mail += part;
    };
    const auto remark = [&] { add(written(one_of(talk.remarks, choose), choose, chinese)->text); };
    for (std::size_t i = choose.of(remarks_before + 1); i > 0; --i) remark();
    add(body);
    for (std::size_t i = choose.of(remarks_after + 1); i > 0; --i) remark();
    mail += '\n';
    mail += one_of(talk.closings, choose);
    return mail;
}

Example labelled(string_view text, std::size_t label, std::uint32_t group) {
    const auto line_end = text.find('\n');
    Example example = line_end == string_view::npos ? category_example("", text)
                                                    : category_example(text.substr(0, line_end), text.substr(line_end + 1));
    example.labels = {static_cast<std::uint16_t>(label)};
    example.group = group;
    return example;
}

std::uint32_t next_group(const std::vector<Example>& examples) { return examples.empty() ? 0 : examples.back().group + 1; }

}  // namespace

Example category_example(string_view subject, string_view body) {
    Example example;
    example.text = std::string{subject}.append("\n").append(body);
    const Sheet sheet{example.text};
    example.concepts = concepts_of(findings_of(sheet.text()));
    return example;
}

std::optional<TrainingFault> append_examples(string_view file, std::vector<Example>& to) {
    constexpr std::size_t variants_max = 3;
    constexpr std::size_t story_octets = 200;
    std::optional<std::size_t> label;
    const std::vector<std::string> labels = label_names();
    std::size_t number = 0;
    for (const string_view whole : split(file, '\n')) {
        ++number;
        const string_view line = trimmed(whole);
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with('=')) {
            const auto found = std::ranges::find(labels, trimmed(line.substr(1)));
            if (found == labels.end()) return TrainingFault{number, "no such category, or no such kind of it"};
            label = static_cast<std::size_t>(found - labels.begin());
            continue;
        }
        if (!label) return TrainingFault{number, "a text before the first category"};
        const bool chinese = is_chinese(line);
        const std::uint32_t group = next_group(to);
        std::vector<std::string> texts;
        std::size_t variants = 1;
        for (std::size_t variant = 0; variant < variants; ++variant) {
            Chooser choose{line, variant};
            auto one = written(line, choose, chinese);
            if (!one) return TrainingFault{number, "a group or slot that does not close, or an unknown slot"};
            // A story is one of its kind: what its choices change is little beside what they cost.
            variants = line.size() < story_octets ? std::min(variants_max, one->choices) : 1;
            if (std::ranges::find(texts, one->text) == texts.end()) texts.push_back(std::move(one->text));
        }
        const bool whole_mail = line.find("\\n") != string_view::npos;
        const auto category = static_cast<Category>(*label);  // or a kind, which is neither of these
        const bool by_machine = category == Category::auto_generated || category == Category::spam;
        if (!by_machine) {
            Chooser choose{line, variants_max};
            const std::string plain = texts.back();
            if (!whole_mail) texts.push_back(dressed(plain, choose, chinese));
            texts.push_back(told_at_length(plain, choose, chinese));
        }
        for (const std::string& text : texts) {
            to.push_back(labelled(text, *label, group));
            to.back().weight = 1.F / std::sqrt(static_cast<float>(texts.size()));
        }
    }
    return std::nullopt;
}

std::optional<TrainingFault> append_labelled_lines(string_view file, std::vector<Example>& to) {
    std::size_t number = 0;
    for (const string_view line : split(file, '\n')) {
        ++number;
        if (trimmed(line).empty() || line.starts_with('#')) continue;
        const auto tab = line.find('\t');
        const auto category = category_of_name(line.substr(0, tab));
        if (tab == string_view::npos || !category) return TrainingFault{number, "not a category, a tab and a text"};
        std::string text;
        for (std::size_t at = tab + 1; at < line.size(); ++at) {
            const bool line_end = line.substr(at).starts_with("\\n");
            text += line_end ? '\n' : line[at];
            at += line_end ? 1 : 0;
        }
        to.push_back(labelled(text, static_cast<std::size_t>(*category), next_group(to)));
    }
    return std::nullopt;
}

// A line that comes with the program is told in several ways, a mail that somebody corrected in one; and it is the house's.
constexpr float desk_weight = 4;

bool append_labelled(string_view subject, string_view body, Category category, std::vector<Example>& to) {
    if (trimmed(subject).empty() && trimmed(body).empty()) return false;
    Example one = category_example(subject, body);
    one.labels = {static_cast<std::uint16_t>(category)};
    one.group = next_group(to);
    one.weight = desk_weight;
    to.push_back(std::move(one));
    return true;
}

LearnOptions category_options() {
    LearnOptions options;
    options.penalty = 0.02;
    options.weight_min = 0.05;
    options.groups_min = 3;
    // The lexicon is a voice among others: in a long mail its weak lines are found by chance, and at a full share they drown
    // the words.
    options.shares = {1.F, 1.F, 0.1F};
    options.folds_measured = 1;
    return options;
}

Model learn_categories(std::span<const Example> examples) { return learn(examples, label_names(), category_options()); }

}  // namespace okpay::triage
