// SPDX-License-Identifier: Apache-2.0
// The IMAP client on real sockets against a small server of the test's own that is as hostile as its script says.
#include "mailroom/imap_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/clock.hpp"
#include "mailroom/wire_for_test.hpp"
#include "net/listener.hpp"
#include "net/self_signed.hpp"

namespace okpay::mailroom {
namespace {

using ::testing::ElementsAre;

// Answers as a server with these mails would, unless the script has another answer to a line; "" closes the connection.
struct OddServer {
    net::Listener listener;
    std::map<std::int64_t, std::string> mails;
    std::function<std::optional<std::string>(int connection, const std::string& line)> script =
        [](int, const std::string&) -> std::optional<std::string> { return std::nullopt; };
    std::shared_ptr<net::ServerTls> tls = nullptr;
    std::int64_t validity = 1;
    std::vector<std::string> heard{};
    int connections = 0;
    std::string idle_tag{};

    net::awaitable<void> run() {
        while (true) {
            auto connection = co_await listener.accept();
            if (!connection) co_return;
            ++connections;
            try {
                co_await serve(*std::move(connection));
            } catch (const std::runtime_error&) {  // the client has left
            }
        }
    }

private:
    net::awaitable<void> serve(net::Connection raw) {
        if (tls) {
            raw.expire_after(patience);
            const auto safe = co_await raw.accept_tls(tls->context());
            if (!safe) co_return;
        }
        Caller caller{std::move(raw)};
        const int connection = connections;
        const auto greeting = script(connection, "");
        std::string answer = greeting.value_or("* OK ready\r\n");
        while (!answer.empty()) {
            co_await caller.say(answer);
            const std::string line = co_await caller.line();
            if (caller.ended()) co_return;
            heard.push_back(line);
            const auto other = script(connection, line);
            answer = other ? *other : answer_to(line);
        }
    }

    std::string answer_to(const std::string& line) {
        const std::string tag = line.substr(0, line.find(' '));
        const std::string ok = tag + " OK done\r\n";
        if (line == "DONE") return idle_tag + " OK done\r\n";
        if (line.contains("CAPABILITY")) return "* CAPABILITY IMAP4rev1 IDLE\r\n" + ok;
        if (line.contains("EXAMINE")) {
            const std::int64_t next = mails.empty() ? 1 : mails.rbegin()->first + 1;
            return "* " + std::to_string(mails.size()) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(validity) +
                   "] x\r\n* OK [UIDNEXT " + std::to_string(next) + "] x\r\n" + ok;
        }
        if (line.contains("IDLE")) {
            idle_tag = tag;
            return "+ idling\r\n";
        }
        if (line.contains(":*")) {
            std::string all;
            for (const auto& [uid, bytes] : mails) {
                all += "* 1 FETCH (UID " + std::to_string(uid) + " RFC822.SIZE " + std::to_string(bytes.size()) + ")\r\n";
            }
            return all + ok;
        }
        if (line.contains("UID FETCH")) {
            const std::int64_t uid = std::stoll(line.substr(line.find("FETCH") + 6));
            const std::string& bytes = mails.at(uid);
            return "* 1 FETCH (UID " + std::to_string(uid) + " BODY[] {" + std::to_string(bytes.size()) + "}\r\n" + bytes +
                   ")\r\n" + ok;
        }
        return ok;
    }
};

// Keeps mails in memory, and its place; stops the client when all is read for the `rounds`th time.
struct Keeper : ImapKeeper {
    std::int64_t place = 0;
    std::vector<std::pair<std::int64_t, std::string>> mails;
    std::vector<std::int64_t> given_up, beginnings;
    std::vector<ImapFault> failures;
    int refusals = 0;  // of keep(), to come
    bool throws = false;
    int rounds = 1;
    ImapClient* client = nullptr;

    std::optional<Secret> secret() override { return Secret{"sesame"}; }
    net::awaitable<std::optional<ImapPlace>> opened(ImapOpened) override { co_return ImapPlace{.after_uid = place}; }
    net::awaitable<bool> keep(ImapMail mail) override {
        if (refusals > 0) {
            --refusals;
            if (throws) throw std::runtime_error{"storage is away"};
            co_return false;
        }
        place = mail.uid;
        if (mail.kind == ImapKind::given_up) given_up.push_back(mail.uid);
        if (mail.kind == ImapKind::beginning) beginnings.push_back(mail.uid);
        if (mail.kind == ImapKind::whole) mails.emplace_back(mail.uid, mail.bytes);
        co_return true;
    }
    void caught_up() override {
        if (--rounds == 0) client->stop();
    }
    void ended(const ImapFailure& failure) override { failures.push_back(failure.fault); }
};

class ImapOnTheWire : public ::testing::Test {
protected:
    ImapMailbox mailbox(ImapTls tls = ImapTls::none) {
        ImapMailbox mailbox{
            .account = {.host = "127.0.0.1", .port = server_.listener.bound().port(), .user = "support", .secret = {}},
            .tls = tls};
        mailbox.reply_deadline = patience;
        mailbox.rest_min = Millis{1};
        mailbox.rest_max = Millis{1};
        mailbox.attempts_max = 3;
        return mailbox;
    }
    // Until the mailbox was read to its end as often as the keeper wants.
    void follow(ImapMailbox mailbox) {
        ImapClient client{io_.get_executor(), std::move(mailbox), keeper_};
        keeper_.client = &client;
        asio::co_spawn(io_, server_.run(), asio::detached);
        run_story(io_, follow_and_close(client));
    }
    net::awaitable<int> follow_and_close(ImapClient& client) {
        co_await client.run();
        server_.listener.close();
        co_return 0;
    }
    [[nodiscard]] std::vector<std::int64_t> uids() const {
        std::vector<std::int64_t> all;
        for (const auto& [uid, bytes] : keeper_.mails) all.push_back(uid);
        return all;
    }

    asio::io_context io_;
    OddServer server_{.listener = *net::Listener::open(io_.get_executor(), net::Endpoint::tcp("127.0.0.1", 0)),
                      .mails = {{4, "four\r\n"}, {7, "seven\r\n"}, {9, std::string(100'000, 'n')}}};
    Keeper keeper_;
};

TEST_F(ImapOnTheWire, reads_a_mailbox_in_order_and_changes_nothing) {
    follow(mailbox());
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_EQ(keeper_.mails[2].second, server_.mails[9]);
    EXPECT_TRUE(keeper_.failures.empty());
    for (const std::string& line : server_.heard) {
        EXPECT_FALSE(line.contains("STORE") || line.contains("SELECT") || line.contains("EXPUNGE") || line.contains("BODY["))
            << line;
    }
}

TEST_F(ImapOnTheWire, over_tls_it_believes_only_whom_it_trusts) {
    const auto certificate = net::self_signed("127.0.0.1", now(), std::chrono::days{2});
    server_.tls = *net::ServerTls::of_pem(certificate.certificate_pem, certificate.key_pem.reveal());
    ImapMailbox trusting = mailbox(ImapTls::implicit);
    trusting.trust = *net::client_tls_trusting(certificate.certificate_pem);
    keeper_.rounds = 2;
    trusting.idle_period = Millis{1};
    follow(trusting);
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_TRUE(keeper_.failures.empty()) << "a read that is given up in IDLE does not harm the stream";
    EXPECT_EQ(server_.connections, 1);
}

TEST_F(ImapOnTheWire, a_server_that_proves_nothing_learns_no_password) {
    const auto certificate = net::self_signed("127.0.0.1", now(), std::chrono::days{2});
    server_.tls = *net::ServerTls::of_pem(certificate.certificate_pem, certificate.key_pem.reveal());
    auto probing = probe_imap(mailbox(ImapTls::implicit), Secret{"sesame"});
    asio::co_spawn(io_, server_.run(), asio::detached);
    const auto story = [&]() -> net::awaitable<ImapProbe> {
        auto found = co_await std::move(probing);
        server_.listener.close();
        co_return found;
    };
    const ImapProbe found = run_story(io_, story());
    ASSERT_TRUE(found.failure);
    EXPECT_EQ(found.failure->fault, ImapFault::no_tls);
    EXPECT_TRUE(server_.heard.empty());
}

TEST_F(ImapOnTheWire, a_connection_cut_anywhere_loses_and_doubles_nothing) {
    // Each connection lives for one line more than the one before.
    int lines = 0;
    server_.script = [&](int connection, const std::string& line) -> std::optional<std::string> {
        if (line.empty()) lines = 0;
        if (++lines > connection + 1) return "";
        return std::nullopt;
    };
    follow(mailbox());
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_GT(server_.connections, 3);
}

TEST_F(ImapOnTheWire, cut_in_the_middle_of_a_mail_it_is_fetched_again) {
    server_.script = [&](int connection, const std::string& line) -> std::optional<std::string> {
        if (connection == 1 && line.contains("FETCH 9")) return "* 1 FETCH (UID 9 BODY[] {100000}\r\nnnnn\r\n* BYE x\r\n";
        return std::nullopt;
    };
    ImapMailbox box = mailbox();
    box.reply_deadline = Millis{50};
    follow(box);
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_THAT(keeper_.failures, ElementsAre(ImapFault::closed)) << "the rest of a literal that never comes";
}

TEST_F(ImapOnTheWire, a_mail_that_is_never_handed_out_stops_no_other) {
    server_.script = [](int, const std::string& line) -> std::optional<std::string> {
        if (line.contains("FETCH 7 ")) return line.substr(0, line.find(' ')) + " NO [SERVERBUG] no\r\n";
        return std::nullopt;
    };
    follow(mailbox());
    EXPECT_THAT(uids(), ElementsAre(4, 9));
    EXPECT_THAT(keeper_.given_up, ElementsAre(7));
    EXPECT_THAT(keeper_.failures, ElementsAre(ImapFault::fetch_refused, ImapFault::fetch_refused, ImapFault::fetch_refused));
}

TEST_F(ImapOnTheWire, a_mail_larger_than_announced_is_taken_by_its_beginning) {
    server_.script = [](int, const std::string& line) -> std::optional<std::string> {
        if (line.contains("FETCH 7 (UID BODY.PEEK[])")) return "* 1 FETCH (UID 7 BODY[] {999999999}\r\n";
        if (line.contains("FETCH 7 ")) {
            return "* 1 FETCH (UID 7 BODY[]<0> {3}\r\nsev)\r\n" + line.substr(0, line.find(' ')) + " OK\r\n";
        }
        return std::nullopt;
    };
    follow(mailbox());
    EXPECT_THAT(uids(), ElementsAre(4, 9));
    EXPECT_THAT(keeper_.beginnings, ElementsAre(7));
}

TEST_F(ImapOnTheWire, what_was_not_kept_comes_again) {
    keeper_.refusals = 2;
    follow(mailbox());
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_THAT(keeper_.failures, ElementsAre(ImapFault::not_kept, ImapFault::not_kept));
}

TEST_F(ImapOnTheWire, a_keeper_that_throws_has_not_kept) {
    keeper_.refusals = 1;
    keeper_.throws = true;
    follow(mailbox());
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_THAT(keeper_.failures, ElementsAre(ImapFault::not_kept));
}

TEST_F(ImapOnTheWire, a_server_that_says_nothing_is_left) {
    server_.script = [](int connection, const std::string& line) -> std::optional<std::string> {
        if (connection == 1 && line.contains("EXAMINE")) return "* OK wait\r\n";
        return std::nullopt;
    };
    ImapMailbox box = mailbox();
    box.reply_deadline = Millis{50};
    follow(box);
    EXPECT_THAT(uids(), ElementsAre(4, 7, 9));
    EXPECT_THAT(keeper_.failures, ElementsAre(ImapFault::closed));
}

}  // namespace
}  // namespace okpay::mailroom
