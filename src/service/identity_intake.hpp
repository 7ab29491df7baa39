// SPDX-License-Identifier: Apache-2.0
// Pictures of documents, at the edge: cleaned and read in a sandbox child of their own, sealed before anything touches the
// disk; and opened again, as previews with the name of who looks. What the customer stated is sealed and opened here too.
//
//   Original  never stored: what is kept is what can be seen on it, encoded again (pictures/picture.hpp), and its hash.
//   Child     apart from the one that reads mail: it needs more memory and time, and starts when first needed.
//   Threads   any; each call blocks.
#pragma once

#include <memory>
#include <mutex>

#include "customers/identity_checks.hpp"
#include "pictures/picture.hpp"
#include "sandbox/child.hpp"
#include "service/command_identity.hpp"
#include "store/files.hpp"
#include "store/identity_store.hpp"
#include "store/keyring.hpp"

namespace okpay::service {

enum class IdentityFault : std::uint8_t {
    unknown_type,
    heic,
    too_many_pixels,
    too_small,
    unreadable,    // broken, or it killed the child
    no_reader,     // the child cannot be started: try again later
    storage_full,  // the file could not be written
    gone,          // erased, or sealed under another key
};

// What the child does, and what it loads before it is locked in.
Bytes read_picture_in_sandbox(ByteView request);
void warm_up_picture_sandbox();
sandbox::ChildOptions picture_child();  // of this program
inline constexpr std::string_view picture_child_argument = "picture-child";
inline constexpr std::uint32_t picture_cpu_seconds_max = 25;

struct SealedFacts {
    Bytes key, facts;
    std::string number_masked;  // "·····226B"
    std::string number_hash;    // hex
};

class IdentityFiles {
public:
    // `blobs`: where files lie; none where several nodes share a database. `program`: what the child is executed with.
    IdentityFiles(store::Keyring keyring, std::optional<store::BlobStore> blobs, sandbox::ChildOptions child,
                  std::size_t children = 1);

    [[nodiscard]] SealedFacts seal(const customers::IdentityFacts& facts) const;
    [[nodiscard]] std::optional<customers::IdentityFacts> facts_of(const store::VerificationRow& row) const;

    // Everything of AddIdentityFile but whose it is.
    Result<AddIdentityFile, IdentityFault> take_in(ByteView file, customers::IdentityFileKind kind);
    // `watermark` is burnt in. The row is as stored, with its octets.
    Result<Bytes, IdentityFault> preview(const store::IdentityFileRow& file, std::string_view watermark);
    // `files` are the current ones; what else is known stands in `elsewhere`.
    [[nodiscard]] std::optional<customers::CheckedIdentity> check(const store::VerificationRow& row,
                                                                  const std::vector<store::IdentityFileRow>& files,
                                                                  const customers::IdentityReadings& elsewhere,
                                                                  Moment today) const;
    // Unlinks what was erased; true where it is gone.
    [[nodiscard]] bool remove_file(const std::string& blob) const;

private:
    Result<Bytes, IdentityFault> call(ByteView request);

    store::Keyring keyring_;
    std::optional<store::BlobStore> blobs_;
    sandbox::ChildOptions child_;
    std::size_t children_;
    std::mutex starting_;
    std::unique_ptr<sandbox::Pool> pool_;  // under starting_ until it is there; null before
};

}  // namespace okpay::service
