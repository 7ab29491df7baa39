// SPDX-License-Identifier: Apache-2.0
#include "telephony/file_way_out.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "base/ensure.hpp"
#include "store/files.hpp"
#include "store/phone_store.hpp"

namespace okpay::telephony {
namespace {

constexpr unsigned for_its_owner = 0600;
constexpr std::chrono::minutes half_written_kept{5};

WayOutAnswer write(const std::filesystem::path& directory, const OutgoingText& text) {
    const std::string name = text.key + ".json";
    std::error_code error;
    for (const auto& path : {directory / name, directory / "taken" / name}) {
        if (std::filesystem::exists(path, error)) return {.word = WayOutWord::sent, .detail = "was written before"};
    }
    const boost::json::object file{{"key", text.key}, {"to", text.number}, {"text", text.text}};
    if (!store::write_file_durably(directory / name, boost::json::serialize(file) + "\n", for_its_owner)) {
        return {.word = WayOutWord::later, .detail = "the directory of short messages cannot be written to"};
    }
    return {.word = WayOutWord::sent, .detail = "written as a file"};
}

// "<id>.json.<hex>.tmp", as store::write_file_durably() names what it writes beside. The directory may be a shared one: what
// others keep there is theirs.
bool is_half_written(const std::filesystem::path& path) {
    const std::string name = path.filename();
    const auto dot = name.find('.');
    if (dot == std::string::npos || !store::ShortMessageId::parse(name.substr(0, dot))) return false;
    std::string_view rest = std::string_view{name}.substr(dot);
    if (!rest.starts_with(".json.") || !rest.ends_with(".tmp")) return false;
    rest.remove_prefix(6);
    rest.remove_suffix(std::min<std::size_t>(rest.size(), 4));
    return !rest.empty() && rest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Another node may be writing one at this moment.
bool is_older_than_any_write(const std::filesystem::path& path) {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(path, error);
    return !error && written < std::filesystem::file_time_type::clock::now() - half_written_kept;
}

net::awaitable<WayOutAnswer> write_on_this_thread(std::filesystem::path directory, OutgoingText text) {
    co_return write(directory, text);
}

}  // namespace

std::string_view name_of(WayOutWord word) {
    switch (word) {
    case WayOutWord::sent: return "sent";
    case WayOutWord::refused: return "refused";
    case WayOutWord::later: return "later";
    case WayOutWord::uncertain: return "uncertain";
    }
    std::abort();
}

FileWayOut::FileWayOut(std::filesystem::path directory) : directory_{std::move(directory)} {
    std::error_code error;
    // What a kill left half written carries a code, and nobody will come for it.
    std::vector<std::filesystem::path> left;
    for (const auto& entry : std::filesystem::directory_iterator{directory_, error}) {
        if (is_half_written(entry.path()) && is_older_than_any_write(entry.path())) left.push_back(entry.path());
    }
    for (const auto& path : left) std::filesystem::remove(path, error);
}

FileWayOut::~FileWayOut() = default;

net::awaitable<WayOutAnswer> FileWayOut::send(OutgoingText text) {
    ensure(!text.key.empty() && !text.key.contains('/') && !text.key.starts_with('.'));  // ours: an id
    auto writing = write_on_this_thread(directory_, std::move(text));
    co_return co_await asio::co_spawn(disk_, std::move(writing), asio::use_awaitable);
}

}  // namespace okpay::telephony
