// SPDX-License-Identifier: Apache-2.0
// Proof of identity told in the words of a test: begun, pictures handed in, submitted, looked at, decided. The pictures are
// sealed as the edge seals them; what is on them no handler looks at.
#pragma once

#include <fmt/format.h>

#include "service/identity_intake.hpp"
#include "service_fixture.hpp"

namespace okpay::testing {

class IdentityStory {
public:
    explicit IdentityStory(ServiceFixture& f) : f_{f}, files_{f.context().keyring(), f.blobs(), service::picture_child()} {}

    static service::Actor as(std::int64_t customer) { return {service::ActorKind::customer, customer}; }

    service::BeginVerification beginning(std::int64_t customer, const std::string& number = "L898902C3",
                                         const std::string& purpose = "raise_level") {
        using namespace std::chrono_literals;
        const auto sealed = files_.seal({.document = customers::DocumentKind::passport,
                                         .country = "UTO",
                                         .name = "Anna Maria Eriksson",
                                         .birth = 1974y / std::chrono::August / 12d,
                                         .number = number});
        return {.verification = f_.fresh<customers::VerificationId>().text(),
                .customer = customer,
                .purpose = purpose,
                .document = "passport",
                .country = "UTO",
                .number_masked = sealed.number_masked,
                .number_hash = sealed.number_hash,
                .facts_key = base64_of(sealed.key),
                .facts = base64_of(sealed.facts),
                .consent = true};
    }
    // `octets` above 64 KiB lie in a file of their own.
    service::AddIdentityFile picture(std::int64_t verification, std::int64_t customer, const std::string& kind,
                                     std::size_t octets = 1'000) {
        const Bytes jpeg = kind + std::to_string(++pictures_) + Bytes(octets, 'j');
        const auto& keyring = f_.context().keyring();
        const auto object = keyring.seal_object(jpeg, store::identity_file_purpose);
        const auto reading = keyring.seal_object("[\"P<UTO\"]", store::identity_reading_purpose);
        service::AddIdentityFile body{.verification = verification,
                                      .customer = customer,
                                      .file = f_.fresh<customers::IdentityFileId>().text(),
                                      .kind = kind,
                                      .picture_type = 1,
                                      .width = 1'600,
                                      .height = 1'130,
                                      .original_size = std::ssize(jpeg),
                                      .original_hash = hex_of(view_of(sha256(jpeg))),
                                      .object_key = base64_of(object.wrapped_key),
                                      .sealed = "",
                                      .blob = "",
                                      .reading_key = base64_of(reading.wrapped_key),
                                      .reading = base64_of(reading.sealed)};
        if (octets > store::BlobStore::inline_octets_max) body.blob = f_.blobs().put(object.sealed).value();
        else body.sealed = base64_of(object.sealed);
        return body;
    }
    service::SubmitVerification submission(std::int64_t verification, std::int64_t customer,
                                           const std::string& expires = "2031-04-15") {
        service::SubmitVerification body{.verification = verification,
                                         .customer = customer,
                                         .files = {},
                                         .checks = {{"machine_zone", "passed"}, {"name", "attention"}},
                                         .document_expires = expires,
                                         .readable = true,
                                         .seed = seed()};
        for (const auto& file : store::identity_files_of(*f_.connect(), verification)) {
            if (!file.erased) body.files.push_back(file.no);
        }
        return body;
    }
    // In review.
    std::int64_t handed_in(std::int64_t customer, const std::string& number = "L898902C3",
                           const std::string& purpose = "raise_level", const std::string& expires = "2031-04-15",
                           std::size_t octets = 1'000) {
        const std::int64_t no = f_.done(beginning(customer, number, purpose), as(customer)).number;
        f_.done(picture(no, customer, "document_front", octets), as(customer));
        f_.done(picture(no, customer, "selfie"), as(customer));
        f_.done(submission(no, customer, expires), as(customer));
        return no;
    }
    void look_at_all(std::int64_t verification, const StaffMember& staff) {
        f_.done(service::ViewIdentity{verification, 0, "review", "from the queue"}, staff.actor());
        for (const auto& file : store::identity_files_of(*f_.connect(), verification)) {
            if (!file.erased)
                f_.done(service::ViewIdentity{verification, file.no, "review", "from the queue"}, staff.actor());
        }
    }
    service::ReviewVerification deciding(std::int64_t verification, const StaffMember& staff,
                                         const std::string& decision = "verified", const std::string& code = "none") {
        f_.pass(std::chrono::seconds{30});  // a code works once
        return {.verification = verification,
                .round = row(verification).round,
                .decision = decision,
                .code = code,
                .note = "the face is that of the document",
                .word = "",
                .totp_code = f_.totp(staff),
                .seed = seed()};
    }
    service::Answer decide(std::int64_t verification, const StaffMember& staff, const std::string& decision = "verified",
                           const std::string& code = "none") {
        look_at_all(verification, staff);
        return f_.ask(deciding(verification, staff, decision, code), staff.actor());
    }
    service::Answer tend() { return f_.done(service::TendVerifications{.verifications_max = 50, .seed = seed()}); }
    store::VerificationRow row(std::int64_t verification) { return *store::find_verification(*f_.connect(), verification); }
    service::IdentityFiles& files() { return files_; }

private:
    std::string seed() { return fmt::format("{:064}", ++seeds_); }

    ServiceFixture& f_;
    service::IdentityFiles files_;
    int pictures_ = 0, seeds_ = 0;
};

// One verified by two persons, one in review, one canceled whose files are destroyed.
inline void furnish_identities(ServiceFixture& f, const std::array<std::int64_t, 3>& customers) {
    IdentityStory story{f};
    const StaffMember ida = f.staff("ida@pay.example", "risk");
    const StaffMember jon = f.staff("jon@pay.example", "risk");
    const std::int64_t twice = story.handed_in(customers[0], "A1234567", "after_lock");
    story.decide(twice, ida);
    story.decide(twice, jon);
    story.handed_in(customers[1], "B1234567");
    const std::int64_t canceled = story.handed_in(customers[2], "C1234567");
    f.done(service::CancelVerification{canceled, customers[2], false}, IdentityStory::as(customers[2]));
    story.tend();
}

}  // namespace okpay::testing
