// SPDX-License-Identifier: Apache-2.0
// When the files of a mail are scanned for viruses, and what may be done with a file until then.
#pragma once

#include "service/books.hpp"
#include "store/file_scan_store.hpp"

namespace okpay::service {

// What could not be scanned is tried again so often, at first after this pause, then after twice as long as before.
inline constexpr std::int64_t scan_attempts_max = 6;
inline constexpr Millis scan_retry_pause{60'000};

// In the commit that files a mail with files: they are due at once, whether a scanner is configured or not.
void await_scan(Books& books, std::int64_t mail, Moment at);

// Of one file. Infected ones are never handed out, whichever mail brings them; others that were not found clean are, to who
// was warned.
struct FileVerdict {
    store::ScanState state = store::ScanState::unscanned;
    std::string found;  // as FileScan has it
};
// `scans`: those of its mail, and of the same content in other mails the infected ones.
FileVerdict verdict_of(const std::vector<store::FileScan>& scans, const Hash256& file);
// Whether the scan alone asks for a warning.
bool needs_warning(const FileVerdict& verdict, bool scanner_configured);

}  // namespace okpay::service
