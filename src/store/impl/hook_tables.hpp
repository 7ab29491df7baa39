// SPDX-License-Identifier: Apache-2.0
// The tables of web hooks (store/hook_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// Who wants to be told, how far each was, and what did not arrive at once. What a payment became is not to be seen in its
// row once it has changed, so each change has a row here; a payment that is made writes none, its own row is its event.
// `after_payment`: the newest payment when it happened.
inline constexpr std::string_view hook_tables = R"sql(
CREATE TABLE payment_event (no SEQ_KEY, payment BIGINT NOT NULL, kind BIGINT NOT NULL, state BIGINT NOT NULL,
    dispute BIGINT NOT NULL, after_payment BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE hook_endpoint (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, merchant BIGINT REFERENCES merchant(no),
    url TEXT NOT NULL, events TEXT NOT NULL, secret OCTETS NOT NULL, old_secret OCTETS NOT NULL, old_secret_until BIGINT,
    state BIGINT NOT NULL, reason TEXT NOT NULL, seen_payments BIGINT NOT NULL, seen_events BIGINT NOT NULL,
    failing_since BIGINT, created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX hook_endpoint_enabled ON hook_endpoint (no) WHERE state = 1;
CREATE INDEX hook_endpoint_of ON hook_endpoint (merchant, no);
CREATE TABLE hook_delivery (no SEQ_KEY, endpoint BIGINT NOT NULL REFERENCES hook_endpoint(no), source BIGINT NOT NULL,
    position BIGINT NOT NULL, object BIGINT NOT NULL, type TEXT NOT NULL, happened BIGINT NOT NULL, state BIGINT NOT NULL,
    tries BIGINT NOT NULL, next_at BIGINT, status BIGINT NOT NULL, error TEXT NOT NULL, created BIGINT NOT NULL,
    updated BIGINT NOT NULL, UNIQUE (endpoint, source, position));
CREATE INDEX hook_delivery_waiting ON hook_delivery (endpoint, object, no) WHERE state = 1;
CREATE INDEX hook_delivery_of ON hook_delivery (endpoint, no);
CREATE INDEX hook_delivery_old ON hook_delivery (updated) WHERE state <> 1;
)sql";

}  // namespace okpay::store
