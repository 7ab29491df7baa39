// SPDX-License-Identifier: Apache-2.0
// A customer is charged twice, writes, and gets the money back by two persons: the whole way at the level of commands,
// on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/lifecycle.hpp"
#include "desk/ticket_token.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Story : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_.emplace(GetParam());
        ServiceFixture& f = *fixture_;
        agent_ = f.staff("ann@pay.example");
        second_ = f.staff("ben@pay.example");
        customer_ = f.customer("li@example.org", "Li Wei");
        merchant_ = f.merchant("Blue Bottle Coffee");
        f.top_up(customer_, 100'000);
        first_ = f.pay(customer_, merchant_, 12'850, "A-1", "A-1");
        f.pass(std::chrono::seconds{20});
        twice_ = f.pay(customer_, merchant_, 12'850, "A-1-retry", "A-1-2");
        f.pass(std::chrono::minutes{5});
    }

    Answer write(Letter letter) {
        fixture_->pass(std::chrono::minutes{1});
        return fixture_->receive(letter);
    }
    Answer open_ticket() {
        return write({.from = "li@example.org",
                      .subject = "Charged twice",
                      .text = "I was charged twice today, CNY 128.50 each, by Blue Bottle Coffee. Please refund one."});
    }
    ProposeRefund proposal(const std::string& ticket) {
        return {.ticket = ticket,
                .remedy_id = fixture_->fresh<RemedyId>().text(),
                .payment = twice_,
                .duplicate_of = first_,
                .amount_minor = 12'850,
                .currency = "CNY",
                .expected_refundable = 12'850,
                .reason = "duplicate",
                .note = "",
                .evidence = R"({"score":97})"};
    }
    ApproveRemedy approval(const ProposeRefund& of, const std::string& code) {
        return {.remedy_id = of.remedy_id,
                .totp_code = code,
                .message_id = fixture_->fresh<MessageId>().text(),
                .outgoing_id = fixture_->fresh<OutgoingId>().text()};
    }
    // Of the newest mail of ours.
    std::string message_id_sent() {
        const std::string& bytes = sent_.emplace_back(fixture_->outgoing().back().bytes);
        const auto at = bytes.find("Message-ID: ") + 12;
        return bytes.substr(at, bytes.find('\r', at) - at);
    }

    std::optional<ServiceFixture> fixture_;
    StaffMember agent_{}, second_{};
    std::int64_t customer_ = 0, merchant_ = 0, first_ = 0, twice_ = 0;
    std::vector<std::string> sent_;
};

TEST_P(Story, a_double_charge_comes_back_by_two_persons) {
    ServiceFixture& f = *fixture_;
    const std::int64_t wallet = f.wallet_of(customer_);
    ASSERT_EQ(f.balance(wallet), 100'000 - 2 * 12'850);

    const Answer opened = open_ticket();
    ASSERT_TRUE(opened.done()) << opened.detail;
    EXPECT_THAT(opened.text, ::testing::StartsWith("OK-"));
    const auto reader = f.connect();
    auto row = store::find_ticket(*reader, opened.text).value();
    EXPECT_EQ(row.ticket.customer, customers::CustomerNo{customer_});
    EXPECT_EQ(row.ticket.assurance, customers::Assurance::a1_aligned_mail);
    EXPECT_EQ(row.ticket.category, "duplicate_charge");
    ASSERT_TRUE(row.ticket.investigation_due);
    ASSERT_EQ(f.outgoing().size(), 1U);
    const store::OutgoingRow acknowledgement = f.outgoing().front();
    EXPECT_EQ(acknowledgement.kind, "acknowledgement");
    EXPECT_EQ(acknowledgement.recipient, "li@example.org");
    EXPECT_THAT(acknowledgement.bytes, HasSubstr("[" + opened.text + "]"));
    EXPECT_THAT(acknowledgement.bytes, HasSubstr("Auto-Submitted: auto-replied"));
    EXPECT_THAT(f.text_of(acknowledgement), HasSubstr("Li Wei"));

    const ProposeRefund proposal = this->proposal(opened.text);
    const Answer proposed = f.ask(proposal, agent_.actor());
    ASSERT_TRUE(proposed.done()) << proposed.code;
    EXPECT_EQ(f.ask(this->proposal(opened.text), second_.actor()).code, "open_remedy_exists");

    EXPECT_EQ(f.ask(approval(proposal, f.totp(agent_)), agent_.actor()).code, "proposer_cannot_approve");
    EXPECT_EQ(f.ask(approval(proposal, "000000"), second_.actor()).code, codes::totp_wrong);
    EXPECT_EQ(f.balance(wallet), 100'000 - 2 * 12'850);
    EXPECT_EQ(f.outgoing().size(), 1U);

    const Command approve = f.command(approval(proposal, f.totp(second_)), second_.actor());
    const Answer approved = f.ask(approve);
    ASSERT_TRUE(approved.done()) << approved.code << ": " << approved.detail;
    EXPECT_EQ(approved.number, proposed.number);
    EXPECT_EQ(f.balance(wallet), 100'000 - 12'850);
    EXPECT_EQ(f.balance(f.payable_of(merchant_)), 12'850 - 77)
        << "the fee of the refunded payment goes back: 0.60 % of 128.50";

    const auto remedy = store::find_remedy(*reader, RemedyId::parse(proposal.remedy_id).value()).value();
    EXPECT_EQ(remedy.state, desk::RemedyState::executed);
    EXPECT_EQ(remedy.decider, customers::StaffNo{second_.no});
    const auto refund = store::find_payment(*reader, remedy.executed_payment).value();
    EXPECT_EQ(refund.amount.minor(), 12'850);
    EXPECT_EQ(refund.original, twice_);
    EXPECT_EQ(refund.duplicate_of, first_);
    EXPECT_EQ(store::find_payment(*reader, twice_).value().refunded_minor, 12'850);
    row = store::find_ticket(*reader, opened.text).value();
    EXPECT_EQ(row.ticket.state, desk::TicketState::solved);

    ASSERT_EQ(f.outgoing().size(), 2U);
    const store::OutgoingRow answer = f.outgoing().back();
    EXPECT_EQ(answer.kind, "answer");
    EXPECT_TRUE(answer.names_money);
    EXPECT_EQ(answer.recipient, "li@example.org");
    EXPECT_THAT(f.text_of(answer), HasSubstr("CNY 128.50"));

    // The same command again is answered from memory of it; another one meets what was decided. No money moves.
    const std::int64_t transfers = f.integer("SELECT count(*) FROM transfer");
    const Answer replayed = f.ask(approve);
    EXPECT_TRUE(replayed.replayed);
    EXPECT_EQ(replayed.number, approved.number);
    EXPECT_EQ(replayed.code, "");
    f.pass(std::chrono::minutes{1});
    EXPECT_EQ(f.ask(approval(proposal, f.totp(second_)), second_.actor()).code, "already_decided");
    EXPECT_EQ(f.integer("SELECT count(*) FROM transfer"), transfers);
    EXPECT_EQ(f.outgoing().size(), 2U);
    EXPECT_THAT(f.faults(), IsEmpty());

    f.restart();
    EXPECT_TRUE(f.ask(approve).replayed);
    EXPECT_EQ(f.balance(wallet), 100'000 - 12'850);
}

TEST_P(Story, the_customers_reply_with_our_token_joins_the_ticket) {
    ServiceFixture& f = *fixture_;
    const Answer opened = open_ticket();
    // Without proof of the sender: the token that only this address was sent is enough.
    const Answer reply = write({.from = "LI@Example.org",
                                .subject = "Re: anything",
                                .text = "Any news?",
                                .in_reply_to = message_id_sent(),
                                .proven = false});
    EXPECT_EQ(reply.number, opened.number);
    EXPECT_EQ(f.integer("SELECT count(*) FROM message WHERE direction = 1"), 2);
    EXPECT_EQ(f.outgoing().size(), 1U) << "a reply is not acknowledged again";
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Story, thanks_open_nothing_again_and_a_question_does_until_the_request_is_closed) {
    ServiceFixture& f = *fixture_;
    const Answer opened = open_ticket();
    const std::string token_mail = message_id_sent();
    const auto ticket = [&] { return store::find_ticket(*f.connect(), opened.text).value().ticket; };
    const auto reply = [&](std::string text) {
        return write({.from = "li@example.org", .subject = "Re: x", .text = std::move(text), .in_reply_to = token_mail});
    };
    const auto solve = [&] {
        f.done(SetTicketState{.ticket = opened.text, .state = "solved", .version = ticket().version}, agent_.actor());
    };
    solve();
    EXPECT_EQ(reply("谢谢你们的帮助！").number, opened.number);
    EXPECT_EQ(ticket().state, desk::TicketState::solved);
    reply("Thanks, but I still see both payments.");
    EXPECT_EQ(ticket().state, desk::TicketState::open);
    solve();

    f.pass(desk::solved_closes_after - std::chrono::hours{1});
    EXPECT_THAT(f.done(CloseSolved{.tickets_max = 10}).numbers, IsEmpty());
    f.pass(std::chrono::hours{2});
    EXPECT_THAT(f.done(CloseSolved{.tickets_max = 10}).numbers, ::testing::ElementsAre(opened.number));
    EXPECT_THAT(f.done(CloseSolved{.tickets_max = 10}).numbers, IsEmpty());
    EXPECT_EQ(ticket().state, desk::TicketState::closed);

    EXPECT_EQ(reply("Thank you!").number, opened.number);
    EXPECT_EQ(ticket().state, desk::TicketState::closed);
    const Answer follow_up = reply("It happened again.");
    EXPECT_NE(follow_up.number, opened.number);
    EXPECT_EQ(store::find_ticket(*f.connect(), follow_up.text).value().ticket.linked_to, ticket().no);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Story, clocks_run_stand_still_and_staff_are_told_once_before_once_after_and_then_the_supervisors) {
    using std::chrono::hours;
    ServiceFixture& f = *fixture_;
    const StaffMember boss = f.staff("boss@pay.example", "supervisor");
    const Answer opened = open_ticket();
    const std::string token_mail = message_id_sent();
    const auto ticket = [&] { return store::find_ticket(*f.connect(), opened.text).value().ticket; };
    std::size_t seen = f.outgoing().size();
    const auto told = [&] {
        (void)f.done(TellClocks{.tickets_max = 10, .seed = fmt::format("{:064}", f.at().time_since_epoch().count())});
        std::vector<std::string> to;
        const auto mails = f.outgoing();
        for (; seen < mails.size(); ++seen) {
            if (mails[seen].kind == "staff_clock") to.push_back(mails[seen].recipient);
        }
        return to;
    };
    const auto say = [&](std::string text) {
        return write({.from = "li@example.org", .subject = "Re: x", .text = std::move(text), .in_reply_to = token_mail});
    };
    const auto answer = [&](std::string after) {
        f.done(ReplyToTicket{.ticket = opened.text,
                             .message_id = f.fresh<MessageId>().text(),
                             .outgoing_id = f.fresh<OutgoingId>().text(),
                             .text = "We look into it.",
                             .state_after = std::move(after),
                             .version = ticket().version},
               agent_.actor());
    };
    f.pass(hours{19});
    EXPECT_THAT(told(), IsEmpty());
    f.pass(hours{2});
    EXPECT_THAT(told(), ::testing::ElementsAre("boss@pay.example")) << "nobody has it";
    EXPECT_THAT(told(), IsEmpty()) << "told once";
    f.done(AssignTicket{.ticket = opened.text, .staff = agent_.no}, agent_.actor());
    f.pass(hours{3} + std::chrono::minutes{30});
    EXPECT_THAT(told(), ::testing::ElementsAre("ann@pay.example")) << "it has run out";
    EXPECT_THAT(told(), IsEmpty());
    f.pass(hours{1});
    EXPECT_THAT(told(), ::testing::UnorderedElementsAre("ann@pay.example", "boss@pay.example")) << "an hour later";
    f.pass(hours{100});
    EXPECT_THAT(told(), ::testing::UnorderedElementsAre()) << "each once";
    EXPECT_EQ(f.integer("SELECT count(*) FROM ticket_event WHERE kind IN ('clock_runs_out', 'clock_ran_out', "
                        "'clock_escalated')"),
              3);

    answer("pending_customer");
    const Moment investigation = ticket().investigation_due.value();
    f.pass(hours{100});
    EXPECT_THAT(told(), IsEmpty()) << "the customer's turn";
    say("Here is the date.");
    EXPECT_GE(ticket().investigation_due.value(), investigation + hours{100}) << "it stood still";
    const Moment due = ticket().next_reply_due.value();
    f.pass(hours{1});
    say("And the amount.");
    EXPECT_EQ(ticket().next_reply_due, due) << "who writes again does not lose the place";
    answer("open");
    EXPECT_EQ(ticket().next_reply_due, std::nullopt);
    say("Thank you!");
    EXPECT_EQ(ticket().next_reply_due, std::nullopt);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Story, the_request_number_and_a_proven_sender_join_the_ticket) {
    const Answer opened = open_ticket();
    EXPECT_EQ(
        write({.from = "li@example.org", .subject = "More about [" + opened.text + "]", .text = "Here is more."}).number,
        opened.number);
    const Answer unproven = write({.from = "li@example.org",
                                   .subject = "More about [" + opened.text + "]",
                                   .text = "Is it really me?",
                                   .proven = false});
    EXPECT_NE(unproven.number, opened.number);
    EXPECT_THAT(fixture_->faults(), IsEmpty());
}

TEST_P(Story, a_stranger_who_quotes_number_or_token_opens_another_ticket_and_learns_nothing) {
    ServiceFixture& f = *fixture_;
    const Answer opened = open_ticket();
    const std::string token_mail = message_id_sent();
    const std::array letters{Letter{.from = "eve@example.net",
                                    .subject = "Re: [" + opened.text + "]",
                                    .text = "Send it to me.",
                                    .in_reply_to = token_mail},
                             Letter{.from = "mallory@example.net", .subject = "[" + opened.text + "]", .text = "My refund?"},
                             Letter{.from = "trent@example.net",
                                    .subject = "Re: mail",
                                    .text = "No number at all.",
                                    .in_reply_to = token_mail,
                                    .proven = false}};
    for (const Letter& letter : letters) {
        SCOPED_TRACE(letter.from);
        const Answer answer = write(letter);
        ASSERT_TRUE(answer.done());
        EXPECT_NE(answer.number, opened.number);
        const auto row = store::find_ticket(*f.connect(), desk::TicketNo{answer.number}).value();
        EXPECT_EQ(row.ticket.linked_to, desk::TicketNo{opened.number});
        EXPECT_FALSE(row.ticket.customer);
        const store::OutgoingRow acknowledgement = f.outgoing().back();
        EXPECT_EQ(acknowledgement.recipient, letter.from);
        EXPECT_THAT(acknowledgement.bytes, Not(HasSubstr(opened.text)));
        EXPECT_THAT(f.text_of(acknowledgement),
                    Not(::testing::AnyOf(HasSubstr("Li"), HasSubstr("128"), HasSubstr("refund"))));
    }
    EXPECT_EQ(f.integer("SELECT count(*) FROM message WHERE ticket = " + std::to_string(opened.number)), 1);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Story, a_change_in_the_ledger_voids_the_proposal) {
    ServiceFixture& f = *fixture_;
    const ProposeRefund proposal = this->proposal(open_ticket().text);
    ASSERT_TRUE(f.ask(proposal, agent_.actor()).done());
    const Actor merchant{ActorKind::merchant, merchant_};
    ASSERT_TRUE(f.ask(Refund{.key = "m-1", .payment = twice_, .amount_minor = 50, .reason = "goodwill"}, merchant).done());
    f.pass(std::chrono::minutes{1});
    EXPECT_EQ(f.ask(approval(proposal, f.totp(second_)), second_.actor()).code, "refundable_changed");
    EXPECT_EQ(store::find_remedy(*f.connect(), RemedyId::parse(proposal.remedy_id).value())->state,
              desk::RemedyState::voided);
    EXPECT_EQ(f.balance(f.wallet_of(customer_)), 100'000 - 2 * 12'850 + 50);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Story, a_rejected_proposal_moves_nothing_and_may_be_made_again) {
    ServiceFixture& f = *fixture_;
    const Answer opened = open_ticket();
    const ProposeRefund proposal = this->proposal(opened.text);
    ASSERT_TRUE(f.ask(proposal, agent_.actor()).done());
    EXPECT_EQ(f.ask(RejectRemedy{.remedy_id = proposal.remedy_id, .note = " "}, second_.actor()).code, "note_missing");
    EXPECT_TRUE(f.ask(RejectRemedy{.remedy_id = proposal.remedy_id, .note = "two orders"}, second_.actor()).done());
    EXPECT_EQ(f.ask(approval(proposal, f.totp(second_)), second_.actor()).code, "already_decided");
    EXPECT_TRUE(f.ask(this->proposal(opened.text), agent_.actor()).done());
    EXPECT_EQ(f.balance(f.wallet_of(customer_)), 100'000 - 2 * 12'850);
    EXPECT_THAT(f.faults(), IsEmpty());
}

TEST_P(Story, only_this_customers_payments_can_be_proposed) {
    ServiceFixture& f = *fixture_;
    const std::int64_t other = f.customer("zoe@example.org", "Zoe");
    f.top_up(other, 50'000);
    const std::int64_t foreign = f.pay(other, merchant_, 12'850, "Z-1");
    ProposeRefund proposal = this->proposal(open_ticket().text);
    proposal.payment = foreign;
    EXPECT_EQ(f.ask(proposal, agent_.actor()).code, "not_this_customers");
    EXPECT_EQ(f.ask(proposal, Actor{ActorKind::merchant, merchant_}).code, codes::not_permitted);
    EXPECT_EQ(f.ask(proposal, Actor{}).code, codes::not_permitted);
    EXPECT_EQ(f.ask(proposal, f.staff("aud@pay.example", "auditor").actor()).code, codes::not_permitted);
    EXPECT_EQ(f.integer("SELECT count(*) FROM remedy"), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Story, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

TEST(NewStaff, cannot_approve_before_a_day_has_passed) {
    ServiceFixture f{store::Engine::sqlite, {.new_staff_waits = std::chrono::hours{24}}};
    const StaffMember ann = f.staff("ann@pay.example");
    const StaffMember ben = f.staff("ben@pay.example");
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    const std::int64_t merchant = f.merchant("Blue Bottle Coffee");
    f.top_up(customer, 10'000);
    const std::int64_t payment = f.pay(customer, merchant, 5'000, "A-1");
    const Answer opened = f.receive({.from = "li@example.org", .subject = "Refund", .text = "Please refund my order A-1."});
    const std::string remedy = f.fresh<RemedyId>().text();
    f.done(ProposeRefund{.ticket = opened.text,
                         .remedy_id = remedy,
                         .payment = payment,
                         .duplicate_of = 0,
                         .amount_minor = 5'000,
                         .currency = "CNY",
                         .expected_refundable = 5'000,
                         .reason = "requested_by_customer",
                         .note = "",
                         .evidence = ""},
           ann.actor());
    const auto approve = [&] {
        return f.ask(ApproveRemedy{.remedy_id = remedy,
                                   .totp_code = f.totp(ben),
                                   .message_id = f.fresh<MessageId>().text(),
                                   .outgoing_id = f.fresh<OutgoingId>().text()},
                     ben.actor());
    };
    EXPECT_EQ(approve().code, "new_staff_cannot_approve");
    f.pass(std::chrono::hours{23});
    EXPECT_EQ(approve().code, "new_staff_cannot_approve");
    f.pass(std::chrono::hours{1});
    EXPECT_EQ(approve().code, "");
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 10'000);
}

TEST(OnePersonHouse, approves_alone_a_day_later_while_the_owner_is_told) {
    ServiceFixture f{store::Engine::sqlite, {.new_staff_waits = {}, .alone_owner = "owner@pay.example"}};
    const StaffMember ann = f.staff("ann@pay.example");
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    const std::int64_t merchant = f.merchant("Blue Bottle Coffee");
    f.top_up(customer, 20'000);
    const Answer opened = f.receive({.from = "li@example.org", .subject = "Refund", .text = "Please refund my order A-1."});
    const auto propose = [&](const std::string& reference) {
        const std::int64_t payment = f.pay(customer, merchant, 5'000, reference);
        std::string remedy = f.fresh<RemedyId>().text();
        f.done(ProposeRefund{.ticket = opened.text,
                             .remedy_id = remedy,
                             .payment = payment,
                             .duplicate_of = 0,
                             .amount_minor = 5'000,
                             .currency = "CNY",
                             .expected_refundable = 5'000,
                             .reason = "requested_by_customer",
                             .note = "",
                             .evidence = ""},
               ann.actor());
        return remedy;
    };
    const auto approve = [&](const std::string& remedy) {
        return f
            .ask(ApproveRemedy{.remedy_id = remedy,
                               .totp_code = f.totp(ann),
                               .message_id = f.fresh<MessageId>().text(),
                               .outgoing_id = f.fresh<OutgoingId>().text()},
                 ann.actor())
            .code;
    };
    const auto letters = [&](std::string_view kind) {
        return f.integer(
            fmt::format("SELECT count(*) FROM outgoing_mail WHERE recipient = 'owner@pay.example' AND kind = '{}'", kind));
    };
    const auto letter_leaves = [&] {
        const auto no = f.integer("SELECT max(no) FROM outgoing_mail WHERE kind = 'alone_proposed'");
        f.done(TakeOutgoing{100});
        f.done(ReportDelivery{.outgoing = store::find_outgoing(*f.connect(), no)->id.text(),
                              .state = "sent",
                              .text = "250 taken",
                              .next_at = 0});
    };
    const std::string first = propose("A-1");
    EXPECT_EQ(letters("alone_proposed"), 1);
    f.pass(std::chrono::hours{24});
    EXPECT_EQ(approve(first), "proposer_cannot_approve") << "the letter lies in the queue: the owner knows nothing";
    letter_leaves();
    EXPECT_EQ(approve(first), "alone_too_early");
    f.pass(std::chrono::hours{24});
    EXPECT_EQ(approve(first), "");
    EXPECT_EQ(approve(first), "already_decided");
    EXPECT_EQ(letters("alone_approved"), 1);
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 20'000);
    EXPECT_THAT(f.faults(), IsEmpty());

    const std::string second = propose("A-2");
    letter_leaves();
    f.pass(std::chrono::hours{24});
    const StaffMember ben = f.staff("ben@pay.example");
    EXPECT_EQ(approve(second), "proposer_cannot_approve");  // somebody else can now
    const std::string third = propose("A-3");
    EXPECT_EQ(letters("alone_proposed"), 2);  // nobody needs to be told of that one,
    f.run(fmt::format("UPDATE staff SET disabled = 1 WHERE no = {}", ben.no));
    f.pass(std::chrono::hours{24});
    EXPECT_EQ(approve(third), "proposer_cannot_approve");  // and so it is proposed again
    EXPECT_EQ(approve(second), "");
    EXPECT_THAT(f.faults(), IsEmpty());
    f.run("UPDATE outgoing_mail SET created = created - 1 WHERE kind = 'alone_proposed'");
    EXPECT_THAT(f.faults(), ::testing::SizeIs(2)) << "each needs the letter of its moment";
}

// A domain of one label cannot stand in a mail: the configuration is wrong, and no money may leave without its word.
TEST(Approval, moves_nothing_where_the_answer_cannot_be_written) {
    ServiceFixture f{store::Engine::sqlite, {.domain = "localhost"}};
    const StaffMember ann = f.staff("ann@pay.example");
    const StaffMember ben = f.staff("ben@pay.example");
    const std::int64_t customer = f.customer("li@example.org", "Li Wei");
    f.top_up(customer, 10'000);
    const std::int64_t payment = f.pay(customer, f.merchant("Shop"), 5'000, "A-1");
    const Answer opened = f.receive({.from = "li@example.org", .subject = "Refund", .text = "Please refund my order A-1."});
    const std::string remedy = f.fresh<RemedyId>().text();
    f.done(ProposeRefund{.ticket = opened.text,
                         .remedy_id = remedy,
                         .payment = payment,
                         .duplicate_of = 0,
                         .amount_minor = 5'000,
                         .currency = "CNY",
                         .expected_refundable = 5'000,
                         .reason = "requested_by_customer",
                         .note = "",
                         .evidence = ""},
           ann.actor());
    EXPECT_FALSE(f.ask(ApproveRemedy{.remedy_id = remedy,
                                     .totp_code = f.totp(ben),
                                     .message_id = f.fresh<MessageId>().text(),
                                     .outgoing_id = f.fresh<OutgoingId>().text()},
                       ben.actor())
                     .done());
    EXPECT_EQ(f.balance(f.wallet_of(customer)), 5'000);
    EXPECT_THAT(f.faults(), IsEmpty());
}

}  // namespace
}  // namespace okpay::service
