// SPDX-License-Identifier: Apache-2.0
#include "service/mail_intake.hpp"

#include <spdlog/spdlog.h>

#include <future>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "content/html_text.hpp"
#include "content/mask.hpp"
#include "customers/local_time.hpp"
#include "mail/automatic.hpp"
#include "mail/codec.hpp"
#include "store/people_store.hpp"
#include "triage/json.hpp"
#include "triage/read.hpp"

namespace okpay::service {
namespace {

constexpr std::string_view seal_purpose = "inbound mail";
constexpr Millis parse_deadline{20'000};
constexpr std::int64_t mails_at_once = 64;
constexpr Millis filing_deadline{20'000};
constexpr Millis retry_pause{1'000};  // after a storage failure

struct SenderProof {
    customers::Assurance assurance = customers::Assurance::a0_unproven;
    bool forged = false;
};

// RFC 8601: only the topmost field, only from the configured host, only an aligned DMARC verdict on the one From domain.
SenderProof proof_of(const mail::ParsedMail& parsed, std::string_view trusted) {
    if (trusted.empty() || parsed.from.size() != 1) return {};
    const std::string value = ascii_lower(mail::header_of(parsed, "authentication-results"));
    const auto end_of_id = value.find(';');
    if (end_of_id == std::string::npos || trimmed(std::string_view{value}.substr(0, end_of_id)) != ascii_lower(trusted))
        return {};
    for (const std::string_view clause : split(std::string_view{value}.substr(end_of_id + 1), ';')) {
        const std::string_view result = trimmed(clause);
        if (!result.starts_with("dmarc=")) continue;
        const std::string from = "header.from=" + ascii_lower(parsed.from.front().address.domain());
        const auto at = result.find(from);
        const bool whole =
            at != std::string_view::npos && (at + from.size() == result.size() || result[at + from.size()] == ' ');
        if (result.starts_with("dmarc=pass") && whole) return {customers::Assurance::a1_aligned_mail, false};
        const bool strict =
            result.find("p=reject") != std::string_view::npos || result.find("p=quarantine") != std::string_view::npos;
        return {customers::Assurance::a0_unproven, result.starts_with("dmarc=fail") && strict};
    }
    return {};
}

std::string masked(std::string_view text) { return content::mask_secrets(text).text; }

std::string references_text(const mail::ParsedMail& parsed) {
    std::string all;
    for (const std::string& reference : parsed.references) all += "<" + reference + "> ";
    return all;
}

}  // namespace

std::optional<AcceptMail> seal_mail(const store::Keyring& keyring, const store::BlobStore* blobs, const Envelope& envelope,
                                    ByteView raw, std::size_t own_octets) {
    const auto object = keyring.seal_object(raw, seal_purpose);
    AcceptMail accept{.mail = fresh_id<MailId>().text(),
                      .channel = envelope.channel,
                      .peer = envelope.peer,
                      .mail_from = envelope.mail_from,
                      .recipients = envelope.recipients,
                      .size = static_cast<std::int64_t>(raw.size()),
                      .content_hash = hex_of(view_of(sha256(raw.substr(own_octets)))),
                      .object_key = base64_of(object.wrapped_key),
                      .sealed = "",
                      .blob = ""};
    if (blobs == nullptr || object.sealed.size() <= store::BlobStore::inline_octets_max) {
        accept.sealed = base64_of(object.sealed);
        return accept;
    }
    const auto name = blobs->put(object.sealed);
    if (!name) return std::nullopt;
    accept.blob = *name;
    return accept;
}

std::optional<Bytes> unseal_mail(const store::Keyring& keyring, const store::BlobStore* blobs,
                                 const store::InboundMail& mail) {
    if (mail.blob && blobs == nullptr) return std::nullopt;
    const auto sealed = mail.blob ? blobs->get(*mail.blob) : mail.sealed;
    return sealed ? keyring.unseal_object(*sealed, mail.object_key, seal_purpose) : std::nullopt;
}

Bytes read_mail_in_sandbox(ByteView raw) {
    mail::ParseOptions options;
    options.text_of_html = [](std::string_view html) {
        content::HtmlText text = content::text_of_html(html);
        // Where only tags were stripped nobody knows what is hidden: said to be, so that it is looked at.
        return mail::HtmlAsText{std::move(text.text), text.hidden_found || text.simplified};
    };
    return mail::encode(mail::parse(raw, options));
}

void warm_up_sandbox() {
    mail::warm_up();
    // One mail of every kind of code that loads something when first used.
    read_mail_in_sandbox(
        "From: a@example.org\r\nSubject: =?gb18030?B?zcu/7g==?=\r\n"
        "Content-Type: text/html; charset=gb18030\r\n\r\n<p>\xCD\xCB\xBF\xEE</p>\r\n");
}

triage::Message message_for_triage(const mail::ParsedMail& parsed, std::optional<std::string_view> envelope_sender,
                                   std::string_view customer_zone, Moment received) {
    const Moment said = parsed.date ? std::min(*parsed.date, received) : received;
    triage::Message message{.subject = parsed.subject,
                            .new_text = parsed.new_text,
                            .quoted_text = parsed.quoted_text,
                            .forwarded_text = parsed.forwarded_text,
                            .from_address = parsed.from.empty() ? std::string{} : parsed.from.front().address.text(),
                            .at = said,
                            .utc_offset_minutes = 0,
                            .machine_mail = mail::is_automatic(parsed, envelope_sender).has_value(),
                            .hidden_html = parsed.hidden_html};
    message.utc_offset_minutes =
        parsed.date_offset_minutes.value_or(customer_zone.empty() ? 0 : customers::utc_offset_minutes(customer_zone, said));
    message.has_image = std::ranges::any_of(parsed.attachments,
                                            [](const mail::Attachment& a) { return a.declared_type.starts_with("image/"); });
    return message;
}

FileMail filing_of(const mail::ParsedMail& parsed, const store::InboundMail& inbound, std::string_view customer_zone,
                   const FilingSettings& settings, ByteView random) {
    const SenderProof proof = proof_of(parsed, settings.trusted_authserv_id);
    const std::string from = parsed.from.empty() ? std::string{} : parsed.from.front().address.text();
    const triage::Message message = message_for_triage(parsed, inbound.mail_from, customer_zone, inbound.received);
    const bool automatic = message.machine_mail;
    triage::Reading reading = triage::read(message);
    reading.text = masked(reading.text);
    FileMail filing{.mail = inbound.no,
                    .ticket_id = TicketId::of(inbound.received, random.substr(0, 10)).text(),
                    .message_id = MessageId::of(inbound.received, random.substr(10, 10)).text(),
                    .outgoing_id = OutgoingId::of(inbound.received, random.substr(20, 10)).text(),
                    .from_address = from,
                    .from_name = parsed.from.empty() ? std::string{} : parsed.from.front().name,
                    .subject = masked(parsed.subject),
                    .new_text =
                        masked(parsed.new_text.empty() && parsed.quoted_text.empty() ? parsed.text : parsed.new_text),
                    .quoted_text =
                        masked(parsed.quoted_text + (parsed.forwarded_text.empty() ? "" : "\n\n" + parsed.forwarded_text)),
                    .mail_message_id = parsed.message_id,
                    .in_reply_to = parsed.in_reply_to.empty() ? std::string{} : "<" + parsed.in_reply_to + ">",
                    .references = references_text(parsed),
                    .recipients = {},
                    .assurance = static_cast<std::int64_t>(proof.assurance),
                    .forged = proof.forged,
                    .automatic = automatic,
                    .several_senders = parsed.from.size() != 1,
                    .category = std::string{triage::name_of(reading.category)},
                    .urgency = std::string{triage::name_of(reading.urgency)},
                    .route = std::string{triage::name_of(reading.route)},
                    .language = reading.language,
                    .reading = triage::json_of(reading, ""),
                    .missing = {}};
    for (const triage::Missing missing : reading.missing) filing.missing.emplace_back(triage::name_of(missing));
    for (const std::string_view recipient : split(inbound.recipients, '\n')) {
        if (!recipient.empty()) filing.recipients.emplace_back(recipient);
    }
    for (const auto* list : {&parsed.to, &parsed.cc}) {
        for (const mail::Mailbox& mailbox : *list) filing.recipients.push_back(mailbox.address.text());
    }
    return filing;
}

MailIntake::MailIntake(Service& service, store::Database database, store::Keyring keyring,
                       std::optional<store::BlobStore> blobs, std::unique_ptr<sandbox::Pool> sandbox,
                       FilingSettings settings, std::function<Moment()> clock)
    : service_{service},
      database_{std::move(database)},
      keyring_{std::move(keyring)},
      blobs_{std::move(blobs)},
      sandbox_{std::move(sandbox)},
      settings_{std::move(settings)},
      clock_{std::move(clock)},
      thread_{[this] { run(); }} {}

MailIntake::~MailIntake() { stop(); }

void MailIntake::notify() {
    {
        const std::lock_guard lock{mutex_};
        work_waits_ = true;
    }
    wake_.notify_one();
}

void MailIntake::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void MailIntake::drain() {
    {
        const std::lock_guard lock{mutex_};
        draining_ = true;
        work_waits_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void MailIntake::run() {
    std::unique_ptr<store::Connection> reader;
    while (true) {
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, [this] { return stopping_ || draining_ || work_waits_; });
            if (stopping_ || (draining_ && !work_waits_)) return;
            work_waits_ = false;
        }
        try {
            if (reader == nullptr) reader = store::open(database_, store::Access::reader);
            if (work_once(*reader)) notify();
        } catch (const store::StorageFailure& failure) {
            spdlog::error("mail waits, because the database cannot be read: {}", failure.what());
            reader.reset();
            std::unique_lock lock{mutex_};
            work_waits_ = true;
            wake_.wait_for(lock, retry_pause, [this] { return stopping_; });
        }
    }
}

bool MailIntake::work_once(store::Connection& reader) {
    const std::vector<std::int64_t> waiting = store::waiting_inbound(reader, mails_at_once);
    std::vector<std::future<Answer>> answers;
    for (const std::int64_t mail : waiting) {
        auto body = read(reader, mail);
        if (!body) continue;
        auto promise = std::make_shared<std::promise<Answer>>();
        answers.push_back(promise->get_future());
        service_.submit(Service::command(clock_(), {}, std::move(*body)),
                        [promise](Answer answer) { promise->set_value(std::move(answer)); });
    }
    bool filed = false;
    for (std::future<Answer>& future : answers) {
        // Nobody may answer once the node that was asked has stopped: the mail waits and is read again.
        if (future.wait_for(filing_deadline) != std::future_status::ready) continue;
        const Answer answer = future.get();
        filed = filed || answer.done();
        if (!answer.done()) spdlog::warn("a mail could not be filed now: {} {}", answer.code, answer.detail);
    }
    return filed && std::ssize(waiting) == mails_at_once;
}

std::optional<CommandBody> MailIntake::read(store::Connection& reader, std::int64_t mail) {
    const auto inbound = store::find_inbound(reader, mail);
    if (!inbound || inbound->state != store::InboundState::waiting) return std::nullopt;
    const auto raw = unseal_mail(keyring_, blobs_ ? &*blobs_ : nullptr, *inbound);
    if (!raw) return QuarantineMail{mail, "the stored octets cannot be unsealed: the key or the file is not the right one"};
    std::string reason;
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto answer = sandbox_->call(*raw, parse_deadline);
        if (answer) {
            auto parsed = mail::decode(*answer);
            if (!parsed) return QuarantineMail{mail, "the sandbox gave an answer that cannot be read"};
            std::string zone;
            if (parsed->from.size() == 1) {
                const auto customer =
                    store::find_customer_by_email(reader, ascii_lower(parsed->from.front().address.text()));
                if (customer) zone = customer->zone;
            }
            return filing_of(*parsed, *inbound, zone, settings_, random_octets(30));
        }
        switch (answer.error()) {
        case sandbox::SandboxError::cannot_start:
            spdlog::error("the sandbox cannot be started: mail {} waits", mail);
            return std::nullopt;
        case sandbox::SandboxError::crashed: reason = "reading it ended the sandbox twice"; break;
        case sandbox::SandboxError::timed_out: reason = "reading it took too long twice"; break;
        case sandbox::SandboxError::too_large: return QuarantineMail{mail, "it is larger than the sandbox takes"};
        case sandbox::SandboxError::refused: return QuarantineMail{mail, "the reader gave up on it"};
        }
        spdlog::warn("mail {} ended its reader ({}); attempt {}", mail, reason, attempt + 1);
    }
    return QuarantineMail{mail, reason};
}

}  // namespace okpay::service
