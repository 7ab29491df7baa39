// SPDX-License-Identifier: Apache-2.0
#include "api/web_root.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

struct Kind {
    std::string_view extension, content_type;
};
constexpr std::array content_types{
    Kind{".html", "text/html; charset=utf-8"},
    Kind{".js", "text/javascript; charset=utf-8"},
    Kind{".css", "text/css; charset=utf-8"},
    Kind{".svg", "image/svg+xml"},
    Kind{".png", "image/png"},
    Kind{".ico", "image/x-icon"},
    Kind{".woff2", "font/woff2"},
    Kind{".json", "application/json"},
    Kind{".txt", "text/plain; charset=utf-8"},
    Kind{".webmanifest", "application/manifest+json"},
};

std::string_view content_type_of(const std::filesystem::path& path) {
    const std::string extension = ascii_lower(path.extension().string());
    const auto found = std::ranges::find(content_types, std::string_view{extension}, &Kind::extension);
    return found != content_types.end() ? found->content_type : "application/octet-stream";
}

bool names(std::string_view if_none_match, std::string_view etag) {
    for (const std::string_view one : split(if_none_match, ',')) {
        std::string_view tag = trimmed(one);
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag || tag == "*") return true;
    }
    return false;
}

}  // namespace

WebRoot WebRoot::load(const std::filesystem::path& folder) {
    WebRoot root;
    std::error_code error;
    std::uintmax_t total = 0;
    if (folder.empty()) return root;
    for (std::filesystem::recursive_directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
        if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
        total += at->file_size(error);
        if (error || total > octets_max) {
            spdlog::warn("the web pages are larger than {} octets; the rest is not served", octets_max);
            break;
        }
        std::ifstream stream{at->path(), std::ios::binary};
        std::string body{std::istreambuf_iterator<char>{stream}, {}};
        const std::string name = "/" + at->path().lexically_relative(folder).generic_string();
        std::string etag = fmt::format("\"{}\"", hex_of(view_of(sha256(body)).substr(0, 16)));
        root.files_.insert_or_assign(name, File{.content_type = std::string{content_type_of(at->path())},
                                                .etag = std::move(etag),
                                                .body = std::move(body),
                                                .immutable = name.starts_with("/assets/")});
    }
    return root;
}

std::optional<Response> WebRoot::file(const Request& request, std::string_view path) const {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::nullopt;
    const File& file = found->second;
    Response response{.status = 200, .content_type = file.content_type, .body = "", .headers = {}};
    if (names(request.header("If-None-Match"), file.etag)) response.status = 304;
    else response.body = file.body;
    response.with("ETag", file.etag);
    response.with("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    return response;
}

Response not_built_page() {
    Response response{.status = 503, .content_type = "text/html; charset=utf-8", .body = "", .headers = {}};
    response.body =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>OKPay</title>"
        "<h1>The pages are not built</h1><p>Run <code>make build</code> and start again. The API works: see "
        "<a href=\"/api/docs\">its document</a>.</p></html>";
    response.with("Cache-Control", "no-store");
    return response;
}

}  // namespace okpay::api
