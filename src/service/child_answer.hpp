// SPDX-License-Identifier: Apache-2.0
// What sandbox children of this room answer with, taken apart with care: it may be whoever sent the octets who speaks. A
// text is a u32 length and its octets, which are UTF-8; a list a u32 count and its members; a flag one octet; integers are
// big-endian. And who asks them.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "sandbox/child.hpp"

namespace okpay::service {

inline void append_text(Bytes& to, std::string_view text) {
    append_u32(to, static_cast<std::uint32_t>(text.size()));
    to += text;
}
inline void append_flag(Bytes& to, bool set) { to += set ? '\1' : '\0'; }
inline void append_texts(Bytes& to, const std::vector<std::string>& texts) {
    append_u32(to, static_cast<std::uint32_t>(texts.size()));
    for (const std::string& text : texts) append_text(to, text);
}

// Once something does not fit, everything further reads as empty.
class AnswerReader {
public:
    explicit AnswerReader(ByteView from) : from_{from} {}

    std::uint32_t number() {
        const ByteView octets = take(4);
        return failed_ ? 0 : read_u32(octets);
    }
    std::string text(std::size_t octets_max = std::numeric_limits<std::size_t>::max()) {
        const ByteView octets = take(number());
        if (octets.size() > octets_max || !is_utf8(octets)) failed_ = true;
        return failed_ ? std::string{} : std::string{octets};
    }
    std::uint8_t octet_up_to(std::uint8_t max) {
        const ByteView octet = take(1);
        if (failed_) return 0;
        const auto value = static_cast<std::uint8_t>(octet[0]);
        if (value > max) failed_ = true;
        return failed_ ? 0 : value;
    }
    std::uint64_t long_number() {
        const ByteView octets = take(8);
        return failed_ ? 0 : read_u64(octets);
    }
    Bytes octets(std::size_t count) { return Bytes{take(count)}; }  // as they are
    bool flag() { return octet_up_to(1) == 1; }
    template <class Read>
    void list(std::size_t max, Read read) {
        const std::uint32_t count = number();
        if (count > max) failed_ = true;
        for (std::uint32_t left = count; left > 0 && !failed_; --left) read();
    }
    [[nodiscard]] bool finished_well() const { return !failed_ && from_.empty(); }

private:
    ByteView take(std::size_t octets) {
        if (failed_ || octets > from_.size()) {
            failed_ = true;
            return {};
        }
        const ByteView taken = from_.substr(0, octets);
        from_.remove_prefix(octets);
        return taken;
    }
    ByteView from_;
    bool failed_ = false;
};

// Octets to a child's answer. Thread-safe; blocks for a free child, then for the answer.
using AskChild = std::function<Result<Bytes, sandbox::SandboxError>(ByteView request)>;
// Asks children that start when they are first needed.
AskChild ask_children(sandbox::ChildOptions child, std::size_t children, Millis deadline);

}  // namespace okpay::service
