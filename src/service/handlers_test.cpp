// SPDX-License-Identifier: Apache-2.0
// What each use case lets happen and what it refuses: people, mail in and out, the desk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service_fixture.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Handlers : public ::testing::Test {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }
    ReplyToTicket reply(const std::string& ticket, std::string text, std::int64_t version,
                        std::vector<std::int64_t> figures = {}) {
        return {.ticket = ticket,
                .message_id = f_.fresh<MessageId>().text(),
                .outgoing_id = f_.fresh<OutgoingId>().text(),
                .text = std::move(text),
                .state_after = "",
                .version = version,
                .figures = std::move(figures)};
    }
    store::TicketRow ticket(const std::string& number) { return store::find_ticket(*f_.connect(), number).value(); }
    store::InboundMail inbound(std::int64_t no) { return store::find_inbound(*f_.connect(), no).value(); }

    ServiceFixture f_{store::Engine::sqlite};
};

TEST_F(Handlers, registration_names_what_is_wrong) {
    const RegisterCustomer good{.customer = f_.fresh<CustomerId>().text(),
                                .email = " Li@Example.ORG ",
                                .name = "Li",
                                .language = "en",
                                .zone = "Asia/Shanghai",
                                .currencies = {"CNY", "CNY"}};
    std::vector<RegisterCustomer> bad(6, good);
    bad[0].customer = "7";
    bad[1].email = "li";
    bad[2].currencies = {};
    bad[3].currencies = {"XXX"};
    bad[4].zone = "Mars/Olympus";
    bad[5].name = " ";
    for (const RegisterCustomer& body : bad) EXPECT_EQ(f_.ask(body).code, codes::invalid);
    EXPECT_TRUE(f_.ask(good).done());
    EXPECT_EQ(f_.integer("SELECT count(*) FROM account"), 1) << "a currency named twice is one wallet";
    EXPECT_TRUE(store::find_customer_by_email(*f_.connect(), "li@example.org"));
    RegisterCustomer same = good;
    same.customer = f_.fresh<CustomerId>().text();
    same.email = "LI@example.org";
    EXPECT_EQ(f_.ask(same).code, "email_in_use");
}

TEST_F(Handlers, a_command_is_done_once_by_its_id_and_a_refusal_stays_one) {
    const Command command = f_.command(AddStaff{.staff = f_.fresh<StaffId>().text(),
                                                .email = "ann@pay.example",
                                                .role = "agent",
                                                .enrol_token_hash = std::string(64, 'a'),
                                                .enrol_expires = ms_of(f_.at()) + 1'000});
    const Answer first = f_.ask(command);
    const Answer again = f_.ask(command);
    EXPECT_TRUE(first.done() && !first.replayed);
    EXPECT_TRUE(again.done() && again.replayed);
    EXPECT_EQ(again.number, first.number);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM staff"), 1);
    const Command refused = f_.command(CountFailedSignIn{99});
    EXPECT_EQ(f_.ask(refused).code, codes::not_found);
    const Answer refused_again = f_.ask(refused);
    EXPECT_EQ(refused_again.code, codes::not_found);
    EXPECT_TRUE(refused_again.replayed);
}

TEST_F(Handlers, a_link_enrols_once_and_in_time) {
    const std::string token = std::string(64, 'a');
    f_.done(AddStaff{.staff = f_.fresh<StaffId>().text(),
                     .email = "ann@pay.example",
                     .role = "agent",
                     .enrol_token_hash = token,
                     .enrol_expires = ms_of(f_.at() + std::chrono::hours{1})});
    const Secret secret{std::string(20, 's')};
    const StaffMember ann{1, secret};
    EnrolStaff enrol{.enrol_token_hash = token,
                     .name = "Ann",
                     .password_phc = "$argon2id$x",
                     .totp_secret_sealed = base64_of(f_.context().keyring().seal(secret.reveal(), "another purpose"))};
    EXPECT_EQ(f_.ask(ConfirmStaff{token, f_.totp(ann)}).code, "password_missing");
    EXPECT_EQ(f_.ask(enrol).code, codes::invalid) << "a secret that this house did not seal for this";
    enrol.totp_secret_sealed = base64_of(f_.context().keyring().seal(secret.reveal(), "totp secret"));
    EXPECT_TRUE(f_.ask(enrol).done());
    EXPECT_EQ(f_.ask(SignInStaff{1, f_.totp(ann), token, ms_of(f_.at()) + 1}).code, codes::not_permitted);
    EXPECT_EQ(f_.ask(ConfirmStaff{token, "123456"}).code, codes::totp_wrong);
    f_.pass(std::chrono::hours{1});
    EXPECT_EQ(f_.ask(ConfirmStaff{token, f_.totp(ann)}).code, "enrol_link_expired");
    f_.pass(-std::chrono::minutes{1});
    EXPECT_TRUE(f_.ask(ConfirmStaff{token, f_.totp(ann)}).done());
    EXPECT_EQ(f_.ask(enrol).code, "enrol_link_expired");
    EXPECT_EQ(f_.ask(ConfirmStaff{token, f_.totp(ann)}).code, "enrol_link_expired");
}

TEST_F(Handlers, a_code_signs_in_once_and_ten_wrong_ones_block) {
    const StaffMember ann = f_.staff("ann@pay.example");
    const auto sign_in = [&](const std::string& code) {
        return f_
            .ask(SignInStaff{ann.no, code, hex_of(std::string(32, static_cast<char>(f_.at().time_since_epoch().count()))),
                             ms_of(f_.at()) + 60'000})
            .code;
    };
    EXPECT_EQ(sign_in(f_.totp(ann)), "");
    EXPECT_EQ(sign_in(f_.totp(ann)), codes::totp_wrong) << "a code works once";
    f_.pass(std::chrono::seconds{30});
    EXPECT_EQ(sign_in(f_.totp(ann)), "") << "a good code forgives what was wrong before";
    for (int i = 0; i < 9; ++i) EXPECT_EQ(sign_in("000000"), codes::totp_wrong);
    EXPECT_TRUE(f_.ask(CountFailedSignIn{ann.no}).done());
    f_.pass(std::chrono::seconds{30});
    EXPECT_EQ(sign_in(f_.totp(ann)), "blocked");
    f_.pass(std::chrono::minutes{15});
    EXPECT_EQ(sign_in(f_.totp(ann)), "");
    EXPECT_GT(f_.integer("SELECT count(*) FROM audit WHERE action = 'sign_in'"), 2);
}

TEST_F(Handlers, mail_of_machines_is_filed_and_not_answered) {
    const Letter automatic{.from = "bot@example.net",
                           .subject = "Out of office",
                           .text = "I am away.",
                           .proven = false,
                           .more_headers = "Auto-Submitted: auto-replied\r\n"};
    EXPECT_TRUE(f_.receive(automatic).done());
    EXPECT_THAT(f_.outgoing(), IsEmpty());
    const std::int64_t bounce =
        f_.accept(ServiceFixture::raw_of(
                      {.from = "MAILER-DAEMON@example.net", .subject = "failed", .text = "x", .proven = false}),
                  "");
    EXPECT_TRUE(f_.ask(f_.filing(bounce)).done());
    EXPECT_THAT(f_.outgoing(), IsEmpty());
}

TEST_F(Handlers, a_forged_sender_gets_no_acknowledgement) {
    f_.customer("li@example.org", "Li Wei");
    const Letter forged{
        .from = "li@example.org", .subject = "My money", .text = "Send it elsewhere.", .proven = false, .more_headers = ""};
    std::string raw = ServiceFixture::raw_of(forged);
    raw = fmt::format("Authentication-Results: {}; dmarc=fail (p=reject) header.from=example.org\r\n",
                      okpay::testing::fixture_authserv) +
          raw;
    EXPECT_TRUE(f_.ask(f_.filing(f_.accept(raw))).done());
    EXPECT_THAT(f_.outgoing(), IsEmpty());
}

TEST_F(Handlers, a_stranger_is_acknowledged_once_a_day_and_a_customer_for_each_request) {
    for (int i = 0; i < 3; ++i) {
        f_.pass(std::chrono::hours{1});
        EXPECT_TRUE(
            f_.receive(
                  {.from = "who@example.net", .subject = "Question", .text = fmt::format("Question {}", i), .proven = false})
                .done());
    }
    EXPECT_EQ(f_.outgoing().size(), 1U);
    f_.pass(std::chrono::hours{24});
    EXPECT_TRUE(
        f_.receive({.from = "who@example.net", .subject = "Question", .text = "Question 9", .proven = false}).done());
    EXPECT_EQ(f_.outgoing().size(), 2U);
    f_.customer("li@example.org", "Li Wei");
    for (int i = 0; i < 3; ++i)
        f_.receive({.from = "li@example.org", .subject = "Question", .text = fmt::format("Mine {}", i)});
    EXPECT_EQ(f_.outgoing().size(), 5U);
}

TEST_F(Handlers, an_unproven_mail_reads_the_same_whether_or_not_the_account_exists) {
    f_.customer("li@example.org", "Li Wei");
    f_.receive({.from = "li@example.org", .subject = "Balance", .text = "What is my balance?", .proven = false});
    f_.receive({.from = "no@example.org", .subject = "Balance", .text = "What is my balance?!", .proven = false});
    const auto mails = f_.outgoing();
    ASSERT_EQ(mails.size(), 2U);
    const auto shape = [&](const store::OutgoingRow& row) {  // without what is drawn for each: number and token
        std::string text = f_.text_of(row).substr(0, f_.text_of(row).find("Ref:"));
        const std::string number =
            ticket(store::find_ticket(*f_.connect(), *row.ticket)->ticket.request_number).ticket.request_number;
        for (auto at = text.find(number); at != std::string::npos; at = text.find(number))
            text.replace(at, number.size(), "N");
        return text;
    };
    EXPECT_EQ(shape(mails[0]), shape(mails[1]));
}

TEST_F(Handlers, the_same_octets_are_one_request) {
    const std::string raw = ServiceFixture::raw_of({.from = "li@example.org", .subject = "Twice", .text = "Sent twice."});
    const std::int64_t first = f_.accept(raw);
    const std::int64_t second = f_.accept(raw);
    const FileMail filing = f_.filing(first);
    const Answer filed = f_.ask(filing);
    EXPECT_TRUE(f_.ask(f_.filing(second)).done());
    EXPECT_EQ(f_.ask(filing).number, filed.number) << "filing again, under another id, finds what was filed";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), 1);
    EXPECT_EQ(inbound(second).state, store::InboundState::duplicate);
    EXPECT_EQ(f_.ask(QuarantineMail{first, "late"}).replayed, true) << "what was filed is not quarantined";
    EXPECT_EQ(inbound(first).state, store::InboundState::parsed);
    EXPECT_EQ(f_.ask(FileMail{.mail = 99}).code, codes::not_found);
    EXPECT_EQ(f_.ask(QuarantineMail{99, ""}).code, codes::not_found);
}

TEST_F(Handlers, the_clocks_of_a_request_run_from_the_receipt) {
    f_.customer("li@example.org", "Li Wei");
    const std::int64_t mail = f_.accept(ServiceFixture::raw_of(
        {.from = "li@example.org", .subject = "Charged twice", .text = "I was charged twice, CNY 12.00, for order A-1."}));
    const Moment received = f_.at();
    f_.pass(std::chrono::hours{3});
    const store::TicketRow row = ticket(f_.ask(f_.filing(mail)).text);
    EXPECT_EQ(row.ticket.opened, received);
    EXPECT_EQ(row.ticket.first_reply_due, received + std::chrono::hours{24});
    EXPECT_EQ(row.ticket.investigation_due, received + std::chrono::hours{48});
}

TEST_F(Handlers, outgoing_mail_is_handed_out_once_and_reported_on) {
    for (int i = 0; i < 3; ++i)
        f_.receive(
            {.from = fmt::format("who{}@example.net", i), .subject = "Q", .text = fmt::format("Q {}", i), .proven = false});
    const auto take = [&](std::int64_t most) { return f_.done(TakeOutgoing{most}).numbers; };
    EXPECT_THAT(take(2), ::testing::ElementsAre(1, 2));
    EXPECT_THAT(take(10), ::testing::ElementsAre(3));
    EXPECT_THAT(take(10), IsEmpty());
    const auto mails = f_.outgoing();
    const auto report = [&](std::size_t mail, const std::string& state, Moment next = Moment{}) {
        return f_.ask(ReportDelivery{
            .outgoing = mails[mail].id.text(), .state = state, .text = "450 later \xff", .next_at = ms_of(next)});
    };
    EXPECT_EQ(report(0, "lost").code, codes::invalid);
    EXPECT_TRUE(report(0, "sent").done());
    EXPECT_TRUE(report(0, "failed").replayed);
    EXPECT_EQ(f_.outgoing()[0].state, store::OutgoingState::sent) << "what is sent stays sent";
    EXPECT_TRUE(report(1, "queued", f_.at() + std::chrono::minutes{5}).done());
    EXPECT_THAT(take(10), IsEmpty());
    f_.pass(std::chrono::minutes{5});
    EXPECT_THAT(take(10), ::testing::ElementsAre(2));
    EXPECT_TRUE(report(1, "uncertain").done());
    EXPECT_EQ(f_.outgoing()[1].attempts, 2);
    f_.pass(std::chrono::hours{1});
    EXPECT_THAT(take(10), IsEmpty()) << "a person decides on what is uncertain";
    f_.done(ReleaseOutgoing{});  // the third was never reported on
    EXPECT_THAT(take(10), ::testing::ElementsAre(3));
    EXPECT_EQ(f_.outgoing()[2].handed_out, store::HandedOut::again) << "who sends it knows that it may have left before";
    EXPECT_THAT(take(10), IsEmpty());
    f_.done(PutBackOutgoing{{3}});
    EXPECT_THAT(take(10), ::testing::ElementsAre(3));
    EXPECT_EQ(f_.outgoing()[2].handed_out, store::HandedOut::again) << "nor does it forget when it is put back";
    EXPECT_EQ(f_.outgoing()[2].attempts, 0);
    EXPECT_EQ(f_.ask(ReportDelivery{.outgoing = "x", .state = "sent", .text = "", .next_at = 0}).code, codes::not_found);
}

TEST_F(Handlers, a_reply_carries_only_amounts_that_are_bound_or_quoted) {
    const StaffMember ann = f_.staff("ann@pay.example");
    const std::int64_t li = f_.customer("li@example.org", "Li Wei");
    const std::int64_t zoe = f_.customer("zoe@example.org", "Zoe");
    const std::int64_t shop = f_.merchant("Shop");
    f_.top_up(li, 100'000);
    f_.top_up(zoe, 100'000);
    const std::int64_t hers = f_.pay(li, shop, 12'850, "A-1");
    const std::int64_t foreign = f_.pay(zoe, shop, 4'200, "Z-1");
    const std::string number =
        f_.receive({.from = "li@example.org", .subject = "Refund", .text = "I want my CNY 77.00 back."}).text;
    const auto ask = [&](const std::string& text, std::vector<std::int64_t> figures = {}) {
        return f_.ask(reply(number, text, ticket(number).ticket.version, std::move(figures)), ann.actor()).code;
    };
    EXPECT_EQ(ask("We have refunded CNY 120.00."), codes::unbound_amount);
    EXPECT_EQ(ask("Your payment was CNY 128.50."), codes::unbound_amount);
    EXPECT_EQ(ask("Zoe paid CNY 42.00.", {foreign}), codes::unbound_amount);
    EXPECT_EQ(ask("Zoe paid CNY 42.00.", {9'999}), codes::unbound_amount);
    EXPECT_EQ(ask(""), codes::invalid);
    EXPECT_EQ(f_.outgoing().size(), 1U) << "nothing has left but the acknowledgement";
    EXPECT_EQ(ask("You write of CNY 77.00; your payment was CNY 128.50.", {hers}), "");
    const store::OutgoingRow sent = f_.outgoing().back();
    EXPECT_EQ(sent.kind, "reply");
    EXPECT_TRUE(sent.names_money);
    EXPECT_THAT(sent.bytes, HasSubstr("In-Reply-To: <"));
    EXPECT_EQ(ticket(number).ticket.assignee, customers::StaffNo{ann.no});
    EXPECT_EQ(ticket(number).ticket.first_replied, f_.at());
}

TEST_F(Handlers, whoever_acts_on_an_old_screen_is_told) {
    const StaffMember ann = f_.staff("ann@pay.example");
    const std::string number = f_.receive({.from = "who@example.net", .subject = "Q", .text = "Q", .proven = false}).text;
    const std::int64_t version = ticket(number).ticket.version;
    f_.done(AddNote{number, f_.fresh<MessageId>().text(), "Seen."}, ann.actor());
    EXPECT_EQ(f_.ask(reply(number, "Hello.", version), ann.actor()).code, codes::ticket_changed);
    EXPECT_EQ(f_.ask(SetTicketState{number, "solved", version}, ann.actor()).code, codes::ticket_changed);
    EXPECT_TRUE(f_.ask(SetTicketState{number, "solved", version + 1}, ann.actor()).done());
    EXPECT_EQ(f_.ask(SetTicketState{number, "new", version + 2}, ann.actor()).code, codes::invalid);
    EXPECT_EQ(f_.ask(SetTicketState{"OK-0000000", "open", 1}, ann.actor()).code, codes::not_found);
}

TEST_F(Handlers, only_staff_in_their_roles_work_on_requests) {
    const StaffMember auditor = f_.staff("aud@pay.example", "auditor");
    const StaffMember ann = f_.staff("ann@pay.example");
    const std::string number = f_.receive({.from = "who@example.net", .subject = "Q", .text = "Q", .proven = false}).text;
    const std::vector<CommandBody> bodies{reply(number, "Hello.", 1), AddNote{number, f_.fresh<MessageId>().text(), "x"},
                                          AssignTicket{number, ann.no}, SetTicketState{number, "open", 1}};
    for (const Actor& actor : {auditor.actor(), Actor{}, Actor{ActorKind::merchant, 1}, Actor{ActorKind::customer, 1},
                               Actor{ActorKind::staff, 99}}) {
        for (const CommandBody& body : bodies) EXPECT_EQ(f_.ask(body, actor).code, codes::not_permitted);
    }
    EXPECT_EQ(f_.integer("SELECT count(*) FROM message"), 1);
    EXPECT_EQ(f_.ask(AssignTicket{number, 99}, ann.actor()).code, codes::not_found);
    EXPECT_TRUE(f_.ask(AssignTicket{number, ann.no}, ann.actor()).done());
    EXPECT_EQ(ticket(number).ticket.state, desk::TicketState::open);
    EXPECT_TRUE(f_.ask(AssignTicket{number, 0}, ann.actor()).done());
    EXPECT_FALSE(ticket(number).ticket.assignee);
}

TEST_F(Handlers, a_command_from_a_clock_that_lags_turns_no_time_back) {
    const StaffMember ann = f_.staff("ann@pay.example");
    const std::string number = f_.receive({.from = "who@example.net", .subject = "Q", .text = "Q", .proven = false}).text;
    const Moment updated = ticket(number).ticket.updated;
    f_.pass(-std::chrono::seconds{5});
    EXPECT_TRUE(f_.ask(AssignTicket{number, ann.no}, ann.actor()).done());
    EXPECT_EQ(ticket(number).ticket.updated, updated);  // and TearDown: no request is older than its newest message
    const std::int64_t li = f_.customer("li@example.org", "Li Wei");
    f_.top_up(li, 1'000);
    f_.pass(-std::chrono::hours{1});
    f_.top_up(li, 1'000);
    EXPECT_EQ(f_.integer("SELECT count(DISTINCT at) FROM transfer"), 1) << "ledger time never runs back";
}

TEST_F(Handlers, what_a_commit_changed_is_told_to_those_who_wait) {
    std::vector<CommitNews> news;  // on the writer's thread, behind the answer: read once the writer has stopped
    okpay::testing::FixtureOptions options;
    options.writer.on_commit = [&news](const CommitNews& now) { news.push_back(now); };
    ServiceFixture f{store::Engine::sqlite, options};
    f.customer("li@example.org", "Li Wei");
    const std::int64_t mail = f.accept(ServiceFixture::raw_of({.from = "li@example.org", .subject = "Q", .text = "Q"}));
    const std::string number = f.ask(f.filing(mail)).text;
    f.stop();
    ASSERT_EQ(news.size(), 2U);
    EXPECT_TRUE(news[0].mail_accepted && !news[0].mail_queued && news[0].tickets.empty());
    EXPECT_TRUE(news[1].mail_queued && !news[1].mail_accepted);
    EXPECT_THAT(news[1].tickets, ::testing::ElementsAre(number));
}

TEST_F(Handlers, accounts_that_are_not_there_are_said_to_be) {
    EXPECT_EQ(f_.ask(ReadAccounts{{1}}).code, codes::not_found);
    const std::int64_t li = f_.customer("li@example.org", "Li Wei");
    EXPECT_EQ(f_.ask(ReadAccounts{{1, -1}}).code, codes::not_found);
    EXPECT_EQ(
        f_.ask(TopUp{.key = "a", .customer = li, .amount_minor = 1, .currency = "XXX", .memo = "", .instrument = ""}).code,
        codes::invalid);
    EXPECT_EQ(
        f_.ask(TopUp{.key = "a", .customer = 9, .amount_minor = 1, .currency = "CNY", .memo = "", .instrument = ""}).code,
        codes::not_found);
    constexpr std::int64_t beyond = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(
        f_.ask(TopUp{.key = "b", .customer = li, .amount_minor = beyond, .currency = "CNY", .memo = "", .instrument = ""})
            .code,
        codes::invalid);
    EXPECT_EQ(
        f_.ask(TopUp{.key = "c", .customer = li, .amount_minor = -5, .currency = "CNY", .memo = "", .instrument = ""}).code,
        "not_positive");
    EXPECT_TRUE(f_.ask(TopUp{.key = "d",
                             .customer = li,
                             .amount_minor = money::Money::limit_minor,
                             .currency = "CNY",
                             .memo = "",
                             .instrument = ""})
                    .done());
    EXPECT_EQ(
        f_.ask(TopUp{.key = "e", .customer = li, .amount_minor = 1, .currency = "CNY", .memo = "", .instrument = ""}).code,
        "amount_out_of_range");
}

}  // namespace
}  // namespace okpay::service
