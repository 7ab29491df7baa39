// SPDX-License-Identifier: Apache-2.0
#include "demo/mails.hpp"

#include <gtest/gtest.h>
#include <iconv.h>

#include <set>

#include "base/text.hpp"
#include "demo/impl/mail_texts.hpp"
#include "demo/world.hpp"

namespace okpay::demo {
namespace {

const Moment some_afternoon = *moment_of_rfc3339("2026-11-05T09:48:00Z");

struct Post {
    std::vector<SampleMail> mails;
    std::vector<Truth> truths;
};
Post post(std::int64_t tickets, std::uint64_t seed = 1, std::int64_t customers = 60) {
    World world{{.customers = customers, .transactions = 9'000, .tickets = tickets, .seed = seed, .now = some_afternoon},
                [](std::string_view) { return std::string(64, '0'); }};
    while (world.next()) {}
    return {world.mails(), world.take_truth()};
}

bool can_carry(const std::string& charset, std::string text) {
    iconv_t converter = iconv_open(charset.c_str(), "UTF-8");
    EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << charset;
    std::string out(text.size() * 4, '\0');
    char* from = text.data();
    char* to = out.data();
    std::size_t from_left = text.size();
    std::size_t to_left = out.size();
    const bool good = iconv(converter, &from, &from_left, &to, &to_left) == 0;
    iconv_close(converter);
    return good;
}

TEST(Mails, can_be_sent_as_they_say) {
    const Post all = post(600, 3, 400);
    ASSERT_EQ(all.mails.size(), 600U);
    std::set<std::string> charsets;
    std::set<std::string> categories;
    for (std::size_t i = 0; i < all.mails.size(); ++i) {
        const SampleMail& mail = all.mails[i];
        SCOPED_TRACE(mail.subject + "\n" + mail.body);
        EXPECT_TRUE(is_utf8(mail.body) && is_utf8(mail.subject));
        EXPECT_TRUE(can_carry(mail.charset, mail.subject + mail.body + mail.from_name)) << mail.charset;
        EXPECT_EQ((mail.subject + mail.body).find_first_of("{}"), std::string::npos);  // nothing left unsaid
        EXPECT_LT(mail.moment, some_afternoon);
        EXPECT_GT(mail.moment, some_afternoon - std::chrono::hours{37});
        if (i > 0) { EXPECT_LE(all.mails[i - 1].moment, mail.moment); }
        charsets.insert(mail.charset);
        categories.insert(mail.category);
    }
    EXPECT_EQ(charsets, (std::set<std::string>{"big5", "gb18030", "utf-8"}));
    EXPECT_EQ(categories.size(), topic_count - 1);  // two of the topics are both about a double charge
}

TEST(Mails, of_the_personas_speak_of_their_tales) {
    const Post all = post(12);
    ASSERT_EQ(all.mails.size(), 12U);
    const auto found = std::ranges::find(all.mails, "xiaoming.wang@example.com", &SampleMail::from_address);
    ASSERT_NE(found, all.mails.end());
    EXPECT_EQ(found->category, "duplicate_charge");
    EXPECT_EQ(found->language, "zh-Hans");
    for (const std::string_view said : {"昨天", "书声书店", "128.00"}) {
        EXPECT_NE((found->subject + found->body).find(said), std::string::npos) << found->body;
    }
    for (const std::string_view address : {"emma.clarke@example.org", "yijun.chen@example.net", "ken.sato@example.com"}) {
        const auto mail = std::ranges::find_if(all.mails, [&](const SampleMail& m) {
            return m.from_address == address && m.category == "duplicate_charge";
        });
        EXPECT_NE(mail, all.mails.end()) << address;
    }
}

TEST(Mails, about_a_charge_come_from_whoever_was_charged) {
    const Post all = post(360, 9, 360);
    int told = 0;
    for (const SampleMail& mail : all.mails) {
        if (mail.category != "duplicate_charge" && mail.category != "payment_failed") continue;
        ++told;
        EXPECT_TRUE(std::ranges::any_of(all.truths,
                                        [&](const Truth& truth) {
                                            return truth.customer_email == mail.from_address &&
                                                   truth.first_at < mail.moment &&
                                                   (mail.subject + mail.body).find(truth.merchant_name) != std::string::npos;
                                        }))
            << mail.from_address << "\n"
            << mail.body;
    }
    EXPECT_GE(told, 10);
}

TEST(Mails, have_words_for_every_topic_in_every_language) {
    for (std::size_t topic = 0; topic < topic_count; ++topic) {
        for (const Tongue tongue : {Tongue::zh_hans, Tongue::zh_hant, Tongue::en}) {
            EXPECT_TRUE(std::ranges::any_of(mail_texts(),
                                            [&](const Text& text) {
                                                return static_cast<std::size_t>(text.topic) == topic &&
                                                       text.tongue == tongue;
                                            }))
                << topic << ' ' << code_of(tongue);
        }
    }
}

}  // namespace
}  // namespace okpay::demo
