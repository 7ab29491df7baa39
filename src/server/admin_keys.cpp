// SPDX-License-Identifier: Apache-2.0
// `admin keys rotate` and `admin keys check`.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "server/verbs.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

bool has_ring(store::Connection& connection, const Options& options) {
    if (store::schema_version_of(connection) == store::schema_version &&
        connection.integer("SELECT 1 FROM key_ring LIMIT 1").has_value())
        return true;
    std::cerr << "okpay: " << options.data << " has no keys of this program yet: start `okpay serve` once\n";
    return false;
}

bool is_missing(const store::Database& database, const Options& options) {
    if (database.engine != store::Engine::sqlite || std::filesystem::exists(database.location)) return false;
    std::cerr << "okpay: there is no data in " << options.data << "\n";
    return true;
}

int refuse(store::KeyError error, const Options& options) {
    std::cerr << "okpay: " << store::explain(error) << " (" << options.key_path().string() << ")\n";
    return 1;
}

}  // namespace

int rotate_keys(const Options& options) {
    const store::Database database = options.store_database();
    if (is_missing(database, options)) return 1;
    // With SQLite the data have one owner; with PostgreSQL the directory keeps a second rotation from here away.
    const auto directory = store::DataDirectory::own(options.data_directory());
    if (!directory && database.engine == store::Engine::sqlite) {
        std::cerr << "okpay: " << options.data << " is in use by another okpay process; stop it for the moment this takes\n";
        return 75;
    }
    const auto connection = store::open(database, store::Access::writer);
    if (!has_ring(*connection, options)) return 1;
    const auto done = store::rotate_master_key(*connection, options.key_path());
    if (!done) return refuse(done.error(), options);
    std::cout << fmt::format(
        "{}: the master key is new, generation {}, {} keys and secrets were sealed again. Back up {} and a new keys.db now, "
        "then destroy the old copies\n",
        done->went_on ? "the change that was begun before is done" : "done", done->generation, done->sealed_again,
        options.key_path().string());
    return 0;
}

int check_keys(const Options& options, const KeysOptions& keys) {
    const store::Database database = options.store_database();
    if (is_missing(database, options)) return 1;
    const auto connection = store::open(database, store::Access::reader);
    if (!has_ring(*connection, options)) return 1;
    const auto keyring = store::open_keyring(*connection, options.key_path());
    if (!keyring) return refuse(keyring.error(), options);
    store::KeyCheck check;
    {
        store::Transaction snapshot{*connection};
        check = store::check_keys(*connection, *keyring);
        if (store::is_rotation_under_way(*connection)) {
            check.faults.emplace_back(
                "a change of the master key was not ended: run `okpay admin keys rotate` to go on with it");
        }
    }
    std::error_code error;
    const auto rights = std::filesystem::status(options.key_path(), error).permissions();
    // A group that may read it is how a service is given a key of root's.
    constexpr auto too_many = std::filesystem::perms::group_write | std::filesystem::perms::others_all;
    if (!error && (rights & too_many) != std::filesystem::perms::none)
        check.faults.push_back(fmt::format("others may read or write {}: give it mode 0600", options.key_path().string()));
    for (const store::KeysOfGeneration& generation : check.generations) {
        if (keys.json) {
            std::cout << boost::json::serialize(boost::json::object{{"generation", generation.generation},
                                                                    {"objects", generation.objects},
                                                                    {"secrets", generation.secrets}})
                      << '\n';
        } else {
            std::cout << fmt::format("generation {:<4} {:>10} objects {:>8} secrets\n", generation.generation,
                                     generation.objects, generation.secrets);
        }
    }
    if (keys.json) {
        boost::json::array faults;
        for (const std::string& fault : check.faults) faults.emplace_back(fault);
        std::cout << boost::json::serialize(boost::json::object{{"erased", check.erased}, {"faults", std::move(faults)}})
                  << '\n';
    } else {
        std::cout << fmt::format("erased {}\n", check.erased);
        for (const std::string& fault : check.faults) std::cout << "    " << fault << '\n';
        std::cout << (check.faults.empty() ? "no fault\n" : fmt::format("{} faults\n", check.faults.size()));
    }
    std::cout.flush();
    return check.faults.empty() ? 0 : 1;
}

}  // namespace okpay::server
