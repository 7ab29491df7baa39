// SPDX-License-Identifier: Apache-2.0
// SMTP and LMTP as a hostile peer would speak them. The first octet chooses protocol and cutting; the rest is said once
// whole and once in pieces. The law: same replies, same messages, never more messages than CRLF.CRLF, no bare CR or LF
// in any message. The same octets are then said to our sending side by a hostile relay.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ensure.hpp"
#include "mailroom/recipient_policy.hpp"
#include "mailroom/smtp_delivery.hpp"
#include "mailroom/smtp_session.hpp"

namespace {

using namespace okpay::mailroom;

struct Heard {
    std::string replies;
    std::vector<std::string> messages;
};

Heard say(std::string_view octets, std::size_t piece, MailProtocol protocol) {
    SmtpSessionSettings settings{.hostname = "mx.pay.example", .protocol = protocol, .offers_starttls = true, .limits = {}};
    settings.limits.data = {.message_octets_max = 4'000,
                            .text_line_octets_max = 100,
                            .hops_max = 3,
                            .dropped_octets_max = 8'000};
    settings.limits.recipients_max = 5;
    SmtpSession session{std::move(settings), recipient_policy({.domain = "pay.example", .reply_domain = ""})};
    Heard heard;
    Next next = Next::read_more;
    for (std::size_t at = 0; at < octets.size() && next == Next::read_more; at += piece) {
        next = session.feed(octets.substr(at, piece));
        while (next == Next::deliver) {
            heard.messages.push_back(session.take_mail().bytes);
            next = session.delivered({.verdict = Verdict::durable, .queue_id = "q"});
        }
        heard.replies += session.take_replies();
    }
    return heard;
}

std::size_t count(std::string_view in, std::string_view what) {
    std::size_t times = 0;
    for (auto at = in.find(what); at != std::string_view::npos; at = in.find(what, at + 1)) ++times;
    return times;
}

void hear_as_client(std::string_view octets, std::size_t piece) {
    const OutgoingMail mail{"a@pay.example", {"b@b.example", "c@b.example"}, "x\r\n.\r\ny\n"};
    SmtpDelivery delivery{"mx.pay.example", TlsUse::opportunistic, mail};
    for (std::size_t at = 0; at < octets.size() && delivery.next() != DeliveryNext::done; at += piece) {
        delivery.feed(octets.substr(at, piece));
        okpay::ensure(count(delivery.take_output(), "\r\n") <= 4);  // one command, or the message of three lines
        if (delivery.next() == DeliveryNext::write_more) delivery.written();
        if (delivery.next() == DeliveryNext::start_tls) delivery.tls_started();
    }
    delivery.lost("the end");
    okpay::ensure(delivery.next() == DeliveryNext::done);
    okpay::ensure(!delivery.report().text.contains('\n'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto protocol = (data[0] & 1U) != 0 ? MailProtocol::lmtp : MailProtocol::smtp;
    const std::size_t piece = 1 + (data[0] >> 1U) % 16;
    const std::string_view octets{reinterpret_cast<const char*>(data) + 1, size - 1};

    const Heard whole = say(octets, octets.size(), protocol);
    const Heard cut = say(octets, piece, protocol);
    okpay::ensure(whole.replies == cut.replies);
    okpay::ensure(whole.messages == cut.messages);
    okpay::ensure(whole.messages.size() <= count(octets, "\r\n.\r\n"));
    for (const std::string& message : whole.messages) {
        okpay::ensure(count(message, "\r") == count(message, "\r\n") && count(message, "\n") == count(message, "\r\n"));
    }
    hear_as_client(octets, piece);
    return 0;
}
