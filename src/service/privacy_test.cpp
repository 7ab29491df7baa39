// SPDX-License-Identifier: Apache-2.0
// A person is copied, held and erased, and staff who have to do with somebody are kept away; on both engines. After each
// test the books are verified: money, audit chain, and that nothing of an erased person is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/privacy.hpp"
#include "service/identity_story_test.hpp"
#include "service/person_export.hpp"
#include "service_fixture.hpp"
#include "store/object_keys.hpp"

namespace okpay::service {
namespace {

using okpay::testing::IdentityStory;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What everything of the person carries, so that it is found again wherever it went.
constexpr std::string_view mark = "quagmire";

class Privacy : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    [[nodiscard]] Actor zelda() const { return {ActorKind::customer, zelda_}; }
    Answer erase(Actor by = {}) {
        return f_.ask(ProposeErasure{f_.fresh<customers::ErasureId>().text(), zelda_, "asked for it by letter"}, by);
    }
    Answer decide(const StaffMember& by, bool approved, const std::string& note = "") {
        f_.pass(std::chrono::seconds{30});  // a code works once
        return f_.ask(DecideErasure{waiting(), approved, note, f_.totp(by)}, by.actor());
    }
    std::string waiting() {
        std::string id;
        f_.connect()->query("SELECT id FROM person_erasure ORDER BY no DESC LIMIT 1", {}, [&id](const store::Row& row) {
            id = customers::ErasureId::of_bytes(row.text(0)).value().text();
        });
        return id;
    }
    // Wallets emptied and closed.
    void leave() {
        const std::int64_t left = f_.balance(f_.wallet_of(zelda_));
        if (left > 0) f_.pay(zelda_, shop_, left, fmt::format("the rest {}", ++keys_));
        std::vector<std::int64_t> accounts;
        f_.connect()->query("SELECT account FROM account_owner WHERE customer = $1", {zelda_},
                            [&accounts](const store::Row& row) { accounts.push_back(row.integer(0)); });
        for (const std::int64_t account : accounts) {
            f_.done(SetAccountState{account, "closed", "the customer left"}, boss_.actor());
        }
    }
    void solve(const std::string& ticket) {
        const auto version =
            f_.connect()->integer("SELECT version FROM ticket WHERE request_number = $1", {std::string_view{ticket}});
        f_.done(SetTicketState{ticket, "solved", version.value()}, ann_.actor());
    }
    // One of everything that a person leaves behind.
    void live() {
        f_.top_up(zelda_, 50'000);
        f_.done(SendMoney{.key = "gift",
                          .payer = zelda_,
                          .payee = max_,
                          .amount_minor = 1'000,
                          .currency = "CNY",
                          .memo = "rent, quagmire"},
                zelda());
        f_.top_up(max_, 5'000);
        f_.done(SendMoney{.key = "back",
                          .payer = max_,
                          .payee = zelda_,
                          .amount_minor = 300,
                          .currency = "CNY",
                          .memo = "thanks"},
                {ActorKind::customer, max_});
        f_.done(SetCustomerPassword{zelda_, "$argon2id$quagmire"});
        f_.done(SignInCustomer{.customer = zelda_,
                               .session_token_hash = hex_of(view_of(sha256("session"))),
                               .session_expires = ms_of(f_.at() + std::chrono::hours{9}),
                               .factor = {},
                               .device_hash = hex_of(view_of(sha256("device"))),
                               .agent = "Quagmire browser",
                               .address = "203.0.113.7",
                               .password_hash = "",
                               .ends_session = "",
                               .letter = f_.fresh<OutgoingId>().text(),
                               .report_link = base32_of(view_of(sha256("report")))});
        f_.done(SetPhrase{.customer = zelda_,
                          .phrase = "seven quagmires",
                          .letter = f_.fresh<OutgoingId>().text(),
                          .report_link = base32_of(view_of(sha256("phrase"))),
                          .agent = "Quagmire browser",
                          .address = "203.0.113.7"},
                zelda());
        const Answer asked =
            f_.receive({.from = std::string{address}, .subject = "Quagmire asks", .text = "It is Quagmire."});
        f_.done(AddNote{asked.text, f_.fresh<MessageId>().text(), "Spoke with Ms Quagmire."}, ann_.actor());
        f_.done(ReplyToTicket{.ticket = asked.text,
                              .message_id = f_.fresh<MessageId>().text(),
                              .outgoing_id = f_.fresh<OutgoingId>().text(),
                              .text = "Dear Zelda Quagmire, it is done by Quagmire noon.",
                              .state_after = "",
                              .version = f_.connect()
                                             ->integer("SELECT version FROM ticket WHERE request_number = $1",
                                                       {std::string_view{asked.text}})
                                             .value(),
                              .figures = {},
                              .promises = {{"by Quagmire noon", ms_of(f_.at() + std::chrono::hours{5})}}},
                ann_.actor());
        f_.done(WithdrawPromise{.ticket = asked.text, .promise = 1, .reason = "Ms Quagmire needs none."}, ann_.actor());
        tickets_.push_back(asked.text);
        // Too large for a row: its octets lie in a file.
        tickets_.push_back(
            f_.receive(
                  {.from = std::string{address}, .subject = "At length", .text = "quagmire " + std::string(100'000, 'q')})
                .text);
        IdentityStory story{f_};
        const std::int64_t canceled = story.handed_in(zelda_, "QUAGMIRE1", "raise_level", "2031-04-15", 100'000);
        f_.done(CancelVerification{canceled, zelda_, false}, zelda());
    }
    // Each place of the database where the mark is found, whatever engine, table or column.
    std::vector<std::string> places_of_the_mark() {
        const auto connection = f_.connect();
        std::vector<std::pair<std::string, std::string>> columns;
        connection->query(GetParam() == store::Engine::sqlite
                              ? "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = "
                                "'table' AND c.type IN ('TEXT', 'BLOB')"
                              : "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE "
                                "table_schema = current_schema() AND data_type IN ('text', 'bytea')",
                          {}, [&columns](const store::Row& row) { columns.emplace_back(row.string(0), row.string(1)); });
        EXPECT_GT(columns.size(), 100U);
        std::vector<std::string> found;
        for (const auto& [table, column] : columns) {
            std::int64_t rows = 0;
            connection->query(fmt::format("SELECT {} FROM {}", column, table), {}, [&](const store::Row& row) {
                if (!row.is_null(0) && ascii_lower(row.text(0)).find(mark) != std::string::npos) ++rows;
            });
            if (rows > 0) found.push_back(fmt::format("{}.{}: {}", table, column, rows));
        }
        return found;
    }
    boost::json::object copy(CopyFor whom) {
        const Answer logged = f_.done(RecordPersonExport{zelda_, "asked for it"});
        return export_person(*f_.connect(), zelda_, logged.accounts, whom, f_.at());
    }

    static constexpr std::string_view address = "zelda.quagmire@example.org";
    ServiceFixture f_{GetParam()};
    StaffMember ann_ = f_.staff("ann@pay.example");
    StaffMember boss_ = f_.staff("boss@pay.example", "supervisor");
    std::int64_t zelda_ = f_.customer(std::string{address}, "Zelda Quagmire");
    std::int64_t max_ = f_.customer("max@example.org", "Max");
    std::int64_t shop_ = f_.merchant("Shop");
    std::vector<std::string> tickets_;
    int keys_ = 0;
};

TEST_P(Privacy, an_erased_person_is_a_number_and_the_books_are_whole) {
    live();
    EXPECT_THAT(places_of_the_mark(), ::testing::SizeIs(::testing::Gt(10U))) << "the mark went into many places";
    for (const std::string& ticket : tickets_) solve(ticket);
    leave();
    const std::int64_t transfers = f_.integer("SELECT count(*) FROM transfer"), maxs = f_.balance(f_.wallet_of(max_));
    const Answer done = erase();
    ASSERT_TRUE(done.done()) << done.code;
    EXPECT_EQ(done.text, "executed") << "there is nobody else who could decide";
    EXPECT_THAT(places_of_the_mark(), IsEmpty());
    EXPECT_EQ(f_.integer("SELECT count(*) FROM transfer"), transfers);
    EXPECT_EQ(f_.balance(f_.wallet_of(max_)), maxs);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM payment WHERE memo = 'thanks'"), 1)
        << "these are the words of another person";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM object_key WHERE kind = 1 AND erased IS NULL"), 0)
        << "no key of a mail is left";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM doomed_blob"), 2) << "the long mail and the long picture";
    each_sealed_original(*f_.connect(), zelda_, [](const SealedOriginal& one) { ADD_FAILURE() << one.name; });
    EXPECT_EQ(erase().code, "already_erased");
    EXPECT_EQ(f_.ask(PlaceLegalHold{zelda_, "too late"}).code, "already_erased");
    // The address is free for somebody new, who is not taken for the former.
    const std::int64_t again = f_.customer(std::string{address}, "Zelda");
    EXPECT_NE(again, zelda_);
    f_.restart();
    EXPECT_EQ(f_.balance(f_.wallet_of(zelda_)), 0);
}

TEST_P(Privacy, a_mail_from_the_former_address_is_a_strangers) {
    live();
    for (const std::string& ticket : tickets_) solve(ticket);
    leave();
    ASSERT_TRUE(erase().done());
    const Answer later = f_.receive({.from = std::string{address}, .subject = "Re: Quagmire asks", .text = "Any news?"});
    EXPECT_THAT(tickets_, Not(::testing::Contains(later.text)));
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket WHERE customer IS NULL"), 1);
}

TEST_P(Privacy, each_thing_that_stands_in_the_way_is_named) {
    f_.top_up(zelda_, 1'000);
    EXPECT_EQ(erase().code, "money_held");
    Pay hold = f_.payment(zelda_, shop_, 400, "hold");
    hold.manual_capture = true;
    const std::int64_t held = f_.done(hold, {ActorKind::merchant, shop_}).number;
    EXPECT_EQ(erase().code, "payments_open");
    f_.done(CancelPayment{"x", held}, {ActorKind::merchant, shop_});
    f_.pay(zelda_, shop_, 1'000, "all");
    EXPECT_EQ(erase().code, "accounts_open");
    leave();
    const std::string ticket = f_.receive({.from = std::string{address}, .subject = "Hello", .text = "Is it closed?"}).text;
    EXPECT_EQ(erase().code, "requests_open");
    solve(ticket);
    f_.done(PlaceLegalHold{zelda_, "a court asks"});
    EXPECT_EQ(erase().code, "legal_hold");
    EXPECT_EQ(f_.ask(PlaceLegalHold{zelda_, "again"}).code, "legal_hold");
    EXPECT_EQ(f_.ask(ReleaseLegalHold{zelda_, " "}).code, "reason_missing");
    f_.done(ReleaseLegalHold{zelda_, "the court has decided"});
    EXPECT_EQ(f_.ask(ReleaseLegalHold{zelda_, "again"}).code, "no_legal_hold");
    f_.done(PlaceLock{.customer = zelda_, .scope = "debits", .message_code = "unusual_payments", .reason = "odd"},
            boss_.actor());
    EXPECT_EQ(erase().code, "customer_locked");
    EXPECT_EQ(f_.ask(ProposeErasure{f_.fresh<customers::ErasureId>().text(), 99, "who"}).code, codes::not_found);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM person_erasure"), 0) << "what is refused leaves no proposal";
}

TEST_P(Privacy, where_there_are_two_administrators_one_alone_erases_nobody) {
    const StaffMember ada = f_.staff("ada@pay.example", "admin");
    const StaffMember bob = f_.staff("bob@pay.example", "admin");
    leave();
    EXPECT_EQ(erase(ann_.actor()).code, codes::not_permitted);
    ASSERT_EQ(erase(ada.actor()).text, "proposed");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer WHERE erased IS NOT NULL"), 0);
    EXPECT_EQ(erase().code, "erasure_waits");
    EXPECT_EQ(decide(ada, true).code, "proposer_cannot_approve");
    EXPECT_EQ(decide(boss_, true).code, codes::not_permitted);
    EXPECT_EQ(decide(bob, false).code, "note_missing");
    ASSERT_TRUE(decide(bob, false, "not her letter").done());
    EXPECT_EQ(decide(bob, true).code, "already_decided");
    ASSERT_EQ(erase().text, "proposed") << "from the machine itself too";
    EXPECT_EQ(f_.ask(DecideErasure{waiting(), true, "", "000000"}, bob.actor()).code, "totp_wrong");
    f_.done(PlaceLegalHold{zelda_, "a court asks"});
    EXPECT_EQ(decide(bob, true).code, "legal_hold") << "what came since counts";
    f_.done(ReleaseLegalHold{zelda_, "over"});
    ASSERT_EQ(decide(bob, true).text, "executed");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM customer WHERE erased IS NOT NULL"), 1);
}

TEST_P(Privacy, a_copy_holds_everything_and_no_secret) {
    live();
    const auto house = copy(CopyFor::house);
    const auto& data = house.at("data").as_object();
    for (const store::PersonTable& table : store::person_data()) EXPECT_TRUE(data.contains(table.table)) << table.table;
    const std::string text = boost::json::serialize(house);
    for (const std::string_view words :
         {"Zelda Quagmire", "rent, quagmire", "thanks", "It is Quagmire.", "Spoke with Ms Quagmire.", "Dear Zelda Quagmire",
          "seven quagmires", "Quagmire browser", "export_person", "person_to_person", "\"currency\":\"CNY\"", "203.0.113.7",
          "by Quagmire noon", "Ms Quagmire needs none.", "\"state\":\"withdrawn\""}) {
        EXPECT_THAT(text, HasSubstr(std::string{words}));
    }
    EXPECT_THAT(text, Not(HasSubstr("$argon2id$"))) << "passwords are secrets, hashed or not";
    EXPECT_THAT(text, Not(HasSubstr(hex_of(view_of(sha256("session"))))));
    EXPECT_EQ(data.at("payment").as_array().size(), 3U) << "topped up, sent, received";
    EXPECT_EQ(house.at("balances").as_array().size(), 2U);
    const std::string own = boost::json::serialize(copy(CopyFor::customer));
    EXPECT_THAT(own, HasSubstr("It is Quagmire."));
    EXPECT_THAT(own, Not(HasSubstr("Spoke with Ms Quagmire."))) << "a note of staff";
    EXPECT_THAT(own, Not(HasSubstr("Ms Quagmire needs none."))) << "a word of staff too";
    EXPECT_THAT(own, Not(HasSubstr("\"audit\"")));
    std::vector<std::string> originals;
    each_sealed_original(*f_.connect(), zelda_, [&](const SealedOriginal& one) {
        const auto sealed = one.blob ? f_.blobs().get(*one.blob) : one.sealed;
        const auto plain =
            f_.context().keyring().unseal_object(sealed.value(), one.wrapped_key, store::purpose_of(one.kind));
        originals.push_back(ascii_lower(plain.value()));
    });
    ASSERT_EQ(originals.size(), 2U);
    for (const std::string& original : originals) EXPECT_THAT(original, HasSubstr(std::string{mark}));
    EXPECT_EQ(f_.ask(RecordPersonExport{zelda_, ""}).code, "reason_missing");
    EXPECT_TRUE(f_.ask(RecordPersonExport{zelda_, ""}, zelda()).done());
    EXPECT_EQ(f_.ask(RecordPersonExport{max_, ""}, zelda()).code, codes::not_permitted) << "of another person";
}

TEST_P(Privacy, who_has_to_do_with_a_customer_decides_nothing_about_them) {
    const StaffMember ada = f_.staff("ada@pay.example", "admin");
    const auto level = [&] { return f_.ask(SetCustomerLevel{zelda_, 1, "seen"}, boss_.actor()).code; };
    const auto lock = [&] {
        return f_
            .ask(PlaceLock{.customer = zelda_, .scope = "debits", .message_code = "unusual_payments", .reason = "odd"},
                 boss_.actor())
            .code;
    };
    EXPECT_EQ(level(), "");
    f_.done(RelateStaff{boss_.no, zelda_, "household"}, ada.actor());
    EXPECT_EQ(level(), "own_account");
    EXPECT_EQ(lock(), "own_account");
    EXPECT_EQ(f_.ask(SetAccountState{f_.wallet_of(zelda_), "frozen", "odd"}, boss_.actor()).code, "own_account");
    EXPECT_EQ(f_.ask(RevealItem{zelda_, "email", "to write"}, boss_.actor()).code, "own_account");
    EXPECT_EQ(f_.ask(SetCustomerLevel{max_, 1, "seen"}, boss_.actor()).code, "") << "others are not concerned";
    f_.done(RelateStaff{ada.no, zelda_, "self"}, ada.actor());
    EXPECT_EQ(f_.ask(RelateStaff{ada.no, zelda_, "none"}, ada.actor()).code, "own_account") << "nobody opens their own way";
    EXPECT_EQ(f_.ask(RecordPersonExport{zelda_, "curious"}, ada.actor()).code, "own_account");
    EXPECT_EQ(f_.ask(PlaceLegalHold{zelda_, "mine"}, ada.actor()).code, "own_account");
    EXPECT_EQ(f_.ask(RelateStaff{boss_.no, zelda_, "friend"}).code, codes::invalid);
    f_.done(RelateStaff{boss_.no, zelda_, "none"});
    EXPECT_EQ(level(), "");
}

TEST_P(Privacy, a_second_administrator_joins_by_the_word_of_the_first) {
    const StaffMember ada = f_.staff("ada@pay.example", "admin");
    const auto add = [&](const std::string& role, const std::string& email) {
        return f_.done(AddStaff{.staff = f_.fresh<StaffId>().text(),
                                .email = email,
                                .role = role,
                                .enrol_token_hash = hex_of(view_of(sha256(email))),
                                .enrol_expires = ms_of(f_.at() + std::chrono::hours{24})});
    };
    EXPECT_EQ(add("agent", "agent@pay.example").text, "waiting") << "agents approve refunds";
    EXPECT_EQ(add("auditor", "auditor@pay.example").text, "");
    const Answer second = add("admin", "eve@pay.example");
    ASSERT_EQ(second.text, "waiting");
    const auto enrol = [&] {
        return f_
            .ask(EnrolStaff{.enrol_token_hash = hex_of(view_of(sha256("eve@pay.example"))),
                            .name = "Eve",
                            .password_phc = "$argon2id$",
                            .totp_secret_sealed = base64_of(f_.context().keyring().seal("secret", "totp secret"))})
            .code;
    };
    EXPECT_EQ(enrol(), "approval_waits");
    const auto decide = [&](const StaffMember& by, bool approved, std::int64_t staff) {
        f_.pass(std::chrono::seconds{30});
        return f_.ask(DecideStaff{staff, approved, f_.totp(by)}, by.actor()).code;
    };
    EXPECT_EQ(decide(boss_, true, second.number), codes::not_permitted);
    EXPECT_EQ(f_.ask(DecideStaff{second.number, true, "000000"}, ada.actor()).code, "totp_wrong");
    EXPECT_EQ(decide(ada, true, second.number), "");
    EXPECT_EQ(decide(ada, true, second.number), "already_decided");
    EXPECT_EQ(enrol(), "");
    const Answer third = add("risk", "mallory@pay.example");
    EXPECT_EQ(decide(ada, false, third.number), "");
    EXPECT_EQ(f_.integer("SELECT disabled FROM staff WHERE email = 'mallory@pay.example'"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Privacy, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
