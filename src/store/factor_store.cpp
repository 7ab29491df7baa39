// SPDX-License-Identifier: Apache-2.0
#include "store/factor_store.hpp"

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using std::string_view;

constexpr string_view select_passkey =
    "SELECT no, customer, credential, public_key, sign_count, name, aaguid, backed_up, created, last_used FROM passkey ";

Passkey passkey_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .customer = CustomerNo{read.integer()},
            .credential_id = read.text(),
            .public_key = read.text(),
            .sign_count = read.integer(),
            .name = read.text(),
            .aaguid = read.text(),
            .backed_up = read.flag(),
            .created = read.moment(),
            .last_used = read.maybe_moment()};
}

std::vector<Passkey> passkeys(Connection& connection, string_view where, Value key) {
    std::vector<Passkey> found;
    connection.query(std::string{select_passkey} + std::string{where}, {key},
                     [&found](const Row& row) { found.push_back(passkey_at(row)); });
    return found;
}

std::optional<Passkey> one_of(std::vector<Passkey> found) {
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

customers::Guesses guesses_at(RowReader& read) {
    return {.wrong = read.integer(), .blocks = read.integer(), .blocked_until = read.moment()};
}

}  // namespace

void write_app(Connection& connection, const AuthenticatorApp& app) {
    connection.execute(
        "INSERT INTO customer_app (customer, secret, last_step, begun, confirmed) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (customer) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, "
        "begun = excluded.begun, confirmed = excluded.confirmed",
        {number_of(app.customer), Octets{app.secret_sealed}, app.last_step, ms_of(app.begun),
         moment_or_null(app.confirmed)});
}

std::optional<AuthenticatorApp> find_app(Connection& connection, CustomerNo customer) {
    std::optional<AuthenticatorApp> found;
    connection.query("SELECT secret, last_step, begun, confirmed FROM customer_app WHERE customer = $1",
                     {number_of(customer)}, [&](const Row& row) {
                         RowReader read{row};
                         found = AuthenticatorApp{.customer = customer,
                                                  .secret_sealed = read.text(),
                                                  .last_step = read.integer(),
                                                  .begun = read.moment(),
                                                  .confirmed = read.maybe_moment()};
                     });
    return found;
}

void delete_app(Connection& connection, CustomerNo customer) {
    connection.execute("DELETE FROM customer_app WHERE customer = $1", {number_of(customer)});
}

void insert_passkey(Connection& connection, const Passkey& p) {
    connection.execute(
        "INSERT INTO passkey (no, customer, credential, public_key, sign_count, name, aaguid, backed_up, created, "
        "last_used) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        {p.no, number_of(p.customer), Octets{p.credential_id}, Octets{p.public_key}, p.sign_count, string_view{p.name},
         Octets{p.aaguid}, std::int64_t{p.backed_up ? 1 : 0}, ms_of(p.created), moment_or_null(p.last_used)});
}

void update_passkey(Connection& connection, const Passkey& p) {
    connection.execute("UPDATE passkey SET sign_count = $2, name = $3, backed_up = $4, last_used = $5 WHERE no = $1",
                       {p.no, p.sign_count, string_view{p.name}, std::int64_t{p.backed_up ? 1 : 0},
                        moment_or_null(p.last_used)});
}

void delete_passkey(Connection& connection, std::int64_t no) {
    connection.execute("DELETE FROM passkey WHERE no = $1", {no});
}

std::optional<Passkey> find_passkey(Connection& connection, ByteView credential_id) {
    return one_of(passkeys(connection, "WHERE credential = $1", Octets{credential_id}));
}

std::optional<Passkey> find_passkey(Connection& connection, std::int64_t no) {
    return one_of(passkeys(connection, "WHERE no = $1", no));
}

std::vector<Passkey> passkeys_of(Connection& connection, CustomerNo customer) {
    return passkeys(connection, "WHERE customer = $1 ORDER BY no", number_of(customer));
}

void replace_recovery_codes(Connection& connection, CustomerNo customer, const std::vector<Bytes>& hashes, Moment at) {
    delete_recovery_codes(connection, customer);
    for (const Bytes& hash : hashes) {
        connection.execute("INSERT INTO recovery_code (hash, customer, made) VALUES ($1, $2, $3)",
                           {Octets{hash}, number_of(customer), ms_of(at)});
    }
}

void delete_recovery_codes(Connection& connection, CustomerNo customer) {
    connection.execute("DELETE FROM recovery_code WHERE customer = $1", {number_of(customer)});
}

bool use_recovery_code(Connection& connection, CustomerNo customer, ByteView hash, Moment at) {
    return connection.execute("UPDATE recovery_code SET used = $3 WHERE hash = $1 AND customer = $2 AND used IS NULL",
                              {Octets{hash}, number_of(customer), ms_of(at)}) == 1;
}

RecoveryCodes recovery_codes_of(Connection& connection, CustomerNo customer) {
    RecoveryCodes found;
    connection.query("SELECT made, used FROM recovery_code WHERE customer = $1", {number_of(customer)}, [&](const Row& row) {
        RowReader read{row};
        found.made = read.moment();  // one moment for the whole set
        ++found.made_count;
        if (!read.maybe_moment()) ++found.left;
    });
    return found;
}

FactorGuard factor_guard_of(Connection& connection, CustomerNo customer) {
    FactorGuard guard{.customer = customer, .changed = {}, .app = {}, .recovery = {}};
    connection.query(
        "SELECT changed, app_wrong, app_blocks, app_blocked_until, code_wrong, code_blocks, code_blocked_until "
        "FROM factor_guard WHERE customer = $1",
        {number_of(customer)}, [&guard](const Row& row) {
            RowReader read{row};
            guard.changed = read.maybe_moment();
            guard.app = guesses_at(read);
            guard.recovery = guesses_at(read);
        });
    return guard;
}

void write_factor_guard(Connection& connection, const FactorGuard& guard) {
    connection.execute(
        "INSERT INTO factor_guard (customer, changed, app_wrong, app_blocks, app_blocked_until, code_wrong, code_blocks, "
        "code_blocked_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
        "ON CONFLICT (customer) DO UPDATE SET changed = excluded.changed, app_wrong = excluded.app_wrong, "
        "app_blocks = excluded.app_blocks, app_blocked_until = excluded.app_blocked_until, "
        "code_wrong = excluded.code_wrong, code_blocks = excluded.code_blocks, "
        "code_blocked_until = excluded.code_blocked_until",
        {number_of(guard.customer), moment_or_null(guard.changed), guard.app.wrong, guard.app.blocks,
         ms_of(guard.app.blocked_until), guard.recovery.wrong, guard.recovery.blocks, ms_of(guard.recovery.blocked_until)});
}

bool answer_challenge(Connection& connection, ByteView hash, Moment ends, Moment now) {
    connection.execute("DELETE FROM answered_challenge WHERE ends <= $1", {ms_of(now)});
    return connection.execute("INSERT INTO answered_challenge (hash, ends) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
                              {Octets{hash}, ms_of(ends)}) == 1;
}

bool renew_customer_session(Connection& connection, ByteView token_hash, ByteView new_token_hash,
                            customers::Assurance assurance, Moment proven) {
    return connection.execute(
               "UPDATE customer_session SET token_hash = $2, assurance = $3, proven = $4 WHERE token_hash = $1",
               {Octets{token_hash}, Octets{new_token_hash}, stored(assurance), ms_of(proven)}) == 1;
}

bool is_payout_place(Connection& connection, CustomerNo customer, ByteView instrument_hash) {
    return connection
        .integer("SELECT 1 FROM payout_place WHERE customer = $1 AND instrument_hash = $2",
                 {number_of(customer), Octets{instrument_hash}})
        .has_value();
}

void keep_payout_place(Connection& connection, CustomerNo customer, ByteView instrument_hash, Moment at) {
    connection.execute(
        "INSERT INTO payout_place (customer, instrument_hash, opened) VALUES ($1, $2, $3) "
        "ON CONFLICT (customer, instrument_hash) DO NOTHING",
        {number_of(customer), Octets{instrument_hash}, ms_of(at)});
}

}  // namespace okpay::store
