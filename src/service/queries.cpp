// SPDX-License-Identifier: Apache-2.0
#include "service/queries.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "service/queries_parts.hpp"
#include "store/row_reader.hpp"

namespace okpay::service {
namespace {

using customers::Customer;
using customers::CustomerNo;
using customers::MerchantNo;
using customers::StaffNo;
using store::Connection;
using store::Octets;
using store::Row;
using store::RowReader;
using store::StaffRow;

std::vector<OwnedAccount> owned_accounts(Connection& connection, std::string_view owner, std::int64_t no) {
    const std::string sql = fmt::format(
        "SELECT o.account, a.currency FROM account_owner o JOIN account a ON a.no = o.account WHERE o.{} = $1 ORDER BY "
        "o.account",
        owner);
    std::vector<OwnedAccount> found;
    connection.query(sql, {no}, [&found](const Row& row) {
        const auto currency = money::currency_of_number(row.integer(1));
        if (!currency) parts::missing("currency", row.integer(1));
        found.push_back({money::AccountNo{row.integer(0)}, *currency});
    });
    return found;
}

std::optional<CustomerView> customer_view(Connection& connection, std::optional<std::int64_t> no) {
    if (!no) return std::nullopt;
    auto customer = store::find_customer(connection, CustomerNo{*no});
    if (!customer) return std::nullopt;
    return CustomerView{*std::move(customer), parts::accounts_of(connection, CustomerNo{*no})};
}

std::optional<std::int64_t> customer_no(Connection& connection, const CustomerId& id) {
    return connection.integer("SELECT no FROM customer WHERE id = $1", {Octets{id.view()}});
}

std::vector<std::int64_t> customers_like(Connection& connection, std::string_view words, std::int64_t after,
                                         std::int64_t limit) {
    std::vector<std::int64_t> found;
    const auto keep = [&found](const Row& row) { found.push_back(row.integer(0)); };
    if (const auto id = CustomerId::parse(words)) {
        if (const auto no = customer_no(connection, *id); no && *no > after) found.push_back(*no);
        return found;
    }
    if (words.empty()) {
        connection.query("SELECT no FROM customer WHERE no > $1 ORDER BY no LIMIT $2", {after, limit}, keep);
        return found;
    }
    if (const auto whole = store::find_customer_by_email(connection, ascii_lower(words))) {
        if (number_of(whole->no) > after) found.push_back(number_of(whole->no));
        return found;
    }
    const std::string pattern = parts::like_pattern(words);
    connection.query(
        "SELECT no FROM customer WHERE no > $1 AND (lower(name) LIKE $2 ESCAPE '\\' OR lower(email) LIKE $2 ESCAPE '\\') "
        "ORDER BY no LIMIT $3",
        {after, std::string_view{pattern}, limit}, keep);
    return found;
}

}  // namespace

namespace parts {

void missing(std::string_view what, std::int64_t no) {
    throw store::StorageFailure{store::StorageFault::corrupt, fmt::format("{} {} is referred to and not there", what, no)};
}

std::string like_pattern(std::string_view words) {
    std::string pattern = "%";
    for (const char c : ascii_lower(words)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

std::vector<OwnedAccount> accounts_of(Connection& connection, CustomerNo customer) {
    return owned_accounts(connection, "customer", number_of(customer));
}

std::vector<OwnedAccount> accounts_of(Connection& connection, MerchantNo merchant) {
    return owned_accounts(connection, "merchant", number_of(merchant));
}

std::optional<Person> People::find(std::optional<StaffNo> no) {
    if (!no) return std::nullopt;
    const auto known = known_.find(*no);
    if (known != known_.end()) return known->second;
    const auto staff = store::find_staff(connection_, *no);
    if (!staff) missing("staff", number_of(*no));
    return known_.emplace(*no, Person{staff->id, staff->name}).first->second;
}

}  // namespace parts

Queries::Queries(store::Database database, std::size_t connections_max) : pool_{std::move(database), connections_max} {}

Read<bool> Queries::ping() {
    return pool_.read([](Connection& connection) { return connection.integer("SELECT 1").value_or(0) == 1; });
}

Read<std::optional<StaffRow>> Queries::staff_by_email(std::string_view email) {
    return pool_.read([&](Connection& connection) { return store::find_staff_by_email(connection, email); });
}

Read<std::optional<CustomerAccess>> Queries::customer_access(std::string_view email) {
    return pool_.read([&](Connection& connection) -> std::optional<CustomerAccess> {
        auto customer = store::find_customer_by_email(connection, email);
        if (!customer) return std::nullopt;
        const CustomerNo no = customer->no;
        return CustomerAccess{{*std::move(customer), parts::accounts_of(connection, no)},
                              store::find_customer_login(connection, no)};
    });
}

Read<std::optional<CustomerInSession>> Queries::customer_by_session(ByteView token_hash, Moment now) {
    return pool_.read([&](Connection& connection) -> std::optional<CustomerInSession> {
        auto session = store::find_customer_session(connection, token_hash);
        if (!session || session->expires <= now) return std::nullopt;
        if (session->last_seen + customers::customer_session_idle <= now) return std::nullopt;
        auto view = customer_view(connection, number_of(session->customer));
        if (!view) return std::nullopt;
        return CustomerInSession{.view = *std::move(view), .session = *std::move(session)};
    });
}

Read<std::optional<StaffRow>> Queries::staff_by_id(const StaffId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<StaffRow> {
        const auto no = connection.integer("SELECT no FROM staff WHERE id = $1", {Octets{id.view()}});
        return no ? store::find_staff(connection, StaffNo{*no}) : std::nullopt;
    });
}

Read<std::optional<StaffRow>> Queries::staff_by_session(ByteView token_hash, Moment now) {
    return pool_.read([&](Connection& connection) -> std::optional<StaffRow> {
        const auto no = connection.integer("SELECT staff FROM session WHERE token_hash = $1 AND expires > $2",
                                           {Octets{token_hash}, ms_of(now)});
        if (!no) return std::nullopt;
        auto staff = store::find_staff(connection, StaffNo{*no});
        if (staff && (staff->disabled || !staff->enrolled)) return std::nullopt;
        return staff;
    });
}

Read<std::optional<StaffRow>> Queries::staff_by_enrol_token(ByteView token_hash, Moment now) {
    return pool_.read([&](Connection& connection) -> std::optional<StaffRow> {
        auto staff = store::find_staff_by_enrol_token(connection, token_hash);
        if (!staff || staff->disabled || !staff->enrol_expires || *staff->enrol_expires <= now) return std::nullopt;
        return staff;
    });
}

Read<std::optional<customers::Merchant>> Queries::merchant_by_key(ByteView api_key_hash) {
    return pool_.read([&](Connection& connection) -> std::optional<customers::Merchant> {
        const auto no = connection.integer("SELECT no FROM merchant WHERE api_key_hash = $1", {Octets{api_key_hash}});
        return no ? store::find_merchant(connection, MerchantNo{*no}) : std::nullopt;
    });
}

Read<std::vector<OwnedAccount>> Queries::merchant_accounts(MerchantNo merchant) {
    return pool_.read([&](Connection& connection) { return parts::accounts_of(connection, merchant); });
}

Read<std::optional<CustomerView>> Queries::customer(const CustomerId& id) {
    return pool_.read([&](Connection& connection) { return customer_view(connection, customer_no(connection, id)); });
}

Read<std::optional<CustomerView>> Queries::customer(CustomerNo no) {
    return pool_.read([&](Connection& connection) { return customer_view(connection, number_of(no)); });
}

Read<CustomerPage> Queries::customers(std::string_view words, std::int64_t after, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        auto numbers = customers_like(connection, trimmed(words), after, limit + 1);
        CustomerPage page;
        if (static_cast<std::int64_t>(numbers.size()) > limit) {
            numbers.pop_back();
            page.next = numbers.back();
        }
        for (const std::int64_t no : numbers) {
            auto customer = store::find_customer(connection, CustomerNo{no});
            if (!customer) parts::missing("customer", no);
            page.items.push_back(*std::move(customer));
        }
        return page;
    });
}

Read<MailBookPage> Queries::mail_books(std::optional<std::int64_t> before, std::size_t limit) {
    constexpr std::int64_t hour_ms = 3'600'000;
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        std::map<std::pair<std::int64_t, std::string>, MailBook, std::greater<>> books;
        const auto book = [&books](std::int64_t hour, const std::string& channel) -> MailBook& {
            auto& found = books[{hour, channel}];
            found.hour = moment_of_ms(hour * hour_ms);
            found.channel = channel;
            return found;
        };
        const std::int64_t until = before.value_or(std::numeric_limits<std::int64_t>::max());
        connection.query(
            "SELECT received / 3600000, channel, state, count(*) FROM inbound_mail WHERE received < $1 GROUP BY 1, 2, 3",
            {until}, [&book](const Row& row) {
                RowReader read{row};
                const std::int64_t hour = read.integer();
                MailBook& found = book(hour, read.text());
                const auto state = read.as<store::InboundState>();
                const std::int64_t count = read.integer();
                switch (state) {
                case store::InboundState::waiting: found.waiting += count; break;
                case store::InboundState::parsed: found.parsed += count; break;
                case store::InboundState::quarantined: found.quarantined += count; break;
                case store::InboundState::duplicate: found.duplicates += count; break;
                }
            });
        connection.query("SELECT created / 3600000, state, count(*) FROM outgoing_mail WHERE created < $1 GROUP BY 1, 2",
                         {until}, [&book](const Row& row) {
                             RowReader read{row};
                             MailBook& found = book(read.integer(), "out");
                             const auto state = read.as<store::OutgoingState>();
                             const std::int64_t count = read.integer();
                             switch (state) {
                             case store::OutgoingState::queued: found.queued += count; break;
                             case store::OutgoingState::sent: found.sent += count; break;
                             case store::OutgoingState::uncertain: found.uncertain += count; break;
                             case store::OutgoingState::failed: found.failed += count; break;
                             case store::OutgoingState::suppressed: found.suppressed += count; break;
                             }
                         });
        MailBookPage page;
        for (auto& [key, found] : books) {
            if (page.items.size() >= limit && found.hour != page.items.back().hour) {
                page.next = ms_of(page.items.back().hour);
                break;
            }
            page.items.push_back(std::move(found));
        }
        return page;
    });
}

}  // namespace okpay::service
