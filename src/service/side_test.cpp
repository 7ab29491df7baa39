// SPDX-License-Identifier: Apache-2.0
// Side threads from the first mail to the last, on both engines. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <algorithm>

#include "desk/side_thread.hpp"
#include "service/person_export.hpp"
#include "service/queries.hpp"
#include "service/search.hpp"
#include "service_fixture.hpp"
#include "store/side_store.hpp"

namespace okpay::service {
namespace {

using desk::SideState;
using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string bank_address = "disputes@bank.example";

class Side : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        boss_ = f().staff("boss@pay.example", "supervisor");
        ann_ = f().staff("ann@pay.example");
        ben_ = f().staff("ben@pay.example");
        li_ = f().customer("li@example.org", "Li Wei");
        shop_ = f().merchant("Shop");
        f().top_up(li_, 100'000);
        payment_ = f().pay(li_, shop_, 12'850, "A-1", "A-1");
        queries_ = std::make_unique<Queries>(f().database(), 1);
        ticket_ =
            f().receive({.from = "li@example.org", .subject = "A payment", .text = "My secret word is heliotrope."}).text;
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    std::vector<SideThreadView> threads(const std::string& number) { return queries_->side_threads(number).value().value(); }
    desk::SideThread thread(std::size_t at = 0) { return threads(ticket_).at(at).thread; }
    std::vector<std::string> said(std::size_t at = 0) {
        std::vector<std::string> words;
        const std::vector<SideThreadView> all = threads(ticket_);
        for (const SideMessageView& view : all.at(at).messages)
            words.push_back(fmt::format("{} {}: {}", desk::name_of(view.row.direction), desk::name_of(view.row.kind),
                                        view.row.body.substr(0, view.row.body.find('\n'))));
        return words;
    }

    std::int64_t bank(bool whole_domain = false, const std::string& address = bank_address) {
        return f()
            .done(PutCounterparty{.counterparty = 0,
                                  .kind = "bank",
                                  .name = "Bank of Example",
                                  .address = address,
                                  .language = "en",
                                  .whole_domain = whole_domain,
                                  .retired = false,
                                  .version = 0},
                  boss_->actor())
            .number;
    }
    OpenSideThread opening(std::int64_t counterparty, std::string text = "Please look at this payment.") {
        return {.ticket = ticket_,
                .message_id = f().fresh<MessageId>().text(),
                .outgoing_id = f().fresh<OutgoingId>().text(),
                .counterparty = counterparty,
                .kind = {},
                .name = {},
                .address = {},
                .language = {},
                .subject = "A payment that arrived twice",
                .text = std::move(text),
                .payments = {},
                .answer_within_hours = 24,
                .version = ticket(ticket_).version};
    }
    OpenSideThread typed(std::string address) {
        auto command = opening(0);
        command.kind = "provider";
        command.address = std::move(address);
        command.language = "zh-Hans";
        return command;
    }
    WriteSideMail writing(std::string text = "Is there any news?") {
        return {.ticket = ticket_,
                .thread = thread().number,
                .message_id = f().fresh<MessageId>().text(),
                .outgoing_id = f().fresh<OutgoingId>().text(),
                .text = std::move(text),
                .payments = {},
                .answer_within_hours = 48,
                .version = thread().version};
    }
    Answer by(const StaffMember& who, CommandBody body) { return f().ask(std::move(body), who.actor()); }

    store::OutgoingRow newest() { return f().outgoing().back(); }
    std::string id_of(const store::OutgoingRow& row) {
        const auto at = row.bytes.find("Message-ID: ") + 12;
        return row.bytes.substr(at, row.bytes.find('\r', at) - at);
    }
    // A mail that answers our newest one to the bank.
    Letter answer(std::string text, std::string from = bank_address) {
        std::string id;
        for (const store::OutgoingRow& row : f().outgoing()) {
            if (row.kind == "side_mail") id = id_of(row);
        }
        return {.from = std::move(from), .subject = "Re: A payment", .text = std::move(text), .in_reply_to = id};
    }
    Answer receive(const Letter& letter) {
        f().pass(minutes{1});
        return f().receive(letter);
    }
    std::vector<std::string> events(const std::string& number) {
        std::vector<std::string> kinds;
        for (const EventView& event : queries_->ticket_detail(number).value().value().events) kinds.push_back(event.kind);
        return kinds;
    }
    void tell() { f().done(TellClocks{.tickets_max = 50, .seed = "7"}); }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> boss_, ann_, ben_;
    std::int64_t li_ = 0, shop_ = 0, payment_ = 0;
    std::unique_ptr<Queries> queries_;
    std::string ticket_;
};

TEST_P(Side, a_mail_goes_to_the_bank_once_and_says_what_was_typed_and_chosen) {
    const desk::Ticket before = ticket(ticket_);
    auto command = f().command(opening(bank()), ann_->actor());
    auto* body = command.body.as<OpenSideThread>();
    body->payments = {payment_};
    body->text = "Please look at CNY 128.50, card 4242 4242 4242 4242.";
    const Answer opened = f().ask(command);
    ASSERT_TRUE(opened.done()) << opened.detail;
    EXPECT_TRUE(f().ask(command).replayed);
    const auto mails = f().outgoing();
    EXPECT_EQ(std::ranges::count(mails, "side_mail", &store::OutgoingRow::kind), 1);
    const store::OutgoingRow mail = newest();
    EXPECT_EQ(mail.recipient, bank_address);
    EXPECT_FALSE(mail.automatic);
    EXPECT_FALSE(mail.names_money);
    const std::string text = f().text_of(mail);
    EXPECT_THAT(text, AllOf(HasSubstr("Please look at CNY 128.50, card •••• 4242."), HasSubstr("Amount: CNY 128.50"),
                            HasSubstr("Our number: " + thread().number), HasSubstr("Ref: ")));
    for (const std::string_view word : {"Li Wei", "li@example.org", "heliotrope", "A-1", ticket_.c_str()}) {
        EXPECT_THAT(text, Not(HasSubstr(word)));
        EXPECT_THAT(mail.bytes, Not(HasSubstr(word)));
    }
    EXPECT_THAT(mail.bytes,
                AllOf(HasSubstr("Reply-To: "), HasSubstr("[" + thread().number + "]"), Not(HasSubstr("Auto-Submitted"))));
    EXPECT_EQ(thread().state, SideState::waiting);
    EXPECT_EQ(thread().due, f().at() + hours{24});
    const desk::Ticket after = ticket(ticket_);
    EXPECT_EQ(after.version, before.version + 1);
    EXPECT_EQ(after.state, before.state);
    EXPECT_EQ(after.first_reply_due, before.first_reply_due);
    EXPECT_FALSE(after.first_replied) << "the customer was not answered";
    EXPECT_EQ(f().integer("SELECT count(*) FROM message WHERE direction = 2"), 0);
    EXPECT_THAT(events(ticket_), Contains("side_thread_opened"));
    const auto detail = queries_->ticket_detail(ticket_).value().value();
    ASSERT_THAT(detail.followers, SizeIs(1));
    EXPECT_EQ(detail.followers[0].name, "ann") << "whoever asks wants to see the answer";
    EXPECT_EQ(detail.ticket.sides.waiting, 1);
}

TEST_P(Side, the_answer_lands_there_and_not_with_the_customer) {
    ASSERT_TRUE(by(*ann_, opening(bank())).done());
    const desk::Ticket before = ticket(ticket_);
    const auto mails = f().outgoing().size();
    const Answer filed = receive(answer("We hold CNY 77.70 of it. Please lock my account, I was charged twice!"));
    EXPECT_EQ(filed.text, thread().number);
    EXPECT_THAT(said(), ElementsAre("outbound said: Please look at this payment.",
                                    "inbound said: We hold CNY 77.70 of it. Please lock my account, I was charged twice!"));
    EXPECT_EQ(thread().state, SideState::answered);
    EXPECT_FALSE(thread().due);
    EXPECT_EQ(f().outgoing().size(), mails) << "nothing answers it";
    EXPECT_EQ(f().integer("SELECT count(*) FROM message"), 1);
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket"), 1);
    EXPECT_EQ(f().integer("SELECT count(*) FROM customer_lock"), 0);
    const desk::Ticket after = ticket(ticket_);
    EXPECT_EQ(after.state, before.state);
    EXPECT_EQ(after.next_reply_due, before.next_reply_due);
    EXPECT_EQ(after.first_reply_due, before.first_reply_due);
    EXPECT_GT(after.version, before.version) << "whoever writes to the customer should know";
    const auto page =
        queries_->tickets({.list = TicketList::following, .me = customers::StaffNo{ann_->no}, .words = "", .after = {}})
            .value();
    EXPECT_EQ(page.counts.unseen.following, 1);
    EXPECT_EQ(page.items.at(0).sides.answered, 1);

    // What the customer reads of the request.
    const auto own = queries_->own_request(customers::CustomerNo{li_}, ticket_).value().value();
    EXPECT_THAT(own.messages, SizeIs(1));
    // What they said may be quoted to them, and to nobody else.
    EXPECT_TRUE(by(*ann_, writing("So CNY 77.70 is with you?")).done());
    EXPECT_THAT(f().text_of(newest()), HasSubstr("CNY 77.70"));
    EXPECT_EQ(thread().due, f().at() + hours{48});
    EXPECT_THAT(newest().bytes, HasSubstr("In-Reply-To: "));
    const auto reply = by(*ann_, ReplyToTicket{.ticket = ticket_,
                                               .message_id = f().fresh<MessageId>().text(),
                                               .outgoing_id = f().fresh<OutgoingId>().text(),
                                               .text = "The bank holds CNY 77.70.",
                                               .state_after = "open",
                                               .version = ticket(ticket_).version,
                                               .figures = {}});
    EXPECT_EQ(reply.code, codes::unbound_amount);
}

TEST_P(Side, who_writes_decides_where_a_mail_lands) {
    ASSERT_TRUE(by(*ann_, opening(bank(true))).done());
    const std::string number = thread().number;
    struct Row {
        std::string what;
        Letter letter;
        bool joins;
    };
    const std::string forged = "Authentication-Results: mx.pay.example; dmarc=fail (p=reject) header.from=bank.example\r\n";
    std::vector<Row> rows{
        {"the address, unproven", answer("one"), true},
        {"a colleague, proven", answer("two", "ann@bank.example"), true},
        {"a colleague, unproven", answer("three", "ann@bank.example"), false},
        {"forged", answer("four"), false},
        {"a stranger", answer("five", "mallory@mail.example"), false},
        {"by number, proven", {.from = bank_address, .subject = "Your " + number, .text = "six"}, true},
        {"by number, unproven", {.from = bank_address, .subject = "Your " + number, .text = "seven"}, false},
        {"by number, a stranger", {.from = "mallory@mail.example", .subject = number, .text = "eight"}, false},
    };
    rows[0].letter.proven = rows[2].letter.proven = rows[3].letter.proven = rows[6].letter.proven = false;
    rows[3].letter.more_headers = forged;
    for (const Row& row : rows) {
        const auto before = threads(ticket_).at(0).messages.size();
        const auto mails = f().outgoing().size();
        const Answer filed = receive(row.letter);
        ASSERT_TRUE(filed.done()) << row.what;
        EXPECT_EQ(threads(ticket_).at(0).messages.size(), before + (row.joins ? 1 : 0)) << row.what;
        if (row.joins) {
            EXPECT_EQ(f().outgoing().size(), mails) << row.what;
            continue;
        }
        EXPECT_NE(filed.text, ticket_) << row.what;
        EXPECT_EQ(ticket(filed.text).linked_to, ticket(ticket_).no) << row.what;
        if (f().outgoing().size() == mails) continue;
        for (const std::string& word : {ticket_, number, std::string{"A payment that arrived"}})
            EXPECT_THAT(f().outgoing().back().bytes, Not(HasSubstr(word))) << row.what;
    }
    EXPECT_EQ(f().integer(fmt::format("SELECT count(*) FROM message WHERE ticket = {}", number_of(ticket(ticket_).no))), 1);
}

TEST_P(Side, a_customer_answers_the_request_and_never_the_thread) {
    ASSERT_TRUE(by(*ann_, opening(bank())).done());
    // The bank copied the customer in, who answers to all: the mail carries the marks of the thread.
    Letter all = answer("I know nothing of this bank.", "li@example.org");
    const Answer linked = receive(all);
    EXPECT_NE(linked.text, ticket_);
    EXPECT_EQ(ticket(linked.text).linked_to, ticket(ticket_).no);
    EXPECT_THAT(said(), SizeIs(1));
    // To our own answer, as ever; also where the thread's number stands in it.
    ASSERT_TRUE(by(*ann_, ReplyToTicket{.ticket = ticket_,
                                        .message_id = f().fresh<MessageId>().text(),
                                        .outgoing_id = f().fresh<OutgoingId>().text(),
                                        .text = "We have asked.",
                                        .state_after = "pending_customer",
                                        .version = ticket(ticket_).version,
                                        .figures = {}})
                    .done());
    EXPECT_THAT(f().text_of(newest()), Not(HasSubstr(thread().number)));
    EXPECT_THAT(newest().bytes, Not(HasSubstr("bank"))) << "no word of the thread, and none of its ids";
    EXPECT_EQ(receive({.from = "li@example.org",
                       .subject = "Re: A payment",
                       .text = "What about " + thread().number + "?",
                       .in_reply_to = id_of(newest())})
                  .text,
              ticket_);
    EXPECT_THAT(said(), SizeIs(1));
    // The counterparty who writes to the request's number is a stranger to it.
    const Answer other = receive({.from = bank_address, .subject = "Re: [" + ticket_ + "]", .text = "Hello"});
    EXPECT_NE(other.text, ticket_);
    EXPECT_EQ(ticket(other.text).linked_to, ticket(ticket_).no);
}

TEST_P(Side, machines_answer_nothing_and_what_comes_back_is_seen_there) {
    ASSERT_TRUE(by(*ann_, opening(bank())).done());
    const store::OutgoingRow mail = newest();
    Letter away = answer("I am away until Monday.");
    away.more_headers = "Auto-Submitted: auto-replied\r\n";
    const desk::Ticket before = ticket(ticket_);
    ASSERT_TRUE(receive(away).done());
    EXPECT_THAT(said(),
                ElementsAre("outbound said: Please look at this payment.", "inbound automatic: I am away until Monday."));
    EXPECT_EQ(thread().state, SideState::waiting);
    EXPECT_TRUE(thread().due);
    EXPECT_THAT(events(ticket_), Contains("side_automatic"));
    EXPECT_EQ(ticket(ticket_).state, before.state);

    f().done(f().filing(f().accept(ServiceFixture::bounce_of(mail, "5.1.1"), "")));
    const auto delivery = threads(ticket_).at(0).messages.at(0).delivery;
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->state, store::OutgoingState::failed);
    EXPECT_TRUE(delivery->bounced);
    EXPECT_EQ(thread().state, SideState::waiting) << "nobody answered: the clock says so";
    EXPECT_THAT(events(ticket_), Contains("mail_bounced"));
    EXPECT_EQ(f().integer("SELECT count(*) FROM message"), 1);
    // A report with a made-up mark is proof of nothing.
    std::string other = id_of(mail);
    other[5] = other[5] == 'a' ? 'b' : 'a';
    f().done(f().filing(f().accept(ServiceFixture::bounce_of(mail, "5.1.1", "failed", other), "")));
    EXPECT_EQ(f().integer("SELECT count(*) FROM mail_bounce"), 1);
}

TEST_P(Side, its_clock_is_told_and_stops_with_the_answer) {
    f().done(AssignTicket{.ticket = ticket_, .staff = ann_->no}, boss_->actor());
    // The customer waits for nothing, so that the thread's clock alone runs.
    ASSERT_TRUE(by(*ann_, ReplyToTicket{.ticket = ticket_,
                                        .message_id = f().fresh<MessageId>().text(),
                                        .outgoing_id = f().fresh<OutgoingId>().text(),
                                        .text = "We ask the bank.",
                                        .state_after = "pending_customer",
                                        .version = ticket(ticket_).version,
                                        .figures = {}})
                    .done());
    ASSERT_TRUE(by(*ann_, opening(bank())).done());
    f().done(SnoozeTicket{.ticket = ticket_, .until = ms_of(f().at() + hours{72})}, ann_->actor());
    const Moment due = thread().due.value();
    const auto told = [&] {
        return std::pair{thread().told, f().integer("SELECT count(*) FROM outgoing_mail WHERE kind = 'staff_clock'")};
    };
    const auto to = [&](Moment moment) {
        f().pass(moment - f().at());
        tell();
        tell();
        return told();
    };
    EXPECT_EQ(to(due - hours{5}), std::pair(std::int64_t{0}, std::int64_t{0}));
    EXPECT_EQ(to(due - hours{4}).first, 1);
    EXPECT_TRUE(store::find_snooze(*f().connect(), ticket(ticket_).no)) << "it is not over yet";
    EXPECT_EQ(to(due).first, 2);
    EXPECT_FALSE(store::find_snooze(*f().connect(), ticket(ticket_).no)) << "back in the lists";
    EXPECT_EQ(to(due + hours{1}).first, 3);
    EXPECT_EQ(to(due + hours{9}).first, 3);
    const auto kinds = events(ticket_);
    for (const std::string_view kind : {"clock_runs_out", "clock_ran_out", "clock_escalated"})
        EXPECT_EQ(std::ranges::count(kinds, kind), 1) << kind;
    ASSERT_TRUE(receive(answer("Sorry, here it is.")).done());
    EXPECT_EQ(thread().told, 0);
    EXPECT_EQ(to(due + hours{99}).first, 0);
}

TEST_P(Side, it_is_stopped_where_somebody_wrote_since) {
    auto late = opening(bank());
    late.version -= 1;
    EXPECT_EQ(by(*ann_, late).code, codes::ticket_changed);
    ASSERT_TRUE(by(*ann_, opening(1)).done());
    auto second = writing();
    auto close = CloseSideThread{.ticket = ticket_, .thread = thread().number, .version = thread().version};
    ASSERT_TRUE(receive(answer("Here it is.")).done());
    EXPECT_EQ(by(*ben_, second).code, codes::ticket_changed);
    EXPECT_EQ(by(*ben_, close).code, codes::ticket_changed);
    EXPECT_EQ(thread().state, SideState::answered);
    close.version = thread().version;
    EXPECT_TRUE(by(*ben_, close).done());
    EXPECT_EQ(thread().state, SideState::closed);
    EXPECT_EQ(threads(ticket_).at(0).closed_by->name, "ben");
    EXPECT_TRUE(by(*ann_, close).done()) << "it is what was asked for";
    ASSERT_TRUE(receive(answer("One thing more.")).done());
    EXPECT_EQ(thread().state, SideState::answered) << "somebody has to read it";
    close.version = thread().version;
    EXPECT_TRUE(by(*ben_, close).done());
    EXPECT_TRUE(by(*ben_, writing()).done());
    EXPECT_EQ(thread().state, SideState::waiting) << "it goes on";
}

TEST_P(Side, what_may_not_be_sent_is_refused_and_nothing_is_left_of_it) {
    const std::int64_t party = bank();
    const std::int64_t zoe = f().customer("zoe@example.org", "Zoe");
    f().top_up(zoe, 100'000);
    const std::int64_t hers = f().pay(zoe, shop_, 500, "Z-1", "Z-1");
    const auto with = [&](const std::function<void(OpenSideThread&)>& change) {
        auto command = opening(party);
        change(command);
        return by(*ann_, command).code;
    };
    EXPECT_EQ(with([](auto& c) { c.text = "Please send CNY 5.00."; }), codes::unbound_amount);
    EXPECT_EQ(with([](auto& c) { c.subject = "Of CNY 5.00"; }), codes::unbound_amount);
    EXPECT_EQ(with([&](auto& c) { c.payments = {hers}; }), codes::unbound_amount);
    EXPECT_EQ(with([](auto& c) { c.payments = {99'999}; }), codes::unbound_amount);
    EXPECT_EQ(with([&](auto& c) { c.payments = std::vector<std::int64_t>(11, payment_); }), codes::invalid);
    EXPECT_EQ(with([](auto& c) { c.text = " "; }), codes::invalid);
    EXPECT_EQ(with([](auto& c) { c.subject = ""; }), codes::invalid);
    EXPECT_EQ(with([](auto& c) { c.subject = std::string(201, 'a'); }), codes::invalid);
    EXPECT_EQ(with([](auto& c) { c.answer_within_hours = 0; }), codes::invalid);
    EXPECT_EQ(with([](auto& c) { c.answer_within_hours = 721; }), codes::invalid);
    EXPECT_EQ(with([](auto& c) { c.counterparty = 77; }), codes::not_found);
    EXPECT_EQ(with([](auto& c) { c.ticket = "OK-0000000"; }), codes::not_found);
    EXPECT_EQ(by(*ann_, typed("not an address")).code, codes::invalid);
    EXPECT_EQ(by(*ann_, typed("li@example.org")).code, "side_customers_address");
    EXPECT_EQ(by(*ann_, typed("Zoe@Example.org")).code, "side_customers_address");
    EXPECT_EQ(by(*ann_, typed("support@pay.example")).code, "side_own_address");
    const StaffMember auditor = f().staff("audit@pay.example", "auditor");
    EXPECT_EQ(by(auditor, opening(party)).code, codes::not_permitted);
    f().done(RelateStaff{ben_->no, li_, "household"});
    EXPECT_EQ(by(*ben_, opening(party)).code, codes::not_found);
    EXPECT_EQ(f().integer("SELECT count(*) FROM side_thread"), 0);
    EXPECT_EQ(f().integer("SELECT count(*) FROM outgoing_mail WHERE kind = 'side_mail'"), 0);
    ASSERT_TRUE(by(*ann_, typed("desk@provider.example")).done());
    EXPECT_EQ(thread().party.name, "desk@provider.example");
    EXPECT_FALSE(thread().from_book);
    EXPECT_THAT(f().text_of(newest()), HasSubstr("我方编号："));
    auto foreign = writing();
    foreign.thread = "TP-0000000";
    EXPECT_EQ(by(*ann_, foreign).code, codes::not_found);
    const std::string other = f().receive({.from = "zoe@example.org", .subject = "Mine", .text = "Hello there."}).text;
    foreign = writing();
    foreign.ticket = other;
    EXPECT_EQ(by(*ann_, foreign).code, codes::not_found) << "a thread of another request";
    f().done(SetTicketState{ticket_, "solved", ticket(ticket_).version}, ann_->actor());
    f().pass(desk::solved_closes_after + hours{1});
    f().done(CloseSolved{.tickets_max = 9});
    EXPECT_EQ(by(*ann_, opening(party)).code, "ticket_closed");
    EXPECT_TRUE(by(*ann_, writing()).done()) << "what is under way with others goes on";
    for (std::int64_t one = 1; one < 300 && f().integer("SELECT count(*) FROM side_message WHERE direction = 2") < 200;
         ++one)
        ASSERT_TRUE(by(*ann_, writing()).done());
    EXPECT_EQ(by(*ann_, writing()).code, "too_many_side_messages");
}

TEST_P(Side, the_book_is_kept_by_supervisors) {
    const auto put = [&](const StaffMember& who, std::int64_t no, std::string address, bool retired, std::int64_t version) {
        return by(who, PutCounterparty{.counterparty = no,
                                       .kind = "bank",
                                       .name = "Bank",
                                       .address = std::move(address),
                                       .language = "en",
                                       .whole_domain = false,
                                       .retired = retired,
                                       .version = version});
    };
    EXPECT_EQ(put(*ann_, 0, bank_address, false, 0).code, codes::not_permitted);
    const std::int64_t no = bank();
    EXPECT_EQ(put(*boss_, 0, "Disputes@Bank.example", false, 0).code, "counterparty_taken");
    EXPECT_EQ(put(*boss_, 0, "nobody", false, 0).code, codes::invalid);
    EXPECT_EQ(put(*boss_, no, "new@bank.example", false, 0).code, "counterparty_changed");
    EXPECT_EQ(put(*boss_, 99, "new@bank.example", false, 1).code, codes::not_found);
    ASSERT_TRUE(by(*ann_, opening(no)).done());
    EXPECT_TRUE(put(*boss_, no, "new@bank.example", true, 1).done());
    EXPECT_EQ(thread().party.address, bank_address) << "frozen when it was opened";
    EXPECT_EQ(by(*ann_, opening(no)).code, "counterparty_retired");
    EXPECT_TRUE(put(*boss_, 0, "new@bank.example", false, 0).done()) << "a retired one takes no address";
    EXPECT_EQ(put(*boss_, no, "new@bank.example", false, 2).code, "counterparty_taken");
}

TEST_P(Side, threads_go_on_where_their_request_does) {
    ASSERT_TRUE(by(*ann_, opening(bank())).done());
    const std::string number = thread().number;
    const std::string main =
        f().receive({.from = "li@example.org", .subject = "The same", .text = "It is about the same."}).text;
    f().done(MergeTicket{.ticket = ticket_, .into = main, .reason = "", .version = ticket(ticket_).version}, boss_->actor());
    ASSERT_THAT(threads(main), SizeIs(1));
    EXPECT_EQ(threads(main)[0].request, ticket_);
    ASSERT_TRUE(receive(answer("Here it is.")).done());
    EXPECT_THAT(events(main), Contains("side_answered"));
    EXPECT_EQ(threads(main)[0].thread.state, SideState::answered);
    auto next = writing();
    next.ticket = main;
    EXPECT_TRUE(by(*ann_, next).done()) << "from where it is read";
    EXPECT_EQ(ticket(ticket_).state, desk::TicketState::closed) << "a merged request is not touched";
    const auto own = queries_->own_request(customers::CustomerNo{li_}, main).value().value();
    EXPECT_THAT(own.messages, SizeIs(2)) << "the customer's own words alone";
    f().done(UnmergeTicket{.ticket = ticket_}, boss_->actor());
    EXPECT_THAT(threads(main), IsEmpty());
    EXPECT_EQ(threads(ticket_).at(0).thread.number, number);
}

TEST_P(Side, staff_find_what_was_said_and_the_customers_copy_has_none_of_it) {
    ASSERT_TRUE(by(*ann_, opening(bank(), "Please look for the quokka.")).done());
    ASSERT_TRUE(receive(answer("The wombat has it.")).done());
    const store::Database index = search_database(f().database());
    SearchIndexer indexer{f().database(), index};
    Search search{f().database(), index, 1};
    const auto found = [&](const std::string& words) {
        indexer.catch_up([] { return false; });
        std::vector<std::string> hits;
        for (const SearchHit& hit : search
                                        .ask({.words = words,
                                              .kind = {},
                                              .below = {},
                                              .limit = 25,
                                              .me = customers::StaffNo{ann_->no},
                                              .kept_from = {}})
                                        .value()
                                        .items)
            hits.push_back(fmt::format("{} {}", store::name_of(hit.kind), hit.request_number));
        return hits;
    };
    EXPECT_THAT(found("quokka"), ElementsAre("side_message " + ticket_));
    EXPECT_THAT(found("wombat"), ElementsAre("side_message " + ticket_));
    EXPECT_THAT(found("\"" + thread().number + "\""), Not(IsEmpty()));

    const auto copy = [&](CopyFor whom) {
        return boost::json::serialize(export_person(*f().connect(), li_, f().accounts(), whom, f().at()));
    };
    EXPECT_THAT(copy(CopyFor::house), AllOf(HasSubstr("wombat"), HasSubstr("quokka"), HasSubstr(bank_address)));
    const std::string own = copy(CopyFor::customer);
    EXPECT_THAT(own, AllOf(HasSubstr("heliotrope"), Not(HasSubstr("wombat")), Not(HasSubstr("quokka")),
                           Not(HasSubstr("bank.example")), Not(HasSubstr("side_mail"))));

    // Erased with the person; what comes later is a stranger's.
    f().done(SetTicketState{ticket_, "solved", ticket(ticket_).version}, ann_->actor());
    for (const AccountView& account : f().accounts()) {
        if (f().integer(fmt::format("SELECT count(*) FROM account_owner WHERE customer = {} AND account = {}", li_,
                                    account.no)) == 0)
            continue;
        if (account.posted_minor > 0) f().pay(li_, shop_, account.posted_minor, fmt::format("all {}", account.no));
        f().done(SetAccountState{account.no, "closed", "left"}, boss_->actor());
    }
    const Letter late = answer("A word too late.");
    f().done(ProposeErasure{f().fresh<customers::ErasureId>().text(), li_, "asked for it"});
    EXPECT_EQ(f().integer("SELECT count(*) FROM side_message WHERE body <> '' OR subject <> '' OR from_address <> ''"), 0);
    EXPECT_EQ(f().integer("SELECT count(*) FROM side_thread WHERE address <> '' OR subject <> ''"), 0);
    EXPECT_THAT(found("wombat"), IsEmpty());
    const Answer filed = receive(late);
    EXPECT_NE(filed.text, ticket_);
    EXPECT_THAT(said(), SizeIs(2));
    EXPECT_EQ(by(*ann_, writing()).code, "side_thread_erased");
}

INSTANTIATE_TEST_SUITE_P(Engines, Side, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
