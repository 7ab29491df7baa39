// SPDX-License-Identifier: Apache-2.0
#include "desk/official_mail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "desk/crockford.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

constexpr std::size_t mac_characters = official_code_characters - 2;
constexpr std::array<std::size_t, 3> hyphens_before{4, 8, 12};
using Digits = std::array<std::uint8_t, official_code_characters>;

std::string text_of(const Digits& digits) {
    std::string text;
    for (const std::uint8_t digit : digits) text += crockford_alphabet[digit];
    return text;
}

// The check character that makes the sum zero: the last place has weight 1.
void set_check(Digits& digits) {
    digits.back() = 0;
    digits.back() = check_sum(digits);
}

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string make_official_code(const OfficialKey& key, const OutgoingId& mail) {
    ensure(key.id >= 1 && key.id < crockford_alphabet.size());
    Bytes said{"okpay official mail 1 "};
    said += mail.view();
    std::uint64_t bits = read_u64(view_of(hmac_sha256(key.key.reveal(), said))) >> 4U;  // 60 of them
    Digits digits{};
    digits[0] = key.id;
    for (std::size_t at = mac_characters; at >= 1; --at) {
        digits[at] = static_cast<std::uint8_t>(bits & 31U);
        bits >>= 5U;
    }
    set_check(digits);
    return text_of(digits);
}

bool is_official_code(std::span<const OfficialKey> keys, std::string_view code, const OutgoingId& mail) {
    if (code.size() != official_code_characters) return false;
    const auto id = crockford_digit(code.front());
    const auto key = std::ranges::find_if(keys, [&](const OfficialKey& one) { return id && one.id == *id; });
    return key != keys.end() && equal_in_constant_time(make_official_code(*key, mail), code);
}

std::string shown_official_code(std::string_view code) {
    std::string shown;
    for (std::size_t at = 0; at < code.size(); ++at) {
        if (std::ranges::find(hyphens_before, at) != hyphens_before.end()) shown += '-';
        shown += code[at];
    }
    return shown;
}

std::optional<std::string> parse_official_code(std::string_view text) {
    Digits digits{};
    std::size_t count = 0;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r') continue;
        const auto digit = crockford_digit(c);
        if (!digit || count == digits.size()) return std::nullopt;
        digits[count++] = *digit;
    }
    if (count != digits.size() || check_sum(digits) != 0) return std::nullopt;
    return text_of(digits);
}

std::vector<std::string> official_codes_in(std::string_view text) {
    constexpr std::size_t shown_characters = official_code_characters + hyphens_before.size();
    std::vector<std::string> found;
    for (std::size_t at = text.find('-'); at != std::string_view::npos; at = text.find('-', at + 1)) {
        if (at < hyphens_before[0]) continue;
        const std::size_t from = at - hyphens_before[0];
        const std::string_view candidate = text.substr(from, shown_characters);
        if (candidate.size() != shown_characters || candidate[9] != '-' || candidate[14] != '-') continue;
        if (from > 0 && is_word(text[from - 1])) continue;
        if (from + shown_characters < text.size() && is_word(text[from + shown_characters])) continue;
        auto code = parse_official_code(candidate);
        if (!code || std::ranges::find(found, *code) != found.end()) continue;
        found.push_back(*std::move(code));
        if (found.size() == official_codes_found_max) break;
    }
    return found;
}

OfficialKind official_kind_of(std::string_view outgoing_kind) {
    if (outgoing_kind == "acknowledgement") return OfficialKind::acknowledgement;
    if (outgoing_kind == "reply" || outgoing_kind == "answer") return OfficialKind::reply;
    return OfficialKind::letter;
}

std::string_view name_of(OfficialKind kind) {
    switch (kind) {
    case OfficialKind::reply: return "reply";
    case OfficialKind::acknowledgement: return "acknowledgement";
    case OfficialKind::letter: return "letter";
    }
    std::abort();
}

std::string official_line(std::string_view code, std::string_view public_url) {
    while (public_url.ends_with('/')) public_url.remove_suffix(1);
    if (const auto scheme = public_url.find("://"); scheme != std::string_view::npos) public_url.remove_prefix(scheme + 3);
    return fmt::format("Check: {}  (type {}/check yourself)", shown_official_code(code), public_url);
}

MailText answer_check(const CheckAnswer& answer) {
    const Wording yes_subject{"Yes, this mail is from us", "是，这封邮件是我们发出的", "是，這封郵件是我們寄出的"};
    const Wording no_subject{"No, we cannot confirm this mail", "否，无法确认这封邮件来自我们",
                             "否，無法確認這封郵件來自我們"};
    const std::string_view zone = answer.language == Language::en ? "UTC" : "Asia/Shanghai";
    std::string body{greeting(answer.language, "")};
    if (answer.sent) {
        const std::string at = when(zone, *answer.sent);
        switch (answer.language) {
        case Language::en:
            body += fmt::format(
                "Yes. The code in it is that of a mail that we sent to your address on {} (UTC).\n\n"
                "If anything else in the mail is strange to you, do not use its links. Sign in by typing our "
                "address yourself.\n",
                at);
            break;
        case Language::zh_hans:
            body += fmt::format(
                "是的。其中的核验码属于我们于 {}（UTC+8）发往您邮箱的一封邮件。\n\n"
                "如果邮件里还有让您觉得可疑的内容，请不要点击其中的链接，自行输入我们的网址登录即可。\n",
                at);
            break;
        case Language::zh_hant:
            body += fmt::format(
                "是的。其中的核驗碼屬於我們於 {}（UTC+8）寄往您信箱的一封郵件。\n\n"
                "如果郵件裡還有讓您覺得可疑的內容，請不要點擊其中的連結，自行輸入我們的網址登入即可。\n",
                at);
            break;
        }
    } else {
        switch (answer.language) {
        case Language::en:
            body += fmt::format(
                "No. Nothing in it proves that we sent it to your address.\n\n"
                "Do not use its links, and do not answer it. Forward it to {}: our risk team looks at it.\n"
                "If you typed something in after following it, change your password now and tell us.\n",
                answer.phishing_address);
            break;
        case Language::zh_hans:
            body += fmt::format(
                "不是。其中没有任何内容能证明它是我们发往您邮箱的。\n\n"
                "请不要点击其中的链接，也不要回复。请把它转发到 {}，由风险团队核查。\n"
                "如果您已在链接页面输入过信息，请立即修改密码并告诉我们。\n",
                answer.phishing_address);
            break;
        case Language::zh_hant:
            body += fmt::format(
                "不是。其中沒有任何內容能證明它是我們寄往您信箱的。\n\n"
                "請不要點擊其中的連結，也不要回覆。請把它轉寄到 {}，由風險團隊查核。\n"
                "如果您已在連結頁面輸入過資料，請立即變更密碼並告訴我們。\n",
                answer.phishing_address);
            break;
        }
    }
    body += signature(answer.language, answer.house);
    return {.subject = std::string{(answer.sent ? yes_subject : no_subject).in(answer.language)}, .body = std::move(body)};
}

}  // namespace okpay::desk
