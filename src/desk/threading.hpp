// SPDX-License-Identifier: Apache-2.0
// Where an inbound mail belongs. Who a mail claims to be proves nothing, and a number is public: a mail joins a ticket by
// our signed token and a sender who is the party the token was sent to, or by the request number and the party at A1.
// Otherwise it opens a new ticket, linked for the staff to see, and nothing of the old one leaves the house. The
// customer of a ticket is never changed by who answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/ticket.hpp"

namespace okpay::desk {

struct KnownTicket {
    TicketNo no;
    std::string party_address;
    TicketState state;
};
struct TokenMatch {
    KnownTicket ticket;     // the one the verified token names
    bool sent_to_sender;    // was_sent_to(keys, token, sender)
};

struct ThreadInput {
    std::vector<TokenMatch> by_token;    // verified ones only, in the order found
    std::vector<KnownTicket> by_number;  // of request numbers found in subject and new text, in the order found
    std::string sender;                  // the one From address; empty where there is none or more than one
    customers::Assurance assurance = customers::Assurance::a0_unproven;
    bool forged = false;     // DMARC failed with reject or quarantine
    bool automatic = false;  // machine mail: joins, but neither reopens nor starts clocks
    bool only_thanks = false;  // the same (gratitude.hpp)
};

enum class ThreadTarget : std::uint8_t { append, new_linked, new_ticket };

enum class ThreadReason : std::uint8_t {  // kept with the message, shown to the agent
    token_and_party = 1,
    number_and_party = 2,
    nothing_found = 3,
    token_of_another_person = 4,  // a forwarded or stolen mail: a genuine token, another sender
    number_without_proof = 5,
    sender_forged = 6,
    ticket_closed = 7,            // a follow-up
};
std::string_view code_of(ThreadReason reason);  // "token_of_another_person"

struct ThreadDecision {
    ThreadTarget target;
    ThreadReason reason;
    std::optional<TicketNo> ticket;  // append: to this; new_linked: linked to this
    TicketState state_after = TicketState::fresh;  // of the ticket the message ends up in
    bool reopens = false;
    bool asks = false;  // joins, and waits for an answer
    friend bool operator==(const ThreadDecision&, const ThreadDecision&) = default;
};

ThreadDecision decide_thread(const ThreadInput& input);

// Addresses of one mailbox: domain and local part without regard to case, as every large provider delivers them.
bool same_mailbox(std::string_view a, std::string_view b);

}  // namespace okpay::desk
