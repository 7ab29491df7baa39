// SPDX-License-Identifier: Apache-2.0
#include "server/file_scanner.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace okpay::server {
namespace {

constexpr Millis rest_min{1'000};

std::string_view reason_of(service::MailFilesFault fault) {
    using service::MailFilesFault;
    switch (fault) {
    case MailFilesFault::not_a_mail:
    case MailFilesFault::original_gone: return "the original is no longer kept";
    case MailFilesFault::original_shut: return "the original could not be opened";
    case MailFilesFault::no_such_file: return "the file was not found again";
    case MailFilesFault::unreadable: return "its files could not be read";
    case MailFilesFault::unavailable: return "the sandbox could not be started";
    }
    std::abort();
}

std::string what_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) { return error.what(); } catch (...) {
        return "an exception of another kind";
    }
}

}  // namespace

FileScanner::FileScanner(asio::any_io_executor executor, service::Service& service, service::Queries& queries,
                         api::Workers& workers, const Clock& clock, std::shared_ptr<service::MailFiles> files,
                         FileScannerSettings settings)
    : executor_{executor},
      service_{service},
      queries_{queries},
      workers_{workers},
      clock_{clock},
      files_{std::move(files)},
      settings_{std::move(settings)},
      alarm_{std::move(executor)} {}

void FileScanner::notify() {
    woken_ = true;
    if (rest_ == Millis{0}) alarm_.cancel();  // one that is away is not asked more often because mail comes
}

void FileScanner::stop() {
    stopping_ = true;
    breaking_off_.emit(asio::cancellation_type::terminal);
    alarm_.cancel();
}

net::awaitable<void> FileScanner::run() {
    while (!stopping_) {
        woken_ = false;
        const Went went = co_await round();
        if (stopping_) co_return;
        if (went == Went::away) {
            rest_ = std::clamp(rest_ * 2, rest_min, settings_.rest_max);
        } else {
            rest_ = Millis{0};
            if (went == Went::on || woken_) continue;
        }
        alarm_.expires_after(rest_ == Millis{0} ? settings_.period : rest_);
        co_await alarm_.async_wait(net::quietly);
    }
}

net::awaitable<FileScanner::Went> FileScanner::round() {
    if (!settings_.writes_here()) co_return Went::idle;
    auto look = [this] { return queries_.due_scans(clock_.now(), settings_.mails_at_once); };
    auto due = co_await workers_.run(std::move(look));
    if (stopping_ || !due || !*due || (**due).empty()) co_return Went::idle;
    net::ClamdSettings asking = settings_.clamd;
    asking.answer_within = asking.connect_within;
    const auto engine = co_await net::clamd_version(std::move(asking));
    if (!engine) {
        if (rest_ == Millis{0})
            spdlog::warn("clamd at {} says nothing ({}): files wait for their scan", settings_.clamd.at.text(),
                         net::explain(engine.error()));
        co_return Went::away;
    }
    for (const std::int64_t mail : **due) {
        if (stopping_) co_return Went::idle;
        const bool scanned = co_await scan_mail(mail, *engine);
        if (!scanned) co_return Went::away;
    }
    co_return Went::on;
}

net::awaitable<bool> FileScanner::scan_mail(std::int64_t no, std::string engine) {
    service::RecordScan body{.mail = no, .engine = std::move(engine), .reason = "", .is_final = false, .files = {}};
    auto load = [this, no] { return queries_.inbound_mail(no); };
    auto loaded = co_await workers_.run(std::move(load));
    if (!loaded || !*loaded || stopping_) co_return false;
    const Mail mail = std::make_shared<const std::optional<store::InboundMail>>(**std::move(loaded));
    auto look = [files = files_, mail] { return files->bare_list(*mail); };
    const auto listed = co_await workers_.run(std::move(look));
    if (!listed || stopping_) co_return false;
    if (!*listed) {
        const service::MailFilesFault fault = listed->error();
        if (fault == service::MailFilesFault::unavailable) co_return false;
        body.reason = reason_of(fault);
        body.is_final = fault == service::MailFilesFault::original_gone;
        co_return co_await record(std::move(body));
    }
    const service::MailFileList& list = **listed;
    if (list.more) body.reason = "the mail has more files than are looked at";
    body.is_final = true;
    for (const service::MailFile& one : list.files) {
        auto went = co_await scan_file(mail, one.file.sha256);
        if (!went) co_return false;
        body.is_final = body.is_final && went->is_final;
        if (went->broke_off) body.reason = went->scanned.found;
        body.files.push_back(std::move(went->scanned));
        if (went->broke_off) break;
    }
    co_return co_await record(std::move(body));
}

net::awaitable<std::optional<FileScanner::FileWent>> FileScanner::scan_file(Mail mail, Hash256 file) {
    FileWent went{.scanned = {.content_hash = hex_of(view_of(file)), .state = "failed", .found = ""}};
    const auto failed = [&went](std::string_view why, bool broke_off) {
        went.scanned.found = why;
        went.is_final = false;
        went.broke_off = broke_off;
        return went;
    };
    auto take = [files = files_, mail = std::move(mail), file] { return files->content(*mail, file); };
    const auto octets = co_await workers_.run(std::move(take));
    if (!octets || stopping_) co_return std::nullopt;
    if (!*octets) {
        if (octets->error() == service::MailFilesFault::unavailable) co_return std::nullopt;
        co_return failed(reason_of(octets->error()), false);
    }
    // A daemon may take its time: stop() breaks this off.
    auto asking = net::scan(settings_.clamd, **octets);
    auto token = asio::bind_cancellation_slot(breaking_off_.slot(), asio::as_tuple(asio::use_awaitable));
    const auto [failure, reply] = co_await asio::co_spawn(executor_, std::move(asking), std::move(token));
    if (stopping_) co_return std::nullopt;
    if (failure) {
        spdlog::warn("the scan of a file broke off: {}", what_of(failure));
        co_return failed("the scan broke off", true);
    }
    if (!reply) {
        const net::ClamdError error = reply.error();
        if (error == net::ClamdError::away) co_return std::nullopt;
        co_return failed(fmt::format("the scanner: {}", net::explain(error)), error != net::ClamdError::garbled);
    }
    went.scanned.found = reply->text;
    switch (reply->verdict) {
    case net::ScanVerdict::clean: went.scanned.state = "clean"; break;
    case net::ScanVerdict::infected: went.scanned.state = "infected"; break;
    case net::ScanVerdict::too_large: went.scanned.found = "larger than the scanner takes"; break;
    case net::ScanVerdict::unseen: break;
    case net::ScanVerdict::failed: went.is_final = false; break;
    }
    co_return went;
}

net::awaitable<bool> FileScanner::record(service::RecordScan body) {
    const std::int64_t mail = body.mail;
    service::Command command = service::Service::command(clock_.now(), {}, std::move(body));
    const service::Answer answer = co_await api::submitted(service_, std::move(command));
    if (!answer.done()) spdlog::warn("what the scan of mail {} found could not be stored: {}", mail, answer.code);
    co_return answer.done();
}

}  // namespace okpay::server
