// SPDX-License-Identifier: Apache-2.0
// What is stored about a person: taken away as a copy, kept by a legal hold, erased; and which members of staff have to do
// with whom. Who works on the machine itself (`okpay admin`) is the actor `system`.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>

namespace okpay::service {

// A copy of everything is about to be read: it is logged first. The answer carries the customer's accounts as they stand,
// for the history hangs on them.
struct RecordPersonExport {
    std::int64_t customer;
    std::string reason;  // staff's and the operator's; the customer needs none
};
BOOST_DESCRIBE_STRUCT(RecordPersonExport, (), (customer, reason))

struct PlaceLegalHold {  // nothing of the person is erased while it stands
    std::int64_t customer;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(PlaceLegalHold, (), (customer, reason))

struct ReleaseLegalHold {
    std::int64_t customer;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReleaseLegalHold, (), (customer, reason))

// Done at once where nobody else could decide it; else it waits for a second administrator. The answer's text is the state.
struct ProposeErasure {
    std::string erasure;  // ErasureId as text
    std::int64_t customer;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ProposeErasure, (), (erasure, customer, reason))

struct DecideErasure {  // and does it, in the same commit
    std::string erasure;
    bool approved;
    std::string note;  // needed where it is not approved
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(DecideErasure, (), (erasure, approved, note, totp_code))

struct RelateStaff {  // a member of staff has to do with a customer, or does no longer
    std::int64_t staff, customer;
    std::string relation;  // self, household, other; none: no longer
};
BOOST_DESCRIBE_STRUCT(RelateStaff, (), (staff, customer, relation))

struct DecideStaff {  // of one who waits for an administrator's word
    std::int64_t staff;
    bool approved;
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(DecideStaff, (), (staff, approved, totp_code))

using PrivacyCommands = boost::mp11::mp_list<RecordPersonExport, PlaceLegalHold, ReleaseLegalHold, ProposeErasure,
                                             DecideErasure, RelateStaff, DecideStaff>;

}  // namespace okpay::service
