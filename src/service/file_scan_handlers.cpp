// SPDX-License-Identifier: Apache-2.0
// What a virus scanner found in the files of a mail, told to who works on its request.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "service/file_scans.hpp"
#include "service/handlers.hpp"
#include "service/ticket_parts.hpp"

namespace okpay::service {
namespace {

using store::FileScan;
using store::MailScan;
using store::ScanState;

constexpr std::size_t found_octets_max = 200;

std::optional<Hash256> hash_of_hex(std::string_view hex) {
    const auto octets = bytes_of_hex(hex);
    return octets ? hash_of(*octets) : std::nullopt;
}

std::optional<FileScan> scan_of(const ScannedFile& file, std::int64_t mail, Moment at) {
    const auto hash = hash_of_hex(file.content_hash);
    if (!hash) return std::nullopt;
    FileScan scan{.mail = mail,
                  .content_hash = *hash,
                  .state = ScanState::failed,
                  .found = std::string{utf8_prefix(to_utf8_lossy(file.found), found_octets_max)},
                  .at = at};
    if (file.state == "clean") scan.state = ScanState::clean;
    else if (file.state == "infected") scan.state = ScanState::infected;
    else if (file.state != "failed") return std::nullopt;
    return scan;
}

// What was infected once stays so, whatever a scanner with other signatures says later.
bool is_infected(const std::vector<FileScan>& scans, const Hash256& file) {
    return std::ranges::any_of(scans, [&](const FileScan& one) {
        return one.content_hash == file && one.state == ScanState::infected;
    });
}

void tell(Books& books, const Command& command, std::int64_t mail, const FileScan& infected) {
    const std::string detail = json_text({{"mail", std::to_string(mail)}, {"found", infected.found}});
    books.audit(command.at, command.actor, "file_infected", fmt::format("mail:{}", mail), detail);
    const auto inbound = store::find_inbound(books.connection(), mail);
    if (!inbound || !inbound->ticket) return;
    const auto row = store::find_ticket(books.connection(), desk::TicketNo{*inbound->ticket});
    if (!row) return;
    store::insert_event(books.connection(), row->ticket.no, command.at, "file_infected", std::nullopt, detail);
}

}  // namespace

void await_scan(Books& books, std::int64_t mail, Moment at) {
    store::insert_mail_scan(books.connection(), {.mail = mail, .next_at = at, .engine = "", .reason = "", .updated = at});
    books.news().files_wait = true;
}

FileVerdict verdict_of(const std::vector<FileScan>& scans, const Hash256& file) {
    FileVerdict verdict;
    for (const FileScan& one : scans) {
        if (one.content_hash != file || verdict.state == ScanState::infected) continue;
        verdict = {one.state, one.found};
    }
    return verdict;
}

bool needs_warning(const FileVerdict& verdict, bool scanner_configured) {
    return verdict.state == ScanState::failed || (scanner_configured && verdict.state == ScanState::unscanned);
}

Answer handle(Books& books, const Context&, const Command& command, const RecordScan& body) {
    auto scan = store::find_mail_scan(books.connection(), body.mail);
    if (!scan) return refused(codes::not_found, "no files of such a mail wait for a scan");
    if (!scan->next_at) return Answer{.number = body.mail, .replayed = true};
    std::vector<FileScan> files;
    for (const ScannedFile& file : body.files) {
        auto one = scan_of(file, body.mail, command.at);
        if (!one) return refused(codes::invalid, "files: malformed");
        if (const auto known = store::infected_scan_of(books.connection(), one->content_hash)) {
            one->state = ScanState::infected;
            one->found = known->found;
        }
        files.push_back(*std::move(one));
    }
    const auto before = store::file_scans_of(books.connection(), body.mail);
    bool infected = std::ranges::any_of(before, [](const FileScan& one) { return one.state == ScanState::infected; });
    bool failed = !body.reason.empty();
    for (const FileScan& file : files) {
        failed = failed || file.state == ScanState::failed;
        if (is_infected(before, file.content_hash)) continue;
        store::write_file_scan(books.connection(), file);
        if (file.state != ScanState::infected) continue;
        infected = true;
        tell(books, command, body.mail, file);
    }
    scan->attempts += 1;
    const bool none = before.empty() && files.empty();
    scan->state = infected ? ScanState::infected : failed ? ScanState::failed : none ? ScanState::none : ScanState::clean;
    scan->engine = utf8_prefix(to_utf8_lossy(body.engine), found_octets_max);
    scan->reason = utf8_prefix(to_utf8_lossy(body.reason), found_octets_max);
    scan->updated = command.at;
    scan->next_at.reset();
    if (failed && !body.is_final && scan->attempts < scan_attempts_max)
        scan->next_at = command.at + scan_retry_pause * (1LL << (scan->attempts - 1));
    store::update_mail_scan(books.connection(), *scan);
    if (const auto inbound = store::find_inbound(books.connection(), body.mail); inbound && inbound->ticket) {
        if (const auto row = store::find_ticket(books.connection(), desk::TicketNo{*inbound->ticket}))
            books.news().tickets.push_back(row->ticket.request_number);
    }
    return Answer{.number = body.mail};
}

Answer handle(Books& books, const Context&, const Command& command, const TakeMailFile& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::reveal, staff)) return *no;
    const auto hash = hash_of_hex(body.content_hash);
    if (!hash) return refused(codes::invalid, "content_hash: 64 hexadecimal digits");
    const auto inbound = store::find_inbound(books.connection(), body.mail);
    const auto row = store::find_ticket(books.connection(), body.ticket);
    if (!inbound || !row) return refused(codes::not_found, "there is no such mail or request");
    if (inbound->object_key.empty()) return refused("original_gone", "the mail's original is no longer kept");
    // What was recorded while the file was fetched counts.
    auto scans = store::file_scans_of(books.connection(), body.mail);
    if (auto infected = store::infected_scan_of(books.connection(), *hash)) scans.push_back(*std::move(infected));
    const FileVerdict verdict = verdict_of(scans, *hash);
    if (verdict.state == ScanState::infected) {
        return refused("file_infected", fmt::format("The virus scanner found {} in this file. It is not handed out; ask the "
                                                    "sender for another one.",
                                                    verdict.found));
    }
    if (needs_warning(verdict, body.scanner) && !body.warned) {
        return refused("file_needs_warning",
                       "Nobody has looked at this file yet, or it could not be scanned: see `scan` of the list. Ask again "
                       "with warned=true to take it all the same.");
    }
    // Neither name nor hash: what is written here stays when the mail is erased.
    books.audit(command.at, command.actor, "file_taken", fmt::format("ticket:{}", number_of(row->ticket.no)),
                json_text({{"request", row->ticket.request_number},
                           {"mail", std::to_string(body.mail)},
                           {"file", std::to_string(body.place)},
                           {"warned", body.warned ? "true" : "false"}}));
    return Answer{.number = body.mail};
}

}  // namespace okpay::service
