// SPDX-License-Identifier: Apache-2.0
#include "workload.hpp"

#include <fmt/format.h>

#include <array>

namespace okpay::simulator {

using namespace okpay::service;  // the commands

namespace {

constexpr std::string_view instrument = "bank ····6819";
constexpr std::int64_t nobody = 99;

Command of(Actor actor, CommandBody body) { return {CommandId{}, Moment{}, actor, std::move(body)}; }

}  // namespace

std::int64_t Workload::customer() {
    if (dice_.one_in(60)) return nobody;
    return 1 + dice_.zipf(std::ssize(model_.house().customers));
}

std::int64_t Workload::amount(std::int64_t customer, const std::string& currency) {
    const std::int64_t there = model_.account(Model::wallet(customer, currency)).available();
    switch (dice_.below(24)) {
    case 0: return 0;
    case 1: return 1;
    case 2: return there;
    case 3: return there + 1;
    case 4: return std::max<std::int64_t>(there - 1, 1);
    case 5: return dice_.one_in(4) ? -1 : dice_.one_in(2) ? largest_minor + 1 : largest_minor;
    case 6: {  // at a limit, or just over it
        constexpr std::array limits{60'000, 30'000, 40'000, 35'000, 10'000, 1'000};
        return limits[static_cast<std::size_t>(dice_.below(std::ssize(limits)))] + dice_.below(2);
    }
    case 7: return there / 2;
    // What leaves exactly enough for a fee on top of it, or one too little.
    case 8: return std::max<std::int64_t>(there - fee_of_withdrawal(currency, there) + dice_.below(2), 1);
    case 9: return std::max<std::int64_t>(there - fee_of_transfer(1, there) + dice_.below(2), 1);
    case 10:
    case 11: return dice_.between(1, 50);
    case 12:
    case 13: return 1'000 * dice_.between(1, 3);  // the same amounts again and again
    default: return dice_.between(1, 9'000);
    }
}

const Model::Row* Workload::row_of_kind(std::string_view kind, std::string_view state) {
    std::vector<const Model::Row*> fitting;
    for (const Model::Row& row : model_.rows()) {
        if (row.kind == kind && (state.empty() || row.state == state)) fitting.push_back(&row);
    }
    return fitting.empty() ? nullptr : dice_.pick_lately(fitting);
}

Actor Workload::merchant_of(const Model::Row* row) {
    const bool own = row != nullptr && row->merchant != 0 && !dice_.one_in(15);
    return {ActorKind::merchant, own ? row->merchant : 1 + dice_.below(model_.house().merchants)};
}

Command Workload::next() {
    const std::int64_t drawn = dice_.below(100);
    if (drawn < 12) return top_up();
    if (drawn < 36) return pay();
    if (drawn < 48) return send();
    if (drawn < 58) return capture();
    if (drawn < 62) return cancel();
    if (drawn < 75) return refund();
    if (drawn < 96) return outside();
    return level();
}

Command Workload::top_up() {
    TopUp body{.key = key(),
               .customer = customer(),
               .amount_minor = 0,
               .currency = currency(),
               .memo = "Bank transfer",
               .instrument = "bank"};
    body.amount_minor = dice_.one_in(2) ? dice_.between(1, 40) * 1'000 : amount(body.customer, body.currency);
    // As much as an amount can be, into an empty wallet, is allowed, and the house's counters are full from then on.
    if (body.amount_minor == largest_minor) ++body.amount_minor;
    return of({ActorKind::staff, 1 + dice_.below(2)}, body);
}

Command Workload::pay() {
    const std::int64_t merchant = dice_.one_in(60) ? nobody : 1 + dice_.zipf(model_.house().merchants);
    Pay body{.key = key(),
             .customer = customer(),
             .merchant = merchant,
             .amount_minor = 0,
             .currency = currency(),
             .order_ref = dice_.one_in(3) ? fmt::format("o{}", dice_.below(12)) : "",
             .memo = "Shop",
             .instrument = dice_.one_in(2) ? "wallet" : "",
             .device = "phone",
             .manual_capture = dice_.one_in(3),
             .hold_ms = dice_.one_in(3) ? dice_.between(1, 60'000) : dice_.between(1, 400) * 3'600'000 / 10};
    body.amount_minor = amount(body.customer, body.currency);
    body.not_a_duplicate = body.amount_minor % 4 == 0;
    return of({ActorKind::merchant, merchant}, body);
}

Command Workload::send() {
    SendMoney body{
        .key = key(), .payer = customer(), .payee = customer(), .amount_minor = 0, .currency = currency(), .memo = "Lunch"};
    if (body.payee == body.payer && !dice_.one_in(8)) body.payee = body.payer % std::ssize(model_.house().customers) + 1;
    body.amount_minor = amount(body.payer, body.currency);
    return of({ActorKind::customer, body.payer}, body);
}

Command Workload::capture() {
    const Model::Row* held = row_of_kind("merchant_payment", dice_.one_in(6) ? "" : "requires_capture");
    const std::int64_t amount = held == nullptr ? 5 : held->amount;
    CapturePayment body{.key = key(), .payment = held == nullptr ? nobody : held->seq, .amount_minor = amount};
    switch (dice_.below(8)) {
    case 0: body.amount_minor = amount + 1; break;
    case 1: body.amount_minor = 1; break;
    case 2: body.amount_minor = dice_.between(-1, 0); break;
    case 3: body.amount_minor = amount / 2; break;
    case 4:
        body.amount_minor = dice_.one_in(3) ? largest_minor + 1 : dice_.between(1, std::max<std::int64_t>(amount, 1));
        break;
    default: break;
    }
    return of(merchant_of(held), body);
}

Command Workload::cancel() {
    const Model::Row* held = row_of_kind("merchant_payment", dice_.one_in(4) ? "" : "requires_capture");
    return of(merchant_of(held), CancelPayment{.key = key(), .payment = held == nullptr ? nobody : held->seq});
}

Command Workload::refund() {
    const Model::Row* paid = row_of_kind("merchant_payment", dice_.one_in(6) ? "" : "succeeded");
    if (dice_.one_in(20) && !model_.rows().empty()) paid = &dice_.pick(model_.rows());
    const std::int64_t left = paid == nullptr ? 5 : paid->captured - paid->refunded;
    Refund body{.key = key(),
                .payment = paid == nullptr ? nobody : paid->seq,
                .amount_minor = left,
                .reason = dice_.one_in(2) ? "duplicate" : "requested_by_customer"};
    switch (dice_.below(8)) {
    case 0: body.amount_minor = left + 1; break;
    case 1: body.amount_minor = dice_.between(0, 1); break;
    case 2:
    case 3:
    case 4: body.amount_minor = dice_.between(1, std::max<std::int64_t>(left, 1)); break;
    case 5: body.amount_minor = left / 3; break;
    default: break;
    }
    if (dice_.one_in(4)) body.expected_refundable = left + (dice_.one_in(3) ? 1 : 0);
    if (dice_.one_in(3) && paid != nullptr) {  // a payment of the same two, mostly
        std::vector<const Model::Row*> alike;
        for (const Model::Row& row : model_.rows()) {
            if (row.payer == paid->payer && row.payee == paid->payee) alike.push_back(&row);
        }
        body.duplicate_of = dice_.one_in(8) ? 1 + dice_.below(std::ssize(model_.rows()) + 1) : dice_.pick_lately(alike)->seq;
    }
    return of(dice_.one_in(6) ? Actor{ActorKind::staff, 1} : merchant_of(paid), body);
}

Command Workload::outside() {
    const std::int64_t who = customer();
    const bool known = who != nobody;
    const House::Customer& owner = model_.house().customers[static_cast<std::size_t>(known ? who - 1 : 0)];
    RailRequest request{.key = key(),
                        .customer = who,
                        .amount_minor = 0,
                        .currency = currency(),
                        .instrument = std::string{instrument},
                        .sealed_instrument = owner.sealed_instrument,
                        .instrument_hash = owner.instrument_hash};
    request.amount_minor = dice_.one_in(3) ? 1'000 * dice_.between(1, 3) : amount(who, request.currency);
    // The largest amounts are let in one by one and can be too much together; that is for other tests.
    if (request.amount_minor == largest_minor) ++request.amount_minor;
    const Actor actor{ActorKind::customer, who};
    if (dice_.one_in(2)) return of(actor, Withdraw{std::move(request)});
    return of(actor, CollectTopUp{std::move(request)});
}

Command Workload::level() {
    const std::int64_t staff = dice_.one_in(6) ? 3 : 1 + dice_.below(2);
    return of({ActorKind::staff, staff}, SetCustomerLevel{.customer = customer(),
                                                          .level = dice_.one_in(12) ? 4 : dice_.below(4),
                                                          .note = dice_.one_in(12) ? "" : "passport seen"});
}

// Mostly back to open: what is shut for good would be all that is left.
Command Workload::shut() {
    std::vector<std::int64_t> accounts;
    for (const auto& [no, name] : model_.account_names()) {
        if (dice_.one_in(name.starts_with("wallet") ? 3 : 12)) accounts.push_back(no);
    }
    constexpr std::array<std::string_view, 10> states{"open", "open",           "open",   "open",   "debits_frozen",
                                                      "open", "credits_frozen", "frozen", "closed", "asleep"};
    const std::int64_t staff = dice_.one_in(8) ? 3 : 1 + dice_.below(2);
    return of({ActorKind::staff, staff},
              SetAccountState{.account = accounts.empty() || dice_.one_in(30) ? 9'999 : dice_.pick(accounts),
                              .state = std::string{states[static_cast<std::size_t>(dice_.below(std::ssize(states)))]},
                              .reason = dice_.one_in(15) ? "" : "A letter of the court"});
}

Command Workload::next_wish(Moment now) {
    const std::int64_t drawn = dice_.below(120);
    if (drawn >= 100) return shut();
    if (drawn < 25) return ask(now);
    if (drawn < 60) return pay_asked(model_.wishes());
    if (drawn < 72) return end_asked(model_.wishes());
    if (drawn < 94 || model_.laters().empty()) return send_later(now);
    const Model::Later& later = dice_.pick_lately(model_.laters());
    const std::int64_t who = dice_.one_in(4) ? customer() : later.payer;
    return of({ActorKind::customer, who}, EndSchedule{.schedule = later.id, .customer = who});
}

Command Workload::ask(Moment now) {
    const std::int64_t payee = customer();
    // One in three to whoever holds the link, one in twelve to an address that is nobody's.
    const std::int64_t payer = dice_.one_in(3) ? 0 : customer();
    const bool is_somebody = payer != 0 && payer != nobody && !dice_.one_in(12);
    const Millis lasts = dice_.one_in(20)  ? Millis{dice_.between(-1, 0)}
                         : dice_.one_in(3) ? Millis{dice_.between(1, 90) * 86'400'000}
                                           : Millis{dice_.between(1, 600) * 60'000};
    const std::int64_t amount_minor = dice_.one_in(3) ? amount(is_somebody ? payer : 1, "CNY") : dice_.between(1, 3'000);
    return of({ActorKind::customer, payee},
              RequestMoney{.key = key(),
                           .request = MoneyRequestId::of(now, dice_.octets(10)).text(),
                           .payee = payee,
                           .payer = is_somebody ? payer : 0,
                           .payer_said = payer == 0    ? ""
                                         : is_somebody ? fmt::format("c{}@example.org", payer)
                                                       : fmt::format("nobody{}@example.org", payer),
                           .amount_minor = amount_minor,
                           .currency = currency(),
                           .memo = "Tickets",
                           .expires = ms_of(now + lasts),
                           .seed = hex_of(dice_.octets(32))});
}

// Mostly one that may, now and then whoever has heard of it; also of requests that have ended.
Command Workload::pay_asked(const std::vector<Model::Wish>& asked) {
    const Model::Wish* wish = asked.empty() ? nullptr : &dice_.pick_lately(asked);
    std::int64_t payer = customer();
    if (wish != nullptr && wish->payer != 0 && !dice_.one_in(5)) payer = wish->payer;
    return of({ActorKind::customer, payer},
              PayMoneyRequest{.key = key(),
                              .request = wish == nullptr ? MoneyRequestId::of(Moment{}, dice_.octets(10)).text() : wish->id,
                              .payer = payer,
                              .seed = hex_of(dice_.octets(32))});
}

Command Workload::end_asked(const std::vector<Model::Wish>& asked) {
    const Model::Wish* wish = asked.empty() ? nullptr : &dice_.pick_lately(asked);
    std::int64_t who = customer();
    if (wish != nullptr && !dice_.one_in(6)) who = wish->payer != 0 && dice_.one_in(2) ? wish->payer : wish->payee;
    return of({ActorKind::customer, who},
              EndMoneyRequest{.request = wish == nullptr ? MoneyRequestId::of(Moment{}, dice_.octets(10)).text() : wish->id,
                              .customer = who,
                              .seed = hex_of(dice_.octets(32))});
}

Command Workload::send_later(Moment now) {
    constexpr std::array<std::string_view, 4> every{"once", "day", "week", "month"};
    const std::int64_t payer = customer();
    std::int64_t payee = customer();
    if (payee == payer && !dice_.one_in(8)) payee = payer % std::ssize(model_.house().customers) + 1;
    const auto day =
        std::chrono::floor<std::chrono::days>(now) + std::chrono::days{dice_.between(dice_.one_in(9) ? -1 : 0, 40)};
    const std::chrono::year_month_day first{day};
    return of({ActorKind::customer, payer},
              ScheduleTransfer{.key = key(),
                               .schedule = ScheduleId::of(now, dice_.octets(10)).text(),
                               .payer = payer,
                               .payee = payee,
                               .amount_minor = dice_.one_in(3) ? amount(payer, "CNY") : dice_.between(1, 3'000),
                               .currency = currency(),
                               .memo = "Rent",
                               .first_on =
                                   fmt::format("{:04}-{:02}-{:02}", static_cast<int>(first.year()),
                                               static_cast<unsigned>(first.month()), static_cast<unsigned>(first.day())),
                               .every = std::string{dice_.pick(std::vector<std::string_view>(every.begin(), every.end()))},
                               .times = dice_.one_in(15) ? -1 : dice_.between(1, 6),
                               .zone = dice_.one_in(2) ? "Asia/Shanghai" : "UTC"});
}

std::optional<Command> Workload::altered(Command command) {
    if (auto* top_up = command.body.as<TopUp>()) top_up->amount_minor += 1;
    else if (auto* pay = command.body.as<Pay>()) pay->memo += "!";
    else if (auto* send = command.body.as<SendMoney>()) send->memo += "!";
    else if (auto* capture = command.body.as<CapturePayment>()) capture->amount_minor -= 1;
    else if (auto* cancel = command.body.as<CancelPayment>()) cancel->payment += 1;
    else if (auto* refund = command.body.as<Refund>()) refund->amount_minor += 1;
    else if (auto* collect = command.body.as<CollectTopUp>()) collect->request.instrument_hash = "00";
    else if (auto* withdraw = command.body.as<Withdraw>()) withdraw->request.currency = "JPY";
    else if (auto* ask = command.body.as<RequestMoney>()) ask->memo += "!";
    else if (auto* asked = command.body.as<PayMoneyRequest>()) asked->payer += 1;
    else if (auto* later = command.body.as<ScheduleTransfer>()) later->memo += "!";
    else if (auto* payout = command.body.as<PayOutMerchant>()) payout->amount_minor += 1;
    else return std::nullopt;
    return command;
}

}  // namespace okpay::simulator
