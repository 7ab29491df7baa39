// SPDX-License-Identifier: Apache-2.0
// The ring and its rotation, on both engines; the process that changes the master key is killed after each of its steps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/clock.hpp"
#include "store/backup.hpp"
#include "store/desk_store.hpp"
#include "store/files.hpp"
#include "store/identity_store.hpp"
#include "store/key_ring.hpp"
#include "store/schema.hpp"
#include "temporary_database.hpp"

namespace okpay::store {
namespace {

using okpay::testing::TemporaryDatabase;
using okpay::testing::TemporaryDirectory;

constexpr Moment noon = moment_of_ms(1'800'000'000'000);
constexpr std::int64_t mails = 520;  // more than one part of a rotation

class KeyRing : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        data_.emplace(GetParam());
        const auto connection = writer();
        migrate(*connection);
        bool created = false;
        const auto keyring = open_or_create_keyring(*connection, key_file(), created);
        ASSERT_TRUE(keyring && created);
        Transaction transaction{*connection};
        for (std::int64_t no = 1; no <= mails; ++no) insert_mail(*connection, *keyring, no);
        connection->execute(
            "INSERT INTO staff (no, id, email, name, role, password, totp_secret, totp_last_step, created, disabled, "
            "failed_sign_ins, blocked_until) VALUES (1, $1, 'ana@example.org', '', 1, '', $2, 0, 0, 0, 0, 0)",
            {Octets{std::string_view{"sixteen octets!!"}}, Octets{keyring->seal("secret of ana", "totp secret")}});
        ASSERT_TRUE(transaction.commit());
    }
    std::unique_ptr<Connection> writer() const { return open(data_->database(), Access::writer); }
    std::filesystem::path key_file() const { return place_.path() / "data.key"; }
    static void insert_mail(Connection& connection, const Keyring& keyring, std::int64_t no) {
        const std::string raw = "mail " + std::to_string(no);
        auto object = keyring.seal_object(raw, inbound_mail_purpose);
        insert_inbound(connection, {.no = no,
                                    .id = fresh_id<MailId>(),
                                    .channel = "smtp",
                                    .received = noon,
                                    .peer = "",
                                    .mail_from = "",
                                    .recipients = "",
                                    .size = std::ssize(raw),
                                    .content_hash = sha256(raw),
                                    .object_key = std::move(object.wrapped_key),
                                    .sealed = std::move(object.sealed),
                                    .blob = std::nullopt,
                                    .state = InboundState::waiting,
                                    .reason = "",
                                    .attempts = 0,
                                    .message_id = "",
                                    .ticket = std::nullopt,
                                    .message = std::nullopt,
                                    .updated = noon});
    }
    static std::optional<Bytes> raw(Connection& connection, const Keyring& keyring, std::int64_t no) {
        const auto mail = find_inbound(connection, no);
        return mail && mail->sealed ? keyring.unseal_object(*mail->sealed, mail->object_key, inbound_mail_purpose)
                                    : std::nullopt;
    }
    void all_opens() const {
        const auto connection = writer();
        const auto keyring = open_keyring(*connection, key_file());
        ASSERT_TRUE(keyring) << explain(keyring.error());
        for (const std::int64_t no : {std::int64_t{1}, mails / 2, mails})
            EXPECT_EQ(raw(*connection, *keyring, no), "mail " + std::to_string(no));
        Bytes sealed;
        connection->query("SELECT totp_secret FROM staff", {}, [&](const Row& row) { sealed = row.string(0); });
        EXPECT_EQ(keyring->unseal(sealed, "totp secret"), "secret of ana");
    }

    std::optional<TemporaryDatabase> data_;
    TemporaryDirectory place_;
};

TEST_P(KeyRing, after_a_change_the_old_key_opens_nothing_and_the_new_one_all) {
    const auto before = load_master_key(key_file());
    std::filesystem::permissions(key_file(), std::filesystem::perms::group_read, std::filesystem::perm_options::add);
    const auto rights = std::filesystem::status(key_file()).permissions();
    const Secret links = open_keyring(*writer(), key_file())->derived("ticket tokens 1");
    const auto done = rotate_master_key(*writer(), key_file());
    ASSERT_TRUE(done);
    EXPECT_FALSE(done->went_on);
    EXPECT_EQ(done->generation, 2U);
    EXPECT_EQ(done->sealed_again, mails + 1);
    all_opens();
    const auto connection = writer();
    const KeyCheck check = check_keys(*connection, *open_keyring(*connection, key_file()));
    EXPECT_THAT(check.faults, ::testing::IsEmpty());
    EXPECT_EQ(check.generations.at(0).objects + check.generations.at(0).secrets, 0);
    EXPECT_EQ(check.generations.at(1).objects, mails);
    EXPECT_EQ(open_keyring(*connection, key_file())->derived("ticket tokens 1"), links);  // links that were sent work on
    EXPECT_FALSE(std::filesystem::exists(key_file().string() + ".next"));
    EXPECT_EQ(std::filesystem::status(key_file()).permissions(), rights);  // the service may read it as before

    const auto old_file = place_.path() / "old.key";
    ASSERT_TRUE(write_file_durably(old_file, hex_of(before->reveal()) + "\n", 0600));
    EXPECT_EQ(open_keyring(*connection, old_file).error(), KeyError::of_other_data);
    bool created = false;
    EXPECT_EQ(open_or_create_keyring(*connection, place_.path() / "none.key", created).error(), KeyError::cannot_read);
    EXPECT_FALSE(std::filesystem::exists(place_.path() / "none.key"));  // none is made where data need theirs
    EXPECT_EQ(rotate_master_key(*connection, key_file())->generation, 3U);
    all_opens();
}

// The child is another process with connections of its own; SIGKILL leaves it no last word.
TEST_P(KeyRing, killed_after_any_step_everything_opens_and_the_same_call_goes_on) {
    std::vector<std::string> steps;
    {
        ASSERT_TRUE(rotate_master_key(*writer(), key_file(), [&](std::string_view step) { steps.emplace_back(step); }));
        EXPECT_THAT(steps, ::testing::IsSupersetOf({"file", "ring", "place", "objects", "secrets", "end"}));
    }
    std::uint32_t generation = 2;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        SCOPED_TRACE("killed after step " + std::to_string(at) + ", " + steps[at]);
        const pid_t child = fork();
        if (child == 0) {
            std::size_t seen = 0;
            (void)rotate_master_key(*writer(), key_file(), [&](std::string_view) {
                if (seen++ == at) raise(SIGKILL);
            });
            _exit(0);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        all_opens();  // a server that starts now opens everything, and takes mail
        {
            const auto connection = writer();
            const auto keyring = open_keyring(*connection, key_file());
            ASSERT_TRUE(keyring);
            Transaction transaction{*connection};
            insert_mail(*connection, *keyring, mails + 1 + static_cast<std::int64_t>(at));
            ASSERT_TRUE(transaction.commit());
        }
        const bool under_way = is_rotation_under_way(*writer());
        EXPECT_EQ(under_way, steps[at] != "file" && steps[at] != "end");
        const auto done = rotate_master_key(*writer(), key_file());
        ASSERT_TRUE(done);
        EXPECT_EQ(done->went_on, under_way);
        generation += steps[at] == "end" ? 2 : 1;
        EXPECT_EQ(done->generation, generation);
        all_opens();
        const auto connection = writer();
        const KeyCheck check = check_keys(*connection, *open_keyring(*connection, key_file()));
        EXPECT_THAT(check.faults, ::testing::IsEmpty());
        EXPECT_EQ(check.generations.back().objects, mails + 1 + static_cast<std::int64_t>(at));
    }
}

TEST_P(KeyRing, of_two_first_starts_at_once_one_root_stands) {
    TemporaryDatabase empty{GetParam()};
    const auto one = open(empty.database(), Access::writer);
    migrate(*one);
    const auto two = open(empty.database(), Access::writer);
    bool created = false;
    const auto first = open_or_create_keyring(*one, place_.path() / "two.key", created);
    const auto second = open_or_create_keyring(*two, place_.path() / "two.key", created);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->derived("x"), second->derived("x"));
    const auto master = load_master_key(place_.path() / "two.key");
    EXPECT_FALSE(first->derived("x") == Keyring{*master}.derived("x"));  // the root is not the master key
}

TEST_P(KeyRing, data_of_an_older_program_keep_what_hung_on_their_key) {
    TemporaryDatabase older{GetParam()};
    const auto connection = open(older.database(), Access::writer);
    migrate(*connection, schema_version_of_key_ring - 1);
    const auto file = place_.path() / "older.key";
    bool created = false;
    const Keyring before{*load_or_create_master_key(file, created)};
    const auto object = before.seal_object("an old mail", inbound_mail_purpose);
    connection->execute("INSERT INTO command (id, kind, at, answer) VALUES ($1, 'AcceptMail', 0, '')",
                        {Octets{std::string_view{"sixteen octets!!"}}});
    connection->execute(
        "INSERT INTO inbound_mail (no, id, channel, received, peer, mail_from, recipients, size, content_hash, object_key, "
        "sealed, blob, state, reason, attempts, message_id, updated) VALUES (1, $1, 'smtp', 0, '', '', '', 11, $2, $3, $4, "
        "NULL, 1, '', 0, '', 0)",
        {Octets{std::string_view{"sixteen octets!!"}}, Octets{view_of(sha256("an old mail"))}, Octets{object.wrapped_key},
         Octets{object.sealed}});
    migrate(*connection);
    const auto keyring = open_or_create_keyring(*connection, file, created);
    ASSERT_TRUE(keyring);
    EXPECT_EQ(raw(*connection, *keyring, 1), "an old mail");
    EXPECT_EQ(keyring->derived("request numbers 1"), before.derived("request numbers 1"));
    ASSERT_TRUE(rotate_master_key(*connection, file));
    EXPECT_EQ(raw(*connection, *open_keyring(*connection, file), 1), "an old mail");
    EXPECT_EQ(raw(*connection, before, 1), std::nullopt);
}

TEST_P(KeyRing, a_copy_of_the_data_alone_opens_nothing_and_never_what_was_erased_since) {
    const auto copy = place_.path() / "copy", later = place_.path() / "later";
    ASSERT_TRUE(back_up(data_->database(), std::nullopt, copy, place_.path() / "then.db"));
    {
        const auto connection = writer();
        Transaction transaction{*connection};
        erase_object_key(*connection, KeyOf::mail, 7, noon);
        ASSERT_TRUE(transaction.commit());
        ASSERT_TRUE(rotate_master_key(*connection, key_file()));
        const auto keyring = open_keyring(*connection, key_file());
        insert_mail(*connection, *keyring, mails + 1);  // newer than the copy
    }
    ASSERT_TRUE(back_up(data_->database(), std::nullopt, later));
    // No wrapped key stands in any file of the copy.
    std::vector<Bytes> wrapped;
    each_object_key(*writer(), [&](const ObjectKey& key) { wrapped.push_back(key.wrapped); });
    ASSERT_EQ(std::ssize(wrapped), mails + 1);
    for (const auto& directory : {copy, later}) {
        for (const auto& file : std::filesystem::recursive_directory_iterator{directory}) {
            if (!file.is_regular_file() || file.path().filename() == "keys.db") continue;
            const Bytes bytes = read_file(file.path()).value();
            for (const Bytes& key : wrapped) EXPECT_TRUE(key.empty() || bytes.find(key) == Bytes::npos) << file.path();
        }
    }
    const auto restored_at = place_.path() / "restored";
    TemporaryDatabase target{GetParam()};
    Database database = target.database();
    if (GetParam() == Engine::sqlite) database.location = (restored_at / "okpay.db").string();
    EXPECT_EQ(restore(copy, database, restored_at).error(), BackupError::keys_missing);
    ASSERT_TRUE(restore(copy, database, restored_at, later / "keys.db"));
    const auto connection = open(database, Access::writer);
    const auto keyring = open_keyring(*connection, key_file());
    ASSERT_TRUE(keyring);
    EXPECT_EQ(raw(*connection, *keyring, 6), "mail 6");
    EXPECT_EQ(raw(*connection, *keyring, 7), std::nullopt);
    EXPECT_TRUE(is_key_erased(*connection, KeyOf::mail, 7));
    const KeyCheck check = check_keys(*connection, *keyring);
    EXPECT_THAT(check.faults, ::testing::IsEmpty());
    EXPECT_EQ(check.erased, 1);
    // And an older keys.db never brings back what is known to be erased.
    ASSERT_TRUE(read_keys(*writer(), place_.path() / "then.db"));
    EXPECT_TRUE(is_key_erased(*writer(), KeyOf::mail, 7));
}

TEST_P(KeyRing, the_check_names_what_does_not_open) {
    const auto connection = writer();
    const auto keyring = open_keyring(*connection, key_file());
    connection->execute("UPDATE object_key SET wrapped = $1 WHERE kind = 1 AND owner = 3",
                        {Octets{Keyring{fresh_key()}.seal_object("x", inbound_mail_purpose).wrapped_key}});
    connection->execute("DELETE FROM object_key WHERE kind = 1 AND owner = 4");
    connection->execute("UPDATE staff SET totp_secret = $1", {Octets{std::string_view{"\1nonsense"}}});
    EXPECT_THAT(check_keys(*connection, *keyring).faults,
                ::testing::ElementsAre("the key of inbound mail 3 does not open", "mail 4 has no key",
                                       "the secret of staff 1 does not open"));
}

INSTANTIATE_TEST_SUITE_P(Engines, KeyRing, ::testing::Values(Engine::sqlite, Engine::postgres),
                         [](const auto& given) { return given.param == Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::store
