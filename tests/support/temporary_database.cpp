// SPDX-License-Identifier: Apache-2.0
#include "temporary_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "store/schema.hpp"

namespace okpay::testing {
namespace {

constexpr std::string_view postgres_bin = "/usr/lib/postgresql/15/bin/";

pid_t spawn(std::vector<std::string> words, const std::string& log) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    // Else a server that outlives this call holds the sockets of a test's proxies open after the proxies are gone.
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error{"cannot start " + words[0]};
    return pid;
}

void run(std::vector<std::string> words, const std::string& log) {
    const std::string name = words[0];
    int status = 0;
    waitpid(spawn(std::move(words), log), &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error{name + " failed; see " + log};
}

// PostgreSQL refuses to run as root: there it runs as the user `postgres` of Debian's package.
class PostgresServer {
public:
    PostgresServer() {
        const std::string root = directory_.path().string();
        std::vector<std::string> as_user;
        if (geteuid() == 0) {
            const passwd* user = getpwnam("postgres");
            if (user == nullptr) throw std::runtime_error{"the user postgres is missing"};
            chmod(root.c_str(), 0755);
            mkdir((root + "/pg").c_str(), 0700);
            if (chown((root + "/pg").c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error{"chown failed"};
            as_user = {"/usr/sbin/runuser", "-u", "postgres", "--"};
        } else {
            mkdir((root + "/pg").c_str(), 0700);
        }
        const std::string log = root + "/log";
        const std::string bin{postgres_bin};
        auto words = as_user;
        for (const std::string& word : {bin + "initdb", std::string{"-D"}, root + "/pg/data", std::string{"-U"},
                                        std::string{"okpay"}, std::string{"--auth=trust"}, std::string{"--no-sync"},
                                        std::string{"--encoding=UTF8"}, std::string{"--locale=C.UTF-8"}}) {
            words.push_back(word);
        }
        run(words, log);
        words = as_user;
        // Not flushed: processes are killed here, machines are not.
        for (const std::string& word :
             {bin + "pg_ctl", std::string{"-D"}, root + "/pg/data", std::string{"-w"}, std::string{"-l"},
              root + "/pg/server.log", std::string{"-o"},
              fmt::format("-c listen_addresses= -c unix_socket_directories={}/pg -c max_connections=50 -c fsync=off", root),
              std::string{"start"}}) {
            words.push_back(word);
        }
        start_ = words;
        start();
        stop_ = as_user;
        for (const std::string& word :
             {bin + "pg_ctl", std::string{"-D"}, root + "/pg/data", std::string{"-w"}, std::string{"-m"}}) {
            stop_.push_back(word);
        }
    }
    ~PostgresServer() {
        try {
            stop("immediate");
        } catch (const std::exception& error) { std::fprintf(stderr, "%s\n", error.what()); }
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    void start() { run(start_, directory_.path() / "log"); }
    void stop(std::string_view mode) {
        auto words = stop_;
        words.emplace_back(mode);
        words.emplace_back("stop");
        run(words, directory_.path() / "log");
    }
    [[nodiscard]] std::string url(std::string_view database) const {
        return fmt::format("postgresql:///{}?host={}/pg&user=okpay", database, directory_.path().string());
    }

private:
    TemporaryDirectory directory_;
    std::vector<std::string> start_, stop_;
};

PostgresServer& server() {
    static PostgresServer running;
    return running;
}

std::string next_name() {
    static int count = 0;
    return fmt::format("t{}", ++count);
}

void run_as_admin(const std::string& sql) {
    store::open({store::Engine::postgres, server().url("postgres")}, store::Access::writer)->run_script(sql);
}

std::string_view name_in(std::string_view location) {
    const auto begin = location.find("///") + 3;
    return location.substr(begin, location.find('?') - begin);
}

// One database with tables and nothing in them, which the others are copies of: going through every migration takes
// longer than most tests do.
const TemporaryDatabase& empty_tables(store::Engine engine) {
    const auto made = [](store::Engine of) {
        auto database = std::make_unique<TemporaryDatabase>(of);
        store::migrate(*store::open(database->database(), store::Access::writer));
        return database;
    };
    if (engine == store::Engine::sqlite) {
        static const auto on_sqlite = made(store::Engine::sqlite);
        return *on_sqlite;
    }
    static const auto on_postgres = made(store::Engine::postgres);
    return *on_postgres;
}

}  // namespace

namespace {

// In memory where there is room: a PostgreSQL database is a thousand files, and each test has one. What has to survive the
// loss of power is tested by tests/faults.
std::filesystem::path temporary_root() {
    constexpr std::uintmax_t enough = std::uintmax_t{2} << 30;
    const std::filesystem::path memory = "/dev/shm";
    std::error_code missing;
    const auto space = std::filesystem::space(memory, missing);
    const bool wanted = std::getenv("TMPDIR") == nullptr && !missing && space.available >= enough;
    return wanted && access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

void drop(const std::string& database) {
    try {
        run_as_admin(fmt::format("DROP DATABASE {} WITH (FORCE)", database));
    } catch (const std::exception& error) { std::fprintf(stderr, "%s\n", error.what()); }
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (temporary_root() / "okpay-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a temporary directory"};
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::optional<std::string> postgres_missing() {
    if (access((std::string{postgres_bin} + "initdb").c_str(), X_OK) == 0) return std::nullopt;
    return "PostgreSQL 15 is not installed (Debian: postgresql-15)";
}

TemporaryDatabase::TemporaryDatabase(store::Engine engine) {
    database_.engine = engine;
    if (engine == store::Engine::sqlite) {
        database_.location = (directory_.path() / "okpay.db").string();
        return;
    }
    const std::string name = next_name();
    run_as_admin("CREATE DATABASE " + name);
    database_.location = server().url(name);
}

TemporaryDatabase::~TemporaryDatabase() {
    if (database_.engine == store::Engine::postgres) drop(std::string{name_in(database_.location)});
}

TemporaryDatabase::TemporaryDatabase(store::Engine engine, Migrated) {
    database_.engine = engine;
    const TemporaryDatabase& original = empty_tables(engine);
    if (engine == store::Engine::sqlite) {
        std::filesystem::copy(original.directory(), directory_.path(), std::filesystem::copy_options::recursive);
        database_.location = (directory_.path() / "okpay.db").string();
        return;
    }
    const std::string name = next_name();
    run_as_admin(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, name_in(original.database().location)));
    database_.location = server().url(name);
}

void stop_postgres(PostgresStop mode) { server().stop(mode == PostgresStop::fast ? "fast" : "immediate"); }

void start_postgres() { server().start(); }

CopiedDatabase::CopiedDatabase(const store::Database& original) : name_{next_name()} {
    run_as_admin(fmt::format("CREATE DATABASE {} TEMPLATE {}", name_, name_in(original.location)));
    database_ = {store::Engine::postgres, server().url(name_)};
}

CopiedDatabase::~CopiedDatabase() { drop(name_); }

}  // namespace okpay::testing
