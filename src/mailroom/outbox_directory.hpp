// SPDX-License-Identifier: Apache-2.0
// A directory that shows each outgoing mail as NAME.eml. Written beside, synced, renamed, the directory synced: a file of
// that name is whole, and one that is there already is left alone. Blocking: not for the network's thread.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace okpay::mailroom {

enum class OutboxError { not_writable, no_room, not_synced };  // a failed sync is not tried again on the same file
std::string_view explain(OutboxError error);

// `name` is ours (an id), never text from outside.
Result<void, OutboxError> write_to_outbox(const std::filesystem::path& directory, std::string_view name, ByteView bytes);

}  // namespace okpay::mailroom
