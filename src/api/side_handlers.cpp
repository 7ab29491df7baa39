// SPDX-License-Identifier: Apache-2.0
// Side threads: what staff ask banks, providers and merchants about a request; and the book of these.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "desk/side_thread.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t text_characters_max = 50'000;
constexpr std::size_t address_characters_max = 254;
constexpr std::size_t word_characters_max = 20;

template <class T, class Render>
json::value or_null(const std::optional<T>& value, const Render& render) {
    return value ? json::value(render(*value)) : json::value(nullptr);
}

json::object party_json(const desk::Counterparty& party) {
    return {{"kind", desk::name_of(party.kind)},
            {"name", party.name},
            {"address", party.address},
            {"language", desk::tag_of(party.language)},
            {"whole_domain", party.whole_domain}};
}

json::object message_json(const service::SideMessageView& view) {
    const store::SideMessageRow& row = view.row;
    boost::system::error_code error;
    json::value authentication = view.authentication.empty() ? json::value{} : json::parse(view.authentication, error);
    return {{"id", row.id.text()},
            {"direction", desk::name_of(row.direction)},
            {"kind", desk::name_of(row.kind)},
            {"staff", or_null(view.staff, person_json)},
            {"from_address", row.from_address},
            {"subject", row.subject},
            {"body", row.body},
            {"quoted", row.quoted},
            {"at", rfc3339(row.at)},
            {"delivery", or_null(view.delivery, delivery_json)},
            {"authentication", std::move(authentication)},
            {"files", view.files ? json::value(store::name_of(*view.files)) : json::value(nullptr)}};
}

json::object thread_json(const service::SideThreadView& view) {
    const desk::SideThread& thread = view.thread;
    json::array messages;
    for (const service::SideMessageView& message : view.messages) messages.push_back(message_json(message));
    json::object party = party_json(thread.party);
    party["id"] = thread.from_book ? json::value(number_of(*thread.from_book)) : json::value(nullptr);
    return {{"number", thread.number},
            {"request", view.request.empty() ? json::value(nullptr) : json::value(view.request)},
            {"counterparty", std::move(party)},
            {"subject", thread.subject},
            {"state", desk::name_of(thread.state)},
            {"opened_at", rfc3339(thread.opened)},
            {"opened_by", person_json(view.opened_by)},
            {"updated_at", rfc3339(thread.updated)},
            {"answer_due", time_json(thread.due)},
            {"closed_at", time_json(thread.closed)},
            {"closed_by", or_null(view.closed_by, person_json)},
            {"version", thread.version},
            {"messages", std::move(messages)}};
}

json::object counterparty_json(const service::CounterpartyView& view) {
    json::object shown = party_json(view.row.party);
    shown["id"] = number_of(view.row.no);
    shown["retired"] = view.row.retired;
    shown["version"] = view.row.version;
    shown["updated_at"] = rfc3339(view.row.updated);
    shown["updated_by"] = person_json(view.updated_by);
    return shown;
}

// The thread that the command was about, as it stands now.
awaitable<Response> thread_answer(Api& api, service::Answer answer, unsigned status) {
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [number = answer.text](service::Queries& queries) { return queries.side_threads(number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    for (const service::SideThreadView& view : **found) {
        if (number_of(view.thread.no) == answer.number) co_return json_response(status, json::serialize(thread_json(view)));
    }
    co_return problem(not_found());
}

// What opening one and writing on one have in common.
struct Mail {
    std::string text;
    std::vector<std::string> payments;
    std::int64_t hours, version;
};
Mail read_mail(BodyReader& body) {
    Mail mail{.text = body.text("text", {.characters_max = text_characters_max}),
              .payments = body.texts("payments", desk::side_payments_max, 64),
              .hours = body.integer("answer_within_hours"),
              .version = body.integer("version")};
    if (mail.hours < desk::side_hours_min || mail.hours > desk::side_hours_max)
        body.refuse("/answer_within_hours", "must be from 1 to 720");
    return mail;
}

awaitable<Response> put(Api& api, Request request, SignedIn who, std::int64_t counterparty) {
    BodyReader body{request};
    service::PutCounterparty command{.counterparty = counterparty,
                                     .kind = body.text("kind", {.characters_max = word_characters_max}),
                                     .name = body.text("name", {.characters_max = desk::counterparty_name_octets_max}),
                                     .address = body.text("address", {.characters_max = address_characters_max}),
                                     .language = body.text("language", {.characters_max = word_characters_max}),
                                     .whole_domain = body.needed_flag("whole_domain"),
                                     .retired = counterparty != 0 && body.needed_flag("retired"),
                                     .version = counterparty == 0 ? 0 : body.integer("version")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [](service::Queries& queries) { return queries.counterparties(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    for (const service::CounterpartyView& view : *found) {
        if (number_of(view.row.no) == answer.number)
            co_return json_response(counterparty == 0 ? 201 : 200, json::serialize(counterparty_json(view)));
    }
    co_return problem(not_found());
}

}  // namespace

awaitable<Response> list_side_threads(Api& api, Request request, SignedIn) {
    auto query = [number = ticket_number(request)](service::Queries& queries) { return queries.side_threads(number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array items;
    for (const service::SideThreadView& view : **found) items.push_back(thread_json(view));
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> open_side_thread(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::OpenSideThread command{.ticket = ticket_number(request),
                                    .message_id = fresh_id<MessageId>().text(),
                                    .outgoing_id = fresh_id<OutgoingId>().text(),
                                    .counterparty = 0,
                                    .kind = {},
                                    .name = {},
                                    .address = {},
                                    .language = {},
                                    .subject = body.text("subject", {.characters_max = desk::side_subject_octets_max}),
                                    .text = {},
                                    .payments = {},
                                    .answer_within_hours = 0,
                                    .version = 0};
    // One of the book, or one that is typed.
    if (auto to = body.inside("to")) {
        command.address = to->text("address", {.characters_max = address_characters_max});
        command.kind = to->text("kind", {.characters_max = word_characters_max});
        command.name = to->text("name", {.characters_max = desk::counterparty_name_octets_max, .required = false});
        command.language = to->text("language", {.characters_max = word_characters_max});
        body.read_inside(*to);
    } else {
        command.counterparty = body.integer("counterparty");
        if (command.counterparty <= 0) body.refuse("/counterparty", "must be the id of a counterparty");
    }
    Mail mail = read_mail(body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto payments = co_await payments_named(api, std::move(mail.payments), "payments");
    if (!payments) co_return problem(payments.error());
    command.text = std::move(mail.text);
    command.payments = *std::move(payments);
    command.answer_within_hours = mail.hours;
    command.version = mail.version;
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await thread_answer(api, std::move(answer), 201);
}

awaitable<Response> write_side_mail(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    Mail mail = read_mail(body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto payments = co_await payments_named(api, std::move(mail.payments), "payments");
    if (!payments) co_return problem(payments.error());
    service::WriteSideMail command{.ticket = ticket_number(request),
                                   .thread = request.params[1],
                                   .message_id = fresh_id<MessageId>().text(),
                                   .outgoing_id = fresh_id<OutgoingId>().text(),
                                   .text = std::move(mail.text),
                                   .payments = *std::move(payments),
                                   .answer_within_hours = mail.hours,
                                   .version = mail.version};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await thread_answer(api, std::move(answer), 201);
}

awaitable<Response> close_side_thread(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::int64_t version = body.integer("version");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::CloseSideThread command{.ticket = ticket_number(request), .thread = request.params[1], .version = version};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await thread_answer(api, std::move(answer), 200);
}

awaitable<Response> list_counterparties(Api& api, Request, SignedIn) {
    auto query = [](service::Queries& queries) { return queries.counterparties(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const service::CounterpartyView& view : *found) items.push_back(counterparty_json(view));
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> create_counterparty(Api& api, Request request, SignedIn who) {
    co_return co_await put(api, std::move(request), std::move(who), 0);
}

awaitable<Response> put_counterparty(Api& api, Request request, SignedIn who) {
    const std::int64_t no = count_of(request.params[0]).value_or(0);
    if (no == 0) co_return problem(not_found());
    co_return co_await put(api, std::move(request), std::move(who), no);
}

}  // namespace okpay::api
