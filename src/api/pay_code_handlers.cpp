// SPDX-License-Identifier: Apache-2.0
// "Pay me": a public link, and its QR code, that names the customer by id. It holds nothing secret and no address: whoever
// opens it signed in sees the name and may send money; nothing moves by opening it.
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/json.hpp"
#include "api/qr_code.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t note_characters_max = 60;  // escaped in the link, a character may take nine octets of the code

bool is_host(std::string_view host) {
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
    });
}

// RFC 3986 section 2.1: all but the unreserved.
std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                                c == '.' || c == '_' || c == '~';
        if (unreserved) encoded += c;
        else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::size_t characters_in(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

Result<std::string, Problem> pay_link(const Api& api, const Request& request, const CustomerId& payee) {
    std::string link = fmt::format("{}/account/pay?to={}", public_origin(api, request), payee.text());
    const std::string amount_text = request.query_value("amount").value_or("");
    const std::string currency_text = request.query_value("currency").value_or("");
    const std::string note = request.query_value("note").value_or("");
    const auto currency = money::currency_of_code(currency_text);
    if (!currency_text.empty() && !currency) return fail(malformed("currency: is no currency that we keep books in."));
    if (!amount_text.empty()) {
        if (!currency) return fail(malformed("currency: is needed with an amount."));
        const auto amount = money::Money::parse(amount_text, *currency);
        if (!amount || amount->minor() <= 0) return fail(malformed("amount: a decimal above zero, such as 12.50."));
        link += "&amount=" + amount->decimal();
    }
    if (currency) link += fmt::format("&currency={}", money::code_of(*currency));
    if (characters_in(note) > note_characters_max) {
        return fail(malformed(fmt::format("note: at most {} characters.", note_characters_max)));
    }
    if (!note.empty()) link += "&note=" + percent_encoded(note);
    return link;
}

}  // namespace

std::string public_origin(const Api& api, const Request& request) {
    const std::string& configured = api.options().public_url;
    if (!configured.empty()) return configured.ends_with('/') ? configured.substr(0, configured.size() - 1) : configured;
    const std::string host = ascii_lower(request.header("Host"));
    return fmt::format("{}://{}", api.options().cookie_secure ? "https" : "http",
                       is_host(host) ? host : std::string{"localhost"});
}

awaitable<Response> own_pay_code(Api& api, Request request, SignedInCustomer who) {
    const auto link = pay_link(api, request, who.view.customer.id);
    if (!link) co_return problem(link.error());
    co_return json_response(200, json::serialize(json::object{{"url", *link}}));
}

awaitable<Response> own_pay_code_picture(Api& api, Request request, SignedInCustomer who) {
    const auto link = pay_link(api, request, who.view.customer.id);
    if (!link) co_return problem(link.error());
    auto picture = qr_svg(*link);
    if (!picture) co_return problem(malformed("The link is too long for a code."));
    Response response{.status = 200, .content_type = "image/svg+xml", .body = *std::move(picture), .headers = {}};
    response.with("Cache-Control", "no-store");
    co_return response;
}

awaitable<Response> get_payee(Api& api, Request request, SignedInCustomer who) {
    const auto id = CustomerId::parse(request.params[0]);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.customer(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    const service::CustomerView& payee = **found;
    json::array currencies;
    for (const service::OwnedAccount& wallet : payee.wallets) currencies.emplace_back(money::code_of(wallet.currency));
    const json::object body{{"id", payee.customer.id.text()},
                            {"name", payee.customer.name},
                            {"currencies", std::move(currencies)},
                            {"is_me", payee.customer.no == who.view.customer.no}};
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
