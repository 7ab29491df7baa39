// SPDX-License-Identifier: Apache-2.0
// The tables that are about no person, or only by a number that leads to nobody once the customer is erased.
#include <array>

#include "store/person_data.hpp"

namespace okpay::store {
namespace {

constexpr std::array others{
    OtherTable{"answered_challenge", "hashes of questions to passkeys, for minutes"},
    OtherTable{"command", "the first answer to each command: codes and numbers"},
    OtherTable{"counterparty", "banks, providers and merchants that staff write to"},
    OtherTable{"dispute_event", "steps of a dispute, by its number"},
    OtherTable{"correction", "between accounts of the house, or the reversal of a transfer by its number"},
    OtherTable{"cursor_position", "where a reader of the books stands"},
    OtherTable{"dkim_key", "keys by which mail of the house is signed"},
    OtherTable{"doomed_blob", "names of files that are about to be unlinked"},
    OtherTable{"epoch", "which node writes"},
    OtherTable{"exchange_rate", "rates of the house"},
    OtherTable{"faq_article", "articles of the FAQ, and how many readers they helped"},
    OtherTable{"faq_version", "their texts, written by staff"},
    OtherTable{"hold", "amounts between accounts, by number"},
    OtherTable{"hosted_mailbox", "mailboxes of the house and how far each was read"},
    OtherTable{"hook_delivery", "what a web hook told or could not tell, by numbers"},
    OtherTable{"hook_endpoint", "addresses of merchants' and the house's programs"},
    OtherTable{"incident", "that many wrote about one thing, and how it was seen"},
    OtherTable{"incident_refund", "which refunds were proposed for an incident, by number"},
    OtherTable{"incident_step", "what happened to an incident, by numbers"},
    OtherTable{"incident_text", "what was sent to all of an incident, written by staff"},
    OtherTable{"key_ring", "keys"},
    OtherTable{"macro", "answers that staff send again and again, by number"},
    OtherTable{"macro_version", "their texts, written by staff for everybody"},
    OtherTable{"mail_brake", "when automatic mail was held back, and who let it go"},
    OtherTable{"mailbox_mail", "what became of each mail of a mailbox, by numbers"},
    OtherTable{"merchant", "firms that are paid"},
    OtherTable{"meta", "facts about the data themselves"},
    OtherTable{"note_mention", "which colleagues a note of staff names, by number"},
    OtherTable{"object_key", "keys by the number of what they open"},
    OtherTable{"once_block", "hashes by which a payment is made once"},
    OtherTable{"payment_event", "what became of a payment, by its number"},
    OtherTable{"payout_account", "bank accounts of merchants"},
    OtherTable{"routing_setting", "whether requests are given to staff by themselves, and who set it"},
    OtherTable{"rule", "rules of the desk, by number, and how often each acted"},
    OtherTable{"rule_firing", "which rule did what to which request, by number"},
    OtherTable{"rule_version", "what rules say, written by staff for all requests"},
    OtherTable{"session", "sessions of staff"},
    OtherTable{"sorting", "how requests were sorted anew, by whom, by number"},
    OtherTable{"split_message", "which message is the copy of which, by number"},
    OtherTable{"staff", "members of staff, by their employment"},
    OtherTable{"staff_sign_on", "which account of the house's provider is which member of staff"},
    OtherTable{"staff_skill", "what members of staff can do, and how much at once"},
    OtherTable{"stranger_tries", "hashes of addresses typed that are nobody's, for a day"},
    OtherTable{"ticket_follow", "which members of staff follow a request and how far they have seen it, by number"},
    OtherTable{"topic_day", "how many requests a day brought about a merchant, an error code or a way of paying"},
    OtherTable{"transfer", "the ledger: amounts between accounts, by number"},
};

}  // namespace

std::span<const OtherTable> not_about_a_person() { return others; }

}  // namespace okpay::store
