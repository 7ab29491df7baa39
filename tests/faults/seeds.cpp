// SPDX-License-Identifier: Apache-2.0
#include "seeds.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

namespace okpay::faults {

bool soaks() { return std::getenv("OKPAY_SOAK") != nullptr; }

std::vector<std::uint64_t> seeds(std::size_t fresh_sample, std::size_t fresh_soak) {
    if (const char* given = std::getenv("TEST_SEED")) return {std::strtoull(given, nullptr, 10)};
    std::vector<std::uint64_t> found;
    std::ifstream file{OKPAY_SEEDS_FILE};
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = fmt::format("{}.{}", test->test_suite_name(), test->name());
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        std::string of_test;
        std::uint64_t seed = 0;
        if (words >> of_test >> seed && of_test == name) found.push_back(seed);
    }
    std::random_device device;
    for (std::size_t i = 0; i < (soaks() ? fresh_soak : fresh_sample); ++i) found.push_back(device());
    return found;
}

}  // namespace okpay::faults
