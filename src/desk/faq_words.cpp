// SPDX-License-Identifier: Apache-2.0
#include "desk/faq_words.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace okpay::desk {
namespace {

// Other words for the same, the first stands for all. Longer ones first where one holds another.
struct Same {
    std::string_view word;
    std::array<std::string_view, 8> others;
};
constexpr std::array same_words{
    Same{"twofactor",
         {"two-factor authentication", "two factor authentication", "2-step verification", "two-step verification",
          "authenticator app", "two-factor", "two factor", "2fa"}},
    Same{"twofactor", {"authenticator", "two-step", "双重验证", "两步验证", "雙重驗證", "兩步驟驗證", "二次验证", "验证器"}},
    Same{"topup", {"top-up", "top up", "add money", "add funds", "deposit", "充值", "加值", "储值"}},
    Same{"topup", {"儲值", "入金", "put money", "load money", "topping up", "toping up", "充錢", "充钱"}},
    Same{"withdraw", {"withdrawals", "withdrawal", "withdrawing", "cash out", "cashout", "提现", "提現", "取现"}},
    Same{"withdraw", {"提款", "提领", "提領", "取款", "payout", "取錢", "取钱", "pay out"}},
    Same{"fee", {"charges for", "costs", "cost", "手续费", "手續費", "费用", "費用", "收费"}},
    Same{"fee", {"收費", "commission", "pricing", "tariff", "费率", "費率", "rates", "how expensive"}},
    Same{"limit", {"maximum", "限额", "限額", "额度", "額度", "上限", "最多", "max"}},
    Same{"refund", {"money back", "退款", "退钱", "退錢", "refunded", "refunds", "退回", "reimbursement"}},
    Same{"send", {"transferring", "transfers", "transfer", "转账", "轉帳", "转帐", "汇款", "匯款"}},
    Same{"identity",
         {"identity verification", "verify my identity", "kyc", "实名认证", "實名認證", "身份验证", "身分驗證", "身份认证"}},
    Same{"statement", {"account history", "对账单", "對帳單", "账单明细", "流水", "帳單明細", "月结单", "對賬單"}},
    Same{"contact", {"get in touch", "reach you", "联系", "聯絡", "聯繫", "phone number", "hotline", "客服电话"}},
    Same{"hours",
         {"opening times", "opening hours", "business hours", "服务时间", "服務時間", "营业时间", "營業時間", "工作时间"}},
    Same{"closeaccount",
         {"close my account", "delete my account", "close account", "delete account", "close an account", "注销账户",
          "註銷帳戶", "销户"}},
    Same{"closeaccount",
         {"关闭账户", "關閉帳戶", "注销", "註銷", "closing my account", "cancel my account", "删除账户", "刪除帳戶"}},
    Same{"phishing", {"fake mail", "fake email", "scam mail", "钓鱼", "釣魚", "假邮件", "诈骗邮件", "詐騙郵件"}},
    Same{"card", {"bank card", "credit card", "debit card", "银行卡", "信用卡", "銀行卡", "金融卡", "cards"}},
    Same{"mail", {"e-mail address", "email address", "e-mail", "email", "邮箱", "信箱", "電子郵件", "电子邮件"}},
    Same{"password", {"passcode", "密码", "密碼", "passwords", "pass word", "登录密码", "登入密碼", "口令"}},
    Same{"exchange", {"convert", "currency conversion", "换汇", "換匯", "兑换", "兌換", "外币兑换", "exchanging"}},
    Same{"locked", {"blocked", "frozen", "suspended", "锁定", "冻结", "鎖定", "凍結", "locked out"}},
    Same{"duplicate",
         {"charged twice", "double charge", "charged two times", "重复扣款", "扣了两次", "重複扣款", "扣了兩次", "扣两次"}},
    Same{"howlong",
         {"how long does", "how long will", "how long", "how soon", "how many days", "多久", "多长时间", "多長時間"}},
    Same{"howlong", {"几天", "幾天", "什么时候", "什麼時候", "何时", "何時", "when will", "when do"}},
    Same{"howmuch", {"how much does", "how much", "how high", "多少钱", "多少錢", "多少", "what does it", "怎么收"}},
};

// English: words that stand in any question.
constexpr auto small_words = std::to_array<std::string_view>(
    {"a",        "about",      "all",   "also",   "am",    "an",   "and",     "any",       "are",       "as",
     "at",       "be",         "been",  "before", "but",   "by",   "can",     "could",     "dear",      "did",
     "do",       "does",       "for",   "from",   "get",   "give", "going",   "good",      "had",       "has",
     "have",     "hello",      "help",  "hey",    "hi",    "how",  "i",       "if",        "im",        "in",
     "into",     "is",         "it",    "its",    "just",  "know", "like",    "may",       "me",        "morning",
     "my",       "need",       "of",    "okpay",  "on",    "one",  "or",      "our",       "please",    "possible",
     "question", "questions",  "quick", "should", "so",    "some", "support", "team",      "tell",      "thank",
     "thanks",   "that",       "the",   "their",  "them",  "then", "there",   "they",      "this",      "to",
     "up",       "us",         "want",  "was",    "we",    "were", "what",    "whats",     "where",     "which",
     "who",      "will",       "wish",  "with",   "would", "you",  "your",    "afternoon", "wondering", "ask",
     "let",      "understand", "user",  "using"});

// Chinese: what stands between the words that tell. Longer ones first.
constexpr auto small_han = std::to_array<std::string_view>(
    {"请问一下", "想问一下", "麻烦问一下", "想請問", "想请问", "请问",   "請問",   "您好",     "你好", "谢谢",   "謝謝",
     "麻烦",     "麻煩",     "怎么样",     "怎麼樣", "怎么办", "怎麼辦", "怎么",   "怎麼",     "怎样", "怎樣",   "如何",
     "什么",     "什麼",     "哪里",       "哪裡",   "可以",   "能否",   "能不能", "可不可以", "是否", "是不是", "需要",
     "一下",     "你们",     "您们",       "你們",   "我们",   "我們",   "多谢",   "多謝",     "客服", "想要",   "知道",
     "了解",     "瞭解",     "问题",       "問題",   "有没有", "有沒有", "的",     "了",       "吗",   "嗎",     "呢",
     "吧",       "啊",       "呀",         "我",     "你",     "您",     "是",     "在",       "有",   "要",     "想",
     "请",       "請",       "把",         "被",     "就",     "都",     "会",     "會",       "能"});

struct Point {
    char32_t value;
    std::size_t octets;
};
Point point_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) < 0x80) return {byte(0), 1};
    if (byte(0) < 0xE0 && at + 1 < text.size()) return {((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
    if (byte(0) < 0xF0 && at + 2 < text.size())
        return {((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU), 3};
    if (at + 3 < text.size()) return {0x10000, 4};
    return {0xFFFD, 1};
}
bool is_han(char32_t c) { return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x10000; }
bool is_word_octet(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Small letters; full-width signs narrow; apostrophes gone; what is neither letter, digit, hyphen nor Han is a blank.
std::string folded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Point point = point_at(text, at);
        char32_t c = point.value;
        if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c == '\'' || c == 0x2019) {
            // "don't" is one word
        } else if (c < 0x80) {
            const char sign = static_cast<char>(c);
            out += is_word_octet(sign) || sign == '-' ? sign : ' ';
        } else if (is_han(c)) {
            out += text.substr(at, point.octets);
        } else if (c >= 0xC0 && c < 0x2000) {
            out += text.substr(at, point.octets);  // letters of other alphabets
        } else {
            out += ' ';
        }
        at += point.octets;
    }
    return out;
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t octets) {
    const bool latin = is_word_octet(text[at]);
    if (!latin) return true;
    const bool before = at == 0 || !is_word_octet(text[at - 1]);
    const std::size_t end = at + octets;
    return before && (end == text.size() || !is_word_octet(text[end]));
}

void replace_all(std::string& text, std::string_view words, std::string_view by) {
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at)) {
        if (!stands_alone(text, at, words.size())) {
            at += words.size();
            continue;
        }
        text.replace(at, words.size(), by);
        at += by.size();
    }
}

std::string with_one_word_each(std::string text) {
    for (const Same& same : same_words) {
        for (const std::string_view other : same.others) {
            if (!other.empty()) replace_all(text, other, std::string{" "}.append(same.word).append(" "));
        }
    }
    return text;
}

// "withdrawing", "countries": the end says nothing here. Rough, the same for both sides.
std::string stem(std::string word) {
    const auto ends = [&](std::string_view end, std::size_t left) {
        return word.size() >= end.size() + left && word.ends_with(end);
    };
    if (ends("ies", 3)) return word.replace(word.size() - 3, 3, "y");
    if (ends("ing", 4)) word.resize(word.size() - 3);
    else if (ends("ed", 4)) word.resize(word.size() - 2);
    else if (ends("s", 3) && !word.ends_with("ss") && !word.ends_with("us")) word.resize(word.size() - 1);
    if (word.size() > 4 && word.ends_with("e")) word.resize(word.size() - 1);
    return word;
}

void add(std::vector<std::string>& terms, std::string term) {
    if (std::ranges::find(terms, term) == terms.end()) terms.push_back(std::move(term));
}

void add_han(std::vector<std::string>& terms, std::string_view run) {
    std::vector<std::string_view> signs;
    for (std::size_t at = 0; at < run.size();) {
        const std::size_t octets = point_at(run, at).octets;
        signs.push_back(run.substr(at, octets));
        at += octets;
    }
    if (signs.size() == 1) return add(terms, std::string{signs.front()});
    for (std::size_t i = 0; i + 1 < signs.size(); ++i) { add(terms, std::string{signs[i]}.append(signs[i + 1])); }
}

// Of one line: how many words, Chinese characters counted as half a word each.
std::size_t words_in(std::string_view line) {
    std::size_t words = 0, han = 0;
    const std::string text = folded(line);
    for (std::size_t at = 0; at < text.size();) {
        const Point point = point_at(text, at);
        if (is_han(point.value)) ++han;
        if (is_word_octet(text[at]) && (at == 0 || !is_word_octet(text[at - 1]))) ++words;
        at += point.octets;
    }
    return words + (han + 1) / 2;
}

constexpr auto closings = std::to_array<std::string_view>(
    {"thanks",      "thank you",    "best", "regards", "kind regards", "cheers", "sincerely", "yours",    "many thanks",
     "best wishes", "warm regards", "谢谢", "謝謝",    "多谢",         "多謝",   "此致",      "敬礼",     "敬禮",
     "祝好",        "顺祝",         "順頌", "顺颂",    "麻烦了",       "感谢",   "感謝",      "sent from"});
constexpr auto openings =
    std::to_array<std::string_view>({"hi", "hello", "dear", "hey", "good morning", "good afternoon", "good evening", "您好",
                                     "你好", "尊敬的", "亲爱的", "親愛的", "to whom", "greetings", "客服", "各位"});

bool begins_with_any(std::string_view line, std::span<const std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) {
        return line.starts_with(word) && (line.size() == word.size() || !is_word_octet(line[word.size()]));
    });
}

// What has happened, what is feared, what would command. English with blanks around, as folded() leaves it.
constexpr auto case_words = std::to_array<std::string_view>(
    {" not received ",  " not arrived ",  " havent ",       " hasnt ",       " didnt ",        " never ",
     " still ",         " stolen ",       " hacked ",       " fraud ",       " scam ",         " scammed ",
     " twice ",         " unauthorised ", " unauthorized ", " wrong ",       " missing ",      " lost ",
     " complaint ",     " complain ",     " ignore ",       " instruction ", " instructions ", " prompt ",
     " error ",         " failed ",       " fails ",        " declined ",    " rejected ",     " urgent ",
     " police ",        " lawyer ",       " yesterday ",    " last week ",   " i sent ",       " i paid ",
     " i was charged ", " disappeared ",  " wont ",         " doesnt work ", " cant log ",     " cannot log ",
     " not working ",   " someone ",      " somebody ",     " my money ",    " days ago ",     " not me ",
     " unknown ",       " system ",       " assistant ",    " override ",    " transfer all ", " send all ",
     " immediately ",   " my wife ",      " my husband ",   " charged me ",  " took ",         " taken ",
     " this morning ",  " bug "});
constexpr auto case_han = std::to_array<std::string_view>(
    {"没收到", "沒收到", "还没",     "還沒",     "未到账",   "未到帳",   "没到账", "沒到帳", "被盗",     "被盜",     "盗刷",
     "盜刷",   "重复",   "重複",     "两次",     "兩次",     "扣了",     "不是我", "诈骗",   "詐騙",     "骗了",     "騙了",
     "错误",   "錯誤",   "失败",     "失敗",     "被锁",     "被鎖",     "投诉",   "投訴",   "丢了",     "丟了",     "忽略",
     "指令",   "昨天",   "前天",     "今早",     "上周",     "上週",     "不见了", "不見了", "报警",     "報警",     "律师",
     "律師",   "登不上", "登录不了", "无法登录", "無法登入", "打不开",   "打不開", "一直",   "为什么我", "為什麼我", "陌生",
     "可疑",   "尽快",   "盡快",     "立即转",   "系统提示", "系統提示", "马上"});

}  // namespace

std::vector<std::string> faq_terms(std::string_view text) {
    std::string words = with_one_word_each(folded(text));
    for (const std::string_view small : small_han) replace_all(words, small, " ");
    std::vector<std::string> terms;
    for (std::size_t at = 0; at < words.size();) {
        const Point point = point_at(words, at);
        std::size_t end = at;
        if (is_han(point.value)) {
            while (end < words.size() && is_han(point_at(words, end).value)) end += point_at(words, end).octets;
            add_han(terms, std::string_view{words}.substr(at, end - at));
        } else if (is_word_octet(words[at]) || point.octets > 1) {
            while (end < words.size() && words[end] != ' ' && words[end] != '-' && !is_han(point_at(words, end).value))
                end += point_at(words, end).octets;
            std::string word = words.substr(at, end - at);
            if (std::ranges::find(small_words, word) == small_words.end()) add(terms, stem(std::move(word)));
        } else {
            end = at + 1;
        }
        at = std::max(end, at + 1);
    }
    return terms;
}

bool is_han_term(std::string_view term) { return !term.empty() && is_han(point_at(term, 0).value); }

std::string without_courtesy(std::string_view mail) {
    std::vector<std::string_view> lines;
    for (const std::string_view line : split(mail, '\n')) {
        if (!trimmed(line).empty()) lines.push_back(trimmed(line));
    }
    constexpr std::size_t greeting_words_max = 5, name_words_max = 4;
    const auto asks = [](std::string_view line) { return line.ends_with('?') || line.ends_with("？"); };
    if (!lines.empty() && begins_with_any(ascii_lower(lines.front()), openings) && !asks(lines.front()) &&
        words_in(lines.front()) <= greeting_words_max)
        lines.erase(lines.begin());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool closes = begins_with_any(ascii_lower(lines[i]), closings) && words_in(lines[i]) <= greeting_words_max;
        const bool only_names = std::ranges::all_of(std::span{lines}.subspan(i + 1),
                                                    [](std::string_view line) { return words_in(line) <= name_words_max; });
        if (!closes || !only_names || lines.size() - i > 4) continue;
        lines.resize(i);
        break;
    }
    // A name alone below a question.
    if (lines.size() > 1 && words_in(lines.back()) <= 3 && !asks(lines.back()) && asks(lines[lines.size() - 2]))
        lines.pop_back();
    std::string left;
    for (const std::string_view line : lines) left.append(line).append("\n");
    return left;
}

bool tells_a_case(std::string_view mail) {
    std::string words{" "};
    for (const char c : folded(mail)) {
        if (c != ' ' || words.back() != ' ') words += c == '-' ? ' ' : c;
    }
    words += ' ';
    const auto stands = [&](std::string_view word) { return words.contains(word); };
    return std::ranges::any_of(case_words, stands) || std::ranges::any_of(case_han, stands);
}

bool one_letter_apart(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    std::size_t same = 0;
    while (same < a.size() && a[same] == b[same]) ++same;
    const std::string_view rest_a = a.substr(same), rest_b = b.substr(same);
    if (a.size() != b.size()) return rest_a == rest_b.substr(1);
    if (rest_a.size() <= 1 || rest_a.substr(1) == rest_b.substr(1)) return true;
    return rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace okpay::desk
