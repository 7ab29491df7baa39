// SPDX-License-Identifier: Apache-2.0
#include "server/hook_body.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "api/render.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::server {
namespace {

namespace json = boost::json;

constexpr std::size_t id_octets = 15;

json::object dispute_json(const payments::Dispute& dispute) {
    const bool asked = dispute.status == payments::DisputeStatus::needs_response;
    return {{"id", dispute.id.text()},
            {"stage", payments::name_of(dispute.stage)},
            {"status", payments::name_of(dispute.status)},
            {"reason", payments::name_of(dispute.reason)},
            {"amount", api::amount_json(dispute.amount)},
            {"answer_by", asked ? json::value(rfc3339(dispute.due)) : json::value(nullptr)},
            {"opened_at", rfc3339(dispute.opened)}};
}

}  // namespace

std::string hook_event_id(const Secret& key, store::HookSource source, std::int64_t position) {
    const std::string name = fmt::format("{} {}", static_cast<int>(source), position);
    const Hash256 hash = hmac_sha256(key.reveal(), name);
    return "evt_" + ascii_lower(base32_of(view_of(hash).substr(0, id_octets)));
}

std::string hook_body(std::string_view id, const store::HookEvent& event, const service::HookSubject& subject) {
    json::object data;
    if (subject.payment) {
        const bool refund = subject.payment->payment.kind == payments::PaymentKind::refund;
        data[refund ? "refund" : "payment"] = api::payment_json(*subject.payment);
    }
    if (subject.dispute) data["dispute"] = dispute_json(*subject.dispute);
    if (subject.ticket) data["ticket"] = json::object{{"number", subject.ticket->number}, {"state", subject.ticket->state}};
    json::object body{{"id", id}, {"type", event.type}, {"timestamp", rfc3339(event.at)}};
    if (event.version() != 0) body["version"] = event.version();
    body["data"] = std::move(data);
    return json::serialize(body);
}

}  // namespace okpay::server
