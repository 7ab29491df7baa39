// SPDX-License-Identifier: Apache-2.0
// The verbs beside `serve` and `demo`. Each answers the exit status: 0 done, 1 the check or the work failed, 75 try again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/options.hpp"

namespace okpay::server {

struct TriageOptions {
    std::vector<std::string> files;  // "-" is standard input
    std::string text;                // file of one short text a line, or "-"
    std::string at;                  // RFC 3339; the moment of short texts
};
int triage_messages(const TriageOptions& options);

struct VerifyOptions {
    bool json = false;
    std::string head;  // SEQ:HASH
};
int verify_data(const Options& options, const VerifyOptions& verify);

int back_up_data(const Options& options, const std::string& target);
int restore_data(const Options& options, const std::string& source);

int add_staff(const Options& options, const std::string& email, const std::string& role);

struct BenchOptions {
    std::string what;  // ledger, http, mail, duplicates
    double seconds = 5;
    std::vector<std::int64_t> in_flight{1, 64, 1'024};
    std::int64_t customers = 10'000, merchants = 200;
    std::uint64_t seed = 1;
    bool zipf = false;      // customers too; merchants always
    std::int64_t fill = 0;  // ledger: payments stored before it is measured
};
int bench(const Options& options, const BenchOptions& bench);

}  // namespace okpay::server
