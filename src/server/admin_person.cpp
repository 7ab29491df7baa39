// SPDX-License-Identifier: Apache-2.0
// `admin person` and `admin staff relate`.
#include <boost/json.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/privacy.hpp"
#include "server/command_door.hpp"
#include "server/verbs.hpp"
#include "service/person_export.hpp"
#include "service/service.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/people_store.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

constexpr unsigned only_ours = 0600;

std::unique_ptr<store::Connection> reader_of(const Options& options) {
    const store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite && !std::filesystem::exists(database.location)) {
        std::cerr << "okpay: there is no data in " << options.data << "\n";
        return nullptr;
    }
    auto connection = store::open(database, store::Access::reader);
    if (store::schema_version_of(*connection) == store::schema_version) return connection;
    std::cerr << "okpay: the data are of another version: start `okpay serve` of this program once\n";
    return nullptr;
}

std::optional<std::int64_t> customer_named(store::Connection& connection, const std::string& who) {
    std::optional<std::int64_t> no;
    if (const auto id = CustomerId::parse(who)) {
        no = connection.integer("SELECT no FROM customer WHERE id = $1", {store::Octets{id->view()}});
    } else {
        const std::string address = ascii_lower(trimmed(who));
        no = connection.integer("SELECT no FROM customer WHERE email = $1", {std::string_view{address}});
    }
    if (!no) std::cerr << "okpay: there is no customer " << who << "\n";
    return no;
}

int write_originals(const Options& options, store::Connection& connection, std::int64_t customer,
                    const std::filesystem::path& directory) {
    const auto keyring = store::open_keyring(connection, options.key_path());
    if (!keyring) {
        std::cerr << "okpay: originals are sealed, and " << store::explain(keyring.error()) << " ("
                  << options.key_path().string() << ")\n";
        return 1;
    }
    const store::BlobStore blobs{options.data_directory() / "blobs"};
    int status = 0;
    service::each_sealed_original(connection, customer, [&](const service::SealedOriginal& one) {
        const auto sealed = one.blob ? blobs.get(*one.blob) : one.sealed;
        const auto plain =
            sealed ? keyring->unseal_object(*sealed, one.wrapped_key, store::purpose_of(one.kind)) : std::nullopt;
        if (plain && store::write_file_durably(directory / one.name, *plain, only_ours)) return;
        std::cerr << "okpay: " << one.name << " cannot be " << (plain ? "written" : "opened: run `okpay verify`") << "\n";
        status = 1;
    });
    return status;
}

}  // namespace

int export_person(const Options& options, const PersonOptions& person) {
    const auto connection = reader_of(options);
    const auto customer = connection ? customer_named(*connection, person.customer) : std::nullopt;
    if (!customer) return 1;
    const bool into_directory = person.out.ends_with('/');
    if (std::filesystem::exists(person.out)) {
        std::cerr << "okpay: " << person.out << " exists already; name a new one\n";
        return 1;
    }
    int status = 0;
    const auto logged = done_by_door(options, service::RecordPersonExport{*customer, person.reason}, status);
    if (!logged) return status;
    const auto copy = service::export_person(*connection, *customer, logged->accounts, service::CopyFor::house, now());
    const std::filesystem::path directory{person.out};
    if (into_directory) {
        std::error_code error;
        std::filesystem::create_directories(directory, error);
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    }
    const std::filesystem::path file = into_directory ? directory / "person.json" : directory;
    if (!store::write_file_durably(file, boost::json::serialize(copy) + "\n", only_ours)) {
        std::cerr << "okpay: " << file.string() << " cannot be written\n";
        return 1;
    }
    if (into_directory) status = write_originals(options, *connection, *customer, directory);
    std::cout << file.string() << "\n";
    std::cerr << "Read it before you hand it on: it also holds notes of staff and what names other people.\n";
    return status;
}

int hold_person(const Options& options, const PersonOptions& person, bool release) {
    const auto connection = reader_of(options);
    const auto customer = connection ? customer_named(*connection, person.customer) : std::nullopt;
    if (!customer) return 1;
    int status = 0;
    const auto answer = release ? done_by_door(options, service::ReleaseLegalHold{*customer, person.reason}, status)
                                : done_by_door(options, service::PlaceLegalHold{*customer, person.reason}, status);
    if (!answer) return status;
    std::cout << (release ? "released\n" : "held: nothing about this customer is erased until it is released\n");
    return 0;
}

int erase_person(const Options& options, const PersonOptions& person) {
    const auto connection = reader_of(options);
    const auto customer = connection ? customer_named(*connection, person.customer) : std::nullopt;
    if (!customer) return 1;
    int status = 0;
    const std::string id = fresh_id<customers::ErasureId>().text();
    const auto answer = done_by_door(options, service::ProposeErasure{id, *customer, person.reason}, status);
    if (!answer) return status;
    std::cout << (answer->text == "executed"
                      ? fmt::format("erased: the books know customer {} as a number. Older backups still hold the person: "
                                    "destroy them when their time is over\n",
                                    *customer)
                      : fmt::format("proposed as {}: an administrator has to approve it\n", id));
    return 0;
}

int relate_staff(const Options& options, const std::string& email, const std::string& customer_given,
                 const std::string& relation) {
    const auto connection = reader_of(options);
    const auto customer = connection ? customer_named(*connection, customer_given) : std::nullopt;
    if (!customer) return 1;
    const auto staff = store::find_staff_by_email(*connection, ascii_lower(trimmed(email)));
    if (!staff) {
        std::cerr << "okpay: there is no member of staff " << email << "\n";
        return 1;
    }
    int status = 0;
    if (!done_by_door(options, service::RelateStaff{number_of(staff->no), *customer, relation}, status)) return status;
    std::cout << (relation == "none" ? "this customer may be worked for again\n"
                                     : "kept away from this customer's requests, payments, papers and locks\n");
    return 0;
}

}  // namespace okpay::server
