// SPDX-License-Identifier: Apache-2.0
// What a web hook says: {"id", "type", "timestamp", "version", "data"}. `data` is what the API shows its owner, as it stands
// when it is sent; `type` says what happened. Of requests it has the number and the state and nothing that a customer wrote.
#pragma once

#include <string>

#include "base/secret.hpp"
#include "service/hook_views.hpp"

namespace okpay::server {

// The same for every try: "evt_" and 24 characters, from which nobody reads how many payments there are.
std::string hook_event_id(const Secret& key, store::HookSource source, std::int64_t position);
inline constexpr std::string_view hook_event_key_label = "webhook event ids 1";

std::string hook_body(std::string_view id, const store::HookEvent& event, const service::HookSubject& subject);

}  // namespace okpay::server
