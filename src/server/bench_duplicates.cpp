// SPDX-License-Identifier: Apache-2.0
// How well double charges are told from what only looks like them: demonstration worlds go through the real writer, and
// what is found in each customer's history is held against the truth of the world. Then what it costs.
//
//   Kept       References as the shops send them. Our own writer accepts a merchant's order reference once, so a double
//              bears a derived one ("A-1001-2") or none, and nothing is certain enough to be given back without a person.
//   Repeated   The same history as a house would have it that does not refuse: a derived reference is the first one again.
//   Sweep      Every week of the world, each customer's history without a word of the customer's: all that would be
//              proposed. A told pair is also looked for four days later, without and with what a mail would state.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <deque>
#include <future>
#include <iostream>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "demo/world.hpp"
#include "payments/automatic_refund.hpp"
#include "server/bench_parts.hpp"
#include "service/writer.hpp"
#include "store/ledger_store.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

namespace json = boost::json;
using demo::Happening;
using payments::Finding;
using payments::PairClass;
using payments::Payment;
using std::chrono::days;
using SteadyClock = std::chrono::steady_clock;
using PairKey = std::pair<std::int64_t, std::int64_t>;

struct LoadedWorld {
    std::map<std::int64_t, std::vector<Payment>> histories;  // by customer
    std::vector<demo::Truth> truths;
    Moment now;
    std::size_t payments = 0;
};

LoadedWorld load(std::uint64_t seed, std::int64_t customers, std::int64_t transactions) {
    LoadedWorld loaded;
    loaded.now = *moment_of_rfc3339("2026-11-05T09:48:00Z");  // the same world on every day
    const TemporaryDirectory temporary;
    const store::Database database{.engine = store::Engine::sqlite, .location = (temporary.path() / "okpay.db").string()};
    store::migrate(*store::open(database, store::Access::writer));
    service::Writer writer{database, service::Context{store::Keyring{Secret{random_octets(32)}}, {}}, {}};
    demo::World world{{.customers = customers, .transactions = transactions, .tickets = 0, .seed = seed, .now = loaded.now},
                      [](std::string_view merchant) { return hex_of(view_of(sha256(merchant))); }};
    // Many under way, so that they share commits; the answers go back in order.
    constexpr std::size_t under_way_max = 256;
    std::deque<std::future<service::Answer>> under_way;
    const auto take_answer = [&] {
        world.answered(under_way.front().get());
        under_way.pop_front();
    };
    while (auto command = world.next()) {
        const auto promise = std::make_shared<std::promise<service::Answer>>();
        under_way.push_back(promise->get_future());
        writer.submit(*std::move(command), [promise](service::Answer answer) { promise->set_value(std::move(answer)); });
        if (under_way.size() == under_way_max) take_answer();
    }
    while (!under_way.empty()) take_answer();
    writer.stop();
    loaded.truths = world.take_truth();
    store::each_payment(*store::open(database, store::Access::reader), 0, [&loaded](const Payment& payment) {
        if (!payment.customer || !payments::has_own_transfers(payment.kind)) return;
        loaded.histories[customers::number_of(*payment.customer)].push_back(payment);
        ++loaded.payments;
    });
    return loaded;
}

void repeat_references(LoadedWorld& world) {
    std::map<std::int64_t, std::map<std::int64_t, std::string>> repeated;  // by customer, by payment
    for (const demo::Truth& truth : world.truths) {
        const auto& history = world.histories[truth.customer];
        const auto of = [&history](std::int64_t seq) { return std::ranges::find(history, seq, &Payment::seq); };
        const auto first = of(truth.first_payment);
        const auto second = of(truth.second_payment);
        if (first == history.end() || second == history.end() || first->order_ref.empty()) continue;
        if (second->order_ref.starts_with(first->order_ref)) repeated[truth.customer][second->seq] = first->order_ref;
    }
    for (auto& [customer, references] : repeated) {
        for (Payment& payment : world.histories[customer]) {
            if (const auto found = references.find(payment.seq); found != references.end())
                payment.order_ref = found->second;
        }
    }
}

// Whether the ledger can know that it is a double. Under a new order reference a minute later it cannot; two taps at a till
// without references are two tickets as well, and are only proposed.
bool is_knowable(Happening kind) {
    return kind == Happening::merchant_retry || kind == Happening::late_resubmission || kind == Happening::over_collected;
}

// The truth speaks in words of its own, so that it can measure this code.
PairClass class_of(demo::Outcome outcome) {
    switch (outcome) {
    case demo::Outcome::same_attempt_shown_twice: return PairClass::same_attempt_shown_twice;
    case demo::Outcome::hold_and_capture: return PairClass::hold_and_capture;
    case demo::Outcome::failed_then_succeeded: return PairClass::failed_then_succeeded;
    case demo::Outcome::true_duplicate_same_order: return PairClass::true_duplicate_same_order;
    case demo::Outcome::over_collection: return PairClass::over_collection;
    case demo::Outcome::already_refunded: return PairClass::already_refunded;
    case demo::Outcome::separate_purchases: return PairClass::separate_purchases;
    case demo::Outcome::subscription_cycle: return PairClass::subscription_cycle;
    case demo::Outcome::fee_line: return PairClass::fee_line;
    case demo::Outcome::other_person: return PairClass::other_person;
    case demo::Outcome::not_ours: return PairClass::not_ours;
    case demo::Outcome::unclear:
    case demo::Outcome::nothing: return PairClass::unclear;
    }
    std::abort();
}

// What each may be called; the first is best. None: nothing may be said of the pair.
std::vector<PairClass> right_classes(const demo::Truth& truth) {
    std::vector<PairClass> right;
    for (const demo::Outcome outcome : demo::outcomes_of(truth)) {
        if (outcome != demo::Outcome::nothing) right.push_back(class_of(outcome));
    }
    return right;
}

payments::Hint as_a_mail_states(const demo::Truth& truth) {
    const Moment day{std::chrono::floor<days>(truth.first_at)};
    return {.amounts = {{.decimal = truth.amount.decimal(), .currency = truth.amount.currency()}},
            .times = {{.from = day, .to = day + days{1}, .whole_day = true}},
            .transaction_ids = {},
            .text = "I was charged twice by " + truth.merchant_name};
}

struct OfHappening {
    std::int64_t told = 0, right = 0, ranked_first = 0;
    std::map<std::string_view, std::int64_t> called;
};
struct OfClass {
    std::int64_t found = 0, right = 0, expected = 0;
};

void print(json::object head, json::object more) {
    for (auto& [name, value] : more) head[name] = value;
    std::cout << json::serialize(head) << std::endl;
}
double share(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 1.0 : std::round(1e4 * static_cast<double>(part) / static_cast<double>(whole)) / 1e4;
}

// Each told pair four days later, when its refund is through.
void measure_pairs(const LoadedWorld& world, bool with_hint, const json::object& head) {
    std::map<Happening, OfHappening> happenings;
    std::map<std::string_view, OfClass> classes;
    for (const demo::Truth& truth : world.truths) {
        // Of one payment, or of none, only the customer's words can make a finding.
        const bool of_a_pair = truth.second_payment != 0;
        if ((!of_a_pair && !with_hint) || !world.histories.contains(truth.customer)) continue;
        const std::int64_t last = of_a_pair ? truth.second_payment : truth.first_payment;
        const Moment at = std::min(world.now, std::max(truth.first_at, truth.second_at) + days{4});
        const auto& history = world.histories.at(truth.customer);
        const auto findings = payments::find_duplicates(history, with_hint ? as_a_mail_states(truth) : payments::Hint{}, at);
        const auto found = std::ranges::find_if(findings, [&truth, last](const Finding& finding) {
            return PairKey{finding.first, finding.second} == PairKey{truth.first_payment, last};
        });
        const auto right = right_classes(truth);
        OfHappening& one = happenings[truth.kind];
        ++one.told;
        if (!right.empty()) ++classes[name_of(right.front())].expected;
        if (found == findings.end()) {
            ++one.called["none"];
            one.right += right.empty() ? 1 : 0;
            continue;
        }
        ++one.called[name_of(found->pair_class)];
        one.ranked_first += found == findings.begin() ? 1 : 0;
        const bool is_right = std::ranges::find(right, found->pair_class) != right.end();
        one.right += is_right ? 1 : 0;
        OfClass& of_class = classes[name_of(found->pair_class)];
        ++of_class.found;
        if (!right.empty() && found->pair_class == right.front()) ++of_class.right;
    }
    for (const auto& [kind, one] : happenings) {
        json::object called;
        for (const auto& [name, count] : one.called) called[name] = count;
        print(head, {{"happening", demo::name_of(kind)},
                     {"doubled", demo::is_doubled(kind)},
                     {"told", one.told},
                     {"right", share(one.right, one.told)},
                     {"ranked_first", share(one.ranked_first, one.told)},
                     {"called", std::move(called)}});
    }
    for (const auto& [name, one] : classes) {
        print(head, {{"class", name},
                     {"expected", one.expected},
                     {"found", one.found},
                     {"precision", share(one.right, one.found)},
                     {"recall", share(one.right, one.expected)}});
    }
}

struct Swept {
    std::map<PairKey, bool> proposed;  // by pair: whether it is certain
};
Swept sweep(const LoadedWorld& world) {
    Swept swept;
    for (const auto& [customer, history] : world.histories) {
        for (Moment at = history.front().created + days{1}; at < world.now + days{7}; at += days{7}) {
            for (const Finding& finding : payments::find_duplicates(history, {}, at)) {
                if (finding.give_back == 0) continue;
                bool& is_certain = swept.proposed[{finding.first, finding.second}];
                is_certain = is_certain || payments::certain(finding);
            }
        }
    }
    return swept;
}

// Answers with what falls below the floors.
std::vector<std::string> measure_proposals(const LoadedWorld& world, bool repeated, const json::object& head) {
    std::map<PairKey, Happening> told, unpaid;  // `unpaid`: doubles that nobody has given back
    for (const demo::Truth& truth : world.truths) {
        const PairKey pair{truth.first_payment, truth.second_payment};
        told.emplace(pair, truth.kind);
        if (demo::is_doubled(truth.kind) && !truth.refunded) unpaid.emplace(pair, truth.kind);
    }
    const Swept swept = sweep(world);
    std::int64_t right = 0, certain = 0, certain_right = 0, known_and_right = 0, known_and_proposed = 0;
    std::map<std::string_view, std::int64_t> wrong;
    for (const auto& [pair, is_certain] : swept.proposed) {
        const bool is_right = unpaid.contains(pair);
        right += is_right ? 1 : 0;
        certain += is_certain ? 1 : 0;
        certain_right += is_certain && is_right ? 1 : 0;
        const auto kind = told.find(pair);
        const bool on_seconds = kind == told.end() || !is_knowable(kind->second);
        if (!is_right) ++wrong[kind == told.end() ? "not told" : demo::name_of(kind->second)];
        if (is_right && on_seconds) continue;  // right, but the ledger could not know
        const auto& history = world.histories;
        bool by_reference = false;
        for (const auto& [customer, payments_of_one] : history) {
            const auto first = std::ranges::find(payments_of_one, pair.first, &Payment::seq);
            const auto second = std::ranges::find(payments_of_one, pair.second, &Payment::seq);
            if (first == payments_of_one.end() || second == payments_of_one.end()) continue;
            by_reference = !first->order_ref.empty() && second->order_ref.starts_with(first->order_ref);
            break;
        }
        known_and_proposed += by_reference ? 1 : 0;
        known_and_right += by_reference && is_right ? 1 : 0;
    }
    std::int64_t knowable = 0, knowable_found = 0;
    for (const auto& [pair, kind] : unpaid) {
        if (!is_knowable(kind)) continue;
        ++knowable;
        knowable_found += swept.proposed.contains(pair) ? 1 : 0;
    }
    json::object wrongly;
    for (const auto& [name, count] : wrong) wrongly[name] = count;
    const auto proposed = std::ssize(swept.proposed);
    print(head, {{"doubles", unpaid.size()},
                 {"proposed", proposed},
                 {"precision", share(right, proposed)},
                 {"recall", share(right, std::ssize(unpaid))},
                 {"wrongly_proposed", std::move(wrongly)},
                 {"knowable", knowable},
                 {"knowable_recall", share(knowable_found, knowable)},
                 {"by_reference_precision", share(known_and_right, known_and_proposed)},
                 {"automatic", certain},
                 {"automatic_precision", share(certain_right, certain)}});
    std::vector<std::string> below;
    if (share(knowable_found, knowable) < 0.99) below.emplace_back("knowable_recall");
    if (share(known_and_right, known_and_proposed) < 0.99) below.emplace_back("by_reference_precision");
    if (certain_right != certain) below.emplace_back("automatic_precision");
    if (repeated ? certain == 0 : certain != 0) below.emplace_back("automatic");
    return below;
}

void measure_cost(const BenchOptions& bench, bool one_merchant) {
    constexpr std::int64_t count = 5'000;
    Dealer dealer{bench};
    const Moment start = *moment_of_rfc3339("2026-09-01T00:00:00Z");
    std::vector<Payment> history;
    for (std::int64_t seq = 1; seq <= count; ++seq) {
        const std::int64_t merchant = one_merchant ? 1 : dealer.merchant();
        const std::int64_t minor = (1 + dealer.below(200)) * 50;
        Payment payment{.seq = seq,
                        .id = {},
                        .kind = payments::PaymentKind::merchant_payment,
                        .state = payments::PaymentState::succeeded,
                        .key = {},
                        .payer = money::AccountNo{1},
                        .payee = money::AccountNo{merchant + 1},
                        .customer = customers::CustomerNo{1},
                        .merchant = customers::MerchantNo{merchant},
                        .amount = *money::Money::of_minor(minor, money::Currency::eur),
                        .captured_minor = minor,
                        .order_ref = fmt::format("o-{}", seq + 10'000),
                        .memo = fmt::format("Shop {}", merchant),
                        .instrument = "wallet",
                        .device = "device",
                        .created = start + std::chrono::minutes{13 * seq}};
        history.push_back(std::move(payment));
    }
    Measured measured;
    const auto since = SteadyClock::now();
    while (std::chrono::duration<double>(SteadyClock::now() - since).count() < bench.seconds) {
        const auto one = SteadyClock::now();
        payments::find_duplicates(history, {}, start + days{60});
        measured.microseconds.push_back(
            std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - one).count());
    }
    measured.seconds = std::chrono::duration<double>(SteadyClock::now() - since).count();
    print_measured("duplicates", bench, 1, std::move(measured),
                   {{"payments", count}, {"merchants", one_merchant ? 1 : bench.merchants}, {"days", 45}});
}

}  // namespace

int bench_duplicates(const BenchOptions& bench) {
    struct Size {
        std::int64_t customers, transactions;
    };
    bool held = true;
    for (const Size size : {Size{60, 3'000}, Size{9, 4'000}, Size{400, 6'000}}) {
        for (std::uint64_t seed = bench.seed; seed < bench.seed + 2; ++seed) {
            LoadedWorld world = load(seed, size.customers, size.transactions);
            for (const bool repeated : {false, true}) {
                if (repeated) repeat_references(world);
                json::object head{{"bench", "duplicates"},
                                  {"seed", static_cast<std::int64_t>(seed)},
                                  {"customers", size.customers},
                                  {"payments", world.payments},
                                  {"references", repeated ? "repeated" : "kept"}};
                for (const bool with_hint : {false, true}) {
                    json::object of_hint = head;
                    of_hint["hint"] = with_hint ? "as a mail states" : "none";
                    measure_pairs(world, with_hint, of_hint);
                }
                for (const std::string& below : measure_proposals(world, repeated, head)) {
                    std::cerr << fmt::format("okpay: below its floor: {} (seed {}, {} customers, references {})\n", below,
                                             seed, size.customers, repeated ? "repeated" : "kept");
                    held = false;
                }
            }
        }
    }
    measure_cost(bench, false);
    measure_cost(bench, true);
    return held ? 0 : 1;
}

}  // namespace okpay::server
