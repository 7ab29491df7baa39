// SPDX-License-Identifier: Apache-2.0
#include "server/hook_sender.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "payments/webhook.hpp"
#include "server/hook_body.hpp"

namespace okpay::server {
namespace {

using store::HookDelivery;
using store::HookEndpoint;
using store::HookEvent;
using store::HookFeed;
using store::HookPlace;
using store::HookSource;

constexpr Millis rest_step{5'000};
constexpr int rest_steps_max = 12;  // a minute
constexpr std::size_t readings_max = 16;  // different places in one round

HookEvent event_of(const HookDelivery& delivery) {
    return {.source = delivery.source,
            .position = delivery.position,
            .object = delivery.object,
            .type = delivery.type,
            .at = delivery.happened,
            .merchant = {},
            .place = {}};
}

std::string outcome_of(bool delivered, bool gone) {
    if (delivered) return "delivered";
    return gone ? "gone" : "failed";
}

}  // namespace

HookSender::HookSender(asio::any_io_executor executor, service::Service& service, service::Queries& queries,
                       api::Workers& workers, const Clock& clock, store::Keyring keyring, HookSenderSettings settings)
    : executor_{executor},
      service_{service},
      queries_{queries},
      workers_{workers},
      clock_{clock},
      keyring_{std::move(keyring)},
      event_key_{keyring_.derived(hook_event_key_label)},
      settings_{std::move(settings)},
      alarm_{std::move(executor)} {}

void HookSender::notify() {
    woken_ = true;
    alarm_.cancel();
}

void HookSender::stop() {
    stopping_ = true;
    for (auto& [endpoint, line] : lines_) {
        if (line.under_way) line.under_way->emit(asio::cancellation_type::terminal);
    }
    notify();
}

net::awaitable<void> HookSender::run(std::string dns) {
    auto resolver = net::DnsResolver::start({.server = dns.empty() ? "system" : std::move(dns)});
    auto tls = net::client_tls(net::PeerCheck::certificate_and_name);
    if (!resolver || !tls) {
        spdlog::error("web hooks wait until the next start: {}", resolver ? explain(tls.error()) : resolver.error());
        co_return;
    }
    resolver_ = *std::move(resolver);
    tls_ = *std::move(tls);
    while (!stopping_) {
        woken_ = false;
        co_await round();
        if (woken_) continue;
        alarm_.expires_after(settings_.period);
        co_await alarm_.async_wait(net::quietly);
    }
}

net::awaitable<void> HookSender::round() {
    if (!settings_.writes_here()) {
        std::erase_if(lines_, [](const auto& one) { return !one.second.under_way; });  // the rows will know better
        co_return;
    }
    auto look = [this] { return queries_.hook_standing(); };
    auto found = co_await workers_.run(std::move(look));
    if (stopping_ || !found || !*found) co_return;
    service::HookStanding standing = **std::move(found);
    std::set<std::int64_t> enabled;
    for (const HookEndpoint& endpoint : standing.enabled) {
        enabled.insert(endpoint.no);
        lines_.try_emplace(endpoint.no, Line{.scanned = endpoint.seen, .kept = endpoint.seen});
    }
    std::erase_if(lines_, [&enabled](const auto& one) { return !enabled.contains(one.first) && !one.second.under_way; });
    const bool more = co_await read_on(standing.enabled);
    if (stopping_) co_return;

    std::map<std::int64_t, Work> works;
    for (HookEndpoint& endpoint : standing.enabled) {
        const std::int64_t no = endpoint.no;
        works.emplace(no, Work{.endpoint = std::move(endpoint), .due = {}, .held = {}});
    }
    const Moment now = clock_.now();
    for (HookDelivery& delivery : standing.waiting) {
        const auto work = works.find(delivery.endpoint);
        if (work == works.end()) continue;
        ++work->second.waiting;
        const bool is_first = work->second.held.insert(delivery.object).second;  // of its object
        if (is_first && delivery.next_at && *delivery.next_at <= now) work->second.due.push_back(std::move(delivery));
    }
    // Those after the one served last come first, so that many busy ones leave nobody out.
    std::vector<std::int64_t> order;
    for (const auto& [no, work] : works) order.push_back(no);
    std::ranges::rotate(order, std::ranges::upper_bound(order, last_served_));
    for (const std::int64_t no : order) start(std::move(works.at(no)));
    if (more) woken_ = true;
}

net::awaitable<bool> HookSender::read_on(const std::vector<HookEndpoint>& enabled) {
    using Stand = std::pair<payments::HookOwner, HookPlace>;
    std::map<Stand, std::vector<const HookEndpoint*>> stands;
    for (const HookEndpoint& endpoint : enabled) {
        const Line& line = lines_.at(endpoint.no);
        if (line.queue.size() < settings_.queue_max) stands[{endpoint.owner(), line.scanned}].push_back(&endpoint);
    }
    bool more = false;
    std::size_t readings = 0;
    for (const auto& [stand, readers] : stands) {
        if (++readings > readings_max) co_return true;  // who is furthest behind was first, and is further on now
        auto look = [this, owner = stand.first, from = stand.second, rows = settings_.rows_max] {
            return queries_.hook_feed(owner, from, rows);
        };
        const auto found = co_await workers_.run(std::move(look));
        if (stopping_ || !found || !*found) co_return false;
        const HookFeed& feed = **found;
        for (const HookEndpoint* reader : readers) {
            Line& line = lines_.at(reader->no);
            HookPlace reached = stand.second;
            bool full = false;
            for (const HookEvent& event : feed.events) {
                if (event.merchant == reader->merchant && reader->wants(event.type)) {
                    full = line.queue.size() >= settings_.queue_max;
                    if (full) break;
                    line.queue.push_back(event);
                }
                reached = event.place;
            }
            line.scanned = full ? reached : feed.upto;
        }
        more = more || feed.more;
    }
    co_return more;
}

void HookSender::start(Work work) {
    const std::int64_t no = work.endpoint.no;
    Line& line = lines_.at(no);
    if (stopping_ || line.under_way || under_way_ >= settings_.endpoints_at_once) return;
    const auto now = std::chrono::steady_clock::now();
    const bool rests = now < line.rests_until;
    if (rests) std::erase_if(work.due, [](const HookDelivery& one) { return one.source != HookSource::ping; });
    const bool takes_new = !rests && work.waiting < static_cast<std::size_t>(payments::hook_deliveries_waiting_max);
    const bool far_on =
        line.queue.empty() && line.scanned.payments - line.kept.payments >= settings_.idle_payments_max && !rests;
    if (work.due.empty() && !(takes_new && !line.queue.empty()) && !far_on) return;
    last_served_ = no;
    ++under_way_;
    auto breaking_off = std::make_shared<asio::cancellation_signal>();
    line.under_way = breaking_off;
    // The signal outlives the coroutine that listens to it.
    auto ended = [this, no, breaking_off](const std::exception_ptr& failure) {
        asio::post(executor_, [this, no, breaking_off, failed = failure != nullptr] {
            --under_way_;
            Line& ending = lines_.at(no);
            ending.under_way = nullptr;
            if (failed) rest(ending);
            notify();
        });
    };
    asio::co_spawn(executor_, serve(std::move(work)), asio::bind_cancellation_slot(breaking_off->slot(), std::move(ended)));
}

net::awaitable<void> HookSender::serve(Work work) {
    Line& line = lines_.at(work.endpoint.no);  // stays while it is under way
    const bool rests = std::chrono::steady_clock::now() < line.rests_until;
    const bool goes_on = co_await serve_due(work, line);
    if (!goes_on || rests || stopping_) co_return;
    co_await serve_queue(work, line);
    // Everything in between was told or not asked for.
    const bool far_on = line.queue.empty() && line.scanned.payments - line.kept.payments >= settings_.idle_payments_max;
    if (far_on) co_await keep(work.endpoint.no, line, line.scanned, false);
}

net::awaitable<bool> HookSender::serve_due(const Work& work, Line& line) {
    for (const HookDelivery& delivery : work.due) {
        if (stopping_) co_return false;
        const HookEvent event = event_of(delivery);
        const Told told = co_await tell(work.endpoint, event);
        if (told.word == Word::not_tried) {
            rest(line);
            co_return false;
        }
        const bool delivered = told.word == Word::delivered;
        std::string outcome = outcome_of(delivered, told.word == Word::gone);
        const HookPlace nowhere{};  // the cursor has passed it
        const bool kept = co_await report(work.endpoint.no, event, nowhere, std::move(outcome), told);
        if (!kept || !delivered) {
            rest(line);
            co_return false;
        }
        line.failures = 0;
    }
    co_return true;
}

net::awaitable<void> HookSender::serve_queue(Work& work, Line& line) {
    const std::int64_t no = work.endpoint.no;
    std::size_t told_now = 0;
    HookPlace arrived = line.kept;
    while (!line.queue.empty() && !stopping_ && told_now < settings_.batch_max &&
           work.waiting < static_cast<std::size_t>(payments::hook_deliveries_waiting_max)) {
        const HookEvent event = line.queue.front();
        if (work.held.contains(event.object)) {
            const Told nothing{};
            const bool kept = co_await report(no, event, event.place, "held", nothing);
            if (!kept) {
                rest(line);
                break;
            }
            line.queue.pop_front();
            line.kept = arrived = event.place;
            ++work.waiting;
            continue;
        }
        const Told told = co_await tell(work.endpoint, event);
        if (told.word == Word::not_tried) {
            rest(line);
            break;
        }
        if (told.word == Word::delivered) {
            line.queue.pop_front();
            line.failures = 0;
            arrived = event.place;
            ++told_now;
            continue;
        }
        const bool kept = co_await report(no, event, event.place, outcome_of(false, told.word == Word::gone), told);
        if (kept) {
            line.queue.pop_front();
            line.kept = arrived = event.place;
        }
        rest(line);
        break;
    }
    if (arrived != line.kept && !co_await keep(no, line, arrived, told_now > 0)) rest(line);
}

net::awaitable<HookSender::Told> HookSender::tell(const HookEndpoint& endpoint, HookEvent event) {
    auto look = [this, source = event.source, position = event.position, object = event.object] {
        return queries_.hook_subject(source, position, object);
    };
    const auto subject = co_await workers_.run(std::move(look));
    if (!subject || !*subject) co_return Told{};
    const auto url = payments::HookUrl::parse(endpoint.url);
    const auto secret = keyring_.unseal(endpoint.secret, store::hook_secret_purpose);
    if (!url || !secret) {
        spdlog::error("the web hook {} cannot be told: its address or secret cannot be read", endpoint.no);
        co_return Told{};
    }
    const std::string id = hook_event_id(event_key_, event.source, event.position);
    net::StrangerPost post{.host = url->host,
                           .port = url->port,
                           .authority = url->authority(),
                           .tls = url->tls ? tls_ : nullptr,
                           .target = url->target,
                           .headers = {},
                           .body = hook_body(id, event, **subject),
                           .loopback_allowed = settings_.loopback_allowed,
                           .deadline = settings_.answer_within};
    const Moment at = okpay::now();  // the receiver's clock is the world's, whatever a test makes of ours
    std::string signatures = payments::hook_signature(*secret, id, at, post.body);
    if (endpoint.old_secret_until && *endpoint.old_secret_until > clock_.now()) {
        const auto old = keyring_.unseal(endpoint.old_secret, store::hook_secret_purpose);
        if (old) signatures += " " + payments::hook_signature(*old, id, at, post.body);
    }
    post.headers = {{"Content-Type", "application/json"},
                    {"User-Agent", "OKPay-Webhooks/1"},
                    {"webhook-id", id},
                    {"webhook-timestamp", std::to_string(ms_of(at) / 1'000)},
                    {"webhook-signature", std::move(signatures)}};
    const auto status = co_await net::post_to_stranger(*resolver_, std::move(post));
    if (!status) co_return Told{.word = Word::failed, .status = 0, .error = std::string{explain(status.error())}};
    Told told{.word = Word::failed, .status = *status, .error = ""};
    if (*status >= 200 && *status < 300) told.word = Word::delivered;
    else if (*status == 410) told.word = Word::gone;
    else if (*status >= 300 && *status < 400) told.error = "redirects are not followed";
    co_return told;
}

net::awaitable<bool> HookSender::report(std::int64_t endpoint, HookEvent event, HookPlace place, std::string outcome,
                                        Told told) {
    service::ReportHookTry body{.endpoint = endpoint,
                                .source = static_cast<std::int64_t>(event.source),
                                .position = event.position,
                                .object = event.object,
                                .type = std::move(event.type),
                                .happened = ms_of(event.at),
                                .payments = place.payments,
                                .events = place.events,
                                .outcome = std::move(outcome),
                                .status = told.status,
                                .error = std::move(told.error),
                                .random = static_cast<std::int64_t>(read_u64(random_octets(8)) >> 1U)};
    co_return co_await submitted(std::move(body));
}

net::awaitable<bool> HookSender::keep(std::int64_t endpoint, Line& line, HookPlace place, bool delivered) {
    service::MoveHookCursors body;
    body.moves.push_back({.endpoint = endpoint, .payments = place.payments, .events = place.events, .delivered = delivered});
    const bool kept = co_await submitted(std::move(body));
    if (kept) line.kept = place;
    co_return kept;
}

net::awaitable<bool> HookSender::submitted(service::CommandBody body) {
    service::Command command = service::Service::command(clock_.now(), {}, std::move(body));
    const service::Answer answer = co_await api::submitted(service_, std::move(command));
    if (!answer.done() && answer.code != service::codes::not_found) {
        spdlog::warn("what came of web hooks could not be stored ({}); they are told again in a moment", answer.code);
    }
    co_return answer.done();
}

void HookSender::rest(Line& line) {
    line.failures = std::min(line.failures + 1, rest_steps_max);
    line.rests_until = std::chrono::steady_clock::now() + rest_step * line.failures;
}

}  // namespace okpay::server
