// SPDX-License-Identifier: Apache-2.0
#include "desk/short_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace okpay::desk {
namespace {

constexpr Wording not_you{" Not you? Follow the mail we sent you, or open our website yourself.",
                          "如非本人操作，请按我们的邮件处理，或自行打开官网。",
                          "如非本人操作，請依我們的郵件處理，或自行開啟官網。"};

Wording words_of(ShortNews news) {
    switch (news) {
    case ShortNews::code:
        return {"{code} is the code that confirms this phone number. It works for 10 minutes. Nobody of us asks for it.",
                "验证码 {code}，用于确认此手机号码，10 分钟内有效。请勿告诉任何人，我们不会索要。",
                "驗證碼 {code}，用於確認此手機號碼，10 分鐘內有效。請勿告訴任何人，我們不會索取。"};
    case ShortNews::new_device:
        return {"a new device signed in to your account.", "您的账户在新设备上登录。", "您的帳戶在新裝置上登入。"};
    case ShortNews::password_changed: return {"your password was changed.", "您的密码已更改。", "您的密碼已變更。"};
    case ShortNews::phrase_changed:
        return {"the phrase in our mails to you was changed.", "邮件中的专属暗语已更改。", "郵件中的專屬暗語已變更。"};
    case ShortNews::factors_changed:
        return {"your second factors have changed.", "您的第二重验证方式有变动。", "您的第二重驗證方式有變動。"};
    case ShortNews::wrong_codes:
        return {"somebody typed wrong codes for your account.", "有人多次输错您账户的验证码。",
                "有人多次輸錯您帳戶的驗證碼。"};
    case ShortNews::address_asked:
        return {"a new mail address was asked for.", "有人申请更换您账户的邮箱。", "有人申請變更您帳戶的信箱。"};
    case ShortNews::address_held:
        return {"your mail address is about to change.", "您账户的邮箱即将更换。", "您帳戶的信箱即將變更。"};
    case ShortNews::address_changed:
        return {"your mail address has changed.", "您账户的邮箱已更换。", "您帳戶的信箱已變更。"};
    case ShortNews::phone_added:
        return {"this number is now told of changes to your account.", "此号码今后接收您账户的安全提醒。",
                "此號碼今後接收您帳戶的安全提醒。"};
    case ShortNews::phone_asked:
        return {"another phone number was given for your account.", "有人为您的账户填写了另一个手机号码。",
                "有人為您的帳戶填寫了另一個手機號碼。"};
    case ShortNews::phone_held:
        return {"another phone number is about to replace this one.", "您账户的手机号码即将更换。",
                "您帳戶的手機號碼即將變更。"};
    case ShortNews::phone_removal_held:
        return {"this phone number is about to be removed.", "此号码即将从您的账户移除。", "此號碼即將從您的帳戶移除。"};
    case ShortNews::phone_changed:
        return {"another phone number has replaced this one.", "您账户的手机号码已更换。", "您帳戶的手機號碼已變更。"};
    case ShortNews::phone_removed:
        return {"this phone number was removed.", "此号码已从您的账户移除。", "此號碼已從您的帳戶移除。"};
    case ShortNews::phone_kept:
        return {"this phone number stays; the change was stopped.", "手机号码的变更已取消，此号码保持不变。",
                "手機號碼的變更已取消，此號碼保持不變。"};
    case ShortNews::locked:
        return {"we limited your account. Our mail says what and why.", "您的账户已受到限制，内容和原因见我们的邮件。",
                "您的帳戶已受到限制，內容和原因請見我們的郵件。"};
    }
    std::abort();
}

// What needs no answer by who did it: everything else may have been somebody else.
bool may_be_another(ShortNews news) {
    return news != ShortNews::code && news != ShortNews::locked && news != ShortNews::phone_kept;
}

bool fits(std::string_view house) {
    const auto characters = std::ranges::count_if(house, [](char c) { return (c & 0xC0) != 0x80; });
    const bool plain = std::ranges::none_of(house, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return !house.empty() && plain && !house.contains(code_place) &&
           static_cast<std::size_t>(characters) <= house_characters_max;
}

}  // namespace

std::string_view name_of(ShortNews news) {
    switch (news) {
    case ShortNews::code: return "code";
    case ShortNews::new_device: return "new_device";
    case ShortNews::password_changed: return "password_changed";
    case ShortNews::phrase_changed: return "phrase_changed";
    case ShortNews::factors_changed: return "factors_changed";
    case ShortNews::wrong_codes: return "wrong_codes";
    case ShortNews::address_asked: return "address_asked";
    case ShortNews::address_held: return "address_held";
    case ShortNews::address_changed: return "address_changed";
    case ShortNews::phone_added: return "phone_added";
    case ShortNews::phone_asked: return "phone_asked";
    case ShortNews::phone_held: return "phone_held";
    case ShortNews::phone_removal_held: return "phone_removal_held";
    case ShortNews::phone_changed: return "phone_changed";
    case ShortNews::phone_removed: return "phone_removed";
    case ShortNews::phone_kept: return "phone_kept";
    case ShortNews::locked: return "locked";
    }
    std::abort();
}

std::string short_text(ShortNews news, Language language, std::string_view house) {
    std::string text;
    if (fits(house)) text = language == Language::en ? fmt::format("{}: ", house) : fmt::format("【{}】", house);
    text += words_of(news).in(language);
    if (may_be_another(news)) text += not_you.in(language);
    return text;
}

}  // namespace okpay::desk
