// SPDX-License-Identifier: Apache-2.0
#include "service/search.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "money/money.hpp"
#include "service/queries_parts.hpp"
#include "store/row_reader.hpp"
#include "triage/reading.hpp"

namespace okpay::service {
namespace {

using search::Clause;
using search::Filter;
using search::FilterKey;
using search::WalkPtr;
using store::Connection;
using store::FoundDocument;
using store::Row;
using store::RowReader;
using store::SearchKind;
using store::SearchReader;

constexpr std::size_t first_look = 16;

// "2026", "2026-11", "2026-11-05" or RFC 3339: its first moment.
std::optional<Moment> moment_named(const std::string& text) {
    if (text.find_first_not_of("0123456789-") == std::string::npos) {
        if (text.size() == 4) return moment_of_rfc3339(text + "-01-01T00:00:00Z");
        if (text.size() == 7) return moment_of_rfc3339(text + "-01T00:00:00Z");
        return moment_of_rfc3339(text + "T00:00:00Z");
    }
    return moment_of_rfc3339(text);
}

// What the filters ask of what changes, or stands beside the text.
struct Conditions {
    std::set<std::int64_t> states, not_states, assignees, not_assignees;  // assignee 0: nobody
    std::set<std::string> categories, not_categories;
    std::optional<Moment> before, from;
    std::set<SearchKind> kinds, not_kinds;

    [[nodiscard]] bool hold(const FoundDocument& found) const {
        const bool of_request = !states.empty() || !not_states.empty() || !assignees.empty() || !not_assignees.empty() ||
                                !categories.empty() || !not_categories.empty();
        if (of_request && found.ticket == 0) return false;
        if (!states.empty() && !states.contains(found.state)) return false;
        if (!assignees.empty() && !assignees.contains(found.assignee)) return false;
        if (!categories.empty() && !categories.contains(found.category)) return false;
        if (not_states.contains(found.state) || not_assignees.contains(found.assignee)) return false;
        if (not_categories.contains(found.category) || not_kinds.contains(found.kind)) return false;
        return (!before || found.at < *before) && (!from || found.at >= *from);
    }
};

class Asking {
public:
    Asking(Connection& books, Connection& index, const SearchRequest& request)
        : books_{books}, reader_{index}, request_{request}, query_{search::parse_query(request.words)} {}

    SearchPage page() {
        SearchPage page;
        page.complete = store::position_of(reader_.positions(), "complete") == 1;
        if (request_.kind) conditions_.kinds.insert(*request_.kind);
        for (const Filter& filter : query_.filters) take(filter);
        page.not_understood = query_.not_understood;
        const bool has_filters = query_.filters.size() > refused_filters_;
        if (query_.clauses.empty() && !has_filters) return page;
        const WalkPtr walk = walk_of();
        collect(*walk, page);
        return page;
    }

private:
    void refuse(const Filter& filter) {
        ++refused_filters_;
        query_.not_understood.push_back(filter.typed);
    }

    void take(const Filter& filter) {
        switch (filter.key) {
        case FilterKey::state: {
            const auto state = desk::ticket_state_of_name(ascii_lower(filter.value));
            if (!state) return refuse(filter);
            (filter.negated ? conditions_.not_states : conditions_.states).insert(store::stored(*state));
            return;
        }
        case FilterKey::category: {
            const std::string name = ascii_lower(filter.value);
            if (!triage::category_of_name(name)) return refuse(filter);
            (filter.negated ? conditions_.not_categories : conditions_.categories).insert(name);
            return;
        }
        case FilterKey::assignee: {
            const auto staff = assignee_named(ascii_lower(filter.value));
            if (!staff) return refuse(filter);
            (filter.negated ? conditions_.not_assignees : conditions_.assignees).insert(*staff);
            return;
        }
        case FilterKey::before:
        case FilterKey::after: {
            const auto moment = moment_named(filter.value);
            if (!moment) return refuse(filter);
            ((filter.key == FilterKey::before) != filter.negated ? conditions_.before : conditions_.from) = moment;
            return;
        }
        case FilterKey::kind: {
            const auto kind = store::search_kind_of_name(ascii_lower(filter.value));
            if (!kind) return refuse(filter);
            (filter.negated ? conditions_.not_kinds : conditions_.kinds).insert(*kind);
            return;
        }
        case FilterKey::from: {
            auto terms = reader_.beginning_with(search::from_mark(filter.value), search_beginnings_max);
            if (filter.value.find('@') == std::string::npos) {  // a host, or what stands before the sign
                for (std::string& host :
                     reader_.beginning_with(search::from_mark("@" + filter.value), search_beginnings_max))
                    terms.push_back(std::move(host));
            }
            add_marks(filter.negated, std::move(terms));
            return;
        }
        case FilterKey::customer: {
            std::vector<std::string> marks;
            for (const std::int64_t no : customers_named(filter.value)) marks.push_back(search::customer_mark(no));
            add_marks(filter.negated, std::move(marks));
            return;
        }
        }
        std::abort();
    }

    void add_marks(bool negated, std::vector<std::string> terms) {
        if (terms.empty()) {
            if (!negated) finds_nothing_ = true;  // understood, and nobody is meant
            return;
        }
        std::vector<WalkPtr> walks;
        for (std::string& term : terms) walks.push_back(reader_.walk(std::move(term)));
        (negated ? none_of_ : all_of_).push_back(search::any_walk(std::move(walks)));
    }

    std::optional<std::int64_t> assignee_named(const std::string& name) {
        if (name == "me") return number_of(request_.me);
        if (name == "none" || name == "nobody") return 0;
        return books_.integer("SELECT min(no) FROM staff WHERE lower(email) = $1 OR lower(name) = $1",
                              {std::string_view{name}});
    }

    std::vector<std::int64_t> customers_named(const std::string& text) {
        std::vector<std::int64_t> found;
        const auto note = [&found](const Row& row) { found.push_back(row.integer(0)); };
        if (const auto id = CustomerId::parse(text)) {
            books_.query("SELECT no FROM customer WHERE id = $1", {store::Octets{id->view()}}, note);
            return found;
        }
        if (text.find('@') != std::string::npos) {
            books_.query("SELECT no FROM customer WHERE lower(email) = $1", {std::string_view{ascii_lower(text)}}, note);
            return found;
        }
        std::vector<WalkPtr> walks;
        walks.push_back(reader_.walk(search::kind_mark(name_of(SearchKind::customer))));
        for (const Clause& clause : search::parse_query(text).clauses) walks.push_back(walk_of(clause));
        if (walks.size() == 1) return found;
        const WalkPtr walk = search::all_walk(std::move(walks), {});
        std::vector<std::int64_t> documents;
        for (auto at = walk->at_or_below(reader_.newest()); at && documents.size() < search_named_customers_max;
             at = walk->at_or_below(*at - 1))
            documents.push_back(*at);
        for (const FoundDocument& one : reader_.look_up(documents)) found.push_back(one.source);
        return found;
    }

    WalkPtr walk_of(const Clause& clause) {
        if (clause.by_beginning) {
            std::vector<WalkPtr> walks;
            const std::string& beginning = clause.terms.front().term;
            for (std::string& term : reader_.beginning_with(beginning, search_beginnings_max))
                walks.push_back(reader_.walk(std::move(term)));
            if (walks.empty()) walks.push_back(reader_.walk(beginning));
            return search::any_walk(std::move(walks));
        }
        std::vector<std::pair<WalkPtr, std::uint32_t>> terms;
        for (const Clause::At& at : clause.terms) terms.emplace_back(reader_.walk(at.term), at.offset);
        return search::phrase_walk(std::move(terms));
    }

    WalkPtr walk_of() {
        std::vector<WalkPtr> all = std::move(all_of_), none = std::move(none_of_);
        for (const Clause& clause : query_.clauses) (clause.negated ? none : all).push_back(walk_of(clause));
        if (all.empty() || !conditions_.kinds.empty()) {
            std::vector<WalkPtr> kinds;
            for (const SearchKind kind : store::all_search_kinds) {
                if (conditions_.kinds.empty() || conditions_.kinds.contains(kind))
                    kinds.push_back(reader_.walk(search::kind_mark(name_of(kind))));
            }
            all.push_back(search::any_walk(std::move(kinds)));
        }
        return search::all_walk(std::move(all), std::move(none));
    }

    [[nodiscard]] bool is_kept(const FoundDocument& found) const {
        return std::ranges::any_of(request_.kept_from, [&found](customers::CustomerNo no) {
            return number_of(no) == found.customer || number_of(no) == found.other_customer;
        });
    }

    void collect(search::Walk& walk, SearchPage& page) {
        if (finds_nothing_) return;
        const bool collapses = conditions_.kinds.empty();
        std::set<std::int64_t> tickets;
        std::optional<std::int64_t> at = request_.below ? *request_.below - 1 : reader_.newest();
        if (*at > 0) at = walk.at_or_below(*at);
        if (at && *at <= 0) at = std::nullopt;
        std::vector<std::int64_t> looked_at;
        std::size_t together = first_look;
        for (std::int64_t count = 0; at && count < search_looked_at_max; together = SearchReader::lookup_max) {
            looked_at.clear();
            while (at && looked_at.size() < together) {
                looked_at.push_back(*at);
                at = *at == 1 ? std::nullopt : walk.at_or_below(*at - 1);
            }
            count += std::ssize(looked_at);
            for (const FoundDocument& found : reader_.look_up(looked_at)) {
                if (!conditions_.hold(found) || is_kept(found)) continue;
                if (collapses && found.ticket != 0 && !tickets.insert(found.ticket).second) continue;
                if (std::ssize(page.items) == request_.limit) {
                    page.next = page.items.back().document;
                    return;
                }
                if (auto hit = hit_of(found)) page.items.push_back(*std::move(hit));
            }
            if (at) page.next = looked_at.back();
        }
        if (!at) page.next = std::nullopt;
    }

    std::optional<SearchHit> hit_of(const FoundDocument& found) {
        SearchHit hit{.kind = found.kind,
                      .document = found.document,
                      .at = found.at,
                      .request_number = {},
                      .ticket_state = {},
                      .message = {},
                      .customer = {},
                      .payment = {},
                      .title = {},
                      .address = {},
                      .snippet = {}};
        bool is_there = false;
        const auto read = [&](std::string_view sql, const std::function<void(RowReader&)>& take) {
            books_.query(sql, {found.source}, [&](const Row& row) {
                is_there = true;
                RowReader reader{row};
                take(reader);
            });
        };
        switch (found.kind) {
        case SearchKind::request:
            read("SELECT request_number, state, subject, preview FROM ticket WHERE no = $1", [&](RowReader& row) {
                take_request(row, hit);
                hit.snippet = snippet(row.text());
            });
            break;
        case SearchKind::message:
            read(
                "SELECT t.request_number, t.state, t.subject, m.id, m.subject, m.body FROM message m JOIN ticket t ON t.no "
                "= "
                "m.ticket WHERE m.no = $1",
                [&](RowReader& row) {
                    take_request(row, hit);
                    hit.message = row.id<MessageId>();
                    const std::string subject = row.text();
                    hit.snippet = snippet(row.text());
                    if (hit.title.empty()) hit.title = subject;
                });
            break;
        case SearchKind::side_message:
            read(
                "SELECT t.request_number, t.state, s.subject, m.id, m.body FROM side_message m JOIN side_thread s ON s.no = "
                "m.thread JOIN ticket t ON t.no = s.ticket WHERE m.no = $1",
                [&](RowReader& row) {
                    take_request(row, hit);
                    hit.message = row.id<MessageId>();
                    hit.snippet = snippet(row.text());
                });
            break;
        case SearchKind::customer:
            read("SELECT id, email, name FROM customer WHERE no = $1", [&](RowReader& row) {
                hit.customer = row.id<CustomerId>();
                hit.address = row.text();
                hit.title = row.text();
            });
            break;
        case SearchKind::payment:
            read(
                "SELECT p.id, p.amount, p.currency, p.order_ref, p.memo, m.name FROM payment p LEFT JOIN merchant m ON m.no "
                "= p.merchant WHERE p.seq = $1",
                [&](RowReader& row) { take_payment(row, hit); });
            break;
        case SearchKind::article: break;  // shown by who keeps them
        }
        return is_there ? std::optional{std::move(hit)} : std::nullopt;
    }

    static void take_request(RowReader& row, SearchHit& hit) {
        hit.request_number = row.text();
        hit.ticket_state = desk::state_name(row.as<desk::TicketState>());
        hit.title = row.text();
    }

    void take_payment(RowReader& row, SearchHit& hit) {
        hit.payment = row.id<PaymentId>();
        const std::int64_t minor = row.integer();
        const auto amount = money::Money::of_minor(minor, static_cast<money::Currency>(row.integer()));
        const std::string order = row.text(), memo = row.text();
        const std::string merchant = row.maybe_text().value_or("");
        if (amount) hit.title = fmt::format("{} {}", amount->decimal(), money::code_of(amount->currency()));
        std::string said;
        for (const std::string& piece : {merchant, memo, order}) {
            if (!piece.empty()) said += (said.empty() ? "" : " · ") + piece;
        }
        hit.snippet = snippet(said);
    }

    [[nodiscard]] std::vector<search::SnippetPart> snippet(const std::string& text) const {
        return search::snippet_of(text, query_.clauses);
    }

    Connection& books_;
    SearchReader reader_;
    const SearchRequest& request_;
    search::Query query_;
    Conditions conditions_;
    std::vector<WalkPtr> all_of_, none_of_;
    std::size_t refused_filters_ = 0;
    bool finds_nothing_ = false;
};

}  // namespace

Search::Search(store::Database books, store::Database index, std::size_t connections_max)
    : index_{std::move(index)}, connections_max_{connections_max}, books_{std::move(books), connections_max} {}

std::shared_ptr<ReaderPool> Search::index_pool() {
    const std::scoped_lock lock{mutex_};
    if (!pool_) pool_ = std::make_shared<ReaderPool>(index_, connections_max_);
    return pool_;
}

void Search::forget_connections() {
    const std::scoped_lock lock{mutex_};
    pool_.reset();
}

Read<SearchPage> Search::ask(const SearchRequest& request) {
    const auto pool = index_pool();
    auto page = pool->read([&](Connection& index) {
        const Snapshot snapshot{index};
        return books_.read([&](Connection& books) { return Asking{books, index, request}.page(); });
    });
    if (!page) {
        if (page.error() == QueryError::corrupt) damage_ = true;
        return fail(page.error());
    }
    return *std::move(page);
}

}  // namespace okpay::service
