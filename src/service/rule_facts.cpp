// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

#include "base/text.hpp"
#include "desk/threading.hpp"
#include "service/rule_parts.hpp"
#include "store/people_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;
using customers::StaffNo;
using store::Connection;

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

const json::array* array_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr ? value->if_array() : nullptr;
}

// Of what triage read. What is not as it prints it says nothing: requests that were not opened by mail have an empty one.
void read_reading(const std::string& reading, desk::RuleFacts& facts) {
    boost::system::error_code error;
    const json::value parsed = json::parse(reading, error);
    const json::object* object = error ? nullptr : parsed.if_object();
    if (object == nullptr) return;
    if (const json::array* flags = array_in(*object, "flags")) {
        for (const json::value& flag : *flags) {
            if (flag.is_string()) facts.flags.emplace_back(flag.get_string());
        }
    }
    const json::value* entities = object->if_contains("entities");
    const json::object* inside = entities != nullptr ? entities->if_object() : nullptr;
    const json::array* amounts = inside != nullptr ? array_in(*inside, "amounts") : nullptr;
    if (amounts == nullptr) return;
    for (const json::value& amount : *amounts) {
        if (!amount.is_object()) continue;
        const auto currency = money::currency_of_code(text_in(amount.get_object(), "currency"));
        if (!currency) continue;
        if (const auto stated = money::Money::parse(text_in(amount.get_object(), "value"), *currency))
            facts.amounts.push_back(*stated);
    }
}

void read_newest_words(Connection& connection, const desk::Ticket& ticket, desk::RuleFacts& facts) {
    facts.sender = ticket.party_address;
    std::string said;
    std::optional<std::int64_t> mail;
    connection.query(
        "SELECT body, from_address, mail FROM message WHERE ticket = $1 AND direction = 1 ORDER BY no DESC LIMIT 1",
        {number_of(ticket.no)}, [&](const store::Row& row) {
            said = row.string(0);
            if (!row.text(1).empty()) facts.sender = row.string(1);
            mail = row.maybe_integer(2);
        });
    facts.terms = desk::terms_of(ticket.subject + "\n" + said);
    if (!mail) return;
    connection.query("SELECT recipients FROM inbound_mail WHERE no = $1", {*mail}, [&facts](const store::Row& row) {
        for (const std::string_view recipient : split(row.text(0), '\n')) {
            if (!recipient.empty()) facts.recipients.emplace_back(recipient);
        }
    });
}

std::optional<Moment> waits_since(const desk::Ticket& ticket) {
    if (!ticket.first_replied) return ticket.opened;
    return store::counts_from(desk::RuleSince::customer_wrote, ticket);
}

}  // namespace

desk::RuleFacts rule_facts(Connection& connection, const store::TicketRow& row, Moment now) {
    const desk::Ticket& ticket = row.ticket;
    desk::RuleFacts facts;
    facts.category = ticket.category;
    facts.urgency = ticket.urgency;
    facts.team = ticket.route;
    facts.language = ticket.language;
    facts.state = ticket.state;
    facts.assignee = ticket.assignee;
    facts.waits_since = waits_since(ticket);
    facts.now = now;
    read_reading(row.reading, facts);
    read_newest_words(connection, ticket, facts);
    if (const auto customer = ticket.customer ? store::find_customer(connection, *ticket.customer) : std::nullopt)
        facts.customer = {.level = customer->level, .standing = customer->standing, .created = customer->created};
    return facts;
}

std::vector<desk::Candidate> rule_candidates(Connection& connection, const desk::Ticket& ticket) {
    std::vector<customers::Customer> customers;
    std::vector<StaffNo> related;
    const auto add = [&](const desk::Ticket& one) {
        const auto customer = one.customer ? store::find_customer(connection, *one.customer) : std::nullopt;
        if (!customer) return;
        customers.push_back(*customer);
        for (const StaffNo staff : store::related_staff(connection, customer->no)) related.push_back(staff);
    };
    add(ticket);
    for (const desk::TicketNo no : store::merged_with(connection, ticket.no)) {
        if (const auto merged = store::find_ticket(connection, no)) add(merged->ticket);
    }
    std::vector<desk::Candidate> found;
    for (store::ColleagueRow& row : store::candidates(connection)) {
        // As has_to_do_with has it; a colleague who writes from their own address is one as well, whoever it is known as.
        const bool is_own = desk::same_mailbox(ticket.party_address, row.email) ||
                            std::ranges::any_of(customers, [&](const customers::Customer& customer) {
                                return desk::same_mailbox(customer.email, row.email);
                            });
        row.candidate.has_to_do_with_customer = is_own || std::ranges::find(related, row.candidate.no) != related.end();
        found.push_back(std::move(row.candidate));
    }
    return found;
}

}  // namespace okpay::service
