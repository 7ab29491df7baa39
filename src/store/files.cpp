// SPDX-License-Identifier: Apache-2.0
#include "store/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "base/clock.hpp"

namespace okpay::store {
namespace {

bool write_all(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool sync_directory(const std::filesystem::path& directory) {
    const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced;
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
}

}  // namespace

bool write_file_durably(const std::filesystem::path& path, ByteView bytes, unsigned mode) {
    const std::filesystem::path temporary = path.string() + "." + hex_of(random_octets(6)) + ".tmp";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) return false;
    const bool written = write_all(fd, bytes) && ::fsync(fd) == 0;
    const bool closed = ::close(fd) == 0;
    if (!written || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
        ::unlink(temporary.c_str());
        return false;
    }
    return sync_directory(directory_of(path));
}

std::optional<Bytes> read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    std::ostringstream all;
    all << file.rdbuf();
    return std::move(all).str();
}

Result<DataDirectory, DirectoryError> DataDirectory::own(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path / "blobs", error);
    if (error) return fail(DirectoryError::cannot_create);
    ::chmod(path.c_str(), 0700);
    const int lock = ::open((path / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return fail(DirectoryError::cannot_create);
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return fail(DirectoryError::owned_by_another_process);
    }
    return DataDirectory{path, lock};
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {}

DataDirectory::~DataDirectory() {
    if (lock_ >= 0) ::close(lock_);
}

std::filesystem::path BlobStore::path_of(std::string_view name) const {
    return root_ / std::string{name.substr(0, 2)} / std::string{name};
}

std::optional<std::string> BlobStore::put(ByteView sealed) const {
    const std::string name = hex_of(view_of(sha256(sealed)));
    const std::filesystem::path path = path_of(name);
    std::error_code error;
    const bool made = std::filesystem::create_directories(path.parent_path(), error);
    if (error || (made && !sync_directory(root_))) return std::nullopt;
    if (!write_file_durably(path, sealed, 0600)) return std::nullopt;
    return name;
}

std::optional<Bytes> BlobStore::get(std::string_view name) const {
    auto bytes = read_file(path_of(name));
    if (!bytes || hex_of(view_of(sha256(*bytes))) != name) return std::nullopt;
    return bytes;
}

}  // namespace okpay::store
