// SPDX-License-Identifier: Apache-2.0
// The receiving side of SMTP (RFC 5321) and LMTP (RFC 2033) without a socket: octets in, replies out. The replies are
// the same however the octets are cut. Extensions: SIZE 1870, 8BITMIME 6152, PIPELINING 2920, SMTPUTF8 6531,
// ENHANCEDSTATUSCODES 2034, STARTTLS 3207. No AUTH, no CHUNKING, no DSN: unknown commands and parameters are refused.
//   Driver    send greeting(); then for each feed(): send take_replies() and do what Next says.
//   Deliver   take_mail(), find out what becomes of it, tell delivered(): only that makes the reply to the final dot.
//             Commands pipelined behind the dot wait for it.
//   TLS       after Next::start_tls the driver shakes hands and calls tls_started(); what came in clear behind the
//             STARTTLS command is thrown away (CVE-2011-0411), and the client must greet again.
//   Smuggling a CR or LF standing alone, in a command or in the data, is answered 521 and ends the session.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroom/data_reader.hpp"
#include "mailroom/line_reader.hpp"

namespace okpay::mailroom {

enum class MailProtocol : std::uint8_t { smtp, lmtp };

struct SmtpLimits {
    DataLimits data;                                 // too large 552, too long a line 554, a loop 554
    std::size_t command_line_octets_max = 512;       // with CRLF; 500 (RFC 5321 4.5.3.1.4)
    std::size_t mail_parameter_octets_max = 53;      // what a MAIL line may be longer: SIZE 26, BODY 17, SMTPUTF8 10
    std::size_t skipped_line_octets_max = 64U << 10U;  // of a command line too long already; then 421
    std::size_t recipients_max = 100;                // 452, each recipient beyond
    std::size_t bad_commands_max = 20;               // commands refused with 5xx in a session; then 421
    std::size_t idle_commands_max = 100;             // commands since the last message that bring none nearer; then 421
};

struct SmtpSessionSettings {
    std::string hostname;  // who we say we are
    MailProtocol protocol = MailProtocol::smtp;
    bool offers_starttls = false;
    SmtpLimits limits;
};

// May a recipient be taken? Everything else is answered "550 5.7.1", alike for unknown names and foreign domains.
using RecipientPolicy = std::function<bool(std::string_view address)>;

// What becomes of a message: durable means on stable storage, and only that is answered 250.
enum class Verdict : std::uint8_t { durable, try_later, full, refused };
struct Acceptance {
    Verdict verdict;
    std::string queue_id;  // told to the sender when durable; a log can be searched for it
};

struct ReceivedMail {
    std::string helo;
    std::string mail_from;  // empty for "<>"
    std::vector<std::string> recipients;  // one at least, in the order given
    Bytes bytes;            // dots unstuffed, lines ended by CRLF
    bool extended = false;  // greeted with EHLO or LHLO
    bool smtputf8 = false;
};

enum class Next : std::uint8_t { read_more, deliver, start_tls, close };
enum class Goodbye : std::uint8_t { stopping, timed_out, crowded };  // all 421

class SmtpSession {
public:
    SmtpSession(SmtpSessionSettings settings, RecipientPolicy may_receive);

    [[nodiscard]] std::string greeting() const;
    Next feed(std::string_view bytes);
    std::string take_replies();
    ReceivedMail take_mail();
    Next delivered(const Acceptance& acceptance);
    Next tls_started();
    Next end(Goodbye why);

    [[nodiscard]] bool in_data() const { return data_.has_value(); }
    [[nodiscard]] std::size_t octets_held() const { return data_ ? data_->octets_held() : mail_.bytes.size(); }
    void refuse_data_for_room();  // the message being received, if any: 452 at its final dot

private:
    using Handler = void (SmtpSession::*)(std::string_view argument);
    struct Command;
    static const Command commands[];

    Next advance();
    void on_line_event(LineEvent event);
    void on_data_status();
    void obey(std::string_view line);

    void on_hello(std::string_view argument, bool extended);
    void on_helo(std::string_view argument);
    void on_ehlo(std::string_view argument);
    void on_lhlo(std::string_view argument);
    void on_mail(std::string_view argument);
    void on_rcpt(std::string_view argument);
    void on_data(std::string_view argument);
    void on_rset(std::string_view argument);
    void on_noop(std::string_view argument);
    void on_vrfy(std::string_view argument);
    void on_help(std::string_view argument);
    void on_quit(std::string_view argument);
    void on_starttls(std::string_view argument);
    void on_not_offered(std::string_view argument);
    void on_other_protocol(std::string_view argument);

    bool read_mail_parameters(std::string_view text, bool ascii_address);
    void reply(std::string_view text);
    void refuse(std::string_view text);  // a reply that counts as a bad command
    void idle_command();
    void reply_to_message(std::string_view text);
    void forget_envelope();
    void close_with(std::string_view text);

    SmtpSessionSettings settings_;
    RecipientPolicy may_receive_;
    LineReader lines_;
    std::string unread_;  // Waits for a verdict; empty otherwise.
    std::string replies_;
    std::optional<DataReader> data_;
    ReceivedMail mail_;
    bool has_sender_ = false;
    std::size_t declared_octets_ = 0;
    bool encrypted_ = false;
    std::size_t bad_commands_ = 0;
    std::size_t idle_commands_ = 0;
    Next next_ = Next::read_more;
};

}  // namespace okpay::mailroom
