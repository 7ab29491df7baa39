// SPDX-License-Identifier: Apache-2.0
// Every change of the books, the desk and the people is one of these values. A command is serialisable (codec.hpp), so
// that another node can be handed it; it carries its id, its moment and all randomness, so that the same commands give
// the same rows and the same chain head on every engine.
//
//   Once       Money commands are made once by their key (principal and idempotency key) or by the state of what they
//              change, for ever; all others by the id of the command. The same command again gets the first answer;
//              `replayed` says so.
//   Refusals   are answers, not errors: `code` is stable, `detail` one plain sentence.
#pragma once

#include <boost/describe.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/moment.hpp"
#include "money/money.hpp"
#include "payments/payment.hpp"
#include "service/command_body.hpp"

namespace okpay::service {

enum class ActorKind : std::uint8_t { system = 0, staff = 1, merchant = 2, customer = 3 };
BOOST_DESCRIBE_ENUM(ActorKind, system, staff, merchant, customer)

struct Actor {
    ActorKind kind = ActorKind::system;
    std::int64_t no = 0;
};
BOOST_DESCRIBE_STRUCT(Actor, (), (kind, no))

struct Command {
    CommandId id;
    Moment at;
    Actor actor;
    CommandBody body;
    bool dry_run = false;  // money commands: decided as if, answered, and nothing kept; the key stays free
};

// What a dry run would have posted, two postings a transfer, as the accounts would then stand.
struct Rehearsal {
    struct Posting {
        money::AccountNo account;
        money::AccountKind of;
        bool debit;
        money::Money amount;
        std::int64_t after_minor;  // posted; a hold leaves it as it is
        money::TransferKind kind;
        money::TransferCode code;
    };
    std::vector<Posting> postings;
    bool new_payment;  // the payment of the answer is one that was never made: nobody will find its id
};

struct AccountView {
    std::int64_t no;
    std::string currency;
    std::int64_t posted_minor, available_minor, last_transfer, entries;
};
BOOST_DESCRIBE_STRUCT(AccountView, (), (no, currency, posted_minor, available_minor, last_transfer, entries))

// What the rail is to be asked: the call itself, once, or what became of it.
struct RailOrder {
    std::int64_t payment;
    std::string reference;  // ours, "pay_…": the rail keeps it, and it is inquired after by it
    std::string direction;  // collect, pay_out
    std::int64_t amount_minor;
    std::string currency;
    std::string instrument;  // plain: never in a log
    std::string rail_reference;
    bool inquiry;
    std::int64_t inquiries;  // that brought nothing
};
BOOST_DESCRIBE_STRUCT(RailOrder, (),
                      (payment, reference, direction, amount_minor, currency, instrument, rail_reference, inquiry,
                       inquiries))

// `number` names the row that was made or found: the customer, merchant, staff, payment (sequence), mail, ticket, message
// or remedy. A refused payment has a number too: it is kept with its reason. `text` is the request number of a desk
// command.
struct Answer {
    std::string code;  // empty: done
    std::string detail;  // a plain sentence where code is not empty
    std::int64_t number = 0;
    std::string text;
    bool replayed = false;
    std::vector<AccountView> accounts;  // ReadAccounts
    std::vector<std::int64_t> numbers;  // TakeOutgoing: rows of outgoing_mail; TakeShortMessages: of short_message
    std::vector<RailOrder> rail_orders;  // TakeRailCalls
    // A money command's payment as it was first answered, so that nobody has to read the row again. Not described: it
    // does not cross to another node.
    std::shared_ptr<const payments::Payment> payment = nullptr;
    // Of a dry run that was not the repetition of a real request. Crosses to another node with its payment, which nobody
    // could read there.
    std::shared_ptr<const Rehearsal> rehearsal = nullptr;
    [[nodiscard]] bool done() const { return code.empty(); }
};
BOOST_DESCRIBE_STRUCT(Answer, (), (code, detail, number, text, replayed, accounts, numbers, rail_orders))

// Codes that any command may be answered with. The first four say that nothing was done this time, and the same command
// may be sent again; of an earlier sending that was never answered they say nothing: it may not have been looked up.
namespace codes {
inline constexpr std::string_view overloaded = "overloaded";  // the queue is full
inline constexpr std::string_view storage_full = "storage_full";  // 507, 452
inline constexpr std::string_view unavailable = "storage_unavailable";  // 503, 451
inline constexpr std::string_view stopping = "stopping";  // 503, 451
inline constexpr std::string_view outcome_unknown = "outcome_unknown";  // ask again with the same id
inline constexpr std::string_view not_found = "not_found";
inline constexpr std::string_view not_permitted = "not_permitted";
inline constexpr std::string_view invalid = "invalid";  // the detail names the field
inline constexpr std::string_view key_reused = "idempotency_key_reused";  // same key, other body: 409
inline constexpr std::string_view money_read_only = "money_read_only";  // an invariant was found broken
inline constexpr std::string_view ticket_changed = "ticket_changed";  // 409: somebody wrote since
inline constexpr std::string_view unbound_amount = "unbound_amount";  // 422
inline constexpr std::string_view totp_wrong = "totp_wrong";
inline constexpr std::string_view dry_run_not_possible = "dry_run_not_possible";  // 400
inline constexpr std::string_view no_test_clock = "no_test_clock";  // 409: the books are not of a test
inline constexpr std::string_view clock_runs_forward = "clock_runs_forward";  // 422
}  // namespace codes

}  // namespace okpay::service
