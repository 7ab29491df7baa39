// SPDX-License-Identifier: Apache-2.0
// `import`: mail of before, out of files, becomes history of requests. Read, sealed and judged here, kept by whoever writes,
// a batch a commit: a run that was killed is run again and goes on behind what is there, known by the hash of its octets.
#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <limits>
#include <map>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "mail/mbox.hpp"
#include "sandbox/child.hpp"
#include "server/command_door.hpp"
#include "server/mail_verbs.hpp"
#include "service/mail_intake.hpp"
#include "store/files.hpp"
#include "store/people_store.hpp"

namespace okpay::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mail_octets_max = 60UL << 20U;  // the sandbox takes 64 MiB
constexpr std::size_t batch_mails_max = 64;
constexpr std::size_t batch_octets_max = 4UL << 20U;
constexpr std::size_t head_octets = 64UL << 10U;  // in which a file's date is looked for
constexpr std::int64_t names_shown_max = 20;
constexpr std::chrono::hours clocks_differ_by{24};
constexpr Moment mail_begins = moment_of_ms(315'532'800'000);  // 1980: what is older has a clock that was never set

class File {
public:
    explicit File(const fs::path& path) : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOATIME)} {
        if (descriptor_ < 0) descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // not ours: its time is written
    }
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    // Fewer only at the end. Throws where the disk fails: a mail must not look shorter than it is.
    std::size_t read(std::uint64_t offset, char* into, std::size_t octets) const {
        std::size_t got = 0;
        while (got < octets) {
            const ssize_t part = ::pread(descriptor_, into + got, octets - got, static_cast<off_t>(offset + got));
            if (part < 0 && errno == EINTR) continue;
            if (part < 0) throw std::system_error{errno, std::generic_category()};
            if (part == 0) break;
            got += static_cast<std::size_t>(part);
        }
        return got;
    }
    [[nodiscard]] Bytes start(std::size_t octets) const {
        Bytes head(octets, '\0');
        head.resize(read(0, head.data(), octets));
        return head;
    }

private:
    int descriptor_;
};

struct Counts {
    std::int64_t read = 0, new_requests = 0, of_known_requests = 0, already_there = 0, quarantined = 0;
    std::int64_t too_large = 0, unreadable = 0, not_mail = 0;
    std::int64_t clean = 0, repaired = 0;  // of those that were parsed in this run
    std::map<std::string, std::int64_t> repairs, reasons;
};

// What a run came to an end of, with words for standard error.
struct Stopped {
    int exit_status;
};

class Import {
public:
    Import(const Options& options, const ImportOptions& import, CommandDoor& door, std::unique_ptr<sandbox::Pool> sandbox)
        : options_{options},
          import_{import},
          door_{door},
          sandbox_{std::move(sandbox)},
          reader_{store::open(options.store_database(), store::Access::reader)} {
        if (options.store_database().engine == store::Engine::sqlite) blobs_.emplace(options.data_directory() / "blobs");
    }

    const Counts& run() {
        for (const std::string& path : import_.paths) take_path(path);
        flush();
        return counts_;
    }

private:
    enum class Format : std::uint8_t { mbox, maildir, eml };
    struct Found {  // a file of one mail
        fs::path path;
        Moment date;
    };

    static bool is_maildir(const fs::path& path) { return fs::is_directory(path / "cur") && fs::is_directory(path / "new"); }

    void take_path(const fs::path& path) {
        std::error_code error;
        const auto status = fs::status(path, error);
        if (fs::is_directory(status)) return take_directory(path);
        if (!fs::is_regular_file(status)) return cannot_read(path, "it is neither a file nor a directory");
        if (format_of(path) == Format::mbox) take_mbox(path);
        else take_files({{path, Moment{}}});
    }

    Format format_of(const fs::path& file) const {
        if (import_.format != "auto") return import_.format == "mbox" ? Format::mbox : Format::eml;
        const File opened{file};
        return opened.is_open() && opened.start(5) == "From " ? Format::mbox : Format::eml;
    }

    void take_directory(const fs::path& path) {
        std::vector<Found> single;
        std::vector<fs::path> boxes;
        const bool maildir = import_.format == "maildir" || (import_.format == "auto" && is_maildir(path));
        if (import_.format == "maildir" && !is_maildir(path)) return cannot_read(path, "it has no folders cur and new");
        std::error_code error;
        for (fs::recursive_directory_iterator at{path, error}, end; !error && at != end; at.increment(error)) {
            if (!at->is_regular_file()) continue;
            const fs::path& file = at->path();
            const std::string folder = file.parent_path().filename().string();
            if (maildir) {
                if ((folder == "cur" || folder == "new") && is_maildir(file.parent_path().parent_path()))
                    single.push_back({file, Moment{}});
            } else if (!file.filename().string().starts_with('.')) {
                if (format_of(file) == Format::mbox) boxes.push_back(file);
                else single.push_back({file, Moment{}});
            }
        }
        if (error) cannot_read(path, error.message());
        std::ranges::sort(boxes);
        for (const fs::path& box : boxes) take_mbox(box);
        take_files(std::move(single));
    }

    // In the order of their dates, so that an answer finds what it answers to.
    void take_files(std::vector<Found> files) {
        for (Found& one : files) {
            const File file{one.path};
            if (file.is_open()) one.date = mail::rough_date_of(file.start(head_octets)).value_or(written(one.path));
        }
        std::ranges::sort(files, [](const Found& a, const Found& b) {
            return a.date != b.date ? a.date < b.date : a.path < b.path;
        });
        for (const Found& one : files) take_file(one);
    }

    static Moment written(const fs::path& path) {
        std::error_code error;
        const auto time = fs::last_write_time(path, error);
        if (error) return Moment{};
        return std::chrono::time_point_cast<Millis>(std::chrono::file_clock::to_sys(time));
    }

    void take_file(const Found& one) {
        try {
            const File file{one.path};
            if (!file.is_open()) return cannot_read(one.path, "no right to read it");
            const Bytes octets = file.start(mail_octets_max + 1);
            if (octets.size() > mail_octets_max) return too_large(one.path, 0);
            if (import_.format == "auto" && !mail::looks_like_mail(octets)) {
                ++counts_.not_mail;
                if (counts_.not_mail <= names_shown_max)
                    std::cerr << "okpay: " << one.path.string() << " is no mail and was passed over\n";
                return;
            }
            take_mail(mail::mail_of_file(octets), one.path, one.date);
        } catch (const std::system_error& error) { cannot_read(one.path, error.what()); }
    }

    void take_mbox(const fs::path& path) {
        const File file{path};
        if (!file.is_open()) return cannot_read(path, "no right to read it");
        try {
            mail::MboxReader box{[&file](std::uint64_t offset, char* into, std::size_t octets) {
                                     return file.read(offset, into, octets);
                                 },
                                 mail_octets_max};
            while (auto mail = box.next()) {
                if (mail->too_large) too_large(path, mail->offset);
                else if (!mail->raw.empty()) take_mail(std::move(mail->raw), path, mail->delivered.value_or(written(path)));
            }
        } catch (const std::system_error& error) { cannot_read(path, error.what()); }
    }

    void take_mail(Bytes raw, const fs::path& path, Moment otherwise) {
        ++counts_.read;
        const Hash256 hash = sha256(raw);
        if (store::inbound_with_content(*reader_, hash, std::numeric_limits<std::int64_t>::max())) {
            ++counts_.already_there;
            return;
        }
        service::ImportedMail mail{.mail = {}, .filing = {}, .quarantine = "", .sent_at = ms_of(otherwise), .ours = false};
        service::SandboxReading reading = service::read_through(*sandbox_, raw, path.string());
        service::Envelope envelope{.channel = "import", .peer = mailbox_of(path), .mail_from = "", .recipients = {}};
        if (reading.parsed && reading.parsed->headers.empty()) reading = {std::nullopt, "it has no header: this is no mail"};
        if (reading.parsed) {
            judge(*reading.parsed, otherwise, mail, envelope);
        } else if (reading.reason.empty()) {
            std::cerr << "okpay: the sandbox that reads mails cannot be started\n";
            throw Stopped{1};
        }
        mail.quarantine = reading.reason;
        auto sealed = service::seal_mail(door_.keyring(), blobs_ ? &*blobs_ : nullptr, envelope, raw, 0);
        if (!sealed) {
            std::cerr << "okpay: the disk is full or cannot be written: run the same import again when it can\n";
            throw Stopped{75};
        }
        mail.mail = *std::move(sealed);
        batch_octets_ += raw.size();
        batch_.push_back(std::move(mail));
        if (batch_.size() >= batch_mails_max || batch_octets_ >= batch_octets_max) flush();
    }

    [[nodiscard]] std::string mailbox_of(const fs::path& path) const {
        return import_.mailbox.empty() ? path.filename().string() : import_.mailbox;
    }

    bool is_ours(std::string_view address) const {
        const auto at = address.rfind('@');
        if (at == std::string_view::npos) return false;
        const std::string domain = ascii_lower(address.substr(at + 1));
        return domain == ascii_lower(options_.domain) || domain == ascii_lower(options_.reply_domain);
    }

    void judge(const mail::ParsedMail& parsed, Moment otherwise, service::ImportedMail& mail, service::Envelope& envelope) {
        if (parsed.charset_repaired) ++counts_.repairs["a charset was missing, wrong or too small"];
        if (parsed.malformed) ++counts_.repairs["the structure broke a rule and was read with good will"];
        if (parsed.truncated) ++counts_.repairs["a limit was reached, the rest is in the raw mail alone"];
        const bool repaired = parsed.charset_repaired || parsed.malformed || parsed.truncated;
        ++(repaired ? counts_.repaired : counts_.clean);
        const Moment latest = now() + clocks_differ_by;
        const bool dated = parsed.date && *parsed.date >= mail_begins && *parsed.date <= latest;
        const Moment sent = dated ? *parsed.date : otherwise;
        mail.sent_at = ms_of(sent);
        const std::string from = parsed.from.empty() ? "" : parsed.from.front().address.text();
        // A store that kept the envelope has it in Return-Path; empty there is a bounce, none at all says nothing.
        const auto path = std::ranges::find(parsed.headers, "return-path", &mail::Header::name);
        envelope.mail_from = from;
        if (path != parsed.headers.end()) {
            std::string_view address = trimmed(path->value);
            if (address.starts_with('<')) address.remove_prefix(1);
            if (address.ends_with('>')) address.remove_suffix(1);
            envelope.mail_from = std::string{address};
        }
        std::string zone;
        if (!from.empty()) {
            if (const auto customer = store::find_customer_by_email(*reader_, ascii_lower(from))) zone = customer->zone;
        }
        const store::InboundMail inbound{.no = 0,
                                         .id = fresh_id<MailId>(),
                                         .channel = envelope.channel,
                                         .received = sent,
                                         .peer = envelope.peer,
                                         .mail_from = envelope.mail_from,
                                         .recipients = "",
                                         .size = 0,
                                         .content_hash = {},
                                         .object_key = {},
                                         .sealed = std::nullopt,
                                         .blob = std::nullopt,
                                         .updated = sent};
        mail.filing = service::filing_without_dns(parsed, inbound, zone, "", random_octets(30));
        mail.filing.wants_lock = false;
        mail.ours = is_ours(from);
    }

    void flush() {
        if (batch_.empty()) return;
        service::ImportMails body{.mailbox = import_.mailbox, .mails = std::move(batch_)};
        std::vector<std::string> reasons;
        for (const service::ImportedMail& mail : body.mails) reasons.push_back(mail.quarantine);
        const auto answer = door_.ask(service::Service::command(now(), {}, std::move(body)));
        batch_.clear();
        batch_octets_ = 0;
        if (const int status = exit_status_of(answer); status != 0) {
            if (answer && (answer->code == service::codes::storage_full || answer->code == service::codes::unavailable ||
                           answer->code == service::codes::overloaded || answer->code == service::codes::stopping))
                throw Stopped{75};
            throw Stopped{status};
        }
        for (std::size_t i = 0; i < answer->numbers.size() && i < reasons.size(); ++i) {
            switch (static_cast<service::ImportOutcome>(answer->numbers[i])) {
            case service::ImportOutcome::already_there: ++counts_.already_there; break;
            case service::ImportOutcome::new_request: ++counts_.new_requests; break;
            case service::ImportOutcome::of_known_request: ++counts_.of_known_requests; break;
            case service::ImportOutcome::quarantined:
                ++counts_.quarantined;
                ++counts_.reasons[reasons[i]];
                break;
            }
        }
    }

    void cannot_read(const fs::path& path, std::string_view why) {
        ++counts_.unreadable;
        std::cerr << "okpay: " << path.string() << " cannot be read: " << why << "\n";
    }
    void too_large(const fs::path& path, std::uint64_t offset) {
        ++counts_.too_large;
        std::cerr << fmt::format("okpay: {}: the mail at octet {} is larger than {} MiB and was left out\n", path.string(),
                                 offset, mail_octets_max >> 20U);
    }

    const Options& options_;
    const ImportOptions& import_;
    CommandDoor& door_;
    std::unique_ptr<sandbox::Pool> sandbox_;
    std::unique_ptr<store::Connection> reader_;
    std::optional<store::BlobStore> blobs_;
    std::vector<service::ImportedMail> batch_;
    std::size_t batch_octets_ = 0;
    Counts counts_;
};

void print(const Counts& counts, bool as_json) {
    const std::array<std::pair<std::string_view, std::int64_t>, 10> lines{{{"read", counts.read},
                                                                           {"new_requests", counts.new_requests},
                                                                           {"of_known_requests", counts.of_known_requests},
                                                                           {"already_there", counts.already_there},
                                                                           {"quarantined", counts.quarantined},
                                                                           {"clean", counts.clean},
                                                                           {"repaired", counts.repaired},
                                                                           {"too_large", counts.too_large},
                                                                           {"unreadable", counts.unreadable},
                                                                           {"not_mail", counts.not_mail}}};
    if (as_json) {
        boost::json::object object;
        for (const auto& [name, count] : lines) object[name] = count;
        boost::json::object repairs, reasons;
        for (const auto& [why, count] : counts.repairs) repairs[why] = count;
        for (const auto& [why, count] : counts.reasons) reasons[why] = count;
        object["repairs"] = std::move(repairs);
        object["reasons"] = std::move(reasons);
        std::cout << boost::json::serialize(object) << "\n";
        return;
    }
    for (const auto& [name, count] : lines) {
        std::string words{name};
        std::ranges::replace(words, '_', ' ');
        std::cout << fmt::format("{:<18} {:>10}\n", words, count);
        const auto* why = name == "quarantined" ? &counts.reasons : name == "repaired" ? &counts.repairs : nullptr;
        if (why == nullptr) continue;
        for (const auto& [reason, times] : *why) std::cout << fmt::format("    {:>10}  {}\n", times, reason);
    }
}

}  // namespace

int import_mail(const Options& options, const ImportOptions& import) {
    const auto door = CommandDoor::open(options);
    if (!door) {
        std::cerr << "okpay: " << door.error().why << "\n";
        return door.error().exit_status;
    }
    auto sandbox = sandbox::Pool::start({}, 1);
    if (!sandbox) {
        std::cerr << "okpay: the sandbox that reads mails cannot be started\n";
        return 1;
    }
    Import work{options, import, **door, *std::move(sandbox)};
    try {
        const Counts& counts = work.run();
        print(counts, import.json);
        std::cout.flush();
        return counts.too_large + counts.unreadable == 0 ? 0 : 1;
    } catch (const Stopped& stopped) { return stopped.exit_status; }
}

}  // namespace okpay::server
