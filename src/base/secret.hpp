// SPDX-License-Identifier: Apache-2.0
// A token, key or password: never printed, compared in constant time, and opened through one searchable door.
#pragma once

#include <ostream>
#include <string>
#include <utility>

#include "base/bytes.hpp"

namespace okpay {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_{std::move(value)} {}
    [[nodiscard]] const std::string& reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }
    friend bool operator==(const Secret& a, const Secret& b) { return equal_in_constant_time(a.value_, b.value_); }
    friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

private:
    std::string value_;
};

}  // namespace okpay
