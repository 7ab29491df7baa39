// SPDX-License-Identifier: Apache-2.0
// A bank or an acquirer as the dispatcher sees it. An implementation speaks one protocol and decides nothing.
//
//   Once       call() is made at most once for a reference, whatever happens; after that only inquire().
//   Failures   what cannot be understood, or broke off, is `no_answer`: never a guess that nothing was done.
//   Threads    the executor's of the dispatcher.
#pragma once

#include <functional>
#include <string>

#include "net/asio.hpp"
#include "payments/rail_call.hpp"
#include "service/command.hpp"

namespace okpay::rails {

struct RailAnswer {
    payments::RailWord word;
    std::string rail_reference;  // the rail's own, where it told one
    std::string detail;          // its words, for people; no account numbers
};

// What a rail tells unasked: a late result, the same one again, money that came back.
struct RailNotice {
    std::int64_t payment;
    RailAnswer answer;
};
using OnNotice = std::function<void(RailNotice)>;

class Rail {
public:
    virtual ~Rail() = default;
    virtual net::awaitable<RailAnswer> call(service::RailOrder order) = 0;
    virtual net::awaitable<RailAnswer> inquire(service::RailOrder order) = 0;
    virtual void on_notice(OnNotice on_notice) = 0;
};

}  // namespace okpay::rails
