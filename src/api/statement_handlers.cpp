// SPDX-License-Identifier: Apache-2.0
// Account statements, for the customer and for staff: one wallet, whole days of the customer's zone, as CSV or PDF.
#include <fmt/format.h>

#include <charconv>

#include "api/handlers.hpp"
#include "api/statement_paper.hpp"
#include "base/clock.hpp"
#include "customers/local_time.hpp"

namespace okpay::api {
namespace {

constexpr std::chrono::days days_max{366};  // a leap year

enum class Format : std::uint8_t { csv, pdf };

struct Asked {
    service::StatementRequest request;
    std::string from_day, until_day;
    Format format;
};

// "2026-11-05" and nothing else.
std::optional<std::chrono::sys_days> day_of(std::string_view text) {
    const auto span = text.size() == 10 ? customers::local_span("UTC", text) : std::nullopt;
    if (!span) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(span->from);
}

Result<Asked, Problem> asked_of(const Api& api, const Request& request, const service::CustomerView& view) {
    const std::string account_text = request.query_value("account").value_or("");
    const std::string from = request.query_value("from").value_or("");
    const std::string until = request.query_value("until").value_or("");
    const std::string format = request.query_value("format").value_or("");
    std::int64_t account = 0;
    const char* const end = account_text.data() + account_text.size();
    const auto [stopped, error] = std::from_chars(account_text.data(), end, account);
    if (account_text.empty() || error != std::errc{} || stopped != end || account <= 0) {
        return fail(malformed("account: the number of a wallet."));
    }
    const auto first = day_of(from);
    if (!first) return fail(malformed("from: a day, such as 2026-11-01."));
    const auto last = day_of(until);
    if (!last) return fail(malformed("until: a day, such as 2026-11-30; it is included."));
    if (*last < *first) return fail(malformed("until: is before from."));
    if (*last - *first + std::chrono::days{1} > days_max) {
        return fail(malformed(fmt::format("until: at most {} days with from.", days_max.count())));
    }
    if (format != "csv" && format != "pdf") return fail(malformed("format: csv or pdf."));
    const bool own = std::ranges::any_of(view.wallets, [account](const service::OwnedAccount& wallet) {
        return number_of(wallet.no) == account;
    });
    if (!own) return fail(not_found());  // whether it exists is nobody else's business
    const auto begins = customers::local_span(view.customer.zone, from);
    const auto ends = customers::local_span(view.customer.zone, until);
    return Asked{.request = {.account = money::AccountNo{account},
                             .from = begins->from,
                             .until = ends->to,
                             .limits = api.options().statement_limits},
                 .from_day = from,
                 .until_day = until,
                 .format = format == "csv" ? Format::csv : Format::pdf};
}

Problem problem_of(service::StatementRefusal refusal, const service::StatementLimits& limits) {
    switch (refusal) {
    case service::StatementRefusal::too_long:
        return {.code = "statement_too_long",
                .detail = fmt::format("from: more than {} movements lie in this period; choose a shorter one.",
                                      limits.transfers_max)};
    case service::StatementRefusal::too_far:
        return {.code = "statement_too_long",
                .detail = fmt::format("until: more than {} movements came after this period; choose a later one.",
                                      limits.later_max)};
    }
    std::abort();
}

awaitable<Response> statement_of(Api& api, Request request, service::CustomerView view) {
    const auto asked = asked_of(api, request, view);
    if (!asked) co_return problem(asked.error());
    auto query = [wanted = asked->request](service::Queries& queries) { return queries.statement(wanted); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(api::problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    if (!**found) co_return problem(problem_of((*found)->error(), asked->request.limits));
    StatementPaper paper{.statement = ***std::move(found),
                         .customer = view.customer,
                         .from_day = asked->from_day,
                         .until_day = asked->until_day,
                         .house = api.options().house,
                         .support_address = api.options().support_address,
                         .made = api.now()};
    const std::string name = fmt::format("statement-{}-{}-{}-{}", money::code_of(paper.statement.currency),
                                         number_of(paper.statement.account), asked->from_day, asked->until_day);
    const bool csv = asked->format == Format::csv;
    auto work = [csv, paper = std::move(paper)]() -> std::optional<std::string> {
        if (csv) return statement_csv(paper);
        auto pdf = statement_pdf(paper);
        if (!pdf) return std::nullopt;
        return *std::move(pdf);
    };
    auto made = co_await api.set_paper(std::move(work));
    if (!made || !*made) co_return problem(unavailable());
    Response response{.status = 200,
                      .content_type = csv ? "text/csv; charset=utf-8; header=present" : "application/pdf",
                      .body = **std::move(made),
                      .headers = {}};
    response.with("Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"", name, csv ? "csv" : "pdf"));
    response.with("Cache-Control", "no-store");
    co_return response;
}

}  // namespace

awaitable<Response> own_statement(Api& api, Request request, SignedInCustomer who) {
    co_return co_await statement_of(api, std::move(request), std::move(who.view));
}

awaitable<Response> customer_statement(Api& api, Request request, SignedIn) {
    const auto id = CustomerId::parse(request.params[0]);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.customer(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return co_await statement_of(api, std::move(request), **std::move(found));
}

}  // namespace okpay::api
