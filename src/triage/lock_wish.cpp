// SPDX-License-Identifier: Apache-2.0
#include "triage/lock_wish.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

constexpr std::size_t octets_read_max = 8U << 10U;

template <std::size_t N>
bool is_one_of(const std::array<string_view, N>& words, string_view word) {
    return std::ranges::find(words, word) != words.end();
}
template <std::size_t N>
bool holds_one_of(string_view text, const std::array<string_view, N>& words) {
    return std::ranges::any_of(words, [text](string_view word) { return text.contains(word); });
}

constexpr std::array<string_view, 4> verbs{"lock", "freeze", "block", "suspend"};
constexpr std::array<string_view, 3> objects{"account", "wallet", "accounts"};
constexpr std::array<string_view, 3> own{"my", "our", "mine"};
constexpr std::array<string_view, 10> lead_ins{"please", "kindly", "pls",  "immediately", "urgently",
                                               "just",   "now",    "help", "asap",        "also"};
constexpr std::array<string_view, 6> wishes{"want", "need", "like", "wish", "ask", "request"};
constexpr std::array<string_view, 4> askings{"can", "could", "would", "will"};
// Anywhere in the sentence they make it something else than a wish.
constexpr std::array<string_view, 26> spoilers{"not",    "don't",   "dont",   "don’t",   "never", "why",    "how",
                                               "if",     "when",    "unless", "whether", "what",  "cannot", "can't",
                                               "can’t",  "said",    "says",   "told",    "scam",  "email",  "message",
                                               "claims", "instead", "no",     "without", "stop"};

// Letters and apostrophes; everything else ends a word.
std::vector<string_view> words_of(string_view sentence) {
    std::vector<string_view> words;
    std::size_t begin = 0;
    const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || c == '\'' || c < 0; };
    for (std::size_t i = 0; i <= sentence.size(); ++i) {
        if (i < sentence.size() && is_part(sentence[i])) continue;
        if (i > begin) words.push_back(sentence.substr(begin, i - begin));
        begin = i + 1;
    }
    return words;
}

// What stands before the verb at `at`: the beginning, a "please", "I want to", "could you".
bool is_led_in(const std::vector<string_view>& words, std::size_t at) {
    if (at == 0) return true;
    const string_view before = words[at - 1];
    if (is_one_of(lead_ins, before)) return at < 2 || is_led_in(words, at - 1) || words[at - 2] == "you";
    if (before == "you") return at >= 2 && is_one_of(askings, words[at - 2]);
    if (before != "to" || at < 2) return false;
    if (is_one_of(wishes, words[at - 2])) return std::ranges::find(words, "i") != words.end();
    return at >= 3 && words[at - 2] == "you" && is_one_of(wishes, words[at - 3]);
}

bool is_spoilt(string_view sentence) {
    return std::ranges::any_of(words_of(sentence), [](string_view word) { return is_one_of(spoilers, word); });
}

// Of a sentence, or of one of its clauses, that nothing spoils.
bool asks_in_english(string_view clause) {
    const auto words = words_of(clause);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!is_one_of(verbs, words[i]) || !is_led_in(words, i)) continue;
        bool mine = false;
        for (std::size_t j = i + 1; j < words.size() && j <= i + 4; ++j) {
            mine = mine || is_one_of(own, words[j]);
            if (mine && is_one_of(objects, words[j])) return true;
        }
    }
    return false;
}

constexpr std::array<string_view, 12> chinese_verbs{"锁定", "鎖定", "冻结", "凍結", "锁上",   "鎖上",
                                                    "锁住", "鎖住", "封锁", "封鎖", "锁一下", "鎖一下"};
constexpr std::array<string_view, 9> chinese_objects{"账户", "帳戶", "账号", "帳號", "帐户", "帐号", "賬戶", "賬號", "钱包"};
constexpr std::array<string_view, 14> chinese_leads{"请",   "請",   "帮我", "幫我", "麻烦", "麻煩", "我要",
                                                    "我想", "立即", "立刻", "马上", "馬上", "申请", "申請"};
constexpr std::array<string_view, 24> chinese_spoilers{"不要", "别",   "別",   "勿",   "为什么", "為什麼", "为何", "為何",
                                                       "怎么", "怎麼", "如何", "如果", "吗",     "嗎",     "被",   "解除",
                                                       "解锁", "解鎖", "解冻", "解凍", "了",     "假如",   "不想", "？"};

bool asks_in_chinese(string_view clause) {
    return clause.contains("我") && holds_one_of(clause, chinese_verbs) && holds_one_of(clause, chinese_objects) &&
           holds_one_of(clause, chinese_leads) && !holds_one_of(clause, chinese_spoilers);
}

bool asks(string_view text) {
    std::string plain = ascii_lower(utf8_prefix(text, octets_read_max));
    constexpr std::array<string_view, 4> full_stops{"。", "！", "；", "，"};
    for (const string_view stop : full_stops) {
        for (auto at = plain.find(stop); at != std::string::npos; at = plain.find(stop, at)) {
            plain.replace(at, stop.size(), stop == "，" ? "," : "\n");
        }
    }
    for (auto at = plain.find("？"); at != std::string::npos; at = plain.find("？", at + 4)) {
        plain.insert(at + std::string_view{"？"}.size(), "\n");  // stays, and spoils its clause
    }
    std::string sentence;
    for (std::size_t i = 0; i <= plain.size(); ++i) {
        const char c = i < plain.size() ? plain[i] : '\n';
        const bool ends = c == '\n' || c == '.' || c == '!' || c == ';' || c == ':' || c == '?';
        if (!ends) {
            sentence += c;
            continue;
        }
        // A question is none, but "could you please lock my account?" is as polite as people are. What spoils a sentence
        // spoils all of it: "if I lose my phone, lock my account".
        const bool spoilt = is_spoilt(sentence);
        if (!spoilt && asks_in_english(sentence)) return true;
        for (const string_view clause : split(sentence, ',')) {
            if (asks_in_chinese(clause) || (!spoilt && asks_in_english(clause))) return true;
        }
        sentence.clear();
    }
    return false;
}

}  // namespace

bool asks_to_lock_own_account(const Message& message) {
    if (message.machine_mail || message.hidden_html) return false;
    const std::string subject = ascii_lower(trimmed(message.subject));
    const bool own_subject = !subject.starts_with("re:") && !subject.starts_with("fw") && !subject.contains("[ok-");
    return asks(message.new_text) || (own_subject && asks(message.subject));
}

}  // namespace okpay::triage
