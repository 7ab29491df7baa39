// SPDX-License-Identifier: Apache-2.0
#include "store/facts_store.hpp"

#include "base/text.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using desk::TicketNo;
using std::string_view;

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

std::vector<std::string> parted(string_view text) {
    std::vector<std::string> names;
    for (const string_view name : split(text, ' ')) {
        if (!name.empty()) names.emplace_back(name);
    }
    return names;
}

}  // namespace

void insert_asked_facts(Connection& connection, const AskedFacts& facts) {
    const std::string asked = joined(facts.asked), given = joined(facts.given);
    connection.execute("INSERT INTO asked_facts (ticket, asked, given, at, answered) VALUES ($1, $2, $3, $4, $5)",
                       {number_of(facts.ticket), string_view{asked}, string_view{given}, ms_of(facts.at),
                        moment_or_null(facts.answered)});
}

void update_asked_facts(Connection& connection, const AskedFacts& facts) {
    const std::string given = joined(facts.given);
    connection.execute("UPDATE asked_facts SET given = $2, answered = $3 WHERE ticket = $1",
                       {number_of(facts.ticket), string_view{given}, moment_or_null(facts.answered)});
}

std::optional<AskedFacts> find_asked_facts(Connection& connection, TicketNo ticket) {
    std::optional<AskedFacts> found;
    connection.query("SELECT asked, given, at, answered FROM asked_facts WHERE ticket = $1", {number_of(ticket)},
                     [&](const Row& row) {
                         RowReader read{row};
                         AskedFacts facts{.ticket = ticket, .asked = {}, .given = {}, .at = {}};
                         facts.asked = parted(read.text());
                         facts.given = parted(read.text());
                         facts.at = read.moment();
                         facts.answered = read.maybe_moment();
                         found = std::move(facts);
                     });
    return found;
}

}  // namespace okpay::store
