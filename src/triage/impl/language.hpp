// SPDX-License-Identifier: Apache-2.0
// The language to answer in, as a BCP 47 tag. Han without kana is Chinese; its script is told by the characters that only
// one of the two has. Latin text is told by its commonest words, and is English where they do not say.
#pragma once

#include <string>
#include <string_view>

namespace okpay::triage {

std::string language_of(std::string_view text);

}  // namespace okpay::triage
