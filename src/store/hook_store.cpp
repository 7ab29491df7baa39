// SPDX-License-Identifier: Apache-2.0
#include "store/hook_store.hpp"

#include <algorithm>
#include <tuple>

#include "desk/ticket.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::MerchantNo;
using payments::HookOwner;
using payments::PaymentKind;
using payments::PaymentState;
using std::string_view;

constexpr string_view endpoint_columns =
    "no, id, merchant, url, events, secret, old_secret, old_secret_until, state, reason, seen_payments, seen_events, "
    "failing_since, created, updated";
constexpr string_view delivery_columns =
    "no, endpoint, source, position, object, type, happened, state, tries, next_at, status, error, created, updated";

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<std::string> split(string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

HookEndpoint endpoint_at(const Row& row) {
    RowReader read{row};
    HookEndpoint endpoint{.no = read.integer(),
                          .id = read.id<HookEndpointId>(),
                          .merchant = read.maybe_no<MerchantNo>(),
                          .url = read.text(),
                          .events = split(read.text()),
                          .secret = read.text(),
                          .old_secret = read.text(),
                          .old_secret_until = read.maybe_moment(),
                          .state = read.as<HookState>(),
                          .reason = read.text(),
                          .seen = {},
                          .failing_since = {},
                          .created = {},
                          .updated = {}};
    endpoint.seen.payments = read.integer();
    endpoint.seen.events = read.integer();
    endpoint.failing_since = read.maybe_moment();
    endpoint.created = read.moment();
    endpoint.updated = read.moment();
    return endpoint;
}

HookDelivery delivery_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .endpoint = read.integer(),
            .source = read.as<HookSource>(),
            .position = read.integer(),
            .object = read.integer(),
            .type = read.text(),
            .happened = read.moment(),
            .state = read.as<HookDeliveryState>(),
            .tries = read.integer(),
            .next_at = read.maybe_moment(),
            .status = read.integer(),
            .error = read.text(),
            .created = read.moment(),
            .updated = read.moment()};
}

std::vector<HookEndpoint> endpoints(Connection& connection, string_view where, std::initializer_list<Value> parameters) {
    std::vector<HookEndpoint> found;
    connection.query("SELECT " + std::string{endpoint_columns} + " FROM hook_endpoint WHERE " + std::string{where},
                     parameters, [&found](const Row& row) { found.push_back(endpoint_at(row)); });
    return found;
}

std::vector<HookDelivery> deliveries(Connection& connection, string_view where, std::initializer_list<Value> parameters) {
    std::vector<HookDelivery> found;
    connection.query("SELECT " + std::string{delivery_columns} + " FROM hook_delivery WHERE " + std::string{where},
                     parameters, [&found](const Row& row) { found.push_back(delivery_at(row)); });
    return found;
}

template <class Found>
std::optional<Found> first(std::vector<Found> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

// As Payment::as_made: what came of it later has events of its own.
PaymentState made_as(PaymentState now, bool outside, bool holds) {
    if (outside) return PaymentState::processing;
    return holds ? PaymentState::requires_capture : now;
}

constexpr string_view told_merchants = "(SELECT merchant FROM hook_endpoint WHERE state = 1 AND merchant IS NOT NULL)";

// A payment stands where it was made, what became of one after the newest payment of that time.
auto order_of(const HookEvent& event) {
    return std::tuple{event.place.payments, event.source != HookSource::payment, event.position};
}

HookFeed feed_of_merchants(Connection& connection, HookPlace from, std::int64_t rows_max) {
    HookFeed feed;
    const HookPlace head = hook_head(connection, HookOwner::merchant);
    std::int64_t to = std::min(head.payments, from.payments + rows_max);
    std::int64_t events_to =
        connection
            .integer("SELECT max(no) FROM payment_event WHERE no > $1 AND no <= $2 AND after_payment <= $3",
                     {from.events, std::min(head.events, from.events + rows_max), to})
            .value_or(from.events);
    if (events_to == from.events + rows_max) {  // there may be more of the same place: not beyond it
        const auto last = find_payment_event(connection, events_to);
        if (last) to = std::clamp(last->after_payment, from.payments, to);
    }
    static const std::string events_sql =
        "SELECT e.no, e.payment, e.kind, e.state, e.after_payment, e.at, p.merchant, p.kind FROM payment_event e "
        "JOIN payment p ON p.seq = e.payment WHERE e.no > $1 AND e.no <= $2 AND p.merchant IN " +
        std::string{told_merchants};
    connection.query(events_sql, {from.events, events_to}, [&](const Row& row) {
        const auto of = static_cast<PaymentKind>(row.integer(7));
        const bool disputed = static_cast<PaymentEventKind>(row.integer(2)) == PaymentEventKind::dispute;
        std::string type = disputed ? hook_event_type(static_cast<payments::DisputeStatus>(row.integer(3)))
                                    : hook_event_type(of, static_cast<PaymentState>(row.integer(3)));
        if (type.empty()) return;
        feed.events.push_back({.source = HookSource::payment_event,
                               .position = row.integer(0),
                               .object = row.integer(1),
                               .type = std::move(type),
                               .at = moment_of_ms(row.integer(5)),
                               .merchant = MerchantNo{row.integer(6)},
                               .place = {std::max(row.integer(4), from.payments), row.integer(0)}});
    });
    static const std::string payments_sql =
        "SELECT seq, kind, state, rail, hold, merchant, created FROM payment WHERE seq > $1 AND seq <= $2 AND kind IN (2, "
        "4) "
        "AND merchant IN " +
        std::string{told_merchants};
    connection.query(payments_sql, {from.payments, to}, [&](const Row& row) {
        const PaymentState made =
            made_as(static_cast<PaymentState>(row.integer(2)), row.integer(3) != 0, row.integer(4) != 0);
        feed.events.push_back({.source = HookSource::payment,
                               .position = row.integer(0),
                               .object = row.integer(0),
                               .type = hook_event_type(static_cast<PaymentKind>(row.integer(1)), made),
                               .at = moment_of_ms(row.integer(6)),
                               .merchant = MerchantNo{row.integer(5)},
                               .place = {row.integer(0), 0}});
    });
    std::ranges::sort(feed.events, {}, order_of);
    std::int64_t events_seen = from.events;
    for (HookEvent& event : feed.events) {
        if (event.source == HookSource::payment_event) events_seen = event.place.events;
        event.place.events = events_seen;
    }
    feed.upto = {to, events_to};
    feed.more = feed.upto < head;
    return feed;
}

// Both in the order of their numbers, one between the other by their moments.
HookFeed feed_of_house(Connection& connection, HookPlace from, std::int64_t rows_max) {
    struct Happened {
        std::int64_t no;
        HookEvent event;  // without a type: not told
    };
    std::vector<Happened> written, happened;
    connection.query("SELECT no, ticket, at, direction, author FROM message WHERE no > $1 ORDER BY no LIMIT $2",
                     {from.payments, rows_max}, [&written](const Row& row) {
                         const bool ours = static_cast<desk::Direction>(row.integer(3)) == desk::Direction::outbound;
                         const bool person = static_cast<desk::Author>(row.integer(4)) == desk::Author::staff;
                         const string_view type = person ? payments::hook_ticket_replied : payments::hook_ticket_answered;
                         written.push_back({row.integer(0),
                                            {.source = HookSource::message,
                                             .position = row.integer(0),
                                             .object = row.integer(1),
                                             .type = ours ? std::string{type} : std::string{},
                                             .at = moment_of_ms(row.integer(2)),
                                             .merchant = std::nullopt,
                                             .place = {}}});
                     });
    connection.query("SELECT no, ticket, at, kind FROM ticket_event WHERE no > $1 ORDER BY no LIMIT $2",
                     {from.events, rows_max}, [&happened](const Row& row) {
                         happened.push_back({row.integer(0),
                                             {.source = HookSource::ticket_event,
                                              .position = row.integer(0),
                                              .object = row.integer(1),
                                              .type = payments::hook_event_type_of_ticket(row.text(3)),
                                              .at = moment_of_ms(row.integer(2)),
                                              .merchant = std::nullopt,
                                              .place = {}}});
                     });
    HookFeed feed{.events = {}, .upto = from};
    const bool more_written = std::ssize(written) == rows_max, more_happened = std::ssize(happened) == rows_max;
    feed.more = more_written || more_happened;
    auto message = written.begin();
    auto event = happened.begin();
    while (message != written.end() || event != happened.end()) {
        // What was not read yet may come before the rest of the other.
        if ((message == written.end() && more_written) || (event == happened.end() && more_happened)) break;
        const bool event_first =
            message == written.end() || (event != happened.end() && event->event.at <= message->event.at);
        Happened& next = event_first ? *event++ : *message++;
        (event_first ? feed.upto.events : feed.upto.payments) = next.no;
        if (next.event.type.empty()) continue;
        next.event.place = feed.upto;
        feed.events.push_back(std::move(next.event));
    }
    return feed;
}

}  // namespace

std::string_view name_of(HookState state) {
    switch (state) {
    case HookState::enabled: return "enabled";
    case HookState::disabled: return "disabled";
    case HookState::failing: return "failing";
    case HookState::gone: return "gone";
    case HookState::removed: return "removed";
    }
    std::abort();
}

std::string_view name_of(HookDeliveryState state) {
    switch (state) {
    case HookDeliveryState::waiting: return "waiting";
    case HookDeliveryState::delivered: return "delivered";
    case HookDeliveryState::failed: return "failed";
    }
    std::abort();
}

bool HookEndpoint::wants(std::string_view type) const {
    return events.empty() || type == payments::hook_ping || std::ranges::find(events, type) != events.end();
}

void insert_payment_event(Connection& connection, const PaymentEvent& event) {
    connection.execute(
        "INSERT INTO payment_event (no, payment, kind, state, dispute, after_payment, at) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7)",
        {event.no, event.payment, stored(event.kind), event.state, event.dispute, event.after_payment, ms_of(event.at)});
}

std::optional<PaymentEvent> find_payment_event(Connection& connection, std::int64_t no) {
    std::optional<PaymentEvent> found;
    connection.query("SELECT no, payment, kind, state, dispute, after_payment, at FROM payment_event WHERE no = $1", {no},
                     [&found](const Row& row) {
                         RowReader read{row};
                         found = PaymentEvent{.no = read.integer(),
                                              .payment = read.integer(),
                                              .kind = read.as<PaymentEventKind>(),
                                              .state = read.integer(),
                                              .dispute = read.integer(),
                                              .after_payment = read.integer(),
                                              .at = read.moment()};
                     });
    return found;
}

void insert_hook_endpoint(Connection& connection, const HookEndpoint& endpoint) {
    const std::string events = joined(endpoint.events);
    static const std::string sql = "INSERT INTO hook_endpoint (" + std::string{endpoint_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    connection.execute(sql, {endpoint.no, Octets{endpoint.id.view()}, no_or_null(endpoint.merchant),
                             string_view{endpoint.url}, string_view{events}, Octets{endpoint.secret},
                             Octets{endpoint.old_secret}, moment_or_null(endpoint.old_secret_until), stored(endpoint.state),
                             string_view{endpoint.reason}, endpoint.seen.payments, endpoint.seen.events,
                             moment_or_null(endpoint.failing_since), ms_of(endpoint.created), ms_of(endpoint.updated)});
}

void update_hook_endpoint(Connection& connection, const HookEndpoint& endpoint) {
    connection.execute(
        "UPDATE hook_endpoint SET secret = $2, old_secret = $3, old_secret_until = $4, state = $5, reason = $6, "
        "seen_payments = $7, seen_events = $8, failing_since = $9, updated = $10 WHERE no = $1",
        {endpoint.no, Octets{endpoint.secret}, Octets{endpoint.old_secret}, moment_or_null(endpoint.old_secret_until),
         stored(endpoint.state), string_view{endpoint.reason}, endpoint.seen.payments, endpoint.seen.events,
         moment_or_null(endpoint.failing_since), ms_of(endpoint.updated)});
}

std::optional<HookEndpoint> find_hook_endpoint(Connection& connection, std::int64_t no) {
    return first(endpoints(connection, "no = $1", {no}));
}

std::optional<HookEndpoint> find_hook_endpoint(Connection& connection, const HookEndpointId& id) {
    return first(endpoints(connection, "id = $1", {Octets{id.view()}}));
}

std::vector<HookEndpoint> hook_endpoints_of(Connection& connection, std::optional<MerchantNo> merchant) {
    if (merchant) return endpoints(connection, "merchant = $1 AND state <> 5 ORDER BY no", {number_of(*merchant)});
    return endpoints(connection, "merchant IS NULL AND state <> 5 ORDER BY no", {});
}

std::vector<HookEndpoint> enabled_hook_endpoints(Connection& connection) {
    return endpoints(connection, "state = 1 ORDER BY no", {});
}

void insert_hook_delivery(Connection& connection, const HookDelivery& delivery) {
    static const std::string sql = "INSERT INTO hook_delivery (" + std::string{delivery_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    connection.execute(sql, {delivery.no, delivery.endpoint, stored(delivery.source), delivery.position, delivery.object,
                             string_view{delivery.type}, ms_of(delivery.happened), stored(delivery.state), delivery.tries,
                             moment_or_null(delivery.next_at), delivery.status, string_view{delivery.error},
                             ms_of(delivery.created), ms_of(delivery.updated)});
}

void update_hook_delivery(Connection& connection, const HookDelivery& delivery) {
    connection.execute(
        "UPDATE hook_delivery SET state = $2, tries = $3, next_at = $4, status = $5, error = $6, updated = $7 WHERE no = $1",
        {delivery.no, stored(delivery.state), delivery.tries, moment_or_null(delivery.next_at), delivery.status,
         string_view{delivery.error}, ms_of(delivery.updated)});
}

std::optional<HookDelivery> find_hook_delivery(Connection& connection, std::int64_t no) {
    return first(deliveries(connection, "no = $1", {no}));
}

std::optional<HookDelivery> find_hook_delivery(Connection& connection, std::int64_t endpoint, HookSource source,
                                               std::int64_t position) {
    return first(
        deliveries(connection, "endpoint = $1 AND source = $2 AND position = $3", {endpoint, stored(source), position}));
}

std::vector<HookDelivery> hook_deliveries_of(Connection& connection, std::int64_t endpoint, std::int64_t before,
                                             std::int64_t limit) {
    return deliveries(connection, "endpoint = $1 AND no < $2 ORDER BY no DESC LIMIT $3", {endpoint, before, limit});
}

std::vector<HookDelivery> waiting_hook_deliveries(Connection& connection) {
    return deliveries(connection, "state = 1 AND endpoint IN (SELECT no FROM hook_endpoint WHERE state = 1) ORDER BY no",
                      {});
}

std::int64_t delete_old_hook_deliveries(Connection& connection, Moment before) {
    return connection.execute("DELETE FROM hook_delivery WHERE state <> 1 AND updated < $1", {ms_of(before)});
}

void delete_hook_deliveries_of(Connection& connection, std::int64_t endpoint) {
    connection.execute("DELETE FROM hook_delivery WHERE endpoint = $1", {endpoint});
}

std::int64_t drop_old_hook_secrets(Connection& connection, Moment at) {
    return connection.execute(
        "UPDATE hook_endpoint SET old_secret = $2, old_secret_until = NULL WHERE old_secret_until IS NOT NULL AND "
        "old_secret_until <= $1",
        {ms_of(at), Octets{""}});
}

HookPlace hook_head(Connection& connection, HookOwner owner) {
    switch (owner) {
    case HookOwner::merchant:
        return {connection.integer("SELECT max(seq) FROM payment").value_or(0),
                connection.integer("SELECT max(no) FROM payment_event").value_or(0)};
    case HookOwner::house:
        return {connection.integer("SELECT max(no) FROM message").value_or(0),
                connection.integer("SELECT max(no) FROM ticket_event").value_or(0)};
    }
    std::abort();
}

HookFeed hook_feed(Connection& connection, HookOwner owner, HookPlace from, std::int64_t rows_max) {
    switch (owner) {
    case HookOwner::merchant: return feed_of_merchants(connection, from, rows_max);
    case HookOwner::house: return feed_of_house(connection, from, rows_max);
    }
    std::abort();
}

}  // namespace okpay::store
