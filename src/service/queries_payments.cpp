// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "payments/payment_ref.hpp"
#include "service/queries_parts.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using money::Transfer;
using payments::Payment;
using store::Connection;

constexpr std::size_t cursor_accounts_max = 32;

// A payment stands in a history where it was made: not again where its hold was captured or released, at its fee, or
// where a withdrawal arrived or came back.
bool begins_payment(const Transfer& transfer) {
    const bool made_here = transfer.kind == money::TransferKind::single || transfer.kind == money::TransferKind::pending;
    if (!made_here) return false;
    switch (transfer.code) {
    case money::TransferCode::top_up:
    case money::TransferCode::payment:
    case money::TransferCode::refund:
    case money::TransferCode::person_to_person:
    case money::TransferCode::withdrawal:
    case money::TransferCode::correction:
    case money::TransferCode::merchant_payout: return true;
    case money::TransferCode::fee:
    case money::TransferCode::fee_refund:
    case money::TransferCode::withdrawal_settled:
    case money::TransferCode::withdrawal_returned:
    case money::TransferCode::unexplained: return false;
    }
    std::abort();
}

// One account's chain, from its head down.
class Walk {
public:
    Walk(Connection& connection, money::AccountNo account, std::int64_t head) : connection_{connection}, account_{account} {
        seek(head);
    }
    [[nodiscard]] std::int64_t payment() const { return current_ ? current_->payment : 0; }  // 0 at the end
    [[nodiscard]] std::int64_t transfer() const { return current_ ? current_->seq : 0; }
    void next() { seek(before(*current_)); }

private:
    [[nodiscard]] std::int64_t before(const Transfer& transfer) const {
        return transfer.debit == account_ ? transfer.debit_prev : transfer.credit_prev;
    }
    void seek(std::int64_t seq) {
        current_.reset();
        while (seq != 0) {
            auto transfer = store::find_transfer(connection_, seq);
            // A cursor is text from outside: it may name any transfer.
            if (!transfer || (transfer->debit != account_ && transfer->credit != account_)) return;
            if (begins_payment(*transfer)) {
                current_ = *transfer;
                return;
            }
            seq = before(*transfer);
        }
    }

    Connection& connection_;
    money::AccountNo account_;
    std::optional<Transfer> current_;
};

std::string owner_name(Connection& connection, std::optional<money::AccountNo> wallet) {
    std::string name;
    if (!wallet) return name;
    connection.query("SELECT c.name FROM account_owner o JOIN customer c ON c.no = o.customer WHERE o.account = $1",
                     {number_of(*wallet)}, [&name](const store::Row& row) { name = row.string(0); });
    return name;
}

PaymentPage merged(Connection& connection, const HistoryRequest& request) {
    const std::int64_t before = request.cursor ? request.cursor->before : std::numeric_limits<std::int64_t>::max();
    std::vector<Walk> walks;
    for (std::size_t i = 0; i < request.heads.size(); ++i) {
        const auto& head = request.heads[i];
        std::int64_t from = head.last_transfer;
        if (request.cursor)
            from = i < request.cursor->resume.size() ? request.cursor->resume[i] : 0;  // opened since: not here
        walks.emplace_back(connection, head.account, from);
    }
    std::vector<Payment> still;
    if (request.unmoved_of) {
        still = store::unmoved_payments_of(connection, *request.unmoved_of, before,
                                           static_cast<std::int64_t>(request.limit) + 1);
    }
    PaymentPage page;
    std::size_t still_at = 0;
    const auto newest = [&walks] {
        return std::ranges::max_element(walks, {}, [](const Walk& walk) { return walk.payment(); });
    };
    while (true) {
        const auto walk = newest();
        const std::int64_t moved = walk == walks.end() ? 0 : walk->payment();
        const std::int64_t unmoved = still_at < still.size() ? still[still_at].seq : 0;
        if (moved == 0 && unmoved == 0) return page;
        if (page.items.size() == request.limit) break;
        if (moved > unmoved) {
            auto view = parts::payment_view(connection, moved);
            if (!view) parts::missing("payment", moved);
            page.items.push_back(*std::move(view));
            walk->next();
        } else {
            page.items.push_back(parts::payment_view(connection, std::move(still[still_at])));
            ++still_at;
        }
    }
    if (page.items.empty()) return page;
    // A top-up that a bank settled late stands in the chain behind younger payments: the mark never goes back up.
    HistoryCursor next{.before = std::min(before, page.items.back().payment.seq), .resume = {}};
    for (const Walk& walk : walks) next.resume.push_back(walk.transfer());
    page.next = std::move(next);
    return page;
}

}  // namespace

namespace parts {

PaymentView payment_view(Connection& connection, Payment payment) {
    PaymentView view{.payment = std::move(payment), .merchant = std::nullopt, .original = std::nullopt};
    if (view.payment.kind == payments::PaymentKind::person_to_person) {
        view.payer_name = owner_name(connection, view.payment.payer);
        view.payee_name = owner_name(connection, view.payment.payee);
    }
    if (view.payment.merchant) view.merchant = store::find_merchant(connection, *view.payment.merchant);
    const bool open =
        view.payment.state == payments::PaymentState::processing || view.payment.state == payments::PaymentState::unknown;
    if (open) {
        if (const auto call = store::find_rail_call(connection, view.payment.seq)) view.next_check = call->next_at;
    }
    if (view.payment.original != 0) {
        const auto original = store::find_payment(connection, view.payment.original);
        if (!original) missing("payment", view.payment.original);
        view.original = original->id;
    }
    return view;
}

std::optional<PaymentView> payment_view(Connection& connection, std::int64_t seq) {
    auto payment = store::find_payment(connection, seq);
    if (!payment) return std::nullopt;
    return payment_view(connection, *std::move(payment));
}

std::vector<Transfer> transfers_made_with(Connection& connection, const Payment& payment) {
    constexpr std::int64_t scanned_max = 100'000;  // of one millisecond: far more than a writer can do
    std::int64_t low = 1;
    std::int64_t high = connection.integer("SELECT coalesce(max(seq), 0) FROM transfer").value_or(0) + 1;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const auto at = connection.integer("SELECT at FROM transfer WHERE seq = $1", {middle});
        if (!at) missing("transfer", middle);
        if (*at < ms_of(payment.created)) low = middle + 1;
        else high = middle;
    }
    std::vector<Transfer> found;
    for (std::int64_t seq = low; seq < low + scanned_max; ++seq) {
        const auto transfer = store::find_transfer(connection, seq);
        if (!transfer || transfer->at > payment.created) break;
        if (transfer->payment == payment.seq) found.push_back(*transfer);
        else if (!found.empty()) break;  // those of one payment stand together
    }
    return found;
}

}  // namespace parts

// Numbers in base 36 with dots between.
std::string HistoryCursor::text() const {
    const auto base36 = [](std::int64_t value) {
        std::array<char, 16> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 36).ptr;
        return std::string{digits.data(), end};
    };
    std::string text = base36(before);
    for (const std::int64_t seq : resume) text += "." + base36(seq);
    return text;
}

std::optional<HistoryCursor> HistoryCursor::parse(std::string_view text) {
    HistoryCursor cursor{.before = 0, .resume = {}};
    bool first = true;
    while (true) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 36);
        if (error != std::errc{} || value < 0) return std::nullopt;
        if (first) cursor.before = value;
        else cursor.resume.push_back(value);
        first = false;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty()) return cursor;
        if (text.front() != '.' || cursor.resume.size() == cursor_accounts_max) return std::nullopt;
        text.remove_prefix(1);
    }
}

Read<std::optional<PaymentView>> Queries::payment(std::int64_t seq) {
    return pool_.read([&](Connection& connection) { return parts::payment_view(connection, seq); });
}

Read<std::optional<PaymentView>> Queries::payment(const PaymentId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<PaymentView> {
        if (!payments::is_payment_id(id)) return std::nullopt;
        auto payment = store::find_payment(connection, payments::seq_of(id));
        if (!payment || payment->id != id) return std::nullopt;
        return parts::payment_view(connection, *std::move(payment));
    });
}

Read<std::vector<RailCallView>> Queries::live_rail_calls() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<RailCallView> views;
        for (payments::RailCall& call : store::live_rail_calls(connection)) {
            const auto payment = store::find_payment(connection, call.payment);
            const auto customer = store::find_customer(connection, call.customer);
            if (!payment || !customer) parts::missing("payment", call.payment);
            std::optional<std::string> ticket;
            connection.query("SELECT request_number FROM ticket WHERE no = $1", {call.ticket},
                             [&ticket](const store::Row& row) { ticket = row.string(0); });
            views.push_back({std::move(call), payment->id, *customer, std::move(ticket)});
        }
        return views;
    });
}

Read<PaymentPage> Queries::history(const HistoryRequest& request) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return merged(connection, request);
    });
}

}  // namespace okpay::service
