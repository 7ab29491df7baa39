// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "mailroom/smtp_text.hpp"

namespace okpay::mailroom {
namespace {

constexpr std::size_t reply_line_octets_max = 2'000;  // RFC 5321 allows 512; relays write more
constexpr std::size_t reply_lines_max = 100;
constexpr std::size_t kept_text_octets_max = 500;

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_reply_line(std::string_view line) {
    const bool code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) && is_digit(line[2]);
    return code && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

bool is_positive(int code) { return code >= 200 && code < 300; }
bool is_permanent(int code) { return code >= 500; }

}  // namespace

SmtpDelivery::SmtpDelivery(std::string our_name, TlsUse tls, const OutgoingMail& mail)
    : our_name_{std::move(our_name)},
      tls_{tls},
      mail_{mail.envelope_from, mail.recipients, {}},
      data_{data_form(mail.bytes)},
      lines_{reply_line_octets_max, 0} {
    const auto is_good = [](const std::string& address) { return !address.empty() && is_path_address(address); };
    const bool good = is_path_address(mail_.envelope_from) && std::ranges::all_of(mail_.recipients, is_good);
    if (!good || mail_.recipients.empty()) finish(DeliveryOutcome::permanent, "an address of the envelope is not sound");
}

void SmtpDelivery::feed(std::string_view bytes) {
    while (!bytes.empty() && next_ != DeliveryNext::done) {
        const LineEvent event = lines_.feed(bytes);
        if (event == LineEvent::none) return;
        const std::string line = lines_.take_line();
        if (event != LineEvent::line || !is_reply_line(line)) return lost("the relay does not speak SMTP");
        on_reply_line(line);
        // One command, one reply. More would be taken for the answer to a question not yet asked; before a handshake
        // it may have been put there by somebody else.
        const bool unasked = reply_code_ == 0 && !bytes.empty() && next_ != DeliveryNext::done;
        if (unasked) return lost("the relay answered what was not asked");
    }
}

void SmtpDelivery::on_reply_line(const std::string& line) {
    int code = 0;
    std::from_chars(line.data(), line.data() + 3, code);
    if (reply_code_ != 0 && code != reply_code_) return lost("the relay does not speak SMTP");
    if (++reply_lines_ > reply_lines_max) return lost("the relay does not stop talking");
    if (stage_ == Stage::ehlo && reply_lines_ > 1)
        note_offer(std::string_view{line}.substr(std::min<std::size_t>(4, line.size())));
    if (reply_text_.size() < kept_text_octets_max) reply_text_ += (reply_text_.empty() ? "" : " / ") + line;
    reply_code_ = code;
    if (line.size() > 3 && line[3] == '-') return;
    reply_code_ = 0;
    reply_lines_ = 0;
    reply_text_ = one_line(reply_text_, kept_text_octets_max);
    on_reply(code);
    reply_text_.clear();
}

void SmtpDelivery::note_offer(std::string_view line) {
    const auto keyword = line.substr(0, line.find(' '));
    if (equal_ignoring_ascii_case(keyword, "STARTTLS")) offers_.starttls = true;
    if (equal_ignoring_ascii_case(keyword, "8BITMIME")) offers_.eight_bit = true;
    if (equal_ignoring_ascii_case(keyword, "SMTPUTF8")) offers_.smtputf8 = true;
    if (!equal_ignoring_ascii_case(keyword, "SIZE") || line.size() <= keyword.size()) return;
    const auto value = line.substr(keyword.size() + 1);
    std::from_chars(value.data(), value.data() + value.size(), offers_.size_octets_max);
}

void SmtpDelivery::on_reply(int code) {
    // The service is closing; only the final reply speaks of the message itself.
    if (code == 421 && stage_ != Stage::final_dot) return finish(DeliveryOutcome::temporary, reply_text_);
    switch (stage_) {
    case Stage::greeting:
        if (!is_positive(code)) return finish(DeliveryOutcome::temporary, reply_text_);
        return say_hello();
    case Stage::ehlo:
    case Stage::helo: return on_hello_reply(code);
    case Stage::starttls:
        if (code != 220) return finish(DeliveryOutcome::temporary, reply_text_);
        stage_ = Stage::handshake;
        next_ = DeliveryNext::start_tls;
        return;
    case Stage::mail:
        if (!is_positive(code)) return finish_by(code);
        return say_next_recipient();
    case Stage::rcpt: return on_recipient_reply(code);
    case Stage::data:
        if (code != 354) return finish_by(code);
        stage_ = Stage::body;
        output_ = std::move(data_);
        next_ = DeliveryNext::write_more;
        return;
    case Stage::final_dot:
        if (is_positive(code)) return finish(DeliveryOutcome::sent, reply_text_);
        if (code < 400) return lost("the relay does not speak SMTP");
        return finish_by(code);
    case Stage::handshake:
    case Stage::body:
    case Stage::finished: return lost("the relay answered what was not asked");
    }
    std::abort();
}

void SmtpDelivery::on_hello_reply(int code) {
    if (stage_ == Stage::ehlo && is_permanent(code) && tls_ != TlsUse::required) {
        return say(Stage::helo, "HELO " + our_name_);  // RFC 5321 3.2
    }
    if (!is_positive(code)) return finish(DeliveryOutcome::temporary, reply_text_);
    if (encrypted_ || tls_ == TlsUse::none) return say_mail();
    if (offers_.starttls) return say(Stage::starttls, "STARTTLS");
    if (tls_ == TlsUse::required) return finish(DeliveryOutcome::temporary, "the relay offers no TLS, and TLS is required");
    say_mail();
}

void SmtpDelivery::on_recipient_reply(int code) {
    if (!is_positive(code)) {
        const bool permanent = is_permanent(code) && code != 552;  // RFC 5321 4.5.3.1.10: 552 means "too many" here
        report_.refused.push_back({mail_.recipients[recipients_asked_ - 1], permanent, reply_text_});
    }
    if (recipients_asked_ < mail_.recipients.size()) return say_next_recipient();
    if (report_.refused.size() < mail_.recipients.size()) return say(Stage::data, "DATA");
    const bool hopeless = std::ranges::all_of(report_.refused, &RefusedRecipient::permanent);
    finish(hopeless ? DeliveryOutcome::permanent : DeliveryOutcome::temporary, report_.refused.front().text);
}

void SmtpDelivery::say_hello() {
    offers_ = {};
    say(Stage::ehlo, "EHLO " + our_name_);
}

void SmtpDelivery::say_mail() {
    const bool ascii = is_ascii(mail_.envelope_from) && std::ranges::all_of(mail_.recipients, is_ascii);
    if (!ascii && !offers_.smtputf8) {
        return finish(DeliveryOutcome::permanent, "the relay takes no internationalised addresses");
    }
    if (offers_.size_octets_max > 0 && data_.size() > offers_.size_octets_max) {
        return finish(DeliveryOutcome::permanent, "the message is larger than the relay takes");
    }
    std::string command = "MAIL FROM:<" + mail_.envelope_from + ">";
    if (offers_.size_octets_max > 0) command += fmt::format(" SIZE={}", data_.size());
    if (offers_.eight_bit && !is_ascii(data_)) command += " BODY=8BITMIME";
    if (!ascii) command += " SMTPUTF8";
    say(Stage::mail, command);
}

void SmtpDelivery::say_next_recipient() { say(Stage::rcpt, "RCPT TO:<" + mail_.recipients[recipients_asked_++] + ">"); }

void SmtpDelivery::written() {
    ensure(stage_ == Stage::body);
    stage_ = Stage::final_dot;
    output_ = end_of_data;
    next_ = DeliveryNext::read_more;
}

void SmtpDelivery::tls_started() {
    ensure(stage_ == Stage::handshake);
    encrypted_ = true;
    say_hello();  // what was offered in clear proves nothing (RFC 3207 4.2)
}

void SmtpDelivery::lost(std::string_view why) {
    if (next_ == DeliveryNext::done) return;
    finish(stage_ == Stage::final_dot ? DeliveryOutcome::uncertain : DeliveryOutcome::temporary, why);
    output_.clear();
}

void SmtpDelivery::say(Stage stage, std::string_view command) {
    stage_ = stage;
    next_ = DeliveryNext::read_more;
    output_ += command;
    output_ += "\r\n";
}

void SmtpDelivery::finish_by(int code) {
    finish(is_permanent(code) ? DeliveryOutcome::permanent : DeliveryOutcome::temporary, reply_text_);
}

void SmtpDelivery::finish(DeliveryOutcome outcome, std::string_view text) {
    say(Stage::finished, "QUIT");
    next_ = DeliveryNext::done;
    report_.outcome = outcome;
    report_.text = text;
}

}  // namespace okpay::mailroom
