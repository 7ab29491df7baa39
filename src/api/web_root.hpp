// SPDX-License-Identifier: Apache-2.0
// The built pages, read once at start and kept in memory: what is asked for is looked up by its name, so no path can
// leave the folder. Links in the folder are not followed.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "api/http.hpp"

namespace okpay::api {

class WebRoot {
public:
    static constexpr std::uintmax_t octets_max = 64UL * 1024 * 1024;  // of all files; what is beyond is left out and logged

    static WebRoot load(const std::filesystem::path& folder);  // a missing folder: no pages, and home says what to do

    // "/assets/x.js"; nothing where there is no such file.
    [[nodiscard]] std::optional<Response> file(const Request& request, std::string_view path) const;
    [[nodiscard]] bool empty() const { return files_.empty(); }

private:
    struct File {
        std::string content_type, etag, body;
        bool immutable;  // its name holds a hash of its content
    };
    std::map<std::string, File, std::less<>> files_;
};

// A page that says that the pages are not built.
Response not_built_page();

}  // namespace okpay::api
