// SPDX-License-Identifier: Apache-2.0
#include "attachments/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>

#include "base/text.hpp"

namespace okpay::attachments {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();

struct FreeArchive {
    void operator()(archive* one) const { archive_read_free(one); }
};
using Reading = std::unique_ptr<archive, FreeArchive>;

// Formats and filters by name: none that starts another program, and none of the many that nobody sends.
Reading opened(ByteView octets, bool merely_compressed = false) {
    Reading reading{archive_read_new()};
    if (!reading) throw std::bad_alloc{};
    archive* const a = reading.get();
    if (!merely_compressed) {
        archive_read_support_format_zip(a);
        archive_read_support_format_tar(a);
        archive_read_support_format_7zip(a);
        archive_read_support_format_rar(a);
        archive_read_support_format_rar5(a);
    }
    archive_read_support_format_raw(a);  // what is merely compressed
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (archive_read_open_memory(a, octets.data(), octets.size()) != ARCHIVE_OK) reading.reset();
    return reading;
}

int format_of(archive* reading) { return archive_format(reading) & ARCHIVE_FORMAT_BASE_MASK; }

bool is_read_in_order(archive* reading) {
    const int format = format_of(reading);
    return format == ARCHIVE_FORMAT_TAR || format == ARCHIVE_FORMAT_RAW;
}

std::string_view without_compression(std::string_view name) {
    const auto slash = name.find_last_of('/');
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    const auto dot = name.find_last_of('.');
    return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string_view last_part(std::string_view path) {
    const auto slash = path.find_last_of('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

class Lister {
public:
    Lister(ByteView octets, const ListLimits& limits) : packed_octets_{octets.size()}, limits_{limits} {}

    Listing list(ByteView octets, std::string_view name) && {
        if (octets.size() > limits_.archive_octets_max) {
            found_.state = ListingState::too_large;
        } else {
            found_.state = read(octets, name, 0);
        }
        if (found_.state == ListingState::whole && found_.entries_found > found_.entries.size())
            found_.state = ListingState::cut;
        if (found_.state != ListingState::whole) found_.risks.add(Risk::not_looked_into);
        if (found_.state == ListingState::encrypted) found_.risks.add(Risk::encrypted);
        const std::uint64_t becomes = std::max(found_.unpacked_octets, unpacked_);
        if (becomes >= limits_.bomb_octets_min && becomes / bomb_ratio >= std::max<std::uint64_t>(packed_octets_, 1))
            found_.risks.add(Risk::bomb);
        if (found_.state != ListingState::whole) found_.unpacked_octets = becomes;  // what was seen come out, at least
        for (const ArchiveEntry& entry : found_.entries) found_.risks.add(entry.risks);
        return std::move(found_);
    }

private:
    ListingState read(ByteView octets, std::string_view name, std::uint8_t depth, bool merely_compressed = false) {
        const Reading reading = opened(octets, merely_compressed);
        if (!reading) return ListingState::broken;
        archive* const a = reading.get();
        const std::uint64_t found_before = found_.entries_found;
        std::uint64_t counted_before = 0;  // of what this archive has unpacked
        const auto count_unpacked = [&] {
            const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(archive_filter_bytes(a, 0), 0));
            unpacked_ += now - std::min(now, counted_before);
            counted_before = now;
            return unpacked_ <= limits_.unpacked_octets_max;
        };
        while (true) {
            archive_entry* entry = nullptr;
            const int result = archive_read_next_header(a, &entry);
            if (result == ARCHIVE_EOF) {
                if (found_.entries_found != found_before) return ListingState::whole;
                // What begins with zeros is an empty tar to libarchive, also where it is a bomb of nothing but zeros.
                if (format_of(a) == ARCHIVE_FORMAT_TAR && archive_filter_count(a) > 1 && !merely_compressed)
                    return read(octets, name, depth, true);
                return format_of(a) == ARCHIVE_FORMAT_ZIP ? ListingState::whole : ListingState::broken;
            }
            if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
                const bool nothing_said = found_.entries_found == found_before;
                return archive_read_has_encrypted_entries(a) == 1 && nothing_said ? ListingState::encrypted
                                                                                  : ListingState::broken;
            }
            const bool in_order = is_read_in_order(a);
            if (format_of(a) == ARCHIVE_FORMAT_RAW && archive_filter_count(a) < 2)
                return ListingState::broken;  // not even compressed
            if (in_order && archive_filter_count(a) > 1 && !count_unpacked()) return ListingState::cut;
            const std::optional<std::size_t> listed = note(a, entry, name, depth);
            if (found_.entries_found >= limits_.entries_counted_max) return ListingState::cut;
            const ListingState looked = look_into(a, listed, depth, count_unpacked);
            if (looked != ListingState::whole) return looked;
        }
    }

    // Where the entry stands, if it is listed still.
    std::optional<std::size_t> note(archive* a, archive_entry* from, std::string_view name, std::uint8_t depth) {
        ++found_.entries_found;
        ArchiveEntry entry{.name = {}, .depth = depth, .risks = {}};
        const char* path = archive_entry_pathname_utf8(from);
        if (path == nullptr) path = archive_entry_pathname(from);
        const ByteView said_name = path == nullptr ? ByteView{} : ByteView{path};
        ShownName shown = shown_name(said_name);
        const bool raw = format_of(a) == ARCHIVE_FORMAT_RAW;
        if (raw) shown = shown_name(without_compression(name));
        entry.name = std::move(shown.text);
        entry.is_folder = archive_entry_filetype(from) == AE_IFDIR;
        entry.size_known = archive_entry_size_is_set(from) != 0;
        const std::int64_t said = entry.size_known ? archive_entry_size(from) : 0;
        entry.size_octets = said < 0 ? most : static_cast<std::uint64_t>(said);
        entry.risks = shown.risks;
        if (!entry.is_folder) {
            // Of a name that is cut too, what counts stands at its end.
            const ByteView end = said_name.substr(said_name.size() - std::min(said_name.size(), shown_name_octets_max));
            entry.risks.add(risks_of_name(raw ? entry.name : shown_name(end).text));
        }
        if (archive_entry_is_encrypted(from) != 0) entry.risks.add(Risk::encrypted);
        if (const char* link = archive_entry_symlink(from); link != nullptr)
            if (shown_name(link).risks.has(Risk::outside_path)) entry.risks.add(Risk::outside_path);
        const std::string low = ascii_lower(last_part(entry.name));
        if (low == "vbaproject.bin") entry.risks.add(Risk::macros);
        if (depth == 0 && (entry.name == "[Content_Types].xml" || entry.name == "META-INF/manifest.xml")) {
            found_.is_office = true;
        }
        if (depth > 0 && !raw && is_archive_name(entry.name)) entry.risks.add(Risk::deeper_archive);
        found_.unpacked_octets = std::min(most, found_.unpacked_octets + std::min(entry.size_octets, most));
        if (found_.entries.size() >= limits_.entries_listed_max) {
            found_.risks.add(entry.risks);  // what is not shown is warned of all the same
            return std::nullopt;
        }
        found_.entries.push_back(std::move(entry));
        return found_.entries.size() - 1;
    }

    // Takes the octets of the entry, where they lie in the way or are an archive themselves.
    template <class Count>
    ListingState look_into(archive* a, std::optional<std::size_t> listed, std::uint8_t depth, Count& count_unpacked) {
        const bool in_order = is_read_in_order(a);
        const bool inner = depth == 0 && listed && !found_.entries[*listed].is_folder &&
                           !found_.entries[*listed].risks.has(Risk::encrypted) &&
                           is_archive_name(found_.entries[*listed].name);
        const bool fits = inner && found_.entries[*listed].size_octets <= limits_.inner_octets_max &&
                          inner_archives_ < limits_.inner_archives_max;
        if (inner && !fits) found_.entries[*listed].risks.add(Risk::not_looked_into);
        if (!in_order && !fits) return ListingState::whole;
        Bytes kept;
        bool keeps = fits;
        std::uint64_t octets = 0;
        while (true) {
            const void* block = nullptr;
            std::size_t size = 0;
            std::int64_t at = 0;
            const int result = archive_read_data_block(a, &block, &size, &at);
            if (result == ARCHIVE_EOF) break;
            if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
                if (in_order) return ListingState::broken;
                if (listed) found_.entries[*listed].risks.add(Risk::not_looked_into);
                return ListingState::whole;
            }
            octets += size;
            if (keeps && (kept.size() + size > limits_.inner_octets_max || static_cast<std::size_t>(at) != kept.size())) {
                keeps = false;  // more than it said, or with holes
                kept.clear();
            }
            if (keeps) kept.append(static_cast<const char*>(block), size);
            if (!in_order) unpacked_ += size;
            if (in_order ? !count_unpacked() : unpacked_ > limits_.unpacked_octets_max) return ListingState::cut;
        }
        if (listed && !found_.entries[*listed].size_known) {
            found_.entries[*listed].size_octets = octets;
            found_.entries[*listed].size_known = true;
            found_.unpacked_octets = std::min(most, found_.unpacked_octets + octets);
        }
        if (fits) list_inner(*listed, keeps, kept);
        return ListingState::whole;
    }

    void list_inner(std::size_t listed, bool keeps, const Bytes& octets) {
        ++inner_archives_;
        const ListingState state = keeps ? read(octets, found_.entries[listed].name, 1) : ListingState::cut;
        if (state != ListingState::whole) found_.entries[listed].risks.add(Risk::not_looked_into);
        if (state == ListingState::encrypted) found_.entries[listed].risks.add(Risk::encrypted);
    }

    std::uint64_t packed_octets_;
    const ListLimits& limits_;
    std::uint64_t unpacked_ = 0;
    std::size_t inner_archives_ = 0;
    Listing found_;
};

}  // namespace

std::string_view name_of(ListingState state) {
    switch (state) {
    case ListingState::whole: return "whole";
    case ListingState::cut: return "cut";
    case ListingState::broken: return "broken";
    case ListingState::encrypted: return "encrypted";
    case ListingState::too_large: return "too_large";
    case ListingState::unreadable: return "unreadable";
    }
    std::abort();
}

Listing list_archive(ByteView archive, std::string_view name, const ListLimits& limits) {
    return Lister{archive, limits}.list(archive, name);
}

void warm_up() {
    if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) std::setlocale(LC_CTYPE, "");
    shown_name("\xcd\xcb\xbf\xee");
    // Two entries of no octets, so that each part that loads something has done so.
    list_archive(ByteView{"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22}, "empty.zip");
}

}  // namespace okpay::attachments
