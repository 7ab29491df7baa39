// SPDX-License-Identifier: Apache-2.0
// The way of an inbound mail behind the wire: sealed before it touches the disk, made durable by AcceptMail, then read
// by a worker of its own: unsealed, taken apart in the sandbox, masked, judged by triage, filed by FileMail. What kills
// the sandbox twice is quarantined with its raw octets kept.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "mail/message.hpp"
#include "sandbox/child.hpp"
#include "service/service.hpp"
#include "store/connection.hpp"
#include "store/desk_store.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"
#include "triage/message.hpp"

namespace okpay::service {

struct Envelope {
    std::string channel;  // smtp, lmtp, import
    std::string peer, mail_from;
    std::vector<std::string> recipients;
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

// What triage is told of a mail. `envelope_sender`: empty for "<>", none where it is not known. A customer's zone counts
// where the mail's Date names no offset.
triage::Message message_for_triage(const mail::ParsedMail& parsed, std::optional<std::string_view> envelope_sender,
                                   std::string_view customer_zone, Moment received);

struct FilingSettings {
    std::string trusted_authserv_id;  // empty: no Authentication-Results is believed
};
// Pure: what FileMail says of a parsed mail. `random` gives the fresh ids their octets (30).
FileMail filing_of(const mail::ParsedMail& parsed, const store::InboundMail& inbound, std::string_view customer_zone,
                   const FilingSettings& settings, ByteView random);

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
    void run();
    bool work_once(store::Connection& reader);  // false: nothing waits
    std::optional<CommandBody> read(store::Connection& reader, std::int64_t mail);

    Service& service_;
    store::Database database_;
    store::Keyring keyring_;
    std::optional<store::BlobStore> blobs_;
    std::unique_ptr<sandbox::Pool> sandbox_;
    FilingSettings settings_;
    std::function<Moment()> clock_;  // of the commands; called on the reader's thread
    std::mutex mutex_;
    std::condition_variable wake_;
    bool work_waits_ = true;  // under mutex_; what the last process left
    bool stopping_ = false;   // under mutex_
    bool draining_ = false;   // under mutex_: stop once nothing waits
    std::thread thread_;
};

}  // namespace okpay::service
