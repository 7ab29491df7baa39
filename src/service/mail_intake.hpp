// SPDX-License-Identifier: Apache-2.0
// The way of an inbound mail behind the wire: sealed before it touches the disk, made durable by AcceptMail, then read
// by a worker of its own: unsealed, taken apart in the sandbox, masked, judged by triage, filed by FileMail. What kills
// the sandbox twice is quarantined with its raw octets kept.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "mail/authentication.hpp"
#include "mail/message.hpp"
#include "sandbox/child.hpp"
#include "service/faq_shelf.hpp"
#include "service/service.hpp"
#include "store/connection.hpp"
#include "store/desk_store.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"
#include "triage/message.hpp"
#include "triage/shipped.hpp"

namespace okpay::service {

struct Envelope {
    std::string channel;  // smtp, lmtp, imap, import
    std::string peer, mail_from;
    std::vector<std::string> recipients;
    std::string helo{};  // what the peer called itself
};

// Files are for one node's directory; where several share a database (`blobs` null) every mail lies in its row.
//
// Seals the mail and, above BlobStore::inline_octets_max, writes its file; none where the disk refused. `own_octets` at
// the start are our trace fields: the same mail sent again is known by what stands behind them. Blocking; thread-safe.
std::optional<AcceptMail> seal_mail(const store::Keyring& keyring, const store::BlobStore* blobs, const Envelope& envelope,
                                    ByteView raw, std::size_t own_octets);
std::optional<Bytes> unseal_mail(const store::Keyring& keyring, const store::BlobStore* blobs,
                                 const store::InboundMail& mail);

// The work of the sandbox child: octets of a mail to octets of mail::codec. And what it warms up before the lock-down.
Bytes read_mail_in_sandbox(ByteView raw);
void warm_up_sandbox();

// One mail through the sandbox: parsed, or the reason why it goes to the quarantine; neither where the sandbox cannot be
// started and the mail waits. What ends the sandbox is tried a second time. Blocking.
struct SandboxReading {
    std::optional<mail::ParsedMail> parsed;
    std::string reason;
};
SandboxReading read_through(sandbox::Pool& sandbox, ByteView raw, std::string_view named);

// What triage is told of a mail. `envelope_sender`: empty for "<>", none where it is not known. A customer's zone counts
// where the mail's Date names no offset. `screens`: the words on its pictures, where they were read.
triage::Message message_for_triage(const mail::ParsedMail& parsed, std::optional<std::string_view> envelope_sender,
                                   std::string_view customer_zone, Moment received, std::string_view screens = {});

// Pure: who really sent it, out of the mail and what is kept of the session that brought it. Behind LMTP, IMAP and imports
// no client's address is known.
mail::AuthenticationStep judge_sender(const mail::ParsedMail& parsed, const store::InboundMail& inbound,
                                      const mail::AuthenticationPolicy& policy, const mail::DnsFacts& facts);

// Pure: what FileMail says of a parsed mail. `random` gives the fresh ids their octets (30).
FileMail filing_of(const mail::ParsedMail& parsed, const store::InboundMail& inbound, std::string_view customer_zone,
                   const mail::Authentication& sender, ByteView random, std::string_view screens = {},
                   const triage::Model& model = triage::shipped_model());
// The same without the DNS: only the trusted host is heard. For tests and demonstration mails.
FileMail filing_without_dns(const mail::ParsedMail& parsed, const store::InboundMail& inbound,
                            std::string_view customer_zone, std::string_view trusted_authserv_id, ByteView random);

// Asks the DNS and returns at once; `then` is called once, on a thread of its own or before this returns, with one answer
// for each question, those that did not come within the time as timed out.
using AskDns =
    std::function<void(std::vector<DnsQuestion> questions, Millis within, std::function<void(std::vector<DnsAnswer>)> then)>;
// Reads the words on the pictures of a mail and returns at once; `then` as above. It bounds its own time.
using ReadScreens = std::function<void(Bytes raw, std::function<void(std::string words)> then)>;
struct FilingSettings {
    mail::AuthenticationPolicy senders{};
    AskDns ask_dns{};            // needed where senders.asks_dns
    ReadScreens read_screens{};  // none: pictures are not read
    std::shared_ptr<const triage::Model> model{};  // none: the shipped one
};
inline constexpr Millis sender_checked_within{10'000};  // a mail is filed by then, proven or not

class MailIntake {
public:
    MailIntake(Service& service, store::Database database, store::Keyring keyring, std::optional<store::BlobStore> blobs,
               std::unique_ptr<sandbox::Pool> sandbox, FilingSettings settings, std::function<Moment()> clock);
    ~MailIntake();
    MailIntake(const MailIntake&) = delete;
    MailIntake& operator=(const MailIntake&) = delete;

    void notify();  // a mail was accepted; thread-safe
    void stop();    // finishes the mails under way
    void drain();   // reads all that waits, then stops

private:
    // A mail that was read, while the DNS is asked about its sender and its pictures are read. Others are read and filed
    // meanwhile.
    struct UnderWay {
        store::InboundMail inbound;
        mail::ParsedMail parsed;
        std::string zone;
        mail::DnsFacts facts;
        std::chrono::steady_clock::time_point until;
        std::optional<mail::Authentication> sender{};  // once it is judged
        std::string screens{};  // the words on its pictures
        bool asking = false, reading_screens = false;
    };
    struct Arrivals;  // of answers

    void run();
    bool work_once(store::Connection& reader);  // false: nothing waits
    void take_arrivals();
    std::size_t read_waiting(store::Connection& reader);
    // What is to be said to the writer, or none: it is under way, or waits.
    std::optional<CommandBody> read(store::Connection& reader, std::int64_t mail);
    std::optional<CommandBody> judge(std::int64_t mail, UnderWay& under_way);
    [[nodiscard]] const triage::Model& model() const;
    void read_screens_of(std::int64_t mail, UnderWay& under_way, Bytes raw);
    void submit(std::int64_t mail, CommandBody body);
    bool await_answers();

    Service& service_;
    store::Database database_;
    store::Keyring keyring_;
    std::optional<store::BlobStore> blobs_;
    std::unique_ptr<sandbox::Pool> sandbox_;
    FilingSettings settings_;
    FaqShelf faq_;  // of the reader's thread
    std::function<Moment()> clock_;  // of the commands; called on the reader's thread
    std::mutex mutex_;
    std::condition_variable wake_;
    bool work_waits_ = true;  // under mutex_; what the last process left
    bool stopping_ = false;  // under mutex_
    bool draining_ = false;  // under mutex_: stop once nothing waits
    std::map<std::int64_t, UnderWay> under_way_;  // of the reader's thread
    std::vector<std::pair<std::int64_t, std::future<Answer>>> submitted_;  // likewise
    std::shared_ptr<Arrivals> arrivals_;
    std::thread thread_;
};

}  // namespace okpay::service
