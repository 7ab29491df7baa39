// SPDX-License-Identifier: Apache-2.0
#include "server/short_message_edge.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "api/api.hpp"
#include "base/text.hpp"
#include "server/demo.hpp"
#include "store/files.hpp"
#include "store/phone_store.hpp"
#include "telephony/file_way_out.hpp"
#include "telephony/gateway_way_out.hpp"

namespace okpay::server {
namespace {

std::optional<Secret> token_of(const std::string& file) {
    if (file.empty()) return std::nullopt;
    const auto octets = store::read_file(file);
    const std::string token{octets ? trimmed(*octets) : std::string_view{}};
    const bool plain = std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F; });
    if (token.empty() || !plain) {
        throw UsageError{fmt::format("--sms-gateway-token-file {}: holds no token of one line", file)};
    }
    return Secret{token};
}

std::unique_ptr<telephony::WayOut> gateway_of(const Options& options) {
    auto url = telephony::GatewayUrl::parse(options.sms_gateway);
    if (!url) throw UsageError{fmt::format("--sms-gateway: {}", url.error())};
    auto tls = net::client_tls(net::PeerCheck::certificate_and_name);
    if (!tls) throw UsageError{fmt::format("--sms-gateway: {}", net::explain(tls.error()))};
    return std::make_unique<telephony::GatewayWayOut>(*std::move(url), token_of(options.sms_gateway_token_file),
                                                      *std::move(tls));
}

std::unique_ptr<telephony::WayOut> files_of(const Options& options) {
    const std::filesystem::path directory =
        options.sms_directory.empty() ? options.data_directory() / "sms" : std::filesystem::path{options.sms_directory};
    std::error_code error;
    if (std::filesystem::create_directories(directory, error)) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    }
    if (error || ::access(directory.c_str(), W_OK | X_OK) != 0) {
        throw UsageError{fmt::format("--sms-directory {}: cannot be made or written to", directory.string())};
    }
    if (options.sms_directory.empty() && !is_demonstration(options.store_database())) {
        spdlog::warn(
            "short messages are files in {} and reach nobody until a program of yours sends them; name a directory by "
            "--sms-directory or a gateway by --sms-gateway",
            directory.string());
    }
    return std::make_unique<telephony::FileWayOut>(directory);
}

std::unique_ptr<telephony::WayOut> way_out_of(const Options& options) {
    if (!options.sms_gateway.empty()) return gateway_of(options);
    if (!options.sms_gateway_token_file.empty()) {
        throw UsageError{"--sms-gateway-token-file: of no use without --sms-gateway"};
    }
    return files_of(options);
}

}  // namespace

ShortMessageEdge::ShortMessageEdge(asio::any_io_executor executor, service::Service& service, store::Database database,
                                   api::Workers& workers, const Clock& clock, const service::Context& context,
                                   const Options& options, std::function<bool()> writes_here)
    : service_{service},
      database_{std::move(database)},
      workers_{workers},
      clock_{clock},
      context_{context},
      way_out_{way_out_of(options)} {
    telephony::TextQueue queue{.writes_here = std::move(writes_here),
                               .release = [this](bool once_by_key) { return release(once_by_key); },
                               .take = [this](std::int64_t messages_max) { return take(messages_max); },
                               .report = [this](service::ReportShortMessage said) { return report(std::move(said)); }};
    sender_ = std::make_unique<telephony::ShortMessageSender>(std::move(executor), std::move(queue), *way_out_);
}

net::awaitable<service::Answer> ShortMessageEdge::submitted(service::CommandBody body) {
    service::Command command = service::Service::command(clock_.now(), {}, std::move(body));
    co_return co_await api::submitted(service_, std::move(command));
}

net::awaitable<bool> ShortMessageEdge::release(bool once_by_key) {
    service::CommandBody body{service::ReleaseShortMessages{once_by_key}};
    const service::Answer answer = co_await submitted(std::move(body));
    co_return answer.done();
}

net::awaitable<std::optional<std::vector<service::ShortOrder>>> ShortMessageEdge::take(std::int64_t messages_max) {
    std::vector<service::ShortOrder> orders;
    co_await say_unsent();
    // A take has a row of its own: none is written while there is nothing to take.
    const bool waits = co_await something_waits();
    if (!waits) co_return orders;
    service::CommandBody body{service::TakeShortMessages{messages_max, way_out_->once_by_key()}};
    const service::Answer answer = co_await submitted(std::move(body));
    if (!answer.done()) co_return std::nullopt;
    if (answer.numbers.empty()) co_return orders;
    struct Read {
        std::vector<service::ShortOrder> orders;
        std::vector<std::int64_t> useless, unread;
    };
    auto work = [this, numbers = answer.numbers] {
        Read read;
        try {
            const auto reader = store::open(database_, store::Access::reader);
            for (const std::int64_t no : numbers) {
                const auto message = store::find_short_message(*reader, no);
                auto order = message ? service::short_order_of(*reader, context_, *message) : std::nullopt;
                if (order) read.orders.push_back(*std::move(order));
                else read.useless.push_back(no);
            }
        } catch (const store::StorageFailure& failure) {
            spdlog::error("short messages wait: {}", failure.what());
            read = Read{.orders = {}, .useless = {}, .unread = numbers};
        }
        return read;
    };
    auto read = co_await workers_.run(std::move(work));
    if (!read) read = Read{.orders = {}, .useless = {}, .unread = answer.numbers};
    // Nothing of these left: said, so that none stays handed out.
    for (const std::int64_t no : read->useless) {
        unsent_.push_back({.message = no, .outcome = "refused", .text = "it was of no use any more"});
    }
    for (const std::int64_t no : read->unread) {
        unsent_.push_back({.message = no, .outcome = "later", .text = "it could not be read"});
    }
    co_await say_unsent();
    co_return std::move(read->orders);
}

// Where it cannot be looked up there is something: the take says what is wrong.
net::awaitable<bool> ShortMessageEdge::something_waits() {
    auto look = [this, now = clock_.now()] {
        try {
            const auto reader = store::open(database_, store::Access::reader);
            return store::short_messages_wait(*reader, now, now - service::short_message_unreported_max);
        } catch (const store::StorageFailure&) { return true; }
    };
    const auto waits = co_await workers_.run(std::move(look));
    co_return waits.value_or(true);
}

// What cannot be said now is said before the next take.
net::awaitable<void> ShortMessageEdge::say_unsent() {
    auto unsent = std::exchange(unsent_, {});
    for (service::ReportShortMessage& said : unsent) {
        const bool kept = co_await report(said);
        if (!kept) unsent_.push_back(std::move(said));
    }
}

net::awaitable<bool> ShortMessageEdge::report(service::ReportShortMessage report) {
    service::CommandBody body{std::move(report)};
    const service::Answer answer = co_await submitted(std::move(body));
    co_return answer.done() || answer.code == service::codes::not_found;
}

}  // namespace okpay::server
