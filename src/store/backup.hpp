// SPDX-License-Identifier: Apache-2.0
// A consistent copy while the writer goes on, and the way back. A backup is a directory:
//   okpay.db      SQLite: the database, copied page by page in one read transaction; or
//   tables/NAME   PostgreSQL: each table as COPY BINARY gives it, all of one snapshot; and
//   blobs/        the sealed files that the copied rows refer to (files never change, so they are copied after the rows)
//   keys.db       the objects' keys and the ring (store/key_ring.hpp), or where `keys` says: apart from the data, for with
//   old
//                 data and the newest keys nothing opens that was erased since
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
    blob_missing,
    keys_missing
};
std::string_view explain(BackupError error);

// `blobs`: where files lie, none on PostgreSQL. `keys`: the file of the keys, which is not there yet; empty: keys.db in
// `target`. Throws StorageFailure where the database cannot be read.
[[nodiscard]] Result<void, BackupError> back_up(const Database& database, const std::optional<BlobStore>& blobs,
                                                const std::filesystem::path& target, const std::filesystem::path& keys = {});
// Into an empty directory, or an empty PostgreSQL database.
[[nodiscard]] Result<void, BackupError> restore(const std::filesystem::path& source, const Database& database,
                                                const std::filesystem::path& data_directory,
                                                const std::filesystem::path& keys = {});

}  // namespace okpay::store
