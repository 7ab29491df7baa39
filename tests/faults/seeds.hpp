// SPDX-License-Identifier: Apache-2.0
// Where a test gets its seeds: TEST_SEED alone; else those that once failed it, then fresh ones.
#pragma once

#include <cstdint>
#include <vector>

namespace okpay::faults {

bool soaks();  // OKPAY_SOAK is set: hours are fine

// Of the test that runs now. The caller shows the seed where it fails.
std::vector<std::uint64_t> seeds(std::size_t fresh_sample, std::size_t fresh_soak);

}  // namespace okpay::faults
