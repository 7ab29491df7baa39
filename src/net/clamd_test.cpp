// SPDX-License-Identifier: Apache-2.0
// Against the real clamd of Debian's clamav-daemon, with signatures made here; and against peers that are none.
#include "net/clamd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/hash.hpp"
#include "net/listener.hpp"

namespace okpay::net {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

template <class T>
T run(asio::io_context& io, awaitable<T> story) {
    auto done = asio::co_spawn(io, std::move(story), asio::use_future);
    io.restart();
    io.run();
    return done.get();
}

TEST(ClamdReply, is_read_whole_or_not_at_all) {
    const struct {
        std::string_view reply;
        std::optional<ScanReply> want;
    } cases[]{{"stream: OK", ScanReply{ScanVerdict::clean, ""}},
              {"stream: Win.Test.EICAR_HDB-1 FOUND", ScanReply{ScanVerdict::infected, "Win.Test.EICAR_HDB-1"}},
              {"stream: a\x1b[31m FOUND", ScanReply{ScanVerdict::infected, "a?[31m"}},
              {"INSTREAM size limit exceeded. ERROR", ScanReply{ScanVerdict::too_large, ""}},
              {"stream: Can't allocate memory ERROR", ScanReply{ScanVerdict::failed, "stream: Can't allocate memory"}},
              {"stream: Heuristics.Encrypted.Zip FOUND", ScanReply{ScanVerdict::unseen, "Heuristics.Encrypted.Zip"}},
              {"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND",
               ScanReply{ScanVerdict::unseen, "Heuristics.Limits.Exceeded.MaxFileSize"}},
              {"stream: Heuristics.Phishing.Email FOUND", ScanReply{ScanVerdict::infected, "Heuristics.Phishing.Email"}},
              {"stream: FOUND", std::nullopt},
              {"stream:  FOUND", std::nullopt},
              {"stream: OK ", std::nullopt},
              {"OK", std::nullopt},
              {"", std::nullopt},
              {"UNKNOWN COMMAND", std::nullopt}};
    for (const auto& [reply, want] : cases) EXPECT_EQ(read_scan_reply(reply), want) << reply;
    const auto long_name = read_scan_reply("stream: " + std::string(1'000, 'x') + " FOUND");
    EXPECT_EQ(long_name->text.size(), scan_text_octets_max);
}

// The daemon itself, in a folder of its own.
class Clamd : public ::testing::Test {
protected:
    static constexpr const char* program = "/usr/sbin/clamd";
    // What the one signature names; written in parts, so that this file is not found by it.
    static std::string marked() { return std::string{"OKPAY-TEST-"} + "MARK-7b1f"; }

    void SetUp() override {
        if (!fs::exists(program)) GTEST_SKIP() << "clamd is not installed (Debian: clamav-daemon)";
        fs::create_directories(root_ / "db");
        fs::permissions(root_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
        std::string hex;
        for (const char c : marked()) hex += hex_of(std::string_view{&c, 1});
        std::ofstream{root_ / "db/okpay.ndb"} << "OKPay.Test.Mark:0:*:" << hex << "\n";
        std::ofstream{root_ / "clamd.conf"} << "Foreground yes\nLocalSocket " << socket().string() << "\nDatabaseDirectory "
                                            << (root_ / "db").string() << "\nTemporaryDirectory " << root_.string()
                                            << "\nStreamMaxLength 1M\nMaxThreads 4\nLogFile " << (root_ / "log").string()
                                            << "\n";
        const std::string config = "--config-file=" + (root_ / "clamd.conf").string();
        std::array<char*, 3> words{const_cast<char*>(program), const_cast<char*>(config.c_str()), nullptr};
        ASSERT_EQ(posix_spawn(&pid_, program, nullptr, nullptr, words.data(), environ), 0);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!run(io_, clamd_version({.at = at_}))) {
            ASSERT_LT(std::chrono::steady_clock::now(), until) << "clamd did not come up";
            ASSERT_EQ(waitpid(pid_, nullptr, WNOHANG), 0) << "clamd ended";
            asio::steady_timer pause{io_, Millis{20}};
            pause.wait();
        }
    }
    void TearDown() override {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        fs::remove_all(root_);
    }
    [[nodiscard]] fs::path socket() const { return root_ / "s"; }
    Result<ScanReply, ClamdError> scanned(const Bytes& octets) { return run(io_, scan({.at = at_}, octets)); }

    asio::io_context io_;
    const fs::path root_ = fs::temp_directory_path() / ("okpay-clamd-" + std::to_string(getpid()));
    const Endpoint at_ = Endpoint::unix_socket((root_ / "s").string());
    pid_t pid_ = 0;
};

TEST_F(Clamd, says_what_is_infected_and_what_is_not) {
    const auto version = run(io_, clamd_version({.at = at_}));
    ASSERT_TRUE(version);
    EXPECT_THAT(*version, StartsWith("ClamAV "));
    EXPECT_EQ(scanned("harmless words"), (ScanReply{ScanVerdict::clean, ""}));
    EXPECT_EQ(scanned(""), (ScanReply{ScanVerdict::clean, ""}));
    const auto found = scanned("before " + marked() + " after");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->verdict, ScanVerdict::infected);
    EXPECT_THAT(found->text, HasSubstr("OKPay.Test.Mark"));
    const auto late = scanned(std::string(400'000, 'x') + marked());
    ASSERT_TRUE(late);
    EXPECT_EQ(late->verdict, ScanVerdict::infected) << "across chunks";
    const auto large = scanned(std::string(3U << 20U, 'x'));
    ASSERT_TRUE(large);
    EXPECT_EQ(large->verdict, ScanVerdict::too_large) << "StreamMaxLength is said, not a broken connection";
}

TEST_F(Clamd, that_is_away_is_told_from_one_that_fails) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
    EXPECT_EQ(scanned("words").error(), ClamdError::away);
    EXPECT_EQ(run(io_, clamd_version({.at = at_})).error(), ClamdError::away);
}

// A peer on loopback that answers a question with `answer`, or is silent, and closes.
class Other {
public:
    Other(asio::io_context& io, std::string answer)
        : listener_{Listener::open(io.get_executor(), Endpoint::tcp("127.0.0.1", 0)).value()}, answer_{std::move(answer)} {
        asio::co_spawn(io, serve(), asio::detached);
    }
    [[nodiscard]] Endpoint at() const { return listener_.bound(); }

private:
    awaitable<void> serve() {
        auto peer = co_await listener_.accept();
        if (!peer) co_return;
        std::array<char, 4096> some{};
        const std::span<char> into{some};
        co_await peer->read_some(into);
        if (answer_ == "silence") {
            peer->expire_never();
            while (co_await peer->read_some(into)) {}
            co_return;
        }
        co_await peer->write(answer_);
        const Millis soon{1'000};
        co_await peer->close_gently(soon);
    }
    Listener listener_;
    std::string answer_;
};

TEST(ClamdPeer, that_is_none_is_told_by_name) {
    const struct {
        std::string answer;
        ClamdError want;
    } cases[]{{"HTTP/1.1 400 Bad Request\r\n\r\n" + std::string(1, '\0'), ClamdError::garbled},
              {std::string(10'000, 'x'), ClamdError::garbled},
              {"stream: O", ClamdError::broke_off},
              {"", ClamdError::broke_off},
              {"silence", ClamdError::timed_out}};
    for (const auto& [answer, want] : cases) {
        asio::io_context io;
        const Other other{io, answer};
        const auto said =
            run(io, scan({.at = other.at(), .answer_within = Millis{answer == "silence" ? 200 : 20'000}}, "x"));
        ASSERT_FALSE(said) << answer.substr(0, 20);
        EXPECT_EQ(said.error(), want) << answer.substr(0, 20) << ": " << explain(said.error());
    }
}

}  // namespace
}  // namespace okpay::net
