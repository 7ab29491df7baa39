// SPDX-License-Identifier: Apache-2.0
// Case sessions: one request, seen and answered by whoever used the one-time link at the stored address.
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "customers/names.hpp"
#include "desk/ask_facts.hpp"
#include "desk/lifecycle.hpp"
#include "service/case_parts.hpp"

namespace okpay::api {
namespace {

constexpr service::Actor nobody{};  // whoever has the link
constexpr std::size_t token_characters_max = 100;
constexpr std::size_t text_characters_max = 4'000;
constexpr std::size_t name_octets_max = 200;
constexpr std::size_t fact_characters_max = 40;

struct FileKind {
    std::string_view magic, media_type;
};
// By its first octets, whatever its name says. What runs or nests is not among them.
constexpr std::array file_kinds{
    FileKind{std::string_view{"\xFF\xD8\xFF", 3}, "image/jpeg"},
    FileKind{std::string_view{"\x89PNG\r\n\x1A\n", 8}, "image/png"},
    FileKind{"%PDF-", "application/pdf"},
};

std::optional<std::string_view> media_type_of(ByteView octets) {
    const auto found =
        std::ranges::find_if(file_kinds, [&](const FileKind& kind) { return octets.starts_with(kind.magic); });
    return found == file_kinds.end() ? std::nullopt : std::optional{found->media_type};
}

// The last part of a path, one line, no controls: it is shown, never opened by.
std::string plain_name(std::string_view said) {
    const auto decoded = percent_decoded(said, false);
    std::string_view last = decoded ? std::string_view{*decoded} : std::string_view{};
    if (const auto slash = last.find_last_of("/\\"); slash != std::string_view::npos) last.remove_prefix(slash + 1);
    std::string name;
    for (const char c : utf8_prefix(last, name_octets_max)) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) name += c;
    }
    return is_utf8(name) && !trimmed(name).empty() ? std::string{trimmed(name)} : "file";
}

json::object case_json(const service::CaseView& view) {
    const desk::Ticket& ticket = view.row.ticket;
    json::array answers, files;
    for (const desk::Message& message : view.answers) {
        answers.push_back(json::object{{"at", rfc3339(message.at)}, {"text", message.body}});
    }
    for (const customers::CaseFile& file : view.files) files.push_back(case_file_json(file));
    json::value word = nullptr;
    if (view.newest_word) word = json::object{{"at", rfc3339(view.newest_word->at)}, {"text", view.newest_word->body}};
    return {{"number", ticket.request_number},
            {"state", desk::state_name(ticket.state)},
            {"language", view.language},
            {"opened_at", rfc3339(ticket.opened)},
            {"first_reply_due", rfc3339(ticket.first_reply_due)},
            {"first_replied_at", time_json(ticket.first_replied)},
            {"session_ends_at", time_json(view.access.session_expires)},
            {"newest_word", std::move(word)},
            {"answers", std::move(answers)},
            {"files", std::move(files)},
            {"asked_facts", asked_facts_json(view.asked)},
            {"may_answer", ticket.state != desk::TicketState::closed}};
}

// The request as it stands after the command.
awaitable<Response> case_answer(Api& api, Request request, unsigned status) {
    const auto hash = session_token_hash(request, case_session, api.options().cookie_secure);
    auto query = [hash = hash.value_or(Bytes{}), at = okpay::now()](service::Queries& queries) {
        return queries.case_by_session(hash, at);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(case_json(**found)));
}

std::string session_hash_of(const service::CaseView& view) { return hex_of(view_of(view.access.session_hash.value())); }

service::Actor actor_of_case(const service::CaseView& view) {
    return {service::ActorKind::customer, number_of(view.access.customer)};
}

}  // namespace

awaitable<Response> send_case_link(Api& api, Request request, SignedIn who) {
    service::SendCaseLink command{.access = fresh_id<customers::CaseId>().text(),
                                  .ticket = ticket_number(request),
                                  .seed = fresh_id<CommandId>().text()};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const json::object sent{{"ticket", answer.text}, {"expires_at", rfc3339(okpay::now() + customers::case_link_lasts)}};
    co_return json_response(201, json::serialize(sent));
}

awaitable<Response> open_case(Api& api, Request request) {
    BodyReader body{request};
    const std::string token = body.text("token", {.characters_max = token_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto link = service::hash_of_link(token);
    if (!link)
        co_return problem({.code = "token_invalid", .detail = "This link was used or has expired; ask for a new one."});
    // A fresh token: whoever knew a cookie before knows nothing of this one.
    const Bytes session = random_octets(session_token_octets);
    service::OpenCase command{.link_hash = hex_of(view_of(*link)), .session_hash = hex_of(view_of(sha256(session)))};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response opened = json_response(200, json::serialize(json::object{{"number", answer.text}}));
    opened.with("Set-Cookie", session_cookie(case_session, base64url_of(session), api.options().cookie_secure));
    co_return opened;
}

awaitable<Response> get_case(Api&, Request, service::CaseView view) {
    co_return json_response(200, json::serialize(case_json(view)));
}

// To pick from: the newest of the own history, and only while it is not known which payment is meant.
awaitable<Response> list_case_payments(Api& api, Request, service::CaseView view) {
    const auto missing = view.asked ? desk::still_missing(view.asked->asked, view.asked->given) : std::vector<std::string>{};
    const bool wanted = std::ranges::any_of(missing, [](const std::string& fact) {
        return fact == "transaction_id" || fact == "amount" || fact == "transaction_time";
    });
    if (!wanted) co_return problem(not_found());
    auto look_up = [customer = view.access.customer](service::Queries& queries) { return queries.customer(customer); };
    const auto found = co_await api.read(std::move(look_up));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return co_await newest_payments(api, **found);
}

awaitable<Response> answer_case(Api& api, Request request, service::CaseView view) {
    BodyReader body{request};
    std::string text = body.text("text", {.characters_max = text_characters_max, .required = false});
    std::string payment = body.text("payment", {.characters_max = token_characters_max, .required = false});
    std::vector<std::string> facts = body.texts("facts", desk::facts_of_request_max, fact_characters_max, false);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (trimmed(text).empty() && payment.empty())
        co_return problem({.code = "text_missing", .detail = "Write something first."});
    service::AnswerCase command{.session_hash = session_hash_of(view),
                                .message_id = fresh_id<MessageId>().text(),
                                .text = std::move(text),
                                .facts = std::move(facts),
                                .payment = std::move(payment)};
    const service::Answer answer = co_await api.submit(actor_of_case(view), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await case_answer(api, std::move(request), 201);
}

awaitable<Response> hand_in_file(Api& api, Request request, service::CaseView view) {
    if (!api.options().seal_file) {
        co_return problem({.code = "file_not_allowed", .detail = "No files are taken here; answer in words."});
    }
    const auto media_type = media_type_of(request.body());
    if (!media_type) { co_return problem({.code = "file_not_allowed", .detail = "Send a photo (JPEG, PNG) or a PDF."}); }
    auto seal = [octets = std::string{request.body()}, &api] { return api.options().seal_file(octets); };
    auto sealed = co_await api.hash(std::move(seal));
    if (!sealed || !*sealed) co_return problem(unavailable());
    service::HandInFile command{.session_hash = session_hash_of(view),
                                .file = fresh_id<customers::CaseId>().text(),
                                .name = plain_name(request.header("X-File-Name")),
                                .media_type = std::string{*media_type},
                                .size = static_cast<std::int64_t>(request.body().size()),
                                .content_hash = hex_of(view_of(sha256(request.body()))),
                                .object_key = std::move((*sealed)->object_key),
                                .sealed = std::move((*sealed)->sealed),
                                .blob = std::move((*sealed)->blob)};
    const service::Answer answer = co_await api.submit(actor_of_case(view), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await case_answer(api, std::move(request), 201);
}

awaitable<Response> end_case(Api& api, Request, service::CaseView view) {
    service::EndCase command{.session_hash = session_hash_of(view)};
    const service::Answer answer = co_await api.submit(actor_of_case(view), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response ended = no_content();
    ended.with("Set-Cookie", ended_session_cookie(case_session, api.options().cookie_secure));
    co_return ended;
}

}  // namespace okpay::api
