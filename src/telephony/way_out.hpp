// SPDX-License-Identifier: Apache-2.0
// The telephone network as the sender sees it. An implementation speaks one protocol and decides nothing.
//
//   Failures  what cannot be understood, or broke off after something was sent, is `uncertain`: never a guess that nothing
//             left. `later` says that nothing did.
//   Secrets   a text may carry a code: neither it nor the number goes into a log or a detail.
//   Threads   the executor's of the sender.
#pragma once

#include <string>
#include <string_view>

#include "net/asio.hpp"

namespace okpay::telephony {

struct OutgoingText {
    std::string key;     // the same message has the same key on every attempt
    std::string number;  // E.164
    std::string text;    // UTF-8
};

enum class WayOutWord : std::uint8_t {
    sent,
    refused,    // for good: trying again brings the same
    later,      // nothing left this house, or the network asks to come back
    uncertain,  // it may have left
};
std::string_view name_of(WayOutWord word);  // as ReportShortMessage has it

struct WayOutAnswer {
    WayOutWord word;
    std::string detail;  // for people
};

class WayOut {
public:
    virtual ~WayOut() = default;
    virtual net::awaitable<WayOutAnswer> send(OutgoingText text) = 0;
    // Whether the same key a second time does nothing. Elsewhere what was interrupted is uncertain, and not sent again.
    [[nodiscard]] virtual bool once_by_key() const = 0;
};

}  // namespace okpay::telephony
