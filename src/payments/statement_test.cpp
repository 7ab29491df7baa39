// SPDX-License-Identifier: Apache-2.0
#include "payments/statement.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "money/ledger.hpp"

namespace okpay::payments {
namespace {

using money::AccountKind;
using money::AccountNo;
using money::Currency;
using money::Money;
using money::Posting;
using money::Transfer;
using money::TransferCode;
using money::TransferKind;

// A real ledger with one wallet, whose rows a statement is made of.
class Books {
public:
    Books()
        : wallet{ledger.open_account(AccountKind::customer_wallet, Currency::cny)},
          other{ledger.open_account(AccountKind::customer_wallet, Currency::cny)},
          bank{ledger.open_account(AccountKind::settlement_bank, Currency::cny)},
          shop{ledger.open_account(AccountKind::merchant_payable, Currency::cny)},
          fees{ledger.open_account(AccountKind::fee_income, Currency::cny)} {}

    static Posting posting(TransferCode code, AccountNo debit, AccountNo credit, std::int64_t minor,
                           TransferKind kind = TransferKind::single, std::int64_t pending_seq = 0) {
        return {.kind = kind,
                .code = code,
                .debit = debit,
                .credit = credit,
                .amount = *Money::of_minor(minor, Currency::cny),
                .pending_seq = pending_seq,
                .expires_at = std::nullopt};
    }
    // Answers the sequence of the first transfer, 0 where the ledger refused.
    std::int64_t post(std::vector<Posting> postings) {
        ++payments;
        return post_again(std::move(postings));
    }
    std::int64_t post_again(std::vector<Posting> postings) {  // for the same payment
        const auto made = ledger.apply(postings, payments, moment_of_ms(payments * 1'000));
        if (!made) return 0;
        for (const Transfer& transfer : *made) {
            if (transfer.debit == wallet || transfer.credit == wallet) rows.push_back(transfer);
        }
        return made->front().seq;
    }

    money::Ledger ledger;
    AccountNo wallet, other, bank, shop, fees;
    std::vector<Transfer> rows;  // of the wallet
    std::int64_t payments = 0;
};

TEST(Statement, has_one_line_for_a_movement_and_its_fee) {
    Books books;
    const auto& [wallet, other, bank, shop, fees] = std::tie(books.wallet, books.other, books.bank, books.shop, books.fees);
    books.post({Books::posting(TransferCode::top_up, bank, wallet, 10'000)});
    books.post({Books::posting(TransferCode::person_to_person, wallet, other, 1'000),
                Books::posting(TransferCode::fee, wallet, fees, 10)});
    books.post({Books::posting(TransferCode::person_to_person, other, wallet, 400)});
    books.post(
        {Books::posting(TransferCode::payment, wallet, shop, 2'000), Books::posting(TransferCode::fee, shop, fees, 12)});
    books.post({Books::posting(TransferCode::withdrawal_returned, bank, wallet, 300),
                Books::posting(TransferCode::fee_refund, fees, wallet, 5)});
    books.post({Books::posting(TransferCode::fee, wallet, fees, 7)});
    const StatementBody body = statement_body(books.wallet, 0, books.rows).value();
    struct Want {
        Movement movement;
        std::int64_t amount, fee, balance;
    };
    constexpr std::array wanted{Want{Movement::top_up, 10'000, 0, 10'000},
                                Want{Movement::sent, -1'000, -10, 8'990},
                                Want{Movement::received, 400, 0, 9'390},
                                Want{Movement::purchase, -2'000, 0, 7'390},
                                Want{Movement::withdrawal_returned, 300, 5, 7'695},
                                Want{Movement::fee, 0, -7, 7'688}};
    ASSERT_EQ(body.lines.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(body.lines[i].movement, wanted[i].movement);
        EXPECT_EQ(body.lines[i].amount_minor, wanted[i].amount);
        EXPECT_EQ(body.lines[i].fee_minor, wanted[i].fee);
        EXPECT_EQ(body.lines[i].balance_minor, wanted[i].balance);
    }
    EXPECT_EQ(body.sums,
              (StatementSums{
                  .opening_minor = 0, .closing_minor = 7'688, .in_minor = 10'700, .out_minor = -3'000, .fees_minor = -12}));
}

TEST(Statement, a_fee_that_comes_back_later_has_a_line_of_its_own) {
    Books books;
    books.post({Books::posting(TransferCode::top_up, books.bank, books.wallet, 1'000)});
    books.post({Books::posting(TransferCode::withdrawal, books.wallet, books.bank, 100),
                Books::posting(TransferCode::fee, books.wallet, books.fees, 5)});
    const auto other_row = Books::posting(TransferCode::top_up, books.bank, books.other, 1);
    books.post_again({other_row});  // of another wallet, between the two
    books.post_again({Books::posting(TransferCode::fee_refund, books.fees, books.wallet, 5)});
    const StatementBody body = statement_body(books.wallet, 0, books.rows).value();
    ASSERT_EQ(body.lines.size(), 3U);
    EXPECT_EQ(body.lines[1].fee_minor, -5);
    EXPECT_EQ(body.lines[2].movement, Movement::fee_returned);
    EXPECT_EQ(body.lines[2].fee_minor, 5);
    EXPECT_EQ(body.sums.fees_minor, 0);
}

TEST(Statement, takes_the_rows_of_its_account_alone) {
    Books books;
    books.post({Books::posting(TransferCode::top_up, books.bank, books.wallet, 500)});
    EXPECT_EQ(statement_body(books.shop, 0, books.rows).error(), StatementFault::not_of_account);
}

TEST(Statement, a_hold_stands_in_it_once_it_is_captured) {
    Books books;
    books.post({Books::posting(TransferCode::top_up, books.bank, books.wallet, 1'000)});
    const auto hold = [&books](std::int64_t minor) {
        return books.post({Books::posting(TransferCode::payment, books.wallet, books.shop, minor, TransferKind::pending)});
    };
    const std::int64_t captured = hold(600), released = hold(100);
    ASSERT_GT(released, captured);
    EXPECT_EQ(statement_body(books.wallet, 0, books.rows)->lines.size(), 1U);
    books.post({Books::posting(TransferCode::payment, books.wallet, books.shop, 450, TransferKind::post_pending, captured)});
    books.post({Books::posting(TransferCode::payment, books.wallet, books.shop, 0, TransferKind::void_pending, released)});
    const StatementBody body = statement_body(books.wallet, 0, books.rows).value();
    ASSERT_EQ(body.lines.size(), 2U);
    EXPECT_EQ(body.lines[1].amount_minor, -450);
    EXPECT_EQ(body.sums.closing_minor, 550);
}

// Whatever moved, and wherever the period is cut: opening + amounts + fees = closing, line by line.
TEST(Statement, always_adds_up_and_a_changed_row_is_refused) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (int round = 0; round < 200; ++round) {
        Books books;
        std::vector<std::int64_t> holds;
        for (int step = 0; step < 40; ++step) {
            const auto minor = static_cast<std::int64_t>(1 + random() % 50);
            switch (random() % 6) {
            case 0: books.post({Books::posting(TransferCode::top_up, books.bank, books.wallet, minor * 3)}); break;
            case 1:
                books.post({Books::posting(TransferCode::person_to_person, books.wallet, books.other, minor),
                            Books::posting(TransferCode::fee, books.wallet, books.fees, 1 + minor / 9)});
                break;
            case 2: books.post({Books::posting(TransferCode::person_to_person, books.other, books.wallet, minor)}); break;
            case 3:
                if (const auto seq = books.post(
                        {Books::posting(TransferCode::payment, books.wallet, books.shop, minor, TransferKind::pending)})) {
                    holds.push_back(seq);
                }
                break;
            case 4:
            case 5:
                if (holds.empty()) break;
                books.post({Books::posting(TransferCode::payment, books.wallet, books.shop, 1,
                                           random() % 2 == 0 ? TransferKind::post_pending : TransferKind::void_pending,
                                           holds.back())});
                holds.pop_back();
            }
        }
        const std::span<const Transfer> rows = books.rows;
        if (rows.empty()) continue;
        std::size_t first = random() % rows.size();
        while (first > 0 && rows[first].payment == rows[first - 1].payment) --first;  // a period cuts no payment's moment
        const std::size_t count = 1 + random() % (rows.size() - first);
        const auto after = [&](const Transfer& row) {
            return row.debit == books.wallet ? row.debit_after : row.credit_after;
        };
        const std::int64_t opening = first == 0 ? 0 : after(rows[first - 1]);
        const auto body = statement_body(books.wallet, opening, rows.subspan(first, count));
        ASSERT_TRUE(body.has_value());
        std::int64_t balance = opening, in = 0, out = 0, fees = 0;
        for (const StatementLine& line : body->lines) {
            balance += line.amount_minor + line.fee_minor;
            ASSERT_EQ(line.balance_minor, balance);
            (line.amount_minor < 0 ? out : in) += line.amount_minor;
            fees += line.fee_minor;
        }
        ASSERT_EQ(balance, after(rows[first + count - 1]));
        ASSERT_EQ(body->sums, (StatementSums{opening, balance, in, out, fees}));

        std::vector<Transfer> changed{rows.begin() + static_cast<std::ptrdiff_t>(first),
                                      rows.begin() + static_cast<std::ptrdiff_t>(first + count)};
        Transfer& one = changed[random() % changed.size()];
        const bool counted = one.kind == TransferKind::single || one.kind == TransferKind::post_pending;
        if (counted && random() % 2 == 0) one.amount += 1;
        else (one.debit == books.wallet ? one.debit_after : one.credit_after) -= 1;
        ASSERT_EQ(statement_body(books.wallet, opening, changed).error(), StatementFault::does_not_add_up);
    }
}

}  // namespace
}  // namespace okpay::payments
