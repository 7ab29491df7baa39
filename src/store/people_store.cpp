// SPDX-License-Identifier: Apache-2.0
#include "store/people_store.hpp"

#include "store/in_list.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::Customer;
using customers::CustomerNo;
using customers::MerchantNo;
using std::string_view;

constexpr string_view customer_columns = "no, id, email, name, language, zone, standing, created, level";

Customer customer_at(const Row& row) {
    RowReader read{row};
    return Customer{.no = CustomerNo{read.integer()},
                    .id = read.id<CustomerId>(),
                    .email = read.text(),
                    .name = read.text(),
                    .language = read.text(),
                    .zone = read.text(),
                    .standing = read.as<customers::Standing>(),
                    .created = read.moment(),
                    .level = static_cast<int>(read.integer())};
}

std::optional<Customer> one_customer(Connection& connection, string_view where, Value key) {
    const std::string sql = "SELECT " + std::string{customer_columns} + " FROM customer WHERE " + std::string{where};
    std::optional<Customer> found;
    connection.query(sql, {key}, [&found](const Row& row) { found = customer_at(row); });
    return found;
}

constexpr string_view staff_columns =
    "no, id, email, name, role, password, totp_secret, totp_last_step, created, enrolled, enrol_token_hash, enrol_expires, "
    "disabled, "
    "failed_sign_ins, blocked_until";

std::optional<StaffRow> one_staff(Connection& connection, string_view where, Value key) {
    const std::string sql = "SELECT " + std::string{staff_columns} + " FROM staff WHERE " + std::string{where};
    std::optional<StaffRow> found;
    connection.query(sql, {key}, [&found](const Row& row) {
        RowReader read{row};
        found = StaffRow{.no = customers::StaffNo{read.integer()},
                         .id = read.id<StaffId>(),
                         .email = read.text(),
                         .name = read.text(),
                         .role = read.as<customers::Role>(),
                         .password_phc = read.text(),
                         .totp_secret_sealed = read.text(),
                         .totp_last_step = read.integer(),
                         .created = read.moment(),
                         .enrolled = read.maybe_moment(),
                         .enrol_token_hash = read.maybe_text(),
                         .enrol_expires = read.maybe_moment(),
                         .disabled = read.flag(),
                         .failed_sign_ins = read.integer(),
                         .blocked_until = read.moment()};
    });
    return found;
}

Value octets_or_null(const std::optional<Bytes>& bytes) { return bytes ? Value{Octets{*bytes}} : Value{nullptr}; }

}  // namespace

void insert_customer(Connection& connection, const Customer& c) {
    connection.execute(
        "INSERT INTO customer (no, id, email, name, language, zone, standing, created, level) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {number_of(c.no), Octets{c.id.view()}, string_view{c.email}, string_view{c.name}, string_view{c.language},
         string_view{c.zone}, stored(c.standing), ms_of(c.created), std::int64_t{c.level}});
}

std::optional<Customer> find_customer(Connection& connection, CustomerNo no) {
    return one_customer(connection, "no = $1", number_of(no));
}

std::map<CustomerNo, Customer> find_customers(Connection& connection, std::span<const CustomerNo> numbers) {
    static const std::string sql = "SELECT " + std::string{customer_columns} + " FROM customer WHERE no";
    std::map<CustomerNo, Customer> found;
    query_in(connection, sql, "", numbers, {}, [&found](const Row& row) {
        Customer customer = customer_at(row);
        found.emplace(customer.no, std::move(customer));
    });
    return found;
}

std::optional<Customer> find_customer_by_email(Connection& connection, string_view email) {
    return one_customer(connection, "email = $1", email);
}

void write_customer_login(Connection& connection, const CustomerLogin& login) {
    connection.execute(
        "INSERT INTO customer_login (customer, password, failed_sign_ins, device_failures, blocked_until, password_set) "
        "VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (customer) DO UPDATE SET password = excluded.password, failed_sign_ins = excluded.failed_sign_ins, "
        "device_failures = excluded.device_failures, blocked_until = excluded.blocked_until, "
        "password_set = excluded.password_set",
        {number_of(login.customer), string_view{login.password_phc}, login.tries.strangers, login.tries.devices,
         ms_of(login.tries.blocked_until), ms_of(login.password_set)});
}

std::optional<CustomerLogin> find_customer_login(Connection& connection, CustomerNo customer) {
    std::optional<CustomerLogin> found;
    connection.query(
        "SELECT password, failed_sign_ins, device_failures, blocked_until, password_set FROM customer_login "
        "WHERE customer = $1",
        {number_of(customer)}, [&](const Row& row) {
            RowReader read{row};
            found = CustomerLogin{.customer = customer,
                                  .password_phc = read.text(),
                                  .tries = {.strangers = read.integer(),
                                            .devices = read.integer(),
                                            .blocked_until = read.moment()},
                                  .password_set = read.moment()};
        });
    return found;
}

void insert_customer_session(Connection& connection, const CustomerSession& s) {
    connection.execute(
        "INSERT INTO customer_session (token_hash, no, customer, created, expires, last_seen, assurance, proven, device, "
        "agent, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {Octets{s.token_hash}, s.no, number_of(s.customer), ms_of(s.created), ms_of(s.expires), ms_of(s.last_seen),
         static_cast<std::int64_t>(s.assurance), ms_of(s.proven), Octets{s.device}, string_view{s.agent},
         string_view{s.address}});
}

std::optional<CustomerSession> find_customer_session(Connection& connection, ByteView token_hash) {
    std::optional<CustomerSession> found;
    connection.query(
        "SELECT no, customer, created, expires, last_seen, assurance, proven, device, agent, address "
        "FROM customer_session WHERE token_hash = $1",
        {Octets{token_hash}}, [&](const Row& row) {
            RowReader read{row};
            found = CustomerSession{.token_hash = Bytes{token_hash},
                                    .no = read.integer(),
                                    .customer = CustomerNo{read.integer()},
                                    .created = read.moment(),
                                    .expires = read.moment(),
                                    .last_seen = read.moment(),
                                    .assurance = read.as<customers::Assurance>(),
                                    .proven = read.moment(),
                                    .device = read.text(),
                                    .agent = read.text(),
                                    .address = read.text()};
        });
    return found;
}

void delete_customer_session(Connection& connection, ByteView token_hash) {
    connection.execute("DELETE FROM customer_session WHERE token_hash = $1", {Octets{token_hash}});
}

void insert_merchant(Connection& connection, const customers::Merchant& m, const Hash256& api_key_hash) {
    connection.execute("INSERT INTO merchant (no, id, name, api_key_hash, created) VALUES ($1, $2, $3, $4, $5)",
                       {number_of(m.no), Octets{m.id.view()}, string_view{m.name}, Octets{view_of(api_key_hash)},
                        ms_of(m.created)});
}

std::optional<customers::Merchant> find_merchant(Connection& connection, MerchantNo no) {
    std::optional<customers::Merchant> found;
    connection.query("SELECT no, id, name, created FROM merchant WHERE no = $1", {number_of(no)}, [&found](const Row& row) {
        RowReader read{row};
        found = customers::Merchant{.no = MerchantNo{read.integer()},
                                    .id = read.id<MerchantId>(),
                                    .name = read.text(),
                                    .created = read.moment()};
    });
    return found;
}

void insert_account_owner(Connection& connection, money::AccountNo account, std::optional<CustomerNo> customer,
                          std::optional<MerchantNo> merchant) {
    connection.execute("INSERT INTO account_owner (account, customer, merchant) VALUES ($1, $2, $3)",
                       {number_of(account), no_or_null(customer), no_or_null(merchant)});
}

std::optional<AccountOwner> find_account_owner(Connection& connection, money::AccountNo account) {
    std::optional<AccountOwner> found;
    connection.query("SELECT account, customer, merchant FROM account_owner WHERE account = $1", {number_of(account)},
                     [&found](const Row& row) {
                         RowReader read{row};
                         found = AccountOwner{.account = money::AccountNo{read.integer()},
                                              .customer = read.maybe_no<CustomerNo>(),
                                              .merchant = read.maybe_no<MerchantNo>()};
                     });
    return found;
}

void each_account_owner(Connection& connection, const std::function<void(const AccountOwner&)>& visit) {
    connection.query("SELECT account, customer, merchant FROM account_owner ORDER BY account", {}, [&visit](const Row& row) {
        RowReader read{row};
        const AccountOwner owner{.account = money::AccountNo{read.integer()},
                                 .customer = read.maybe_no<CustomerNo>(),
                                 .merchant = read.maybe_no<MerchantNo>()};
        visit(owner);
    });
}

void insert_staff(Connection& connection, const StaffRow& s) {
    static const std::string sql = "INSERT INTO staff (" + std::string{staff_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    connection.execute(sql, {number_of(s.no), Octets{s.id.view()}, string_view{s.email}, string_view{s.name}, stored(s.role),
                             string_view{s.password_phc}, Octets{s.totp_secret_sealed}, s.totp_last_step, ms_of(s.created),
                             moment_or_null(s.enrolled), octets_or_null(s.enrol_token_hash), moment_or_null(s.enrol_expires),
                             std::int64_t{s.disabled ? 1 : 0}, s.failed_sign_ins, ms_of(s.blocked_until)});
}

void update_staff(Connection& connection, const StaffRow& s) {
    connection.execute(
        "UPDATE staff SET name = $2, role = $3, password = $4, totp_secret = $5, totp_last_step = $6, enrolled = $7, "
        "enrol_token_hash = $8, enrol_expires = $9, disabled = $10, failed_sign_ins = $11, blocked_until = $12 "
        "WHERE no = $1",
        {number_of(s.no), string_view{s.name}, stored(s.role), string_view{s.password_phc}, Octets{s.totp_secret_sealed},
         s.totp_last_step, moment_or_null(s.enrolled), octets_or_null(s.enrol_token_hash), moment_or_null(s.enrol_expires),
         std::int64_t{s.disabled ? 1 : 0}, s.failed_sign_ins, ms_of(s.blocked_until)});
}

std::optional<StaffRow> find_staff(Connection& connection, customers::StaffNo no) {
    return one_staff(connection, "no = $1", number_of(no));
}

std::vector<StaffRow> active_staff(Connection& connection, customers::Role role) {
    std::vector<customers::StaffNo> numbers;
    connection.query("SELECT no FROM staff WHERE role = $1 AND disabled = 0 AND enrolled IS NOT NULL ORDER BY no",
                     {stored(role)}, [&numbers](const Row& row) { numbers.push_back(customers::StaffNo{row.integer(0)}); });
    std::vector<StaffRow> rows;
    for (const customers::StaffNo no : numbers) rows.push_back(find_staff(connection, no).value());
    return rows;
}

std::optional<StaffRow> find_staff_by_email(Connection& connection, string_view email) {
    return one_staff(connection, "email = $1", email);
}

std::optional<StaffRow> find_staff_by_enrol_token(Connection& connection, ByteView token_hash) {
    return one_staff(connection, "enrol_token_hash = $1", Octets{token_hash});
}

void insert_session(Connection& connection, ByteView token_hash, customers::StaffNo staff, Moment created, Moment expires) {
    connection.execute("INSERT INTO session (token_hash, staff, created, expires) VALUES ($1, $2, $3, $4)",
                       {Octets{token_hash}, number_of(staff), ms_of(created), ms_of(expires)});
}

void delete_session(Connection& connection, ByteView token_hash) {
    connection.execute("DELETE FROM session WHERE token_hash = $1", {Octets{token_hash}});
}

}  // namespace okpay::store
