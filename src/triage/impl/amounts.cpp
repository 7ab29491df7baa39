// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/amounts.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "money/money.hpp"
#include "triage/impl/identifiers.hpp"
#include "triage/impl/scan.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

struct CurrencyWord {
    string_view word, code;  // "¥", "元" and "$" stand for what the text decides
};
constexpr std::array prefixes{CurrencyWord{"¥", "¥"},        CurrencyWord{"us$", "USD"},  CurrencyWord{"hk$", "HKD"},
                              CurrencyWord{"nt$", "TWD"},    CurrencyWord{"s$", "SGD"},   CurrencyWord{"a$", "AUD"},
                              CurrencyWord{"au$", "AUD"},    CurrencyWord{"c$", "CAD"},   CurrencyWord{"ca$", "CAD"},
                              CurrencyWord{"mop$", "MOP"},   CurrencyWord{"$", "$"},      CurrencyWord{"€", "EUR"},
                              CurrencyWord{"£", "GBP"},      CurrencyWord{"₩", "KRW"},    CurrencyWord{"₹", "INR"},
                              CurrencyWord{"฿", "THB"},      CurrencyWord{"usd", "USD"},  CurrencyWord{"eur", "EUR"},
                              CurrencyWord{"gbp", "GBP"},    CurrencyWord{"cny", "CNY"},  CurrencyWord{"rmb", "CNY"},
                              CurrencyWord{"hkd", "HKD"},    CurrencyWord{"jpy", "JPY"},  CurrencyWord{"twd", "TWD"},
                              CurrencyWord{"ntd", "TWD"},    CurrencyWord{"sgd", "SGD"},  CurrencyWord{"aud", "AUD"},
                              CurrencyWord{"cad", "CAD"},    CurrencyWord{"krw", "KRW"},  CurrencyWord{"chf", "CHF"},
                              CurrencyWord{"mop", "MOP"},    CurrencyWord{"bhd", "BHD"},  CurrencyWord{"人民币", "CNY"},
                              CurrencyWord{"港币", "HKD"},   CurrencyWord{"港元", "HKD"}, CurrencyWord{"港纸", "HKD"},
                              CurrencyWord{"新台币", "TWD"}, CurrencyWord{"台币", "TWD"}, CurrencyWord{"美元", "USD"},
                              CurrencyWord{"美金", "USD"},   CurrencyWord{"欧元", "EUR"}, CurrencyWord{"日元", "JPY"},
                              CurrencyWord{"日币", "JPY"},   CurrencyWord{"英镑", "GBP"}, CurrencyWord{"澳门币", "MOP"}};
constexpr std::array suffixes{CurrencyWord{"元", "元"},
                              CurrencyWord{"圆", "元"},
                              CurrencyWord{"块钱", "元"},
                              CurrencyWord{"块", "元"},
                              CurrencyWord{"元人民币", "CNY"},
                              CurrencyWord{"人民币", "CNY"},
                              CurrencyWord{"元整", "元"},
                              CurrencyWord{"蚊", "HKD"},
                              CurrencyWord{"港元", "HKD"},
                              CurrencyWord{"港币", "HKD"},
                              CurrencyWord{"元港币", "HKD"},
                              CurrencyWord{"台币", "TWD"},
                              CurrencyWord{"新台币", "TWD"},
                              CurrencyWord{"元台币", "TWD"},
                              CurrencyWord{"美元", "USD"},
                              CurrencyWord{"美金", "USD"},
                              CurrencyWord{"美刀", "USD"},
                              CurrencyWord{"刀", "USD"},
                              CurrencyWord{"欧元", "EUR"},
                              CurrencyWord{"欧", "EUR"},
                              CurrencyWord{"日元", "JPY"},
                              CurrencyWord{"日币", "JPY"},
                              CurrencyWord{"円", "JPY"},
                              CurrencyWord{"英镑", "GBP"},
                              CurrencyWord{"韩元", "KRW"},
                              CurrencyWord{"韩币", "KRW"},
                              CurrencyWord{"澳元", "AUD"},
                              CurrencyWord{"加元", "CAD"},
                              CurrencyWord{"新币", "SGD"},
                              CurrencyWord{"瑞郎", "CHF"},
                              CurrencyWord{"rmb", "CNY"},
                              CurrencyWord{"cny", "CNY"},
                              CurrencyWord{"yuan", "CNY"},
                              CurrencyWord{"usd", "USD"},
                              CurrencyWord{"dollars", "USD"},
                              CurrencyWord{"dollar", "USD"},
                              CurrencyWord{"bucks", "USD"},
                              CurrencyWord{"us dollars", "USD"},
                              CurrencyWord{"$", "$"},
                              CurrencyWord{"eur", "EUR"},
                              CurrencyWord{"euro", "EUR"},
                              CurrencyWord{"euros", "EUR"},
                              CurrencyWord{"€", "EUR"},
                              CurrencyWord{"£", "GBP"},
                              CurrencyWord{"gbp", "GBP"},
                              CurrencyWord{"pounds", "GBP"},
                              CurrencyWord{"pound", "GBP"},
                              CurrencyWord{"quid", "GBP"},
                              CurrencyWord{"yen", "JPY"},
                              CurrencyWord{"jpy", "JPY"},
                              CurrencyWord{"hkd", "HKD"},
                              CurrencyWord{"hk dollars", "HKD"},
                              CurrencyWord{"hong kong dollars", "HKD"},
                              CurrencyWord{"twd", "TWD"},
                              CurrencyWord{"ntd", "TWD"},
                              CurrencyWord{"sgd", "SGD"},
                              CurrencyWord{"aud", "AUD"},
                              CurrencyWord{"cad", "CAD"},
                              CurrencyWord{"chf", "CHF"},
                              CurrencyWord{"francs", "CHF"},
                              CurrencyWord{"krw", "KRW"},
                              CurrencyWord{"won", "KRW"},
                              CurrencyWord{"mop", "MOP"},
                              CurrencyWord{"bhd", "BHD"}};

constexpr std::array<string_view, 29> amount_labels{"金额为",    "金额是",     "金额",   "总额",     "数额",   "amount of",
                                                    "amount is", "amount was", "amount", "total of", "total",  "sum of",
                                                    "充值了",    "充值",       "提现了", "提现",     "转账了", "转账",
                                                    "转了",      "付了",       "扣了",   "充了",     "提了",   "支付了",
                                                    "支付",      "付款",       "扣款",   "提领",     "退款"};

struct Number {
    std::string decimal;  // "1280.5"
    std::size_t end;
    bool spoken = false;  // in Chinese numerals
};

void shift(std::string& decimal, std::size_t places) {  // times ten to the places
    auto point = decimal.find('.');
    if (point == std::string::npos) point = decimal.size();
    else decimal.erase(point, 1);
    if (decimal.size() < point + places) decimal.resize(point + places, '0');
    if (point + places < decimal.size()) decimal.insert(point + places, ".");
}

// Digits, "." and "," into one decimal. The last separator before one or two digits parts the fraction, as does one
// that follows another kind; before three digits it groups.
std::optional<std::string> decimal_of(string_view written) {
    const auto last = written.find_last_of(".,");
    std::string decimal;
    if (last == string_view::npos) return std::string{written};
    const std::size_t behind = written.size() - last - 1;
    const bool mixed = written.substr(0, last).find_first_of(".,") != string_view::npos &&
                       written.substr(0, last).find(written[last]) == string_view::npos;
    const bool fraction = behind != 3 || mixed || written[0] == '0';
    if (fraction && std::ranges::count(written, written[last]) > 1) return std::nullopt;  // 1.2.3, a version
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (is_digit(written[i])) decimal += written[i];
        else if (fraction && i == last) decimal += '.';
    }
    return decimal;
}

std::optional<Number> digits_at(string_view text, std::size_t at) {
    constexpr std::size_t octets_max = 20;
    if (!is_digit(text[at])) return std::nullopt;
    std::size_t end = at;
    while (end < text.size()) {
        const bool separates = (text[end] == '.' || text[end] == ',') && end + 1 < text.size() && is_digit(text[end + 1]);
        if (!is_digit(text[end]) && !separates) break;
        ++end;
    }
    if (end - at > octets_max) return std::nullopt;
    const auto decimal = decimal_of(text.substr(at, end - at));
    if (!decimal) return std::nullopt;
    Number number{*decimal, end};
    if (text.substr(end).starts_with("万")) {
        shift(number.decimal, 4);
        number.end += string_view{"万"}.size();
    } else if (text.substr(end).starts_with("千")) {
        shift(number.decimal, 3);
        number.end += string_view{"千"}.size();
    } else if (text.substr(end).starts_with("k") && !(end + 1 < text.size() && is_word(text[end + 1]))) {
        shift(number.decimal, 3);
        ++number.end;
    }
    return number;
}

std::optional<Number> number_at(string_view text, std::size_t at) {
    if (at >= text.size()) return std::nullopt;
    if (auto digits = digits_at(text, at)) return digits;
    const auto spoken = chinese_number_at(text, at);
    if (!spoken || spoken->value == 0) return std::nullopt;
    return Number{std::to_string(spoken->value), spoken->end, true};
}

template <std::size_t n>
const CurrencyWord* currency_at(string_view text, std::size_t at, const std::array<CurrencyWord, n>& words) {
    const CurrencyWord* best = nullptr;
    for (const CurrencyWord& word : words) {
        if (!text.substr(at).starts_with(word.word) || (best != nullptr && best->word.size() >= word.word.size())) continue;
        const std::size_t end = at + word.word.size();
        if (is_letter(word.word.front()) && at > 0 && is_letter(text[at - 1])) continue;
        if (is_letter(word.word.back()) && end < text.size() && is_letter(text[end])) continue;
        best = &word;
    }
    return best;
}

class Reader {
public:
    Reader(string_view text, string_view language) : text_{text}, language_{language} {}

    std::vector<StatedAmount> run() {
        for (std::size_t at = 0; at < text_.size();) {
            const std::size_t end = amount_at(at);
            at = end > at ? end : at + 1;
        }
        return std::move(amounts_);
    }

private:
    [[nodiscard]] bool has(string_view word) const { return text_.find(word) != string_view::npos; }

    [[nodiscard]] string_view code_of(const CurrencyWord& word) const {
        if (word.code == "¥")
            return language_ == "ja" || has("yen") || has("円") || has("日元") || has("jpy") ? "JPY" : "CNY";
        if (word.code == "$") return language_ == "zh-Hant" ? "" : "USD";
        if (word.code != "元") return word.code;
        if (has("港币") || has("hkd") || has("hk$") || has("港元")) return "HKD";
        if (has("台币") || has("twd") || has("nt$")) return "TWD";
        return "CNY";
    }

    // Returns the end of the amount at `at`, or `at`.
    std::size_t amount_at(std::size_t at) {
        if (const CurrencyWord* prefix = currency_at(text_, at, prefixes)) {
            std::size_t begin = skip_spaces(text_, at + prefix->word.size());
            if (begin < text_.size() && text_[begin] == ':') begin = skip_spaces(text_, begin + 1);
            if (auto number = number_at(text_, begin)) {
                const std::size_t end = with_coins(*number);
                add(number->decimal, code_of(*prefix));
                return end;
            }
        }
        if (const auto label = word_at(text_, at, amount_labels)) return labelled_amount(at, *label);
        if (is_cut(at)) return at;
        auto number = number_at(text_, at);
        if (!number) return at;
        const std::size_t suffix_at = skip_spaces(text_, number->end);
        const CurrencyWord* suffix = suffix_at < text_.size() ? currency_at(text_, suffix_at, suffixes) : nullptr;
        if (suffix == nullptr || is_other_thing(*number, *suffix, suffix_at)) return number->end;
        const std::size_t end = with_coins(*number);
        add(number->decimal, code_of(*suffix));
        return end;
    }

    [[nodiscard]] bool is_cut(std::size_t at) const {  // the middle of a longer number or word
        return at > 0 && is_digit(text_[at]) &&
               (is_word(text_[at - 1]) ||
                (at > 1 && (text_[at - 1] == '.' || text_[at - 1] == '-') && is_word(text_[at - 2])));
    }

    // 元旦, 两块手表, 一欧洲: the word that looks like a currency belongs to something else.
    [[nodiscard]] bool is_other_thing(const Number& number, const CurrencyWord& suffix, std::size_t suffix_at) const {
        const string_view behind = text_.substr(suffix_at + suffix.word.size());
        if (suffix.word == "元" && (behind.starts_with("旦") || behind.starts_with("素") || behind.starts_with("件")))
            return true;
        if (suffix.word == "欧" && (behind.starts_with("洲") || number.spoken)) return true;
        if (suffix.word == "won" && number.decimal.size() < 4) return true;
        if (suffix.word == "块" && number.spoken && number.decimal.size() == 1) {
            for (const string_view ends : {",", ".", "。", "!", "的", "多", "被", "没", "钱", "五", "半"}) {
                if (behind.starts_with(ends)) return false;
            }
            return !behind.empty();
        }
        return false;
    }

    // 128块5, 三块五毛, 12元5角: what follows the unit. Returns the end of all.
    std::size_t with_coins(Number& number) const {
        std::size_t end = skip_spaces(text_, number.end);
        const CurrencyWord* unit = end < text_.size() ? currency_at(text_, end, suffixes) : nullptr;
        if (unit == nullptr) return number.end;
        end += unit->word.size();
        if (unit->code != "元" || number.decimal.find('.') != std::string::npos || unit->word == "块钱") return end;
        const auto coins = end < text_.size() ? number_at(text_, end) : std::nullopt;
        if (!coins || coins->decimal.size() > 2) return end;
        const string_view behind = text_.substr(coins->end);
        const bool named = behind.starts_with("毛") || behind.starts_with("角");
        const bool bare = unit->word == "块" && coins->decimal.size() == 1 && !counts_something(behind) &&
                          (coins->spoken || !behind.starts_with("."));
        if (!named && !bare) return end;
        number.decimal += "." + coins->decimal;
        return coins->end + (named ? string_view{"毛"}.size() : 0);
    }

    [[nodiscard]] static bool counts_something(string_view behind) {
        for (const string_view counter :
             {"次",  "笔",    "天",      "个",    "张",    "分",       "小时",         "月",       "日",    "号",
              "年",  "点",    "%",       ":",     "-",     "/",        "单",           "遍",       "周",    "件",
              "位",  "人",    "秒",      "回",    "条",    "份",       "倍",           "折",       "times", "days",
              "day", "hours", "minutes", "weeks", "cards", "accounts", "transactions", "payments", "am",    "pm"}) {
            if (behind.starts_with(counter)) return true;
        }
        return false;
    }

    std::size_t labelled_amount(std::size_t at, std::size_t label) {
        std::size_t begin = skip_spaces(text_, at + amount_labels[label].size());
        if (begin < text_.size() && text_[begin] == ':') begin = skip_spaces(text_, begin + 1);
        const std::size_t after_label = at + amount_labels[label].size();
        const auto number = begin < text_.size() ? digits_at(text_, begin) : std::nullopt;
        if (!number || number->decimal.size() < 2 || number->decimal.size() > 9) return after_label;
        const std::size_t behind = skip_spaces(text_, number->end);
        const bool has_currency = behind < text_.size() && currency_at(text_, behind, suffixes) != nullptr;
        if (has_currency || counts_something(text_.substr(behind))) return after_label;  // read from the number on
        if (number->end < text_.size() && is_word(text_[number->end])) return after_label;
        add(number->decimal, "");
        return number->end;
    }

    void add(const std::string& decimal, string_view code) {
        std::string value = decimal;
        if (const auto currency = money::currency_of_code(code)) {
            if (const auto money = money::Money::parse(decimal, *currency)) value = money->decimal();
        }
        add_once(amounts_, StatedAmount{std::move(value), std::string{code}});
    }

    string_view text_, language_;
    std::vector<StatedAmount> amounts_;
};

}  // namespace

std::vector<StatedAmount> amounts_of(const Sheet& sheet, std::string_view language) {
    return Reader{sheet.text(), language}.run();
}

}  // namespace okpay::triage
