// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include <charconv>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "service/alone_approval.hpp"
#include "service/queries_parts.hpp"
#include "store/follow_store.hpp"
#include "store/row_reader.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using desk::Remedy;
using desk::RemedyState;
using store::Connection;
using store::Row;
using store::RowReader;
using store::TicketRow;
using store::Value;

// Words are looked for in so many of the newest tickets; beyond that the request number, the address or a name finds it.
constexpr std::int64_t searched_tickets_max = 20'000;

// The clock that runs out first, as desk::running_clock has it for those that are worked on.
std::string_view running_clock() {
    constexpr std::string_view reply =
        "coalesce(CASE WHEN t.route = 'no_action' THEN NULL WHEN t.first_replied IS NULL THEN t.first_reply_due ELSE "
        "t.next_reply_due END, 9223372036854775807)";
    constexpr std::string_view investigation =
        "coalesce(CASE WHEN t.route = 'no_action' THEN NULL ELSE t.investigation_due END, 9223372036854775807)";
    constexpr std::string_view promise = "coalesce(t.promise_due, 9223372036854775807)";
    static const std::string sql =
        fmt::format("CASE WHEN {0} <= {1} AND {0} <= {2} THEN {0} WHEN {1} <= {2} THEN {1} ELSE {2} END", reply,
                    investigation, promise);
    return sql;
}

struct Slot {
    std::int64_t key, no;
};

// What makes up a list: each condition is walked along its own index, and the walks are merged. $1 is who asks.
std::vector<std::string_view> conditions_of(TicketList list) {
    switch (list) {
    case TicketList::open:
        return {
            "t.state IN (1, 2, 4) AND t.route <> 'no_action' AND NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE z.ticket = "
            "t.no)"};
    case TicketList::spam: return {"t.route = 'no_action' AND t.state IN (1, 2, 4)"};
    case TicketList::mine:
        return {"t.state IN (1, 2, 4) AND NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE z.ticket = t.no)"};
    case TicketList::technical:
        return {
            "t.route = 'technical_team' AND t.state IN (1, 2, 4) AND NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE "
            "z.ticket = t.no)"};
    case TicketList::risk:
        return {
            "t.route = 'risk_team' AND t.state IN (1, 2, 4) AND NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE "
            "z.ticket = t.no)"};
    case TicketList::unclear:
        return {
            "t.category = 'unclear' AND t.state IN (1, 2, 4) AND NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE "
            "z.ticket = t.no)"};
    case TicketList::approvals: return {"t.no IN (SELECT ticket FROM remedy WHERE state = 1)"};
    case TicketList::waiting: return {"t.state = 3 AND NOT EXISTS (SELECT 1 FROM ticket_snooze z WHERE z.ticket = t.no)"};
    case TicketList::snoozed: return {"t.no IN (SELECT ticket FROM ticket_snooze)"};
    case TicketList::mentions: return {"t.no IN (SELECT n.ticket FROM note_mention n WHERE n.staff = $1)"};
    case TicketList::following: return {"t.no IN (SELECT f.ticket FROM ticket_follow f WHERE f.staff = $1)"};
    case TicketList::solved: return {"t.state = 5", "t.state = 6"};
    case TicketList::all: return {"t.state = 1", "t.state = 2", "t.state = 3", "t.state = 4", "t.state = 5", "t.state = 6"};
    }
    std::abort();
}

bool is_of_me(TicketList list) {
    return list == TicketList::mine || list == TicketList::mentions || list == TicketList::following;
}
bool by_clock(TicketList list) {
    return list == TicketList::open || list == TicketList::mine || list == TicketList::technical ||
           list == TicketList::risk || list == TicketList::unclear;
}
// Lists of which the first is the one that comes first.
bool ascends(TicketList list) { return by_clock(list) || list == TicketList::snoozed; }
std::string_view key_of(TicketList list) {
    if (by_clock(list)) return running_clock();
    return list == TicketList::snoozed ? "(SELECT z.until FROM ticket_snooze z WHERE z.ticket = t.no)" : "t.updated";
}

// A statement and its parameters, numbered as they are written.
struct Statement {
    std::string sql;
    std::vector<Value> parameters;
    std::string put(Value value) {
        parameters.push_back(value);
        return fmt::format("${}", parameters.size());
    }
};

Statement list_statement(const TicketQuery& query, std::string_view condition, std::string_view pattern) {
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const bool clock = ascends(query.list);
    const std::string_view key = key_of(query.list);
    const TicketCursor after = query.after.value_or(clock ? TicketCursor{least, 0} : TicketCursor{most, most});
    Statement statement;
    const std::string me = is_of_me(query.list) ? statement.put(number_of(query.me)) : "";  // the first: conditions_of
    statement.sql = fmt::format("SELECT {0}, t.no FROM ticket t WHERE {1} AND ({0}, t.no) {2} ({3}, {4})", key, condition,
                                clock ? ">" : "<", statement.put(after.key), statement.put(after.no));
    if (query.list == TicketList::mine) statement.sql += " AND t.assignee = " + me;
    if (!pattern.empty()) {
        const std::string newest = statement.put(searched_tickets_max);
        const std::string like = fmt::format("LIKE {} ESCAPE '\\'", statement.put(pattern));
        statement.sql += fmt::format(
            " AND t.no > (SELECT coalesce(max(no), 0) FROM ticket) - {0} AND (lower(t.subject) {1} OR "
            "lower(t.party_address) {1} "
            "OR EXISTS (SELECT 1 FROM customer c WHERE c.no = t.customer AND (lower(c.email) {1} OR lower(c.name) {1})) "
            "OR EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.no AND lower(m.body) {1}))",
            newest, like);
    }
    statement.sql +=
        fmt::format(" ORDER BY {0} {1}, t.no {1} LIMIT {2}", key, clock ? "ASC" : "DESC", statement.put(query.limit + 1));
    return statement;
}

std::vector<Slot> slots_of(Connection& connection, const TicketQuery& query) {
    const std::string_view words = trimmed(query.words);
    const std::string pattern = words.empty() ? "" : parts::like_pattern(words);
    std::vector<Slot> slots;
    for (const std::string_view condition : conditions_of(query.list)) {
        const Statement statement = list_statement(query, condition, pattern);
        connection.query(statement.sql, std::span<const Value>{statement.parameters},
                         [&slots](const Row& row) { slots.push_back({row.integer(0), row.integer(1)}); });
    }
    std::ranges::sort(slots, [clock = ascends(query.list)](const Slot& a, const Slot& b) {
        return clock ? std::tie(a.key, a.no) < std::tie(b.key, b.no) : std::tie(b.key, b.no) < std::tie(a.key, a.no);
    });
    return slots;
}

TicketCounts counts_of(Connection& connection, customers::StaffNo me) {
    TicketCounts counts;
    // Few sleep: they are taken off what is counted along the index.
    const auto asleep = [&](std::string_view which, std::initializer_list<Value> parameters) {
        return connection
            .integer(fmt::format("SELECT count(*) FROM ticket_snooze z JOIN ticket t ON t.no = z.ticket WHERE {}", which),
                     parameters)
            .value_or(0);
    };
    counts.mine =
        connection.integer("SELECT count(*) FROM ticket WHERE assignee = $1 AND state IN (1, 2, 4)", {number_of(me)})
            .value_or(0) -
        asleep("t.assignee = $1 AND t.state IN (1, 2, 4)", {number_of(me)});
    const auto open_of = [&](std::string_view which) {
        return connection.integer(fmt::format("SELECT count(*) FROM ticket t WHERE {} AND t.state IN (1, 2, 4)", which))
                   .value_or(0) -
               asleep(fmt::format("{} AND t.state IN (1, 2, 4)", which), {});
    };
    counts.spam =
        connection.integer("SELECT count(*) FROM ticket WHERE route = 'no_action' AND state IN (1, 2, 4)").value_or(0);
    // Counted along two indexes, and what is set aside and asleep too taken off once.
    counts.open = connection.integer("SELECT count(*) FROM ticket WHERE state IN (1, 2, 4)").value_or(0) - counts.spam -
                  asleep("t.route <> 'no_action' AND t.state IN (1, 2, 4)", {});
    counts.technical = open_of("t.route = 'technical_team'");
    counts.risk = open_of("t.route = 'risk_team'");
    counts.unclear = open_of("t.category = 'unclear'");
    counts.approvals = connection.integer("SELECT count(DISTINCT ticket) FROM remedy WHERE state = 1").value_or(0);
    counts.waiting =
        connection.integer("SELECT count(*) FROM ticket WHERE state = 3").value_or(0) - asleep("t.state = 3", {});
    counts.snoozed = connection.integer("SELECT count(*) FROM ticket_snooze").value_or(0);
    counts.incidents = store::count_standing_incidents(connection);
    counts.unseen = store::unseen_requests(connection, me);
    return counts;
}

std::optional<Remedy> remedy_of_no(Connection& connection, std::int64_t no) {
    std::optional<RemedyId> id;
    connection.query("SELECT id FROM remedy WHERE no = $1", {no},
                     [&id](const Row& row) { id = RowReader{row}.id<RemedyId>(); });
    return id ? store::find_remedy(connection, *id) : std::nullopt;
}

std::optional<TicketRow> row_of(Connection& connection, std::string_view request_number) {
    const auto number = desk::RequestNumber::parse(request_number);
    return number ? store::find_ticket(connection, number->text()) : std::nullopt;
}

MessageView message_view(Connection& connection, parts::People& people, desk::Message message) {
    MessageView view{.message = std::move(message), .staff = std::nullopt, .delivery = std::nullopt};
    view.staff = people.find(view.message.staff);
    if (view.message.direction == desk::Direction::note) {
        for (const customers::StaffNo no : store::mentions_in(connection, view.message.no))
            view.mentions.push_back(people.find(no).value());
    }
    view.delivery = parts::delivery_of(connection, view.message.outgoing);
    // What was split off is a copy: the mail is filed with what stayed.
    const auto mail = view.message.mail ? view.message.mail
                      : view.message.direction == desk::Direction::inbound
                          ? store::mail_of_original(connection, view.message.no)
                          : std::nullopt;
    if (mail) {
        connection.query("SELECT authentication FROM inbound_mail WHERE no = $1", {*mail},
                         [&view](const store::Row& row) { view.authentication = row.text(0); });
        const auto scan = store::find_mail_scan(connection, *mail);
        if (scan && store::may_have_files(scan->state)) view.files = scan->state;
    }
    return view;
}

// The writer keeps {"staff":"12"}, "0" for nobody.
std::optional<customers::StaffNo> assigned_in(std::string_view detail) {
    boost::system::error_code error;
    const auto parsed = boost::json::parse(detail, error);
    const auto* object = error ? nullptr : parsed.if_object();
    const auto* staff = object != nullptr ? object->if_contains("staff") : nullptr;
    if (staff == nullptr || !staff->is_string()) return std::nullopt;
    const std::string_view text{staff->get_string().data(), staff->get_string().size()};
    std::int64_t no = 0;
    std::from_chars(text.data(), text.data() + text.size(), no);
    return no > 0 ? std::optional{customers::StaffNo{no}} : std::nullopt;
}

std::vector<EventView> events_of(Connection& connection, parts::People& people, desk::TicketNo ticket) {
    struct Stored {
        EventView view;
        std::optional<customers::StaffNo> staff;
    };
    std::vector<Stored> stored;
    connection.query("SELECT at, kind, staff, detail FROM ticket_event WHERE ticket = $1 ORDER BY no", {number_of(ticket)},
                     [&stored](const Row& row) {
                         RowReader read{row};
                         EventView view{.at = read.moment(),
                                        .kind = read.text(),
                                        .staff = std::nullopt,
                                        .detail = "",
                                        .assigned_to = std::nullopt};
                         const auto staff = read.maybe_no<customers::StaffNo>();
                         view.detail = read.text();
                         stored.push_back({std::move(view), staff});
                     });
    std::vector<EventView> events;
    for (Stored& one : stored) {
        one.view.staff = people.find(one.staff);
        const bool names_staff =
            one.view.kind == "assigned" || one.view.kind == "routed" || one.view.kind == "routing_proposed";
        if (names_staff) one.view.assigned_to = people.find(assigned_in(one.view.detail));
        events.push_back(std::move(one.view));
    }
    return events;
}

std::vector<std::int64_t> numbers(Connection& connection, std::string_view sql, std::initializer_list<Value> parameters) {
    std::vector<std::int64_t> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(row.integer(0)); });
    return found;
}

std::string number_of_ticket(Connection& connection, desk::TicketNo no) {
    const auto row = store::find_ticket(connection, no);
    if (!row) parts::missing("ticket", number_of(no));
    return row->ticket.request_number;
}

// With those of the requests that go on here, in the order of time; each of them says where it stands.
std::vector<MessageView> conversation_of(Connection& connection, parts::People& people, desk::TicketNo ticket) {
    std::vector<MessageView> views;
    const auto add = [&](desk::TicketNo no, const std::string& request) {
        const auto first = views.size();
        for (desk::Message& message : store::messages_of(connection, no)) {
            views.push_back(message_view(connection, people, std::move(message)));
            views.back().request = request;
        }
        for (const store::WentOn& gone : store::went_on_from(connection, no)) {
            for (auto place = first; place < views.size(); ++place) {
                if (views[place].message.no == gone.original)
                    views[place].went_on_in = number_of_ticket(connection, gone.ticket);
            }
        }
    };
    add(ticket, "");
    const auto merged = store::merged_with(connection, ticket);
    if (merged.empty()) return views;
    for (const desk::TicketNo no : merged) add(no, number_of_ticket(connection, no));
    std::ranges::sort(views, {}, [](const MessageView& view) { return std::pair{view.message.at, view.message.no}; });
    return views;
}

std::vector<TicketLinkView> links_of(Connection& connection, parts::People& people, desk::TicketNo ticket) {
    std::vector<TicketLinkView> links;
    for (const store::TicketLinkRow& link : store::ticket_links_of(connection, ticket)) {
        const bool from_here = link.ticket == ticket;
        const desk::TicketNo no = from_here ? link.other : link.ticket;
        const auto other = store::find_ticket(connection, no);
        if (!other) parts::missing("ticket", number_of(no));
        links.push_back({.number = other->ticket.request_number,
                         .kind = link.kind,
                         .from_here = from_here,
                         .state = other->ticket.state,
                         .reason = link.reason,
                         .made = link.made,
                         .made_by = people.find(link.made_by)});
    }
    return links;
}

TicketDetail detail_of(Connection& connection, TicketRow row) {
    parts::People people{connection};
    TicketDetail detail{.ticket = parts::ticket_view(connection, people, std::move(row)),
                        .messages = {},
                        .events = {},
                        .remedies = {},
                        .promises = {},
                        .linked_to = std::nullopt};
    const desk::Ticket& ticket = detail.ticket.row.ticket;
    detail.messages = conversation_of(connection, people, ticket.no);
    detail.links = links_of(connection, people, ticket.no);
    const desk::TicketNo on = store::goes_on_in(connection, ticket.no);
    if (on != ticket.no) detail.merged_into = number_of_ticket(connection, on);
    detail.events = events_of(connection, people, ticket.no);
    for (const store::FollowRow& follow : store::followers_of(connection, ticket.no))
        detail.followers.push_back(people.find(follow.staff).value());
    detail.seen_mark = store::newest_of(connection, ticket.no);
    detail.incident = parts::incident_of(connection, ticket.no);
    detail.asked = store::find_asked_facts(connection, ticket.no);
    for (const std::int64_t no :
         numbers(connection, "SELECT no FROM remedy WHERE ticket = $1 ORDER BY no DESC", {number_of(ticket.no)})) {
        detail.remedies.push_back(parts::remedy_view(connection, people, no).value());
    }
    for (store::PromiseRow& promise : store::promises_of(connection, ticket.no)) {
        PromiseView view{.row = {}, .staff = people.find(promise.staff).value(), .ended_by = people.find(promise.ended_by)};
        view.row = std::move(promise);
        for (const MessageView& message : detail.messages) {
            if (message.message.no == view.row.message) view.message = message.message.id;
        }
        detail.promises.push_back(std::move(view));
    }
    if (ticket.linked_to) {
        const auto linked = store::find_ticket(connection, *ticket.linked_to);
        if (!linked) parts::missing("ticket", number_of(*ticket.linked_to));
        detail.linked_to = linked->ticket.request_number;
    }
    return detail;
}

}  // namespace

namespace parts {

std::vector<TicketView> ticket_views(Connection& connection, People& people, std::vector<TicketRow> rows) {
    std::vector<desk::TicketNo> numbers;
    std::vector<customers::CustomerNo> of;
    for (const TicketRow& row : rows) {
        numbers.push_back(row.ticket.no);
        if (row.ticket.customer) of.push_back(*row.ticket.customer);
    }
    const auto customers = store::find_customers(connection, of);
    const auto remedies = store::open_remedies(connection, numbers);
    const auto snoozed = store::snoozed_until(connection, numbers);
    const auto sides = store::count_side_threads(connection, numbers);
    std::vector<TicketView> views;
    for (TicketRow& row : rows) {
        TicketView view{.row = std::move(row),
                        .customer = std::nullopt,
                        .assignee = std::nullopt,
                        .open_remedy = std::nullopt};
        const desk::Ticket& ticket = view.row.ticket;
        if (ticket.customer) {
            const auto customer = customers.find(*ticket.customer);
            if (customer == customers.end()) missing("customer", number_of(*ticket.customer));
            view.customer = customer->second;
        }
        view.assignee = people.find(ticket.assignee);
        if (const auto remedy = remedies.find(ticket.no); remedy != remedies.end())
            view.open_remedy = remedy_of_no(connection, remedy->second);
        if (const auto until = snoozed.find(ticket.no); until != snoozed.end()) view.snoozed_until = until->second;
        if (const auto asked = sides.find(ticket.no); asked != sides.end()) view.sides = asked->second;
        views.push_back(std::move(view));
    }
    return views;
}

TicketView ticket_view(Connection& connection, People& people, TicketRow row) {
    std::vector<TicketRow> one;
    one.push_back(std::move(row));
    return std::move(ticket_views(connection, people, std::move(one)).front());
}

std::optional<RemedyView> remedy_view(Connection& connection, People& people, std::int64_t remedy_no) {
    const auto remedy = remedy_of_no(connection, remedy_no);
    if (!remedy) return std::nullopt;
    auto row = store::find_ticket(connection, remedy->ticket);
    auto payment = payment_view(connection, remedy->payment);
    if (!row) missing("ticket", number_of(remedy->ticket));
    if (!payment) missing("payment", remedy->payment);
    RemedyView view{.remedy = *remedy,
                    .ticket = ticket_view(connection, people, *std::move(row)),
                    .payment = *std::move(payment),
                    .duplicate_of =
                        remedy->duplicate_of == 0 ? std::nullopt : payment_view(connection, remedy->duplicate_of),
                    .proposer = people.find(remedy->proposer).value(),
                    .decider = people.find(remedy->decider),
                    .executed = std::nullopt,
                    .answer = std::nullopt,
                    .transfers = {},
                    .fee_income = std::nullopt};
    const auto fee = connection.integer("SELECT min(no) FROM account WHERE kind = 4 AND currency = $1",
                                        {static_cast<std::int64_t>(remedy->amount.currency())});
    if (fee) view.fee_income = money::AccountNo{*fee};
    if (remedy->state == desk::RemedyState::proposed) view.owner_told = owner_told(connection, *remedy);
    if (remedy->executed_payment == 0) return view;
    const auto refund = payment_view(connection, remedy->executed_payment);
    if (!refund) missing("payment", remedy->executed_payment);
    view.executed = refund->payment.id;
    view.transfers = transfers_made_with(connection, refund->payment);
    connection.query("SELECT id FROM message WHERE ticket = $1 AND direction = 2 AND author = 4 AND at = $2",
                     {number_of(remedy->ticket), ms_of(remedy->decided.value_or(remedy->proposed))},
                     [&view](const Row& found) { view.answer = RowReader{found}.id<MessageId>(); });
    return view;
}

}  // namespace parts

std::optional<TicketList> ticket_list_of_name(std::string_view name) {
    if (name == "open") return TicketList::open;
    if (name == "mine") return TicketList::mine;
    if (name == "technical") return TicketList::technical;
    if (name == "risk") return TicketList::risk;
    if (name == "unclear") return TicketList::unclear;
    if (name == "spam") return TicketList::spam;
    if (name == "approvals") return TicketList::approvals;
    if (name == "waiting") return TicketList::waiting;
    if (name == "solved") return TicketList::solved;
    if (name == "snoozed") return TicketList::snoozed;
    if (name == "mentions") return TicketList::mentions;
    if (name == "following") return TicketList::following;
    if (name == "all") return TicketList::all;
    return std::nullopt;
}

std::string TicketCursor::text() const { return fmt::format("{}.{}", key, no); }

std::optional<TicketCursor> TicketCursor::parse(std::string_view text) {
    TicketCursor cursor{0, 0};
    const char* const end = text.data() + text.size();
    const auto key = std::from_chars(end - text.size(), end, cursor.key);
    if (key.ec != std::errc{} || key.ptr == end || *key.ptr != '.') return std::nullopt;
    const auto no = std::from_chars(key.ptr + 1, end, cursor.no);
    if (no.ec != std::errc{} || no.ptr != end) return std::nullopt;
    return cursor;
}

Read<TicketPage> Queries::tickets(const TicketQuery& query) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        TicketPage page;
        page.counts = counts_of(connection, query.me);
        if (auto named = row_of(connection, trimmed(query.words))) {
            if (!query.after) page.items.push_back(parts::ticket_view(connection, people, *std::move(named)));
            return page;
        }
        auto slots = slots_of(connection, query);
        if (static_cast<std::int64_t>(slots.size()) > query.limit) {
            slots.resize(static_cast<std::size_t>(query.limit));
            page.next = TicketCursor{slots.back().key, slots.back().no};
        }
        std::vector<desk::TicketNo> numbers;
        for (const Slot& slot : slots) numbers.push_back(desk::TicketNo{slot.no});
        auto rows = store::find_tickets(connection, numbers);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (i >= rows.size() || rows[i].ticket.no != numbers[i]) parts::missing("ticket", number_of(numbers[i]));
        }
        page.items = parts::ticket_views(connection, people, std::move(rows));
        for (const store::FollowRow& follow : store::follows_among(connection, query.me, numbers)) {
            const auto view =
                std::ranges::find(page.items, follow.ticket, [](const TicketView& one) { return one.row.ticket.no; });
            view->unseen = store::unseen_of(connection, follow);
        }
        return page;
    });
}

Read<std::optional<TicketView>> Queries::ticket(std::string_view request_number) {
    return pool_.read([&](Connection& connection) -> std::optional<TicketView> {
        const Snapshot snapshot{connection};
        auto row = row_of(connection, request_number);
        if (!row) return std::nullopt;
        parts::People people{connection};
        return parts::ticket_view(connection, people, *std::move(row));
    });
}

Read<std::optional<TicketDetail>> Queries::ticket_detail(std::string_view request_number) {
    return pool_.read([&](Connection& connection) -> std::optional<TicketDetail> {
        const Snapshot snapshot{connection};
        auto row = row_of(connection, request_number);
        if (!row) return std::nullopt;
        return detail_of(connection, *std::move(row));
    });
}

Read<std::vector<customers::CustomerNo>> Queries::ticket_customers(std::string_view request_number) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<customers::CustomerNo> customers;
        const auto row = row_of(connection, request_number);
        if (!row) return customers;
        if (row->ticket.customer) customers.push_back(*row->ticket.customer);
        for (const desk::TicketNo merged : store::merged_with(connection, row->ticket.no)) {
            const auto other = store::find_ticket(connection, merged);
            if (other && other->ticket.customer) customers.push_back(*other->ticket.customer);
        }
        return customers;
    });
}

Read<std::optional<std::vector<store::DraftRow>>> Queries::drafts(customers::StaffNo staff,
                                                                  std::string_view request_number) {
    return pool_.read([&](Connection& connection) -> std::optional<std::vector<store::DraftRow>> {
        const Snapshot snapshot{connection};
        const auto row = row_of(connection, request_number);
        if (!row) return std::nullopt;
        return store::drafts_of(connection, staff, row->ticket.no);
    });
}

Read<std::optional<MessageView>> Queries::message(std::int64_t no) {
    return pool_.read([&](Connection& connection) -> std::optional<MessageView> {
        const Snapshot snapshot{connection};
        const auto ticket = connection.integer("SELECT ticket FROM message WHERE no = $1", {no});
        if (!ticket) return std::nullopt;
        parts::People people{connection};
        for (desk::Message& message : store::messages_of(connection, desk::TicketNo{*ticket})) {
            if (number_of(message.no) == no) return message_view(connection, people, std::move(message));
        }
        return std::nullopt;
    });
}

Read<std::optional<RemedyView>> Queries::remedy(const RemedyId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<RemedyView> {
        const Snapshot snapshot{connection};
        const auto no = connection.integer("SELECT no FROM remedy WHERE id = $1", {store::Octets{id.view()}});
        if (!no) return std::nullopt;
        parts::People people{connection};
        return parts::remedy_view(connection, people, *no);
    });
}

Read<std::optional<RemedyView>> Queries::remedy(std::int64_t no) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        return parts::remedy_view(connection, people, no);
    });
}

Read<ApprovalPage> Queries::approvals(std::optional<TicketCursor> after, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        const TicketCursor from = after.value_or(TicketCursor{std::numeric_limits<std::int64_t>::min(), 0});
        std::vector<Slot> slots;
        connection.query(
            "SELECT coalesce(t.investigation_due, 9223372036854775807), r.no FROM remedy r JOIN ticket t ON t.no = r.ticket "
            "WHERE r.state = 1 AND (coalesce(t.investigation_due, 9223372036854775807), r.no) > ($1, $2) "
            "ORDER BY 1, 2 LIMIT $3",
            {from.key, from.no, limit + 1}, [&slots](const Row& row) { slots.push_back({row.integer(0), row.integer(1)}); });
        ApprovalPage page;
        if (static_cast<std::int64_t>(slots.size()) > limit) {
            slots.pop_back();
            page.next = TicketCursor{slots.back().key, slots.back().no};
        }
        parts::People people{connection};
        for (const Slot& slot : slots) page.items.push_back(parts::remedy_view(connection, people, slot.no).value());
        return page;
    });
}

}  // namespace okpay::service
