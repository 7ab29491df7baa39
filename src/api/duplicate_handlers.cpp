// SPDX-License-Identifier: Apache-2.0
// For customers who were charged twice.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "payments/payment_ref.hpp"
#include "store/duplicate_store.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t text_characters_max = 2'000;

// What the answer names by number.
struct Named {
    std::optional<service::PaymentView> other, refund;
};

service::Read<Named> named(service::Queries& queries, std::int64_t other, std::int64_t refund) {
    Named found;
    if (other != 0) {
        auto view = queries.payment(other);
        if (!view) return fail(view.error());
        found.other = *std::move(view);
    }
    if (refund != 0) {
        auto view = queries.payment(refund);
        if (!view) return fail(view.error());
        found.refund = *std::move(view);
    }
    return found;
}

template <class AnyId>
std::string fresh(Moment at) {
    return AnyId::of(at, random_octets(10)).text();
}

}  // namespace

awaitable<Response> report_duplicate(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    const auto id = payments::parse_payment_ref(request.params[0]);
    if (!id) co_return problem(not_found());
    BodyReader body{request};
    const std::string twin = body.text("twin", {.characters_max = 64, .required = false});
    const auto twin_id = twin.empty() ? std::nullopt : payments::parse_payment_ref(twin);
    if (!twin.empty() && !twin_id) body.refuse("/twin", "is not a payment");
    const Moment at = api.now();
    service::ReportDuplicate command{.key = *key,
                                     .customer = number_of(who.view.customer.no),
                                     .payment = payments::seq_of(*id),
                                     .twin = twin_id ? payments::seq_of(*twin_id) : 0,
                                     .ticket_id = fresh<TicketId>(at),
                                     .message_id = fresh<MessageId>(at),
                                     .outgoing_id = fresh<OutgoingId>(at),
                                     .remedy_id = fresh<RemedyId>(at),
                                     .text = body.text("text", {.characters_max = text_characters_max, .required = false})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto exact = [id = *id](service::Queries& queries) { return queries.payment(id); };
    const auto reported = co_await api.read(std::move(exact));  // the whole reference, not its number alone
    if (!reported) co_return problem(problem_of(reported.error()));
    if (!*reported) co_return problem(not_found());
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    // Another's payment reads as one that is not there.
    if (answer.code == service::codes::not_found) co_return problem(not_found());
    if (!answer.done()) co_return problem(problem_of(answer));
    const std::int64_t other = answer.numbers.at(2);
    const std::int64_t refund = answer.numbers.at(3);
    auto query = [other, refund](service::Queries& queries) { return named(queries, other, refund); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    const json::object report{
        {"outcome", store::name_of(static_cast<store::ReportOutcome>(answer.numbers.at(0)))},
        {"class", payments::name_of(static_cast<payments::PairClass>(answer.numbers.at(1)))},
        {"payment", payments::text_of(*id)},
        {"other_payment", found->other ? json::value(payments::text_of(found->other->payment.id)) : json::value(nullptr)},
        {"refund", found->refund ? json::value(payment_json(*found->refund, who.view.wallets)) : json::value(nullptr)},
        {"ticket", answer.text.empty() ? json::value(nullptr) : json::value(answer.text)}};
    Response response = json_response(201, json::serialize(report));
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

}  // namespace okpay::api
