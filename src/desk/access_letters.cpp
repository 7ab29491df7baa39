// SPDX-License-Identifier: Apache-2.0
#include "desk/access_letters.hpp"

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

// A link stands in the text as it is: a Draft, which names and zones are written for, would take its braces for places.
std::string rendered(const std::string& draft, Language language) {
    const auto text = Draft{draft}.render({}, language);
    ensure(text.has_value());  // names are inert, and there is no place in it
    return *text;
}

std::string greeted(const LetterTo& to) { return rendered(greeting(to.language, to.name), to.language); }
std::string signed_by(Language language, std::string_view house) { return rendered(signature(language, house), language); }
std::string house_of(Language language, std::string_view house) { return rendered(inert(house), language); }

// "Chrome on Android", as it is kept, in Chinese "Chrome（Android）".
Words device(const AlertFacts& facts) {
    if (facts.device.empty()) return {"an unknown browser", "未知浏览器", "未知瀏覽器"};
    const std::string_view on = " on ";
    const auto at = facts.device.find(on);
    const std::string whole{facts.device};
    if (at == std::string_view::npos) return {whole, whole, whole};
    const std::string chinese = fmt::format("{}（{}）", facts.device.substr(0, at), facts.device.substr(at + on.size()));
    return {whole, chinese, chinese};
}

Words what(Alert alert) {
    switch (alert) {
    case Alert::new_device:
        return {"Somebody signed in to your account from a device that we have not seen before.",
                "您的账户刚刚在一台我们未曾见过的设备上登录。", "您的帳戶剛剛在一台我們未曾見過的裝置上登入。"};
    case Alert::password_changed:
        return {"The password of your account was changed. Every other session has ended.",
                "您账户的密码已更改，其他所有登录均已退出。", "您帳戶的密碼已變更，其他所有登入均已登出。"};
    case Alert::phrase_changed:
        return {"The phrase that stands in our letters to you was changed.", "我们写给您的邮件中的专属暗语已更改。",
                "我們寫給您的郵件中的專屬暗語已變更。"};
    case Alert::factor_added:
        return {"A second step of sign-in was added to your account.", "您的账户新增了一种两步验证方式。",
                "您的帳戶新增了一種兩步驟驗證方式。"};
    case Alert::factor_removed:
        return {"A second step of sign-in was removed from your account.", "您账户的一种两步验证方式已被移除。",
                "您帳戶的一種兩步驟驗證方式已被移除。"};
    case Alert::recovery_codes_made:
        return {"New recovery codes were made for your account. Older ones work no more.",
                "您的账户已生成新的恢复码，旧的恢复码全部失效。", "您的帳戶已產生新的復原碼，舊的復原碼全部失效。"};
    }
    std::abort();
}

Words subject(Alert alert) {
    switch (alert) {
    case Alert::new_device: return {"New sign-in to your account", "您的账户有新的登录", "您的帳戶有新的登入"};
    case Alert::password_changed: return {"Your password was changed", "您的密码已更改", "您的密碼已變更"};
    case Alert::phrase_changed: return {"Your phrase was changed", "您的专属暗语已更改", "您的專屬暗語已變更"};
    case Alert::factor_added: return {"A second step was added", "已新增两步验证方式", "已新增兩步驟驗證方式"};
    case Alert::factor_removed: return {"A second step was removed", "两步验证方式已移除", "兩步驟驗證方式已移除"};
    case Alert::recovery_codes_made: return {"New recovery codes", "已生成新的恢复码", "已產生新的復原碼"};
    }
    std::abort();
}

}  // namespace

std::string_view name_of(Alert alert) {
    switch (alert) {
    case Alert::new_device: return "new_device";
    case Alert::password_changed: return "password_changed";
    case Alert::phrase_changed: return "phrase_changed";
    case Alert::factor_added: return "factor_added";
    case Alert::factor_removed: return "factor_removed";
    case Alert::recovery_codes_made: return "recovery_codes_made";
    }
    std::abort();
}

MailText letter_confirm_sign_up(Language language, std::string_view house, std::string_view link, std::chrono::hours lasts) {
    const std::string name = house_of(language, house);
    MailText mail;
    mail.subject = Words{fmt::format("Confirm your address for {}", name), fmt::format("请确认您的 {} 邮箱", name),
                         fmt::format("請確認您的 {} 信箱", name)}
                       .in(language);
    mail.body =
        rendered(greeting(language, ""), language) +
        Words{fmt::format("Somebody, you we hope, opens an account with {0} for this address. To confirm it, open this page "
                          "and enter the password that you have just chosen:\n\n{1}\n\n"
                          "The link works once, for {2} hours.\n\n"
                          "If that was not you, do nothing: without a confirmation no account is opened.\n",
                          name, link, lasts.count()),
              fmt::format("有人（希望就是您本人）正在用此邮箱开立 {0} 账户。请打开以下页面，并输入您刚才设置的密码完成确认："
                          "\n\n{1}\n\n该链接仅可使用一次，{2} 小时内有效。\n\n"
                          "如果不是您本人操作，请忽略本邮件：未经确认，不会开立任何账户。\n",
                          name, link, lasts.count()),
              fmt::format("有人（希望就是您本人）正在用此信箱開立 {0} 帳戶。請開啟以下頁面，並輸入您剛才設定的密碼完成確認："
                          "\n\n{1}\n\n此連結僅可使用一次，{2} 小時內有效。\n\n"
                          "如果不是您本人操作，請忽略本郵件：未經確認，不會開立任何帳戶。\n",
                          name, link, lasts.count())}
            .in(language) +
        signed_by(language, house);
    return mail;
}

MailText letter_account_exists(const LetterTo& to, std::string_view new_password_page) {
    const std::string name = house_of(to.language, to.house);
    MailText mail;
    mail.subject = Words{fmt::format("You have an account with {} already", name), fmt::format("您已有 {} 账户", name),
                         fmt::format("您已有 {} 帳戶", name)}
                       .in(to.language);
    mail.body =
        greeted(to) +
        Words{fmt::format("Somebody has just tried to open a second account with this address. Was it you? You have one "
                          "already, so nothing was changed: sign in as always. If you do not know the password any more, "
                          "choose a new one here:\n\n{}\n\n"
                          "If it was not you, you need not do anything. Whoever tried was not told that you have an "
                          "account.\n",
                          new_password_page),
              fmt::format("刚才有人尝试用此邮箱再开立一个账户。是您本人吗？您已经有账户了，因此没有任何更改，请照常登录。如"
                          "果忘记了密码，可以在此设置新密码：\n\n{}\n\n"
                          "如果不是您本人操作，您无需做任何事。对方并不会得知您拥有账户。\n",
                          new_password_page),
              fmt::format("剛才有人嘗試用此信箱再開立一個帳戶。是您本人嗎？您已經有帳戶了，因此沒有任何變更，請照常登入。如"
                          "果忘記了密碼，可以在此設定新密碼：\n\n{}\n\n"
                          "如果不是您本人操作，您無需做任何事。對方並不會得知您擁有帳戶。\n",
                          new_password_page)}
            .in(to.language) +
        signed_by(to.language, to.house);
    return mail;
}

MailText letter_new_password(const LetterTo& to, std::string_view link, std::chrono::minutes lasts) {
    MailText mail;
    mail.subject = Words{"Choose a new password", "设置新密码", "設定新密碼"}.in(to.language);
    mail.body =
        greeted(to) +
        Words{fmt::format("Somebody has asked for a new password for your account. If it was you, choose it here:\n\n{0}\n\n"
                          "The link works once, for {1} minutes. All sessions end then, and your second step, if you have "
                          "one, stays as it is.\n\n"
                          "If it was not you, do nothing: your password stays. We never ask you for it, nor for this "
                          "link.\n",
                          link, lasts.count()),
              fmt::format("有人为您的账户申请了新密码。如果是您本人，请在此设置：\n\n{0}\n\n"
                          "该链接仅可使用一次，{1} 分钟内有效。设置后所有登录都会退出，两步验证（如已开启）保持不变。\n\n"
                          "如果不是您本人操作，请忽略本邮件：密码不会改变。我们绝不会向您索要密码或此链接。\n",
                          link, lasts.count()),
              fmt::format("有人為您的帳戶申請了新密碼。如果是您本人，請在此設定：\n\n{0}\n\n"
                          "此連結僅可使用一次，{1} 分鐘內有效。設定後所有登入都會登出，兩步驟驗證（如已開啟）保持不變。\n\n"
                          "如果不是您本人操作，請忽略本郵件：密碼不會改變。我們絕不會向您索取密碼或此連結。\n",
                          link, lasts.count())}
            .in(to.language) +
        signed_by(to.language, to.house);
    return mail;
}

MailText letter_alert(const LetterTo& to, const AlertFacts& facts, std::string_view report_link,
                      std::chrono::days link_lasts) {
    const std::string from = device(facts).in(to.language);
    const std::string at = when(to.zone, facts.at);
    const std::string place = facts.address.empty()
                                  ? ""
                                  : Words{fmt::format("Address: {}\n", facts.address),
                                          fmt::format("地址：{}\n", facts.address), fmt::format("位址：{}\n", facts.address)}
                                        .in(to.language);
    MailText mail;
    mail.subject = subject(facts.alert).in(to.language);
    mail.body = greeted(to) + what(facts.alert).in(to.language) + "\n\n" +
                Words{fmt::format("When: {}\nDevice: {}\n", at, from), fmt::format("时间：{}\n设备：{}\n", at, from),
                      fmt::format("時間：{}\n裝置：{}\n", at, from)}
                    .in(to.language) +
                place + "\n" +
                Words{fmt::format("If it was you, you need not do anything.\n\n"
                                  "If it was not you, open this page and press the button. No money leaves your account "
                                  "from then on, all sessions end, and a colleague looks into it:\n\n{}\n\n"
                                  "The link works for {} days.\n",
                                  report_link, link_lasts.count()),
                      fmt::format("如果是您本人操作，无需做任何事。\n\n"
                                  "如果不是您本人，请打开以下页面并点击按钮。此后您的账户不会再转出任何款项，所有登录都会退"
                                  "出，并由专人为您核查：\n\n{}\n\n该链接 {} 天内有效。\n",
                                  report_link, link_lasts.count()),
                      fmt::format("如果是您本人操作，無需做任何事。\n\n"
                                  "如果不是您本人，請開啟以下頁面並點擊按鈕。此後您的帳戶不會再轉出任何款項，所有登入都會登"
                                  "出，並由專人為您查核：\n\n{}\n\n此連結 {} 天內有效。\n",
                                  report_link, link_lasts.count())}
                    .in(to.language) +
                "\n" + rendered(zone_note(to.language, to.zone), to.language) + signed_by(to.language, to.house);
    return mail;
}

MailText letter_sign_in_reported(const LetterTo& to, RequestNumber number, std::string_view new_password_page,
                                 Moment first_reply_due) {
    const std::string due = when(to.zone, first_reply_due);
    MailText mail;
    mail.subject =
        subject_with(number,
                     Words{"We have secured your account", "我们已为您保护账户", "我們已為您保護帳戶"}.in(to.language));
    mail.body =
        greeted(to) +
        Words{fmt::format("You told us that something in your account was not you. Since then:\n\n"
                          "- no money can leave your account; money that comes in still reaches you;\n"
                          "- all sessions have ended, and the old password opens nothing any more.\n\n"
                          "What to do: choose a new password here, and look through your payments:\n\n{0}\n\n"
                          "What happens next: a colleague looks into it and writes to you by {1} at the latest. To add "
                          "something, reply to this mail.\n",
                          new_password_page, due),
              fmt::format("您告诉我们账户中有非本人的操作。我们已经：\n\n"
                          "- 停止账户的一切转出，转入的款项仍会照常到账；\n"
                          "- 退出所有登录，旧密码已不能再使用。\n\n"
                          "请您：在此设置新密码，并核对您的付款记录：\n\n{0}\n\n"
                          "接下来：专人会为您核查，最晚于 {1} 写信给您。如需补充，请直接回复本邮件。\n",
                          new_password_page, due),
              fmt::format("您告訴我們帳戶中有非本人的操作。我們已經：\n\n"
                          "- 停止帳戶的一切轉出，轉入的款項仍會照常入帳；\n"
                          "- 登出所有登入，舊密碼已不能再使用。\n\n"
                          "請您：在此設定新密碼，並核對您的付款記錄：\n\n{0}\n\n"
                          "接下來：專人會為您查核，最晚於 {1} 寫信給您。如需補充，請直接回覆本郵件。\n",
                          new_password_page, due)}
            .in(to.language) +
        "\n" + rendered(zone_note(to.language, to.zone), to.language) + signed_by(to.language, to.house);
    return mail;
}

std::string phrase_line(Language language, std::string_view phrase) {
    return Words{fmt::format("Your phrase: “{}”\n\n", phrase), fmt::format("您的专属暗语：“{}”\n\n", phrase),
                 fmt::format("您的專屬暗語：「{}」\n\n", phrase)}
        .in(language);
}

}  // namespace okpay::desk
