// SPDX-License-Identifier: Apache-2.0
// Rows of how customers come in: links of letters, devices, sessions as their owner sees them, tries at addresses that are
// nobody's, phrases.
#pragma once

#include <vector>

#include "customers/access.hpp"
#include "store/people_store.hpp"

namespace okpay::store {

enum class AccessLinkKind : std::uint8_t {  // stored, append only
    sign_up = 1,
    new_password = 2,
    report = 3,   // "this was not me"
    nothing = 4,  // a letter of the same kind that carries no link: only counted
};

struct AccessLink {
    std::int64_t no = 0;  // Books::next_number("access_link")
    Bytes token_hash;
    AccessLinkKind kind;
    std::optional<customers::CustomerNo> customer;
    std::string email;                               // whom the letter went to, canonical
    std::string name, language, zone, password_phc;  // of a sign-up
    std::string about;                               // what the letter was for: letters are counted by it
    std::string request;                             // number of the request of the desk that a report opened
    std::int64_t failures = 0;
    Moment created, expires;
    std::optional<Moment> used;
};
void insert_access_link(Connection& connection, const AccessLink& link);
std::optional<AccessLink> find_access_link(Connection& connection, ByteView token_hash);
// Of this kind, neither used nor expired: what a link opens is decided here alone.
std::optional<AccessLink> find_live_access_link(Connection& connection, ByteView token_hash, AccessLinkKind kind,
                                                Moment now);
void update_access_link(Connection& connection, const AccessLink& link);  // failures, used, request
void use_up_access_links(Connection& connection, customers::CustomerNo customer, AccessLinkKind kind, Moment at);
void use_up_sign_up_links(Connection& connection, std::string_view email, Moment at);
std::int64_t count_access_letters_since(Connection& connection, std::string_view email, std::string_view about,
                                        Moment since);
std::int64_t count_report_links_since(Connection& connection, customers::CustomerNo customer, Moment since);
void delete_old_access_links(Connection& connection, Moment expired_before);

struct CustomerDevice {
    customers::CustomerNo customer;
    Bytes device;  // SHA-256 of a token of the device cookie
    std::string agent, address;
    Moment first_seen, last_seen;
};
void write_customer_device(Connection& connection, const CustomerDevice& device);  // inserts, or moves last_seen
bool is_known_device(Connection& connection, customers::CustomerNo customer, ByteView device);
void forget_devices(Connection& connection, customers::CustomerNo customer);

std::vector<CustomerSession> customer_sessions_of(Connection& connection, customers::CustomerNo customer, Moment now);
void touch_customer_session(Connection& connection, ByteView token_hash, Moment at);
void rename_customer_session(Connection& connection, ByteView token_hash, ByteView new_token_hash);
// How many ended.
std::int64_t end_customer_session(Connection& connection, customers::CustomerNo customer, std::int64_t session);
void end_customer_sessions(Connection& connection, customers::CustomerNo customer);
std::int64_t end_other_customer_sessions(Connection& connection, customers::CustomerNo customer,
                                         ByteView but_not_token_hash);

// At addresses that have no account, like those that have one.
customers::SignInTries find_stranger_tries(Connection& connection, ByteView address_hash);
void write_stranger_tries(Connection& connection, ByteView address_hash, const customers::SignInTries& tries, Moment at);
void delete_old_stranger_tries(Connection& connection, Moment updated_before);

void write_customer_phrase(Connection& connection, customers::CustomerNo customer, std::string_view phrase, Moment at);
std::optional<std::string> find_customer_phrase(Connection& connection, customers::CustomerNo customer);
// Of the customer whose address this is now, with the language of the letter.
struct PhraseOfAddress {
    std::string phrase, language;
};
std::optional<PhraseOfAddress> phrase_of_address(Connection& connection, std::string_view email);

}  // namespace okpay::store
