// SPDX-License-Identifier: Apache-2.0
// The model's half about money that is asked for, and money that is sent later.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "model.hpp"

namespace okpay::simulator {
namespace {

using service::Command;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::sys_days;

Expected no(std::string code) { return {.code = std::move(code), .shown = std::nullopt, .numbers = {}, .orders = {}}; }
Expected numbered(std::int64_t number, bool again) {
    return {.code = "", .number = number, .replayed = again, .shown = std::nullopt, .numbers = {}, .orders = {}};
}
std::string principal(const service::Actor& actor) { return fmt::format("{} {} ", static_cast<int>(actor.kind), actor.no); }

sys_days day_there(const Model::Later& later, Moment at) { return floor<days>(at + later.ahead); }
Moment at_eight(const Model::Later& later, sys_days day) { return day + hours{8} - later.ahead; }

// The nth day, counted from the first: a month without that day has its last one instead.
sys_days nth_day(const Model::Later& later, std::int64_t n) {
    if (later.every == "day") return later.first + days{n - 1};
    if (later.every == "week") return later.first + days{7 * (n - 1)};
    if (later.every == "once") return later.first;
    const std::chrono::year_month_day first{later.first};
    const std::chrono::year_month month = first.year() / first.month() + std::chrono::months{n - 1};
    const std::chrono::year_month_day last{month / std::chrono::last};
    return sys_days{month / std::min(first.day(), last.day())};
}

}  // namespace

Expected Model::handle(const Command& command, const service::RequestMoney& body) {
    if (body.amount_minor < 1 || body.amount_minor > largest_minor) return no("invalid");
    const std::string key = principal(command.actor) + body.key;
    const std::string said =
        fmt::format("{} {} {} {} {}", body.payee, body.amount_minor, body.currency, body.memo, body.payer_said);
    for (std::size_t i = 0; i < wishes_.size(); ++i) {
        if (wishes_[i].key != key) continue;
        return wishes_[i].said == said ? numbered(static_cast<std::int64_t>(i + 1), true) : no("idempotency_key_reused");
    }
    if (!is_customer(body.payee)) return no("not_found");
    if (!has_wallet(body.payee, body.currency)) return no("wrong_currency");
    if (body.payer == body.payee) return no("same_account");
    const Moment expires = moment_of_ms(body.expires);
    if (expires <= command.at || expires > command.at + days{90}) return no("invalid");
    int open = 0;
    int lately = 0;
    int lately_to_payer = 0;
    int letters = 0;
    for (const Wish& other : wishes_) {
        const bool is_late = other.created > command.at - hours{24};
        const bool is_own = other.payee == body.payee;
        open += is_own && other.state == "pending" ? 1 : 0;
        lately += is_own && is_late ? 1 : 0;
        lately_to_payer += is_own && is_late && !other.payer_said.empty() && other.payer_said == body.payer_said ? 1 : 0;
        letters += body.payer != 0 && other.payer == body.payer && is_late && other.asked_letter ? 1 : 0;
    }
    if (open >= 25 || lately >= 50 || lately_to_payer >= 3) return no("too_many_requests");
    wishes_.push_back({.id = body.request,
                       .key = key,
                       .said = said,
                       .payee = body.payee,
                       .payer = body.payer,
                       .payer_said = body.payer_said,
                       .amount = body.amount_minor,
                       .currency = body.currency,
                       .expires = expires,
                       .created = command.at,
                       .asked_letter = body.payer != 0 && letters < 5});
    return numbered(std::ssize(wishes_), false);
}

Model::Wish* Model::wish_of(const std::string& id) {
    const auto found = std::ranges::find(wishes_, id, &Wish::id);
    return found == wishes_.end() ? nullptr : &*found;
}

Expected Model::handle(const Command& command, const service::PayMoneyRequest& body) {
    Wish* wish = wish_of(body.request);
    if (wish == nullptr) return no("not_found");
    const bool may_pay = wish->payer_said.empty() || wish->payer == body.payer || wish->payee == body.payer;
    if (!may_pay) return no("not_found");
    const std::string key = principal(command.actor) + body.key;
    const std::string said = fmt::format("pay_request {} {}", body.payer, body.request);
    if (const Row* known = by_key(key)) return known->body == said ? shown_again(*known) : no("idempotency_key_reused");
    if (!is_customer(body.payer)) return no("not_found");
    const bool open = wish->state == "pending" && command.at < wish->expires;
    Row row = new_row("person_to_person", key, said, wish->amount, wish->currency, command.at);
    Expected answer = transfer(std::move(row), body.payer, wish->payee, open ? "" : "request_not_open");
    if (answer.code.empty()) {
        wish->state = "paid";
        wish->payment = answer.number;
        wish->outcome_letter = true;
    }
    return answer;
}

Expected Model::handle(const Command&, const service::EndMoneyRequest& body) {
    Wish* wish = wish_of(body.request);
    if (wish == nullptr || (body.customer != wish->payee && body.customer != wish->payer)) return no("not_found");
    const auto number = static_cast<std::int64_t>(wish - wishes_.data() + 1);
    const std::string to = body.customer == wish->payer ? "declined" : "canceled";
    if (wish->state == to) return numbered(number, true);
    if (wish->state != "pending") return no("request_not_open");
    wish->state = to;
    wish->outcome_letter = to == "declined";
    return numbered(number, false);
}

Expected Model::handle(const Command& command, const service::ExpireMoneyRequests& body) {
    std::vector<Wish*> due;
    for (Wish& wish : wishes_) {
        if (wish.state == "pending" && wish.expires <= command.at) due.push_back(&wish);
    }
    std::ranges::sort(due, {}, [](const Wish* wish) { return std::pair{wish->expires, wish}; });
    Expected answer;
    for (Wish* wish : due) {
        if (std::ssize(answer.numbers) == body.requests_max) break;
        wish->state = "expired";
        answer.numbers.push_back(wish - wishes_.data() + 1);
    }
    return answer;
}

Expected Model::handle(const Command& command, const service::ScheduleTransfer& body) {
    if (body.amount_minor < -largest_minor || body.amount_minor > largest_minor) return no("invalid");
    const std::string key = principal(command.actor) + body.key;
    const std::string said = fmt::format("{} {} {} {} {} {} {} {}", body.payer, body.payee, body.amount_minor, body.times,
                                         body.currency, body.memo, body.first_on, body.every);
    for (std::size_t i = 0; i < laters_.size(); ++i) {
        if (laters_[i].key != key) continue;
        return laters_[i].said == said ? numbered(static_cast<std::int64_t>(i + 1), true) : no("idempotency_key_reused");
    }
    if (body.amount_minor < 1) return no("invalid");
    if (body.payer == body.payee) return no("same_account");
    if (!has_wallet(body.payer, body.currency)) return no("wrong_currency");
    if (!has_wallet(body.payee, body.currency)) return no("payee_cannot_receive");
    Later later{.id = body.schedule,
                .key = key,
                .said = said,
                .payer = body.payer,
                .payee = body.payee,
                .amount = body.amount_minor,
                .currency = body.currency,
                .every = body.every,
                .times = body.every == "once" ? 1 : body.times,
                .ahead = hours{body.zone == "Asia/Shanghai" ? 8 : 0},
                .first = {},
                .next = {}};
    const auto number = [&body](std::size_t at, std::size_t digits) { return std::stoi(body.first_on.substr(at, digits)); };
    later.first = sys_days{std::chrono::year{number(0, 4)} / number(5, 2) / number(8, 2)};
    const sys_days today = day_there(later, command.at);
    if (later.first < today || later.first > today + days{366}) return no("invalid");
    if (later.times < 0 || later.times > 1'000) return no("invalid");
    const auto active = std::ranges::count_if(laters_, [&](const Later& other) {
        return other.payer == body.payer && other.state == "active";
    });
    if (active >= 50) return no("too_many_schedules");
    later.next = at_eight(later, later.first);
    laters_.push_back(std::move(later));
    return numbered(std::ssize(laters_), false);
}

Expected Model::handle(const Command&, const service::EndSchedule& body) {
    const auto found = std::ranges::find(laters_, body.schedule, &Later::id);
    if (found == laters_.end() || found->payer != body.customer) return no("not_found");
    const bool again = found->state != "active";
    if (!again) {
        found->state = "ended";
        found->next.reset();
    }
    return numbered(found - laters_.begin() + 1, again);
}

// What is due, the longest waiting first; each time one occurrence, or those of one schedule that were missed.
Expected Model::handle(const Command& command, const service::RunSchedules& body) {
    Expected answer;
    std::int64_t left = body.occurrences_max;
    while (left > 0) {
        std::vector<Later*> due;
        for (Later& later : laters_) {
            if (later.state == "active" && *later.next <= command.at) due.push_back(&later);
        }
        if (due.empty()) break;
        std::ranges::sort(due, {}, [](const Later* later) { return std::pair{*later->next, later}; });
        if (std::ssize(due) > left) due.resize(static_cast<std::size_t>(left));
        for (Later* later : due) {
            if (left == 0) break;
            std::int64_t waiting = 0;  // occurrences whose moment has come, and no more than can be dealt with now
            while (waiting < 3 + left && (later->times == 0 || later->behind + waiting < later->times) &&
                   at_eight(*later, nth_day(*later, later->behind + waiting + 1)) <= command.at) {
                ++waiting;
            }
            if (waiting > 3) {
                ++later->letters;
                for (; waiting > 3; --waiting, --left) end_occurrence(*later, "missed");
            } else {
                make_occurrence(*later, command, answer);
                --left;
            }
        }
    }
    return answer;
}

void Model::make_occurrence(Later& later, const Command& command, Expected& answer) {
    Row row = new_row("person_to_person", fmt::format("later {} {} {}", later.id, later.behind + 1, later.tries + 1), "",
                      later.amount, later.currency, command.at);
    const Expected made = transfer(std::move(row), later.payer, later.payee, "");
    answer.numbers.push_back(made.number);
    if (made.code == "insufficient_funds" && later.tries < 2) {
        if (later.tries == 0) ++later.letters;
        ++later.tries;
        later.next = at_eight(later, day_there(later, command.at) + days{1});
        return;
    }
    if (!made.code.empty()) ++later.letters;
    const bool is_over = made.code == "account_closed";  // that is for ever
    end_occurrence(later, made.code.empty() ? "made" : is_over ? "stopped" : "skipped");
    if (!is_over) return;
    later.state = "stopped";
    later.next.reset();
}

void Model::end_occurrence(Later& later, const std::string& how) {
    ++later.outcomes[how];
    ++later.behind;
    later.tries = 0;
    later.next.reset();
    if (later.times != 0 && later.behind >= later.times) later.state = "finished";
    else later.next = at_eight(later, nth_day(later, later.behind + 1));
}

}  // namespace okpay::simulator
