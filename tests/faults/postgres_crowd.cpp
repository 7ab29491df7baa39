// SPDX-License-Identifier: Apache-2.0
#include "postgres_crowd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>

#include "clients.hpp"
#include "postgres_last_error.hpp"
#include "postgres_trial.hpp"
#include "service/codec.hpp"
#include "service/money_parts.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/schema.hpp"
#include "store/verify.hpp"

namespace okpay::faults {
namespace {

using namespace okpay::service;

constexpr Moment first_morning = moment_of_ms(1'793'869'200'000);  // 2026-11-05T09:00:00Z
constexpr int customers_count = 6;
constexpr std::int64_t first_minor = 20'000;
constexpr std::size_t nodes_alive_max = 3;

std::int64_t amount_of(const Command& command) { return command.body.get<SendMoney>().amount_minor; }

Hash256 key_of(const Command& command) { return once_key(command.actor, command.body.get<SendMoney>().key); }

std::string without_replay(Answer answer) {
    answer.replayed = false;
    return encode(answer);
}

template <class AnyId>
std::string some_id(std::string_view words) {
    return AnyId::of(first_morning, Bytes{view_of(sha256(words))}.substr(0, 10)).text();
}

}  // namespace

Node::Node(const store::Database& database, const Context& context, BooksSizes books, std::int64_t epoch)
    : proxy_{database} {
    writer_ =
        std::make_unique<Writer>(proxy_.database(), context,
                                 WriterOptions{.books = books, .epoch = epoch, .on_fenced = [this] { fenced_ = true; }});
}

Crowd::Crowd(const CrowdSetting& setting)
    : setting_{setting},
      temporary_{store::Engine::postgres},
      context_{store::Keyring{Secret{std::string(32, 'k')}}, {}},
      queries_{temporary_.database(), 2},
      readers_{temporary_.database(), 4},
      entries_seen_(customers_count),
      random_{setting.seed} {
    store::migrate(*store::open(database(), store::Access::writer));
    nodes_.push_back(std::make_shared<Node>(database(), context_, setting_.books, raise_epoch(database())));
    const auto reader = store::open(database(), store::Access::reader);
    for (int i = 0; i < customers_count; ++i) {
        const RegisterCustomer person{.customer = some_id<CustomerId>(fmt::format("customer {}", i)),
                                      .email = fmt::format("c{}@example.org", i),
                                      .name = "Customer",
                                      .language = "en",
                                      .zone = "UTC",
                                      .currencies = {"CNY"}};
        const auto done = [&](CommandBody body) {
            const Answer answer = submit_and_wait(*newest(), Service::command({}, std::move(body)));
            if (!answer.done()) throw std::runtime_error{answer.code};
            return answer.number;
        };
        customers_.push_back(done(person));
        wallets_.push_back(
            reader->integer("SELECT account FROM account_owner WHERE customer = $1", {customers_.back()}).value());
        done(TopUp{.key = fmt::format("first {}", i),
                   .customer = customers_.back(),
                   .amount_minor = first_minor,
                   .currency = "CNY",
                   .memo = "",
                   .instrument = "bank"});
        total_ += first_minor;
    }
}

Crowd::~Crowd() {
    if (!threads_.empty() && threads_.front().joinable()) judge();
}

void Crowd::begin() {
    std::mt19937_64 seeds{setting_.seed};
    diaries_.resize(static_cast<std::size_t>(1 + setting_.bankers + setting_.twins + setting_.silent));
    auto diary = diaries_.begin() + 1;  // the first is the caller's
    for (int i = 0; i < setting_.bankers; ++i, ++diary) {
        threads_.emplace_back([this, seed = seeds(), &own = *diary] { bank(seed, own); });
    }
    const std::uint64_t twins_seed = seeds();
    for (int i = 0; i < setting_.twins; ++i, ++diary) {
        threads_.emplace_back(
            [this, i, twins_seed, &own = *diary] { be_twin(static_cast<std::size_t>(i), twins_seed, own); });
    }
    for (int i = 0; i < setting_.silent; ++i, ++diary) {
        threads_.emplace_back([this, seed = seeds(), &own = *diary] { be_silent(seed, own); });
    }
    threads_.emplace_back([this] { sum_up(); });
}

// --- what clients do

Command Crowd::transfer(std::mt19937_64& random, std::string key) const {
    const std::size_t from = random() % customers_.size();
    const std::size_t to = (from + 1 + random() % (customers_.size() - 1)) % customers_.size();
    // Some are more than anybody is likely to hold: a refusal is kept and is an answer too.
    const auto amount = static_cast<std::int64_t>(1 + random() % (random() % 10 == 0 ? 60'000 : 900));
    return Service::command({ActorKind::customer, customers_[from]}, SendMoney{.key = std::move(key),
                                                                               .payer = customers_[from],
                                                                               .payee = customers_[to],
                                                                               .amount_minor = amount,
                                                                               .currency = "CNY",
                                                                               .memo = "lunch"});
}

bool Crowd::goes_on() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return doors_open_ || over_; });
    return !over_;
}

std::shared_ptr<Node> Crowd::newest() const {
    const std::lock_guard lock{mutex_};
    return nodes_.back();
}

std::shared_ptr<Node> Crowd::any_node(std::mt19937_64& random) const {
    const std::lock_guard lock{mutex_};
    return random() % 3 == 0 ? nodes_[random() % nodes_.size()] : nodes_.back();
}

Answer Crowd::submit_and_wait(Node& node, const Command& command) {
    Answer answer = testing::submit(node.writer(), command).get();
    const bool refused = is_refused_by_storage(answer);
    if (refused) ++(answer.code == codes::outcome_unknown ? unknown_ : refusals_);
    {
        const std::lock_guard lock{mutex_};
        ++answers_;
    }
    changed_.notify_all();
    return answer;
}

void Crowd::ask(Asked& asked, std::mt19937_64& random) {
    constexpr int tries_max = 20;  // then he goes away and comes back at the end
    for (int tries = 0; tries < tries_max && goes_on(); ++tries) {
        const auto node = any_node(random);
        Answer answer = submit_and_wait(*node, asked.command);
        if (is_refused_by_storage(answer)) {
            asked.may_be_done = asked.may_be_done || answer.code == codes::outcome_unknown;
            // Who was told that nothing was done looks for himself.
            const auto rows = asked.may_be_done ? Read<std::int64_t>{0} : rows_of(asked.command);
            if (rows && *rows != 0) complain(fmt::format("{} was answered, and it was done", answer.code));
            continue;
        }
        asked.answer = std::move(answer);
        return;
    }
}

Read<std::int64_t> Crowd::rows_of(const Command& command) {
    return readers_.read([key = key_of(command)](store::Connection& connection) {
        return connection.integer("SELECT count(*) FROM payment WHERE once_key = $1", {store::Octets{view_of(key)}})
            .value_or(0);
    });
}

void Crowd::bank(std::uint64_t seed, Diary& diary) {
    std::mt19937_64 random{seed};
    for (int i = 0; goes_on(); ++i) {
        if (random() % 4 == 0) {
            read_all(random);
            continue;
        }
        diary.asked.push_back({.command = transfer(random, fmt::format("bank {} {}", seed, i)), .answer = {}});
        ask(diary.asked.back(), random);
    }
}

void Crowd::read_all(std::mt19937_64& random) {
    std::vector<std::int64_t> seen;
    for (const auto& entries : entries_seen_) seen.push_back(entries);
    const auto node = any_node(random);
    const Answer answer = submit_and_wait(*node, Service::command({}, ReadAccounts{wallets_}));
    if (!answer.done()) return;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < wallets_.size(); ++i) {
        const AccountView& account = answer.accounts[i];
        sum += account.posted_minor;
        if (account.posted_minor < 0) complain(fmt::format("a writer shows {} in a wallet", account.posted_minor));
        if (account.entries < seen[i]) complain("a writer shows what was before an answer that was given already");
        for (std::int64_t known = seen[i];
             known < account.entries && !entries_seen_[i].compare_exchange_weak(known, account.entries);) {}
    }
    if (sum != total_) complain(fmt::format("a writer shows {} in all wallets instead of {}", sum, total_));
}

// All twins draw the same; one in four of them then wants another amount under the same key.
void Crowd::be_twin(std::size_t twin, std::uint64_t seed, Diary& diary) {
    std::mt19937_64 random{seed};
    std::mt19937_64 own{seed + twin};
    for (int i = 0; goes_on(); ++i) {
        Asked asked{.command = transfer(random, fmt::format("twin {}", i)), .answer = {}, .may_be_done = true};
        if (own() % 4 == 0) asked.command.body.get<SendMoney>().amount_minor += 1 + static_cast<std::int64_t>(twin);
        diary.asked.push_back(std::move(asked));
        ask(diary.asked.back(), own);
    }
}

void Crowd::be_silent(std::uint64_t seed, Diary& diary) {
    std::mt19937_64 random{seed};
    for (int i = 0; goes_on(); ++i) {
        diary.asked.push_back(
            {.command = transfer(random, fmt::format("silent {} {}", seed, i)), .answer = {}, .may_be_done = true});
        testing::submit(any_node(random)->writer(), diary.asked.back().command);
        // Not faster than the others, or the writers would have nothing else to do.
        read_all(random);
    }
}

void Crowd::sum_up() {
    while (goes_on()) {
        wait_for_answers(3);  // else the same again
        const auto place = queries_.ledger_place({});
        if (!place) continue;
        const auto trial = queries_.trial_balance(place->seq);
        const auto accounts = queries_.ledger_accounts(place->seq, {money::AccountKind::customer_wallet, {}}, 0, 100);
        for (const auto& error : {trial ? std::nullopt : std::optional{trial.error()},
                                  accounts ? std::nullopt : std::optional{accounts.error()}}) {
            if (error == QueryError::corrupt)
                complain("a reader found that what is stored contradicts itself: " + last_error());
        }
        if (!trial || !accounts) continue;
        for (const TrialBalance::Currency& currency : trial->currencies) {
            if (!currency.total.balanced()) complain(fmt::format("the books do not balance at {}", place->seq));
        }
        std::int64_t sum = 0;
        for (const LedgerAccount& one : accounts->items) {
            sum += one.account.posted_minor();
            if (one.account.posted_minor() < 0) complain(fmt::format("somebody owes at {}", place->seq));
        }
        if (sum != total_) complain(fmt::format("readers see {} in all wallets instead of {}", sum, total_));
        ++sums_;
    }
}

// --- what the caller does

void Crowd::wait_for_answers(int count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this, until = answers_ + count] { return over_ || answers_ >= until; });
}

void Crowd::take_over() {
    auto node = std::make_shared<Node>(database(), context_, setting_.books, raise_epoch(database()));
    std::vector<std::shared_ptr<Node>> old;  // their writers end outside of the lock
    const std::lock_guard lock{mutex_};
    nodes_.push_back(std::move(node));
    if (nodes_.size() > nodes_alive_max) {
        old.push_back(nodes_.front());
        nodes_.erase(nodes_.begin());
    }
}

Answer Crowd::send_one() {
    Diary& own = diaries_.front();
    own.asked.push_back({.command = transfer(random_, fmt::format("own {}", own.asked.size())), .answer = {}});
    Asked& asked = own.asked.back();
    Answer answer = submit_and_wait(*newest(), asked.command);
    if (is_refused_by_storage(answer)) {
        asked.may_be_done = answer.code == codes::outcome_unknown;
    } else {
        asked.answer = answer;
    }
    return answer;
}

void Crowd::close_doors() {
    const std::lock_guard lock{mutex_};
    doors_open_ = false;
}

void Crowd::open_doors() {
    {
        const std::lock_guard lock{mutex_};
        doors_open_ = true;
    }
    changed_.notify_all();
}

void Crowd::complain(std::string sentence) {
    const std::lock_guard lock{mutex_};
    if (complaints_.size() < 50) complaints_.push_back(std::move(sentence));
}

// --- the verdict

std::vector<std::string> Crowd::judge() {
    {
        const std::lock_guard lock{mutex_};
        over_ = true;
    }
    changed_.notify_all();
    for (const auto& node : nodes_) {
        node->proxy().forget_plan();
        node->proxy().release();
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    nodes_.clear();
    const auto reader = store::open(database(), store::Access::reader);
    try {
        find_faults("as it was found");
        const auto writer = [&] {
            return std::make_unique<Writer>(database(), context_,
                                            WriterOptions{.books = setting_.books, .epoch = raise_epoch(database())});
        };
        auto last = writer();
        judge_keys();
        judge_asked(*last, *reader);
        judge_balances(*last, *reader, "after everything was asked again");
        last.reset();
        last = writer();
        judge_balances(*last, *reader, "after a restart");
        find_faults("at the end");
    } catch (const std::exception& error) { complain(fmt::format("the judge could not end his work: {}", error.what())); }
    return complaints_;
}

void Crowd::find_faults(std::string_view when) {
    const auto reader = store::open(database(), store::Access::reader);
    for (const std::string& fault : testing::faults_in(store::verify(*reader, {}))) {
        complain(fmt::format("{}: verify: {}", when, fault));
    }
}

// Of all answers under one key as the clients got them: one body won, and all who sent it were told the same.
void Crowd::judge_keys() {
    struct Winner {
        std::int64_t amount;
        std::string answer;
        int first_answers = 0;
    };
    std::map<Hash256, Winner> winners;
    for (const Diary& diary : diaries_) {
        for (const Asked& asked : diary.asked) {
            if (!asked.answer || asked.answer->code == codes::key_reused) continue;
            const auto [found, is_new] =
                winners.try_emplace(key_of(asked.command), Winner{amount_of(asked.command), without_replay(*asked.answer)});
            Winner& winner = found->second;
            winner.first_answers += asked.answer->replayed ? 0 : 1;
            if (winner.amount != amount_of(asked.command)) complain("one key was taken for two bodies");
            if (winner.answer != without_replay(*asked.answer)) complain("one key got two answers");
            if (winner.first_answers > 1) complain(fmt::format("a key was done twice: {}", winner.answer));
        }
    }
    for (const Diary& diary : diaries_) {
        for (const Asked& asked : diary.asked) {
            if (!asked.answer || asked.answer->code != codes::key_reused) continue;
            const auto found = winners.find(key_of(asked.command));
            if (found != winners.end() && found->second.amount == amount_of(asked.command)) {
                complain("who sent the body that won was told that the key is another's");
            }
        }
    }
}

std::map<Hash256, int> Crowd::rows_by_key(store::Connection& reader) {
    std::map<Hash256, int> rows;
    store::each_payment(reader, 0, [&rows](const payments::Payment& payment) { ++rows[payment.key]; });
    return rows;
}

void Crowd::judge_asked(Writer& last, store::Connection& reader) {
    std::map<Hash256, int> rows = rows_by_key(reader);
    for (Diary& diary : diaries_) {
        for (Asked& asked : diary.asked) {
            int& there = rows[key_of(asked.command)];
            const int before = std::exchange(there, 1);  // from now on, whoever asks
            const Answer again = testing::submit(last, asked.command).get();
            if (is_refused_by_storage(again)) complain(fmt::format("the judge is refused: {}", again.code));
            if (asked.answer && without_replay(*asked.answer) != without_replay(again)) {
                complain(fmt::format("was told {} and is told {} now", encode(*asked.answer), encode(again)));
            }
            if (again.code != codes::key_reused && again.replayed != (before == 1)) {
                complain(fmt::format("was there {} times and is told {}", before, encode(again)));
            }
            if (asked.answer && before == 0) complain(fmt::format("is missing: {}", encode(*asked.answer)));
            asked.answer = again;
        }
    }
    for (const auto& [key, count] : rows_by_key(reader)) {
        if (count != 1) complain(fmt::format("a key is there {} times", count));
        rows.erase(key);
    }
    if (!rows.empty()) complain(fmt::format("{} keys were asked again and are not there", rows.size()));
}

// Sums over what clients were told, and nothing else.
void Crowd::judge_balances(Writer& last, store::Connection& reader, std::string_view when) {
    std::map<std::int64_t, const Command*> payments;  // by number
    for (const Diary& diary : diaries_) {
        for (const Asked& asked : diary.asked) {
            if (asked.answer->number > 0)
                payments.emplace(asked.answer->number, asked.answer->done() ? &asked.command : nullptr);
        }
    }
    std::map<std::int64_t, std::int64_t> balances;
    for (const std::int64_t customer : customers_) balances[customer] = first_minor;
    for (const auto& [number, command] : payments) {
        if (command == nullptr) continue;
        const auto& body = command->body.get<SendMoney>();
        balances[body.payer] -= body.amount_minor;
        balances[body.payee] += body.amount_minor;
    }
    const Answer shown = testing::submit(last, Service::command({}, ReadAccounts{wallets_})).get();
    if (!shown.done()) return complain(fmt::format("{}: balances cannot be read: {}", when, shown.code));
    for (std::size_t i = 0; i < wallets_.size(); ++i) {
        if (shown.accounts[i].posted_minor == balances[customers_[i]]) continue;
        complain(fmt::format("{}: customer {} has {} and was told of {}", when, customers_[i],
                             shown.accounts[i].posted_minor, balances[customers_[i]]));
    }
    const auto stored = reader.integer("SELECT count(*) FROM payment WHERE kind = 3").value_or(0);
    if (stored != std::ssize(payments)) {
        complain(fmt::format("{}: {} transfers are stored, {} were told of", when, stored, payments.size()));
    }
}

}  // namespace okpay::faults
