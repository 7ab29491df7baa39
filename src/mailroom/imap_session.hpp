// SPDX-License-Identifier: Apache-2.0
// Mail out of a hosted mailbox by IMAP4 (RFC 9051, RFC 3501) without a socket: responses in, commands out, one command
// at a time. The mailbox is opened with EXAMINE and read with BODY.PEEK: nothing of it is ever changed, no flag is read.
//   Sign-in   AUTHENTICATE PLAIN (RFC 4616), or LOGIN where that is not offered; OAUTHBEARER (RFC 7628); XOAUTH2. Never
//             before TLS where TLS is asked for; what was said in clear behind STARTTLS ends the session (CVE-2011-0411).
//   Order     mails come by ascending UID, each once: the driver keeps it and says so, then the next is asked for.
//   News      IDLE (RFC 2177), else NOOP; both only tell that the mailbox is to be listed again from the last UID on.
//   Hostile   what breaks a rule or passes a limit ends the session with a reason; a mail that does so is named by its UID,
//             so that the driver can give it up and the others go on. Words of the server are shortened to one line, without
//             the secret where it repeats that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "mailroom/imap_response.hpp"

namespace okpay::mailroom {

enum class ImapSignIn : std::uint8_t { password, oauthbearer, xoauth2 };
struct ImapAccount {
    std::string host;  // as it is connected to
    std::uint16_t port = 0;
    std::string user;
    Secret secret;  // password or token
    ImapSignIn sign_in = ImapSignIn::password;
    std::string folder = "INBOX";  // as the server spells it (modified UTF-7), printable ASCII
    bool starttls = false;
};

struct ImapLimits {
    std::size_t mail_octets_max = 25U << 20U;  // as of SMTP (data_reader.hpp)
    std::size_t beginning_octets = 64U << 10U;  // of a mail that is larger
    std::size_t listed_max = 1'000;  // UIDs held; the rest is listed again
    std::size_t responses_max = 1'000'000;  // to one command
    std::size_t responses_before_sign_in_max = 100;  // to one command
};

// Where reading begins, and what the driver learnt in sessions before this one.
struct ImapPlace {
    std::int64_t after_uid = 0;
    Moment skip_before{};  // mails received earlier are passed over
    std::set<std::int64_t> beginnings{};  // of these only the beginning is asked for
    std::set<std::int64_t> given_up{};  // these are not asked for at all
};

enum class ImapKind : std::uint8_t {
    whole,
    beginning,  // the mail is larger than mail_octets_max
    gone,  // expunged before it was read
    passed,  // this one and those below it are not wanted: skip_before
    given_up,
};
struct ImapMail {
    ImapKind kind = ImapKind::whole;
    std::int64_t uid = 0;
    std::optional<Moment> received;
    std::int64_t size = 0;  // as the server says
    Bytes bytes;  // of whole and beginning
};

enum class ImapFault : std::uint8_t {
    closed,  // the server or the connection ended it
    no_tls,
    cannot_sign_in,  // no way that both know
    sign_in_refused,
    folder_refused,
    fetch_refused,  // of `uid`; the server may think otherwise later
    literal_too_large,  // of `uid`: more octets than were announced
    not_imap,  // a rule broken, a limit passed
    not_kept,  // the driver could not keep a mail, or was stopped
};
struct ImapFailure {
    ImapFault fault = ImapFault::closed;
    std::string text;  // one line
    std::int64_t uid = 0;  // that was being fetched; 0: none
};

enum class ImapNext : std::uint8_t { read_more, start_tls, begin, keep, wait, done };

class ImapSession {
public:
    explicit ImapSession(ImapAccount account, ImapLimits limits = {});

    // Write take_output() whole, then: read_more: read and feed(); start_tls: shake hands and call tls_started(); begin:
    // the mailbox is open, call begin(); keep: take_mail(), make it durable, call kept(); wait: read and feed(), and call
    // wake() where nothing came for a while (below 29 minutes where idles()); done: failure() says why.
    [[nodiscard]] ImapNext next() const { return next_; }
    std::string take_output() { return std::exchange(output_, {}); }
    void feed(std::string_view octets);
    void tls_started();
    void begin(ImapPlace place);
    ImapMail take_mail() { return std::move(mail_); }
    void kept();
    void wake();
    void end(ImapFault fault, std::string_view why);  // says goodbye where that is possible

    [[nodiscard]] bool idles() const { return stage_ == Stage::idling; }
    [[nodiscard]] bool signed_in() const { return signed_in_; }
    [[nodiscard]] std::int64_t uid_validity() const { return uid_validity_; }  // once next() was begin
    [[nodiscard]] std::int64_t uid_next() const { return uid_next_; }
    [[nodiscard]] std::int64_t exists() const { return exists_; }
    [[nodiscard]] const ImapFailure& failure() const { return failure_; }

private:
    enum class Stage : std::uint8_t {
        greeting,
        capability,
        starttls,
        handshake,
        sign_in_begun,  // waits for "+"
        sign_in_said,
        capability_again,
        examine,
        examined,
        listing,
        fetching,
        keeping,
        idle_asked,
        idling,
        idle_ending,
        polling,
        noop,
        finished
    };
    enum class Word : std::uint8_t { ok, no, bad };
    struct Listed {
        std::int64_t size = 0;
        std::optional<Moment> received;
    };

    void on_response(ImapResponse response);
    void on_untagged(ImapResponse response);
    void on_numbered(std::int64_t number, std::string_view word, ImapResponse response);
    void on_fetched(ImapFetched fetched);
    void on_continuation();
    void on_tagged(Word word, const std::string& text);
    void on_greeting(const std::string& text);
    void note_code(std::string_view text);
    void note_capabilities(std::string_view words);
    void sign_in();
    void say_secret();
    void after_capabilities();
    void after_examine();
    void list();
    void next_mail();
    void offer(ImapKind kind, std::int64_t uid, Bytes bytes = {});
    void rest();
    void say(Stage stage, std::string_view command);
    void fail(ImapFault fault, std::string_view why);
    [[nodiscard]] std::string shown(std::string_view words) const;
    [[nodiscard]] bool offers(std::string_view capability) const { return capabilities_.contains(capability); }

    ImapAccount account_;
    ImapLimits limits_;
    ImapReader reader_;
    std::string pending_;  // Octets behind a response that the driver must act upon first.
    std::string output_;
    std::set<std::string, std::less<>> capabilities_;
    std::string tag_;
    std::uint64_t tags_ = 0;
    std::size_t responses_ = 0;  // to the command that stands
    bool encrypted_ = false, signed_in_ = false, news_ = false, idle_refused_ = false, uids_stay_ = true;
    std::int64_t uid_validity_ = 0, uid_next_ = 0, exists_ = 0;
    ImapPlace place_;
    std::map<std::int64_t, Listed> listed_;
    bool listed_all_ = true;
    std::int64_t wanted_ = 0;  // UID that is being fetched; 0: none
    std::optional<Bytes> body_;
    ImapMail mail_;
    ImapFailure failure_;
    Stage stage_ = Stage::greeting;
    ImapNext next_ = ImapNext::read_more;
};

}  // namespace okpay::mailroom
