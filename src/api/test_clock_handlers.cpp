// SPDX-License-Identifier: Apache-2.0
// The clock of a test: read by all staff, moved by an administrator.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t time_characters_max = 40;

Problem no_test_clock() {
    return {.code = "no_test_clock",
            .detail = "This server lives by the system's clock; `okpay serve --test-clock` does not."};
}

Response clock_answer(const Api& api) {
    const auto ahead = std::chrono::floor<std::chrono::seconds>(api.options().clock->ahead());
    const json::object body{{"now", rfc3339(api.now())}, {"ahead_s", ahead.count()}};
    return json_response(200, json::serialize(body));
}

}  // namespace

awaitable<Response> get_test_clock(Api& api, Request, SignedIn) {
    if (!api.options().move_test_clock) co_return problem(no_test_clock());
    co_return clock_answer(api);
}

awaitable<Response> move_test_clock(Api& api, Request request, SignedIn who) {
    if (!api.options().move_test_clock) co_return problem(no_test_clock());
    BodyReader body{request};
    const std::string text = body.text("to", {.characters_max = time_characters_max, .required = false});
    std::optional<Moment> to;
    if (text.empty()) {
        const std::int64_t seconds = body.integer("advance_s");
        if (seconds < 1) body.refuse("/advance_s", "is a whole number of seconds, above zero");
        // Beyond what the writer allows either way: no sum of these can overflow.
        to = api.now() + std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, std::int64_t{1} << 32U)};
    } else {
        to = moment_of_rfc3339(text);
        if (!to) body.refuse("/to", "is a time as in RFC 3339, such as 2026-11-05T00:00:00Z");
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.options().move_test_clock(actor_of(who), *to);
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return clock_answer(api);
}

}  // namespace okpay::api
