// SPDX-License-Identifier: Apache-2.0
// `admin check`: whether what was configured holds, in plain words. It changes nothing, also beside a serving process.
#include <boost/json.hpp>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "net/clamd.hpp"
#include "net/listener.hpp"
#include "server/calendar_file.hpp"
#include "server/check_report.hpp"
#include "server/control.hpp"
#include "server/mail_verbs.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/roles.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t free_octets_fail = 256ULL << 20U;  // a mail of the largest size, twice, and the journal
constexpr std::uint64_t free_octets_warn = 4ULL << 30U;
constexpr timeval probe_deadline{5, 0};
constexpr std::size_t probe_line_octets_max = 4'096;
constexpr std::chrono::seconds clocks_differ_by{2};

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::ok: return "ok";
    case Verdict::warn: return "warn";
    case Verdict::fail: return "fail";
    }
    std::abort();
}

std::string size_text(std::uint64_t octets) {
    return fmt::format("{:.1f} GiB", static_cast<double>(octets) / (1ULL << 30U));
}

void check_directory(const Options& options, CheckReport& report) {
    const fs::path path = options.data_directory();
    std::error_code error;
    if (!fs::exists(path, error)) {
        const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path{"."};
        if (::access(parent.c_str(), W_OK | X_OK) == 0) {
            report.warn("data_directory", path.string() + " is not there yet", "`okpay serve` makes it at its first start");
        } else {
            report.fail("data_directory", path.string() + " is not there and cannot be made",
                        "make it and give it to the user that runs okpay");
        }
        return;
    }
    if (!fs::is_directory(path, error) || ::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
        report.fail("data_directory", path.string() + " cannot be written to by this user",
                    "give it to the user that runs okpay, and run this check as that user");
    } else if ((fs::status(path, error).permissions() & fs::perms::others_all) != fs::perms::none) {
        report.warn("data_directory", "others on this machine may look into " + path.string(),
                    fmt::format("chmod 0750 {}", path.string()));
    } else {
        report.ok("data_directory", path.string() + " belongs to this user alone");
    }
    struct statvfs disk{};
    if (::statvfs(path.c_str(), &disk) != 0) return;
    const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    const std::string text = fmt::format("{} are free on the disk of {}", size_text(free), path.string());
    if (free < free_octets_fail) {
        report.fail("free_space", text, "make room: mail is refused for a while, and payments too, before the disk is full");
    } else if (free < free_octets_warn) {
        report.warn("free_space", text, "make room, or move the data to a larger disk");
    } else {
        report.ok("free_space", text);
    }
}

void check_key_file(const Options& options, store::Connection* connection, CheckReport& report) {
    const fs::path path = options.key_path();
    std::error_code error;
    if (!fs::exists(path, error)) {
        if (connection == nullptr) {
            report.warn("master_key", path.string() + " is not there yet",
                        "`okpay serve` makes it at its first start; back it up apart from the data");
        } else {
            report.fail("master_key", path.string() + " is missing, and these data were sealed with it",
                        "bring it back from where it was backed up, or say where it is with --key-file");
        }
        return;
    }
    constexpr auto too_many = fs::perms::group_write | fs::perms::others_all;
    if ((fs::status(path, error).permissions() & too_many) != fs::perms::none) {
        report.fail("master_key", "others on this machine may read or change " + path.string(),
                    fmt::format("chmod 0600 {}, and think of the key as known: `okpay admin keys rotate`", path.string()));
        return;
    }
    if (connection != nullptr) {
        if (const auto keyring = store::open_keyring(*connection, path); !keyring) {
            report.fail("master_key", fmt::format("{}: {}", path.string(), store::explain(keyring.error())),
                        "bring back the key that belongs to these data");
            return;
        }
    } else if (const auto master = store::load_master_key(path); !master) {
        report.fail("master_key", fmt::format("{}: {}", path.string(), store::explain(master.error())),
                    "bring back the key file, or say where it is with --key-file");
        return;
    }
    report.ok("master_key", path.string() + " opens these data and is readable by its user alone");
}

// Null where there are no data, or they cannot be read with this program.
std::unique_ptr<store::Connection> check_database(const Options& options, CheckReport& report) {
    const store::Database database = options.store_database();
    const bool sqlite = database.engine == store::Engine::sqlite;
    if (sqlite && !fs::exists(database.location)) {
        report.warn("database", "there is no database yet", "`okpay serve` makes it at its first start");
        return nullptr;
    }
    try {
        auto connection = store::open(database, store::Access::reader);
        const std::int64_t found = store::schema_version_of(*connection);
        const std::string where = sqlite ? database.location : "the PostgreSQL server";
        if (found > store::schema_version) {
            report.fail("database",
                        fmt::format("{} has schema {}, this program knows {}", where, found, store::schema_version),
                        "start the newer program");
            return nullptr;
        }
        if (found < store::schema_version) {
            report.warn("database",
                        fmt::format("{} has schema {}, this program has {}", where, found, store::schema_version),
                        sqlite ? "`okpay serve` brings it up to date at its start: back up first"
                               : "run `okpay admin migrate --owner-url` first: back up before");
            return nullptr;
        }
        report.ok("database", fmt::format("{} answers and has schema {}", where, found));
        if (store::may_change_history(*connection) && !sqlite) {
            report.warn("database_role", "the role of the server may change rows that are history",
                        "run `okpay admin migrate --owner-url` and serve with a role that owns nothing");
        }
        return connection;
    } catch (const store::StorageFailure& failure) {
        report.fail("database", failure.what(), "is it running, and is --database right?");
        return nullptr;
    }
}

void check_calendar(const Options& options, CheckReport& report) {
    try {
        const auto hours = calendar_of(options.calendar);
        report.ok("calendar", fmt::format("the desk's working hours are read and are those of {}", hours->zone()));
    } catch (const UsageError& error) {
        report.fail("calendar", error.what(), "correct it: docs/calendar.md says how it is written");
    }
}

bool is_ours(const Options& options, std::string_view name, const net::Endpoint& at) {
    auto probe = Probe::connect(at);
    if (!probe) return false;
    if (name == "http") {
        // Over TLS only who serves these data can tell.
        if (!options.tls_cert.empty()) return ServingProcess::connect(options.data_directory() / "control.sock").has_value();
        probe->say("GET /metrics HTTP/1.0");
        probe->say("Host: localhost");
        probe->say("");
        while (const auto line = probe->line()) {
            if (line->starts_with("okpay_")) return true;
        }
        return false;
    }
    const auto banner = probe->line();
    return banner && banner->starts_with("220 " + options.domain + " ");
}

void check_port(const Options& options, std::string_view name, const std::string& text, CheckReport& report) {
    const std::string check = fmt::format("port_{}", name);
    if (text.empty()) return;
    const auto at = net::Endpoint::parse(text);
    if (!at) {
        report.fail(check, fmt::format("--{} {}: {}", name, text, net::explain(at.error())), "correct it");
        return;
    }
    if (!at->is_unix() && at->port() == 0) return report.ok(check, fmt::format("--{} takes any free port", name));
    std::error_code error;
    if (at->is_unix() && !fs::exists(at->path(), error)) return report.ok(check, at->text() + " is free");
    if (at->is_unix()) {  // opening it would take it from who listens there
        if (is_ours(options, name, *at)) report.ok(check, at->text() + " is served by okpay");
        else report.warn(check, at->text() + " is there and nobody answers", "`okpay serve` makes it anew at its start");
        return;
    }
    asio::io_context io;
    const auto listener = net::Listener::open(io.get_executor(), *at);
    if (listener) return report.ok(check, at->text() + " is free");
    if (is_ours(options, name, *at)) return report.ok(check, at->text() + " is served by okpay");
    report.fail(check, fmt::format("{}: {}", at->text(), net::explain(listener.error())),
                fmt::format("stop what listens there, or choose another --{}; ports below 1024 need CAP_NET_BIND_SERVICE",
                            name));
}

void check_clock(store::Connection* connection, CheckReport& report) {
    timex clock{};
    const int state = ::adjtimex(&clock);
    bool good = true;
    if (connection != nullptr) {
        const auto ahead =
            connection->integer("SELECT seq FROM cursor_position WHERE name = 'test_clock_ahead_ms'").value_or(0);
        const auto newest = connection->integer("SELECT at FROM audit ORDER BY seq DESC LIMIT 1");
        if (newest && moment_of_ms(*newest) > now() + Millis{ahead} + clocks_differ_by) {
            good = false;
            report.fail("clock",
                        fmt::format("this machine says {}, and the data know {} already", rfc3339(now()),
                                    rfc3339(moment_of_ms(*newest))),
                        "set the clock: one-time codes and deadlines go by it");
        }
        if (connection->engine() == store::Engine::postgres) {
            const auto theirs = connection->integer("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)");
            if (theirs && std::chrono::abs(moment_of_ms(*theirs) - now()) > clocks_differ_by) {
                good = false;
                report.fail("clock",
                            fmt::format("this machine says {}, the database's {}", rfc3339(now()),
                                        rfc3339(moment_of_ms(*theirs))),
                            "let both follow the same time servers");
            }
        }
    }
    if (!good) return;
    if (state == TIME_ERROR) {
        report.warn("clock", "the system does not say that its clock follows a time server",
                    "run chrony or systemd-timesyncd here or on the host: one-time codes need the right half minute");
    } else {
        report.ok("clock", "the clock follows a time server");
    }
}

void check_virus_scanner(const Options& options, CheckReport& report) {
    if (options.clamav.empty()) return report.ok("virus_scanner", "files of mails are not scanned: --clamav is not given");
    const auto at = net::Endpoint::parse(options.clamav);
    if (!at) {
        return report.fail("virus_scanner", fmt::format("--clamav {}: {}", options.clamav, net::explain(at.error())),
                           "correct it");
    }
    asio::io_context io;
    net::ClamdSettings settings{.at = *at, .answer_within = Millis{5'000}};
    auto asked = asio::co_spawn(io, net::clamd_version(std::move(settings)), asio::use_future);
    io.run();
    if (const auto version = asked.get())
        return report.ok("virus_scanner", fmt::format("{} answers: {}", at->text(), *version));
    else
        report.fail("virus_scanner", fmt::format("clamd at {}: {}", at->text(), net::explain(version.error())),
                    "start clamd, let this user reach its socket; until then files of mails wait for their scan");
}

}  // namespace

bool CheckReport::failed() const {
    return std::ranges::any_of(lines_, [](const CheckLine& line) { return line.verdict == Verdict::fail; });
}

std::optional<Probe> Probe::connect(const net::Endpoint& at) {
    const auto open = [](int family, const sockaddr* address, socklen_t size) {
        const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket < 0) return -1;
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &probe_deadline, sizeof probe_deadline);
        ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &probe_deadline, sizeof probe_deadline);  // of connect too
        if (::connect(socket, address, size) == 0) return socket;
        ::close(socket);
        return -1;
    };
    if (at.is_unix()) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, at.path().c_str(), std::min(at.path().size(), sizeof address.sun_path - 1));
        const int socket = open(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        return socket < 0 ? std::nullopt : std::optional{Probe{socket}};
    }
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(at.host().c_str(), std::to_string(at.port()).c_str(), &wanted, &found) != 0) return std::nullopt;
    int socket = -1;
    for (const addrinfo* one = found; one != nullptr && socket < 0; one = one->ai_next)
        socket = open(one->ai_family, one->ai_addr, one->ai_addrlen);
    ::freeaddrinfo(found);
    return socket < 0 ? std::nullopt : std::optional{Probe{socket}};
}

Probe::Probe(Probe&& other) noexcept : socket_{std::exchange(other.socket_, -1)}, pending_{std::move(other.pending_)} {}

Probe::~Probe() {
    if (socket_ >= 0) ::close(socket_);
}

bool Probe::say(std::string_view line) {
    std::string text{line};
    text += "\r\n";
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == std::ssize(text);
}

std::optional<std::string> Probe::line() {
    while (true) {
        if (const auto end = pending_.find('\n'); end != std::string::npos) {
            std::string line = pending_.substr(0, end);
            pending_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            return line;
        }
        std::array<char, 1'024> part{};
        const ssize_t octets = ::recv(socket_, part.data(), part.size(), 0);
        if (octets <= 0 || pending_.size() > probe_line_octets_max) return std::nullopt;
        pending_.append(part.data(), static_cast<std::size_t>(octets));
    }
}

void check_this_machine(const Options& options, CheckReport& report, std::vector<store::DkimKeyRow>& keys) {
    check_directory(options, report);
    const auto connection = check_database(options, report);
    check_key_file(options, connection.get(), report);
    if (connection) {
        keys = store::dkim_keys(*connection);
        std::erase_if(keys, [&](const store::DkimKeyRow& key) {
            return key.retired || key.domain != ascii_lower(options.domain);
        });
    }
    for (const auto& [name, text] : {std::pair{"http", options.http}, std::pair{"smtp", options.smtp},
                                     std::pair{"lmtp", options.lmtp}, std::pair{"content-http", options.content_http}}) {
        check_port(options, name, text, report);
    }
    check_clock(connection.get(), report);
    check_calendar(options, report);
    check_virus_scanner(options, report);
}

int check_configuration(const Options& options, bool as_json) {
    CheckReport report;
    std::vector<store::DkimKeyRow> keys;
    check_this_machine(options, report, keys);
    check_certificate(options, report);
    check_mail_of_domain(options, keys, report);
    check_mailboxes(options, report);
    check_sign_on(options, report);
    for (const CheckLine& line : report.lines()) {
        if (as_json) {
            std::cout << boost::json::serialize(boost::json::object{{"check", line.check},
                                                                    {"verdict", name_of(line.verdict)},
                                                                    {"text", line.text},
                                                                    {"advice", line.advice}})
                      << "\n";
            continue;
        }
        std::cout << fmt::format("{:<5} {:<16} {}\n", name_of(line.verdict), line.check, line.text);
        if (!line.advice.empty()) std::cout << fmt::format("{:<22} -> {}\n", "", line.advice);
    }
    std::cout.flush();
    return report.failed() ? 1 : 0;
}

}  // namespace okpay::server
