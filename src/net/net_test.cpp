// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/clock.hpp"
#include "net/deadline.hpp"
#include "net/http_client.hpp"
#include "net/listener.hpp"
#include "net/self_signed.hpp"

namespace okpay::net {
namespace {

using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;

constexpr Millis patience{20'000};  // reached only where a test fails

// Runs a story to its end and hands on what it throws.
template <class T>
T run(asio::io_context& io, awaitable<T> story) {
    auto done = asio::co_spawn(io, std::move(story), asio::use_future);
    io.restart();
    io.run();
    return done.get();
}

struct EndpointCase {
    std::string_view name, text, want;  // want is the text again, or the name of the error
};
constexpr std::array endpoint_cases{
    EndpointCase{"v4", "127.0.0.1:2525", "127.0.0.1:2525"},
    EndpointCase{"any free port", "localhost:0", "localhost:0"},
    EndpointCase{"v6", "[::1]:25", "[::1]:25"},
    EndpointCase{"unix", "unix:/run/okpay/lmtp.sock", "unix:/run/okpay/lmtp.sock"},
    EndpointCase{"no port", "localhost", "no_port"},
    EndpointCase{"v6 without port", "[::1]", "no_port"},
    EndpointCase{"empty port", "localhost:", "no_port"},
    EndpointCase{"no host", ":25", "no_host"},
    EndpointCase{"port too large", "localhost:65536", "bad_port"},
    EndpointCase{"port of words", "localhost:smtp", "bad_port"},
    EndpointCase{"sign before the port", "localhost:+25", "bad_port"},
    EndpointCase{"bare v6", "::1:25", "bad_host"},
    EndpointCase{"space", "local host:25", "bad_host"},
    EndpointCase{"no address in brackets", "[localhost]:25", "bad_host"},
    EndpointCase{"empty path", "unix:", "bad_path"},
};

std::string_view name_of(EndpointError error) {
    switch (error) {
    case EndpointError::no_host: return "no_host";
    case EndpointError::no_port: return "no_port";
    case EndpointError::bad_host: return "bad_host";
    case EndpointError::bad_port: return "bad_port";
    case EndpointError::bad_path: return "bad_path";
    case EndpointError::path_too_long: return "path_too_long";
    }
    std::abort();
}

TEST(Endpoint, reads_what_an_operator_writes) {
    for (const EndpointCase& c : endpoint_cases) {
        SCOPED_TRACE(c.name);
        const auto got = Endpoint::parse(c.text);
        EXPECT_EQ(got ? got->text() : name_of(got.error()), c.want);
    }
    EXPECT_EQ(Endpoint::parse("unix:/" + std::string(107, 'x')).error(), EndpointError::path_too_long);
    EXPECT_TRUE(Endpoint::parse("[::1]:1")->is_local_only());
    EXPECT_FALSE(Endpoint::parse("0.0.0.0:1")->is_local_only());
}

awaitable<std::string> echo_once(Listener& listener, TlsContext tls) {
    auto connection = co_await listener.accept();
    connection->expire_after(patience);
    if (tls) {
        const auto safe = co_await connection->accept_tls(tls);
        if (!safe) co_return std::string{explain(safe.error())};
    }
    std::array<char, 64> buffer;
    const auto count = co_await connection->read_some(buffer);
    if (!count) co_return std::string{explain(count.error())};
    const std::string heard{buffer.data(), *count};
    co_await connection->write(heard);
    co_await connection->close_gently(patience);
    co_return heard;
}

awaitable<std::string> ask(Endpoint at, TlsContext tls, std::string host) {
    auto connection = co_await connect(at, patience);
    if (!connection) co_return std::string{explain(connection.error())};
    connection->expire_after(patience);
    if (tls) {
        const auto safe = co_await connection->start_tls(tls, host);
        if (!safe) co_return "no tls";
    }
    co_await connection->write("hello");
    std::array<char, 64> buffer;
    const auto count = co_await connection->read_some(buffer);
    co_return count ? std::string{buffer.data(), *count} : "nothing";
}

TEST(Listener, serves_tcp_and_unix_sockets_alike) {
    const auto directory = std::filesystem::temp_directory_path() / ("okpay_net_" + hex_of(random_octets(6)));
    std::filesystem::create_directory(directory);
    for (const auto& at : {Endpoint::tcp("localhost", 0), Endpoint::unix_socket((directory / "s").string())}) {
        SCOPED_TRACE(at.text());
        asio::io_context io;
        auto listener = Listener::open(io.get_executor(), at);
        ASSERT_TRUE(listener);
        if (!at.is_unix()) { EXPECT_NE(listener->bound().port(), 0); }
        const auto [heard, answer] = run(io, echo_once(*listener, {}) && ask(listener->bound(), {}, ""));
        EXPECT_EQ(heard, "hello");
        EXPECT_EQ(answer, "hello");
        const auto second = Listener::open(io.get_executor(), listener->bound());
        EXPECT_EQ(second.error(), ListenError::in_use);
    }
    EXPECT_TRUE(std::filesystem::is_empty(directory)) << "the socket file goes with its listener";
    std::filesystem::remove_all(directory);
}

TEST(Listener, replaces_a_socket_file_nobody_answers_on) {
    const auto path = std::filesystem::temp_directory_path() / ("okpay_stale_" + hex_of(random_octets(6)));
    asio::io_context io;
    { asio::local::stream_protocol::acceptor killed{io, asio::local::stream_protocol::endpoint{path.string()}}; }
    ASSERT_TRUE(std::filesystem::exists(path));
    EXPECT_TRUE(Listener::open(io.get_executor(), Endpoint::unix_socket(path.string())));
}

awaitable<IoError> accept_error(Listener& listener) {
    const auto connection = co_await listener.accept();
    co_return connection ? IoError::failed : connection.error();
}
awaitable<int> close_it(Listener& listener) {
    listener.close();
    co_return 0;
}

TEST(Listener, accept_ends_when_closed) {
    asio::io_context io;
    auto listener = Listener::open(io.get_executor(), Endpoint::tcp("127.0.0.1", 0));
    const auto [error, nothing] = run(io, accept_error(*listener) && close_it(*listener));
    EXPECT_EQ(error, IoError::cancelled);
}

TEST(Tls, checks_certificate_and_name) {
    const auto made = self_signed("mail.pay.example", now(), std::chrono::days{2});
    const auto server = ServerTls::of_pem(made.certificate_pem, made.key_pem.reveal());
    ASSERT_TRUE(server);
    struct Case {
        std::string_view name;
        TlsContext trust;
        std::string host, want;
    };
    const std::array cases{
        Case{"trusted, right name", *client_tls_trusting(made.certificate_pem), "mail.pay.example", "hello"},
        Case{"trusted, wrong name", *client_tls_trusting(made.certificate_pem), "evil.example", "no tls"},
        Case{"not trusted", *client_tls(PeerCheck::certificate_and_name), "mail.pay.example", "no tls"},
        Case{"unchecked", *client_tls(PeerCheck::none), "whoever", "hello"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        asio::io_context io;
        auto listener = Listener::open(io.get_executor(), Endpoint::tcp("127.0.0.1", 0));
        const auto [heard, answer] =
            run(io, echo_once(*listener, (*server)->context()) && ask(listener->bound(), c.trust, c.host));
        EXPECT_EQ(answer, c.want);
    }
}

TEST(Tls, reload_keeps_the_old_certificate_where_the_new_is_bad) {
    const auto directory = std::filesystem::temp_directory_path() / ("okpay_tls_" + hex_of(random_octets(6)));
    std::filesystem::create_directory(directory);
    const auto write = [&](const char* name, ByteView content) { std::ofstream{directory / name} << content; };
    const auto first = self_signed("a.example", now(), std::chrono::days{2});
    const auto second = self_signed("b.example", now(), std::chrono::days{2});
    write("cert", first.certificate_pem);
    write("key", first.key_pem.reveal());
    const auto tls = ServerTls::of_files(directory / "cert", directory / "key");
    ASSERT_TRUE(tls);
    const auto before = (*tls)->context();

    write("cert", second.certificate_pem);
    EXPECT_EQ((*tls)->reload().error(), TlsError::key_does_not_match);
    EXPECT_EQ((*tls)->context(), before);
    write("key", second.key_pem.reveal());
    EXPECT_TRUE((*tls)->reload());
    EXPECT_NE((*tls)->context(), before);
    write("cert", "no certificate");
    EXPECT_EQ((*tls)->reload().error(), TlsError::certificate_unreadable);
    std::filesystem::remove_all(directory);
}

awaitable<int> never() {
    asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
    co_await timer.async_wait(asio::use_awaitable);
    co_return 1;
}
awaitable<int> at_once(int value) { co_return value; }
awaitable<int> throwing() {
    throw std::runtime_error{"told"};
    co_return 0;
}

TEST(Within, answers_in_time_or_not_and_passes_on_what_is_thrown) {
    asio::io_context io;
    EXPECT_EQ(run(io, within(patience, at_once(7))), 7);
    EXPECT_EQ(run(io, within(1ms, never())), std::nullopt);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THROW(run(io, within(patience, throwing())), std::runtime_error);
    EXPECT_LT(std::chrono::steady_clock::now() - start, patience);
}

awaitable<IoError> read_with_deadline(Endpoint at) {
    auto connection = co_await connect(at, patience);
    connection->expire_after(1ms);
    std::array<char, 8> buffer;
    const auto count = co_await connection->read_some(buffer);
    co_return count ? IoError::failed : count.error();
}

TEST(Connection, a_silent_peer_times_out) {
    asio::io_context io;
    auto listener = Listener::open(io.get_executor(), Endpoint::tcp("127.0.0.1", 0));
    EXPECT_EQ(run(io, read_with_deadline(listener->bound())), IoError::timed_out);
}

// A scripted HTTP peer: answers each request head it sees with the next script entry; an empty one closes.
awaitable<int> http_peer(Listener& listener, std::vector<std::vector<std::string>> connections) {
    for (const auto& script : connections) {
        auto connection = co_await listener.accept();
        connection->expire_after(patience);
        for (const std::string& answer : script) {
            std::string heard;
            std::array<char, 512> buffer;
            while (!heard.ends_with("BODY")) {
                const auto count = co_await connection->read_some(buffer);
                if (!count) co_return -1;
                heard.append(buffer.data(), *count);
            }
            if (!answer.empty()) co_await connection->write(answer);
        }
    }
    co_return 0;
}

awaitable<std::vector<std::string>> post_times(HttpClientSettings settings, std::size_t times) {
    HttpClient client{std::move(settings)};
    std::vector<std::string> answers;
    for (std::size_t i = 0; i < times; ++i) {
        HttpPost post{.target = "/x", .headers = {{"X-Id", "1"}}, .body = "BODY"};
        const auto got = co_await client.post(std::move(post));
        answers.push_back(got ? std::to_string(got->status) + " " + got->body : std::string{explain(got.error())});
    }
    co_return answers;
}

TEST(HttpClient, tells_not_sent_from_unknown_and_keeps_connections) {
    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const std::string conflict = "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n";
    const std::string large = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x');
    const std::string unknown{explain(HttpError::outcome_unknown)};
    struct Case {
        std::string_view name;
        std::vector<std::vector<std::string>> peer;
        std::vector<std::string> want;
    };
    const std::vector<Case> cases{
        {"two on one connection", {{ok, conflict}}, {"200 ok", "409 "}},
        {"peer closes between", {{ok}, {ok}}, {"200 ok", "200 ok"}},
        {"dropped after the request", {{""}}, {unknown}},
        {"dropped inside the answer", {{ok.substr(0, 20)}}, {unknown}},
        {"no HTTP", {{"220 mail.example ESMTP\r\n"}}, {unknown}},
        {"too large", {{large}}, {std::string{explain(HttpError::response_too_large)}}},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        asio::io_context io;
        auto listener = Listener::open(io.get_executor(), Endpoint::tcp("127.0.0.1", 0));
        HttpClientSettings settings{
            .peer = listener->bound(), .host = "node", .tls = {}, .deadline = patience, .response_octets_max = 99};
        const auto [served, answers] = run(io, http_peer(*listener, c.peer) && post_times(settings, c.want.size()));
        EXPECT_EQ(answers, c.want);
    }
    asio::io_context io;
    auto listener = Listener::open(io.get_executor(), Endpoint::tcp("127.0.0.1", 0));
    const HttpClientSettings settings{.peer = listener->bound(), .host = "node", .tls = {}, .deadline = patience};
    listener->close();
    EXPECT_EQ(run(io, post_times(settings, 1)).front(), explain(HttpError::not_sent));
}

}  // namespace
}  // namespace okpay::net
