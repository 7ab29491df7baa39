// SPDX-License-Identifier: Apache-2.0
#include "money/chain.hpp"

namespace okpay::money {

Hash256 chained_hash(const Hash256& previous, const Transfer& transfer) {
    constexpr char format = 1;
    Bytes row;
    row.reserve(102);
    const auto put = [&row](std::int64_t value) { append_u64(row, static_cast<std::uint64_t>(value)); };
    const auto put_u16 = [&row](std::uint16_t value) {
        row += static_cast<char>(value >> 8U);
        row += static_cast<char>(value & 255U);
    };
    row += format;
    put(transfer.seq);
    put(transfer.payment);
    row += static_cast<char>(transfer.kind);
    put_u16(static_cast<std::uint16_t>(transfer.code));
    put(number_of(transfer.debit));
    put(number_of(transfer.credit));
    put_u16(static_cast<std::uint16_t>(transfer.currency));
    put(transfer.amount);
    put(transfer.pending_seq);
    put(ms_of(transfer.at));
    put(transfer.debit_after);
    put(transfer.credit_after);
    put(transfer.debit_prev);
    put(transfer.credit_prev);
    return sha256({view_of(previous), row});
}

}  // namespace okpay::money
