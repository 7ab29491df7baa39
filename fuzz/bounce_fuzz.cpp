// SPDX-License-Identifier: Apache-2.0
// A mail that says of another that it came back, as a hostile server would write it. The first octet chooses: a whole mail,
// or the delivery status of a report that is well formed around it. The laws: the limits hold, what the sandbox says comes
// through its codec unchanged, what is tried on or has arrived ends no address, and nothing but a status of class 5 or words
// of a permanent kind does.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.hpp"
#include "mail/bounce.hpp"
#include "mail/codec.hpp"
#include "mail/message.hpp"

using namespace okpay;
using namespace okpay::mail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const ByteView input{reinterpret_cast<const char*>(data) + 1, size - 1};
    Bytes raw{input};
    if (data[0] % 2 == 1) {
        raw =
            Bytes{
                "From: mailer-daemon@example.org\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
                "Content-Type: message/delivery-status\r\n\r\n"} +
            Bytes{input} + "\r\n--b--\r\n";
    }
    const ParsedMail parsed = parse(raw, {});
    ensure(decode(encode(parsed)) == parsed);
    if (!parsed.bounce) return 0;
    ensure(!parsed.bounce->recipients.empty() && parsed.bounce->recipients.size() <= bounced_recipients_max);
    ensure(parsed.bounce->returned_ids.size() <= returned_ids_max);
    for (const BouncedRecipient& one : parsed.bounce->recipients) {
        ensure(one.diagnostic.size() <= diagnostic_octets_max);
        const BounceMeaning meaning = meaning_of(one);
        ensure(meaning.kind != BounceKind::hard || (one.action == BounceAction::failed && !one.status.starts_with('4')));
    }
    return 0;
}
