// SPDX-License-Identifier: Apache-2.0
#include "demo/impl/till.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/bytes.hpp"
#include "base/ensure.hpp"
#include "demo/uses.hpp"

namespace okpay::demo {
namespace {

std::string code(money::Currency currency) { return std::string{money::code_of(currency)}; }

}  // namespace

Till::Till(std::uint64_t seed, Moment start)
    : seed_{seed},
      ids_{Dice::of(seed, uses::ids)},
      sums_{Dice::of(seed, uses::sums)},
      cards_{Dice::of(seed, uses::cards)},
      secrets_{Dice::of(seed, uses::secrets)},
      last_at_{start} {}

void Till::register_shop(const Shop& shop, std::string api_key_hash, Moment at) {
    service::RegisterMerchant body{.merchant = MerchantId::of(at, ids_.octets(10)).text(),
                                   .name = std::string{shop.name},
                                   .api_key_hash = std::move(api_key_hash)};
    for (const auto& currency : shop.currencies) {
        if (currency) body.currencies.push_back(code(*currency));
    }
    put(Row::shop, at, {}, std::move(body));
    shops_.make();
}

void Till::register_customer(const Persona& who, Moment at) {
    service::RegisterCustomer body{.customer = CustomerId::of(at, ids_.octets(10)).text(),
                                   .email = who.email,
                                   .name = who.name,
                                   .language = std::string{code_of(who.tongue)},
                                   .zone = std::string{who.zone}};
    ensure(!who.currencies.empty() && who.currencies.size() <= 2);
    auto& wallets = wallets_.emplace_back();
    for (std::size_t i = 0; i < who.currencies.size(); ++i) {
        body.currencies.push_back(code(who.currencies[i]));
        wallets[i] = Wallet{.currency = who.currencies[i]};
    }
    put(Row::customer, at, {}, std::move(body));
    customers_.make();
}

std::int64_t Till::charge(Charge charge, Moment at) {
    const Wallet& from = wallet(charge.customer, charge.wallet);
    if (!charge.without_funds) fill(charge.customer, charge.wallet, charge.amount_minor, at);
    if (from.available_minor >= charge.amount_minor) give(charge.customer, charge.wallet, -charge.amount_minor);
    put(Row::payment, at, actor_of(charge.shop),
        service::Pay{.key = key(),
                     .customer = customer_number(charge.customer),
                     .merchant = shop_number(charge.shop),
                     .amount_minor = charge.amount_minor,
                     .currency = code(from.currency),
                     .order_ref = std::move(charge.order_ref),
                     .memo = std::move(charge.memo),
                     .instrument = std::move(charge.instrument),
                     .device = std::move(charge.device),
                     .manual_capture = charge.hold,
                     .not_a_duplicate = true});  // the world has double charges on purpose
    return payments_.make();
}

std::int64_t Till::send(const Sent& sent, Moment at) {
    const money::Currency currency = wallet(sent.payer, sent.payer_wallet).currency;
    ensure(currency == wallet(sent.payee, sent.payee_wallet).currency);
    fill(sent.payer, sent.payer_wallet, sent.amount_minor, at);
    give(sent.payer, sent.payer_wallet, -sent.amount_minor);
    give(sent.payee, sent.payee_wallet, sent.amount_minor);
    put(Row::payment, at, {.kind = service::ActorKind::customer, .no = customer_number(sent.payer)},
        service::SendMoney{.key = key(),
                           .payer = customer_number(sent.payer),
                           .payee = customer_number(sent.payee),
                           .amount_minor = sent.amount_minor,
                           .currency = code(currency),
                           .memo = sent.memo});
    return payments_.make();
}

// Tops up shortly before where there is too little.
void Till::fill(std::int64_t customer, std::size_t wallet_index, std::int64_t minor, Moment before) {
    const Wallet& to = wallet(customer, wallet_index);
    if (to.available_minor >= minor) return;
    constexpr std::chrono::seconds at_the_till{20};
    top_up(customer, wallet_index, round_sum(to.currency, minor - to.available_minor), before - at_the_till);
}

void Till::choose_password(std::int64_t customer, Moment at) {
    const auto base64 = [this](std::size_t octets) {  // as Argon2 writes it, without padding
        std::string text = base64_of(secrets_.octets(octets));
        return text.substr(0, text.find('='));
    };
    const std::string salt = base64(16);
    put(Row::none, at, {.kind = service::ActorKind::customer, .no = customer_number(customer)},
        service::SetCustomerPassword{.customer = customer_number(customer),
                                     .password_phc = fmt::format("$argon2id$v=19$m=65536,t=2,p=1${}${}", salt, base64(32))});
}

void Till::sign_in(std::int64_t customer, Moment at) {
    constexpr std::chrono::hours session{24};
    put(Row::none, at, {},
        service::SignInCustomer{.customer = customer_number(customer),
                                .session_token_hash = hex_of(secrets_.octets(32)),
                                .session_expires = ms_of(at + session)});
}

std::string Till::fresh_card() { return fmt::format("card ····{:04}", cards_.below(10'000)); }

std::int64_t Till::top_up(std::int64_t customer, std::size_t wallet_index, std::int64_t minor, Moment at,
                          std::string_view instrument) {
    give(customer, wallet_index, minor);
    const std::uint64_t source = Dice::of(seed_, uses::instrument, static_cast<std::uint64_t>(customer)).next();
    const std::string from = instrument.empty()
                                 ? fmt::format("{} ····{:04}", source % 3 == 0 ? "card" : "bank", source / 3 % 10'000)
                                 : std::string{instrument};
    put(Row::payment, at, {},
        service::TopUp{.key = key(),
                       .customer = customer_number(customer),
                       .amount_minor = minor,
                       .currency = code(wallet(customer, wallet_index).currency),
                       .memo = from.starts_with("card") ? "Top-up by card" : "Top-up by bank transfer",
                       .instrument = from});
    return payments_.make();
}

void Till::capture(const Paid& held, std::int64_t minor, Moment at) {
    put(Row::end_of_hold, at, actor_of(held.shop),
        service::CapturePayment{.key = key(), .payment = payment_number(held.place), .amount_minor = minor});
    payments_.make();
    give(held.customer, held.wallet, held.amount_minor - minor);
}

void Till::cancel(const Paid& held, Moment at) {
    put(Row::end_of_hold, at, actor_of(held.shop),
        service::CancelPayment{.key = key(), .payment = payment_number(held.place)});
    payments_.make();
    give(held.customer, held.wallet, held.amount_minor);
}

void Till::refund(const Paid& paid, std::optional<std::int64_t> duplicate_of, Moment at) {
    put(Row::payment, at, actor_of(paid.shop),
        service::Refund{.key = key(),
                        .payment = payment_number(paid.place),
                        .amount_minor = paid.amount_minor,
                        .reason = duplicate_of ? "duplicate" : "requested_by_customer",
                        .duplicate_of = duplicate_of ? payment_number(*duplicate_of) : 0});
    payments_.make();
    give(paid.customer, paid.wallet, paid.amount_minor);
}

void Till::give(std::int64_t customer, std::size_t wallet_index, std::int64_t minor) {
    Wallet& to = wallets_[static_cast<std::size_t>(customer)][wallet_index].value();
    to.available_minor += minor;
    ensure(to.available_minor >= 0);
}

std::int64_t Till::round_sum(money::Currency currency, std::int64_t short_by) {
    const std::int64_t step = top_up_step_minor(currency);
    return (short_by / step + sums_.between(1, 4)) * step;
}

const Wallet& Till::wallet(std::int64_t customer, std::size_t wallet) const {
    return wallets_[static_cast<std::size_t>(customer)][wallet].value();
}

std::size_t Till::wallet_count(std::int64_t customer) const {
    return wallets_[static_cast<std::size_t>(customer)][1] ? 2 : 1;
}

service::Command Till::take_command() {
    ensure(!ready_.empty());
    service::Command command = std::move(ready_.front());
    ready_.pop_front();
    return command;
}

void Till::answered(const service::Answer& answer) {
    if (predicting_) return;
    ensure(!unanswered_.empty());
    const Row row = unanswered_.front();
    unanswered_.pop_front();
    switch (row) {
    case Row::customer: return customers_.learn(answer.number);
    case Row::shop: return shops_.learn(answer.number);
    case Row::payment: return payments_.learn(answer.number);
    case Row::end_of_hold: return payments_.pass();
    case Row::none: return;
    }
}

// Called before the row's place is taken: the command must not name itself.
void Till::put(Row row, Moment at, service::Actor actor, service::CommandBody body) {
    last_at_ = std::max(last_at_, at);
    ready_.push_back(
        {.id = CommandId::of(last_at_, ids_.octets(10)), .at = last_at_, .actor = actor, .body = std::move(body)});
    if (predicting_) return;
    unanswered_.push_back(row);
    if (unanswered_.size() > World::answers_behind_max) {
        predicting_ = true;
        unanswered_ = {};
    }
}

std::string Till::key() { return fmt::format("demo-{:x}-{}", seed_, ++keys_made_); }

service::Actor Till::actor_of(std::size_t shop) const {
    return {.kind = service::ActorKind::merchant, .no = shop_number(shop)};
}

}  // namespace okpay::demo
