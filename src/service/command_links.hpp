// SPDX-License-Identifier: Apache-2.0
// Requests that belong together, sleep, and answers that are being written.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

struct LinkTickets {
    std::string ticket, other;  // request numbers
    std::string kind;           // related, duplicate_of
    std::string reason;         // may be empty
};
BOOST_DESCRIBE_STRUCT(LinkTickets, (), (ticket, other, kind, reason))

struct UnlinkTickets {
    std::string ticket, other, kind;
};
BOOST_DESCRIBE_STRUCT(UnlinkTickets, (), (ticket, other, kind))

struct MergeTicket {  // `ticket` goes on in `into`
    std::string ticket, into;
    std::string reason;    // needed where the two are of different customers
    std::int64_t version;  // of `ticket`
};
BOOST_DESCRIBE_STRUCT(MergeTicket, (), (ticket, into, reason, version))

struct UnmergeTicket {
    std::string ticket;  // the one that went on in another
};
BOOST_DESCRIBE_STRUCT(UnmergeTicket, (), (ticket))

struct SplitTicket {
    std::string ticket;
    std::vector<std::string> messages;     // MessageIds as text
    std::string subject, category;         // empty: as they are
    std::string ticket_id, outgoing_id;    // fresh ids as text
    std::string seed;                      // for the ids of the copies, hex
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SplitTicket, (), (ticket, messages, subject, category, ticket_id, outgoing_id, seed, version))

struct SnoozeTicket {
    std::string ticket;
    std::int64_t until;  // ms
};
BOOST_DESCRIBE_STRUCT(SnoozeTicket, (), (ticket, until))

struct WakeTicket {
    std::string ticket;
};
BOOST_DESCRIBE_STRUCT(WakeTicket, (), (ticket))

struct WakeSnoozed {  // whose moment has come; the numbers answered are those of the tickets
    std::int64_t tickets_max;
};
BOOST_DESCRIBE_STRUCT(WakeSnoozed, (), (tickets_max))

struct SaveDraft {  // in place of the one before; without a text none is kept
    std::string ticket, mode, text;     // reply, note, side
    std::vector<std::string> figures;   // ids of payments, as they stand in the text
    std::vector<std::string> mentions{};  // ids of staff whom a note names
};
BOOST_DESCRIBE_STRUCT(SaveDraft, (), (ticket, mode, text, figures, mentions))

using LinkCommands = boost::mp11::mp_list<LinkTickets, UnlinkTickets, MergeTicket, UnmergeTicket, SplitTicket, SnoozeTicket,
                                          WakeTicket, WakeSnoozed, SaveDraft>;

}  // namespace okpay::service
