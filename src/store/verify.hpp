// SPDX-License-Identifier: Apache-2.0
// Proves what is stored, in one read snapshot, beside a serving process or without one. Every check has a name, a count
// of what it looked at, and the faults it found, each a plain sentence.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/connection.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"

namespace okpay::store {

struct CheckReport {
    std::string name;
    std::int64_t looked_at = 0;
    std::vector<std::string> faults;  // the first `faults_shown_max`; `faults_found` counts all
    std::int64_t faults_found = 0;
    void fault(std::string sentence);
};
inline constexpr std::size_t faults_shown_max = 20;

struct VerifyRequest {
    std::optional<BlobStore> blobs;
    const Keyring* keyring = nullptr;  // with it sealed mails are opened too
    std::optional<std::pair<std::int64_t, Hash256>> head;  // a head that was written down elsewhere: shows a cut tail
};

// Throws StorageFailure where the database cannot be read at all.
std::vector<CheckReport> verify(Connection& connection, const VerifyRequest& request);

}  // namespace okpay::store
