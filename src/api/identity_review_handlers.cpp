// SPDX-License-Identifier: Apache-2.0
// For reviewers: the queue, one verification opened with a reason, its pictures as previews with the name of who looks, the
// decision. The view is written down before anything is shown; a picture as it was handed in is shown to nobody.
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <charconv>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render_identity.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

using customers::VerificationId;
using customers::VerificationState;
using service::VerificationCursor;
using service::VerificationView;

constexpr std::size_t seed_octets = 32;

std::string text_of(const VerificationCursor& cursor) { return fmt::format("{}-{}", cursor.submitted, cursor.no); }

std::optional<VerificationCursor> cursor_of(const Request& request) {
    const auto text = request.query_value("cursor");
    VerificationCursor cursor;
    if (!text) return cursor;
    const char* const end = text->data() + text->size();
    const auto first = std::from_chars(text->data(), end, cursor.submitted);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, cursor.no);
    return second.ec == std::errc{} && second.ptr == end ? std::optional{cursor} : std::nullopt;
}

awaitable<Result<VerificationView, Problem>> named_verification(Api& api, std::string_view id_text) {
    const auto id = VerificationId::parse(id_text);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.verification(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return **std::move(found);
}

struct Look {
    std::string purpose, reason;
};
Look look_of(BodyReader& body) {
    Look look{.purpose = body.text("purpose", {.characters_max = 30}),
              .reason = body.text("reason", {.characters_max = 500})};
    if (!customers::view_purpose_of_name(look.purpose)) {
        body.refuse("/purpose", "must be one of review, second_review, lock_case, complaint, audit");
    }
    return look;
}

// ASCII alone, because it is burnt into the picture.
std::string watermark(const SignedIn& who, const Look& look, Moment at) {
    return fmt::format("{} {} {} {}", customers::name_of(who.staff.role), who.staff.email, rfc3339(at).substr(0, 16),
                       look.purpose);
}

}  // namespace

awaitable<Response> list_verifications(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto state = customers::verification_state_of_name(request.query_value("state").value_or("in_review"));
    if (!state) co_return problem(malformed("state: no such state."));
    const auto after = cursor_of(request);
    if (!after) co_return problem(malformed("cursor: is none of ours."));
    auto query = [state = *state, after = *after, limit = *limit](service::Queries& queries) {
        return queries.verifications(state, after, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const Viewer viewer{who.staff};
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const VerificationView& view : page->items) {
        if (!kept->has(view.customer.no)) items.push_back(verification_summary_json(view, viewer));
    }
    const auto next = page->next ? std::optional{text_of(*page->next)} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> get_verification(Api& api, Request request, SignedIn who) {
    const auto view = co_await named_verification(api, request.params[0]);
    if (!view) co_return problem(view.error());
    co_return json_response(200, json::serialize(verification_json(*view, Viewer{who.staff})));
}

awaitable<Response> open_verification(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const Look look = look_of(body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto view = co_await named_verification(api, request.params[0]);
    if (!view) co_return problem(view.error());
    service::ViewIdentity command{.verification = view->row.no, .file = 0, .purpose = look.purpose, .reason = look.reason};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto seen = co_await named_verification(api, request.params[0]);
    if (!seen) co_return problem(seen.error());
    if (!api.options().identity) co_return problem(unavailable());
    auto work = [identity = api.options().identity, view = *seen] {
        return std::pair{identity->facts_of(view.row), identity->check(view.row, view.files, view.readings,
                                                                       view.row.submitted.value_or(view.row.created))};
    };
    const auto opened = co_await api.look_at_picture(std::move(work));
    if (!opened) co_return problem(unavailable());
    const Viewer viewer{who.staff};
    const bool destroyed = !opened->first || !opened->second;
    co_return json_response(200, json::serialize(destroyed ? verification_json(*seen, viewer)
                                                           : opened_json(*seen, viewer, *opened->first, *opened->second)));
}

awaitable<Response> preview_identity_file(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const Look look = look_of(body);
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto view = co_await named_verification(api, request.params[0]);
    if (!view) co_return problem(view.error());
    const auto id = customers::IdentityFileId::parse(request.params[1]);
    const auto found = std::ranges::find_if(view->files, [&](const store::IdentityFileRow& file) { return file.id == id; });
    if (!id || found == view->files.end() || !api.options().identity) co_return problem(not_found());
    service::ViewIdentity command{.verification = view->row.no,
                                  .file = found->no,
                                  .purpose = look.purpose,
                                  .reason = look.reason};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [id = *id](service::Queries& queries) { return queries.identity_file(id); };
    const auto file = co_await api.read(std::move(query));
    if (!file) co_return problem(problem_of(file.error()));
    if (!*file) co_return problem(not_found());
    auto work = [identity = api.options().identity, file = **file, words = watermark(who, look, api.now())] {
        return identity->preview(file, words);
    };
    auto preview = co_await api.look_at_picture(std::move(work));
    if (!preview) co_return problem(unavailable());
    if (!*preview) { co_return problem(preview->error() == service::IdentityFault::gone ? not_found() : unavailable()); }
    Response response{.status = 200, .content_type = "image/jpeg", .body = **std::move(preview), .headers = {}};
    response.with("Cache-Control", "no-store").with("Content-Disposition", "inline");
    co_return response;
}

awaitable<Response> decide_verification(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::ReviewVerification command{.verification = 0,
                                        .round = body.integer("round"),
                                        .decision = body.text("decision", {.characters_max = 20}),
                                        .code =
                                            body.text("code", {.characters_max = 30, .required = false, .nullable = true}),
                                        .note = body.text("note", {.characters_max = 1'000}),
                                        .word =
                                            body.text("word", {.characters_max = 300, .required = false, .nullable = true}),
                                        .totp_code = body.text("totp", {.characters_max = 10}),
                                        .seed = hex_of(random_octets(seed_octets))};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (command.code.empty()) command.code = "none";
    const auto view = co_await named_verification(api, request.params[0]);
    if (!view) co_return problem(view.error());
    command.verification = view->row.no;
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const auto decided = co_await named_verification(api, request.params[0]);
    if (!decided) co_return problem(decided.error());
    co_return json_response(200, json::serialize(verification_json(*decided, Viewer{who.staff})));
}

}  // namespace okpay::api
