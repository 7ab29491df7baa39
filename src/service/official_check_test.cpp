// SPDX-License-Identifier: Apache-2.0
// Whoever forwards a mail to verify@ is told whether it is ours, once, and nothing else happens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/official_mail.hpp"
#include "service_fixture.hpp"
#include "store/delivery_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class OfficialCheck : public ::testing::Test {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }
    Answer ask_of(const std::string& from, const std::string& text) {
        return f_.receive({.from = from, .subject = "Question", .text = text});
    }
    // To verify@, with the text of a mail behind a line that says that it was forwarded.
    Answer forward(const std::string& from, const std::string& text, bool proven = true, const std::string& more = "") {
        auto sealed = seal_mail(f_.context().keyring(), &f_.blobs(),
                                {.channel = "smtp",
                                 .peer = "192.0.2.1",
                                 .mail_from = from,
                                 .recipients = {"Verify@" + std::string{okpay::testing::fixture_domain}}},
                                ServiceFixture::raw_of({.from = from,
                                                        .subject = "Fwd: is this you?",
                                                        .text = fmt::format("Is this real? {}\r\n\r\n---------- Forwarded "
                                                                            "message ---------\r\nFrom: <x@y.example>\r\n"
                                                                            "Subject: Hello\r\n\r\n{}",
                                                                            ++asked_, text),
                                                        .to = "verify@pay.example",
                                                        .proven = proven,
                                                        .more_headers = more}),
                                0);
        sealed->mail = f_.fresh<MailId>().text();
        return f_.ask(f_.filing(f_.done(*std::move(sealed)).number));
    }
    std::string newest() { return f_.text_of(f_.outgoing().back()); }

    ServiceFixture f_{store::Engine::sqlite};
    int asked_ = 0;
};

TEST_F(OfficialCheck, every_mail_carries_its_own_code) {
    f_.customer("li@example.org", "Li Wei");
    ask_of("li@example.org", "One");
    ask_of("li@example.org", "Two");
    for (const store::OutgoingRow& row : f_.outgoing()) {
        EXPECT_EQ(row.code, desk::make_official_code(f_.context().official_keys().front(), row.id));
        EXPECT_THAT(f_.text_of(row), HasSubstr("Check: " + desk::shown_official_code(row.code)));
        EXPECT_EQ(store::find_outgoing_by_code(*f_.connect(), row.code)->no, row.no);
    }
    EXPECT_FALSE(store::find_outgoing_by_code(*f_.connect(), ""));
}

TEST_F(OfficialCheck, yes_is_said_to_whom_the_mail_went_and_no_to_all_else) {
    f_.customer("li@example.org", "Li Wei");
    f_.customer("eve@example.org", "Eve");
    ask_of("li@example.org", "One");
    const std::string ours = f_.text_of(f_.outgoing().back());
    const std::int64_t requests = f_.integer("SELECT count(*) FROM ticket");

    EXPECT_TRUE(forward("li@example.org", ours).done());
    EXPECT_EQ(f_.outgoing().back().kind, "official_check");
    EXPECT_EQ(f_.outgoing().back().recipient, "li@example.org");
    EXPECT_THAT(newest(), HasSubstr("Yes."));
    // Of the same code, copied into a mail that went to somebody else, nothing is confirmed.
    forward("eve@example.org", ours);
    EXPECT_THAT(newest(), HasSubstr("No."));
    EXPECT_THAT(newest(), Not(HasSubstr("li@")));
    forward("li@example.org", "Your account is locked, click http://evil.example now.");
    EXPECT_THAT(newest(), HasSubstr("phishing@pay.example"));
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), requests) << "it opens no request";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM mail_check"), 3);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM mail_check WHERE about IS NOT NULL"), 1);
}

TEST_F(OfficialCheck, machines_and_forged_senders_get_no_answer_and_strangers_one_a_day) {
    const auto mails = [&] { return f_.outgoing().size(); };
    forward("bot@example.net", "text", false, "Auto-Submitted: auto-replied\r\n");
    EXPECT_EQ(mails(), 0U);
    forward("who@example.net", "text", false);
    EXPECT_EQ(mails(), 1U);
    forward("who@example.net", "text", false);
    EXPECT_EQ(mails(), 1U);
    f_.pass(std::chrono::hours{24} + std::chrono::seconds{1});
    forward("who@example.net", "text", false);
    EXPECT_EQ(mails(), 2U);
}

TEST_F(OfficialCheck, who_asks_something_else_there_has_a_request) {
    auto sealed = seal_mail(
        f_.context().keyring(), &f_.blobs(),
        {.channel = "smtp", .peer = "192.0.2.1", .mail_from = "li@example.org", .recipients = {"verify@pay.example"}},
        ServiceFixture::raw_of({.from = "li@example.org", .subject = "Locked", .text = "I cannot sign in."}), 0);
    sealed->mail = f_.fresh<MailId>().text();
    EXPECT_TRUE(f_.ask(f_.filing(f_.done(*std::move(sealed)).number)).done());
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), 1);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM mail_check"), 0);
}

}  // namespace
}  // namespace okpay::service
