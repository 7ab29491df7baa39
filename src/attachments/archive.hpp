// SPDX-License-Identifier: Apache-2.0
// What an archive holds: zip, tar (also compressed), 7z, rar, and files that are merely compressed. Call it in the sandbox
// child only; nothing is ever written.
//
//   Limits    of ListLimits; where one is reached the listing is `cut` and what was found until then is there.
//   Deep      archives in the archive are listed too, by their names, once; what lies deeper is flagged and not opened.
//   Cut off   a rar that ends between two entries is not told from a whole one: it has no index.
//   Solid     7z and rar whose entries are packed together are unpacked by libarchive on the way to a later one, in pieces:
//             that is bounded by the processor time and the memory of the child, not by ListLimits.
//   Sizes     are what the archive says, which may be a lie; what comes out while it is read is counted.
//   Threads   one at a time where the locale of the process is not UTF-8: warm_up() sets it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "attachments/risk.hpp"
#include "base/bytes.hpp"

namespace okpay::attachments {

struct ListLimits {
    std::size_t archive_octets_max = 32U << 20U;    // a larger one is not looked into
    std::size_t entries_listed_max = 500;           // of the archive and those in it together
    std::uint64_t entries_counted_max = 20'000;     // likewise
    std::uint64_t unpacked_octets_max = 128U << 20U;  // that are unpacked in memory on the way, altogether
    std::uint64_t inner_octets_max = 8U << 20U;     // of an archive in it, unpacked
    std::size_t inner_archives_max = 10;
    std::uint64_t bomb_octets_min = 64U << 20U;  // what becomes smaller than this is no bomb, however well it was packed
};
inline constexpr std::uint64_t bomb_ratio = 100;  // unpacked to packed

enum class ListingState : std::uint8_t {
    whole = 0,
    cut = 1,        // a limit was reached
    broken = 2,     // it ends early or is damaged: the entries before that are there
    encrypted = 3,  // even the names are
    too_large = 4,  // not looked into
    unreadable = 5,  // it ended its reader, or took too long; said by who asked the child
};
inline constexpr auto last_listing_state = ListingState::unreadable;
std::string_view name_of(ListingState state);

struct ArchiveEntry {
    std::string name;  // shown_name
    std::uint64_t size_octets = 0;
    bool size_known = true;
    bool is_folder = false;
    std::uint8_t depth = 0;  // 1: of the archive that stands last before it with depth 0
    Risks risks;
    friend bool operator==(const ArchiveEntry&, const ArchiveEntry&) = default;
};

struct Listing {
    ListingState state = ListingState::whole;
    std::vector<ArchiveEntry> entries;
    std::uint64_t entries_found = 0;    // more than are listed, where it is cut
    std::uint64_t unpacked_octets = 0;  // what all entries say together, no more than 2^63 - 1
    bool is_office = false;  // a document of an office program: by its entries, which whoever packed it chose
    Risks risks;             // of all entries, and of the archive as a whole
    friend bool operator==(const Listing&, const Listing&) = default;
};

// `name`: of the file, for an entry that has none of its own. Never throws on input but bad_alloc.
Listing list_archive(ByteView archive, std::string_view name, const ListLimits& limits = {});

// For the sandbox child before it locks itself in: the locale in which names are read, converters, decoders.
void warm_up();

}  // namespace okpay::attachments
