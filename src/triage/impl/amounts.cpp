// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/amounts.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "money/money.hpp"
#include "triage/impl/currency_words.hpp"
#include "triage/impl/identifiers.hpp"
#include "triage/impl/scan.hpp"
#include "triage/impl/starts.hpp"

namespace okpay::triage {
namespace {

using std::string_view;

constexpr std::array<string_view, 99> amount_labels{
    "每笔",   "总价",      "收费",      "单价",       "价钱",   "各",       "电影票", "车票",   "门票",   "机票",
    "戏飞",   "金额为",    "金额是",    "金额",       "总额",   "数额",     "充值了", "充值",   "提现了", "提现",
    "转账了", "转账",      "转了",      "付了",       "扣了",   "充了",     "提了",   "支付了", "支付",   "付款",
    "扣款",   "提领",      "退款",      "少了",       "没了",   "不见了",   "总共",   "一共",   "共计",   "收了",
    "刷了",   "花了",      "存了",      "汇了",       "打了",   "转的",     "付的",   "充的",   "提的",   "刷的",
    "扣的",   "扣了我",    "收了我",    "花了我",     "扣我",   "收我",     "交了",   "交的",   "缴了",   "缴的",
    "还了",   "给了",      "转给",      "转过去",     "充进去", "捐了",     "捐的",   "畀咗",   "俾咗",   "过咗",
    "用咗",   "增咗",      "扣咗",      "收咗",       "各试",   "各充",     "各转",   "房租",   "租金",   "押金",
    "定金",   "订金",      "学费",      "货款",       "尾款",   "首付",     "车费",   "饭钱",   "票钱",   "会费",
    "工资",   "amount of", "amount is", "amount was", "amount", "total of", "total",  "sum of", "sum was"};

// Of these a bare number is an amount where the clause ends or goes on with what it was for: "it cost me 450 and", but not
// "paid 20 times".
constexpr std::array<string_view, 19> amount_verbs{"paid",      "pay",       "cost",        "costs",  "cost me",
                                                   "cost us",   "charged",   "charged me",  "sent",   "sent her",
                                                   "sent him",  "sent them", "transferred", "took",   "came to",
                                                   "price was", "price is",  "bill was",    "was for"};

constexpr std::array<string_view, 29> spelt{"a",        "one",      "two",      "three",   "four",    "five",
                                            "six",      "seven",    "eight",    "nine",    "ten",     "eleven",
                                            "twelve",   "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
                                            "eighteen", "nineteen", "twenty",   "thirty",  "forty",   "fifty",
                                            "sixty",    "seventy",  "eighty",   "ninety",  "hundred"};
constexpr std::size_t first_tens = 20;  // of `spelt`
constexpr std::size_t last_tens = 27;

enum Kind : Starts::Kinds { currency = 1, label = 2, numeral = 4 };
constexpr Starts starts = [] {
    Starts table;
    for (const CurrencyWord& prefix : currency_prefixes) table.add(prefix.word, currency);
    table.add(amount_labels, label);
    table.add(amount_verbs, label);
    table.add(chinese_numerals, numeral);
    table.add_digits(numeral);
    table.add("thousand", numeral);
    table.add(std::span{spelt}.subspan(1), numeral);  // "a hundred" is found at its second word
    return table;
}();

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

// 2千 behind 1万: value and end.
std::optional<std::pair<std::int64_t, std::size_t>> chinese_or_digit_thousands(string_view text, std::size_t at) {
    const std::size_t end = skip_digits(text, at);
    if (end - at != 1 || !text.substr(end).starts_with("千")) return std::nullopt;
    return std::pair{number_of(text.substr(at, 1)) * 1'000, end + string_view{"千"}.size()};
}

std::size_t million_end(string_view text, std::size_t at) {  // 0 where none stands there
    constexpr std::array<string_view, 3> words{"million", "mio", "百万"};
    const std::size_t begin = skip_spaces(text, at);
    const auto word = word_at(text, begin, words);
    return word ? begin + words[*word].size() : 0;
}

// The end of a run that is grouped by spaces or apostrophes: 1 299, 12'500'000. `at` is behind its first digits.
std::size_t grouped_end(string_view text, std::size_t begin, std::size_t at) {
    constexpr std::size_t group = 3;
    if (at - begin > group) return at;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\'')) {
        const std::size_t end = skip_digits(text, at + 1);
        if (end - at != group + 1) break;
        at = end;
    }
    return at;
}

// `grouped`: with groups parted by spaces, which only a currency beside them makes one number.
std::optional<Number> digits_at(string_view text, std::size_t at, bool grouped = false) {
    constexpr std::size_t octets_max = 20;
    if (!is_digit(text[at])) return std::nullopt;
    std::size_t end = skip_digits(text, at);
    if (grouped) end = grouped_end(text, at, end);
    while (end < text.size()) {
        const bool separates = (text[end] == '.' || text[end] == ',') && end + 1 < text.size() && is_digit(text[end + 1]);
        if (!is_digit(text[end]) && !separates) break;
        ++end;
    }
    if (end - at > octets_max) return std::nullopt;
    std::string written{text.substr(at, end - at)};
    std::erase_if(written, [](char c) { return c == ' ' || c == '\''; });
    const auto decimal = decimal_of(written);
    if (!decimal) return std::nullopt;
    Number number{*decimal, end};
    if (text.substr(end).starts_with(",-") || text.substr(end).starts_with(".-")) number.end += 2;  // 35,- €
    const bool alone = !(end + 1 < text.size() && is_word(text[end + 1]));
    if (text.substr(end).starts_with("万") || (text.substr(end).starts_with("w") && alone)) {
        shift(number.decimal, 4);
        number.end += text[end] == 'w' ? 1 : string_view{"万"}.size();
        const auto rest = number.end < text.size() ? chinese_or_digit_thousands(text, number.end) : std::nullopt;
        if (rest && number.decimal.find('.') == std::string::npos) {  // 1万2千
            number.decimal = std::to_string(number_of(number.decimal) + rest->first);
            number.end = rest->second;
        }
    } else if (const std::size_t million = million_end(text, end); million != 0) {
        shift(number.decimal, 6);
        number.end = million;
    } else if (text.substr(end).starts_with("千")) {
        shift(number.decimal, 3);
        number.end += string_view{"千"}.size();
    } else if (text.substr(end).starts_with("k") && alone) {
        shift(number.decimal, 3);
        ++number.end;
    }
    return number;
}

// fifty, twenty-five, one hundred and twenty, two thousand: only before a currency, which the caller looks for.
std::optional<Number> spelt_at(string_view text, std::size_t at) {
    std::int64_t total = 0;
    std::int64_t section = 0;
    std::size_t end = at;
    std::size_t next = at;
    constexpr int words_max = 12;
    for (int words = 0; words < words_max && next < text.size(); ++words) {
        const auto word = word_at(text, next, spelt);
        const bool thousand = !word && text.substr(next).starts_with("thousand");
        const bool article = word == 0 && next == at;  // "a dollar" is read from no place of its own
        if ((!word && !thousand) || article) break;
        if (thousand) {
            total += (section == 0 ? 1 : section) * 1'000;
            section = 0;
            end = next + string_view{"thousand"}.size();
        } else {
            end = next + spelt[*word].size();
            if (*word <= 1) section += 1;
            else if (*word > last_tens) section = (section == 0 ? 1 : section) * 100;
            else section += static_cast<std::int64_t>(*word >= first_tens ? (*word - first_tens + 2) * 10 : *word);
        }
        next = skip_spaces(text, end);
        if (next < text.size() && text[next] == '-') ++next;
        if (text.substr(next).starts_with("and ")) next += string_view{"and "}.size();
    }
    const std::int64_t value = total + section;
    if (value == 0) return std::nullopt;
    return Number{std::to_string(value), end, true};
}

bool followed_by_yuan(string_view text, std::size_t at) {
    return text.substr(at).starts_with("元") || text.substr(at).starts_with("块") || text.substr(at).starts_with("万");
}

std::optional<Number> number_at(string_view text, std::size_t at) {
    if (at >= text.size()) return std::nullopt;
    if (auto digits = digits_at(text, at)) return digits;
    if (is_letter(text[at])) return spelt_at(text, at);
    const auto spoken = chinese_number_at(text, at);
    if (!spoken || spoken->value == 0) return std::nullopt;
    Number number{std::to_string(spoken->value), spoken->end, true};
    constexpr string_view point = "点";  // 一百二十八点五
    if (text.substr(number.end).starts_with(point)) {
        const auto fraction =
            number.end + point.size() < text.size() ? chinese_number_at(text, number.end + point.size()) : std::nullopt;
        if (fraction && !fraction->has_unit && fraction->value < 100 && followed_by_yuan(text, fraction->end)) {
            number.decimal += "." + std::to_string(fraction->value);
            number.end = fraction->end;
        }
    }
    return number;
}

template <std::size_t n>
const CurrencyWord* currency_at(string_view text, std::size_t at, const std::array<CurrencyWord, n>& words) {
    const CurrencyWord* best = nullptr;
    for (const CurrencyWord& word : words) {
        if (!stands_at(text, at, word.word) || (best != nullptr && best->word.size() >= word.word.size())) continue;
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
            const Starts::Kinds kinds = starts.kinds_at(text_, at);
            const std::size_t end = kinds == 0 ? at : amount_at(at, kinds);
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
    std::size_t amount_at(std::size_t at, Starts::Kinds kinds) {
        const CurrencyWord* prefix = (kinds & currency) != 0 ? currency_at(text_, at, currency_prefixes) : nullptr;
        if (prefix != nullptr) {
            std::size_t begin = skip_spaces(text_, at + prefix->word.size());
            if (begin < text_.size() && text_[begin] == ':') begin = skip_spaces(text_, begin + 1);
            if (auto number = begin < text_.size() ? grouped_number_at(begin) : std::nullopt) {
                const std::size_t end = with_coins(*number);
                add(number->decimal, code_of(*prefix));
                const std::size_t second = range_end(number->end);  // $20-30
                if (second == 0) return end;
                const auto to = digits_at(text_, second);
                if (!to || is_cut_behind(to->end)) return end;
                add(to->decimal, code_of(*prefix));
                return to->end;
            }
        }
        if ((kinds & label) != 0) {
            if (const auto word = word_at(text_, at, amount_labels)) return labelled_amount(at, *word);
            if (const auto verb = word_at(text_, at, amount_verbs)) return amount_of_verb(at + amount_verbs[*verb].size());
        }
        if ((kinds & numeral) == 0 || is_cut(at)) return at;
        auto number = grouped_number_at(at);
        if (!number) return at;
        const std::size_t suffix_at = skip_to_currency(*number);
        const CurrencyWord* suffix = suffix_at < text_.size() ? currency_at(text_, suffix_at, currency_suffixes) : nullptr;
        if (suffix == nullptr) {
            if (const auto end = small_coins(at, *number)) return *end;
            if (const std::size_t second = range_end(number->end); second != 0 && is_digit(text_[at])) {  // 200到300元
                const auto to = digits_at(text_, second);
                const std::size_t unit_at = to ? skip_spaces(text_, to->end) : text_.size();
                const CurrencyWord* unit = unit_at < text_.size() ? currency_at(text_, unit_at, currency_suffixes) : nullptr;
                if (unit != nullptr) {
                    add(number->decimal, code_of(*unit));
                    add(to->decimal, code_of(*unit));
                    return to->end;
                }
            }
            if (is_bare_ten_thousands(at, *number)) add(number->decimal, code_of(CurrencyWord{"元", "元"}));
            else if (is_bare_cents(at, *number)) add(number->decimal, "");
            return number->end;
        }
        if (is_other_thing(*number, *suffix, suffix_at)) return number->end;
        const std::size_t end = with_coins(*number);
        add(number->decimal, code_of(*suffix));
        return end;
    }

    // With its groups where a currency stands beside it ("1 299,00 €"), else as far as it goes without.
    [[nodiscard]] std::optional<Number> grouped_number_at(std::size_t at) const {
        if (is_digit(text_[at])) {
            auto grouped = digits_at(text_, at, true);
            const std::size_t behind = grouped ? skip_spaces(text_, grouped->end) : text_.size();
            const bool named = behind < text_.size() && currency_at(text_, behind, currency_suffixes) != nullptr;
            const bool apostrophe = grouped && text_.substr(at, grouped->end - at).find('\'') != string_view::npos;
            if (named || apostrophe) return grouped;
        }
        return number_at(text_, at);
    }

    // 三百多块, 1299.00 (USD)
    [[nodiscard]] std::size_t skip_to_currency(const Number& number) const {
        std::size_t at = skip_spaces(text_, number.end);
        for (const string_view about : {"多", "来", "余", "几", "(", "-odd", "odd", "or so", "-ish"}) {
            if (!text_.substr(at).starts_with(about)) continue;
            const std::size_t behind = skip_spaces(text_, at + about.size());
            if (behind < text_.size() && currency_at(text_, behind, currency_suffixes) != nullptr) at = behind;
            break;
        }
        return at;
    }

    // 五毛钱, 5角
    std::optional<std::size_t> small_coins(std::size_t /*at*/, const Number& number) {
        if (number.decimal.size() != 1) return std::nullopt;
        for (const string_view coin : {"毛钱", "角钱"}) {
            if (!text_.substr(number.end).starts_with(coin)) continue;
            add("0." + number.decimal, code_of(CurrencyWord{"元", "元"}));
            return number.end + coin.size();
        }
        return std::nullopt;
    }

    // Where the second number of a range begins; 0 where none does.
    [[nodiscard]] std::size_t range_end(std::size_t at) const {
        for (const string_view joint : {"到", "至", "-", "~", "或", " or ", " to "}) {
            if (!text_.substr(at).starts_with(joint)) continue;
            const std::size_t next = at + joint.size();
            return next < text_.size() && is_digit(text_[next]) ? next : 0;
        }
        return 0;
    }
    [[nodiscard]] bool is_cut_behind(std::size_t at) const {
        return at < text_.size() && (is_word(text_[at]) || counts_something(text_.substr(skip_spaces(text_, at))));
    }

    [[nodiscard]] bool is_cut(std::size_t at) const {  // the middle of a longer number or word
        if (is_letter(text_[at])) return at > 0 && (is_word(text_[at - 1]) || text_[at - 1] == '-');
        return at > 0 && is_digit(text_[at]) &&
               (is_word(text_[at - 1]) ||
                (at > 1 && (text_[at - 1] == '.' || text_[at - 1] == '-') && is_word(text_[at - 2])));
    }

    // 转了1.2万, 扣我3万: whoever counts money in ten thousands leaves the unit out; people and steps keep theirs.
    [[nodiscard]] bool is_bare_ten_thousands(std::size_t at, const Number& number) const {
        const string_view written = text_.substr(at, number.end - at);
        const bool in_figures = is_digit(text_[at]) && (written.ends_with("万") || written.ends_with("w"));
        if (!in_figures && !(number.spoken && written.find("万", 1) != string_view::npos && ends_clause(number.end)))
            return false;
        const string_view behind = text_.substr(skip_spaces(text_, number.end));
        for (const string_view unit :
             {"步", "字", "粉", "名", "公里", "里程", "用户", "积分", "家", "台", "辆", "平", "吨", "客"}) {
            if (behind.starts_with(unit)) return false;
        }
        return !counts_something(behind);
    }

    [[nodiscard]] bool ends_clause(std::size_t at) const {
        const string_view behind = text_.substr(at);
        return behind.empty() || string_view{",.;!?)\n"}.find(behind.front()) != string_view::npos ||
               behind.starts_with("。") || behind.starts_with("、");
    }

    // "charged 24.00 twice", 扣了我两次38.50: cents say what it is, where money is spoken of.
    [[nodiscard]] bool is_bare_cents(std::size_t at, const Number& number) const {
        constexpr std::array<string_view, 34> spoken_of{"bought",  "sum",      "price",  "bill",   "total",  "买",
                                                        "票",      "单",       "charge", "paid",   "pay",    "payout",
                                                        "payment", "transfer", "withdr", "refund", "debit",  "deduct",
                                                        "took",    "taken",    "cost",   "top up", "topped", "topup",
                                                        "fee",     "balance",  "扣",     "付",     "收",     "转",
                                                        "退",      "提现",     "充值",   "费"};
        constexpr std::size_t near_octets = 40;
        const string_view written = text_.substr(at, number.end - at);
        const bool has_cents = is_digit(text_[at]) && written.size() > 3 &&
                               (written[written.size() - 3] == '.' || written[written.size() - 3] == ',');
        if (!has_cents || is_cut_behind(number.end)) return false;
        if (number.end < text_.size() &&
            (text_[number.end] == '.' || text_[number.end] == '-' || text_[number.end] == '/') &&
            number.end + 1 < text_.size() && is_digit(text_[number.end + 1])) {
            return false;  // a date, a version, an address
        }
        constexpr std::array<string_view, 4> clock{"at ", "around ", "about ", "version "};
        if (is_near_before(text_, at, 8, clock)) return false;
        const string_view behind = text_.substr(skip_spaces(text_, number.end));
        return behind.starts_with("each") || behind.starts_with("both") || is_near_before(text_, at, near_octets, spoken_of);
    }

    // 元旦, 两块手表, 一欧洲: the word that looks like a currency belongs to something else.
    [[nodiscard]] bool is_other_thing(const Number& number, const CurrencyWord& suffix, std::size_t suffix_at) const {
        const string_view behind = text_.substr(suffix_at + suffix.word.size());
        if (suffix.word == "元" && (behind.starts_with("旦") || behind.starts_with("素") || behind.starts_with("件")))
            return true;
        if (suffix.word == "欧" && (behind.starts_with("洲") || (number.spoken && number.decimal.size() < 2))) return true;
        if (suffix.word == "pounds" && behind.starts_with(" of ")) return true;  // of apples
        if (suffix.word == "¥" && number.spoken) return true;
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
        const CurrencyWord* unit = end < text_.size() ? currency_at(text_, end, currency_suffixes) : nullptr;
        if (unit == nullptr) return number.end;
        end += unit->word.size();
        if (unit->code != "元") {  // 62 euros and 40 cents, 12 dollars 50
            constexpr std::array<string_view, 2> words{"and", "cents"};
            std::size_t next = skip_spaces(text_, end);
            const auto joint = word_at(text_, next, words);
            if (joint == 0) next = skip_spaces(text_, next + words[0].size());
            const std::size_t cents_end = skip_digits(text_, next);
            const bool two = cents_end - next == 2 && is_letter(unit->word.back()) && unit->word.size() > 3;
            const bool named = text_.substr(skip_spaces(text_, cents_end)).starts_with("cent");
            const bool last = !joint && (cents_end >= text_.size() || text_[cents_end] == '\n');
            if (two && (named || last) && number.decimal.find('.') == std::string::npos) {
                number.decimal += "." + std::string{text_.substr(next, 2)};
                return cents_end;
            }
            return end;
        }
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

    std::size_t labelled_amount(std::size_t at, std::size_t word) {
        std::size_t begin = skip_spaces(text_, at + amount_labels[word].size());
        if (begin < text_.size() && text_[begin] == ':') begin = skip_spaces(text_, begin + 1);
        const std::size_t after_label = at + amount_labels[word].size();
        const auto number = bare_number_at(begin);
        if (!number) return after_label;
        const std::size_t behind = skip_spaces(text_, number->end);
        const bool has_currency = behind < text_.size() && currency_at(text_, behind, currency_suffixes) != nullptr;
        if (has_currency || counts_something(text_.substr(behind)) || is_bare_ten_thousands(begin, *number))
            return after_label;  // read from the number on
        if (number->end < text_.size() && is_word(text_[number->end])) return after_label;
        add(number->decimal, "");
        return number->end;
    }

    // Behind what says that it is money: digits, or a number as Chinese speak it (转了一千五). One figure alone counts
    // things.
    [[nodiscard]] std::optional<Number> bare_number_at(std::size_t begin) const {
        constexpr std::size_t figures_max = 9;
        if (begin >= text_.size() || is_letter(text_[begin])) return std::nullopt;
        auto number = number_at(text_, begin);
        if (!number || number->decimal.size() < 2 || number->decimal.size() > figures_max) return std::nullopt;
        return number;
    }

    std::size_t amount_of_verb(std::size_t after_verb) {
        const std::size_t begin = skip_spaces(text_, after_verb);
        constexpr std::array<string_view, 10> goes_on{"for", "to", "on", "and", "by", "but", "out", "with", "in", "from"};
        auto number = begin < text_.size() ? number_at(text_, begin) : std::nullopt;
        if (!number || number->decimal.size() < 2 || number->decimal.size() > 7) return after_verb;
        const std::size_t behind = skip_spaces(text_, number->end);
        const bool decimal = number->end + 1 < text_.size() && !is_letter(text_[number->end]) &&
                             is_digit(text_[number->end + 1]);  // 12:30, 12/11
        const bool ends = behind >= text_.size() || string_view{",.;!?)\n"}.find(text_[behind]) != string_view::npos;
        if (decimal || (!ends && !word_at(text_, behind, goes_on))) return after_verb;
        add(number->decimal, "");
        return number->end;
    }

    void add(const std::string& decimal, string_view code) {
        std::string value = decimal;
        if (const auto known = money::currency_of_code(code)) {
            if (const auto money = money::Money::parse(decimal, *known)) value = money->decimal();
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
