// SPDX-License-Identifier: Apache-2.0
#include "api/content_origin.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/hash.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t look_threads = 2;  // one waits for the child while another reads
constexpr std::size_t looks_waiting_max = 16;
constexpr std::string_view mail_path = "/mail/";
constexpr std::size_t link_octets = 16 + 8 + 8;
constexpr std::size_t token_octets = link_octets + 32;

Response nothing_here() {
    Response response{.status = 404,
                      .content_type = "text/plain; charset=utf-8",
                      .body = "Nothing here, or no longer: open the mail from its request again.\n",
                      .headers = {}};
    response.with("Cache-Control", "no-store");
    return response;
}

}  // namespace

std::string content_token(const Secret& key, const ContentLink& link) {
    Bytes octets{link.message.view()};
    append_u64(octets, static_cast<std::uint64_t>(number_of(link.staff)));
    append_u64(octets, static_cast<std::uint64_t>(ms_of(link.until)));
    return base64url_of(octets + Bytes{view_of(hmac_sha256(key.reveal(), octets))});
}

std::optional<ContentLink> read_content_token(const Secret& key, std::string_view token, Moment now) {
    const auto octets = bytes_of_base64url(token);
    if (!octets || octets->size() != token_octets) return std::nullopt;
    const ByteView said = ByteView{*octets}.substr(0, link_octets);
    const Hash256 proof = hmac_sha256(key.reveal(), said);
    if (!equal_in_constant_time(view_of(proof), ByteView{*octets}.substr(link_octets))) return std::nullopt;
    ContentLink link{.message = MessageId::of_bytes(said.substr(0, 16)).value(),
                     .staff = customers::StaffNo{static_cast<std::int64_t>(read_u64(said.substr(16, 8)))},
                     .until = moment_of_ms(static_cast<std::int64_t>(read_u64(said.substr(24, 8))))};
    if (now >= link.until) return std::nullopt;
    return link;
}

std::string content_security_headers(std::string_view framed_by) {
    return fmt::format(
        "Content-Security-Policy: default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox allow-popups "
        "allow-popups-to-escape-sandbox; frame-ancestors {}; form-action 'none'; base-uri 'self'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        framed_by);
}

ContentOrigin::ContentOrigin(service::Queries& queries, std::shared_ptr<service::MailViews> views, Secret key,
                             std::string url)
    : queries_{queries},
      views_{std::move(views)},
      key_{std::move(key)},
      url_{std::move(url)},
      workers_{look_threads, looks_waiting_max} {}

std::string ContentOrigin::url_of(const ContentLink& link) const {
    return fmt::format("{}{}{}", url_, mail_path, content_token(key_, link));
}

awaitable<ContentOrigin::Page> ContentOrigin::page_of(std::optional<store::InboundMail> mail) {
    auto work = [views = views_, mail = std::move(mail)] { return views->page_of(mail); };
    auto page = co_await workers_.run(std::move(work));
    if (!page) co_return fail(service::MailViewFault::unavailable);
    co_return *std::move(page);
}

awaitable<Response> ContentOrigin::handle(Request request) {
    if (request.method != Method::get || !request.path.starts_with(mail_path)) co_return nothing_here();
    const auto link = read_content_token(key_, std::string_view{request.path}.substr(mail_path.size()), okpay::now());
    if (!link) co_return nothing_here();
    auto work = [this, message = link->message]() -> Page {
        auto found = queries_.message_mail(message);
        if (!found) return fail(service::MailViewFault::unavailable);
        if (!*found) return fail(service::MailViewFault::not_a_mail);
        return views_->page_of((*found)->mail);
    };
    const auto page = co_await workers_.run(std::move(work));
    if (!page || !*page) co_return nothing_here();
    Response response{.status = 200,
                      .content_type = "text/html; charset=utf-8",
                      .body = "<!doctype html><meta charset=utf-8><base target=_blank>" + (**page)->safe.html,
                      .headers = {}};
    response.with("Cache-Control", "no-store");
    co_return response;
}

}  // namespace okpay::api
