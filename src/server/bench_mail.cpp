// SPDX-License-Identifier: Apache-2.0
// Mails over SMTP to a serving process of its own: accepted is after the 250, filed when the request stands in the desk.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <iostream>

#include "base/clock.hpp"
#include "mail/compose.hpp"
#include "mailroom/smtp_client.hpp"
#include "server/bench_parts.hpp"

namespace okpay::server {
namespace {

using Clock = std::chrono::steady_clock;

Bytes mail_of(std::int64_t number) {
    const std::string from = fmt::format("c{}@example.org", number);
    std::string text =
        fmt::format("Hello,\n\nI was charged twice yesterday: 12.{:02} EUR at Shop {}. My order was A-{}.\n\n", number % 100,
                    number % 50, number);
    while (text.size() < 2'500)
        text += "Please look into this as soon as you can; I have attached all that I know about it.\n";
    const auto mail = mail::compose({.from = {"Customer", *mail::EmailAddress::parse(from)},
                                     .to = {{"", *mail::EmailAddress::parse("support@bench.example")}},
                                     .subject = fmt::format("Charged twice ({})", number),
                                     .text = text,
                                     .message_id = fmt::format("{}.bench@example.org", number),
                                     .date = now()});
    return *mail;
}

}  // namespace

int bench_mail(const Options& options, const BenchOptions& bench) {
    const TemporaryDirectory temporary;
    const auto data = temporary.path() / "data";
    const MeasuredServer process{data, options};
    store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite) database.location = (data / "okpay.db").string();
    const auto reader = store::open(database, store::Access::reader);
    const auto waiting = [&reader] {
        return reader->integer("SELECT count(*) FROM inbound_mail WHERE state = 1").value_or(0);
    };
    std::int64_t number = 0;
    for (const std::int64_t in_flight : bench.in_flight) {
        asio::io_context io{1};
        Measured measured;
        const auto start = Clock::now();
        const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{bench.seconds});
        const auto client = [&]() -> net::awaitable<void> {
            while (Clock::now() < end) {
                const std::int64_t mine = ++number;
                mailroom::Relay relay{.at = *net::Endpoint::parse(process.smtp()),
                                      .our_name = "bench.example",
                                      .tls = mailroom::TlsUse::none,
                                      .trust = nullptr};
                mailroom::OutgoingMail mail{.envelope_from = fmt::format("c{}@example.org", mine),
                                            .recipients = {"support@bench.example"},
                                            .bytes = mail_of(mine)};
                const auto since = Clock::now();
                const mailroom::DeliveryReport report = co_await mailroom::deliver(std::move(relay), std::move(mail));
                if (report.outcome == mailroom::DeliveryOutcome::sent) {
                    measured.microseconds.push_back(
                        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since).count());
                } else {
                    ++measured.refused;
                }
            }
        };
        for (std::int64_t i = 0; i < in_flight; ++i) asio::co_spawn(io, client(), asio::detached);
        io.run();
        measured.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        const auto accepted = measured.microseconds.size();
        while (waiting() > 0) std::this_thread::yield();
        const double filed_seconds = std::chrono::duration<double>(Clock::now() - start).count();
        print_measured("mail", bench, in_flight, std::move(measured),
                       {{"engine", engine_name(database)},
                        {"octets", mail_of(1).size()},
                        {"connection_per_mail", true},
                        {"filed_per_s", std::round(static_cast<double>(accepted) / filed_seconds)}});
    }
    return 0;
}

}  // namespace okpay::server
