// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "payments/payment_ref.hpp"
#include "service/queries_parts.hpp"
#include "store/dispute_store.hpp"
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
    case money::TransferCode::merchant_payout:
    case money::TransferCode::exchange: return true;
    case money::TransferCode::fee:
    case money::TransferCode::fee_refund:
    case money::TransferCode::withdrawal_settled:
    case money::TransferCode::withdrawal_returned:
    case money::TransferCode::acquirer_settled:
    case money::TransferCode::dispute_taken:
    case money::TransferCode::dispute_returned:
    case money::TransferCode::dispute_lost:
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
    void end_before(Moment moment) {  // ledger time never runs back: nothing further down can be later
        if (current_ && current_->at < moment) current_.reset();
    }
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

// The words of a filter, each in lower case where it is ASCII.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : ascii_lower(text) + ' ') {
        if (c != ' ' && c != '\t') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    return words;
}

bool fits(const HistoryFilter& filter, const Payment& payment) {
    return (!filter.kind || payment.kind == *filter.kind) && (!filter.state || payment.state == *filter.state) &&
           (!filter.from || payment.created >= *filter.from) && (!filter.until || payment.created < *filter.until);
}

bool names_all(const std::vector<std::string>& words, const PaymentView& view) {
    if (words.empty()) return true;
    const Payment& payment = view.payment;
    std::string text;
    for (const std::string& part : {payment.memo, payment.order_ref, view.payer_name, view.payee_name,
                                    view.merchant ? view.merchant->name : std::string{}, payments::text_of(payment.id),
                                    payment.amount.decimal(), payment.instrument}) {
        text += ascii_lower(part) + '\n';  // no word holds one, so none is found across two parts
    }
    return std::ranges::all_of(words, [&text](const std::string& word) { return text.contains(word); });
}

// Those of a customer that moved no money, newest first, fetched as they are needed.
class Unmoved {
public:
    Unmoved(Connection& connection, std::optional<customers::CustomerNo> customer, std::int64_t before, std::size_t page)
        : connection_{connection}, customer_{customer}, before_{before}, page_{static_cast<std::int64_t>(page)} {
        fetch();
    }
    [[nodiscard]] std::int64_t payment() const { return at_ < rows_.size() ? rows_[at_].seq : 0; }  // 0 at the end
    [[nodiscard]] Payment current() const { return rows_[at_]; }
    void next() {
        if (++at_ == rows_.size()) fetch();
    }

private:
    void fetch() {
        if (!customer_) return;
        rows_ = store::unmoved_payments_of(connection_, *customer_, before_, page_);
        at_ = 0;
        if (rows_.empty()) customer_.reset();
        else before_ = rows_.back().seq;
    }

    Connection& connection_;
    std::optional<customers::CustomerNo> customer_;
    std::int64_t before_;
    std::int64_t page_;
    std::vector<Payment> rows_;
    std::size_t at_ = 0;
};

PaymentPage merged(Connection& connection, const HistoryRequest& request) {
    const HistoryFilter& filter = request.filter;
    const std::vector<std::string> words = words_of(filter.words);
    const std::int64_t before = request.cursor ? request.cursor->before : std::numeric_limits<std::int64_t>::max();
    std::vector<Walk> walks;
    for (std::size_t i = 0; i < request.heads.size(); ++i) {
        const auto& head = request.heads[i];
        std::int64_t from = head.last_transfer;
        if (request.cursor)
            from = i < request.cursor->resume.size() ? request.cursor->resume[i] : 0;  // opened since: not here
        walks.emplace_back(connection, head.account, from);
    }
    Unmoved unmoved{connection, request.unmoved_of, before, request.limit + 1};
    PaymentPage page;
    std::int64_t last_seen = 0;
    const auto newest = [&walks] {
        return std::ranges::max_element(walks, {}, [](const Walk& walk) { return walk.payment(); });
    };
    for (std::size_t looked_at = 0;; ++looked_at) {
        if (filter.from) {
            for (Walk& walk : walks) walk.end_before(*filter.from);
        }
        const auto walk = newest();
        const std::int64_t moved = walk == walks.end() ? 0 : walk->payment();
        if (moved == 0 && unmoved.payment() == 0) return page;
        if (page.items.size() == request.limit || looked_at == history_looked_at_max) break;
        std::optional<Payment> payment;
        if (moved > unmoved.payment()) {
            payment = store::find_payment(connection, moved);
            if (!payment) parts::missing("payment", moved);
            // Between two of these wallets it stands in both chains.
            for (Walk& other : walks) {
                if (other.payment() == moved) other.next();
            }
        } else {
            payment = unmoved.current();
            unmoved.next();
        }
        last_seen = payment->seq;
        if (!fits(filter, *payment)) continue;
        PaymentView view = parts::payment_view(connection, *std::move(payment));
        if (names_all(words, view)) page.items.push_back(std::move(view));
    }
    if (last_seen == 0) return page;
    // A top-up that a bank settled late stands in the chain behind younger payments: the mark never goes back up.
    HistoryCursor next{.before = std::min(before, last_seen), .resume = {}};
    for (const Walk& walk : walks) next.resume.push_back(walk.transfer());
    page.next = std::move(next);
    return page;
}

// How a hold ended, from the transfer that resolved it.
std::optional<PaymentDetail::Ended> hold_end(Connection& connection, std::int64_t resolved_by) {
    using HoldEnd = PaymentDetail::HoldEnd;
    const auto transfer = store::find_transfer(connection, resolved_by);
    if (!transfer) parts::missing("transfer", resolved_by);
    switch (transfer->kind) {
    case money::TransferKind::post_pending: return PaymentDetail::Ended{HoldEnd::captured, transfer->at};
    case money::TransferKind::void_pending: return PaymentDetail::Ended{HoldEnd::canceled, transfer->at};
    case money::TransferKind::expire_pending: return PaymentDetail::Ended{HoldEnd::expired, transfer->at};
    case money::TransferKind::single:
    case money::TransferKind::pending: parts::missing("end of hold", resolved_by);
    }
    std::abort();
}

PaymentDetail detail_of(Connection& connection, Payment payment) {
    PaymentDetail detail{.view = parts::payment_view(connection, std::move(payment)),
                         .held_until = std::nullopt,
                         .hold_ended = std::nullopt,
                         .refunds = {}};
    const Payment& shown = detail.view.payment;
    if (shown.hold != 0) {
        std::optional<std::int64_t> resolved_by;
        connection.query("SELECT expires_at, resolved_by FROM hold WHERE seq = $1", {shown.hold},
                         [&](const store::Row& row) {
                             if (const auto expires = row.maybe_integer(0)) detail.held_until = moment_of_ms(*expires);
                             resolved_by = row.maybe_integer(1);
                         });
        if (resolved_by) detail.hold_ended = hold_end(connection, *resolved_by);
    }
    std::vector<std::int64_t> refunds;
    connection.query("SELECT seq FROM payment WHERE kind = 4 AND original = $1 AND state IN (1, 5, 6) ORDER BY seq",
                     {shown.seq}, [&refunds](const store::Row& row) { refunds.push_back(row.integer(0)); });
    for (const std::int64_t seq : refunds) {
        auto refund = store::find_payment(connection, seq);
        if (!refund) parts::missing("payment", seq);
        detail.refunds.push_back(*std::move(refund));
    }
    return detail;
}

}  // namespace

std::int64_t PaymentView::refundable_minor() const { return payments::refundable_minor(payment, returning_minor, disputes); }

namespace parts {

std::string owner_name(Connection& connection, std::optional<money::AccountNo> wallet) {
    std::string name;
    if (!wallet) return name;
    connection.query("SELECT c.name FROM account_owner o JOIN customer c ON c.no = o.customer WHERE o.account = $1",
                     {number_of(*wallet)}, [&name](const store::Row& row) { name = row.string(0); });
    return name;
}

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
    if (view.payment.kind == payments::PaymentKind::exchange) {
        if (const auto done = store::find_exchange(connection, view.payment.seq)) view.received = done->received;
    }
    if (view.payment.rail == payments::Rail::outside && view.payment.kind == payments::PaymentKind::merchant_payment) {
        view.disputes = store::disputes_standing(connection, view.payment);
        view.returning_minor =
            connection
                .integer(
                    "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM payment WHERE kind = 4 AND original = $1 AND "
                    "state IN (5, 6)",
                    {view.payment.seq})
                .value_or(0);
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

std::optional<PaymentDetail> payment_detail(Connection& connection, const PaymentId& id) {
    if (!payments::is_payment_id(id)) return std::nullopt;
    auto payment = store::find_payment(connection, payments::seq_of(id));
    if (!payment || payment->id != id) return std::nullopt;
    return detail_of(connection, *std::move(payment));
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

Read<std::vector<store::RateRow>> Queries::exchange_rates() {
    return pool_.read([](Connection& connection) { return store::current_rates(connection); });
}

Read<std::vector<RailCallView>> Queries::live_rail_calls() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<RailCallView> views;
        for (payments::RailCall& call : store::live_rail_calls(connection)) {
            const auto payment = store::find_payment(connection, call.payment);
            if (!payment) parts::missing("payment", call.payment);
            auto customer = call.customer ? store::find_customer(connection, *call.customer) : std::nullopt;
            auto merchant = call.merchant ? store::find_merchant(connection, *call.merchant) : std::nullopt;
            std::optional<std::string> ticket;
            connection.query("SELECT request_number FROM ticket WHERE no = $1", {call.ticket},
                             [&ticket](const store::Row& row) { ticket = row.string(0); });
            views.push_back({std::move(call), payment->id, std::move(customer), std::move(merchant), std::move(ticket)});
        }
        return views;
    });
}

Read<std::optional<PaymentDetail>> Queries::payment_detail(const PaymentId& id) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return parts::payment_detail(connection, id);
    });
}

Read<PaymentPage> Queries::history(const HistoryRequest& request) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return merged(connection, request);
    });
}

}  // namespace okpay::service
