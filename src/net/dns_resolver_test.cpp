// SPDX-License-Identifier: Apache-2.0
// The resolver against a real server (Debian's dnsmasq) on loopback, and against one that never answers.
#include "net/dns_resolver.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "base/bytes.hpp"
#include "net/dns_message.hpp"

namespace okpay::net {
namespace {

constexpr Millis long_enough{20'000};

// A UDP socket on a free port of loopback.
struct UdpPort {
    int socket_no = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    std::uint16_t port = 0;
    UdpPort() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(socket_no, reinterpret_cast<sockaddr*>(&address), size) == 0) {
            getsockname(socket_no, reinterpret_cast<sockaddr*>(&address), &size);
            port = ntohs(address.sin_port);
        }
    }
    ~UdpPort() { close(socket_no); }
    UdpPort(const UdpPort&) = delete;
    UdpPort& operator=(const UdpPort&) = delete;
    [[nodiscard]] std::string text() const { return "127.0.0.1:" + std::to_string(port); }
};

std::vector<DnsAnswer> ask(DnsResolver& resolver, std::vector<DnsQuestion> questions, Millis within = long_enough) {
    std::promise<std::vector<DnsAnswer>> promise;
    auto future = promise.get_future();
    resolver.ask(std::move(questions), within,
                 [&promise](std::vector<DnsAnswer> answers) { promise.set_value(std::move(answers)); });
    return future.get();
}
DnsAnswer ask_one(DnsResolver& resolver, std::string name, DnsType type) {
    return ask(resolver, {{std::move(name), type}}).at(0);
}

class DnsServer {
public:
    DnsServer() {
        {
            const UdpPort free;
            at_ = free.text();
            port_ = free.port;
        }
        file_ = std::filesystem::temp_directory_path() / ("okpay-dns-" + std::to_string(getpid()) + ".conf");
        std::ofstream{file_} << "port=" << port_ << "\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\n"
                             << "user=\ngroup=\nkeep-in-foreground\npid-file\nlog-facility=/dev/null\nlocal-ttl=60\n"
                             << "local=/example/\n"
                             << "txt-record=example,\"v=spf1 \",\"-all\"\ntxt-record=example,other\n"
                             << long_texts() << "host-record=host.example,192.0.2.7,2001:db8::7\n"
                             << "mx-host=example,second.example,20\nmx-host=example,First.example,10\n"
                             << "ptr-record=7.2.0.192.in-addr.arpa,Host.example\n";
        const std::string conf = "--conf-file=" + file_.string();
        std::string program = "/usr/sbin/dnsmasq";
        std::vector<char*> words{program.data(), const_cast<char*>(conf.c_str()), nullptr};
        if (posix_spawn(&child_, program.c_str(), nullptr, nullptr, words.data(), environ) != 0) child_ = -1;
    }
    ~DnsServer() {
        if (child_ > 0) {
            kill(child_, SIGTERM);
            waitpid(child_, nullptr, 0);
        }
        std::filesystem::remove(file_);
    }
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;
    [[nodiscard]] const std::string& at() const { return at_; }
    // Asks until it listens; false where it never does.
    [[nodiscard]] bool listens() {
        for (int attempt = 0; attempt < 200; ++attempt) {
            if (child_ > 0 && waitpid(child_, nullptr, WNOHANG) == child_) child_ = -1;
            if (child_ <= 0) return false;
            auto resolver = DnsResolver::start({.server = at_, .try_lasts = Millis{100}, .tries = 1});
            if (ask_one(**resolver, "host.example", DnsType::a).status == DnsStatus::found) return true;
        }
        return false;
    }
    // Three records of 800 octets: not in one datagram.
    static std::string long_texts() {
        std::string lines;
        for (const char letter : {'a', 'b', 'c'}) {
            lines += "txt-record=long.example";
            for (int i = 0; i < 4; ++i) lines += "," + std::string(200, letter);
            lines += "\n";
        }
        return lines;
    }

private:
    std::string at_;
    std::uint16_t port_ = 0;
    std::filesystem::path file_;
    pid_t child_ = -1;
};

class DnsResolverOnLoopback : public testing::Test {
protected:
    static void SetUpTestSuite() {
        if (!std::filesystem::exists("/usr/sbin/dnsmasq")) return;
        // A port that is free for UDP may be somebody's for TCP, or taken before the server comes to it: then another.
        for (int ports = 0; ports < 20 && server_ == nullptr; ++ports) {
            server_ = std::make_unique<DnsServer>();
            if (!server_->listens()) server_.reset();
        }
    }
    static void TearDownTestSuite() { server_.reset(); }
    void SetUp() override {
        if (!std::filesystem::exists("/usr/sbin/dnsmasq")) GTEST_SKIP() << "dnsmasq is not installed";
        ASSERT_NE(server_, nullptr) << "dnsmasq does not answer";
        auto started = DnsResolver::start({.server = server_->at()});
        ASSERT_TRUE(started) << started.error();
        resolver_ = *std::move(started);
    }
    static inline std::unique_ptr<DnsServer> server_;
    std::unique_ptr<DnsResolver> resolver_;
};

TEST_F(DnsResolverOnLoopback, BringsRecordsOfEachType) {
    DnsAnswer texts = ask_one(*resolver_, "example", DnsType::txt);
    std::ranges::sort(texts.records);
    EXPECT_EQ(texts, (DnsAnswer{DnsStatus::found, {"other", "v=spf1 -all"}})) << "the strings of a record are one text";
    EXPECT_EQ(ask_one(*resolver_, "host.example", DnsType::a), (DnsAnswer{DnsStatus::found, {Bytes("\xC0\0\2\7", 4)}}));
    EXPECT_EQ(hex_of(ask_one(*resolver_, "host.example", DnsType::aaaa).records.at(0)), "20010db8000000000000000000000007");
    EXPECT_EQ(ask_one(*resolver_, "example", DnsType::mx),
              (DnsAnswer{DnsStatus::found, {"first.example", "second.example"}}));
    EXPECT_EQ(ask_one(*resolver_, "7.2.0.192.in-addr.arpa", DnsType::ptr), (DnsAnswer{DnsStatus::found, {"host.example"}}));
    const DnsAnswer over_tcp = ask_one(*resolver_, "long.example", DnsType::txt);
    ASSERT_EQ(over_tcp.records.size(), 3U);
    EXPECT_EQ(over_tcp.records[0].size(), 800U);
}

TEST_F(DnsResolverOnLoopback, TellsWhatIsNotThereFromWhatFailed) {
    EXPECT_EQ(ask_one(*resolver_, "gone.example", DnsType::txt).status, DnsStatus::no_name);
    EXPECT_EQ(ask_one(*resolver_, "host.example", DnsType::txt).status, DnsStatus::no_data);
    EXPECT_EQ(ask_one(*resolver_, "elsewhere.test", DnsType::txt).status, DnsStatus::failed) << "REFUSED";
    const UdpPort nobody;  // bound, and silent
    auto silent = DnsResolver::start({.server = nobody.text(), .try_lasts = Millis{50}, .tries = 1});
    EXPECT_EQ(ask_one(**silent, "host.example", DnsType::a).status, DnsStatus::timed_out);
}

TEST_F(DnsResolverOnLoopback, AsksTwiceOnlyWhatItForgot) {
    ask_one(*resolver_, "host.example", DnsType::a);
    ask_one(*resolver_, "gone.example", DnsType::a);
    const auto sent = resolver_->sent();
    ask_one(*resolver_, "host.example", DnsType::a);
    ask_one(*resolver_, "gone.example", DnsType::a);
    EXPECT_EQ(resolver_->sent(), sent);
    const std::vector<DnsQuestion> thrice(3, {"host.example", DnsType::aaaa});
    EXPECT_EQ(ask(*resolver_, thrice).size(), 3U);
    EXPECT_EQ(resolver_->sent(), sent + 1) << "one question for all that wait";
}

TEST(DnsResolver, AnswersWithinTheTimeAndWhenItEnds) {
    const UdpPort nobody;
    auto resolver = DnsResolver::start({.server = nobody.text(), .try_lasts = Millis{60'000}, .tries = 1});
    ASSERT_TRUE(resolver);
    EXPECT_EQ(ask(**resolver, {{"host.example", DnsType::a}}, Millis{50}).at(0).status, DnsStatus::timed_out);
    std::promise<std::vector<DnsAnswer>> promise;
    (*resolver)->ask({{"other.example", DnsType::a}}, long_enough,
                     [&promise](std::vector<DnsAnswer> answers) { promise.set_value(std::move(answers)); });
    resolver->reset();
    EXPECT_EQ(promise.get_future().get().at(0).status, DnsStatus::failed);
}

TEST(DnsResolver, AsksSoManyAtOnceAndNoMore) {
    const UdpPort nobody;
    auto resolver =
        DnsResolver::start({.server = nobody.text(), .try_lasts = Millis{60'000}, .tries = 1, .in_flight_max = 3});
    std::vector<DnsQuestion> questions;
    for (int i = 0; i < 5; ++i) questions.push_back({std::to_string(i) + ".example", DnsType::a});
    const auto answers = ask(**resolver, questions, Millis{50});
    EXPECT_EQ(std::ranges::count(answers, DnsStatus::timed_out, &DnsAnswer::status), 3);
    EXPECT_EQ(std::ranges::count(answers, DnsStatus::failed, &DnsAnswer::status), 2);
}

TEST(DnsResolver, RefusesWhatIsNoServer) {
    for (const std::string at : {"", "nonsense", "unix:/tmp/x", "127.0.0.1:0", "dns.example:53"}) {
        EXPECT_FALSE(DnsResolver::start({.server = at})) << at;
    }
}

TEST(DnsMessage, ReadsNothingBeyondItsOctets) {
    // One answer of TXT "hi", its name a pointer to the question.
    const Bytes message = bytes_of_hex("00018180000100010000000001610000100001c00c00100001000000050003026869").value();
    const DnsReply whole = read_dns_message(message, DnsType::txt);
    EXPECT_EQ(whole.answer, (DnsAnswer{DnsStatus::found, {"hi"}}));
    EXPECT_EQ(whole.ttl_seconds, 5U);
    for (std::size_t octets = 0; octets < message.size(); ++octets) {
        EXPECT_EQ(read_dns_message(message.substr(0, octets), DnsType::txt).answer.status, DnsStatus::failed) << octets;
    }
    Bytes loop = message;
    loop[20] = '\x14';  // the answer's name points at itself
    EXPECT_EQ(read_dns_message(loop, DnsType::txt).answer.status, DnsStatus::failed);
    EXPECT_EQ(read_dns_message(message, DnsType::a).answer.status, DnsStatus::no_data);
}

}  // namespace
}  // namespace okpay::net
