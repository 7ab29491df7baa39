// SPDX-License-Identifier: Apache-2.0
// Missing facts: asked for once with the confirmation of receipt, given by mail or on the page of the link.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "desk/ask_facts.hpp"
#include "service/case_parts.hpp"
#include "service/facts_parts.hpp"
#include "service/handlers.hpp"
#include "service/mail_out.hpp"
#include "service/ticket_parts.hpp"
#include "store/change_store.hpp"
#include "store/facts_store.hpp"
#include "store/lock_store.hpp"

namespace okpay::service {
namespace {

std::string words_of(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, " ")); }

// The page of the link shows one request, to whoever reads the stored address.
std::string link_for(Books& books, const Context& context, const desk::Ticket& ticket, const customers::Customer& customer,
                     std::string_view outgoing_id, Moment at) {
    at = books.system_time(at);
    const std::int64_t no = books.next_number("case_access");
    const auto id = StepIds{outgoing_id, no, at}.next<customers::CaseId>("facts link");
    const HouseLink link{context, LinkPurpose::open_case, id.view()};
    store::insert_case(books.connection(), {.no = no,
                                            .id = id,
                                            .ticket = number_of(ticket.no),
                                            .customer = customer.no,
                                            .link_hash = link.hash(),
                                            .sent = at,
                                            .link_expires = at + desk::facts_link_lasts});
    return link.url();
}

// The link goes to a mailbox: not while something is wrong with the account, or it may be about to have another one.
bool may_have_link(Books& books, const customers::Customer& customer) {
    const auto locks = store::locks_of(books.connection(), customer.no);
    const bool locked = std::ranges::any_of(locks, [](const customers::Lock& lock) { return !lock.ended; });
    return !locked && books.connection()
                              .integer("SELECT count(*) FROM customer_change WHERE customer = $1 AND ended IS NULL",
                                       {number_of(customer.no)})
                              .value_or(0) == 0;
}

}  // namespace

bool ask_for_facts(Books& books, const Context& context, const desk::Ticket& ticket, const FileMail& body,
                   const std::optional<customers::Customer>& customer, Moment at) {
    const auto facts = desk::facts_to_ask(ticket, body.missing);
    if (facts.empty()) return false;
    const bool linked = customer && may_have_link(books, *customer);
    const std::string link = linked ? link_for(books, context, ticket, *customer, body.outgoing_id, at) : "";
    const desk::MailText text =
        desk::ask_for_facts({.number = desk::RequestNumber::of(ticket.no, context.request_number_key()),
                             .language = desk::language_of(body.language),
                             .name = customer ? std::string_view{customer->name} : "",
                             .zone = customer ? std::string_view{customer->zone} : "",
                             .first_reply_due = ticket.first_reply_due,
                             .facts = facts,
                             .link = link,
                             .house = context.settings().house});
    send_acknowledgement(books, context, ticket, text, body.outgoing_id, body.from_address, at);
    store::insert_asked_facts(books.connection(), {.ticket = ticket.no, .asked = facts, .given = {}, .at = at});
    store::insert_event(books.connection(), ticket.no, at, "facts_asked", std::nullopt,
                        json_text({{"facts", words_of(facts)}}));
    return true;
}

void note_facts(Books& books, desk::Ticket& ticket, std::span<const std::string> stated, Moment at) {
    auto asked = store::find_asked_facts(books.connection(), ticket.no);
    if (!asked) return;
    if (ticket.route == desk::asking_route) ticket.route = "agent";
    std::vector<std::string> now;
    for (const std::string& fact : stated) {
        // Also what was not asked for may make another one needless: the number of the payment, its amount and time.
        const bool fresh = desk::is_fact(fact) && std::ranges::find(asked->given, fact) == asked->given.end();
        if (fresh && std::ranges::find(now, fact) == now.end()) now.push_back(fact);
    }
    if (now.empty() && asked->answered) return;
    asked->given.insert(asked->given.end(), now.begin(), now.end());
    if (!asked->answered) asked->answered = at;
    store::update_asked_facts(books.connection(), *asked);
    store::insert_event(books.connection(), ticket.no, at, "facts_given", std::nullopt,
                        json_text({{"facts", words_of(now)},
                                   {"missing", words_of(desk::still_missing(asked->asked, asked->given))}}));
}

}  // namespace okpay::service
