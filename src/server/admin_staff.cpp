// SPDX-License-Identifier: Apache-2.0
// `admin staff`: who joins, who leaves, who begins anew.
#include <iostream>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "server/command_door.hpp"
#include "server/verbs.hpp"
#include "service/service.hpp"

namespace okpay::server {
namespace {

constexpr std::chrono::hours enrol_link_lasts{48};

// The link opens nothing before another administrator has said yes, where that is needed.
void print_link(const Options& options, const std::string& token, const std::string& email, const service::Answer& answer) {
    const std::string url = options.public_url.empty() ? "http://localhost:8080" : options.public_url;
    std::cout << url << "/console/enrol#" << token << "\n";
    std::cerr << "This link works once, within 48 hours. Send it to " << email << " over a channel that you trust.\n";
    if (answer.text == "waiting") {
        std::cerr
            << "An administrator has to approve " << email
            << " first: there is one, and this role approves what others propose. Until then the link opens nothing.\n";
    }
}

}  // namespace

int add_staff(const Options& options, const std::string& email, const std::string& role) {
    const std::string token = base32_of(random_octets(20));
    int status = 0;
    const auto answer = done_by_door(options,
                                     service::AddStaff{fresh_id<StaffId>().text(), email, role,
                                                       hex_of(view_of(sha256(token))), ms_of(now() + enrol_link_lasts)},
                                     status);
    if (answer) print_link(options, token, email, *answer);
    return status;
}

int switch_off_staff(const Options& options, const std::string& email, const std::string& reason) {
    int status = 0;
    if (done_by_door(options, service::SwitchOffStaff{.staff = email, .reason = reason, .totp_code = ""}, status))
        std::cout << email << " is out: every session has ended, and what they had in hand is given back\n";
    return status;
}

int invite_staff_again(const Options& options, const std::string& email) {
    const std::string token = base32_of(random_octets(20));
    int status = 0;
    const auto answer =
        done_by_door(options,
                     service::InviteStaffAgain{email, hex_of(view_of(sha256(token))), ms_of(now() + enrol_link_lasts)},
                     status);
    if (answer) print_link(options, token, email, *answer);
    return status;
}

}  // namespace okpay::server
