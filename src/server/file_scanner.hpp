// SPDX-License-Identifier: Apache-2.0
// Has the files of mails scanned by ClamAV, behind the commit that filed them and never in the way of mail.
//
//   Order     the newest due first, one file at a time; what is handed to clamd is what a download would hand out. Archives
//             are not listed for it.
//   Away      where nobody listens nothing is recorded: the files stay "not yet looked at" and are asked about again within
//             `rest_max`. A file that clamd cannot take is recorded as failed and tried again by its row.
//   Breaks    where clamd breaks off or takes too long the attempt counts, since the file may be why; the files behind it
//             wait for the next one. So no mail holds up the others for good.
//   stop()    takes nothing more and breaks off what is under way; the workers are in one question to a child at most.
//   Threads   one strand; reads and the sandbox on the workers, which nobody else should need soon.
//   Node      scans where the writer is.
#pragma once

#include <functional>
#include <memory>

#include "api/workers.hpp"
#include "base/clock.hpp"
#include "net/clamd.hpp"
#include "service/mail_files.hpp"
#include "service/queries.hpp"
#include "service/service.hpp"

namespace okpay::server {

struct FileScannerSettings {
    net::ClamdSettings clamd;
    std::function<bool()> writes_here = [] { return true; };  // else another node scans
    std::int64_t mails_at_once = 8;  // looked up together
    Millis period{5'000};
    Millis rest_max{60'000};
};

class FileScanner {
public:
    FileScanner(asio::any_io_executor executor, service::Service& service, service::Queries& queries, api::Workers& workers,
                const Clock& clock, std::shared_ptr<service::MailFiles> files, FileScannerSettings settings);
    FileScanner(const FileScanner&) = delete;
    FileScanner& operator=(const FileScanner&) = delete;

    net::awaitable<void> run();
    void notify();
    void stop();

private:
    enum class Went : std::uint8_t { idle, on, away };
    using Mail = std::shared_ptr<const std::optional<store::InboundMail>>;
    struct FileWent {
        service::ScannedFile scanned;
        bool is_final = true;     // another try would end the same way
        bool broke_off = false;   // the daemon did, or was too slow: no more is asked of it for this mail
    };
    net::awaitable<Went> round();
    net::awaitable<bool> scan_mail(std::int64_t no, std::string engine);  // false: clamd or the sandbox is away
    net::awaitable<std::optional<FileWent>> scan_file(Mail mail, Hash256 file);  // none: away, or it is stopping
    net::awaitable<bool> record(service::RecordScan body);

    asio::any_io_executor executor_;
    service::Service& service_;
    service::Queries& queries_;
    api::Workers& workers_;
    const Clock& clock_;
    std::shared_ptr<service::MailFiles> files_;
    FileScannerSettings settings_;
    asio::cancellation_signal breaking_off_;
    asio::steady_timer alarm_;
    Millis rest_{0};  // not zero: clamd was away
    bool woken_ = false;
    bool stopping_ = false;
};

}  // namespace okpay::server
