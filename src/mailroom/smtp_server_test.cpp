// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "base/clock.hpp"
#include "mailroom/recipient_policy.hpp"
#include "mailroom/wire_for_test.hpp"
#include "net/self_signed.hpp"

namespace okpay::mailroom {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const std::string envelope = "EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@pay.example>\r\n";
const std::string mail_text = "Subject: hello\r\n\r\ntext\r\n";

// A server on a free port, and what a story needs around it.
struct House {
    explicit House(SmtpServerSettings settings = {}, net::Endpoint at = net::Endpoint::tcp("127.0.0.1", 0),
                   bool tls = true) {
        settings.hostname = "mx.pay.example";
        auto listener = net::Listener::open(io.get_executor(), at);
        if (!listener) throw std::runtime_error{"cannot listen"};
        const auto made = net::self_signed("mx.pay.example", now(), std::chrono::days{2});
        certificate = made.certificate_pem;
        server = std::make_unique<SmtpServer>(*std::move(listener), std::move(settings),
                                              recipient_policy({.domain = "pay.example", .reply_domain = ""}), kept.sink(),
                                              tls ? *net::ServerTls::of_pem(made.certificate_pem, made.key_pem.reveal())
                                                  : nullptr);
    }

    // The story alone decides when the server stops; run() must then come to its end.
    void play(net::awaitable<void> story) {
        auto running = asio::co_spawn(io, server->run(), asio::use_future);
        auto playing = asio::co_spawn(io, stop_after(std::move(story)), asio::use_future);
        io.restart();
        io.run();
        playing.get();
        running.get();
        EXPECT_EQ(server->connections(), 0U);
    }
    net::awaitable<void> stop_after(net::awaitable<void> story) {
        std::exception_ptr thrown;
        try {
            co_await std::move(story);
        } catch (...) { thrown = std::current_exception(); }
        server->stop();
        if (thrown) std::rethrow_exception(thrown);
    }

    asio::io_context io;
    RecordingSink kept;
    std::string certificate;
    std::unique_ptr<SmtpServer> server;
};

net::awaitable<void> one_mail(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask(envelope, 4), "220 250 250 250");
    EXPECT_EQ(co_await caller->ask("DATA\r\n", 1), "354");
    co_await caller->say(mail_text + ".\r\nQUIT\r\n");
    const std::string done = co_await caller->line();
    EXPECT_EQ(done, "250 2.0.0 queued as " + house.kept.mails.at(0).queue_id);
    EXPECT_EQ(co_await caller->codes(2), "221 end");
}

TEST(SmtpServer, hands_a_mail_over_with_its_trace) {
    House house;
    house.play(one_mail(house));
    ASSERT_EQ(house.kept.mails.size(), 1U);
    const InboundMail& mail = house.kept.mails.front();
    EXPECT_EQ(mail.channel, MailProtocol::smtp);
    EXPECT_EQ(mail.peer_address, "127.0.0.1");
    EXPECT_EQ(mail.helo, "c.example");
    EXPECT_EQ(mail.mail_from, "a@b.example");
    EXPECT_EQ(mail.recipients, std::vector<std::string>{"support@pay.example"});
    EXPECT_EQ(mail.encryption, "");
    EXPECT_EQ(mail.bytes, "Received: from c.example ([127.0.0.1])\r\n\tby mx.pay.example with ESMTP id " + mail.queue_id +
                              ";\r\n\t" + rfc5322_date(mail.at) + "\r\n" + mail_text);
}

net::awaitable<void> no_250_before_durable(House& house, Gate& reached, Gate& durable) {
    const auto caller = co_await Caller::dial(house.server->bound());
    co_await caller->ask(envelope + "DATA\r\n", 5);
    co_await caller->say(mail_text + ".\r\nNOOP\r\n");
    co_await reached.passed();
    const auto other = co_await Caller::dial(house.server->bound());  // another session goes its way meanwhile
    EXPECT_EQ(co_await other->ask("NOOP\r\n", 2), "220 250");
    EXPECT_FALSE(caller->connection().has_unread_or_ended());
    durable.open();
    EXPECT_EQ(co_await caller->codes(2), "250 250");
}

TEST(SmtpServer, says_250_only_once_the_mail_is_durable) {
    House house;
    Gate reached{house.io};
    Gate durable{house.io};
    house.kept.reached = &reached;
    house.kept.answer = &durable;
    house.play(no_250_before_durable(house, reached, durable));
}

net::awaitable<void> expect_verdict(House& house, std::string_view want) {
    const auto caller = co_await Caller::dial(house.server->bound());
    co_await caller->ask(envelope + "DATA\r\n", 5);
    EXPECT_EQ(co_await caller->ask(mail_text + ".\r\n", 1), want);
    EXPECT_EQ(co_await caller->ask("NOOP\r\n", 1), "250");
}

TEST(SmtpServer, passes_on_every_verdict) {
    struct Case {
        Verdict verdict;
        bool throws;
        std::string_view want;
    };
    for (const Case& c : {Case{Verdict::try_later, false, "451"}, Case{Verdict::full, false, "452"},
                          Case{Verdict::refused, false, "554"}, Case{Verdict::durable, true, "451"}}) {
        House house;
        house.kept.verdict = c.verdict;
        house.kept.throws = c.throws;
        house.play(expect_verdict(house, c.want));
    }
}

net::awaitable<void> mail_over_tls(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask("EHLO c.example\r\nSTARTTLS\r\nRSET\r\n", 3), "220 250 220");
    const auto trust = *net::client_tls_trusting(house.certificate);
    const auto safe = co_await caller->connection().start_tls(trust, "mx.pay.example");
    EXPECT_TRUE(safe);
    EXPECT_EQ(caller->heard(), "") << "RSET in clear must not be answered";
    EXPECT_EQ(co_await caller->ask("MAIL FROM:<a@b.example>\r\n", 1), "503") << "the greeting in clear is forgotten";
    EXPECT_EQ(co_await caller->ask(envelope + "DATA\r\n", 4), "250 250 250 354");
    EXPECT_EQ(co_await caller->ask(mail_text + ".\r\nQUIT\r\n", 2), "250 221");
}

TEST(SmtpServer, starts_tls) {
    House house;
    house.play(mail_over_tls(house));
    ASSERT_EQ(house.kept.mails.size(), 1U);
    EXPECT_TRUE(house.kept.mails.front().encryption.starts_with("TLSv1.3 "));
    EXPECT_TRUE(house.kept.mails.front().bytes.contains("with ESMTPS (TLSv1.3 "));
}

net::awaitable<void> garbage_for_tls(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask("STARTTLS\r\n", 2), "220 220");
    co_await caller->say("MAIL FROM:<a@b.example>\r\n");
    while (!caller->ended()) co_await caller->line();  // an alert, perhaps, and the end
}

TEST(SmtpServer, commands_in_place_of_a_handshake_end_the_session) {
    House house;
    house.play(garbage_for_tls(house));
    EXPECT_TRUE(house.kept.mails.empty());
}

net::awaitable<void> lmtp_mail(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask("LHLO mta\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@pay.example>\r\n"
                                   "RCPT TO:<verify@pay.example>\r\nDATA\r\n",
                                   6),
              "220 250 250 250 250 354");
    EXPECT_EQ(co_await caller->ask(mail_text + ".\r\nQUIT\r\n", 3), "250 250 221");
}

TEST(SmtpServer, speaks_lmtp_on_a_unix_socket) {
    const auto path = std::filesystem::temp_directory_path() / ("okpay_lmtp_" + hex_of(random_octets(6)));
    House house{{.protocol = MailProtocol::lmtp}, net::Endpoint::unix_socket(path.string()), false};
    house.play(lmtp_mail(house));
    ASSERT_EQ(house.kept.mails.size(), 1U) << "one mail, however many recipients";
    EXPECT_EQ(house.kept.mails.front().recipients.size(), 2U);
    EXPECT_EQ(house.kept.mails.front().peer_address, "");
    EXPECT_TRUE(
        house.kept.mails.front().bytes.starts_with("Received: from mta (local)\r\n\tby mx.pay.example with LMTP id "));
    EXPECT_FALSE(std::filesystem::exists(path));
}

net::awaitable<void> one_too_many(House& house) {
    const auto first = co_await Caller::dial(house.server->bound());
    const auto second = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await first->codes(1) + co_await second->codes(1), "220220");
    const auto third = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await third->codes(2), "421 end");
    EXPECT_EQ(co_await first->ask("QUIT\r\n", 2), "221 end");
    first->connection().close();
    while (house.server->connections() > 1) co_await asio::post(asio::use_awaitable);
    const auto fourth = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await fourth->codes(1), "220");
}

TEST(SmtpServer, turns_away_more_connections_than_it_takes) {
    House house{{.connections_max = 2}};
    house.play(one_too_many(house));
}

// The address other machines would know us by; asking for it sends nothing.
std::string outer_address(asio::io_context& io) {
    asio::ip::udp::socket socket{io};
    net::ErrorCode error;
    socket.connect({asio::ip::make_address("192.0.2.1"), 9}, error);
    return error ? "" : socket.local_endpoint(error).address().to_string();
}

net::awaitable<void> two_from_one_address(House& house) {
    const auto first = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await first->codes(1), "220");
    const auto second = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await second->codes(2), "421 end");
    first->connection().close();
    while (house.server->connections() > 0) co_await asio::post(asio::use_awaitable);
    const auto third = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await third->codes(1), "220");
}

TEST(SmtpServer, takes_so_many_connections_from_one_address_and_no_more) {
    asio::io_context io;
    const std::string address = outer_address(io);
    if (address.empty()) GTEST_SKIP() << "this machine has no address but loopback, and that one is not counted";
    House house{{.connections_per_address_max = 1}, net::Endpoint::tcp(address, 0)};
    house.play(two_from_one_address(house));
}

net::awaitable<void> silence(House& house, std::string said, std::string_view want) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask(said, static_cast<std::size_t>(std::ranges::count(want, ' ')) + 1), want);
}

TEST(SmtpServer, tells_a_silent_peer_that_its_time_is_over) {
    House for_commands{{.command_deadline = 5ms}};
    for_commands.play(silence(for_commands, "NOOP\r\nEHL", "220 250 421 end"));
    House for_messages{{.message_deadline = 5ms}};
    for_messages.play(silence(for_messages, envelope + "DATA\r\nhalf a li", "220 250 250 250 354 421 end"));
    House crowded{{.crowded_command_deadline = 5ms, .connections_max = 2}};
    crowded.play(silence(crowded, "", "220 421 end"));
    EXPECT_TRUE(for_messages.kept.mails.empty());
}

net::awaitable<void> stop_in_the_middle(House& house, Gate& reached, Gate& durable) {
    const auto idle = co_await Caller::dial(house.server->bound());
    const auto in_data = co_await Caller::dial(house.server->bound());
    const auto in_sink = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await idle->ask(envelope, 4), "220 250 250 250");
    EXPECT_EQ(co_await in_data->ask(envelope + "DATA\r\n", 5), "220 250 250 250 354");
    EXPECT_EQ(co_await in_sink->ask(envelope + "DATA\r\n", 5), "220 250 250 250 354");
    co_await in_sink->say(mail_text + ".\r\n");
    co_await reached.passed();
    house.server->stop();
    EXPECT_EQ(co_await idle->codes(2), "421 end");
    durable.open();
    EXPECT_EQ(co_await in_sink->codes(3), "250 421 end");
    EXPECT_EQ(co_await in_data->ask(mail_text + ".\r\n", 3), "250 421 end");
}

TEST(SmtpServer, stops_softly) {
    House house;
    Gate reached{house.io};
    Gate durable{house.io};
    house.kept.reached = &reached;
    house.kept.answer = &durable;
    house.play(stop_in_the_middle(house, reached, durable));
    EXPECT_EQ(house.kept.mails.size(), 2U);
}

net::awaitable<void> stop_while_it_hangs(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask(envelope + "DATA\r\nhalf", 5), "220 250 250 250 354");
    house.server->stop();
    EXPECT_EQ(co_await caller->codes(2), "421 end");
}

TEST(SmtpServer, does_not_wait_for_ever_when_stopping) {
    House house{{.drain_deadline = 5ms}};
    house.play(stop_while_it_hangs(house));
    EXPECT_TRUE(house.kept.mails.empty());
}

net::awaitable<void> cut_off(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask(envelope + "DATA\r\n", 5), "220 250 250 250 354");
    co_await caller->say(mail_text + ".\r");  // one octet short
    caller->connection().close();
}

TEST(SmtpServer, a_message_cut_off_is_no_message) {
    House house;
    house.play(cut_off(house));
    EXPECT_TRUE(house.kept.mails.empty());
}

net::awaitable<void> smuggle(House& house) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask(envelope + "DATA\r\n", 5), "220 250 250 250 354");
    co_await caller->say("x\r\n\n.\r\n" + std::string(100'000, 'y') + "\r\n" + envelope);
    EXPECT_EQ(co_await caller->codes(2), "521 end") << "the answer arrives although more was sent";
}

TEST(SmtpServer, smuggling_is_answered_and_ends_the_session) {
    House house;
    house.play(smuggle(house));
    EXPECT_TRUE(house.kept.mails.empty());
}

net::awaitable<void> large_mail(House& house, std::string_view want) {
    const auto caller = co_await Caller::dial(house.server->bound());
    EXPECT_EQ(co_await caller->ask(envelope + "DATA\r\n", 5), "220 250 250 250 354");
    std::string text;
    while (text.size() < 300'000) text += std::string(900, 'z') + "\r\n";
    EXPECT_EQ(co_await caller->ask(text + ".\r\nNOOP\r\n", 2), std::string{want} + " 250");
}

TEST(SmtpServer, keeps_the_octets_in_flight_and_the_size_within_limits) {
    House fits;
    fits.play(large_mail(fits, "250"));
    House no_room{{.octets_in_flight_max = 200'000}};
    no_room.play(large_mail(no_room, "452"));
    SmtpServerSettings small;
    small.limits.data.message_octets_max = 200'000;
    House too_large{small};
    too_large.play(large_mail(too_large, "552"));
    EXPECT_TRUE(no_room.kept.mails.empty() && too_large.kept.mails.empty());
}

net::awaitable<void> one_of_many(House& house, int number, int& left, Gate& all_done) {
    const auto caller = co_await Caller::dial(house.server->bound());
    for (int i = 0; i < 5; ++i) {
        const std::string text = std::to_string(number) + "/" + std::to_string(i) + "\r\n";
        co_await caller->ask(envelope + "DATA\r\n", i == 0 ? 5 : 4);
        EXPECT_EQ(co_await caller->ask(text + ".\r\n", 1), "250");
    }
    if (--left == 0) all_done.open();
}

TEST(SmtpServer, serves_many_at_once) {
    House house;
    Gate all_done{house.io};
    int left = 40;
    for (int number = 0; number < 40; ++number) {
        asio::co_spawn(house.io, one_of_many(house, number, left, all_done), asio::detached);
    }
    house.play(all_done.passed());
    std::set<std::string> texts;
    for (const InboundMail& mail : house.kept.mails) texts.insert(mail.bytes.substr(mail.bytes.find("+0000\r\n") + 7));
    EXPECT_EQ(texts.size(), 200U);
}

// Another program's view of us. It is a process, so it is awaited on a thread of its own. 127: it is not installed.
net::awaitable<int> exit_status_of(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int problem = posix_spawnp(&child, arguments.front(), &quiet, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&quiet);
    if (problem != 0) co_return 127;
    int status = 0;
    waitpid(child, &status, 0);
    co_return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

net::awaitable<void> swaks(House& house, int& status) {
    asio::thread_pool beside{1};
    std::vector<std::string> words{"swaks",
                                   "--server",
                                   house.server->bound().text(),
                                   "--from",
                                   "a@b.example",
                                   "--to",
                                   "support@pay.example",
                                   "--helo",
                                   "swaks.example",
                                   "--body",
                                   ".dots\n.."};
    auto waiting = exit_status_of(std::move(words));
    status = co_await asio::co_spawn(beside, std::move(waiting), asio::use_awaitable);
}

TEST(SmtpServer, satisfies_swaks) {
    House house;
    int status = 0;
    house.play(swaks(house, status));
    if (status == 127) GTEST_SKIP() << "swaks is not installed";
    EXPECT_EQ(status, 0);
    ASSERT_EQ(house.kept.mails.size(), 1U);
    EXPECT_TRUE(house.kept.mails.front().bytes.contains("\r\n.dots\r\n..\r\n")) << house.kept.mails.front().bytes;
}

}  // namespace
}  // namespace okpay::mailroom
