// SPDX-License-Identifier: Apache-2.0
#include "server/verbs.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "base/text.hpp"
#include "service/handlers.hpp"
#include "service/search.hpp"
#include "store/backup.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/search_verify.hpp"
#include "store/verify.hpp"

namespace okpay::server {
namespace {

std::optional<store::BlobStore> blobs_of(const Options& options, const store::Database& database) {
    if (database.engine == store::Engine::postgres) return std::nullopt;
    return store::BlobStore{options.data_directory() / "blobs"};
}

}  // namespace

int verify_data(const Options& options, const VerifyOptions& verify) {
    const store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite && !std::filesystem::exists(database.location)) {
        std::cerr << "okpay: there is no data in " << options.data << "\n";
        return 1;
    }
    store::VerifyRequest request{.blobs = blobs_of(options, database)};
    const auto connection = store::open(database, store::Access::reader);
    const auto keyring = store::open_keyring(*connection, options.key_path());
    if (keyring) request.keyring = &*keyring;
    if (!verify.head.empty()) {
        const auto colon = verify.head.find(':');
        const auto bytes = colon == std::string::npos ? std::nullopt : bytes_of_hex(verify.head.substr(colon + 1));
        const auto hash = bytes ? hash_of(*bytes) : std::nullopt;
        if (!hash) throw UsageError{"--head: write SEQ:HASH, as `okpay verify` prints it"};
        request.head = {std::strtoll(verify.head.c_str(), nullptr, 10), *hash};
    }
    std::int64_t faults = 0;
    std::vector<store::CheckReport> reports = store::verify(*connection, request);
    if (reports.size() > 1)  // else the schema is another's
        reports.push_back(store::check_search_index(database, service::search_database(database)));
    for (const store::CheckReport& report : reports) {
        faults += report.faults_found;
        if (verify.json) {
            boost::json::array shown;
            for (const std::string& fault : report.faults) shown.emplace_back(fault);
            std::cout << boost::json::serialize(boost::json::object{{"check", report.name},
                                                                    {"looked_at", report.looked_at},
                                                                    {"faults", report.faults_found},
                                                                    {"details", std::move(shown)}})
                      << '\n';
            continue;
        }
        std::cout << fmt::format("{:<16} {:>10}  {}\n", report.name, report.looked_at,
                                 report.faults_found == 0 ? "ok" : fmt::format("{} FAULTS", report.faults_found));
        for (const std::string& fault : report.faults) std::cout << "    " << fault << '\n';
    }
    if (!keyring && !verify.json)
        std::cout << "(sealed mails were not opened: " << store::explain(keyring.error()) << ": "
                  << options.key_path().string() << ")\n";
    const auto head = connection->integer("SELECT coalesce(max(seq), 0) FROM transfer").value_or(0);
    std::string hash(64, '0');
    connection->query("SELECT hash FROM transfer WHERE seq = $1", {head},
                      [&hash](const store::Row& row) { hash = hex_of(row.text(0)); });
    if (verify.json) {
        std::cout << fmt::format("{{\"head\":\"{}:{}\",\"faults\":{}}}\n", head, hash, faults);
    } else {
        std::cout << fmt::format("head {}:{}\n{}\n", head, hash,
                                 faults == 0 ? "no fault" : fmt::format("{} faults", faults));
    }
    std::cout.flush();
    return faults == 0 ? 0 : 1;
}

int back_up_data(const Options& options, const std::string& target, const std::string& keys) {
    const store::Database database = options.store_database();
    const auto done = store::back_up(database, blobs_of(options, database), target, keys);
    if (!done) {
        std::cerr << "okpay: " << store::explain(done.error()) << "\n";
        return 1;
    }
    std::cout << "backup written to " << target << ", its keys to "
              << (keys.empty() ? (std::filesystem::path{target} / "keys.db").string() : keys)
              << "; keep only the newest keys.db, and a copy of the key file " << options.key_path().string()
              << ", each apart from the data\n";
    return 0;
}

int restore_data(const Options& options, const std::string& source, const std::string& keys) {
    const auto done = store::restore(source, options.store_database(), options.data_directory(), keys);
    if (!done) {
        std::cerr << "okpay: " << store::explain(done.error()) << "\n";
        return 1;
    }
    std::cout << "restored into " << options.data << "; put the key file at " << options.key_path().string()
              << " and run `okpay verify`\n";
    return 0;
}

int rebuild_search(const Options& options) {
    const store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite && !std::filesystem::exists(database.location)) {
        std::cerr << "okpay: there is no data in " << options.data << "\n";
        return 1;
    }
    // Beside a serving process both read on: of two passes that begin alike one is taken.
    service::SearchIndexer indexer{database, service::search_database(database)};
    if (!indexer.is_sound()) {
        indexer.close();
        service::remove_search_file(service::search_database(database));
    }
    indexer.reset();
    indexer.catch_up([] { return false; });
    std::cout << "the search index was read again: " << indexer.size() << " documents\n";
    return 0;
}

}  // namespace okpay::server
