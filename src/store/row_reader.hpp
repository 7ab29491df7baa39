// SPDX-License-Identifier: Apache-2.0
// Reads a row from left to right, so that a long SELECT list and its struct stay in step without column numbers.
#pragma once

#include <optional>
#include <string>

#include "base/hash.hpp"
#include "base/moment.hpp"
#include "store/connection.hpp"

namespace okpay::store {

class RowReader {
public:
    explicit RowReader(const Row& row) : row_{row} {}
    std::int64_t integer() { return row_.integer(column_++); }
    bool flag() { return integer() != 0; }
    Moment moment() { return moment_of_ms(integer()); }
    std::string text() { return row_.string(column_++); }
    template <class Enum>
    Enum as() {
        return static_cast<Enum>(integer());
    }
    template <class IdType>
    IdType id() {
        const auto id = IdType::of_bytes(row_.text(column_++));
        if (!id) throw StorageFailure{StorageFault::corrupt, "a stored id has not 16 octets"};
        return *id;
    }
    Hash256 hash() {
        const auto hash = hash_of(row_.text(column_++));
        if (!hash) throw StorageFailure{StorageFault::corrupt, "a stored hash has not 32 octets"};
        return *hash;
    }
    std::optional<std::int64_t> maybe_integer() { return row_.maybe_integer(column_++); }
    std::optional<Moment> maybe_moment() {
        const auto ms = maybe_integer();
        return ms ? std::optional{moment_of_ms(*ms)} : std::nullopt;
    }
    std::optional<std::string> maybe_text() {
        const int column = column_++;
        return row_.is_null(column) ? std::nullopt : std::optional{row_.string(column)};
    }
    template <class No>
    std::optional<No> maybe_no() {
        const auto value = maybe_integer();
        return value ? std::optional{No{*value}} : std::nullopt;
    }

private:
    const Row& row_;
    int column_ = 0;
};

// The other way: values as parameters.
template <class No>
Value no_or_null(const std::optional<No>& no) {
    if (!no) return nullptr;
    return static_cast<std::int64_t>(*no);
}
inline Value moment_or_null(const std::optional<Moment>& moment) {
    if (!moment) return nullptr;
    return ms_of(*moment);
}
template <class Enum>
std::int64_t stored(Enum value) {
    return static_cast<std::int64_t>(value);
}

}  // namespace okpay::store
