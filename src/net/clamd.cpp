// SPDX-License-Identifier: Apache-2.0
#include "net/clamd.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

namespace okpay::net {
namespace {

std::string printable(std::string_view text) {
    std::string shown{text.substr(0, scan_text_octets_max)};
    for (char& c : shown) {
        if (c < 0x20 || c > 0x7e) c = '?';
    }
    return shown;
}

ClamdError error_of(IoError error) { return error == IoError::timed_out ? ClamdError::timed_out : ClamdError::broke_off; }

awaitable<Result<Connection, ClamdError>> connected(const ClamdSettings& settings) {
    auto connection = co_await connect(settings.at, settings.connect_within);
    if (!connection) co_return fail(ClamdError::away);
    connection->expire_after(settings.answer_within);
    co_return *std::move(connection);
}

// Up to the zero octet, without it.
awaitable<Result<std::string, ClamdError>> reply_of(Connection& connection, std::size_t octets_max) {
    std::string reply;
    std::array<char, 512> some{};
    while (true) {
        const std::span<char> into{some};
        const auto count = co_await connection.read_some(into);
        if (!count) co_return fail(error_of(count.error()));
        reply.append(some.data(), *count);
        if (const auto end = reply.find('\0'); end != std::string::npos) {
            reply.resize(end);
            co_return reply;
        }
        if (reply.size() > octets_max) co_return fail(ClamdError::garbled);
    }
}

awaitable<Result<std::string, ClamdError>> asked(const ClamdSettings& settings, std::string_view command) {
    auto connection = co_await connected(settings);
    if (!connection) co_return fail(connection.error());
    const std::string line = "z" + std::string{command} + std::string(1, '\0');
    if (const auto sent = co_await connection->write(line); !sent) co_return fail(error_of(sent.error()));
    co_return co_await reply_of(*connection, settings.reply_octets_max);
}

}  // namespace

std::string_view explain(ClamdError error) {
    switch (error) {
    case ClamdError::away: return "nobody listens there";
    case ClamdError::broke_off: return "it broke off without an answer";
    case ClamdError::timed_out: return "it did not answer in time";
    case ClamdError::garbled: return "what it answered is not what clamd answers";
    }
    std::abort();
}

std::optional<ScanReply> read_scan_reply(std::string_view reply) {
    constexpr std::string_view found = " FOUND", error = " ERROR", stream = "stream: ";
    if (reply.starts_with("INSTREAM size limit exceeded")) return ScanReply{ScanVerdict::too_large, ""};
    if (reply.ends_with(error))
        return ScanReply{ScanVerdict::failed, printable(reply.substr(0, reply.size() - error.size()))};
    if (!reply.starts_with(stream)) return std::nullopt;
    reply.remove_prefix(stream.size());
    if (reply == "OK") return ScanReply{ScanVerdict::clean, ""};
    if (!reply.ends_with(found) || reply.size() == found.size()) return std::nullopt;
    reply.remove_suffix(found.size());
    // AlertEncrypted and AlertExceedsMax of clamd.conf are answered as if something had been found.
    const bool unseen = reply.starts_with("Heuristics.Encrypted.") || reply.starts_with("Heuristics.Limits.");
    return ScanReply{unseen ? ScanVerdict::unseen : ScanVerdict::infected, printable(reply)};
}

awaitable<Result<ScanReply, ClamdError>> scan(ClamdSettings settings, ByteView octets) {
    auto connection = co_await connected(settings);
    if (!connection) co_return fail(connection.error());
    const std::string_view command{"zINSTREAM", 10};  // with its zero octet
    auto sent = co_await connection->write(command);
    while (sent) {
        const ByteView chunk = octets.substr(0, settings.chunk_octets);
        octets.remove_prefix(chunk.size());
        Bytes framed;
        append_u32(framed, static_cast<std::uint32_t>(chunk.size()));
        framed += chunk;
        sent = co_await connection->write(framed);
        if (chunk.empty()) break;
    }
    if (!sent && sent.error() == IoError::timed_out) co_return fail(ClamdError::timed_out);
    // Where it took no more, it has said why.
    const auto reply = co_await reply_of(*connection, settings.reply_octets_max);
    if (!reply) co_return fail(reply.error());
    auto read = read_scan_reply(*reply);
    if (!read) co_return fail(ClamdError::garbled);
    co_return *std::move(read);
}

awaitable<Result<std::string, ClamdError>> clamd_version(ClamdSettings settings) {
    const auto pong = co_await asked(settings, "PING");
    if (!pong) co_return fail(pong.error());
    if (*pong != "PONG") co_return fail(ClamdError::garbled);
    const auto version = co_await asked(settings, "VERSION");
    if (!version) co_return fail(version.error());
    if (!version->starts_with("ClamAV ")) co_return fail(ClamdError::garbled);
    co_return printable(*version);
}

}  // namespace okpay::net
