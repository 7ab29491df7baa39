// SPDX-License-Identifier: Apache-2.0
#include "customers/access.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>

#include <array>

namespace okpay::customers {
namespace {

struct Mark {
    std::string_view in_agent, name;
};
// The first that fits: the more particular stands before what it pretends to be.
constexpr std::array browsers{
    Mark{"MicroMessenger", "WeChat"},
    Mark{"AlipayClient", "Alipay"},
    Mark{"SamsungBrowser", "Samsung Internet"},
    Mark{"EdgA/", "Edge"},
    Mark{"EdgiOS/", "Edge"},
    Mark{"Edg/", "Edge"},
    Mark{"OPR/", "Opera"},
    Mark{"FxiOS/", "Firefox"},
    Mark{"Firefox/", "Firefox"},
    Mark{"CriOS/", "Chrome"},
    Mark{"Chrome/", "Chrome"},
    Mark{"Safari/", "Safari"},
};
constexpr std::array systems{
    Mark{"iPhone", "iPhone"},   Mark{"iPad", "iPad"},     Mark{"HarmonyOS", "HarmonyOS"}, Mark{"Android", "Android"},
    Mark{"Windows", "Windows"}, Mark{"CrOS", "ChromeOS"}, Mark{"Macintosh", "macOS"},     Mark{"Linux", "Linux"},
};

template <std::size_t N>
std::string_view name_in(std::string_view agent, const std::array<Mark, N>& marks) {
    for (const Mark& mark : marks) {
        if (agent.find(mark.in_agent) != std::string_view::npos) return mark.name;
    }
    return {};
}

using Groups = std::array<unsigned, 8>;
std::optional<Groups> groups_of(std::string_view address) {
    std::array<unsigned char, 16> octets{};
    if (::inet_pton(AF_INET6, std::string{address}.c_str(), octets.data()) != 1) return std::nullopt;
    Groups groups{};
    for (std::size_t i = 0; i < groups.size(); ++i) groups.at(i) = octets.at(2 * i) * 256U + octets.at(2 * i + 1);
    return groups;
}

// "::ffff:192.0.2.1" is an IPv4 client of a socket that takes both.
std::string_view unmapped(std::string_view address) {
    constexpr std::string_view prefix = "::ffff:";
    if (address.starts_with(prefix) && address.find('.') != std::string_view::npos) return address.substr(prefix.size());
    return address;
}

}  // namespace

std::optional<Moment> take_try(SignInTries& tries, bool known_device, Moment now) {
    if (known_device && tries.devices < device_tries_max) {
        ++tries.devices;
        return std::nullopt;
    }
    if (tries.blocked_until > now) return tries.blocked_until;
    if (tries.strangers >= stranger_tries_max) return now + stranger_blocked_for;
    ++tries.strangers;
    if (tries.strangers % stranger_tries_a_block == 0) tries.blocked_until = now + stranger_blocked_for;
    return std::nullopt;
}

void forgive(SignInTries& tries, bool known_device) {
    tries.strangers = 0;
    tries.devices = 0;
    if (!known_device) tries.blocked_until = Moment{};
}

std::string device_words(std::string_view user_agent) {
    const std::string_view browser = name_in(user_agent, browsers);
    const std::string_view system = name_in(user_agent, systems);
    if (browser.empty() && system.empty()) return {};
    if (system.empty()) return std::string{browser};
    return fmt::format("{} on {}", browser.empty() ? "Browser" : browser, system);
}

std::string shortened_address(std::string_view address) {
    const std::string_view plain = unmapped(address);
    if (const auto groups = groups_of(plain)) {
        return fmt::format("{:x}:{:x}:{:x}::x", groups->at(0), groups->at(1), groups->at(2));
    }
    const auto dot = plain.rfind('.');
    return dot == std::string_view::npos ? std::string{} : std::string{plain.substr(0, dot)} + ".x";
}

std::string client_of_address(std::string_view address) {
    const std::string_view plain = unmapped(address);
    if (const auto groups = groups_of(plain)) {
        return fmt::format("{:x}:{:x}:{:x}:{:x}::/64", groups->at(0), groups->at(1), groups->at(2), groups->at(3));
    }
    return std::string{plain};
}

}  // namespace okpay::customers
