// SPDX-License-Identifier: Apache-2.0
#include "mail/mta_sts.hpp"

#include <gtest/gtest.h>

#include <array>

namespace okpay::mail {
namespace {

StsPolicy policy() { return {.mode = StsMode::enforce, .hosts = {"mx1.pay.example", "*.mail.example"}, .max_age = 604'800}; }

TEST(MtaSts, a_policy_comes_back_as_it_was_written) {
    const std::string text = text_of(policy());
    EXPECT_EQ(text, "version: STSv1\r\nmode: enforce\r\nmx: mx1.pay.example\r\nmx: *.mail.example\r\nmax_age: 604800\r\n");
    EXPECT_EQ(parse_sts_policy(text), policy());
}

TEST(MtaSts, takes_what_others_write) {
    // RFC 8461 3.2: LF alone, blanks, unknown keys; what stands twice counts the first time.
    EXPECT_EQ(parse_sts_policy("version:STSv1\nmode:enforce\nnew_thing: 7\nmx:  MX1.Pay.Example \nmx: *.mail.example\n"
                               "max_age: 604800\nmax_age: 1\n\n"),
              policy());
    EXPECT_EQ(parse_sts_policy("version: STSv1\nmode: none\nmax_age: 0\n"), StsPolicy{});
}

TEST(MtaSts, refuses_what_is_no_policy) {
    for (const std::string_view text : {
             "",
             "mode: enforce\nversion: STSv1\nmx: a.example\nmax_age: 60",     // the version comes first
             "version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 60",
             "version: STSv1\nmode: strict\nmx: a.example\nmax_age: 60",
             "version: STSv1\nmode: enforce\nmax_age: 60",                    // no host
             "version: STSv1\nmode: enforce\nmx: a.example",                  // for how long?
             "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1",
             "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601",
             "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 6O",
             "version: STSv1\n<html>\nmode: enforce\nmx: a.example\nmax_age: 60",
         }) {
        EXPECT_EQ(parse_sts_policy(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_sts_policy(text_of(policy()) + std::string(sts_policy_octets_max, '\n')), std::nullopt);
}

TEST(MtaSts, a_star_is_one_label) {
    for (const std::string_view host : {"mx1.pay.example", "MX1.pay.example.", "a.mail.example"})
        EXPECT_TRUE(takes_mail(policy(), host)) << host;
    for (const std::string_view host : {"mx2.pay.example", "mail.example", "a.b.mail.example", ".mail.example", "",
                                        "mx1.pay.example.evil.example", "xmail.example"})
        EXPECT_FALSE(takes_mail(policy(), host)) << host;
}

TEST(MtaSts, the_record_changes_with_the_policy) {
    StsPolicy other = policy();
    other.hosts.pop_back();
    const std::array ours{sts_record(policy())}, theirs{sts_record(other)};
    EXPECT_TRUE(sts_id_of(ours).has_value());
    EXPECT_NE(sts_id_of(ours), sts_id_of(theirs));
    EXPECT_EQ(sts_record_name("pay.example"), "_mta-sts.pay.example");
}

TEST(MtaSts, reads_one_record_and_no_other) {
    const auto id_of = [](std::vector<std::string> records) { return sts_id_of(records).value_or("-"); };
    EXPECT_EQ(id_of({"v=STSv1; id=20160831085700Z;"}), "20160831085700Z");
    EXPECT_EQ(id_of({"google-site-verification=x", "v=STSv1;id=7"}), "7");
    EXPECT_EQ(id_of({"v=STSv1; id=1;", "v=STSv1; id=2;"}), "-");  // two are none
    EXPECT_EQ(id_of({"v=STSv10; id=1;"}), "-");
    EXPECT_EQ(id_of({"v=STSv1; id=;"}), "-");
    EXPECT_EQ(id_of({"v=STSv1; id=2016-08;"}), "-");
    EXPECT_EQ(id_of({"v=STSv1; id=" + std::string(33, 'a') + ";"}), "-");
    EXPECT_EQ(id_of({}), "-");
}

}  // namespace
}  // namespace okpay::mail
