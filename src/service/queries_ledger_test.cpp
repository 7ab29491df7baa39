// SPDX-License-Identifier: Apache-2.0
// The ledger at every place it ever was, on both engines: what the reads say is what a ledger says that was replayed up
// to there, whichever rows the writer had written back and whichever way the reads took.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "service/ledger_at.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using money::Account;
using money::AccountNo;
using okpay::testing::ServiceFixture;
using ::testing::IsEmpty;

const Actor by_merchant{ActorKind::merchant, 1};

class LedgerReads : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        SCOPED_TRACE("TEST_SEED " + std::to_string(seed_));
        for (const std::string& name : {std::string{"wang"}, std::string{"li"}, std::string{"zoe"}}) {
            people_.push_back(f_.customer(name + "@pay.example", name));
            f_.top_up(people_.back(), 100'000);
        }
        shop_ = f_.merchant("Blue Harbour Coffee");
        ASSERT_EQ(shop_, by_merchant.no);
    }

    // Whatever moves money: top-ups, payments, transfers, refunds, holds that are captured, canceled and left to expire.
    void trade(int rounds) {
        for (int round = 0; round < rounds; ++round) {
            f_.pass(std::chrono::seconds{1 + static_cast<int>(random_() % 3)});
            const std::int64_t who = people_[random_() % people_.size()];
            const std::int64_t minor = 1 + static_cast<std::int64_t>(random_() % 900);
            const std::string key = fmt::format("{}", ++keys_);
            switch (random_() % 7) {
            case 0: f_.top_up(who, minor); break;
            case 1: paid_.push_back(f_.pay(who, shop_, minor, key)); break;
            case 2: {
                Pay held = f_.payment(who, shop_, minor, key);
                held.manual_capture = true;
                held.hold_ms = 20'000;
                held_.push_back(f_.done(held, by_merchant).number);
                break;
            }
            case 3:
                if (!held_.empty()) f_.ask(CapturePayment{key, take(held_), 1 + minor / 7}, by_merchant);
                break;
            case 4:
                if (!held_.empty()) f_.ask(CancelPayment{key, take(held_)}, by_merchant);
                break;
            case 5: f_.ask(ExpireHolds{2}); break;
            default:
                f_.ask(SendMoney{.key = key,
                                 .payer = who,
                                 .payee = people_[random_() % people_.size()],
                                 .amount_minor = minor,
                                 .currency = "CNY",
                                 .memo = "lunch"},
                       {ActorKind::customer, who});
                if (!paid_.empty() && random_() % 2 == 0) f_.ask(Refund{key, take(paid_), 1, "error"}, by_merchant);
            }
        }
    }
    std::int64_t take(std::vector<std::int64_t>& from) {
        const std::size_t at = random_() % from.size();
        const std::int64_t found = from[at];
        from.erase(from.begin() + static_cast<std::ptrdiff_t>(at));
        return found;
    }
    std::int64_t head() { return f_.integer("SELECT max(seq) FROM transfer"); }

    // By the ledger's own rules, from the first transfer.
    std::vector<Account> replayed(std::int64_t seq) {
        const auto connection = f_.connect();
        money::Ledger ledger;
        store::each_account(*connection, [&ledger](Account account) {
            ledger.restore_account({.no = account.no, .currency = account.currency, .kind = account.kind});
        });
        store::each_transfer(*connection, 0, [&](const money::Transfer& transfer) {
            if (transfer.seq <= seq) EXPECT_TRUE(ledger.replay(transfer));
        });
        return {ledger.accounts().begin(), ledger.accounts().end()};
    }
    void expect_every_place_as_replayed() {
        for (std::int64_t seq = 0; seq <= head(); ++seq) {
            const auto wanted = replayed(seq);
            for (const auto& [piece, steps] : {std::pair{3, 0}, std::pair{2, 5}, std::pair{20'000, 20'000}}) {
                const auto found = parts::accounts_at(pool_, seq, {}, {.piece_rows = piece, .walked_back_max = steps});
                ASSERT_EQ(found.value(), wanted) << "as of " << seq << " in pieces of " << piece;
            }
        }
    }

    const unsigned seed_ = std::random_device{}();
    std::mt19937 random_{seed_};
    ServiceFixture f_{GetParam()};
    ReaderPool pool_{f_.database(), 2};
    Queries queries_{f_.database(), 2};
    std::vector<std::int64_t> people_, paid_, held_;
    std::int64_t shop_ = 0;
    int keys_ = 0;
};

TEST_P(LedgerReads, every_place_is_as_a_replay_has_it) {
    SCOPED_TRACE("seed " + std::to_string(seed_));
    trade(25);
    expect_every_place_as_replayed();  // no account row was written back yet
    f_.restart();  // all of them are
    trade(25);
    expect_every_place_as_replayed();
    // Some rows run ahead of the others, as in the middle of a cycle.
    const auto ahead = replayed(head());
    store::write_accounts(*f_.connect(store::Access::writer), std::span{ahead}.subspan(1, 4));
    expect_every_place_as_replayed();
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(LedgerReads, a_trial_balance_balances_at_every_place) {
    SCOPED_TRACE("seed " + std::to_string(seed_));
    trade(30);
    f_.restart();
    trade(10);
    bool pending_seen = false;
    for (std::int64_t seq = 0; seq <= head(); ++seq) {
        const auto wanted = replayed(seq);
        const TrialBalance balance = queries_.trial_balance(seq).value();
        TrialSums cny;
        for (const TrialBalance::Currency& one : balance.currencies) {
            EXPECT_TRUE(one.total.balanced()) << money::code_of(one.currency) << " as of " << seq;
            TrialSums lines;
            for (const auto& line : one.lines) lines += line.sums;
            EXPECT_EQ(lines, one.total);
            if (one.currency == money::Currency::cny) cny = one.total;
        }
        std::int64_t debits = 0, pending = 0, owed = 0;
        for (const Account& account : wanted) {
            debits += account.debits_posted;
            pending += account.debits_pending;
            owed += std::max<std::int64_t>(0, account.posted_minor());
        }
        EXPECT_EQ(static_cast<std::int64_t>(cny.debits_posted), debits);
        EXPECT_EQ(static_cast<std::int64_t>(cny.debits_pending), pending);
        EXPECT_EQ(static_cast<std::int64_t>(cny.credit_balances), owed);
        pending_seen = pending_seen || pending > 0;
    }
    EXPECT_TRUE(pending_seen);
}

TEST_P(LedgerReads, journal_and_entries_are_whole_whatever_the_pages) {
    SCOPED_TRACE("seed " + std::to_string(seed_));
    trade(20);
    const std::int64_t asked = head();
    trade(10);  // what came later does not show
    std::vector<money::Transfer> all;
    store::each_transfer(*f_.connect(), 0, [&](const money::Transfer& transfer) {
        if (transfer.seq <= asked) all.insert(all.begin(), transfer);
    });
    const auto walked = [](const auto& page_from) {
        std::vector<money::Transfer> found;
        std::optional<std::int64_t> before;
        do {
            const JournalPage page = page_from(before);
            for (const JournalEntry& entry : page.items) found.push_back(entry.transfer);
            before = page.next;
        } while (before);
        return found;
    };
    for (const std::int64_t limit : {1, 3, 100}) {
        EXPECT_EQ(walked([&](auto before) { return queries_.journal(asked, before, limit).value(); }), all);
        for (const AccountNo account : {AccountNo{1}, AccountNo{f_.wallet_of(people_[0])}}) {
            std::vector<money::Transfer> own;
            std::ranges::copy_if(all, std::back_inserter(own), [account](const money::Transfer& transfer) {
                return transfer.debit == account || transfer.credit == account;
            });
            EXPECT_EQ(walked([&](auto before) { return *queries_.ledger_entries(asked, account, before, limit).value(); }),
                      own);
        }
    }
    const JournalEntry newest = queries_.journal(asked, std::nullopt, 1).value().items.at(0);
    EXPECT_EQ(newest.payment, store::find_payment(*f_.connect(), newest.transfer.payment)->id);
    EXPECT_FALSE(queries_.ledger_entries(asked, AccountNo{9'999}, std::nullopt, 5).value().has_value());
}

TEST_P(LedgerReads, a_payment_has_all_its_transfers) {
    trade(40);
    std::map<std::int64_t, std::vector<money::Transfer>> wanted;
    const auto connection = f_.connect();
    store::each_transfer(*connection, 0, [&wanted](const auto& transfer) { wanted[transfer.payment].push_back(transfer); });
    std::size_t longest = 0;
    store::each_payment(*connection, 0, [&](const payments::Payment& payment) {
        const auto found = queries_.ledger_payment(payment.id).value();
        ASSERT_TRUE(found.has_value());
        std::vector<money::Transfer> transfers;
        for (const JournalEntry& entry : found->transfers) {
            transfers.push_back(entry.transfer);
            EXPECT_EQ(entry.payment, payment.id);
        }
        EXPECT_EQ(transfers, wanted[payment.seq]) << "payment " << payment.seq;
        longest = std::max(longest, transfers.size());
    });
    EXPECT_GE(longest, 2U);
}

TEST_P(LedgerReads, a_made_up_cursor_shows_nothing_of_another_account) {
    const auto wallet = AccountNo{f_.wallet_of(people_[0])};
    const auto entries = queries_.ledger_entries(head(), AccountNo{f_.wallet_of(people_[1])}, std::nullopt, 1).value();
    EXPECT_FALSE(queries_.ledger_entries(head(), wallet, entries->items.at(0).transfer.seq, 5).value().has_value());
}

TEST_P(LedgerReads, accounts_have_owners_filters_and_pages) {
    trade(10);
    const std::int64_t seq = head();
    const auto wallets = [&](std::int64_t after, std::int64_t limit) {
        return queries_
            .ledger_accounts(seq, {.kind = money::AccountKind::customer_wallet, .currency = money::Currency::cny}, after,
                             limit)
            .value();
    };
    std::vector<std::string> names;
    std::int64_t after = 0;
    for (bool more = true; more;) {
        const LedgerAccountPage page = wallets(after, 2);
        for (const LedgerAccount& account : page.items) {
            names.push_back(account.owner_name);
            EXPECT_EQ(account.owner, LedgerAccount::Owner::customer);
            EXPECT_TRUE(CustomerId::parse(account.owner_id).has_value());
            EXPECT_EQ(account.account.posted_minor(), f_.balance(number_of(account.account.no)));
        }
        more = page.next.has_value();
        after = page.next.value_or(0);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"wang", "li", "zoe"}));
    const auto payable = queries_.ledger_account(seq, AccountNo{f_.payable_of(shop_)}).value();
    EXPECT_EQ(payable->owner, LedgerAccount::Owner::merchant);
    EXPECT_EQ(payable->owner_name, "Blue Harbour Coffee");
    EXPECT_FALSE(queries_.ledger_account(seq, AccountNo{9'999}).value().has_value());
}

TEST_P(LedgerReads, a_time_is_the_last_transfer_at_or_before_it) {
    trade(12);
    std::vector<money::Transfer> all;
    store::each_transfer(*f_.connect(), 0, [&all](const money::Transfer& transfer) { all.push_back(transfer); });
    const auto place = [this](Moment at) { return queries_.ledger_place({.seq = std::nullopt, .at = at}).value(); };
    EXPECT_EQ(place(all.front().at - Millis{1}).seq, 0);
    for (const money::Transfer& transfer : all) {
        const auto later = std::ranges::find_if(all, [&](const auto& other) { return other.at > transfer.at; });
        EXPECT_EQ(place(transfer.at).seq, std::prev(later)->seq);
        EXPECT_EQ(place(transfer.at).at, transfer.at);
    }
    EXPECT_EQ(place(f_.at() + std::chrono::days{1}).seq, head());
    const LedgerPlace now = queries_.ledger_place({}).value();
    EXPECT_EQ(now.seq, head());
    EXPECT_EQ(now.head_seq, head());
    EXPECT_GT(queries_.ledger_place({.seq = head() + 5, .at = std::nullopt}).value().seq, now.head_seq);
}

INSTANTIATE_TEST_SUITE_P(Engines, LedgerReads, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& named) { return named.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
