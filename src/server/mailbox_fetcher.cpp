// SPDX-License-Identifier: Apache-2.0
#include "server/mailbox_fetcher.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "service/mail_intake.hpp"

namespace okpay::server {
namespace {

using mailroom::ImapFailure;
using mailroom::ImapFault;
using mailroom::ImapKind;
using mailroom::ImapMail;

constexpr std::chrono::seconds tokens_looked_at_every{60};

std::string_view word_of(ImapKind kind) {
    switch (kind) {
    case ImapKind::whole: return "whole";
    case ImapKind::beginning: return "beginning";
    case ImapKind::gone: return "gone";
    case ImapKind::passed: return "passed";
    case ImapKind::given_up: return "given_up";
    }
    std::abort();
}

std::int64_t seconds_of(Moment moment) { return ms_of(moment) / 1'000; }

}  // namespace

std::string_view advice_of(ImapFault fault) {
    switch (fault) {
    case ImapFault::closed: return "is the server running, and are host and port right? It is tried again";
    case ImapFault::no_tls:
        return "is the certificate for this host and from an issuer that is trusted, or named by tls_ca_file?";
    case ImapFault::cannot_sign_in: return "set tls and sign_in to what the server offers";
    case ImapFault::sign_in_refused: return "are user and secret right, and may this user sign in by IMAP?";
    case ImapFault::folder_refused: return "is the folder written as the server calls it?";
    case ImapFault::fetch_refused:
    case ImapFault::literal_too_large: return "look at this mail in the mailbox; it is given up after five tries";
    case ImapFault::not_imap: return "is this an IMAP server, and is its port right?";
    case ImapFault::not_kept: return "see what the log says of the storage";
    }
    std::abort();
}

std::unique_ptr<MailboxFetcher> mailbox_fetcher_of(const Options& options, asio::any_io_executor executor,
                                                   MailboxFetcherHouse house, api::Metrics& metrics) {
    auto mailboxes = mailboxes_of(options.mailboxes);
    if (mailboxes.empty()) return nullptr;
    auto fetcher = std::make_unique<MailboxFetcher>(std::move(executor), std::move(house), std::move(mailboxes));
    fetcher->add_metrics(metrics);
    return fetcher;
}

// One mailbox and the connection to it.
class MailboxFetcher::One : public mailroom::ImapKeeper {
public:
    One(const asio::any_io_executor& executor, const MailboxFetcherHouse& house, HostedMailbox mailbox)
        : house_{house}, mailbox_{std::move(mailbox)}, client_{executor, mailbox_.wire, *this} {}

    [[nodiscard]] const std::string& name() const { return mailbox_.name; }
    mailroom::ImapClient& client() { return client_; }
    [[nodiscard]] std::int64_t last_success() const { return last_success_; }
    [[nodiscard]] std::int64_t taken() const { return taken_; }
    [[nodiscard]] std::int64_t failures() const { return failures_; }
    [[nodiscard]] std::int64_t given_up() const { return given_up_; }
    [[nodiscard]] std::int64_t token_expires() const { return expires_ ? seconds_of(*expires_) : 0; }

    std::optional<Secret> secret() override {
        if (!house_.writes_here()) return std::nullopt;
        auto read = read_secret(mailbox_);
        if (!read) {
            ++failures_;
            spdlog::warn("mailbox {}: {}", mailbox_.name, read.error());
            return std::nullopt;
        }
        return std::move(read->secret);
    }

    net::awaitable<std::optional<mailroom::ImapPlace>> opened(mailroom::ImapOpened found) override {
        service::OpenMailbox body{.name = mailbox_.name,
                                  .uid_validity = found.uid_validity,
                                  .uid_next = found.uid_next,
                                  .take_old = mailbox_.take_old};
        service::Command command = service::Service::command(house_.clock.now(), {}, std::move(body));
        const service::Answer answer = co_await api::submitted(house_.service, std::move(command));
        if (!answer.done() || answer.numbers.size() != 3) co_return std::nullopt;
        number_ = answer.number;
        walk_ = answer.numbers[0];
        mailroom::ImapPlace place{.after_uid = answer.numbers[1]};
        if (walk_ > 1 && !mailbox_.take_old)
            place.skip_before = moment_of_ms(answer.numbers[2] - service::mailbox_clock_slack_ms);
        co_return place;
    }

    net::awaitable<bool> keep(ImapMail mail) override {
        if (!house_.writes_here()) co_return false;  // another node reads it now
        service::TakeFromMailbox body{.mailbox = number_,
                                      .walk = walk_,
                                      .uid = mail.uid,
                                      .what = std::string{word_of(mail.kind)},
                                      .received = mail.received ? ms_of(*mail.received) : 0,
                                      .mail = {}};
        if (mail.kind == ImapKind::whole || mail.kind == ImapKind::beginning) {
            service::Envelope envelope{.channel = "imap", .peer = mailbox_.name, .mail_from = "", .recipients = {}};
            if (mailbox_.wire.account.user.contains('@')) envelope.recipients.push_back(mailbox_.wire.account.user);
            auto seal = [this, envelope = std::move(envelope), raw = std::move(mail.bytes)] {
                return service::seal_mail(house_.keyring, house_.files ? &*house_.files : nullptr, envelope, raw, 0);
            };
            auto sealed = co_await house_.workers.run(std::move(seal));
            if (!sealed || !*sealed) co_return false;
            body.mail = std::move(**sealed);
        }
        service::Command command = service::Service::command(house_.clock.now(), {}, std::move(body));
        const service::Answer answer = co_await api::submitted(house_.service, std::move(command));
        if (!answer.done()) co_return false;
        if (answer.number != 0) ++taken_;
        if (mail.kind == ImapKind::given_up && !answer.replayed) ++given_up_;
        co_return true;
    }

    void caught_up() override {
        last_success_ = seconds_of(house_.clock.now());
        if (std::exchange(failing_, false)) spdlog::warn("mailbox {}: is read again", mailbox_.name);
    }

    // The first of a row is warned of; a mailbox that stays away is in the metrics.
    void ended(const ImapFailure& failure) override {
        ++failures_;
        const std::string of_mail = failure.uid == 0 ? "" : fmt::format(" (at the mail with UID {})", failure.uid);
        if (!std::exchange(failing_, true)) {
            spdlog::warn("mailbox {}: {}{}; {}", mailbox_.name, failure.text, of_mail, advice_of(failure.fault));
        } else {
            spdlog::info("mailbox {}: {}{}", mailbox_.name, failure.text, of_mail);
        }
    }

    void look_at_token() {
        if (!mailbox_.by_token()) return;
        const auto read = read_secret(mailbox_);
        const auto known = std::exchange(expires_, read ? read->expires : std::nullopt);
        if (!expires_) return;
        if (known != expires_) warned_ = Warned::of_nothing;
        const Moment at = house_.clock.now();
        if (at >= *expires_ && warned_ != Warned::expired) {
            warned_ = Warned::expired;
            spdlog::error("mailbox {}: the token expired at {}; replace it in {}", mailbox_.name, rfc3339(*expires_),
                          mailbox_.secret_file);
        } else if (at < *expires_ && at + mailbox_.token_alarm >= *expires_ && warned_ == Warned::of_nothing) {
            warned_ = Warned::soon;
            spdlog::warn("mailbox {}: the token expires at {}; replace it in {}", mailbox_.name, rfc3339(*expires_),
                         mailbox_.secret_file);
        }
    }

private:
    enum class Warned : std::uint8_t { of_nothing, soon, expired };

    const MailboxFetcherHouse& house_;
    HostedMailbox mailbox_;
    mailroom::ImapClient client_;
    std::int64_t number_ = 0, walk_ = 0;
    std::int64_t last_success_ = 0, taken_ = 0, failures_ = 0, given_up_ = 0;
    std::optional<Moment> expires_;
    Warned warned_ = Warned::of_nothing;
    bool failing_ = false;
};

MailboxFetcher::MailboxFetcher(asio::any_io_executor executor, MailboxFetcherHouse house,
                               std::vector<HostedMailbox> mailboxes)
    : executor_{std::move(executor)}, house_{std::move(house)}, alarm_{executor_} {
    for (HostedMailbox& mailbox : mailboxes) all_.push_back(std::make_unique<One>(executor_, house_, std::move(mailbox)));
}

MailboxFetcher::~MailboxFetcher() = default;

void MailboxFetcher::add_metrics(api::Metrics& metrics) {
    struct Gauge {
        api::MetricKind kind;
        std::string_view name, help;
        std::int64_t (One::*read)() const;
    };
    using api::MetricKind;
    constexpr std::array<Gauge, 5> gauges{{
        {MetricKind::gauge, "okpay_mailbox_last_success_seconds", "When the mailbox was last read to its end (Unix time)",
         &One::last_success},
        {MetricKind::counter, "okpay_mailbox_mails_taken_total", "Mails taken from the mailbox", &One::taken},
        {MetricKind::counter, "okpay_mailbox_failures_total", "Connections to the mailbox that failed", &One::failures},
        {MetricKind::counter, "okpay_mailbox_mails_given_up_total", "Mails that the server did not hand out",
         &One::given_up},
        {MetricKind::gauge, "okpay_mailbox_token_expires_seconds",
         "When the token expires (Unix time); 0 where that is not known", &One::token_expires},
    }};
    for (const Gauge& gauge : gauges) {
        for (const auto& one : all_) {
            metrics.add(
                gauge.kind, std::string{gauge.name}, std::string{gauge.help},
                [mailbox = one.get(), read = gauge.read] { return (mailbox->*read)(); },
                fmt::format("mailbox=\"{}\"", one->name()));
        }
    }
}

void MailboxFetcher::start() {
    for (const auto& one : all_) asio::co_spawn(executor_, one->client().run(), asio::detached);
    asio::co_spawn(executor_, watch_tokens(), asio::detached);
}

void MailboxFetcher::notify() {
    for (const auto& one : all_) one->client().wake();
}

void MailboxFetcher::stop() {
    stopping_ = true;
    alarm_.cancel();
    for (const auto& one : all_) one->client().stop();
}

net::awaitable<void> MailboxFetcher::watch_tokens() {
    while (!stopping_) {
        for (const auto& one : all_) one->look_at_token();
        alarm_.expires_after(tokens_looked_at_every);
        co_await alarm_.async_wait(net::quietly);
    }
}

}  // namespace okpay::server
