// SPDX-License-Identifier: Apache-2.0
#include "service/identity_intake.hpp"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/mrz.hpp"
#include "customers/resident_id.hpp"
#include "pictures/job.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;

constexpr Millis picture_deadline{40'000};
constexpr std::size_t shown_of_number = 4;

customers::Day day_in_utc(Moment at) { return customers::Day{std::chrono::floor<std::chrono::days>(at)}; }

IdentityFault fault_of(pictures::PictureFault fault) {
    switch (fault) {
    case pictures::PictureFault::unknown_type: return IdentityFault::unknown_type;
    case pictures::PictureFault::heic: return IdentityFault::heic;
    case pictures::PictureFault::too_many_pixels: return IdentityFault::too_many_pixels;
    case pictures::PictureFault::too_small: return IdentityFault::too_small;
    case pictures::PictureFault::unreadable: return IdentityFault::unreadable;
    }
    std::abort();
}

std::string masked_number(const std::string& number) {
    const std::size_t shown = number.size() > 2 * shown_of_number ? shown_of_number : 2;
    std::string masked;
    for (std::size_t i = shown; i < number.size(); ++i) masked += "·";
    return masked + number.substr(number.size() - std::min(shown, number.size()));
}

std::optional<json::value> opened(const store::Keyring& keyring, ByteView sealed, ByteView key, std::string_view purpose) {
    if (key.empty()) return std::nullopt;
    const auto plain = keyring.unseal_object(sealed, key, purpose);
    if (!plain) return std::nullopt;
    boost::system::error_code error;
    json::value value = json::parse(*plain, error);
    if (error) return std::nullopt;
    return value;
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member != nullptr && member->is_string() ? std::string{member->get_string()} : std::string{};
}

}  // namespace

Bytes read_picture_in_sandbox(ByteView request) {
    const customers::Day today = day_in_utc(okpay::now());
    return pictures::do_job(request, [today](std::string_view text) {
        const auto zone = customers::find_mrz(text, today);
        return (zone && zone->all_hold()) || customers::find_resident_id(text, today);
    });
}

void warm_up_picture_sandbox() { pictures::warm_up(); }  // without its data pictures are taken all the same

sandbox::ChildOptions picture_child() {
    // Tesseract would share one line of text among four threads, which the lock-down refuses.
    return {.arguments = {std::string{picture_child_argument}}, .environment = {"OMP_THREAD_LIMIT=1"}};
}

IdentityFiles::IdentityFiles(store::Keyring keyring, std::optional<store::BlobStore> blobs, sandbox::ChildOptions child,
                             std::size_t children)
    : keyring_{std::move(keyring)}, blobs_{std::move(blobs)}, child_{std::move(child)}, children_{children} {}

SealedFacts IdentityFiles::seal(const customers::IdentityFacts& facts) const {
    const json::object object{{"document", customers::name_of(facts.document)},
                              {"country", facts.country},
                              {"name", facts.name},
                              {"birth_date", customers::text_of(facts.birth)},
                              {"number", facts.number}};
    auto sealed = keyring_.seal_object(json::serialize(object), store::identity_facts_purpose);
    const Secret key = keyring_.derived("identity number hash 1");
    return {.key = std::move(sealed.wrapped_key),
            .facts = std::move(sealed.sealed),
            .number_masked = masked_number(facts.number),
            .number_hash = hex_of(view_of(hmac_sha256(key.reveal(), facts.country + " " + facts.number)))};
}

std::optional<customers::IdentityFacts> IdentityFiles::facts_of(const store::VerificationRow& row) const {
    const auto value = opened(keyring_, row.facts, row.facts_key, store::identity_facts_purpose);
    if (!value || !value->is_object()) return std::nullopt;
    const json::object& object = value->get_object();
    const auto document = customers::document_kind_of_name(text_of(object, "document"));
    const auto birth = customers::day_of(text_of(object, "birth_date"));
    if (!document || !birth) return std::nullopt;
    return customers::IdentityFacts{.document = *document,
                                    .country = text_of(object, "country"),
                                    .name = text_of(object, "name"),
                                    .birth = *birth,
                                    .number = text_of(object, "number")};
}

Result<Bytes, IdentityFault> IdentityFiles::call(ByteView request) {
    sandbox::Pool* pool = nullptr;
    {
        const std::lock_guard lock{starting_};
        if (pool_ == nullptr) {
            auto started = sandbox::Pool::start(child_, children_);
            if (!started) {
                spdlog::error("the sandbox that reads pictures cannot be started; pictures are refused until it can");
                return fail(IdentityFault::no_reader);
            }
            pool_ = *std::move(started);
        }
        pool = pool_.get();
    }
    auto answer = pool->call(request, picture_deadline);
    if (answer) return *std::move(answer);
    switch (answer.error()) {
    case sandbox::SandboxError::cannot_start: return fail(IdentityFault::no_reader);
    case sandbox::SandboxError::crashed:
    case sandbox::SandboxError::timed_out:
        spdlog::warn("a picture killed the sandbox or took too long; it was refused");
        return fail(IdentityFault::unreadable);
    case sandbox::SandboxError::too_large:
    case sandbox::SandboxError::refused: return fail(IdentityFault::unreadable);
    }
    std::abort();
}

Result<AddIdentityFile, IdentityFault> IdentityFiles::take_in(ByteView file, customers::IdentityFileKind kind) {
    const auto answered = call(pictures::clean_request(file, kind != customers::IdentityFileKind::selfie));
    if (!answered) return fail(answered.error());
    const auto clean = pictures::clean_answer(*answered);
    if (!clean) return fail(fault_of(clean.error()));
    json::array texts;
    for (const std::string& text : clean->texts) texts.emplace_back(to_utf8_lossy(text));
    const auto reading = keyring_.seal_object(json::serialize(texts), store::identity_reading_purpose);
    const auto object = keyring_.seal_object(clean->jpeg, store::identity_file_purpose);
    AddIdentityFile body{.verification = 0,
                         .customer = 0,
                         .file = fresh_id<customers::IdentityFileId>().text(),
                         .kind = std::string{customers::name_of(kind)},
                         .picture_type = static_cast<std::int64_t>(clean->was),
                         .width = clean->width,
                         .height = clean->height,
                         .original_size = std::ssize(file),
                         .original_hash = hex_of(view_of(sha256(file))),
                         .object_key = base64_of(object.wrapped_key),
                         .sealed = "",
                         .blob = "",
                         .reading_key = base64_of(reading.wrapped_key),
                         .reading = base64_of(reading.sealed)};
    if (!blobs_ || object.sealed.size() <= store::BlobStore::inline_octets_max) {
        body.sealed = base64_of(object.sealed);
        return body;
    }
    const auto name = blobs_->put(object.sealed);
    if (!name) return fail(IdentityFault::storage_full);
    body.blob = *name;
    return body;
}

Result<Bytes, IdentityFault> IdentityFiles::preview(const store::IdentityFileRow& file, std::string_view watermark) {
    if (file.object_key.empty() || (file.blob && !blobs_)) return fail(IdentityFault::gone);
    const auto sealed = file.blob ? blobs_->get(*file.blob) : file.sealed;
    const auto jpeg = sealed ? keyring_.unseal_object(*sealed, file.object_key, store::identity_file_purpose) : std::nullopt;
    if (!jpeg) return fail(IdentityFault::gone);
    const auto answered = call(pictures::preview_request(*jpeg, watermark));
    if (!answered) return fail(answered.error());
    auto preview = pictures::preview_answer(*answered);
    if (!preview) return fail(fault_of(preview.error()));
    return *std::move(preview);
}

std::optional<customers::CheckedIdentity> IdentityFiles::check(const store::VerificationRow& row,
                                                               const std::vector<store::IdentityFileRow>& files,
                                                               const customers::IdentityReadings& elsewhere,
                                                               Moment today) const {
    const auto facts = facts_of(row);
    if (!facts) return std::nullopt;
    customers::IdentityReadings readings = elsewhere;
    for (const store::IdentityFileRow& file : files) {
        const auto texts = opened(keyring_, file.reading, file.reading_key, store::identity_reading_purpose);
        if (!texts || !texts->is_array()) continue;
        for (const json::value& text : texts->get_array()) {
            if (text.is_string()) readings.texts.emplace_back(text.get_string());
        }
    }
    return customers::check_identity(*facts, readings, day_in_utc(today));
}

bool IdentityFiles::remove_file(const std::string& blob) const {
    if (!blobs_) return false;
    std::error_code error;
    std::filesystem::remove(blobs_->path_of(blob), error);
    return !error;
}

}  // namespace okpay::service
