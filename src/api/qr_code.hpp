// SPDX-License-Identifier: Apache-2.0
// A text as a QR code (ISO/IEC 18004), drawn as SVG: dark on light whatever the page, with the quiet zone of four modules
// that the standard asks for, correction level M. The picture stands alone: no script, no style, no reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okpay::api {

// Nothing where the text does not fit in a code (2,331 octets).
std::optional<std::string> qr_svg(std::string_view text);

}  // namespace okpay::api
