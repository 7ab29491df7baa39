// SPDX-License-Identifier: Apache-2.0
#include "api/client_rates.hpp"

#include <cstdlib>

namespace okpay::api {

using std::chrono::minutes;

ClientRates::Rate ClientRates::rate_of(ClientAct act) {
    switch (act) {
    case ClientAct::sign_in: return {.most = 50, .window = minutes{15}};  // wrong ones
    case ClientAct::sign_up: return {.most = 10, .window = minutes{60}};
    case ClientAct::new_password: return {.most = 20, .window = minutes{60}};
    case ClientAct::follow_link: return {.most = 60, .window = minutes{60}};
    case ClientAct::check_mail: return {.most = 30, .window = minutes{10}};
    case ClientAct::rate_article: return {.most = 30, .window = minutes{60}};
    case ClientAct::sign_on: return {.most = 60, .window = minutes{10}};  // each asks the provider; an office is one address
    }
    std::abort();
}

std::string ClientRates::key_of(ClientAct act, std::string_view client) {
    return static_cast<char>('0' + static_cast<int>(act)) + std::string{client};
}

std::optional<Moment> ClientRates::take(ClientAct act, std::string_view client, Moment now) {
    const Rate rate = rate_of(act);
    if (tallies_.size() >= clients_max) {
        std::erase_if(tallies_, [now](const auto& entry) { return entry.second.ends <= now; });
        if (tallies_.size() >= clients_max) tallies_.clear();  // a flood: what it cost is a few more tries
    }
    Tally& tally = tallies_[key_of(act, client)];
    if (tally.ends <= now) tally = Tally{.count = 0, .ends = now + rate.window};
    if (tally.count >= rate.most) return tally.ends;
    ++tally.count;
    return std::nullopt;
}

void ClientRates::give_back(ClientAct act, std::string_view client) {
    const auto found = tallies_.find(key_of(act, client));
    if (found != tallies_.end() && found->second.count > 0) --found->second.count;
}

}  // namespace okpay::api
