// SPDX-License-Identifier: Apache-2.0
// Files that survive: the data directory with its one owner, and content-addressed blobs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/result.hpp"

namespace okpay::store {

// Temporary file, fsync, rename, fsync of the directory: after true it is there whatever happens. False leaves nothing.
[[nodiscard]] bool write_file_durably(const std::filesystem::path& path, ByteView bytes, unsigned mode);
std::optional<Bytes> read_file(const std::filesystem::path& path);

enum class DirectoryError : std::uint8_t { cannot_create, owned_by_another_process };

// One process owns a data directory, by flock on `lock` in it, until it is destroyed or dies.
class DataDirectory {
public:
    static Result<DataDirectory, DirectoryError> own(const std::filesystem::path& path);
    DataDirectory(DataDirectory&& other) noexcept;
    DataDirectory& operator=(DataDirectory&&) = delete;
    ~DataDirectory();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path database() const { return path_ / "okpay.db"; }
    [[nodiscard]] std::filesystem::path blobs() const { return path_ / "blobs"; }
    [[nodiscard]] std::filesystem::path control_socket() const { return path_ / "control.sock"; }

private:
    DataDirectory(std::filesystem::path path, int lock) : path_{std::move(path)}, lock_{lock} {}
    std::filesystem::path path_;
    int lock_;
};

// Sealed octets above `inline_octets_max`, in files named by their SHA-256 (aa/bb…). Written durably before the commit
// that refers to them; a file that no row refers to is harmless. Thread-safe.
class BlobStore {
public:
    static constexpr std::size_t inline_octets_max = 64UL * 1024;
    explicit BlobStore(std::filesystem::path root) : root_{std::move(root)} {}
    [[nodiscard]] std::optional<std::string> put(ByteView sealed) const;  // the name; none where the disk refused
    [[nodiscard]] std::optional<Bytes> get(std::string_view name) const;  // none where missing or not of that hash
    [[nodiscard]] std::filesystem::path path_of(std::string_view name) const;
    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

private:
    std::filesystem::path root_;
};

}  // namespace okpay::store
