// SPDX-License-Identifier: Apache-2.0
#include "api/qr_code.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace okpay::api {

std::optional<std::string> qr_svg(std::string_view text) {
    constexpr int quiet_modules = 4;
    if (text.empty()) return std::nullopt;
    const std::string octets{text};
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
        QRcode_encodeData(static_cast<int>(octets.size()), reinterpret_cast<const unsigned char*>(octets.data()), 0,
                          QR_ECLEVEL_M),
        &QRcode_free};
    if (code == nullptr) return std::nullopt;
    const int width = code->width;
    const auto dark = [&](int x, int y) { return (code->data[y * width + x] & 1U) != 0; };
    std::string path;
    for (int y = 0; y < width; ++y) {
        for (int x = 0; x < width;) {
            if (!dark(x, y)) {
                ++x;
                continue;
            }
            const int start = x;
            while (x < width && dark(x, y)) ++x;
            path += fmt::format("M{} {}h{}v1h-{}z", start + quiet_modules, y + quiet_modules, x - start, x - start);
        }
    }
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">"
        "<path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/><path d=\"{1}\"/></svg>\n",
        width + 2 * quiet_modules, path);
}

}  // namespace okpay::api
