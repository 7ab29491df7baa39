// SPDX-License-Identifier: Apache-2.0
// What OKPay has to do, said a second time and as plainly as it goes: maps, sums over everything that ever was, the words of
// the answers spelt out. It shares no decision with the product, only the values that cross its door. It is told each
// command that was committed, in order, and says what the answer was to be; what it holds afterwards is what the books have
// to hold.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "service/command.hpp"
#include "tariff.hpp"

namespace okpay::simulator {

// Who is there before a run begins.
struct House {
    struct Customer {
        std::vector<std::string> currencies;
        int standing;  // 0 open, 2 locked; what the limited may is in lock_test
        std::string sealed_instrument, instrument_hash;  // of the account outside
    };
    struct Staff {
        Bytes totp_secret;
        bool may_settle, may_change_levels;
        std::int64_t last_step;  // of one-time codes
    };
    std::vector<Customer> customers;  // numbered from 1, as all
    std::int64_t merchants = 0;
    std::vector<Staff> staff;
    std::set<std::pair<std::int64_t, std::string>> payout_accounts;  // merchant and currency
    Moment at;
};

// A payment as its request was first answered, for ever.
struct Shown {
    std::string state, refusal;
    std::int64_t captured = 0, refunded = 0, fee = 0;
    friend bool operator==(const Shown&, const Shown&) = default;
};

struct Expected {
    std::string code;
    std::int64_t number = 0;
    bool replayed = false;
    std::optional<Shown> shown;
    std::vector<std::int64_t> numbers;
    struct Order {
        std::int64_t payment, inquiries;
        bool inquiry;
        friend bool operator==(const Order&, const Order&) = default;
    };
    std::vector<Order> orders;
};

class Model {
public:
    struct Account {
        std::int64_t debits = 0, credits = 0, held_from = 0, held_for = 0;
        [[nodiscard]] std::int64_t posted() const { return credits - debits; }
        [[nodiscard]] std::int64_t available() const { return posted() - held_from; }
    };
    struct Row {  // of a payment
        std::int64_t seq = 0;
        std::string kind, state = "succeeded", refusal = "none";
        std::string payer, payee;  // accounts
        std::int64_t customer = 0, merchant = 0;
        std::string currency;
        std::int64_t amount = 0, fee = 0, captured = 0, refunded = 0;
        std::string order_ref;
        std::int64_t original = 0, twin = 0;
        bool outside = false;  // by card
        std::string instrument;
        std::optional<Moment> expires;  // of a hold, while it holds
        std::int64_t hold_order = 0;  // of holds, as they were made
        Moment created;
        std::string key, body;  // once, and of what
        Shown first;
    };
    struct Call {
        std::int64_t payment = 0;
        bool out = false;
        std::string state = "created";
        std::int64_t inquiries = 0;
        bool inquiring = false;
        std::optional<Moment> next, sent;
        Moment asked;  // the inquiry that is under way
        std::string ticket;  // its state; empty: none was opened
        bool critical = false;
        std::int64_t letters_unknown = 0, letters_outcome = 0;
        std::int64_t set_aside = 0;  // in suspense, since the account took nothing
        [[nodiscard]] bool open() const { return state == "created" || state == "sent" || state == "unknown"; }
    };

    struct Dispute {
        std::int64_t no, payment;
        std::string id;
        int stage;  // 1 inquiry to 4 arbitration
        std::string status;
        std::int64_t amount;
        bool held = false, house_pays = false, lost = false;
        Moment due;
        [[nodiscard]] bool open() const { return status == "needs_response" || status == "under_review"; }
    };

    struct Wish {  // money that was asked for
        std::string id, key, said;
        std::int64_t payee, payer;  // payer 0: nobody, or whoever holds the link
        std::string payer_said;  // empty: whoever holds the link
        std::int64_t amount;
        std::string currency, state = "pending";
        std::int64_t payment = 0;
        Moment expires, created;
        bool asked_letter = false, outcome_letter = false;
    };
    struct Later {  // money that is sent later
        std::string id, key, said;
        std::int64_t payer, payee, amount;
        std::string currency, every;
        std::int64_t times;
        std::chrono::hours ahead;  // of UTC
        std::chrono::sys_days first;
        std::optional<Moment> next;
        std::string state = "active";
        std::int64_t behind = 0, tries = 0, letters = 0;
        std::map<std::string, std::int64_t> outcomes;  // made, skipped, missed
    };

    explicit Model(House house);

    Expected apply(const service::Command& command);
    void name_accounts(std::map<std::int64_t, std::string> names) { account_names_ = std::move(names); }
    [[nodiscard]] const std::map<std::int64_t, std::string>& account_names() const { return account_names_; }
    void set_standing(std::int64_t customer, int standing) { customer_of(customer).standing = standing; }

    [[nodiscard]] const House& house() const { return house_; }
    [[nodiscard]] const std::map<std::string, Account>& accounts() const { return accounts_; }
    [[nodiscard]] const Account& account(const std::string& name) { return accounts_[name]; }
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] const std::map<std::int64_t, Call>& calls() const { return calls_; }
    [[nodiscard]] const std::vector<Wish>& wishes() const { return wishes_; }  // numbered from 1
    [[nodiscard]] const std::vector<Later>& laters() const { return laters_; }
    [[nodiscard]] const std::map<std::string, Dispute>& disputes() const { return disputes_; }  // by reference
    [[nodiscard]] std::int64_t set_aside_of_disputes(const std::string& currency) const;
    [[nodiscard]] int level_of(std::int64_t customer) const;
    [[nodiscard]] std::int64_t totp_last_step(std::int64_t staff) const {
        return house_.staff[static_cast<std::size_t>(staff - 1)].last_step;
    }
    // Rows that were made or changed since the last call.
    std::set<std::int64_t> take_changed() { return std::exchange(changed_, {}); }

    static std::string wallet(std::int64_t customer, std::string_view currency);
    static std::string payable(std::int64_t merchant, std::string_view currency);

private:
    struct Move {
        std::string from, to;
        std::int64_t amount;
        std::int64_t holds = 0, releases = 0;  // of the first account, for the second
    };
    struct Used {
        Doing doing;
        std::int64_t day, amount, count;
    };

    Expected handle(const service::Command&, const service::TopUp&);
    Expected handle(const service::Command&, const service::Pay&);
    Expected handle(const service::Command&, const service::SendMoney&);
    Expected handle(const service::Command&, const service::CapturePayment&);
    Expected handle(const service::Command&, const service::CancelPayment&);
    Expected handle(const service::Command&, const service::ExpireHolds&);
    Expected handle(const service::Command&, const service::Refund&);
    Expected handle(const service::Command&, const service::CollectTopUp&);
    Expected handle(const service::Command&, const service::Withdraw&);
    Expected handle(const service::Command&, const service::TakeRailCalls&);
    Expected handle(const service::Command&, const service::ReleaseRailCalls&);
    Expected handle(const service::Command&, const service::ReportRail&);
    Expected handle(const service::Command&, const service::DecideRailOutcome&);
    Expected handle(const service::Command&, const service::PayOutMerchant&);
    Expected handle(const service::Command&, const service::ReportDispute&);
    Expected handle(const service::Command&, const service::AnswerDispute&);
    Expected handle(const service::Command&, const service::ExpireDisputes&);
    Expected handle(const service::Command&, const service::SetCustomerLevel&);
    Expected handle(const service::Command&, const service::SetAccountState&);
    Expected handle(const service::Command&, const service::RequestMoney&);
    Expected handle(const service::Command&, const service::PayMoneyRequest&);
    Expected handle(const service::Command&, const service::EndMoneyRequest&);
    Expected handle(const service::Command&, const service::ExpireMoneyRequests&);
    Expected handle(const service::Command&, const service::ScheduleTransfer&);
    Expected handle(const service::Command&, const service::EndSchedule&);
    Expected handle(const service::Command&, const service::RunSchedules&);

    House::Customer& customer_of(std::int64_t no) { return house_.customers[static_cast<std::size_t>(no - 1)]; }
    [[nodiscard]] bool is_customer(std::int64_t customer) const;
    [[nodiscard]] bool has_wallet(std::int64_t customer, const std::string& currency) const;
    Row* seen_by(const service::Actor& actor, std::int64_t payment);
    Row* by_key(const std::string& key);
    [[nodiscard]] bool paid_a_moment_ago(const Row& wanted) const;
    [[nodiscard]] bool order_is_paid(std::int64_t merchant, const std::string& order_ref) const;
    [[nodiscard]] bool order_is_open(std::int64_t merchant, const std::string& order_ref) const;

    // What a payer may not: empty, or the word of the refusal.
    std::string payer_refusal(const std::string& account, std::int64_t customer, std::int64_t amount);
    [[nodiscard]] std::string payee_refusal(const std::string& account) const;
    [[nodiscard]] std::string state_of(const std::string& account) const;
    [[nodiscard]] bool lets_out(const std::string& account) const;
    [[nodiscard]] bool lets_in(const std::string& account) const;
    [[nodiscard]] std::string home_of(const std::string& own, const Row& row) const;
    [[nodiscard]] bool is_awaited(const std::string& account) const;
    std::string limit_refusal(Doing doing, std::int64_t customer, const std::string& currency, std::int64_t amount,
                              Moment at);
    void use(const std::string& wallet, Doing doing, std::int64_t amount, std::int64_t count, Moment at);

    Row new_row(std::string kind, std::string key, std::string body, std::int64_t amount, std::string currency, Moment at);
    Expected keep(Row row, const std::string& refusal);
    std::string move(const std::vector<Move>& moves, Moment at);  // all or none
    void end_hold(Row& row);
    static Expected shown_again(const Row& row);
    Expected hold_answer(const Row& held, const Row& row);

    // Between two people; `refused` is why it may not be, if anything beside what a transfer looks at itself.
    Expected transfer(Row row, std::int64_t payer, std::int64_t payee, const std::string& refused);
    Wish* wish_of(const std::string& id);
    void make_occurrence(Later& later, const service::Command& command, Expected& answer);
    void end_occurrence(Later& later, const std::string& how);

    // By card: begun here, and what was begun before or a moment ago stands in its way.
    Expected pay_by_card(Row row, const service::Pay& body);
    Expected refund_to_card(Row row, const Row& original, std::string refusal);
    [[nodiscard]] std::string alike_by_card(const Row& wanted, const service::Pay& body) const;
    [[nodiscard]] std::int64_t on_its_way_back(std::int64_t original) const;
    [[nodiscard]] std::int64_t part_of_fee(const Row& original, std::int64_t refund) const;
    // The second factor of a member of staff: empty, or the word of the refusal.
    std::string code_refusal(std::int64_t staff, const std::string& code, Moment at);
    void change(Dispute& dispute, int stage, const std::string& status, Moment at);
    void take(Dispute& dispute, Moment at);

    Expected begin_rail(const service::Command& command, const service::RailRequest& request, bool out);
    Call* call_of(std::int64_t payment);
    void not_told(Call& call, Moment at);
    // What a rail's word does; false: nothing new.
    bool hear(Call& call, const std::string& word, Moment at);
    void end_call(Call& call, std::string state, Moment at, const std::vector<Move>& moves, const std::string& refusal,
                  std::int64_t captured);
    void arrive(Call& call, Moment at, const std::string& outside);
    void give_back(Call& call, Moment at, const std::string& from, const std::string& state, const std::string& refusal);
    void write_unknown(Call& call, bool person);
    void write_outcome(Call& call);

    House house_;
    std::map<std::string, Account> accounts_;
    std::map<std::string, std::vector<Used>> used_;
    std::vector<Row> rows_;
    std::map<std::int64_t, Call> calls_;
    std::map<std::int64_t, int> levels_;
    std::map<std::int64_t, std::string> account_names_;
    std::map<std::string, std::string> states_;  // of accounts that were frozen or closed once
    std::vector<Wish> wishes_;
    std::vector<Later> laters_;
    std::map<std::string, Dispute> disputes_;
    std::map<std::string, std::int64_t> disputes_set_aside_;  // by currency, in suspense
    std::map<CommandId, Expected> desk_commands_;  // that are done once by their id
    struct Codes {
        std::int64_t failed = 0;
        Moment blocked_until{};
    };
    std::map<std::int64_t, Codes> codes_;
    std::set<std::int64_t> changed_;
    Moment ledger_at_{};
    std::int64_t holds_ = 0;
};

}  // namespace okpay::simulator
