// SPDX-License-Identifier: Apache-2.0
// The server on a real socket: what it reads, its limits, how it stops; and the live stream over it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/events.hpp"
#include "api/http_server.hpp"
#include "api/problem.hpp"
#include "base/clock.hpp"
#include "net/self_signed.hpp"

namespace okpay::api {
namespace {

awaitable<Response> echo(Request request) {
    co_return json_response(200,
                            fmt::format("{{\"path\":\"{}\",\"body\":{}}}", request.path, request.message.body().size()));
}

class HttpServerTest : public testing::Test {
public:
    void start(HttpLimits limits = {}, HttpHandler handler = echo) {
        auto listener = net::Listener::open(io.get_executor(), net::Endpoint::tcp("127.0.0.1", 0));
        ASSERT_TRUE(listener.has_value());
        server = std::make_unique<HttpServer>(*std::move(listener), tls, std::move(handler), metrics, limits);
        asio::co_spawn(io, server->run(), asio::detached);
    }
    void run(awaitable<void> test) {
        bool finished = false;
        asio::co_spawn(io, std::move(test), [this, &finished](std::exception_ptr failure) {
            EXPECT_FALSE(failure);
            finished = true;
            asio::co_spawn(io, server->stop(Millis{2'000}), asio::detached);
        });
        io.run_for(std::chrono::seconds{30});
        EXPECT_TRUE(finished);
        EXPECT_EQ(server->connections(), 0U);
    }
    awaitable<net::Connection> connect() {
        constexpr Millis patience{10'000};
        auto connection = co_await net::connect(server->bound(), patience);
        connection.value().expire_after(patience);
        co_return *std::move(connection);
    }
    // All until the end, or until `enough` was seen.
    static awaitable<std::string> read_until(net::Connection& connection, std::string enough) {
        std::string text;
        std::array<char, 4096> part;
        while (enough.empty() || !text.contains(enough)) {
            const auto got = co_await connection.read_some(part);
            if (!got) break;
            text.append(part.data(), *got);
        }
        co_return text;
    }
    awaitable<std::string> answer_to(std::string octets) {
        auto connection = co_await connect();
        const auto written = co_await connection.write(octets);
        EXPECT_TRUE(written.has_value());
        co_return co_await read_until(connection, "");
    }

    asio::io_context io;
    Metrics metrics;
    std::shared_ptr<net::ServerTls> tls;
    std::unique_ptr<HttpServer> server;
};

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

TEST_F(HttpServerTest, answers_pipelined_requests_in_order_and_keeps_the_connection) {
    start();
    run([](HttpServerTest& test) -> awaitable<void> {
        const std::string text = co_await test.answer_to(
            "GET /one HTTP/1.1\r\nHost: x\r\n\r\nPOST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
            "HEAD /three HTTP/1.1\r\nHost: x\r\n\r\nGET /four HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        EXPECT_EQ(count_of(text, "HTTP/1.1 200 OK"), 4U) << text;
        EXPECT_LT(text.find("\"/one\""), text.find("\"/two\",\"body\":3"));
        EXPECT_EQ(text.find("\"/three\""), std::string::npos);
        EXPECT_NE(text.find("\"/four\""), std::string::npos);
        EXPECT_NE(text.find("X-Content-Type-Options: nosniff"), std::string::npos);
        EXPECT_NE(text.find("frame-ancestors 'none'"), std::string::npos);
    }(*this));
    EXPECT_NE(metrics.text().find("okpay_http_responses_total{class=\"2xx\"} 4"), std::string::npos);
}

TEST_F(HttpServerTest, every_limit_has_its_answer) {
    start({.header_octets_max = 1'024, .body_octets_max = 100});
    run([](HttpServerTest& test) -> awaitable<void> {
        const std::string long_head = "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n";
        const std::string long_body = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x');
        const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nc8\r\n" +
                                    std::string(200, 'x') + "\r\n0\r\n\r\n";
        EXPECT_TRUE((co_await test.answer_to(long_head)).starts_with("HTTP/1.1 431 "));
        EXPECT_TRUE((co_await test.answer_to(long_body)).starts_with("HTTP/1.1 413 "));
        EXPECT_TRUE((co_await test.answer_to(chunked)).starts_with("HTTP/1.1 413 "));
        EXPECT_TRUE((co_await test.answer_to("nonsense\r\n\r\n")).starts_with("HTTP/1.1 400 "));
        EXPECT_TRUE((co_await test.answer_to("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).starts_with("HTTP/1.1 400 "));
        EXPECT_TRUE((co_await test.answer_to("GET / HTTP/2.0\r\n\r\n")).starts_with("HTTP/1.1 400 "));
        EXPECT_TRUE((co_await test.answer_to("PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                        .starts_with("HTTP/1.1 405 "));
        EXPECT_TRUE((co_await test.answer_to("GET http://y/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                        .starts_with("HTTP/1.1 400 "));
    }(*this));
}

TEST_F(HttpServerTest, a_picture_may_be_larger_than_other_bodies_and_few_come_at_once) {
    start({.body_octets_max = 100,
           .uploads = {.takes_one = [](std::string_view target) { return target.starts_with("/picture"); },
                       .body_octets_max = 1'000,
                       .at_once_max = 1}});
    run([](HttpServerTest& test) -> awaitable<void> {
        const auto sent = [](std::string_view path, std::size_t octets) {
            return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}", path,
                               octets, std::string(octets, 'x'));
        };
        const auto chunked = [](std::string_view path, std::size_t octets) {
            return fmt::format(
                "POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: "
                "chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                path, octets, std::string(octets, 'x'));
        };
        EXPECT_TRUE((co_await test.answer_to(sent("/picture", 1'000))).contains("\"body\":1000"));
        EXPECT_TRUE((co_await test.answer_to(chunked("/picture", 1'000))).contains("\"body\":1000"));
        EXPECT_TRUE((co_await test.answer_to(sent("/picture", 1'001))).starts_with("HTTP/1.1 413 "));
        EXPECT_TRUE((co_await test.answer_to(chunked("/picture", 1'001))).starts_with("HTTP/1.1 413 "));
        EXPECT_TRUE((co_await test.answer_to(sent("/other", 101))).starts_with("HTTP/1.1 413 "));
        EXPECT_TRUE((co_await test.answer_to(chunked("/other", 101))).starts_with("HTTP/1.1 413 "));
        EXPECT_TRUE((co_await test.answer_to(sent("/other", 100))).contains("\"body\":100"));
        // One is under way and waits for its octets: a second is told to come again, a small body is not.
        auto slow = co_await test.connect();
        const auto begun = co_await slow.write("POST /picture HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nxx");
        EXPECT_TRUE(begun.has_value());
        std::string second;
        for (int tries = 0; tries < 100 && !second.starts_with("HTTP/1.1 503 "); ++tries) {
            second = co_await test.answer_to(sent("/picture", 500));  // until the first one's head was read
        }
        EXPECT_TRUE(second.starts_with("HTTP/1.1 503 ")) << second;
        EXPECT_TRUE((co_await test.answer_to(sent("/picture", 50))).contains("\"body\":50"));
        const auto rest = co_await slow.write(std::string(498, 'x'));
        EXPECT_TRUE(rest.has_value());
        EXPECT_TRUE((co_await test.read_until(slow, "\"body\":500")).contains("\"body\":500"));
        EXPECT_TRUE((co_await test.answer_to(sent("/picture", 500))).contains("\"body\":500")) << "there is room again";
    }(*this));
}

TEST_F(HttpServerTest, speaks_tls) {
    const auto made = net::self_signed("localhost", now(), std::chrono::days{1});
    tls = net::ServerTls::of_pem(made.certificate_pem, made.key_pem.reveal()).value();
    start();
    auto test = [](HttpServerTest& self, std::string certificate) -> awaitable<void> {
        auto connection = co_await self.connect();
        const auto trust = net::client_tls_trusting(certificate);
        const auto secured = co_await connection.start_tls(trust.value(), "localhost");
        EXPECT_TRUE(secured.has_value());
        co_await connection.write("GET /secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        const std::string text = co_await read_until(connection, "");
        EXPECT_NE(text.find("/secret"), std::string::npos);
    };
    run(test(*this, made.certificate_pem));
}

TEST_F(HttpServerTest, a_body_is_asked_for_where_the_client_waits) {
    start();
    run([](HttpServerTest& test) -> awaitable<void> {
        auto connection = co_await test.connect();
        co_await connection.write(
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        const std::string first = co_await read_until(connection, "\r\n\r\n");
        EXPECT_TRUE(first.starts_with("HTTP/1.1 100 Continue"));
        co_await connection.write("ab");
        const std::string second = co_await read_until(connection, "");
        EXPECT_NE(second.find("\"body\":2"), std::string::npos);
    }(*this));
}

TEST_F(HttpServerTest, idle_and_slow_clients_are_let_go) {
    start({.idle = Millis{100}, .request = Millis{100}});
    run([](HttpServerTest& test) -> awaitable<void> {
        const std::string idle = co_await test.answer_to("");
        EXPECT_EQ(idle, "");
        const std::string slow = co_await test.answer_to("GET / HTTP/1.1\r\nHost:");
        EXPECT_EQ(slow, "");
    }(*this));
}

TEST_F(HttpServerTest, too_many_connections_are_told_so) {
    start({.connections_max = 1});
    run([](HttpServerTest& test) -> awaitable<void> {
        auto first = co_await test.connect();
        co_await first.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        co_await read_until(first, "}");
        const std::string second = co_await test.answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_TRUE(second.starts_with("HTTP/1.1 503 ")) << second;
        first.close();
    }(*this));
}

TEST_F(HttpServerTest, what_a_library_throws_is_an_answer) {
    start({}, [](Request) -> awaitable<Response> {
        throw std::runtime_error{"a library"};
        co_return Response{};
    });
    run([](HttpServerTest& test) -> awaitable<void> {
        const std::string text = co_await test.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        EXPECT_TRUE(text.starts_with("HTTP/1.1 503 "));
        EXPECT_EQ(text.find("a library"), std::string::npos);
    }(*this));
}

TEST_F(HttpServerTest, stop_finishes_what_is_in_flight) {
    auto gate = std::make_shared<asio::steady_timer>(io, std::chrono::hours{1});
    bool started = false;
    auto handler = [](std::shared_ptr<asio::steady_timer> door, bool& was_started) -> awaitable<Response> {
        was_started = true;
        co_await door->async_wait(net::quietly);
        co_return json_response(200, "\"finished\"");
    };
    start({}, [gate, &started, handler](const Request&) { return handler(gate, started); });
    auto test = [](HttpServerTest& self, std::shared_ptr<asio::steady_timer> door, bool& was_started) -> awaitable<void> {
        auto idle = co_await self.connect();
        auto busy = co_await self.connect();
        co_await busy.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        while (!was_started) co_await asio::post(asio::use_awaitable);
        asio::co_spawn(self.io, self.server->stop(Millis{20'000}), asio::detached);
        const std::string nothing = co_await read_until(idle, "");  // closed at once
        EXPECT_EQ(nothing, "");
        door->cancel();
        const std::string text = co_await read_until(busy, "");
        EXPECT_NE(text.find("finished"), std::string::npos);
        EXPECT_NE(text.find("Connection: close"), std::string::npos);
    };
    run(test(*this, gate, started));
}

TEST_F(HttpServerTest, live_changes_come_as_events_and_resume) {
    EventHub hub{io.get_executor(),
                 moment_of_ms(1'000),
                 {.ring_events = 4, .client_events_max = 8, .heartbeat = Millis{50}}};
    auto handler = [](EventHub& live, Request request) -> awaitable<Response> {
        std::optional<std::int64_t> seen;
        if (!request.query.empty()) seen = std::stoll(request.query);
        Response response{.status = 200, .content_type = "text/event-stream", .body = "", .headers = {}};
        response.stream = live.subscribe(seen);
        co_return response;
    };
    start({}, [&hub, handler](Request request) { return handler(hub, std::move(request)); });
    auto test = [](HttpServerTest& self, EventHub& live) -> awaitable<void> {
        auto client = co_await self.connect();
        co_await client.write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
        co_await read_until(client, "retry:");
        live.publish_ticket_changed("OK-1");
        const std::string event = co_await read_until(client, "OK-1\"}\n\n");
        EXPECT_NE(event.find("id: 1024001\ndata: {\"seq\":1024001,\"kind\":\"ticket_changed\",\"number\":\"OK-1\"}"),
                  std::string::npos)
            << event;
        const std::string alive = co_await read_until(client, ": still here");
        EXPECT_NE(alive.find(": still here"), std::string::npos);
        for (const std::string number : {"OK-2", "OK-3", "OK-4", "OK-5", "OK-6"}) live.publish_ticket_changed(number);
        co_await read_until(client, "OK-6");

        auto resumed = co_await self.connect();
        co_await resumed.write("GET /events?1024003 HTTP/1.1\r\nHost: x\r\n\r\n");
        const std::string missed = co_await read_until(resumed, "OK-6\"}\n\n");
        EXPECT_NE(missed.find("OK-4"), std::string::npos);
        EXPECT_EQ(missed.find("OK-3"), std::string::npos);
        auto late = co_await self.connect();
        co_await late.write("GET /events?1024001 HTTP/1.1\r\nHost: x\r\n\r\n");
        const std::string resync = co_await read_until(late, "resync");
        EXPECT_NE(resync.find("\"kind\":\"resync\",\"number\":null"), std::string::npos) << resync;
        EXPECT_EQ(live.subscribers(), 3U);
        live.stop();
        co_await read_until(client, "");
    };
    run(test(*this, hub));
}

TEST(EventHub, a_slow_client_is_let_go) {
    asio::io_context io;
    EventHub hub{io.get_executor(), moment_of_ms(1'000), {.client_events_max = 3}};
    const auto stream = hub.subscribe(std::nullopt);
    for (int i = 0; i < 3; ++i) hub.publish_ticket_changed("OK-1");
    io.run();
    bool ended = false;
    asio::co_spawn(io, stream->next(), [&ended](std::exception_ptr, std::optional<std::string> part) { ended = !part; });
    io.restart();
    io.run();
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace okpay::api
