// SPDX-License-Identifier: Apache-2.0
// For the tests of this room: stories as coroutines on one io_context, a client that speaks line by line, a sink.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "mailroom/inbound_mail.hpp"
#include "net/connection.hpp"

namespace okpay::mailroom {

constexpr Millis patience{20'000};  // reached only where a test fails

// Runs a story to its end, with whatever else lives on the context, and hands on what it throws.
template <class T>
T run_story(asio::io_context& io, net::awaitable<T> story) {
    auto done = asio::co_spawn(io, std::move(story), asio::use_future);
    io.restart();
    io.run();
    return done.get();
}

// Opened once, by whoever; others wait until then.
class Gate {
public:
    explicit Gate(asio::io_context& io) : timer_{io, asio::steady_timer::time_point::max()} {}
    void open() {
        open_ = true;
        timer_.cancel();
    }
    net::awaitable<void> passed() {
        if (!open_) co_await timer_.async_wait(net::quietly);
    }

private:
    asio::steady_timer timer_;
    bool open_ = false;
};

class Caller {
public:
    explicit Caller(net::Connection connection) : connection_{std::move(connection)} { connection_.expire_after(patience); }
    static net::awaitable<std::unique_ptr<Caller>> dial(net::Endpoint at) {
        auto connection = co_await net::connect(at, patience);
        if (!connection) throw std::runtime_error{"no connection"};
        co_return std::make_unique<Caller>(*std::move(connection));
    }

    net::awaitable<void> say(std::string words) {
        const auto sent = co_await connection_.write(words);
        if (!sent) throw std::runtime_error{std::string{net::explain(sent.error())}};
    }
    // The next line, without CRLF; "" at the end of the connection.
    net::awaitable<std::string> line() {
        while (!heard_.contains("\r\n")) {
            std::array<char, 4096> buffer;
            const auto count = co_await connection_.read_some(buffer);
            if (!count) {
                ended_ = true;
                co_return "";
            }
            heard_.append(buffer.data(), *count);
        }
        const std::string got = heard_.substr(0, heard_.find("\r\n"));
        heard_.erase(0, got.size() + 2);
        co_return got;
    }
    // Reads so many whole replies and gives their codes: "250 354", "421 end".
    net::awaitable<std::string> codes(std::size_t replies) {
        std::string codes;
        for (std::size_t i = 0; i < replies;) {
            const std::string got = co_await line();
            if (got.size() > 3 && got[3] == '-') continue;
            codes += (codes.empty() ? "" : " ") + (ended_ ? "end" : got.substr(0, 3));
            ++i;
        }
        co_return codes;
    }
    net::awaitable<std::string> ask(std::string words, std::size_t replies) {
        co_await say(std::move(words));
        co_return co_await codes(replies);
    }
    [[nodiscard]] bool ended() const { return ended_; }
    net::Connection& connection() { return connection_; }
    std::string heard() { return std::exchange(heard_, {}); }

private:
    net::Connection connection_;
    std::string heard_;
    bool ended_ = false;
};

// Keeps what it is given; answers at once, or after its gate is open.
struct RecordingSink {
    std::vector<InboundMail> mails;
    Verdict verdict = Verdict::durable;
    bool throws = false;
    Gate* reached = nullptr;
    Gate* answer = nullptr;

    InboundSink sink() {
        return [this](InboundMail mail) { return take(std::move(mail)); };
    }

private:
    net::awaitable<Acceptance> take(InboundMail mail) {
        mails.push_back(std::move(mail));
        if (reached != nullptr) reached->open();
        if (answer != nullptr) co_await answer->passed();
        if (throws) throw std::runtime_error{"storage is away"};
        co_return Acceptance{verdict, ""};
    }
};

}  // namespace okpay::mailroom
