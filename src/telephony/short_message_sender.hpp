// SPDX-License-Identifier: Apache-2.0
// Sends the short messages that are due, a few at a time, and reports what came of each.
//
//   Once       a message is marked as handed out, durably, before it is given to the way out. A report that could not be
//              stored is told again, and the message is not sent again.
//   Interrupted  release() at the start says what becomes of those that were handed out when the program ended; it waits
//              until nothing of this sender's is under way or untold.
//   Wake-up    notify() after something was queued; else every `period`, because tries fall due by the clock.
//   stop()     takes nothing more and breaks off what is under way; the next start finds it handed out.
//   Threads    the executor's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "service/short_messages.hpp"
#include "telephony/way_out.hpp"

namespace okpay::telephony {

// The queue as the sender sees it. Nothing, and false: the writer cannot be reached now.
struct TextQueue {
    std::function<bool()> writes_here;  // else another node sends
    std::function<net::awaitable<bool>(bool once_by_key)> release;
    std::function<net::awaitable<std::optional<std::vector<service::ShortOrder>>>(std::int64_t messages_max)> take;
    std::function<net::awaitable<bool>(service::ReportShortMessage report)> report;
};

struct ShortMessageSenderSettings {
    std::size_t at_once = 4;
    Millis answer_within{15'000};
    Millis period{5'000};
};

class ShortMessageSender {
public:
    ShortMessageSender(asio::any_io_executor executor, TextQueue queue, WayOut& way_out,
                       ShortMessageSenderSettings settings = {});
    ShortMessageSender(const ShortMessageSender&) = delete;
    ShortMessageSender& operator=(const ShortMessageSender&) = delete;

    net::awaitable<void> run();
    void notify();
    void release_again();  // this node has become the writer once more: the other may have left something handed out
    void stop();

private:
    net::awaitable<void> release();
    net::awaitable<void> take();
    net::awaitable<void> send(service::ShortOrder order);
    net::awaitable<WayOutAnswer> answer_to(OutgoingText text);
    net::awaitable<void> tell(service::ReportShortMessage report);
    net::awaitable<void> tell_again();

    asio::any_io_executor executor_;
    TextQueue queue_;
    WayOut& way_out_;
    ShortMessageSenderSettings settings_;
    std::map<std::int64_t, std::shared_ptr<asio::cancellation_signal>> under_way_;  // by message
    std::vector<service::ReportShortMessage> untold_;
    bool released_ = false;
    bool woken_ = false;
    bool stopping_ = false;
    asio::steady_timer alarm_;
};

}  // namespace okpay::telephony
