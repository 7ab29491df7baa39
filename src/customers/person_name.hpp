// SPDX-License-Identifier: Apache-2.0
// Whether two writings may be one person's name: "Wáng Xiǎomíng", "王小明", "XIAOMING WANG" and "WANG<<XIAOMING<<<".
//
//   Forgiven   order, case, diacritics, hyphens and blanks, the transliterations of ICAO 9303 (Ü as U, UE or UXX), Pinyin of
//              Chinese characters with or without borders of syllables, fillers of a machine-readable zone read as K, S, C,
//              E or X.
//   Not        a part that is missing on one side: that is `part`. What is spelt otherwise is `different`: of Chinese
//              characters a character may be read in two ways, so there a person looks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace okpay::customers {

enum class NameMatch : std::uint8_t { same, part, different };

// `zone` is the name field of a machine-readable zone, or any other writing.
NameMatch compare_names(std::string_view stated, std::string_view zone);

// In Latin capitals, as compared: "Zoë Müller" is {"ZOE"}, {"MULLER", "MUELLER", "MUXXLLER"}; each part with its readings.
std::vector<std::vector<std::string>> latin_parts(std::string_view name);

}  // namespace okpay::customers
