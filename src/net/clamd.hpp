// SPDX-License-Identifier: Apache-2.0
// Asks ClamAV's daemon about octets: clamd(8), commands with a zero octet behind them, each on a connection of its own.
//
//   INSTREAM  the octets in chunks, each behind its length as a big-endian u32, ended by a chunk of none. What is more than
//             the daemon's StreamMaxLength ends with its word about that, which is read though it closed meanwhile.
//   Limits    of ClamdSettings; a reply is one line, and what stands in it is the daemon's word, made printable.
//   Threads   one strand; questions may overlap.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "net/connection.hpp"

namespace okpay::net {

struct ClamdSettings {
    Endpoint at;
    std::size_t chunk_octets = 64U << 10U;
    std::size_t reply_octets_max = 4'096;
    Millis connect_within{5'000};
    Millis answer_within{120'000};  // for all of one question once it is connected
};

enum class ClamdError : std::uint8_t {
    away,       // nobody listens there: nothing was asked
    broke_off,  // it went away in the middle, which may be the fault of what was asked
    timed_out,  // likewise
    garbled,    // what came is no reply of clamd
};
std::string_view explain(ClamdError error);

enum class ScanVerdict : std::uint8_t {
    clean,
    infected,
    too_large,  // more than the daemon's StreamMaxLength
    failed,     // it could not be scanned, in the daemon's words
    unseen,     // it could not look into it: encrypted, or beyond its limits. No virus was found, however it is answered
};
struct ScanReply {
    ScanVerdict verdict;
    std::string text;  // of an infected or unseen one the signature's name; of a failed one what was said
    friend bool operator==(const ScanReply&, const ScanReply&) = default;
};
inline constexpr std::size_t scan_text_octets_max = 200;

// "stream: Eicar-Test-Signature FOUND", without the zero octet. None where it is no reply to INSTREAM.
std::optional<ScanReply> read_scan_reply(std::string_view reply);

// `octets` live until it has answered.
awaitable<Result<ScanReply, ClamdError>> scan(ClamdSettings settings, ByteView octets);
// Whether it answers PING, then what it says of its version: "ClamAV 1.4.6/27512/Mon Nov 30 09:00:00 2026".
awaitable<Result<std::string, ClamdError>> clamd_version(ClamdSettings settings);

}  // namespace okpay::net
