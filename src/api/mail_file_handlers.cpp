// SPDX-License-Identifier: Apache-2.0
// The files of a mail: what each is and what a virus scanner said of it, and the file itself to who was warned.
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include <algorithm>

#include "api/handlers.hpp"
#include "desk/request_number.hpp"
#include "service/file_scans.hpp"

namespace okpay::api {
namespace {

using service::FileVerdict;
using service::MailFile;
using service::MailFileList;
using service::MailFilesFault;
using store::ScanState;
using Scans = std::vector<store::FileScan>;
using FileList = std::shared_ptr<const MailFileList>;

Problem problem_of(MailFilesFault fault) {
    switch (fault) {
    case MailFilesFault::not_a_mail: return {.code = "not_a_mail", .detail = "This message did not come by mail."};
    case MailFilesFault::original_gone:
        return {.code = "original_gone", .detail = "The mail's original is no longer kept, and its files are not either."};
    case MailFilesFault::original_shut:
        return {.code = "files_unreadable",
                .detail = "The mail's original cannot be opened now; the operator's log says more."};
    case MailFilesFault::no_such_file: return not_found();
    case MailFilesFault::unreadable:
        return {.code = "files_unreadable", .detail = "The files of this mail cannot be read; the mail is kept as it came."};
    case MailFilesFault::unavailable: return unavailable();
    }
    std::abort();
}

json::array risks_json(attachments::Risks risks) {
    json::array names;
    for (const attachments::Risk risk : risks.list()) names.emplace_back(attachments::name_of(risk));
    return names;
}

// What an office document is packed of is no file that a person would know. But whoever packs an archive chooses its
// entries.
json::value archive_json(const MailFile& one) {
    const std::optional<attachments::Listing>& listing = one.archive;
    if (!listing) return nullptr;
    if (listing->is_office && (listing->risks.none() || attachments::is_office_name(one.file.name))) return nullptr;
    json::array entries;
    for (const attachments::ArchiveEntry& entry : listing->entries) {
        entries.push_back(json::object{{"name", entry.name},
                                       {"size", entry.size_known ? json::value(entry.size_octets) : json::value(nullptr)},
                                       {"folder", entry.is_folder},
                                       {"depth", entry.depth},
                                       {"risks", risks_json(entry.risks)}});
    }
    return json::object{{"state", attachments::name_of(listing->state)},
                        {"entries_found", listing->entries_found},
                        {"unpacked_octets", listing->unpacked_octets},
                        {"entries", std::move(entries)}};
}

// Whether who takes it is to be warned before.
bool needs_warning(const MailFile& file, const FileVerdict& verdict, bool scans) {
    return !file.risks.none() || service::needs_warning(verdict, scans);
}

json::object file_json(const MailFile& one, const FileVerdict& verdict, bool scans) {
    return {{"id", hex_of(view_of(one.file.sha256))},
            {"name", one.file.name},
            {"declared_type", one.file.declared_type},
            {"type", attachments::name_of(one.type)},
            {"size", one.file.size_octets},
            {"inline", one.file.is_inline},
            {"risks", risks_json(one.risks)},
            {"scan", store::name_of(verdict.state)},
            {"found", verdict.found},
            {"downloadable", verdict.state != ScanState::infected},
            {"warn", needs_warning(one, verdict, scans)},
            {"archive", archive_json(one)}};
}

json::object list_json(const MailFileList& list, const service::MessageMail& mail, const Scans& said, bool scans) {
    json::array files;
    for (const MailFile& one : list.files)
        files.push_back(file_json(one, service::verdict_of(said, one.file.sha256), scans));
    const bool known = mail.scan && store::may_have_files(mail.scan->state);
    const ScanState state = known ? mail.scan->state : ScanState::unscanned;
    const bool asked = mail.scan && mail.scan->attempts > 0;
    return {{"scanner", scans},
            {"scan", store::name_of(state)},
            {"engine", mail.scan ? mail.scan->engine : ""},
            {"reason", mail.scan ? mail.scan->reason : ""},
            {"scanned_at", asked ? json::value(rfc3339(mail.scan->updated)) : json::value(nullptr)},
            {"more", list.more},
            {"files", std::move(files)}};
}

// The message's mail with what was scanned of it.
awaitable<Result<service::MessageMail, Problem>> mail_of(Api& api, const Request& request) {
    const auto number = desk::RequestNumber::parse(request.params[0]);
    const auto id = MessageId::parse(request.params[1]);
    if (!number || !id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.message_mail(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(api::problem_of(found.error()));
    if (!*found || (*found)->ticket != number->text()) co_return fail(not_found());
    if (api.options().mail_files == nullptr) co_return fail(unavailable());
    co_return **std::move(found);
}

awaitable<Result<FileList, Problem>> list_of(Api& api, const service::MessageMail& mail) {
    auto work = [files = api.options().mail_files, inbound = mail.mail] { return files->list(inbound); };
    auto listed = co_await api.look_at_files(std::move(work));
    if (!listed) co_return fail(unavailable());
    if (!*listed) co_return fail(problem_of(listed->error()));
    co_return **std::move(listed);
}

// Asked after the list was made, which takes its time.
awaitable<Result<Scans, Problem>> said_of(Api& api, const service::MessageMail& mail, std::vector<Hash256> contents) {
    auto query = [no = mail.mail->no, contents = std::move(contents)](service::Queries& queries) {
        return queries.file_scans(no, contents);
    };
    auto scans = co_await api.read(std::move(query));
    if (!scans) co_return fail(api::problem_of(scans.error()));
    co_return *std::move(scans);
}

// RFC 6266 and 8187: the name as it is for browsers of today, and a plain one for others.
std::string disposition_of(std::string_view name) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (name.empty()) name = "file";
    std::string ascii, escaped;
    for (const char c : name) {
        const bool is_plain = plain.contains(c);
        ascii += is_plain ? c : '_';
        escaped += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii, escaped);
}

}  // namespace

awaitable<Response> list_message_files(Api& api, Request request, SignedIn) {
    const auto mail = co_await mail_of(api, request);
    if (!mail) co_return problem(mail.error());
    const auto list = co_await list_of(api, *mail);
    if (!list) co_return problem(list.error());
    std::vector<Hash256> contents;
    for (const MailFile& one : (*list)->files) contents.push_back(one.file.sha256);
    const auto said = co_await said_of(api, *mail, std::move(contents));
    if (!said) co_return problem(said.error());
    co_return json_response(200, json::serialize(list_json(**list, *mail, *said, api.options().scans_files)));
}

awaitable<Response> get_message_file(Api& api, Request request, SignedIn who) {
    const auto octets = bytes_of_hex(request.params[2]);
    const auto hash = octets ? hash_of(*octets) : std::nullopt;
    if (!hash) co_return problem(not_found());
    const auto mail = co_await mail_of(api, request);
    if (!mail) co_return problem(mail.error());
    const auto list = co_await list_of(api, *mail);
    if (!list) co_return problem(list.error());
    const auto& files = (*list)->files;
    const auto file = std::ranges::find(files, *hash, [](const MailFile& one) { return one.file.sha256; });
    if (file == files.end()) co_return problem(not_found());
    const bool warned = request.query_value("warned") == "true";
    const bool scans = api.options().scans_files;
    const auto said = co_await said_of(api, *mail, {*hash});
    if (!said) co_return problem(said.error());
    const FileVerdict verdict = service::verdict_of(*said, *hash);
    if (verdict.state == ScanState::infected) {
        co_return problem({.code = "file_infected",
                           .detail = fmt::format("The virus scanner found {} in this file. It is not handed out; ask the "
                                                 "sender for another one.",
                                                 verdict.found)});
    }
    if (needs_warning(*file, verdict, scans) && !warned) {
        co_return problem({.code = "file_needs_warning",
                           .detail = "This file may be dangerous, or nobody has looked at it yet: see `risks` and `scan` of "
                                     "the list. Ask again with warned=true to take it all the same."});
    }
    auto work = [files_of = api.options().mail_files, inbound = mail->mail, hash = *hash] {
        return files_of->content(inbound, hash);
    };
    auto content = co_await api.look_at_files(std::move(work));
    if (!content) co_return problem(unavailable());
    if (!*content) co_return problem(problem_of(content->error()));
    // On record before it leaves; what a scan said while it was fetched is looked at once more.
    service::TakeMailFile taking{.mail = mail->mail->no,
                                 .ticket = mail->ticket,
                                 .content_hash = request.params[2],
                                 .place = std::distance(files.begin(), file) + 1,
                                 .warned = warned,
                                 .scanner = scans};
    const service::Answer taken = co_await api.submit(actor_of(who), std::move(taking));
    if (!taken.done()) co_return problem(api::problem_of(taken));
    Response response{.status = 200,
                      .content_type = "application/octet-stream",
                      .body = **std::move(content),
                      .headers = {}};
    response.with("Content-Disposition", disposition_of(file->file.name));
    response.with("Content-Security-Policy", "default-src 'none'; sandbox");
    response.with("Cache-Control", "no-store");
    co_return response;
}

}  // namespace okpay::api
