// SPDX-License-Identifier: Apache-2.0
// Payments and histories as they are read: beside the row, what stands in other tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customers/customer.hpp"
#include "payments/dispute.hpp"
#include "payments/payment.hpp"
#include "service/ledger_views.hpp"

namespace okpay::service {

struct PaymentView {
    payments::Payment payment;
    std::optional<customers::Merchant> merchant;
    std::optional<PaymentId> original;  // of a refund
    std::string payer_name, payee_name;  // between two people
    std::optional<money::Money> received = std::nullopt;  // of an exchange that was done
    std::optional<Moment> next_check = std::nullopt;  // while a bank's answer is awaited: when it is asked next
    std::int64_t returning_minor = 0;      // of one by card: refunds that are on their way to it
    payments::DisputesStanding disputes;   // of one by card
    // What a refund may take now; nothing of what was not paid to a merchant, or while a bank decides.
    [[nodiscard]] std::int64_t refundable_minor() const;
};

// Where a history goes on: below `before`, and from there in each account's chain. Opaque text outside; what it names is
// checked against the accounts again, so a made-up one shows nothing of others.
struct HistoryCursor {
    std::int64_t before;  // payment sequence
    std::vector<std::int64_t> resume;  // transfer sequence an account, 0 for its end
    static std::optional<HistoryCursor> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

// What of a history is asked for; what is empty does not matter. Nothing finds a time or a word without walking there,
// so a request looks at no more than `history_looked_at_max` payments: a page may then be short, even empty, and go on.
struct HistoryFilter {
    std::string words;  // each stands somewhere in it: merchant, other person, memo, order reference, id, amount
    std::optional<payments::PaymentKind> kind;
    std::optional<payments::PaymentState> state;
    std::optional<Moment> from, until;  // made at `from` or later, and before `until`
};
inline constexpr std::size_t history_looked_at_max = 1'000;

struct HistoryRequest {
    struct Head {
        money::AccountNo account;
        std::int64_t last_transfer;  // of ReadAccounts
    };
    std::vector<Head> heads;  // in order of account number, the same for each page
    std::optional<customers::CustomerNo> unmoved_of;  // also payments of this customer that moved no money (yet)
    std::optional<HistoryCursor> cursor;
    std::size_t limit = 50;
    HistoryFilter filter = {};
};

struct PaymentPage {
    std::vector<PaymentView> items;  // newest first
    std::optional<HistoryCursor> next;
};

// A payment and what became of it.
struct PaymentDetail {
    enum class HoldEnd : std::uint8_t { captured, canceled, expired };
    struct Ended {
        HoldEnd how;
        Moment at;
    };
    PaymentView view;
    std::optional<Moment> held_until;  // of one that was held, whether it still is or not
    std::optional<Ended> hold_ended;
    std::vector<payments::Payment> refunds;  // that succeeded, oldest first
};

// With every transfer it made, whenever: also of the capture or the release of its hold.
struct LedgerPayment {
    PaymentDetail detail;
    std::vector<JournalEntry> transfers;  // oldest first
};

}  // namespace okpay::service
