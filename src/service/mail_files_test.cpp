// SPDX-License-Identifier: Apache-2.0
// The files of a mail out of its stored octets, and what is kept of scans. The child's work is done here without the child;
// the story puts it in one, and a real clamd behind it.
#include "service/mail_files.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "service/file_scans.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/object_keys.hpp"

namespace okpay::service {
namespace {

using attachments::FileType;
using attachments::ListingState;
using attachments::Risk;
using okpay::testing::ServiceFixture;
using store::ScanState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// invoice.pdf.exe, ../evil.txt, 收据.txt
const std::string zip = bytes_of_base64(
                            "UEsDBBQAAAAAAAAAIVxdm7CPAgAAAAIAAAAPAAAAaW52b2ljZS5wZGYuZXhlTVpQSwMEFAAAAAAAAAAhXIMW3IwBAA"
                            "AAAQAAAAsAAAAuLi9ldmlsLnR4dHhQSwMEFAAACAAAAAAhXDirjv0EAAAABAAAAAoAAADmlLbmja4udHh0cGFpZFBL"
                            "AQIUAxQAAAAAAAAAIVxdm7CPAgAAAAIAAAAPAAAAAAAAAAAAAACAAQAAAABpbnZvaWNlLnBkZi5leGVQSwECFAMUAA"
                            "AAAAAAACFcgxbcjAEAAAABAAAACwAAAAAAAAAAAAAAgAEvAAAALi4vZXZpbC50eHRQSwECFAMUAAAIAAAAACFcOKuO"
                            "/QQAAAAEAAAACgAAAAAAAAAAAAAAgAFZAAAA5pS25o2uLnR4dFBLBQYAAAAAAwADAK4AAACFAAAAAAA=")
                            .value();

std::string part(std::string_view name, std::string_view octets, std::string_view type = "application/octet-stream") {
    return fmt::format(
        "--m\r\nContent-Type: {}; name=\"{}\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n{}\r\n",
        type, name, base64_of(octets));
}
std::string mail_with(std::string_view parts, int number = 1) {
    return fmt::format(
        "From: Li <li@example.org>\r\nTo: support@pay.example\r\nSubject: Files {0}\r\nMessage-ID: "
        "<files{0}@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
        "boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nSee the files, please.\r\n{1}--m--\r\n",
        number, parts);
}
MailFileList listed(const std::string& raw) {
    const auto list = list_answer(describe_files_in_sandbox(list_request(raw)));
    EXPECT_TRUE(list);
    return list.value_or(MailFileList{});
}

TEST(MailFileList, says_of_each_file_what_it_is) {
    const MailFileList list =
        listed(mail_with(part("receipt.pdf", "%PDF-1.7") + part("photo.jpg", "MZ\x90", "image/jpeg") + part("a.zip", zip) +
                         part("again.zip", zip) + part("..\\..\\x.txt", "words")));
    ASSERT_THAT(list.files, SizeIs(4)) << "each content once";
    EXPECT_FALSE(list.more);
    EXPECT_EQ(list.files[0].file.name, "receipt.pdf");
    EXPECT_EQ(list.files[0].type, FileType::pdf);
    EXPECT_TRUE(list.files[0].risks.none());
    EXPECT_EQ(list.files[1].type, FileType::program);
    EXPECT_THAT(list.files[1].risks.list(), ElementsAre(Risk::program, Risk::other_type));
    EXPECT_EQ(list.files[1].file.declared_type, "image/jpeg");
    EXPECT_EQ(list.files[2].type, FileType::zip);
    EXPECT_EQ(list.files[3].file.name, "....x.txt") << "a name is never a path";
    std::string many;
    for (std::size_t i = 0; i <= mail_files_listed_max; ++i) many += part("f", fmt::format("file {}", i));
    EXPECT_THAT(listed(mail_with(many)).files, SizeIs(mail_files_listed_max));
    EXPECT_TRUE(listed(mail_with(many)).more);
    EXPECT_THAT(listed(mail_with("")).files, IsEmpty());
}

TEST(MailFileList, answers_of_the_child_are_read_whole_or_not_at_all) {
    attachments::warm_up();  // as the child does first
    const std::string raw = mail_with(part("receipt.pdf", "%PDF-1.7") + part("a.zip", zip));
    const Bytes list = describe_files_in_sandbox(list_request(raw));
    const Bytes archive = describe_files_in_sandbox(archive_request(sha256(zip), raw));
    const auto read = archive_answer(archive);
    ASSERT_TRUE(read);
    ASSERT_THAT(read->entries, SizeIs(3));
    EXPECT_EQ(read->entries[2].name, "收据.txt");
    EXPECT_TRUE(read->risks.has(Risk::double_extension) && read->risks.has(Risk::outside_path));
    for (std::size_t cut = 0; cut < list.size(); ++cut) EXPECT_FALSE(list_answer(list.substr(0, cut))) << cut;
    for (std::size_t cut = 0; cut < archive.size(); ++cut) EXPECT_FALSE(archive_answer(archive.substr(0, cut))) << cut;
    EXPECT_FALSE(list_answer(list + "x"));
    EXPECT_FALSE(archive_answer(archive + "x"));
    for (std::size_t at = 0; at < archive.size(); ++at) {
        Bytes changed = archive;
        changed[at] = '\xff';
        const auto other = archive_answer(changed);
        if (!other) continue;
        for (const attachments::ArchiveEntry& entry : other->entries) EXPECT_TRUE(is_utf8(entry.name)) << at;
        EXPECT_LE(other->risks.bits(), attachments::Risks::all_bits);
    }
    const auto missing = archive_answer(describe_files_in_sandbox(archive_request(sha256("no file"), raw)));
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->state, ListingState::broken);
    const std::string long_name(mail_file_name_octets_max + 1, 'n');
    const Bytes cut_name = describe_files_in_sandbox(list_request(mail_with(part(long_name, "x"))));
    ASSERT_TRUE(list_answer(cut_name));
    EXPECT_EQ(list_answer(cut_name)->files.at(0).file.name, long_name.substr(0, 255)) << "as the reader of mails cuts it";
    for (const std::size_t name : {mail_file_name_octets_max, mail_file_name_octets_max + 1}) {
        Bytes said(1, '\1');  // version; no more; one file
        append_flag(said, false);
        append_u32(said, 1);
        append_text(said, std::string(name, 'n'));
        append_text(said, std::string(mail_file_type_octets_max, 't'));
        append_u64(said, 1);
        said += view_of(sha256("x"));
        append_flag(said, false);
        append_text(said, std::string(mail_file_content_id_octets_max, 'c'));
        said += '\0';
        append_u32(said, 0);
        EXPECT_EQ(list_answer(said).has_value(), name == mail_file_name_octets_max);
    }
    EXPECT_EQ(describe_files_in_sandbox(""), "");
    EXPECT_EQ(describe_files_in_sandbox("z"), "");
    EXPECT_EQ(describe_files_in_sandbox("ashort"), "");
}

class MailFilesOf : public ::testing::TestWithParam<store::Engine> {
protected:
    struct Received {
        std::int64_t mail;
        std::string ticket;
        MessageId message;
    };
    Received receive(const std::string& raw) {
        FileMail filing = f_.filing(f_.accept(raw));
        Received received{filing.mail, "", MessageId::parse(filing.message_id).value()};
        received.ticket = f_.done(std::move(filing)).text;
        return received;
    }
    MessageMail stored(const Received& received) { return queries_.message_mail(received.message).value().value(); }
    FileVerdict verdict(const Received& received, ByteView content) {
        return verdict_of(queries_.file_scans(received.mail, {sha256(content)}).value(), sha256(content));
    }
    Answer take(const Received& received, ByteView content, const Actor& who, bool warned = false, bool scanner = true) {
        return f_.ask(TakeMailFile{.mail = received.mail,
                                   .ticket = received.ticket,
                                   .content_hash = hex_of(view_of(sha256(content))),
                                   .place = 1,
                                   .warned = warned,
                                   .scanner = scanner},
                      who);
    }
    std::int64_t taken() { return f_.integer("SELECT count(*) FROM audit WHERE action = 'file_taken'"); }
    std::int64_t events(std::string_view kind) {
        return f_.integer(fmt::format("SELECT count(*) FROM ticket_event WHERE kind = '{}'", kind));
    }
    Answer record(const Received& received, std::vector<ScannedFile> files, std::string reason = "", bool is_final = false) {
        return f_.ask(RecordScan{.mail = received.mail,
                                 .engine = "ClamAV 1.4.6",
                                 .reason = std::move(reason),
                                 .is_final = is_final,
                                 .files = std::move(files)});
    }
    static ScannedFile file(ByteView content, std::string state, std::string found = "") {
        return {hex_of(view_of(sha256(content))), std::move(state), std::move(found)};
    }

    ServiceFixture f_{GetParam()};
    Queries queries_{f_.database(), 2};
    int asked_ = 0;
    char fails_of_ = 0;  // which kind of question
    sandbox::SandboxError fails_ = sandbox::SandboxError::crashed;
    MailFiles files_{f_.context().keyring(), f_.blobs(), [this](ByteView request) -> Result<Bytes, sandbox::SandboxError> {
                         ++asked_;
                         if (request.front() == fails_of_) return fail(fails_);
                         return describe_files_in_sandbox(request);
                     }};
};

TEST_P(MailFilesOf, are_listed_and_taken_out_of_the_original) {
    const Received mail = receive(mail_with(part("a.zip", zip) + part("receipt.pdf", "%PDF-1.7")));
    const auto list = files_.list(stored(mail).mail);
    ASSERT_TRUE(list);
    ASSERT_THAT((*list)->files, SizeIs(2));
    ASSERT_TRUE((*list)->files[0].archive);
    EXPECT_THAT((*list)->files[0].archive->entries, SizeIs(3));
    EXPECT_TRUE((*list)->files[0].risks.has(Risk::program)) << "what is in it is a risk of the file";
    EXPECT_FALSE((*list)->files[1].archive);
    const int asked = asked_;
    EXPECT_EQ(files_.list(stored(mail).mail).value(), *list);
    EXPECT_EQ(asked_, asked) << "not made twice";
    EXPECT_EQ(files_.content(stored(mail).mail, sha256(zip)).value(), zip);
    EXPECT_EQ(files_.content(stored(mail).mail, sha256("other")).error(), MailFilesFault::no_such_file);
    EXPECT_EQ(files_.list(std::nullopt).error(), MailFilesFault::not_a_mail);
    {
        const auto connection = f_.connect(store::Access::writer);
        store::erase_object_key(*connection, store::KeyOf::mail, mail.mail, f_.at());
    }
    EXPECT_EQ(files_.list(stored(mail).mail).error(), MailFilesFault::original_gone) << "not out of memory either";
    EXPECT_EQ(files_.content(stored(mail).mail, sha256(zip)).error(), MailFilesFault::original_gone);
}

TEST_P(MailFilesOf, that_end_their_reader_cost_their_own_list_alone) {
    const Received mail = receive(mail_with(part("a.zip", zip) + part("receipt.pdf", "%PDF-1.7")));
    fails_of_ = 'a';
    const auto list = files_.list(stored(mail).mail);
    ASSERT_TRUE(list);
    ASSERT_THAT((*list)->files, SizeIs(2));
    EXPECT_EQ((*list)->files[0].archive->state, ListingState::unreadable);
    EXPECT_TRUE((*list)->files[0].risks.has(Risk::not_looked_into));
    const Received other = receive(mail_with(part("b.zip", zip), 2));
    fails_ = sandbox::SandboxError::cannot_start;
    EXPECT_EQ(files_.list(stored(other).mail).error(), MailFilesFault::unavailable) << "not kept as if it were so";
    fails_of_ = 'l';
    fails_ = sandbox::SandboxError::timed_out;
    EXPECT_EQ(files_.list(stored(other).mail).error(), MailFilesFault::unreadable);
    fails_of_ = 'c';
    EXPECT_EQ(files_.content(stored(other).mail, sha256(zip)).error(), MailFilesFault::unreadable);
    fails_of_ = 0;
    EXPECT_TRUE(files_.list(stored(other).mail));
    MailFiles liar{f_.context().keyring(), f_.blobs(),
                   [](ByteView) -> Result<Bytes, sandbox::SandboxError> { return Bytes{"other octets"}; }};
    EXPECT_EQ(liar.list(stored(other).mail).error(), MailFilesFault::unreadable);
    EXPECT_EQ(liar.content(stored(other).mail, sha256(zip)).error(), MailFilesFault::no_such_file) << "its hash tells";
    std::string many;
    for (std::size_t i = 0; i <= mail_archives_listed_max; ++i) many += part("z.zip", zip + std::string(i, ' '));
    const Received full = receive(mail_with(many, 3));
    const auto archives = files_.list(stored(full).mail);
    ASSERT_TRUE(archives);
    EXPECT_EQ((*archives)->files.back().archive->state, ListingState::cut);
}

TEST_P(MailFilesOf, wait_for_a_scan_from_the_commit_that_filed_them) {
    const Received plain = receive(ServiceFixture::raw_of({.from = "li@example.org", .subject = "Plain", .text = "text"}));
    EXPECT_FALSE(stored(plain).scan) << "it has no files";
    const Received mail = receive(mail_with(part("a.pdf", "%PDF-1.7")));
    ASSERT_TRUE(stored(mail).scan);
    EXPECT_EQ(stored(mail).scan->state, ScanState::unscanned);
    const auto due = queries_.due_scans(f_.at(), 10).value();
    ASSERT_THAT(due, SizeIs(1));
    EXPECT_EQ(due[0], mail.mail);
    EXPECT_EQ(queries_.inbound_mail(mail.mail).value().value().no, mail.mail);
    EXPECT_TRUE(record(mail, {file("%PDF-1.7", "clean")}).done());
    EXPECT_EQ(stored(mail).scan->state, ScanState::clean);
    EXPECT_EQ(stored(mail).scan->engine, "ClamAV 1.4.6");
    EXPECT_EQ(verdict(mail, "%PDF-1.7").state, ScanState::clean);
    EXPECT_EQ(verdict(mail, "other").state, ScanState::unscanned);
    EXPECT_THAT(queries_.due_scans(f_.at() + std::chrono::hours{24 * 365}, 10).value(), IsEmpty());
    EXPECT_TRUE(record(mail, {file("%PDF-1.7", "infected", "Late")}).replayed) << "it is over";
    EXPECT_EQ(stored(mail).scan->state, ScanState::clean);
    EXPECT_EQ(record(plain, {}).code, codes::not_found);
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(MailFilesOf, that_are_infected_are_told_once_and_stay_so) {
    const Received mail = receive(mail_with(part("a.exe", "MZ bad") + part("b.txt", "good")));
    EXPECT_EQ(record(mail, {{"no hash", "clean", ""}}).code, codes::invalid);
    EXPECT_EQ(record(mail, {file("good", "perhaps")}).code, codes::invalid);
    EXPECT_EQ(stored(mail).scan->attempts, 0);
    EXPECT_TRUE(record(mail, {file("MZ bad", "infected", "Win.Test-1"), file("good", "failed", "broke off")}).done());
    EXPECT_EQ(stored(mail).scan->state, ScanState::infected);
    EXPECT_TRUE(stored(mail).scan->next_at) << "the other one is tried again";
    EXPECT_EQ(verdict(mail, "MZ bad").found, "Win.Test-1");
    EXPECT_EQ(events("file_infected"), 1);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'file_infected'"), 1);
    EXPECT_TRUE(record(mail, {file("MZ bad", "clean"), file("good", "clean")}).done());
    EXPECT_EQ(verdict(mail, "MZ bad").state, ScanState::infected) << "whatever is said later";
    EXPECT_EQ(verdict(mail, "good").state, ScanState::clean);
    EXPECT_EQ(stored(mail).scan->state, ScanState::infected);
    EXPECT_EQ(events("file_infected"), 1);
    const auto detail = queries_.ticket_detail(mail.ticket).value();
    ASSERT_TRUE(detail);
    EXPECT_EQ(detail->messages.front().files, ScanState::infected) << "the request shows it";
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(MailFilesOf, that_could_not_be_scanned_are_tried_again_and_then_no_more) {
    const Received mail = receive(mail_with(part("a.pdf", "%PDF-1.7")));
    Millis pause = scan_retry_pause;
    for (std::int64_t attempt = 1; attempt < scan_attempts_max; ++attempt, pause *= 2) {
        ASSERT_TRUE(record(mail, {file("%PDF-1.7", "failed", "broke off")}).done());
        const store::MailScan scan = *stored(mail).scan;
        EXPECT_EQ(scan.state, ScanState::failed);
        EXPECT_EQ(scan.attempts, attempt);
        ASSERT_TRUE(scan.next_at);
        EXPECT_EQ(*scan.next_at, f_.at() + pause);
        EXPECT_THAT(queries_.due_scans(f_.at(), 10).value(), IsEmpty());
        f_.pass(pause);
        EXPECT_THAT(queries_.due_scans(f_.at(), 10).value(), SizeIs(1));
    }
    ASSERT_TRUE(record(mail, {file("%PDF-1.7", "failed", "broke off")}).done());
    EXPECT_FALSE(stored(mail).scan->next_at);
    EXPECT_EQ(stored(mail).scan->state, ScanState::failed);
    const Received large = receive(mail_with(part("b.pdf", "%PDF-1.8"), 2));
    ASSERT_TRUE(record(large, {}, "the original is no longer kept", true).done());
    EXPECT_FALSE(stored(large).scan->next_at) << "another try would end the same way";
    EXPECT_EQ(stored(large).scan->reason, "the original is no longer kept");
}

TEST_P(MailFilesOf, are_infected_whichever_mail_brings_them) {
    const Received first = receive(mail_with(part("a.exe", "MZ bad")));
    ASSERT_TRUE(record(first, {file("MZ bad", "infected", "Win.Test-1")}).done());
    const Received again = receive(mail_with(part("b.exe", "MZ bad"), 2));
    EXPECT_EQ(verdict(again, "MZ bad").state, ScanState::infected) << "before it is scanned, and where clamd is away";
    EXPECT_EQ(verdict(again, "MZ bad").found, "Win.Test-1");
    EXPECT_EQ(verdict(again, "other").state, ScanState::unscanned);
    EXPECT_EQ(take(again, "MZ bad", f_.staff("ann@pay.example").actor(), true).code, "file_infected");
    ASSERT_TRUE(record(again, {file("MZ bad", "clean")}).done());
    EXPECT_EQ(stored(again).scan->state, ScanState::infected) << "its request shows it too";
    EXPECT_EQ(events("file_infected"), 2);
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(MailFilesOf, are_on_record_before_they_are_taken) {
    const Received mail = receive(mail_with(part("a.pdf", "%PDF-1.7")));
    const auto agent = f_.staff("ann@pay.example").actor();
    EXPECT_EQ(take(mail, "%PDF-1.7", agent).code, "file_needs_warning") << "the scanner has not looked";
    EXPECT_EQ(taken(), 0);
    EXPECT_TRUE(take(mail, "%PDF-1.7", agent, true).done());
    EXPECT_TRUE(take(mail, "%PDF-1.7", agent, false, false).done()) << "nobody will look";
    EXPECT_EQ(taken(), 2);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'file_taken' AND detail LIKE '%" + mail.ticket + "%'"),
              2);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'file_taken' AND detail LIKE '%a.pdf%'"), 0)
        << "no word of the sender stays";
    ASSERT_TRUE(record(mail, {file("%PDF-1.7", "failed", "broke off")}).done());
    EXPECT_EQ(take(mail, "%PDF-1.7", agent, false, false).code, "file_needs_warning");
    for (const char* role : {"technical", "auditor"})
        EXPECT_EQ(take(mail, "%PDF-1.7", f_.staff(fmt::format("{}@pay.example", role), role).actor(), true).code,
                  codes::not_permitted)
            << role;
    EXPECT_EQ(take(mail, "%PDF-1.7", {}, true).code, codes::not_permitted);
    EXPECT_EQ(take({mail.mail, "OK-0000000", mail.message}, "%PDF-1.7", agent, true).code, codes::not_found);
    EXPECT_EQ(take({99, mail.ticket, mail.message}, "%PDF-1.7", agent, true).code, codes::not_found);
    f_.pass(scan_retry_pause);
    ASSERT_TRUE(record(mail, {file("%PDF-1.7", "infected", "Late.Test-1")}).done());
    EXPECT_EQ(take(mail, "%PDF-1.7", agent, true).code, "file_infected") << "what was found meanwhile counts";
    EXPECT_EQ(taken(), 2);
    {
        const auto connection = f_.connect(store::Access::writer);
        store::erase_object_key(*connection, store::KeyOf::mail, mail.mail, f_.at());
    }
    EXPECT_EQ(take(mail, "%PDF-1.7", agent, true).code, "original_gone");
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(MailFilesOf, of_today_are_scanned_before_those_of_the_archive) {
    const Received first = receive(mail_with(part("a.pdf", "%PDF-1.7")));
    const Received second = receive(mail_with(part("b.pdf", "%PDF-1.8"), 2));
    f_.pass(Millis{1'000});
    const Received third = receive(mail_with(part("c.pdf", "%PDF-1.9"), 3));
    EXPECT_THAT(queries_.due_scans(f_.at(), 10).value(), ElementsAre(third.mail, second.mail, first.mail));
    EXPECT_THAT(queries_.due_scans(f_.at(), 1).value(), ElementsAre(third.mail));
}

TEST_P(MailFilesOf, are_not_shown_of_mails_that_have_none) {
    const Received mail = receive(mail_with(part("a.pdf", "%PDF-1.7")));
    const auto shown = [&] { return queries_.ticket_detail(mail.ticket).value()->messages.front().files; };
    EXPECT_EQ(shown(), ScanState::unscanned);
    {
        const auto connection = f_.connect(store::Access::writer);
        connection->execute("UPDATE mail_scan SET state = 6", {});  // as the migration leaves those of before
    }
    EXPECT_EQ(shown(), std::nullopt) << "nobody knows yet";
    EXPECT_THAT(queries_.due_scans(f_.at(), 10).value(), ElementsAre(mail.mail)) << "but it is looked at";
    ASSERT_TRUE(record(mail, {}, "", true).done());
    EXPECT_EQ(stored(mail).scan->state, ScanState::none);
    EXPECT_EQ(shown(), std::nullopt);
    EXPECT_THAT(queries_.due_scans(f_.at(), 10).value(), IsEmpty());
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(MailFilesOf, are_listed_for_a_scan_with_one_question) {
    const Received mail = receive(mail_with(part("a.zip", zip) + part("receipt.pdf", "%PDF-1.7")));
    const auto list = files_.bare_list(stored(mail).mail);
    ASSERT_TRUE(list);
    ASSERT_THAT(list->files, SizeIs(2));
    EXPECT_EQ(list->files[0].file.sha256, sha256(zip));
    EXPECT_FALSE(list->files[0].archive);
    EXPECT_EQ(asked_, 1);
    MailFiles hurried{f_.context().keyring(), f_.blobs(),
                      [](ByteView request) -> Result<Bytes, sandbox::SandboxError> {
                          EXPECT_NE(request.front(), 'a');
                          return describe_files_in_sandbox(request);
                      },
                      Millis{0}};
    const auto cut = hurried.list(stored(mail).mail);
    ASSERT_TRUE(cut);
    EXPECT_EQ((*cut)->files[0].archive->state, ListingState::cut) << "its time was over";
    EXPECT_TRUE((*cut)->files[0].risks.has(Risk::not_looked_into));
    auto lost = stored(mail).mail;
    ASSERT_TRUE(lost);
    lost->blob = std::nullopt;
    lost->sealed = "nothing that opens";
    EXPECT_EQ(files_.bare_list(lost).error(), MailFilesFault::original_shut) << "perhaps later: the disk";
    lost->object_key.clear();
    EXPECT_EQ(files_.bare_list(lost).error(), MailFilesFault::original_gone);
}

INSTANTIATE_TEST_SUITE_P(Engines, MailFilesOf, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& info) { return info.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
