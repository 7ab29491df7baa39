// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "content/mask.hpp"
#include "mail/codec.hpp"
#include "server/verbs.hpp"
#include "service/mail_intake.hpp"
#include "service/mail_screens.hpp"
#include "store/files.hpp"
#include "store/sorting_store.hpp"
#include "triage/json.hpp"
#include "triage/shipped.hpp"
#include "triage/training.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t message_octets_max = 64UL << 20U;
constexpr Millis parse_deadline{20'000};

std::optional<Bytes> read_input(const std::string& name) {
    if (name == "-") return Bytes{std::istreambuf_iterator<char>{std::cin}, {}};
    return store::read_file(name);
}

// Secrets are masked here too: what is printed is stored and read by people.
std::string reading_line(const triage::Message& message, std::string_view file, const triage::Model& model, bool explain) {
    triage::Reading reading = triage::read(message, model);
    std::vector<triage::Reason> reasons;
    if (explain) reasons = triage::reasons_of(message, reading, model);
    reading.text = content::mask_secrets(reading.text).text;
    if (!explain) return triage::json_of(reading, file);
    for (triage::Reason& reason : reasons) reason.words = content::mask_secrets(reason.words).text;
    return triage::json_of(reading, file, reasons);
}

int triage_mails(const TriageOptions& options, const triage::Model& model) {
    auto sandbox = sandbox::Pool::start({}, 1);
    if (!sandbox) {
        std::cerr << "okpay: the sandbox for reading mail cannot be started on this system\n";
        return 1;
    }
    const service::AskChild ask_for_words = service::ask_children(service::screens_child(), 1, service::screens_deadline);
    int status = 0;
    for (const std::string& file : options.files) {
        const auto raw = read_input(file);
        if (!raw || raw->size() > message_octets_max) {
            std::cerr << "okpay: " << file << (raw ? " is larger than 64 MiB\n" : " cannot be read\n");
            status = 1;
            continue;
        }
        const auto answer = (*sandbox)->call(*raw, parse_deadline);
        const auto parsed = answer ? mail::decode(*answer) : std::nullopt;
        if (!parsed) {
            std::cerr << "okpay: " << file << " could not be taken apart as a mail\n";
            status = 1;
            continue;
        }
        triage::Message message = service::message_for_triage(*parsed, std::nullopt, "", now());
        if (message.has_image && triage::wants_pictures_read(message, triage::read(message, model)))
            message.screen_text = service::words_on_pictures(ask_for_words, *raw);
        std::cout << reading_line(message, file, model, options.explain) << '\n';
    }
    std::cout.flush();
    return status;
}

int triage_lines(const TriageOptions& options, const triage::Model& model) {
    const auto text = read_input(options.text);
    if (!text) {
        std::cerr << "okpay: " << options.text << " cannot be read\n";
        return 1;
    }
    Moment at = now();
    std::int32_t offset = 0;
    if (!options.at.empty()) {
        const auto given = moment_of_rfc3339(options.at);
        if (!given) throw UsageError{"--at " + options.at + ": not an RFC 3339 moment such as 2026-11-05T17:48:00+08:00"};
        at = *given;
        // The offset written is the customer's: "yesterday" is counted there.
        const auto sign = options.at.find_last_of("+-");
        if (options.at.size() >= 6 && sign == options.at.size() - 6) {
            offset = std::stoi(options.at.substr(sign + 1, 2)) * 60 + std::stoi(options.at.substr(sign + 4, 2));
            if (options.at[sign] == '-') offset = -offset;
        }
    }
    std::int64_t number = 0;
    for (std::string_view line : split(*text, '\n')) {
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trimmed(line).empty()) continue;
        const triage::Message message{.subject = "",
                                      .new_text = to_utf8_lossy(line),
                                      .quoted_text = "",
                                      .forwarded_text = "",
                                      .from_address = "",
                                      .at = at,
                                      .utc_offset_minutes = offset};
        std::cout << reading_line(message, fmt::format("{}:{}", options.text, number), model, options.explain) << '\n';
    }
    std::cout.flush();
    return 0;
}

}  // namespace

int triage_messages(const TriageOptions& options) {
    if (options.files.empty() && options.text.empty()) throw UsageError{"triage: name mails, or --text FILE"};
    std::optional<triage::Model> given;
    if (!options.model.empty()) {
        const auto bytes = store::read_file(options.model);
        if (bytes) given = triage::model_of_categories(*bytes);
        if (!given) {
            std::cerr << "okpay: " << options.model << " is no model of the categories; `okpay triage train` makes one\n";
            return 1;
        }
    }
    const triage::Model& model = given ? *given : triage::shipped_model();
    const int lines = options.text.empty() ? 0 : triage_lines(options, model);
    const int mails = options.files.empty() ? 0 : triage_mails(options, model);
    return std::max(lines, mails);
}

namespace {

// The requests whose category staff set, as they stand in the database: what was written, masked, and what they made of it.
std::optional<std::int64_t> append_from_desk(const Options& options, std::vector<triage::Example>& to) {
    const store::Database database = options.store_database();
    if (database.engine == store::Engine::sqlite && !std::filesystem::exists(database.location)) {
        std::cerr << "okpay: there is no data in " << options.data << "\n";
        return std::nullopt;
    }
    const auto connection = store::open(database, store::Access::reader);
    std::int64_t taken = 0;
    store::each_corrected(*connection, [&](const store::CorrectedRequest& one) {
        const auto category = triage::category_of_name(one.category);
        if (category && triage::append_labelled(one.subject, one.text, *category, to)) ++taken;
    });
    return taken;
}

}  // namespace

int train_triage(const Options& data, const TrainOptions& options) {
    if (options.files.empty() && options.labelled.empty() && !options.from_desk)
        throw UsageError{"triage train: name files of training text, or --from-desk"};
    std::vector<triage::Example> examples;
    const auto take = [&](const std::string& name, auto append) {
        const auto text = read_input(name);
        if (!text) {
            std::cerr << "okpay: " << name << " cannot be read\n";
            return false;
        }
        const auto fault = append(*text, examples);
        if (fault) std::cerr << "okpay: " << name << ":" << fault->line << ": " << fault->what << "\n";
        return !fault;
    };
    for (const std::string& name : options.files) {
        if (!take(name, triage::append_examples)) return 1;
    }
    for (const std::string& name : options.labelled) {
        if (!take(name, triage::append_labelled_lines)) return 1;
    }
    if (options.from_desk) {
        // What the house corrected is little: it is learnt beside what comes with the program.
        if (options.files.empty() && triage::append_examples(triage::shipped_training(), examples)) return 1;
        const auto taken = append_from_desk(data, examples);
        if (!taken) return 1;
        std::cout << fmt::format("{} requests whose category your desk set\n", *taken);
    }
    if (examples.empty()) {
        std::cerr << "okpay: the files hold no training text\n";
        return 1;
    }
    const triage::Model model = triage::learn_categories(examples);
    const std::string bytes = model.bytes();
    std::ofstream to{options.out, std::ios::binary};
    to.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    to.close();
    if (!to) {
        std::cerr << "okpay: " << options.out << " cannot be written\n";
        return 1;
    }
    std::cout << fmt::format("{} texts of {} lines, {} features, {} octets, temperature {:.3f}\n", examples.size(),
                             examples.back().group + 1, model.rows(), bytes.size(), model.temperature());
    return 0;
}

}  // namespace okpay::server
