// SPDX-License-Identifier: Apache-2.0
// What staff see of mail that did not simply leave or come in: its deliveries, what is held back, what cannot be read,
// addresses that nothing is sent to. And what they decide about it.
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t reason_characters_max = 500;

json::object suppression_json(const service::SuppressionView& view, const Viewer& viewer) {
    return {{"id", std::to_string(view.row.no)},
            {"address", viewer.address(view.row.address)},
            {"customer", view.customer ? json::value(view.customer->id.text()) : json::value(nullptr)},
            {"reason", mail::name_of(view.row.reason)},
            {"status", view.row.status},
            {"answer", view.row.diagnostic},
            {"ticket", text_or_null(view.ticket)},
            {"since", rfc3339(view.row.since)},
            {"lifted_at", time_json(view.row.lifted)},
            {"lift_reason", view.row.lift_reason}};
}

std::string_view name_of(store::DeliveryStep step) {
    switch (step) {
    case store::DeliveryStep::accepted: return "accepted";
    case store::DeliveryStep::temporary: return "temporary";
    case store::DeliveryStep::refused: return "refused";
    case store::DeliveryStep::uncertain: return "uncertain";
    case store::DeliveryStep::bounced: return "bounced";
    case store::DeliveryStep::delayed: return "delayed";
    case store::DeliveryStep::suppressed: return "suppressed";
    case store::DeliveryStep::resent: return "resent";
    case store::DeliveryStep::marked_sent: return "marked_sent";
    }
    std::abort();
}

std::string_view name_of(store::Held held) {
    switch (held) {
    case store::Held::no: return "no";
    case store::Held::volume: return "volume";
    case store::Held::recipient: return "recipient";
    case store::Held::request: return "request";
    }
    std::abort();
}

json::object delivery_log_json(const service::DeliveryLog& log, const Viewer& viewer) {
    json::array items;
    for (const store::DeliveryAttempt& attempt : log.attempts) {
        items.push_back(
            json::object{{"at", rfc3339(attempt.at)}, {"step", name_of(attempt.step)}, {"answer", attempt.reply}});
    }
    return {{"delivery", delivery_json(log.delivery)},
            {"recipient", viewer.address(log.recipient)},
            {"items", std::move(items)}};
}

awaitable<Result<service::DeliveryLog, Problem>> log_of(Api& api, std::string number, std::string message) {
    const auto id = MessageId::parse(message);
    if (!id) co_return fail(not_found());
    auto query = [number = std::move(number), id = *id](service::Queries& queries) {
        return queries.delivery_log(number, id);
    };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return **std::move(found);
}

awaitable<Response> decide_delivery(Api& api, Request request, SignedIn who, std::string decision) {
    auto log = co_await log_of(api, request.params[0], request.params[1]);
    if (!log) co_return problem(log.error());
    service::DecideDelivery command{.outgoing = log->outgoing, .decision = std::move(decision)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    log = co_await log_of(api, request.params[0], request.params[1]);
    if (!log) co_return problem(log.error());
    co_return json_response(200, json::serialize(delivery_log_json(*log, Viewer{who.staff})));
}

json::object brake_json(const store::MailBrake& brake) {
    const bool relay = brake.kind == store::BrakeKind::relay;
    return {{"id", std::to_string(brake.no)},
            {"kind", relay ? "relay" : "volume"},
            {"since", rfc3339(brake.since)},
            {"why", brake.why},
            {"next_try", relay && !brake.ended ? json::value(rfc3339(brake.next_try)) : json::value(nullptr)},
            {"ended_at", time_json(brake.ended)},
            {"end_reason", brake.end_reason}};
}

Response done_answer() { return json_response(200, json::serialize(json::object{{"state", "done"}})); }

}  // namespace

awaitable<Response> get_deliveries(Api& api, Request request, SignedIn who) {
    const auto log = co_await log_of(api, request.params[0], request.params[1]);
    if (!log) co_return problem(log.error());
    co_return json_response(200, json::serialize(delivery_log_json(*log, Viewer{who.staff})));
}

awaitable<Response> resend_message(Api& api, Request request, SignedIn who) {
    return decide_delivery(api, std::move(request), std::move(who), "resend");
}

awaitable<Response> mark_message_sent(Api& api, Request request, SignedIn who) {
    return decide_delivery(api, std::move(request), std::move(who), "mark_sent");
}

awaitable<Response> get_mail_brakes(Api& api, Request, SignedIn who) {
    auto query = [](service::Queries& queries) { return queries.mail_brakes(); };
    const auto report = co_await api.read(std::move(query));
    if (!report) co_return problem(problem_of(report.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    const Viewer viewer{who.staff};
    json::array brakes, held;
    for (const store::MailBrake& brake : report->brakes) brakes.push_back(brake_json(brake));
    for (const service::HeldMailView& one : report->held) {
        if (kept->has(one.customer)) continue;
        held.push_back(json::object{{"id", std::to_string(one.no)},
                                    {"kind", one.kind},
                                    {"recipient", viewer.address(one.recipient)},
                                    {"ticket", text_or_null(one.ticket)},
                                    {"why", name_of(one.why)},
                                    {"written_at", rfc3339(one.created)}});
    }
    co_return json_response(200, json::serialize(json::object{{"brakes", std::move(brakes)},
                                                              {"held", std::move(held)},
                                                              {"held_count", report->held_count}}));
}

awaitable<Response> release_mail_brake(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::ReleaseHeldMail command{.brake = count_of(request.params[0]).value_or(0),
                                     .reason = body.text("reason", {.characters_max = reason_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return done_answer();
}

awaitable<Response> send_held_mail(Api& api, Request request, SignedIn who) {
    service::DecideDelivery command{.outgoing = count_of(request.params[0]).value_or(0), .decision = "resend"};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return done_answer();
}

awaitable<Response> list_quarantine(Api& api, Request request, SignedIn) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const std::optional<std::int64_t> before = *cursor ? std::optional{(*cursor)->number} : std::nullopt;
    auto query = [before, limit = *limit](service::Queries& queries) { return queries.quarantine(before, limit); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::QuarantinedMailView& one : page->items) {
        items.push_back(json::object{{"id", std::to_string(one.no)},
                                     {"channel", one.channel},
                                     {"sender", masked_address(one.mail_from)},
                                     {"reason", one.reason},
                                     {"size", one.size},
                                     {"attempts", one.attempts},
                                     {"received_at", rfc3339(one.received)},
                                     {"quarantined_at", rfc3339(one.updated)}});
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> retry_quarantined(Api& api, Request request, SignedIn who) {
    service::RetryQuarantined command{.mail = count_of(request.params[0]).value_or(0)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return done_answer();
}

awaitable<Response> list_suppressed_addresses(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const std::string view = request.query_value("view").value_or("standing");
    if (view != "standing" && view != "all") co_return problem(malformed("view: one of standing, all."));
    const std::optional<std::int64_t> before = *cursor ? std::optional{(*cursor)->number} : std::nullopt;
    auto query = [standing = view == "standing", before, limit = *limit](service::Queries& queries) {
        return queries.suppressed_addresses(standing, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    const Viewer viewer{who.staff};
    json::array items;
    for (const service::SuppressionView& one : page->items) {
        if (one.customer && kept->has(one.customer->no)) continue;
        items.push_back(suppression_json(one, viewer));
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> lift_suppressed_address(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::LiftSuppression command{.suppression = count_of(request.params[0]).value_or(0),
                                     .reason = body.text("reason", {.characters_max = reason_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [no = answer.number](service::Queries& queries) { return queries.suppression(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(200, json::serialize(suppression_json(**found, Viewer{who.staff})));
}

}  // namespace okpay::api
