// SPDX-License-Identifier: Apache-2.0
#include "desk/official_mail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/text.hpp"

namespace okpay::desk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

OutgoingId mail_of(char octet) { return OutgoingId::of(moment_of_ms(1'790'000'000'000), Bytes(10, octet)); }

const OfficialKey first{1, Secret{Bytes(32, 'a')}}, second{2, Secret{Bytes(32, 'b')}};

TEST(OfficialMail, a_code_proves_its_own_mail_alone) {
    const std::array keys{first, second};
    const std::string code = make_official_code(first, mail_of('x'));
    EXPECT_EQ(code.size(), official_code_characters);
    EXPECT_TRUE(is_official_code(keys, code, mail_of('x')));
    EXPECT_FALSE(is_official_code(keys, code, mail_of('y')));
    EXPECT_FALSE(is_official_code(std::span{keys}.subspan(1), code, mail_of('x'))) << "its key is gone";
    EXPECT_NE(code, make_official_code(second, mail_of('x')));
    EXPECT_EQ(parse_official_code(ascii_lower(shown_official_code(code))), code);
    EXPECT_EQ(parse_official_code(" " + code.substr(0, 3) + " " + code.substr(3) + "\n"), code);
}

TEST(OfficialMail, a_mistyped_code_is_told_from_a_wrong_one) {
    const std::string code = make_official_code(first, mail_of('x'));
    for (std::size_t at = 0; at < code.size(); ++at) {
        std::string wrong = code;
        wrong[at] = wrong[at] == '7' ? '8' : '7';
        EXPECT_FALSE(parse_official_code(wrong)) << at;
        if (at == 0 || code[at] == code[at - 1]) continue;
        std::string exchanged = code;
        std::swap(exchanged[at], exchanged[at - 1]);
        EXPECT_FALSE(parse_official_code(exchanged)) << at;
    }
    for (const std::string& text : {code + "0", code.substr(1), std::string{}, code.substr(0, 13) + "*"})
        EXPECT_FALSE(parse_official_code(text)) << text;
}

TEST(OfficialMail, is_found_in_what_was_forwarded) {
    const std::string code = make_official_code(first, mail_of('x'));
    const std::string other = make_official_code(first, mail_of('y'));
    EXPECT_EQ(official_line(code, "https://pay.example/"),
              "Check: " + shown_official_code(code) + "  (type pay.example/check yourself)");
    const std::string text = "> " + official_line(code, "https://pay.example") + "\n核验" + shown_official_code(other) +
                             "。 " + shown_official_code(code) + " a" + shown_official_code(code);
    EXPECT_THAT(official_codes_in(text), ElementsAre(code, other));
    EXPECT_THAT(official_codes_in("1234-5678-9012-34 x-y-z ----"), IsEmpty());
    std::string many;
    for (char c = 'A'; c <= 'Z'; ++c) many += shown_official_code(make_official_code(first, mail_of(c))) + "\n";
    EXPECT_EQ(official_codes_in(many).size(), official_codes_found_max);
}

TEST(OfficialMail, the_answer_is_yes_with_a_date_or_no) {
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        CheckAnswer asked{.language = language,
                          .sent = moment_of_ms(1'790'000'000'000),
                          .phishing_address = "phishing@pay.example"};
        const MailText yes = answer_check(asked);
        EXPECT_THAT(yes.body, HasSubstr("2026-09-2"));
        EXPECT_THAT(yes.body, Not(HasSubstr("phishing@")));
        asked.sent.reset();
        const MailText no = answer_check(asked);
        EXPECT_THAT(no.body, HasSubstr("phishing@pay.example"));
        EXPECT_NE(yes.subject, no.subject);
    }
}

}  // namespace
}  // namespace okpay::desk
