// SPDX-License-Identifier: Apache-2.0
// Whose a path of staff is: the customers behind the request, payment or lock that it names. A member of staff who has to do
// with one of them is answered as if it were not there.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "api/api.hpp"

namespace okpay::api {

enum class SubjectKind : std::uint8_t {
    ticket,
    customer,
    remedy,
    lock,
    lock_release,
    change,
    verification,
    payment,
    account,
    correction,
    erasure,
    suppression,
    nobody,  // merchants, members of staff
};
// Of a path with a parameter, as it is routed; none: nobody has said yet whose it is.
std::optional<SubjectKind> subject_of(std::string_view path);

// The customers whom a member of staff has to do with.
class KeptFrom {
public:
    explicit KeptFrom(std::vector<customers::CustomerNo> customers = {}) : customers_{std::move(customers)} {}
    [[nodiscard]] bool empty() const { return customers_.empty(); }
    [[nodiscard]] const std::vector<customers::CustomerNo>& customers() const { return customers_; }
    [[nodiscard]] bool has(std::optional<customers::CustomerNo> customer) const {
        return customer && std::ranges::find(customers_, *customer) != customers_.end();
    }

private:
    std::vector<customers::CustomerNo> customers_;
};
awaitable<Result<KeptFrom, Problem>> kept_from(Api& api, const SignedIn& who);

// Nothing where what is named is not there: the handler says so.
awaitable<Result<std::vector<customers::CustomerNo>, Problem>> customers_behind(Api& api, SubjectKind kind,
                                                                                std::string name);

}  // namespace okpay::api
