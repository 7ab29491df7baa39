// SPDX-License-Identifier: Apache-2.0
// The sending side of SMTP (RFC 5321) without a socket: replies in, commands out, one message to a smart host, one
// command at a time. What the relay says is untrusted text: shortened to printable ASCII before it is kept.
//   sent       the relay answered 2xx to the final dot; single recipients may still have been refused
//   permanent  5xx to sender, every recipient, DATA or the final dot, or the relay cannot take such a message
//   temporary  4xx, no connection, no greeting, no TLS where it is required: the message was not taken
//   uncertain  the final dot was on its way and no answer came: taken or not, nobody knows
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "mailroom/line_reader.hpp"

namespace okpay::mailroom {

struct OutgoingMail {
    std::string envelope_from;            // empty: the null sender of machine mail
    std::vector<std::string> recipients;  // addresses, one at least
    Bytes bytes;                          // signed and ready; only dots are stuffed (and line ends put right)
};

enum class DeliveryOutcome : std::uint8_t { sent, temporary, permanent, uncertain };
struct RefusedRecipient {
    std::string address;
    bool permanent = false;
    std::string text;
};
struct DeliveryReport {
    DeliveryOutcome outcome;
    std::string text;  // the relay's last word, or ours
    std::vector<RefusedRecipient> refused;
};

enum class TlsUse : std::uint8_t { none, opportunistic, required };
enum class DeliveryNext : std::uint8_t { read_more, write_more, start_tls, done };

class SmtpDelivery {
public:
    SmtpDelivery(std::string our_name, TlsUse tls, const OutgoingMail& mail);

    // Write take_output() whole, then: read_more: read and feed(); write_more: call written(); start_tls: shake hands
    // and call tls_started(); done: the report stands (what take_output() still gives is a polite QUIT).
    [[nodiscard]] DeliveryNext next() const { return next_; }
    std::string take_output() { return std::exchange(output_, {}); }
    void feed(std::string_view bytes);
    void written();
    void tls_started();
    void lost(std::string_view why);  // connection, patience or handshake

    [[nodiscard]] bool awaits_final_reply() const { return stage_ == Stage::final_dot; }
    [[nodiscard]] const DeliveryReport& report() const { return report_; }  // once done

private:
    enum class Stage : std::uint8_t {
        greeting,
        ehlo,
        helo,
        starttls,
        handshake,
        mail,
        rcpt,
        data,
        body,
        final_dot,
        finished
    };
    struct Offers {
        bool starttls = false, eight_bit = false, smtputf8 = false;
        std::size_t size_octets_max = 0;  // 0: none named
    };

    void on_reply_line(const std::string& line);
    void on_reply(int code);
    void on_hello_reply(int code);
    void on_recipient_reply(int code);
    void note_offer(std::string_view line);
    void say_hello();
    void say_mail();
    void say_next_recipient();
    void say(Stage stage, std::string_view command);
    void finish(DeliveryOutcome outcome, std::string_view text);
    void finish_by(int code);

    std::string our_name_;
    TlsUse tls_;
    OutgoingMail mail_;
    Bytes data_;
    LineReader lines_;
    std::string output_;
    std::string reply_text_;  // Of the reply being read, lines joined.
    int reply_code_ = 0;      // 0: between replies.
    std::size_t reply_lines_ = 0;
    Offers offers_;
    bool encrypted_ = false;
    std::size_t recipients_asked_ = 0;
    DeliveryReport report_{DeliveryOutcome::temporary, {}, {}};
    Stage stage_ = Stage::greeting;
    DeliveryNext next_ = DeliveryNext::read_more;
};

}  // namespace okpay::mailroom
