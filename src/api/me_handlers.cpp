// SPDX-License-Identifier: Apache-2.0
// For customers: come in, look at the own money, move it.
#include <boost/json/serialize.hpp>

#include "api/coming_in.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/second_factor.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/password.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t address_characters_max = 254;

// A payment that one of the customer's wallets paid or received, or that was refused to the customer.
bool is_own(const service::PaymentView& view, const service::CustomerView& customer) {
    const payments::Payment& payment = view.payment;
    return payment.customer == customer.customer.no ||
           std::ranges::any_of(customer.wallets, [&payment](const service::OwnedAccount& wallet) {
               return payment.payer == wallet.no || payment.payee == wallet.no;
           });
}

}  // namespace

awaitable<Response> sign_in_customer(Api& api, Request request) {
    BodyReader body{request};
    const std::string email = ascii_lower(trimmed(body.text("email", {.characters_max = address_characters_max})));
    Secret password{body.text("password", {.characters_max = customers::password_octets_max})};
    TypedFactor typed = read_typed_factor(api, request, body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);

    const auto attempt = co_await begin_sign_in(api, request, email);
    if (!attempt) co_return problem(attempt.error());
    // Whether or not the account exists, a try was written and a hash is checked: the same answer in the same time.
    auto check = [phc = attempt->password_phc, password = std::move(password)] {
        return customers::verify_password(phc, password);
    };
    const auto right = co_await api.hash(std::move(check));
    if (!right) co_return problem(unavailable());
    if (!attempt->customer || !*right) co_return problem(sign_in_failed());
    service::ShownFactor factor = shown_factor(std::move(typed), attempt->customer->customer.id);
    co_return co_await come_in(api, std::move(request), *attempt, std::move(factor));
}

awaitable<Response> sign_out_customer(Api& api, Request, SignedInCustomer who) {
    service::SignOutCustomer command{.session_token_hash = hex_of(who.session.token_hash)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response signed_out = no_content();
    signed_out.with("Set-Cookie", ended_session_cookie(customer_session, api.options().cookie_secure));
    co_return signed_out;
}

awaitable<Response> own_profile(Api& api, Request, SignedInCustomer who) {
    const service::Answer read = co_await account_views(api, wallets_of(who.view));
    if (!read.done()) co_return problem(problem_of(read));
    const json::object body = customer_with_wallets_json(who.view, balances_of(read), Viewer::oneself());
    co_return json_response(200, json::serialize(body));
}

awaitable<Response> list_own_payments(Api& api, Request request, SignedInCustomer who) {
    co_return co_await payment_page(api, std::move(request), std::move(who.view));
}

awaitable<Response> get_own_payment(Api& api, Request request, SignedInCustomer who) {
    const auto id = payments::parse_payment_ref(request.params[0]);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.payment_detail(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found || !is_own((*found)->view, who.view)) co_return problem(not_found());
    co_return json_response(200, json::serialize(payment_detail_json(**found, who.view.wallets)));
}

awaitable<Result<service::CustomerView, Problem>> payee_named(Api& api, std::string to) {
    auto look_up = [to = std::move(to)](service::Queries& queries) -> service::Read<std::optional<service::CustomerView>> {
        if (const auto id = CustomerId::parse(to)) return queries.customer(*id);
        auto access = queries.customer_access(to);
        if (!access) return fail(access.error());
        return *access ? std::optional{(*access)->view} : std::nullopt;
    };
    auto found = co_await api.read(std::move(look_up));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found)
        co_return fail(Problem{.code = "payee_cannot_receive", .detail = "to: nobody here has this address or id."});
    co_return **std::move(found);
}

awaitable<Response> send_money(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    const std::string to = ascii_lower(trimmed(body.text("to", {.characters_max = address_characters_max})));
    const money::Money amount = body.amount("amount");
    service::SendMoney command{.key = *key,
                               .payer = number_of(who.view.customer.no),
                               .payee = 0,
                               .amount_minor = amount.minor(),
                               .currency = std::string{money::code_of(amount.currency())},
                               .memo = body.text("memo", {.characters_max = 200, .required = false})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto payee = co_await payee_named(api, to);
    if (!payee) co_return problem(payee.error());
    command.payee = number_of(payee->customer.no);
    service::Answer answer = co_await api.submit(request, actor_of(who), std::move(command));
    if (answer.code == service::codes::not_found) answer.code = "wrong_currency";
    co_return co_await payment_made(api, std::move(answer),
                                    {.seen = {.wallets = wallets_of(who.view)}, .payee_name = payee->customer.name});
}

}  // namespace okpay::api
