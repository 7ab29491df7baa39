// SPDX-License-Identifier: Apache-2.0
// Side threads: staff write to banks, providers and merchants about a request. What comes back is filed by FileMail.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

struct PutCounterparty {
    std::int64_t counterparty;  // 0: a new one
    std::string kind, name, address, language;
    bool whole_domain, retired;
    std::int64_t version;  // as it was read; 0 of a new one
};
BOOST_DESCRIBE_STRUCT(PutCounterparty, (), (counterparty, kind, name, address, language, whole_domain, retired, version))

struct OpenSideThread {
    std::string ticket;  // request number
    std::string message_id, outgoing_id;
    std::int64_t counterparty;                  // of the book; 0: as typed here
    std::string kind, name, address, language;  // where it is typed
    std::string subject, text;
    std::vector<std::int64_t> payments;  // that it names, and whose amounts its text may say
    std::int64_t answer_within_hours;
    std::int64_t version;  // of the request
};
BOOST_DESCRIBE_STRUCT(OpenSideThread, (),
                      (ticket, message_id, outgoing_id, counterparty, kind, name, address, language, subject, text, payments,
                       answer_within_hours, version))

struct WriteSideMail {
    std::string ticket, thread;  // request number; "TP-…"
    std::string message_id, outgoing_id;
    std::string text;
    std::vector<std::int64_t> payments;
    std::int64_t answer_within_hours;
    std::int64_t version;  // of the thread
};
BOOST_DESCRIBE_STRUCT(WriteSideMail, (),
                      (ticket, thread, message_id, outgoing_id, text, payments, answer_within_hours, version))

struct CloseSideThread {
    std::string ticket, thread;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(CloseSideThread, (), (ticket, thread, version))

using SideCommands = boost::mp11::mp_list<PutCounterparty, OpenSideThread, WriteSideMail, CloseSideThread>;

}  // namespace okpay::service
