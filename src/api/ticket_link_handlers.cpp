// SPDX-License-Identifier: Apache-2.0
// Requests that belong together, sleep, and answers that are being written.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "desk/follows.hpp"
#include "desk/request_number.hpp"
#include "desk/ticket_links.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t number_characters_max = 20;
constexpr std::size_t reason_characters_max = 500;
constexpr std::size_t subject_characters_max = 200;
constexpr std::size_t text_characters_max = 50'000;
constexpr std::size_t figures_max = 50;

template <class Body>
awaitable<Response> done(Api& api, Body command, SignedIn who, unsigned status = 200) {
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await ticket_summary_of(api, answer.text, std::move(who), status);
}

// In any case; the writer looks it up exactly.
std::string number_in(BodyReader& body, std::string_view name) {
    const std::string said = body.text(name, {.characters_max = number_characters_max});
    const auto number = desk::RequestNumber::parse(said);
    return number ? number->text() : said;
}

std::vector<StaffId> mentioned_in(const store::DraftRow& draft) {
    std::vector<StaffId> ids;
    for (const std::string_view line : split(draft.mentions, '\n')) {
        if (const auto id = StaffId::parse(line)) ids.push_back(*id);
    }
    return ids;
}

std::string_view mode_word(store::DraftMode mode) {
    switch (mode) {
    case store::DraftMode::reply: return "reply";
    case store::DraftMode::note: return "note";
    case store::DraftMode::side: return "side";
    }
    std::abort();
}

json::object draft_json(const store::DraftRow& draft, const std::vector<store::StaffRow>& mentioned) {
    json::array mentions;
    for (const store::StaffRow& staff : mentioned)
        mentions.push_back(json::object{{"id", staff.id.text()}, {"name", staff.name}});
    json::array figures;
    for (const std::string_view figure : split(draft.figures, '\n')) {
        if (!figure.empty()) figures.push_back(json::value(figure));
    }
    return {{"mode", mode_word(draft.mode)},
            {"text", draft.text},
            {"figures", std::move(figures)},
            {"mentions", std::move(mentions)},
            {"updated_at", rfc3339(draft.updated)}};
}

awaitable<Response> drafts_shown(Api& api, std::string number, SignedIn who) {
    auto query = [staff = who.staff.no, number](service::Queries& queries) { return queries.drafts(staff, number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array items;
    for (const store::DraftRow& draft : **found) {
        auto named = [ids = mentioned_in(draft)](service::Queries& queries) { return queries.staff_by_ids(ids); };
        const auto mentioned = co_await api.read(std::move(named));
        if (!mentioned) co_return problem(problem_of(mentioned.error()));
        items.push_back(draft_json(draft, *mentioned));
    }
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

}  // namespace

awaitable<Response> link_ticket(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string other = number_in(body, "other");
    std::string kind = body.text("kind", {.characters_max = 20});
    std::string reason = body.text("reason", {.characters_max = reason_characters_max, .required = false});
    const auto known = desk::link_kind_of_name(kind);
    if (!known || !desk::is_linked_by_hand(*known)) body.refuse("/kind", "must be one of related, duplicate_of");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::LinkTickets command{.ticket = ticket_number(request),
                                 .other = std::move(other),
                                 .kind = std::move(kind),
                                 .reason = std::move(reason)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> unlink_ticket(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string other = number_in(body, "other");
    std::string kind = body.text("kind", {.characters_max = 20});
    const auto known = desk::link_kind_of_name(kind);
    if (!known || !desk::is_linked_by_hand(*known)) body.refuse("/kind", "must be one of related, duplicate_of");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::UnlinkTickets command{.ticket = ticket_number(request), .other = std::move(other), .kind = std::move(kind)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> merge_ticket(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string into = number_in(body, "into");
    std::string reason = body.text("reason", {.characters_max = reason_characters_max, .required = false});
    const std::int64_t version = body.integer("version");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::MergeTicket command{.ticket = ticket_number(request),
                                 .into = std::move(into),
                                 .reason = std::move(reason),
                                 .version = version};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> unmerge_ticket(Api& api, Request request, SignedIn who) {
    service::UnmergeTicket command{.ticket = ticket_number(request)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> split_ticket(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::vector<std::string> messages = body.texts("messages", desk::split_messages_max, 64);
    std::string subject = body.text("subject", {.characters_max = subject_characters_max, .required = false});
    std::string category = body.text("category", {.characters_max = 40, .required = false});
    const std::int64_t version = body.integer("version");
    if (messages.empty()) body.refuse("/messages", "must name one at least");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::SplitTicket command{.ticket = ticket_number(request),
                                 .messages = std::move(messages),
                                 .subject = std::move(subject),
                                 .category = std::move(category),
                                 .ticket_id = fresh_id<TicketId>().text(),
                                 .outgoing_id = fresh_id<OutgoingId>().text(),
                                 .seed = fresh_id<CommandId>().text(),
                                 .version = version};
    co_return co_await done(api, std::move(command), std::move(who), 201);
}

awaitable<Response> snooze_ticket(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::string said = body.text("until", {.characters_max = 40});
    const auto until = moment_of_rfc3339(said);
    if (!until) body.refuse("/until", "must be a time as RFC 3339 has it");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::SnoozeTicket command{.ticket = ticket_number(request), .until = ms_of(*until)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> wake_ticket(Api& api, Request request, SignedIn who) {
    service::WakeTicket command{.ticket = ticket_number(request)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> list_drafts(Api& api, Request request, SignedIn who) {
    co_return co_await drafts_shown(api, ticket_number(request), std::move(who));
}

awaitable<Response> save_draft(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string mode = body.text("mode", {.characters_max = 10});
    std::string text = body.text("text", {.characters_max = text_characters_max});
    std::vector<std::string> figures = body.texts("figures", figures_max, 64);
    std::vector<std::string> mentions = body.texts("mentions", desk::mentions_max, 64, false);
    if (mode != "reply" && mode != "note" && mode != "side") body.refuse("/mode", "must be one of reply, note, side");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::SaveDraft command{.ticket = ticket_number(request),
                               .mode = std::move(mode),
                               .text = std::move(text),
                               .figures = std::move(figures),
                               .mentions = std::move(mentions)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await drafts_shown(api, answer.text, std::move(who));
}

}  // namespace okpay::api
