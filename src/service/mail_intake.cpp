// SPDX-License-Identifier: Apache-2.0
#include "service/mail_intake.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "content/html_text.hpp"
#include "content/mask.hpp"
#include "customers/assurance.hpp"
#include "customers/local_time.hpp"
#include "desk/faq_answer.hpp"
#include "desk/official_mail.hpp"
#include "mail/automatic.hpp"
#include "mail/codec.hpp"
#include "service/case_parts.hpp"
#include "service/mail_evidence.hpp"
#include "store/people_store.hpp"
#include "triage/json.hpp"
#include "triage/lock_wish.hpp"
#include "triage/read.hpp"

namespace okpay::service {
namespace {

constexpr std::string_view seal_purpose = "inbound mail";
constexpr Millis parse_deadline{20'000};
constexpr std::int64_t mails_at_once = 64;
constexpr std::size_t mails_under_way_max = 512;  // beyond it nothing new is read: a DNS that is silent costs no more memory
constexpr Millis filing_deadline{20'000};
constexpr std::chrono::hours wish_lasts{48};
constexpr std::chrono::minutes clocks_differ_by{30};
constexpr Millis retry_pause{1'000};  // after a storage failure

std::string masked(std::string_view text) { return without_link_tokens(content::mask_secrets(text).text); }

// What the workspace shows beside the request: few words of what decided, masked.
std::vector<triage::Reason> reasons_to_keep(const triage::Message& message, const triage::Reading& reading,
                                            const triage::Model& model) {
    constexpr std::array<std::string_view, 4> shown{"category", "urgency", "route", "flag"};
    constexpr std::size_t of_each_max = 3;
    // A secret is known by what stands around it: words that the masked text does not have are left out.
    const std::string readable = masked(message.subject) + "\n" + masked(message.new_text);
    std::map<std::string_view, std::set<std::string>> said;  // the same word of subject and text once
    std::vector<triage::Reason> kept;
    for (triage::Reason& reason : triage::reasons_of(message, reading, model)) {
        if (std::ranges::find(shown, reason.decision) == shown.end()) continue;
        if (readable.find(reason.words) == std::string::npos) continue;
        auto& words = said[reason.decision];
        if (words.size() < of_each_max && words.insert(reason.words).second) kept.push_back(std::move(reason));
    }
    return kept;
}

// A mail that was sent once is sent again by whoever has it: it asks for something now only where its date says so and
// cannot have been changed since.
bool is_fresh(const mail::ParsedMail& parsed, const mail::Authentication& sender, Moment received) {
    if (sender.verdict != mail::Verdict::proven || !parsed.date) return false;
    if (sender.proven_by == mail::Mechanism::dkim && !sender.date_is_signed) return false;
    return received - *parsed.date < wish_lasts && *parsed.date - received < clocks_differ_by;
}

desk::FaqQuestion question_of(const triage::Reading& reading, const FileMail& filing) {
    const triage::Entities& stated = reading.entities;
    return {.category = triage::name_of(reading.category),
            .route = triage::name_of(reading.route),
            .confidence = reading.confidence,
            .automatic = reading.automatic,
            .forged = filing.forged,
            .several_senders = filing.several_senders,
            .flagged = !reading.flags.empty(),
            .names_a_case = !stated.transaction_ids.empty() || !stated.error_codes.empty() || !stated.datetimes.empty() ||
                            !stated.request_numbers.empty() || !stated.card_last4.empty() || !reading.missing.empty(),
            .names_amounts = !stated.amounts.empty(),
            .urgent = reading.urgency == triage::Urgency::critical || reading.urgency == triage::Urgency::high,
            .other_issues = reading.secondary.size()};
}

// A mailbox keeps no envelope: there Return-Path says whether the sender was "<>".
std::optional<std::string_view> envelope_sender_of(const store::InboundMail& inbound) {
    if (inbound.channel == "imap" && inbound.mail_from.empty()) return std::nullopt;
    return inbound.mail_from;
}

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
                      .blob = "",
                      .helo = envelope.helo};
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
    mail::ParsedMail parsed = mail::parse(raw, options);
    parsed.claims = mail::signed_claims_of(raw);
    return mail::encode(parsed);
}

SandboxReading read_through(sandbox::Pool& sandbox, ByteView raw, std::string_view named) {
    std::string reason;
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto answer = sandbox.call(raw, parse_deadline);
        if (answer) {
            auto parsed = mail::decode(*answer);
            if (!parsed) return {std::nullopt, "the sandbox gave an answer that cannot be read"};
            return {std::move(parsed), ""};
        }
        switch (answer.error()) {
        case sandbox::SandboxError::cannot_start:
            spdlog::error("the sandbox cannot be started: mail {} waits", named);
            return {};
        case sandbox::SandboxError::crashed: reason = "reading it ended the sandbox twice"; break;
        case sandbox::SandboxError::timed_out: reason = "reading it took too long twice"; break;
        case sandbox::SandboxError::too_large: return {std::nullopt, "it is larger than the sandbox takes"};
        case sandbox::SandboxError::refused: return {std::nullopt, "the reader gave up on it"};
        }
        spdlog::warn("mail {} ended its reader ({}); attempt {}", named, reason, attempt + 1);
    }
    return {std::nullopt, reason};
}

void warm_up_sandbox() {
    mail::warm_up();
    // One mail of every kind of code that loads something when first used.
    read_mail_in_sandbox(
        "From: a@example.org\r\nSubject: =?gb18030?B?zcu/7g==?=\r\n"
        "Content-Type: text/html; charset=gb18030\r\n\r\n<p>\xCD\xCB\xBF\xEE</p>\r\n");
}

triage::Message message_for_triage(const mail::ParsedMail& parsed, std::optional<std::string_view> envelope_sender,
                                   std::string_view customer_zone, Moment received, std::string_view screens) {
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
    message.screen_text = screens;
    return message;
}

mail::AuthenticationStep judge_sender(const mail::ParsedMail& parsed, const store::InboundMail& inbound,
                                      const mail::AuthenticationPolicy& policy, const mail::DnsFacts& facts) {
    mail::AuthenticationInput input{.mail = parsed,
                                    .claims = parsed.claims,
                                    .session = std::nullopt,
                                    .received = inbound.received};
    if (const auto client = mail::IpAddress::parse(inbound.peer); client && inbound.channel == "smtp") {
        input.session = mail::ClientSession{*client, inbound.helo, inbound.mail_from};
    }
    return mail::authenticate(input, policy, facts);
}

FileMail filing_without_dns(const mail::ParsedMail& parsed, const store::InboundMail& inbound,
                            std::string_view customer_zone, std::string_view trusted_authserv_id, ByteView random) {
    const mail::AuthenticationPolicy policy{.trusted_authserv_id = std::string{trusted_authserv_id},
                                            .trusted_arc_sealers = {}};
    const auto step = judge_sender(parsed, inbound, policy, {});
    return filing_of(parsed, inbound, customer_zone, std::get<mail::Authentication>(step), random);
}

FileMail filing_of(const mail::ParsedMail& parsed, const store::InboundMail& inbound, std::string_view customer_zone,
                   const mail::Authentication& sender, ByteView random, std::string_view screens,
                   const triage::Model& model) {
    const std::string from = parsed.from.empty() ? std::string{} : parsed.from.front().address.text();
    // What an unproven mail is answered must not tell whose address it bears: their zone does not read it.
    const bool proven = customers::assurance_of(sender.verdict) >= customers::Assurance::a1_aligned_mail;
    const triage::Message message =
        message_for_triage(parsed, envelope_sender_of(inbound), proven ? customer_zone : "", inbound.received, screens);
    const bool automatic = message.machine_mail;
    triage::Reading reading = triage::read(message, model);
    const std::vector<triage::Reason> because = reasons_to_keep(message, reading, model);
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
                    .assurance = static_cast<std::int64_t>(customers::assurance_of(sender.verdict)),
                    .forged = sender.verdict == mail::Verdict::forged,
                    .automatic = automatic,
                    .several_senders = parsed.from.size() != 1 || !parsed.claims.one_from,
                    .category = std::string{triage::name_of(reading.category)},
                    .urgency = std::string{triage::name_of(reading.urgency)},
                    .route = std::string{triage::name_of(reading.route)},
                    .language = reading.language,
                    .reading = triage::json_of(reading, "", because),
                    .missing = {},
                    .authentication = json_of(sender),
                    .carries_files = !parsed.attachments.empty(),
                    .wants_lock = is_fresh(parsed, sender, inbound.received) && triage::asks_to_lock_own_account(message)};
    // Before anything is masked: a code of ours is no secret.
    filing.official_codes = desk::official_codes_in(parsed.text + "\n" + parsed.quoted_text + "\n" + parsed.forwarded_text);
    if (parsed.bounce) {
        for (const mail::BouncedRecipient& one : parsed.bounce->recipients) {
            filing.bounced.push_back(
                {one.address, static_cast<std::int64_t>(one.action), one.status, masked(one.diagnostic)});
        }
        filing.returned_ids = parsed.bounce->returned_ids;
    }
    filing.answerable = desk::may_be_answered_from_faq(question_of(reading, filing));
    for (const triage::Missing missing : reading.missing) filing.missing.emplace_back(triage::name_of(missing));
    for (const triage::Missing fact : triage::stated_in(reading)) filing.stated.emplace_back(triage::name_of(fact));
    for (const std::string_view recipient : split(inbound.recipients, '\n')) {
        if (!recipient.empty()) filing.recipients.emplace_back(recipient);
    }
    for (const auto* list : {&parsed.to, &parsed.cc}) {
        for (const mail::Mailbox& mailbox : *list) filing.recipients.push_back(mailbox.address.text());
    }
    return filing;
}

// Answers come on another thread, and may come when the intake is gone.
struct MailIntake::Arrivals {
    struct Answered {
        std::int64_t mail;
        std::vector<DnsQuestion> questions;
        std::vector<DnsAnswer> answers;
    };
    std::mutex mutex;
    MailIntake* intake;  // under mutex; null once it is gone
    std::vector<Answered> arrived;  // under mutex
    std::vector<std::pair<std::int64_t, std::string>> screens;  // under mutex: of a mail, the words on its pictures
};

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
      arrivals_{std::make_shared<Arrivals>()} {
    arrivals_->intake = this;
    thread_ = std::thread{[this] { run(); }};
}

MailIntake::~MailIntake() {
    stop();
    const std::lock_guard lock{arrivals_->mutex};
    arrivals_->intake = nullptr;
}

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
            wake_.wait(lock, [this] { return stopping_ || work_waits_ || (draining_ && under_way_.empty()); });
            if (stopping_ || (draining_ && !work_waits_ && under_way_.empty())) return;
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
    take_arrivals();
    const std::size_t read_now = read_waiting(reader);
    std::vector<std::pair<std::int64_t, CommandBody>> judged;
    for (auto& [mail, under_way] : under_way_) {
        if (under_way.asking) continue;
        auto body = judge(mail, under_way);
        if (!body) continue;
        if (FileMail* filing = body->as<FileMail>(); filing != nullptr && filing->answerable)
            offer_faq_answer(*filing, *faq_.content(reader), fresh_id<MessageId>().text());
        judged.emplace_back(mail, *std::move(body));
    }
    for (auto& [mail, body] : judged) {
        under_way_.erase(mail);
        submit(mail, std::move(body));
    }
    const bool filed = await_answers();
    return filed && read_now == static_cast<std::size_t>(mails_at_once);
}

void MailIntake::take_arrivals() {
    std::vector<Arrivals::Answered> arrived;
    std::vector<std::pair<std::int64_t, std::string>> screens;
    {
        const std::lock_guard lock{arrivals_->mutex};
        arrived.swap(arrivals_->arrived);
        screens.swap(arrivals_->screens);
    }
    for (auto& [mail, words] : screens) {
        const auto found = under_way_.find(mail);
        if (found == under_way_.end()) continue;
        found->second.screens = std::move(words);
        found->second.reading_screens = false;
    }
    for (Arrivals::Answered& one : arrived) {
        const auto found = under_way_.find(one.mail);
        if (found == under_way_.end()) continue;
        for (std::size_t i = 0; i < one.questions.size(); ++i) {
            found->second.facts[std::move(one.questions[i])] =
                i < one.answers.size() ? std::move(one.answers[i]) : DnsAnswer{DnsStatus::timed_out, {}};
        }
        found->second.asking = false;
    }
}

std::size_t MailIntake::read_waiting(store::Connection& reader) {
    if (under_way_.size() >= mails_under_way_max) return 0;
    std::size_t count = 0;
    for (const std::int64_t mail : store::waiting_inbound(reader, mails_at_once + std::ssize(under_way_))) {
        if (under_way_.contains(mail)) continue;
        ++count;
        if (auto body = read(reader, mail)) submit(mail, *std::move(body));
    }
    return count;
}

void MailIntake::submit(std::int64_t mail, CommandBody body) {
    auto promise = std::make_shared<std::promise<Answer>>();
    submitted_.emplace_back(mail, promise->get_future());
    service_.submit(Service::command(clock_(), {}, std::move(body)),
                    [promise](Answer answer) { promise->set_value(std::move(answer)); });
}

bool MailIntake::await_answers() {
    bool filed = false;
    for (auto& [mail, future] : submitted_) {
        // Nobody may answer once the node that was asked has stopped: the mail waits and is read again.
        if (future.wait_for(filing_deadline) != std::future_status::ready) continue;
        const Answer answer = future.get();
        filed = filed || answer.done();
        if (!answer.done()) spdlog::warn("mail {} could not be filed now: {} {}", mail, answer.code, answer.detail);
    }
    submitted_.clear();
    return filed;
}

std::optional<CommandBody> MailIntake::judge(std::int64_t mail, UnderWay& under_way) {
    while (!under_way.sender) {
        auto step = judge_sender(under_way.parsed, under_way.inbound, settings_.senders, under_way.facts);
        if (auto* sender = std::get_if<mail::Authentication>(&step)) {
            under_way.sender = std::move(*sender);
            break;
        }
        auto& questions = std::get<std::vector<DnsQuestion>>(step);
        const auto left = std::chrono::duration_cast<Millis>(under_way.until - std::chrono::steady_clock::now());
        if (left > Millis{0} && under_way.facts.size() < mail::questions_of_mail_max) {
            under_way.asking = true;
            auto then = [arrivals = arrivals_, mail, questions](std::vector<DnsAnswer> answers) {
                const std::lock_guard lock{arrivals->mutex};
                arrivals->arrived.push_back({mail, questions, std::move(answers)});
                if (arrivals->intake != nullptr) arrivals->intake->notify();
            };
            settings_.ask_dns(std::move(questions), left, std::move(then));
            return std::nullopt;
        }
        for (DnsQuestion& question : questions) under_way.facts[std::move(question)] = {DnsStatus::timed_out, {}};
    }
    if (under_way.reading_screens) return std::nullopt;
    return filing_of(under_way.parsed, under_way.inbound, under_way.zone, *under_way.sender, random_octets(30),
                     under_way.screens, model());
}

const triage::Model& MailIntake::model() const {
    return settings_.model != nullptr ? *settings_.model : triage::shipped_model();
}

void MailIntake::read_screens_of(std::int64_t mail, UnderWay& under_way, Bytes raw) {
    if (!settings_.read_screens) return;
    const store::InboundMail& inbound = under_way.inbound;
    const auto message = message_for_triage(under_way.parsed, envelope_sender_of(inbound), under_way.zone, inbound.received);
    if (!message.has_image || !triage::wants_pictures_read(message, triage::read(message, model()))) return;
    under_way.reading_screens = true;
    settings_.read_screens(std::move(raw), [arrivals = arrivals_, mail](std::string words) {
        const std::lock_guard lock{arrivals->mutex};
        arrivals->screens.emplace_back(mail, std::move(words));
        if (arrivals->intake != nullptr) arrivals->intake->notify();
    });
}

std::optional<CommandBody> MailIntake::read(store::Connection& reader, std::int64_t mail) {
    const auto inbound = store::find_inbound(reader, mail);
    if (!inbound || inbound->state != store::InboundState::waiting) return std::nullopt;
    auto raw = unseal_mail(keyring_, blobs_ ? &*blobs_ : nullptr, *inbound);
    if (!raw) return QuarantineMail{mail, "the stored octets cannot be unsealed: the key or the file is not the right one"};
    SandboxReading reading = read_through(*sandbox_, *raw, std::to_string(mail));
    if (!reading.reason.empty()) return QuarantineMail{mail, std::move(reading.reason)};
    if (!reading.parsed) return std::nullopt;
    std::string zone;
    if (reading.parsed->from.size() == 1) {
        const auto customer =
            store::find_customer_by_email(reader, ascii_lower(reading.parsed->from.front().address.text()));
        if (customer) zone = customer->zone;
    }
    const auto [at, added] =
        under_way_.emplace(mail, UnderWay{.inbound = *inbound,
                                          .parsed = *std::move(reading.parsed),
                                          .zone = std::move(zone),
                                          .facts = {},
                                          .until = std::chrono::steady_clock::now() + sender_checked_within});
    read_screens_of(mail, at->second, *std::move(raw));
    return std::nullopt;
}

}  // namespace okpay::service
