// SPDX-License-Identifier: Apache-2.0
#include "store/search_feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "money/money.hpp"
#include "payments/payment_ref.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

// Also the order within one moment: a request stands above the message that opened it.
constexpr std::array fed_kinds{SearchKind::customer, SearchKind::message, SearchKind::side_message, SearchKind::request,
                               SearchKind::payment};

struct Source {
    std::string_view feed, select, key;
};

Source source_of(SearchKind kind) {
    switch (kind) {
    case SearchKind::customer:
        return {"customer", "SELECT c.no, c.created, c.id, c.email, c.name, c.erased FROM customer c WHERE ", "c.no"};
    case SearchKind::request:
        return {"ticket",
                "SELECT t.no, t.opened, t.request_number, t.customer, t.party_address, t.subject, t.state, t.category, "
                "t.assignee FROM ticket t WHERE ",
                "t.no"};
    case SearchKind::message:
        return {"message",
                "SELECT m.no, m.at, m.ticket, t.customer, m.from_address, m.subject, m.body FROM message m JOIN ticket t ON "
                "t.no = m.ticket WHERE ",
                "m.no"};
    case SearchKind::payment:
        return {"payment",
                "SELECT p.seq, p.created, p.id, p.customer, o.customer, r.customer, p.amount, p.currency, p.order_ref, "
                "p.memo, p.instrument, m.name FROM payment p LEFT JOIN account_owner o ON o.account = p.payer LEFT JOIN "
                "account_owner r ON r.account = p.payee LEFT JOIN merchant m ON m.no = p.merchant WHERE ",
                "p.seq"};
    case SearchKind::side_message:
        return {"side_message",
                "SELECT m.no, m.at, s.ticket, t.customer, m.from_address, m.subject, m.body, s.number, s.address FROM "
                "side_message m JOIN side_thread s ON s.no = m.thread JOIN ticket t ON t.no = s.ticket WHERE ",
                "m.no"};
    case SearchKind::article: return {};  // fed by who keeps them
    }
    std::abort();
}

std::int64_t hash_of_texts(const std::vector<std::string>& fields) {
    std::string all;
    for (const std::string& field : fields) all += field + '\0';
    return static_cast<std::int64_t>(read_u64(view_of(sha256(all))));
}

struct Read {
    SearchDocument document;  // without terms
    std::vector<std::string> fields, marks;
    std::optional<RequestFacts> facts;
};

void read_customer(RowReader& row, Read& read) {
    const auto id = row.id<CustomerId>();
    std::string email = row.text(), name = row.text();
    const bool is_erased = row.maybe_integer().has_value();
    read.document.customer = read.document.source;
    read.fields.push_back(id.text());
    if (is_erased) return;  // a number, and nobody
    std::ranges::move(search::from_marks(email), std::back_inserter(read.marks));
    read.fields.push_back(std::move(email));
    read.fields.push_back(std::move(name));
}

void read_request(RowReader& row, Read& read) {
    read.fields.push_back(row.text());
    read.document.ticket = read.document.source;
    read.document.customer = row.maybe_integer().value_or(0);
    std::string party = row.text();
    read.fields.push_back(row.text());
    std::ranges::move(search::from_marks(party), std::back_inserter(read.marks));
    read.fields.push_back(std::move(party));
    RequestFacts facts{.ticket = read.document.source, .state = row.integer(), .category = row.text(), .assignee = 0};
    facts.assignee = row.maybe_integer().value_or(0);
    read.facts = std::move(facts);
}

void read_message(RowReader& row, Read& read) {
    read.document.ticket = row.integer();
    read.document.customer = row.maybe_integer().value_or(0);
    read.marks = search::from_marks(row.text());
    read.fields.push_back(row.text());
    read.fields.push_back(row.text());
    if (read.fields[0].empty() && read.fields[1].empty()) read.fields.clear();
}

// Also by the thread's number and its counterparty; one that was erased says nothing, and its number finds nothing.
void read_side_message(RowReader& row, Read& read) {
    read_message(row, read);
    const std::string number = row.text(), address = row.text();
    if (read.fields.empty()) return;
    read.fields.push_back(number);
    read.fields.push_back(address);
}

void read_payment(RowReader& row, Read& read) {
    const auto id = row.id<PaymentId>();
    const std::int64_t customer = row.maybe_integer().value_or(0);
    const std::int64_t payer = row.maybe_integer().value_or(0), payee = row.maybe_integer().value_or(0);
    read.document.customer = customer != 0 ? customer : payer != 0 ? payer : payee;
    read.document.other_customer = payee != read.document.customer ? payee : payer != read.document.customer ? payer : 0;
    read.fields.push_back(payments::text_of(id));
    const std::int64_t minor = row.integer();
    const auto amount = money::Money::of_minor(minor, static_cast<money::Currency>(row.integer()));
    if (amount) read.fields.push_back(fmt::format("{} {}", amount->decimal(), money::code_of(amount->currency())));
    for (int i = 0; i < 3; ++i) read.fields.push_back(row.text());
    read.fields.push_back(row.maybe_text().value_or(""));
}

Read read_row(SearchKind kind, const Row& stored) {
    RowReader row{stored};
    Read read{.document = {.kind = kind, .source = row.integer(), .at = row.moment(), .terms = {}},
              .fields = {},
              .marks = {},
              .facts = std::nullopt};
    switch (kind) {
    case SearchKind::customer: read_customer(row, read); break;
    case SearchKind::request: read_request(row, read); break;
    case SearchKind::message: read_message(row, read); break;
    case SearchKind::side_message: read_side_message(row, read); break;
    case SearchKind::payment: read_payment(row, read); break;
    case SearchKind::article: break;
    }
    return read;
}

SearchDocument finished(Read read) {
    SearchDocument document = std::move(read.document);
    document.hash = hash_of_texts(read.fields);
    read.marks.push_back(search::kind_mark(name_of(document.kind)));
    for (const std::int64_t customer : {document.customer, document.other_customer}) {
        if (customer != 0) read.marks.push_back(search::customer_mark(customer));
    }
    document.terms = search::document_terms(read.fields, read.marks);
    return document;
}

class Feeder {
public:
    Feeder(Connection& books, Connection& index, const SearchPositions& seen, std::int64_t rows_max)
        : books_{books}, index_{index}, seen_{seen}, rows_max_{rows_max} {}

    SearchFeed read() {
        read_new_rows();
        read_events();
        read_audit();
        return std::move(feed_);
    }

private:
    struct Queue {
        std::vector<Read> rows;
        std::vector<Moment> at;  // never falls: a row is no earlier than the one before it
    };

    void read_new_rows() {
        feed_.is_all = true;
        std::array<Queue, fed_kinds.size()> queues;
        std::optional<Moment> horizon;  // beyond it a feed that was not read to its end may have something earlier
        for (std::size_t i = 0; i < fed_kinds.size(); ++i) {
            Queue& queue = queues[i];
            const Source source = source_of(fed_kinds[i]);
            books_.query(fmt::format("{0}{1} > $1 ORDER BY {1} LIMIT $2", source.select, source.key),
                         {position_of(seen_, source.feed), rows_max_}, [&](const Row& row) {
                             queue.rows.push_back(read_row(fed_kinds[i], row));
                             const Moment at = queue.rows.back().document.at;
                             queue.at.push_back(queue.at.empty() ? at : std::max(at, queue.at.back()));
                         });
            if (std::ssize(queue.rows) < rows_max_) continue;
            feed_.is_all = false;
            horizon = horizon ? std::min(*horizon, queue.at.back()) : queue.at.back();
        }
        std::array<std::size_t, fed_kinds.size()> taken{};
        while (true) {
            std::optional<std::size_t> next;
            for (std::size_t i = 0; i < queues.size(); ++i) {
                if (taken[i] == queues[i].rows.size() || (horizon && queues[i].at[taken[i]] > *horizon)) continue;
                if (!next || queues[i].at[taken[i]] < queues[*next].at[taken[*next]]) next = i;
            }
            if (!next) break;
            take(std::move(queues[*next].rows[taken[*next]++]));
        }
    }

    void take(Read read) {
        feed_.pass.next[std::string{source_of(read.document.kind).feed}] = read.document.source;
        if (read.facts) feed_.pass.requests.push_back(*std::move(read.facts));
        if (!read.fields.empty()) feed_.pass.documents.push_back(finished(std::move(read)));
    }

    // The first time nothing has to be caught up with: rows are read as they stand.
    std::optional<std::int64_t> begin(std::string_view feed, std::string_view head) {
        if (seen_.contains(feed)) return position_of(seen_, feed);
        feed_.pass.next[std::string{feed}] = books_.integer(head).value_or(0);
        return std::nullopt;
    }

    void read_events() {
        const auto from = begin("event", "SELECT coalesce(max(no), 0) FROM ticket_event");
        if (!from) return;
        std::set<std::int64_t> tickets;
        std::int64_t rows = 0;
        books_.query("SELECT no, ticket FROM ticket_event WHERE no > $1 ORDER BY no LIMIT $2", {*from, rows_max_},
                     [&](const Row& row) {
                         ++rows;
                         feed_.pass.next["event"] = row.integer(0);
                         tickets.insert(row.integer(1));
                     });
        if (rows == rows_max_) feed_.is_all = false;
        for (const std::int64_t ticket : tickets) {
            if (ticket > position_of(seen_, "ticket")) continue;  // read with its row
            if (auto read = one(SearchKind::request, ticket)) feed_.pass.requests.push_back(*std::move(read->facts));
        }
    }

    void read_audit() {
        const auto from = begin("audit", "SELECT coalesce(max(seq), 0) FROM audit");
        if (!from) return;
        std::set<std::int64_t> changed, erased;
        std::int64_t rows = 0;
        books_.query("SELECT seq, action, object FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2", {*from, rows_max_},
                     [&](const Row& row) {
                         ++rows;
                         feed_.pass.next["audit"] = row.integer(0);
                         constexpr std::string_view before = "customer:";
                         const std::string_view object = row.text(2);
                         if (!object.starts_with(before)) return;
                         std::int64_t customer = 0;
                         std::from_chars(object.data() + before.size(), object.data() + object.size(), customer);
                         (row.text(1) == "erase_person" ? erased : changed).insert(customer);
                     });
        if (rows == rows_max_) feed_.is_all = false;
        for (const std::int64_t customer : erased) {
            changed.erase(customer);
            for (const auto& [kind, source] : search_documents_of(index_, customer)) read_again(kind, source);
        }
        for (const std::int64_t customer : changed) read_again(SearchKind::customer, customer);
        if (!erased.empty()) read_nameless_again();
    }

    // Requests of an erased person who was not known as a customer when they came.
    void read_nameless_again() {
        std::vector<std::int64_t> tickets, messages, side_messages;
        books_.query("SELECT no FROM ticket WHERE customer IS NULL AND party_address = ''", {},
                     [&](const Row& row) { tickets.push_back(row.integer(0)); });
        for (const std::int64_t ticket : tickets) {
            read_again(SearchKind::request, ticket);
            books_.query("SELECT no FROM message WHERE ticket = $1", {ticket},
                         [&](const Row& row) { messages.push_back(row.integer(0)); });
            books_.query("SELECT m.no FROM side_message m JOIN side_thread s ON s.no = m.thread WHERE s.ticket = $1",
                         {ticket}, [&](const Row& row) { side_messages.push_back(row.integer(0)); });
        }
        for (const std::int64_t message : messages) read_again(SearchKind::message, message);
        for (const std::int64_t message : side_messages) read_again(SearchKind::side_message, message);
    }

    void read_again(SearchKind kind, std::int64_t source) {
        const Source from = source_of(kind);
        if (from.feed.empty() || source > position_of(seen_, from.feed) || !again_.insert({kind, source}).second) return;
        auto read = one(kind, source);
        if (read && !read->fields.empty()) {
            feed_.pass.again.push_back(finished(*std::move(read)));
        } else {
            feed_.pass.gone.emplace_back(kind, source);
        }
    }

public:
    static std::optional<Read> one(Connection& books, SearchKind kind, std::int64_t source) {
        const Source from = source_of(kind);
        if (from.feed.empty()) return std::nullopt;
        std::optional<Read> read;
        books.query(fmt::format("{}{} = $1", from.select, from.key), {source},
                    [&](const Row& row) { read = read_row(kind, row); });
        return read;
    }

private:
    std::optional<Read> one(SearchKind kind, std::int64_t source) { return one(books_, kind, source); }

    Connection& books_;
    Connection& index_;
    const SearchPositions& seen_;
    std::int64_t rows_max_;
    std::set<std::pair<SearchKind, std::int64_t>> again_;
    SearchFeed feed_;
};

}  // namespace

SearchFeed read_search_feed(Connection& books, Connection& index, const SearchPositions& seen, std::int64_t rows_max) {
    return Feeder{books, index, seen, rows_max}.read();
}

std::optional<SearchDocument> search_document(Connection& books, SearchKind kind, std::int64_t source) {
    auto read = Feeder::one(books, kind, source);
    if (!read || read->fields.empty()) return std::nullopt;
    return finished(*std::move(read));
}

SearchPositions search_heads(Connection& books) {
    return {{"customer", books.integer("SELECT coalesce(max(no), 0) FROM customer").value_or(0)},
            {"ticket", books.integer("SELECT coalesce(max(no), 0) FROM ticket").value_or(0)},
            {"message", books.integer("SELECT coalesce(max(no), 0) FROM message").value_or(0)},
            {"side_message", books.integer("SELECT coalesce(max(no), 0) FROM side_message").value_or(0)},
            {"payment", books.integer("SELECT coalesce(max(seq), 0) FROM payment").value_or(0)},
            {"event", books.integer("SELECT coalesce(max(no), 0) FROM ticket_event").value_or(0)},
            {"audit", books.integer("SELECT coalesce(max(seq), 0) FROM audit").value_or(0)}};
}

}  // namespace okpay::store
