// SPDX-License-Identifier: Apache-2.0
#include "desk/identity_letters.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

using customers::VerificationCode;

// Owns its words: they are put together from parts.
struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

// A greeting and a signature are parts of a Draft, where a brace is written twice.
std::string undoubled(std::string text) {
    for (const std::string_view doubled : {"{{", "}}"}) {
        for (auto at = text.find(doubled); at != std::string::npos; at = text.find(doubled, at + 1)) text.erase(at, 1);
    }
    return text;
}

MailText letter(const LetterTo& to, const Words& subject, std::string_view body) {
    const std::string note =
        Words{"We never ask for documents by mail. Open your account yourself, not through a link in a mail.\n",
              "我们绝不会通过邮件索取证件。请自行打开您的账户，不要点击邮件中的链接。\n",
              "我們絕不會透過郵件索取證件。請自行開啟您的帳戶，不要點擊郵件中的連結。\n"}
            .in(to.language);
    return {.subject = subject.in(to.language),
            .body = undoubled(greeting(to.language, to.name)) + std::string{body} + "\n" + note +
                    undoubled(signature(to.language, to.house))};
}

Words reason(VerificationCode code) {
    switch (code) {
    case VerificationCode::none: return {"", "", ""};
    case VerificationCode::document_expired:
        return {"The document has expired. Please use one that is valid.", "证件已过期，请使用有效证件。",
                "證件已過期，請使用有效證件。"};
    case VerificationCode::document_unreadable:
        return {"The document cannot be read. Take the picture in good light, without glare, so that all four corners show.",
                "证件无法辨认。请在光线充足、无反光的地方拍摄，并拍全证件四角。",
                "證件無法辨認。請在光線充足、無反光的地方拍攝，並拍全證件四角。"};
    case VerificationCode::name_mismatch:
        return {"The name on the document is not the one that you stated. Please state it as it is printed.",
                "证件上的姓名与您填写的不一致，请按证件所示填写。", "證件上的姓名與您填寫的不一致，請按證件所示填寫。"};
    case VerificationCode::birth_date_mismatch:
        return {"The date of birth on the document is not the one that you stated.", "证件上的出生日期与您填写的不一致。",
                "證件上的出生日期與您填寫的不一致。"};
    case VerificationCode::id_number_mismatch:
        return {"The number of the document is not the one that you stated.", "证件号码与您填写的不一致。",
                "證件號碼與您填寫的不一致。"};
    case VerificationCode::face_mismatch:
        return {
            "The picture of you does not show the person on the document well enough. Please take it again in good light.",
            "自拍照与证件照片无法确认为同一人，请在光线充足处重新拍摄。",
            "自拍照與證件照片無法確認為同一人，請在光線充足處重新拍攝。"};
    case VerificationCode::under_age: return {"One has to be 18 years old.", "须年满 18 周岁。", "須年滿 18 歲。"};
    case VerificationCode::country_not_supported:
        return {"We cannot accept documents of this country yet.", "我们暂不接受该国家或地区的证件。",
                "我們暫不接受該國家或地區的證件。"};
    case VerificationCode::manipulated:
        return {"We could not accept the document.", "我们无法接受该证件。", "我們無法接受該證件。"};
    case VerificationCode::consent_declined:
        return {"You did not agree that we look at your document.", "您未同意我们查看您的证件。",
                "您未同意我們查看您的證件。"};
    }
    std::abort();
}

std::string said_by_us(const LetterTo& to, VerificationCode code, std::string_view word) {
    std::string text = reason(code).in(to.language);
    if (!text.empty()) text += "\n";
    if (const std::string shown = undoubled(inert(word)); !shown.empty()) text += shown + "\n";
    return text;
}

}  // namespace

std::string identity_reason(VerificationCode code, Language language) { return reason(code).in(language); }

MailText letter_identity_received(const LetterTo& to) {
    return letter(
        to, {"We have your documents", "我们已收到您的证件", "我們已收到您的證件"},
        Words{"We have received your documents. A person looks at them, as a rule within 24 hours, and we write to you "
              "then. You need not do anything.\n",
              "我们已收到您的证件，将由工作人员审核，一般在 24 小时内完成，届时会写信通知您。您无需再做任何操作。\n",
              "我們已收到您的證件，將由工作人員審核，一般在 24 小時內完成，屆時會寫信通知您。您無需再做任何操作。\n"}
            .in(to.language));
}

MailText letter_identity_verified(const LetterTo& to) {
    return letter(
        to, {"Your identity is verified", "您的身份已通过验证", "您的身分已通過驗證"},
        Words{"Your identity is verified. Higher limits apply to your account from now on; your account shows them. "
              "We destroy the pictures 90 days from now and keep the outcome alone.\n",
              "您的身份已通过验证，账户限额即刻提高，可在账户中查看。证件照片将于 90 天后销毁，我们仅保留审核结果。\n",
              "您的身分已通過驗證，帳戶限額即刻提高，可在帳戶中查看。證件照片將於 90 天後銷毀，我們僅保留審核結果。\n"}
            .in(to.language));
}

MailText letter_identity_rejected(const LetterTo& to, VerificationCode code, std::string_view word) {
    std::string body =
        Words{"We could not verify your identity.\n\n", "您的身份验证未通过。\n\n", "您的身分驗證未通過。\n\n"}.in(
            to.language);
    body += said_by_us(to, code, word);
    body +=
        Words{
            "\nYour account works as before, with its present limits. If you think that this is wrong, reply to this mail: "
            "somebody else looks at it again.\n",
            "\n您的账户照常使用，限额不变。如您认为有误，请直接回复本邮件，我们将由另一位工作人员复核。\n",
            "\n您的帳戶照常使用，限額不變。如您認為有誤，請直接回覆本郵件，我們將由另一位工作人員複核。\n"}
            .in(to.language);
    return letter(to, {"Your identity could not be verified", "您的身份验证未通过", "您的身分驗證未通過"}, body);
}

MailText letter_identity_input_needed(const LetterTo& to, VerificationCode code, std::string_view word, Moment until) {
    std::string body = Words{"We need something more to verify your identity.\n\n",
                             "我们还需要您补充材料，才能完成身份验证。\n\n", "我們還需要您補充資料，才能完成身分驗證。\n\n"}
                           .in(to.language);
    body += said_by_us(to, code, word);
    const std::string day = when(to.zone, until).substr(0, 10);
    body += Words{fmt::format(
                      "\nOpen your account and go to “Verify your identity”: it shows what to send again. The request stays "
                      "open until {}.\n",
                      day),
                  fmt::format("\n请打开您的账户，进入“身份验证”，按提示重新提交。该申请保留至 {}。\n", day),
                  fmt::format("\n請開啟您的帳戶，進入「身分驗證」，按提示重新提交。該申請保留至 {}。\n", day)}
                .in(to.language);
    return letter(to, {"Your documents: something is missing", "身份验证：请补充材料", "身分驗證：請補充資料"}, body);
}

MailText letter_identity_nothing_came(const LetterTo& to) {
    return letter(
        to, {"Your verification was closed", "您的身份验证已关闭", "您的身分驗證已關閉"},
        Words{"Nothing more came for the verification of your identity, so we have closed it and destroy what you had "
              "sent. You can begin again in your account at any time.\n",
              "由于长时间未收到材料，我们已关闭本次身份验证，并将销毁您已提交的内容。您可随时在账户中重新开始。\n",
              "由於長時間未收到資料，我們已關閉本次身分驗證，並將銷毀您已提交的內容。您可隨時在帳戶中重新開始。\n"}
            .in(to.language));
}

MailText letter_document_expires(const LetterTo& to, std::string_view day) {
    return letter(
        to, {"Your document expires soon", "您的证件即将到期", "您的證件即將到期"},
        Words{
            fmt::format("The document that you showed us is valid until {0}. Verify your identity with a new one by then "
                        "and nothing changes; otherwise the limits of your account are lower from the day after.\n",
                        day),
            fmt::format("您提交的证件有效期至 {0}。请在此之前用新证件重新验证，账户将不受影响；否则次日起账户限额将降低。\n",
                        day),
            fmt::format("您提交的證件有效期至 {0}。請在此之前用新證件重新驗證，帳戶將不受影響；否則次日起帳戶限額將降低。\n",
                        day)}
            .in(to.language));
}

MailText letter_document_expired(const LetterTo& to, std::string_view day) {
    return letter(
        to, {"Your document has expired", "您的证件已到期", "您的證件已到期"},
        Words{
            fmt::format("The document that you showed us was valid until {0}. The limits of your account are lower now. "
                        "Your money is yours as before. Verify your identity with a valid document in your account "
                        "and the limits rise again.\n",
                        day),
            fmt::format("您提交的证件已于 {0} 到期，账户限额现已降低。您的资金不受影响。请在账户中用有效证件重新验证，即可恢"
                        "复限额。\n",
                        day),
            fmt::format("您提交的證件已於 {0} 到期，帳戶限額現已降低。您的資金不受影響。請在帳戶中用有效證件重新驗證，即可恢"
                        "復限額。\n",
                        day)}
            .in(to.language));
}

}  // namespace okpay::desk
