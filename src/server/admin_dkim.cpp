// SPDX-License-Identifier: Apache-2.0
// `admin dkim add`, `list` and `retire`. The private key is sealed here, before it goes to whoever writes.
#include <boost/json.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <filesystem>
#include <iostream>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "mail/dkim_signing.hpp"
#include "server/command_door.hpp"
#include "server/mail_verbs.hpp"
#include "store/dkim_store.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t txt_string_octets = 250;  // one string of a TXT record holds 255

Secret fresh_rsa_key(int bits) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(static_cast<unsigned>(bits)), EVP_PKEY_free};
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info{key ? EVP_PKEY2PKCS8(key.get())
                                                                                             : nullptr,
                                                                                         PKCS8_PRIV_KEY_INFO_free};
    unsigned char* der = nullptr;
    const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : 0;
    if (size <= 0) throw std::runtime_error{"no RSA key could be made"};
    Secret secret{std::string{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}};
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
    return secret;
}

// As a zone file has it: long texts in several strings.
std::string zone_line(std::string_view name, std::string_view text) {
    std::string line = fmt::format("{}. 3600 IN TXT (", name);
    for (std::size_t at = 0; at < text.size(); at += txt_string_octets)
        line += fmt::format(" \"{}\"", text.substr(at, txt_string_octets));
    return line + " )";
}

boost::json::object json_of(const store::DkimKeyRow& row) {
    boost::json::object object{{"selector", row.selector},
                               {"domain", row.domain},
                               {"algorithm", mail::name_of(row.algorithm)},
                               {"bits", mail::dkim_key_bits(row.algorithm, row.public_key)},
                               {"record_name", mail::dkim_record_name(row.selector, row.domain)},
                               {"record", mail::dkim_record(row.algorithm, row.public_key)},
                               {"made_at", rfc3339(row.made)}};
    object["retired_at"] = nullptr;
    if (row.retired) object["retired_at"] = rfc3339(*row.retired);
    return object;
}

int refuse(const CommandDoor::Closed& closed) {
    std::cerr << "okpay: " << closed.why << "\n";
    return closed.exit_status;
}

}  // namespace

int add_dkim_key(const Options& options, const DkimOptions& dkim) {
    const auto door = CommandDoor::open(options);
    if (!door) return refuse(door.error());
    mail::DkimKey key{dkim.selector, mail::dkim_algorithm_of(dkim.algorithm).value(), {}};
    key.private_key =
        key.algorithm == mail::DkimAlgorithm::rsa_sha256 ? fresh_rsa_key(dkim.rsa_bits) : Secret{random_octets(32)};
    const Bytes public_key = mail::dkim_public_key(key).value();
    store::DkimKeyRow row{.domain = ascii_lower(options.domain),
                          .selector = key.selector,
                          .algorithm = key.algorithm,
                          .public_key = public_key,
                          .sealed = (*door)->keyring().seal(key.private_key.reveal(), store::dkim_key_purpose),
                          .made = now(),
                          .retired = std::nullopt};
    const auto answer = (*door)->ask(service::Service::command(row.made, {},
                                                               service::AddDkimKey{.domain = row.domain,
                                                                                   .selector = row.selector,
                                                                                   .algorithm = dkim.algorithm,
                                                                                   .public_key = base64_of(public_key),
                                                                                   .sealed = base64_of(row.sealed)}));
    if (const int status = exit_status_of(answer); status != 0) return status;
    if (dkim.json) {
        std::cout << boost::json::serialize(json_of(row)) << "\n";
    } else {
        std::cout << zone_line(mail::dkim_record_name(row.selector, row.domain),
                               mail::dkim_record(row.algorithm, public_key))
                  << "\n";
        std::cerr
            << "Every mail is signed with it from now on. Publish this record at once; `okpay admin check` proves it.\n";
    }
    return 0;
}

int list_dkim_keys(const Options& options, const DkimOptions& dkim) {
    const store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite && !std::filesystem::exists(database.location)) {
        std::cerr << "okpay: there is no data in " << options.data << "\n";
        return 1;
    }
    const auto connection = store::open(database, store::Access::reader);
    if (store::schema_version_of(*connection) != store::schema_version) {
        std::cerr << "okpay: " << options.data << " is of another version: start `okpay serve` once\n";
        return 1;
    }
    for (const store::DkimKeyRow& row : store::dkim_keys(*connection)) {
        if (dkim.json) {
            std::cout << boost::json::serialize(json_of(row)) << "\n";
            continue;
        }
        const std::string state = row.retired ? "retired " + rfc3339(*row.retired) : "signs since " + rfc3339(row.made);
        std::cout << fmt::format("{:<20} {:<8} {:>5} bits  {}\n    {}\n", row.selector + " " + row.domain,
                                 mail::name_of(row.algorithm), mail::dkim_key_bits(row.algorithm, row.public_key), state,
                                 zone_line(mail::dkim_record_name(row.selector, row.domain),
                                           row.retired ? "v=DKIM1; p=" : mail::dkim_record(row.algorithm, row.public_key)));
    }
    return 0;
}

int retire_dkim_key(const Options& options, const DkimOptions& dkim) {
    const auto door = CommandDoor::open(options);
    if (!door) return refuse(door.error());
    const std::string domain = ascii_lower(options.domain);
    const auto answer = (*door)->ask(
        service::Service::command(now(), {}, service::RetireDkimKey{.domain = domain, .selector = dkim.selector}));
    if (const int status = exit_status_of(answer); status != 0) return status;
    std::cerr
        << "Nothing is signed with it any more. Leave its record in the DNS for a week, while mails that it signed are "
           "under way; then publish it with an empty p=.\n";
    return 0;
}

}  // namespace okpay::server
