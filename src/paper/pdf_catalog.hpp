// SPDX-License-Identifier: Apache-2.0
// Inside paper: what Cairo cannot write into a PDF's catalog.
#pragma once

#include <string>
#include <string_view>

namespace okpay::paper {

// Says the language of the document (ISO 32000-1, 14.9.2) and that its title is shown instead of the file's name, in an
// incremental update (7.5.6) behind the given octets. What is not built as Cairo builds it stays as it is.
std::string with_language(std::string pdf, std::string_view bcp47);

}  // namespace okpay::paper
