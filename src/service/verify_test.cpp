// SPDX-License-Identifier: Apache-2.0
// `verify` is worth what it notices: each check is shown one thing changed behind the program's back, and must name it.
// The world that is damaged holds a row of everything (verify_world_test.hpp); every case starts from a fresh copy of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "service/verify_world_test.hpp"

namespace okpay::service {
namespace {

using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using store::CheckReport;
using store::Engine;
using ::testing::Contains;
using ::testing::IsEmpty;

std::vector<std::string> failing(const std::vector<CheckReport>& reports) {
    std::vector<std::string> names;
    for (const CheckReport& report : reports) {
        if (report.faults_found > 0) names.push_back(report.name);
    }
    return names;
}

// Copies of the SQLite world, damaged at will.
class Verify : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        world_ = std::make_unique<ServiceFixture>(Engine::sqlite);
        furnish(*world_);
        world_->run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    static void TearDownTestSuite() { world_.reset(); }

    Verify() {
        std::filesystem::copy(world_->directory(), copy_.path(), std::filesystem::copy_options::recursive);
        database_ = {Engine::sqlite, (copy_.path() / "okpay.db").string()};
    }
    // The triggers that keep ledger and audit unchanged, and the foreign keys, would stop the test's hand.
    void damage(const std::string& sql) {
        constexpr std::array<std::string_view, 22> kept{
            "sorting_UPDATE",       "transfer_UPDATE",        "transfer_DELETE",      "audit_UPDATE",
            "audit_DELETE",         "account_event_UPDATE",   "account_event_DELETE", "lock_event_UPDATE",
            "lock_event_DELETE",    "identity_review_UPDATE", "identity_view_DELETE", "faq_version_DELETE",
            "macro_version_UPDATE", "macro_version_DELETE",   "note_mention_UPDATE",  "incident_step_DELETE",
            "incident_text_DELETE", "incident_told_UPDATE",   "rule_version_UPDATE",  "rule_version_DELETE",
            "rule_firing_UPDATE",   "rule_firing_DELETE"};
        std::string script = "PRAGMA foreign_keys=OFF; ";
        for (const std::string_view one : kept) script += fmt::format("DROP TRIGGER IF EXISTS {}_refused; ", one);
        store::open(database_, store::Access::writer)->run_script(script + sql);
    }
    [[nodiscard]] std::vector<CheckReport> verify(
        std::optional<std::pair<std::int64_t, Hash256>> head = std::nullopt) const {
        return store::verify(*store::open(database_, store::Access::reader),
                             {.blobs = store::BlobStore{copy_.path() / "blobs"},
                              .keyring = &world_->context().keyring(),
                              .head = head});
    }
    std::int64_t integer(std::string_view sql) const {
        return store::open(database_, store::Access::reader)->integer(sql).value_or(0);
    }

    static std::unique_ptr<ServiceFixture> world_;
    okpay::testing::TemporaryDirectory copy_;
    store::Database database_;
};
std::unique_ptr<ServiceFixture> Verify::world_;

TEST_F(Verify, finds_no_fault_where_there_is_none_and_looks_at_everything) {
    const std::vector<CheckReport> reports = verify();
    EXPECT_THAT(okpay::testing::faults_in(reports), IsEmpty());
    std::vector<std::string_view> names;
    for (const CheckReport& report : reports) {
        names.push_back(report.name);
        EXPECT_GT(report.looked_at, 0) << report.name;
    }
    EXPECT_THAT(names, ::testing::ElementsAreArray(all_checks));
}

struct Damage {
    std::string_view what;
    std::string_view check;  // must notice
    std::string_view sql;
    std::vector<std::string_view> also{};  // notice too, because the row stands in their figures
};
// So that a failing case is found by its words.
std::ostream& operator<<(std::ostream& to, const Damage& damage) { return to << damage.what; }

class VerifyNotices : public Verify, public ::testing::WithParamInterface<Damage> {};

TEST_P(VerifyNotices, and_names_the_check) {
    const Damage& damage = GetParam();
    this->damage(std::string{damage.sql});
    const std::vector<CheckReport> reports = verify();
    const std::vector<std::string> names = failing(reports);
    const std::string all = ::testing::PrintToString(okpay::testing::faults_in(reports));
    EXPECT_THAT(names, Contains(damage.check)) << all;
    for (const std::string& name : names) {
        EXPECT_TRUE(name == damage.check || std::ranges::find(damage.also, name) != damage.also.end()) << all;
    }
}

const std::vector<Damage> damages{
    {"payment_while_a_lock_stood", "locks",
     "UPDATE lock_event SET ledger_seq = (SELECT min(ledger_seq) FROM lock_event) WHERE no <= 2; UPDATE lock_event SET "
     "ledger_seq = (SELECT max(seq) FROM transfer) WHERE no >= 2"},
    {"lock_that_nobody_placed", "locks", "UPDATE lock_event SET actor = '' WHERE no = 1"},
    {"lock_without_a_reason", "locks", "UPDATE customer_lock SET reason = '' WHERE no = 1"},
    {"lock_that_ended_silently", "locks", "UPDATE customer_lock SET state = 2, ended = 1 WHERE no = 4"},
    {"lock_event_that_is_missing", "locks", "DELETE FROM lock_event WHERE no = 2"},
    {"standing_without_a_lock", "locks", "UPDATE customer SET standing = 2 WHERE no = 1"},
    {"release_by_one_person", "locks", "UPDATE lock_release SET decider = proposer WHERE state = 2"},
    {"release_that_nobody_proposed", "locks", "DELETE FROM lock_release WHERE state = 2"},
    {"lock_of_an_unknown_scope", "locks", "UPDATE customer_lock SET scope = 77 WHERE no = 1"},
    {"request_linked_to_itself", "ticket_links", "UPDATE ticket_link SET other = ticket"},
    {"link_of_no_kind", "ticket_links", "UPDATE ticket_link SET kind = 9"},
    {"merge_that_nobody_can_take_back", "ticket_links", "UPDATE ticket_link SET kind = 4"},
    {"request_that_sleeps_for_ever", "ticket_links",
     "INSERT INTO ticket_snooze (ticket, until, staff, at) VALUES (1, 9223372036854775807, 1, 1)"},
    {"message_split_off_into_its_own_request", "ticket_links",
     "INSERT INTO split_message (copy, original) SELECT max(no), max(no) FROM message"},
    {"follower_who_saw_what_is_not_there", "follows", "UPDATE ticket_follow SET seen_message = 99999"},
    {"follower_who_saw_an_event_that_is_not_there", "follows", "UPDATE ticket_follow SET seen_event = -1"},
    {"mail_that_names_a_colleague", "follows",
     "INSERT INTO note_mention (message, staff, ticket) SELECT no, 1, ticket FROM message WHERE direction = 1 LIMIT 1"},
    {"note_of_another_request", "follows", "UPDATE note_mention SET ticket = ticket - 1"},
    {"note_that_names_too_many",
     "follows",
     "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 110) INSERT INTO note_mention (message, "
     "staff, ticket) SELECT m.message, n.i, m.ticket FROM note_mention m, n",
     {"engine"}},
    {"incident_in_another_state", "incidents", "UPDATE incident SET state = 1"},
    {"incident_that_nobody_opened", "incidents", "DELETE FROM incident_step WHERE step = 1"},
    {"member_that_was_taken_out_and_stands", "incidents", "UPDATE incident_member SET standing = 1"},
    {"member_that_is_missing", "incidents", "DELETE FROM incident_member WHERE standing = 0"},
    {"incident_told_without_a_text", "incidents", "DELETE FROM incident_text"},
    {"member_told_by_the_mail_of_another", "incidents",
     "UPDATE incident_told SET outgoing = (SELECT min(no) FROM outgoing_mail)"},
    {"member_told_though_it_is_apart", "incidents", "UPDATE incident_member SET apart = 1"},
    {"member_that_waits_for_what_it_has", "incidents", "UPDATE incident_member SET due = 1"},
    {"refund_of_no_request_of_the_incident", "incidents", "INSERT INTO incident_refund (remedy, incident) VALUES (1, 1)"},
    {"topic_out_of_another_ledger", "incidents", "UPDATE ticket_topic SET customer = 1"},
    {"request_of_two_incidents", "incidents",
     "INSERT INTO incident SELECT 99, kind, 'E-2', state, since, opened, updated, requests, customers, usual_requests, "
     "usual_days FROM incident WHERE no = 1; INSERT INTO incident_member SELECT 99, ticket, since, standing, apart, due "
     "FROM "
     "incident_member WHERE incident = 1"},
    {"side_thread_in_no_state", "side_threads", "UPDATE side_thread SET state = 9 WHERE state = 3"},
    {"side_thread_that_nobody_closed", "side_threads", "UPDATE side_thread SET closed_by = NULL WHERE state = 3"},
    {"side_thread_that_waits_for_ever", "side_threads", "UPDATE side_thread SET due = NULL WHERE state = 1"},
    {"side_thread_that_was_answered_and_waits", "side_threads", "UPDATE side_thread SET state = 1, due = 5 WHERE state = 2"},
    {"side_thread_that_is_missing",
     "side_threads",
     "DELETE FROM side_message WHERE thread = 1; DELETE FROM side_thread WHERE no = 1",
     {"mail_books"}},
    {"side_thread_that_nobody_began", "side_threads", "UPDATE side_message SET thread = 1 WHERE thread = 2"},
    {"side_thread_that_is_older_than_its_mail", "side_threads", "UPDATE side_thread SET updated = 1"},
    {"side_thread_with_the_customer", "side_threads",
     "UPDATE side_thread SET address = (SELECT party_address FROM ticket k WHERE k.no = side_thread.ticket)"},
    {"side_mail_that_went_elsewhere", "side_threads",
     "UPDATE outgoing_mail SET recipient = 'x@y.example' WHERE kind = 'side_mail'"},
    {"side_mail_in_no_thread", "side_threads", "UPDATE outgoing_mail SET kind = 'side_mail' WHERE no = 1"},
    {"side_message_that_is_a_note", "side_threads", "UPDATE side_message SET direction = 3 WHERE no = 1"},
    {"side_message_of_a_mail_filed_elsewhere", "side_threads",
     "UPDATE inbound_mail SET ticket = ticket + 1 WHERE no = (SELECT max(mail) FROM side_message)"},
    {"side_message_that_the_customer_reads",
     "side_threads",
     "UPDATE message SET outgoing = (SELECT min(outgoing) FROM side_message) WHERE no = (SELECT max(no) FROM message)",
     {"incidents"}},
    {"mail_of_a_side_thread_that_was_lost",
     "mail_books",
     "UPDATE side_message SET mail = NULL WHERE mail IS NOT NULL",
     {"side_threads"}},
    {"article_that_shows_what_is_not_there", "faq", "UPDATE faq_article SET published = 9"},
    {"article_without_a_version", "faq", "UPDATE faq_article SET version = version + 1"},
    {"answer_that_nobody_sent", "faq", "UPDATE ticket_event SET kind = 'opened' WHERE kind = 'answered_from_faq'"},
    {"answer_that_is_not_counted", "faq", "DELETE FROM faq_answer"},
    {"answer_in_no_state", "faq", "UPDATE faq_answer SET ended = 1"},
    {"macro_without_its_version", "macros", "UPDATE macro SET version = version + 1"},
    {"macro_version_that_is_missing", "macros", "DELETE FROM macro_version WHERE macro = 2 AND version = 1"},
    {"macro_that_says_an_amount", "macros",
     "UPDATE macro_version SET text_en = 'You get CNY 5.', text_zh = 'a' WHERE macro = 2 AND version = 2"},
    {"macro_that_does_nothing", "macros", "UPDATE macro_version SET text_en = '', text_zh = '', assign = 0, person = NULL"},
    {"macros_of_one_name", "macros", "UPDATE macro SET retired = 0"},
    {"version_of_no_macro",
     "macros",
     "INSERT INTO macro_version SELECT 99, 99, version, name, text_en, text_zh, state_after, assign, person, snooze_hours, "
     "at, staff FROM macro_version WHERE no = 1",
     {"engine"}},
    {"rule_without_its_version", "rules", "UPDATE rule SET version = version + 1"},
    {"rule_version_that_is_missing", "rules", "DELETE FROM rule_version WHERE rule = 1 AND version = 1"},
    {"rule_that_pays", "rules", "UPDATE rule_version SET actions = 'pay' || char(9) || '5' || char(10) WHERE no = 1"},
    {"rule_that_may_not_be", "rules", "UPDATE rule_version SET name = '' WHERE no = 1"},
    {"version_of_no_rule",
     "rules",
     "INSERT INTO rule_version SELECT 99, 99, version, name, moment, changes, since, hours, working_hours, any_of, "
     "conditions, actions, stop, at, staff FROM rule_version WHERE no = 1",
     {"engine"}},
    {"firing_of_no_version", "rules", "UPDATE rule_firing SET version = 9"},
    {"firing_beyond_the_guard", "rules", "UPDATE rule_firing SET depth = 4"},
    {"firing_that_says_nothing", "rules", "UPDATE rule_firing SET effects = ''"},
    {"firing_that_is_not_counted", "rules", "UPDATE rule SET shadowed = 0"},
    {"firing_that_is_gone", "rules", "DELETE FROM rule_firing"},
    {"firing_that_nobody_is_told_of", "rules", "UPDATE ticket_event SET kind = 'opened' WHERE kind = 'rule_applied'"},
    {"skills_that_nobody_has", "rules", "UPDATE staff_skill SET level = 9"},
    {"sorting_that_changes_nothing", "sorting", "UPDATE sorting SET became = was WHERE no = 1"},
    {"sorting_that_the_history_does_not_say", "sorting", "UPDATE ticket_event SET kind = 'opened' WHERE kind = 'sorted'"},
    {"request_that_is_sorted_otherwise", "sorting", "UPDATE ticket SET route = 'agent' WHERE route = 'risk_team'"},
    {"question_for_nothing", "facts", "UPDATE asked_facts SET asked = ''"},
    {"question_that_the_history_does_not_say", "facts",
     "UPDATE ticket_event SET kind = 'opened' WHERE kind = 'facts_asked'"},
    {"facts_that_came_before_they_were_asked_for", "facts", "UPDATE asked_facts SET answered = at - 1"},
    {"facts_that_nobody_gave", "facts", "UPDATE asked_facts SET answered = at + 1 WHERE answered IS NULL"},
    {"promise_that_is_missing", "promises", "DELETE FROM promise WHERE no = 1"},
    {"promise_in_no_answer", "promises", "UPDATE promise SET message = 1 WHERE no = 1"},
    {"promise_over_when_it_was_made", "promises", "UPDATE promise SET made = due WHERE no = 2"},
    {"promise_kept_after_its_end", "promises", "UPDATE promise SET ended = due WHERE no = 1"},
    {"promise_that_is_open_again", "promises", "UPDATE promise SET state = 1 WHERE no = 1"},
    {"promise_whose_end_was_told_while_it_is_open", "promises", "UPDATE promise SET told = 2 WHERE no = 2"},
    {"clock_that_is_not_the_earliest_promise", "promises", "UPDATE ticket SET promise_due = promise_due + 1"},
    {"clock_without_a_promise", "promises", "UPDATE ticket SET promise_due = 5 WHERE promise_due IS NULL"},
    {"promise_of_a_solved_request", "promises", "UPDATE ticket SET state = 5 WHERE promise_due IS NOT NULL"},
    {"erased_person_who_is_named", "privacy", "UPDATE customer SET name = 'Gone' WHERE erased IS NOT NULL"},
    {"erased_person_whose_phrase_is_left", "privacy",
     "INSERT INTO customer_phrase (customer, phrase, set_at) SELECT no, 'seven', 1 FROM customer WHERE erased IS NOT NULL"},
    {"erasure_that_nobody_decided", "privacy", "DELETE FROM person_erasure"},
    {"erasure_that_was_not_done", "privacy", "UPDATE customer SET erased = NULL"},
    {"erasure_under_a_legal_hold", "privacy",
     "UPDATE legal_hold SET placed = 0, customer = (SELECT customer FROM person_erasure)"},
    {"erasure_by_one_person", "privacy", "UPDATE person_erasure SET proposed_by = 'staff:1', decider = 1, note = ''"},
    {"schema_of_a_newer_program", "schema", "UPDATE meta SET value = '999' WHERE name = 'schema_version'"},
    {"owner_that_is_gone", "engine", "DELETE FROM customer WHERE no = 2"},

    {"transfer_of_another_amount",
     "ledger_chain",
     "UPDATE transfer SET amount = amount + 1 WHERE seq = 3",
     {"ledger_balances", "payments"}},
    {"transfer_of_another_hash", "ledger_chain", "UPDATE transfer SET hash = zeroblob(32) WHERE seq = 3", {"audit_chain"}},
    {"transfer_of_another_time", "ledger_chain", "UPDATE transfer SET at = at + 1 WHERE seq = 3"},
    {"transfer_of_another_payment", "ledger_chain", "UPDATE transfer SET payment = 1 WHERE seq = 3", {"payments"}},
    {"transfer_that_is_missing",
     "ledger_chain",
     "DELETE FROM transfer WHERE seq = 3",
     {"ledger_balances", "payments", "audit_chain"}},
    {"transfers_that_changed_places",
     "ledger_chain",
     "UPDATE transfer SET seq = -1 WHERE seq = 1; UPDATE transfer SET seq = 1 WHERE seq = 2; UPDATE transfer SET seq = 2 "
     "WHERE seq = -1",
     {"ledger_balances", "audit_chain"}},
    {"transfer_of_an_unknown_kind",
     "ledger_chain",
     "UPDATE transfer SET kind = 99 WHERE seq = 3",
     {"ledger_balances", "account_states", "holds", "payments", "exchanges", "corrections", "rail_calls", "audit_chain"}},

    {"account_with_more_money", "ledger_balances", "UPDATE account SET credits_posted = credits_posted + 100 WHERE no = 1"},
    {"account_with_other_entries", "ledger_balances", "UPDATE account SET entries = entries - 1 WHERE no = 1"},
    {"account_with_a_hold_too_many", "ledger_balances",
     "UPDATE account SET debits_pending = debits_pending + 1 WHERE no = 3"},
    {"account_that_is_missing", "ledger_balances", "DELETE FROM account WHERE no = 2", {"account_states", "disputes"}},
    {"account_of_another_currency",
     "ledger_balances",
     "UPDATE account SET currency = 1 WHERE no = 2",
     {"account_states", "disputes"}},
    {"account_of_an_unknown_kind",
     "ledger_balances",
     "UPDATE account SET kind = 99 WHERE no = 1",
     {"account_states", "disputes"}},
    {"account_that_lags_behind_the_cursor", "ledger_balances",
     "UPDATE account SET debits_posted = 0, credits_posted = 0, entries = 0, last_transfer = 0 WHERE no = 1"},
    {"account_that_lags_with_money_from_nowhere", "ledger_balances",
     "UPDATE account SET debits_posted = 0, credits_posted = 5, debits_pending = 0, credits_pending = 0, entries = 0, "
     "last_transfer = 0 "
     "WHERE no = 1; UPDATE cursor_position SET seq = 0 WHERE name = 'balances'"},
    {"account_that_names_a_transfer_of_others", "ledger_balances", "UPDATE account SET last_transfer = 99999 WHERE no = 1"},

    {"hold_of_another_amount", "holds", "UPDATE hold SET amount = amount + 1 WHERE resolved_by IS NULL"},
    {"hold_on_another_wallet", "holds", "UPDATE hold SET debit = 1 WHERE resolved_by IS NULL"},
    {"hold_that_is_missing", "holds", "DELETE FROM hold WHERE resolved_by IS NULL"},
    {"hold_that_ended_and_is_open_again", "holds", "UPDATE hold SET resolved_by = NULL WHERE resolved_by IS NOT NULL"},

    {"payment_of_another_amount", "payments", "UPDATE payment SET amount = amount + 1 WHERE seq = 3"},
    {"hold_payment_of_another_amount", "payments", "UPDATE payment SET amount = amount + 1 WHERE state = 3"},
    {"payment_captured_otherwise", "payments", "UPDATE payment SET captured = captured - 1 WHERE seq = 3"},
    {"capture_with_another_fee", "payments", "UPDATE payment SET fee = fee + 1 WHERE hold <> 0 AND state = 1"},
    {"payment_with_another_fee", "payments", "UPDATE payment SET fee = 0 WHERE seq = 3"},
    {"payment_refunded_without_refund", "payments", "UPDATE payment SET refunded = 5 WHERE seq = 3"},
    {"refund_that_the_original_forgot", "payments", "UPDATE payment SET refunded = 0 WHERE refunded > 0"},
    {"refund_of_another_payment", "payments", "UPDATE payment SET original = 3 WHERE kind = 4", {"remedies"}},
    {"payment_from_another_wallet", "payments", "UPDATE payment SET payer = 3 WHERE seq = 3"},
    {"payment_with_another_id", "payments", "UPDATE payment SET id = zeroblob(16) WHERE seq = 3"},
    {"payment_that_is_missing", "payments", "DELETE FROM payment WHERE seq = 3", {}},
    {"payment_with_a_forged_number", "payments", "UPDATE payment SET seq = 4611686018427387904 WHERE seq = 3", {}},
    {"payment_that_failed_for_nothing", "payments", "UPDATE payment SET refusal = 0 WHERE state = 2"},
    {"payment_that_failed_and_moved_money", "payments", "UPDATE payment SET state = 2, refusal = 3 WHERE seq = 3"},
    {"payment_in_an_unknown_state",
     "payments",
     "UPDATE payment SET state = 99 WHERE seq = 3",
     {"exchanges", "corrections", "rail_calls", "once_keys"}},

    {"exchange_at_another_rate", "exchanges", "UPDATE exchange_rate SET numerator = numerator + 1"},
    {"exchange_of_another_amount", "exchanges", "UPDATE exchange SET received = received + 1"},
    {"exchange_that_is_missing", "exchanges", "DELETE FROM exchange"},

    {"account_that_thaws_by_itself", "account_states", "UPDATE account SET closed = 0 WHERE closed = 2"},
    {"account_that_opens_again", "account_states", "UPDATE account SET closed = 0 WHERE closed = 1"},
    {"account_frozen_by_nobody", "account_states", "UPDATE account SET closed = 6 WHERE no = 1"},
    {"account_in_an_unknown_state",
     "account_states",
     "UPDATE account SET closed = 7 WHERE no = 1",
     {"ledger_balances", "disputes"}},
    {"account_event_that_is_missing", "account_states", "DELETE FROM account_event WHERE no = 1"},
    {"account_event_of_another_state", "account_states", "UPDATE account_event SET to_state = 4 WHERE to_state = 2"},
    {"account_event_before_a_transfer_on_the_frozen_side", "account_states",
     "UPDATE account_event SET ledger_seq = 0 WHERE no = 1"},
    {"account_closed_with_money_on_it", "account_states",
     "UPDATE account_event SET to_state = 5 WHERE to_state = 2; UPDATE account SET closed = 1 WHERE closed = 2"},

    {"correction_of_another_amount", "corrections", "UPDATE correction SET amount = amount + 1 WHERE state = 2"},
    {"correction_approved_by_its_proposer", "corrections", "UPDATE correction SET decider = proposer WHERE state = 2"},
    {"correction_that_nobody_decided", "corrections", "UPDATE correction SET state = 2 WHERE state = 1"},
    {"correction_that_is_missing", "corrections", "DELETE FROM correction WHERE state = 2 AND reverses = 0"},
    {"correction_that_reverses_another_transfer", "corrections", "UPDATE correction SET reverses = 1 WHERE reverses <> 0"},
    {"correction_that_reverses_the_same_again", "corrections",
     "UPDATE correction SET reverses = (SELECT max(reverses) FROM correction) WHERE state = 2"},

    {"payout_that_says_done", "rail_calls", "UPDATE rail_call SET state = 4 WHERE merchant IS NOT NULL"},
    {"payout_of_another_merchant",
     "rail_calls",
     "UPDATE rail_call SET merchant = merchant + 1 WHERE merchant IS NOT NULL",
     {"engine"}},
    {"rail_call_that_says_done", "rail_calls", "UPDATE rail_call SET state = 4 WHERE state = 2"},
    {"rail_call_of_another_amount", "rail_calls", "UPDATE rail_call SET amount = amount + 1"},
    {"rail_call_that_is_missing", "rail_calls", "DELETE FROM rail_call"},
    {"rail_call_of_a_payment_that_none_carries",
     "rail_calls",
     "UPDATE payment SET rail = 0 WHERE rail = 1",
     {"payments", "disputes"}},
    {"rail_call_that_nobody_looks_after", "rail_calls", "UPDATE rail_call SET next_at = NULL WHERE state = 2"},
    {"withdrawal_that_forgot_what_it_took", "rail_calls", "UPDATE payment SET captured = 0 WHERE kind = 5"},
    {"dispute_that_says_won", "disputes", "UPDATE dispute SET status = 3"},
    {"dispute_of_another_amount", "disputes", "UPDATE dispute SET amount = amount - 1"},
    {"dispute_of_a_payment_from_a_wallet", "disputes", "UPDATE dispute SET payment = 3", {"webhooks"}},
    {"dispute_without_its_step", "disputes", "DROP TRIGGER dispute_event_DELETE_refused; DELETE FROM dispute_event"},
    {"letter_of_an_outcome_that_is_not_known", "remedies", "UPDATE outgoing_mail SET kind = 'rail_outcome' WHERE no = 1"},

    {"request_paid_without_a_payment", "money_requests", "UPDATE money_request SET payment = 0 WHERE state = 2"},
    {"request_paid_by_a_payment_of_others", "money_requests", "UPDATE money_request SET payment = 3 WHERE state = 2"},
    {"request_of_another_amount", "money_requests", "UPDATE money_request SET amount = amount + 1 WHERE state = 2"},
    {"request_paid_by_who_was_not_asked", "money_requests", "UPDATE money_request SET payer = 2 WHERE state = 2"},
    {"request_that_is_open_again", "money_requests", "UPDATE money_request SET state = 1 WHERE state = 2"},
    {"request_that_ended_of_itself", "money_requests", "UPDATE money_request SET state = 5 WHERE state = 1"},
    {"request_that_is_missing", "money_requests", "DELETE FROM money_request WHERE state = 3"},
    {"request_whose_payee_was_not_told", "money_requests", "UPDATE money_request SET outcome_mail = 0 WHERE state = 2"},
    {"request_whose_letter_is_another", "money_requests", "UPDATE money_request SET asked_mail = 1 WHERE asked_mail <> 0"},

    {"occurrence_made_twice", "schedules",
     "UPDATE schedule_run SET payment = (SELECT payment FROM schedule_run WHERE outcome = 1 ORDER BY no LIMIT 1) WHERE "
     "outcome = 1"},
    {"occurrence_of_another_amount", "schedules", "UPDATE transfer_schedule SET amount = amount + 1 WHERE no = 1"},
    {"occurrence_out_of_turn", "schedules", "UPDATE schedule_run SET number = number + 50 WHERE no = 1"},
    {"occurrence_that_is_missing", "schedules", "DELETE FROM schedule_run WHERE no = (SELECT max(no) FROM schedule_run)"},
    {"occurrence_that_counts_as_made", "schedules", "UPDATE schedule_run SET outcome = 1, mail = 0 WHERE outcome = 2"},
    {"schedule_that_forgot_what_it_made", "schedules", "UPDATE transfer_schedule SET behind = behind - 1 WHERE no = 1"},
    {"schedule_that_is_due_on_another_day", "schedules",
     "UPDATE transfer_schedule SET next_at = next_at + 86400000 WHERE no = 1"},
    {"schedule_that_nobody_looks_after", "schedules", "UPDATE transfer_schedule SET next_at = NULL WHERE no = 1"},
    {"schedule_that_finished_early", "schedules", "UPDATE transfer_schedule SET state = 2, next_at = NULL WHERE no = 1"},
    {"schedule_to_another_person", "schedules", "UPDATE transfer_schedule SET payee = 1 WHERE no = 1"},

    {"key_used_twice",
     "once_keys",
     "UPDATE payment SET once_key = (SELECT once_key FROM payment WHERE seq = 3) WHERE seq = 4",
     {"payments"}},
    {"order_paid_twice", "once_keys", "UPDATE payment SET order_ref = 'A-1' WHERE seq = 4"},
    {"block_of_keys_that_is_missing", "once_keys", "DELETE FROM once_block WHERE id = 1"},
    {"block_of_other_keys", "once_keys", "UPDATE once_block SET keys = zeroblob(length(keys)) WHERE id = 1"},

    {"audit_entry_told_otherwise", "audit_chain", "UPDATE audit SET detail = '{\"role\":\"admin\"}' WHERE seq = 1"},
    {"audit_entry_by_another", "audit_chain", "UPDATE audit SET actor = 'staff:2' WHERE action = 'propose_remedy'"},
    {"audit_entry_that_is_missing", "audit_chain", "DELETE FROM audit WHERE seq = 2"},

    {"mail_in_no_state", "mail_books", "UPDATE inbound_mail SET state = 9 WHERE state = 1"},
    {"mail_filed_without_a_message", "mail_books", "UPDATE inbound_mail SET message = 9999 WHERE no = 1"},
    {"mail_filed_twice", "mail_books", "UPDATE message SET mail = 1 WHERE mail IS NULL AND direction = 3"},
    {"duplicate_of_nothing", "mail_books", "UPDATE inbound_mail SET content_hash = zeroblob(32) WHERE state = 4"},
    {"mail_that_is_missing", "mail_books", "DELETE FROM inbound_mail WHERE state = 3", {"commands", "object_keys"}},
    {"outgoing_mail_in_no_state", "mail_books", "UPDATE outgoing_mail SET state = 0 WHERE no = 1"},
    {"bounce_that_is_missing", "mail_books", "DELETE FROM mail_bounce WHERE kind = 3"},
    {"bounce_whose_mail_counts_as_sent", "mail_books",
     "UPDATE outgoing_mail SET state = 2 WHERE no IN (SELECT outgoing FROM mail_bounce WHERE kind = 3)"},
    {"bounce_of_another_reason", "mail_books", "UPDATE mail_bounce SET reason = 5 WHERE kind = 3"},
    {"bounce_that_is_a_message_too", "mail_books",
     "UPDATE inbound_mail SET message = 1 WHERE no = (SELECT mail FROM "
     "mail_bounce WHERE kind = 3)"},
    {"mail_kept_back_for_nothing", "mail_books", "UPDATE suppressed_address SET address = 'else@example.org'"},
    {"attempt_that_is_missing", "mail_books", "DELETE FROM delivery_attempt WHERE no = 1"},
    {"outgoing_mail_that_is_missing", "mail_books", "DELETE FROM outgoing_mail WHERE no = 1"},

    {"mail_with_other_octets", "sealed_mail", "UPDATE inbound_mail SET sealed = zeroblob(length(sealed)) WHERE no = 1"},
    {"mail_with_another_key", "sealed_mail",
     "UPDATE object_key SET wrapped = (SELECT wrapped FROM object_key WHERE kind = 1 AND owner = 2) WHERE kind = 1 AND "
     "owner = 1"},
    {"mail_without_octets", "sealed_mail", "UPDATE inbound_mail SET sealed = NULL WHERE no = 1"},
    {"mail_of_another_size", "sealed_mail", "UPDATE inbound_mail SET size = size + 1 WHERE no = 1"},
    {"mail_whose_file_is_another", "sealed_mail", "UPDATE inbound_mail SET blob = '00' WHERE blob IS NOT NULL"},

    {"request_in_no_state", "tickets", "UPDATE ticket SET state = 9 WHERE no = 1"},
    {"request_without_a_message", "tickets", "UPDATE message SET ticket = 1 WHERE ticket = 2", {"mail_books"}},
    {"request_older_than_its_message", "tickets", "UPDATE ticket SET updated = opened - 1 WHERE no = 1"},
    {"message_that_is_missing", "tickets", "DELETE FROM message WHERE direction = 2", {"promises", "engine", "incidents"}},
    {"event_that_is_missing", "tickets", "DELETE FROM ticket_event WHERE no = 1"},

    {"remedy_of_another_amount", "remedies", "UPDATE remedy SET amount = amount + 1 WHERE state = 3"},
    {"remedy_approved_by_its_proposer", "remedies", "UPDATE remedy SET decider = proposer WHERE state = 3"},
    {"remedy_without_its_refund", "remedies", "UPDATE remedy SET executed_payment = 0 WHERE state = 3"},
    {"remedy_that_waits_and_has_a_refund", "remedies", "UPDATE remedy SET executed_payment = 3 WHERE state = 1"},
    {"remedy_without_an_answer", "remedies", "UPDATE outgoing_mail SET names_money = 0"},
    {"answer_without_a_remedy", "remedies", "UPDATE remedy SET state = 5, executed_payment = 0 WHERE state = 3"},
    {"remedy_that_is_missing", "tickets", "DELETE FROM remedy WHERE no = 1", {"remedies"}},

    {"verification_in_no_state", "identity", "UPDATE identity_verification SET state = 9 WHERE no = 1"},
    {"verification_of_another_outcome", "identity", "UPDATE identity_verification SET outcome = 5 WHERE no = 1"},
    {"verified_by_one_of_two", "identity", "UPDATE identity_review SET decision = 2 WHERE no = 2"},
    {"verified_twice_by_one", "identity",
     "UPDATE identity_review SET staff = (SELECT staff FROM identity_review WHERE no = 1)"},
    {"decided_without_a_look", "identity", "DELETE FROM identity_view"},
    {"checked_by_nothing", "identity", "DELETE FROM identity_check"},
    {"picture_without_octets", "identity", "UPDATE identity_file SET sealed = NULL WHERE erased IS NULL"},
    {"picture_without_a_key", "identity", "DELETE FROM object_key WHERE kind = 3 AND erased IS NULL", {"object_keys"}},
    {"picture_with_another_key", "identity",
     "UPDATE object_key SET wrapped = (SELECT wrapped FROM object_key WHERE kind = 3 AND owner = 2) WHERE kind = 3 AND "
     "owner = 1"},
    {"reading_with_another_key", "identity",
     "UPDATE object_key SET wrapped = (SELECT wrapped FROM object_key WHERE kind = 4 AND owner = 2) WHERE kind = 4 AND "
     "owner = 1"},
    {"picture_whose_file_is_missing", "identity", "UPDATE identity_file SET sealed = NULL, blob = '00' WHERE no = 1"},
    {"picture_that_was_not_erased", "identity",
     "UPDATE identity_file SET sealed = x'00' WHERE no = (SELECT max(no) FROM identity_file)"},
    {"destroyed_and_a_picture_is_left", "identity",
     "UPDATE identity_file SET erased = NULL, sealed = (SELECT sealed FROM identity_file WHERE no = 1), "
     "reading = (SELECT reading FROM identity_file WHERE no = 1) WHERE no = (SELECT max(no) FROM identity_file)"},
    {"destroyed_and_facts_are_left", "identity", "UPDATE identity_verification SET facts = x'00' WHERE state = 8"},
    {"pictures_that_nobody_will_destroy", "identity", "UPDATE identity_verification SET files_due = NULL WHERE state = 4"},
    {"doomed_file_that_is_in_use", "identity",
     "UPDATE identity_file SET sealed = NULL, blob = (SELECT blob FROM inbound_mail WHERE blob IS NOT NULL) WHERE no = 1; "
     "INSERT INTO doomed_blob (no, blob, since) SELECT 1, blob, 0 FROM identity_file WHERE no = 1"},

    {"mail_without_a_key", "object_keys", "DELETE FROM object_key WHERE kind = 1 AND owner = 1", {"sealed_mail"}},
    {"key_that_is_missing_of_what_was_erased", "object_keys", "DELETE FROM object_key WHERE erased IS NOT NULL"},
    {"key_of_nothing", "object_keys",
     "INSERT INTO object_key (kind, owner, wrapped, erased) VALUES (1, 99999, x'01', NULL)"},
    {"key_that_came_back",
     "object_keys",
     "UPDATE object_key SET wrapped = (SELECT wrapped FROM object_key WHERE kind = 3 AND owner = 1) WHERE kind = 3 AND "
     "erased IS NOT NULL",
     {"identity"}},

    {"web_hook_that_was_told_the_future", "webhooks", "UPDATE hook_endpoint SET seen_payments = 1000000"},
    {"web_hook_that_was_told_the_future_of_requests", "webhooks",
     "UPDATE hook_endpoint SET merchant = NULL, seen_events = 1000000"},
    {"web_hook_without_a_secret", "webhooks", "UPDATE hook_endpoint SET secret = x''"},
    {"delivery_of_no_web_hook", "webhooks", "UPDATE hook_endpoint SET state = 5, secret = x''"},
    {"delivery_that_nobody_tries", "webhooks", "UPDATE hook_delivery SET next_at = NULL WHERE state = 1"},
    {"delivery_ahead_of_its_web_hook", "webhooks", "UPDATE hook_endpoint SET seen_payments = 0, seen_events = 0"},
    {"payment_event_of_another_state", "webhooks",
     "DROP TRIGGER payment_event_UPDATE_refused; UPDATE payment_event SET state = 6 "
     "WHERE kind = 1"},
    {"payment_event_after_what_never_was", "webhooks",
     "DROP TRIGGER payment_event_UPDATE_refused; UPDATE payment_event SET after_payment = 1000000"},

    {"phone_that_nothing_proved", "phones", "UPDATE customer_phone SET number = '+4915100000000'"},
    {"phone_that_was_lost", "phones", "DELETE FROM customer_phone"},
    {"phone_code_of_a_change_that_is_over", "phones", "UPDATE customer_change SET state = 7 WHERE kind = 4 AND state = 2"},
    {"phone_proof_without_a_code", "phones", "DELETE FROM phone_code"},
    {"short_message_that_nobody_sends", "phones", "UPDATE short_message SET next_at = NULL WHERE state = 1"},
    {"short_message_that_holds_a_code", "phones", "UPDATE short_message SET text = 'OKPay: 123456' WHERE code <> 0"},

    {"mailbox_whose_journal_lost_a_mail", "mailboxes", "UPDATE hosted_mailbox SET taken = taken + 1"},
    {"mailbox_that_stands_before_its_journal", "mailboxes", "UPDATE hosted_mailbox SET last_uid = 0"},
    {"mail_of_a_mailbox_by_another_channel", "mailboxes", "UPDATE inbound_mail SET channel = 'smtp' WHERE channel = 'imap'"},
    {"mail_of_a_mailbox_that_no_journal_knows", "mailboxes",
     "UPDATE inbound_mail SET channel = 'imap' WHERE channel = 'smtp' AND no = (SELECT min(no) FROM inbound_mail)"},

    {"acknowledged_mail_without_its_command", "commands",
     "DELETE FROM command WHERE id = (SELECT id FROM command WHERE kind = 'AcceptMail' LIMIT 1)"},
};

INSTANTIATE_TEST_SUITE_P(Of, VerifyNotices, ::testing::ValuesIn(damages),
                         [](const auto& given) { return std::string{given.param.what}; });

TEST_F(Verify, every_check_has_a_case) {
    std::set<std::string_view> noticed;
    for (const Damage& damage : damages) noticed.insert(damage.check);
    for (const std::string_view check : all_checks) EXPECT_TRUE(noticed.contains(check)) << check;
}

TEST_F(Verify, rows_that_lag_behind_without_a_cursor_are_no_fault) {
    damage(
        "UPDATE account SET debits_posted = 0, credits_posted = 0, debits_pending = 0, credits_pending = 0, entries = 0, "
        "last_transfer = 0; UPDATE cursor_position SET seq = 0 WHERE name = 'balances'");
    EXPECT_THAT(okpay::testing::faults_in(verify()), IsEmpty());
}

TEST_F(Verify, a_page_that_was_overwritten_is_the_engines_fault) {
    const std::int64_t root = integer("SELECT rootpage FROM sqlite_master WHERE name = 'outgoing_acknowledged'");
    const std::int64_t size = integer("PRAGMA page_size");
    std::fstream file{database_.location, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp((root - 1) * size + 200);
    file << std::string(static_cast<std::size_t>(size) - 200, '\x5a');
    file.close();
    EXPECT_THAT(failing(verify()), Contains("engine"));
}

TEST_F(Verify, a_file_of_a_mail_that_is_gone_or_changed_is_named) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{copy_.path() / "blobs"}) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    ASSERT_EQ(files.size(), 1U);
    std::filesystem::resize_file(files.front(), 70'000);
    EXPECT_THAT(failing(verify()), ::testing::ElementsAre("sealed_mail"));
    std::filesystem::remove(files.front());
    EXPECT_THAT(failing(verify()), ::testing::ElementsAre("sealed_mail"));
}

TEST_F(Verify, a_head_that_was_written_down_shows_a_tail_that_was_cut_off) {
    const auto reader = store::open(database_, store::Access::reader);
    const std::int64_t last = integer("SELECT max(seq) FROM transfer");
    const Hash256 hash = store::find_transfer(*reader, last)->hash;
    EXPECT_THAT(okpay::testing::faults_in(verify(std::pair{last, hash})), IsEmpty());
    EXPECT_THAT(okpay::testing::faults_in(verify(std::pair{std::int64_t{0}, Hash256{}})), IsEmpty());
    EXPECT_THAT(failing(verify(std::pair{last, sha256("another")})), ::testing::ElementsAre("ledger_chain"));
    EXPECT_THAT(failing(verify(std::pair{last + 1, hash})), ::testing::ElementsAre("ledger_chain"));
    // A clean cut: the last payment with its transfers and its traces in the accounts.
    damage(
        fmt::format("DELETE FROM payment WHERE seq = (SELECT payment FROM transfer WHERE seq = {0}); "
                    "DELETE FROM transfer WHERE seq = {0}; UPDATE account SET debits_posted = 0, credits_posted = 0, "
                    "debits_pending = 0, credits_pending = 0, entries = 0, last_transfer = 0; "
                    "UPDATE cursor_position SET seq = 0 WHERE name = 'balances'",
                    last));
    EXPECT_THAT(failing(verify()), IsEmpty()) << "only the head can show it";
    EXPECT_THAT(failing(verify(std::pair{last, hash})), ::testing::ElementsAre("ledger_chain"));
}

TEST_F(Verify, many_faults_are_counted_and_the_first_are_shown) {
    damage("UPDATE payment SET fee = fee + 1 WHERE kind IN (1, 2, 3) AND state = 1 AND rail = 0");
    for (const CheckReport& report : verify()) {
        if (report.name != "payments") continue;
        EXPECT_GT(report.faults_found, std::ssize(report.faults));
        EXPECT_EQ(report.faults.size(), store::faults_shown_max);
    }
}

TEST(VerifyOnPostgres, notices_what_was_changed_there) {
    if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
    ServiceFixture f{Engine::postgres};
    furnish(f);
    ASSERT_THAT(f.faults(), IsEmpty());
    const std::string unlock = "ALTER TABLE transfer DISABLE TRIGGER USER; ALTER TABLE audit DISABLE TRIGGER USER; ";
    struct Turn {
        std::string_view check, damage, repair;
    };
    for (const Turn& turn :
         std::initializer_list<Turn>{{"ledger_chain", "UPDATE transfer SET at = at + 1 WHERE seq = 3",
                                      "UPDATE transfer SET at = at - 1 WHERE seq = 3"},
                                     {"ledger_chain", "UPDATE transfer SET code = code + 90 WHERE seq = 3",
                                      "UPDATE transfer SET code = code - 90 WHERE seq = 3"},
                                     {"ledger_balances",
                                      "UPDATE account SET credits_posted = credits_posted + 1 WHERE no = 1",
                                      "UPDATE account SET credits_posted = credits_posted - 1 WHERE no = 1"},
                                     {"payments", "UPDATE payment SET fee = fee + 1 WHERE seq = 3",
                                      "UPDATE payment SET fee = fee - 1 WHERE seq = 3"},
                                     {"audit_chain", "UPDATE audit SET action = 'x' || action WHERE seq = 3",
                                      "UPDATE audit SET action = substr(action, 2) WHERE seq = 3"},
                                     {"mail_books", "UPDATE inbound_mail SET state = state + 10 WHERE no = 1",
                                      "UPDATE inbound_mail SET state = state - 10 WHERE no = 1"},
                                     {"sealed_mail", "UPDATE inbound_mail SET size = size + 1 WHERE no = 1",
                                      "UPDATE inbound_mail SET size = size - 1 WHERE no = 1"},
                                     {"remedies", "UPDATE remedy SET amount = amount + 1 WHERE no = 1",
                                      "UPDATE remedy SET amount = amount - 1 WHERE no = 1"}}) {
        SCOPED_TRACE(turn.damage);
        f.run(unlock + std::string{turn.damage});
        EXPECT_THAT(failing(f.verify()), Contains(turn.check));
        f.run(std::string{turn.repair});
        EXPECT_THAT(f.faults(), IsEmpty());
    }
}

}  // namespace
}  // namespace okpay::service
