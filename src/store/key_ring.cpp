// SPDX-License-Identifier: Apache-2.0
#include "store/key_ring.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <map>

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "store/files.hpp"
#include "store/impl/sqlite_connection.hpp"
#include "store/row_reader.hpp"
#include "store/schema.hpp"

namespace okpay::store {
namespace {

constexpr std::string_view root_purpose = "key ring root";
constexpr std::string_view rotation_mark = "key_rotation";
constexpr std::int64_t part = 500;
constexpr std::size_t key_octets = 32;

// Small secrets beside the objects. Rows that the engine itself keeps from being changed (payout_account) stay under the
// root they were made with, which stays in the ring.
struct SecretColumn {
    std::string_view table, key, column, purpose;
    bool can_change;
};
constexpr std::array secret_columns{SecretColumn{"staff", "no", "totp_secret", "totp secret", true},
                                    SecretColumn{"customer_app", "customer", "secret", "totp secret", true},
                                    SecretColumn{"dkim_key", "no", "sealed", "dkim key", true},
                                    SecretColumn{"hook_endpoint", "no", "secret", "webhook secret", true},
                                    SecretColumn{"hook_endpoint", "no", "old_secret", "webhook secret", true},
                                    SecretColumn{"rail_call", "payment", "sealed_instrument", "rail instrument", true},
                                    SecretColumn{"payout_account", "no", "sealed_instrument", "rail instrument", false}};

std::filesystem::path next_of(const std::filesystem::path& key_file) { return key_file.string() + ".next"; }

void commit(Transaction& transaction) {
    if (!transaction.commit())
        throw StorageFailure{StorageFault::unavailable, "the keys could not be committed; run the same command again"};
}

struct SealedRoot {
    std::int64_t generation;
    Bytes wrapped;
};
std::vector<SealedRoot> sealed_roots(Connection& connection) {
    std::vector<SealedRoot> found;
    connection.query("SELECT generation, wrapped FROM key_ring ORDER BY generation", {},
                     [&found](const Row& row) { found.push_back({row.integer(0), row.string(1)}); });
    return found;
}

// One behind the other, as the keyring takes them.
std::optional<std::string> roots_under(const Secret& master, const std::vector<SealedRoot>& sealed) {
    std::string roots;
    std::int64_t generation = 0;
    for (const SealedRoot& root : sealed) {
        const auto opened = unseal_under(master, root.wrapped, root_purpose);
        if (!opened || opened->size() != key_octets || root.generation != ++generation) return std::nullopt;
        roots += *opened;
    }
    return roots;
}

void write_root(Connection& connection, std::int64_t generation, ByteView root, const Secret& master) {
    const Bytes sealed = seal_under(master, root, root_purpose);
    connection.execute(
        "INSERT INTO key_ring (generation, wrapped, made) VALUES ($1, $2, $3) "
        "ON CONFLICT (generation) DO UPDATE SET wrapped = excluded.wrapped",
        {generation, Octets{sealed}, ms_of(now())});
}

// With the key file or the next one, whichever opens the ring.
Result<Keyring, KeyError> keyring_of(const std::vector<SealedRoot>& sealed, const std::filesystem::path& key_file) {
    const auto current = load_master_key(key_file);
    if (current) {
        if (auto roots = roots_under(*current, sealed)) return Keyring{Secret{*std::move(roots)}};
    }
    if (const auto next = load_master_key(next_of(key_file))) {
        if (auto roots = roots_under(*next, sealed)) return Keyring{Secret{*std::move(roots)}};
    }
    return fail(current ? KeyError::of_other_data : current.error());
}

bool has_data(Connection& connection) { return connection.integer("SELECT 1 FROM command LIMIT 1").has_value(); }

// Who may read the key may read the next one: root changes the key of a service that runs as somebody else.
bool give_rights_of(const std::filesystem::path& key_file, const std::filesystem::path& next) {
    struct stat of{};
    return ::stat(key_file.c_str(), &of) == 0 && ::chown(next.c_str(), of.st_uid, of.st_gid) == 0 &&
           ::chmod(next.c_str(), of.st_mode & 07777U) == 0;
}

bool move_next_into_place(const std::filesystem::path& key_file) {
    if (!give_rights_of(key_file, next_of(key_file)) || ::rename(next_of(key_file).c_str(), key_file.c_str()) != 0)
        return false;
    const auto place = key_file.has_parent_path() ? key_file.parent_path() : std::filesystem::path{"."};
    const int directory = ::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = directory >= 0 && ::fsync(directory) == 0;
    if (directory >= 0) ::close(directory);
    return synced;
}

std::int64_t seal_secrets_again(Connection& connection, const Keyring& keyring, const SecretColumn& place,
                                const RotationStep& step) {
    std::int64_t changed = 0, after = 0;
    while (true) {
        std::vector<std::pair<std::int64_t, Bytes>> rows;
        Transaction transaction{connection};
        connection.query(fmt::format("SELECT {0}, {1} FROM {2} WHERE {0} > $1 ORDER BY {0} LIMIT $2", place.key,
                                     place.column, place.table),
                         {after, part}, [&rows](const Row& row) { rows.emplace_back(row.integer(0), row.string(1)); });
        if (rows.empty()) return changed;
        for (const auto& [key, sealed] : rows) {
            if (Keyring::generation_of(sealed) == keyring.newest()) continue;
            const auto again = keyring.seal_again(sealed, place.purpose);
            if (!again) continue;  // empty, or not ours: the check names it
            // Only what was read is written over: a node may have written meanwhile.
            changed += connection.execute(fmt::format("UPDATE {2} SET {1} = $2 WHERE {0} = $1 AND {1} = $3", place.key,
                                                      place.column, place.table),
                                          {key, Octets{*again}, Octets{sealed}});
        }
        commit(transaction);
        after = rows.back().first;
        if (step) step("secrets");
    }
}

std::int64_t wrap_objects_again(Connection& connection, const Keyring& keyring, const RotationStep& step) {
    std::int64_t changed = 0, kind = 0, owner = 0;
    while (true) {
        Transaction transaction{connection};
        const auto keys = object_keys_after(connection, kind, owner, part);
        if (keys.empty()) return changed;
        for (const ObjectKey& key : keys) {
            if (key.erased || Keyring::generation_of(key.wrapped) == keyring.newest()) continue;
            const auto again = keyring.wrap_again(key.wrapped, purpose_of(key.kind));
            if (!again) continue;
            changed +=
                connection.execute("UPDATE object_key SET wrapped = $3 WHERE kind = $1 AND owner = $2 AND wrapped = $4",
                                   {stored(key.kind), key.owner, Octets{*again}, Octets{key.wrapped}});
        }
        commit(transaction);
        kind = stored(keys.back().kind);
        owner = keys.back().owner;
        if (step) step("objects");
    }
}

}  // namespace

Result<Keyring, KeyError> open_keyring(Connection& connection, const std::filesystem::path& key_file) {
    const auto sealed =
        schema_version_of(connection) >= schema_version_of_key_ring ? sealed_roots(connection) : std::vector<SealedRoot>{};
    if (!sealed.empty()) return keyring_of(sealed, key_file);
    auto master = load_master_key(key_file);
    if (!master) return fail(master.error());
    return Keyring{*std::move(master)};
}

Result<Keyring, KeyError> open_or_create_keyring(Connection& connection, const std::filesystem::path& key_file,
                                                 bool& created) {
    created = false;
    if (const auto sealed = sealed_roots(connection); !sealed.empty()) return keyring_of(sealed, key_file);
    auto master = load_or_create_master_key(key_file, created);
    if (!master) return fail(master.error());
    {
        Transaction transaction{connection};
        const Secret root = has_data(connection) ? *master : fresh_key();
        const Bytes wrapped = seal_under(*master, root.reveal(), root_purpose);
        // Two nodes may start at once: the first one's stands.
        connection.execute(
            "INSERT INTO key_ring (generation, wrapped, made) VALUES (1, $1, $2) ON CONFLICT (generation) DO NOTHING",
            {Octets{wrapped}, ms_of(now())});
        commit(transaction);
    }
    return keyring_of(sealed_roots(connection), key_file);
}

bool is_rotation_under_way(Connection& connection) {
    return connection.integer("SELECT 1 FROM meta WHERE name = $1", {rotation_mark}).has_value();
}

Result<Rotation, KeyError> rotate_master_key(Connection& connection, const std::filesystem::path& key_file,
                                             const RotationStep& step) {
    const auto done = [&step](std::string_view what) {
        if (step) step(what);
    };
    Rotation rotation{.went_on = is_rotation_under_way(connection)};
    const auto sealed = sealed_roots(connection);
    auto keyring = keyring_of(sealed, key_file);
    if (!keyring) return fail(keyring.error());
    if (!rotation.went_on) {
        bool made = false;
        const auto next = load_or_create_master_key(next_of(key_file), made);  // one that a kill left is as good
        if (!next) return fail(next.error());
        if (!give_rights_of(key_file, next_of(key_file))) return fail(KeyError::cannot_create);
        done("file");
        const auto master = load_master_key(key_file);
        if (!master) return fail(master.error());
        auto roots = roots_under(*master, sealed);
        if (!roots) return fail(KeyError::of_other_data);
        *roots += fresh_key().reveal();
        Transaction transaction{connection};
        for (std::size_t i = 0; i * key_octets < roots->size(); ++i) {
            write_root(connection, static_cast<std::int64_t>(i) + 1, ByteView{*roots}.substr(i * key_octets, key_octets),
                       *next);
        }
        connection.execute("INSERT INTO meta (name, value) VALUES ($1, $2)", {rotation_mark, std::string_view{"under way"}});
        commit(transaction);
        keyring = Keyring{Secret{*std::move(roots)}};
        done("ring");
    }
    if (std::filesystem::exists(next_of(key_file))) {
        if (!move_next_into_place(key_file)) return fail(KeyError::cannot_create);
        done("place");
    }
    rotation.generation = keyring->newest();
    rotation.sealed_again = wrap_objects_again(connection, *keyring, step);
    for (const SecretColumn& place : secret_columns) {
        if (place.can_change) rotation.sealed_again += seal_secrets_again(connection, *keyring, place, step);
    }
    Transaction transaction{connection};
    connection.execute("DELETE FROM meta WHERE name = $1", {rotation_mark});
    commit(transaction);
    done("end");
    return rotation;
}

static KeysOfGeneration* generation_in(KeyCheck& check, ByteView sealed) {  // null: no root of ours
    const std::uint32_t generation = Keyring::generation_of(sealed);
    return generation == 0 || generation > check.generations.size() ? nullptr : &check.generations[generation - 1];
}

KeyCheck check_object_keys(Connection& connection, const Keyring& keyring) {
    KeyCheck check;
    check.generations.resize(keyring.newest());
    for (std::uint32_t i = 0; i < keyring.newest(); ++i) check.generations[i].generation = i + 1;
    each_object_key(connection, [&](const ObjectKey& key) {
        if (key.erased) {
            ++check.erased;
            return;
        }
        KeysOfGeneration* const at = generation_in(check, key.wrapped);
        if (at == nullptr || !keyring.wrap_again(key.wrapped, purpose_of(key.kind))) {
            check.faults.push_back(fmt::format("the key of {} {} does not open", purpose_of(key.kind), key.owner));
        } else {
            ++at->objects;
        }
    });
    each_stray_key(connection, [&](std::string fault) { check.faults.push_back(std::move(fault)); });
    return check;
}

KeyCheck check_keys(Connection& connection, const Keyring& keyring) {
    KeyCheck check = check_object_keys(connection, keyring);
    for (const SecretColumn& place : secret_columns) {
        connection.query(fmt::format("SELECT {}, {} FROM {} WHERE length({}) > 0 ORDER BY 1", place.key, place.column,
                                     place.table, place.column),
                         {}, [&](const Row& row) {
                             const Bytes sealed = row.string(1);
                             KeysOfGeneration* const at = generation_in(check, sealed);
                             if (at == nullptr || !keyring.unseal(sealed, place.purpose)) {
                                 check.faults.push_back(
                                     fmt::format("the secret of {} {} does not open", place.table, row.integer(0)));
                             } else {
                                 ++at->secrets;
                             }
                         });
    }
    return check;
}

bool write_keys(Connection& connection, const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::exists(file, error)) return false;
    const auto keys = SqliteConnection::open(file.string(), Access::writer);
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    keys->run_script(
        "PRAGMA journal_mode=DELETE;"
        "CREATE TABLE key_ring (generation INTEGER PRIMARY KEY, wrapped BLOB NOT NULL, made BIGINT NOT NULL);"
        "CREATE TABLE object_key (kind BIGINT NOT NULL, owner BIGINT NOT NULL, wrapped BLOB NOT NULL, erased BIGINT, "
        "PRIMARY KEY (kind, owner)) WITHOUT ROWID");
    Transaction transaction{*keys};
    connection.query("SELECT generation, wrapped, made FROM key_ring ORDER BY generation", {}, [&](const Row& row) {
        const Bytes wrapped = row.string(1);
        keys->execute("INSERT INTO key_ring (generation, wrapped, made) VALUES ($1, $2, $3)",
                      {row.integer(0), Octets{wrapped}, row.integer(2)});
    });
    each_object_key(connection, [&](const ObjectKey& key) {
        keys->execute("INSERT INTO object_key (kind, owner, wrapped, erased) VALUES ($1, $2, $3, $4)",
                      {stored(key.kind), key.owner, Octets{key.wrapped}, moment_or_null(key.erased)});
    });
    return transaction.commit().has_value();
}

bool read_keys(Connection& connection, const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return false;
    const auto keys = SqliteConnection::open(file.string(), Access::reader);
    Transaction transaction{connection};
    for (const SealedRoot& root : sealed_roots(*keys)) {
        connection.execute(
            "INSERT INTO key_ring (generation, wrapped, made) VALUES ($1, $2, $3) "
            "ON CONFLICT (generation) DO UPDATE SET wrapped = excluded.wrapped",
            {root.generation, Octets{root.wrapped}, ms_of(now())});
    }
    each_object_key(*keys, [&](const ObjectKey& key) {
        connection.execute(
            "INSERT INTO object_key (kind, owner, wrapped, erased) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, owner) "
            "DO UPDATE SET wrapped = excluded.wrapped, erased = excluded.erased WHERE object_key.erased IS NULL",
            {stored(key.kind), key.owner, Octets{key.wrapped}, moment_or_null(key.erased)});
    });
    // Keys newer than the data belong to rows that this copy does not have.
    for (const auto& [kind, table] : {std::pair{1, "inbound_mail"}, std::pair{2, "case_file"}, std::pair{3, "identity_file"},
                                      std::pair{4, "identity_file"}, std::pair{5, "identity_verification"}}) {
        connection.execute(
            fmt::format("DELETE FROM object_key WHERE kind = {} AND owner NOT IN (SELECT no FROM {})", kind, table));
    }
    return transaction.commit().has_value();
}

}  // namespace okpay::store
