// SPDX-License-Identifier: Apache-2.0
// How customers come in.
#include <fmt/format.h>

#include "base/text.hpp"
#include "desk/threading.hpp"
#include "service/handlers.hpp"
#include "service/monitor.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;

constexpr std::int64_t failed_sign_ins_max = 10;
constexpr std::chrono::minutes blocked_for{15};

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const SetCustomerPassword& body) {
    const auto no = CustomerNo{body.customer};
    if (!store::find_customer(books.connection(), no)) return refused(codes::not_found, "there is no such customer");
    if (!body.password_phc.starts_with("$argon2id$")) return refused(codes::invalid, "password_phc: not an Argon2id hash");
    // The first one changes nothing.
    if (store::find_customer_login(books.connection(), no)) note_security_change(books, command, no, "password");
    store::write_customer_login(books.connection(), {.customer = no, .password_phc = body.password_phc});
    // Whoever came in by the old password is out.
    books.connection().execute("DELETE FROM customer_session WHERE customer = $1", {body.customer});
    books.audit(command.at, command.actor, "set_password", fmt::format("customer:{}", body.customer), "{}");
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const SignInCustomer& body) {
    const auto no = CustomerNo{body.customer};
    auto login = store::find_customer_login(books.connection(), no);
    if (!login) return refused(codes::not_permitted, "this customer has no password");
    const Moment at = books.system_time(command.at);
    if (login->blocked_until > at) {
        return refused("blocked",
                       fmt::format("too many wrong passwords; try again after {}", rfc3339(login->blocked_until)));
    }
    const auto token_hash = bytes_of_hex(body.session_token_hash);
    if (!token_hash || token_hash->size() != 32) return refused(codes::invalid, "session_token_hash: malformed");
    const bool known_assurance = body.assurance >= 2 && body.assurance <= 3;
    const auto device = bytes_of_hex(body.device_hash);
    if (!known_assurance || !device) return refused(codes::invalid, "assurance, device_hash: malformed");
    login->failed_sign_ins = 0;
    store::write_customer_login(books.connection(), *login);
    if (auto no_entry = judged_sign_in(books, context, command, no, body.device_hash)) return *no_entry;
    books.connection().execute("DELETE FROM customer_session WHERE expires < $1", {ms_of(at)});
    store::insert_customer_session(books.connection(), {.token_hash = *token_hash,
                                                        .no = books.next_number("customer_session"),
                                                        .customer = no,
                                                        .created = at,
                                                        .expires = moment_of_ms(body.session_expires),
                                                        .last_seen = at,
                                                        .assurance = static_cast<customers::Assurance>(body.assurance),
                                                        .proven = at,
                                                        .device = *device,
                                                        .agent = body.agent,
                                                        .address = body.address});
    books.audit(command.at, {ActorKind::customer, body.customer}, "sign_in", fmt::format("customer:{}", body.customer),
                "{}");
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context&, const Command& command, const CountFailedCustomerSignIn& body) {
    auto login = store::find_customer_login(books.connection(), CustomerNo{body.customer});
    if (!login) return refused(codes::not_found, "there is no such customer");
    if (++login->failed_sign_ins >= failed_sign_ins_max) {
        login->failed_sign_ins = 0;
        login->blocked_until = books.system_time(command.at) + blocked_for;
        books.audit(command.at, {}, "block_sign_in", fmt::format("customer:{}", body.customer), "{}");
    }
    store::write_customer_login(books.connection(), *login);
    note_failed_sign_in(books, command, login->customer);
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context&, const Command&, const SignOutCustomer& body) {
    const auto token_hash = bytes_of_hex(body.session_token_hash);
    if (token_hash) store::delete_customer_session(books.connection(), *token_hash);
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const SetCustomerLevel& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::manage_customers, staff)) return *no;
    const auto no = CustomerNo{body.customer};
    const auto customer = store::find_customer(books.connection(), no);
    if (!customer) return refused(codes::not_found, "there is no such customer");
    if (body.level < 0 || body.level > customers::level_max) {
        return refused(codes::invalid, fmt::format("level: from 0 to {}", customers::level_max));
    }
    if (trimmed(body.note).empty()) return refused("note_missing", "say what was shown, it is kept");
    if (desk::same_mailbox(customer->email, staff->email)) {
        return refused("own_account", "this is your own account; ask a colleague");
    }
    books.set_level(no, static_cast<int>(body.level));
    books.audit(command.at, command.actor, "set_level", fmt::format("customer:{}", body.customer),
                json_text(
                    {{"from", std::to_string(customer->level)}, {"to", std::to_string(body.level)}, {"note", body.note}}));
    return Answer{.number = body.customer};
}

}  // namespace okpay::service
