// SPDX-License-Identifier: Apache-2.0
// The wrapped keys of sealed objects, in a table apart from the objects: a backup writes them into a file of their own
// (keys.db), so that an old copy of the data does not open what was erased since. An erased key leaves its row behind,
// empty and with the moment: whoever restores old data beside newer keys sees that it was erased and not lost.
#pragma once

#include <functional>
#include <optional>

#include "base/moment.hpp"
#include "store/connection.hpp"
#include "store/keyring.hpp"

namespace okpay::store {

enum class KeyOf : std::uint8_t { mail = 1, case_file = 2, identity_file = 3, identity_reading = 4, identity_facts = 5 };
inline constexpr std::array all_keys_of{KeyOf::mail, KeyOf::case_file, KeyOf::identity_file, KeyOf::identity_reading,
                                        KeyOf::identity_facts};
std::string_view purpose_of(KeyOf kind);  // what such an object is sealed for

inline constexpr std::string_view inbound_mail_purpose = "inbound mail";
inline constexpr std::string_view case_file_purpose = "case file";

// The row's own number says whose key it is. Writes over a key that is there: an object may be sealed anew.
void put_object_key(Connection& connection, KeyOf kind, std::int64_t owner, ByteView wrapped);
// From now on nothing opens the object. A key that was erased before stays as it was.
void erase_object_key(Connection& connection, KeyOf kind, std::int64_t owner, Moment at);
bool is_key_erased(Connection& connection, KeyOf kind, std::int64_t owner);

struct ObjectKey {
    KeyOf kind;
    std::int64_t owner;
    Bytes wrapped;  // empty once erased
    std::optional<Moment> erased;
};
// In order of kind and owner, from behind the one given. Reads in parts: keys are many.
void each_object_key(Connection& connection, const std::function<void(const ObjectKey&)>& visit);
std::vector<ObjectKey> object_keys_after(Connection& connection, std::int64_t kind, std::int64_t owner, std::int64_t limit);

// Does each object have its key, and each key its object? The numbers of those that do not, with a word.
void each_stray_key(Connection& connection, const std::function<void(std::string)>& tell);

}  // namespace okpay::store
