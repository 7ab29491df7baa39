// SPDX-License-Identifier: Apache-2.0
// Requests: 'l' and the raw mail; 'a' or 'c', the hash of a file, and the raw mail. Answers, behind one octet of version:
//   'l'  more; files, each name, declared type, u64 size, hash, inline, content id, type, u32 risks
//   'a'  state, u64 entries found, u64 unpacked, office, u32 risks; entries, each name, u64 size, its known, folder, depth,
//        u32 risks
//   'c'  the octets; without version, and none at all where there is no such file
#include "service/mail_files.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "service/mail_intake.hpp"

namespace okpay::service {
namespace {

using attachments::ArchiveEntry;
using attachments::FileType;
using attachments::Listing;
using attachments::ListingState;
using attachments::Risk;
using attachments::Risks;

constexpr char version = 1;
constexpr std::size_t hash_octets = 32;

template <class Enum>
constexpr std::uint8_t octet_of(Enum value) {
    return static_cast<std::uint8_t>(value);
}

Bytes encode(const MailFileList& list) {
    Bytes octets(1, version);
    append_flag(octets, list.more);
    append_u32(octets, static_cast<std::uint32_t>(list.files.size()));
    for (const MailFile& one : list.files) {
        append_text(octets, one.file.name);
        append_text(octets, one.file.declared_type);
        append_u64(octets, one.file.size_octets);
        octets += view_of(one.file.sha256);
        append_flag(octets, one.file.is_inline);
        append_text(octets, one.file.content_id);
        octets += static_cast<char>(one.type);
        append_u32(octets, one.risks.bits());
    }
    return octets;
}

Bytes encode(const Listing& listing) {
    Bytes octets(1, version);
    octets += static_cast<char>(listing.state);
    append_u64(octets, listing.entries_found);
    append_u64(octets, listing.unpacked_octets);
    append_flag(octets, listing.is_office);
    append_u32(octets, listing.risks.bits());
    append_u32(octets, static_cast<std::uint32_t>(listing.entries.size()));
    for (const ArchiveEntry& entry : listing.entries) {
        append_text(octets, entry.name);
        append_u64(octets, entry.size_octets);
        append_flag(octets, entry.size_known);
        append_flag(octets, entry.is_folder);
        octets += static_cast<char>(entry.depth);
        append_u32(octets, entry.risks.bits());
    }
    return octets;
}

MailFileList described(ByteView raw) {
    MailFileList list;
    mail::each_file(raw, {}, [&list](const mail::Attachment& file, ByteView content) {
        if (std::ranges::any_of(list.files, [&](const MailFile& one) { return one.file.sha256 == file.sha256; })) return;
        if (list.files.size() >= mail_files_listed_max) {
            list.more = true;
            return;
        }
        const FileType type = attachments::type_of(content);
        list.files.push_back({.file = file,
                              .type = type,
                              .risks = attachments::risks_of_file(file.name, type, content),
                              .archive = std::nullopt});
        mail::Attachment& shown = list.files.back().file;
        shown.name = utf8_prefix(file.name, mail_file_name_octets_max);
        shown.declared_type = utf8_prefix(file.declared_type, mail_file_type_octets_max);
        shown.content_id = utf8_prefix(file.content_id, mail_file_content_id_octets_max);
    });
    return list;
}

std::optional<Hash256> take_hash(ByteView& from) {
    const auto hash = hash_of(from.substr(0, hash_octets));
    if (hash) from.remove_prefix(hash_octets);
    return hash;
}

Bytes with_hash(char kind, const Hash256& file, ByteView raw) {
    Bytes request(1, kind);
    request += view_of(file);
    return request.append(raw);
}

}  // namespace

Bytes list_request(ByteView raw) { return Bytes(1, 'l').append(raw); }
Bytes archive_request(const Hash256& file, ByteView raw) { return with_hash('a', file, raw); }
Bytes content_request(const Hash256& file, ByteView raw) { return with_hash('c', file, raw); }

Bytes describe_files_in_sandbox(ByteView request) {
    if (request.empty()) return {};
    const char kind = request.front();
    request.remove_prefix(1);
    if (kind == 'l') return encode(described(request));
    const auto hash = take_hash(request);
    if (!hash || (kind != 'a' && kind != 'c')) return {};
    if (kind == 'c') return mail::attachment_content(request, *hash, {}).value_or(Bytes{});
    Listing listing{.state = ListingState::broken, .entries = {}, .risks = {}};
    bool found = false;
    mail::each_file(request, {}, [&](const mail::Attachment& file, ByteView content) {
        if (found || file.sha256 != *hash) return;
        found = true;
        listing = attachments::list_archive(content, file.name);
    });
    return encode(listing);
}

void warm_up_files_sandbox() {
    mail::warm_up();
    attachments::warm_up();
    describe_files_in_sandbox(
        list_request("From: a@example.org\r\nContent-Type: application/zip; name=\"=?gb18030?B?zcu/7g==?=.zip\"\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\nUEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==\r\n"));
}

sandbox::ChildOptions mail_files_child() { return {.arguments = {std::string{mail_files_child_argument}}}; }

std::optional<MailFileList> list_answer(ByteView octets) {
    if (!octets.starts_with(version)) return std::nullopt;
    AnswerReader read{octets.substr(1)};
    MailFileList list;
    list.more = read.flag();
    read.list(mail_files_listed_max, [&] {
        MailFile one;
        one.file.name = read.text(mail_file_name_octets_max);
        one.file.declared_type = read.text(mail_file_type_octets_max);
        one.file.size_octets = read.long_number();
        one.file.sha256 = hash_of(read.octets(hash_octets)).value_or(Hash256{});
        one.file.is_inline = read.flag();
        one.file.content_id = read.text(mail_file_content_id_octets_max);
        one.type = static_cast<FileType>(read.octet_up_to(octet_of(attachments::last_file_type)));
        one.risks = Risks::of_bits(read.number());
        list.files.push_back(std::move(one));
    });
    if (!read.finished_well()) return std::nullopt;
    return list;
}

std::optional<Listing> archive_answer(ByteView octets) {
    if (!octets.starts_with(version)) return std::nullopt;
    AnswerReader read{octets.substr(1)};
    Listing listing;
    listing.state = static_cast<ListingState>(read.octet_up_to(octet_of(attachments::last_listing_state)));
    listing.entries_found = read.long_number();
    listing.unpacked_octets = read.long_number();
    listing.is_office = read.flag();
    listing.risks = Risks::of_bits(read.number());
    read.list(attachments::ListLimits{}.entries_listed_max, [&] {
        ArchiveEntry entry{.name = read.text(attachments::shown_name_octets_max), .risks = {}};
        entry.size_octets = read.long_number();
        entry.size_known = read.flag();
        entry.is_folder = read.flag();
        entry.depth = read.octet_up_to(1);
        entry.risks = Risks::of_bits(read.number());
        listing.entries.push_back(std::move(entry));
    });
    if (!read.finished_well()) return std::nullopt;
    return listing;
}

MailFiles::MailFiles(store::Keyring keyring, std::optional<store::BlobStore> blobs, Ask ask, Millis archives_within)
    : keyring_{std::move(keyring)}, blobs_{std::move(blobs)}, ask_{std::move(ask)}, archives_within_{archives_within} {}

Result<Bytes, MailFilesFault> MailFiles::raw_of(const std::optional<store::InboundMail>& mail) {
    if (!mail) return fail(MailFilesFault::not_a_mail);
    if (mail->object_key.empty()) return fail(MailFilesFault::original_gone);
    auto raw = unseal_mail(keyring_, blobs_ ? &*blobs_ : nullptr, *mail);
    if (!raw) return fail(MailFilesFault::original_shut);
    return *std::move(raw);
}

Result<Bytes, MailFilesFault> MailFiles::asked(std::int64_t mail, const Bytes& request) {
    auto answer = ask_(request);
    if (answer) return *std::move(answer);
    switch (answer.error()) {
    case sandbox::SandboxError::cannot_start: return fail(MailFilesFault::unavailable);
    case sandbox::SandboxError::crashed:
    case sandbox::SandboxError::timed_out:
        spdlog::warn("a file of mail {} ended the sandbox that describes files, or took too long", mail);
        return fail(MailFilesFault::unreadable);
    case sandbox::SandboxError::too_large:
    case sandbox::SandboxError::refused: return fail(MailFilesFault::unreadable);
    }
    std::abort();
}

Result<MailFileList, MailFilesFault> MailFiles::files_in(std::int64_t mail, ByteView raw) {
    const auto answer = asked(mail, list_request(raw));
    if (!answer) return fail(answer.error());
    auto list = list_answer(*answer);
    if (!list) return fail(MailFilesFault::unreadable);
    return *std::move(list);
}

Result<MailFileList, MailFilesFault> MailFiles::bare_list(const std::optional<store::InboundMail>& mail) {
    const auto raw = raw_of(mail);
    if (!raw) return fail(raw.error());
    return files_in(mail->no, *raw);
}

Result<std::shared_ptr<const MailFileList>, MailFilesFault> MailFiles::list(const std::optional<store::InboundMail>& mail) {
    if (mail && !mail->object_key.empty()) {
        if (auto list = kept(mail->no)) return list;
    }
    const auto raw = raw_of(mail);
    if (!raw) return fail(raw.error());
    auto list = files_in(mail->no, *raw);
    if (!list) return fail(list.error());
    std::size_t archives = 0;
    const auto until = std::chrono::steady_clock::now() + archives_within_;
    for (MailFile& one : list->files) {
        if (!attachments::is_archive(one.type)) continue;
        Listing unread{.state = ListingState::unreadable, .entries = {}, .risks = {}};
        unread.risks.add(Risk::not_looked_into);
        if (++archives > mail_archives_listed_max || std::chrono::steady_clock::now() >= until) {
            unread.state = ListingState::cut;
            one.archive = unread;
        } else {
            const auto said = asked(mail->no, archive_request(one.file.sha256, *raw));
            if (!said && said.error() == MailFilesFault::unavailable) return fail(said.error());
            one.archive = said ? archive_answer(*said).value_or(unread) : unread;
        }
        one.risks.add(one.archive->risks);
    }
    auto shared = std::make_shared<const MailFileList>(*std::move(list));
    keep(mail->no, shared);
    return shared;
}

Result<Bytes, MailFilesFault> MailFiles::content(const std::optional<store::InboundMail>& mail, const Hash256& file) {
    const auto raw = raw_of(mail);
    if (!raw) return fail(raw.error());
    auto octets = asked(mail->no, content_request(file, *raw));
    if (!octets) return fail(octets.error());
    if (sha256(*octets) != file) return fail(MailFilesFault::no_such_file);
    return *std::move(octets);
}

std::shared_ptr<const MailFileList> MailFiles::kept(std::int64_t mail) {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(kept_, mail, [](const auto& one) { return one.first; });
    return found == kept_.end() ? nullptr : found->second;
}

void MailFiles::keep(std::int64_t mail, std::shared_ptr<const MailFileList> list) {
    const std::lock_guard lock{mutex_};
    kept_.emplace_front(mail, std::move(list));
    if (kept_.size() > mail_file_lists_kept_max) kept_.pop_back();
}

}  // namespace okpay::service
