// SPDX-License-Identifier: Apache-2.0
#include "desk/amount_words.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okpay::desk {
namespace {

using enum money::Currency;

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Where "元", "块" or "$" stand alone they may be any of several: an amount bound in one of these passes.
const std::vector<money::Currency> any_yuan{cny, twd, hkd, mop, usd, sgd, aud, cad, eur, jpy, krw};
const std::vector<money::Currency> any_dollar{usd, hkd, twd, sgd, aud, cad, mop};

std::string_view lower_code(money::Currency currency) {
    switch (currency) {
    case aud: return "aud";
    case bhd: return "bhd";
    case cad: return "cad";
    case cny: return "cny";
    case hkd: return "hkd";
    case jpy: return "jpy";
    case krw: return "krw";
    case mop: return "mop";
    case sgd: return "sgd";
    case chf: return "chf";
    case gbp: return "gbp";
    case usd: return "usd";
    case twd: return "twd";
    case eur: return "eur";
    }
    std::abort();
}

const std::vector<Unit>& units_before() {
    static const std::vector<Unit> units = [] {
        std::vector<Unit> all{
            {"us$", {usd}},    {"hk$", {hkd}},    {"nt$", {twd}},    {"au$", {aud}},    {"ca$", {cad}},
            {"sg$", {sgd}},    {"mop$", {mop}},   {"a$", {aud}},     {"c$", {cad}},     {"s$", {sgd}},
            {"cn¥", {cny}},    {"jp¥", {jpy}},    {"rmb￥", {cny}},  {"rmb¥", {cny}},   {"￥", {cny, jpy}},
            {"¥", {cny, jpy}}, {"€", {eur}},      {"£", {gbp}},      {"₩", {krw}},      {"$", any_dollar},
            {"rmb", {cny}},    {"人民币", {cny}}, {"人民幣", {cny}}, {"美元", {usd}},   {"美金", {usd}},
            {"港币", {hkd}},   {"港幣", {hkd}},   {"港元", {hkd}},   {"新台币", {twd}}, {"新台幣", {twd}},
            {"新臺幣", {twd}}, {"台币", {twd}},   {"台幣", {twd}},   {"欧元", {eur}},   {"歐元", {eur}},
            {"日元", {jpy}},   {"英镑", {gbp}},   {"英鎊", {gbp}},   {"₹", {}},         {"฿", {}},
            {"₽", {}},         {"₿", {}},
        };
        for (const money::Currency currency : money::all_currencies) all.push_back({lower_code(currency), {currency}});
        for (const std::string_view code :
             {"inr", "thb", "rub", "btc", "usdt", "brl", "mxn", "php", "idr", "vnd", "myr", "nzd"}) {
            all.push_back({code, {}});
        }
        return all;
    }();
    return units;
}

const std::vector<Unit>& units_behind() {
    static const std::vector<Unit> units = [] {
        std::vector<Unit> all{
            {"人民币", {cny}},
            {"人民幣", {cny}},
            {"元人民币", {cny}},
            {"元人民幣", {cny}},
            {"美元", {usd}},
            {"美金", {usd}},
            {"美刀", {usd}},
            {"港元", {hkd}},
            {"港币", {hkd}},
            {"港幣", {hkd}},
            {"新台币", {twd}},
            {"新台幣", {twd}},
            {"新臺幣", {twd}},
            {"台币", {twd}},
            {"台幣", {twd}},
            {"澳门元", {mop}},
            {"澳門元", {mop}},
            {"欧元", {eur}},
            {"歐元", {eur}},
            {"英镑", {gbp}},
            {"英鎊", {gbp}},
            {"日元", {jpy}},
            {"日圆", {jpy}},
            {"日圓", {jpy}},
            {"円", {jpy}},
            {"韩元", {krw}},
            {"韓元", {krw}},
            {"韓圜", {krw}},
            {"澳元", {aud}},
            {"加元", {cad}},
            {"新加坡元", {sgd}},
            {"新元", {sgd}},
            {"瑞士法郎", {chf}},
            {"巴林第纳尔", {bhd}},
            {"巴林第納爾", {bhd}},
            {"卢比", {}},
            {"泰铢", {}},
            {"元", any_yuan},
            {"圆", any_yuan},
            {"圓", any_yuan},
            {"块", any_yuan},
            {"塊", any_yuan},
            {"rmb", {cny}},
            {"yuan", {cny}},
            {"renminbi", {cny}},
            {"kuai", {cny}},
            {"dollar", any_dollar},
            {"dollars", any_dollar},
            {"bucks", any_dollar},
            {"euro", {eur}},
            {"euros", {eur}},
            {"pound", {gbp}},
            {"pounds", {gbp}},
            {"quid", {gbp}},
            {"yen", {jpy}},
            {"won", {krw}},
            {"franc", {chf}},
            {"francs", {chf}},
            {"dinar", {bhd}},
            {"dinars", {bhd}},
            {"cent", any_dollar, true},
            {"cents", any_dollar, true},
            {"€", {eur}},
            {"£", {gbp}},
            {"$", any_dollar},
            {"¥", {cny, jpy}},
            {"￥", {cny, jpy}},
            {"rupees", {}},
            {"baht", {}},
            {"rubles", {}},
        };
        for (const Unit& unit : units_before()) {
            if (unit.word.size() >= 3 && is_letter(unit.word.front()) && is_letter(unit.word.back()) && unit.word != "rmb") {
                all.push_back(unit);
            }
        }
        return all;
    }();
    return units;
}

constexpr std::array<std::string_view, 43> english_announcers{
    "refund",    "refunded",  "refunding", "refunds",  "returned", "returning",  "credited",  "credit",      "charged",
    "charge",    "paid",      "pay",       "payment",  "debited",  "debit",      "amount",    "amounting",   "balance",
    "total",     "totalling", "sum",       "received", "sent",     "send",       "transfer",  "transferred", "fee",
    "fees",      "cost",      "costs",     "price",    "worth",    "back",       "deposit",   "deposited",   "withdrew",
    "withdrawn", "collected", "deducted",  "taken",    "owe",      "reimbursed", "reimburse",
};
constexpr std::array<std::string_view, 21> english_connectors{
    "of",     "to",    "is",  "was",  "the", "you", "a",    "an",   "exactly", "about", "full",
    "amount", "total", "sum", "your", "for", "now", "been", "only", "just",    "all",
};
constexpr std::array<std::string_view, 27> chinese_announcers{
    "退款", "退还", "退還", "退回", "返还", "返還", "扣款", "扣除", "金额", "金額",   "余额",   "餘額", "支付", "付款",
    "收款", "到账", "到帳", "转账", "轉帳", "合计", "合計", "总计", "總計", "手续费", "手續費", "充值", "提现",
};
constexpr std::array<std::string_view, 6> chinese_announcers_of_one{"退", "扣", "付", "收", "转", "轉"};
constexpr std::array<std::string_view, 24> chinese_connectors{
    "给您", "給您", "了", "您", "是", "为", "為", "共", "约", "約", "到", "回",
    "的",   "给",   "給", "：", "，", "即", "已", "款", "「", "“",  "多", "费",
};
constexpr std::array<std::string_view, 54> other_counts{
    "%",  "％", "‰",  "天", "日", "号", "號", "月",     "年",   "小时", "小時", "分钟", "分鐘", "个", "個", "次", "笔", "筆",
    "位", "人", "份", "点", "點", "时", "時", "秒",     "周",   "週",   "倍",   "折",   "级",   "級", "项", "項", "件", "张",
    "張", "条", "條", "封", "楼", "樓", "期", "工作日", "位数", "字",   "步",   "种",   "種",   "家", "台", "°",  "℃",  "°c",
};
constexpr std::array<std::string_view, 60> english_counts{
    "day",     "days",    "hour",     "hours",     "minute",   "minutes",  "second",    "seconds",  "week",     "weeks",
    "month",   "months",  "year",     "years",     "business", "working",  "time",      "times",    "payment",  "payments",
    "charge",  "charges", "order",    "orders",    "of",       "purchase", "purchases", "request",  "requests", "percent",
    "per",     "am",      "pm",       "utc",       "gmt",      "st",       "nd",        "rd",       "th",       "jan",
    "january", "feb",     "february", "mar",       "march",    "apr",      "april",     "may",      "june",     "july",
    "aug",     "august",  "sep",      "september", "oct",      "october",  "nov",       "november", "dec",      "december",
};

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t size>
std::size_t ending_with(std::string_view text, const std::array<std::string_view, size>& words) {
    for (const std::string_view word : words) {
        if (text.ends_with(word)) return word.size();
    }
    return 0;
}

std::string_view without_trailing(std::string_view text, std::string_view dropped) {
    while (!text.empty() && dropped.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
}

}  // namespace

bool is_word_octet(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }

std::string_view last_word(std::string_view text) {
    std::size_t from = text.size();
    while (from > 0 && is_letter(text[from - 1])) --from;
    return text.substr(from);
}

std::string_view first_word(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_letter(text[end])) ++end;
    return text.substr(0, end);
}

const Unit* unit_ending(std::string_view text) {
    const Unit* found = nullptr;
    for (const Unit& unit : units_before()) {
        if (!text.ends_with(unit.word)) continue;
        const std::size_t before = text.size() - unit.word.size();
        const bool inside_word = is_letter(unit.word.front()) && before > 0 && is_word_octet(text[before - 1]);
        if (!inside_word && (found == nullptr || unit.word.size() > found->word.size())) found = &unit;
    }
    return found;
}

const Unit* unit_starting(std::string_view text) {
    const std::string_view word = first_word(text);
    const Unit* found = nullptr;
    for (const Unit& unit : units_behind()) {
        const bool fits = is_letter(unit.word.front()) ? unit.word == word : text.starts_with(unit.word);
        if (fits && (found == nullptr || unit.word.size() > found->word.size())) found = &unit;
    }
    return found;
}

bool announces_money(std::string_view text) {
    constexpr int words_between_max = 6;
    for (int count = 0; count < words_between_max; ++count) {
        text = without_trailing(text, " :=~*\"'(\t\r\n");
        const std::string_view word = last_word(text);
        if (!word.empty()) {
            if (is_one_of(word, english_announcers)) return true;
            if (!is_one_of(word, english_connectors)) return false;
            text.remove_suffix(word.size());
            continue;
        }
        if (ending_with(text, chinese_announcers) > 0 || ending_with(text, chinese_announcers_of_one) > 0) return true;
        const std::size_t connector = ending_with(text, chinese_connectors);
        if (connector == 0) return false;
        text.remove_suffix(connector);
    }
    return false;
}

bool counts_something_else(std::string_view text) {
    if (text.size() >= 2 && std::string_view{":-/"}.find(text[0]) != std::string_view::npos && is_word_octet(text[1]))
        return true;
    if (!text.empty() && (is_letter(text[0]) || text[0] == '_')) {
        return text[0] == '_' || is_one_of(first_word(text), english_counts);
    }
    if (text.starts_with(' ')) {
        text.remove_prefix(1);
        if (is_one_of(first_word(text), english_counts)) return true;
    }
    return std::any_of(other_counts.begin(), other_counts.end(), [text](std::string_view w) { return text.starts_with(w); });
}

}  // namespace okpay::desk
