// SPDX-License-Identifier: Apache-2.0
#include "demo/world.hpp"

#include <gtest/gtest.h>

#include <boost/mp11.hpp>

#include <map>
#include <set>

#include "base/hash.hpp"
#include "demo/merchants.hpp"
#include "demo/stories.hpp"

namespace okpay::demo {
namespace {

using service::Answer;
using service::Command;

const Moment some_afternoon = *moment_of_rfc3339("2026-11-05T09:48:00Z");

WorldSize size_of(std::int64_t customers, std::int64_t transactions, std::uint64_t seed = 1) {
    return {.customers = customers, .transactions = transactions, .tickets = 12, .seed = seed, .now = some_afternoon};
}
std::string key_hash(std::string_view merchant) { return hex_of(view_of(sha256(merchant))); }

std::string text_of(const std::string& text) { return text + '|'; }
std::string text_of(std::int64_t number) { return fmt::format("{}|", number); }
std::string text_of(const std::vector<std::string>& texts) { return fmt::format("{}|", fmt::join(texts, ",")); }
std::string text_of(const std::vector<std::int64_t>& numbers) { return fmt::format("{}|", fmt::join(numbers, ",")); }

// The members of any described struct, in order, and those of a list of such.
template <class Struct>
std::string members_of(const Struct& value);
template <class Struct>
    requires boost::describe::has_describe_members<Struct>::value
std::string text_of(const Struct& value) {
    return members_of(value);
}
template <class Struct>
    requires boost::describe::has_describe_members<Struct>::value
std::string text_of(const std::vector<Struct>& values) {
    std::string text = fmt::format("{}|", values.size());
    for (const Struct& value : values) text += members_of(value);
    return text;
}
template <class Struct>
std::string members_of(const Struct& value) {
    std::string text;
    using Members = boost::describe::describe_members<Struct, boost::describe::mod_public>;
    boost::mp11::mp_for_each<Members>([&](auto member) { text += text_of(value.*member.pointer); });
    return text;
}

std::string encoded(const Command& command) {
    std::string text = fmt::format("{}|{}|{}|{}|{}|", command.id.text(), ms_of(command.at),
                                   static_cast<int>(command.actor.kind), command.actor.no, command.body.index());
    command.body.visit([&](const auto& body) { text += members_of(body); });
    return text;
}

// A naive writer: enough of the rules to tell what is refused, and far from the code that is measured by this world.
class Bank {
public:
    struct Row {
        std::int64_t customer = 0, merchant = 0, minor = 0, captured = 0;
        std::string currency, order_ref, device, instrument, memo;
        char kind = ' ', state = ' ';  // top-up, pay, refund, send; succeeded, failed, held, canceled
        std::int64_t payee = 0;        // of a send
        std::int64_t refunded_by = 0, duplicate_of = 0;
        Moment at;
    };

    explicit Bank(std::int64_t foreign_rows = 0) : foreign_{foreign_rows} {}

    Answer take(const Command& command) {
        EXPECT_GE(command.at, last_at_);
        EXPECT_TRUE(ids_.insert(command.id.text()).second);
        last_at_ = command.at;
        return command.body.visit([&](const auto& body) { return handle(command, body); });
    }
    const Row& row(std::int64_t number) const { return rows_.at(number); }
    const std::map<std::int64_t, Row>& rows() const { return rows_; }
    const std::vector<service::RegisterCustomer>& customers() const { return customers_; }
    const std::vector<service::RegisterMerchant>& merchants() const { return merchants_; }
    std::set<std::int64_t> failed() const {
        std::set<std::int64_t> numbers;
        for (const auto& [number, row] : rows_) {
            if (row.state == 'f') numbers.insert(number);
        }
        return numbers;
    }

private:
    std::int64_t add(Row row, Moment at) {
        row.at = at;
        if (foreign_ > 0 && rows_.size() % 50 == 20) next_ += foreign_;  // somebody else paid meanwhile
        rows_.emplace(++next_, std::move(row));
        return next_;
    }
    void expect_key(const std::string& key) {
        EXPECT_FALSE(key.empty());
        EXPECT_TRUE(keys_.insert(key).second) << key;
    }
    std::int64_t& balance(const Row& row) { return balances_[{row.customer, row.currency}]; }

    Answer handle(const Command& command, const service::RegisterCustomer& body) {
        EXPECT_TRUE(CustomerId::parse(body.customer).has_value());
        EXPECT_TRUE(emails_.insert(body.email).second) << body.email;
        customers_.push_back(body);
        const auto number = static_cast<std::int64_t>(customers_.size());
        for (const auto& currency : body.currencies) balances_[{number, currency}] = 0;
        EXPECT_EQ(command.actor.kind, service::ActorKind::system);
        return {.number = number};
    }
    Answer handle(const Command&, const service::RegisterMerchant& body) {
        EXPECT_EQ(body.api_key_hash, key_hash(body.name));
        merchants_.push_back(body);
        return {.number = static_cast<std::int64_t>(merchants_.size())};
    }
    Answer handle(const Command& command, const service::TopUp& body) {
        expect_key(body.key);
        EXPECT_GT(body.amount_minor, 0);
        Row row{.customer = body.customer,
                .minor = body.amount_minor,
                .captured = body.amount_minor,
                .currency = body.currency,
                .instrument = body.instrument,
                .kind = 't',
                .state = 's',
                .at = {}};
        EXPECT_TRUE(balances_.contains({body.customer, body.currency}));
        balance(row) += body.amount_minor;
        return {.number = add(row, command.at)};
    }
    Answer handle(const Command& command, const service::Pay& body) {
        expect_key(body.key);
        EXPECT_EQ(command.actor.kind, service::ActorKind::merchant);
        EXPECT_EQ(command.actor.no, body.merchant);
        EXPECT_GT(body.amount_minor, 0);
        const auto& takes = merchants_.at(static_cast<std::size_t>(body.merchant) - 1).currencies;
        EXPECT_NE(std::ranges::find(takes, body.currency), takes.end());
        Row row{.customer = body.customer,
                .merchant = body.merchant,
                .minor = body.amount_minor,
                .currency = body.currency,
                .order_ref = body.order_ref,
                .device = body.device,
                .instrument = body.instrument,
                .memo = body.memo,
                .kind = 'p',
                .at = {}};
        EXPECT_TRUE(balances_.contains({body.customer, body.currency}));
        if (balance(row) < body.amount_minor) {
            row.state = 'f';
            return {.code = "insufficient_funds", .number = add(row, command.at)};
        }
        EXPECT_TRUE(body.order_ref.empty() || orders_.emplace(body.merchant, body.order_ref).second) << body.order_ref;
        balance(row) -= body.amount_minor;
        row.state = body.manual_capture ? 'h' : 's';
        row.captured = body.manual_capture ? 0 : body.amount_minor;
        return {.number = add(row, command.at)};
    }
    Answer handle(const Command& command, const service::CapturePayment& body) {
        expect_key(body.key);
        Row& held = rows_.at(body.payment);
        EXPECT_EQ(held.state, 'h');
        EXPECT_EQ(held.merchant, command.actor.no);
        EXPECT_LE(body.amount_minor, held.minor);
        EXPECT_LT(command.at - held.at, Millis{service::Pay{}.hold_ms});
        held.state = 's';
        held.captured = body.amount_minor;
        balance(held) += held.minor - body.amount_minor;
        add({.kind = 'e', .state = 's', .at = {}}, command.at);
        return {.number = body.payment};
    }
    Answer handle(const Command& command, const service::CancelPayment& body) {
        expect_key(body.key);
        Row& held = rows_.at(body.payment);
        EXPECT_EQ(held.state, 'h');
        EXPECT_EQ(held.merchant, command.actor.no);
        held.state = 'c';
        orders_.erase({held.merchant, held.order_ref});
        balance(held) += held.minor;
        add({.kind = 'e', .state = 's', .at = {}}, command.at);
        return {.number = body.payment};
    }
    Answer handle(const Command& command, const service::Refund& body) {
        expect_key(body.key);
        Row& paid = rows_.at(body.payment);
        EXPECT_EQ(paid.state, 's');
        EXPECT_EQ(paid.merchant, command.actor.no);
        EXPECT_EQ(paid.captured, body.amount_minor);
        EXPECT_EQ(paid.refunded_by, 0);
        EXPECT_EQ(body.reason, body.duplicate_of != 0 ? "duplicate" : "requested_by_customer");
        balance(paid) += body.amount_minor;
        Row row{.customer = paid.customer,
                .merchant = paid.merchant,
                .minor = body.amount_minor,
                .currency = paid.currency,
                .kind = 'r',
                .state = 's'};
        paid.duplicate_of = body.duplicate_of;
        const std::int64_t number = add(row, command.at);
        rows_.at(body.payment).refunded_by = number;
        return {.number = number};
    }
    Answer handle(const Command& command, const service::SendMoney& body) {
        expect_key(body.key);
        EXPECT_EQ(command.actor.kind, service::ActorKind::customer);
        EXPECT_EQ(command.actor.no, body.payer);
        EXPECT_NE(body.payer, body.payee);
        Row row{.customer = body.payer,
                .minor = body.amount_minor,
                .captured = body.amount_minor,
                .currency = body.currency,
                .kind = 's',
                .state = 's',
                .payee = body.payee,
                .at = {}};
        EXPECT_TRUE(balances_.contains({body.payee, body.currency}));
        EXPECT_GE(balance(row), body.amount_minor);
        balance(row) -= body.amount_minor;
        balances_[{body.payee, body.currency}] += body.amount_minor;
        return {.number = add(row, command.at)};
    }
    Answer handle(const Command&, const service::SetCustomerPassword& body) {
        EXPECT_GT(body.customer, persona_count);  // theirs are printed
        EXPECT_TRUE(body.password_phc.starts_with("$argon2id$v=19$m="));
        passwords_.insert(body.customer);
        return {.number = body.customer};
    }
    Answer handle(const Command& command, const service::SignInCustomer& body) {
        EXPECT_TRUE(passwords_.contains(body.customer));
        EXPECT_EQ(body.session_token_hash.size(), 64U);
        EXPECT_GT(body.session_expires, ms_of(command.at));
        return {.number = body.customer};
    }
    template <class Other>
    Answer handle(const Command&, const Other&) {
        ADD_FAILURE() << "a command that this world does not make";
        return {};
    }

    std::int64_t foreign_, next_ = 0;
    Moment last_at_{};
    std::map<std::int64_t, Row> rows_;
    std::map<std::pair<std::int64_t, std::string>, std::int64_t> balances_;
    std::set<std::pair<std::int64_t, std::string>> orders_;
    std::set<std::string> ids_, keys_, emails_;
    std::set<std::int64_t> passwords_;
    std::vector<service::RegisterCustomer> customers_;
    std::vector<service::RegisterMerchant> merchants_;
};

struct Told {
    Bank bank;
    std::vector<Truth> truths;
    std::vector<Movements> movements;
    std::vector<SampleMail> mails;
    Hash256 hash;
};
Told told(const WorldSize& size, bool answering = true, std::int64_t foreign_rows = 0) {
    World world{size, key_hash};
    Told all{.bank = Bank{foreign_rows}, .truths = {}, .movements = {}, .mails = {}, .hash = {}};
    while (const auto command = world.next()) {
        EXPECT_LE(command->at, size.now);
        all.hash = sha256({view_of(all.hash), encoded(*command)});
        const Answer answer = all.bank.take(*command);
        if (answering) world.answered(answer);
    }
    all.truths = world.take_truth();
    all.movements = world.take_movements();
    all.mails = world.mails();
    return all;
}

TEST(World, is_the_same_for_the_same_seed) {
    const Told once = told(size_of(60, 3'000));
    EXPECT_EQ(once.hash, told(size_of(60, 3'000)).hash);
    EXPECT_EQ(once.hash, told(size_of(60, 3'000), false).hash);  // predicted numbers are right where nobody else writes
    EXPECT_NE(once.hash, told(size_of(60, 3'000, 2)).hash);
}

struct SizeCase {
    std::string_view name;
    WorldSize size;
    std::int64_t rows_off_max;
};
const std::array size_cases{
    SizeCase{"as by default", size_of(60, 3'000), 30},
    SizeCase{"another seed", size_of(60, 3'000, 77), 30},
    SizeCase{"crowded", size_of(4'000, 40'000), 400},
    SizeCase{"few and busy", size_of(9, 20'000), 200},
    SizeCase{"more people than payments", size_of(5'000, 2'500), 25},
    SizeCase{"one", size_of(1, 60), 20},
    SizeCase{
        "just after midnight",
        {.customers = 60, .transactions = 3'000, .tickets = 9, .seed = 5, .now = *moment_of_rfc3339("2027-03-01T00:00:01Z")},
        30},
    SizeCase{
        "over the change of summer time",
        {.customers = 60, .transactions = 3'000, .tickets = 9, .seed = 6, .now = *moment_of_rfc3339("2026-10-25T23:30:00Z")},
        30},
};

TEST(World, has_the_size_that_was_asked_for_and_only_the_intended_failures) {
    for (const SizeCase& c : size_cases) {
        SCOPED_TRACE(c.name);
        const Told all = told(c.size);
        EXPECT_EQ(std::ssize(all.bank.customers()), c.size.customers);
        EXPECT_EQ(all.bank.merchants().size(), shops().size());
        EXPECT_NEAR(static_cast<double>(all.bank.rows().size()), static_cast<double>(c.size.transactions),
                    static_cast<double>(c.rows_off_max));
        EXPECT_EQ(std::ssize(all.mails), c.size.tickets);
        std::set<std::int64_t> intended;
        for (const Truth& truth : all.truths) {
            if (truth.kind == Happening::failed_then_succeeded) intended.insert(truth.first_payment);
        }
        EXPECT_EQ(all.bank.failed(), intended);
    }
}

bool asks_another_sum(Happening kind) {
    switch (kind) {
    case Happening::tip_added_later:
    case Happening::over_collected:
    case Happening::fee_beside:
    case Happening::currency_charge:
    case Happening::incremental_authorisation:
    case Happening::authorised_then_charged:
    case Happening::split_tender: return true;
    default: return false;
    }
}

void expect_true_between_people(const Truth& truth, const Bank::Row& first, const Bank::Row& second) {
    EXPECT_EQ(std::string({first.kind, second.kind}), "ss");
    EXPECT_EQ(first.minor, second.minor);
    EXPECT_EQ(first.customer, truth.customer);
    const bool back = truth.kind == Happening::sent_back_and_forth;
    EXPECT_EQ(second.customer, back ? first.payee : first.customer);
    EXPECT_EQ(second.payee, back ? first.customer : first.payee);
}

void expect_true(const Truth& truth, const Bank& bank) {
    SCOPED_TRACE(fmt::format("{} {} {}", name_of(truth.kind), truth.first_payment, truth.second_payment));
    EXPECT_EQ(bank.customers().at(static_cast<std::size_t>(truth.customer) - 1).email, truth.customer_email);
    if (truth.kind == Happening::not_ours) {
        const Bank::Row& theirs = bank.row(truth.elsewhere);
        EXPECT_EQ(truth.first_payment + truth.second_payment + std::ssize(truth.payments), 0);
        EXPECT_NE(theirs.customer, truth.customer);
        EXPECT_EQ(theirs.minor, truth.amount.minor());
        EXPECT_EQ(bank.customers().at(static_cast<std::size_t>(theirs.customer) - 1).email, truth.other_email);
        return;
    }
    EXPECT_EQ(truth.elsewhere, 0);
    EXPECT_EQ(truth.payments.front(), truth.first_payment);
    const Bank::Row& first = bank.row(truth.first_payment);
    const Bank::Row& second = bank.row(truth.second_payment == 0 ? truth.first_payment : truth.second_payment);
    if (plot_of(truth.kind).trades.empty()) return expect_true_between_people(truth, first, second);
    EXPECT_EQ(bank.merchants().at(static_cast<std::size_t>(truth.merchant) - 1).name, truth.merchant_name);
    const bool top_up = truth.kind == Happening::top_up_of_equal_amount;
    EXPECT_EQ(first.kind, top_up ? 't' : 'p');
    EXPECT_EQ(second.kind, 'p');
    for (const Bank::Row* row : {&first, &second}) {
        EXPECT_EQ(row->customer, truth.customer);
        EXPECT_EQ(row->merchant, row->kind == 't' ? 0 : truth.merchant);
        EXPECT_EQ(row->currency, money::code_of(truth.amount.currency()));
        if (row != &second || !asks_another_sum(truth.kind)) { EXPECT_EQ(row->minor, truth.amount.minor()); }
    }
    EXPECT_EQ(truth.first_at, first.at);
    if (truth.second_payment != 0) { EXPECT_EQ(truth.second_at, second.at); }
    EXPECT_EQ(truth.refunded, (is_doubled(truth.kind) ? second : first).refunded_by != 0);
    if (is_doubled(truth.kind)) {
        EXPECT_EQ(second.duplicate_of, truth.refunded ? truth.first_payment : 0);
        EXPECT_EQ(first.state, 's');
        EXPECT_EQ(second.state, 's');
        EXPECT_LT(second.at - first.at, std::chrono::hours{truth.kind == Happening::over_collected ? 80 : 10});
    }
    switch (truth.kind) {
    case Happening::merchant_retry: EXPECT_EQ(second.order_ref, first.order_ref + "-2"); break;
    case Happening::late_resubmission:
        EXPECT_EQ(second.order_ref, first.order_ref + "-R1");
        EXPECT_EQ(second.device, "");
        break;
    case Happening::pos_double_tap:
        EXPECT_EQ(first.order_ref + second.order_ref, "");
        EXPECT_EQ(first.device, second.device);
        EXPECT_LE(second.at - first.at, std::chrono::seconds{12});
        break;
    case Happening::retry_new_order:
    case Happening::reorder_after_refund: EXPECT_NE(first.order_ref, second.order_ref); break;
    case Happening::failed_then_succeeded:
        EXPECT_EQ(first.state, 'f');
        EXPECT_EQ(first.order_ref, second.order_ref);
        break;
    case Happening::hold_and_capture: EXPECT_EQ(first.state, 's'); break;
    case Happening::hold_and_cancel:
    case Happening::reorder_after_cancel: EXPECT_EQ(first.state, 'c'); break;
    case Happening::family_two_devices: EXPECT_NE(first.device, second.device); break;
    case Happening::family_two_cards:
        EXPECT_NE(first.device, second.device);
        EXPECT_NE(first.instrument, second.instrument);
        break;
    case Happening::over_collected: EXPECT_EQ(first.captured, first.minor); break;  // all of it, before the second
    case Happening::fee_beside:
    case Happening::currency_charge: EXPECT_LE(second.minor * 20, first.minor); break;
    case Happening::instalments: {
        const Bank::Row& third = bank.row(truth.payments.at(2));
        EXPECT_EQ(third.minor, first.minor);
        EXPECT_EQ(third.at - second.at, second.at - first.at);
        EXPECT_TRUE(third.order_ref.ends_with("-3"));
        break;
    }
    case Happening::incremental_authorisation: EXPECT_EQ(second.captured, second.minor); break;
    case Happening::authorised_then_charged:
        EXPECT_EQ(first.state, 'c');
        EXPECT_EQ(first.order_ref, second.order_ref);
        EXPECT_LT(second.minor, first.minor);
        break;
    case Happening::split_tender:
        EXPECT_NE(first.instrument, second.instrument);
        EXPECT_LE(second.minor, first.minor);
        break;
    case Happening::shown_twice: EXPECT_EQ(truth.second_payment, 0); break;
    case Happening::monthly_fee: {
        const auto day = [](Moment at) {
            return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(at)}.day();
        };
        EXPECT_EQ(day(first.at), std::chrono::day{1});
        EXPECT_EQ(day(second.at), std::chrono::day{31});
        break;
    }
    case Happening::tip_added_later: EXPECT_LT(second.minor * 5, first.minor); break;
    case Happening::two_coffees:
    case Happening::two_metro_rides:
    case Happening::two_vending:
    case Happening::two_cinema_tickets:
    case Happening::two_donations:
    case Happening::split_bill:
    case Happening::sent_back_and_forth:
    case Happening::sent_twice:
    case Happening::not_ours:
    case Happening::top_up_of_equal_amount: break;
    }
}

TEST(World, tells_the_truth) {
    // Foreign rows between ours: then the numbers are what was answered, not what was predicted.
    for (const std::int64_t foreign_rows : {0, 3}) {
        const Told all = told(size_of(300, 20'000, 4), true, foreign_rows);
        std::map<Happening, int> count;
        std::set<std::int64_t> seen;
        int refunded = 0;
        for (const Truth& truth : all.truths) {
            expect_true(truth, all.bank);
            ++count[truth.kind];
            refunded += is_doubled(truth.kind) && truth.refunded;
            for (const std::int64_t payment : truth.payments) EXPECT_TRUE(seen.insert(payment).second);
            EXPECT_FALSE(outcomes_of(truth).empty());
        }
        for (const Happening kind : all_happenings) EXPECT_GE(count[kind], 5) << name_of(kind);
        EXPECT_GE(refunded, 10);
    }
}

// Whoever measures a detector here must not be told wrong: no ordinary purchase may look exactly like a double.
TEST(World, has_no_double_that_is_not_told) {
    // The second is so crowded that customers pay every few minutes.
    for (const WorldSize& size : {size_of(60, 6'000, 8), size_of(10, 60'000, 8)}) {
        const Told all = told(size);
        std::set<std::int64_t> told_of;
        for (const Truth& truth : all.truths) {
            told_of.insert(truth.payments.begin(), truth.payments.end());
            told_of.insert(truth.elsewhere);
        }
        for (const Movements& moved : all.movements) told_of.insert(moved.payments.begin(), moved.payments.end());
        std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, std::pair<std::int64_t, Moment>> last;
        int unnamed = 0;
        for (const auto& [number, row] : all.bank.rows()) {
            if (row.kind != 'p') continue;
            const auto [at, fresh] = last.try_emplace({row.customer, row.merchant, row.minor}, number, row.at);
            unnamed += !fresh && row.at - at->second.second < std::chrono::minutes{4} && !told_of.contains(number);
            at->second = {number, row.at};
        }
        EXPECT_EQ(unnamed, 0) << size.customers << " customers";
    }
}

// Every scenario is played, each with payments of its own, and fraud stays a small part of the trade.
TEST(World, tells_of_fraud_and_of_what_looks_like_it) {
    const Told all = told(size_of(300, 20'000, 4));
    std::map<Scenario, int> count;
    std::set<std::int64_t> seen;
    std::int64_t fraudulent = 0;
    for (const Movements& moved : all.movements) {
        SCOPED_TRACE(fmt::format("{} {}", name_of(moved.scenario), moved.number));
        ++count[moved.scenario];
        ASSERT_FALSE(moved.payments.empty() || moved.customers.empty());
        EXPECT_EQ(std::set(moved.customers.begin(), moved.customers.end()).size(), moved.customers.size());
        EXPECT_LT(moved.from, moved.until);
        std::int64_t away = 0, refunds = 0, instruments = 0, others = 0;
        std::set<std::string> devices, cards;
        for (const std::int64_t payment : moved.payments) {
            EXPECT_TRUE(seen.insert(payment).second);
            const Bank::Row& row = all.bank.row(payment);
            EXPECT_GE(row.at, moved.from);
            EXPECT_LE(row.at, moved.until);
            const std::string& whose = all.bank.customers().at(static_cast<std::size_t>(row.customer) - 1).email;
            others += std::ranges::find(moved.customers, whose) == moved.customers.end() ? 1 : 0;
            away += row.kind == 's' ? 1 : 0;
            refunds += row.kind == 'r' ? 1 : 0;
            instruments += row.kind == 't' && cards.insert(row.instrument).second ? 1 : 0;
            if (row.kind == 'p') devices.insert(row.device);
        }
        EXPECT_EQ(others, 0);
        fraudulent += is_fraud(moved.scenario) ? std::ssize(moved.payments) : 0;
        switch (moved.scenario) {
        case Scenario::account_takeover: EXPECT_EQ(away, 2); break;
        case Scenario::card_testing: EXPECT_GE(instruments, 7); break;
        case Scenario::mule_chain: EXPECT_EQ(away, 4); break;
        case Scenario::refund_abuse: EXPECT_GE(refunds, 5); break;
        case Scenario::holiday_spending: EXPECT_EQ(away + refunds, 0); break;
        case Scenario::salary_day: EXPECT_EQ(away, 2); break;
        case Scenario::moving_house: EXPECT_EQ(devices.size(), 1U); break;
        case Scenario::shared_dinner: EXPECT_EQ(away, 3); break;
        case Scenario::trying_on: EXPECT_EQ(refunds, 2); break;
        }
    }
    for (const Scenario scenario : all_scenarios) EXPECT_GE(count[scenario], 2) << name_of(scenario);
    EXPECT_LT(fraudulent * 20, std::ssize(all.bank.rows()));
}

TEST(World, makes_the_personas_tales_fresh) {
    const Told all = told(size_of(60, 3'000));
    for (const FixedTale& tale : fixed_tales()) {
        const std::string email = person(1, tale.persona).email;
        const auto found = std::ranges::find_if(all.truths, [&](const Truth& truth) {
            return truth.customer_email == email && truth.kind == tale.kind && truth.merchant_name == tale.shop &&
                   some_afternoon - truth.first_at < std::chrono::hours{48};
        });
        ASSERT_NE(found, all.truths.end()) << email;
        EXPECT_FALSE(found->refunded);
        if (tale.kind != Happening::failed_then_succeeded) { EXPECT_EQ(found->amount.minor(), tale.amount_minor); }
    }
}

TEST(World, keeps_only_what_is_under_way) {
    World world{size_of(200, 60'000), key_hash};
    std::size_t truths = 0, commands = 0;
    while (world.next()) {
        if (++commands % 1'000 == 0) truths += world.take_truth().size();
    }
    EXPECT_GT(truths, 1'000U);
    EXPECT_GT(commands, 60'000U);
    EXPECT_LT(world.take_truth().size(), 100U);
}

TEST(World, takes_late_answers_or_none) {
    const WorldSize size = size_of(60, 70'000);
    World prompt{size, key_hash};
    World late{size, key_hash};
    World never{size, key_hash};
    Bank bank;
    std::deque<Answer> waiting;
    for (auto command = prompt.next(); command; command = prompt.next()) {
        waiting.push_back(bank.take(*command));
        prompt.answered(waiting.back());
        const auto same = late.next();
        ASSERT_TRUE(same && encoded(*same) == encoded(*command));
        ASSERT_TRUE(never.next().has_value());
        if (waiting.size() <= 1'000) continue;
        late.answered(waiting.front());
        waiting.pop_front();
    }
    EXPECT_FALSE(late.next() || never.next());
    for (const Answer& answer : waiting) late.answered(answer);
    never.answered({.number = 17});  // too late: more than answers_behind_max were left open
    const auto numbers = [](World& world) {
        std::vector<std::int64_t> firsts;
        for (const Truth& truth : world.take_truth()) firsts.push_back(truth.first_payment);
        return firsts;
    };
    const auto known = numbers(prompt);
    EXPECT_EQ(numbers(late), known);
    EXPECT_EQ(numbers(never), known);
}

}  // namespace
}  // namespace okpay::demo
