// SPDX-License-Identifier: Apache-2.0
// The ring: the roots of the keyring, each sealed under the master key, in the table `key_ring`. It goes with the objects'
// keys, never with a backup of the data.
//
// Changing the master key, so that a kill at any point leaves a state from which the same call goes on:
//   1. the new key is written to KEYFILE.next;
//   2. one commit seals every root under the new key, adds a new root, and marks the change as under way;
//   3. KEYFILE.next takes the place of KEYFILE (whoever opens the ring tries both, so a start in between works);
//   4. objects' keys and small secrets are sealed under the new root, some at a time, each part a commit;
//   5. the mark goes.
#pragma once

#include <filesystem>
#include <functional>

#include "store/keyring.hpp"
#include "store/object_keys.hpp"

namespace okpay::store {

// The keyring of this data. Makes the ring where there is none yet: data of an older program keep the master key they had
// as their first root, new data get one that is random. `connection` writes. The file is made only for data without a ring:
// data that have one need the key they have.
Result<Keyring, KeyError> open_or_create_keyring(Connection& connection, const std::filesystem::path& key_file,
                                                 bool& created);
// Of a connection that reads; data of an older program open with the master key itself.
Result<Keyring, KeyError> open_keyring(Connection& connection, const std::filesystem::path& key_file);

struct Rotation {
    bool went_on = false;  // with one that was begun before and not ended
    std::uint32_t generation = 0;
    std::int64_t sealed_again = 0;
};
// Called after each step that is durable, with its name: what a test hangs a kill on.
using RotationStep = std::function<void(std::string_view step)>;
// Only one at a time may run. On SQLite by the owner of the data directory; on PostgreSQL beside serving nodes, which use
// the new root after their next start and open everything until then.
Result<Rotation, KeyError> rotate_master_key(Connection& connection, const std::filesystem::path& key_file,
                                             const RotationStep& step = {});
bool is_rotation_under_way(Connection& connection);

struct KeysOfGeneration {
    std::uint32_t generation = 0;
    std::int64_t objects = 0, secrets = 0;
};
struct KeyCheck {
    std::vector<KeysOfGeneration> generations;
    std::int64_t erased = 0;
    std::vector<std::string> faults;  // plain sentences: of objects' keys, then of small secrets
};
// Opens every wrapped key with the keyring; check_keys every small secret too.
KeyCheck check_object_keys(Connection& connection, const Keyring& keyring);
KeyCheck check_keys(Connection& connection, const Keyring& keyring);

// Backup and restore: the ring and the objects' keys into a file of their own (SQLite on either engine) and back. What is
// there already stands in no key's way: an erased one is never brought back, of two keys the file's is taken.
[[nodiscard]] bool write_keys(Connection& connection, const std::filesystem::path& file);
[[nodiscard]] bool read_keys(Connection& connection, const std::filesystem::path& file);

}  // namespace okpay::store
