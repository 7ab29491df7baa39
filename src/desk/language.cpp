// SPDX-License-Identifier: Apache-2.0
#include "desk/language.hpp"

#include <cstdlib>

#include "base/text.hpp"

namespace okpay::desk {
namespace {

using money::Currency;

// Around the number in Chinese: the everyday name, never a bare "元" or "$" that could be another's.
struct ChineseForm {
    std::string_view before_hans, after_hans, before_hant, after_hant;
};
ChineseForm chinese_form(Currency currency) {
    switch (currency) {
    case Currency::cny: return {"￥", "", "人民幣 ", " 元"};
    case Currency::twd: return {"新台币 ", " 元", "新台幣 ", " 元"};
    case Currency::hkd: return {"", " 港元", "", " 港元"};
    case Currency::mop: return {"", " 澳门元", "", " 澳門元"};
    case Currency::usd: return {"", " 美元", "", " 美元"};
    case Currency::eur: return {"", " 欧元", "", " 歐元"};
    case Currency::gbp: return {"", " 英镑", "", " 英鎊"};
    case Currency::jpy: return {"", " 日元", "", " 日圓"};
    case Currency::krw: return {"", " 韩元", "", " 韓元"};
    case Currency::aud: return {"", " 澳元", "", " 澳元"};
    case Currency::cad: return {"", " 加元", "", " 加元"};
    case Currency::sgd: return {"", " 新加坡元", "", " 新加坡元"};
    case Currency::chf: return {"", " 瑞士法郎", "", " 瑞士法郎"};
    case Currency::bhd: return {"", " 巴林第纳尔", "", " 巴林第納爾"};
    }
    std::abort();
}

std::string grouped(std::string decimal) {
    const std::size_t first = decimal.starts_with('-') ? 1 : 0;
    std::size_t point = decimal.find('.');
    if (point == std::string::npos) point = decimal.size();
    for (std::size_t at = point; at > first + 3; at -= 3) decimal.insert(at - 3, 1, ',');
    return decimal;
}

}  // namespace

Language language_of(std::string_view tag) {
    const std::string lower = ascii_lower(tag);
    if (lower != "zh" && !lower.starts_with("zh-") && !lower.starts_with("zh_")) return Language::en;
    for (const std::string_view mark : {"hant", "tw", "hk", "mo"}) {
        if (lower.find(mark, 3) != std::string::npos) return Language::zh_hant;
    }
    return Language::zh_hans;
}

std::string_view tag_of(Language language) { return Wording{"en", "zh-Hans", "zh-Hant"}.in(language); }

std::string_view Wording::in(Language language) const {
    switch (language) {
    case Language::en: return en;
    case Language::zh_hans: return zh_hans;
    case Language::zh_hant: return zh_hant;
    }
    std::abort();
}

std::string shown_amount(money::Money amount, Language language) {
    const std::string number = grouped(amount.decimal());
    const ChineseForm form = chinese_form(amount.currency());
    switch (language) {
    case Language::en: return std::string{code_of(amount.currency())} + " " + number;
    case Language::zh_hans: return std::string{form.before_hans} + number + std::string{form.after_hans};
    case Language::zh_hant: return std::string{form.before_hant} + number + std::string{form.after_hant};
    }
    std::abort();
}

}  // namespace okpay::desk
