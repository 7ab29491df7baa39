// SPDX-License-Identifier: Apache-2.0
// Staff sign in through the house's provider, leave, and begin anew; on both engines. After each test the books are
// verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/privacy_store.hpp"
#include "store/staff_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view issuer = "https://id.example";

class Staff : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        ada_ = f().staff("ada@pay.example", "admin");
        ann_ = f().staff("ann@pay.example");
        ben_ = f().staff("ben@pay.example");
        f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    std::string token() { return hex_of(view_of(sha256(std::to_string(++tokens_)))); }
    std::string sign_on(const StaffMember& who, std::string subject, std::string code = "") {
        f().pass(seconds{30});
        return f()
            .ask(SignOnStaff{.staff = who.no,
                             .issuer = std::string{issuer},
                             .subject = std::move(subject),
                             .totp_code = code.empty() ? f().totp(who) : code,
                             .session_token_hash = token(),
                             .session_expires = ms_of(f().at() + hours{12})})
            .code;
    }
    std::string sign_in(const StaffMember& who) {
        f().pass(seconds{30});
        return f().ask(SignInStaff{who.no, f().totp(who), token(), ms_of(f().at() + hours{12})}).code;
    }
    std::int64_t sessions(const StaffMember& who) {
        return f().integer(fmt::format("SELECT count(*) FROM session WHERE staff = {}", who.no));
    }
    std::int64_t audited(std::string_view action) {
        return f().integer(fmt::format("SELECT count(*) FROM audit WHERE action = '{}'", action));
    }
    SignOnView seen(std::string_view subject, std::string_view email) {
        return queries_->staff_by_sign_on(issuer, subject, email).value();
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> ada_, ann_, ben_;
    std::unique_ptr<Queries> queries_;
    int tokens_ = 0;
};

TEST_P(Staff, the_first_sign_on_binds_and_only_with_the_second_factor) {
    EXPECT_EQ(sign_on(*ann_, "u-1", "000000"), codes::totp_wrong);
    EXPECT_FALSE(seen("u-1", "").staff) << "a right address and a wrong code bind nothing";
    EXPECT_EQ(sign_on(*ann_, "u-1"), "");
    EXPECT_EQ(sessions(*ann_), 1);
    EXPECT_EQ(audited("bind_sign_on"), 1);
    // From then on by the subject, whatever the address is there.
    EXPECT_EQ(number_of(seen("u-1", "changed@pay.example").staff->no), ann_->no);
    EXPECT_TRUE(seen("u-1", "").is_bound);
    EXPECT_EQ(sign_on(*ann_, "u-1"), "");
    EXPECT_EQ(audited("bind_sign_on"), 1);
}

TEST_P(Staff, one_person_is_one_account_there) {
    ASSERT_EQ(sign_on(*ann_, "u-1"), "");
    EXPECT_EQ(sign_on(*ben_, "u-1"), "sign_on_of_another");
    // Somebody new who was given the old address there is not the one who had it.
    const SignOnView heir = seen("u-2", "ann@pay.example");
    EXPECT_TRUE(heir.of_another);
    EXPECT_FALSE(heir.is_bound);
    EXPECT_EQ(sign_on(*ann_, "u-2"), "sign_on_of_another");
    EXPECT_EQ(sessions(*ann_), 1);
    EXPECT_EQ(sessions(*ben_), 0);
}

TEST_P(Staff, who_leaves_is_out_at_once_and_gives_back_what_they_had) {
    const std::string number =
        f().receive({.from = "li@example.org", .subject = "Hello", .text = "Where is my refund of 20 euros?"}).text;
    ASSERT_TRUE(f().ask(AssignTicket{.ticket = number, .staff = ann_->no}, ann_->actor()).done());
    ASSERT_EQ(sign_in(*ann_), "");
    ASSERT_EQ(sign_on(*ann_, "u-1"), "");
    ASSERT_EQ(sessions(*ann_), 2);

    const auto off = [&](const StaffMember& by, std::string staff, std::string reason, std::string code = "") {
        f().pass(seconds{30});
        return f()
            .ask(SwitchOffStaff{std::move(staff), std::move(reason), code.empty() ? f().totp(by) : code}, by.actor())
            .code;
    };
    EXPECT_EQ(off(*ben_, "ann@pay.example", "she left"), codes::not_permitted);
    EXPECT_EQ(off(*ada_, "ann@pay.example", "  "), codes::invalid) << "with a reason";
    EXPECT_EQ(off(*ada_, "ann@pay.example", "she left", "000000"), codes::totp_wrong);
    EXPECT_EQ(off(*ada_, "ada@pay.example", "bye"), codes::not_permitted) << "the only administrator";
    const StaffMember eve = f().staff("eve@pay.example", "admin");
    EXPECT_EQ(off(*ada_, "ada@pay.example", "bye"), "own_account");
    EXPECT_EQ(off(*ada_, "eve@pay.example", "alone I decide"), codes::not_permitted) << "at the machine alone";
    EXPECT_EQ(f().ask(SwitchOffStaff{"eve@pay.example", "left", ""}).code, "");
    EXPECT_EQ(f().ask(SwitchOffStaff{"ada@pay.example", "left", ""}).code, codes::not_permitted) << "the last one stays";
    EXPECT_EQ(off(*ada_, "nobody@pay.example", "who?"), codes::not_found);
    EXPECT_EQ(sessions(*ann_), 2);
    EXPECT_EQ(off(*ada_, "Ann@pay.example", "she left"), "");
    EXPECT_EQ(off(*ada_, "ann@pay.example", "she left"), "already_switched_off");

    EXPECT_EQ(sessions(*ann_), 0);
    EXPECT_EQ(sign_in(*ann_), codes::not_permitted);
    EXPECT_EQ(sign_on(*ann_, "u-1"), "staff_inactive");
    EXPECT_FALSE(store::find_ticket(*f().connect(), number)->ticket.assignee);
    EXPECT_EQ(f().ask(AddNote{.ticket = number, .message_id = f().fresh<MessageId>().text(), .text = "still here"},
                      ann_->actor())
                  .code,
              codes::not_permitted);
    EXPECT_EQ(audited("switch_off_staff"), 2);
    EXPECT_EQ(f().ask(AssignTicket{.ticket = number, .staff = ann_->no}, ben_->actor()).code, "assignee_inactive");
    for (const StaffView& one : queries_->staff_members().value()) {
        EXPECT_EQ(one.row.disabled, one.row.email == "ann@pay.example" || one.row.email == "eve@pay.example");
        EXPECT_EQ(one.in_hand, 0);
    }
}

TEST_P(Staff, whoever_begins_anew_has_nothing_left_of_before) {
    ASSERT_EQ(sign_on(*ann_, "u-1"), "");
    f().done(SwitchOffStaff{"ann@pay.example", "lost her phone", ""});
    const std::string link = token();
    const InviteStaffAgain again{"ann@pay.example", link, ms_of(f().at() + hours{48})};
    EXPECT_EQ(f().ask(again, ada_->actor()).code, codes::not_permitted) << "at the machine alone";
    EXPECT_EQ(f().done(again).text, "waiting") << "agents approve refunds: another administrator says yes first";
    EXPECT_EQ(sessions(*ann_), 0);
    EXPECT_EQ(sign_in(*ann_), codes::not_permitted);
    EXPECT_FALSE(seen("u-1", "").staff);

    const Bytes secret(20, 's');
    const EnrolStaff enrol{.enrol_token_hash = link,
                           .name = "",
                           .password_phc = "$argon2id$",
                           .totp_secret_sealed = base64_of(f().context().keyring().seal(secret, "totp secret"))};
    EXPECT_EQ(f().ask(enrol).code, "approval_waits");
    f().pass(seconds{30});
    ASSERT_TRUE(f().ask(DecideStaff{ann_->no, true, f().totp(*ada_)}, ada_->actor()).done());
    ASSERT_TRUE(f().ask(enrol).done());
    StaffMember anew{ann_->no, Secret{secret}};
    EXPECT_EQ(f().ask(ConfirmStaff{link, f().totp(*ann_)}).code, codes::totp_wrong) << "the old phone says nothing";
    ASSERT_TRUE(f().ask(ConfirmStaff{link, f().totp(anew)}).done());
    EXPECT_EQ(sign_on(anew, "u-9"), "") << "another account at the provider may be theirs now";
}

TEST_P(Staff, two_words_at_the_machine_make_nobody_an_administrator) {
    f().staff("eve@pay.example", "admin");
    EXPECT_EQ(f().done(InviteStaffAgain{"eve@pay.example", token(), ms_of(f().at() + hours{48})}).text, "waiting");
    EXPECT_EQ(f().done(InviteStaffAgain{"ada@pay.example", token(), ms_of(f().at() + hours{48})}).text, "waiting");
}

TEST_P(Staff, the_only_administrator_begins_anew_by_themselves) {
    EXPECT_EQ(f().done(InviteStaffAgain{"ada@pay.example", token(), ms_of(f().at() + hours{48})}).text, "");
    EXPECT_EQ(f().integer("SELECT count(*) FROM staff WHERE approval = 1"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Staff, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
