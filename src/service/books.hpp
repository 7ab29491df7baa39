// SPDX-License-Identifier: Apache-2.0
// One unit of work on the ordered writer: the ledger in memory, what the current batch has decided but not yet flushed,
// and the connection whose transaction is open. Handlers (handlers.hpp) decide first and write after: a refused command
// has written nothing.
//
//   Threads   the writer's thread only.
//   Failure   whatever fails before the commit returns throws StorageFailure; the writer then discards the whole object
//             and loads it again, so memory never holds what the disk does not.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "money/ledger.hpp"
#include "payments/payment.hpp"
#include "service/command.hpp"
#include "service/usage_index.hpp"
#include "store/connection.hpp"
#include "store/desk_store.hpp"
#include "store/exchange_store.hpp"
#include "store/once_index.hpp"

namespace okpay::service {

// What a commit changed, for those who wait for it: open workspaces, the mail workers, the sender.
struct CommitNews {
    std::vector<std::string> tickets;  // request numbers
    bool mail_accepted = false;
    bool mail_queued = false;
    bool rail_called = false;  // an outside rail has something to do
};

// When the books move what they hold in memory into its place on the disk. Smaller: sooner, for tests.
struct BooksSizes {
    std::int64_t once_run_payments = store::OnceIndex::run_payments_default;  // then their keys are sealed in blocks
    // Transfers between the starts of two write-backs of balances: below it nothing random is written at all, and a
    // restart replays a few times as many at most.
    std::int64_t write_back_transfers = 131'072;
};

class Books {
public:
    explicit Books(store::Connection& connection, BooksSizes sizes = {});

    [[nodiscard]] store::Connection& connection() { return connection_; }
    [[nodiscard]] money::Ledger& ledger() { return ledger_; }

    // --- accounts
    // The house's account of a kind and currency, opened when first needed.
    money::AccountNo house_account(money::AccountKind kind, money::Currency currency);
    money::AccountNo open_account(money::AccountKind kind, money::Currency currency,
                                  std::optional<customers::CustomerNo> customer,
                                  std::optional<customers::MerchantNo> merchant);
    [[nodiscard]] std::optional<money::AccountNo> wallet_of(customers::CustomerNo customer, money::Currency currency) const;
    [[nodiscard]] std::optional<money::AccountNo> payable_of(customers::MerchantNo merchant, money::Currency currency) const;
    [[nodiscard]] customers::Standing standing_of(customers::CustomerNo customer) const;
    void set_standing(customers::CustomerNo customer, customers::Standing standing);
    [[nodiscard]] int level_of(customers::CustomerNo customer) const;
    void set_level(customers::CustomerNo customer, int level);
    // The rate that is set for a pair now.
    [[nodiscard]] std::optional<store::RateRow> rate_of(money::Currency from, money::Currency to) const;
    void set_rate(const store::RateRow& rate);
    // What the account did within so many days, today included.
    [[nodiscard]] const payments::Usage& usage_of(money::AccountNo account, Moment now, std::int64_t days);

    // --- payments
    [[nodiscard]] std::optional<payments::Payment> find_payment(std::int64_t seq);
    // By once-key (SHA-256 of principal and idempotency key).
    [[nodiscard]] std::optional<payments::Payment> find_by_key(const Hash256& key);
    // The succeeded or held payment that carries this merchant's order reference.
    [[nodiscard]] std::optional<payments::Payment> find_by_order(customers::MerchantNo merchant, std::string_view order_ref);
    [[nodiscard]] std::int64_t next_payment_seq() const { return last_payment_ + 1; }
    // `payment.seq` is next_payment_seq(); transfers are those the ledger gave for it.
    void append(payments::Payment payment, std::vector<money::Transfer> transfers);
    // More transfers of a payment that exists: a capture, a release. Its progress is stored with them.
    void append_to(const payments::Payment& payment, std::vector<money::Transfer> transfers);
    void update_progress(const payments::Payment& payment);

    // --- numbers, audit, news
    std::int64_t next_number(std::string_view table);
    [[nodiscard]] std::int64_t last_number(std::string_view table) const;  // given by next_number in this process
    void audit(Moment at, const Actor& actor, std::string_view action, std::string_view object, std::string detail_json);
    CommitNews& news() { return news_; }
    CommitNews take_news() { return std::exchange(news_, {}); }

    // Before a statement that reads or refers to rows of this batch; and at its end.
    void flush();
    // At the end of the batch: flush, the lazy write-back of balances, the index's slice.
    void finish_batch();
    // All balances written back and the cursor at the head: a quick start next time.
    void write_back_all();
    // The books balance: checked over what this batch touched, before each commit. A sentence where they do not.
    [[nodiscard]] std::optional<std::string> broken_invariant() const;

private:
    static std::uint64_t order_key(customers::MerchantNo merchant, std::string_view order_ref);
    void index(const payments::Payment& payment);
    void append_transfers(std::vector<money::Transfer> transfers);
    void write_back_slice(std::size_t rows_max);

    store::Connection& connection_;
    BooksSizes sizes_;
    money::Ledger ledger_;
    store::OnceIndex once_;
    std::int64_t last_payment_ = 0;
    std::vector<payments::Payment> pending_payments_;
    std::vector<money::Transfer> pending_transfers_;
    std::vector<money::Transfer> batch_transfers_;  // of the whole batch, for the invariants
    money::Ledger::Head batch_start_;
    std::map<std::pair<money::AccountKind, money::Currency>, money::AccountNo> house_;
    std::unordered_map<std::uint64_t, money::AccountNo> wallets_, payables_;  // by owner and currency
    std::unordered_map<std::int64_t, customers::Standing> restricted_;        // those not open
    std::unordered_map<std::int64_t, int> levels_;                            // those not of the default level
    UsageIndex usage_;
    std::map<std::pair<money::Currency, money::Currency>, store::RateRow> rates_;
    std::vector<money::AccountNo> write_back_;                                // of the running cycle, in order
    std::size_t written_back_ = 0;
    std::int64_t cycle_start_ = 0;
    std::map<std::string, std::int64_t, std::less<>> numbers_;
    std::int64_t audit_seq_ = 0;
    Hash256 audit_hash_{};
    CommitNews news_;
};

}  // namespace okpay::service
