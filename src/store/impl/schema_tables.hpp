// SPDX-License-Identifier: Apache-2.0
// The tables as each migration makes them, oldest first; what has once been released is never changed here.
#pragma once

#include <string_view>

namespace okpay::store {

// The ledger: every row of a payment is appended; nothing random is written in its commit. History is the walk along
// debit_prev/credit_prev, uniqueness for ever is once_block, balances are written back lazily (docs/decisions).
inline constexpr std::string_view ledger_tables = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE cursor_position (name TEXT PRIMARY KEY, seq BIGINT NOT NULL);
CREATE TABLE epoch (id BIGINT PRIMARY KEY, epoch BIGINT NOT NULL, node TEXT NOT NULL, address TEXT NOT NULL,
    renewed BIGINT NOT NULL);
INSERT INTO epoch (id, epoch, node, address, renewed) VALUES (1, 0, '', '', 0);

CREATE TABLE account (no SEQ_KEY, currency BIGINT NOT NULL, kind BIGINT NOT NULL, closed BIGINT NOT NULL,
    debits_posted BIGINT NOT NULL, credits_posted BIGINT NOT NULL, debits_pending BIGINT NOT NULL,
    credits_pending BIGINT NOT NULL, entries BIGINT NOT NULL, last_transfer BIGINT NOT NULL);
CREATE TABLE transfer (seq SEQ_KEY, payment BIGINT NOT NULL, kind BIGINT NOT NULL, code BIGINT NOT NULL,
    debit BIGINT NOT NULL, credit BIGINT NOT NULL, currency BIGINT NOT NULL, amount BIGINT NOT NULL,
    pending_seq BIGINT NOT NULL, at BIGINT NOT NULL, debit_after BIGINT NOT NULL, credit_after BIGINT NOT NULL,
    debit_prev BIGINT NOT NULL, credit_prev BIGINT NOT NULL, hash OCTETS NOT NULL);
CREATE TABLE hold (seq SEQ_KEY, debit BIGINT NOT NULL, credit BIGINT NOT NULL, currency BIGINT NOT NULL,
    amount BIGINT NOT NULL, expires_at BIGINT, resolved_by BIGINT);
CREATE TABLE payment (seq SEQ_KEY, id OCTETS NOT NULL, kind BIGINT NOT NULL, state BIGINT NOT NULL,
    refusal BIGINT NOT NULL, once_key OCTETS NOT NULL, body BIGINT NOT NULL, payer BIGINT, payee BIGINT, customer BIGINT,
    merchant BIGINT, amount BIGINT NOT NULL, fee BIGINT NOT NULL, captured BIGINT NOT NULL, refunded BIGINT NOT NULL,
    currency BIGINT NOT NULL, order_ref TEXT NOT NULL, memo TEXT NOT NULL, instrument TEXT NOT NULL, device TEXT NOT NULL,
    hold BIGINT NOT NULL, original BIGINT NOT NULL, duplicate_of BIGINT NOT NULL, created BIGINT NOT NULL);
CREATE INDEX payment_failed ON payment (customer, seq) WHERE state = 2;
CREATE INDEX payment_refunds ON payment (original) WHERE kind = 4;
CREATE TABLE once_block (id SEQ_KEY, run BIGINT NOT NULL, keys OCTETS NOT NULL);
)sql";

inline constexpr std::string_view people_tables = R"sql(
CREATE TABLE customer (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    language TEXT NOT NULL, zone TEXT NOT NULL, standing BIGINT NOT NULL, created BIGINT NOT NULL);
CREATE TABLE merchant (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, name TEXT NOT NULL, api_key_hash OCTETS NOT NULL UNIQUE,
    created BIGINT NOT NULL);
CREATE TABLE account_owner (account SEQ_KEY, customer BIGINT REFERENCES customer(no),
    merchant BIGINT REFERENCES merchant(no));
CREATE INDEX account_owner_customer ON account_owner (customer) WHERE customer IS NOT NULL;
CREATE INDEX account_owner_merchant ON account_owner (merchant) WHERE merchant IS NOT NULL;
CREATE TABLE staff (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    role BIGINT NOT NULL, password TEXT NOT NULL, totp_secret OCTETS NOT NULL, totp_last_step BIGINT NOT NULL,
    created BIGINT NOT NULL, enrolled BIGINT, enrol_token_hash OCTETS, enrol_expires BIGINT, disabled BIGINT NOT NULL,
    failed_sign_ins BIGINT NOT NULL, blocked_until BIGINT NOT NULL);
CREATE TABLE session (token_hash OCTETS PRIMARY KEY, staff BIGINT NOT NULL REFERENCES staff(no),
    created BIGINT NOT NULL, expires BIGINT NOT NULL);
)sql";

inline constexpr std::string_view desk_tables = R"sql(
CREATE TABLE command (id OCTETS PRIMARY KEY, kind TEXT NOT NULL, at BIGINT NOT NULL, answer TEXT NOT NULL);
CREATE TABLE inbound_mail (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, channel TEXT NOT NULL, received BIGINT NOT NULL,
    peer TEXT NOT NULL, mail_from TEXT NOT NULL, recipients TEXT NOT NULL, size BIGINT NOT NULL,
    content_hash OCTETS NOT NULL,
    object_key OCTETS NOT NULL, sealed OCTETS, blob TEXT, state BIGINT NOT NULL, reason TEXT NOT NULL,
    attempts BIGINT NOT NULL, message_id TEXT NOT NULL, ticket BIGINT, message BIGINT, updated BIGINT NOT NULL);
CREATE INDEX inbound_mail_waiting ON inbound_mail (no) WHERE state = 1;
CREATE INDEX inbound_mail_content ON inbound_mail (content_hash);
CREATE TABLE ticket (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, request_number TEXT NOT NULL UNIQUE,
    customer BIGINT REFERENCES customer(no), party_address TEXT NOT NULL, assurance BIGINT NOT NULL, subject TEXT NOT NULL,
    preview TEXT NOT NULL, state BIGINT NOT NULL, category TEXT NOT NULL, urgency TEXT NOT NULL, route TEXT NOT NULL,
    language TEXT NOT NULL, reading TEXT NOT NULL, assignee BIGINT REFERENCES staff(no),
    linked_to BIGINT REFERENCES ticket(no), opened BIGINT NOT NULL, updated BIGINT NOT NULL,
    first_reply_due BIGINT NOT NULL, first_replied BIGINT, investigation_due BIGINT, version BIGINT NOT NULL);
CREATE INDEX ticket_by_state ON ticket (state, updated, no);
CREATE INDEX ticket_by_assignee ON ticket (assignee, updated, no);
CREATE INDEX ticket_by_customer ON ticket (customer, no);
CREATE TABLE message (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, ticket BIGINT NOT NULL REFERENCES ticket(no),
    direction BIGINT NOT NULL, author BIGINT NOT NULL, staff BIGINT REFERENCES staff(no), from_address TEXT NOT NULL,
    subject TEXT NOT NULL, body TEXT NOT NULL, quoted TEXT NOT NULL, mail_message_id TEXT NOT NULL,
    mail BIGINT REFERENCES inbound_mail(no), outgoing BIGINT, assurance BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX message_by_ticket ON message (ticket, no);
CREATE TABLE ticket_event (no SEQ_KEY, ticket BIGINT NOT NULL REFERENCES ticket(no), at BIGINT NOT NULL,
    kind TEXT NOT NULL, staff BIGINT REFERENCES staff(no), detail TEXT NOT NULL);
CREATE INDEX ticket_event_by_ticket ON ticket_event (ticket, no);
CREATE TABLE remedy (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, ticket BIGINT NOT NULL REFERENCES ticket(no),
    kind BIGINT NOT NULL, state BIGINT NOT NULL, payment BIGINT NOT NULL, duplicate_of BIGINT NOT NULL,
    amount BIGINT NOT NULL, currency BIGINT NOT NULL, expected_refundable BIGINT NOT NULL,
    reason TEXT NOT NULL, evidence TEXT NOT NULL,
    proposer BIGINT NOT NULL REFERENCES staff(no), proposed BIGINT NOT NULL, decider BIGINT REFERENCES staff(no),
    decided BIGINT, decision_note TEXT NOT NULL, executed_payment BIGINT NOT NULL);
CREATE INDEX remedy_by_ticket ON remedy (ticket, no);
CREATE INDEX remedy_proposed ON remedy (no) WHERE state = 1;
CREATE TABLE outgoing_mail (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, kind TEXT NOT NULL, ticket BIGINT REFERENCES ticket(no),
    envelope_from TEXT NOT NULL, recipient TEXT NOT NULL, bytes OCTETS NOT NULL, names_money BIGINT NOT NULL,
    state BIGINT NOT NULL, attempts BIGINT NOT NULL, next_at BIGINT NOT NULL, remote_reply TEXT NOT NULL,
    created BIGINT NOT NULL, updated BIGINT NOT NULL, handed_out BIGINT NOT NULL);
CREATE INDEX outgoing_mail_due ON outgoing_mail (next_at) WHERE state = 1;
CREATE INDEX outgoing_acknowledged_at ON outgoing_mail (created) WHERE kind = 'acknowledgement';
CREATE INDEX outgoing_acknowledged ON outgoing_mail (recipient, created) WHERE kind = 'acknowledgement';
CREATE TABLE audit (seq SEQ_KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL,
    detail TEXT NOT NULL, ledger_seq BIGINT NOT NULL, ledger_hash OCTETS NOT NULL, hash OCTETS NOT NULL);
)sql";

// Customers sign in.
inline constexpr std::string_view customer_sign_in_tables = R"sql(
CREATE TABLE customer_login (customer SEQ_KEY REFERENCES customer(no), password TEXT NOT NULL,
    failed_sign_ins BIGINT NOT NULL, blocked_until BIGINT NOT NULL);
CREATE TABLE customer_session (token_hash OCTETS PRIMARY KEY, customer BIGINT NOT NULL REFERENCES customer(no),
    created BIGINT NOT NULL, expires BIGINT NOT NULL);
)sql";

// Outside rails carry top-ups and withdrawals.
inline constexpr std::string_view rail_tables = R"sql(
ALTER TABLE payment ADD COLUMN rail BIGINT NOT NULL DEFAULT 0;
DROP INDEX payment_failed;
CREATE INDEX payment_unmoved ON payment (customer, seq) WHERE state IN (2, 5, 6);
CREATE TABLE rail_call (payment SEQ_KEY, customer BIGINT NOT NULL REFERENCES customer(no), direction BIGINT NOT NULL,
    state BIGINT NOT NULL, amount BIGINT NOT NULL, currency BIGINT NOT NULL, instrument TEXT NOT NULL,
    sealed_instrument OCTETS NOT NULL, rail_reference TEXT NOT NULL, detail TEXT NOT NULL, inquiries BIGINT NOT NULL,
    inquiring BIGINT NOT NULL, next_at BIGINT, sent_at BIGINT, ticket BIGINT NOT NULL, created BIGINT NOT NULL,
    updated BIGINT NOT NULL);
CREATE INDEX rail_call_due ON rail_call (next_at, payment) WHERE state IN (1, 2, 3);
CREATE INDEX rail_call_live ON rail_call (customer, payment) WHERE state IN (1, 2, 3);
)sql";

// Limits follow the level of a customer.
inline constexpr std::string_view level_column = "ALTER TABLE customer ADD COLUMN level BIGINT NOT NULL DEFAULT 1;";

// Exchange between currencies.
inline constexpr std::string_view exchange_tables = R"sql(
CREATE TABLE exchange_rate (no SEQ_KEY, from_currency BIGINT NOT NULL, to_currency BIGINT NOT NULL,
    numerator BIGINT NOT NULL, denominator BIGINT NOT NULL, said TEXT NOT NULL, set_at BIGINT NOT NULL,
    staff BIGINT NOT NULL REFERENCES staff(no));
CREATE INDEX exchange_rate_pair ON exchange_rate (from_currency, to_currency, no);
CREATE TABLE exchange (payment SEQ_KEY, to_currency BIGINT NOT NULL, received BIGINT NOT NULL,
    rate BIGINT NOT NULL REFERENCES exchange_rate(no));
)sql";

// Accounts are frozen, opened and closed by staff. `ledger_seq` is the ledger's newest transfer when it was done.
inline constexpr std::string_view account_event_tables = R"sql(
CREATE TABLE account_event (no SEQ_KEY, account BIGINT NOT NULL, at BIGINT NOT NULL,
    staff BIGINT NOT NULL REFERENCES staff(no), from_state BIGINT NOT NULL, to_state BIGINT NOT NULL, reason TEXT NOT NULL,
    ledger_seq BIGINT NOT NULL);
CREATE INDEX account_event_by_account ON account_event (account, no);
)sql";

// Rails pay merchants as well: a call is a customer's or a merchant's.
inline constexpr std::string_view payout_tables = R"sql(
CREATE TABLE payout_account (no SEQ_KEY, merchant BIGINT NOT NULL REFERENCES merchant(no), currency BIGINT NOT NULL,
    instrument TEXT NOT NULL, sealed_instrument OCTETS NOT NULL, instrument_hash OCTETS NOT NULL, set_at BIGINT NOT NULL,
    staff BIGINT NOT NULL REFERENCES staff(no));
CREATE INDEX payout_account_by_merchant ON payout_account (merchant, currency, no);
CREATE INDEX payment_payouts ON payment (merchant, seq) WHERE kind = 9;
DROP INDEX rail_call_due;
DROP INDEX rail_call_live;
ALTER TABLE rail_call RENAME TO rail_call_of_customers;
CREATE TABLE rail_call (payment SEQ_KEY, customer BIGINT REFERENCES customer(no), merchant BIGINT REFERENCES merchant(no),
    direction BIGINT NOT NULL, state BIGINT NOT NULL, amount BIGINT NOT NULL, currency BIGINT NOT NULL,
    instrument TEXT NOT NULL, sealed_instrument OCTETS NOT NULL, rail_reference TEXT NOT NULL, detail TEXT NOT NULL,
    inquiries BIGINT NOT NULL, inquiring BIGINT NOT NULL, next_at BIGINT, sent_at BIGINT, ticket BIGINT NOT NULL,
    created BIGINT NOT NULL, updated BIGINT NOT NULL);
INSERT INTO rail_call (payment, customer, merchant, direction, state, amount, currency, instrument, sealed_instrument,
    rail_reference, detail, inquiries, inquiring, next_at, sent_at, ticket, created, updated)
    SELECT payment, customer, NULL, direction, state, amount, currency, instrument, sealed_instrument, rail_reference,
    detail, inquiries, inquiring, next_at, sent_at, ticket, created, updated FROM rail_call_of_customers;
DROP TABLE rail_call_of_customers;
CREATE INDEX rail_call_due ON rail_call (next_at, payment) WHERE state IN (1, 2, 3);
CREATE INDEX rail_call_live ON rail_call (customer, payment) WHERE state IN (1, 2, 3);
CREATE INDEX rail_call_live_payout ON rail_call (merchant, payment) WHERE state IN (1, 2, 3);
)sql";

// Corrections by two persons.
inline constexpr std::string_view correction_tables = R"sql(
CREATE TABLE correction (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, state BIGINT NOT NULL, debit BIGINT NOT NULL,
    credit BIGINT NOT NULL, amount BIGINT NOT NULL, currency BIGINT NOT NULL, reason TEXT NOT NULL, reverses BIGINT NOT NULL,
    seen_event BIGINT NOT NULL, proposer BIGINT NOT NULL REFERENCES staff(no), proposed BIGINT NOT NULL,
    decider BIGINT REFERENCES staff(no), decided BIGINT, note TEXT NOT NULL, payment BIGINT NOT NULL);
CREATE INDEX correction_proposed ON correction (no) WHERE state = 1;
CREATE INDEX correction_reverses ON correction (reverses) WHERE reverses <> 0;
)sql";

// Payments by card and refunds to one touch no wallet: they are found where those are that moved nothing. What customers
// reported as charged twice, and what came of it; sums of what was refunded without a person come from here.
inline constexpr std::string_view card_tables = R"sql(
DROP INDEX payment_unmoved;
CREATE INDEX payment_unmoved ON payment (customer, seq) WHERE (state IN (2, 5, 6) OR (rail = 1 AND kind IN (2, 4)));
CREATE TABLE duplicate_report (no SEQ_KEY, once_key OCTETS NOT NULL UNIQUE, body BIGINT NOT NULL,
    customer BIGINT NOT NULL REFERENCES customer(no), payment BIGINT NOT NULL, other BIGINT NOT NULL, class BIGINT NOT NULL,
    outcome BIGINT NOT NULL, verdict TEXT NOT NULL, ticket BIGINT NOT NULL, refund BIGINT NOT NULL, amount BIGINT NOT NULL,
    currency BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX duplicate_report_by_payment ON duplicate_report (payment, no);
CREATE INDEX duplicate_report_refunded ON duplicate_report (currency, at) WHERE refund <> 0;
)sql";

// Requests for money, and transfers that are made later. Few rows beside the payments, so unique indexes cost nothing.
inline constexpr std::string_view request_and_schedule_tables = R"sql(
CREATE TABLE money_request (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, once_key OCTETS NOT NULL UNIQUE, body BIGINT NOT NULL,
    payee BIGINT NOT NULL REFERENCES customer(no), payer BIGINT REFERENCES customer(no), payer_said TEXT NOT NULL,
    amount BIGINT NOT NULL, currency BIGINT NOT NULL, memo TEXT NOT NULL, state BIGINT NOT NULL, payment BIGINT NOT NULL,
    asked_mail BIGINT NOT NULL, outcome_mail BIGINT NOT NULL, expires BIGINT NOT NULL, created BIGINT NOT NULL,
    ended BIGINT);
CREATE INDEX money_request_due ON money_request (expires, no) WHERE state = 1;
CREATE INDEX money_request_open ON money_request (payee) WHERE state = 1;
CREATE INDEX money_request_payee ON money_request (payee, no);
CREATE INDEX money_request_payer ON money_request (payer, no) WHERE payer IS NOT NULL;
CREATE INDEX money_request_made ON money_request (payee, created);
CREATE INDEX money_request_asked ON money_request (payer, created) WHERE asked_mail <> 0;
CREATE TABLE transfer_schedule (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, once_key OCTETS NOT NULL UNIQUE,
    body BIGINT NOT NULL, payer BIGINT NOT NULL REFERENCES customer(no), payee BIGINT NOT NULL REFERENCES customer(no),
    amount BIGINT NOT NULL, currency BIGINT NOT NULL, memo TEXT NOT NULL, first_on TEXT NOT NULL, every BIGINT NOT NULL,
    times BIGINT NOT NULL, zone TEXT NOT NULL, state BIGINT NOT NULL, reason BIGINT NOT NULL, behind BIGINT NOT NULL,
    tries BIGINT NOT NULL, next_at BIGINT, created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX transfer_schedule_due ON transfer_schedule (next_at, no) WHERE state = 1;
CREATE INDEX transfer_schedule_payer ON transfer_schedule (payer, no);
CREATE TABLE schedule_run (no SEQ_KEY, schedule BIGINT NOT NULL REFERENCES transfer_schedule(no), number BIGINT NOT NULL,
    attempt BIGINT NOT NULL, outcome BIGINT NOT NULL, payment BIGINT NOT NULL, mail BIGINT NOT NULL, at BIGINT NOT NULL,
    UNIQUE (schedule, number, attempt));
)sql";

// Sessions of customers say where they came from and what they proved. Whoever is signed in signs in again once.
inline constexpr std::string_view customer_session_tables = R"sql(
DROP TABLE customer_session;
CREATE TABLE customer_session (token_hash OCTETS PRIMARY KEY, no BIGINT NOT NULL UNIQUE,
    customer BIGINT NOT NULL REFERENCES customer(no), created BIGINT NOT NULL, expires BIGINT NOT NULL,
    last_seen BIGINT NOT NULL, assurance BIGINT NOT NULL, proven BIGINT NOT NULL, device OCTETS NOT NULL,
    agent TEXT NOT NULL, address TEXT NOT NULL);
CREATE INDEX customer_session_by_customer ON customer_session (customer, no);
)sql";

// Sign-up, new passwords, devices.
inline constexpr std::string_view access_tables = R"sql(
ALTER TABLE customer_login ADD COLUMN device_failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE customer_login ADD COLUMN password_set BIGINT NOT NULL DEFAULT 0;
CREATE TABLE stranger_tries (address_hash OCTETS PRIMARY KEY, failures BIGINT NOT NULL, blocked_until BIGINT NOT NULL,
    updated BIGINT NOT NULL);
CREATE INDEX stranger_tries_old ON stranger_tries (updated);
CREATE TABLE customer_device (customer BIGINT NOT NULL REFERENCES customer(no), device OCTETS NOT NULL, agent TEXT NOT NULL,
    address TEXT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL, PRIMARY KEY (customer, device));
CREATE TABLE customer_phrase (customer SEQ_KEY REFERENCES customer(no), phrase TEXT NOT NULL, set_at BIGINT NOT NULL);
CREATE TABLE access_link (no SEQ_KEY, token_hash OCTETS NOT NULL UNIQUE, kind BIGINT NOT NULL,
    customer BIGINT REFERENCES customer(no), email TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,
    zone TEXT NOT NULL, password TEXT NOT NULL, about TEXT NOT NULL, request TEXT NOT NULL,
    failures BIGINT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL, used BIGINT);
CREATE INDEX access_link_by_email ON access_link (email, created);
CREATE INDEX access_link_by_customer ON access_link (customer, kind);
CREATE INDEX access_link_old ON access_link (expires);
)sql";

// Second factors of customers: an authenticator app, passkeys, recovery codes; the guesses at their codes, and when what
// signs a customer in last changed; the accounts and cards that a factor has opened for withdrawals. Answered challenges
// stay until they would have ended.
inline constexpr std::string_view factor_tables = R"sql(
CREATE TABLE customer_app (customer BIGINT PRIMARY KEY REFERENCES customer(no), secret OCTETS NOT NULL,
    last_step BIGINT NOT NULL, begun BIGINT NOT NULL, confirmed BIGINT);
CREATE TABLE passkey (no SEQ_KEY, customer BIGINT NOT NULL REFERENCES customer(no), credential OCTETS NOT NULL UNIQUE,
    public_key OCTETS NOT NULL, sign_count BIGINT NOT NULL, name TEXT NOT NULL, aaguid OCTETS NOT NULL,
    backed_up BIGINT NOT NULL, created BIGINT NOT NULL, last_used BIGINT);
CREATE INDEX passkey_of_customer ON passkey (customer, no);
CREATE TABLE recovery_code (hash OCTETS PRIMARY KEY, customer BIGINT NOT NULL REFERENCES customer(no),
    made BIGINT NOT NULL, used BIGINT);
CREATE INDEX recovery_code_of_customer ON recovery_code (customer);
CREATE TABLE factor_guard (customer BIGINT PRIMARY KEY REFERENCES customer(no), changed BIGINT,
    app_wrong BIGINT NOT NULL, app_blocks BIGINT NOT NULL, app_blocked_until BIGINT NOT NULL,
    code_wrong BIGINT NOT NULL, code_blocks BIGINT NOT NULL, code_blocked_until BIGINT NOT NULL);
CREATE TABLE payout_place (customer BIGINT NOT NULL REFERENCES customer(no), instrument_hash OCTETS NOT NULL,
    opened BIGINT NOT NULL, PRIMARY KEY (customer, instrument_hash));
CREATE TABLE answered_challenge (hash OCTETS PRIMARY KEY, ends BIGINT NOT NULL);
CREATE INDEX answered_challenge_ends ON answered_challenge (ends);
)sql";

// Locks on customers, and what the monitor judged.
// `customer.standing` follows the locks and stands there for who reads; who was restricted before gets a lock that says so.
// A lock_event's `ledger_seq` is the ledger's newest transfer when it happened.
inline constexpr std::string_view lock_tables = R"sql(
CREATE TABLE customer_lock (no SEQ_KEY, customer BIGINT NOT NULL REFERENCES customer(no), scope BIGINT NOT NULL,
    source BIGINT NOT NULL, state BIGINT NOT NULL, reason TEXT NOT NULL, message_code TEXT NOT NULL, placed BIGINT NOT NULL,
    review_at BIGINT, expires_at BIGINT, ticket BIGINT NOT NULL, ended BIGINT);
CREATE INDEX customer_lock_by_customer ON customer_lock (customer, no);
CREATE INDEX customer_lock_active ON customer_lock (no) WHERE state = 1;
CREATE INDEX customer_lock_expires ON customer_lock (expires_at, no) WHERE state = 1 AND expires_at IS NOT NULL;
CREATE TABLE lock_event (no SEQ_KEY, lock_no BIGINT NOT NULL REFERENCES customer_lock(no), at BIGINT NOT NULL,
    to_state BIGINT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, ledger_seq BIGINT NOT NULL);
CREATE INDEX lock_event_by_lock ON lock_event (lock_no, no);
CREATE TABLE lock_release (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, lock_no BIGINT NOT NULL REFERENCES customer_lock(no),
    state BIGINT NOT NULL, checklist TEXT NOT NULL, evidence TEXT NOT NULL, seen TEXT NOT NULL,
    proposer BIGINT NOT NULL REFERENCES staff(no), proposed BIGINT NOT NULL, decider BIGINT REFERENCES staff(no),
    decided BIGINT, note TEXT NOT NULL);
CREATE INDEX lock_release_by_lock ON lock_release (lock_no, no);
CREATE TABLE risk_event (no SEQ_KEY, customer BIGINT NOT NULL REFERENCES customer(no), kind BIGINT NOT NULL,
    at BIGINT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX risk_event_at ON risk_event (at, no);
CREATE INDEX risk_event_by_customer ON risk_event (customer, no);
CREATE TABLE risk_decision (no SEQ_KEY, at BIGINT NOT NULL, customer BIGINT NOT NULL REFERENCES customer(no),
    operation BIGINT NOT NULL, verdict BIGINT NOT NULL, ruleset TEXT NOT NULL, rules TEXT NOT NULL, shadows TEXT NOT NULL,
    inputs TEXT NOT NULL, payment BIGINT NOT NULL, payee BIGINT NOT NULL, amount BIGINT NOT NULL, currency BIGINT NOT NULL,
    lock_no BIGINT NOT NULL);
CREATE INDEX risk_decision_by_lock ON risk_decision (lock_no, no) WHERE lock_no <> 0;
CREATE INDEX rail_call_by_customer ON rail_call (customer, payment);
INSERT INTO customer_lock (no, customer, scope, source, state, reason, message_code, placed, review_at, expires_at, ticket,
    ended) SELECT row_number() OVER (ORDER BY no), no, CASE standing WHEN 2 THEN 2 ELSE 3 END, 2, 1,
    'restricted before locks were kept', 'under_review', created, NULL, NULL, 0, NULL FROM customer WHERE standing <> 0;
INSERT INTO lock_event (no, lock_no, at, to_state, actor, reason, ledger_seq)
    SELECT no, no, placed, 1, 'system:0', reason, (SELECT coalesce(max(seq), 0) FROM transfer) FROM customer_lock;
)sql";

// Proof of identity.
// What was stated and what was read on pictures is sealed; a file is its newest row of a kind that is not erased. `outcome`
// is the state that was decided, which stays when the files go.
inline constexpr std::string_view identity_tables = R"sql(
CREATE TABLE identity_verification (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, customer BIGINT NOT NULL REFERENCES customer(no),
    purpose BIGINT NOT NULL, state BIGINT NOT NULL, code BIGINT NOT NULL, outcome BIGINT NOT NULL, document BIGINT NOT NULL,
    country TEXT NOT NULL, number_masked TEXT NOT NULL, number_hash OCTETS NOT NULL, facts_key OCTETS NOT NULL,
    facts OCTETS NOT NULL, reviews_needed BIGINT NOT NULL, round BIGINT NOT NULL, unreadable BIGINT NOT NULL,
    word TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL, submitted BIGINT, decided BIGINT,
    document_expires TEXT NOT NULL, expiry_letter BIGINT NOT NULL, input_due BIGINT, files_due BIGINT,
    files_destroyed BIGINT);
CREATE UNIQUE INDEX identity_verification_under_way ON identity_verification (customer) WHERE state IN (1, 2, 3);
CREATE INDEX identity_verification_by_customer ON identity_verification (customer, no);
CREATE INDEX identity_verification_queue ON identity_verification (state, submitted, no);
CREATE INDEX identity_verification_number ON identity_verification (number_hash);
CREATE INDEX identity_verification_files_due ON identity_verification (files_due, no) WHERE files_due IS NOT NULL;
CREATE INDEX identity_verification_input_due ON identity_verification (input_due, no) WHERE state = 1;
CREATE INDEX identity_verification_expires ON identity_verification (document_expires, no)
    WHERE outcome = 4 AND state <> 7 AND document_expires <> '';
CREATE TABLE identity_file (no SEQ_KEY, id OCTETS NOT NULL UNIQUE,
    verification BIGINT NOT NULL REFERENCES identity_verification(no), kind BIGINT NOT NULL, picture_type BIGINT NOT NULL,
    width BIGINT NOT NULL, height BIGINT NOT NULL, original_size BIGINT NOT NULL, original_hash OCTETS NOT NULL,
    object_key OCTETS NOT NULL, sealed OCTETS, blob TEXT, reading_key OCTETS NOT NULL, reading OCTETS NOT NULL,
    added BIGINT NOT NULL, erased BIGINT);
CREATE INDEX identity_file_by_verification ON identity_file (verification, no);
CREATE INDEX identity_file_original ON identity_file (original_hash);
CREATE TABLE identity_check (verification BIGINT NOT NULL REFERENCES identity_verification(no), round BIGINT NOT NULL,
    kind BIGINT NOT NULL, verdict BIGINT NOT NULL, PRIMARY KEY (verification, round, kind));
CREATE TABLE identity_review (no SEQ_KEY, verification BIGINT NOT NULL REFERENCES identity_verification(no),
    round BIGINT NOT NULL, staff BIGINT NOT NULL REFERENCES staff(no), decision BIGINT NOT NULL, code BIGINT NOT NULL,
    note TEXT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX identity_review_by_verification ON identity_review (verification, no);
CREATE TABLE identity_view (no SEQ_KEY, verification BIGINT NOT NULL REFERENCES identity_verification(no),
    file BIGINT NOT NULL, staff BIGINT NOT NULL REFERENCES staff(no), purpose BIGINT NOT NULL, reason TEXT NOT NULL,
    at BIGINT NOT NULL);
CREATE INDEX identity_view_by_verification ON identity_view (verification, staff);
CREATE TABLE doomed_blob (no SEQ_KEY, blob TEXT NOT NULL, since BIGINT NOT NULL);
)sql";

// Changes of what stands of a customer, and case sessions.
inline constexpr std::string_view change_tables = R"sql(
CREATE TABLE customer_change (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, customer BIGINT NOT NULL REFERENCES customer(no),
    kind BIGINT NOT NULL, state BIGINT NOT NULL, reason BIGINT NOT NULL, stood TEXT NOT NULL, wanted TEXT NOT NULL,
    taken BIGINT NOT NULL, prove_hash OCTETS NOT NULL UNIQUE, cancel_hash OCTETS NOT NULL UNIQUE, ticket BIGINT NOT NULL,
    proposer BIGINT REFERENCES staff(no), decider BIGINT REFERENCES staff(no), note TEXT NOT NULL, lock BIGINT NOT NULL,
    session BIGINT NOT NULL, asked BIGINT NOT NULL, due BIGINT, proven BIGINT, ended BIGINT);
CREATE INDEX customer_change_of ON customer_change (customer, no);
CREATE INDEX customer_change_due ON customer_change (due, no) WHERE state IN (1, 2, 3);
CREATE INDEX customer_change_wanted ON customer_change (wanted, asked) WHERE kind = 1;
CREATE INDEX customer_change_ticket ON customer_change (ticket) WHERE ticket <> 0;
CREATE TABLE case_access (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, ticket BIGINT NOT NULL REFERENCES ticket(no),
    customer BIGINT NOT NULL REFERENCES customer(no), link_hash OCTETS NOT NULL UNIQUE, sent BIGINT NOT NULL,
    link_expires BIGINT NOT NULL, opened BIGINT, session_hash OCTETS UNIQUE, session_expires BIGINT, ended BIGINT,
    files BIGINT NOT NULL, answers BIGINT NOT NULL);
CREATE INDEX case_access_of ON case_access (ticket, sent);
CREATE TABLE case_file (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, access BIGINT NOT NULL REFERENCES case_access(no),
    ticket BIGINT NOT NULL REFERENCES ticket(no), name TEXT NOT NULL, media_type TEXT NOT NULL, size BIGINT NOT NULL,
    content_hash OCTETS NOT NULL, object_key OCTETS NOT NULL, sealed OCTETS, blob TEXT, at BIGINT NOT NULL);
CREATE INDEX case_file_of ON case_file (ticket, no);
)sql";

// Keys apart from what they open (store/object_keys.hpp, store/key_ring.hpp): 1 mail, 2 case file, 3 picture of a document,
// 4 what was read on it, 5 what was stated of it.
inline constexpr std::string_view key_tables = R"sql(
CREATE TABLE key_ring (generation SEQ_KEY, wrapped OCTETS NOT NULL, made BIGINT NOT NULL);
CREATE TABLE object_key (kind BIGINT NOT NULL, owner BIGINT NOT NULL, wrapped OCTETS NOT NULL, erased BIGINT,
    PRIMARY KEY (kind, owner));
INSERT INTO object_key (kind, owner, wrapped, erased) SELECT 1, no, object_key, NULL FROM inbound_mail;
INSERT INTO object_key (kind, owner, wrapped, erased) SELECT 2, no, object_key, NULL FROM case_file;
INSERT INTO object_key (kind, owner, wrapped, erased) SELECT 3, no, object_key, erased FROM identity_file;
INSERT INTO object_key (kind, owner, wrapped, erased) SELECT 4, no, reading_key, erased FROM identity_file;
INSERT INTO object_key (kind, owner, wrapped, erased) SELECT 5, no, facts_key, files_destroyed FROM identity_verification;
ALTER TABLE inbound_mail DROP COLUMN object_key;
ALTER TABLE case_file DROP COLUMN object_key;
ALTER TABLE identity_file DROP COLUMN object_key;
ALTER TABLE identity_file DROP COLUMN reading_key;
ALTER TABLE identity_verification DROP COLUMN facts_key;
)sql";

// PostgreSQL alone: what is random or sealed does not shrink, so no time goes into trying; rows of accounts are overwritten
// in their page.
inline constexpr std::string_view postgres_storage = R"sql(
ALTER TABLE once_block ALTER COLUMN keys SET STORAGE EXTERNAL;
ALTER TABLE inbound_mail ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE account SET (fillfactor = 60);
)sql";

// What the evaluation of a sender needs besides the octets, and what it found.
inline constexpr std::string_view mail_authentication_columns = R"sql(
ALTER TABLE inbound_mail ADD COLUMN helo TEXT NOT NULL DEFAULT '';
ALTER TABLE inbound_mail ADD COLUMN authentication TEXT NOT NULL DEFAULT '';
)sql";

// What keeps a person's data and what ended them, and which staff have to do with whom. A row of `person_erasure` stays when
// the person's own are gone: it is the proof of it.
inline constexpr std::string_view privacy_tables = R"sql(
ALTER TABLE customer ADD COLUMN erased BIGINT;
CREATE TABLE legal_hold (no SEQ_KEY, customer BIGINT NOT NULL REFERENCES customer(no), placed BIGINT NOT NULL,
    placed_by TEXT NOT NULL, reason TEXT NOT NULL, released BIGINT, released_by TEXT NOT NULL,
    release_reason TEXT NOT NULL);
CREATE UNIQUE INDEX legal_hold_standing ON legal_hold (customer) WHERE released IS NULL;
CREATE INDEX legal_hold_of ON legal_hold (customer, no);
CREATE TABLE person_erasure (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, customer BIGINT NOT NULL REFERENCES customer(no),
    state BIGINT NOT NULL, reason TEXT NOT NULL, proposed_by TEXT NOT NULL, proposed BIGINT NOT NULL,
    decider BIGINT REFERENCES staff(no), decided BIGINT, note TEXT NOT NULL);
CREATE UNIQUE INDEX person_erasure_waiting ON person_erasure (customer) WHERE state = 1;
CREATE INDEX person_erasure_of ON person_erasure (customer, no);
CREATE TABLE staff_relation (staff BIGINT NOT NULL REFERENCES staff(no), customer BIGINT NOT NULL REFERENCES customer(no),
    relation BIGINT NOT NULL, set_by TEXT NOT NULL, set_at BIGINT NOT NULL, PRIMARY KEY (staff, customer));
CREATE INDEX staff_relation_of ON staff_relation (customer);
ALTER TABLE staff ADD COLUMN approval BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN approver BIGINT REFERENCES staff(no);
ALTER TABLE staff ADD COLUMN approved BIGINT;
CREATE INDEX ticket_by_party ON ticket (party_address) WHERE customer IS NULL;
CREATE INDEX outgoing_mail_by_recipient ON outgoing_mail (recipient, no);
CREATE INDEX outgoing_mail_by_ticket ON outgoing_mail (ticket, no) WHERE ticket IS NOT NULL;
CREATE INDEX risk_decision_by_customer ON risk_decision (customer, no);
)sql";

// Keys of DKIM, a row each for ever. And by which id the mails of an import find the request that they belong to.
inline constexpr std::string_view dkim_and_import_tables = R"sql(
CREATE TABLE dkim_key (no SEQ_KEY, domain TEXT NOT NULL, selector TEXT NOT NULL, algorithm BIGINT NOT NULL,
    public_key OCTETS NOT NULL, sealed OCTETS NOT NULL, made BIGINT NOT NULL, retired BIGINT, UNIQUE (domain, selector));
CREATE INDEX inbound_mail_imported ON inbound_mail (message_id) WHERE channel = 'import';
)sql";

// What holders of cards have their banks take back, and each step of it.
inline constexpr std::string_view dispute_tables = R"sql(
CREATE TABLE dispute (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, payment BIGINT NOT NULL, merchant BIGINT NOT NULL
    REFERENCES merchant(no), reference TEXT NOT NULL UNIQUE, stage BIGINT NOT NULL, status BIGINT NOT NULL,
    reason BIGINT NOT NULL, amount BIGINT NOT NULL, currency BIGINT NOT NULL, house_pays BIGINT NOT NULL,
    answer TEXT NOT NULL, opened BIGINT NOT NULL, updated BIGINT NOT NULL, due BIGINT NOT NULL);
CREATE INDEX dispute_of_payment ON dispute (payment, no);
CREATE INDEX dispute_open ON dispute (due, no) WHERE status IN (1, 2);
CREATE INDEX dispute_unanswered ON dispute (due, no) WHERE status = 1;
CREATE TABLE dispute_event (no SEQ_KEY, dispute BIGINT NOT NULL REFERENCES dispute(no), at BIGINT NOT NULL,
    stage BIGINT NOT NULL, status BIGINT NOT NULL, move BIGINT NOT NULL, transfer BIGINT NOT NULL,
    staff BIGINT REFERENCES staff(no));
CREATE INDEX dispute_event_of ON dispute_event (dispute, no);
)sql";

// The clock of the next reply, and what staff were told of the running one.
inline constexpr std::string_view clock_columns = R"sql(
ALTER TABLE ticket ADD COLUMN next_reply_due BIGINT;
ALTER TABLE ticket ADD COLUMN waiting_since BIGINT;
ALTER TABLE ticket ADD COLUMN clock_told BIGINT NOT NULL DEFAULT 0;
)sql";

// What becomes of mail on its way out. `automatic`: no person wrote it. `held`: why it waits though it is due. `code`: by
// which people find out that the mail is ours. Older mails get what can be told of them.
inline constexpr std::string_view mail_out_tables = R"sql(
ALTER TABLE outgoing_mail ADD COLUMN automatic BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outgoing_mail ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outgoing_mail ADD COLUMN code TEXT NOT NULL DEFAULT '';
UPDATE outgoing_mail SET automatic = 1 WHERE kind = 'acknowledgement' OR ticket IS NULL;
CREATE INDEX outgoing_mail_automatic ON outgoing_mail (created) WHERE automatic = 1;
CREATE INDEX outgoing_mail_automatic_to ON outgoing_mail (recipient, created) WHERE automatic = 1;
CREATE INDEX outgoing_mail_held ON outgoing_mail (no) WHERE held <> 0;
CREATE INDEX outgoing_mail_code ON outgoing_mail (code) WHERE code <> '';
CREATE INDEX inbound_mail_quarantined ON inbound_mail (no) WHERE state = 3;
CREATE TABLE delivery_attempt (no SEQ_KEY, outgoing BIGINT NOT NULL REFERENCES outgoing_mail(no), at BIGINT NOT NULL,
    step BIGINT NOT NULL, reply TEXT NOT NULL);
CREATE INDEX delivery_attempt_of ON delivery_attempt (outgoing, no);
CREATE TABLE mail_bounce (no SEQ_KEY, outgoing BIGINT NOT NULL REFERENCES outgoing_mail(no),
    mail BIGINT NOT NULL REFERENCES inbound_mail(no), address TEXT NOT NULL, kind BIGINT NOT NULL, reason BIGINT NOT NULL,
    status TEXT NOT NULL, diagnostic TEXT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX mail_bounce_of ON mail_bounce (outgoing, no);
CREATE UNIQUE INDEX mail_bounce_told_by ON mail_bounce (mail);
CREATE INDEX mail_bounce_address ON mail_bounce (address, at);
CREATE TABLE suppressed_address (no SEQ_KEY, address TEXT NOT NULL, reason BIGINT NOT NULL, status TEXT NOT NULL,
    diagnostic TEXT NOT NULL, outgoing BIGINT NOT NULL REFERENCES outgoing_mail(no), since BIGINT NOT NULL, lifted BIGINT,
    lifted_by TEXT NOT NULL, lift_reason TEXT NOT NULL);
CREATE UNIQUE INDEX suppressed_address_standing ON suppressed_address (address) WHERE lifted IS NULL AND address <> '';
CREATE INDEX suppressed_address_of ON suppressed_address (address, no);
CREATE TABLE mail_brake (no SEQ_KEY, kind BIGINT NOT NULL, since BIGINT NOT NULL, why TEXT NOT NULL, tries BIGINT NOT NULL,
    next_try BIGINT NOT NULL, ended BIGINT, ended_by TEXT NOT NULL, end_reason TEXT NOT NULL);
CREATE UNIQUE INDEX mail_brake_standing ON mail_brake (kind) WHERE ended IS NULL;
CREATE TABLE mail_check (no SEQ_KEY, mail BIGINT NOT NULL REFERENCES inbound_mail(no), about BIGINT REFERENCES
    outgoing_mail(no), answer BIGINT REFERENCES outgoing_mail(no), address TEXT NOT NULL, at BIGINT NOT NULL);
CREATE UNIQUE INDEX mail_check_asked_by ON mail_check (mail);
CREATE INDEX mail_check_address ON mail_check (address, at);
CREATE INDEX mail_check_at ON mail_check (at);
)sql";

// Articles of the FAQ with each of their versions, and which requests were answered from them.
inline constexpr std::string_view faq_tables = R"sql(
CREATE TABLE faq_article (no SEQ_KEY, slug TEXT NOT NULL, language BIGINT NOT NULL, version BIGINT NOT NULL,
    published BIGINT, revision BIGINT NOT NULL, derived BIGINT NOT NULL, updated BIGINT NOT NULL, updated_by TEXT NOT NULL,
    helped BIGINT NOT NULL, not_helped BIGINT NOT NULL, UNIQUE (slug, language));
CREATE TABLE faq_version (no SEQ_KEY, article BIGINT NOT NULL REFERENCES faq_article(no), version BIGINT NOT NULL,
    category TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, questions TEXT NOT NULL, revision BIGINT NOT NULL,
    at BIGINT NOT NULL, author TEXT NOT NULL, UNIQUE (article, version));
CREATE TABLE faq_answer (ticket BIGINT PRIMARY KEY REFERENCES ticket(no), article BIGINT NOT NULL REFERENCES faq_article(no),
    version BIGINT NOT NULL, state BIGINT NOT NULL, at BIGINT NOT NULL, ended BIGINT);
CREATE INDEX faq_answer_waiting ON faq_answer (at, ticket) WHERE state = 1;
CREATE INDEX faq_answer_of ON faq_answer (article, state);
)sql";

// What answers promised, and until when; a request has the earliest that is not done, for lists sort by it. Of clocks that
// ran out before there was a third word about them, no third word is said.
inline constexpr std::string_view promise_tables = R"sql(
ALTER TABLE ticket ADD COLUMN promise_due BIGINT;
UPDATE ticket SET clock_told = 3 WHERE clock_told = 2;
CREATE TABLE promise (no SEQ_KEY, ticket BIGINT NOT NULL REFERENCES ticket(no),
    message BIGINT NOT NULL REFERENCES message(no), words TEXT NOT NULL, due BIGINT NOT NULL, state BIGINT NOT NULL,
    made BIGINT NOT NULL, staff BIGINT NOT NULL REFERENCES staff(no), ended BIGINT, ended_by BIGINT REFERENCES staff(no),
    reason TEXT NOT NULL, told BIGINT NOT NULL);
CREATE INDEX promise_of ON promise (ticket, no);
CREATE INDEX promise_open ON promise (due, no) WHERE ended IS NULL;
)sql";

// Requests that belong together. Of a merge also how both stood before it, so that it can be taken back. `split_message`:
// the message that was there first, and its copy in the request that was split off. Who sleeps until when; answers being
// written.
inline constexpr std::string_view ticket_link_tables = R"sql(
CREATE TABLE ticket_link (no SEQ_KEY, ticket BIGINT NOT NULL REFERENCES ticket(no), other BIGINT NOT NULL REFERENCES
    ticket(no), kind BIGINT NOT NULL, reason TEXT NOT NULL, made BIGINT NOT NULL, made_by BIGINT NOT NULL REFERENCES
    staff(no), ended BIGINT, ended_by BIGINT REFERENCES staff(no), from_state BIGINT, into_state BIGINT, into_version BIGINT,
    first_reply_due BIGINT, next_reply_due BIGINT, investigation_due BIGINT, waiting_since BIGINT);
CREATE INDEX ticket_link_of ON ticket_link (ticket, no);
CREATE INDEX ticket_link_other ON ticket_link (other, no);
CREATE UNIQUE INDEX ticket_link_merged ON ticket_link (ticket) WHERE kind = 4 AND ended IS NULL;
CREATE UNIQUE INDEX ticket_link_standing ON ticket_link (ticket, other, kind) WHERE ended IS NULL;
CREATE TABLE split_message (copy BIGINT PRIMARY KEY REFERENCES message(no), original BIGINT NOT NULL UNIQUE REFERENCES
    message(no));
CREATE TABLE ticket_snooze (ticket BIGINT PRIMARY KEY REFERENCES ticket(no), until BIGINT NOT NULL, staff BIGINT NOT NULL
    REFERENCES staff(no), at BIGINT NOT NULL);
CREATE INDEX ticket_snooze_until ON ticket_snooze (until, ticket);
CREATE TABLE reply_draft (staff BIGINT NOT NULL REFERENCES staff(no), ticket BIGINT NOT NULL REFERENCES ticket(no),
    mode BIGINT NOT NULL, text TEXT NOT NULL, figures TEXT NOT NULL, updated BIGINT NOT NULL,
    PRIMARY KEY (staff, ticket, mode));
CREATE INDEX reply_draft_of ON reply_draft (ticket);
)sql";

}  // namespace okpay::store
