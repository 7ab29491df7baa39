// SPDX-License-Identifier: Apache-2.0
#include "net/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <array>

namespace okpay::net {
namespace {

const TrustedProxies proxies =
    TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8", "192.0.2.77/24", "2001:db8:1::/48", "::1", "unix"}).value();

struct ClientCase {
    std::string_view name, peer, forwarded_for, want;
};
class Client : public ::testing::TestWithParam<ClientCase> {};

TEST_P(Client, is_who_the_last_trusted_one_saw) {
    EXPECT_EQ(proxies.client(GetParam().peer, GetParam().forwarded_for), GetParam().want);
}

constexpr std::array client_cases{
    ClientCase{"no proxy", "203.0.113.7", "", "203.0.113.7"},
    ClientCase{"a stranger writes the field himself", "203.0.113.7", "198.51.100.1", "203.0.113.7"},
    ClientCase{"one proxy", "127.0.0.1", "203.0.113.7", "203.0.113.7"},
    ClientCase{"what the client wrote is never reached", "127.0.0.1", "10.0.0.9, 8.8.8.8, 203.0.113.7", "203.0.113.7"},
    ClientCase{"two proxies", "127.0.0.1", "8.8.8.8, 203.0.113.7, 10.1.2.3", "203.0.113.7"},
    ClientCase{"all of them proxies", "127.0.0.1", "10.1.2.3", "10.1.2.3"},
    ClientCase{"a network written by a host of it", "192.0.2.9", "203.0.113.7", "203.0.113.7"},
    ClientCase{"next to a network", "192.0.3.1", "203.0.113.7", "192.0.3.1"},
    ClientCase{"version 6", "::1", "2001:db8:2::7", "2001:db8:2::7"},
    ClientCase{"version 6 network", "2001:db8:1:ffff::1", "2001:db8:2::7", "2001:db8:2::7"},
    ClientCase{"version 4 on a socket for both", "::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"},
    ClientCase{"with a port", "127.0.0.1", "203.0.113.7:4711", "203.0.113.7"},
    ClientCase{"version 6 with a port", "127.0.0.1", "[2001:db8:2::7]:4711", "2001:db8:2::7"},
    ClientCase{"no address", "127.0.0.1", "203.0.113.7, unknown", "127.0.0.1"},
    ClientCase{"a bracket left open", "127.0.0.1", "[2001:db8:2::7", "127.0.0.1"},
    ClientCase{"an empty entry", "127.0.0.1", "203.0.113.7, ", "127.0.0.1"},
    ClientCase{"a unix socket", "", "203.0.113.7", "203.0.113.7"},
};
INSTANTIATE_TEST_SUITE_P(Cases, Client, ::testing::ValuesIn(client_cases), [](const auto& given) {
    std::string name{given.param.name};
    for (char& c : name)
        if (c == ' ') c = '_';
    return name;
});

TEST(TrustedProxies, are_nobody_unless_named) {
    EXPECT_EQ(TrustedProxies{}.client("127.0.0.1", "203.0.113.7"), "127.0.0.1");
    EXPECT_EQ(TrustedProxies{}.client("", "203.0.113.7"), "");
}

TEST(TrustedProxies, look_at_so_many_entries) {
    std::string chain = "203.0.113.7";
    for (int i = 0; i < TrustedProxies::entries_max; ++i) chain += ", 10.0.0.1";
    EXPECT_EQ(proxies.client("127.0.0.1", chain), "10.0.0.1");
    EXPECT_EQ(proxies.client("127.0.0.1", chain.substr(0, chain.rfind(','))), "203.0.113.7");
}

TEST(TrustedProxies, that_are_no_address_are_named) {
    for (const char* bad : {"localhost", "10.0.0.0/33", "10.0.0", "2001:db8::/129", "", "10.0.0.0/"}) {
        const auto parsed = TrustedProxies::parse({"10.0.0.1", bad});
        ASSERT_FALSE(parsed.has_value()) << bad;
        EXPECT_EQ(parsed.error(), bad);
    }
}

}  // namespace
}  // namespace okpay::net
