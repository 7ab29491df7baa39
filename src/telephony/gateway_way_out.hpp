// SPDX-License-Identifier: Apache-2.0
// Short messages by the HTTP gateway of a provider: POST of {"key","to","text"} as application/json to the configured URL,
// with `Authorization: Bearer …` where a token is configured and the key as `Idempotency-Key`.
//
//   Answers   2xx sent; 408, 425, 429 and 503 later; another 4xx refused, for good; all else uncertain, as where no whole
//             answer came. Nothing of the answer's body is kept. No redirect is followed.
//   Once      an uncertain message is not sent again: what the gateway makes of the key is not ours to know.
//   Trust     the operator named the host, so it may be one of the own network; by https its certificate is checked.
//   Threads   one strand.
#pragma once

#include <memory>
#include <optional>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"
#include "telephony/way_out.hpp"

namespace okpay::telephony {

// "https://sms.example/send", or http to this machine alone: a code in the clear would be anybody's on the way.
struct GatewayUrl {
    std::string host;
    std::uint16_t port = 443;
    std::string target = "/";
    bool tls = true;
    static Result<GatewayUrl, std::string> parse(std::string_view text);  // one plain sentence where it is none
    [[nodiscard]] std::string authority() const;
};

class GatewayWayOut final : public WayOut {
public:
    GatewayWayOut(GatewayUrl url, std::optional<Secret> token, net::TlsContext tls, Millis answer_within = Millis{10'000});
    net::awaitable<WayOutAnswer> send(OutgoingText text) override;
    [[nodiscard]] bool once_by_key() const override { return false; }

private:
    GatewayUrl url_;
    std::optional<Secret> token_;
    net::HttpClient client_;
};

}  // namespace okpay::telephony
