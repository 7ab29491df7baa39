// SPDX-License-Identifier: Apache-2.0
#include "mailroom/outbox_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "base/ensure.hpp"

namespace okpay::mailroom {
namespace {

class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags) : number_{::open(path.c_str(), flags | O_CLOEXEC, 0640)} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

bool write_all(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

OutboxError error_of(int number) {
    return number == ENOSPC || number == EDQUOT ? OutboxError::no_room : OutboxError::not_writable;
}

Result<void, OutboxError> write_synced(const std::filesystem::path& path, ByteView bytes) {
    const Descriptor file{path, O_WRONLY | O_CREAT | O_TRUNC};
    if (!file.is_open() || !write_all(file.number(), bytes)) return fail(error_of(errno));
    if (::fsync(file.number()) != 0) return fail(OutboxError::not_synced);
    return {};
}

}  // namespace

std::string_view explain(OutboxError error) {
    switch (error) {
    case OutboxError::not_writable: return "the outbox directory cannot be written to";
    case OutboxError::no_room: return "the outbox directory has no room left";
    case OutboxError::not_synced: return "the outbox directory cannot be synced to disk";
    }
    std::abort();
}

Result<void, OutboxError> write_to_outbox(const std::filesystem::path& directory, std::string_view name, ByteView bytes) {
    ensure(!name.empty() && !name.contains('/') && !name.starts_with('.'));
    const auto path = directory / (std::string{name} + ".eml");
    const auto beside = directory / ("." + std::string{name} + ".part");
    std::error_code error;
    if (std::filesystem::exists(path, error)) return {};
    const auto written = write_synced(beside, bytes);
    if (!written || ::rename(beside.c_str(), path.c_str()) != 0) {
        const auto reason = written ? error_of(errno) : written.error();
        std::filesystem::remove(beside, error);
        return fail(reason);
    }
    const Descriptor folder{directory, O_RDONLY | O_DIRECTORY};
    if (!folder.is_open() || ::fsync(folder.number()) != 0) return fail(OutboxError::not_synced);
    return {};
}

}  // namespace okpay::mailroom
