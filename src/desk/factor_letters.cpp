// SPDX-License-Identifier: Apache-2.0
#include "desk/factor_letters.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

// Owns its words: they are put together from parts.
struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

Words headline(FactorNews news) {
    switch (news) {
    case FactorNews::app_added: return {"An authenticator app was added", "已添加验证器应用", "已新增驗證器應用程式"};
    case FactorNews::app_removed: return {"Your authenticator app was removed", "验证器应用已移除", "驗證器應用程式已移除"};
    case FactorNews::passkey_added: return {"A passkey was added", "已添加通行密钥", "已新增通行金鑰"};
    case FactorNews::passkey_removed: return {"A passkey was removed", "通行密钥已移除", "通行金鑰已移除"};
    case FactorNews::recovery_codes_made:
        return {"New recovery codes were made", "已生成新的恢复代码", "已產生新的復原代碼"};
    case FactorNews::recovery_code_used: return {"A recovery code was used", "恢复代码已被使用", "復原代碼已被使用"};
    case FactorNews::codes_blocked:
        return {"Wrong codes were typed for your account", "有人多次输入错误的验证码", "有人多次輸入錯誤的驗證碼"};
    case FactorNews::passkey_copied:
        return {"A passkey of yours may have been copied", "您的通行密钥可能已被复制", "您的通行金鑰可能已被複製"};
    }
    std::abort();
}

// A passkey's name is the customer's own text, or a thief's: shown as a quotation, never where it looks like a link.
Words named(const FactorFacts& facts) {
    const std::string shown = inert(facts.passkey);
    if (shown.empty() || looks_like_link(facts.passkey)) return {"", "", ""};
    return {fmt::format(" (named “{}”)", shown), fmt::format("（名称“{}”）", shown), fmt::format("（名稱「{}」）", shown)};
}

Words body_of(const FactorFacts& facts, const std::string& at) {
    const Words name = named(facts);
    switch (facts.news) {
    case FactorNews::app_added:
        return {
            fmt::format("An authenticator app was added to your account on {}. From now on its code is asked for when you "
                        "sign in.\n",
                        at),
            fmt::format("您的账户已于 {} 添加验证器应用。今后登录时需要输入其中的验证码。\n", at),
            fmt::format("您的帳戶已於 {} 新增驗證器應用程式。今後登入時需要輸入其中的驗證碼。\n", at)};
    case FactorNews::app_removed:
        return {fmt::format("The authenticator app was removed from your account on {}.\n", at),
                fmt::format("您账户的验证器应用已于 {} 移除。\n", at),
                fmt::format("您帳戶的驗證器應用程式已於 {} 移除。\n", at)};
    case FactorNews::passkey_added:
        return {fmt::format("A passkey{} was added to your account on {}. It signs in without a password.\n", name.en, at),
                fmt::format("您的账户已于 {} 添加通行密钥{}。使用它登录无需密码。\n", at, name.zh_hans),
                fmt::format("您的帳戶已於 {} 新增通行金鑰{}。使用它登入不需密碼。\n", at, name.zh_hant)};
    case FactorNews::passkey_removed:
        return {fmt::format("A passkey{} was removed from your account on {}.\n", name.en, at),
                fmt::format("您账户的通行密钥{}已于 {} 移除。\n", name.zh_hans, at),
                fmt::format("您帳戶的通行金鑰{}已於 {} 移除。\n", name.zh_hant, at)};
    case FactorNews::recovery_codes_made:
        return {fmt::format("New recovery codes were made for your account on {}. The old ones are no longer good.\n", at),
                fmt::format("您的账户已于 {} 生成新的恢复代码，旧代码已失效。\n", at),
                fmt::format("您的帳戶已於 {} 產生新的復原代碼，舊代碼已失效。\n", at)};
    case FactorNews::recovery_code_used:
        return {fmt::format("A recovery code was used to sign in to your account on {}. {} are left.\n", at,
                            facts.codes_left),
                fmt::format("有人于 {} 使用恢复代码登录了您的账户。剩余 {} 个。\n", at, facts.codes_left),
                fmt::format("有人於 {} 使用復原代碼登入了您的帳戶。剩餘 {} 個。\n", at, facts.codes_left)};
    case FactorNews::codes_blocked:
        return {
            fmt::format("Several wrong codes in a row were typed for your account, the last one on {}. Whoever typed them "
                        "knows your password. No such code is taken for a while.\n",
                        at),
            fmt::format("您的账户连续多次输入了错误的验证码，最近一次为 {}。输入者知道您的密码。该类验证码已暂停使用一段"
                        "时间。\n",
                        at),
            fmt::format("您的帳戶連續多次輸入了錯誤的驗證碼，最近一次為 {}。輸入者知道您的密碼。該類驗證碼已暫停使用一段"
                        "時間。\n",
                        at)};
    case FactorNews::passkey_copied:
        return {fmt::format("A passkey{} of yours was refused on {}: by its own count, another copy of it is in use.\n",
                            name.en, at),
                fmt::format("您的通行密钥{}于 {} 被拒绝：其计数显示另有副本正在使用。\n", name.zh_hans, at),
                fmt::format("您的通行金鑰{}於 {} 被拒絕：其計數顯示另有副本正在使用。\n", name.zh_hant, at)};
    }
    std::abort();
}

bool delays_payouts(FactorNews news) { return news != FactorNews::codes_blocked && news != FactorNews::passkey_copied; }

Words what_to_do(FactorNews news) {
    if (news == FactorNews::codes_blocked) {
        return {
            "If it was you, wait a little, or come in by a passkey or a recovery code. If it was not you, change your "
            "password now. Open your account yourself; we send no links for this.\n",
            "如果是您本人，请稍候再试，或使用通行密钥、恢复代码登录。如果不是您本人，请立即修改密码。请自行打开您的账户，"
            "我们不会为此发送链接。\n",
            "如果是您本人，請稍候再試，或使用通行金鑰、復原代碼登入。如果不是您本人，請立即變更密碼。請自行開啟您的帳戶，"
            "我們不會為此傳送連結。\n"};
    }
    if (news == FactorNews::passkey_copied) {
        return {
            "Remove this passkey in your account and add a new one. If you do not know why this happened, reply to this "
            "mail.\n",
            "请在您的账户中移除该通行密钥并重新添加。如果您不清楚原因，请回复本邮件。\n",
            "請在您的帳戶中移除該通行金鑰並重新新增。如果您不清楚原因，請回覆本郵件。\n"};
    }
    return {
        "If it was you, there is nothing to do. If it was not you, reply to this mail at once and change your password. "
        "Open your account yourself; we send no links for this.\n",
        "如果是您本人操作，无需处理。如果不是，请立即回复本邮件并修改密码。请自行打开您的账户，我们不会为此发送链接。\n",
        "如果是您本人操作，無需處理。如果不是，請立即回覆本郵件並變更密碼。請自行開啟您的帳戶，我們不會為此傳送連結。\n"};
}

}  // namespace

std::string_view kind_of(FactorNews news) {
    switch (news) {
    case FactorNews::app_added: return "factor_app_added";
    case FactorNews::app_removed: return "factor_app_removed";
    case FactorNews::passkey_added: return "factor_passkey_added";
    case FactorNews::passkey_removed: return "factor_passkey_removed";
    case FactorNews::recovery_codes_made: return "factor_recovery_codes_made";
    case FactorNews::recovery_code_used: return "factor_recovery_code_used";
    case FactorNews::codes_blocked: return "factor_codes_blocked";
    case FactorNews::passkey_copied: return "factor_passkey_copied";
    }
    std::abort();
}

MailText letter_of_factors(const LetterTo& to, const FactorFacts& facts) {
    const Language language = to.language;
    std::string body = greeting(language, to.name) + body_of(facts, when(to.zone, facts.at)).in(language);
    if (delays_payouts(facts.news) && facts.waits_hours > 0) {
        body +=
            Words{fmt::format("For your protection, money goes to no new bank account for {} hours.\n", facts.waits_hours),
                  fmt::format("为保护您的资金，{} 小时内不能提现到新的银行账户。\n", facts.waits_hours),
                  fmt::format("為保護您的資金，{} 小時內不能提領到新的銀行帳戶。\n", facts.waits_hours)}
                .in(language);
    }
    body += "\n" + what_to_do(facts.news).in(language) + "\n" + zone_note(language, to.zone) + signature(language, to.house);
    const auto rendered = Draft{std::move(body)}.render({}, language);
    ensure(rendered.has_value());  // no places in it
    return {.subject = headline(facts.news).in(language), .body = *rendered};
}

}  // namespace okpay::desk
