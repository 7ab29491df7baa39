// SPDX-License-Identifier: Apache-2.0
// Macros on both engines: written by who may, filled in from the facts of a request, done whole or not at all. After each
// test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/lifecycle.hpp"
#include "payments/payment_ref.hpp"
#include "service/queries.hpp"
#include "service/traditional.hpp"
#include "service_fixture.hpp"
#include "store/macro_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using desk::Language;
using desk::TicketState;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Macros : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        boss_ = f().staff("boss@pay.example", "supervisor");
        ann_ = f().staff("ann@pay.example");
        auditor_ = f().staff("audit@pay.example", "auditor");
        li_ = f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    static PutMacro hello() {
        return {.macro = 0,
                .name = "Hello",
                .text_en = "Hello {customer_name}.",
                .text_zh = "{customer_name}，您好。",
                .state_after = "",
                .assign = "",
                .person = 0,
                .snooze_hours = 0,
                .version = 0};
    }
    static PutMacro acting(std::string state, std::string assign, std::int64_t snooze) {
        PutMacro body = hello();
        body.name = "Acting";
        body.text_en = body.text_zh = "";
        body.state_after = std::move(state);
        body.assign = std::move(assign);
        body.snooze_hours = snooze;
        return body;
    }
    Answer put(PutMacro body) { return f().ask(std::move(body), boss_->actor()); }
    std::int64_t written(PutMacro body) { return f().done(std::move(body), boss_->actor()).number; }

    std::string write(std::string text = "Where is the receipt I asked for?", std::string from = "li@example.org") {
        f().pass(minutes{1});
        const std::string subject = "Question " + std::to_string(++written_);  // the same octets would be one mail
        text += std::string(static_cast<std::size_t>(written_), '\n') + "Thank you" +
                std::string(static_cast<std::size_t>(written_), '!');
        return f().receive({.from = std::move(from), .subject = subject, .text = std::move(text)}).text;
    }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    Answer apply(const std::string& number, std::int64_t macro, std::int64_t version = 1) {
        return f().ask(
            ApplyMacro{.ticket = number, .macro = macro, .macro_version = version, .version = ticket(number).version},
            ann_->actor());
    }
    ReplyToTicket reply(const std::string& number, std::int64_t macro, std::string after = "pending_customer") {
        return {.ticket = number,
                .message_id = f().fresh<MessageId>().text(),
                .outgoing_id = f().fresh<OutgoingId>().text(),
                .text = "Hello, we look at it.",
                .state_after = std::move(after),
                .version = ticket(number).version,
                .figures = {},
                .promises = {},
                .macro = macro,
                .macro_version = 1};
    }
    Result<MacroPreview, MacroRefusal> preview(const std::string& number, std::int64_t macro,
                                               std::optional<PaymentId> payment = std::nullopt) {
        return queries_
            ->macro_preview({.ticket = number, .macro = macro, .payment = payment, .agent = customers::StaffNo{ann_->no}})
            .value();
    }
    std::string refused_preview(const std::string& number, std::int64_t macro,
                                std::optional<PaymentId> payment = std::nullopt) {
        const auto found = preview(number, macro, payment);
        return found ? "shown: " + found->text : found.error().code;
    }
    PaymentId id_of(std::int64_t payment) { return queries_->payment(payment).value().value().payment.id; }
    std::vector<std::string> events(const std::string& number) {
        std::vector<std::string> kinds;
        const auto detail = queries_->ticket_detail(number).value().value();
        for (const EventView& event : detail.events) kinds.push_back(event.kind);
        return kinds;
    }
    std::optional<store::SnoozeRow> snooze(const std::string& number) {
        return store::find_snooze(*f().connect(), ticket(number).no);
    }
    std::int64_t audits(std::string_view action) {
        return f().connect()->integer("SELECT count(*) FROM audit WHERE action = $1", {action}).value_or(0);
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> boss_, ann_, auditor_;
    std::int64_t li_ = 0, written_ = 0;
    std::unique_ptr<Queries> queries_;
};
INSTANTIATE_TEST_SUITE_P(BothEngines, Macros, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& info) { return info.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

TEST_P(Macros, each_version_is_kept_and_says_who_wrote_it) {
    const std::int64_t no = written(hello());
    PutMacro second = hello();
    second.macro = no;
    second.text_en = "Good day {customer_name}.";
    EXPECT_EQ(put(second).code, "macro_changed") << "version 0 was not what stands there";
    second.version = 1;
    EXPECT_EQ(written(second), no);
    second.version = 2;
    EXPECT_EQ(written(second), no) << "it says the same";
    const MacroView view = queries_->macro(no).value().value();
    ASSERT_THAT(view.history, SizeIs(2));
    EXPECT_EQ(view.row.version, 2);
    EXPECT_EQ(view.history[1].row.written.text_en, "Hello {customer_name}.");
    EXPECT_EQ(view.history[0].row.staff, customers::StaffNo{boss_->no});
    EXPECT_EQ(audits("put_macro"), 2);
    second.macro = 77;
    EXPECT_EQ(put(second).code, "not_found");
}

TEST_P(Macros, supervisors_write_them_and_agents_do_not) {
    EXPECT_EQ(f().ask(hello(), ann_->actor()).code, "not_permitted");
    const std::int64_t no = written(acting("", "me", 0));
    EXPECT_EQ(f().ask(RetireMacro{no, true}, ann_->actor()).code, "not_permitted");
    const std::string number = write();
    const ApplyMacro one{.ticket = number, .macro = no, .macro_version = 1, .version = ticket(number).version};
    EXPECT_EQ(f().ask(one, auditor_->actor()).code, "not_permitted");
    EXPECT_EQ(f().ask(one, boss_->actor()).code, "");
}

TEST_P(Macros, what_they_may_not_say_is_refused_with_the_place) {
    PutMacro body = hello();
    body.text_zh = "退还五十元。";
    const Answer amount = put(body);
    EXPECT_EQ(amount.code, "macro_says_amount");
    EXPECT_THAT(amount.detail, HasSubstr("text_zh"));
    body = hello();
    body.text_en = "{customer}";
    EXPECT_THAT(put(body).detail, HasSubstr("{customer_name}")) << "those that there are";
    EXPECT_EQ(put(body).code, "invalid");
    EXPECT_EQ(put(acting("gone", "", 0)).code, "invalid");
    EXPECT_EQ(put(acting("", "everybody", 0)).code, "invalid");
    PutMacro person = acting("", "person", 0);
    person.person = 77;
    EXPECT_EQ(put(person).code, "assignee_inactive");
    EXPECT_EQ(audits("put_macro"), 0);
}

TEST_P(Macros, a_name_stands_once_among_those_in_use) {
    const std::int64_t first = written(hello());
    PutMacro same = hello();
    same.name = "HELLO";
    EXPECT_EQ(put(same).code, "macro_name_taken");
    f().done(RetireMacro{first, true}, boss_->actor());
    written(same);
    EXPECT_EQ(f().ask(RetireMacro{first, false}, boss_->actor()).code, "macro_name_taken");
    EXPECT_TRUE(f().done(RetireMacro{first, true}, boss_->actor()).replayed);
    PutMacro old = hello();
    old.macro = first;
    old.version = 1;
    EXPECT_EQ(put(old).code, "macro_retired");
    EXPECT_EQ(f().ask(RetireMacro{77, true}, boss_->actor()).code, "not_found");
    EXPECT_EQ(audits("retire_macro"), 1);
}

TEST_P(Macros, there_is_a_most_of_them_and_a_retired_one_makes_room) {
    PutMacro body = acting("", "me", 0);
    std::int64_t last = 0;
    for (std::int64_t n = 0; n < desk::macros_max; ++n) {
        body.name = "number " + std::to_string(n);
        last = written(body);
    }
    EXPECT_EQ(put(hello()).code, "too_many_macros");
    body.macro = last;
    body.version = 1;
    body.assign = "nobody";
    written(body);  // writing on one that there is makes none more
    f().done(RetireMacro{last, true}, boss_->actor());
    written(hello());
    EXPECT_EQ(f().ask(RetireMacro{last, false}, boss_->actor()).code, "too_many_macros");
}

TEST_P(Macros, a_text_is_filled_in_in_the_language_of_the_customer_and_nothing_changes) {
    const std::int64_t no = written(hello());
    const std::string english = write();
    const std::string chinese = write("您好，请问怎么下载对账单？谢谢！");
    const std::string traditional = write("您好，請問怎麼下載對帳單？謝謝！");
    const std::int64_t before = f().integer("SELECT count(*) FROM audit");
    EXPECT_EQ(preview(english, no).value().text, "Hello Li Wei.");
    EXPECT_EQ(preview(chinese, no).value().text, "Li Wei，您好。");
    EXPECT_EQ(preview(traditional, no).value().language, Language::zh_hant);
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit"), before);
    EXPECT_EQ(refused_preview(english, 77), "not_found");
    EXPECT_EQ(refused_preview("OK-0000000", no), "not_found");
    f().done(RetireMacro{no, true}, boss_->actor());
    EXPECT_EQ(refused_preview(english, no), "macro_retired");
}

TEST_P(Macros, traditional_chinese_is_made_of_the_simplified_text_and_not_of_names) {
    if (traditional_of("软件").empty()) GTEST_SKIP() << "OpenCC's data are not installed";
    PutMacro body = hello();
    body.text_zh = "{customer_name}，我们正在核实您的账户。";
    const std::int64_t no = written(body);
    f().customer("wang@example.org", "王实");
    const std::string text = preview(write("您好，請問怎麼下載對帳單？謝謝！", "wang@example.org"), no).value().text;
    EXPECT_THAT(text, HasSubstr("王实，我們正在核實您的帳戶"));
}

TEST_P(Macros, a_stranger_is_told_no_name) {
    const std::int64_t no = written(hello());
    EXPECT_EQ(preview(write("Where is the receipt?", "who@elsewhere.example"), no).value().text, "Hello customer.");
}

TEST_P(Macros, a_payment_is_bound_and_the_answer_is_held_to_the_rule) {
    const std::int64_t shop = f().merchant("Shop");
    const std::int64_t zoe = f().customer("zoe@example.org", "Zoe");
    for (const std::int64_t customer : {li_, zoe}) f().top_up(customer, 50'000);
    const std::int64_t own = f().pay(li_, shop, 12'850, "A");
    const std::int64_t others = f().pay(zoe, shop, 999, "B");
    PutMacro body = hello();
    body.text_en = "{merchant_name} took {payment_amount} ({payment_reference}).";
    body.text_zh = "{payment_amount}";
    const std::int64_t no = written(body);
    const std::string number = write();
    EXPECT_EQ(refused_preview(number, no), "macro_needs_payment");
    EXPECT_EQ(refused_preview(number, no, id_of(others)), "unbound_amount");
    const MacroPreview shown = preview(number, no, id_of(own)).value();
    EXPECT_THAT(shown.text, HasSubstr("Shop took CNY 128.50 (pay_"));
    EXPECT_EQ(shown.figure, id_of(own));

    ReplyToTicket sent = reply(number, no);
    sent.text = shown.text;
    EXPECT_EQ(f().ask(sent, ann_->actor()).code, "unbound_amount") << "without its figure";
    sent.figures = {own};
    EXPECT_EQ(f().ask(sent, ann_->actor()).code, "");
}

TEST_P(Macros, what_names_a_payment_goes_to_the_registered_address_or_nowhere) {
    const std::int64_t shop = f().merchant("Shop");
    f().top_up(li_, 50'000);
    const std::int64_t own = f().pay(li_, shop, 12'850, "A");
    PutMacro body = hello();
    body.text_en = "{merchant_name} has your payment {payment_reference}.";
    body.text_zh = "我们收到了。";
    const std::int64_t no = written(body);
    const std::string number = write();
    f().run("UPDATE ticket SET party_address = 'li@elsewhere.example' WHERE request_number = '" + number + "'");
    ReplyToTicket sent = reply(number, no);
    sent.text = preview(number, no, id_of(own)).value().text;
    const std::size_t mails = f().outgoing().size();
    EXPECT_EQ(f().ask(sent, ann_->actor()).code, "macro_needs_payment") << "it says no amount, and is bound to nothing";
    EXPECT_THAT(f().outgoing(), SizeIs(mails));
    sent.macro = sent.macro_version = 0;  // left out: the reference alone holds it
    EXPECT_EQ(f().ask(sent, ann_->actor()).code, "");
    EXPECT_EQ(f().outgoing().back().recipient, "li@example.org");
    EXPECT_EQ(f().ask(reply(number, 0), ann_->actor()).code, "");
    EXPECT_EQ(f().outgoing().back().recipient, "li@elsewhere.example") << "what names none goes to who wrote";

    const std::string chinese = write("您好，请问怎么下载对账单？谢谢！");
    EXPECT_EQ(f().ask(reply(chinese, no), ann_->actor()).code, "") << "in this language it names none";
    const std::string quoting = write("Where is my payment " + payments::text_of(id_of(own)) + "?");
    f().run("UPDATE ticket SET party_address = 'li@elsewhere.example' WHERE request_number = '" + quoting + "'");
    ReplyToTicket echo = reply(quoting, 0);
    echo.text = sent.text;
    EXPECT_EQ(f().ask(echo, ann_->actor()).code, "");
    EXPECT_EQ(f().outgoing().back().recipient, "li@elsewhere.example") << "who wrote named it";
}

TEST_P(Macros, what_is_read_as_an_amount_today_is_no_fault_of_an_old_version) {
    const std::int64_t no = written(hello());
    PutMacro second = hello();
    second.macro = no;
    second.version = 1;
    second.text_en = "Good day.";
    written(second);
    // The engine itself refuses to change a version; somebody at the files would not ask it.
    f().run(GetParam() == store::Engine::postgres ? "DROP TRIGGER macro_version_UPDATE_refused ON macro_version"
                                                  : "DROP TRIGGER macro_version_UPDATE_refused");
    f().run("UPDATE macro_version SET text_en = 'You get CNY 5.' WHERE version = 1");
    EXPECT_THAT(f().faults(), IsEmpty());
    f().run("UPDATE macro_version SET text_en = 'You get CNY 5.' WHERE version = 2");
    EXPECT_THAT(f().faults(), Contains(HasSubstr("CNY 5")));
    f().done(RetireMacro{no, true}, boss_->actor());
    EXPECT_THAT(f().faults(), IsEmpty());
    EXPECT_EQ(f().ask(RetireMacro{no, false}, boss_->actor()).code, "macro_says_amount");
}

TEST_P(Macros, retired_ones_are_counted_too_and_the_newest_versions_are_shown) {
    PutMacro body = hello();
    const std::int64_t no = written(body);
    const std::int64_t more = desk::macros_ever_max - 2;
    const std::string rows =
        "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(999 + more) + ") ";
    f().run("INSERT INTO macro (no, version, updated, updated_by, retired) " + rows +
            "SELECT n.i, 1, m.updated, m.updated_by, 1 FROM n, macro m WHERE m.no = 1");
    f().run("INSERT INTO macro_version (no, macro, version, name, text_en, text_zh, assign, snooze_hours, at, staff) " +
            rows +
            "SELECT n.i, n.i, 1, v.name, v.text_en, v.text_zh, 0, 0, v.at, v.staff FROM n, macro_version v WHERE v.no = 1");
    PutMacro last = hello();
    last.name = "Last";
    written(last);
    last.name = "One too many";
    EXPECT_EQ(put(last).code, "too_many_macros");
    EXPECT_THAT(queries_->macros().value(), SizeIs(static_cast<std::size_t>(desk::macros_ever_max)));

    body.macro = no;
    for (body.version = 1; body.version <= desk::macro_versions_shown_max; ++body.version) {
        body.text_en = "Hello, this is wording " + std::string(static_cast<std::size_t>(body.version), 'a') + ".";
        written(body);
    }
    const MacroView view = queries_->macro(no).value().value();
    ASSERT_THAT(view.history, SizeIs(static_cast<std::size_t>(desk::macro_versions_shown_max)));
    EXPECT_EQ(view.history.front().row.version, desk::macro_versions_shown_max + 1);
    EXPECT_EQ(view.history.back().row.version, 2);
}

TEST_P(Macros, a_name_that_would_be_read_as_an_amount_is_never_filled_in) {
    const std::int64_t shop = f().merchant("Shop");
    f().top_up(li_, 50'000);
    const std::int64_t own = f().pay(li_, shop, 100, "A");
    f().run("UPDATE staff SET name = '5,000' WHERE no = " + std::to_string(ann_->no));
    PutMacro body = hello();
    body.text_en = "We refund {agent_name} for {payment_reference}.";
    const std::int64_t no = written(body);
    EXPECT_EQ(refused_preview(write(), no, id_of(own)), "unbound_amount");
}

TEST_P(Macros, a_macro_without_an_answer_is_applied_whole_or_not_at_all) {
    const std::string number = write();
    const std::int64_t no = written(acting("pending_customer", "me", 48));
    const std::int64_t before = ticket(number).version;
    EXPECT_EQ(apply(number, no).code, "");
    EXPECT_EQ(ticket(number).state, TicketState::pending_customer);
    EXPECT_EQ(ticket(number).assignee, customers::StaffNo{ann_->no});
    EXPECT_EQ(ticket(number).version, before + 1);
    ASSERT_TRUE(snooze(number));
    EXPECT_EQ(snooze(number)->until, f().at() + hours{48});
    EXPECT_THAT(events(number), Contains("macro_applied"));
    EXPECT_EQ(audits("apply_macro"), 1);

    // Past the clock of the first reply, 24 h: then it is not assigned either.
    const std::string other = write();
    const std::int64_t late = written([] {
        PutMacro body = acting("", "me", 48);
        body.name = "Late";
        return body;
    }());
    EXPECT_EQ(apply(other, late).code, "snooze_past_clock");
    EXPECT_EQ(ticket(other).assignee, std::nullopt);
    EXPECT_THAT(events(other), Not(Contains("macro_applied")));
}

TEST_P(Macros, a_request_that_only_sleeps_keeps_its_version) {
    const std::string number = write();
    const std::int64_t before = ticket(number).version;
    EXPECT_EQ(apply(number, written(acting("", "", 3))).code, "");
    EXPECT_TRUE(snooze(number));
    EXPECT_EQ(ticket(number).version, before);
}

TEST_P(Macros, it_is_applied_as_it_was_seen_to_a_request_as_it_was_seen) {
    const std::string number = write();
    const std::int64_t no = written(acting("open", "nobody", 0));
    const ApplyMacro old{.ticket = number, .macro = no, .macro_version = 1, .version = ticket(number).version - 1};
    EXPECT_EQ(f().ask(old, ann_->actor()).code, "ticket_changed");
    EXPECT_EQ(apply(number, no, 2).code, "macro_changed");
    EXPECT_EQ(apply(number, 77).code, "not_found");
    EXPECT_EQ(apply(number, written(hello())).code, "macro_writes");
    const ApplyMacro nowhere{.ticket = "OK-0000000", .macro = no, .macro_version = 1, .version = 1};
    EXPECT_EQ(f().ask(nowhere, ann_->actor()).code, "not_found");
    f().done(RetireMacro{no, true}, boss_->actor());
    EXPECT_EQ(apply(number, no).code, "macro_retired");
    EXPECT_EQ(ticket(number).state, TicketState::fresh);
    f().done(RetireMacro{no, false}, boss_->actor());
    EXPECT_EQ(apply(number, no).code, "");
    EXPECT_EQ(ticket(number).state, TicketState::open);
    EXPECT_EQ(apply(number, no).code, "") << "where it is there already";
}

TEST_P(Macros, a_reply_does_it_in_its_own_commit) {
    const std::string number = write();
    PutMacro body = hello();
    body.assign = "person";
    body.person = boss_->no;
    body.snooze_hours = 72;
    const std::int64_t no = written(body);
    const std::size_t mails = f().outgoing().size();
    EXPECT_EQ(f().ask(reply(number, no, "solved"), ann_->actor()).code, "state_not_allowed") << "what is solved is awake";
    ReplyToTicket promising = reply(number, no);
    promising.text = "Hello, we write by noon.";
    promising.promises = {{"by noon", ms_of(f().at() + hours{24})}};
    EXPECT_EQ(f().ask(promising, ann_->actor()).code, "snooze_past_clock") << "not past what the same answer promises";
    ReplyToTicket older = reply(number, no);
    older.macro_version = 2;
    EXPECT_EQ(f().ask(older, ann_->actor()).code, "macro_changed");
    EXPECT_THAT(f().outgoing(), SizeIs(mails)) << "nothing was sent";
    EXPECT_EQ(ticket(number).assignee, std::nullopt);

    EXPECT_EQ(f().ask(reply(number, no), ann_->actor()).code, "");
    EXPECT_THAT(f().outgoing(), SizeIs(mails + 1));
    EXPECT_EQ(ticket(number).assignee, customers::StaffNo{boss_->no}) << "and not who wrote";
    EXPECT_EQ(snooze(number)->until, f().at() + hours{72});
    EXPECT_THAT(events(number), Contains("macro_applied"));
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'reply' AND detail LIKE '%\"macro\"%'"), 1);
}

TEST_P(Macros, who_no_longer_works_here_gets_nothing) {
    const std::string number = write();
    PutMacro body = acting("", "person", 0);
    body.person = boss_->no;
    const std::int64_t no = written(body);
    const StaffMember chief = f().staff("chief@pay.example", "supervisor");
    f().run("UPDATE staff SET disabled = 1 WHERE no = " + std::to_string(boss_->no));
    EXPECT_EQ(apply(number, no).code, "assignee_inactive");
    body.macro = no;
    body.version = 1;
    EXPECT_EQ(f().ask(body, chief.actor()).code, "assignee_inactive");
    EXPECT_EQ(ticket(number).assignee, std::nullopt);
}

}  // namespace
}  // namespace okpay::service
