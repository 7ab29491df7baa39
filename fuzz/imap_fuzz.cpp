// SPDX-License-Identifier: Apache-2.0
// An IMAP server that says whatever it likes. The first octet chooses how the sign-in goes and how the octets are cut; the
// rest is what the server says, once whole and once in pieces. The law: the same mails, the same end;
// UIDs only rise; no mail is larger than the limit; no command but those that leave a mailbox as it is.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ensure.hpp"
#include "mailroom/imap_session.hpp"

namespace {

using namespace okpay::mailroom;

struct Heard {
    std::string end;
    std::vector<std::string> mails;
    friend bool operator==(const Heard&, const Heard&) = default;
};

// What brings a session to its open mailbox, so that not all is spent on sign-ins.
constexpr std::string_view usual =
    "* OK\r\n* CAPABILITY IDLE AUTH=PLAIN\r\na1 OK\r\n+\r\na2 OK\r\n* CAPABILITY IDLE\r\na3 OK\r\n* 3 EXISTS\r\n"
    "* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 9]\r\na4 OK\r\n";

constexpr ImapLimits limits{.mail_octets_max = 200,
                            .beginning_octets = 50,
                            .listed_max = 3,
                            .responses_max = 100,
                            .responses_before_sign_in_max = 20};

Heard hear(std::string_view octets, std::size_t piece, ImapSignIn sign_in) {
    ImapSession session{
        {.host = "imap.example", .port = 143, .user = "support", .secret = okpay::Secret{"sesame"}, .sign_in = sign_in},
        limits};
    Heard heard;
    std::string said;
    std::int64_t last_uid = 0;
    std::size_t steps = 0;
    for (std::size_t at = 0; at < octets.size() && session.next() != ImapNext::done; at += piece) {
        session.feed(octets.substr(at, piece));
        while (true) {
            okpay::ensure(++steps < 100'000);
            if (session.next() == ImapNext::begin) session.begin({.beginnings = {2}, .given_up = {4}});
            else if (session.next() == ImapNext::keep) {
                const ImapMail mail = session.take_mail();
                okpay::ensure(mail.uid > last_uid && mail.bytes.size() <= limits.mail_octets_max);
                last_uid = mail.uid;
                heard.mails.push_back(mail.bytes);
                session.kept();
            } else {
                break;
            }
        }
        said += session.take_output();
    }
    heard.end = session.failure().text;
    for (const std::string_view word : {"SELECT", "STORE", "EXPUNGE", "APPEND", "DELETE", "CLOSE", "BODY["})
        okpay::ensure(!said.contains(word));
    okpay::ensure(!heard.end.contains('\n') && !heard.end.contains("sesame"));
    return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto sign_in = static_cast<ImapSignIn>(data[0] % 3);
    const std::size_t piece = 1 + (data[0] >> 3U) % 16;
    std::string octets{reinterpret_cast<const char*>(data) + 1, size - 1};
    if ((data[0] & 4U) != 0) octets.insert(0, usual);
    const Heard whole = hear(octets, octets.size(), sign_in);
    const Heard cut = hear(octets, piece, sign_in);
    okpay::ensure(whole == cut);
    return 0;
}
