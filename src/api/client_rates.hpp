// SPDX-License-Identifier: Apache-2.0
// What one client may do within a while, whoever it says it is. In memory: a restart or another node forgets it; what must
// hold for good (tries at an account, letters to an address) is counted by the writer. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/moment.hpp"

namespace okpay::api {

enum class ClientAct : std::uint8_t { sign_in, sign_up, new_password, follow_link, check_mail, rate_article, sign_on };

class ClientRates {
public:
    struct Rate {
        int most;
        std::chrono::minutes window;
    };
    static Rate rate_of(ClientAct act);
    // Counts it; not to be done, and not counted, until the moment that is answered, if one is.
    std::optional<Moment> take(ClientAct act, std::string_view client, Moment now);
    void give_back(ClientAct act, std::string_view client);  // it was right: many people may share an address

    static constexpr std::size_t clients_max = 20'000;

private:
    struct Tally {
        int count = 0;
        Moment ends;
    };
    static std::string key_of(ClientAct act, std::string_view client);
    std::unordered_map<std::string, Tally> tallies_;
};

}  // namespace okpay::api
