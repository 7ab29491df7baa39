// SPDX-License-Identifier: Apache-2.0
#include "server/node.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <future>
#include <iostream>

#include "api/api.hpp"
#include "api/http_server.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "jobs/jobs.hpp"
#include "mailroom/recipient_policy.hpp"
#include "mailroom/sender.hpp"
#include "mailroom/smtp_server.hpp"
#include "net/dns_resolver.hpp"
#include "rails/dispatcher.hpp"
#include "rails/sandbox_rail.hpp"
#include "server/automatic_refunds.hpp"
#include "server/calendar_file.hpp"
#include "server/cluster.hpp"
#include "server/content_door.hpp"
#include "server/control.hpp"
#include "server/demo.hpp"
#include "server/file_scanner.hpp"
#include "server/hook_sender.hpp"
#include "server/mail_edge.hpp"
#include "server/mail_policy.hpp"
#include "server/mailbox_fetcher.hpp"
#include "server/outgoing_store.hpp"
#include "server/risk_rules_file.hpp"
#include "server/rule_counters.hpp"
#include "server/sealing.hpp"
#include "server/search_keeper.hpp"
#include "server/short_message_edge.hpp"
#include "server/sign_on_file.hpp"
#include "server/tariff_file.hpp"
#include "server/website.hpp"
#include "service/mail_intake.hpp"
#include "service/mail_screens.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t read_connections = 4;
constexpr std::size_t sandbox_children = 2;
constexpr std::size_t files_children = 2;  // one scanner and one person
constexpr std::size_t sealing_threads = 2;
constexpr std::size_t sealing_waiting_max = 256;
constexpr std::size_t scanning_threads = 1;  // one file at a time; mail is sealed by others before its 250
constexpr std::size_t scanning_waiting_max = 4;
constexpr Millis stop_grace{10'000};
constexpr std::int64_t doomed_files_at_once = 256;
constexpr Millis doomed_files_every{60'000};
// A backup copies the rows first and the files after them: what a row of it names stays so long. The key is gone already.
constexpr std::chrono::minutes doomed_files_wait{15};

class StartError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

net::Endpoint endpoint_of(std::string_view option, const std::string& text) {
    auto endpoint = net::Endpoint::parse(text);
    if (!endpoint) throw UsageError{fmt::format("--{} {}: {}", option, text, net::explain(endpoint.error()))};
    return *std::move(endpoint);
}

net::Listener listener_of(asio::io_context& io, std::string_view option, const std::string& text) {
    auto listener = net::Listener::open(io.get_executor(), endpoint_of(option, text));
    if (!listener) throw StartError{fmt::format("--{} {}: {}", option, text, net::explain(listener.error()))};
    return *std::move(listener);
}

std::vector<std::string> sign_up_currencies_of(const Options& options) {
    for (const std::string& code : options.sign_up_currencies) {
        if (!money::currency_of_code(code)) throw UsageError{"--sign-up-currencies " + code + ": no currency that we keep"};
    }
    return options.sign_up_currencies;
}

service::DeskSettings desk_settings(const Options& options, std::shared_ptr<const desk::WorkingHours> hours) {
    return {.domain = options.domain,
            .reply_domain = options.reply_domain.empty() ? options.domain : options.reply_domain,
            .tariff = tariff_of(options.tariff, options.fee_basis_points),
            .automatic_mails_per_hour_max = options.automatic_mails_per_hour,
            .new_staff_waits = std::chrono::hours{options.new_staff_waits_hours},
            .alone_owner = alone_owner_of(options.alone_owner),
            .new_factor_waits = std::chrono::hours{options.new_factor_waits_hours},
            .possible_duplicate_window = std::chrono::seconds{options.possible_duplicate_seconds},
            .automatic_refunds = automatic_refunds_of(options.automatic_refunds),
            .incident_refunds = incident_refunds_of(options.incident_refunds),
            .public_url = public_url_of(options),
            .sign_up_currencies = sign_up_currencies_of(options),
            .risk_rules = risk_rules_of(options.risk_rules),
            .contact_hold = std::chrono::hours{options.contact_hold_hours},
            .short_messages_per_hour_max = options.short_messages_per_hour,
            .hooks_to_loopback = options.test_clock || is_demonstration(options.store_database()),
            .working_hours = std::move(hours)};
}

// Made where it is missing: a directory found unusable only when a mail is written would show in no one's eyes.
std::optional<std::filesystem::path> outbox_of(const Options& options) {
    if (options.outbox.empty()) return std::nullopt;
    std::error_code error;
    std::filesystem::create_directories(options.outbox, error);
    if (error || ::access(options.outbox.c_str(), W_OK | X_OK) != 0) {
        throw StartError{fmt::format("--outbox {}: cannot be made or written to", options.outbox)};
    }
    return options.outbox;
}

class Node {
public:
    Node(const Options& options, store::DataDirectory directory, store::Keyring keyring)
        : options_{options},
          directory_{std::move(directory)},
          keyring_{std::move(keyring)},
          database_{options.store_database()},
          working_hours_{calendar_of(options.calendar)},
          context_{keyring_, desk_settings(options, working_hours_)},
          blobs_{directory_.blobs()},
          queries_{database_, read_connections},
          search_{std::make_shared<service::Search>(database_, service::search_database(database_), read_connections)},
          search_keeper_{database_, search_},
          identity_{std::make_shared<service::IdentityFiles>(keyring_, files(), service::picture_child())},
          mail_files_{std::make_shared<service::MailFiles>(keyring_, files(),
                                                           service::ask_children(service::mail_files_child(), files_children,
                                                                                 service::mail_files_deadline))},
          events_{io_.get_executor(), clock_.now()},
          sealing_{sealing_threads, sealing_waiting_max},
          signals_{io_, SIGTERM, SIGINT} {}

    int run() {
        if (!options_.tls_cert.empty() || !options_.tls_key.empty()) {
            auto tls = net::ServerTls::of_files(options_.tls_cert, options_.tls_key);
            if (!tls) throw StartError{fmt::format("--tls-cert, --tls-key: {}", net::explain(tls.error()))};
            tls_ = *tls;
        }
        if (!options_.dns.empty()) {
            auto resolver = net::DnsResolver::start({.server = options_.dns});
            if (!resolver) throw StartError{fmt::format("--dns: {}", resolver.error())};
            resolver_ = *std::move(resolver);
        } else if (options_.trusted_authserv_id.empty()) {
            spdlog::warn("no sender of a mail can be proven: neither --dns nor --trusted-authserv-id is given");
        }
        search_keeper_.start();
        start_writer();
        start_mail();
        start_http();
        control_.emplace(io_, directory_.control_socket(), *cluster_);
        asio::co_spawn(io_, wait_for_signals(), asio::detached);
        asio::co_spawn(io_, wait_for_hangup(), asio::detached);
        print_ready();
        io_.run();
        // Nothing on the wire any more: now the reader and the writer finish what they took.
        if (intake_) intake_->stop();
        search_keeper_.stop();
        cluster_->stop();
        spdlog::info("stopped");
        return 0;
    }

private:
    void start_writer() {
        service::WriterOptions writer;
        writer.on_commit = [this](const service::CommitNews& news) { on_commit(news); };
        ClusterSettings settings{.database = database_, .node = fmt::format("node {}", getpid()), .listen = std::nullopt};
        if (database_.engine == store::Engine::postgres) settings.listen = endpoint_of("cluster", options_.cluster);
        cluster_.emplace(io_, std::move(settings), context_, std::move(writer), [this](bool writes) { on_writer(writes); });
        const auto outbox = outbox_of(options_);
        outgoing_.emplace(*cluster_, database_, sealing_, clock_, keyring_, ascii_lower(options_.domain));
        sender_.emplace(io_.get_executor(), *outgoing_,
                        mailroom::SenderSettings{.relay = relay_of(options_), .outbox_directory = outbox},
                        [this] { return clock_.now(); });
        jobs_.emplace(io_.get_executor(), *cluster_, [this] { return clock_.now(); });
        texts_.emplace(io_.get_executor(), *cluster_, database_, sealing_, clock_, context_, options_,
                       [this] { return cluster_->writes(); });
        hooks_.emplace(io_.get_executor(), *cluster_, queries_, sealing_, clock_, keyring_,
                       HookSenderSettings{.loopback_allowed = context_.settings().hooks_to_loopback,
                                          .writes_here = [this] { return cluster_->writes(); }});
        if (!options_.clamav.empty()) {
            scanner_.emplace(io_.get_executor(), *cluster_, queries_, scanning_, clock_, mail_files_,
                             FileScannerSettings{.clamd = {.at = endpoint_of("clamav", options_.clamav)},
                                                 .writes_here = [this] { return cluster_->writes(); }});
        }
        mailboxes_ =
            mailbox_fetcher_of(options_, io_.get_executor(),
                               {*cluster_, sealing_, clock_, keyring_, files(), [this] { return cluster_->writes(); }},
                               metrics_);
        cluster_->start();
        const auto connection = store::open(database_, store::Access::reader);
        demonstration_ = is_demonstration(*connection);
        start_clock(*connection);
        start_rail();
        if (demonstration_ || options_.test_clock) {
            for (const auto& [name, text] :
                 {std::pair{"http", options_.http}, std::pair{"smtp", options_.smtp}, std::pair{"lmtp", options_.lmtp},
                  std::pair{"content-http", options_.content_http}}) {
                if (!text.empty() && !endpoint_of(name, text).is_local_only()) {
                    throw StartError{fmt::format("--{} {}: {} serves loopback only; use a directory of your own", name, text,
                                                 demonstration_ ? "the demonstration world" : "a test clock")};
                }
            }
        }
    }

    // Before any command has a moment of its own.
    void start_clock(store::Connection& connection) {
        const auto ahead = connection.integer("SELECT seq FROM cursor_position WHERE name = 'test_clock_ahead_ms'");
        if (!options_.test_clock) {
            if (ahead.value_or(0) == 0) return;
            throw StartError{"the clock of this data was moved ahead by a test: serve it with --test-clock"};
        }
        if (database_.engine != store::Engine::sqlite) {
            throw StartError{"--test-clock: works with the embedded database alone, where one process has the clock"};
        }
        const bool is_new = !connection.integer("SELECT no FROM customer LIMIT 1") &&
                            !connection.integer("SELECT no FROM merchant LIMIT 1") &&
                            !connection.integer("SELECT seq FROM payment LIMIT 1");
        if (!demonstration_ && !ahead && !is_new) {
            throw StartError{"--test-clock: this data is neither a demonstration's nor new; use another --data"};
        }
        clock_.set_ahead(Millis{ahead.value_or(0)});
        const Moment at = clock_.now();
        std::promise<service::Answer> marked;
        cluster_->submit(service::Service::command(at, {}, service::MoveTestClock{ms_of(at)}),
                         [&marked](service::Answer answer) { marked.set_value(std::move(answer)); });
        if (const auto answer = marked.get_future().get(); !answer.done()) throw StartError{answer.detail};
        spdlog::warn("test clock: it is {} here, and administrators may move it ahead; never use this for real money",
                     rfc3339(at));
    }

    // What fell due is done when this answers, so that a test need not wait for it.
    net::awaitable<service::Answer> move_clock(service::Actor actor, Moment to) {
        if (clock_is_moving_)
            co_return service::refused(service::codes::unavailable, "the clock is being moved; ask again in a moment");
        clock_is_moving_ = true;
        const auto moved = std::shared_ptr<void>{nullptr, [this](void*) { clock_is_moving_ = false; }};
        service::Command move = service::Service::command(clock_.now(), actor, service::MoveTestClock{ms_of(to)});
        service::Answer answer = co_await api::submitted(*cluster_, std::move(move));
        if (!answer.done()) co_return answer;
        clock_.set_ahead(Millis{answer.number});
        spdlog::warn("test clock: moved, it is {} now", rfc3339(clock_.now()));
        co_await jobs_->catch_up();
        co_await remove_doomed_files();
        if (dispatcher_) co_await dispatcher_->settle();
        sender_->notify();
        texts_->notify();
        hooks_->notify();
        if (scanner_) scanner_->notify();
        co_return answer;
    }

    void start_rail() {
        const bool sandbox = options_.rail == "sandbox" || (options_.rail.empty() && demonstration_);
        if (!sandbox) return;
        rail_ = std::make_unique<rails::SandboxRail>(io_.get_executor());
        rails::Submit submit = [this](service::CommandBody body) {
            return api::submitted(*cluster_, service::Service::command(clock_.now(), {}, std::move(body)));
        };
        dispatcher_.emplace(io_.get_executor(), std::move(submit), *rail_, [] { return hex_of(random_octets(32)); });
    }

    // On the heartbeat's thread, or at start.
    void on_writer(bool writes) {
        search_keeper_.set_writes(writes);
        asio::post(io_, [this, writes] {
            if (writes) {
                asio::co_spawn(io_, work_as_writer(), asio::detached);
            } else if (intake_) {
                asio::co_spawn(io_, put_down(std::exchange(intake_, nullptr)), asio::detached);
            }
        });
    }

    // Not on this thread: the reader finishes what it handed over, and those answers come through here.
    net::awaitable<void> put_down(std::shared_ptr<service::MailIntake> old) {
        auto stop = [old] {
            old->stop();
            return true;
        };
        co_await sealing_.run(std::move(stop));
    }

    // The writer's node alone reads mail and sends it.
    net::awaitable<void> work_as_writer() {
        service::Command release = service::Service::command(clock_.now(), {}, service::ReleaseOutgoing{});
        co_await api::submitted(*cluster_, std::move(release));
        if (dispatcher_) {
            service::Command unknown =
                service::Service::command(clock_.now(), {}, service::ReleaseRailCalls{hex_of(random_octets(32))});
            co_await api::submitted(*cluster_, std::move(unknown));
        }
        sandbox::ChildOptions child;
        auto pool = sandbox::Pool::start(child, sandbox_children);
        if (!pool) {
            spdlog::critical("the sandbox that reads mails cannot be started; mail is kept and waits");
        } else {
            intake_ = std::make_shared<service::MailIntake>(*cluster_, database_, keyring_, files(), *std::move(pool),
                                                            filing_settings(options_, resolver_, screens_, triage_model_),
                                                            [this] { return clock_.now(); });
        }
        if (!sending_) {
            sending_ = true;
            asio::co_spawn(io_, jobs_->run(), asio::detached);
            asio::co_spawn(io_, hooks_->run(options_.dns), asio::detached);
            asio::co_spawn(io_, texts_->run(), asio::detached);
            if (scanner_) asio::co_spawn(io_, scanner_->run(), asio::detached);
            if (mailboxes_) mailboxes_->start();
            if (files()) asio::co_spawn(io_, sweep_files(), asio::detached);
            if (dispatcher_) asio::co_spawn(io_, dispatcher_->run(), asio::detached);
            co_await sender_->run();
        }
        sender_->notify();
        texts_->release_again();
        if (mailboxes_) mailboxes_->notify();
    }

    // Files whose keys are erased already: unlinked behind the commit, and forgotten only then.
    net::awaitable<void> remove_doomed_files() {
        if (!files()) co_return;
        auto work = [this]() -> std::vector<std::int64_t> {
            std::vector<std::int64_t> gone;
            const auto doomed = queries_.doomed_files(clock_.now() - doomed_files_wait, doomed_files_at_once);
            if (!doomed) return gone;
            for (const store::DoomedBlob& one : *doomed) {
                if (identity_->remove_file(one.blob)) gone.push_back(one.no);
            }
            return gone;
        };
        const auto gone = co_await sealing_.run(std::move(work));
        if (!gone || gone->empty()) co_return;
        service::Command command = service::Service::command(clock_.now(), {}, service::ForgetDoomedFiles{*gone});
        co_await api::submitted(*cluster_, std::move(command));
        spdlog::info("{} files of documents were removed", gone->size());
    }
    net::awaitable<void> sweep_files() {
        while (!stopping_) {
            co_await remove_doomed_files();
            if (stopping_) co_return;  // said meanwhile, when there was nothing to cancel
            sweep_.expires_after(doomed_files_every);
            co_await sweep_.async_wait(net::quietly);
        }
    }

    [[nodiscard]] std::optional<store::BlobStore> files() const {
        return database_.engine == store::Engine::sqlite ? std::optional{blobs_} : std::nullopt;
    }

    // On the writer's thread, after the answers.
    void on_commit(const service::CommitNews& news) {
        for (const std::string& number : news.tickets) events_.publish_ticket_changed(number);
        if (!news.tickets.empty()) search_keeper_.notify();
        rule_counters_.note(news);
        for (const std::string& note : news.mail_notes) spdlog::warn("{}", note);
        if (!news.mail_accepted && !news.mail_queued && !news.rail_called && !news.short_message_queued && !news.files_wait)
            return;
        asio::post(io_, [this, accepted = news.mail_accepted, queued = news.mail_queued, called = news.rail_called,
                         texts = news.short_message_queued, files_wait = news.files_wait] {
            if (files_wait && scanner_) scanner_->notify();
            if (called && dispatcher_) dispatcher_->notify();
            if (accepted && intake_) intake_->notify();
            if (queued) sender_->notify();
            if (texts) texts_->notify();
        });
    }

    void start_mail() {
        if (!options_.smtp.empty()) smtp_ = mail_server("smtp", options_.smtp, mailroom::MailProtocol::smtp);
        if (!options_.lmtp.empty()) lmtp_ = mail_server("lmtp", options_.lmtp, mailroom::MailProtocol::lmtp);
    }

    std::unique_ptr<mailroom::SmtpServer> mail_server(std::string_view option, const std::string& at,
                                                      mailroom::MailProtocol protocol) {
        mailroom::SmtpServerSettings settings{.hostname = options_.domain, .protocol = protocol};
        settings.clock = [this] { return clock_.now(); };
        mailroom::InboundSink sink = [this](mailroom::InboundMail mail) { return take_in(std::move(mail)); };
        auto server = std::make_unique<mailroom::SmtpServer>(listener_of(io_, option, at), std::move(settings),
                                                             mailroom::recipient_policy(our_addresses(options_)),
                                                             std::move(sink), tls_);
        asio::co_spawn(io_, server->run(), asio::detached);
        return server;
    }

    net::awaitable<mailroom::Acceptance> take_in(mailroom::InboundMail mail) {
        const service::Envelope envelope{.channel = mail.channel == mailroom::MailProtocol::smtp ? "smtp" : "lmtp",
                                         .peer = mail.peer_address,
                                         .mail_from = mail.mail_from,
                                         .recipients = mail.recipients,
                                         .helo = mail.helo};
        const Moment at = mail.at;
        auto seal = [this, envelope, raw = std::move(mail.bytes)] {
            const auto blobs = files();
            return service::seal_mail(keyring_, blobs ? &*blobs : nullptr, envelope, raw, own_trace_octets(raw));
        };
        auto sealed = co_await sealing_.run(std::move(seal));
        if (!sealed) co_return mailroom::Acceptance{mailroom::Verdict::try_later, ""};
        if (!*sealed) co_return mailroom::Acceptance{mailroom::Verdict::full, ""};
        service::Command command{fresh_id<CommandId>(), at, {}, std::move(**sealed)};
        const service::Answer answer = co_await api::submitted(*cluster_, std::move(command));
        if (answer.done()) co_return mailroom::Acceptance{mailroom::Verdict::durable, ""};
        if (answer.code == service::codes::storage_full) co_return mailroom::Acceptance{mailroom::Verdict::full, ""};
        co_return mailroom::Acceptance{mailroom::Verdict::try_later, ""};
    }

    void start_http() {
        auto listener = listener_of(io_, "http", options_.http);
        const net::Endpoint bound = listener.bound();
        content_.emplace(listener_of(io_, "content-http", content_http_of(options_, bound)), io_, bound,
                         ContentDoor::House{options_, keyring_, files(), queries_, metrics_, tls_});
        api::ApiOptions options{
            .public_url = options_.public_url,
            .domain = options_.domain,
            .support_address = context_.support_address(),
            .house = context_.settings().house,
            .demonstration = demonstration_,
            .mail_policy = mail_policy_of(options_),
            .sign_up = !context_.settings().sign_up_currencies.empty(),
            .cookie_secure = tls_ != nullptr || options_.public_url.starts_with("https://") || !bound.is_local_only(),
            .web_root = web_root_of(options_),
            .new_staff_waits = context_.settings().new_staff_waits,
            .may_approve_alone = !context_.settings().alone_owner.empty(),
            .seal_hook_secret = [this](ByteView secret) { return keyring_.seal(secret, store::hook_secret_purpose); },
            .seal_totp_secret = [this](ByteView secret) { return keyring_.seal(secret, "totp secret"); },
            .make_challenge =
                [this](const customers::Challenge& challenge) {
                    return customers::make_challenge(challenge, random_octets(customers::challenge_random_octets),
                                                     context_.challenge_key());
                },
            .new_factor_waits = context_.settings().new_factor_waits,
            .identity = identity_,
            .mail_files = mail_files_,
            .scans_files = scanner_.has_value(),
            .seal_file = [this](ByteView octets) { return sealed_file(keyring_, files(), octets); },
            .takes_traffic = [this] { return !stopping_; },
            .read_threads = read_connections,
            .tariff = context_.settings().tariff,
            .clock = &clock_,
            .search = search_,
            .working_hours = working_hours_,
            .content = &content_->origin()};
        add_sign_on(options, options_, keyring_);
        if (options_.test_clock)
            options.move_test_clock = [this](service::Actor actor, Moment to) { return move_clock(actor, to); };
        if (dispatcher_) {
            options.prepare_instrument = [this](payments::RailDirection direction, std::string_view text) {
                return prepared_instrument(keyring_, direction, text);
            };
        }
        metrics_.add(api::MetricKind::gauge, "okpay_writer_waiting_commands", "Commands that wait for the ordered writer",
                     [this] { return static_cast<std::int64_t>(cluster_->waiting()); });
        metrics_.add(api::MetricKind::gauge, "okpay_writes_here", "Whether this node is the writer: 1 or 0",
                     [this] { return std::int64_t{cluster_->writes() ? 1 : 0}; });
        rule_counters_.add_to(metrics_);
        api_.emplace(*cluster_, queries_, events_, metrics_, std::move(options));
        api::HttpHandler handler = [this](api::Request request) { return api_->handle(std::move(request)); };
        api::HttpLimits limits = http_limits_of(options_, tls_ != nullptr);
        limits.security_headers = api::website_security_headers(content_->origin().url());
        http_ =
            std::make_unique<api::HttpServer>(std::move(listener), tls_, std::move(handler), metrics_, std::move(limits));
        asio::co_spawn(io_, http_->run(), asio::detached);
    }

    void print_ready() const {
        std::string line =
            fmt::format(R"({{"ready":true,"http":"{}","content_http":"{}")", local_origin(http_->bound(), tls_ != nullptr),
                        local_origin(content_->bound(), tls_ != nullptr));
        if (smtp_) line += fmt::format(R"(,"smtp":"{}")", smtp_->bound().text());
        if (lmtp_) line += fmt::format(R"(,"lmtp":"{}")", lmtp_->bound().text());
        std::cout << line << "}" << std::endl;
        spdlog::info("serving; {}", cluster_->status());
    }

    net::awaitable<void> wait_for_signals() {
        const auto [error, number] = co_await signals_.async_wait(net::quietly);
        if (error) co_return;
        spdlog::info("signal {}: finishing what is in flight", number);
        stopping_ = true;
        if (smtp_) smtp_->stop();
        if (lmtp_) lmtp_->stop();
        sender_->stop();
        jobs_->stop();
        hooks_->stop();
        texts_->stop();
        if (scanner_) scanner_->stop();
        if (mailboxes_) mailboxes_->stop();
        sweep_.cancel();
        if (dispatcher_) dispatcher_->stop();
        events_.stop();
        co_await http_->stop(stop_grace);
        co_await content_->stop(stop_grace);
        co_await cluster_->stop_listening(stop_grace);
        if (control_) control_->stop();
        hangup_.cancel();
        if (!sending_) sender_->stop();
    }

    net::awaitable<void> wait_for_hangup() {
        while (true) {
            const auto [error, number] = co_await hangup_.async_wait(net::quietly);
            if (error) co_return;
            if (tls_ && !tls_->reload()) spdlog::error("the new certificate cannot be read; the old one stays in use");
            spdlog::info("signal {}: certificates read again", number);
        }
    }

    const Options& options_;
    Clock clock_;
    asio::io_context io_{1};
    store::DataDirectory directory_;
    store::Keyring keyring_;
    store::Database database_;
    const std::shared_ptr<const desk::WorkingHours> working_hours_;
    service::Context context_;
    store::BlobStore blobs_;
    service::Queries queries_;
    std::shared_ptr<service::Search> search_;
    SearchKeeper search_keeper_;
    std::shared_ptr<service::IdentityFiles> identity_;
    std::shared_ptr<service::MailFiles> mail_files_;
    api::EventHub events_;
    api::Metrics metrics_;
    RuleCounters rule_counters_;
    api::Workers sealing_;
    api::Workers scanning_{scanning_threads, scanning_waiting_max};
    asio::signal_set signals_;
    asio::signal_set hangup_{io_, SIGHUP};
    asio::steady_timer sweep_{io_};
    std::shared_ptr<net::ServerTls> tls_;
    std::optional<Cluster> cluster_;
    std::shared_ptr<net::DnsResolver> resolver_;  // null: the DNS is not asked
    service::ScreenReader screens_{service::ask_children(service::screens_child(), 1, service::screens_deadline)};
    std::shared_ptr<const triage::Model> triage_model_{triage_model_of(options_)};
    std::shared_ptr<service::MailIntake> intake_;  // where this node writes
    std::optional<OutgoingStore> outgoing_;
    std::optional<mailroom::Sender> sender_;
    std::optional<jobs::Jobs> jobs_;
    std::optional<HookSender> hooks_;
    std::optional<ShortMessageEdge> texts_;
    std::optional<FileScanner> scanner_;  // where --clamav says so
    std::unique_ptr<MailboxFetcher> mailboxes_;  // Null where --mailboxes names none.
    std::unique_ptr<rails::Rail> rail_;  // Null where no bank is connected.
    std::optional<rails::Dispatcher> dispatcher_;
    std::unique_ptr<mailroom::SmtpServer> smtp_, lmtp_;
    std::optional<ContentDoor> content_;
    std::optional<api::Api> api_;
    std::unique_ptr<api::HttpServer> http_;
    std::optional<ControlServer> control_;
    bool demonstration_ = false;
    bool sending_ = false;
    bool clock_is_moving_ = false;
    std::atomic<bool> stopping_{false};
};

}  // namespace

int serve(const Options& options) {
    auto directory = store::DataDirectory::own(options.data_directory());
    if (!directory) {
        const bool owned = directory.error() == store::DirectoryError::owned_by_another_process;
        std::cerr << "okpay: " << options.data
                  << (owned ? " is in use by another okpay process; stop it, or use another --data\n"
                            : " cannot be made or written to\n");
        return owned ? 75 : 1;
    }
    try {
        bool key_is_new = false;
        auto keyring = [&] {
            const auto connection = store::open(options.store_database(), store::Access::writer);
            if (store::schema_version_of(*connection) < store::schema_version) store::migrate(*connection);
            return store::open_or_create_keyring(*connection, options.key_path(), key_is_new);
        }();
        if (!keyring) {
            std::cerr << "okpay: " << store::explain(keyring.error()) << " (" << options.key_path().string() << ")\n";
            return 1;
        }
        if (key_is_new) {
            spdlog::warn(
                "a new master key was made: {}. Back it up apart from the data: without it the stored mails cannot be read",
                options.key_path().string());
        }
        return Node{options, *std::move(directory), *std::move(keyring)}.run();
    } catch (const StartError& error) {
        std::cerr << "okpay: " << error.what() << "\n";
        return 1;
    } catch (const store::StorageFailure& failure) {
        std::cerr << "okpay: " << failure.what() << "\n";
        return 1;
    }
}

}  // namespace okpay::server
