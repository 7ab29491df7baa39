// SPDX-License-Identifier: Apache-2.0
// A copy of everything that is stored about a person, by the list of store/person_data.hpp, as JSON: a member for each
// table, a list of rows. Amounts are minor units beside their currency, times RFC 3339, sealed octets and secrets are left
// out.
#pragma once

#include <boost/json.hpp>

#include "service/command.hpp"
#include "store/person_data.hpp"

namespace okpay::service {

enum class CopyFor : std::uint8_t {
    house,     // everything: what an authority or a request by letter is answered from, after a person has read it
    customer,  // what is not kept from the person itself: no notes of staff, no findings of the monitor
};
// `accounts` is the answer to RecordPersonExport. Reads in parts, so that no snapshot stands long.
boost::json::object export_person(store::Connection& connection, std::int64_t customer,
                                  const std::vector<AccountView>& accounts, CopyFor whom, Moment at);

// A sealed original of the person: a mail, a file that was handed in.
struct SealedOriginal {
    store::KeyOf kind;
    std::int64_t no;
    std::string name;  // "mail-12.eml", "file-3"
    Bytes wrapped_key;
    std::optional<Bytes> sealed;
    std::optional<std::string> blob;
};
// One after the other; those whose key was erased are passed over.
void each_sealed_original(store::Connection& connection, std::int64_t customer,
                          const std::function<void(const SealedOriginal&)>& visit);

}  // namespace okpay::service
