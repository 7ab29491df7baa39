// SPDX-License-Identifier: Apache-2.0
// A request as handlers see it, and what they answer.
#pragma once

#include <boost/beast/http.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/connection.hpp"

namespace okpay::api {

namespace http = boost::beast::http;
using net::awaitable;

enum class Method : std::uint8_t { get, post };  // HEAD is a GET whose body is kept back

struct Request {
    Method method = Method::get;
    http::request<http::string_body> message;
    std::string path;                 // as sent, without the query: "/api/v1/tickets/OK-7F3K9Q2"
    std::string query;                // as sent, without "?"
    std::vector<std::string> params;  // decoded, in the order of the pattern
    std::string peer;                 // the client's address, behind a trusted proxy too; empty for a unix socket
    bool dry_run = false;             // set by the API, where the route knows what that is

    [[nodiscard]] std::string_view header(std::string_view name) const;  // empty where absent
    [[nodiscard]] std::string_view body() const { return message.body(); }
    [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;  // decoded; the first
    [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;       // RFC 6265 section 4.2
};

// "%E4%BD%A0" and, in a query, "+" for a blank. Nothing where an escape is broken.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);
std::string percent_encoded(std::string_view text);  // all but the unreserved of RFC 3986 section 2.3
// A request line's target, taken apart; false where it is not a path.
bool set_target(Request& request, std::string_view target);

// A body without an end, written as it comes; the connection ends with it.
class BodyStream {
public:
    virtual ~BodyStream() = default;
    virtual awaitable<std::optional<std::string>> next() = 0;  // nothing: the end
    virtual void close() = 0;                                  // next() answers the end soon
};

struct Response {
    unsigned status = 200;
    std::string content_type;  // empty: no body
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<BodyStream> stream = nullptr;

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

// Header lines on every answer of the website. `framed`: the origin whose pages may stand in frames of ours; empty: our own.
std::string website_security_headers(std::string_view framed = {});
// RFC 6797: browsers are told to use nothing but https, for a year.
inline constexpr std::string_view strict_transport_header =
    "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n";

// Head and body in one buffer: one write. `with_body` is false for HEAD; `security`: whole header lines with CRLF.
std::string octets_of(const Response& response, bool keep_alive, bool with_body, std::string_view security);

Response json_response(unsigned status, std::string json);
Response no_content();

}  // namespace okpay::api
