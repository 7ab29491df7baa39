// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_session.hpp"

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

constexpr std::size_t helo_octets_max = 255;

bool is_helo_octet(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{".-_:[]"}.contains(c);
}

std::string_view text_of(DataFault fault) {
    switch (fault) {
    case DataFault::none: return "";
    case DataFault::too_large: return "552 5.3.4 message larger than this server takes";
    case DataFault::line_too_long: return "554 5.6.0 message has a line longer than 998 octets";
    case DataFault::nul_octet: return "554 5.6.0 message has a NUL octet";
    case DataFault::mail_loop: return "554 5.4.6 too many Received fields, the mail goes in a circle";
    case DataFault::no_room: return "452 4.3.1 no room for this message now";
    }
    std::abort();
}

std::string text_of(const Acceptance& acceptance) {
    switch (acceptance.verdict) {
    case Verdict::durable: return "250 2.0.0 queued as " + one_line(acceptance.queue_id, 64);
    case Verdict::try_later: return "451 4.3.0 not stored, try again later";
    case Verdict::full: return "452 4.3.1 no room for mail now, try again later";
    case Verdict::refused: return "554 5.7.1 message refused";
    }
    std::abort();
}

// "FROM:<a@b>": the prefix without regard to case, forgiving a space behind the colon.
std::optional<std::string_view> behind_keyword(std::string_view argument, std::string_view keyword) {
    if (!equal_ignoring_ascii_case(argument.substr(0, keyword.size()), keyword)) return std::nullopt;
    argument.remove_prefix(keyword.size());
    while (argument.starts_with(' ')) argument.remove_prefix(1);
    return argument;
}

std::string_view text_of_sender_error(PathError error) {
    switch (error) {
    case PathError::syntax: return "501 5.1.7 sender address is not understood";
    case PathError::too_long: return "501 5.1.7 sender address is too long";
    case PathError::source_route: return "550 5.7.1 source routes are not taken";
    }
    std::abort();
}

std::string_view text_of_recipient_error(PathError error) {
    switch (error) {
    case PathError::syntax: return "501 5.1.3 recipient address is not understood";
    case PathError::too_long: return "501 5.1.3 recipient address is too long";
    case PathError::source_route: return "550 5.7.1 source routes are not taken";
    }
    std::abort();
}

}  // namespace

struct SmtpSession::Command {
    std::string_view verb;
    Handler handler;
};

const SmtpSession::Command SmtpSession::commands[] = {
    {"HELO", &SmtpSession::on_helo},
    {"EHLO", &SmtpSession::on_ehlo},
    {"LHLO", &SmtpSession::on_lhlo},
    {"MAIL", &SmtpSession::on_mail},
    {"RCPT", &SmtpSession::on_rcpt},
    {"DATA", &SmtpSession::on_data},
    {"RSET", &SmtpSession::on_rset},
    {"NOOP", &SmtpSession::on_noop},
    {"VRFY", &SmtpSession::on_vrfy},
    {"HELP", &SmtpSession::on_help},
    {"QUIT", &SmtpSession::on_quit},
    {"STARTTLS", &SmtpSession::on_starttls},
    {"AUTH", &SmtpSession::on_not_offered},
    {"BDAT", &SmtpSession::on_not_offered},
    {"EXPN", &SmtpSession::on_not_offered},
    {"ETRN", &SmtpSession::on_not_offered},
    {"XCLIENT", &SmtpSession::on_not_offered},
    // A web page can make a browser speak to us; HTTP ends at its first word.
    {"GET", &SmtpSession::on_other_protocol},
    {"HEAD", &SmtpSession::on_other_protocol},
    {"POST", &SmtpSession::on_other_protocol},
    {"PUT", &SmtpSession::on_other_protocol},
    {"PATCH", &SmtpSession::on_other_protocol},
    {"DELETE", &SmtpSession::on_other_protocol},
    {"OPTIONS", &SmtpSession::on_other_protocol},
    {"CONNECT", &SmtpSession::on_other_protocol},
    {"TRACE", &SmtpSession::on_other_protocol},
    {"PROXY", &SmtpSession::on_other_protocol},
};

SmtpSession::SmtpSession(SmtpSessionSettings settings, RecipientPolicy may_receive)
    : settings_{std::move(settings)},
      may_receive_{std::move(may_receive)},
      lines_{settings_.limits.command_line_octets_max + settings_.limits.mail_parameter_octets_max,
             settings_.limits.skipped_line_octets_max} {}

std::string SmtpSession::greeting() const {
    return fmt::format("220 {} {} OKPay\r\n", settings_.hostname,
                       settings_.protocol == MailProtocol::lmtp ? "LMTP" : "ESMTP");
}

std::string SmtpSession::take_replies() { return std::exchange(replies_, {}); }

Next SmtpSession::feed(std::string_view bytes) {
    ensure(next_ != Next::deliver);
    if (next_ != Next::read_more) return next_;  // octets in clear behind STARTTLS, or behind the end
    unread_ += bytes;
    return advance();
}

Next SmtpSession::advance() {
    std::string_view rest = unread_;
    while (next_ == Next::read_more && !rest.empty()) {
        if (data_) {
            rest.remove_prefix(data_->feed(rest));
            on_data_status();
        } else {
            on_line_event(lines_.feed(rest));
        }
    }
    if (next_ == Next::start_tls || next_ == Next::close) rest = {};
    unread_.erase(0, unread_.size() - rest.size());
    return next_;
}

void SmtpSession::on_line_event(LineEvent event) {
    switch (event) {
    case LineEvent::none: return;
    case LineEvent::line: return obey(lines_.take_line());
    case LineEvent::too_long: return refuse("500 5.5.2 command line is too long");
    case LineEvent::endless: return close_with(fmt::format("421 4.7.0 {} line without an end", settings_.hostname));
    case LineEvent::bare_line_break: return close_with("521 5.5.2 CR or LF standing alone");
    }
    std::abort();
}

void SmtpSession::on_data_status() {
    switch (data_->status()) {
    case DataStatus::reading: return;
    case DataStatus::bare_line_break: return close_with("521 5.5.2 CR or LF standing alone in the message");
    case DataStatus::endless: return close_with(text_of(data_->fault()));
    case DataStatus::complete: break;
    }
    idle_commands_ = 0;
    if (data_->fault() == DataFault::none) {
        mail_.bytes = data_->take();
        next_ = Next::deliver;
    } else {
        reply_to_message(text_of(data_->fault()));
        forget_envelope();
    }
    data_.reset();
}

ReceivedMail SmtpSession::take_mail() {
    ensure(next_ == Next::deliver);
    ReceivedMail mail = mail_;  // the recipients stay: LMTP answers each
    mail.bytes = std::exchange(mail_.bytes, {});
    return mail;
}

Next SmtpSession::delivered(const Acceptance& acceptance) {
    ensure(next_ == Next::deliver);
    next_ = Next::read_more;
    reply_to_message(text_of(acceptance));
    forget_envelope();
    return advance();
}

Next SmtpSession::tls_started() {
    ensure(next_ == Next::start_tls);
    next_ = Next::read_more;
    encrypted_ = true;
    mail_ = {};
    forget_envelope();
    return next_;
}

Next SmtpSession::end(Goodbye why) {
    if (next_ == Next::close) return next_;
    switch (why) {
    case Goodbye::stopping: close_with(fmt::format("421 4.3.2 {} is shutting down", settings_.hostname)); break;
    case Goodbye::timed_out: close_with(fmt::format("421 4.4.2 {} waited too long", settings_.hostname)); break;
    case Goodbye::crowded:
        close_with(fmt::format("421 4.3.2 {} has too many connections, try later", settings_.hostname));
        break;
    }
    return next_;
}

void SmtpSession::refuse_data_for_room() {
    if (data_) data_->drop(DataFault::no_room);
}

void SmtpSession::obey(std::string_view line) {
    const std::string_view verb = line.substr(0, line.find(' '));
    std::string_view argument = line.substr(verb.size());
    while (argument.starts_with(' ')) argument.remove_prefix(1);
    while (argument.ends_with(' ')) argument.remove_suffix(1);
    const bool is_mail = equal_ignoring_ascii_case(verb, "MAIL");
    if (!is_mail && line.size() + 2 > settings_.limits.command_line_octets_max)
        return refuse("500 5.5.2 command line is too long");
    if (line.contains('\0')) return refuse("500 5.5.2 command has a NUL octet");
    for (const Command& command : commands) {
        if (equal_ignoring_ascii_case(verb, command.verb)) return (this->*command.handler)(argument);
    }
    refuse("500 5.5.2 command is not known");
}

void SmtpSession::on_hello(std::string_view argument, bool extended) {
    const std::string_view name = argument.substr(0, argument.find(' '));
    const bool sound = !name.empty() && name.size() <= helo_octets_max && std::ranges::all_of(name, is_helo_octet);
    if (!sound) return refuse("501 5.5.4 say your host name");
    forget_envelope();
    mail_.helo = name;
    mail_.extended = extended;
    if (!extended) {
        reply("250 " + settings_.hostname);
        return idle_command();
    }
    replies_ += fmt::format("250-{}\r\n250-SIZE {}\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n",
                            settings_.hostname, settings_.limits.data.message_octets_max);
    if (settings_.offers_starttls && !encrypted_) replies_ += "250-STARTTLS\r\n";
    reply("250 ENHANCEDSTATUSCODES");
    idle_command();
}

void SmtpSession::on_helo(std::string_view argument) {
    if (settings_.protocol == MailProtocol::lmtp) return refuse("500 5.5.1 this is LMTP, say LHLO");
    on_hello(argument, false);
}

void SmtpSession::on_ehlo(std::string_view argument) {
    if (settings_.protocol == MailProtocol::lmtp) return refuse("500 5.5.1 this is LMTP, say LHLO");
    on_hello(argument, true);
}

void SmtpSession::on_lhlo(std::string_view argument) {
    if (settings_.protocol == MailProtocol::smtp) return refuse("500 5.5.1 this is SMTP, say EHLO");
    on_hello(argument, true);
}

void SmtpSession::on_mail(std::string_view argument) {
    if (mail_.helo.empty()) return refuse("503 5.5.1 greet first");
    if (has_sender_) return refuse("503 5.5.1 one sender at a time");
    const auto text = behind_keyword(argument, "FROM:");
    if (!text) return refuse("501 5.5.4 say MAIL FROM:<address>");
    const auto path = read_path(*text);
    if (!path) return refuse(text_of_sender_error(path.error()));
    if (!read_mail_parameters(path->rest, path->ascii)) return forget_envelope();
    mail_.mail_from = path->address;
    has_sender_ = true;
    reply("250 2.1.0 sender taken");
    idle_command();
}

bool SmtpSession::read_mail_parameters(std::string_view text, bool ascii_address) {
    if (!text.empty() && !text.starts_with(' ')) {
        refuse("501 5.5.4 parameters are not understood");
        return false;
    }
    bool has_size = false;
    for (const std::string_view parameter : split(text, ' ')) {
        if (parameter.empty()) continue;
        const auto equals = parameter.find('=');
        const auto name = parameter.substr(0, equals);
        const auto value = equals == std::string_view::npos ? std::string_view{} : parameter.substr(equals + 1);
        if (equal_ignoring_ascii_case(name, "SIZE") && !has_size) {
            std::uint64_t octets = 0;
            const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), octets);
            const bool digits =
                !value.empty() && end == value.data() + value.size() && problem != std::errc::invalid_argument;
            if (!digits || value.size() > 20) {
                refuse("501 5.5.4 SIZE is not a number");
                return false;
            }
            if (problem == std::errc::result_out_of_range || octets > settings_.limits.data.message_octets_max) {
                refuse("552 5.3.4 message larger than this server takes");
                return false;
            }
            has_size = true;
            declared_octets_ = static_cast<std::size_t>(octets);
        } else if (equal_ignoring_ascii_case(parameter, "BODY=7BIT") ||
                   equal_ignoring_ascii_case(parameter, "BODY=8BITMIME")) {
            continue;  // eight-bit octets are taken either way
        } else if (equal_ignoring_ascii_case(parameter, "SMTPUTF8")) {
            mail_.smtputf8 = true;
        } else {
            refuse("555 5.5.4 parameter is not known");
            return false;
        }
    }
    if (ascii_address || mail_.smtputf8) return true;
    refuse("553 5.6.7 such an address needs SMTPUTF8");
    return false;
}

void SmtpSession::on_rcpt(std::string_view argument) {
    if (!has_sender_) return refuse("503 5.5.1 say MAIL first");
    const auto text = behind_keyword(argument, "TO:");
    if (!text) return refuse("501 5.5.4 say RCPT TO:<address>");
    const auto path = read_path(*text);
    if (!path) return refuse(text_of_recipient_error(path.error()));
    if (path->address.empty()) return refuse("501 5.1.3 recipient address is empty");
    if (!path->rest.empty()) return refuse("555 5.5.4 parameter is not known");
    if (!path->ascii && !mail_.smtputf8) return refuse("553 5.6.7 such an address needs SMTPUTF8");
    if (!may_receive_(path->address)) return refuse("550 5.7.1 no such address here, and nothing is relayed");
    if (mail_.recipients.size() >= settings_.limits.recipients_max) return reply("452 4.5.3 too many recipients");
    mail_.recipients.push_back(path->address);
    reply("250 2.1.5 recipient taken");
}

void SmtpSession::on_data(std::string_view argument) {
    if (!argument.empty()) return refuse("501 5.5.4 DATA takes no argument");
    if (!has_sender_) return refuse("503 5.5.1 say MAIL first");
    if (mail_.recipients.empty()) return refuse("503 5.5.1 no recipient was taken");
    data_.emplace(settings_.limits.data, declared_octets_);
    reply("354 go ahead, end with a dot");
}

void SmtpSession::on_rset(std::string_view argument) {
    if (!argument.empty()) return refuse("501 5.5.4 RSET takes no argument");
    forget_envelope();
    reply("250 2.0.0 forgotten");
    idle_command();
}

void SmtpSession::on_noop(std::string_view) {
    reply("250 2.0.0 here");
    idle_command();
}

void SmtpSession::on_vrfy(std::string_view argument) {
    if (argument.empty()) return refuse("501 5.5.4 VRFY needs an address");
    reply("252 2.0.0 not told; send the mail and see");  // RFC 5321 7.3
    idle_command();
}

void SmtpSession::on_help(std::string_view) {
    reply("214 2.0.0 RFC 5321; mail for the support addresses only");
    idle_command();
}

void SmtpSession::on_quit(std::string_view argument) {
    if (!argument.empty()) return refuse("501 5.5.4 QUIT takes no argument");
    close_with("221 2.0.0 goodbye");
}

void SmtpSession::on_starttls(std::string_view argument) {
    if (!settings_.offers_starttls) return refuse("502 5.5.1 TLS is not offered");
    if (encrypted_) return refuse("503 5.5.1 TLS is on already");
    if (!argument.empty()) return refuse("501 5.5.4 STARTTLS takes no argument");
    reply("220 2.0.0 start the handshake");
    next_ = Next::start_tls;
}

void SmtpSession::on_not_offered(std::string_view) { refuse("502 5.5.1 command is not offered"); }

void SmtpSession::on_other_protocol(std::string_view) { close_with("521 5.5.1 this is a mail server"); }

void SmtpSession::reply(std::string_view text) {
    replies_ += text;
    replies_ += "\r\n";
}

void SmtpSession::refuse(std::string_view text) {
    reply(text);
    if (++bad_commands_ < settings_.limits.bad_commands_max) return;
    close_with(fmt::format("421 4.7.0 {} too many errors", settings_.hostname));
}

void SmtpSession::idle_command() {
    if (++idle_commands_ < settings_.limits.idle_commands_max) return;
    close_with(fmt::format("421 4.7.0 {} too many commands without a message", settings_.hostname));
}

void SmtpSession::reply_to_message(std::string_view text) {
    const std::size_t times = settings_.protocol == MailProtocol::lmtp ? mail_.recipients.size() : 1;  // RFC 2033 4.2
    for (std::size_t i = 0; i < times; ++i) reply(text);
}

void SmtpSession::forget_envelope() {
    mail_.mail_from.clear();
    mail_.recipients.clear();
    mail_.bytes.clear();
    mail_.smtputf8 = false;
    has_sender_ = false;
    declared_octets_ = 0;
}

void SmtpSession::close_with(std::string_view text) {
    reply(text);
    data_.reset();
    next_ = Next::close;
}

}  // namespace okpay::mailroom
