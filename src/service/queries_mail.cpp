// SPDX-License-Identifier: Apache-2.0
// What became of mail: attempts and bounces, what is held back, what cannot be read, addresses that nothing is sent to.
#include <limits>

#include "desk/request_number.hpp"
#include "service/queries_parts.hpp"
#include "store/delivery_store.hpp"
#include "store/row_reader.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using store::Connection;
using store::Row;
using store::RowReader;

SuppressionView suppression_view(Connection& connection, store::SuppressedAddress row) {
    SuppressionView view{.row = std::move(row), .customer = std::nullopt, .ticket = std::nullopt};
    view.customer = store::find_customer_by_email(connection, view.row.address);
    if (const auto outgoing = store::find_outgoing(connection, view.row.outgoing); outgoing && outgoing->ticket) {
        if (const auto ticket = store::find_ticket(connection, *outgoing->ticket))
            view.ticket = ticket->ticket.request_number;
    }
    return view;
}

std::vector<HeldMailView> held_mail_views(Connection& connection) {
    std::vector<HeldMailView> found;
    connection.query(
        "SELECT o.no, o.kind, o.recipient, t.request_number, t.customer, o.held, o.created FROM outgoing_mail o LEFT JOIN "
        "ticket t ON t.no = o.ticket WHERE o.held <> 0 AND o.state = 1 ORDER BY o.no LIMIT $1",
        {page_items_max}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back({.no = read.integer(),
                             .kind = read.text(),
                             .recipient = read.text(),
                             .ticket = read.maybe_text(),
                             .customer = read.maybe_no<customers::CustomerNo>(),
                             .why = read.as<store::Held>(),
                             .created = read.moment()});
        });
    for (HeldMailView& one : found) {
        if (one.customer) continue;
        if (const auto customer = store::find_customer_by_email(connection, one.recipient)) one.customer = customer->no;
    }
    return found;
}

}  // namespace

std::optional<Delivery> parts::delivery_of(Connection& connection, std::optional<std::int64_t> outgoing) {
    std::optional<Delivery> found;
    if (!outgoing) return found;
    connection.query("SELECT state, attempts, updated, held, remote_reply FROM outgoing_mail WHERE no = $1", {*outgoing},
                     [&found](const Row& row) {
                         RowReader read{row};
                         found = Delivery{.state = read.as<store::OutgoingState>(),
                                          .attempts = read.integer(),
                                          .updated = read.moment(),
                                          .held = read.integer() != 0,
                                          .answer = read.text()};
                     });
    if (found && found->state == store::OutgoingState::failed) {
        if (const auto bounce = store::bounce_of(connection, *outgoing)) found->bounced = bounce->reason;
    }
    return found;
}

Read<std::optional<DeliveryLog>> Queries::delivery_log(std::string_view request_number, const MessageId& message) {
    return pool_.read([&](Connection& connection) -> std::optional<DeliveryLog> {
        const auto number = desk::RequestNumber::parse(request_number);
        if (!number) return std::nullopt;
        auto outgoing = connection.integer(
            "SELECT m.outgoing FROM message m JOIN ticket t ON t.no = m.ticket WHERE t.request_number = $1 AND m.id = $2",
            {std::string_view{number->text()}, store::Octets{message.view()}});
        if (!outgoing) {
            outgoing = connection.integer(
                "SELECT m.outgoing FROM side_message m JOIN side_thread s ON s.no = m.thread JOIN ticket t ON t.no = "
                "s.ticket "
                "WHERE t.request_number = $1 AND m.id = $2",
                {std::string_view{number->text()}, store::Octets{message.view()}});
        }
        const auto delivery = parts::delivery_of(connection, outgoing);
        const auto row = delivery ? store::find_outgoing(connection, *outgoing) : std::nullopt;
        if (!row) return std::nullopt;
        return DeliveryLog{.delivery = *delivery,
                           .outgoing = row->no,
                           .recipient = row->recipient,
                           .attempts = store::attempts_of(connection, row->no)};
    });
}

Read<std::optional<MessageMail>> Queries::message_mail(const MessageId& message) {
    return pool_.read([&](Connection& connection) {
        std::optional<MessageMail> found;
        std::optional<std::int64_t> mail;
        desk::MessageNo no{};
        connection.query(
            "SELECT t.request_number, m.mail, m.no FROM message m JOIN ticket t ON t.no = m.ticket WHERE m.id = $1",
            {store::Octets{message.view()}}, [&](const Row& row) {
                RowReader read{row};
                found = MessageMail{.ticket = read.text(), .mail = std::nullopt};
                mail = read.maybe_integer();
                no = desk::MessageNo{read.integer()};
            });
        if (!found) {
            connection.query(
                "SELECT t.request_number, m.mail FROM side_message m JOIN side_thread s ON s.no = m.thread JOIN ticket t ON "
                "t.no = s.ticket WHERE m.id = $1",
                {store::Octets{message.view()}}, [&](const Row& row) {
                    RowReader read{row};
                    found = MessageMail{.ticket = read.text(), .mail = std::nullopt};
                    mail = read.maybe_integer();
                });
        }
        if (found && !mail && number_of(no) != 0)
            mail = store::mail_of_original(connection, no);  // of one that was split off
        if (!found || !mail) return found;
        found->mail = store::find_inbound(connection, *mail);
        found->scan = store::find_mail_scan(connection, *mail);
        return found;
    });
}

Read<std::vector<std::int64_t>> Queries::due_scans(Moment now, std::int64_t limit) {
    return pool_.read([&](Connection& connection) { return store::due_mail_scans(connection, now, limit); });
}

Read<std::optional<store::InboundMail>> Queries::inbound_mail(std::int64_t no) {
    return pool_.read([&](Connection& connection) { return store::find_inbound(connection, no); });
}

Read<std::vector<store::FileScan>> Queries::file_scans(std::int64_t mail, std::vector<Hash256> contents) {
    return pool_.read([&](Connection& connection) {
        auto scans = store::file_scans_of(connection, mail);
        for (const Hash256& content : contents) {
            if (auto infected = store::infected_scan_of(connection, content)) scans.push_back(*std::move(infected));
        }
        return scans;
    });
}

Read<BrakeReport> Queries::mail_brakes() {
    return pool_.read([](Connection& connection) {
        return BrakeReport{.brakes = store::brakes(connection, page_items_max),
                           .held = held_mail_views(connection),
                           .held_count = store::held_mails(connection)};
    });
}

Read<QuarantinePage> Queries::quarantine(std::optional<std::int64_t> before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        QuarantinePage page;
        connection.query(
            "SELECT no, channel, mail_from, reason, size, attempts, received, updated FROM inbound_mail WHERE state = 3 AND "
            "no < $1 ORDER BY no DESC LIMIT $2",
            {before.value_or(std::numeric_limits<std::int64_t>::max()), limit + 1}, [&page](const Row& row) {
                RowReader read{row};
                page.items.push_back({.no = read.integer(),
                                      .channel = read.text(),
                                      .mail_from = read.text(),
                                      .reason = read.text(),
                                      .size = read.integer(),
                                      .attempts = read.integer(),
                                      .received = read.moment(),
                                      .updated = read.moment()});
            });
        if (std::ssize(page.items) > limit) {
            page.items.pop_back();
            page.next = page.items.back().no;
        }
        return page;
    });
}

Read<SuppressionPage> Queries::suppressed_addresses(bool standing_only, std::optional<std::int64_t> before,
                                                    std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        SuppressionPage page;
        auto rows = store::suppressed_addresses(connection, standing_only, before, limit + 1);
        if (static_cast<std::int64_t>(rows.size()) > limit) {
            rows.resize(static_cast<std::size_t>(limit));
            page.next = rows.back().no;
        }
        for (store::SuppressedAddress& row : rows) page.items.push_back(suppression_view(connection, std::move(row)));
        return page;
    });
}

Read<std::optional<SuppressionView>> Queries::suppression(std::int64_t no) {
    return pool_.read([&](Connection& connection) -> std::optional<SuppressionView> {
        auto row = store::find_suppressed(connection, no);
        if (!row || row->address.empty()) return std::nullopt;
        return suppression_view(connection, *std::move(row));
    });
}

Read<std::optional<store::OutgoingRow>> Queries::official_mail(std::string_view code) {
    return pool_.read([&](Connection& connection) {
        auto row = store::find_outgoing_by_code(connection, code);
        if (row) row->bytes.clear();
        return row;
    });
}

}  // namespace okpay::service
