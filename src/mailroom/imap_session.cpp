// SPDX-License-Identifier: Apache-2.0
#include "mailroom/imap_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "mailroom/smtp_text.hpp"

namespace okpay::mailroom {
namespace {

constexpr std::size_t kept_text_octets_max = 200;
constexpr std::size_t capabilities_max = 200;

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Only for what is_printable().
std::string quoted(std::string_view text) {
    std::string all = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') all += '\\';
        all += c;
    }
    return all + "\"";
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }
std::string_view behind_word(std::string_view text) {
    const auto space = text.find(' ');
    return space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
}

std::string sasl_plain(const ImapAccount& account) {
    return base64_of(std::string{'\0'} + account.user + '\0' + account.secret.reveal());
}

std::string sasl_oauthbearer(const ImapAccount& account) {
    std::string user;
    for (const char c : account.user) {  // RFC 5801: a saslname
        if (c == ',') user += "=2C";
        else if (c == '=') user += "=3D";
        else user += c;
    }
    return base64_of(
        fmt::format("n,a={},\x01host={}\x01port={}\x01"
                    "auth=Bearer {}\x01\x01",
                    user, account.host, account.port, account.secret.reveal()));
}

std::string sasl_xoauth2(const ImapAccount& account) {
    return base64_of(
        fmt::format("user={}\x01"
                    "auth=Bearer {}\x01\x01",
                    account.user, account.secret.reveal()));
}

std::string sasl_of(const ImapAccount& account) {
    switch (account.sign_in) {
    case ImapSignIn::password: return sasl_plain(account);
    case ImapSignIn::oauthbearer: return sasl_oauthbearer(account);
    case ImapSignIn::xoauth2: return sasl_xoauth2(account);
    }
    std::abort();
}

void hide(std::string& text, std::string_view secret) {
    if (secret.empty()) return;
    constexpr std::string_view hidden = "*";
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + hidden.size()))
        text.replace(at, secret.size(), hidden);
}

}  // namespace

ImapSession::ImapSession(ImapAccount account, ImapLimits limits) : account_{std::move(account)}, limits_{limits} {
    if (!is_printable(account_.folder) || account_.folder.empty())
        fail(ImapFault::folder_refused, "the folder's name is not printable ASCII");
}

// Words of the server for logs and people. Some repeat the line that they refuse, with the password in it.
std::string ImapSession::shown(std::string_view words) const {
    std::string text{words};
    hide(text, sasl_of(account_));
    hide(text, quoted(account_.secret.reveal()));  // as LOGIN says it
    hide(text, account_.secret.reveal());
    return one_line(text, kept_text_octets_max);
}

void ImapSession::feed(std::string_view octets) {
    const std::string held = std::exchange(pending_, {}) + std::string{octets};
    std::string_view left = held;
    while (!left.empty() && (next_ == ImapNext::read_more || next_ == ImapNext::wait)) {
        switch (reader_.feed(left)) {
        case ImapEvent::none: break;
        case ImapEvent::response: {
            const std::size_t most = signed_in_ ? limits_.responses_max : limits_.responses_before_sign_in_max;
            if (++responses_ > most) return fail(ImapFault::not_imap, "the server does not stop talking");
            on_response(reader_.take());
            break;
        }
        case ImapEvent::not_imap: return fail(ImapFault::not_imap, "the server does not speak IMAP");
        case ImapEvent::line_too_long: return fail(ImapFault::not_imap, "a response of the server is too long");
        case ImapEvent::literal_too_long:
            return fail(wanted_ == 0 ? ImapFault::not_imap : ImapFault::literal_too_large,
                        "the server sends more octets than it may");
        }
    }
    // What was said in clear behind the answer to STARTTLS may have been put there by somebody else.
    if (next_ == ImapNext::start_tls && !left.empty())
        return fail(ImapFault::no_tls, "the server said more before TLS than it was asked");
    if (next_ != ImapNext::done) pending_ = left;
}

void ImapSession::on_response(ImapResponse response) {
    if (stage_ == Stage::greeting) return on_greeting(response.text);
    const std::string_view text = response.text;
    if (text.starts_with("* ")) return on_untagged(std::move(response));
    if (text.starts_with('+')) return on_continuation();
    const std::string_view word = first_word(behind_word(text));
    if (tag_.empty() || first_word(text) != tag_) return fail(ImapFault::not_imap, "the server answered what was not asked");
    tag_.clear();
    const std::string said = shown(behind_word(behind_word(text)));
    if (equal_ignoring_ascii_case(word, "OK")) return on_tagged(Word::ok, said);
    if (equal_ignoring_ascii_case(word, "NO")) return on_tagged(Word::no, said);
    if (equal_ignoring_ascii_case(word, "BAD")) return on_tagged(Word::bad, said);
    fail(ImapFault::not_imap, "the server does not speak IMAP");
}

void ImapSession::on_greeting(const std::string& text) {
    const std::string said = shown(text);
    if (text.starts_with("* BYE")) return fail(ImapFault::closed, said);
    // Somebody else signed this connection in: whose mailbox it is nobody knows.
    if (text.starts_with("* PREAUTH")) return fail(ImapFault::cannot_sign_in, "the server signed us in by itself");
    if (!text.starts_with("* OK")) return fail(ImapFault::not_imap, "the server does not speak IMAP");
    say(Stage::capability, "CAPABILITY");
}

void ImapSession::on_untagged(ImapResponse response) {
    const std::string_view text = std::string_view{response.text}.substr(2);
    const std::string_view word = first_word(text);
    if (const auto number = imap_number(word)) {
        const std::string kind{first_word(behind_word(text))};
        return on_numbered(*number, kind, std::move(response));
    }
    if (equal_ignoring_ascii_case(word, "BYE")) return fail(ImapFault::closed, shown(behind_word(text)));
    if (equal_ignoring_ascii_case(word, "CAPABILITY")) return note_capabilities(behind_word(text));
    if (equal_ignoring_ascii_case(word, "OK")) note_code(behind_word(text));
}

void ImapSession::on_numbered(std::int64_t number, std::string_view word, ImapResponse response) {
    if (equal_ignoring_ascii_case(word, "EXISTS")) {
        news_ = news_ || number > exists_;
        exists_ = number;
    } else if (equal_ignoring_ascii_case(word, "EXPUNGE")) {
        exists_ = std::max<std::int64_t>(0, exists_ - 1);
    } else if (equal_ignoring_ascii_case(word, "FETCH")) {
        auto fetched = read_fetch(std::move(response));
        if (!fetched) return fail(ImapFault::not_imap, "the server sends a FETCH response that cannot be read");
        return on_fetched(*std::move(fetched));
    }
    if (news_ && stage_ == Stage::idling) {
        stage_ = Stage::idle_ending;
        next_ = ImapNext::read_more;
        output_ += "DONE\r\n";
    } else if (news_ && stage_ == Stage::polling) {
        list();
    }
}

void ImapSession::on_fetched(ImapFetched fetched) {
    if (!fetched.uid) return;  // flags that somebody changed
    if (stage_ == Stage::fetching && *fetched.uid == wanted_ && fetched.body && !body_) body_ = std::move(fetched.body);
    // "n:*" gives the last mail even where its UID is below n.
    if (stage_ != Stage::listing || *fetched.uid <= place_.after_uid || !fetched.size) return;
    listed_.insert_or_assign(*fetched.uid, Listed{.size = *fetched.size, .received = fetched.received});
    if (listed_.size() > limits_.listed_max) {
        listed_.erase(std::prev(listed_.end()));
        listed_all_ = false;
    }
}

// "[UIDVALIDITY 3857529045] UIDs valid"
void ImapSession::note_code(std::string_view text) {
    if (!text.starts_with('[')) return;
    const auto end = text.find(']');
    if (end == std::string_view::npos) return;
    text = text.substr(1, end - 1);
    const std::string_view code = first_word(text);
    if (equal_ignoring_ascii_case(code, "UIDVALIDITY")) {
        const auto value = imap_number(behind_word(text)).value_or(0);
        if (stage_ != Stage::examine && value != uid_validity_)
            return fail(ImapFault::closed, "the server numbered the mailbox anew");
        uid_validity_ = value;
    }
    if (stage_ != Stage::examine) return;
    if (equal_ignoring_ascii_case(code, "UIDNEXT")) uid_next_ = imap_number(behind_word(text)).value_or(0);
    if (equal_ignoring_ascii_case(code, "UIDNOTSTICKY")) uids_stay_ = false;
}

void ImapSession::note_capabilities(std::string_view words) {
    capabilities_.clear();
    while (!words.empty() && capabilities_.size() < capabilities_max) {
        capabilities_.insert(ascii_lower(first_word(words)));
        words = behind_word(words);
    }
}

void ImapSession::on_continuation() {
    if (stage_ == Stage::sign_in_begun) return say_secret();
    if (stage_ == Stage::idle_asked) {
        stage_ = Stage::idling;
        next_ = ImapNext::wait;
        if (news_) wake();
        return;
    }
    // What the server says of a token that it refuses; it wants an answer before its NO (RFC 7628 3.2.3).
    if (stage_ == Stage::sign_in_said && account_.sign_in != ImapSignIn::password) {
        output_ += account_.sign_in == ImapSignIn::oauthbearer ? "AQ==\r\n" : "\r\n";
        return;
    }
    fail(ImapFault::not_imap, "the server answered what was not asked");
}

void ImapSession::on_tagged(Word word, const std::string& text) {
    const bool ok = word == Word::ok;
    switch (stage_) {
    case Stage::capability:
    case Stage::capability_again:
        if (!ok) return fail(ImapFault::not_imap, text);
        return after_capabilities();
    case Stage::starttls:
        if (!ok) return fail(ImapFault::no_tls, text);
        stage_ = Stage::handshake;
        next_ = ImapNext::start_tls;
        return;
    case Stage::sign_in_begun:
    case Stage::sign_in_said:
        if (!ok) return fail(ImapFault::sign_in_refused, text);
        signed_in_ = true;
        return say(Stage::capability_again, "CAPABILITY");  // what was offered before may be less, or more
    case Stage::examine:
        if (!ok) return fail(ImapFault::folder_refused, text);
        return after_examine();
    case Stage::listing:
        if (!ok) return fail(ImapFault::not_imap, text);
        return next_mail();
    case Stage::fetching: {
        const bool gone = (ok && !body_) || (word == Word::no && text.starts_with("[EXPUNGEISSUED]"));
        if (!ok && !gone) return fail(ImapFault::fetch_refused, text);
        const bool beginning = place_.beginnings.contains(wanted_) ||
                               listed_.at(wanted_).size > static_cast<std::int64_t>(limits_.mail_octets_max);
        if (gone) return offer(ImapKind::gone, wanted_);
        return offer(beginning ? ImapKind::beginning : ImapKind::whole, wanted_, *std::exchange(body_, std::nullopt));
    }
    case Stage::idle_asked:
        if (ok) return fail(ImapFault::not_imap, "the server ended IDLE by itself");
        idle_refused_ = true;
        return rest();
    case Stage::idle_ending:
    case Stage::noop: return list();
    case Stage::greeting:
    case Stage::handshake:
    case Stage::examined:
    case Stage::keeping:
    case Stage::idling:
    case Stage::polling:
    case Stage::finished: return fail(ImapFault::not_imap, "the server answered what was not asked");
    }
    std::abort();
}

void ImapSession::after_capabilities() {
    if (signed_in_) return say(Stage::examine, "EXAMINE " + quoted(account_.folder));
    if (!account_.starttls || encrypted_) return sign_in();
    if (!offers("starttls")) return fail(ImapFault::no_tls, "the server offers no STARTTLS");
    say(Stage::starttls, "STARTTLS");
}

void ImapSession::tls_started() {
    ensure(stage_ == Stage::handshake);
    encrypted_ = true;
    capabilities_.clear();  // what was offered in clear proves nothing
    say(Stage::capability, "CAPABILITY");
}

void ImapSession::sign_in() {
    std::string_view mechanism;
    switch (account_.sign_in) {
    case ImapSignIn::password: mechanism = "PLAIN"; break;
    case ImapSignIn::oauthbearer: mechanism = "OAUTHBEARER"; break;
    case ImapSignIn::xoauth2: mechanism = "XOAUTH2"; break;
    }
    if (offers("auth=" + ascii_lower(mechanism)))
        return say(Stage::sign_in_begun, fmt::format("AUTHENTICATE {}", mechanism));
    if (account_.sign_in != ImapSignIn::password)
        return fail(ImapFault::cannot_sign_in, fmt::format("the server does not offer {}", mechanism));
    if (offers("logindisabled")) return fail(ImapFault::cannot_sign_in, "the server takes no password on this connection");
    if (!is_printable(account_.user) || !is_printable(account_.secret.reveal()))
        return fail(ImapFault::cannot_sign_in, "the server takes only user names and passwords of printable ASCII");
    say(Stage::sign_in_said, fmt::format("LOGIN {} {}", quoted(account_.user), quoted(account_.secret.reveal())));
}

void ImapSession::say_secret() {
    stage_ = Stage::sign_in_said;
    output_ += sasl_of(account_) + "\r\n";
}

void ImapSession::after_examine() {
    if (uid_validity_ == 0 || uid_next_ == 0 || !uids_stay_)
        return fail(ImapFault::folder_refused, "the server gives the mails of this folder no numbers that stay");
    stage_ = Stage::examined;
    next_ = ImapNext::begin;
}

void ImapSession::begin(ImapPlace place) {
    ensure(stage_ == Stage::examined);
    place_ = std::move(place);
    list();
    feed({});
}

void ImapSession::list() {
    news_ = false;
    listed_all_ = true;
    listed_.clear();
    if (exists_ == 0) return rest();  // "n:*" has no meaning where nothing is
    say(Stage::listing, fmt::format("UID FETCH {}:* (UID RFC822.SIZE INTERNALDATE)", place_.after_uid + 1));
}

void ImapSession::next_mail() {
    std::int64_t passed = 0;
    while (!listed_.empty()) {
        const auto& [uid, mail] = *listed_.begin();
        if (!mail.received || *mail.received >= place_.skip_before) break;
        passed = uid;
        listed_.erase(listed_.begin());
    }
    if (passed > 0) return offer(ImapKind::passed, passed);
    if (listed_.empty()) return listed_all_ && !news_ ? rest() : list();
    const auto& [uid, mail] = *listed_.begin();
    if (place_.given_up.contains(uid)) return offer(ImapKind::given_up, uid);
    const bool beginning = place_.beginnings.contains(uid) || mail.size > static_cast<std::int64_t>(limits_.mail_octets_max);
    wanted_ = uid;
    body_.reset();
    reader_.allow_literal(beginning ? limits_.beginning_octets : limits_.mail_octets_max);
    say(Stage::fetching, beginning ? fmt::format("UID FETCH {} (UID BODY.PEEK[]<0.{}>)", uid, limits_.beginning_octets)
                                   : fmt::format("UID FETCH {} (UID BODY.PEEK[])", uid));
}

void ImapSession::offer(ImapKind kind, std::int64_t uid, Bytes bytes) {
    reader_.allow_literal(imap_literal_octets_max);
    const auto known = listed_.find(uid);
    mail_ = {.kind = kind, .uid = uid, .received = std::nullopt, .size = 0, .bytes = std::move(bytes)};
    if (known != listed_.end()) {
        mail_.received = known->second.received;
        mail_.size = known->second.size;
        listed_.erase(known);
    }
    stage_ = Stage::keeping;
    next_ = ImapNext::keep;
    wanted_ = 0;
    place_.after_uid = uid;
}

void ImapSession::kept() {
    ensure(stage_ == Stage::keeping);
    next_ = ImapNext::read_more;
    next_mail();
    feed({});
}

void ImapSession::rest() {
    if (offers("idle") && !idle_refused_) return say(Stage::idle_asked, "IDLE");
    stage_ = Stage::polling;
    next_ = ImapNext::wait;
    responses_ = 0;
}

void ImapSession::wake() {
    if (stage_ == Stage::polling) return say(Stage::noop, "NOOP");
    if (stage_ != Stage::idling) return;
    stage_ = Stage::idle_ending;
    next_ = ImapNext::read_more;
    output_ += "DONE\r\n";
}

void ImapSession::end(ImapFault fault, std::string_view why) {
    if (next_ == ImapNext::done) return;
    const bool idling = stage_ == Stage::idling;
    const bool quiet = tag_.empty();  // nothing is under way
    fail(fault, why);
    if (fault != ImapFault::closed && (idling || quiet)) output_ = idling ? "DONE\r\nz LOGOUT\r\n" : "z LOGOUT\r\n";
}

void ImapSession::say(Stage stage, std::string_view command) {
    stage_ = stage;
    next_ = ImapNext::read_more;
    responses_ = 0;
    tag_ = fmt::format("a{}", ++tags_);
    output_ += fmt::format("{} {}\r\n", tag_, command);
}

void ImapSession::fail(ImapFault fault, std::string_view why) {
    failure_ = {.fault = fault, .text = shown(why), .uid = wanted_};
    stage_ = Stage::finished;
    next_ = ImapNext::done;
    output_.clear();
    pending_.clear();
}

}  // namespace okpay::mailroom
