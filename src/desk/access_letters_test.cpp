// SPDX-License-Identifier: Apache-2.0
#include "desk/access_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace okpay::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array languages{Language::en, Language::zh_hans, Language::zh_hant};
constexpr std::array alerts{Alert::new_device,   Alert::password_changed, Alert::phrase_changed,
                            Alert::factor_added, Alert::factor_removed,   Alert::recovery_codes_made};

LetterTo to(Language language) {
    return {.language = language, .name = "Zoe {1}", .zone = "Asia/Shanghai", .house = "OKPay"};
}
Moment moment() { return moment_of_ms(1'793'872'080'000); }

TEST(AccessLetters, a_link_stands_as_it_is_and_says_how_long_it_lasts) {
    const RequestNumber number = RequestNumber::of(TicketNo{7}, Secret{"0123456789abcdef0123456789abcdef"});
    const std::string link = "https://pay.example/account/welcome#ABC{D}";
    for (const Language language : languages) {
        EXPECT_THAT(letter_confirm_sign_up(language, "OKPay", link, std::chrono::hours{24}).body,
                    AllOf(HasSubstr(link + "\n"), HasSubstr("24")));
        EXPECT_THAT(letter_new_password(to(language), link, std::chrono::minutes{10}).body,
                    AllOf(HasSubstr(link + "\n"), HasSubstr("10"), HasSubstr("Zoe {1}")));
        EXPECT_THAT(letter_account_exists(to(language), link).body, HasSubstr(link));
        EXPECT_THAT(letter_sign_in_reported(to(language), number, link, moment()).body, HasSubstr(link));
    }
}

TEST(AccessLetters, each_alert_says_what_where_and_when_in_each_language) {
    for (const Language language : languages) {
        std::set<std::string> subjects, bodies;
        for (const Alert alert : alerts) {
            const MailText mail =
                letter_alert(to(language),
                             {.alert = alert, .device = "Chrome on Android", .address = "203.0.113.x", .at = moment()},
                             "https://pay.example/account/not-me#ABC", std::chrono::days{14});
            subjects.insert(mail.subject);
            bodies.insert(mail.body);
            EXPECT_THAT(mail.body, AllOf(HasSubstr("Chrome"), HasSubstr("Android"), HasSubstr("203.0.113.x"),
                                         HasSubstr("2026-11-05"), HasSubstr("/account/not-me#ABC"), HasSubstr("14")));
        }
        EXPECT_EQ(subjects.size(), alerts.size());
        EXPECT_EQ(bodies.size(), alerts.size());
        const MailText unknown =
            letter_alert(to(language), {.alert = Alert::new_device, .device = "", .address = "", .at = moment()},
                         "https://pay.example/x", std::chrono::days{14});
        EXPECT_THAT(unknown.body, Not(HasSubstr("\n\n\n"))) << "what is not known leaves no hole";
    }
    EXPECT_THAT(letter_alert(to(Language::zh_hans),
                             {.alert = Alert::new_device, .device = "Chrome on Android", .address = "", .at = moment()},
                             "https://pay.example/x", std::chrono::days{14})
                    .body,
                HasSubstr("Chrome（Android）"));
}

}  // namespace
}  // namespace okpay::desk
