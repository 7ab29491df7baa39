// SPDX-License-Identifier: Apache-2.0
// How customers set up, show and take away second factors.
#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/access.hpp"
#include "customers/recovery_code.hpp"
#include "customers/totp.hpp"
#include "customers/webauthn.hpp"
#include "service/factor_parts.hpp"
#include "service/monitor.hpp"
#include "store/access_store.hpp"

namespace okpay::service {
namespace {

using customers::Assurance;
using customers::ChallengePurpose;
using customers::Customer;
using customers::CustomerNo;
using desk::FactorNews;

constexpr std::size_t passkeys_max = 10;
constexpr std::size_t passkey_name_characters_max = 60;
constexpr std::size_t token_hash_octets = 32;

// Who asks, by a session that has shown enough to change the customer's factors.
struct Asking {
    Customer customer;
    Bytes session;  // hash of its token
};

std::optional<Bytes> token_hash(std::string_view hex) {
    auto hash = bytes_of_hex(hex);
    if (!hash || hash->size() != token_hash_octets) return std::nullopt;
    return hash;
}

std::optional<store::CustomerSession> live_session(Books& books, const Command& command, CustomerNo customer,
                                                   std::string_view hash_hex) {
    const auto hash = token_hash(hash_hex);
    auto session = hash ? store::find_customer_session(books.connection(), *hash) : std::nullopt;
    const bool lives = session && session->customer == customer && session->expires > books.system_time(command.at);
    return lives ? session : std::nullopt;
}

Answer session_gone() { return refused("not_signed_in", "sign in first, or again: the session has ended"); }
Answer no_factor() { return refused("no_second_factor", "set up an authenticator app or a passkey first"); }

std::optional<Answer> may_not_change(Books& books, const Command& command, std::int64_t customer_no,
                                     std::string_view session_hash_hex, std::optional<Asking>& asking) {
    const CustomerNo no{customer_no};
    const auto session = live_session(books, command, no, session_hash_hex);
    auto customer = store::find_customer(books.connection(), no);
    if (!session || !customer) return session_gone();
    const bool has_factor = has_second_factor(books.connection(), no);
    if (!customers::opens_factors(session->assurance, session->proven, has_factor, books.system_time(command.at))) {
        return refused("step_up_required", has_factor ? "show your second factor first: POST /api/v1/me/step-up"
                                                      : "type your password again first: POST /api/v1/me/step-up");
    }
    asking = Asking{*std::move(customer), session->token_hash};
    return std::nullopt;
}

// Whoever has just proven a factor has shown it: the session is at A3, under a new token.
std::optional<Answer> raise(Books& books, const Command& command, const Asking& asking, std::string_view new_hash_hex) {
    const auto fresh = token_hash(new_hash_hex);
    if (!fresh) return refused(codes::invalid, "new_session_token_hash: malformed");
    store::renew_customer_session(books.connection(), asking.session, *fresh, Assurance::a3_second_factor,
                                  books.system_time(command.at));
    return std::nullopt;
}

std::optional<std::vector<Bytes>> recovery_set(const std::vector<std::string>& hashes_hex) {
    std::vector<Bytes> hashes;
    for (const std::string& hex : hashes_hex) {
        auto hash = token_hash(hex);
        if (!hash) return std::nullopt;
        hashes.push_back(*std::move(hash));
    }
    return hashes.size() == customers::recovery_codes_count ? std::optional{std::move(hashes)} : std::nullopt;
}

Answer bad_set() { return refused(codes::invalid, "recovery_hashes: ten of 32 octets"); }

// With the first factor come recovery codes; a second factor leaves them as they are.
bool give_recovery_codes(Books& books, const Command& command, CustomerNo customer, const std::vector<Bytes>& hashes) {
    if (store::recovery_codes_of(books.connection(), customer).made) return false;
    store::replace_recovery_codes(books.connection(), customer, hashes, command.at);
    return true;
}

// Nothing is left to stand in for: recovery codes without a factor would open nothing, and be forgotten in a drawer.
void drop_codes_without_factor(Books& books, CustomerNo customer) {
    if (!has_second_factor(books.connection(), customer)) store::delete_recovery_codes(books.connection(), customer);
}

std::string passkey_name(std::string_view typed) {
    const std::string name{trimmed(typed)};
    return name.empty() ? "Passkey" : name;
}

bool is_passkey_name(std::string_view name) {
    const auto characters = std::ranges::count_if(name, [](char c) { return (c & 0xC0) != 0x80; });
    const bool plain = std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return is_utf8(name) && plain && static_cast<std::size_t>(characters) <= passkey_name_characters_max;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const BeginApp& body) {
    std::optional<Asking> asking;
    if (auto no = may_not_change(books, command, body.customer, body.session_token_hash, asking)) return *no;
    const auto sealed = bytes_of_base64(body.secret_sealed);
    if (!sealed || !context.keyring().unseal(*sealed, "totp secret")) {
        return refused(codes::invalid, "secret_sealed: not sealed by this house");
    }
    const auto known = store::find_app(books.connection(), asking->customer.no);
    if (known && known->confirmed) return refused("factor_exists", "remove the authenticator app that is set up first");
    store::write_app(books.connection(), {.customer = asking->customer.no,
                                          .secret_sealed = *sealed,
                                          .last_step = customers::totp_never_used,
                                          .begun = command.at,
                                          .confirmed = std::nullopt});
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const ConfirmApp& body) {
    std::optional<Asking> asking;
    if (auto no = may_not_change(books, command, body.customer, body.session_token_hash, asking)) return *no;
    const Customer& customer = asking->customer;
    const auto hashes = recovery_set(body.recovery_hashes);
    if (!hashes) return bad_set();
    auto app = store::find_app(books.connection(), customer.no);
    if (!app) return no_factor();
    if (app->confirmed) return refused("factor_exists", "the authenticator app is set up already");
    // Guesses are not counted: who asks has been given the secret.
    const auto secret = context.keyring().unseal(app->secret_sealed, "totp secret");
    const Moment now = books.system_time(command.at);
    const auto step = secret ? customers::matching_step(Secret{*secret}, body.app_code, now, app->last_step) : std::nullopt;
    if (!step) return refused(codes::totp_wrong, "the code is wrong: is the telephone's clock right?");
    if (auto no = raise(books, command, *asking, body.new_session_token_hash)) return *no;
    app->last_step = *step;
    app->confirmed = command.at;
    store::write_app(books.connection(), *app);
    Answer answer{.number = body.customer};
    if (give_recovery_codes(books, command, customer.no, *hashes)) answer.numbers.push_back(1);
    factors_changed(books, context, command, customer, FactorNews::app_added);
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const RemoveApp& body) {
    std::optional<Asking> asking;
    if (auto no = may_not_change(books, command, body.customer, body.session_token_hash, asking)) return *no;
    const auto app = store::find_app(books.connection(), asking->customer.no);
    if (!app || !app->confirmed) return refused(codes::not_found, "no authenticator app is set up");
    store::delete_app(books.connection(), asking->customer.no);
    drop_codes_without_factor(books, asking->customer.no);
    factors_changed(books, context, command, asking->customer, FactorNews::app_removed);
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const MakeRecoveryCodes& body) {
    std::optional<Asking> asking;
    if (auto no = may_not_change(books, command, body.customer, body.session_token_hash, asking)) return *no;
    const auto hashes = recovery_set(body.recovery_hashes);
    if (!hashes) return bad_set();
    if (!has_second_factor(books.connection(), asking->customer.no)) return no_factor();
    store::replace_recovery_codes(books.connection(), asking->customer.no, *hashes, command.at);
    factors_changed(books, context, command, asking->customer, FactorNews::recovery_codes_made);
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const AddPasskey& body) {
    std::optional<Asking> asking;
    if (auto no = may_not_change(books, command, body.customer, body.session_token_hash, asking)) return *no;
    const Customer& customer = asking->customer;
    const auto hashes = recovery_set(body.recovery_hashes);
    if (!hashes) return bad_set();
    const auto client_data = bytes_of_base64(body.client_data), attestation = bytes_of_base64(body.attestation);
    if (!client_data || !attestation || !is_passkey_name(body.name)) {
        return refused(codes::invalid, "passkey, name: malformed");
    }
    if (store::passkeys_of(books.connection(), customer.no).size() >= passkeys_max) {
        return refused("too_many_passkeys", fmt::format("at most {} passkeys; remove one first", passkeys_max));
    }
    const customers::Challenge asked{.purpose = ChallengePurpose::registration, .customer = customer.id, .ends = {}};
    Bytes challenge;
    if (auto no = answer_challenge(books, context, command, *client_data, asked, challenge)) return *no;
    const auto made = customers::verify_registration({.client_data = *client_data, .attestation = *attestation}, challenge,
                                                     {.id = body.party, .origins = body.origins});
    if (!made) {
        return refused("passkey_wrong", fmt::format("the passkey could not be verified: {}", name_of(made.error())));
    }
    if (store::find_passkey(books.connection(), made->credential_id)) {
        return refused("factor_exists", "this passkey is set up already");
    }
    if (auto no = raise(books, command, *asking, body.new_session_token_hash)) return *no;
    const std::string name = passkey_name(body.name);
    const std::int64_t no = books.next_number("passkey");
    store::insert_passkey(books.connection(), {.no = no,
                                               .customer = customer.no,
                                               .credential_id = made->credential_id,
                                               .public_key = made->public_key,
                                               .sign_count = made->sign_count,
                                               .name = name,
                                               .aaguid = made->aaguid,
                                               .backed_up = made->backed_up,
                                               .created = command.at,
                                               .last_used = std::nullopt});
    Answer answer{.number = no};
    if (give_recovery_codes(books, command, customer.no, *hashes)) answer.numbers.push_back(1);
    factors_changed(books, context, command, customer, FactorNews::passkey_added, name);
    return answer;
}

Answer handle(Books& books, const Context&, const Command&, const RenamePasskey& body) {
    auto passkey = store::find_passkey(books.connection(), body.passkey);
    if (!passkey || passkey->customer != CustomerNo{body.customer}) return refused(codes::not_found, "no such passkey");
    if (!is_passkey_name(body.name)) return refused(codes::invalid, "name: malformed");
    passkey->name = passkey_name(body.name);
    store::update_passkey(books.connection(), *passkey);
    return Answer{.number = body.passkey};
}

Answer handle(Books& books, const Context& context, const Command& command, const RemovePasskey& body) {
    std::optional<Asking> asking;
    if (auto no = may_not_change(books, command, body.customer, body.session_token_hash, asking)) return *no;
    const auto passkey = store::find_passkey(books.connection(), body.passkey);
    if (!passkey || passkey->customer != asking->customer.no) return refused(codes::not_found, "no such passkey");
    store::delete_passkey(books.connection(), passkey->no);
    drop_codes_without_factor(books, asking->customer.no);
    factors_changed(books, context, command, asking->customer, FactorNews::passkey_removed, passkey->name);
    return Answer{.number = body.passkey};
}

Answer handle(Books& books, const Context& context, const Command& command, const StepUp& body) {
    const CustomerNo no{body.customer};
    const auto session = live_session(books, command, no, body.session_token_hash);
    const auto customer = store::find_customer(books.connection(), no);
    if (!session || !customer) return session_gone();
    const auto fresh = token_hash(body.new_session_token_hash);
    if (!fresh) return refused(codes::invalid, "new_session_token_hash: malformed");
    Assurance shown = Assurance::a3_second_factor;
    if (body.factor.kind.empty()) {
        if (!body.password_right) return refused("sign_in_failed", "the password is wrong");
        if (auto login = store::find_customer_login(books.connection(), no)) {
            forgive(login->tries, store::is_known_device(books.connection(), no, session->device));
            store::write_customer_login(books.connection(), *login);
            note_right_password(books, command, no);
        }
        if (has_second_factor(books.connection(), no)) {
            return refused("second_factor_required", "a second factor is set up: show it");
        }
        shown = Assurance::a2_one_time_link;
    } else {
        if (!has_second_factor(books.connection(), no)) return no_factor();
        if (auto wrong = check_shown_factor(books, context, command, *customer, body.factor, ChallengePurpose::step_up)) {
            return *wrong;
        }
    }
    store::renew_customer_session(books.connection(), session->token_hash, *fresh, shown, books.system_time(command.at));
    books.audit(command.at, {ActorKind::customer, body.customer}, "step_up", fmt::format("customer:{}", body.customer),
                json_text({{"by", body.factor.kind.empty() ? "password" : body.factor.kind}}));
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const SignInByPasskey& body) {
    std::optional<Customer> whose;
    if (auto wrong = check_passkey(books, context, command, std::nullopt, body.passkey, ChallengePurpose::sign_in, whose)) {
        return *wrong;
    }
    SignInCustomer sign_in = body.sign_in;
    sign_in.customer = number_of(whose->no);
    return begin_customer_session(books, context, command, *whose, sign_in, Assurance::a3_second_factor);
}

}  // namespace okpay::service
