// SPDX-License-Identifier: Apache-2.0
// Rows of web hooks (payments/webhook.hpp): who wants to be told, how far each was told, and what did not arrive at once.
//
//   Feed      What happened is read in the order of the books: payments by their sequence, each change of one after the
//             newest payment of its time; for the house, what we wrote and events of requests, each by their numbers and
//             together by their moments. A place in it is two numbers: whoever was told up to it is told what comes after.
//   Rows      What arrived at the first try has none: the cursor has passed it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "payments/webhook.hpp"
#include "store/connection.hpp"

namespace okpay::store {

using HookEndpointId = Id<struct HookEndpointTag>;

struct HookPlace {
    std::int64_t payments = 0;  // sequence; for the house of message
    std::int64_t events = 0;    // of payment_event; for the house of ticket_event
    friend auto operator<=>(const HookPlace&, const HookPlace&) = default;
};

enum class HookState : std::uint8_t {  // stored, append only
    enabled = 1,
    disabled = 2,  // by its owner
    failing = 3,   // by itself: nothing arrived for hook_failing_max
    gone = 4,      // it answered 410
    removed = 5,
};
std::string_view name_of(HookState state);

inline constexpr std::string_view hook_secret_purpose = "webhook secret";

struct HookEndpoint {
    std::int64_t no;
    HookEndpointId id;
    std::optional<customers::MerchantNo> merchant;  // none: the house's
    std::string url;
    std::vector<std::string> events;  // those it wants; empty: all
    Bytes secret, old_secret;  // sealed (hook_secret_purpose); the old one is empty where there is none
    std::optional<Moment> old_secret_until;
    HookState state = HookState::enabled;
    std::string reason;  // why it is not enabled
    HookPlace seen;
    std::optional<Moment> failing_since;  // nothing has arrived since
    Moment created, updated;

    [[nodiscard]] payments::HookOwner owner() const {
        return merchant ? payments::HookOwner::merchant : payments::HookOwner::house;
    }
    [[nodiscard]] bool wants(std::string_view type) const;
};

enum class HookSource : std::uint8_t { payment = 1, payment_event = 2, ticket_event = 3, ping = 4, message = 5 };  // stored

enum class HookDeliveryState : std::uint8_t { waiting = 1, delivered = 2, failed = 3 };  // stored, append only
std::string_view name_of(HookDeliveryState state);

// Something that happened. `position` is the number of its row in the table of its source, for a ping that of the delivery.
struct HookEvent {
    HookSource source;
    std::int64_t position;
    std::int64_t object;  // the payment or request; of one object all is told in order
    std::string type;
    Moment at;
    std::optional<customers::MerchantNo> merchant;  // whom it is told; none: the house
    HookPlace place;  // whoever was told this was told up to here
    // Ascending among the events of one payment; 0 where it is about none.
    [[nodiscard]] std::int64_t version() const {
        if (source == HookSource::payment) return 1;
        return source == HookSource::payment_event ? 1 + position : 0;
    }
};

struct HookDelivery {
    std::int64_t no;
    std::int64_t endpoint;
    HookSource source;
    std::int64_t position;
    std::int64_t object;
    std::string type;
    Moment happened;
    HookDeliveryState state = HookDeliveryState::waiting;
    std::int64_t tries = 0;
    std::optional<Moment> next_at;  // while it waits
    std::int64_t status = 0;  // of the last answer; 0: there was none
    std::string error;
    Moment created, updated;
};

enum class PaymentEventKind : std::uint8_t { state = 1, dispute = 2 };  // stored
struct PaymentEvent {
    std::int64_t no;
    std::int64_t payment;
    PaymentEventKind kind;
    std::int64_t state;  // payments::PaymentState or DisputeStatus
    std::int64_t dispute = 0;  // its number
    std::int64_t after_payment;
    Moment at;
};
void insert_payment_event(Connection& connection, const PaymentEvent& event);
// What it is about; nothing where there is none of this number.
std::optional<PaymentEvent> find_payment_event(Connection& connection, std::int64_t no);

void insert_hook_endpoint(Connection& connection, const HookEndpoint& endpoint);
// All but what never changes: id, merchant, url, events, created.
void update_hook_endpoint(Connection& connection, const HookEndpoint& endpoint);
std::optional<HookEndpoint> find_hook_endpoint(Connection& connection, std::int64_t no);
std::optional<HookEndpoint> find_hook_endpoint(Connection& connection, const HookEndpointId& id);
std::vector<HookEndpoint> hook_endpoints_of(Connection& connection, std::optional<customers::MerchantNo> merchant);
std::vector<HookEndpoint> enabled_hook_endpoints(Connection& connection);

void insert_hook_delivery(Connection& connection, const HookDelivery& delivery);
void update_hook_delivery(Connection& connection, const HookDelivery& delivery);  // state, tries, next_at, status, error
std::optional<HookDelivery> find_hook_delivery(Connection& connection, std::int64_t no);
std::optional<HookDelivery> find_hook_delivery(Connection& connection, std::int64_t endpoint, HookSource source,
                                               std::int64_t position);
// Newest first, numbers below `before`.
std::vector<HookDelivery> hook_deliveries_of(Connection& connection, std::int64_t endpoint, std::int64_t before,
                                             std::int64_t limit);
// Those of enabled endpoints that wait; oldest first. Few: hook_deliveries_waiting_max an endpoint.
std::vector<HookDelivery> waiting_hook_deliveries(Connection& connection);
// Of what has ended. How many were deleted.
std::int64_t delete_old_hook_deliveries(Connection& connection, Moment before);
void delete_hook_deliveries_of(Connection& connection, std::int64_t endpoint);
// Endpoints whose old secret signs no more, without it.
std::int64_t drop_old_hook_secrets(Connection& connection, Moment at);

HookPlace hook_head(Connection& connection, payments::HookOwner owner);
struct HookFeed {
    std::vector<HookEvent> events;  // in order, of merchants with an enabled endpoint or of the house
    HookPlace upto;
    bool more = false;  // the books go on after `upto`
};
// What happened after `from`, looking at `rows_max` rows of each kind at most.
HookFeed hook_feed(Connection& connection, payments::HookOwner owner, HookPlace from, std::int64_t rows_max);

}  // namespace okpay::store
