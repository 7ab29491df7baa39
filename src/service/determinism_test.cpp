// SPDX-License-Identifier: Apache-2.0
// The same commands give the same ledger, the same head and the same answers, whatever the engine and however they fall
// into batches; and a process that dies leaves what a new one starts from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <filesystem>
#include <latch>
#include <random>

#include "payments/schedule.hpp"
#include "service/codec.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::ServiceFixture;
using ::testing::IsEmpty;

constexpr int commands_count = 2'500;
constexpr std::int64_t customers_count = 12;
constexpr std::int64_t merchants_count = 3;

// Everything comes from the generator, never from an answer: a script is a list that can be handed in anyhow.
class Script {
public:
    explicit Script(std::uint64_t seed) : random_{seed} {
        for (std::int64_t i = 1; i <= customers_count; ++i) {
            add(RegisterCustomer{.customer = id<CustomerId>().text(),
                                 .email = fmt::format("c{}@example.org", i),
                                 .name = fmt::format("Customer {}", i),
                                 .language = "en",
                                 .zone = "UTC",
                                 .currencies =
                                     i % 2 == 0 ? std::vector<std::string>{"CNY"} : std::vector<std::string>{"CNY", "JPY"}});
        }
        for (std::int64_t i = 1; i <= merchants_count; ++i) {
            add(RegisterMerchant{.merchant = id<MerchantId>().text(),
                                 .name = fmt::format("Merchant {}", i),
                                 .api_key_hash = hex_of(std::string(32, static_cast<char>(i))),
                                 .currencies = {"CNY", "JPY"}});
        }
        while (commands_.size() < commands_count) step();
        ask_and_schedule();
    }
    [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }

private:
    std::int64_t below(std::int64_t count) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(count));
    }
    template <class AnyId>
    AnyId id() {
        Bytes octets;
        append_u64(octets, random_());
        append_u64(octets, random_());
        return AnyId::of(at_, octets.substr(0, 10));
    }
    void add(CommandBody body, Actor actor = {}) { commands_.push_back({id<CommandId>(), at_, actor, std::move(body)}); }
    std::string key() { return fmt::format("k{}", ++keys_); }
    std::string currency() { return below(5) == 0 ? "JPY" : "CNY"; }
    static bool has_wallet(std::int64_t customer, const std::string& currency) {
        return customer <= customers_count && (currency == "CNY" || customer % 2 == 1);
    }

    // Requests for money and scheduled transfers, last: what they pay is numbered after all else.
    void ask_and_schedule() {
        const auto customer = [this] { return 1 + below(customers_count); };
        const auto seed = [this] { return fmt::format("{:064}", ++keys_); };
        const auto as = [](std::int64_t no) { return Actor{ActorKind::customer, no}; };
        for (int i = 0; i < 60; ++i) {
            const std::int64_t payee = customer();
            const std::int64_t payer = customer();
            const bool open = i % 3 == 0;
            const std::string request = id<MoneyRequestId>().text();
            add(RequestMoney{.key = key(),
                             .request = request,
                             .payee = payee,
                             .payer = open || i % 7 == 0 ? 0 : payer,
                             .payer_said = open ? "" : fmt::format("c{}@example.org", payer),
                             .amount_minor = 1 + below(9'000),
                             .currency = "CNY",
                             .memo = "asks",
                             .expires = ms_of(at_ + std::chrono::hours{1 + below(200)}),
                             .seed = seed()},
                as(payee));
            if (i % 5 == 0) add(EndMoneyRequest{.request = request, .customer = payer, .seed = seed()}, as(payer));
            for (int tries = 0; tries < 2; ++tries) {
                add(PayMoneyRequest{.key = key(), .request = request, .payer = payer, .seed = seed()}, as(payer));
            }
        }
        for (int i = 0; i < 12; ++i) {
            const std::int64_t payer = customer();
            add(ScheduleTransfer{.key = key(),
                                 .schedule = id<ScheduleId>().text(),
                                 .payer = payer,
                                 .payee = 1 + payer % customers_count,
                                 .amount_minor = 1 + below(i % 4 == 0 ? 900'000 : 500),
                                 .currency = "CNY",
                                 .memo = "later",
                                 .first_on = payments::text_of(payments::local_day("UTC", at_ + std::chrono::hours{24})),
                                 .every = i % 2 == 0 ? "day" : "week",
                                 .times = below(4),
                                 .zone = i % 3 == 0 ? "America/New_York" : "UTC"},
                as(payer));
        }
        for (int day = 0; day < 12; ++day) {
            at_ += std::chrono::hours{day == 6 ? 24 * 6 : 24};  // six days without power
            add(ExpireMoneyRequests{.requests_max = 5, .seed = seed()});
            add(RunSchedules{.occurrences_max = 7, .seed = seed()});
        }
    }

    // A payment to speak of again; now and then one that never was.
    struct Made {
        std::int64_t payment;
        Actor merchant;
    };
    static bool is_customer(std::int64_t customer) { return customer <= customers_count; }

    Made pick(const std::vector<Made>& from) {
        const Actor any{ActorKind::merchant, 1 + below(merchants_count)};
        // Never one that is made later: a replay would find it then, and leave a row that was not counted.
        if (from.empty() || below(10) == 0)
            return {below(2) == 0 ? 1 + below(std::max<std::int64_t>(rows_, 1)) : 1'000'000 + below(20), any};
        const Made made =
            from[from.size() - 1 - static_cast<std::size_t>(below(std::min<std::int64_t>(std::ssize(from), 12)))];
        return {made.payment, below(10) == 0 ? any : made.merchant};
    }

    // A merchant asking for its own payment leaves a row, whatever comes of it.
    void count_row(const Made& made) {
        rows_ += std::ranges::any_of(payments_, [&made](const Made& one) {
            return one.payment == made.payment && one.merchant.no == made.merchant.no;
        });
    }

    void step() {
        // Sometimes the clock of another machine lags: ledger time must not run back.
        at_ += Millis{below(20) == 0 ? -below(3'000) : below(2'000)};
        switch (below(17)) {
        case 0:
        case 1: {
            const TopUp body{.key = key(),
                             .customer = 1 + below(customers_count),
                             .amount_minor = below(30) * 2'000,
                             .currency = currency(),
                             .memo = "top-up",
                             .instrument = "bank"};
            if (is_customer(body.customer)) ++rows_;
            add(body);
            return;
        }
        case 2:
        case 3: {
            const Made hold = pick(holds_);
            count_row(hold);
            add(CapturePayment{.key = key(), .payment = hold.payment, .amount_minor = below(9'000)}, hold.merchant);
            return;
        }
        case 4: {
            const Made hold = pick(holds_);
            count_row(hold);
            add(CancelPayment{.key = key(), .payment = hold.payment}, hold.merchant);
            return;
        }
        case 5:
        case 6: {
            const Made made = pick(payments_);
            count_row(made);
            add(Refund{.key = key(),
                       .payment = made.payment,
                       .amount_minor = 1 + below(3'000),
                       .reason = "requested_by_customer"},
                made.merchant);
            return;
        }
        case 9:
            if (below(4) == 0) add(ExpireHolds{.holds_max = 1 + below(5)});
            return;
        case 7: commands_.push_back(commands_[static_cast<std::size_t>(below(std::ssize(commands_)))]); return;  // a replay
        case 8: {  // an old key for something else
            Command other = commands_[static_cast<std::size_t>(below(std::ssize(commands_)))];
            if (auto* pay = other.body.as<Pay>()) pay->amount_minor += 1;
            if (auto* refund = other.body.as<Refund>()) refund->amount_minor += 1;
            commands_.push_back(std::move(other));
            return;
        }
        default: {
            const Actor merchant{ActorKind::merchant, 1 + below(merchants_count)};
            const Pay body{.key = key(),
                           .customer = 1 + below(customers_count + 1),
                           .merchant = merchant.no,
                           .amount_minor = below(40) == 0 ? 0 : below(9'000),
                           .currency = currency(),
                           .order_ref = below(3) == 0 ? fmt::format("o{}", below(200)) : "",
                           .memo = "shop",
                           .instrument = "wallet",
                           .device = "phone",
                           .manual_capture = below(3) == 0,
                           .hold_ms = 1'000 + below(60'000)};
            if (is_customer(body.customer)) {
                ++rows_;
                payments_.push_back({rows_, merchant});
                if (body.manual_capture) holds_.push_back({rows_, merchant});
            }
            add(body, merchant);
        }
        }
    }

    std::mt19937_64 random_;  // its own numbers are the same everywhere; the library's distributions are not
    std::vector<Command> commands_;
    Moment at_ = moment_of_ms(1'793'869'200'000);
    std::int64_t keys_ = 0;
    std::int64_t rows_ = 0;  // of the payment table, as they will be numbered
    std::vector<Made> payments_, holds_;
};

struct Outcome {
    std::vector<std::string> answers;
    std::int64_t seq = 0;
    std::string hash;
    std::int64_t commits = 0;
    std::vector<std::string> faults;
    std::vector<std::string> events;  // what web hooks would be told of what payments became
};

// Hands all in before the writer may look at the second, so that it finds as many as it takes at once.
Outcome run(store::Engine engine, const std::vector<Command>& commands, std::size_t batch_commands_max) {
    FixtureOptions options;
    options.writer.batch_commands_max = batch_commands_max;
    ServiceFixture fixture{engine, options};
    std::latch all_in{1};
    std::vector<std::future<Answer>> futures;
    fixture.writer().submit(fixture.command(ReadAccounts{}), [&all_in](const Answer&) { all_in.wait(); });
    futures.reserve(commands.size());
    for (const Command& command : commands) futures.push_back(okpay::testing::submit(fixture.writer(), command));
    all_in.count_down();
    Outcome outcome;
    for (auto& future : futures) outcome.answers.push_back(encode(future.get()));
    outcome.commits = fixture.writer().commits();
    fixture.stop();
    const auto reader = fixture.connect();
    outcome.seq = reader->integer("SELECT max(seq) FROM transfer").value_or(0);
    if (const auto head = store::find_transfer(*reader, outcome.seq)) outcome.hash = hex_of(view_of(head->hash));
    outcome.faults = fixture.faults();
    reader->query("SELECT no, payment, state, after_payment, at FROM payment_event ORDER BY no", {},
                  [&outcome](const store::Row& row) {
                      outcome.events.push_back(fmt::format("{} {} {} {} {}", row.integer(0), row.integer(1), row.integer(2),
                                                           row.integer(3), row.integer(4)));
                  });
    return outcome;
}

TEST(Determinism, engines_and_batches_do_not_show_in_the_ledger) {
    const Script script{20'261'105};
    const Outcome alone = run(store::Engine::sqlite, script.commands(), 1);
    EXPECT_THAT(alone.faults, IsEmpty());

    // The script is worth its name: everything happens in it, and every refusal.
    std::map<std::string, std::map<std::string, int>> seen;
    for (std::size_t i = 0; i < alone.answers.size(); ++i) {
        const Answer answer = decode_answer(alone.answers[i]).value();
        ++seen[std::string{kind_of(script.commands()[i].body)}]
              [answer.done() ? (answer.replayed ? "replayed" : "done") : answer.code];
    }
    std::string summary;
    for (const auto& [kind, codes_seen] : seen) {
        for (const auto& [code, count] : codes_seen) summary += fmt::format("{} {} {}\n", kind, code, count);
    }
    for (const auto& [kind, code] :
         std::initializer_list<std::pair<const char*, const char*>>{{"Pay", "done"},
                                                                    {"Pay", "replayed"},
                                                                    {"Pay", "insufficient_funds"},
                                                                    {"Pay", "not_positive"},
                                                                    {"Pay", "order_already_paid"},
                                                                    {"Pay", "idempotency_key_reused"},
                                                                    {"Pay", "not_found"},
                                                                    {"Pay", "wrong_currency"},
                                                                    {"TopUp", "done"},
                                                                    {"TopUp", "replayed"},
                                                                    {"CapturePayment", "done"},
                                                                    {"CapturePayment", "not_capturable"},
                                                                    {"CapturePayment", "exceeds_hold"},
                                                                    {"CapturePayment", "replayed"},
                                                                    {"CancelPayment", "done"},
                                                                    {"CancelPayment", "replayed"},
                                                                    {"ExpireHolds", "done"},
                                                                    {"CancelPayment", "not_cancelable"},
                                                                    {"Refund", "done"},
                                                                    {"Refund", "replayed"},
                                                                    {"Refund", "exceeds_refundable"},
                                                                    {"Refund", "not_found"},
                                                                    {"RegisterCustomer", "replayed"},
                                                                    {"RequestMoney", "done"},
                                                                    {"PayMoneyRequest", "done"},
                                                                    {"PayMoneyRequest", "request_not_open"},
                                                                    {"EndMoneyRequest", "done"},
                                                                    {"ExpireMoneyRequests", "done"},
                                                                    {"ScheduleTransfer", "done"},
                                                                    {"RunSchedules", "done"}}) {
        EXPECT_GT(seen[kind][code], 0) << kind << " " << code << " in\n" << summary;
    }
    EXPECT_GT(alone.seq, 1'000) << summary;
    EXPECT_GT(alone.events.size(), 20U) << summary;

    std::vector<std::pair<store::Engine, std::size_t>> shapes{{store::Engine::sqlite, 7}, {store::Engine::sqlite, 4'096}};
    if (const auto missing = okpay::testing::postgres_missing()) {
        std::cout << "PostgreSQL is left out: " << *missing << "\n";
    } else {
        shapes.insert(shapes.end(), {{store::Engine::postgres, 1}, {store::Engine::postgres, 4'096}});
    }
    for (const auto& [engine, batch] : shapes) {
        SCOPED_TRACE(fmt::format("{} batches of {}", engine == store::Engine::sqlite ? "SQLite" : "PostgreSQL", batch));
        const Outcome other = run(engine, script.commands(), batch);
        EXPECT_EQ(other.seq, alone.seq);
        EXPECT_EQ(other.hash, alone.hash);
        EXPECT_EQ(other.events, alone.events);
        for (std::size_t i = 0; i < alone.answers.size(); ++i) {
            ASSERT_EQ(other.answers[i], alone.answers[i]) << encode(script.commands()[i]);
        }
        EXPECT_THAT(other.faults, IsEmpty());
        if (batch > commands_count) { EXPECT_LE(other.commits, 2) << "the commands were not one batch"; }
    }
}

// What staff do needs their second factors, so it is played, not scripted: the fixture's ids and moments are the same each
// time.
Outcome play_treasury(store::Engine engine) {
    ServiceFixture f{engine};
    Outcome outcome;
    const auto ask = [&](CommandBody body, Actor actor = {}) {
        const Answer answer = f.ask(std::move(body), actor);
        outcome.answers.push_back(encode(answer));
        return answer.number;
    };
    const auto boss = f.staff("bo@pay.example", "supervisor");
    const auto cfo = f.staff("cfo@pay.example", "supervisor");
    const std::int64_t li = f.customer("li@example.org", "Li Wei");
    const std::int64_t shop = f.merchant("Shop");
    f.top_up(li, 100'000);
    f.pay(li, shop, 10'000, "a");
    const std::int64_t payable = f.payable_of(shop);
    const std::int64_t bank = f.integer("SELECT no FROM account WHERE kind = 3 AND currency = 156");
    const std::int64_t fees = f.integer("SELECT no FROM account WHERE kind = 4 AND currency = 156");
    ask(SetPayoutAccount{shop, "CNY", "bank ····6819", "AAAA", "00", f.totp(boss)}, boss.actor());
    ask(SetAccountState{payable, "debits_frozen", "look first"}, boss.actor());
    const auto pay_out = [&](const char* key) {
        ask(PayOutMerchant{key, shop, money::Money::limit_minor, "CNY", true}, boss.actor());
    };
    pay_out("frozen");
    ask(SetAccountState{payable, "open", "looked"}, boss.actor());
    pay_out("frozen");
    pay_out("first");
    pay_out("while the first is open");
    ask(TakeRailCalls{.calls_max = 9, .seed = "1"});
    ask(ReportRail{f.integer("SELECT max(payment) FROM rail_call"), "done", "R", "", "2"});
    for (const auto& [debit, credit, minor, reverses] : std::initializer_list<std::array<std::int64_t, 4>>{
             {fees, bank, 10, 0}, {f.wallet_of(li), bank, 100'000, 1}, {f.wallet_of(li), fees, 1, 0}}) {
        const std::string id = f.fresh<CorrectionId>().text();
        ask(ProposeCorrection{id, debit, credit, minor, "CNY", "as the statement says", reverses}, boss.actor());
        f.pass(std::chrono::seconds{30});
        ask(DecideCorrection{id, true, "", f.totp(cfo)}, cfo.actor());
    }
    ask(SendMoney{"s", li, 99, 100, "CNY", ""}, {ActorKind::customer, li});
    f.stop();
    const auto reader = f.connect();
    outcome.seq = reader->integer("SELECT max(seq) FROM transfer").value_or(0);
    if (const auto head = store::find_transfer(*reader, outcome.seq)) outcome.hash = hex_of(view_of(head->hash));
    outcome.faults = f.faults();
    return outcome;
}

TEST(Determinism, what_treasury_does_gives_one_head_on_both_engines) {
    const Outcome first = play_treasury(store::Engine::sqlite);
    EXPECT_THAT(first.faults, IsEmpty());
    std::map<std::string, int> codes_seen;
    for (const std::string& answer : first.answers) ++codes_seen[decode_answer(answer)->code];
    for (const char* code : {"", "payer_frozen", "attempt_unresolved", "insufficient_funds", "not_house_account",
                             "payee_cannot_receive", "not_found"}) {
        EXPECT_GT(codes_seen[code], 0) << code;
    }
    if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
    const Outcome other = play_treasury(store::Engine::postgres);
    EXPECT_EQ(other.hash, first.hash);
    EXPECT_EQ(other.answers, first.answers);
    EXPECT_THAT(other.faults, IsEmpty());
}

std::string text_of(const std::vector<AccountView>& accounts) {
    std::string text;
    for (const AccountView& a : accounts) {
        text += fmt::format("{} {} {} {} {} {}\n", a.no, a.currency, a.posted_minor, a.available_minor, a.last_transfer,
                            a.entries);
    }
    return text;
}

// The files as a killed process leaves them: nothing written back, the write-ahead log not folded in.
TEST(Restart, the_files_of_a_process_that_never_stopped_hold_everything) {
    const Script script{7};
    ServiceFixture fixture{store::Engine::sqlite};
    std::vector<std::future<Answer>> futures;
    for (const Command& command : script.commands()) futures.push_back(okpay::testing::submit(fixture.writer(), command));
    std::vector<Answer> answers;
    for (auto& future : futures) answers.push_back(future.get());
    const std::string balances = text_of(fixture.accounts());
    ASSERT_LT(store::cursor(*fixture.connect(), "balances"), fixture.integer("SELECT max(seq) FROM transfer"))
        << "balances were written back: the test shows nothing";

    const okpay::testing::TemporaryDirectory copy;
    for (const char* name : {"okpay.db", "okpay.db-wal"}) {
        ASSERT_TRUE(std::filesystem::copy_file(fixture.directory() / name, copy.path() / name)) << name;
    }
    const store::Database database{store::Engine::sqlite, (copy.path() / "okpay.db").string()};
    Writer second{database, fixture.context(), {}};
    const auto ask = [&second](Command command) { return okpay::testing::submit(second, std::move(command)).get(); };
    ReadAccounts all;
    for (std::int64_t no = fixture.integer("SELECT max(no) FROM account"); no > 0; --no) all.accounts.push_back(no);
    EXPECT_EQ(text_of(ask(fixture.command(all)).accounts), balances);
    EXPECT_THAT(okpay::testing::faults_in(store::verify(*store::open(database, store::Access::reader), {})), IsEmpty());

    // What was answered before is answered again, and nothing moves.
    for (std::size_t i = 0; i < script.commands().size(); ++i) {
        const CommandBody& body = script.commands()[i].body;
        const bool goes_on =
            body.is<ExpireHolds>() || body.is<RunSchedules>() || body.is<ExpireMoneyRequests>();  // with what is due next
        if (!answers[i].done() || goes_on) continue;
        const Answer again = ask(script.commands()[i]);
        ASSERT_TRUE(again.replayed) << encode(script.commands()[i]);
        ASSERT_EQ(again.number, answers[i].number);
        if (answers[i].payment == nullptr) continue;
        ASSERT_NE(again.payment, nullptr);
        ASSERT_EQ(again.payment->state, answers[i].payment->state) << encode(script.commands()[i]);
        ASSERT_EQ(again.payment->captured_minor, answers[i].payment->captured_minor);
        ASSERT_EQ(again.payment->refunded_minor, answers[i].payment->refunded_minor);
    }
    EXPECT_EQ(text_of(ask(fixture.command(all)).accounts), balances);

    second.stop();
    Writer third{database, fixture.context(), {}};
    EXPECT_EQ(text_of(okpay::testing::submit(third, fixture.command(all)).get().accounts), balances);
    third.stop();
    EXPECT_THAT(okpay::testing::faults_in(store::verify(*store::open(database, store::Access::reader), {})), IsEmpty());
}

}  // namespace
}  // namespace okpay::service
