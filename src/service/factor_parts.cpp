// SPDX-License-Identifier: Apache-2.0
#include "service/factor_parts.hpp"

#include <fmt/format.h>

#include "customers/totp.hpp"
#include "customers/webauthn.hpp"
#include "service/monitor.hpp"
#include "service/short_messages.hpp"

namespace okpay::service {
namespace {

using customers::ChallengePurpose;
using customers::Customer;
using customers::Guesses;
using desk::FactorNews;

constexpr std::string_view totp_purpose = "totp secret";

Answer app_code_wrong() { return refused(codes::totp_wrong, "the code is wrong or was used before; wait for the next one"); }
Answer recovery_code_wrong() { return refused("recovery_code_wrong", "no such recovery code, or it was used before"); }
Answer passkey_wrong(std::string detail) { return refused("passkey_wrong", std::move(detail)); }

Answer blocked(const Guesses& guesses) {
    return refused("blocked", fmt::format("too many wrong codes; try again after {}", rfc3339(guesses.blocked_until)));
}

// A guess that was wrong is counted; the one that leads to a block is told to the customer.
void count_wrong(Books& books, const Context& context, const Command& command, const Customer& customer,
                 store::FactorGuard guard, Guesses store::FactorGuard::* kind) {
    const Moment at = books.system_time(command.at);
    guard.*kind = after_wrong_guess(guard.*kind, at);
    store::write_factor_guard(books.connection(), guard);
    if (!(guard.*kind).blocked(at)) return;
    books.audit(command.at, {}, "block_second_factor", fmt::format("customer:{}", number_of(customer.no)),
                json_text({{"until", rfc3339((guard.*kind).blocked_until)}}));
    factors_changed(books, context, command, customer, FactorNews::codes_blocked);
}

void count_right(Books& books, store::FactorGuard guard, Guesses store::FactorGuard::* kind) {
    if (guard.*kind == Guesses{}) return;
    guard.*kind = Guesses{};
    store::write_factor_guard(books.connection(), guard);
}

std::optional<Answer> check_app(Books& books, const Context& context, const Command& command, const Customer& customer,
                                std::string_view code) {
    const Moment at = books.system_time(command.at);  // an authenticator app knows no other
    const auto guard = store::factor_guard_of(books.connection(), customer.no);
    if (guard.app.blocked(at)) return blocked(guard.app);
    auto app = store::find_app(books.connection(), customer.no);
    const auto secret =
        app && app->confirmed ? context.keyring().unseal(app->secret_sealed, totp_purpose) : std::optional<Bytes>{};
    const auto step = secret ? customers::matching_step(Secret{*secret}, code, at, app->last_step) : std::nullopt;
    if (!step) {
        count_wrong(books, context, command, customer, guard, &store::FactorGuard::app);
        return app_code_wrong();
    }
    app->last_step = *step;
    store::write_app(books.connection(), *app);
    count_right(books, guard, &store::FactorGuard::app);
    return std::nullopt;
}

std::optional<Answer> check_recovery_code(Books& books, const Context& context, const Command& command,
                                          const Customer& customer, std::string_view hash_hex) {
    const Moment at = books.system_time(command.at);
    const auto guard = store::factor_guard_of(books.connection(), customer.no);
    if (guard.recovery.blocked(at)) return blocked(guard.recovery);
    const auto hash = bytes_of_hex(hash_hex);
    if (!hash || !store::use_recovery_code(books.connection(), customer.no, *hash, command.at)) {
        count_wrong(books, context, command, customer, guard, &store::FactorGuard::recovery);
        return recovery_code_wrong();
    }
    count_right(books, guard, &store::FactorGuard::recovery);
    factors_changed(books, context, command, customer, FactorNews::recovery_code_used);
    return std::nullopt;
}

}  // namespace

bool has_second_factor(store::Connection& connection, customers::CustomerNo customer) {
    const auto app = store::find_app(connection, customer);
    return (app && app->confirmed) || !store::passkeys_of(connection, customer).empty();
}

std::optional<Answer> answer_challenge(Books& books, const Context& context, const Command& command, ByteView client_data,
                                       const customers::Challenge& asked, Bytes& challenge) {
    const Moment at = books.system_time(command.at);
    const auto octets = customers::challenge_in(client_data);
    const auto given = octets ? customers::read_challenge(*octets, context.challenge_key()) : std::nullopt;
    if (!given || given->purpose != asked.purpose || given->customer != asked.customer) {
        return passkey_wrong("this answers no question of ours; begin again");
    }
    // A client's clock has no part in it: ours gave the challenge.
    if (given->ends <= at) return passkey_wrong("the question has ended; begin again");
    if (!store::answer_challenge(books.connection(), view_of(sha256(*octets)), given->ends, at)) {
        return passkey_wrong("this question was answered before; begin again");
    }
    challenge = *octets;
    return std::nullopt;
}

std::optional<Answer> check_passkey(Books& books, const Context& context, const Command& command,
                                    const std::optional<Customer>& customer, const PasskeyAnswer& said,
                                    ChallengePurpose purpose, std::optional<Customer>& whose) {
    const auto id = bytes_of_base64(said.credential_id), client_data = bytes_of_base64(said.client_data),
               data = bytes_of_base64(said.authenticator_data), signature = bytes_of_base64(said.signature),
               handle = bytes_of_base64(said.user_handle);
    if (!id || !client_data || !data || !signature || !handle) return refused(codes::invalid, "passkey: malformed");
    Bytes challenge;
    const customers::Challenge asked{.purpose = purpose,
                                     .customer = customer ? std::optional{customer->id} : std::nullopt,
                                     .ends = {}};
    if (auto no = answer_challenge(books, context, command, *client_data, asked, challenge)) return no;
    auto passkey = store::find_passkey(books.connection(), *id);
    if (!passkey || (customer && passkey->customer != customer->no)) {
        return passkey_wrong("this passkey is not set up here; it may have been removed");
    }
    whose = store::find_customer(books.connection(), passkey->customer);
    if (!whose) throw store::StorageFailure{store::StorageFault::corrupt, "a passkey names nobody"};
    // Where nobody was named before, the authenticator has to (section 7.2 step 6).
    const bool named = !handle->empty();
    if (named ? *handle != whose->id.view() : !customer) return passkey_wrong("the passkey names another account");
    const auto asserted =
        customers::verify_assertion({.client_data = *client_data, .authenticator_data = *data, .signature = *signature},
                                    challenge, {.id = said.party, .origins = said.origins}, passkey->public_key,
                                    static_cast<std::uint32_t>(passkey->sign_count));
    if (!asserted) {
        books.audit(command.at, {}, "refuse_passkey", fmt::format("customer:{}", number_of(whose->no)),
                    json_text({{"fault", std::string{name_of(asserted.error())}}}));
        if (asserted.error() == customers::PasskeyFault::counter_went_back) {
            factors_changed(books, context, command, *whose, FactorNews::passkey_copied, passkey->name);
        }
        if (asserted.error() == customers::PasskeyFault::user_unverified) {
            return passkey_wrong("unlock the passkey by finger, face or PIN");
        }
        return passkey_wrong("the passkey's answer could not be verified");
    }
    passkey->sign_count = asserted->sign_count;
    passkey->backed_up = asserted->backed_up;
    passkey->last_used = command.at;
    store::update_passkey(books.connection(), *passkey);
    return std::nullopt;
}

std::optional<Answer> check_shown_factor(Books& books, const Context& context, const Command& command,
                                         const Customer& customer, const ShownFactor& shown, ChallengePurpose purpose) {
    if (shown.kind == "app") return check_app(books, context, command, customer, shown.app_code);
    if (shown.kind == "recovery_code" && purpose == ChallengePurpose::second_factor) {
        return check_recovery_code(books, context, command, customer, shown.recovery_hash);
    }
    if (shown.kind == "passkey") {
        std::optional<Customer> whose;
        return check_passkey(books, context, command, customer, shown.passkey, purpose, whose);
    }
    return refused("second_factor_required", "send the same again with a second factor");
}

void sign_in_changed(Books& books, const Command& command, customers::CustomerNo customer, std::string_view what) {
    auto guard = store::factor_guard_of(books.connection(), customer);
    guard.changed = command.at;
    store::write_factor_guard(books.connection(), guard);
    note_security_change(books, command, customer, what);
}

void factors_changed(Books& books, const Context& context, const Command& command, const Customer& customer, FactorNews news,
                     std::string_view subject) {
    const bool changes = news != FactorNews::codes_blocked && news != FactorNews::passkey_copied;
    if (changes) {
        sign_in_changed(books, command, customer.no, "factor");
        books.audit(command.at, {ActorKind::customer, number_of(customer.no)}, kind_of(news),
                    fmt::format("customer:{}", number_of(customer.no)), "{}");
    }
    const auto waits = std::chrono::duration_cast<std::chrono::hours>(context.settings().new_factor_waits);
    const desk::MailText text =
        desk::letter_of_factors({.language = desk::language_of(customer.language),
                                 .name = customer.name,
                                 .zone = customer.zone,
                                 .house = context.settings().house},
                                {.news = news,
                                 .passkey = subject,
                                 .codes_left = store::recovery_codes_of(books.connection(), customer.no).left,
                                 .at = command.at,
                                 .waits_hours = waits.count()});
    // A command writes one letter of a kind: its id is made of the command's.
    const Hash256 random = sha256({"factor letter", command.id.view(), kind_of(news)});
    send_notice(books, context,
                {.kind = std::string{kind_of(news)},
                 .id = OutgoingId::of(command.at, view_of(random)),
                 .recipient = customer.email,
                 .subject = text.subject,
                 .text = text.body,
                 .at = command.at});
    text_customer(books, context, command, customer,
                  news == FactorNews::codes_blocked ? desk::ShortNews::wrong_codes : desk::ShortNews::factors_changed);
}

}  // namespace okpay::service
