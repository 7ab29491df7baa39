// SPDX-License-Identifier: Apache-2.0
#include "money/ledger.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "money/chain.hpp"

namespace okpay::money {
namespace {

constexpr Moment noon = moment_of_ms(1'700'000'000'000);

Posting single(AccountNo debit, AccountNo credit, std::int64_t minor, Currency currency = Currency::eur) {
    return Posting{.code = TransferCode::payment,
                   .debit = debit,
                   .credit = credit,
                   .amount = *Money::of_minor(minor, currency)};
}

class LedgerTest : public ::testing::Test {
protected:
    Result<std::vector<Transfer>, TransferRefusal> post(const Posting& posting, Moment at = noon) {
        return ledger_.apply(std::span{&posting, 1}, 1, at);
    }
    std::int64_t balance(AccountNo no) { return ledger_.find(no)->available_minor(); }

    Ledger ledger_;
    AccountNo bank_ = ledger_.open_account(AccountKind::settlement_bank, Currency::eur);
    AccountNo ana_ = ledger_.open_account(AccountKind::customer_wallet, Currency::eur);
    AccountNo shop_ = ledger_.open_account(AccountKind::merchant_payable, Currency::eur);
    AccountNo yen_ = ledger_.open_account(AccountKind::customer_wallet, Currency::jpy);
};

TEST_F(LedgerTest, a_wallet_spends_what_it_has_and_no_more) {
    ASSERT_TRUE(post(single(bank_, ana_, 1000)));
    ASSERT_TRUE(post(single(ana_, shop_, 1000)));
    EXPECT_EQ(post(single(ana_, shop_, 1)).error(), TransferRefusal::exceeds_balance);
    EXPECT_EQ(balance(ana_), 0);
    EXPECT_EQ(balance(shop_), 1000);
    EXPECT_EQ(balance(bank_), -1000);
}

TEST_F(LedgerTest, refuses_in_the_documented_order) {
    EXPECT_EQ(post(single(ana_, ana_, 0)).error(), TransferRefusal::not_positive);
    EXPECT_EQ(post(single(ana_, ana_, 1)).error(), TransferRefusal::accounts_must_differ);
    EXPECT_EQ(post(single(AccountNo{99}, shop_, 1)).error(), TransferRefusal::debit_account_not_found);
    EXPECT_EQ(post(single(ana_, AccountNo{0}, 1)).error(), TransferRefusal::credit_account_not_found);
    EXPECT_EQ(post(single(bank_, yen_, 1)).error(), TransferRefusal::wrong_currency);
    EXPECT_EQ(post(single(bank_, ana_, 1, Currency::jpy)).error(), TransferRefusal::wrong_currency);
    ledger_.set_account_state(shop_, AccountState::closed);
    EXPECT_EQ(post(single(ana_, shop_, 1)).error(), TransferRefusal::credit_account_closed);
    EXPECT_EQ(post(single(shop_, ana_, 1)).error(), TransferRefusal::debit_account_closed);
    EXPECT_EQ(ledger_.head().seq, 0);
}

TEST_F(LedgerTest, counters_never_pass_the_limit) {
    ASSERT_TRUE(post(single(bank_, ana_, Money::limit_minor)));
    EXPECT_EQ(post(single(bank_, ana_, 1)).error(), TransferRefusal::out_of_range);
}

TEST_F(LedgerTest, a_hold_takes_from_what_is_available_and_ends_once) {
    ASSERT_TRUE(post(single(bank_, ana_, 1000)));
    Posting hold = single(ana_, shop_, 700);
    hold.kind = TransferKind::pending;
    hold.expires_at = noon + Millis{60'000};
    const auto held = post(hold);
    ASSERT_TRUE(held);
    const std::int64_t seq = held->front().seq;
    EXPECT_EQ(balance(ana_), 300);
    EXPECT_EQ(ledger_.find(ana_)->posted_minor(), 1000);
    EXPECT_EQ(post(single(ana_, shop_, 301)).error(), TransferRefusal::exceeds_balance);

    Posting capture = single(ana_, shop_, 701);
    capture.kind = TransferKind::post_pending;
    capture.pending_seq = seq;
    EXPECT_EQ(post(capture).error(), TransferRefusal::exceeds_hold);
    capture.amount = *Money::of_minor(500, Currency::eur);
    Posting expire = capture;
    expire.kind = TransferKind::expire_pending;
    EXPECT_EQ(post(expire).error(), TransferRefusal::hold_not_expired);
    ASSERT_TRUE(post(capture));
    EXPECT_EQ(balance(ana_), 500);
    EXPECT_EQ(balance(shop_), 500);
    EXPECT_EQ(post(capture).error(), TransferRefusal::hold_not_found);
}

TEST_F(LedgerTest, an_expired_hold_can_only_expire) {
    ASSERT_TRUE(post(single(bank_, ana_, 1000)));
    Posting hold = single(ana_, shop_, 700);
    hold.kind = TransferKind::pending;
    hold.expires_at = noon + Millis{60'000};
    const std::int64_t seq = post(hold)->front().seq;
    Posting resolve = single(ana_, shop_, 700);
    resolve.pending_seq = seq;
    resolve.kind = TransferKind::post_pending;
    EXPECT_EQ(post(resolve, noon + Millis{60'000}).error(), TransferRefusal::hold_expired);
    resolve.kind = TransferKind::expire_pending;
    ASSERT_TRUE(post(resolve, noon + Millis{60'000}));
    EXPECT_EQ(balance(ana_), 1000);
}

TEST_F(LedgerTest, linked_transfers_succeed_or_fail_together) {
    ASSERT_TRUE(post(single(bank_, ana_, 1000)));
    const auto head = ledger_.head();
    const Account before = *ledger_.find(ana_);
    Posting hold = single(ana_, shop_, 100);
    hold.kind = TransferKind::pending;
    const std::array chain{single(ana_, shop_, 500), hold, single(ana_, shop_, 401)};
    EXPECT_EQ(ledger_.apply(chain, 1, noon).error(), TransferRefusal::exceeds_balance);
    EXPECT_EQ(ledger_.head(), head);
    EXPECT_EQ(*ledger_.find(ana_), before);
    EXPECT_TRUE(ledger_.holds().empty());
}

TEST_F(LedgerTest, a_frozen_side_takes_nothing_but_the_release_of_a_hold) {
    ASSERT_TRUE(post(single(bank_, ana_, 1000)));
    Posting hold = single(ana_, shop_, 100);
    hold.kind = TransferKind::pending;
    const std::int64_t first = post(hold)->front().seq;
    const std::int64_t second = post(hold)->front().seq;
    ledger_.set_account_state(ana_, AccountState::debits_frozen);
    EXPECT_EQ(post(single(ana_, shop_, 1)).error(), TransferRefusal::debit_account_frozen);
    EXPECT_EQ(post(hold).error(), TransferRefusal::debit_account_frozen);
    EXPECT_TRUE(post(single(bank_, ana_, 5))) << "money still comes in";
    Posting ends = hold;
    ends.kind = TransferKind::post_pending;
    ends.pending_seq = first;
    EXPECT_EQ(post(ends).error(), TransferRefusal::debit_account_frozen) << "captured from a frozen payer";
    ends.kind = TransferKind::void_pending;
    EXPECT_TRUE(post(ends));
    EXPECT_EQ(balance(ana_), 905);

    ledger_.set_account_state(ana_, AccountState::credits_frozen);
    EXPECT_EQ(post(single(bank_, ana_, 1)).error(), TransferRefusal::credit_account_frozen);
    EXPECT_TRUE(post(single(ana_, shop_, 5)));
    ledger_.set_account_state(shop_, AccountState::frozen);
    EXPECT_EQ(post(single(ana_, shop_, 1)).error(), TransferRefusal::credit_account_frozen);
    ends.kind = TransferKind::post_pending;
    ends.pending_seq = second;
    EXPECT_EQ(post(ends).error(), TransferRefusal::credit_account_frozen);
    ledger_.set_account_state(shop_, AccountState::open);
    EXPECT_TRUE(post(ends));
    EXPECT_EQ(balance(shop_), 105);
}

TEST_F(LedgerTest, closed_is_said_before_frozen_and_both_before_the_balance) {
    ledger_.set_account_state(ana_, AccountState::debits_frozen);
    ledger_.set_account_state(shop_, AccountState::credits_frozen);
    EXPECT_EQ(post(single(ana_, shop_, 1)).error(), TransferRefusal::debit_account_frozen);
    Posting all = single(ana_, shop_, 1);
    all.balancing = true;
    EXPECT_EQ(post(all).error(), TransferRefusal::debit_account_frozen) << "before nothing_available";
    ledger_.set_account_state(shop_, AccountState::closed);
    EXPECT_EQ(post(single(ana_, shop_, 1)).error(), TransferRefusal::credit_account_closed);
    EXPECT_EQ(post(single(ana_, shop_, 0)).error(), TransferRefusal::not_positive);
    ledger_.set_account_state(ana_, AccountState::open);
    EXPECT_EQ(post(single(ana_, bank_, 1)).error(), TransferRefusal::exceeds_balance);
}

TEST_F(LedgerTest, balancing_moves_at_most_what_is_there) {
    Posting all = single(ana_, shop_, 1'000);
    all.balancing = true;
    EXPECT_EQ(post(all).error(), TransferRefusal::nothing_available);
    ASSERT_TRUE(post(single(bank_, ana_, 300)));
    all.amount = *Money::of_minor(100, Currency::eur);
    EXPECT_EQ(post(all)->front().amount, 100) << "no more than was asked for";
    Posting held = single(ana_, shop_, 1'000);
    held.kind = TransferKind::pending;
    held.balancing = true;
    const auto hold = post(held);
    ASSERT_TRUE(hold);
    EXPECT_EQ(hold->front().amount, 200) << "a hold of all that is there";
    EXPECT_EQ(ledger_.find_hold(hold->front().seq)->amount, 200);
    EXPECT_EQ(balance(ana_), 0);
    EXPECT_EQ(post(all).error(), TransferRefusal::nothing_available) << "what is held is not there";
    // An account without a limit may stand below zero: then there is nothing either.
    Posting of_bank = single(bank_, shop_, 1);
    of_bank.balancing = true;
    EXPECT_EQ(post(of_bank).error(), TransferRefusal::nothing_available);
}

TEST_F(LedgerTest, a_linked_transfer_balances_with_what_the_one_before_left_and_all_are_undone) {
    ASSERT_TRUE(post(single(bank_, ana_, 300)));
    Posting rest = single(ana_, shop_, 1'000);
    rest.balancing = true;
    Posting hold = single(ana_, shop_, 50);
    hold.kind = TransferKind::pending;
    const auto head = ledger_.head();
    const std::vector<Account> before{ledger_.accounts().begin(), ledger_.accounts().end()};
    // The last one finds nothing, so that none of them was.
    const std::array too_much{single(ana_, shop_, 100), hold, rest, rest};
    EXPECT_EQ(ledger_.apply(too_much, 1, noon).error(), TransferRefusal::nothing_available);
    EXPECT_EQ(ledger_.head(), head);
    EXPECT_TRUE(std::ranges::equal(ledger_.accounts(), before));
    EXPECT_TRUE(ledger_.holds().empty());
    const auto done = ledger_.apply(std::span{too_much}.first(3), 1, noon);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->back().amount, 150);
    EXPECT_EQ(balance(ana_), 0);
}

TEST_F(LedgerTest, ledger_time_never_runs_back) {
    ASSERT_TRUE(post(single(bank_, ana_, 10), noon));
    const auto later = post(single(bank_, ana_, 10), noon - Millis{5});
    ASSERT_TRUE(later);
    EXPECT_EQ(later->front().at, noon);
}

// The second model: no counters, every answer is worked out from the list of all that was accepted.
class NaiveLedger {
public:
    struct Entry {
        Posting posting;
        Moment at;
        std::int64_t seq;
    };
    NaiveLedger(std::vector<AccountKind> kinds, std::vector<Currency> currencies)
        : kinds_{std::move(kinds)}, currencies_{std::move(currencies)} {}

    // Posted and pending debits and credits of an account, from the whole list.
    [[nodiscard]] std::array<std::int64_t, 4> counters(std::int64_t account, const std::vector<Entry>& entries) const {
        std::array<std::int64_t, 4> sum{};
        std::set<std::int64_t> resolved;
        for (const Entry& e : entries) {
            if (e.posting.pending_seq != 0) resolved.insert(e.posting.pending_seq);
        }
        for (const Entry& e : entries) {
            const bool pending = e.posting.kind == TransferKind::pending;
            const bool moves = e.posting.kind == TransferKind::single || e.posting.kind == TransferKind::post_pending;
            if (!moves && !(pending && !resolved.contains(e.seq))) continue;
            const auto sides = sides_of(e, entries);
            if (sides.first == account) sum[pending ? 2 : 0] += e.posting.amount.minor();
            if (sides.second == account) sum[pending ? 3 : 1] += e.posting.amount.minor();
        }
        return sum;
    }

    void set_state(std::int64_t account, AccountState state) { states_[static_cast<std::size_t>(account - 1)] = state; }

    bool accept(Posting p, Moment at) {
        const bool resolves = p.pending_seq != 0;
        const bool releases = p.kind == TransferKind::void_pending || p.kind == TransferKind::expire_pending;
        if (!resolves && p.amount.minor() > 0 && p.debit != p.credit && exists(p.debit) && exists(p.credit)) {
            if (p.balancing) {
                const auto sum = counters(number_of(p.debit), entries_);
                p.amount = *Money::of_minor(std::min(p.amount.minor(), sum[1] - sum[0] - sum[2]), p.amount.currency());
                if (p.amount.minor() <= 0) return false;
            }
            if (shut(p.debit, true) || shut(p.credit, false)) return false;
        }
        std::vector<Entry> next = entries_;
        next.push_back(Entry{p, at, static_cast<std::int64_t>(entries_.size()) + 1});
        if (resolves) {
            const auto hold = std::ranges::find_if(entries_, [&](const Entry& e) {
                return e.seq == p.pending_seq && e.posting.kind == TransferKind::pending;
            });
            if (hold == entries_.end()) return false;
            for (const Entry& e : entries_) {
                if (e.posting.pending_seq == p.pending_seq) return false;
            }
            const bool expired = hold->posting.expires_at && *hold->posting.expires_at <= at;
            if (p.kind == TransferKind::post_pending && (expired || p.amount.minor() <= 0)) return false;
            if (p.kind == TransferKind::post_pending && p.amount.minor() > hold->posting.amount.minor()) return false;
            if (!releases && (shut(hold->posting.debit, true) || shut(hold->posting.credit, false))) return false;
            if (p.kind == TransferKind::expire_pending && !expired) return false;
            if (p.amount.currency() != hold->posting.amount.currency()) return false;
        } else {
            if (p.amount.minor() <= 0 || p.debit == p.credit) return false;
            for (const AccountNo no : {p.debit, p.credit}) {
                const auto n = number_of(no);
                if (n < 1 || n > static_cast<std::int64_t>(kinds_.size())) return false;
                if (currencies_[static_cast<std::size_t>(n - 1)] != p.amount.currency()) return false;
            }
        }
        for (std::size_t i = 0; i < kinds_.size(); ++i) {
            if (kinds_[i] != AccountKind::customer_wallet) continue;
            const auto sum = counters(static_cast<std::int64_t>(i) + 1, next);
            if (sum[0] + sum[2] > sum[1]) return false;
        }
        entries_ = std::move(next);
        return true;
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

private:
    [[nodiscard]] bool exists(AccountNo no) const {
        return number_of(no) >= 1 && number_of(no) <= static_cast<std::int64_t>(kinds_.size());
    }
    [[nodiscard]] bool shut(AccountNo no, bool debit) const {
        const AccountState state = states_[static_cast<std::size_t>(number_of(no) - 1)];
        return state == AccountState::closed || state == AccountState::frozen ||
               state == (debit ? AccountState::debits_frozen : AccountState::credits_frozen);
    }
    static std::pair<std::int64_t, std::int64_t> sides_of(const Entry& e, const std::vector<Entry>& entries) {
        const Posting& p =
            e.posting.pending_seq == 0 ? e.posting : entries[static_cast<std::size_t>(e.posting.pending_seq - 1)].posting;
        return {number_of(p.debit), number_of(p.credit)};
    }
    std::vector<AccountKind> kinds_;
    std::vector<Currency> currencies_;
    std::vector<AccountState> states_ = std::vector<AccountState>(kinds_.size(), AccountState::open);
    std::vector<Entry> entries_;
};

TEST(LedgerLaw, agrees_with_a_naive_model_and_never_makes_money) {
    const char* given = std::getenv("TEST_SEED");
    const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    const auto below = [&random](std::int64_t n) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
    };
    for (int world = 0; world < 40; ++world) {
        const std::vector kinds{AccountKind::settlement_bank,  AccountKind::customer_wallet, AccountKind::customer_wallet,
                                AccountKind::merchant_payable, AccountKind::settlement_bank, AccountKind::customer_wallet};
        const std::vector currencies{Currency::eur, Currency::eur, Currency::eur,
                                     Currency::eur, Currency::jpy, Currency::jpy};
        Ledger ledger;
        for (std::size_t i = 0; i < kinds.size(); ++i) ledger.open_account(kinds[i], currencies[i]);
        NaiveLedger model{kinds, currencies};
        Moment at = noon;
        std::vector<Transfer> all;
        for (int round = 0; round < 60; ++round) {
            at += Millis{below(3)};
            if (below(6) == 0) {
                const auto no = AccountNo{1 + below(static_cast<std::int64_t>(kinds.size()))};
                const auto state = static_cast<AccountState>(1 + below(5));
                const Account& now = *ledger.find(no);
                if (!now.closed && (state != AccountState::closed || (now.is_empty() && below(8) == 0))) {
                    ledger.set_account_state(no, state);
                    model.set_state(number_of(no), state);
                }
            }
            Posting p = single(AccountNo{below(8)}, AccountNo{below(8)}, below(20) - 1,
                               below(5) == 0 ? Currency::jpy : Currency::eur);
            switch (below(4)) {
            case 0: p.kind = TransferKind::pending; break;
            case 1:
                p.kind = static_cast<TransferKind>(2 + below(3));
                p.pending_seq = 1 + below(static_cast<std::int64_t>(all.size()) + 2);
                break;
            default: break;
            }
            p.balancing = p.pending_seq == 0 && below(3) == 0;
            if (p.kind == TransferKind::pending && below(2) == 0) p.expires_at = at + Millis{below(10)};
            const auto got = ledger.apply(std::span{&p, 1}, 1, at);
            const bool want = model.accept(p, at);
            ASSERT_EQ(got.has_value(), want)
                << "world " << world << " round " << round << " refusal " << (got ? 0 : static_cast<int>(got.error()));
            if (got) all.push_back(got->front());
            std::map<Currency, std::array<std::int64_t, 2>> totals;
            for (const Account& account : ledger.accounts()) {
                const auto sum = model.counters(number_of(account.no), model.entries());
                ASSERT_EQ(account.debits_posted, sum[0]);
                ASSERT_EQ(account.credits_posted, sum[1]);
                ASSERT_EQ(account.debits_pending, sum[2]);
                ASSERT_EQ(account.credits_pending, sum[3]);
                totals[account.currency][0] += account.debits_posted - account.credits_posted;
                totals[account.currency][1] += account.debits_pending - account.credits_pending;
            }
            for (const auto& [currency, total] : totals) ASSERT_EQ(total, (std::array<std::int64_t, 2>{0, 0}));
        }
        // A replay from nothing gives the same books and the same chain.
        Ledger again;
        for (std::size_t i = 0; i < kinds.size(); ++i) again.open_account(kinds[i], currencies[i]);
        Hash256 hash{};
        for (const Transfer& transfer : all) {
            ASSERT_TRUE(again.replay(transfer));
            hash = chained_hash(hash, transfer);
            ASSERT_EQ(hash, transfer.hash);
        }
        for (const Account& account : ledger.accounts()) {
            if (account.state() != AccountState::open) again.set_account_state(account.no, account.state());
        }
        ASSERT_TRUE(std::ranges::equal(again.accounts(), ledger.accounts()));
    }
}

TEST_F(LedgerTest, replay_names_a_transfer_that_contradicts_the_books) {
    ASSERT_TRUE(post(single(bank_, ana_, 1000)));
    Transfer forged = post(single(ana_, shop_, 10))->front();
    Ledger again;
    for (const Account& account : ledger_.accounts()) again.open_account(account.kind, account.currency);
    EXPECT_FALSE(again.replay(forged));  // its predecessor is missing
}

}  // namespace
}  // namespace okpay::money
