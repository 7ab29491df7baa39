// SPDX-License-Identifier: Apache-2.0
#include "desk/phone_letters.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/ensure.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

// Owns its words: they are put together from parts.
struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

Words headline(const PhoneFacts& facts) {
    switch (facts.news) {
    case PhoneNews::asked:
        return {"A phone number was given for your account", "您的账户申请绑定手机号码", "您的帳戶申請綁定手機號碼"};
    case PhoneNews::added: return {"Your phone number is confirmed", "您的手机号码已确认", "您的手機號碼已確認"};
    case PhoneNews::change_held:
        return {"Your phone number is about to change", "您的手机号码即将更换", "您的手機號碼即將變更"};
    case PhoneNews::removal_held:
        return {"Your phone number is about to be removed", "您的手机号码即将移除", "您的手機號碼即將移除"};
    case PhoneNews::changed: return {"Your phone number has changed", "您的手机号码已更换", "您的手機號碼已變更"};
    case PhoneNews::removed: return {"Your phone number was removed", "您的手机号码已移除", "您的手機號碼已移除"};
    case PhoneNews::stopped:
        if (facts.number.empty()) return {"The phone number was not added", "手机号码未添加", "手機號碼未新增"};
        return {"Your phone number stays as it is", "您的手机号码保持不变", "您的手機號碼保持不變"};
    }
    std::abort();
}

Words held(std::string_view en, std::string_view hans, std::string_view hant, const std::string& due) {
    return {
        fmt::format(
            "{} on {}. Until then security alerts still go to the number that stands now, and no money can leave for "
            "accounts or cards that were not used before. Money that comes in is not affected.\n\n",
            en, due),
        fmt::format("{}，将于 {} 生效。在此之前安全提醒仍发送至现有号码，且款项不能转往从未使用过的账户或银行卡；收款不受"
                    "影响。\n\n",
                    hans, due),
        fmt::format("{}，將於 {} 生效。在此之前安全提醒仍傳送至現有號碼，且款項不能轉往從未使用過的帳戶或銀行卡；收款不受"
                    "影響。\n\n",
                    hant, due)};
}

Words body_of(const PhoneFacts& facts, const std::string& due) {
    const std::string number = inert(facts.number);
    switch (facts.news) {
    case PhoneNews::asked:
        return {fmt::format(
                    "You, or somebody in your account, gave the phone number {}. We sent a code there; the number counts "
                    "only once the code is typed in your account, until {}.\n\n",
                    number, due),
                fmt::format(
                    "您的账户中有人填写了手机号码 {}。我们已向该号码发送验证码，须在 {} 前在账户中输入，号码才会生效。\n\n",
                    number, due),
                fmt::format("您的帳戶中有人填寫了手機號碼 {}。我們已向該號碼發送驗證碼，須在 {} 前於帳戶中輸入，號碼才會"
                            "生效。\n\n",
                            number, due)};
    case PhoneNews::added:
        return {
            fmt::format("The phone number {} is confirmed. From now on it is told by short message when something important "
                        "happens to your account. It signs nobody in, and we never ask for a code by telephone.\n",
                        number),
            fmt::format("手机号码 {} 已确认。今后账户有重要变动时，我们会以短信提醒。该号码不能用于登录，我们也绝不会来电"
                        "索要验证码。\n",
                        number),
            fmt::format("手機號碼 {} 已確認。今後帳戶有重要變動時，我們會以簡訊提醒。該號碼不能用於登入，我們也絕不會來電"
                        "索取驗證碼。\n",
                        number)};
    case PhoneNews::change_held:
        return held(fmt::format("The new phone number {} was confirmed. It takes the place of the old one", number),
                    fmt::format("新手机号码 {} 已确认", number), fmt::format("新手機號碼 {} 已確認", number), due);
    case PhoneNews::removal_held:
        return held(fmt::format("The phone number {} is removed from your account", number),
                    fmt::format("手机号码 {} 正在移除", number), fmt::format("手機號碼 {} 正在移除", number), due);
    case PhoneNews::changed:
        return {fmt::format("Your phone number is now {}. If you did not want this, answer this mail at once.\n", number),
                fmt::format("您的手机号码已更换为 {}。如非您本人意愿，请立即回复本邮件。\n", number),
                fmt::format("您的手機號碼已變更為 {}。如非您本人意願，請立即回覆本郵件。\n", number)};
    case PhoneNews::removed:
        return {fmt::format(
                    "The phone number {} is no longer told of your account. If you did not want this, answer this mail at "
                    "once.\n",
                    number),
                fmt::format("手机号码 {} 不再接收您账户的提醒。如非您本人意愿，请立即回复本邮件。\n", number),
                fmt::format("手機號碼 {} 不再接收您帳戶的提醒。如非您本人意願，請立即回覆本郵件。\n", number)};
    case PhoneNews::stopped:
        if (facts.request.empty()) {
            return {
                "The change of your phone number was not made: it was canceled in your account, or the new number "
                "belongs to several accounts by now.\n",
                "手机号码的更换或移除未办理：申请已在您的账户中取消，或新号码现已用于多个账户。\n",
                "手機號碼的變更或移除未辦理：申請已在您的帳戶中取消，或新號碼現已用於多個帳戶。\n"};
        }
        return {
            fmt::format("You stopped it by the link. Everybody who was signed in is signed out, and no money leaves the "
                        "account until a person has looked.\n\nOur security team writes to you within 24 hours; the request "
                        "is {}. Please choose a new password on our website, which you open yourself.\n",
                        inert(facts.request)),
            fmt::format("您已通过链接取消。所有已登录的设备均已退出；在工作人员核查之前，款项暂停转出。\n\n安全团队将在 24 "
                        "小时内与您联系，请求编号为 {}。请自行打开我们的官方网站修改密码。\n",
                        inert(facts.request)),
            fmt::format("您已透過連結取消。所有已登入的裝置均已登出；在工作人員查核之前，款項暫停轉出。\n\n安全團隊將在 24 "
                        "小時內與您聯絡，請求編號為 {}。請自行開啟我們的官方網站修改密碼。\n",
                        inert(facts.request))};
    }
    std::abort();
}

// On a line of its own, so that a mail program finds its end.
Words not_you(std::string_view link) {
    return {
        fmt::format("If this was not you, stop it here. It works until then, and it also signs everybody out:\n\n  {}\n\n",
                    link),
        fmt::format("如非您本人操作，请通过以下链接取消。在此之前链接一直有效，取消后所有已登录的设备都会退出：\n\n  {}\n\n",
                    link),
        fmt::format("如非您本人操作，請透過以下連結取消。在此之前連結一直有效，取消後所有已登入的裝置都會登出：\n\n  {}\n\n",
                    link)};
}

bool has_due(PhoneNews news) {
    return news == PhoneNews::asked || news == PhoneNews::change_held || news == PhoneNews::removal_held;
}

}  // namespace

std::string_view kind_of(PhoneNews news) {
    switch (news) {
    case PhoneNews::asked: return "phone_asked";
    case PhoneNews::added: return "phone_added";
    case PhoneNews::change_held: return "phone_change_held";
    case PhoneNews::removal_held: return "phone_removal_held";
    case PhoneNews::changed: return "phone_changed";
    case PhoneNews::removed: return "phone_removed";
    case PhoneNews::stopped: return "phone_stopped";
    }
    std::abort();
}

MailText letter_of_phone(const LetterTo& to, const PhoneFacts& facts) {
    std::string body = body_of(facts, when(to.zone, facts.due)).in(to.language);
    if (has_due(facts.news)) body += not_you(facts.stop_link).in(to.language) + zone_note(to.language, to.zone);
    const auto text =
        Draft{greeting(to.language, to.name) + body + signature(to.language, to.house)}.render({}, to.language);
    ensure(text.has_value());  // no amount is told here
    return {.subject = headline(facts).in(to.language), .body = *text};
}

}  // namespace okpay::desk
