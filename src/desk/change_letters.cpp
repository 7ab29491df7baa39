// SPDX-License-Identifier: Apache-2.0
#include "desk/change_letters.hpp"

#include <fmt/format.h>

#include <string>

#include "base/ensure.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

// Owns its words: they are put together from parts.
struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

MailText closed(Language language, std::string_view house, std::string_view name, const Words& subject,
                std::string_view body) {
    const auto text = Draft{greeting(language, name) + std::string{body} + signature(language, house)}.render({}, language);
    ensure(text.has_value());  // no amount is told here
    return {.subject = subject.in(language), .body = *text};
}

MailText closed(const LetterTo& to, const Words& subject, const Words& body) {
    return closed(to.language, to.house, to.name, subject, body.in(to.language));
}

// On a line of its own, so that a mail program finds its end.
std::string line(std::string_view link) { return fmt::format("\n  {}\n\n", link); }

Words not_you(std::string_view cancel_link) {
    const std::string link = line(cancel_link);
    return {
        fmt::format("If this was not you, stop it here. It works until then, and it also signs everybody out:\n{}", link),
        fmt::format("如非您本人操作，请通过以下链接取消。在此之前链接一直有效，取消后所有已登录的设备都会退出：\n{}", link),
        fmt::format("如非您本人操作，請透過以下連結取消。在此之前連結一直有效，取消後所有已登入的裝置都會登出：\n{}", link)};
}

Words operator+(const Words& a, const Words& b) { return {a.en + b.en, a.zh_hans + b.zh_hans, a.zh_hant + b.zh_hant}; }

Words times_are_local(const LetterTo& to) {
    const auto note = [&](Language language) { return zone_note(language, to.zone); };
    return {note(Language::en), note(Language::zh_hans), note(Language::zh_hant)};
}

}  // namespace

MailText letter_prove_address(Language language, std::string_view house, std::string_view link, std::chrono::hours lasts) {
    const std::string shown = inert(house);
    const Words body{
        fmt::format("Somebody wants to use this address for an account at {0}. If that is you, confirm it here within {1} "
                    "hours:\n{2}The page shows a button; nothing happens before you press it.\n\nIf it is not you, ignore "
                    "this mail. Nothing changes then.\n",
                    shown, lasts.count(), line(link)),
        fmt::format(
            "有人希望将此邮箱用于 {0} 的账户。如果是您本人，请在 {1} 小时内通过以下链接确认：\n{2}打开页面后需点击按钮"
            "才会生效。\n\n如非您本人操作，请忽略本邮件，不会有任何变更。\n",
            shown, lasts.count(), line(link)),
        fmt::format(
            "有人希望將此信箱用於 {0} 的帳戶。如果是您本人，請在 {1} 小時內透過以下連結確認：\n{2}開啟頁面後需點擊按鈕"
            "才會生效。\n\n如非您本人操作，請忽略本郵件，不會有任何變更。\n",
            shown, lasts.count(), line(link))};
    return closed(language, house, "",
                  {fmt::format("Confirm this address for {}", shown), fmt::format("请确认此邮箱用于 {} 账户", shown),
                   fmt::format("請確認此信箱用於 {} 帳戶", shown)},
                  body.in(language));
}

MailText letter_address_wanted(const LetterTo& to) {
    const std::string house = inert(to.house);
    return closed(
        to, {"Somebody asked to use your address", "有人申请使用您的邮箱", "有人申請使用您的信箱"},
        {fmt::format("Somebody asked us to use your mail address for another account at {}. We did not: it is "
                     "yours, and an address belongs to one account alone. They were not told why.\n\nYou need not "
                     "do anything. If you asked for it yourself, sign in with this address instead.\n",
                     house),
         fmt::format("有人申请将您的邮箱用于 {} 的另一个账户。我们没有这样做：该邮箱属于您，且一个邮箱只能用于一个账户。"
                     "对方并未获知原因。\n\n您无需采取任何操作。如果是您本人申请的，请直接用此邮箱登录。\n",
                     house),
         fmt::format("有人申請將您的信箱用於 {} 的另一個帳戶。我們沒有這樣做：該信箱屬於您，且一個信箱只能用於一個"
                     "帳戶。對方並未獲知原因。\n\n您無需採取任何操作。如果是您本人申請的，請直接用此信箱登入。\n",
                     house)});
}

MailText letter_contact_asked(const LetterTo& to, const ContactChangeFacts& facts) {
    const std::string address = inert(facts.new_address);
    const std::string until = when(to.zone, facts.due);
    const Words told{
        fmt::format(
            "You, or somebody in your account, asked to change your mail address to {}. We wrote to that address; the "
            "change begins only if it is confirmed there by {}. Then there is a waiting time, and we write to you "
            "again.\n\n",
            address, until),
        fmt::format(
            "您的账户中有人申请将邮箱更换为 {}。我们已向该邮箱发送确认邮件，须在 {} 前确认，变更才会开始；之后还有一段"
            "等待期，届时我们会再通知您。\n\n",
            address, until),
        fmt::format(
            "您的帳戶中有人申請將信箱更換為 {}。我們已向該信箱發送確認郵件，須在 {} 前確認，變更才會開始；之後還有一段"
            "等待期，屆時我們會再通知您。\n\n",
            address, until)};
    return closed(to, {"A change of your mail address was asked for", "您的账户申请更换邮箱", "您的帳戶申請更換信箱"},
                  told + not_you(facts.cancel_link) + times_are_local(to));
}

MailText letter_contact_held(const LetterTo& to, const ContactChangeFacts& facts) {
    const std::string address = inert(facts.new_address);
    const std::string due = when(to.zone, facts.due);
    const Words told{
        fmt::format(
            "The new mail address {} was confirmed. Your address changes on {}. Until then you sign in with this one, "
            "and no money can leave for accounts or cards that were not used before. Money that comes in is not "
            "affected.\n\n",
            address, due),
        fmt::format(
            "新邮箱 {} 已通过确认，将于 {} 正式更换。在此之前请继续使用本邮箱登录，且款项不能转往从未使用过的账户或银行"
            "卡；收款不受影响。\n\n",
            address, due),
        fmt::format("新信箱 {} 已通過確認，將於 {} 正式更換。在此之前請繼續使用本信箱登入，且款項不能轉往從未使用過的帳戶或"
                    "銀行卡；收款不受影響。\n\n",
                    address, due)};
    return closed(to,
                  {fmt::format("Your mail address changes on {}", due), fmt::format("您的邮箱将于 {} 更换", due),
                   fmt::format("您的信箱將於 {} 更換", due)},
                  told + not_you(facts.cancel_link) + times_are_local(to));
}

MailText letter_contact_proven(const LetterTo& to, Moment due) {
    const std::string at = when(to.zone, due);
    const std::string house = inert(to.house);
    return closed(
        to, {"This address is confirmed", "此邮箱已确认", "此信箱已確認"},
        Words{fmt::format("Thank you, this address is confirmed. It becomes the address of the account on {}. Until "
                          "then {} writes to the old one, which can still stop the change.\n",
                          at, house),
              fmt::format("感谢您的确认。此邮箱将于 {} 成为该账户的邮箱。在此之前，{} 仍向原邮箱发送通知，原邮箱也可以取消"
                          "本次变更。\n",
                          at, house),
              fmt::format("感謝您的確認。此信箱將於 {} 成為該帳戶的信箱。在此之前，{} 仍向原信箱發送通知，原信箱也可以"
                          "取消本次變更。\n",
                          at, house)} +
            times_are_local(to));
}

MailText letter_contact_done_old(const LetterTo& to, std::string_view new_address) {
    const std::string address = inert(new_address);
    return closed(
        to, {"Your mail address has changed", "您的邮箱已更换", "您的信箱已更換"},
        {fmt::format("Your mail address is now {}. This one opens your account no more, and we write to the new one "
                     "from now on.\n\nIf you did not want this, answer this mail at once.\n",
                     address),
         fmt::format("您的邮箱已更换为 {}。本邮箱不能再用于登录，今后的通知将发送至新邮箱。\n\n如非您本人意愿，请立即回复"
                     "本邮件。\n",
                     address),
         fmt::format("您的信箱已更換為 {}。本信箱不能再用於登入，今後的通知將發送至新信箱。\n\n如非您本人意願，請立即回覆"
                     "本郵件。\n",
                     address)});
}

MailText letter_contact_done_new(const LetterTo& to) {
    return closed(
        to, {"Your mail address has changed", "您的邮箱已更换", "您的信箱已更換"},
        {"This is the address of your account now. Sign in with it from now on; your password and second factor stay "
         "as they are.\n",
         "此邮箱现已成为您账户的邮箱。今后请使用此邮箱登录，密码和第二重验证方式保持不变。\n",
         "此信箱現已成為您帳戶的信箱。今後請使用此信箱登入，密碼和第二重驗證方式保持不變。\n"});
}

MailText letter_contact_ended(const LetterTo& to, ChangeEnd end, std::string_view number) {
    const Words subject{"Your mail address stays as it is", "您的邮箱保持不变", "您的信箱保持不變"};
    const std::string shown = inert(number);
    switch (end) {
    case ChangeEnd::by_customer:
        return closed(to, subject,
                      {"The change of your mail address was canceled in your account. This address stays.\n",
                       "更换邮箱的申请已在您的账户中取消，邮箱保持不变。\n",
                       "更換信箱的申請已在您的帳戶中取消，信箱保持不變。\n"});
    case ChangeEnd::by_old_address:
        return closed(
            to, subject,
            {fmt::format("You stopped the change of your mail address. This address stays, everybody who was signed in is "
                         "signed out, and no money leaves the account until a person has looked.\n\nOur security team looks "
                         "into it and writes to you within 24 hours; the request is {}. Please choose a new password on our "
                         "website, which you open yourself.\n",
                         shown),
             fmt::format(
                 "您已取消更换邮箱的申请。邮箱保持不变，所有已登录的设备均已退出；在工作人员核查之前，款项暂停转出。\n\n安全"
                 "团队将进行"
                 "核查，并在 24 小时内与您联系，请求编号为 {}。请自行打开我们的官方网站修改密码。\n",
                 shown),
             fmt::format("您已取消更換信箱的申請。信箱保持不變，所有已登入的裝置均已登出；在工作人員查核之前，款項暫停轉出。"
                         "\n\n安全團隊將"
                         "進行查核，並在 24 小時內與您聯絡，請求編號為 {}。請自行開啟我們的官方網站修改密碼。\n",
                         shown)});
    case ChangeEnd::by_staff:
        return closed(to, subject,
                      {"The change of your mail address was looked at and not made. This address stays. Answer this mail if "
                       "you have a question.\n",
                       "更换邮箱的申请经审核未予办理，邮箱保持不变。如有疑问，请回复本邮件。\n",
                       "更換信箱的申請經審核未予辦理，信箱保持不變。如有疑問，請回覆本郵件。\n"});
    case ChangeEnd::address_in_use:
        return closed(to, subject,
                      {"The change of your mail address could not be made: the new address cannot be used any more. This "
                       "address stays; you can ask for another one in your account.\n",
                       "更换邮箱未能完成：新邮箱已不可使用。邮箱保持不变，您可以在账户中申请更换为其他邮箱。\n",
                       "更換信箱未能完成：新信箱已不可使用。信箱保持不變，您可以在帳戶中申請更換為其他信箱。\n"});
    case ChangeEnd::not_proven:
        return closed(to, subject,
                      {"The new mail address was not confirmed in time, so nothing changes. This address stays; you can ask "
                       "again in your account.\n",
                       "新邮箱未在规定时间内确认，因此没有变更。邮箱保持不变，您可以在账户中重新申请。\n",
                       "新信箱未在規定時間內確認，因此沒有變更。信箱保持不變，您可以在帳戶中重新申請。\n"});
    }
    std::abort();
}

MailText letter_contact_ended_new(Language language, std::string_view house) {
    const Words body{
        "The account for which you confirmed this address keeps its old one: the change was stopped. You need not "
        "do anything.\n",
        "您曾为某账户确认此邮箱，该账户的邮箱变更已取消，仍使用原邮箱。您无需采取任何操作。\n",
        "您曾為某帳戶確認此信箱，該帳戶的信箱變更已取消，仍使用原信箱。您無需採取任何操作。\n"};
    return closed(language, house, "", {"This address is not used", "此邮箱未被使用", "此信箱未被使用"}, body.in(language));
}

MailText letter_case_link(const LetterTo& to, RequestNumber number, std::string_view link, std::chrono::minutes lasts) {
    const Words body{
        fmt::format(
            "Here is the way to your request {0} without signing in. You can see how it stands, answer, and hand in "
            "files safely. The link works once, within {1} minutes:\n{2}If you did not write to us, ignore this mail "
            "and do not pass the link on. We never ask for it.\n",
            number.text(), lasts.count(), line(link)),
        fmt::format(
            "您无需登录即可通过以下链接处理请求 {0}：查看进度、回复、安全提交文件。链接只能使用一次，{1} 分钟内有效：\n{2}"
            "如您并未联系我们，请忽略本邮件，也不要转发该链接。我们绝不会向您索要它。\n",
            number.text(), lasts.count(), line(link)),
        fmt::format(
            "您無需登入即可透過以下連結處理請求 {0}：查看進度、回覆、安全提交檔案。連結只能使用一次，{1} 分鐘內有效：\n{2}"
            "如您並未聯絡我們，請忽略本郵件，也不要轉寄該連結。我們絕不會向您索要它。\n",
            number.text(), lasts.count(), line(link))};
    MailText letter = closed(to, {"Your way to your request", "您的请求处理链接", "您的請求處理連結"}, body);
    letter.subject = subject_with(number, letter.subject);
    return letter;
}

}  // namespace okpay::desk
