// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_client.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "mailroom/recipient_policy.hpp"
#include "mailroom/smtp_server.hpp"
#include "mailroom/wire_for_test.hpp"
#include "net/self_signed.hpp"

namespace okpay::mailroom {
namespace {

using namespace std::chrono_literals;

std::string_view name_of(DeliveryOutcome outcome) {
    switch (outcome) {
    case DeliveryOutcome::sent: return "sent";
    case DeliveryOutcome::temporary: return "temporary";
    case DeliveryOutcome::permanent: return "permanent";
    case DeliveryOutcome::uncertain: return "uncertain";
    }
    std::abort();
}

OutgoingMail mail_to(std::vector<std::string> recipients) {
    return {"support@pay.example", std::move(recipients), "Subject: x\r\n\r\n.hidden\r\n"};
}

// A relay that gives its lines one after the other: the first as its greeting, each other when a command (or the
// message) has come. An empty one closes the connection; one that ends in "&" closes it behind the words.
net::awaitable<std::string> scripted_relay(net::Listener& listener, std::vector<std::string> script) {
    auto connection = co_await listener.accept();
    Caller caller{*std::move(connection)};
    std::string heard;
    for (std::size_t i = 0; i < script.size(); ++i) {
        const bool in_data = i > 1 && script[i - 1].starts_with("354");
        while (i > 0) {
            const std::string line = co_await caller.line();
            heard += line + "\n";
            if (!in_data || line == "." || caller.ended()) break;
        }
        if (script[i].empty()) break;
        const bool closes = script[i].ends_with('&');
        co_await caller.say(script[i].substr(0, script[i].size() - (closes ? 1 : 0)) + "\r\n");
        if (closes) break;
    }
    listener.close();
    co_return heard;
}

net::awaitable<DeliveryReport> deliver_and_note(Relay relay, OutgoingMail mail, DeliveryReport& report) {
    report = co_await deliver(std::move(relay), std::move(mail));
    co_return report;
}

struct RelayCase {
    std::string_view name;
    std::vector<std::string> script;
    std::string_view want, text;
};

const std::string hello = "250-relay.example\r\n250-SIZE 1000\r\n250 8BITMIME";
const std::vector<RelayCase> relay_cases{
    {"taken",
     {"220 relay", hello, "250 ok", "250 ok", "354 go", "250 2.0.0 queued as 7", "221 bye"},
     "sent",
     "250 2.0.0 queued as 7"},
    {"taken, no goodbye", {"220 relay", hello, "250 ok", "250 ok", "354 go", "250 queued&"}, "sent", "250 queued"},
    {"greylisted", {"220 relay", hello, "250 ok", "451 4.7.1 later", "221 bye"}, "temporary", "451 4.7.1 later"},
    {"unknown recipient",
     {"220 relay", hello, "250 ok", "550-5.1.1 no such\r\n550 5.1.1 user", "221 bye"},
     "permanent",
     "550-5.1.1 no such / 550 5.1.1 user"},
    {"too many recipients by the old code",
     {"220 relay", hello, "250 ok", "552 too many", "221 bye"},
     "temporary",
     "552 too many"},
    {"sender refused", {"220 relay", hello, "553 not you", "221 bye"}, "permanent", "553 not you"},
    {"data refused", {"220 relay", hello, "250 ok", "250 ok", "554 no", "221 bye"}, "permanent", "554 no"},
    {"message refused",
     {"220 relay", hello, "250 ok", "250 ok", "354 go", "554 5.7.1 spam", "221 bye"},
     "permanent",
     "554 5.7.1 spam"},
    {"message put off", {"220 relay", hello, "250 ok", "250 ok", "354 go", "452 full", "221 bye"}, "temporary", "452 full"},
    {"busy", {"421 too busy&"}, "temporary", "421 too busy"},
    {"refuses everybody", {"554 go away", "221 bye"}, "temporary", "554 go away"},
    {"no ESMTP",
     {"220 relay", "502 what?", "250 hello", "250 ok", "250 ok", "354 go", "250 ok", "221 bye"},
     "sent",
     "250 ok"},
    {"closing at MAIL", {"220 relay", hello, "421 closing&"}, "temporary", "421 closing"},
    {"dropped at the greeting", {""}, "temporary", "the connection was closed"},
    {"dropped at RCPT", {"220 relay", hello, "250 ok", ""}, "temporary", "the connection was closed"},
    {"dropped at DATA", {"220 relay", hello, "250 ok", "250 ok", ""}, "temporary", "the connection was closed"},
    {"dropped after the final dot",
     {"220 relay", hello, "250 ok", "250 ok", "354 go", ""},
     "uncertain",
     "the connection was closed"},
    {"nonsense after the final dot",
     {"220 relay", hello, "250 ok", "250 ok", "354 go", "OK&"},
     "uncertain",
     "the relay does not speak SMTP"},
    {"no SMTP", {"SSH-2.0-OpenSSH_9&"}, "temporary", "the relay does not speak SMTP"},
    {"codes that differ in one reply", {"220-relay\r\n250 ok&"}, "temporary", "the relay does not speak SMTP"},
    {"answers too early", {"220 relay", hello, "250 ok\r\n250 ok&"}, "temporary", "the relay answered what was not asked"},
    {"a 250 beside the 354",
     {"220 relay", hello, "250 ok", "250 ok", "354 go\r\n250 ok&"},
     "temporary",
     "the relay answered what was not asked"},
    {"too small",
     {"220 relay", "250-relay\r\n250 SIZE 10", "221 bye"},
     "permanent",
     "the message is larger than the relay takes"},
};

TEST(SmtpClient, tells_each_outcome_truthfully) {
    for (const RelayCase& c : relay_cases) {
        SCOPED_TRACE(c.name);
        asio::io_context io;
        auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
        const Relay relay{.at = listener->bound(), .our_name = "mx.pay.example", .tls = TlsUse::none, .trust = {}};
        DeliveryReport report{};
        asio::co_spawn(io, deliver_and_note(relay, mail_to({"ana@b.example"}), report), asio::detached);
        run_story(io, scripted_relay(*listener, c.script));
        EXPECT_EQ(name_of(report.outcome), c.want);
        EXPECT_EQ(report.text, c.text);
    }
}

TEST(SmtpClient, speaks_by_the_book) {
    asio::io_context io;
    auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
    const Relay relay{.at = listener->bound(), .our_name = "mx.pay.example", .tls = TlsUse::none, .trust = {}};
    DeliveryReport report{};
    const std::vector<std::string> script{"220 relay", hello,    "250 ok", "250 ok", "550 not her",
                                          "450 later", "354 go", "250 ok", "221"};
    auto mail = mail_to({"ana@b.example", "eve@b.example", "bob@b.example"});
    mail.bytes = "Subject: \xE9\n\n.hidden\r.\r\nMAIL FROM:<evil@x>\r\n..";
    asio::co_spawn(io, deliver_and_note(relay, mail, report), asio::detached);
    EXPECT_EQ(
        run_story(io, scripted_relay(*listener, script)),
        "EHLO mx.pay.example\nMAIL FROM:<support@pay.example> SIZE=53 BODY=8BITMIME\nRCPT TO:<ana@b.example>\n"
        "RCPT TO:<eve@b.example>\nRCPT TO:<bob@b.example>\nDATA\nSubject: \xE9\n\n..hidden\n..\nMAIL FROM:<evil@x>\n...\n.\n"
        "QUIT\n");
    EXPECT_EQ(report.outcome, DeliveryOutcome::sent);
    ASSERT_EQ(report.refused.size(), 2U);
    EXPECT_EQ(report.refused[0].address, "eve@b.example");
    EXPECT_TRUE(report.refused[0].permanent);
    EXPECT_FALSE(report.refused[1].permanent);
}

net::awaitable<DeliveryReport> deliver_to(Relay relay, OutgoingMail mail) { co_return co_await deliver(relay, mail); }

TEST(SmtpClient, an_unsound_envelope_or_a_dead_relay_needs_no_dialogue) {
    asio::io_context io;
    auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
    const Relay relay{.at = listener->bound(), .our_name = "mx.pay.example", .tls = TlsUse::none, .trust = {}};
    listener->close();
    for (const std::string bad : {"a@b>\r\nDATA", "", "no address"}) {
        EXPECT_EQ(run_story(io, deliver_to(relay, mail_to({bad}))).outcome, DeliveryOutcome::permanent) << bad;
    }
    EXPECT_EQ(run_story(io, deliver_to(relay, mail_to({}))).outcome, DeliveryOutcome::permanent);
    EXPECT_EQ(run_story(io, deliver_to(relay, mail_to({"a@b.example"}))).text, "the relay was not reached");
}

net::awaitable<int> silent_after_dot(net::Listener& listener) {
    auto connection = co_await listener.accept();
    Caller caller{*std::move(connection)};
    for (const std::string words : {"220 relay", "250 relay", "250 ok", "250 ok", "354 go"}) {
        co_await caller.say(words + "\r\n");
        co_await caller.line();
    }
    while (!caller.ended()) co_await caller.line();  // hears the message and says nothing until the other side gives up
    co_return 0;
}

TEST(SmtpClient, no_answer_to_the_final_dot_in_time_is_uncertain) {
    asio::io_context io;
    auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
    const Relay relay{.at = listener->bound(),
                      .our_name = "mx.pay.example",
                      .tls = TlsUse::none,
                      .trust = {},
                      .final_reply_deadline = 5ms};
    DeliveryReport report{};
    asio::co_spawn(io, deliver_and_note(relay, mail_to({"a@b.example"}), report), asio::detached);
    run_story(io, silent_after_dot(*listener));
    EXPECT_EQ(report.outcome, DeliveryOutcome::uncertain);
    EXPECT_EQ(report.text, "the time ran out");
}

// What was taken is to be noted at once: whoever is killed before that sends it again.
TEST(SmtpClient, says_what_became_of_a_mail_before_the_relay_hangs_up) {
    asio::io_context relays;
    auto listener = net::Listener::open(relays.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
    Gate hang_up{relays};
    const auto slow_relay = [&]() -> net::awaitable<void> {
        auto connection = co_await listener->accept();
        Caller caller{*std::move(connection)};
        co_await caller.say("220 hello\r\n");
        for (const std::string_view answer : {"250 mx", "250 ok", "250 ok", "354 go on"}) {
            co_await caller.line();
            co_await caller.say(std::string{answer} + "\r\n");
        }
        while (co_await caller.line() != ".") {}
        co_await caller.say("250 taken\r\n");
        co_await caller.line();  // QUIT
        co_await hang_up.passed();
    };
    asio::co_spawn(relays, slow_relay(), asio::detached);
    std::thread relay_thread{[&relays] { relays.run(); }};

    asio::io_context io;
    const Relay relay{.at = listener->bound(), .our_name = "mx.pay.example", .tls = TlsUse::none, .trust = {}};
    std::optional<DeliveryReport> report;
    asio::co_spawn(io, deliver(relay, mail_to({"a@b.example"})),
                   [&report](const std::exception_ptr&, DeliveryReport said) { report = std::move(said); });
    while (!report && io.run_one() > 0) {}
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(name_of(report->outcome), "sent");
    EXPECT_FALSE(io.stopped()) << "the goodbye is still being said";
    asio::post(relays, [&hang_up] { hang_up.open(); });
    relay_thread.join();
    io.run();
}

net::awaitable<DeliveryReport> deliver_then_stop(SmtpServer& server, Relay relay, OutgoingMail mail) {
    const DeliveryReport report = co_await deliver(relay, mail);
    server.stop();
    co_return report;
}

struct TlsCase {
    std::string_view name;
    TlsUse tls;
    bool offered, trusted;
    std::string_view want;
    bool encrypted;
};
constexpr std::array tls_cases{
    TlsCase{"none", TlsUse::none, true, true, "sent", false},
    TlsCase{"opportunistic", TlsUse::opportunistic, true, false, "sent", true},
    TlsCase{"opportunistic, not offered", TlsUse::opportunistic, false, false, "sent", false},
    TlsCase{"required", TlsUse::required, true, true, "sent", true},
    TlsCase{"required, not offered", TlsUse::required, false, true, "temporary", false},
    TlsCase{"required, not trusted", TlsUse::required, true, false, "temporary", false},
};

TEST(SmtpClient, reaches_our_own_server_with_every_dot_in_its_place) {
    const std::string text = "Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.a\r\nb.\r\n\r\n.\r\n";
    for (const TlsCase& c : tls_cases) {
        SCOPED_TRACE(c.name);
        asio::io_context io;
        RecordingSink kept;
        auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
        const auto made = net::self_signed("127.0.0.1", now(), std::chrono::days{2});
        SmtpServer server{*std::move(listener),
                          {.hostname = "relay.example"},
                          recipient_policy({.domain = "pay.example", .reply_domain = ""}),
                          kept.sink(),
                          c.offered ? *net::ServerTls::of_pem(made.certificate_pem, made.key_pem.reveal()) : nullptr};
        const Relay relay{.at = server.bound(),
                          .our_name = "mx.pay.example",
                          .tls = c.tls,
                          .trust = c.trusted ? *net::client_tls_trusting(made.certificate_pem) : nullptr};
        asio::co_spawn(io, server.run(), asio::detached);
        const OutgoingMail mail{"", {"support@pay.example"}, text};
        const auto report = run_story(io, deliver_then_stop(server, relay, mail));
        EXPECT_EQ(name_of(report.outcome), c.want) << report.text;
        ASSERT_EQ(kept.mails.size(), c.want == "sent" ? 1U : 0U);
        if (kept.mails.empty()) continue;
        EXPECT_TRUE(kept.mails.front().bytes.ends_with("+0000\r\n" + text)) << kept.mails.front().bytes;
        EXPECT_EQ(!kept.mails.front().encryption.empty(), c.encrypted);
    }
}

net::awaitable<std::string> injecting_relay(net::Listener& listener) {
    auto connection = co_await listener.accept();
    Caller caller{*std::move(connection)};
    co_await caller.say("220 relay\r\n");
    co_await caller.line();
    co_await caller.say("250-relay\r\n250 STARTTLS\r\n");
    co_await caller.line();
    co_await caller.say("220 go\r\n250 injected\r\n");
    const std::string next = co_await caller.line();
    listener.close();
    co_return next;
}

TEST(SmtpClient, refuses_replies_put_before_the_handshake) {
    asio::io_context io;
    auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
    const Relay relay{.at = listener->bound(), .our_name = "mx.pay.example", .tls = TlsUse::opportunistic, .trust = {}};
    DeliveryReport report{};
    asio::co_spawn(io, deliver_and_note(relay, mail_to({"a@b.example"}), report), asio::detached);
    EXPECT_EQ(run_story(io, injecting_relay(*listener)), "") << "nothing more is said in clear";
    EXPECT_EQ(report.outcome, DeliveryOutcome::temporary);
}

}  // namespace
}  // namespace okpay::mailroom
