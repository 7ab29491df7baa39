// SPDX-License-Identifier: Apache-2.0
// The world that `verify` is tried on: a row of everything.
#pragma once

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "customers/privacy.hpp"
#include "payments/schedule.hpp"
#include "service/identity_story_test.hpp"
#include "service/lock_world_test.hpp"
#include "service/short_messages.hpp"
#include "service_fixture.hpp"
#include "store/hook_store.hpp"
#include "store/ledger_store.hpp"
#include "store/side_store.hpp"

namespace okpay::service {

// What `verify` looks at, in its order.
inline constexpr std::array<std::string_view, 37> all_checks{
    "schema",         "engine",    "ledger_chain", "ledger_balances", "account_states", "locks",
    "holds",          "payments",  "exchanges",    "corrections",     "rail_calls",     "disputes",
    "money_requests", "schedules", "once_keys",    "audit_chain",     "mail_books",     "sealed_mail",
    "tickets",        "remedies",  "identity",     "object_keys",     "ticket_links",   "follows",
    "side_threads",   "faq",       "macros",       "rules",           "sorting",        "facts",
    "promises",       "webhooks",  "phones",       "mailboxes",       "incidents",      "privacy",
    "commands"};

// Requests for money that are open, paid, declined and asked of nobody; a schedule that made one, tried one and missed some.
inline void request_and_schedule(okpay::testing::ServiceFixture& f, std::int64_t li, std::int64_t zoe) {
    const auto ask = [&](std::int64_t payer, const std::string& said) {
        return f
            .done(RequestMoney{.key = said + std::to_string(f.outgoing().size()),
                               .request = f.fresh<MoneyRequestId>().text(),
                               .payee = zoe,
                               .payer = payer,
                               .payer_said = said,
                               .amount_minor = 500,
                               .currency = "CNY",
                               .memo = "Tea",
                               .expires = ms_of(f.at() + std::chrono::hours{9}),
                               .seed = "3"},
                  {ActorKind::customer, zoe})
            .text;
    };
    f.done(PayMoneyRequest{.key = "r", .request = ask(li, "li@example.org"), .payer = li, .seed = "4"},
           {ActorKind::customer, li});
    f.done(EndMoneyRequest{.request = ask(li, "li@example.org"), .customer = li, .seed = "5"}, {ActorKind::customer, li});
    ask(0, "nobody@example.org");
    ask(0, "");
    const auto schedule = [&](const std::string& key, std::int64_t minor) {
        f.done(ScheduleTransfer{.key = key,
                                .schedule = f.fresh<ScheduleId>().text(),
                                .payer = li,
                                .payee = zoe,
                                .amount_minor = minor,
                                .currency = "CNY",
                                .memo = "",
                                .first_on = payments::text_of(payments::local_day("UTC", f.at())),
                                .every = "day",
                                .times = 0,
                                .zone = "UTC"},
               {ActorKind::customer, li});
    };
    schedule("small", 100);
    schedule("too much", 900'000);
    f.pass(std::chrono::hours{24 * 6});
    f.done(RunSchedules{.occurrences_max = 50, .seed = "6"});
}

// An answer with two promises: one is kept, one is not done yet.
inline void promise_twice(okpay::testing::ServiceFixture& f, const std::string& ticket,
                          const okpay::testing::StaffMember& ann) {
    f.pass(std::chrono::minutes{1});
    f.done(ReplyToTicket{.ticket = ticket,
                         .message_id = f.fresh<MessageId>().text(),
                         .outgoing_id = f.fresh<OutgoingId>().text(),
                         .text = "We read it by noon, and answer by Friday.",
                         .state_after = "open",
                         .version = store::find_ticket(*f.connect(), ticket).value().ticket.version,
                         .figures = {},
                         .promises = {{"by noon", ms_of(f.at() + std::chrono::hours{2})},
                                      {"by Friday", ms_of(f.at() + std::chrono::hours{50})}}},
           ann.actor());
    f.done(KeepPromise{.ticket = ticket, .promise = 1}, ann.actor());
}

// One that was retired, and another of its name, written twice, that is applied.
inline void macros_of_one_name(okpay::testing::ServiceFixture& f, const std::string& ticket,
                               const okpay::testing::StaffMember& boss, const okpay::testing::StaffMember& ann) {
    const auto put = [&](std::int64_t macro, std::string english, std::int64_t version) {
        const std::string chinese = english.empty() ? "" : "您好。";
        return f
            .done(PutMacro{.macro = macro,
                           .name = "Hello",
                           .text_en = std::move(english),
                           .text_zh = chinese,
                           .state_after = "",
                           .assign = "me",
                           .person = 0,
                           .snooze_hours = 0,
                           .version = version},
                  boss.actor())
            .number;
    };
    f.done(RetireMacro{.macro = put(0, "Hello.", 0), .retired = true}, boss.actor());
    const std::int64_t macro = put(0, "Hello, {customer_name}.", 0);
    put(macro, "", 1);
    f.done(ApplyMacro{.ticket = ticket,
                      .macro = macro,
                      .macro_version = 2,
                      .version = store::find_ticket(*f.connect(), ticket).value().ticket.version},
           ann.actor());
}

// Ten who state one error code: nine are told, one was taken out.
inline void incident_of_ten(okpay::testing::ServiceFixture& f, const okpay::testing::StaffMember& ann) {
    std::string last;
    for (int place = 0; place < 10; ++place) {
        const std::string from = fmt::format("ten{}@example.org", place);
        f.customer(from, fmt::format("Ten {}", place));
        FileMail filing = f.filing(f.accept(f.raw_of({.from = from, .subject = "Error", .text = "It says E-9."})));
        filing.category = "login_security";
        filing.route = "agent";
        filing.reading = R"({"entities":{"error_codes":["E-9"]},"flags":[]})";
        last = f.done(filing).text;
    }
    f.done(RemoveFromIncident{.incident = 1, .ticket = last}, ann.actor());
    f.done(TellIncident{.incident = 1,
                        .text_en = "We are on it.",
                        .text_zh_hans = "我们正在处理。",
                        .text_zh_hant = "我們正在處理。",
                        .also = {},
                        .seed = "1"},
           ann.actor());
}

// A side thread that waits, one that was answered, and one that is closed.
inline void ask_outside(okpay::testing::ServiceFixture& f, const std::string& ticket,
                        const okpay::testing::StaffMember& boss, const okpay::testing::StaffMember& ann) {
    f.done(PutCounterparty{.counterparty = 0,
                           .kind = "bank",
                           .name = "Bank",
                           .address = "disputes@bank.example",
                           .language = "en",
                           .whole_domain = true,
                           .retired = false,
                           .version = 0},
           boss.actor());
    const auto open = [&] {
        f.pass(std::chrono::minutes{1});
        return f.ask_outside(ticket, ann, "disputes@bank.example", "Please look at it.").number;
    };
    open();
    const std::int64_t answered = open(), closed = open();
    const auto number = [&](std::int64_t no) {
        return store::find_side_thread(*f.connect(), desk::SideThreadNo{no}).value().number;
    };
    f.receive({.from = "disputes@bank.example", .subject = "Re: " + number(answered), .text = "We have it."});
    f.done(CloseSideThread{.ticket = ticket, .thread = number(closed), .version = 1}, ann.actor());
}

// One written twice that acted, one in the shadow, and skills.
inline void rules_at_work(okpay::testing::ServiceFixture& f, const std::string& ticket,
                          const okpay::testing::StaffMember& boss, const okpay::testing::StaffMember& ann) {
    const auto put = [&](std::int64_t rule, std::string name, std::int64_t version) {
        return f
            .done(PutRule{.rule = rule,
                          .name = std::move(name),
                          .when = "change",
                          .since = "opened",
                          .changes = {"assignee"},
                          .hours = 0,
                          .working_hours = false,
                          .any = false,
                          .conditions = "state\topen\n",
                          .actions = "set_urgency\tlow\n",
                          .stop = false,
                          .version = version},
                  boss.actor())
            .number;
    };
    const std::int64_t rule = put(0, "Calm", 0);
    put(rule, "Calmer", 1);
    f.done(SetRuleMode{.rule = rule, .mode = "on", .version = 2}, boss.actor());
    f.done(SetRuleMode{.rule = put(0, "Only looked at", 0), .mode = "shadow", .version = 1}, boss.actor());
    f.done(AssignTicket{.ticket = ticket, .staff = boss.no}, boss.actor());
    f.done(PutSkills{.staff = ann.no, .languages = {"en"}, .categories = {}, .level = 1, .open_max = 5, .away_until = 0},
           boss.actor());
    f.done(SetRouting{"propose"}, boss.actor());
}

// One of everything: payments of every kind and state, sealed blocks of keys, mails of every fate (one in a file of its
// own), requests, a refund by two persons and another that waits.
inline void furnish(okpay::testing::ServiceFixture& f) {
    const okpay::testing::StaffMember ann = f.staff("ann@pay.example");
    const okpay::testing::StaffMember ben = f.staff("ben@pay.example");
    const std::int64_t li = f.customer("li@example.org", "Li Wei");
    const std::int64_t zoe = f.customer("zoe@example.org", "Zoe");
    const std::int64_t shop = f.merchant("Shop");
    const Actor merchant{ActorKind::merchant, shop};
    f.top_up(li, 100'000);
    f.top_up(zoe, 100'000);
    const std::int64_t first = f.pay(li, shop, 12'850, "A-1", "A-1");
    const std::int64_t twice = f.pay(li, shop, 12'850, "A-1-2", "A-1-2");
    for (const char* key : {"open", "captured", "released"}) {
        Pay hold = f.payment(zoe, shop, 5'000, key);
        hold.manual_capture = true;
        const std::int64_t held = f.done(hold, merchant).number;
        if (std::string_view{key} == "captured") f.done(CapturePayment{"c", held, 4'000}, merchant);
        if (std::string_view{key} == "released") f.done(CancelPayment{"x", held}, merchant);
    }
    EXPECT_EQ(f.ask(f.payment(zoe, shop, 900'000, "too much")).code, "insufficient_funds");
    const okpay::testing::StaffMember boss = f.staff("boss@pay.example", "supervisor");
    const okpay::testing::StaffMember cfo = f.staff("cfo@pay.example", "supervisor");
    f.done(SetExchangeRate{"CNY", "USD", "0.1386"}, boss.actor());
    // An account that was frozen and opened, one that stays frozen on one side, and one that is closed.
    f.done(SetAccountState{f.wallet_of(li), "frozen", "a phone was stolen"}, boss.actor());
    f.done(SetAccountState{f.wallet_of(li), "open", "it was found"}, boss.actor());
    const std::int64_t max = f.customer("max@example.org", "Max");
    f.top_up(max, 700);
    f.done(SetAccountState{f.wallet_of(max), "debits_frozen", "a court asks"}, boss.actor());
    const std::int64_t gone = f.customer("gone@example.org", "Gone");
    f.done(SetAccountState{f.wallet_of(gone), "closed", "the customer left"}, boss.actor());
    // The acquirer settles, and a top-up to the wrong wallet is reversed; a third correction waits.
    const auto house = [&f](int kind) {
        return f.integer(
            fmt::format("SELECT no FROM account WHERE kind = {} AND currency = 156 AND no NOT IN "
                        "(SELECT account FROM account_owner)",
                        kind));
    };
    f.done(SetPayoutAccount{.merchant = shop,
                            .currency = "CNY",
                            .instrument = "bank ····0001",
                            .sealed_instrument = "AAAA",
                            .instrument_hash = "00",
                            .totp_code = f.totp(boss)},
           boss.actor());
    f.done(PayOutMerchant{.key = "p", .merchant = shop, .amount_minor = 5'000, .currency = "CNY", .balancing = true},
           boss.actor());
    const auto correct = [&](ProposeCorrection body, bool decide) {
        body.correction = f.fresh<CorrectionId>().text();
        body.currency = "CNY";
        body.reason = "as the bank's statement says";
        f.done(body, boss.actor());
        if (!decide) return;
        f.pass(std::chrono::seconds{30});  // a code works once
        f.done(DecideCorrection{.correction = body.correction, .approved = true, .note = "", .totp_code = f.totp(cfo)},
               cfo.actor());
    };
    const std::int64_t mistaken = f.top_up(li, 1'234);
    const std::int64_t transfer = f.integer(fmt::format("SELECT seq FROM transfer WHERE payment = {}", mistaken));
    const std::int64_t bank = house(3), fees = house(4);
    correct({.debit = f.wallet_of(li), .credit = bank, .amount_minor = 1'234, .reverses = transfer}, true);
    correct({.debit = fees, .credit = bank, .amount_minor = 10}, true);
    correct({.debit = fees, .credit = bank, .amount_minor = 20}, false);
    f.done(ExchangeMoney{.key = "x",
                         .customer = zoe,
                         .amount_minor = 10'000,
                         .from = "CNY",
                         .to = "USD",
                         .expected_minor = 1'386},
           {ActorKind::customer, zoe});
    const auto outside = [&](const std::string& key, std::int64_t minor) {
        return RailRequest{.key = key,
                           .customer = zoe,
                           .amount_minor = minor,
                           .currency = "CNY",
                           .instrument = "bank ····6819",
                           .sealed_instrument = "AAAA",
                           .instrument_hash = "00"};
    };
    f.done(Withdraw{outside("under way", 2'000)}, {ActorKind::customer, zoe});
    const std::int64_t arrived = f.done(CollectTopUp{outside("arrived", 3'000)}, {ActorKind::customer, zoe}).number;
    Pay by_card = f.payment(zoe, shop, 4'200, "by card");
    by_card.instrument = "card ····4242";
    by_card.sealed_instrument = "AAAA";
    by_card.instrument_hash = "00";
    const std::int64_t charged = f.done(by_card, merchant).number;
    f.done(TakeRailCalls{.calls_max = 9, .seed = "1"});
    f.done(ReportRail{.payment = arrived, .word = "done", .rail_reference = "R", .detail = "", .seed = "2"});
    f.done(ReportRail{.payment = charged, .word = "done", .rail_reference = "R2", .detail = "", .seed = "8"});

    const okpay::testing::Letter letter{.from = "li@example.org",
                                        .subject = "Charged twice",
                                        .text = "Charged twice for A-1, CNY 128.50 each."};
    const Answer opened = f.receive(letter);
    EXPECT_TRUE(f.receive(letter).done());  // the same octets: a duplicate
    f.receive({.from = "stranger@example.net", .subject = "Hello", .text = "How do I open an account?", .proven = false});
    const Answer story =
        f.receive({.from = "zoe@example.org", .subject = "A long story", .text = std::string(100'000, 'z')});
    promise_twice(f, story.text, ann);
    macros_of_one_name(f, story.text, boss, ann);
    f.done(AddNote{.ticket = story.text,
                   .message_id = f.fresh<MessageId>().text(),
                   .text = "@ben, look.",
                   .mentions = {ben.no}},
           ann.actor());
    f.done(FollowTicket{story.text}, ann.actor());
    rules_at_work(f, story.text, boss, ann);
    f.done(SortTicket{.ticket = opened.text,
                      .category = "duplicate_charge",
                      .urgency = "high",
                      .team = "risk_team",
                      .language = "en",
                      .message_id = f.fresh<MessageId>().text(),
                      .version = store::find_ticket(*f.connect(), opened.text).value().ticket.version},
           ann.actor());
    f.done(ImportFaq{{{{.slug = "fees",
                        .language = "en",
                        .category = "fees_limits",
                        .title = "What does it cost?",
                        .body = "Nothing.",
                        .questions = {}},
                       false}}});
    FileMail asked =
        f.filing(f.accept(f.raw_of({.from = "zoe@example.org", .subject = "Fees", .text = "What are your fees?"})));
    asked.faq_slug = "fees";
    asked.answer_message_id = f.fresh<MessageId>().text();
    f.done(asked);
    f.done(QuarantineMail{f.accept("not a mail"), "reading it ended the sandbox twice"});
    f.accept("From: <late@example.org>\r\n\r\nwaits\r\n");
    const auto propose = [&](std::int64_t payment, std::int64_t twin) {
        const std::string id = f.fresh<RemedyId>().text();
        f.done(ProposeRefund{.ticket = opened.text,
                             .remedy_id = id,
                             .payment = payment,
                             .duplicate_of = twin,
                             .amount_minor = 12'850,
                             .currency = "CNY",
                             .expected_refundable = 12'850,
                             .reason = "duplicate",
                             .note = "",
                             .evidence = ""},
               ann.actor());
        return id;
    };
    f.done(ApproveRemedy{.remedy_id = propose(twice, first),
                         .totp_code = f.totp(ben),
                         .message_id = f.fresh<MessageId>().text(),
                         .outgoing_id = f.fresh<OutgoingId>().text()},
           ben.actor());
    propose(first, 0);
    f.done(AddNote{.ticket = opened.text, .message_id = f.fresh<MessageId>().text(), .text = "Looks right."}, ben.actor());
    f.done(LinkTickets{.ticket = opened.text, .other = story.text, .kind = "related", .reason = "one evening"}, ben.actor());
    request_and_schedule(f, li, zoe);
    lock_and_release(f, li, zoe, ann, boss);
    okpay::testing::furnish_identities(f, {li, zoe, max});
    // The holder of the card has it taken back.
    f.pass(std::chrono::seconds{30});
    f.done(ReportDispute{.dispute = f.fresh<DisputeId>().text(),
                         .payment = charged,
                         .reference = "CB-1",
                         .stage = "chargeback",
                         .status = "needs_response",
                         .reason = "not_received",
                         .amount_minor = 4'200,
                         .currency = "CNY",
                         .due = ms_of(f.at() + std::chrono::hours{240}),
                         .totp_code = f.totp(boss)},
           boss.actor());
    // A web hook, and what did not arrive there.
    const std::int64_t hook =
        f.done(CreateHook{.endpoint = f.fresh<store::HookEndpointId>().text(),
                          .url = "https://shop.example/h",
                          .events = {},
                          .sealed_secret = base64_of(f.context().keyring().seal(Bytes(payments::hook_secret_octets, 's'),
                                                                                store::hook_secret_purpose)),
                          .totp_code = ""},
               merchant)
            .number;
    f.done(ReportHookTry{.endpoint = hook,
                         .source = static_cast<std::int64_t>(store::HookSource::payment),
                         .position = first,
                         .object = first,
                         .type = "payment.succeeded",
                         .happened = ms_of(f.at()),
                         .payments = 0,
                         .events = 0,
                         .outcome = "failed",
                         .status = 500,
                         .error = "",
                         .random = 0});
    // A telephone number that stands, and another that waits for its code.
    const auto ask_phone = [&f](std::int64_t customer, const std::string& number) {
        const auto change = f.fresh<customers::ChangeId>();
        f.done(AskPhone{.change = change.text(), .customer = customer, .number = number, .session = 0, .seed = number},
               {ActorKind::customer, customer});
        return phone_code_digits_of(f.context(), change, 1);
    };
    f.done(ConfirmPhone{.customer = zoe, .code = ask_phone(zoe, "+86 138 0013 8000"), .seed = "confirmed"},
           {ActorKind::customer, zoe});
    ask_phone(li, "+49 1512 3456789");
    // A mail that came back, another that is tried on, and one that is not sent for it.
    const auto to = [&f](const std::string& address) {
        const auto mails = f.outgoing();
        const auto found = std::find_if(mails.rbegin(), mails.rend(),
                                        [&](const store::OutgoingRow& row) { return row.recipient == address; });
        return *found;
    };
    const auto bounce = [&f](const std::string& raw) { f.done(f.filing(f.accept(raw, ""))); };
    bounce(okpay::testing::ServiceFixture::bounce_of(to("stranger@example.net"), "5.1.1"));
    bounce(okpay::testing::ServiceFixture::bounce_of(to("zoe@example.org"), "4.4.1", "delayed"));
    f.receive({.from = "stranger@example.net", .subject = "Hello", .text = "How do I close an account?", .proven = false});
    ask_outside(f, opened.text, boss, ann);
    // A hosted mailbox with a mail that was taken and one that was given up.
    const Answer mailbox = f.done(OpenMailbox{.name = "support", .uid_validity = 7, .uid_next = 3, .take_old = false});
    auto fetched = seal_mail(f.context().keyring(), &f.blobs(),
                             {.channel = "imap", .peer = "support", .mail_from = "", .recipients = {}},
                             okpay::testing::ServiceFixture::raw_of(
                                 {.from = "ana@example.net", .subject = "Hello", .text = "How do I open an account?"}),
                             0);
    fetched->mail = f.fresh<MailId>().text();
    TakeFromMailbox take{
        .mailbox = mailbox.number, .walk = 1, .uid = 3, .what = "whole", .received = ms_of(f.at()), .mail = {}};
    take.mail = *std::move(fetched);
    f.done(f.filing(f.done(take).number));
    f.done(TakeFromMailbox{.mailbox = mailbox.number, .walk = 1, .uid = 4, .what = "given_up", .received = 0, .mail = {}});
    incident_of_ten(f, ann);
    // Somebody who left is erased; a court keeps what there is of another.
    const std::int64_t dollars = f.integer(fmt::format("SELECT max(account) FROM account_owner WHERE customer = {}", gone));
    f.done(SetAccountState{dollars, "closed", "the customer left"}, boss.actor());
    f.done(ProposeErasure{f.fresh<customers::ErasureId>().text(), gone, "asked for it"});
    f.done(PlaceLegalHold{li, "a court asks"});
    f.stop();

    // Keys are sealed after a quarter of a million payments; here after forty.
    const auto connection = f.connect(store::Access::writer);
    Books books{*connection, {.once_run_payments = 40}};
    for (int i = 0; i < 10'000 && store::cursor(*connection, "once_payments") == 0; ++i) {
        store::Transaction transaction{*connection};
        const Command command =
            f.command(f.payment(zoe, shop, 1, fmt::format("small {}", i), fmt::format("S-{}", i)), merchant);
        EXPECT_TRUE(execute(books, f.context(), command).done());
        books.finish_batch();
        if (i % 100 == 99) books.write_back_all();
        ASSERT_TRUE(transaction.commit());
    }
    store::Transaction transaction{*connection};
    books.write_back_all();
    ASSERT_TRUE(transaction.commit());
    ASSERT_GT(store::cursor(*connection, "once_payments"), 0);
}

}  // namespace okpay::service
