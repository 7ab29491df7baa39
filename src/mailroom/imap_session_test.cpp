// SPDX-License-Identifier: Apache-2.0
// The brain of the IMAP client against servers that are honest, odd and hostile, without a socket.
#include "mailroom/imap_session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace okpay::mailroom {
namespace {

ImapAccount account(ImapSignIn sign_in = ImapSignIn::password) {
    return {.host = "imap.example",
            .port = 993,
            .user = "support@pay.example",
            .secret = Secret{"open \"sesame\""},
            .sign_in = sign_in};
}

// A server as a list of steps: what the client must say, and what it is answered.
struct Step {
    std::string said;  // without CRLF; empty: nothing, the answer comes by itself
    std::string answer;
};

const std::string capable = "* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN AUTH=OAUTHBEARER AUTH=XOAUTH2\r\n";
const std::string opened =
    "* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 77] UIDs valid\r\n* OK [UIDNEXT 9] Predicted\r\n";
const std::string listed =
    "* 1 FETCH (UID 7 RFC822.SIZE 11 INTERNALDATE \"17-Jul-2026 02:44:25 +0200\")\r\n"
    "* 2 FETCH (UID 8 RFC822.SIZE 5 INTERNALDATE \"18-Jul-2026 02:44:25 +0000\")\r\n";

std::vector<Step> until_open() {
    return {{"", "* OK ready\r\n"},
            {"a1 CAPABILITY", capable + "a1 OK done\r\n"},
            {"a2 AUTHENTICATE PLAIN", "+ \r\n"},
            {"AHN1cHBvcnRAcGF5LmV4YW1wbGUAb3BlbiAic2VzYW1lIg==", "a2 OK signed in\r\n"},
            {"a3 CAPABILITY", capable + "a3 OK done\r\n"},
            {"a4 EXAMINE \"INBOX\"", opened + "a4 OK [READ-ONLY] done\r\n"}};
}

std::vector<Step> behind_open(std::vector<Step> more) {
    auto all = until_open();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// Plays the steps in pieces of so many octets; what the driver has to do is done. Gives the mails that were kept.
class Play {
public:
    explicit Play(std::vector<Step> steps, ImapAccount account = mailroom::account(), std::size_t piece = 1'000'000,
                  ImapPlace place = {.after_uid = 6}, ImapLimits limits = {})
        : session_{std::move(account), limits}, place_{std::move(place)} {
        for (const Step& step : steps) {
            said_ += session_.take_output();
            const std::string want = step.said.empty() ? "" : step.said + "\r\n";
            EXPECT_EQ(said_, want);
            said_.clear();
            for (std::size_t at = 0; at < step.answer.size() && session_.next() != ImapNext::done; at += piece) {
                session_.feed(std::string_view{step.answer}.substr(at, piece));
                drive();
            }
        }
        said_ = session_.take_output();
    }

    ImapSession& session() { return session_; }
    [[nodiscard]] const std::vector<ImapMail>& mails() const { return mails_; }
    [[nodiscard]] const std::string& said() const { return said_; }
    [[nodiscard]] const ImapFailure& failure() const { return session_.failure(); }
    [[nodiscard]] bool is_done() const { return session_.next() == ImapNext::done; }

private:
    void drive() {
        while (true) {
            if (session_.next() == ImapNext::begin) {
                session_.begin(place_);
            } else if (session_.next() == ImapNext::keep) {
                mails_.push_back(session_.take_mail());
                session_.kept();
            } else if (session_.next() == ImapNext::start_tls) {
                session_.tls_started();
            } else {
                return;
            }
        }
    }

    ImapSession session_;
    ImapPlace place_;
    std::vector<ImapMail> mails_;
    std::string said_;
};

const std::vector<Step> two_mails{{"a5 UID FETCH 7:* (UID RFC822.SIZE INTERNALDATE)", listed + "a5 OK done\r\n"},
                                  {"a6 UID FETCH 7 (UID BODY.PEEK[])",
                                   "* 1 FETCH (UID 7 BODY[] {11}\r\nab\r\nde{3}\r\n)\r\na6 OK done\r\n"},
                                  {"a7 UID FETCH 8 (UID BODY.PEEK[])",
                                   "* 2 FETCH (FLAGS (\\Seen) BODY[] \"a\\\"b\" UID 8)\r\na7 OK done\r\n"},
                                  {"a8 IDLE", "+ idling\r\n"}};

TEST(ImapSession, reads_what_is_there_and_waits_however_the_octets_are_cut) {
    for (std::size_t piece = 1; piece < 40; ++piece) {
        Play play{behind_open(two_mails), account(), piece};
        ASSERT_EQ(play.mails().size(), 2U) << piece << ": " << play.failure().text;
        EXPECT_EQ(play.mails()[0].uid, 7);
        EXPECT_EQ(play.mails()[0].bytes, "ab\r\nde{3}\r\n") << "octets are octets, whatever they look like";
        EXPECT_EQ(play.mails()[0].received, moment_of_rfc3339("2026-07-17T00:44:25Z"));
        EXPECT_EQ(play.mails()[1].bytes, "a\"b");
        EXPECT_EQ(play.session().next(), ImapNext::wait);
        EXPECT_TRUE(play.session().idles());
    }
}

TEST(ImapSession, new_mail_ends_idling_and_so_does_the_driver) {
    Play play{behind_open(two_mails)};
    ImapSession& session = play.session();
    session.feed("* 1 EXPUNGE\r\n* OK still here\r\n");
    EXPECT_EQ(session.take_output(), "") << "what others do to mails that were read is nothing new";
    session.feed("* 2 EXISTS\r\n");
    EXPECT_EQ(session.take_output(), "DONE\r\n");
    session.feed("* 1 FETCH (FLAGS (\\Deleted))\r\na8 OK idle is over\r\n");
    EXPECT_EQ(session.take_output(), "a9 UID FETCH 9:* (UID RFC822.SIZE INTERNALDATE)\r\n");
    session.feed("* 2 FETCH (UID 8 RFC822.SIZE 5)\r\na9 OK done\r\n");
    EXPECT_EQ(session.take_output(), "a10 IDLE\r\n") << "n:* gives the last one though it was read";
    session.feed("+ \r\n");
    session.wake();
    EXPECT_EQ(session.take_output(), "DONE\r\n");
    session.feed("a10 OK\r\n");
    EXPECT_EQ(session.take_output(), "a11 UID FETCH 9:* (UID RFC822.SIZE INTERNALDATE)\r\n");
    session.end(ImapFault::not_kept, "enough");
    EXPECT_EQ(session.take_output(), "") << "a command is under way";
}

TEST(ImapSession, mail_that_comes_while_idle_is_asked_for_is_not_forgotten) {
    Play play{behind_open({two_mails[0], two_mails[1], two_mails[2], {"a8 IDLE", "* 3 EXISTS\r\n+ \r\n"}})};
    EXPECT_EQ(play.said(), "DONE\r\n");
}

TEST(ImapSession, without_idle_it_asks_now_and_then) {
    auto steps = behind_open({{"a5 UID FETCH 7:* (UID RFC822.SIZE INTERNALDATE)", "a5 OK none\r\n"}});
    steps[4].answer = "* CAPABILITY IMAP4rev1\r\na3 OK\r\n";
    Play play{steps};
    EXPECT_EQ(play.session().next(), ImapNext::wait);
    EXPECT_FALSE(play.session().idles());
    play.session().wake();
    EXPECT_EQ(play.session().take_output(), "a6 NOOP\r\n");
    play.session().feed("a6 OK\r\n");
    EXPECT_EQ(play.session().take_output(), "a7 UID FETCH 7:* (UID RFC822.SIZE INTERNALDATE)\r\n");

    Play refused{
        behind_open({{"a5 UID FETCH 7:* (UID RFC822.SIZE INTERNALDATE)", "a5 OK none\r\n"}, {"a6 IDLE", "a6 NO\r\n"}})};
    EXPECT_EQ(refused.session().next(), ImapNext::wait) << "a server that offers IDLE and refuses it is asked now and then";
    EXPECT_FALSE(refused.session().idles());
}

TEST(ImapSession, signs_in_by_what_both_know) {
    auto login = until_open();
    login[1].answer = "* CAPABILITY IMAP4rev1\r\na1 OK\r\n";
    login[2] = {R"(a2 LOGIN "support@pay.example" "open \"sesame\"")", "a2 OK\r\n"};
    login.erase(login.begin() + 3);
    EXPECT_TRUE(Play{login}.session().signed_in());

    auto bearer = until_open();
    bearer[2] = {"a2 AUTHENTICATE OAUTHBEARER", "+\r\n"};
    bearer[3] = {base64_of("n,a=support@pay.example,\x01host=imap.example\x01port=993\x01"
                           "auth=Bearer open \"sesame\"\x01\x01"),
                 "a2 OK\r\n"};
    EXPECT_TRUE((Play{bearer, account(ImapSignIn::oauthbearer)}.session().signed_in()));
    bearer[3].answer = "+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n";
    bearer[4] = {"AQ==", "a2 NO [AUTHENTICATIONFAILED] expired\r\n"};
    bearer.resize(5);
    Play expired{bearer, account(ImapSignIn::oauthbearer)};
    EXPECT_EQ(expired.failure().fault, ImapFault::sign_in_refused);
    EXPECT_EQ(expired.failure().text, "[AUTHENTICATIONFAILED] expired");

    auto xoauth = until_open();
    xoauth[2] = {"a2 AUTHENTICATE XOAUTH2", "+ \r\n"};
    xoauth[3] = {base64_of("user=support@pay.example\x01"
                           "auth=Bearer open \"sesame\"\x01\x01"),
                 "a2 OK\r\n"};
    EXPECT_TRUE((Play{xoauth, account(ImapSignIn::xoauth2)}.session().signed_in()));
}

TEST(ImapSession, a_server_that_repeats_the_secret_is_not_quoted_with_it) {
    const std::string secret = "open \"sesame\"";
    for (const std::string& said : {secret, std::string{"\"open \\\"sesame\\\"\""},
                                    base64_of(std::string{'\0'} + "support@pay.example" + '\0' + secret)}) {
        auto steps = until_open();
        steps[3].answer = "a2 NO cannot do " + std::string(170, '.') + said + " today\r\n";
        steps.resize(4);
        EXPECT_EQ((Play{steps}.failure().text), "cannot do " + std::string(170, '.') + "* today");
        EXPECT_EQ((Play{{{"", "* BYE " + said + "\r\n"}}}.failure().text), "* BYE *");
    }
    ImapAccount odd = account();
    odd.secret = Secret{"*"};
    EXPECT_EQ((Play{{{"", "* BYE **\r\n"}}, odd}.failure().text), "* BYE **") << "a secret that looks like what hides it";
}

TEST(ImapSession, says_no_secret_before_tls) {
    ImapAccount by_starttls = account();
    by_starttls.starttls = true;
    const std::vector<Step> steps{{"", "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n"},
                                  {"a1 CAPABILITY", "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\na1 OK\r\n"},
                                  {"a2 STARTTLS", "a2 OK go on\r\n"},
                                  {"a3 CAPABILITY", "* CAPABILITY IMAP4rev1\r\na3 OK\r\n"}};
    Play play{steps, by_starttls};
    EXPECT_TRUE(play.said().starts_with("a4 LOGIN ")) << "what was offered in clear is forgotten: " << play.said();

    auto stripped = steps;
    stripped[1].answer = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK\r\n";
    stripped.resize(2);
    EXPECT_EQ((Play{stripped, by_starttls}.failure().fault), ImapFault::no_tls);
    auto injected = steps;
    injected[2].answer = "a2 OK go on\r\n* CAPABILITY AUTH=PLAIN\r\n";
    injected.resize(3);
    EXPECT_EQ((Play{injected, by_starttls}.failure().fault), ImapFault::no_tls);
}

struct Refusal {
    std::string_view name;
    std::size_t step;  // of until_open() and the two mails: whose answer is another one
    std::string answer;
    ImapFault fault;
    std::int64_t uid = 0;
};
const std::vector<Refusal> refusals{
    {"a greeting that is none", 0, "SSH-2.0-OpenSSH_9\r\n", ImapFault::not_imap},
    {"a server that is busy", 0, "* BYE come back later\r\n", ImapFault::closed},
    {"somebody else's sign-in", 0, "* PREAUTH welcome\r\n", ImapFault::cannot_sign_in},
    {"a bare line feed", 0, "* OK hello\n", ImapFault::not_imap},
    {"a control character", 0, std::string{"* OK \x01 {3}\r\n"}, ImapFault::not_imap},
    {"a line without an end", 0, "* OK " + std::string(70'000, 'x'), ImapFault::not_imap},
    {"no sign-in in clear", 1, "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na1 OK\r\n", ImapFault::cannot_sign_in},
    {"CAPABILITY is refused", 1, "a1 BAD what?\r\n", ImapFault::not_imap},
    {"an answer to another question", 1, "a7 OK\r\n", ImapFault::not_imap},
    {"a flood before the sign-in", 1,
     [] {
         std::string flood;
         for (int i = 0; i < 200; ++i) flood += "* OK wait\r\n";
         return flood;
     }(),
     ImapFault::not_imap},
    {"a wrong password", 3, "a2 NO [AUTHENTICATIONFAILED] no\r\n", ImapFault::sign_in_refused},
    {"a second question about the password", 3, "+ again\r\n", ImapFault::not_imap},
    {"BYE at the sign-in", 3, "* BYE too many\r\na2 NO\r\n", ImapFault::closed},
    {"no such folder", 5, "a4 NO no such mailbox\r\n", ImapFault::folder_refused},
    {"no UIDVALIDITY", 5, "* 1 EXISTS\r\n* OK [UIDNEXT 4] x\r\na4 OK\r\n", ImapFault::folder_refused},
    {"no UIDNEXT", 5, "* OK [UIDVALIDITY 4] x\r\na4 OK\r\n", ImapFault::folder_refused},
    {"UIDs that do not stay", 5, opened + "* OK [UIDNOTSTICKY] x\r\na4 OK\r\n", ImapFault::folder_refused},
    {"numbers beyond 32 bits", 5, "* OK [UIDVALIDITY 99999999999] x\r\n* OK [UIDNEXT 1] x\r\na4 OK\r\n",
     ImapFault::folder_refused},
    {"a FETCH that cannot be read", 6, "* 1 FETCH (UID seven)\r\n", ImapFault::not_imap},
    {"a FETCH of UID 0", 6, "* 1 FETCH (UID 0 RFC822.SIZE 4)\r\n", ImapFault::not_imap},
    {"lists in lists without end", 6, "* 1 FETCH (X " + std::string(40, '(') + "\r\n", ImapFault::not_imap},
    {"a literal where none was asked for", 6, "* 1 FETCH (UID 7 BODY[] {5000}\r\n", ImapFault::not_imap},
    {"literals without number", 6,
     [] {
         std::string many = "* 1 FETCH (";
         for (int i = 0; i < 20; ++i) many += "X {0}\r\n ";
         return many;
     }(),
     ImapFault::not_imap},
    {"the mailbox is numbered anew meanwhile", 6, "* OK [UIDVALIDITY 78] new\r\n", ImapFault::closed},
    {"the list is refused", 6, "a5 NO not now\r\n", ImapFault::not_imap},
    {"BYE in the list", 6, "* BYE going down\r\n", ImapFault::closed},
    {"a mail that is refused", 7, "a6 NO [SERVERBUG] not now\r\n", ImapFault::fetch_refused, 7},
    {"a mail that is not understood", 7, "a6 BAD what?\r\n", ImapFault::fetch_refused, 7},
    {"a huge literal", 7, "* 1 FETCH (UID 7 BODY[] {4294967295}\r\n", ImapFault::literal_too_large, 7},
    {"a literal beyond counting", 7, "* 1 FETCH (UID 7 BODY[] {99999999999999999999}\r\n", ImapFault::not_imap, 7},
    {"BYE in a mail", 7, "* BYE going down\r\n", ImapFault::closed, 7},
    {"IDLE ends by itself", 9, "+ \r\na8 OK enough\r\n", ImapFault::not_imap},
    {"BYE in IDLE", 9, "+ \r\n* BYE timeout\r\n", ImapFault::closed},
};

TEST(ImapSession, what_breaks_a_rule_ends_it_with_a_reason_and_never_with_a_mail) {
    for (const Refusal& refusal : refusals) {
        auto steps = behind_open(two_mails);
        steps.resize(refusal.step + 1);
        steps.back().answer = refusal.answer;
        for (const std::size_t piece : {std::size_t{1'000'000}, std::size_t{1}}) {
            Play play{steps, account(), piece};
            EXPECT_TRUE(play.is_done()) << refusal.name;
            EXPECT_EQ(play.failure().fault, refusal.fault) << refusal.name << ": " << play.failure().text;
            EXPECT_EQ(play.failure().uid, refusal.uid) << refusal.name;
            EXPECT_EQ(play.said(), "") << refusal.name;
            EXPECT_TRUE(play.mails().empty() || refusal.step > 7) << refusal.name;
            EXPECT_FALSE(play.failure().text.contains("sesame"));
        }
    }
}

TEST(ImapSession, a_mail_that_went_away_is_passed_and_others_come) {
    for (const std::string answer :
         {"a6 OK nothing\r\n", "a6 NO [EXPUNGEISSUED] gone\r\n", "* 1 FETCH (UID 7 BODY[] NIL)\r\na6 OK\r\n",
          "* 1 FETCH (UID 99 BODY[] {1}\r\nx)\r\na6 OK\r\n"}) {
        Play play{behind_open({two_mails[0], {two_mails[1].said, "* 1 EXPUNGE\r\n" + answer}, two_mails[2]})};
        ASSERT_EQ(play.mails().size(), 2U) << answer;
        EXPECT_EQ(play.mails()[0].kind, ImapKind::gone);
        EXPECT_EQ(play.mails()[1].bytes, "a\"b");
    }
}

TEST(ImapSession, of_a_mail_that_is_too_large_it_reads_the_beginning) {
    const ImapLimits limits{.mail_octets_max = 6, .beginning_octets = 4};
    Play play{behind_open(
                  {two_mails[0],
                   {"a6 UID FETCH 7 (UID BODY.PEEK[]<0.4>)", "* 1 FETCH (UID 7 BODY[]<0> {4}\r\nab\r\n)\r\na6 OK\r\n"},
                   two_mails[2]}),
              account(),
              1'000'000,
              {.after_uid = 6},
              limits};
    ASSERT_EQ(play.mails().size(), 2U) << play.failure().text;
    EXPECT_EQ(play.mails()[0].kind, ImapKind::beginning);
    EXPECT_EQ(play.mails()[0].size, 11);
    EXPECT_EQ(play.mails()[1].kind, ImapKind::whole);
}

TEST(ImapSession, does_what_the_driver_learnt_of_single_mails) {
    Play given_up{behind_open(
                      {two_mails[0], {"a6 UID FETCH 8 (UID BODY.PEEK[])", "* 2 FETCH (UID 8 BODY[] \"x\")\r\na6 OK\r\n"}}),
                  account(),
                  1'000'000,
                  {.after_uid = 6, .given_up = {7}}};
    ASSERT_EQ(given_up.mails().size(), 2U);
    EXPECT_EQ(given_up.mails()[0].kind, ImapKind::given_up);
    EXPECT_EQ(given_up.mails()[1].kind, ImapKind::whole);

    Play skipped{behind_open(
                     {two_mails[0], {"a6 UID FETCH 8 (UID BODY.PEEK[])", "* 2 FETCH (UID 8 BODY[] \"x\")\r\na6 OK\r\n"}}),
                 account(),
                 1'000'000,
                 {.after_uid = 6, .skip_before = *moment_of_rfc3339("2026-07-18T00:00:00Z")}};
    ASSERT_EQ(skipped.mails().size(), 2U);
    EXPECT_EQ(skipped.mails()[0].kind, ImapKind::passed);
    EXPECT_EQ(skipped.mails()[0].uid, 7);
}

TEST(ImapSession, lists_a_large_mailbox_in_parts) {
    std::string many;
    for (int uid = 1; uid <= 5; ++uid) many += "* 1 FETCH (RFC822.SIZE 1 UID " + std::to_string(uid) + ")\r\n";
    const auto mail = [](int uid) {
        const std::string no = std::to_string(uid);
        return "* 1 FETCH (UID " + no + " BODY[] \"" + no + "\")\r\n";
    };
    Play play{behind_open({{"a5 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)", many + "a5 OK\r\n"},
                           {"a6 UID FETCH 1 (UID BODY.PEEK[])", mail(1) + "a6 OK\r\n"},
                           {"a7 UID FETCH 2 (UID BODY.PEEK[])", mail(2) + "a7 OK\r\n"},
                           {"a8 UID FETCH 3:* (UID RFC822.SIZE INTERNALDATE)", many + "a8 OK\r\n"},
                           {"a9 UID FETCH 3 (UID BODY.PEEK[])", mail(3) + "a9 OK\r\n"}}),
              account(),
              1'000'000,
              {.after_uid = 0},
              {.listed_max = 2}};
    ASSERT_EQ(play.mails().size(), 3U);
    EXPECT_EQ(play.mails()[2].bytes, "3");
}

TEST(ImapSession, a_folder_whose_name_could_be_a_command_is_refused) {
    ImapAccount odd = account();
    odd.folder = "INBOX\r\na9 DELETE x";
    EXPECT_EQ(ImapSession{odd}.failure().fault, ImapFault::folder_refused);
    odd.folder = "Ca\"rd \\ x";
    auto steps = until_open();
    steps[5].said = "a4 EXAMINE \"Ca\\\"rd \\\\ x\"";
    EXPECT_EQ((Play{steps, odd}.session().uid_validity()), 77);
}

TEST(ImapResponse, moments_and_numbers_are_read_strictly) {
    EXPECT_EQ(moment_of_imap("17-Jul-1996 02:44:25 -0700"), moment_of_rfc3339("1996-07-17T09:44:25Z"));
    EXPECT_EQ(moment_of_imap("1-jan-2026 00:00:00 +0000"), moment_of_rfc3339("2026-01-01T00:00:00Z"));
    for (const char* wrong : {"", "17-Jul-1996", "31-Feb-2026 00:00:00 +0000", "17-Xxx-1996 02:44:25 -0700",
                              "17-Jul-1996 25:44:25 -0700", "17-Jul-1996 02:44:25 *0700", "-Jul-1996 02:44:25 -0700"}) {
        EXPECT_EQ(moment_of_imap(wrong), std::nullopt) << wrong;
    }
    EXPECT_EQ(imap_number("4294967295"), 4'294'967'295);
    for (const char* wrong : {"", "-1", "+1", "4294967296", "1 ", " 1", "99999999999999999999"}) {
        EXPECT_EQ(imap_number(wrong), std::nullopt) << wrong;
    }
}

}  // namespace
}  // namespace okpay::mailroom
