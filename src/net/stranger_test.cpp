// SPDX-License-Identifier: Apache-2.0
#include "net/stranger.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace okpay::net {
namespace {

struct AddressCase {
    std::string_view address;
    bool is_public;
};
constexpr std::array address_cases{
    AddressCase{"8.8.8.8", true},
    AddressCase{"1.1.1.1", true},
    AddressCase{"223.255.255.255", true},
    AddressCase{"0.0.0.0", false},
    AddressCase{"0.1.2.3", false},
    AddressCase{"10.0.0.1", false},
    AddressCase{"10.255.255.255", false},
    AddressCase{"11.0.0.0", true},
    AddressCase{"100.63.255.255", true},
    AddressCase{"100.64.0.0", false},
    AddressCase{"100.127.255.255", false},
    AddressCase{"100.128.0.0", true},
    AddressCase{"127.0.0.1", false},
    AddressCase{"127.8.9.10", false},
    AddressCase{"169.254.169.254", false},
    AddressCase{"172.15.255.255", true},
    AddressCase{"172.16.0.0", false},
    AddressCase{"172.31.255.255", false},
    AddressCase{"172.32.0.0", true},
    AddressCase{"192.0.0.8", false},
    AddressCase{"192.0.2.1", false},
    AddressCase{"192.168.1.1", false},
    AddressCase{"198.18.0.1", false},
    AddressCase{"198.19.255.255", false},
    AddressCase{"198.51.100.1", false},
    AddressCase{"203.0.113.1", false},
    AddressCase{"224.0.0.1", false},
    AddressCase{"240.0.0.1", false},
    AddressCase{"255.255.255.255", false},
    AddressCase{"::", false},
    AddressCase{"::1", false},
    AddressCase{"::127.0.0.1", false},
    AddressCase{"::ffff:127.0.0.1", false},
    AddressCase{"::ffff:10.1.2.3", false},
    AddressCase{"::ffff:169.254.169.254", false},
    AddressCase{"::ffff:8.8.8.8", true},
    AddressCase{"64:ff9b::7f00:1", false},
    AddressCase{"64:ff9b::808:808", true},
    AddressCase{"64:ff9b:1::808:808", false},
    AddressCase{"2002:7f00:1::", false},
    AddressCase{"2002:808:808::1", true},
    AddressCase{"2001::1", false},
    AddressCase{"2001:db8::1", false},
    AddressCase{"2001:4860:4860::8888", true},
    AddressCase{"2606:4700:4700::1111", true},
    AddressCase{"3fff::1", false},
    AddressCase{"fc00::1", false},
    AddressCase{"fd00:ec2::254", false},
    AddressCase{"fe80::1", false},
    AddressCase{"fec0::1", false},
    AddressCase{"ff02::1", false},
};

TEST(PublicAddress, is_one_that_everybody_reaches) {
    for (const AddressCase& c : address_cases) {
        EXPECT_EQ(is_public_address(asio::ip::make_address(c.address)), c.is_public) << c.address;
    }
}

// Serves one connection: says `answer` to whatever comes, and what came is kept.
class Receiver {
public:
    explicit Receiver(asio::io_context& io, std::string answer) : acceptor_{io, {asio::ip::address_v4::loopback(), 0}} {
        asio::co_spawn(io, serve(std::move(answer)), asio::detached);
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] const std::string& heard() const { return heard_; }

private:
    awaitable<void> serve(std::string answer) {
        auto [error, socket] = co_await acceptor_.async_accept(quietly);
        if (error) co_return;
        while (heard_.find("\r\n\r\n") == std::string::npos) {
            std::array<char, 1'024> octets{};
            const auto [read_error, count] = co_await socket.async_read_some(asio::buffer(octets), quietly);
            if (read_error) co_return;
            heard_.append(octets.data(), count);
        }
        if (answer.empty()) {  // silent until the other end is tired of it
            std::array<char, 1> octet{};
            while (!std::get<0>(co_await socket.async_read_some(asio::buffer(octet), quietly))) {}
            co_return;
        }
        co_await asio::async_write(socket, asio::buffer(answer), quietly);
    }
    asio::ip::tcp::acceptor acceptor_;
    std::string heard_;
};

Result<unsigned, StrangerError> posted(asio::io_context& io, StrangerPost post) {
    auto resolver = DnsResolver::start({.server = "127.0.0.1:9", .try_lasts = Millis{50}, .tries = 1});
    EXPECT_TRUE(resolver);
    std::optional<Result<unsigned, StrangerError>> got;
    auto work = post_to_stranger(**resolver, std::move(post));
    asio::co_spawn(io, std::move(work), [&got](const std::exception_ptr& failure, Result<unsigned, StrangerError> answer) {
        EXPECT_FALSE(failure);
        got = answer;
    });
    io.run();
    return got.value_or(fail(StrangerError::no_answer));
}

StrangerPost post_to(std::string host, std::uint16_t port) {
    StrangerPost post{
        .host = host, .port = port, .authority = host, .tls = {}, .target = "/h?x", .headers = {}, .body = "{}"};
    post.headers.emplace_back("webhook-id", "evt_1");
    post.loopback_allowed = true;
    post.deadline = Millis{2'000};
    return post;
}

TEST(Stranger, hears_the_status_and_follows_no_redirect) {
    for (const auto& [answer, status] : std::initializer_list<std::pair<std::string, unsigned>>{
             {"HTTP/1.1 204 No Content\r\n\r\n", 204},
             {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302},
             {"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + std::string(20'000, 'x'), 200},
             {"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", 500}}) {
        asio::io_context io;
        Receiver receiver{io, answer};
        const auto got = posted(io, post_to("127.0.0.1", receiver.port()));
        ASSERT_TRUE(got) << answer.substr(0, 30);
        EXPECT_EQ(*got, status);
        EXPECT_TRUE(receiver.heard().starts_with("POST /h?x HTTP/1.1\r\n")) << receiver.heard();
        EXPECT_NE(receiver.heard().find("webhook-id: evt_1\r\n"), std::string::npos);
    }
}

TEST(Stranger, is_not_sent_to_where_nobody_outside_could_send) {
    for (const char* host : {"127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"}) {
        asio::io_context io;
        StrangerPost post = post_to(host, 1);
        post.loopback_allowed = false;
        EXPECT_EQ(posted(io, std::move(post)), fail(StrangerError::address_refused)) << host;
    }
    asio::io_context io;
    EXPECT_EQ(posted(io, post_to("10.0.0.1", 1)), fail(StrangerError::address_refused)) << "a test's loopback alone";
}

TEST(Stranger, that_says_nothing_is_left_in_time) {
    {
        asio::io_context io;
        Receiver receiver{io, ""};
        StrangerPost post = post_to("127.0.0.1", receiver.port());
        post.deadline = Millis{200};
        EXPECT_EQ(posted(io, std::move(post)), fail(StrangerError::no_answer));
    }
    {
        asio::io_context io;
        Receiver receiver{io, "SSH-2.0-OpenSSH\r\n"};
        EXPECT_EQ(posted(io, post_to("127.0.0.1", receiver.port())), fail(StrangerError::no_answer));
    }
    asio::io_context io;
    EXPECT_EQ(posted(io, post_to("no-such-name.invalid", 1)), fail(StrangerError::no_address));
}

TEST(Stranger, without_a_good_certificate_is_sent_nothing) {
    asio::io_context io;
    Receiver receiver{io, "HTTP/1.1 200 OK\r\n\r\n"};  // no TLS at all
    StrangerPost post = post_to("127.0.0.1", receiver.port());
    post.tls = client_tls(PeerCheck::certificate_and_name).value();
    post.deadline = Millis{500};
    EXPECT_EQ(posted(io, std::move(post)), fail(StrangerError::not_reached));
    EXPECT_EQ(receiver.heard().find("evt_1"), std::string::npos);
}

}  // namespace
}  // namespace okpay::net
