// SPDX-License-Identifier: Apache-2.0
#include "server/sealing.hpp"

#include "rails/sandbox_rail.hpp"
#include "service/case_parts.hpp"

namespace okpay::server {

std::optional<api::SealedFile> sealed_file(const store::Keyring& keyring, const std::optional<store::BlobStore>& blobs,
                                           ByteView octets) {
    const auto object = keyring.seal_object(octets, service::case_file_purpose);
    api::SealedFile file{.object_key = base64_of(object.wrapped_key), .sealed = "", .blob = ""};
    if (!blobs || object.sealed.size() <= store::BlobStore::inline_octets_max) {
        file.sealed = base64_of(object.sealed);
        return file;
    }
    const auto name = blobs->put(object.sealed);
    if (!name) return std::nullopt;
    file.blob = *name;
    return file;
}

Result<api::PreparedInstrument, std::string> prepared_instrument(const store::Keyring& keyring,
                                                                 payments::RailDirection direction, std::string_view text) {
    const auto instrument = payments::parse_instrument(direction, text);
    if (!instrument) return fail(std::string{payments::sentence_en(instrument.error())});
    if (!rails::sandbox_word(instrument->canonical)) return fail(std::string{"is no word of the sandbox"});
    const Secret key = keyring.derived("rail instrument hash 1");
    return api::PreparedInstrument{.masked = instrument->masked,
                                   .sealed = base64_of(keyring.seal(instrument->canonical, service::instrument_purpose)),
                                   .hash = hex_of(view_of(sha256({key.reveal(), instrument->canonical})))};
}

}  // namespace okpay::server
