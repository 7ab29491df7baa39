// SPDX-License-Identifier: Apache-2.0
// The ledger as JSON. Every sum is a decimal string: totals of many accounts pass what a double, or an int64, can hold.
#include <algorithm>

#include "api/render.hpp"
#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using money::AccountKind;
using service::WideMinor;

std::string decimal_of(WideMinor minor, money::Currency currency) {
    const bool negative = minor < 0;
    if (negative) minor = -minor;
    std::string digits;
    const auto decimals = static_cast<std::size_t>(money::decimals(currency));
    while (minor > 0 || digits.size() <= decimals) {
        digits += static_cast<char>('0' + static_cast<int>(minor % 10));
        minor /= 10;
    }
    std::ranges::reverse(digits);
    if (decimals > 0) digits.insert(digits.size() - decimals, ".");
    return negative ? "-" + digits : digits;
}

json::object wide_amount_json(WideMinor minor, money::Currency currency) {
    return {{"amount", decimal_of(minor, currency)}, {"currency", money::code_of(currency)}};
}

std::string_view name_of(money::TransferKind kind) {
    switch (kind) {
    case money::TransferKind::single: return "single";
    case money::TransferKind::pending: return "pending";
    case money::TransferKind::post_pending: return "post_pending";
    case money::TransferKind::void_pending: return "void_pending";
    case money::TransferKind::expire_pending: return "expire_pending";
    }
    std::abort();
}

std::string_view name_of(money::TransferCode code) {
    switch (code) {
    case money::TransferCode::top_up: return "top_up";
    case money::TransferCode::payment: return "payment";
    case money::TransferCode::fee: return "fee";
    case money::TransferCode::refund: return "refund";
    case money::TransferCode::fee_refund: return "fee_refund";
    case money::TransferCode::person_to_person: return "person_to_person";
    case money::TransferCode::withdrawal: return "withdrawal";
    case money::TransferCode::correction: return "correction";
    case money::TransferCode::merchant_payout: return "merchant_payout";
    case money::TransferCode::withdrawal_settled: return "withdrawal_settled";
    case money::TransferCode::withdrawal_returned: return "withdrawal_returned";
    case money::TransferCode::unexplained: return "unexplained";
    case money::TransferCode::exchange: return "exchange";
    case money::TransferCode::acquirer_settled: return "acquirer_settled";
    case money::TransferCode::dispute_taken: return "dispute_taken";
    case money::TransferCode::dispute_returned: return "dispute_returned";
    case money::TransferCode::dispute_lost: return "dispute_lost";
    }
    std::abort();
}

std::string_view name_of(AccountKind kind) {
    switch (kind) {
    case AccountKind::customer_wallet: return "customer_wallet";
    case AccountKind::merchant_payable: return "merchant_payable";
    case AccountKind::settlement_bank: return "settlement_bank";
    case AccountKind::fee_income: return "fee_income";
    case AccountKind::suspense: return "suspense";
    case AccountKind::rounding: return "rounding";
    case AccountKind::goodwill: return "goodwill";
    case AccountKind::payout_in_transit: return "payout_in_transit";
    case AccountKind::acquirer_receivable: return "acquirer_receivable";
    case AccountKind::fx_liquidity: return "fx_liquidity";
    case AccountKind::dispute_receivable: return "dispute_receivable";
    case AccountKind::dispute_loss: return "dispute_loss";
    }
    std::abort();
}

json::object sums_json(const service::TrialSums& sums, money::Currency currency) {
    const auto amount = [currency](WideMinor minor) { return wide_amount_json(minor, currency); };
    return {{"accounts", sums.accounts},
            {"debits_posted", amount(sums.debits_posted)},
            {"credits_posted", amount(sums.credits_posted)},
            {"debits_pending", amount(sums.debits_pending)},
            {"credits_pending", amount(sums.credits_pending)},
            {"debit_balances", amount(sums.debit_balances)},
            {"credit_balances", amount(sums.credit_balances)}};
}

}  // namespace

std::optional<AccountKind> account_kind_of_name(std::string_view name) {
    constexpr std::array kinds{
        AccountKind::customer_wallet, AccountKind::merchant_payable,   AccountKind::settlement_bank,
        AccountKind::fee_income,      AccountKind::suspense,           AccountKind::rounding,
        AccountKind::goodwill,        AccountKind::payout_in_transit,  AccountKind::acquirer_receivable,
        AccountKind::fx_liquidity,    AccountKind::dispute_receivable, AccountKind::dispute_loss};
    const auto found = std::ranges::find(kinds, name, [](AccountKind kind) { return name_of(kind); });
    return found != kinds.end() ? std::optional{*found} : std::nullopt;
}

json::object account_name_json(const service::LedgerAccount& named) {
    using Owner = service::LedgerAccount::Owner;
    json::value owner = nullptr;
    if (named.owner != Owner::house) {
        owner = json::object{{"kind", named.owner == Owner::customer ? "customer" : "merchant"},
                             {"id", named.owner_id},
                             {"name", named.owner_name}};
    }
    return {{"id", std::to_string(number_of(named.account.no))},
            {"kind", name_of(named.account.kind)},
            {"currency", money::code_of(named.account.currency)},
            {"owner", std::move(owner)}};
}

json::object ledger_account_json(const service::LedgerAccount& named) {
    const money::Account& account = named.account;
    const auto amount = [&account](WideMinor minor) { return wide_amount_json(minor, account.currency); };
    json::object object = account_name_json(named);
    object["state"] = name_of(account.state());
    object["closed"] = account.closed;
    object["debits_posted"] = amount(account.debits_posted);
    object["credits_posted"] = amount(account.credits_posted);
    object["debits_pending"] = amount(account.debits_pending);
    object["credits_pending"] = amount(account.credits_pending);
    object["balance"] = amount(account.posted_minor());
    object["entries"] = account.entries;
    return object;
}

json::object journal_entry_json(const service::JournalEntry& entry) {
    const money::Transfer& transfer = entry.transfer;
    const auto amount = [&transfer](WideMinor minor) { return wide_amount_json(minor, transfer.currency); };
    return {{"seq", std::to_string(transfer.seq)},
            {"at", rfc3339(transfer.at)},
            {"kind", name_of(transfer.kind)},
            {"code", name_of(transfer.code)},
            {"amount", amount(transfer.amount)},
            {"debit", account_name_json(entry.debit)},
            {"debit_after", amount(transfer.debit_after)},
            {"credit", account_name_json(entry.credit)},
            {"credit_after", amount(transfer.credit_after)},
            {"hold", transfer.pending_seq == 0 ? json::value(nullptr) : json::value(std::to_string(transfer.pending_seq))},
            {"payment", payments::text_of(entry.payment)},
            {"hash", hex_of(view_of(transfer.hash))}};
}

json::array postings_json(std::span<const service::Rehearsal::Posting> postings, const Seen& seen) {
    json::array array;
    for (const service::Rehearsal::Posting& posting : postings) {
        const bool own = seen.all || (seen.payables && posting.of == AccountKind::merchant_payable) ||
                         std::ranges::find(seen.wallets, posting.account) != seen.wallets.end();
        const auto after = wide_amount_json(posting.after_minor, posting.amount.currency());
        array.push_back(
            json::object{{"account", own ? json::value(std::to_string(number_of(posting.account))) : json::value(nullptr)},
                         {"account_kind", name_of(posting.of)},
                         {"direction", posting.debit ? "debit" : "credit"},
                         {"kind", name_of(posting.kind)},
                         {"code", name_of(posting.code)},
                         {"amount", amount_json(posting.amount)},
                         {"balance_after", own ? json::value(after) : json::value(nullptr)}});
    }
    return array;
}

json::array trial_balance_json(const service::TrialBalance& balance) {
    json::array currencies;
    for (const service::TrialBalance::Currency& one : balance.currencies) {
        json::array lines;
        for (const service::TrialBalance::Line& line : one.lines) {
            json::object object = sums_json(line.sums, one.currency);
            object["kind"] = name_of(line.kind);
            lines.push_back(std::move(object));
        }
        currencies.push_back(json::object{{"currency", money::code_of(one.currency)},
                                          {"balanced", one.total.balanced()},
                                          {"lines", std::move(lines)},
                                          {"total", sums_json(one.total, one.currency)}});
    }
    return currencies;
}

}  // namespace okpay::api
