// SPDX-License-Identifier: Apache-2.0
// What the API hands over to be sealed before it is kept: no key lives there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"

namespace okpay::server {

// What a customer hands in by the link of a letter. Blocking. `blobs`: none where several nodes share a database.
std::optional<api::SealedFile> sealed_file(const store::Keyring& keyring, const std::optional<store::BlobStore>& blobs,
                                           ByteView octets);

// What a customer typed as the far end of a top-up or withdrawal: the whole of it is sealed at once.
Result<api::PreparedInstrument, std::string> prepared_instrument(const store::Keyring& keyring,
                                                                 payments::RailDirection direction, std::string_view text);

}  // namespace okpay::server
