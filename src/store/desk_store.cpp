// SPDX-License-Identifier: Apache-2.0
#include "store/desk_store.hpp"

#include "desk/lifecycle.hpp"
#include "store/in_list.hpp"
#include "store/object_keys.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using desk::Message;
using desk::Remedy;
using desk::TicketNo;
using std::string_view;

constexpr string_view ticket_columns =
    "no, id, request_number, customer, party_address, assurance, subject, state, category, urgency, route, language, "
    "assignee, "
    "linked_to, opened, updated, first_reply_due, first_replied, investigation_due, next_reply_due, "
    "promise_due, waiting_since, clock_told, version, preview, reading";

TicketRow ticket_at(const Row& row) {
    RowReader read{row};
    // Braced initialisers are evaluated in order (C++ [dcl.init.list]), which the reader relies on.
    return TicketRow{.ticket = {.no = TicketNo{read.integer()},
                                .id = read.id<TicketId>(),
                                .request_number = read.text(),
                                .customer = read.maybe_no<customers::CustomerNo>(),
                                .party_address = read.text(),
                                .assurance = read.as<customers::Assurance>(),
                                .subject = read.text(),
                                .state = read.as<desk::TicketState>(),
                                .category = read.text(),
                                .urgency = read.text(),
                                .route = read.text(),
                                .language = read.text(),
                                .assignee = read.maybe_no<customers::StaffNo>(),
                                .linked_to = read.maybe_no<TicketNo>(),
                                .opened = read.moment(),
                                .updated = read.moment(),
                                .first_reply_due = read.moment(),
                                .first_replied = read.maybe_moment(),
                                .investigation_due = read.maybe_moment(),
                                .next_reply_due = read.maybe_moment(),
                                .promise_due = read.maybe_moment(),
                                .waiting_since = read.maybe_moment(),
                                .clock_told = read.integer(),
                                .version = read.integer()},
                     .preview = read.text(),
                     .reading = read.text()};
}

std::optional<TicketRow> one_ticket(Connection& connection, string_view where, Value key) {
    const std::string sql = "SELECT " + std::string{ticket_columns} + " FROM ticket WHERE " + std::string{where};
    std::optional<TicketRow> found;
    connection.query(sql, {key}, [&found](const Row& row) { found = ticket_at(row); });
    return found;
}

// Those whose numbers the statement selects, in its order.
std::vector<TicketRow> tickets_by(Connection& connection, string_view sql, std::initializer_list<Value> parameters) {
    std::vector<TicketNo> numbers;
    connection.query(sql, parameters, [&numbers](const Row& row) { numbers.push_back(TicketNo{row.integer(0)}); });
    return find_tickets(connection, numbers);
}

}  // namespace

void insert_ticket(Connection& connection, const TicketRow& row) {
    const desk::Ticket& t = row.ticket;
    static const std::string sql =
        "INSERT INTO ticket (" + std::string{ticket_columns} +
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
        "$23, $24, $25, $26)";
    connection.execute(sql, {number_of(t.no),
                             Octets{t.id.view()},
                             string_view{t.request_number},
                             no_or_null(t.customer),
                             string_view{t.party_address},
                             stored(t.assurance),
                             string_view{t.subject},
                             stored(t.state),
                             string_view{t.category},
                             string_view{t.urgency},
                             string_view{t.route},
                             string_view{t.language},
                             no_or_null(t.assignee),
                             no_or_null(t.linked_to),
                             ms_of(t.opened),
                             ms_of(t.updated),
                             ms_of(t.first_reply_due),
                             moment_or_null(t.first_replied),
                             moment_or_null(t.investigation_due),
                             moment_or_null(t.next_reply_due),
                             moment_or_null(t.promise_due),
                             moment_or_null(t.waiting_since),
                             t.clock_told,
                             t.version,
                             string_view{row.preview},
                             string_view{row.reading}});
}

void update_ticket(Connection& connection, const TicketRow& row) {
    const desk::Ticket& t = row.ticket;
    connection.execute(
        "UPDATE ticket SET assurance = $2, state = $3, category = $4, urgency = $5, route = $6, language = $7, assignee = "
        "$8, "
        "updated = $9, first_reply_due = $10, first_replied = $11, investigation_due = $12, version = $13, preview = $14, "
        "reading = $15, next_reply_due = $16, waiting_since = $17, clock_told = $18, promise_due = $19 WHERE no = $1",
        {number_of(t.no), stored(t.assurance), stored(t.state), string_view{t.category}, string_view{t.urgency},
         string_view{t.route}, string_view{t.language}, no_or_null(t.assignee), ms_of(t.updated), ms_of(t.first_reply_due),
         moment_or_null(t.first_replied), moment_or_null(t.investigation_due), t.version, string_view{row.preview},
         string_view{row.reading}, moment_or_null(t.next_reply_due), moment_or_null(t.waiting_since), t.clock_told,
         moment_or_null(t.promise_due)});
}

std::optional<TicketRow> find_ticket(Connection& connection, TicketNo no) {
    return one_ticket(connection, "no = $1", number_of(no));
}

std::optional<TicketRow> find_ticket(Connection& connection, string_view request_number) {
    return one_ticket(connection, "request_number = $1", request_number);
}

std::vector<TicketRow> find_tickets(Connection& connection, std::span<const TicketNo> numbers) {
    static const std::string sql = "SELECT " + std::string{ticket_columns} + " FROM ticket WHERE no";
    std::vector<TicketRow> found;
    query_in(connection, sql, "", numbers, {}, [&found](const Row& row) { found.push_back(ticket_at(row)); });
    std::vector<TicketRow> in_order;
    for (const TicketNo no : numbers) {
        const auto one = std::ranges::find(found, no, [](const TicketRow& row) { return row.ticket.no; });
        if (one != found.end()) in_order.push_back(*one);
    }
    return in_order;
}

std::vector<TicketRow> with_clock_alarm(Connection& connection, Moment now, std::int64_t limit) {
    // The due time is desk::house_clock's, and the three conditions are desk::alarm_of's.
    constexpr string_view sql =
        "SELECT no FROM (SELECT no, clock_told AS told, CASE WHEN reply <= investigation THEN reply ELSE investigation END "
        "AS due FROM (SELECT no, clock_told, CASE WHEN state = 4 THEN 9223372036854775807 WHEN first_replied IS NULL THEN "
        "first_reply_due ELSE coalesce(next_reply_due, 9223372036854775807) END AS reply, coalesce(investigation_due, "
        "9223372036854775807) AS investigation FROM ticket WHERE state IN (1, 2, 4) AND route <> 'no_action' AND "
        "clock_told < 3) t) c WHERE (told < 1 AND due <= $1) OR (told < 2 AND due <= $2) OR due <= $3 ORDER BY no LIMIT $4";
    return tickets_by(connection, sql,
                      {ms_of(now + desk::told_before), ms_of(now), ms_of(now - desk::escalated_after), limit});
}

std::vector<TicketRow> solved_before(Connection& connection, Moment since, std::int64_t limit) {
    return tickets_by(connection, "SELECT no FROM ticket WHERE state = 5 AND updated <= $1 ORDER BY updated, no LIMIT $2",
                      {ms_of(since), limit});
}

std::vector<TicketRow> set_aside_before(Connection& connection, Moment since, std::int64_t limit) {
    return tickets_by(connection,
                      "SELECT no FROM ticket WHERE route = 'no_action' AND state IN (1, 2, 4) AND updated <= $1 AND "
                      "promise_due IS NULL AND "
                      "NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE z.ticket = ticket.no) ORDER BY updated, no LIMIT $2",
                      {ms_of(since), limit});
}

void insert_message(Connection& connection, const Message& m) {
    connection.execute(
        "INSERT INTO message (no, id, ticket, direction, author, staff, from_address, subject, body, quoted, "
        "mail_message_id, mail, "
        "outgoing, assurance, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        {number_of(m.no), Octets{m.id.view()}, number_of(m.ticket), stored(m.direction), stored(m.author),
         no_or_null(m.staff), string_view{m.from_address}, string_view{m.subject}, string_view{m.body},
         string_view{m.quoted}, string_view{m.mail_message_id}, value_or_null(m.mail), value_or_null(m.outgoing),
         stored(m.assurance), ms_of(m.at)});
}

std::vector<TicketNo> unfinished_tickets_of(Connection& connection, customers::CustomerNo customer) {
    std::vector<TicketNo> found;
    connection.query("SELECT no FROM ticket WHERE customer = $1 AND state NOT IN ($2, $3) ORDER BY no",
                     {number_of(customer), static_cast<std::int64_t>(desk::TicketState::solved),
                      static_cast<std::int64_t>(desk::TicketState::closed)},
                     [&](const Row& row) { found.push_back(TicketNo{row.integer(0)}); });
    return found;
}

std::vector<Message> messages_of(Connection& connection, TicketNo ticket) {
    std::vector<Message> found;
    connection.query(
        "SELECT no, id, ticket, direction, author, staff, from_address, subject, body, quoted, mail_message_id, mail, "
        "outgoing, "
        "assurance, at FROM message WHERE ticket = $1 ORDER BY no",
        {number_of(ticket)}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back(Message{.no = desk::MessageNo{read.integer()},
                                    .id = read.id<MessageId>(),
                                    .ticket = TicketNo{read.integer()},
                                    .direction = read.as<desk::Direction>(),
                                    .author = read.as<desk::Author>(),
                                    .staff = read.maybe_no<customers::StaffNo>(),
                                    .from_address = read.text(),
                                    .subject = read.text(),
                                    .body = read.text(),
                                    .quoted = read.text(),
                                    .mail_message_id = read.text(),
                                    .mail = read.maybe_integer(),
                                    .outgoing = read.maybe_integer(),
                                    .assurance = read.as<customers::Assurance>(),
                                    .at = read.moment()});
        });
    return found;
}

void insert_event(Connection& connection, TicketNo ticket, Moment at, string_view kind,
                  std::optional<customers::StaffNo> staff, string_view detail_json) {
    connection.execute(
        "INSERT INTO ticket_event (no, ticket, at, kind, staff, detail) "
        "VALUES ((SELECT coalesce(max(no), 0) + 1 FROM ticket_event), $1, $2, $3, $4, $5)",
        {number_of(ticket), ms_of(at), kind, no_or_null(staff), detail_json});
}

void insert_remedy(Connection& connection, const Remedy& r) {
    connection.execute(
        "INSERT INTO remedy (no, id, ticket, kind, state, payment, duplicate_of, amount, currency, expected_refundable, "
        "reason, "
        "evidence, proposer, proposed, decider, decided, decision_note, executed_payment) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        {stored(r.no), Octets{r.id.view()}, number_of(r.ticket), stored(r.kind), stored(r.state), r.payment, r.duplicate_of,
         r.amount.minor(), stored(r.amount.currency()), r.expected_refundable, string_view{r.reason},
         string_view{r.evidence}, number_of(r.proposer), ms_of(r.proposed), no_or_null(r.decider), moment_or_null(r.decided),
         string_view{r.decision_note}, r.executed_payment});
}

void update_remedy_decision(Connection& connection, const Remedy& r) {
    connection.execute(
        "UPDATE remedy SET state = $2, decider = $3, decided = $4, decision_note = $5, executed_payment = $6 "
        "WHERE no = $1",
        {stored(r.no), stored(r.state), no_or_null(r.decider), moment_or_null(r.decided), string_view{r.decision_note},
         r.executed_payment});
}

std::optional<Remedy> find_remedy(Connection& connection, const RemedyId& id) {
    std::optional<Remedy> found;
    connection.query(
        "SELECT no, id, ticket, kind, state, payment, duplicate_of, amount, currency, expected_refundable, reason, "
        "evidence, "
        "proposer, proposed, decider, decided, decision_note, executed_payment FROM remedy WHERE id = $1",
        {Octets{id.view()}}, [&found](const Row& row) {
            RowReader read{row};
            const auto no = desk::RemedyNo{read.integer()};
            const auto remedy_id = read.id<RemedyId>();
            const auto ticket = TicketNo{read.integer()};
            const auto kind = read.as<desk::RemedyKind>();
            const auto state = read.as<desk::RemedyState>();
            const std::int64_t payment = read.integer();
            const std::int64_t duplicate_of = read.integer();
            const std::int64_t minor = read.integer();
            const auto currency = money::currency_of_number(read.integer());
            const auto amount = currency
                                    ? money::Money::of_minor(minor, *currency)
                                    : Result<money::Money, money::MoneyError>{fail(money::MoneyError::currencies_differ)};
            if (!amount) throw StorageFailure{StorageFault::corrupt, "a remedy's amount cannot be read"};
            found = Remedy{.no = no,
                           .id = remedy_id,
                           .ticket = ticket,
                           .kind = kind,
                           .state = state,
                           .payment = payment,
                           .duplicate_of = duplicate_of,
                           .amount = *amount,
                           .expected_refundable = read.integer(),
                           .reason = read.text(),
                           .evidence = read.text(),
                           .proposer = customers::StaffNo{read.integer()},
                           .proposed = read.moment(),
                           .decider = read.maybe_no<customers::StaffNo>(),
                           .decided = read.maybe_moment(),
                           .decision_note = read.text(),
                           .executed_payment = read.integer()};
        });
    return found;
}

std::int64_t alone_approvals_since(Connection& connection, Moment since) {
    return connection
        .integer("SELECT count(*) FROM remedy WHERE decider = proposer AND executed_payment <> 0 AND decided >= $1",
                 {ms_of(since)})
        .value_or(0);
}

std::map<TicketNo, std::int64_t> open_remedies(Connection& connection, std::span<const TicketNo> tickets) {
    std::map<TicketNo, std::int64_t> found;
    query_in(connection, "SELECT ticket, max(no) FROM remedy WHERE state IN (1, 2, 3) AND ticket", " GROUP BY ticket",
             tickets, {}, [&found](const Row& row) { found.emplace(TicketNo{row.integer(0)}, row.integer(1)); });
    return found;
}

bool has_open_remedy(Connection& connection, std::int64_t payment) {
    return connection.integer("SELECT count(*) FROM remedy WHERE state = 1 AND payment = $1", {payment}).value_or(0) > 0;
}

// --- Mail -----------------------------------------------------------------------------------------------------------

void insert_inbound(Connection& connection, const InboundMail& m) {
    connection.execute(
        "INSERT INTO inbound_mail (no, id, channel, received, peer, mail_from, recipients, size, content_hash, sealed, "
        "blob, state, reason, attempts, message_id, ticket, message, updated, helo, authentication) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        {m.no,
         Octets{m.id.view()},
         string_view{m.channel},
         ms_of(m.received),
         string_view{m.peer},
         string_view{m.mail_from},
         string_view{m.recipients},
         m.size,
         Octets{view_of(m.content_hash)},
         m.sealed ? Value{Octets{*m.sealed}} : Value{nullptr},
         m.blob ? Value{string_view{*m.blob}} : Value{nullptr},
         stored(m.state),
         string_view{m.reason},
         m.attempts,
         string_view{m.message_id},
         value_or_null(m.ticket),
         value_or_null(m.message),
         ms_of(m.updated),
         string_view{m.helo},
         string_view{m.authentication}});
    put_object_key(connection, KeyOf::mail, m.no, m.object_key);
}

void update_inbound(Connection& connection, const InboundMail& m) {
    connection.execute(
        "UPDATE inbound_mail SET state = $2, reason = $3, attempts = $4, message_id = $5, ticket = $6, message = $7, "
        "updated = $8, authentication = $9 WHERE no = $1",
        {m.no, stored(m.state), string_view{m.reason}, m.attempts, string_view{m.message_id}, value_or_null(m.ticket),
         value_or_null(m.message), ms_of(m.updated), string_view{m.authentication}});
}

std::optional<InboundMail> find_inbound(Connection& connection, std::int64_t no) {
    std::optional<InboundMail> found;
    connection.query(
        "SELECT no, id, channel, received, peer, mail_from, recipients, size, content_hash, "
        "coalesce((SELECT k.wrapped FROM object_key k WHERE k.kind = 1 AND k.owner = inbound_mail.no), ''), sealed, blob, "
        "state, reason, attempts, message_id, ticket, message, updated, helo, authentication FROM inbound_mail WHERE no = "
        "$1",
        {no}, [&found](const Row& row) {
            RowReader read{row};
            found = InboundMail{.no = read.integer(),
                                .id = read.id<MailId>(),
                                .channel = read.text(),
                                .received = read.moment(),
                                .peer = read.text(),
                                .mail_from = read.text(),
                                .recipients = read.text(),
                                .size = read.integer(),
                                .content_hash = read.hash(),
                                .object_key = read.text(),
                                .sealed = read.maybe_text(),
                                .blob = read.maybe_text(),
                                .state = read.as<InboundState>(),
                                .reason = read.text(),
                                .attempts = read.integer(),
                                .message_id = read.text(),
                                .ticket = read.maybe_integer(),
                                .message = read.maybe_integer(),
                                .updated = read.moment(),
                                .helo = read.text(),
                                .authentication = read.text()};
        });
    return found;
}

std::optional<std::int64_t> inbound_with_content(Connection& connection, const Hash256& content_hash, std::int64_t before) {
    return connection.integer("SELECT min(no) FROM inbound_mail WHERE content_hash = $1 AND no < $2 AND state <> 4",
                              {Octets{view_of(content_hash)}, before});
}

// The channel stands in the text, not in a parameter: only so is the partial index used.
std::optional<TicketNo> imported_request_of(Connection& connection, string_view message_id) {
    const auto no = connection.integer(
        "SELECT min(ticket) FROM inbound_mail WHERE channel = 'import' AND message_id = $1 AND ticket IS NOT NULL",
        {message_id});
    if (!no) return std::nullopt;
    return TicketNo{*no};
}

std::vector<std::int64_t> waiting_inbound(Connection& connection, std::int64_t limit) {
    std::vector<std::int64_t> found;
    connection.query("SELECT no FROM inbound_mail WHERE state = 1 ORDER BY no LIMIT $1", {limit},
                     [&found](const Row& row) { found.push_back(row.integer(0)); });
    return found;
}

namespace {

constexpr string_view outgoing_columns =
    "no, id, kind, ticket, envelope_from, recipient, bytes, names_money, state, attempts, next_at, remote_reply, created, "
    "updated, handed_out, automatic, held, code";

OutgoingRow outgoing_at(const Row& row) {
    RowReader read{row};
    return OutgoingRow{.no = read.integer(),
                       .id = read.id<OutgoingId>(),
                       .kind = read.text(),
                       .ticket = read.maybe_no<TicketNo>(),
                       .envelope_from = read.text(),
                       .recipient = read.text(),
                       .bytes = read.text(),
                       .names_money = read.flag(),
                       .state = read.as<OutgoingState>(),
                       .attempts = read.integer(),
                       .next_at = read.moment(),
                       .remote_reply = read.text(),
                       .created = read.moment(),
                       .updated = read.moment(),
                       .handed_out = read.as<HandedOut>(),
                       .automatic = read.flag(),
                       .held = read.as<Held>(),
                       .code = read.text()};
}

}  // namespace

void insert_outgoing(Connection& connection, const OutgoingRow& o) {
    static const std::string sql =
        "INSERT INTO outgoing_mail (" + std::string{outgoing_columns} +
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    connection.execute(sql,
                       {o.no, Octets{o.id.view()}, string_view{o.kind}, no_or_null(o.ticket), string_view{o.envelope_from},
                        string_view{o.recipient}, Octets{o.bytes}, std::int64_t{o.names_money ? 1 : 0}, stored(o.state),
                        o.attempts, ms_of(o.next_at), string_view{o.remote_reply}, ms_of(o.created), ms_of(o.updated),
                        stored(o.handed_out), std::int64_t{o.automatic ? 1 : 0}, stored(o.held), string_view{o.code}});
}

void update_outgoing(Connection& connection, const OutgoingRow& o) {
    connection.execute(
        "UPDATE outgoing_mail SET state = $2, attempts = $3, next_at = $4, remote_reply = $5, updated = $6, held = $7 "
        "WHERE no = $1",
        {o.no, stored(o.state), o.attempts, ms_of(o.next_at), string_view{o.remote_reply}, ms_of(o.updated),
         stored(o.held)});
}

std::optional<OutgoingRow> find_outgoing(Connection& connection, std::int64_t no) {
    static const std::string sql = "SELECT " + std::string{outgoing_columns} + " FROM outgoing_mail WHERE no = $1";
    std::optional<OutgoingRow> found;
    connection.query(sql, {no}, [&found](const Row& row) { found = outgoing_at(row); });
    return found;
}

std::optional<OutgoingRow> find_outgoing(Connection& connection, const OutgoingId& id) {
    static const std::string sql = "SELECT " + std::string{outgoing_columns} + " FROM outgoing_mail WHERE id = $1";
    std::optional<OutgoingRow> found;
    connection.query(sql, {Octets{id.view()}}, [&found](const Row& row) { found = outgoing_at(row); });
    return found;
}

std::optional<OutgoingRow> find_outgoing_by_code(Connection& connection, std::string_view code) {
    static const std::string sql =
        "SELECT " + std::string{outgoing_columns} + " FROM outgoing_mail WHERE code = $1 AND code <> '' ORDER BY no LIMIT 1";
    std::optional<OutgoingRow> found;
    connection.query(sql, {code}, [&found](const Row& row) { found = outgoing_at(row); });
    return found;
}

void set_handed_out(Connection& connection, std::int64_t no, HandedOut handed_out) {
    connection.execute("UPDATE outgoing_mail SET handed_out = $2 WHERE no = $1", {no, stored(handed_out)});
}

void mark_interrupted_outgoing(Connection& connection) {
    connection.execute("UPDATE outgoing_mail SET handed_out = 2 WHERE handed_out IN (1, 3) AND state = 1");
}

std::vector<OutgoingRow> due_outgoing(Connection& connection, Moment now, std::int64_t limit, std::int64_t automatic_max) {
    std::vector<OutgoingRow> found;
    const auto gather = [&](string_view which, std::int64_t most) {
        if (most <= 0) return;
        const std::string sql = "SELECT " + std::string{outgoing_columns} +
                                " FROM outgoing_mail WHERE state = 1 AND next_at <= $1 AND held = 0 AND handed_out NOT IN "
                                "(1, 3)" +
                                std::string{which} + " ORDER BY next_at, no LIMIT $2";
        connection.query(sql, {ms_of(now), most}, [&found](const Row& row) { found.push_back(outgoing_at(row)); });
    };
    if (automatic_max >= limit) {
        gather("", limit);
        return found;
    }
    gather(" AND automatic = 0", limit);
    gather(" AND automatic = 1", std::min(automatic_max, limit - static_cast<std::int64_t>(found.size())));
    return found;
}

std::optional<Moment> next_outgoing_due(Connection& connection, Moment automatic_from) {
    const std::string sql =
        "SELECT min(next_at) FROM outgoing_mail WHERE state = 1 AND held = 0 AND handed_out NOT IN (1, 3) AND automatic = ";
    const auto by_people = connection.integer(sql + "0");
    const auto automatic = connection.integer(sql + "1");
    std::optional<Moment> due;
    if (by_people) due = moment_of_ms(*by_people);
    if (automatic) {
        const Moment then = std::max(moment_of_ms(*automatic), automatic_from);
        due = due ? std::min(*due, then) : then;
    }
    return due;
}

// The kind stands in the text, not in a parameter: only so is the partial index used.
std::int64_t count_acknowledgements_since(Connection& connection, std::string_view recipient, Moment since) {
    return connection
        .integer("SELECT count(*) FROM outgoing_mail WHERE kind = 'acknowledgement' AND recipient = $1 AND created >= $2",
                 {recipient, ms_of(since)})
        .value_or(0);
}

std::int64_t count_acknowledgements_since(Connection& connection, Moment since) {
    return connection
        .integer("SELECT count(*) FROM outgoing_mail WHERE kind = 'acknowledgement' AND created >= $1", {ms_of(since)})
        .value_or(0);
}

std::vector<TicketRow> acknowledged_to(Connection& connection, std::string_view recipient, Moment since,
                                       std::int64_t limit) {
    std::vector<std::int64_t> numbers;
    connection.query(
        "SELECT ticket FROM outgoing_mail WHERE kind = 'acknowledgement' AND recipient = $1 AND created >= $2 AND ticket IS "
        "NOT NULL ORDER BY created DESC, no DESC LIMIT $3",
        {recipient, ms_of(since), limit}, [&numbers](const Row& row) { numbers.push_back(row.integer(0)); });
    std::vector<TicketRow> found;
    for (const std::int64_t no : numbers) {
        if (auto row = find_ticket(connection, TicketNo{no})) found.push_back(*std::move(row));
    }
    return found;
}

// --- Audit and commands ---------------------------------------------------------------------------------------------

Hash256 audit_hash(const Hash256& previous, const AuditEntry& entry) {
    Bytes canonical;
    append_u64(canonical, static_cast<std::uint64_t>(entry.seq));
    append_u64(canonical, static_cast<std::uint64_t>(ms_of(entry.at)));
    for (const std::string* field : {&entry.actor, &entry.action, &entry.object, &entry.detail}) {
        append_u32(canonical, static_cast<std::uint32_t>(field->size()));
        canonical += *field;
    }
    append_u64(canonical, static_cast<std::uint64_t>(entry.ledger_seq));
    return sha256({view_of(previous), canonical, view_of(entry.ledger_hash)});
}

void insert_audit(Connection& connection, const AuditEntry& e) {
    connection.execute(
        "INSERT INTO audit (seq, at, actor, action, object, detail, ledger_seq, ledger_hash, hash) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {e.seq, ms_of(e.at), string_view{e.actor}, string_view{e.action}, string_view{e.object}, string_view{e.detail},
         e.ledger_seq, Octets{view_of(e.ledger_hash)}, Octets{view_of(e.hash)}});
}

namespace {

constexpr string_view audit_columns = "seq, at, actor, action, object, detail, ledger_seq, ledger_hash, hash";

AuditEntry audit_at(const Row& row) {
    RowReader read{row};
    return AuditEntry{.seq = read.integer(),
                      .at = read.moment(),
                      .actor = read.text(),
                      .action = read.text(),
                      .object = read.text(),
                      .detail = read.text(),
                      .ledger_seq = read.integer(),
                      .ledger_hash = read.hash(),
                      .hash = read.hash()};
}

}  // namespace

std::optional<AuditEntry> last_audit(Connection& connection) {
    static const std::string sql = "SELECT " + std::string{audit_columns} + " FROM audit ORDER BY seq DESC LIMIT 1";
    std::optional<AuditEntry> found;
    connection.query(sql, {}, [&found](const Row& row) { found = audit_at(row); });
    return found;
}

void each_audit(Connection& connection, const std::function<void(const AuditEntry&)>& visit) {
    static const std::string sql = "SELECT " + std::string{audit_columns} + " FROM audit ORDER BY seq";
    connection.query(sql, {}, [&visit](const Row& row) { visit(audit_at(row)); });
}

void insert_command(Connection& connection, const CommandId& id, string_view kind, Moment at, string_view answer_json) {
    connection.execute("INSERT INTO command (id, kind, at, answer) VALUES ($1, $2, $3, $4)",
                       {Octets{id.view()}, kind, ms_of(at), answer_json});
}

std::optional<std::string> find_command(Connection& connection, const CommandId& id) {
    std::optional<std::string> found;
    connection.query("SELECT answer FROM command WHERE id = $1", {Octets{id.view()}},
                     [&found](const Row& row) { found = row.string(0); });
    return found;
}

std::int64_t highest(Connection& connection, string_view table) {
    return connection.integer("SELECT coalesce(max(no), 0) FROM " + std::string{table}).value_or(0);
}

}  // namespace okpay::store
