// SPDX-License-Identifier: Apache-2.0
// Hosted mailboxes into the books: each mail sealed and made durable by TakeFromMailbox, in one commit with the place up to
// which its mailbox was read (mailroom/imap_client.hpp reads them).
//
//   Node      fetches where the writer is; told by notify() that this may be here now.
//   Tokens    are looked at once a minute: what expires soon, or has, is warned of once each time.
//   stop()    takes nothing more and breaks off what is under way.
//   Threads   one strand; sealing on the workers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/metrics.hpp"
#include "api/workers.hpp"
#include "base/clock.hpp"
#include "server/mailboxes_file.hpp"
#include "server/options.hpp"
#include "service/service.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"

namespace okpay::server {

struct MailboxFetcherHouse {
    service::Service& service;
    api::Workers& workers;
    const Clock& clock;
    store::Keyring keyring;
    std::optional<store::BlobStore> files;  // none: mails lie in their rows
    std::function<bool()> writes_here = [] { return true; };
};

class MailboxFetcher {
public:
    MailboxFetcher(asio::any_io_executor executor, MailboxFetcherHouse house, std::vector<HostedMailbox> mailboxes);
    ~MailboxFetcher();
    MailboxFetcher(const MailboxFetcher&) = delete;
    MailboxFetcher& operator=(const MailboxFetcher&) = delete;

    void add_metrics(api::Metrics& metrics);  // before the server runs; this object lives as long
    void start();                             // once; all that follows runs on the executor
    void notify();
    void stop();

private:
    class One;
    net::awaitable<void> watch_tokens();

    asio::any_io_executor executor_;
    MailboxFetcherHouse house_;
    std::vector<std::unique_ptr<One>> all_;
    asio::steady_timer alarm_;
    bool stopping_ = false;
};

// Null where --mailboxes is not given. Throws UsageError.
std::unique_ptr<MailboxFetcher> mailbox_fetcher_of(const Options& options, asio::any_io_executor executor,
                                                   MailboxFetcherHouse house, api::Metrics& metrics);

// What an operator does about a connection that failed; one plain sentence.
std::string_view advice_of(mailroom::ImapFault fault);

}  // namespace okpay::server
