// SPDX-License-Identifier: Apache-2.0
#include "store/delivery_store.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using std::string_view;

constexpr string_view bounce_columns = "no, outgoing, mail, address, kind, reason, status, diagnostic, at";
constexpr string_view suppressed_columns =
    "no, address, reason, status, diagnostic, outgoing, since, lifted, lifted_by, lift_reason";

MailBounce bounce_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .outgoing = read.integer(),
            .mail = read.integer(),
            .address = read.text(),
            .kind = read.as<mail::BounceKind>(),
            .reason = read.as<mail::BounceReason>(),
            .status = read.text(),
            .diagnostic = read.text(),
            .at = read.moment()};
}

SuppressedAddress suppressed_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .address = read.text(),
            .reason = read.as<mail::BounceReason>(),
            .status = read.text(),
            .diagnostic = read.text(),
            .outgoing = read.integer(),
            .since = read.moment(),
            .lifted = read.maybe_moment(),
            .lifted_by = read.text(),
            .lift_reason = read.text()};
}

}  // namespace

void insert_attempt(Connection& connection, const DeliveryAttempt& a) {
    connection.execute("INSERT INTO delivery_attempt (no, outgoing, at, step, reply) VALUES ($1, $2, $3, $4, $5)",
                       {a.no, a.outgoing, ms_of(a.at), stored(a.step), string_view{a.reply}});
}

std::vector<DeliveryAttempt> attempts_of(Connection& connection, std::int64_t outgoing) {
    std::vector<DeliveryAttempt> found;
    connection.query("SELECT no, outgoing, at, step, reply FROM delivery_attempt WHERE outgoing = $1 ORDER BY no",
                     {outgoing}, [&found](const Row& row) {
                         RowReader read{row};
                         found.push_back({.no = read.integer(),
                                          .outgoing = read.integer(),
                                          .at = read.moment(),
                                          .step = read.as<DeliveryStep>(),
                                          .reply = read.text()});
                     });
    return found;
}

void insert_bounce(Connection& connection, const MailBounce& b) {
    static const std::string sql =
        fmt::format("INSERT INTO mail_bounce ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)", bounce_columns);
    connection.execute(sql, {b.no, b.outgoing, b.mail, string_view{b.address}, stored(b.kind), stored(b.reason),
                             string_view{b.status}, string_view{b.diagnostic}, ms_of(b.at)});
}

std::optional<MailBounce> bounce_of(Connection& connection, std::int64_t outgoing) {
    static const std::string sql =
        fmt::format("SELECT {} FROM mail_bounce WHERE outgoing = $1 AND kind IN (2, 3) ORDER BY no DESC LIMIT 1",
                    bounce_columns);
    std::optional<MailBounce> found;
    connection.query(sql, {outgoing}, [&found](const Row& row) { found = bounce_at(row); });
    return found;
}

std::int64_t count_soft_bounces(Connection& connection, string_view address, Moment since) {
    const std::string lower = ascii_lower(address);
    return connection
        .integer("SELECT count(DISTINCT outgoing) FROM mail_bounce WHERE address = $1 AND kind = 2 AND at >= $2",
                 {string_view{lower}, ms_of(since)})
        .value_or(0);
}

void insert_suppressed(Connection& connection, const SuppressedAddress& s) {
    static const std::string sql =
        fmt::format("INSERT INTO suppressed_address ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '', '')",
                    suppressed_columns);
    connection.execute(sql, {s.no, string_view{s.address}, stored(s.reason), string_view{s.status},
                             string_view{s.diagnostic}, s.outgoing, ms_of(s.since)});
}

std::optional<SuppressedAddress> find_suppressed(Connection& connection, std::int64_t no) {
    static const std::string sql = fmt::format("SELECT {} FROM suppressed_address WHERE no = $1", suppressed_columns);
    std::optional<SuppressedAddress> found;
    connection.query(sql, {no}, [&found](const Row& row) { found = suppressed_at(row); });
    return found;
}

std::optional<SuppressedAddress> standing_suppression(Connection& connection, string_view address) {
    static const std::string sql =
        fmt::format("SELECT {} FROM suppressed_address WHERE address = $1 AND lifted IS NULL AND address <> ''",
                    suppressed_columns);
    const std::string lower = ascii_lower(address);
    std::optional<SuppressedAddress> found;
    connection.query(sql, {string_view{lower}}, [&found](const Row& row) { found = suppressed_at(row); });
    return found;
}

std::optional<Moment> last_lifted(Connection& connection, string_view address) {
    const std::string lower = ascii_lower(address);
    const auto ms =
        connection.integer("SELECT max(lifted) FROM suppressed_address WHERE address = $1", {string_view{lower}});
    return ms ? std::optional{moment_of_ms(*ms)} : std::nullopt;
}

void lift_suppression(Connection& connection, std::int64_t no, Moment at, string_view by, string_view reason) {
    connection.execute(
        "UPDATE suppressed_address SET lifted = $2, lifted_by = $3, lift_reason = $4 WHERE no = $1 AND lifted IS NULL",
        {no, ms_of(at), by, reason});
}

std::vector<SuppressedAddress> suppressed_addresses(Connection& connection, bool standing_only,
                                                    std::optional<std::int64_t> before, std::int64_t limit) {
    const std::string sql =
        fmt::format("SELECT {} FROM suppressed_address WHERE no < $1 AND address <> ''{} ORDER BY no DESC LIMIT $2",
                    suppressed_columns, standing_only ? " AND lifted IS NULL" : "");
    std::vector<SuppressedAddress> found;
    connection.query(sql, {before.value_or(std::numeric_limits<std::int64_t>::max()), limit},
                     [&found](const Row& row) { found.push_back(suppressed_at(row)); });
    return found;
}

void insert_check(Connection& connection, const MailCheck& c) {
    connection.execute("INSERT INTO mail_check (no, mail, about, answer, address, at) VALUES ($1, $2, $3, $4, $5, $6)",
                       {c.no, c.mail, value_or_null(c.about), value_or_null(c.answer), string_view{c.address}, ms_of(c.at)});
}

std::int64_t count_checks_answered(Connection& connection, string_view address, Moment since) {
    const std::string lower = ascii_lower(address);
    return connection
        .integer("SELECT count(*) FROM mail_check WHERE address = $1 AND at >= $2 AND answer IS NOT NULL",
                 {string_view{lower}, ms_of(since)})
        .value_or(0);
}

std::int64_t count_checks_answered(Connection& connection, Moment since) {
    return connection.integer("SELECT count(*) FROM mail_check WHERE at >= $1 AND answer IS NOT NULL", {ms_of(since)})
        .value_or(0);
}

void insert_brake(Connection& connection, const MailBrake& b) {
    connection.execute(
        "INSERT INTO mail_brake (no, kind, since, why, tries, next_try, ended, ended_by, end_reason) VALUES ($1, $2, $3, "
        "$4, "
        "$5, $6, NULL, '', '')",
        {b.no, stored(b.kind), ms_of(b.since), string_view{b.why}, b.tries, ms_of(b.next_try)});
}

namespace {

MailBrake brake_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .kind = read.as<BrakeKind>(),
            .since = read.moment(),
            .why = read.text(),
            .tries = read.integer(),
            .next_try = read.moment(),
            .ended = read.maybe_moment(),
            .ended_by = read.text(),
            .end_reason = read.text()};
}

std::vector<MailBrake> brakes_where(Connection& connection, string_view rest, std::int64_t parameter) {
    std::vector<MailBrake> found;
    connection.query(
        fmt::format("SELECT no, kind, since, why, tries, next_try, ended, ended_by, end_reason FROM mail_brake {}", rest),
        {parameter}, [&found](const Row& row) { found.push_back(brake_at(row)); });
    return found;
}

}  // namespace

std::optional<MailBrake> standing_brake(Connection& connection, BrakeKind kind) {
    auto found = brakes_where(connection, "WHERE kind = $1 AND ended IS NULL", stored(kind));
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::optional<MailBrake> find_brake(Connection& connection, std::int64_t no) {
    auto found = brakes_where(connection, "WHERE no = $1", no);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

void update_brake(Connection& connection, const MailBrake& b) {
    connection.execute("UPDATE mail_brake SET tries = $2, next_try = $3 WHERE no = $1", {b.no, b.tries, ms_of(b.next_try)});
}

void end_brake(Connection& connection, std::int64_t no, Moment at, string_view by, string_view reason) {
    connection.execute("UPDATE mail_brake SET ended = $2, ended_by = $3, end_reason = $4 WHERE no = $1 AND ended IS NULL",
                       {no, ms_of(at), by, reason});
}

std::vector<MailBrake> brakes(Connection& connection, std::int64_t limit) {
    return brakes_where(connection, "ORDER BY no DESC LIMIT $1", limit);
}

std::optional<Moment> last_brake_ended(Connection& connection, BrakeKind kind) {
    const auto ms = connection.integer("SELECT max(ended) FROM mail_brake WHERE kind = $1", {stored(kind)});
    return ms ? std::optional{moment_of_ms(*ms)} : std::nullopt;
}

std::vector<DeliveryStep> last_relay_steps(Connection& connection, std::int64_t count) {
    std::vector<DeliveryStep> found;
    connection.query("SELECT step FROM delivery_attempt WHERE step IN (1, 2, 3, 4) ORDER BY no DESC LIMIT $1", {count},
                     [&found](const Row& row) { found.push_back(RowReader{row}.as<DeliveryStep>()); });
    return found;
}

std::int64_t count_automatic_to(Connection& connection, string_view recipient, Moment since) {
    return connection
        .integer("SELECT count(*) FROM outgoing_mail WHERE automatic = 1 AND recipient = $1 AND created >= $2",
                 {recipient, ms_of(since)})
        .value_or(0);
}

std::int64_t count_automatic_of(Connection& connection, desk::TicketNo ticket, Moment since) {
    return connection
        .integer("SELECT count(*) FROM outgoing_mail WHERE automatic = 1 AND ticket = $1 AND created >= $2",
                 {number_of(ticket), ms_of(since)})
        .value_or(0);
}

bool wrote_automatic(Connection& connection, std::int64_t newest, std::int64_t max, Moment since) {
    if (newest < max) return false;
    const auto created = connection.integer("SELECT created FROM outgoing_mail WHERE no = $1", {newest - max + 1});
    if (!created || *created < ms_of(since)) return false;
    return connection.integer("SELECT count(*) FROM outgoing_mail WHERE automatic = 1 AND created >= $1", {ms_of(since)})
               .value_or(0) >= max;
}

std::int64_t held_mails(Connection& connection) {
    return connection.integer("SELECT count(*) FROM outgoing_mail WHERE held <> 0 AND state = 1").value_or(0);
}

void release_held(Connection& connection, Held why, Moment at) {
    connection.execute("UPDATE outgoing_mail SET held = 0, next_at = $2 WHERE held = $1 AND state = 1",
                       {stored(why), ms_of(at)});
}

}  // namespace okpay::store
