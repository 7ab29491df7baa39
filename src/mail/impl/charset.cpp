// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/charset.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace okpay::mail {
namespace {

struct Alias {
    std::string_view label, converter;
};
// Labels whose usual content is a superset of what they name, or that ICU does not know.
constexpr std::array aliases{
    Alias{"gb2312", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"cp936", "gb18030"},
    Alias{"x-gbk", "gb18030"},
    Alias{"ms936", "gb18030"},
    Alias{"windows-936", "gb18030"},
    Alias{"gb_2312-80", "gb18030"},
    Alias{"chinese", "gb18030"},
    Alias{"csgb2312", "gb18030"},
    Alias{"x-gb2312", "gb18030"},
    Alias{"euc-cn", "gb18030"},
    Alias{"gb-2312", "gb18030"},
    Alias{"hz-gb-2312", "HZ"},
    Alias{"big5", "Big5-HKSCS"},
    Alias{"big-5", "Big5-HKSCS"},
    Alias{"x-x-big5", "Big5-HKSCS"},
    Alias{"cp950", "Big5-HKSCS"},
    Alias{"csbig5", "Big5-HKSCS"},
    Alias{"shift_jis", "ibm-943_P15A-2003"},
    Alias{"shift-jis", "ibm-943_P15A-2003"},
    Alias{"sjis", "ibm-943_P15A-2003"},
    Alias{"x-sjis", "ibm-943_P15A-2003"},
    Alias{"cp932", "ibm-943_P15A-2003"},
    Alias{"windows-31j", "ibm-943_P15A-2003"},
    Alias{"ks_c_5601-1987", "windows-949"},
    Alias{"euc-kr", "windows-949"},
    Alias{"ksc5601", "windows-949"},
    Alias{"iso-8859-1", "windows-1252"},
    Alias{"iso8859-1", "windows-1252"},
    Alias{"latin1", "windows-1252"},
    Alias{"latin-1", "windows-1252"},
    Alias{"cp1252", "windows-1252"},
    Alias{"iso-8859-9", "windows-1254"},
    Alias{"tis-620", "windows-874"},
    Alias{"utf8", "UTF-8"},
    Alias{"unicode-1-1-utf-7", "UTF-7"},
    Alias{"unicode-1-1-utf-8", "UTF-8"},
    Alias{"utf-8", "UTF-8"},
};

std::string converter_of(std::string_view label) {
    std::string name = ascii_lower(trimmed(label));
    std::erase_if(name, [](char c) { return c == '"' || c == '\'' || c == ' ' || c == '\0'; });
    if (const auto language = name.find('*'); language != std::string::npos) name.resize(language);  // RFC 2231 5
    for (const Alias& alias : aliases) {
        if (alias.label == name) return std::string{alias.converter};
    }
    return name;
}

bool says_nothing(std::string_view converter) {  // labels that mean "some octets"
    return converter.empty() || converter == "us-ascii" || converter == "ascii" || converter == "ansi_x3.4-1968" ||
           converter == "unknown-8bit" || converter == "x-unknown" || converter == "unknown" || converter == "default" ||
           converter == "binary" || converter == "default_charset" || converter == "_charset_";
}

std::string utf8_of(const std::vector<char16_t>& units, std::size_t count) {
    std::string text(count * 3, '\0');
    std::int32_t length = 0;
    UErrorCode error = U_ZERO_ERROR;
    u_strToUTF8WithSub(text.data(), static_cast<std::int32_t>(text.size()), &length, units.data(),
                       static_cast<std::int32_t>(count), 0xFFFD, nullptr, &error);
    if (U_FAILURE(error)) return {};
    text.resize(static_cast<std::size_t>(length));
    return text;
}

enum class Misfits { refused, replaced };

std::optional<std::string> convert(ByteView bytes, const std::string& converter, Misfits misfits) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, void (*)(UConverter*)> from{ucnv_open(converter.c_str(), &error), &ucnv_close};
    if (U_FAILURE(error) || from == nullptr) return std::nullopt;
    if (misfits == Misfits::refused) {
        ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    }
    std::vector<char16_t> units(bytes.size() * 2 + 16);
    const char* source = bytes.data();
    char16_t* target = units.data();
    ucnv_toUnicode(from.get(), &target, units.data() + units.size(), &source, bytes.data() + bytes.size(), nullptr, 1,
                   &error);
    if (U_FAILURE(error)) return std::nullopt;
    return utf8_of(units, static_cast<std::size_t>(target - units.data()));
}

// How many of the octets above ASCII would be characters that running text uses, in thousandths; 0 where they are no
// text of that charset. The ranges are the level-one rows of GB 2312 and Big5 and the kana and level-one kanji of JIS.
struct Likelihood {
    std::size_t common = 0, high = 0;
    [[nodiscard]] std::size_t thousandths() const { return high == 0 ? 0 : common * 1'000 / high; }
};

template <class Common>
Likelihood likelihood(ByteView bytes, Common common) {
    Likelihood result;
    const std::size_t seen = std::min<std::size_t>(bytes.size(), 16'384);
    for (std::size_t i = 0; i < seen; ++i) {
        const auto lead = static_cast<std::uint8_t>(bytes[i]);
        if (lead < 0x80) continue;
        const auto trail = i + 1 < seen ? static_cast<std::uint8_t>(bytes[i + 1]) : std::uint8_t{0};
        result.high += 2;
        if (trail >= 0x40) {
            if (common(lead, trail)) result.common += 2;
            ++i;
        }
    }
    return result;
}

Likelihood as_gb(ByteView bytes) {
    return likelihood(bytes, [](std::uint8_t lead, std::uint8_t trail) {
        return trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || lead == 0xA1 || lead == 0xA3);
    });
}
Likelihood as_big5(ByteView bytes) {
    return likelihood(bytes, [](std::uint8_t lead, std::uint8_t trail) {
        return (trail <= 0x7E || trail >= 0xA1) && ((lead >= 0xA4 && lead <= 0xC6) || lead == 0xA1);
    });
}
Likelihood as_shift_jis(ByteView bytes) {
    return likelihood(bytes, [](std::uint8_t lead, std::uint8_t trail) {
        return (lead == 0x82 && trail >= 0x9F && trail <= 0xF1) || (lead == 0x83 && trail <= 0x96) || lead == 0x81 ||
               (lead >= 0x88 && lead <= 0x97);
    });
}
Likelihood as_euc_jp(ByteView bytes) {  // kana alone: its kanji look like GB 2312
    return likelihood(bytes, [](std::uint8_t lead, std::uint8_t trail) {
        return trail >= 0xA1 && (lead == 0xA4 || lead == 0xA5 || lead == 0xA1);
    });
}

std::optional<std::string> guess(ByteView bytes) {
    if (is_utf8(bytes)) return std::string{bytes};
    struct Candidate {
        std::string converter;
        std::size_t score;
    };
    std::array candidates{
        Candidate{"gb18030", as_gb(bytes).thousandths()},
        Candidate{"Big5-HKSCS", as_big5(bytes).thousandths()},
        Candidate{"ibm-943_P15A-2003", as_shift_jis(bytes).thousandths()},
        Candidate{"EUC-JP", as_euc_jp(bytes).thousandths() * 2},
    };
    std::ranges::sort(candidates, std::greater{}, &Candidate::score);
    for (const Candidate& candidate : candidates) {
        if (candidate.score < 600) break;
        if (auto text = convert(bytes, candidate.converter, Misfits::refused)) return text;
    }
    // Mostly UTF-8 with a few broken octets keeps what is whole.
    const std::string lossy = to_utf8_lossy(bytes);
    std::size_t whole = 0, broken = 0;
    for (std::size_t i = 0; i < lossy.size(); ++i) {
        if (static_cast<std::uint8_t>(lossy[i]) < 0xC0) continue;
        if (lossy.compare(i, 3, "\xEF\xBF\xBD") == 0) ++broken;
        else ++whole;
    }
    if (whole > broken * 4) return lossy;
    for (const Candidate& candidate : candidates) {  // the same, for a charset of two octets
        if (candidate.score < 800) break;
        if (auto text = convert(bytes, candidate.converter, Misfits::replaced)) return text;
    }
    return convert(bytes, "windows-1252", Misfits::replaced);
}

// Western text has its accents one by one; a mail full of pairs under a Western label is a Chinese one that lies.
bool is_chinese_in_disguise(ByteView bytes) {
    const Likelihood gb = as_gb(bytes);
    return gb.high >= 8 && gb.thousandths() >= 950;
}

bool is_ascii(ByteView bytes) {
    return std::ranges::all_of(bytes, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

// The characters that change how text is shown or compared without being seen, and those no mail needs.
bool is_dropped(char32_t c) {
    if (c < 0x20) return c != '\n' && c != '\t';
    if (c >= 0x7F && c <= 0x9F) return true;
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200B || c == 0x2060 || c == 0xFEFF ||
           c == 0x061C || c == 0x200E || c == 0x200F;
}

std::string normalized(std::string_view utf8) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
    std::string result;
    if (U_FAILURE(error)) return std::string{utf8};
    icu::StringByteSink<std::string> sink{&result, static_cast<std::int32_t>(utf8.size())};
    nfc->normalizeUTF8(0, icu::StringPiece{utf8.data(), static_cast<std::int32_t>(utf8.size())}, sink, nullptr, error);
    return U_FAILURE(error) ? std::string{utf8} : result;
}

}  // namespace

DecodedText decode_charset(ByteView bytes, std::string_view label) {
    const std::string converter = converter_of(label);
    const bool stateful = converter.starts_with("iso-2022") || converter == "HZ" || converter.starts_with("utf-16") ||
                          converter.starts_with("utf-32") || converter == "UTF-7" || converter == "utf-7" ||
                          converter.starts_with("ucs-") || converter.starts_with("unicode");
    if (!stateful && is_ascii(bytes)) return {std::string{bytes}, false};
    if (says_nothing(converter)) {
        auto text = guess(bytes);
        return {text ? std::move(*text) : to_utf8_lossy(bytes), true};
    }
    if (converter == "UTF-8") {
        if (is_utf8(bytes)) return {std::string{bytes}, false};
    } else if (converter.starts_with("windows-125") && (is_utf8(bytes) || is_chinese_in_disguise(bytes))) {
        // falls through to the guess
    } else if (auto text = convert(bytes, converter, Misfits::refused)) {
        return {std::move(*text), false};
    }
    if (stateful) {
        if (auto text = convert(bytes, converter, Misfits::replaced)) return {std::move(*text), true};
    }
    auto text = guess(bytes);
    return {text ? std::move(*text) : to_utf8_lossy(bytes), true};
}

std::string clean_text(std::string_view utf8) {
    std::string kept;
    kept.reserve(utf8.size());
    bool ascii = true;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<std::uint8_t>(utf8[i]);
        if (lead < 0x80) {
            if (lead == '\r') {
                kept += '\n';
                if (i + 1 < utf8.size() && utf8[i + 1] == '\n') ++i;
            } else if (!is_dropped(lead)) {
                kept += utf8[i];
            }
            ++i;
            continue;
        }
        ascii = false;
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (i + length > utf8.size()) break;
        char32_t c = lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) c = (c << 6U) | (static_cast<std::uint8_t>(utf8[i + k]) & 0x3FU);
        if (c == 0x2028 || c == 0x2029 || c == 0x85) kept += '\n';
        else if (!is_dropped(c)) kept += utf8.substr(i, length);
        i += length;
    }
    return ascii ? kept : normalized(kept);
}

std::string clean_line(std::string_view utf8) {
    std::string line;
    bool gap = false;
    for (const char c : clean_text(utf8)) {
        if (c == ' ' || c == '\n' || c == '\t') {
            gap = !line.empty();
            continue;
        }
        if (gap) line += ' ';
        gap = false;
        line += c;
    }
    return line;
}

}  // namespace okpay::mail
