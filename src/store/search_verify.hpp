// SPDX-License-Identifier: Apache-2.0
// Proves the full-text index, which is no book: its faults say what to do. That it is not ahead of the books, that every
// block can be read, and of a sample that each term leads to it. That it is behind, or not there yet, is no fault.
#pragma once

#include "store/verify.hpp"

namespace okpay::store {

// Beside a serving process too. Throws StorageFailure where one of the two cannot be reached.
CheckReport check_search_index(const Database& books, const Database& index);

}  // namespace okpay::store
