// SPDX-License-Identifier: Apache-2.0
#include "server/verbs.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <fstream>
#include <future>
#include <iostream>
#include <iterator>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "content/mask.hpp"
#include "mail/codec.hpp"
#include "server/control.hpp"
#include "service/handlers.hpp"
#include "service/mail_intake.hpp"
#include "service/writer.hpp"
#include "store/backup.hpp"
#include "store/files.hpp"
#include "store/schema.hpp"
#include "store/verify.hpp"
#include "triage/json.hpp"
#include "triage/read.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t message_octets_max = 64UL << 20U;
constexpr Millis parse_deadline{20'000};
constexpr std::chrono::hours enrol_link_lasts{48};

std::optional<Bytes> read_input(const std::string& name) {
    if (name == "-") return Bytes{std::istreambuf_iterator<char>{std::cin}, {}};
    return store::read_file(name);
}

std::optional<store::BlobStore> blobs_of(const Options& options, const store::Database& database) {
    if (database.engine == store::Engine::postgres) return std::nullopt;
    return store::BlobStore{options.data_directory() / "blobs"};
}

// Secrets are masked here too: what is printed is stored and read by people.
std::string reading_line(const triage::Message& message, std::string_view file) {
    triage::Reading reading = triage::read(message);
    reading.text = content::mask_secrets(reading.text).text;
    return triage::json_of(reading, file);
}

int triage_mails(const std::vector<std::string>& files) {
    auto sandbox = sandbox::Pool::start({}, 1);
    if (!sandbox) {
        std::cerr << "okpay: the sandbox for reading mail cannot be started on this system\n";
        return 1;
    }
    int status = 0;
    for (const std::string& file : files) {
        const auto raw = read_input(file);
        if (!raw || raw->size() > message_octets_max) {
            std::cerr << "okpay: " << file << (raw ? " is larger than 64 MiB\n" : " cannot be read\n");
            status = 1;
            continue;
        }
        const auto answer = (*sandbox)->call(*raw, parse_deadline);
        const auto parsed = answer ? mail::decode(*answer) : std::nullopt;
        if (!parsed) {
            std::cerr << "okpay: " << file << " could not be taken apart as a mail\n";
            status = 1;
            continue;
        }
        const triage::Message message = service::message_for_triage(*parsed, std::nullopt, "", now());
        std::cout << reading_line(message, file) << '\n';
    }
    std::cout.flush();
    return status;
}

int triage_lines(const TriageOptions& options) {
    const auto text = read_input(options.text);
    if (!text) {
        std::cerr << "okpay: " << options.text << " cannot be read\n";
        return 1;
    }
    Moment at = now();
    std::int32_t offset = 0;
    if (!options.at.empty()) {
        const auto given = moment_of_rfc3339(options.at);
        if (!given) throw UsageError{"--at " + options.at + ": not an RFC 3339 moment such as 2026-11-05T17:48:00+08:00"};
        at = *given;
        // The offset written is the customer's: "yesterday" is counted there.
        const auto sign = options.at.find_last_of("+-");
        if (options.at.size() >= 6 && sign == options.at.size() - 6) {
            offset = std::stoi(options.at.substr(sign + 1, 2)) * 60 + std::stoi(options.at.substr(sign + 4, 2));
            if (options.at[sign] == '-') offset = -offset;
        }
    }
    std::int64_t number = 0;
    for (std::string_view line : split(*text, '\n')) {
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trimmed(line).empty()) continue;
        const triage::Message message{.subject = "",
                                      .new_text = to_utf8_lossy(line),
                                      .quoted_text = "",
                                      .forwarded_text = "",
                                      .from_address = "",
                                      .at = at,
                                      .utc_offset_minutes = offset};
        std::cout << reading_line(message, fmt::format("{}:{}", options.text, number)) << '\n';
    }
    std::cout.flush();
    return 0;
}

}  // namespace

int triage_messages(const TriageOptions& options) {
    if (options.files.empty() && options.text.empty()) throw UsageError{"triage: name mails, or --text FILE"};
    const int lines = options.text.empty() ? 0 : triage_lines(options);
    const int mails = options.files.empty() ? 0 : triage_mails(options.files);
    return std::max(lines, mails);
}

int verify_data(const Options& options, const VerifyOptions& verify) {
    const store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite && !std::filesystem::exists(database.location)) {
        std::cerr << "okpay: there is no data in " << options.data << "\n";
        return 1;
    }
    store::VerifyRequest request{.blobs = blobs_of(options, database)};
    const auto keyring = store::Keyring::load(options.key_path());
    if (keyring) request.keyring = &*keyring;
    if (!verify.head.empty()) {
        const auto colon = verify.head.find(':');
        const auto bytes = colon == std::string::npos ? std::nullopt : bytes_of_hex(verify.head.substr(colon + 1));
        const auto hash = bytes ? hash_of(*bytes) : std::nullopt;
        if (!hash) throw UsageError{"--head: write SEQ:HASH, as `okpay verify` prints it"};
        request.head = {std::strtoll(verify.head.c_str(), nullptr, 10), *hash};
    }
    const auto connection = store::open(database, store::Access::reader);
    std::int64_t faults = 0;
    for (const store::CheckReport& report : store::verify(*connection, request)) {
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
        std::cout << "(sealed mails were not opened: the key file is not at " << options.key_path().string() << ")\n";
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

int back_up_data(const Options& options, const std::string& target) {
    const store::Database database = options.store_database();
    const auto done = store::back_up(database, blobs_of(options, database), target);
    if (!done) {
        std::cerr << "okpay: " << store::explain(done.error()) << "\n";
        return 1;
    }
    std::cout << "backup written to " << target << "; keep a copy of the key file " << options.key_path().string()
              << " apart from it\n";
    return 0;
}

int restore_data(const Options& options, const std::string& source) {
    const auto done = store::restore(source, options.store_database(), options.data_directory());
    if (!done) {
        std::cerr << "okpay: " << store::explain(done.error()) << "\n";
        return 1;
    }
    std::cout << "restored into " << options.data << "; put the key file at " << options.key_path().string()
              << " and run `okpay verify`\n";
    return 0;
}

int add_staff(const Options& options, const std::string& email, const std::string& role) {
    const std::string token = base32_of(random_octets(20));
    const Moment at = now();
    const service::Command command =
        service::Service::command({}, service::AddStaff{fresh_id<StaffId>().text(), email, role,
                                                        hex_of(view_of(sha256(token))), ms_of(at + enrol_link_lasts)});
    const store::Database database = options.store_database();
    std::optional<service::Answer> answer;
    if (database.engine == store::Engine::sqlite)
        answer = ask_serving_process(options.data_directory() / "control.sock", command);
    if (!answer) {
        auto directory = store::DataDirectory::own(options.data_directory());
        if (!directory) {
            std::cerr << "okpay: " << options.data
                      << " is in use by a process that does not answer; try again in a moment\n";
            return 75;
        }
        bool key_is_new = false;
        auto keyring = store::Keyring::load_or_create(options.key_path(), key_is_new);
        if (!keyring) {
            std::cerr << "okpay: the key file " << options.key_path().string() << " cannot be read or made\n";
            return 1;
        }
        std::optional<std::int64_t> epoch;
        {
            const auto connection = store::open(database, store::Access::writer);
            store::migrate(*connection);
            if (database.engine == store::Engine::postgres) {
                // A serving node is fenced for a moment by this and takes over again after its lease.
                connection->execute("UPDATE epoch SET epoch = epoch + 1, node = 'admin', renewed = 0 WHERE id = 1");
                epoch = connection->integer("SELECT epoch FROM epoch WHERE id = 1");
            }
        }
        service::Writer writer{database, service::Context{*std::move(keyring), {}}, {.epoch = epoch}};
        std::promise<service::Answer> promise;
        writer.submit(command, [&promise](service::Answer given) { promise.set_value(std::move(given)); });
        answer = promise.get_future().get();
    }
    if (!answer->done()) {
        std::cerr << "okpay: " << answer->detail << "\n";
        return 1;
    }
    const std::string url = options.public_url.empty() ? "http://localhost:8080" : options.public_url;
    std::cout << url << "/console/enrol#" << token << "\n";
    std::cerr << "This link works once, within 48 hours. Send it to " << email << " over a channel that you trust.\n";
    return 0;
}

}  // namespace okpay::server
