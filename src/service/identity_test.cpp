// SPDX-License-Identifier: Apache-2.0
// Proof of identity on both engines: who may do what when, how many persons it takes, what is left when the files go, and
// what the customer is told. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service/identity_story_test.hpp"

namespace okpay::service {
namespace {

using customers::VerificationCode;
using okpay::testing::IdentityStory;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::days;
using std::chrono::hours;
using State = customers::VerificationState;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Identity : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        story_ = std::make_unique<IdentityStory>(f());
        anna_ = f().customer("anna@example.org", "Anna Eriksson");
        wang_ = f().customer("wang@example.org", "Wang Xiaoming", "zh-Hans");
        ben_.emplace(f().staff("ben@pay.example", "risk"));
        ina_.emplace(f().staff("ina@pay.example", "supervisor"));
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }
    IdentityStory& story() { return *story_; }
    static Actor as(std::int64_t customer) { return {ActorKind::customer, customer}; }
    const StaffMember& ben() { return *ben_; }
    const StaffMember& ina() { return *ina_; }
    std::int64_t level(std::int64_t customer) {
        return f().integer(fmt::format("SELECT level FROM customer WHERE no = {}", customer));
    }
    State state(std::int64_t no) { return story().row(no).state; }
    std::string last_letter() {
        const auto all = f().outgoing();
        return all.empty() ? "" : all.back().kind + "\n" + f().text_of(all.back());
    }
    std::int64_t doomed() { return f().integer("SELECT count(*) FROM doomed_blob"); }

    std::unique_ptr<ServiceFixture> fixture_;
    std::unique_ptr<IdentityStory> story_;
    std::int64_t anna_ = 0, wang_ = 0;
    std::optional<StaffMember> ben_, ina_;
};

TEST_P(Identity, one_person_verifies_and_the_level_rises) {
    const std::int64_t no = story().handed_in(anna_);
    EXPECT_EQ(state(no), State::in_review);
    EXPECT_THAT(last_letter(), HasSubstr("identity_received"));
    EXPECT_EQ(level(anna_), 1);
    ASSERT_TRUE(story().decide(no, ben()).done());
    EXPECT_EQ(state(no), State::verified);
    EXPECT_EQ(level(anna_), 2);
    EXPECT_THAT(last_letter(), HasSubstr("Your identity is verified"));
    EXPECT_EQ(*story().row(no).files_due, f().at() + days{90});
    EXPECT_EQ(story().decide(no, ina()).code, "already_decided");
}

TEST_P(Identity, after_a_lock_two_different_persons_have_to_say_yes) {
    const std::int64_t no = story().handed_in(wang_, "E12345678", "after_lock");
    ASSERT_TRUE(story().decide(no, ben()).done());
    EXPECT_EQ(state(no), State::in_review) << "one of two";
    EXPECT_EQ(level(wang_), 1);
    EXPECT_EQ(story().decide(no, ben()).code, "proposer_cannot_approve");
    ASSERT_TRUE(story().decide(no, ina()).done());
    EXPECT_EQ(state(no), State::verified);
    EXPECT_EQ(level(wang_), 2);
    EXPECT_THAT(last_letter(), HasSubstr("身份已通过验证"));
    EXPECT_ANY_THROW(f().run("UPDATE identity_review SET decision = 2")) << "the engine itself refuses";
}

TEST_P(Identity, whoever_is_locked_is_looked_at_twice_whatever_was_asked_for) {
    f().done(PlaceLock{.customer = wang_, .scope = "debits", .message_code = "under_review", .reason = "looks odd"},
             ben().actor());
    const std::int64_t no = story().handed_in(wang_);
    EXPECT_EQ(story().row(no).reviews_needed, 2);
}

TEST_P(Identity, what_was_asked_before_by_link_or_signed_in_is_as_sure_as_the_document) {
    f().done(PlaceLock{.customer = wang_, .scope = "debits", .message_code = "under_review", .reason = "looks odd"},
             ben().actor());
    f().done(PlaceLock{.customer = anna_, .scope = "debits", .message_code = "under_review", .reason = "looks odd"},
             ben().actor());
    const auto assurance = [&](std::int64_t ticket) {
        return f().integer("SELECT assurance FROM ticket WHERE no = " + std::to_string(ticket));
    };
    const std::int64_t wangs = f().integer("SELECT max(no) FROM ticket WHERE customer = " + std::to_string(wang_));
    const std::int64_t annas = f().integer("SELECT max(no) FROM ticket WHERE customer = " + std::to_string(anna_));
    f().run("UPDATE ticket SET assurance = 2 WHERE no = " + std::to_string(wangs));
    const std::int64_t theirs = story().handed_in(wang_);
    ASSERT_TRUE(story().decide(theirs, ben()).done());
    EXPECT_EQ(assurance(wangs), 2) << "one of two";
    ASSERT_TRUE(story().decide(theirs, ina()).done());
    EXPECT_EQ(assurance(wangs), 4);
    EXPECT_EQ(assurance(annas), 0) << "another person's";

    // A mail alone stays a mail, whoever else proves what at the same time.
    const std::int64_t hers = story().handed_in(anna_, "X7654321");
    f().run("UPDATE ticket SET assurance = 1 WHERE no = " + std::to_string(annas));
    ASSERT_TRUE(story().decide(hers, ben()).done());
    ASSERT_TRUE(story().decide(hers, ina()).done());
    EXPECT_EQ(assurance(annas), 1);
}

TEST_P(Identity, nobody_decides_without_having_looked_at_every_picture_of_this_round) {
    const std::int64_t no = story().handed_in(anna_);
    EXPECT_EQ(f().ask(story().deciding(no, ben()), ben().actor()).code, "not_viewed");
    f().done(ViewIdentity{no, 0, "review", "from the queue"}, ben().actor());
    EXPECT_EQ(f().ask(story().deciding(no, ben()), ben().actor()).code, "not_viewed");
    ASSERT_TRUE(story().decide(no, ben(), "requires_input", "face_mismatch").done());
    f().pass(hours{1});
    f().done(story().picture(no, anna_, "selfie"), as(anna_));
    f().done(story().submission(no, anna_), as(anna_));
    EXPECT_EQ(f().ask(story().deciding(no, ben()), ben().actor()).code, "not_viewed") << "a new picture";
    ASSERT_TRUE(story().decide(no, ben()).done());
}

TEST_P(Identity, a_look_needs_permission_a_purpose_and_a_reason_and_is_kept_for_ever) {
    const std::int64_t no = story().handed_in(anna_);
    const StaffMember agent = f().staff("ann@pay.example", "agent");
    const StaffMember anna = f().staff("ANNA@example.org", "risk");
    EXPECT_EQ(f().ask(ViewIdentity{no, 0, "review", "curious"}, agent.actor()).code, "not_permitted");
    EXPECT_EQ(f().ask(ViewIdentity{no, 0, "review", "curious"}, as(anna_)).code, "not_permitted");
    EXPECT_EQ(f().ask(ViewIdentity{no, 0, "review", " "}, ben().actor()).code, "reason_missing");
    EXPECT_EQ(f().ask(ViewIdentity{no, 0, "because", "x"}, ben().actor()).code, "invalid");
    EXPECT_EQ(f().ask(ViewIdentity{no, 999, "review", "x"}, ben().actor()).code, "not_found");
    EXPECT_EQ(f().ask(ViewIdentity{no, 0, "review", "mine"}, anna.actor()).code, "own_account");
    EXPECT_EQ(f().ask(story().deciding(no, anna), anna.actor()).code, "own_account");
    const std::int64_t before = f().integer("SELECT count(*) FROM audit WHERE action = 'view_identity'");
    f().done(ViewIdentity{no, 0, "audit", "sample of the month"}, ben().actor());
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'view_identity'"), before + 1);
    EXPECT_ANY_THROW(f().run("DELETE FROM identity_view")) << "the engine itself refuses";
}

TEST_P(Identity, deciding_takes_a_note_a_fitting_code_a_fresh_code_and_a_harmless_word) {
    const std::int64_t no = story().handed_in(anna_);
    story().look_at_all(no, ben());
    const auto refused_for = [&](auto change) {
        ReviewVerification body = story().deciding(no, ben(), "rejected", "manipulated");
        change(body);
        return f().ask(body, ben().actor()).code;
    };
    EXPECT_EQ(refused_for([](auto& body) { body.note = " "; }), "note_missing");
    EXPECT_EQ(refused_for([](auto& body) { body.code = "none"; }), "invalid");
    EXPECT_EQ(refused_for([](auto& body) { body.code = "consent_declined"; }), "invalid");
    EXPECT_EQ(refused_for([](auto& body) { body.decision = "verified"; }), "invalid") << "with a code";
    EXPECT_EQ(refused_for([](auto& body) { body.decision = "requires_input"; }), "invalid") << "nothing mends it";
    EXPECT_EQ(refused_for([](auto& body) { body.word = "go to pay.evil.example"; }), "invalid");
    EXPECT_EQ(refused_for([](auto& body) { body.word = "send 100 EUR first"; }), "unbound_amount");
    EXPECT_EQ(refused_for([](auto& body) { body.totp_code = "000000"; }), "totp_wrong");
    EXPECT_EQ(refused_for([](auto& body) { body.round = 7; }), "already_decided");
    EXPECT_EQ(state(no), State::in_review);
    EXPECT_EQ(refused_for([](auto&) {}), "");
    EXPECT_EQ(state(no), State::rejected);
    EXPECT_EQ(level(anna_), 1);
    EXPECT_THAT(last_letter(), HasSubstr("We could not accept the document."));
}

TEST_P(Identity, what_must_be_handed_in_again_is_said_and_taken) {
    const std::int64_t no = story().handed_in(anna_);
    story().look_at_all(no, ben());
    ReviewVerification body = story().deciding(no, ben(), "requires_input", "document_unreadable");
    body.word = "The lower edge is cut off.";
    ASSERT_TRUE(f().ask(body, ben().actor()).done());
    EXPECT_EQ(state(no), State::requires_input);
    EXPECT_THAT(last_letter(), AllOf(HasSubstr("identity_input_needed"), HasSubstr("The lower edge is cut off."),
                                     HasSubstr("all four corners")));
    f().done(story().picture(no, anna_, "document_front"), as(anna_));
    f().done(story().submission(no, anna_), as(anna_));
    EXPECT_EQ(state(no), State::in_review);
    EXPECT_EQ(story().row(no).round, 2);
    EXPECT_EQ(story().row(no).code, VerificationCode::none);
}

TEST_P(Identity, what_the_machine_cannot_read_comes_back_twice_and_then_a_person_looks) {
    const std::int64_t no = f().done(story().beginning(anna_), as(anna_)).number;
    f().done(story().picture(no, anna_, "document_front"), as(anna_));
    f().done(story().picture(no, anna_, "selfie"), as(anna_));
    SubmitVerification body = story().submission(no, anna_, "");
    body.readable = false;
    for (int i = 0; i < customers::unreadable_submissions_max; ++i) {
        EXPECT_EQ(f().ask(body, as(anna_)).code, "document_unreadable");
        EXPECT_EQ(state(no), State::requires_input);
    }
    EXPECT_TRUE(f().ask(body, as(anna_)).done());
    EXPECT_EQ(state(no), State::in_review);
}

TEST_P(Identity, a_customer_sees_and_changes_the_own_ones_alone) {
    const std::int64_t no = f().done(story().beginning(anna_), as(anna_)).number;
    EXPECT_EQ(f().ask(story().picture(no, wang_, "selfie"), as(wang_)).code, "not_found");
    EXPECT_EQ(f().ask(story().submission(no, wang_), as(wang_)).code, "not_found");
    EXPECT_EQ(f().ask(CancelVerification{no, wang_, false}, as(wang_)).code, "not_found");
    EXPECT_EQ(f().ask(RequestFilesDestroyed{no, wang_}, as(wang_)).code, "not_found");
    EXPECT_EQ(f().ask(story().beginning(anna_), as(anna_)).code, "verification_under_way");
    BeginVerification without = story().beginning(wang_);
    without.consent = false;
    EXPECT_EQ(f().ask(without, as(wang_)).code, "consent_missing");
}

TEST_P(Identity, pictures_are_limited_and_of_the_kinds_that_the_document_has) {
    const std::int64_t no = f().done(story().beginning(anna_), as(anna_)).number;
    EXPECT_EQ(f().ask(story().picture(no, anna_, "document_back"), as(anna_)).code, "invalid");
    EXPECT_EQ(f().ask(story().submission(no, anna_), as(anna_)).code, "files_missing");
    for (int i = 0; i < customers::identity_files_a_verification_max; ++i) {
        f().done(story().picture(no, anna_, "selfie"), as(anna_));
    }
    EXPECT_EQ(f().ask(story().picture(no, anna_, "document_front"), as(anna_)).code, "too_many_files");
    EXPECT_EQ(f().integer("SELECT count(*) FROM identity_file WHERE erased IS NULL"), 1) << "the newest of its kind";
}

TEST_P(Identity, checks_of_other_pictures_than_are_there_do_not_count) {
    const std::int64_t no = f().done(story().beginning(anna_), as(anna_)).number;
    f().done(story().picture(no, anna_, "document_front"), as(anna_));
    f().done(story().picture(no, anna_, "selfie"), as(anna_));
    const SubmitVerification stale = story().submission(no, anna_);
    f().done(story().picture(no, anna_, "document_front"), as(anna_));
    EXPECT_EQ(f().ask(stale, as(anna_)).code, "invalid");
    EXPECT_EQ(state(no), State::requires_input);
    SubmitVerification unchecked = story().submission(no, anna_);
    unchecked.checks.clear();
    EXPECT_EQ(f().ask(unchecked, as(anna_)).code, "invalid");
}

TEST_P(Identity, what_is_canceled_is_destroyed_and_the_trace_is_kept) {
    const std::int64_t no = story().handed_in(anna_, "L898902C3", "raise_level", "", 100'000);
    f().done(CancelVerification{no, anna_, true}, as(anna_));
    EXPECT_EQ(story().row(no).code, VerificationCode::consent_declined);
    story().tend();
    const auto row = story().row(no);
    EXPECT_EQ(row.state, State::redacted);
    EXPECT_EQ(row.outcome, State::canceled);
    EXPECT_FALSE(story().files().facts_of(row));
    EXPECT_THAT(row.facts, IsEmpty());
    for (const auto& file : store::identity_files_of(*f().connect(), no)) {
        EXPECT_TRUE(file.erased);
        EXPECT_THAT(file.object_key, IsEmpty());
        EXPECT_EQ(file.original_hash.size(), 32U) << "the hash stays";
    }
    EXPECT_EQ(doomed(), 1) << "the one that lay in a file";
}

TEST_P(Identity, files_go_ninety_days_after_the_decision_and_the_decision_stays) {
    const std::int64_t no = story().handed_in(anna_, "L898902C3", "raise_level", "2031-04-15", 100'000);
    ASSERT_TRUE(story().decide(no, ben()).done());
    EXPECT_EQ(f().ask(RequestFilesDestroyed{no, anna_}, as(anna_)).code, "files_kept_by_law");
    f().pass(days{89});
    EXPECT_THAT(story().tend().numbers, IsEmpty());
    f().pass(days{2});
    EXPECT_THAT(story().tend().numbers, Contains(no));
    const auto row = story().row(no);
    EXPECT_EQ(row.state, State::redacted);
    EXPECT_EQ(row.outcome, State::verified);
    EXPECT_EQ(level(anna_), 2) << "the decision stands";
    EXPECT_THAT(story().tend().numbers, IsEmpty()) << "once";
    // The file is unlinked behind the commit, and forgotten only then.
    const auto doomed_ones = store::doomed_blobs(*f().connect(), f().at(), 9);
    ASSERT_EQ(doomed_ones.size(), 1U);
    EXPECT_TRUE(f().blobs().get(doomed_ones.front().blob));
    EXPECT_TRUE(story().files().remove_file(doomed_ones.front().blob));
    EXPECT_TRUE(story().files().remove_file(doomed_ones.front().blob)) << "twice is no fault";
    f().done(ForgetDoomedFiles{{doomed_ones.front().no}});
    EXPECT_EQ(doomed(), 0);
    EXPECT_FALSE(f().blobs().get(doomed_ones.front().blob));
}

TEST_P(Identity, a_rejected_one_may_be_destroyed_at_once) {
    const std::int64_t no = story().handed_in(anna_);
    ASSERT_TRUE(story().decide(no, ben(), "rejected", "manipulated").done());
    ASSERT_TRUE(f().ask(RequestFilesDestroyed{no, anna_}, as(anna_)).done());
    EXPECT_EQ(state(no), State::redacted);
    EXPECT_TRUE(f().ask(RequestFilesDestroyed{no, anna_}, as(anna_)).done()) << "again changes nothing";
}

TEST_P(Identity, nothing_came_so_it_ends) {
    const std::int64_t no = f().done(story().beginning(anna_), as(anna_)).number;
    f().pass(days{20});
    f().done(story().picture(no, anna_, "selfie"), as(anna_));
    f().pass(days{20});
    EXPECT_THAT(story().tend().numbers, IsEmpty()) << "something came since";
    f().pass(days{11});
    story().tend();
    EXPECT_EQ(story().row(no).outcome, State::canceled);
    EXPECT_THAT(last_letter(), HasSubstr("identity_nothing_came"));
    EXPECT_TRUE(f().ask(story().beginning(anna_), as(anna_)).done()) << "and may begin again";
}

TEST_P(Identity, a_document_that_runs_out_takes_the_level_with_it_after_a_letter) {
    const std::int64_t no = story().handed_in(anna_, "L898902C3", "raise_level", "2027-06-30");
    ASSERT_TRUE(story().decide(no, ben()).done());
    f().pass(days{200});  // 2027-05-24
    story().tend();
    EXPECT_THAT(last_letter(), Not(HasSubstr("2027-06-30")));
    f().pass(days{10});
    story().tend();
    EXPECT_THAT(last_letter(), AllOf(HasSubstr("identity_expires"), HasSubstr("2027-06-30")));
    const std::size_t letters = f().outgoing().size();
    story().tend();
    EXPECT_EQ(f().outgoing().size(), letters) << "told once";
    f().pass(days{27});  // 2027-06-30
    story().tend();
    EXPECT_EQ(level(anna_), 2) << "the last day counts";
    f().pass(days{2});
    story().tend();
    EXPECT_EQ(state(no), State::expired);
    EXPECT_EQ(level(anna_), 1);
    EXPECT_THAT(last_letter(), HasSubstr("identity_expired"));
    // A new one, and the level is back.
    const std::int64_t renewed = story().handed_in(anna_, "NEW123456", "renewal", "2037-06-30");
    ASSERT_TRUE(story().decide(renewed, ben()).done());
    EXPECT_EQ(level(anna_), 2);
}

TEST_P(Identity, who_renewed_in_time_loses_nothing) {
    const std::int64_t old = story().handed_in(anna_, "L898902C3", "raise_level", "2026-12-31");
    ASSERT_TRUE(story().decide(old, ben()).done());
    const std::int64_t renewed = story().handed_in(anna_, "NEW123456", "renewal", "2036-12-31");
    ASSERT_TRUE(story().decide(renewed, ben()).done());
    f().pass(days{80});
    story().tend();
    EXPECT_EQ(state(old), State::expired);
    EXPECT_EQ(level(anna_), 2);
    EXPECT_THAT(last_letter(), Not(HasSubstr("identity_expired")));
}

TEST_P(Identity, the_same_document_or_picture_of_another_account_is_noticed) {
    story().handed_in(anna_, "L898902C3");
    const auto begun = story().beginning(wang_, "L898902C3");
    const auto connection = f().connect();
    EXPECT_TRUE(
        store::number_is_elsewhere(*connection, customers::CustomerNo{wang_}, bytes_of_hex(begun.number_hash).value()));
    EXPECT_FALSE(
        store::number_is_elsewhere(*connection, customers::CustomerNo{anna_}, bytes_of_hex(begun.number_hash).value()));
    const Bytes hash = store::identity_files_of(*connection, 1).front().original_hash;
    EXPECT_TRUE(store::picture_is_elsewhere(*connection, customers::CustomerNo{wang_}, hash));
    EXPECT_FALSE(store::picture_is_elsewhere(*connection, customers::CustomerNo{anna_}, hash));
}

TEST_P(Identity, what_was_stated_is_nowhere_to_be_read) {
    story().handed_in(anna_);
    const auto row = story().row(1);
    EXPECT_THAT(row.facts, Not(HasSubstr("Eriksson")));
    EXPECT_THAT(row.number_masked, AllOf(HasSubstr("02C3"), Not(HasSubstr("L898"))));
    ASSERT_TRUE(story().files().facts_of(row));
    EXPECT_EQ(story().files().facts_of(row)->name, "Anna Maria Eriksson");
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE detail LIKE '%Eriksson%' OR detail LIKE '%L898902C3%'"), 0);
    EXPECT_EQ(f().integer("SELECT count(*) FROM command WHERE answer LIKE '%Eriksson%'"), 0);
}

TEST_P(Identity, a_file_that_is_gone_or_changed_is_a_fault) {
    story().handed_in(anna_, "L898902C3", "raise_level", "", 100'000);
    std::string blob;
    for (const auto& file : store::identity_files_of(*f().connect(), 1)) blob = file.blob.value_or(blob);
    const auto path = f().blobs().path_of(blob);
    const Bytes octets = store::read_file(path).value();
    std::filesystem::resize_file(path, 70'000);
    EXPECT_THAT(f().faults(), Contains(HasSubstr("missing or was changed")));
    std::filesystem::remove(path);
    EXPECT_THAT(f().faults(), Contains(HasSubstr("missing or was changed")));
    ASSERT_EQ(f().blobs().put(octets), blob);
}

INSTANTIATE_TEST_SUITE_P(On, Identity, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& info) { return info.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

TEST(IdentityFiles, without_a_child_no_picture_is_taken) {
    IdentityFiles files{store::Keyring{Secret{std::string(32, 'k')}}, std::nullopt, {.program = "/nonexistent"}};
    EXPECT_EQ(files.take_in("\xFF\xD8\xFF", customers::IdentityFileKind::selfie).error(), IdentityFault::no_reader);
    IdentityFiles silent{store::Keyring{Secret{std::string(32, 'k')}},
                         std::nullopt,
                         {.arguments = {"30"}, .program = "/bin/sleep", .start_deadline = Millis{100}}};
    EXPECT_EQ(silent.take_in("\xFF\xD8\xFF", customers::IdentityFileKind::selfie).error(), IdentityFault::no_reader);
}

TEST(IdentityFiles, what_another_key_sealed_is_not_opened) {
    const IdentityFiles ours{store::Keyring{Secret{std::string(32, 'k')}}, std::nullopt, {}};
    IdentityFiles others{store::Keyring{Secret{std::string(32, 'o')}}, std::nullopt, {}};
    store::VerificationRow row{};
    const auto sealed = ours.seal({.document = customers::DocumentKind::passport,
                                   .country = "UTO",
                                   .name = "Anna",
                                   .birth = {},
                                   .number = "L898902C3"});
    row.facts = sealed.facts;
    row.facts_key = sealed.key;
    EXPECT_FALSE(others.facts_of(row));
    EXPECT_EQ(others.preview({.object_key = sealed.key, .sealed = sealed.facts}, "risk").error(), IdentityFault::gone);
    EXPECT_EQ(others.preview({}, "risk").error(), IdentityFault::gone);
}

}  // namespace
}  // namespace okpay::service
