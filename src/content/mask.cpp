// SPDX-License-Identifier: Apache-2.0
#include "content/mask.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"

namespace okpay::content {
namespace {

constexpr std::string_view masked = "••••";
constexpr std::string_view wide_colon = "：";

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// A digit of either width at an offset: its value and its length in octets.
struct Digit {
    int value = -1;
    std::size_t length = 0;
};
Digit digit_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    if (text[at] >= '0' && text[at] <= '9') return {text[at] - '0', 1};
    if (text.compare(at, 2, "\xEF\xBC") == 0 && at + 2 < text.size()) {  // U+FF10 to U+FF19
        const auto last = static_cast<std::uint8_t>(text[at + 2]);
        if (last >= 0x90 && last <= 0x99) return {last - 0x90, 3};
    }
    return {};
}

// What may stand between the groups of a card number: one blank (also U+00A0, U+3000), hyphen (also wide) or dot, and
// characters that show nothing, which are there to hide the number from a search.
std::size_t gap_at(std::string_view text, std::size_t at) {
    constexpr std::array gaps{" ",
                              "-",
                              ".",
                              "\xC2\xA0",
                              "\xE3\x80\x80",
                              "\xE2\x80\x90",
                              "\xE2\x80\x91",
                              "\xE2\x80\x93",
                              "\xE2\x80\x94",
                              "\xEF\xBC\x8D",
                              "\xE2\x80\x8B",
                              "\xE2\x80\x8D",
                              "\xC2\xAD",
                              "\xE2\x80\x89"};
    for (const std::string_view gap : gaps) {
        if (text.substr(at).starts_with(gap)) return gap.size();
    }
    return 0;
}

bool passes_luhn(std::string_view digits) {
    int sum = 0;
    bool doubles = false;
    for (std::size_t i = digits.size(); i-- > 0; doubles = !doubles) {
        const int value = (digits[i] - '0') * (doubles ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

int number(std::string_view digits) { return std::atoi(std::string{digits}.c_str()); }

// The ranges that card schemes hand out (ISO/IEC 7812), with the lengths they use.
bool begins_like_a_card(std::string_view digits) {
    const std::size_t length = digits.size();
    const int two = number(digits.substr(0, 2));
    const int four = number(digits.substr(0, 4));
    if (digits[0] == '4') return length == 13 || length == 16 || length == 19;                       // Visa
    if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length == 16;             // Mastercard
    if (two == 34 || two == 37) return length == 15;                                                 // American Express
    if (two == 62 || two == 81) return length >= 16;                                                 // UnionPay
    if (four == 6011 || two == 65 || (four >= 6440 && four <= 6499)) return length >= 16;            // Discover
    if (four >= 3528 && four <= 3589) return length >= 16;                                           // JCB
    if (two == 30 || two == 36 || two == 38 || two == 39) return length >= 14;                       // Diners
    if (two == 50 || (two >= 56 && two <= 69)) return length >= 12;                                  // Maestro
    return two == 95 && length == 16;
}

struct DigitRun {
    std::string digits;
    std::size_t end = 0;             // offset behind the last digit
    std::vector<std::size_t> ends;   // offset behind each digit
    std::vector<std::size_t> groups;
    bool evenly_grouped = false;     // 4-4-4-4, 4-6-5 and such: written as a card is
};

DigitRun run_at(std::string_view text, std::size_t at) {
    constexpr std::size_t digits_max = 40;
    DigitRun run;
    std::size_t group = 0;
    while (run.digits.size() < digits_max) {
        const Digit digit = digit_at(text, at);
        if (digit.value >= 0) {
            run.digits += static_cast<char>('0' + digit.value);
            at += digit.length;
            run.end = at;
            run.ends.push_back(at);
            ++group;
            continue;
        }
        const std::size_t gap = gap_at(text, at);
        std::size_t next = at + gap;
        if (const std::size_t second = gap == 0 ? 0 : gap_at(text, next); second > 0) next += second;
        if (gap == 0 || group == 0 || digit_at(text, next).value < 0) break;
        run.groups.push_back(group);
        group = 0;
        at = next;
    }
    run.groups.push_back(group);
    const auto& groups = run.groups;
    const bool fours = groups.size() >= 3 && std::all_of(groups.begin(), groups.end() - 1, [](auto n) { return n == 4; }) &&
                       groups.back() <= 4;
    const bool amex = groups == std::vector<std::size_t>{4, 6, 5} || groups == std::vector<std::size_t>{4, 6, 4};
    const bool unionpay = groups == std::vector<std::size_t>{6, 13};
    run.evenly_grouped = fours || amex || unionpay;
    return run;
}

// The words in front, on the same line, where a number belongs to them.
std::string before(std::string_view text, std::size_t at) {
    constexpr std::size_t octets = 48;
    std::size_t from = at > octets ? at - octets : 0;
    while (from < at && (static_cast<std::uint8_t>(text[from]) & 0xC0U) == 0x80U) ++from;
    std::string_view front = text.substr(from, at - from);
    if (const auto line = front.rfind('\n'); line != std::string_view::npos) front.remove_prefix(line + 1);
    return ascii_lower(front);
}

bool names_a_reference(std::string_view front) {
    constexpr std::array words{"transaction", "txn",      "order",    "reference", "ref ",   "ref.",   "ref:", "ref#",
                               "invoice",     "tracking", "trace",    "receipt",   "ticket", "serial", "imei", "phone",
                               "tel",         "mobile",   "whatsapp", "交易",      "流水",   "订单",   "訂單", "单号",
                               "單號",        "编号",     "編號",     "凭证",      "手机",   "手機",   "电话", "電話",
                               "快递",        "参考号",   "運單",     "运单",      "发票",   "請求"};
    constexpr std::array card_words{"card",   "卡号",   "卡號", "pan",        "信用卡", "银行卡",
                                    "銀行卡", "储蓄卡", "visa", "mastercard", "银联"};
    std::size_t reference = 0, card = 0;
    const auto latest = [&](std::string_view word) {
        const auto found = front.rfind(word);
        return found == std::string_view::npos ? std::size_t{0} : found + 1;
    };
    for (const std::string_view word : words) reference = std::max(reference, latest(word));
    for (const std::string_view word : card_words) card = std::max(card, latest(word));
    return reference > card;
}

bool is_free_in_front(std::string_view text, std::size_t at) {
    if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '+')) return false;
    const bool joined = at > 1 && (text[at - 1] == '.' || text[at - 1] == '-' || text[at - 1] == '/');
    return !joined || !is_word(text[at - 2]);
}
bool is_free_behind(std::string_view text, std::size_t end) { return end >= text.size() || !is_word(text[end]); }

bool is_resident_id(std::string_view digits, char last) {
    constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    constexpr std::string_view checks = "10X98765432";
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += (digits[i] - '0') * weights[i];
    const int year = number(digits.substr(6, 4)), month = number(digits.substr(10, 2)), day = number(digits.substr(12, 2));
    const bool dated = year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    return dated && digits[0] != '0' && checks[static_cast<std::size_t>(sum % 11)] == last;
}

struct Cue {
    std::string_view word;
    SecretKind kind;
};
// Longer words first where one holds another.
constexpr std::array cues{
    Cue{"支付密码", SecretKind::password},
    Cue{"登录密码", SecretKind::password},
    Cue{"登入密碼", SecretKind::password},
    Cue{"密码", SecretKind::password},
    Cue{"密碼", SecretKind::password},
    Cue{"passcode", SecretKind::password},
    Cue{"password", SecretKind::password},
    Cue{"passwd", SecretKind::password},
    Cue{"pwd", SecretKind::password},
    Cue{"pin code", SecretKind::password},
    Cue{"pin", SecretKind::password},
    Cue{"口令", SecretKind::password},
    Cue{"验证码", SecretKind::one_time_code},
    Cue{"驗證碼", SecretKind::one_time_code},
    Cue{"校验码", SecretKind::one_time_code},
    Cue{"动态码", SecretKind::one_time_code},
    Cue{"verification code", SecretKind::one_time_code},
    Cue{"security code", SecretKind::security_code},
    Cue{"one-time code", SecretKind::one_time_code},
    Cue{"otp", SecretKind::one_time_code},
    Cue{"auth code", SecretKind::one_time_code},
    Cue{"code is", SecretKind::one_time_code},
    Cue{"sms code", SecretKind::one_time_code},
    Cue{"cvv2", SecretKind::security_code},
    Cue{"cvc2", SecretKind::security_code},
    Cue{"cvv", SecretKind::security_code},
    Cue{"cvc", SecretKind::security_code},
    Cue{"安全码", SecretKind::security_code},
    Cue{"安全碼", SecretKind::security_code},
    Cue{"卡背面三位", SecretKind::security_code},
    Cue{"后三位", SecretKind::security_code},
};

class Masker {
public:
    explicit Masker(std::string_view text) : text_{text}, low_{ascii_lower(text)} {}

    MaskedText mask() && {
        while (at_ < text_.size()) {
            if (cue() || resident_id() || card()) continue;
            // A run of digits that is nothing goes out whole, so that its tail is not judged again.
            if (const Digit digit = digit_at(text_, at_); digit.value >= 0) {
                copy(digit.length);
                while (digit_at(text_, at_).value >= 0) copy(digit_at(text_, at_).length);
            } else {
                copy(1);
            }
        }
        std::ranges::sort(found_);
        found_.erase(std::ranges::unique(found_).begin(), found_.end());
        return {.text = std::move(out_), .found = std::move(found_)};
    }

private:
    void copy(std::size_t octets) {
        out_ += text_.substr(at_, octets);
        at_ += octets;
    }
    void hide(std::size_t end, SecretKind kind, std::string_view shown) {
        out_ += masked;
        out_ += shown;
        at_ = end;
        found_.push_back(kind);
    }

    bool card() {
        if (digit_at(text_, at_).value < 0) return false;
        const DigitRun run = run_at(text_, at_);
        if (run.digits.size() < 12 || !is_free_in_front(text_, at_)) return false;
        // The number may be followed by an expiry date or an amount: the longest front that ends a group and fits wins.
        std::vector<std::size_t> lengths;
        std::size_t length = 0;
        for (const std::size_t group : run.groups) lengths.push_back(length += group);
        std::ranges::reverse(lengths);
        for (const std::size_t count : lengths) {
            if (count < 12 || count > 19) continue;
            const std::string_view digits = std::string_view{run.digits}.substr(0, count);
            const std::size_t end = run.ends[count - 1];
            if (!passes_luhn(digits) || !begins_like_a_card(digits) || !is_free_behind(text_, end)) continue;
            if (std::ranges::all_of(digits, [&](char c) { return c == digits[0]; })) continue;
            if (!run.evenly_grouped && names_a_reference(before(text_, at_))) continue;
            hide(end, SecretKind::card_number, " " + std::string{digits.substr(count - 4)});
            return true;
        }
        return false;
    }

    bool resident_id() {
        if (digit_at(text_, at_).value < 0) return false;
        std::string digits;
        std::size_t at = at_;
        for (Digit digit = digit_at(text_, at); digit.value >= 0 && digits.size() < 19; digit = digit_at(text_, at)) {
            digits += static_cast<char>('0' + digit.value);
            at += digit.length;
        }
        char last = 0;
        if (digits.size() == 17 && at < text_.size() && (text_[at] == 'X' || text_[at] == 'x')) {
            last = 'X';
            ++at;
        } else if (digits.size() == 18) {
            last = digits.back();
        }
        if (last == 0 || !is_free_in_front(text_, at_) || !is_free_behind(text_, at)) return false;
        if (!is_resident_id(digits, last)) return false;
        hide(at, SecretKind::identity_number, {});
        return true;
    }

    // The value behind a cue: "cvv: 123", "密码是 abc123", "code is 482913". Without a sign of being one, nothing.
    bool cue() {
        for (const Cue& one : cues) {
            if (low_.compare(at_, one.word.size(), one.word) != 0) continue;
            const bool ascii = is_word(one.word.front());
            const std::size_t after = at_ + one.word.size();
            if (ascii && ((at_ > 0 && is_word(low_[at_ - 1])) || (after < low_.size() && is_word(low_[after])))) continue;
            const auto value = value_behind(after, one.kind, one.word.ends_with(" is"));
            if (!value) continue;
            copy(value->first - at_);
            hide(value->second, one.kind, {});
            return true;
        }
        return false;
    }

    std::optional<std::pair<std::size_t, std::size_t>> value_behind(std::size_t at, SecretKind kind, bool linked) const {
        constexpr std::array<std::string_view, 15> links{":",    wide_colon, "=", "是", "为", "為", "is",  "was",
                                                         "code", "number",   "(", "（", "#",  "的", "号码"};
        const auto skip_blanks = [&] {
            while (at < low_.size() && (low_[at] == ' ' || low_[at] == '\t')) ++at;
        };
        skip_blanks();
        for (std::size_t step = 0; step < 3; ++step) {
            for (const std::string_view link : links) {
                if (low_.compare(at, link.size(), link) != 0) continue;
                const bool word = is_word(link.front());
                if (word && at + link.size() < low_.size() && is_word(low_[at + link.size()])) continue;
                linked |= link != "code" && link != "number" && link != "的" && link != "号码";
                at += link.size();
                skip_blanks();
            }
        }
        std::size_t end = at, digits = 0, characters = 0;
        while (end < text_.size() && characters < 64) {
            if (const Digit digit = digit_at(text_, end); digit.value >= 0) {
                ++digits;
                end += digit.length;
            } else if (text_[end] > ' ' && text_[end] < 127 &&
                       std::string_view{",;)\"'<>"}.find(text_[end]) == std::string_view::npos) {
                ++end;
            } else {
                break;
            }
            ++characters;
        }
        while (end > at && (text_[end - 1] == '.' || text_[end - 1] == '!' || text_[end - 1] == '?')) {
            --end;
            --characters;
        }
        switch (kind) {
        case SecretKind::security_code:
            if (digits != characters || digits < 3 || digits > 4) return std::nullopt;
            break;
        case SecretKind::one_time_code:
            if (digits < 4 || digits > 8 || characters > digits + 2) return std::nullopt;
            break;
        case SecretKind::password:
            // A sentence goes on behind the word ("password is wrong"): a value has a digit or a sign in it.
            if (!linked && digits != characters) return std::nullopt;
            if (characters < 4 || (digits == 0 && !has_sign(text_.substr(at, end - at)))) return std::nullopt;
            break;
        case SecretKind::card_number:
        case SecretKind::identity_number: return std::nullopt;
        }
        return std::pair{at, end};
    }

    static bool has_sign(std::string_view value) {
        return std::ranges::any_of(value, [](char c) { return !is_word(c) && c != '-' && c != '.' && c != '/'; });
    }

    std::string_view text_;
    std::string low_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<SecretKind> found_;
};

}  // namespace

MaskedText mask_secrets(std::string_view text) { return Masker{text}.mask(); }

std::string_view name_of(SecretKind kind) {
    switch (kind) {
    case SecretKind::card_number: return "card_number";
    case SecretKind::security_code: return "security_code";
    case SecretKind::identity_number: return "identity_number";
    case SecretKind::password: return "password";
    case SecretKind::one_time_code: return "one_time_code";
    }
    std::abort();
}

}  // namespace okpay::content
