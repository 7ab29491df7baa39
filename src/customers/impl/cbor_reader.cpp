// SPDX-License-Identifier: Apache-2.0
#include "customers/impl/cbor_reader.hpp"

#include <cbor.h>

#include <limits>

namespace okpay::customers::impl {
namespace {

using Kind = CborItem::Kind;

CborItem& item_at(void* context) { return *static_cast<CborItem*>(context); }

void positive(void* context, std::uint64_t value) {
    if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return;  // stays `other`
    item_at(context) = {.kind = Kind::integer, .number = static_cast<std::int64_t>(value), .count = 0, .content = {}};
}

void negative(void* context, std::uint64_t value) {  // stands for -1 - value
    if (value >= std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return;
    item_at(context) = {.kind = Kind::integer, .number = -1 - static_cast<std::int64_t>(value), .count = 0, .content = {}};
}

void content(void* context, Kind kind, cbor_data data, std::uint64_t size) {
    item_at(context) = {.kind = kind,
                        .number = 0,
                        .count = 0,
                        .content = {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)}};
}

void container(void* context, Kind kind, std::uint64_t count) {
    if (count > static_cast<std::uint64_t>(cbor_items_max)) return;
    item_at(context) = {.kind = kind, .number = 0, .count = static_cast<std::size_t>(count), .content = {}};
}

void simple(void* context) { item_at(context) = {.kind = Kind::simple, .number = 0, .count = 0, .content = {}}; }

// What is not named here (indefinite lengths, tags, floats) leaves the item `other`.
cbor_callbacks callbacks() {
    cbor_callbacks called = cbor_empty_callbacks;
    called.uint8 = [](void* context, std::uint8_t value) { positive(context, value); };
    called.uint16 = [](void* context, std::uint16_t value) { positive(context, value); };
    called.uint32 = [](void* context, std::uint32_t value) { positive(context, value); };
    called.uint64 = [](void* context, std::uint64_t value) { positive(context, value); };
    called.negint8 = [](void* context, std::uint8_t value) { negative(context, value); };
    called.negint16 = [](void* context, std::uint16_t value) { negative(context, value); };
    called.negint32 = [](void* context, std::uint32_t value) { negative(context, value); };
    called.negint64 = [](void* context, std::uint64_t value) { negative(context, value); };
    called.byte_string = [](void* context, cbor_data data, auto size) { content(context, Kind::octets, data, size); };
    called.string = [](void* context, cbor_data data, auto size) { content(context, Kind::text, data, size); };
    called.array_start = [](void* context, auto count) { container(context, Kind::array, count); };
    called.map_start = [](void* context, auto count) { container(context, Kind::map, count); };
    called.boolean = [](void* context, bool) { simple(context); };
    called.null = simple;
    return called;
}

}  // namespace

std::optional<CborItem> CborReader::next() {
    if (read_ + left_.size() > cbor_octets_max || ++items_ > cbor_items_max) return std::nullopt;
    static const cbor_callbacks called = callbacks();
    CborItem item;
    const auto decoded =
        cbor_stream_decode(reinterpret_cast<cbor_data>(left_.data()), left_.size(), &called, static_cast<void*>(&item));
    if (decoded.status != CBOR_DECODER_FINISHED || item.kind == Kind::other) return std::nullopt;
    left_.remove_prefix(decoded.read);
    read_ += decoded.read;
    return item;
}

bool CborReader::skip() { return skip_at(1); }

bool CborReader::skip_at(int depth) {
    const auto item = next();
    if (!item) return false;
    std::size_t inside = 0;
    if (item->kind == Kind::array) inside = item->count;
    if (item->kind == Kind::map) inside = 2 * item->count;
    if (inside > 0 && depth > cbor_depth_max) return false;
    for (std::size_t i = 0; i < inside; ++i) {
        if (!skip_at(depth + 1)) return false;
    }
    return true;
}

}  // namespace okpay::customers::impl
