// SPDX-License-Identifier: Apache-2.0
#include "desk/lock_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

struct Reason {
    std::string_view code;
    Wording words;
};
constexpr std::array reasons{
    Reason{"under_review",
           {"We want to be sure that it is you who uses the account.", "我们需要确认账户确实由您本人使用。",
            "我們需要確認帳戶確實由您本人使用。"}},
    Reason{"unusual_payments",
           {"A payment does not look like what you usually do.", "一笔付款与您平时的使用习惯明显不同。",
            "一筆付款與您平時的使用習慣明顯不同。"}},
    Reason{"new_device_payout",
           {"Money was to be sent to somebody new soon after a sign-in on a new device.",
            "在新设备上登录后不久，有人要求向新的收款人转账。", "在新裝置上登入後不久，有人要求向新的收款人轉帳。"}},
    Reason{"changed_then_payout",
           {"Money was to be sent to somebody new soon after your sign-in or contact data were changed.",
            "登录信息或联系方式更改后不久，有人要求向新的收款人转账。",
            "登入資訊或聯絡方式變更後不久，有人要求向新的收款人轉帳。"}},
    Reason{"failed_sign_ins",
           {"Somebody signed in on a new device after many wrong passwords.",
            "多次输错密码后，有人在新设备上登录了您的账户。", "多次輸錯密碼後，有人在新裝置上登入了您的帳戶。"}},
    Reason{"own_wish", {"You asked for it.", "应您本人的要求。", "依您本人的要求。"}},
    Reason{"not_me",
           {"You told us that it was not you.", "您告知我们该操作并非您本人所为。", "您告知我們該操作並非您本人所為。"}},
    Reason{"stolen_or_lost",
           {"A phone or a card is reported lost or stolen.", "您的手机或银行卡已报失或被盗。",
            "您的手機或卡片已通報遺失或遭竊。"}},
    Reason{contact_held_message,
           {"Your mail address is being changed.", "您的邮箱地址正在更换。", "您的電子郵件地址正在變更。"}},
    Reason{phone_held_message,
           {"Your phone number is being changed or removed.", "您的手机号码正在更换或移除。",
            "您的手機號碼正在變更或移除。"}},
    Reason{"identity_check", {"Your identity has to be proven again.", "需要重新核实您的身份。", "需要重新核實您的身分。"}},
    Reason{"legal_order",
           {"The law obliges us to. We cannot say more in a mail.", "这是法律要求我们采取的措施，邮件中无法说明更多。",
            "這是法律要求我們採取的措施，郵件中無法說明更多。"}},
};

std::string closed(const LetterTo& to, const std::string& body) {
    const auto rendered = Draft{greeting(to.language, to.name) + body + "\n" + std::string{safety_note(to.language)} +
                                "\n\n" + zone_note(to.language, to.zone) + signature(to.language, to.house)}
                              .render({}, to.language);
    ensure(rendered.has_value());  // names no amount
    return *rendered;
}

MailText letter(const LetterTo& to, const LockFacts& facts, std::string_view subject, const std::string& body) {
    return {.subject = facts.number ? subject_with(*facts.number, subject) : std::string{subject}, .body = closed(to, body)};
}

std::string what_to_do(const LetterTo& to, const LockFacts& facts) {
    if (facts.source == customers::LockSource::customer && facts.message_code == "own_wish") {
        return Words{
            "What to do: nothing. When you want it open again, sign in and end the lock in your account; you will "
            "be asked for your second factor.\nIf you did not ask for this, write to us at once.\n",
            "您需要做什么：无需操作。想要恢复时，请登录账户自行解除锁定，届时需要验证第二因素。\n如果并非您本人所为，"
            "请立即联系我们。\n",
            "您需要做什麼：無需操作。想要恢復時，請登入帳戶自行解除鎖定，屆時需要驗證第二因素。\n如果並非您本人所為，"
            "請立即聯絡我們。\n"}
            .in(to.language);
    }
    if (facts.source == customers::LockSource::legal) {
        return Words{"What to do: answer this mail if you have a question. It reaches the person who has your case.\n",
                     "您需要做什么：如有疑问，请直接回复本邮件，负责人员会收到。\n",
                     "您需要做什麼：如有疑問，請直接回覆本郵件，負責人員會收到。\n"}
            .in(to.language);
    }
    return Words{
        "What to do: answer this mail and say whether it was you. Tell us what you wanted to do and when. If it was "
        "not you, say so, and change your password.\n",
        "您需要做什么：请直接回复本邮件，说明是否为您本人操作，以及您当时想办理什么、在什么时间。如果不是您本人，请告知"
        "我们，并更改密码。\n",
        "您需要做什麼：請直接回覆本郵件，說明是否為您本人操作，以及您當時想辦理什麼、在什麼時間。如果不是您本人，請告知"
        "我們，並變更密碼。\n"}
        .in(to.language);
}

}  // namespace

bool is_hold_message(std::string_view message_code) {
    return message_code == contact_held_message || message_code == phone_held_message;
}

bool is_lock_message(std::string_view message_code) {
    return !is_hold_message(message_code) && std::ranges::find(reasons, message_code, &Reason::code) != reasons.end();
}

std::string lock_reason_words(Language language, std::string_view message_code) {
    const auto found = std::ranges::find(reasons, message_code, &Reason::code);
    return std::string{(found != reasons.end() ? *found : reasons.front()).words.in(language)};
}

std::string lock_effect_words(Language language, customers::LockEffect stops) {
    if (stops.sign_in && stops.debits) {
        return Words{"Nobody can sign in, and no money can leave the account.", "暂时无法登录，款项也无法转出。",
                     "暫時無法登入，款項也無法轉出。"}
            .in(language);
    }
    if (stops.debits) {
        return Words{"No money can leave the account: no payments, transfers or withdrawals.",
                     "款项暂时无法转出：付款、转账和提现均已停用。", "款項暫時無法轉出：付款、轉帳和提領均已停用。"}
            .in(language);
    }
    if (stops.payouts) {
        return Words{"No withdrawals, and no transfers to people you have not paid lately. You can still pay in shops.",
                     "暂时无法提现，也无法向近期未付过款的人转账；仍可向商户付款。",
                     "暫時無法提領，也無法向近期未付過款的人轉帳；仍可向商家付款。"}
            .in(language);
    }
    if (stops.sign_in) {
        return Words{"Nobody can sign in to the account.", "暂时无法登录账户。", "暫時無法登入帳戶。"}.in(language);
    }
    return Words{"No money can come into the account.", "款项暂时无法转入账户。", "款項暫時無法轉入帳戶。"}.in(language);
}

MailText letter_locked(const LetterTo& to, const LockFacts& facts) {
    const std::string at = when(to.zone, facts.placed);
    const std::string stops = lock_effect_words(to.language, facts.stops);
    const std::string reason = lock_reason_words(to.language, facts.message_code);
    std::string body =
        Words{fmt::format("Your account is locked since {}.\n\nWhat is stopped: {}\nWhy: {}\n", at, stops, reason),
              fmt::format("您的账户自 {} 起已锁定。\n\n停用的功能：{}\n原因：{}\n", at, stops, reason),
              fmt::format("您的帳戶自 {} 起已鎖定。\n\n停用的功能：{}\n原因：{}\n", at, stops, reason)}
            .in(to.language);
    if (!facts.stops.credits) {
        body += Words{"Your money is safe. Whatever is paid to you still arrives, and you can always write to us.\n",
                      "您的资金是安全的：他人付给您的款项仍会到账，您也可以随时联系我们。\n",
                      "您的資金是安全的：他人付給您的款項仍會入帳，您也可以隨時聯絡我們。\n"}
                    .in(to.language);
    }
    body += what_to_do(to, facts);
    if (facts.looked_at_by) {
        const std::string by = when(to.zone, *facts.looked_at_by);
        body += Words{fmt::format("What happens next: a person looks at it by {} and writes to you.\n", by),
                      fmt::format("接下来：工作人员会在 {} 之前查看并回复您。\n", by),
                      fmt::format("接下來：工作人員會在 {} 之前查看並回覆您。\n", by)}
                    .in(to.language);
    }
    if (facts.expires) {
        const std::string by = when(to.zone, *facts.expires);
        body += Words{fmt::format("The lock ends by itself on {} at the latest.\n", by),
                      fmt::format("该锁定最迟于 {} 自动解除。\n", by), fmt::format("該鎖定最遲於 {} 自動解除。\n", by)}
                    .in(to.language);
    }
    return letter(to, facts, Wording{"Your account is locked", "您的账户已锁定", "您的帳戶已鎖定"}.in(to.language), body);
}

MailText letter_lock_ended(const LetterTo& to, const LockFacts& facts, customers::LockEffect left, bool watched) {
    const std::string at = when(to.zone, facts.placed);
    std::string body =
        Words{fmt::format("The lock of {} on your account has ended.\n", at),
              fmt::format("您账户于 {} 的锁定已解除。\n", at), fmt::format("您帳戶於 {} 的鎖定已解除。\n", at)}
            .in(to.language);
    if (left == customers::LockEffect{}) {
        body +=
            Words{
                "You can use your account as before. What was refused in the meantime was not done: please make it "
                "again if you still want it.\n",
                "您可以照常使用账户。锁定期间被拒绝的操作并未执行，如仍需要请重新发起。\n",
                "您可以照常使用帳戶。鎖定期間被拒絕的操作並未執行，如仍需要請重新發起。\n"}
                .in(to.language);
    } else {
        const std::string stops = lock_effect_words(to.language, left);
        body += Words{fmt::format("Another lock still stands. {}\n", stops), fmt::format("仍有其他锁定生效。{}\n", stops),
                      fmt::format("仍有其他鎖定生效。{}\n", stops)}
                    .in(to.language);
    }
    if (watched) {
        const auto days = customers::watched_after_release.count();
        body += Words{fmt::format("For {} days we look more closely at what leaves the account.\n", days),
                      fmt::format("此后 {} 天内，我们会更仔细地留意账户的转出。\n", days),
                      fmt::format("此後 {} 天內，我們會更仔細地留意帳戶的轉出。\n", days)}
                    .in(to.language);
    }
    return letter(to, facts,
                  Wording{"Your account is open again", "您的账户锁定已解除", "您的帳戶鎖定已解除"}.in(to.language), body);
}

}  // namespace okpay::desk
