// SPDX-License-Identifier: Apache-2.0
// The files of a mail: listed with what is dangerous about them, what archives hold, and their octets, all out of the raw
// mail that is kept sealed. Nothing more is stored, so that nothing more has to be erased.
//
//   Child     of its own, beside those that file and show mails; it is asked for each archive anew, so that one that ends it
//             costs its own list alone. What it answers is not believed: octets are what their hash says, or nothing.
//   One walk  what is listed, scanned and handed out is found by the walk that filed the mail (mail/message.hpp).
//   Kept      the newest lists in memory; the row of the mail is looked at each time: what was erased is not shown again.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "attachments/archive.hpp"
#include "mail/message.hpp"
#include "sandbox/child.hpp"
#include "service/child_answer.hpp"
#include "store/desk_store.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"

namespace okpay::service {

inline constexpr std::size_t mail_files_listed_max = 100;  // of one mail; those after them are neither listed nor handed out
inline constexpr std::size_t mail_archives_listed_max = 10;  // of one mail
inline constexpr std::size_t mail_file_name_octets_max = 1'024;  // a longer one is cut
inline constexpr std::size_t mail_file_type_octets_max = 256;  // likewise, as declared
inline constexpr std::size_t mail_file_content_id_octets_max = 1'024;  // likewise
inline constexpr Millis mail_archives_within{20'000};  // of one mail: archives not asked about until then are `cut`
inline constexpr Millis mail_files_deadline{10'000};  // of each question to the child
inline constexpr std::size_t mail_file_lists_kept_max = 8;

struct MailFile {
    mail::Attachment file;
    attachments::FileType type{};
    attachments::Risks risks;  // with those of the archive
    std::optional<attachments::Listing> archive;  // also of office documents
    friend bool operator==(const MailFile&, const MailFile&) = default;
};
struct MailFileList {
    std::vector<MailFile> files;  // each content once, in the order of the mail
    bool more = false;  // there are more than are listed
    friend bool operator==(const MailFileList&, const MailFileList&) = default;
};

// The work of the child and what it warms up.
Bytes describe_files_in_sandbox(ByteView request);
void warm_up_files_sandbox();
sandbox::ChildOptions mail_files_child();  // of this program
inline constexpr std::string_view mail_files_child_argument = "mail-files-child";
inline constexpr std::uint32_t mail_files_cpu_seconds_max = 10;
// Address space: the program, a request of 64 MiB, the file decoded out of it and copied into the answer. A decoder of 7z or
// rar that wants more than the rest fails.
inline constexpr std::size_t mail_files_memory_octets_max = 512U << 20U;

// Questions to the child and its answers. None where the octets are no answer; all text is UTF-8, each limit is held.
Bytes list_request(ByteView raw);
Bytes archive_request(const Hash256& file, ByteView raw);
Bytes content_request(const Hash256& file, ByteView raw);
std::optional<MailFileList> list_answer(ByteView octets);
std::optional<attachments::Listing> archive_answer(ByteView octets);

enum class MailFilesFault : std::uint8_t {
    not_a_mail,  // the message did not come by mail
    original_gone,  // erased
    original_shut,  // its stored octets cannot be opened: the disk, or another key; perhaps later
    no_such_file,
    unreadable,  // it ended the child, or took too long
    unavailable,  // the child cannot be started: try again later
};

// Thread-safe; each call blocks: for a free child, each call before it bounded by the deadline, then for the answer.
class MailFiles {
public:
    using Ask = AskChild;

    // `blobs`: where files lie; none where several nodes share a database.
    MailFiles(store::Keyring keyring, std::optional<store::BlobStore> blobs, Ask ask,
              Millis archives_within = mail_archives_within);

    // `mail` as it is stored now; none: the message did not come by mail.
    Result<std::shared_ptr<const MailFileList>, MailFilesFault> list(const std::optional<store::InboundMail>& mail);
    // The files alone, with one question to the child: no archive is listed, nothing is kept.
    Result<MailFileList, MailFilesFault> bare_list(const std::optional<store::InboundMail>& mail);
    // Exactly the octets with this hash, with one question.
    Result<Bytes, MailFilesFault> content(const std::optional<store::InboundMail>& mail, const Hash256& file);

private:
    Result<MailFileList, MailFilesFault> files_in(std::int64_t mail, ByteView raw);
    Result<Bytes, MailFilesFault> raw_of(const std::optional<store::InboundMail>& mail);
    Result<Bytes, MailFilesFault> asked(std::int64_t mail, const Bytes& request);
    std::shared_ptr<const MailFileList> kept(std::int64_t mail);
    void keep(std::int64_t mail, std::shared_ptr<const MailFileList> list);

    store::Keyring keyring_;
    std::optional<store::BlobStore> blobs_;
    Ask ask_;
    Millis archives_within_;
    std::mutex mutex_;
    std::list<std::pair<std::int64_t, std::shared_ptr<const MailFileList>>> kept_;  // under mutex_, the newest first
};

}  // namespace okpay::service
