// SPDX-License-Identifier: Apache-2.0
// What is dangerous about a file, by its name and its content, and names of entries made fit to be shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "attachments/file_type.hpp"
#include "base/bytes.hpp"

namespace okpay::attachments {

enum class Risk : std::uint8_t {
    program = 0,            // runs when it is opened
    script = 1,             // likewise, in words
    shortcut = 2,           // leads elsewhere when it is opened
    macros = 3,             // an office document that holds programs
    web_page = 4,           // opens in the browser, where it may look like our pages
    double_extension = 5,   // "invoice.pdf.exe"
    hidden_characters = 6,  // the name held control characters or ones that turn the direction of reading
    outside_path = 7,       // an entry that would be written outside of where the archive is unpacked
    encrypted = 8,          // nobody sees what is in it, a virus scanner neither
    deeper_archive = 9,     // an archive in an archive in an archive: not looked into
    bomb = 10,              // becomes very large when it is unpacked
    other_type = 11,        // the name says another kind than the content is
    not_looked_into = 12,   // an archive that could not be listed whole
};
inline constexpr auto last_risk = Risk::not_looked_into;
std::string_view name_of(Risk risk);  // "double_extension"

class Risks {
public:
    static constexpr std::uint32_t all_bits = (1U << (static_cast<unsigned>(last_risk) + 1)) - 1;

    constexpr Risks() = default;
    static constexpr Risks of_bits(std::uint32_t bits) {  // bits of no risk are dropped
        Risks risks;
        risks.bits_ = bits & all_bits;
        return risks;
    }
    constexpr void add(Risk risk) { bits_ |= 1U << static_cast<unsigned>(risk); }
    constexpr void add(Risks other) { bits_ |= other.bits_; }
    [[nodiscard]] constexpr bool has(Risk risk) const { return (bits_ >> static_cast<unsigned>(risk) & 1U) != 0; }
    [[nodiscard]] constexpr bool none() const { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
    [[nodiscard]] std::vector<Risk> list() const;
    friend constexpr bool operator==(Risks, Risks) = default;

private:
    std::uint32_t bits_ = 0;
};

inline constexpr std::size_t shown_name_octets_max = 255;

struct ShownName {
    std::string text;  // UTF-8, one line, no control or invisible characters; with "/" between folders; may be empty
    Risks risks;       // hidden_characters, outside_path
    friend bool operator==(const ShownName&, const ShownName&) = default;
};
// A path in an archive: UTF-8, or else GB 18030 as Windows in Chinese writes it. "../" and a leading "/" or "C:" are kept,
// so that a person sees them. Cut at `octets_max`.
ShownName shown_name(ByteView raw, std::size_t octets_max = shown_name_octets_max);

// By the last part of a path alone.
Risks risks_of_name(std::string_view name);
// By name and content. Of old office documents the whole content is searched for macros, and for a password.
Risks risks_of_file(std::string_view name, FileType type, ByteView content);
// Whether the name is that of a document of an office program of today, which is an archive by its format.
bool is_office_name(std::string_view name);
// Whether the name is that of an archive, to be looked into once more.
bool is_archive_name(std::string_view name);

}  // namespace okpay::attachments
