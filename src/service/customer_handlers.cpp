// SPDX-License-Identifier: Apache-2.0
// How customers come in.
#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "customers/access.hpp"
#include "service/alerts.hpp"
#include "service/factor_parts.hpp"
#include "service/monitor.hpp"
#include "store/access_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;

// Of a person, or of an address that is nobody's: read and written in the same way.
class Tries {
public:
    Tries(Books& books, const CountFailedCustomerSignIn& body, const Bytes& address)
        : books_{books},
          address_{address},
          login_{store::find_customer_login(books.connection(), CustomerNo{body.customer})} {}
    [[nodiscard]] customers::SignInTries now() {
        return login_ ? login_->tries : store::find_stranger_tries(books_.connection(), address_);
    }
    void write(const customers::SignInTries& tries, Moment at) {
        if (login_) {
            login_->tries = tries;
            store::write_customer_login(books_.connection(), *login_);
        } else {
            store::write_stranger_tries(books_.connection(), address_, tries, at);
        }
    }

private:
    Books& books_;
    const Bytes& address_;
    std::optional<store::CustomerLogin> login_;
};

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const SetCustomerPassword& body) {
    const auto no = CustomerNo{body.customer};
    if (!store::find_customer(books.connection(), no)) return refused(codes::not_found, "there is no such customer");
    if (!body.password_phc.starts_with("$argon2id$")) return refused(codes::invalid, "password_phc: not an Argon2id hash");
    // The first one changes nothing.
    if (store::find_customer_login(books.connection(), no)) note_security_change(books, command, no, "password");
    store::write_customer_login(books.connection(), {.customer = no,
                                                     .password_phc = body.password_phc,
                                                     .password_set = books.system_time(command.at)});
    // Whoever came in by the old password is out.
    books.connection().execute("DELETE FROM customer_session WHERE customer = $1", {body.customer});
    books.audit(command.at, command.actor, "set_password", fmt::format("customer:{}", body.customer), "{}");
    return Answer{.number = body.customer};
}

Answer begin_customer_session(Books& books, const Context& context, const Command& command,
                              const customers::Customer& customer, const SignInCustomer& body,
                              customers::Assurance assurance) {
    const auto no = customer.no;
    const Moment at = books.system_time(command.at);
    const auto token_hash = bytes_of_hex(body.session_token_hash);
    if (!token_hash || token_hash->size() != 32) return refused(codes::invalid, "session_token_hash: malformed");
    const auto device = bytes_of_hex(body.device_hash);
    if (!device) return refused(codes::invalid, "device_hash: malformed");
    if (auto no_entry = judged_sign_in(books, context, command, no, body.device_hash)) return *no_entry;
    books.connection().execute("DELETE FROM customer_session WHERE expires < $1", {ms_of(at)});
    if (const auto before = bytes_of_hex(body.ends_session); before && !before->empty()) {
        store::delete_customer_session(books.connection(), *before);
    }
    store::insert_customer_session(books.connection(), {.token_hash = *token_hash,
                                                        .no = books.next_number("customer_session"),
                                                        .customer = no,
                                                        .created = at,
                                                        .expires = moment_of_ms(body.session_expires),
                                                        .last_seen = at,
                                                        .assurance = assurance,
                                                        .proven = at,
                                                        .device = *device,
                                                        .agent = body.agent,
                                                        .address = body.address});
    note_device(books, context, command, customer, body);
    books.audit(command.at, {ActorKind::customer, number_of(no)}, "sign_in", fmt::format("customer:{}", number_of(no)),
                "{}");
    return Answer{.number = number_of(no)};
}

Answer handle(Books& books, const Context& context, const Command& command, const SignInCustomer& body) {
    const auto no = CustomerNo{body.customer};
    auto login = store::find_customer_login(books.connection(), no);
    const auto customer = store::find_customer(books.connection(), no);
    if (!login || !customer) return refused(codes::not_permitted, "this customer has no password");
    // Changed or taken away while it was looked at: what was right then opens nothing now.
    if (!body.password_hash.empty() && body.password_hash != hex_of(view_of(sha256(login->password_phc)))) {
        return refused("sign_in_failed", "the password has changed meanwhile");
    }
    if (!body.password_hash.empty()) note_right_password(books, command, no);
    // The password is right, whatever the second factor will be: that one has tries of its own.
    const auto device = bytes_of_hex(body.device_hash);
    forgive(login->tries, device && !device->empty() && store::is_known_device(books.connection(), no, *device));
    store::write_customer_login(books.connection(), *login);
    const bool second = has_second_factor(books.connection(), no);
    if (second) {
        if (auto wrong = check_shown_factor(books, context, command, *customer, body.factor,
                                            customers::ChallengePurpose::second_factor)) {
            return *wrong;
        }
    }
    return begin_customer_session(books, context, command, *customer, body,
                                  second ? customers::Assurance::a3_second_factor : customers::Assurance::a2_one_time_link);
}

Answer handle(Books& books, const Context&, const Command& command, const CountFailedCustomerSignIn& body) {
    const auto address = bytes_of_hex(body.address_hash);
    const auto device = bytes_of_hex(body.device_hash);
    if (!address || !device || (body.customer == 0 && address->size() != 32)) {
        return refused(codes::invalid, "address_hash, device_hash: malformed");
    }
    const Moment at = books.system_time(command.at);
    store::Connection& connection = books.connection();
    const bool known = !device->empty() && store::is_known_device(connection, CustomerNo{body.customer}, *device);
    Tries stored{books, body, *address};
    customers::SignInTries tries = stored.now();
    const Moment blocked_before = tries.blocked_until;
    if (const auto until = take_try(tries, known, at)) {
        Answer blocked = refused("blocked", "too many wrong sign-ins; try again later");
        blocked.numbers = {ms_of(*until)};
        return blocked;
    }
    stored.write(tries, at);
    store::delete_old_stranger_tries(connection, at - customers::tries_kept_of_nobody);
    if (tries.blocked_until != blocked_before && body.customer != 0) {
        books.audit(command.at, {}, "block_sign_in", fmt::format("customer:{}", body.customer), "{}");
    }
    if (body.customer != 0) note_sign_in_try(books, command, CustomerNo{body.customer});
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
    if (has_to_do_with(books, *staff, no)) {
        return refused("own_account", "you have to do with this customer; ask a colleague");
    }
    books.set_level(no, static_cast<int>(body.level));
    books.audit(command.at, command.actor, "set_level", fmt::format("customer:{}", body.customer),
                json_text(
                    {{"from", std::to_string(customer->level)}, {"to", std::to_string(body.level)}, {"note", body.note}}));
    return Answer{.number = body.customer};
}

}  // namespace okpay::service
