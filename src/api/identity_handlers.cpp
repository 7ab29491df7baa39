// SPDX-License-Identifier: Apache-2.0
// For customers: prove who you are. A picture is the whole body of its request; what it is, its content says.
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "api/handlers.hpp"
#include "api/render_identity.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

using customers::VerificationId;
using service::VerificationView;

constexpr std::size_t seed_octets = 32;
constexpr std::int64_t own_verifications_shown_max = 20;

Problem no_identity() { return Problem{.code = "unavailable", .detail = "Proof of identity is not taken here."}; }

Problem picture_problem(service::IdentityFault fault) {
    switch (fault) {
    case service::IdentityFault::unknown_type:
        return {.code = "picture_type_refused",
                .detail = "The picture is neither JPEG nor PNG. Take it with the camera, or save it as JPEG."};
    case service::IdentityFault::heic:
        return {.code = "picture_type_refused",
                .detail =
                    "The picture is HEIC, which we do not read. On an iPhone: Settings, Camera, Formats, Most Compatible; "
                    "or send it from our page, which converts it."};
    case service::IdentityFault::too_many_pixels:
        return {.code = "picture_too_large", .detail = "The picture has more than 60 million pixels (20 million as PNG)."};
    case service::IdentityFault::too_small:
        return {.code = "picture_too_small",
                .detail = fmt::format("The picture is less than {} pixels wide or high.", pictures::side_min)};
    case service::IdentityFault::unreadable:
        return {.code = "picture_unreadable", .detail = "The picture is broken or incomplete. Take it again."};
    case service::IdentityFault::no_reader: return unavailable();
    case service::IdentityFault::storage_full:
        return {.code = "storage_full", .detail = "The picture could not be stored; nothing was done."};
    case service::IdentityFault::gone: return not_found();
    }
    std::abort();
}

// Capitals and digits, as on the document.
std::string canonical_number(std::string_view text) {
    std::string number;
    for (const char c : text) {
        if (c == ' ' || c == '-') continue;
        number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return number;
}

bool is_number(std::string_view number) {
    return number.size() >= 4 && number.size() <= 20 &&
           std::ranges::all_of(number, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool is_country(std::string_view code) {
    return code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

awaitable<Result<VerificationView, Problem>> own_verification(Api& api, std::string_view id_text,
                                                              const SignedInCustomer& who) {
    const auto id = VerificationId::parse(id_text);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.verification(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found || (*found)->row.customer != who.view.customer.no) co_return fail(not_found());
    co_return **std::move(found);
}

awaitable<Response> answered(Api& api, std::string id, SignedInCustomer who, unsigned status) {
    const auto view = co_await own_verification(api, id, who);
    if (!view) co_return problem(view.error());
    co_return json_response(status, json::serialize(own_verification_json(*view, api.now())));
}

}  // namespace

awaitable<Response> begin_verification(Api& api, Request request, SignedInCustomer who) {
    if (!api.options().identity) co_return problem(no_identity());
    if (auto missing = step_up_missing(who, customers::Act::hand_in_evidence, now())) co_return problem(*missing);
    BodyReader body{request};
    const auto document = customers::document_kind_of_name(body.text("document", {.characters_max = 30}));
    const std::string country = body.text("country", {.characters_max = 3});
    const std::string name{trimmed(body.text("name", {.characters_max = 120}))};
    const auto birth = customers::day_of(body.text("birth_date", {.characters_max = 10}));
    const std::string number = canonical_number(body.text("document_number", {.characters_max = 30}));
    std::string purpose = body.text("purpose", {.characters_max = 20, .required = false});
    const bool consent = body.flag("consent");
    if (purpose.empty()) purpose = "raise_level";
    if (!document) body.refuse("/document", "must be passport, identity_card or chinese_resident_id");
    if (!is_country(country)) body.refuse("/country", "must be three capital letters of ISO 3166-1");
    if (name.empty()) body.refuse("/name", "must not be empty");
    if (!birth || std::chrono::sys_days{*birth} > api.now()) body.refuse("/birth_date", "must be a day such as 1990-04-15");
    if (!is_number(number)) body.refuse("/document_number", "must have 4 to 20 letters and digits");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto facts = api.options().identity->seal(
        {.document = *document, .country = country, .name = name, .birth = *birth, .number = number});
    service::BeginVerification command{.verification = fresh_id<VerificationId>().text(),
                                       .customer = number_of(who.view.customer.no),
                                       .purpose = purpose,
                                       .document = std::string{customers::name_of(*document)},
                                       .country = country,
                                       .number_masked = facts.number_masked,
                                       .number_hash = facts.number_hash,
                                       .facts_key = base64_of(facts.key),
                                       .facts = base64_of(facts.facts),
                                       .consent = consent};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await answered(api, answer.text, std::move(who), 201);
}

awaitable<Response> list_own_verifications(Api& api, Request, SignedInCustomer who) {
    auto query = [no = who.view.customer.no](service::Queries& queries) {
        return queries.verifications_of(no, own_verifications_shown_max);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const VerificationView& view : *found) items.push_back(own_verification_json(view, api.now()));
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> get_own_verification(Api& api, Request request, SignedInCustomer who) {
    co_return co_await answered(api, request.params[0], std::move(who), 200);
}

awaitable<Response> add_identity_file(Api& api, Request request, SignedInCustomer who) {
    if (!api.options().identity) co_return problem(no_identity());
    if (auto missing = step_up_missing(who, customers::Act::hand_in_evidence, now())) co_return problem(*missing);
    const auto kind = customers::identity_file_kind_of_name(request.params[1]);
    if (!kind) co_return problem(not_found());
    // Before any work: whose it is, and whether it still takes pictures.
    const auto view = co_await own_verification(api, request.params[0], who);
    if (!view) co_return problem(view.error());
    if (view->row.state != customers::VerificationState::requires_input) {
        co_return problem({.code = "state_not_allowed",
                           .detail = fmt::format("The verification is {} and takes no pictures now.",
                                                 customers::name_of(view->row.state))});
    }
    if (request.body().empty()) co_return problem(malformed("The picture is the body of the request; it is empty."));
    auto work = [identity = api.options().identity, file = std::move(request.message.body()), kind = *kind] {
        return identity->take_in(file, kind);
    };
    auto taken = co_await api.look_at_picture(std::move(work));
    if (!taken) co_return problem(unavailable());
    if (!*taken) co_return problem(picture_problem(taken->error()));
    service::AddIdentityFile command = **std::move(taken);
    command.verification = view->row.no;
    command.customer = number_of(who.view.customer.no);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await answered(api, answer.text, std::move(who), 201);
}

awaitable<Response> submit_verification(Api& api, Request request, SignedInCustomer who) {
    if (!api.options().identity) co_return problem(no_identity());
    if (auto missing = step_up_missing(who, customers::Act::hand_in_evidence, now())) co_return problem(*missing);
    const auto view = co_await own_verification(api, request.params[0], who);
    if (!view) co_return problem(view.error());
    auto work = [identity = api.options().identity, view = *view, at = api.now()] {
        return identity->check(view.row, view.files, view.readings, at);
    };
    const auto checked = co_await api.look_at_picture(std::move(work));
    if (!checked) co_return problem(unavailable());
    service::SubmitVerification command{.verification = view->row.no,
                                        .customer = number_of(who.view.customer.no),
                                        .files = {},
                                        .checks = {},
                                        .document_expires = "",
                                        .readable = true,
                                        .seed = hex_of(random_octets(seed_octets))};
    for (const store::IdentityFileRow& file : view->files) command.files.push_back(file.no);
    if (*checked) {  // else what was stated is gone, and so is the state that could be submitted
        for (const customers::IdentityCheck& check : (*checked)->checks) {
            command.checks.push_back(
                {std::string{customers::name_of(check.kind)}, std::string{customers::name_of(check.verdict)}});
        }
        if ((*checked)->expires) command.document_expires = customers::text_of(*(*checked)->expires);
        command.readable = (*checked)->readable;
    }
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await answered(api, answer.text, std::move(who), 200);
}

awaitable<Response> cancel_verification(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    const bool consent_declined = body.flag("consent_declined");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto view = co_await own_verification(api, request.params[0], who);
    if (!view) co_return problem(view.error());
    service::CancelVerification command{.verification = view->row.no,
                                        .customer = number_of(who.view.customer.no),
                                        .consent_declined = consent_declined};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await answered(api, answer.text, std::move(who), 200);
}

awaitable<Response> destroy_own_files(Api& api, Request request, SignedInCustomer who) {
    const auto view = co_await own_verification(api, request.params[0], who);
    if (!view) co_return problem(view.error());
    service::RequestFilesDestroyed command{.verification = view->row.no, .customer = number_of(who.view.customer.no)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await answered(api, answer.text, std::move(who), 200);
}

}  // namespace okpay::api
