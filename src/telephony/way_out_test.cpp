// SPDX-License-Identifier: Apache-2.0
// The ways out, for real: files on this disk, a gateway on loopback; and the sender between the ordered writer and them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <boost/json/parse.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "service_fixture.hpp"
#include "telephony/file_way_out.hpp"
#include "telephony/gateway_way_out.hpp"
#include "telephony/short_message_sender.hpp"

namespace okpay::telephony {
namespace {

using okpay::testing::ServiceFixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const OutgoingText hello{.key = "018f2a4e-7c11-7abc-8def-001122334455", .number = "+8613800138000", .text = "【OKPay】您好"};

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream all;
    all << std::ifstream{path, std::ios::binary}.rdbuf();
    return std::move(all).str();
}

WayOutAnswer sent_by(WayOut& way_out, OutgoingText text) {
    asio::io_context io{1};
    std::optional<WayOutAnswer> answer;
    asio::co_spawn(io, way_out.send(std::move(text)), [&](const std::exception_ptr& error, WayOutAnswer got) {
        if (error) std::rethrow_exception(error);
        answer = std::move(got);
    });
    io.run();
    return answer.value();
}

class Files : public ::testing::Test {
protected:
    Files() { std::filesystem::create_directories(directory_); }
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator{directory_}) found.push_back(entry.path().filename());
        return found;
    }

    ServiceFixture f_{store::Engine::sqlite};
    std::filesystem::path directory_ = f_.directory() / "sms";
};

TEST_F(Files, each_message_is_one_whole_file_that_its_owner_alone_reads) {
    FileWayOut way_out{directory_};
    EXPECT_EQ(sent_by(way_out, hello).word, WayOutWord::sent);
    const auto path = directory_ / (hello.key + ".json");
    const auto file = boost::json::parse(text_of(path)).as_object();
    EXPECT_EQ(file.at("to").as_string(), hello.number);
    EXPECT_EQ(file.at("text").as_string(), hello.text);
    EXPECT_EQ(file.at("key").as_string(), hello.key);
    struct stat seen{};
    ASSERT_EQ(::stat(path.c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777U, 0600U);
    EXPECT_THAT(names(), ::testing::ElementsAre(hello.key + ".json"));
}

TEST_F(Files, the_same_key_again_does_nothing_also_where_the_file_was_taken) {
    FileWayOut way_out{directory_};
    sent_by(way_out, hello);
    OutgoingText again = hello;
    again.text = "another";
    EXPECT_EQ(sent_by(way_out, again).word, WayOutWord::sent);
    EXPECT_THAT(text_of(directory_ / (hello.key + ".json")), HasSubstr("您好"));
    std::filesystem::create_directories(directory_ / "taken");
    std::filesystem::rename(directory_ / (hello.key + ".json"), directory_ / "taken" / (hello.key + ".json"));
    EXPECT_EQ(sent_by(way_out, again).word, WayOutWord::sent);
    EXPECT_THAT(names(), ::testing::ElementsAre("taken"));
}

TEST_F(Files, what_a_kill_left_half_written_is_gone_and_what_others_keep_there_stays) {
    const std::string ours = hello.key + ".json.0123456789ab.tmp";
    const std::string young = "018f2a4e-7c11-7abc-8def-001122334456.json.0123456789ab.tmp";
    const std::vector<std::string> others{"notes.tmp",
                                          "x.json.00.tmp",
                                          hello.key + ".json.tmp",
                                          hello.key + ".json.xyz.tmp",
                                          hello.key + ".tmp",
                                          hello.key + ".json.00.tmp.bak"};
    const auto put = [this](const std::string& name, std::chrono::minutes age) {
        std::ofstream{directory_ / name} << "123456";
        std::filesystem::last_write_time(directory_ / name, std::filesystem::file_time_type::clock::now() - age);
    };
    put(ours, std::chrono::minutes{6});
    put(young, std::chrono::minutes{4});
    for (const std::string& name : others) put(name, std::chrono::minutes{60});
    FileWayOut way_out{directory_};
    std::vector<std::string> stay = others;
    stay.push_back(young);
    EXPECT_THAT(names(), ::testing::UnorderedElementsAreArray(stay));
}

TEST_F(Files, where_nothing_can_be_written_it_is_tried_later) {
    FileWayOut way_out{directory_};
    std::filesystem::remove_all(directory_);
    EXPECT_EQ(sent_by(way_out, hello).word, WayOutWord::later);
    std::filesystem::create_directories(directory_);
    EXPECT_EQ(sent_by(way_out, hello).word, WayOutWord::sent);
}

TEST(Gateway, its_url_is_https_or_of_this_machine) {
    const auto url = GatewayUrl::parse("https://sms.example/v1/send?from=OKPay");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "sms.example");
    EXPECT_EQ(url->port, 443);
    EXPECT_EQ(url->target, "/v1/send?from=OKPay");
    EXPECT_EQ(url->authority(), "sms.example");
    EXPECT_EQ(GatewayUrl::parse("https://sms.example:8443")->authority(), "sms.example:8443");
    EXPECT_EQ(GatewayUrl::parse("https://sms.example?x")->target, "/?x");
    EXPECT_TRUE(GatewayUrl::parse("http://127.0.0.1:9000/"));
    EXPECT_TRUE(GatewayUrl::parse("http://localhost/"));
    for (const std::string_view wrong :
         {"", "sms.example", "http://sms.example/", "https://", "https://a@sms.example/", "https://sms.example/#x",
          "https://sms.example/a b", "ftp://sms.example/", "https://sms.example:0/", "https://sms.example:99999/"}) {
        EXPECT_FALSE(GatewayUrl::parse(wrong)) << wrong;
    }
}

// A gateway that takes one request and says what it is told to; empty: it hangs up.
class OneAnswer {
public:
    explicit OneAnswer(std::string answer)
        : answer_{std::move(answer)}, acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}} {}
    WayOutAnswer to(const OutgoingText& text, std::optional<Secret> token = std::nullopt) {
        GatewayUrl url =
            GatewayUrl::parse(fmt::format("http://127.0.0.1:{}/send", acceptor_.local_endpoint().port())).value();
        GatewayWayOut way_out{std::move(url), std::move(token), nullptr, Millis{5'000}};
        std::optional<WayOutAnswer> answer;
        asio::co_spawn(io_, serve(), asio::detached);
        asio::co_spawn(io_, way_out.send(text), [&](const std::exception_ptr& error, WayOutAnswer got) {
            if (error) std::rethrow_exception(error);
            answer = std::move(got);
            acceptor_.close();
        });
        io_.run();
        return answer.value();
    }
    std::string heard;

private:
    net::awaitable<void> serve() {
        auto [failed, socket] = co_await acceptor_.async_accept(net::quietly);
        if (failed) co_return;
        while (!heard.ends_with("}")) {
            std::array<char, 4096> octets{};
            const auto [error, count] = co_await socket.async_read_some(asio::buffer(octets), net::quietly);
            if (error) co_return;
            heard.append(octets.data(), count);
        }
        co_await asio::async_write(socket, asio::buffer(answer_), net::quietly);
    }

    std::string answer_;
    asio::io_context io_{1};
    asio::ip::tcp::acceptor acceptor_;
};

std::string http(int status) { return fmt::format("HTTP/1.1 {} X\r\nContent-Length: 2\r\n\r\nok", status); }

TEST(Gateway, gets_number_text_and_key_and_what_it_says_is_understood) {
    OneAnswer gateway{http(202)};
    EXPECT_EQ(gateway.to(hello, Secret{"t0ken"}).word, WayOutWord::sent);
    EXPECT_THAT(gateway.heard, HasSubstr("POST /send HTTP/1.1"));
    EXPECT_THAT(gateway.heard, ::testing::ContainsRegex("Host: 127.0.0.1:[0-9]+\r\n"));
    EXPECT_THAT(gateway.heard, HasSubstr("Authorization: Bearer t0ken"));
    EXPECT_THAT(gateway.heard, HasSubstr("Idempotency-Key: " + hello.key));
    EXPECT_THAT(gateway.heard, HasSubstr(R"("to":"+8613800138000")"));
    for (const auto& [status, word] :
         {std::pair{200, WayOutWord::sent}, std::pair{400, WayOutWord::refused}, std::pair{401, WayOutWord::refused},
          std::pair{408, WayOutWord::later}, std::pair{429, WayOutWord::later}, std::pair{503, WayOutWord::later},
          std::pair{500, WayOutWord::uncertain}, std::pair{302, WayOutWord::uncertain}}) {
        OneAnswer one{http(status)};
        EXPECT_EQ(one.to(hello).word, word) << status;
    }
    OneAnswer silent{""};
    EXPECT_EQ(silent.to(hello).word, WayOutWord::uncertain) << "it may have acted";
}

// It says that it keeps the connection, and never reads from it again: what is sent there has no answer.
TEST(Gateway, gets_each_message_on_a_connection_of_its_own) {
    asio::io_context io{1};
    asio::ip::tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
    std::vector<asio::ip::tcp::socket> kept;
    const auto serve = [&]() -> net::awaitable<void> {
        for (;;) {
            auto [failed, socket] = co_await acceptor.async_accept(net::quietly);
            if (failed) co_return;
            std::string heard;
            while (!heard.ends_with("}")) {
                std::array<char, 4096> octets{};
                const auto [error, count] = co_await socket.async_read_some(asio::buffer(octets), net::quietly);
                if (error) co_return;
                heard.append(octets.data(), count);
            }
            const std::string answer = http(200);
            co_await asio::async_write(socket, asio::buffer(answer), net::quietly);
            kept.push_back(std::move(socket));
        }
    };
    GatewayUrl url = GatewayUrl::parse(fmt::format("http://127.0.0.1:{}/", acceptor.local_endpoint().port())).value();
    GatewayWayOut way_out{std::move(url), std::nullopt, nullptr, Millis{5'000}};
    std::vector<WayOutWord> words;
    const auto send_two = [&]() -> net::awaitable<void> {
        for (int i = 0; i < 2; ++i) {
            const WayOutAnswer answer = co_await way_out.send(hello);
            words.push_back(answer.word);
        }
        acceptor.close();
    };
    asio::co_spawn(io, serve(), asio::detached);
    asio::co_spawn(io, send_two(), asio::detached);
    io.run();
    EXPECT_THAT(words, ::testing::ElementsAre(WayOutWord::sent, WayOutWord::sent));
    EXPECT_EQ(kept.size(), 2U);
}

TEST(Gateway, that_is_not_there_has_nothing_and_is_tried_later) {
    asio::io_context io{1};
    std::uint16_t port = 0;
    {
        asio::ip::tcp::acceptor gone{io, {asio::ip::make_address("127.0.0.1"), 0}};
        port = gone.local_endpoint().port();
    }
    GatewayWayOut way_out{GatewayUrl::parse(fmt::format("http://127.0.0.1:{}/", port)).value(), std::nullopt, nullptr};
    const WayOutAnswer answer = sent_by(way_out, hello);
    EXPECT_EQ(answer.word, WayOutWord::later);
    EXPECT_FALSE(way_out.once_by_key());
}

// The writer's own queue, and a way out that writes files; reports can be lost on the way, as by a kill between the halves.
class Sending : public Files {
protected:
    void ask_phone(const std::string& number) {
        const std::int64_t customer = f_.customer(number.substr(1) + "@example.org", "Li");
        f_.done(service::AskPhone{.change = f_.fresh<customers::ChangeId>().text(),
                                  .customer = customer,
                                  .number = number,
                                  .session = 0,
                                  .seed = number},
                {service::ActorKind::customer, customer});
    }
    // Runs until `reports` were made, of which the first `lost` never reach the writer.
    void run(std::size_t reports, std::size_t lost) {
        asio::io_context io{1};
        FileWayOut way_out{directory_};
        std::optional<ShortMessageSender> sender;
        std::size_t made = 0;
        TextQueue queue{.writes_here = [] { return true; },
                        .release = [&](bool once) -> net::awaitable<bool> {
                            handed_out_at_release_.push_back(in_state(2));
                            if (std::exchange(again_while_releasing_, false)) sender->release_again();
                            co_return f_.ask(service::ReleaseShortMessages{.once_by_key = once}).done();
                        },
                        .take =
                            [this](std::int64_t most) -> net::awaitable<std::optional<std::vector<service::ShortOrder>>> {
                            std::vector<service::ShortOrder> orders;
                            const auto numbers =
                                f_.done(service::TakeShortMessages{.messages_max = most, .once_by_key = true}).numbers;
                            const auto connection = f_.connect();
                            for (const std::int64_t no : numbers) {
                                const auto row = store::find_short_message(*connection, no).value();
                                orders.push_back(service::short_order_of(*connection, f_.context(), row).value());
                            }
                            co_return orders;
                        },
                        .report = [&](service::ReportShortMessage report) -> net::awaitable<bool> {
                            const bool is_lost = made < lost;
                            if (++made >= reports) sender->stop();
                            if (!is_lost) f_.done(std::move(report));
                            if (std::exchange(again_at_report_, false)) sender->release_again();
                            co_return true;
                        }};
        sender.emplace(io.get_executor(), std::move(queue), way_out,
                       ShortMessageSenderSettings{.at_once = 2, .answer_within = Millis{5'000}, .period = Millis{1}});
        asio::co_spawn(io, sender->run(), asio::detached);
        io.run();
    }
    std::int64_t in_state(int state) {
        return f_.integer(fmt::format("SELECT count(*) FROM short_message WHERE state = {}", state));
    }

    bool again_while_releasing_ = false, again_at_report_ = false;  // the node becomes the writer once more just then
    std::vector<std::int64_t> handed_out_at_release_;
};

TEST_F(Sending, a_release_that_is_asked_for_during_another_one_is_made_too) {
    ask_phone("+8613800138001");
    again_while_releasing_ = true;
    run(1, 0);
    EXPECT_EQ(handed_out_at_release_.size(), 2U);
    EXPECT_EQ(in_state(3), 1);
}

TEST_F(Sending, nothing_is_released_while_a_message_of_this_sender_is_under_way) {
    const std::vector<std::string> numbers{"+8613800138001", "+8613800138002", "+8613800138003", "+8613800138004"};
    for (const std::string& number : numbers) ask_phone(number);
    again_at_report_ = true;  // the other of the two is under way or just behind
    run(numbers.size(), 0);
    EXPECT_THAT(handed_out_at_release_, ::testing::ElementsAre(0, 0));
    EXPECT_EQ(in_state(3), static_cast<std::int64_t>(numbers.size()));
}

TEST_F(Sending, what_was_written_and_never_reported_on_is_there_once_after_the_next_start) {
    const std::vector<std::string> numbers{"+8613800138001", "+8613800138002", "+8613800138003", "+8613800138004",
                                           "+8613800138005"};
    for (const std::string& number : numbers) ask_phone(number);
    run(1, 1);  // written, and killed before the writer heard of it
    EXPECT_GE(in_state(2), 1);
    const auto before = names();
    EXPECT_THAT(before, ::testing::Not(IsEmpty()));
    run(numbers.size(), 0);
    EXPECT_EQ(in_state(3), static_cast<std::int64_t>(numbers.size()));
    const auto after = names();
    EXPECT_EQ(after.size(), numbers.size());
    std::set<std::string> told;
    for (const std::string& name : after)
        told.insert(boost::json::parse(text_of(directory_ / name)).at("to").as_string().c_str());
    EXPECT_EQ(told.size(), numbers.size()) << "each number once";
    EXPECT_THAT(f_.faults(), IsEmpty());
}

}  // namespace
}  // namespace okpay::telephony
