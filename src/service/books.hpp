// SPDX-License-Identifier: Apache-2.0
// One unit of work on the ordered writer: the ledger in memory, what the current batch has decided but not yet flushed,
// and the connection whose transaction is open. Handlers (handlers.hpp) decide first and write after: a refused command
// has written nothing.
//
//   Rehearsal What a dry run writes and remembers is undone by the savepoint of its connection, by the ledger, the usage
//             and the maps, so that no handler knows of it. A map or number that joins the books joins `Remembered`, or
//             says each change to `remember` first; rehearsal_test.cpp finds what was forgotten.
//   Threads   the writer's thread only. While it decides, rows of the commands before may be on their way into the open
//             transaction on a thread of its own (store/row_appender.hpp); `connection()` waits for them.
//   Failure   whatever fails before the commit returns throws StorageFailure; the writer then discards the whole object
//             and loads it again, so memory never holds what the disk does not.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "customers/lock.hpp"
#include "money/ledger.hpp"
#include "payments/payment.hpp"
#include "risk/facts.hpp"
#include "service/command.hpp"
#include "service/usage_index.hpp"
#include "store/connection.hpp"
#include "store/desk_store.hpp"
#include "store/exchange_store.hpp"
#include "store/hook_store.hpp"
#include "store/lock_store.hpp"
#include "store/once_index.hpp"
#include "store/row_appender.hpp"

namespace okpay::service {

// What a commit changed, for those who wait for it: open workspaces, the mail workers, the sender.
struct CommitNews {
    std::vector<std::string> tickets;  // request numbers
    bool mail_accepted = false;
    bool mail_queued = false;
    bool files_wait = false;  // for a virus scan
    bool rail_called = false;  // an outside rail has something to do
    bool short_message_queued = false;
    std::int64_t rules_fired = 0, rules_stopped = 0, rule_faults = 0;  // of the desk; for counters alone
    std::vector<std::string> mail_notes;  // plain sentences for the operator's log
};

// A wallet that moved more often than this within the time asked for belongs to a machine, which is not asked.
inline constexpr int alike_looked_at_max = 64;

// Whoever was not paid among so many of the wallet's newest movements is a new payee.
inline constexpr int payees_looked_at_max = 64;

// What the monitor asks about a customer and a wallet (risk/facts.hpp): counters that are kept as things happen, and read
// back from the rows of the time that they look back over.
struct Watched {
    std::optional<Moment> changed, new_device;  // the newest since `released`
    std::optional<Moment> released;             // people ended a lock
    risk::SlotCount sign_in_tries{std::chrono::hours{1}}, right_passwords{std::chrono::hours{1}};
    struct Cleared {
        std::int64_t operation, payee, amount_minor, currency;
    };
    std::vector<Cleared> cleared;  // what tripped a lock that two persons have ended
};
struct Velocity {
    risk::SlotCount ten_minutes{std::chrono::minutes{10}}, hour{std::chrono::hours{1}};
};
inline constexpr std::chrono::days risk_events_last{14};
inline constexpr std::int64_t velocity_transfers_read_max = 262'144;

// When the books move what they hold in memory into its place on the disk. Smaller: sooner, for tests.
struct BooksSizes {
    std::int64_t once_run_payments = store::OnceIndex::run_payments_default;  // then their keys are sealed in blocks
    // Transfers between the starts of two write-backs of balances: below it nothing random is written at all, and a
    // restart replays a few times as many at most.
    std::int64_t write_back_transfers = 131'072;
    // Rows of a batch that are appended while the rest of it is decided. Measured, fewer gained nothing, and where many
    // small batches come the second core is better left to those who ask.
    std::size_t append_ahead_payments = 256;
};

class Books {
public:
    explicit Books(store::Connection& connection, BooksSizes sizes = {});

    // Waits for the rows that are being appended: the connection has one user at a time.
    [[nodiscard]] store::Connection& connection() {
        appender_.finish();
        return raw_connection_;
    }
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
    // What the customer's locks stop together. `note_lock` is told of each that was placed or has ended; the standing in the
    // customer's row follows.
    [[nodiscard]] customers::LockEffect stopped(customers::CustomerNo customer) const;
    void note_lock(const customers::Lock& lock);
    [[nodiscard]] int level_of(customers::CustomerNo customer) const;
    void set_level(customers::CustomerNo customer, int level);
    // Whether the account may go there has been decided. The event is appended with its number and the ledger's head.
    std::int64_t set_account_state(money::AccountNo account, money::AccountState state, customers::StaffNo staff,
                                   std::string_view reason, Moment at);
    // --- what the monitor remembers
    void note_risk_event(customers::CustomerNo customer, store::RiskEventKind kind, Moment at, std::string_view detail);
    void note_cleared(const store::RiskDecision& decision);
    [[nodiscard]] const Watched* watched(customers::CustomerNo customer) const;  // null: nothing is remembered
    [[nodiscard]] const Velocity* velocity_of(money::AccountNo wallet) const;
    [[nodiscard]] bool paid_lately(money::AccountNo payer, money::AccountNo payee);  // payees_looked_at_max

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
    // A payment of the same wallet, payee and amount that was made at `since` or later, takes or holds its money still and
    // carries no order reference. Looks through the wallet's newest movements, `alike_looked_at_max` of them at most.
    [[nodiscard]] std::optional<std::int64_t> find_alike(const payments::Payment& wanted, Moment since);
    [[nodiscard]] std::int64_t next_payment_seq() const { return now_.last_payment + 1; }
    // `payment.seq` is next_payment_seq(); transfers are those the ledger gave for it.
    void append(payments::Payment payment, std::vector<money::Transfer> transfers);
    // More transfers of a payment that exists: a capture, a release. Its progress is stored with them, and where its state
    // is another one now an event of it, for web hooks.
    void append_to(const payments::Payment& payment, std::vector<money::Transfer> transfers, Moment at);
    // What became of a payment to a merchant, or of its dispute (0: of none), after it was made.
    void note_payment_event(std::int64_t payment, store::PaymentEventKind kind, std::int64_t state, std::int64_t dispute,
                            Moment at);
    void update_progress(const payments::Payment& payment);

    // --- numbers, audit, news
    std::int64_t next_number(std::string_view table);
    [[nodiscard]] std::int64_t last_number(std::string_view table) const;  // given by next_number in this process
    void audit(Moment at, const Actor& actor, std::string_view action, std::string_view object, std::string detail_json);
    CommitNews& news() { return now_.news; }
    CommitNews take_news() { return std::exchange(now_.news, {}); }

    // Decides as if: the answer carries what would have been posted, and nothing of it is kept. What throws is a failure of
    // the batch, as ever.
    Answer rehearse(const std::function<Answer()>& decide);

    // How far the clock of these books was moved ahead of the system's; nothing where they are not of a test.
    [[nodiscard]] std::optional<Millis> test_clock() const { return test_clock_; }
    void set_test_clock(Millis ahead);
    // The system's time at a moment of these books: sign-ins and second factors belong to people, who live by it.
    [[nodiscard]] Moment system_time(Moment at) const { return at - test_clock_.value_or(Millis{0}); }

    // Between two commands: hands the rows of those before to a thread that appends them meanwhile, where there are enough.
    void append_ahead();
    // Before the transaction of a batch that failed is rolled back.
    void wait_for_rows() noexcept { appender_.wait_quietly(); }
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
    [[nodiscard]] std::vector<std::int64_t> candidates(std::uint64_t key);
    void index(const payments::Payment& payment);
    void append_transfers(std::vector<money::Transfer> transfers);
    [[nodiscard]] std::optional<money::Transfer> find_transfer(std::int64_t seq);
    void write_back_slice(std::size_t rows_max);
    void load_watch();
    void remember_event(customers::CustomerNo customer, store::RiskEventKind kind, Moment at);
    void note_velocity(const money::Transfer& transfer);

    // While a dry run is decided: the entry as it is now comes back at the end.
    template <class Map>
    void remember(Map& map, const typename Map::key_type& key) {
        if (undo_ == nullptr) return;
        const auto found = map.find(key);
        auto before = found == map.end() ? std::nullopt : std::optional{found->second};
        undo_->push_back([&map, key, before = std::move(before)] {
            if (before) {
                map.insert_or_assign(key, *before);
            } else {
                map.erase(key);
            }
        });
    }
    using Undo = std::vector<std::function<void()>>;
    Undo* undo_ = nullptr;  // of the dry run that is being decided

    store::Connection& raw_connection_;  // connection(), where nothing is being appended
    store::RowAppender appender_;
    BooksSizes sizes_;
    money::Ledger ledger_;
    store::OnceIndex once_;
    std::vector<payments::Payment> pending_payments_;
    std::vector<money::Transfer> pending_transfers_;
    std::vector<money::Transfer> batch_transfers_;  // of the whole batch, for the invariants
    money::Ledger::Head batch_start_;
    std::optional<std::string> entry_on_shut_side_;  // an invariant that only the moment of a transfer can show
    std::map<std::pair<money::AccountKind, money::Currency>, money::AccountNo> house_;
    std::unordered_map<std::uint64_t, money::AccountNo> wallets_, payables_;  // by owner and currency
    struct Held {
        customers::LockNo no;
        customers::LockScope scope;
    };
    std::unordered_map<std::int64_t, std::vector<Held>> locks_;  // active, by customer
    std::unordered_map<std::int64_t, Watched> watched_;  // by customer
    std::unordered_map<std::int64_t, Velocity> velocity_;  // by wallet
    std::size_t velocity_swept_at_ = 65'536;  // so many are looked through for those that are over
    std::unordered_map<std::int64_t, int> levels_;  // those not of the default level
    UsageIndex usage_;
    std::map<std::pair<money::Currency, money::Currency>, store::RateRow> rates_;
    std::vector<money::AccountNo> write_back_;  // of the running cycle, in order
    std::size_t written_back_ = 0;
    std::int64_t cycle_start_ = 0;
    std::optional<Millis> test_clock_;
    struct Remembered {  // small enough to be copied for a dry run
        std::int64_t last_payment = 0;
        std::map<std::string, std::int64_t, std::less<>> numbers;
        std::int64_t audit_seq = 0;
        Hash256 audit_hash{};
        CommitNews news;
    };
    Remembered now_;
};

}  // namespace okpay::service
