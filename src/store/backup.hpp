// SPDX-License-Identifier: Apache-2.0
// A consistent copy while the writer goes on, and the way back. A backup is a directory:
//   okpay.db      SQLite: the database, copied page by page in one read transaction; or
//   tables/NAME   PostgreSQL: each table as COPY BINARY gives it, all of one snapshot; and
//   blobs/        the sealed files that the copied rows refer to (files never change, so they are copied after the rows)
//   backup.json   engine, schema version, ledger head; written last: without it the copy is not whole.
// The master key is not in it: it is kept apart.
#pragma once

#include <filesystem>

#include "store/connection.hpp"
#include "store/files.hpp"

namespace okpay::store {

enum class BackupError : std::uint8_t {
    target_not_empty,
    not_a_backup,
    other_engine,
    newer_schema,
    cannot_write,
    blob_missing
};
std::string_view explain(BackupError error);

// `blobs`: where files lie, none on PostgreSQL. Throws StorageFailure where the database cannot be read.
[[nodiscard]] Result<void, BackupError> back_up(const Database& database, const std::optional<BlobStore>& blobs,
                                                const std::filesystem::path& target);
// Into an empty directory, or an empty PostgreSQL database.
[[nodiscard]] Result<void, BackupError> restore(const std::filesystem::path& source, const Database& database,
                                                const std::filesystem::path& data_directory);

}  // namespace okpay::store
