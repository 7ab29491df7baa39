// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/local_time.hpp"
#include "customers/permissions.hpp"
#include "customers/privacy.hpp"
#include "customers/totp.hpp"
#include "service/handlers.hpp"
#include "service/people_parts.hpp"
#include "store/people_store.hpp"
#include "store/privacy_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::MerchantNo;
using customers::StaffNo;

constexpr std::int64_t failed_sign_ins_max = 10;
constexpr std::chrono::minutes blocked_for{15};

// The link is good, and the administrators have not said yes yet.
Answer approval_waits() {
    return refused("approval_waits", "an administrator has to approve that you join; open this link again after that");
}

Answer enrol_link_gone() {
    return refused("enrol_link_expired", "this link was used or has expired; ask an administrator for a new one");
}

std::optional<store::StaffRow> enrolling(Books& books, std::string_view token_hash_hex, Moment at) {
    const auto hash = bytes_of_hex(token_hash_hex);
    if (!hash) return std::nullopt;
    auto staff = store::find_staff_by_enrol_token(books.connection(), *hash);
    if (!staff || !staff->enrol_expires || *staff->enrol_expires <= at || staff->disabled) return std::nullopt;
    return staff;
}

bool waits_for_approval(Books& books, const store::StaffRow& staff) {
    return store::staff_approval(books.connection(), staff.no) == customers::StaffApproval::waiting;
}

}  // namespace

std::optional<std::vector<money::Currency>> currencies_of(const std::vector<std::string>& codes_given) {
    std::vector<money::Currency> currencies;
    for (const std::string& code : codes_given) {
        const auto currency = money::currency_of_code(code);
        if (!currency) return std::nullopt;
        if (std::ranges::find(currencies, *currency) == currencies.end()) currencies.push_back(*currency);
    }
    return currencies;
}

std::optional<std::string> canonical_address(std::string_view text) {
    const auto address = mail::EmailAddress::parse(trimmed(text));
    return address ? std::optional{ascii_lower(address->text())} : std::nullopt;
}

customers::CustomerNo open_customer(Books& books, const NewCustomer& customer, Moment at) {
    const auto no = CustomerNo{books.next_number("customer")};
    store::insert_customer(books.connection(), {.no = no,
                                                .id = customer.id,
                                                .email = customer.email,
                                                .name = customer.name,
                                                .language = customer.language,
                                                .zone = customer.zone,
                                                .created = at});
    if (customer.level != customers::level_default) books.set_level(no, customer.level);
    for (const money::Currency currency : customer.currencies) {
        books.open_account(money::AccountKind::customer_wallet, currency, no, std::nullopt);
    }
    return no;
}

Answer handle(Books& books, const Context&, const Command& command, const RegisterCustomer& body) {
    const auto id = CustomerId::parse(body.customer);
    if (!id) return refused(codes::invalid, "customer: not an id");
    const auto email = canonical_address(body.email);
    if (!email) return refused(codes::invalid, "email: not a mail address");
    const auto currencies = currencies_of(body.currencies);
    if (!currencies || currencies->empty())
        return refused(codes::invalid, "currencies: at least one ISO 4217 code that we keep books in");
    if (!customers::is_zone(body.zone)) return refused(codes::invalid, "zone: not an IANA time zone");
    if (trimmed(body.name).empty()) return refused(codes::invalid, "name: empty");
    if (store::find_customer_by_email(books.connection(), *email)) {
        return refused("email_in_use", "a customer with this mail address exists");
    }
    const CustomerNo no = open_customer(books,
                                        {.id = *id,
                                         .email = *email,
                                         .name = std::string{trimmed(body.name)},
                                         .language = body.language,
                                         .zone = body.zone,
                                         .currencies = *currencies},
                                        command.at);
    books.audit(command.at, command.actor, "register_customer", fmt::format("customer:{}", number_of(no)), "{}");
    return Answer{.number = number_of(no)};
}

Answer handle(Books& books, const Context&, const Command& command, const RegisterMerchant& body) {
    const auto id = MerchantId::parse(body.merchant);
    const auto key_hash_bytes = bytes_of_hex(body.api_key_hash);
    const auto key_hash = key_hash_bytes ? hash_of(*key_hash_bytes) : std::nullopt;
    const auto currencies = currencies_of(body.currencies);
    if (!id || !key_hash) return refused(codes::invalid, "merchant: the id or the key's hash is malformed");
    if (!currencies || currencies->empty())
        return refused(codes::invalid, "currencies: at least one ISO 4217 code that we keep books in");
    const auto no = MerchantNo{books.next_number("merchant")};
    store::insert_merchant(books.connection(), {.no = no, .id = *id, .name = body.name, .created = command.at}, *key_hash);
    for (const money::Currency currency : *currencies) {
        books.open_account(money::AccountKind::merchant_payable, currency, std::nullopt, no);
    }
    books.audit(command.at, command.actor, "register_merchant", fmt::format("merchant:{}", number_of(no)), "{}");
    return Answer{.number = number_of(no)};
}

Answer handle(Books& books, const Context&, const Command& command, const AddStaff& body) {
    const auto id = StaffId::parse(body.staff);
    const auto role = customers::role_of_name(body.role);
    const auto email = canonical_address(body.email);
    const auto token_hash = bytes_of_hex(body.enrol_token_hash);
    if (!id || !token_hash || token_hash->size() != 32)
        return refused(codes::invalid, "staff: the id or the token's hash is malformed");
    if (!role) return refused(codes::invalid, "role: one of agent, technical, risk, supervisor, auditor, admin");
    if (!email) return refused(codes::invalid, "email: not a mail address");
    if (store::find_staff_by_email(books.connection(), *email))
        return refused("email_in_use", "a member of staff has this mail address");
    const auto no = StaffNo{books.next_number("staff")};
    store::insert_staff(books.connection(), {.no = no,
                                             .id = *id,
                                             .email = *email,
                                             .role = *role,
                                             .created = command.at,
                                             .enrol_token_hash = *token_hash,
                                             .enrol_expires = moment_of_ms(body.enrol_expires)});
    // Whoever sits at the machine makes no second administrator, and nobody who approves, without the first one's word.
    const bool waits = customers::needs_approval(*role) && store::active_admins(books.connection()) > 0;
    if (waits)
        store::set_staff_approval(books.connection(), no, customers::StaffApproval::waiting, std::nullopt, std::nullopt);
    books.audit(command.at, command.actor, "add_staff", fmt::format("staff:{}", number_of(no)),
                json_text({{"role", body.role}}));
    return Answer{.number = number_of(no), .text = waits ? "waiting" : ""};
}

Answer handle(Books& books, const Context& context, const Command& command, const EnrolStaff& body) {
    auto staff = enrolling(books, body.enrol_token_hash, books.system_time(command.at));
    if (!staff) return enrol_link_gone();
    if (waits_for_approval(books, *staff)) return approval_waits();
    const auto sealed = bytes_of_base64(body.totp_secret_sealed);
    if (!sealed || !context.keyring().unseal(*sealed, "totp secret"))
        return refused(codes::invalid, "totp_secret_sealed: not sealed by this house");
    if (!body.name.empty()) staff->name = body.name;
    staff->password_phc = body.password_phc;
    staff->totp_secret_sealed = *sealed;
    staff->totp_last_step = customers::totp_never_used;
    store::update_staff(books.connection(), *staff);
    return Answer{.number = number_of(staff->no)};
}

Answer handle(Books& books, const Context& context, const Command& command, const ConfirmStaff& body) {
    auto staff = enrolling(books, body.enrol_token_hash, books.system_time(command.at));
    if (!staff) return enrol_link_gone();
    if (waits_for_approval(books, *staff)) return approval_waits();
    if (staff->password_phc.empty()) return refused("password_missing", "choose a password first");
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    staff = store::find_staff(books.connection(), staff->no);
    staff->enrolled = command.at;
    staff->enrol_token_hash.reset();
    staff->enrol_expires.reset();
    store::update_staff(books.connection(), *staff);
    books.audit(command.at, {ActorKind::staff, number_of(staff->no)}, "enrol", fmt::format("staff:{}", number_of(staff->no)),
                "{}");
    return Answer{.number = number_of(staff->no)};
}

std::optional<Answer> check_second_factor(Books& books, const Context& context, StaffNo no, std::string_view code,
                                          Moment at) {
    at = books.system_time(at);  // an authenticator app knows no other
    auto staff = store::find_staff(books.connection(), no);
    if (!staff || staff->disabled) return refused(codes::not_permitted, "this staff account is not active");
    if (staff->blocked_until > at) {
        return refused("blocked", fmt::format("too many wrong codes; try again after {}", rfc3339(staff->blocked_until)));
    }
    const auto secret = context.keyring().unseal(staff->totp_secret_sealed, "totp secret");
    const auto step = secret ? customers::matching_step(Secret{*secret}, code, at, staff->totp_last_step) : std::nullopt;
    if (step) {
        staff->totp_last_step = *step;
        staff->failed_sign_ins = 0;
    } else if (++staff->failed_sign_ins >= failed_sign_ins_max) {
        staff->failed_sign_ins = 0;
        staff->blocked_until = at + blocked_for;
    }
    store::update_staff(books.connection(), *staff);
    if (!step) return refused(codes::totp_wrong, "the code is wrong or was used before; wait for the next one");
    return std::nullopt;
}

Answer handle(Books& books, const Context& context, const Command& command, const SignInStaff& body) {
    const auto no = StaffNo{body.staff};
    const auto staff = store::find_staff(books.connection(), no);
    if (!staff || !staff->enrolled) return refused(codes::not_permitted, "this staff account is not active");
    return open_staff_session(books, context,
                              {.staff = no,
                               .totp_code = body.totp_code,
                               .token_hash = body.session_token_hash,
                               .expires = moment_of_ms(body.session_expires),
                               .detail = "{}"},
                              command.at);
}

Answer open_staff_session(Books& books, const Context& context, const StaffSessionWish& wish, Moment at) {
    const auto token_hash = bytes_of_hex(wish.token_hash);
    if (!token_hash || token_hash->size() != 32) return refused(codes::invalid, "session_token_hash: malformed");
    if (auto wrong = check_second_factor(books, context, wish.staff, wish.totp_code, at)) return *wrong;
    const Moment system_at = books.system_time(at);
    books.connection().execute("DELETE FROM session WHERE expires < $1", {ms_of(system_at)});
    store::insert_session(books.connection(), *token_hash, wish.staff, system_at, wish.expires);
    const std::int64_t no = number_of(wish.staff);
    books.audit(at, {ActorKind::staff, no}, "sign_in", fmt::format("staff:{}", no), wish.detail);
    return Answer{.number = no};
}

Answer handle(Books& books, const Context&, const Command& command, const CountFailedSignIn& body) {
    auto staff = store::find_staff(books.connection(), StaffNo{body.staff});
    if (!staff) return refused(codes::not_found, "there is no such member of staff");
    if (++staff->failed_sign_ins >= failed_sign_ins_max) {
        staff->failed_sign_ins = 0;
        staff->blocked_until = books.system_time(command.at) + blocked_for;
        books.audit(command.at, {}, "block_sign_in", fmt::format("staff:{}", body.staff), "{}");
    }
    store::update_staff(books.connection(), *staff);
    return Answer{.number = body.staff};
}

Answer handle(Books& books, const Context&, const Command&, const SignOutStaff& body) {
    const auto token_hash = bytes_of_hex(body.session_token_hash);
    if (token_hash) store::delete_session(books.connection(), *token_hash);
    return Answer{};
}

}  // namespace okpay::service
