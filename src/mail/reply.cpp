// SPDX-License-Identifier: Apache-2.0
#include "mail/reply.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace okpay::mail {
namespace {

constexpr std::string_view wide_colon = "：";

bool starts_with_any(std::string_view text, auto const& prefixes) {
    return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}
bool contains_any(std::string_view text, auto const& words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without(std::string_view text, std::string_view drop) {
    while (!text.empty() && drop.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    while (!text.empty() && drop.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
}

bool is_quote(std::string_view line) { return trimmed(line).starts_with('>'); }

std::string_view unquoted(std::string_view line) {
    line = trimmed(line);
    while (line.starts_with('>')) line = trimmed(line.substr(1));
    return line;
}

// The label in front of a colon, ASCII or full width, in lower case: "发件人", "from". Empty where there is none.
std::string label_of(std::string_view line) {
    line = without(unquoted(line), "*_ ");
    const auto narrow = line.find(':');
    const auto wide = line.find(wide_colon);
    const auto end = std::min(narrow, wide);
    if (end == std::string_view::npos || end == 0 || end > 24) return {};
    std::string label = ascii_lower(without(line.substr(0, end), "*_ "));
    std::erase(label, ' ');
    for (auto at = label.find("\xE3\x80\x80"); at != std::string::npos; at = label.find("\xE3\x80\x80")) {
        label.erase(at, 3);  // "主　题": an ideographic space
    }
    return label;
}

constexpr std::array from_labels{"from", "发件人", "發件人", "寄件者", "寄件人", "von", "de", "expéditeur", "差出人"};
constexpr std::array other_labels{
    "sent",   "date",   "to",       "cc",       "subject", "reply-to", "发送时间", "发送日期", "日期",
    "时间",   "收件人", "抄送",     "抄送人",   "主题",    "發送時間", "時間",     "收件者",   "副本",
    "主旨",   "主題",   "寄件日期", "傳送時間", "回复",    "gesendet", "an",       "datum",    "betreff",
    "envoyé", "à",      "objet",    "enviado",  "para",    "asunto",   "送信日時", "宛先",     "件名",
};

bool is_label(std::string_view label, auto const& labels) {
    return std::ranges::any_of(labels, [&](std::string_view known) { return known == label; });
}

using Lines = std::vector<std::string_view>;

// A block of header fields as a client writes them above the mail it quotes: "From:" and two more close behind.
bool is_header_block(const Lines& lines, std::size_t at) {
    if (!is_label(label_of(lines[at]), from_labels)) return false;
    std::size_t others = 0;
    for (std::size_t i = at + 1, seen = 0; i < lines.size() && seen < 7; ++i) {
        if (unquoted(lines[i]).empty()) continue;
        ++seen;
        if (is_label(label_of(lines[i]), other_labels)) ++others;
    }
    return others >= 2;
}

enum class Separator : std::uint8_t { none, original, forwarded };

// "-----Original Message-----", "---------- Forwarded message ---------", "原始邮件" between rules, and their cousins.
Separator separator(std::string_view line) {
    constexpr std::array forwards{"forwarded message", "forwarded by",     "begin forwarded message",
                                  "转发的邮件",        "转发邮件",         "开始转发的邮件",
                                  "以下是转发的邮件",  "以下是轉寄的郵件", "開始轉寄郵件",
                                  "轉寄郵件",          "已轉寄的郵件",     "被转发邮件",
                                  "转发邮件信息"};
    constexpr std::array originals{"original message",
                                   "original-nachricht",
                                   "original appointment",
                                   "reply message",
                                   "message d'origine",
                                   "mensaje original",
                                   "原始邮件",
                                   "原始郵件",
                                   "邮件原件",
                                   "原邮件",
                                   "原始信息",
                                   "回复的原邮件",
                                   "邮件原文",
                                   "ursprüngliche nachricht",
                                   "元のメッセージ"};
    const std::string_view bare = unquoted(line);
    if (bare.size() > 120) return Separator::none;
    const std::string_view unstarred = without(bare, "* ");
    const bool ruled = unstarred.starts_with("--") || unstarred.starts_with("==") || unstarred.starts_with("__");
    const std::string words = ascii_lower(without(bare, "-=_* :"));
    std::string_view text = words;
    if (text.ends_with(wide_colon)) text.remove_suffix(wide_colon.size());
    // Without a rule the line must be the phrase alone; with one something may follow ("Original Message from ...").
    const auto matches = [&](std::string_view phrase) {
        return ruled ? text.starts_with(phrase) : text == phrase && (bare.ends_with(':') || bare.ends_with(wide_colon));
    };
    if (std::ranges::any_of(forwards, matches)) return Separator::forwarded;
    if (std::ranges::any_of(originals, matches)) return Separator::original;
    return Separator::none;
}

bool names_a_time_or_person(std::string_view text) {
    if (text.find('@') != std::string_view::npos || text.find('<') != std::string_view::npos) return true;
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        run = is_digit(text[i]) ? run + 1 : 0;
        if (run == 4) return true;  // a year
        const bool clock = run > 0 && i + 2 < text.size() && text[i + 1] == ':' && is_digit(text[i + 2]);
        if (clock) return true;
    }
    return false;
}

// How many lines from `at` are an attribution, "On ..., X wrote:" or "在 ... 写道：", which clients wrap; 0 for none.
std::size_t attribution_lines(const Lines& lines, std::size_t at) {
    constexpr std::array verbs{
        "wrote:",   "wrote",    "writes:",   "写道:",       "写道：",   "寫道:",  "寫道：",    "a écrit :",
        "a écrit:", "schrieb:", "escribió:", "ha scritto:", "schreef:", "skrev:", "escreveu:", "さんは書きました:"};
    const std::string_view first = unquoted(lines[at]);
    if (first.empty() || first.size() > 400) return 0;
    std::string whole;
    for (std::size_t i = at; i < lines.size() && i < at + 4; ++i) {
        const std::string_view line = unquoted(lines[i]);
        if (line.empty() || (i > at && is_quote(lines[i]) != is_quote(lines[at]))) return 0;
        if (!whole.empty()) whole += ' ';
        whole += ascii_lower(line);
        const std::string_view bare = without(whole, "-* ");
        const bool ends = std::ranges::any_of(verbs, [&](std::string_view verb) {
            if (!bare.ends_with(verb)) return false;
            return verb != "wrote" || whole.starts_with("--");  // "---- On ... wrote ----"
        });
        const bool german = bare.starts_with("am ") && bare.ends_with(':') && bare.find(" schrieb ") != std::string::npos;
        // "2026-11-05 17:48 GMT+08:00 OKPay <help@pay.example>:" right above a marked quote needs no verb.
        const bool wordless = whole.ends_with(':') && whole.find('@') != std::string::npos && i + 1 < lines.size() &&
                              (is_quote(lines[i + 1]) || (i + 2 < lines.size() && is_quote(lines[i + 2])));
        if (!ends && !german && !wordless) continue;
        // A wrapped one must look like one from its first line on, or the sentence above it would be lost.
        constexpr std::array openers{"on ",  "at ", "le ", "am ", "el ", "il ", "op ",   "em ",
                                     "den ", "在 ", "在",  "于",  "於",  "-- ", "---- ", "--- "};
        const bool opens =
            starts_with_any(ascii_lower(first), openers) || names_a_time_or_person(first) || (is_digit(first.front()));
        return opens && names_a_time_or_person(whole) ? i - at + 1 : 0;
    }
    return 0;
}

// "Sent from my iPhone", "发自我的iPhone": one line that a device adds.
bool is_device_line(std::string_view line) {
    constexpr std::array starts{"sent from my ",
                                "sent from mail for ",
                                "sent from outlook",
                                "sent from yahoo",
                                "sent via ",
                                "sent with ",
                                "sent from proton",
                                "get outlook for ",
                                "sent from the ",
                                "sent from samsung",
                                "发自我的",
                                "发自我用的",
                                "發自我的",
                                "从我的",
                                "從我的",
                                "来自我的",
                                "寄自我的",
                                "以我的",
                                "发自 ",
                                "发自网易",
                                "获取 outlook",
                                "取得 outlook",
                                "下载 outlook",
                                "从 windows",
                                "從 windows",
                                "envoyé de mon ",
                                "von meinem ",
                                "enviado desde mi ",
                                "來自我的",
                                "从 qq邮箱"};
    constexpr std::array devices{"iphone",     "ipad",    "android", "outlook", "phone",  "手机",   "手機",
                                 "mail",       "邮箱",    "郵件",    "邮件",    "华为",   "huawei", "小米",
                                 "blackberry", "samsung", "galaxy",  "tablet",  "device", "平板",   "honor",
                                 "oppo",       "vivo",    "windows", "proton",  "yahoo",  "mobile", "htc",
                                 "nokia",      "ipod",    "mailbox", "airmail", "my cell"};
    const std::string low = ascii_lower(without(unquoted(line), "*_ ()[]-"));
    return low.size() < 100 && starts_with_any(low, starts) && contains_any(low, devices);
}

bool is_rule(std::string_view line) {  // the line Outlook draws above the quoted mail
    const std::string_view bare = trimmed(line);
    return bare.size() >= 10 &&
           (bare.find_first_not_of('_') == std::string_view::npos || bare.find_first_not_of('-') == std::string_view::npos);
}

class Splitter {
public:
    Splitter(std::string_view text, bool forwards) : lines_{split(text, '\n')}, forwards_{forwards} {}

    ReplyParts split_all() && {
        std::size_t at = 0;
        while (at < lines_.size() && at < lines_judged_max) at = step(at);
        for (; at < lines_.size(); ++at) add(fresh_, lines_[at]);
        return {.new_text = tidy(fresh_), .quoted_text = tidy(quoted_), .forwarded_text = tidy(forwarded_)};
    }

private:
    static constexpr std::size_t lines_judged_max = 5'000;  // a person writes fewer; the rest is taken as it is

    std::size_t step(std::size_t at) {
        const std::string_view line = lines_[at];
        const Separator found = separator(line);
        if (found == Separator::forwarded) return take_rest(at, forwarded_);
        if (found == Separator::original || is_header_block(lines_, at)) {
            return forwards_ ? take_rest(at, forwarded_) : take_quote(at, at + 1);
        }
        if (is_rule(line) && next_text(at + 1) < lines_.size() && is_header_block(lines_, next_text(at + 1))) {
            return step(next_text(at + 1));
        }
        if (const std::size_t count = attribution_lines(lines_, at); count > 0) return take_attributed(at, at + count);
        if (is_quote(line)) {
            add(quoted_, unquoted(line));
            return at + 1;
        }
        if (const std::size_t end = signature_end(at); end > at) return end;
        if (is_device_line(line)) return at + 1;
        add(fresh_, line);
        return at + 1;
    }

    // With nothing above and no marks, the answer may as well stand below the quote.
    std::size_t take_attributed(std::size_t at, std::size_t body) {
        const std::size_t next = next_text(body);
        const bool unmarked = next < lines_.size() && !is_quote(lines_[next]);
        if (!unmarked || !trimmed(fresh_).empty()) return take_quote(at, body);
        for (; at < body; ++at) add(quoted_, unquoted(lines_[at]));
        return body;
    }

    // Behind an attribution or a separator: where marked quotes follow, only they are quoted and answers between them
    // stay; otherwise nothing tells the rest apart from the quote.
    std::size_t take_quote(std::size_t at, std::size_t body) {
        std::size_t next = next_text(body);
        while (next < lines_.size() && !is_quote(lines_[next]) && is_label(label_of(lines_[next]), other_labels)) {
            next = next_text(next + 1);
        }
        if (next < lines_.size() && is_quote(lines_[next])) {
            for (; at < next; ++at) add(quoted_, unquoted(lines_[at]));
            return next;
        }
        // An attribution that is itself quoted says nothing about the lines that are not.
        if (is_quote(lines_[at])) {
            for (; at < body; ++at) add(quoted_, unquoted(lines_[at]));
            return body;
        }
        return take_rest(at, quoted_);
    }

    std::size_t take_rest(std::size_t at, std::string& to) {
        for (; at < lines_.size(); ++at) add(to, unquoted(lines_[at]));
        return at;
    }

    // RFC 3676 4.3: "-- " opens a signature. Clients lose the blank, so a bare "--" counts where little follows.
    std::size_t signature_end(std::size_t at) const {
        constexpr std::size_t signature_lines_max = 12;
        if (lines_[at] != "-- " && lines_[at] != "--" && trimmed(lines_[at]) != "—") return at;
        std::size_t end = at + 1;
        while (end < lines_.size() && end - at <= signature_lines_max && !is_quote(lines_[end]) &&
               attribution_lines(lines_, end) == 0 && separator(lines_[end]) == Separator::none &&
               !is_header_block(lines_, end)) {
            ++end;
        }
        return end - at <= signature_lines_max ? end : at;
    }

    std::size_t next_text(std::size_t at) const {
        while (at < lines_.size() && trimmed(lines_[at]).empty()) ++at;
        return at;
    }

    static void add(std::string& to, std::string_view line) {
        to += line;
        to += '\n';
    }

    // No blank lines at the ends and never two in a row.
    static std::string tidy(std::string_view text) {
        std::string result;
        bool gap = false;
        for (std::string_view line : split(text, '\n')) {
            while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
            if (line.empty()) {
                gap = !result.empty();
                continue;
            }
            if (!result.empty()) result += gap ? "\n\n" : "\n";
            gap = false;
            result += line;
        }
        return result;
    }

    Lines lines_;
    bool forwards_;
    std::string fresh_, quoted_, forwarded_;
};

constexpr std::array reply_prefixes{"re", "aw", "sv", "antw", "回复", "回覆", "答复", "答覆", "回信", "返信"};
constexpr std::array forward_prefixes{"fwd", "fw", "wg", "tr", "转发", "轉寄", "轉發", "转寄"};

struct Prefix {
    std::string_view word;
    std::size_t length;  // with its colon and the blanks behind
};
std::optional<Prefix> prefix_of(std::string_view subject) {
    const auto colon = std::min(subject.find(':'), subject.find(wide_colon));
    if (colon == std::string_view::npos || colon > 16) return std::nullopt;
    const bool wide = subject.compare(colon, wide_colon.size(), wide_colon) == 0;
    std::string_view word = trimmed(subject.substr(0, colon));
    if (const auto count = word.find_first_of("[("); count != std::string_view::npos && count > 0) {
        word = trimmed(word.substr(0, count));  // "Re[2]:"
    }
    std::size_t length = colon + (wide ? wide_colon.size() : 1);
    while (length < subject.size() && subject[length] == ' ') ++length;
    return Prefix{word, length};
}

bool is_prefix(std::string_view word, auto const& known) {
    return std::ranges::any_of(known, [&](std::string_view one) { return equal_ignoring_ascii_case(word, one); });
}

}  // namespace

ReplyParts split_reply(std::string_view text, bool forwards) { return Splitter{text, forwards}.split_all(); }

bool says_forward(std::string_view subject) {
    const auto prefix = prefix_of(trimmed(subject));
    return prefix && is_prefix(prefix->word, forward_prefixes);
}

std::string_view without_prefixes(std::string_view subject) {
    subject = trimmed(subject);
    for (auto prefix = prefix_of(subject);
         prefix && (is_prefix(prefix->word, reply_prefixes) || is_prefix(prefix->word, forward_prefixes));
         prefix = prefix_of(subject)) {
        subject.remove_prefix(prefix->length);
    }
    return subject;
}

}  // namespace okpay::mail
