// SPDX-License-Identifier: Apache-2.0
// Web hooks (payments/webhook.hpp, store/hook_store.hpp). What arrived moves the cursor of its endpoint; what did not gets a
// row in the commit that moves the cursor past it, so that nothing falls between the two.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "service/handlers.hpp"
#include "store/hook_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using store::HookDelivery;
using store::HookDeliveryState;
using store::HookEndpoint;
using store::HookPlace;
using store::HookSource;
using store::HookState;

constexpr std::size_t hook_error_octets_max = 200;

std::string object_of(const HookEndpoint& endpoint) { return fmt::format("webhook_endpoint:{}", endpoint.no); }

Answer no_such_endpoint() { return refused(codes::not_found, "there is no such web hook"); }

// The house's are staff's, with a code where something secret or lasting changes. Merchants come by their key.
std::optional<Answer> may_not(Books& books, const Context& context, const Command& command, const std::string* totp_code) {
    if (command.actor.kind == ActorKind::merchant) return std::nullopt;
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::manage_webhooks, staff)) return no;
    if (totp_code == nullptr) return std::nullopt;
    return check_second_factor(books, context, staff->no, *totp_code, command.at);
}

// Whoever's it is not is told what they would be told of none.
std::optional<HookEndpoint> endpoint_of(Books& books, const Command& command, const std::string& id_text) {
    const auto id = store::HookEndpointId::parse(id_text);
    auto endpoint = id ? store::find_hook_endpoint(books.connection(), *id) : std::nullopt;
    if (!endpoint || endpoint->state == HookState::removed) return std::nullopt;
    const bool merchants = command.actor.kind == ActorKind::merchant;
    const auto owner = merchants ? std::optional{customers::MerchantNo{command.actor.no}} : std::nullopt;
    if (endpoint->merchant != owner) return std::nullopt;
    return endpoint;
}

std::optional<Bytes> secret_of(const Context& context, const std::string& sealed_base64) {
    auto sealed = bytes_of_base64(sealed_base64);
    const auto secret = sealed ? context.keyring().unseal(*sealed, store::hook_secret_purpose) : std::nullopt;
    if (!secret || secret->size() != payments::hook_secret_octets) return std::nullopt;
    return sealed;
}

Answer not_our_secret() { return refused(codes::invalid, "sealed_secret: not sealed by this house"); }

void keep(Books& books, const Command& command, HookEndpoint& endpoint) {
    endpoint.updated = command.at;
    store::update_hook_endpoint(books.connection(), endpoint);
}

// Merchants have no mail address here: it stands in the endpoint, the audit and the operator's log.
void switch_off(Books& books, const Command& command, HookEndpoint& endpoint, HookState state, std::string why) {
    endpoint.state = state;
    endpoint.reason = std::move(why);
    books.audit(command.at, command.actor, "webhook_switched_off", object_of(endpoint),
                json_text({{"state", std::string{name_of(state)}}, {"reason", endpoint.reason}}));
    books.news().mail_notes.push_back(
        fmt::format("the web hook {} is switched off: {}", endpoint.id.text(), endpoint.reason));
}

void move(HookEndpoint& endpoint, HookPlace to) {
    endpoint.seen.payments = std::max(endpoint.seen.payments, to.payments);
    endpoint.seen.events = std::max(endpoint.seen.events, to.events);
}

void count_failure(Books& books, const Command& command, HookEndpoint& endpoint, const ReportHookTry& body) {
    if (body.outcome == "gone") {
        switch_off(books, command, endpoint, HookState::gone, "it answered 410 Gone");
        return;
    }
    if (!endpoint.failing_since) endpoint.failing_since = command.at;
    if (command.at - *endpoint.failing_since < payments::hook_failing_max) return;
    switch_off(books, command, endpoint, HookState::failing,
               fmt::format("nothing has arrived there since {}", rfc3339(*endpoint.failing_since)));
}

// What the try makes of the delivery.
void note_try(const Command& command, HookDelivery& delivery, const ReportHookTry& body) {
    delivery.updated = command.at;
    if (body.outcome == "held") {
        delivery.next_at = command.at;
        return;
    }
    ++delivery.tries;
    delivery.status = body.status;
    delivery.error = std::string{trimmed(body.error)}.substr(0, hook_error_octets_max);
    delivery.next_at.reset();
    if (body.outcome == "delivered") {
        delivery.state = HookDeliveryState::delivered;
        return;
    }
    // A ping is asked for by someone who is watching: it is tried once.
    const auto pause = delivery.source == HookSource::ping
                           ? std::nullopt
                           : payments::hook_pause(delivery.tries, static_cast<std::uint64_t>(body.random));
    if (pause) delivery.next_at = command.at + *pause;
    else delivery.state = HookDeliveryState::failed;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const CreateHook& body) {
    const auto id = store::HookEndpointId::parse(body.endpoint);
    if (!id) return refused(codes::invalid, "endpoint: not an id");
    const bool merchants = command.actor.kind == ActorKind::merchant;
    const auto owner = merchants ? payments::HookOwner::merchant : payments::HookOwner::house;
    const auto merchant = merchants ? std::optional{customers::MerchantNo{command.actor.no}} : std::nullopt;
    const auto url = payments::HookUrl::parse(body.url);
    if (!url) return refused("webhook_url_refused", "url: https://host/path, without a user name, at most 2,048 octets");
    const bool to_itself = context.settings().hooks_to_loopback && url->is_loopback();
    if (!to_itself && (!url->tls || url->is_loopback())) {
        return refused("webhook_url_refused", "url: https only, and not to this machine");
    }
    const auto types = payments::hook_event_types(owner);
    for (const std::string& event : body.events) {
        if (std::ranges::find(types, event) == types.end() || std::ranges::count(body.events, event) > 1) {
            return refused(codes::invalid, "events: each one of those that are told to you, once");
        }
    }
    if (!secret_of(context, body.sealed_secret)) return not_our_secret();
    if (std::ssize(store::hook_endpoints_of(books.connection(), merchant)) >= payments::hook_endpoints_max) {
        return refused("too_many_webhooks",
                       fmt::format("at most {} web hooks; remove one first", payments::hook_endpoints_max));
    }
    if (auto wrong = may_not(books, context, command, &body.totp_code)) return *wrong;
    books.flush();  // what this batch made before is not told
    HookPlace head = store::hook_head(books.connection(), owner);
    if (merchants) head.payments = books.next_payment_seq() - 1;
    const HookEndpoint endpoint{.no = books.next_number("hook_endpoint"),
                                .id = *id,
                                .merchant = merchant,
                                .url = body.url,
                                .events = body.events,
                                .secret = bytes_of_base64(body.sealed_secret).value(),
                                .old_secret = {},
                                .old_secret_until = {},
                                .reason = "",
                                .seen = head,
                                .failing_since = {},
                                .created = command.at,
                                .updated = command.at};
    store::insert_hook_endpoint(books.connection(), endpoint);
    books.audit(command.at, command.actor, "create_webhook", object_of(endpoint), json_text({{"url", body.url}}));
    return Answer{.number = endpoint.no, .text = endpoint.id.text()};
}

Answer handle(Books& books, const Context& context, const Command& command, const SetHookEnabled& body) {
    auto endpoint = endpoint_of(books, command, body.endpoint);
    if (!endpoint) return no_such_endpoint();
    if (auto wrong = may_not(books, context, command, &body.totp_code)) return *wrong;
    const bool is_on = endpoint->state == HookState::enabled;
    if (body.enabled == is_on) return Answer{.number = endpoint->no, .text = endpoint->id.text(), .replayed = true};
    endpoint->state = body.enabled ? HookState::enabled : HookState::disabled;
    endpoint->reason = body.enabled ? "" : "switched off by its owner";
    endpoint->failing_since.reset();
    keep(books, command, *endpoint);
    books.audit(command.at, command.actor, body.enabled ? "enable_webhook" : "disable_webhook", object_of(*endpoint), "{}");
    return Answer{.number = endpoint->no, .text = endpoint->id.text()};
}

Answer handle(Books& books, const Context& context, const Command& command, const ChangeHookSecret& body) {
    auto endpoint = endpoint_of(books, command, body.endpoint);
    if (!endpoint) return no_such_endpoint();
    if (!secret_of(context, body.sealed_secret)) return not_our_secret();
    if (auto wrong = may_not(books, context, command, &body.totp_code)) return *wrong;
    endpoint->old_secret = std::move(endpoint->secret);
    endpoint->old_secret_until = command.at + payments::hook_secrets_overlap;
    endpoint->secret = bytes_of_base64(body.sealed_secret).value();
    keep(books, command, *endpoint);
    books.audit(command.at, command.actor, "change_webhook_secret", object_of(*endpoint), "{}");
    return Answer{.number = endpoint->no, .text = endpoint->id.text()};
}

Answer handle(Books& books, const Context& context, const Command& command, const RemoveHook& body) {
    auto endpoint = endpoint_of(books, command, body.endpoint);
    if (!endpoint) return no_such_endpoint();
    if (auto wrong = may_not(books, context, command, &body.totp_code)) return *wrong;
    endpoint->state = HookState::removed;
    endpoint->secret.clear();
    endpoint->old_secret.clear();
    endpoint->old_secret_until.reset();
    keep(books, command, *endpoint);
    store::delete_hook_deliveries_of(books.connection(), endpoint->no);
    books.audit(command.at, command.actor, "remove_webhook", object_of(*endpoint), "{}");
    return Answer{.number = endpoint->no, .text = endpoint->id.text()};
}

Answer handle(Books& books, const Context& context, const Command& command, const PingHook& body) {
    const auto endpoint = endpoint_of(books, command, body.endpoint);
    if (!endpoint) return no_such_endpoint();
    if (auto wrong = may_not(books, context, command, nullptr)) return *wrong;
    if (endpoint->state != HookState::enabled)
        return refused("webhook_off", "the web hook is switched off; switch it on first");
    for (const HookDelivery& waiting : store::waiting_hook_deliveries(books.connection())) {
        if (waiting.endpoint == endpoint->no && waiting.source == HookSource::ping) {
            return Answer{.number = waiting.no, .replayed = true};
        }
    }
    const std::int64_t no = books.next_number("hook_delivery");
    store::insert_hook_delivery(books.connection(), {.no = no,
                                                     .endpoint = endpoint->no,
                                                     .source = HookSource::ping,
                                                     .position = no,
                                                     .object = -no,  // behind nothing
                                                     .type = std::string{payments::hook_ping},
                                                     .happened = command.at,
                                                     .next_at = command.at,
                                                     .error = "",
                                                     .created = command.at,
                                                     .updated = command.at});
    return Answer{.number = no};
}

Answer handle(Books& books, const Context& context, const Command& command, const RedeliverHook& body) {
    const auto endpoint = endpoint_of(books, command, body.endpoint);
    if (!endpoint) return no_such_endpoint();
    if (auto wrong = may_not(books, context, command, nullptr)) return *wrong;
    auto delivery = store::find_hook_delivery(books.connection(), body.delivery);
    if (!delivery || delivery->endpoint != endpoint->no) return refused(codes::not_found, "there is no such delivery");
    if (endpoint->state != HookState::enabled)
        return refused("webhook_off", "the web hook is switched off; switch it on first");
    if (delivery->state == HookDeliveryState::delivered) {
        return refused("webhook_delivered", "it has arrived; the receiver knows it by its id");
    }
    delivery->state = HookDeliveryState::waiting;
    delivery->tries = 0;
    delivery->next_at = command.at;
    delivery->updated = command.at;
    store::update_hook_delivery(books.connection(), *delivery);
    return Answer{.number = delivery->no};
}

Answer handle(Books& books, const Context&, const Command& command, const MoveHookCursors& body) {
    for (const HookMove& one : body.moves) {
        auto endpoint = store::find_hook_endpoint(books.connection(), one.endpoint);
        if (!endpoint) continue;
        move(*endpoint, {one.payments, one.events});
        if (one.delivered) endpoint->failing_since.reset();
        keep(books, command, *endpoint);
    }
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const ReportHookTry& body) {
    auto endpoint = store::find_hook_endpoint(books.connection(), body.endpoint);
    if (!endpoint || endpoint->state == HookState::removed) return refused(codes::not_found, "there is no such web hook");
    const auto source = static_cast<HookSource>(body.source);
    auto delivery = store::find_hook_delivery(books.connection(), body.endpoint, source, body.position);
    const bool is_new = !delivery;
    if (is_new && body.outcome == "delivered" && source == HookSource::ping) return Answer{};  // forgotten meanwhile
    if (is_new) {
        delivery = HookDelivery{.no = books.next_number("hook_delivery"),
                                .endpoint = body.endpoint,
                                .source = source,
                                .position = body.position,
                                .object = body.object,
                                .type = body.type,
                                .happened = moment_of_ms(body.happened),
                                .next_at = {},
                                .error = "",
                                .created = command.at,
                                .updated = command.at};
    }
    // Told twice after a lost answer, or after somebody asked for it again: what has ended stays so.
    if (delivery->state != HookDeliveryState::waiting) return Answer{.number = delivery->no, .replayed = true};
    note_try(command, *delivery, body);
    if (is_new) store::insert_hook_delivery(books.connection(), *delivery);
    else store::update_hook_delivery(books.connection(), *delivery);
    move(*endpoint, {body.payments, body.events});
    if (body.outcome == "delivered") endpoint->failing_since.reset();
    if (body.outcome == "failed" || body.outcome == "gone") count_failure(books, command, *endpoint, body);
    keep(books, command, *endpoint);
    return Answer{.number = delivery->no};
}

Answer handle(Books& books, const Context&, const Command& command, const TendHooks& body) {
    store::drop_old_hook_secrets(books.connection(), command.at);
    store::delete_old_hook_deliveries(books.connection(), command.at - Millis{body.keep_ms});
    return Answer{};
}

}  // namespace okpay::service
