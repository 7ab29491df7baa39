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
    std::string model;               // file; empty is the shipped one
    bool explain = false;            // the words that carried each decision
};
int triage_messages(const TriageOptions& options);

struct TrainOptions {
    std::vector<std::string> files;     // in the notation of triage/training.hpp
    std::vector<std::string> labelled;  // category, tab, text a line
    bool from_desk = false;             // and what the desk corrected, beside the shipped text where no file is named
    std::string out;
};
int train_triage(const Options& data, const TrainOptions& options);

struct VerifyOptions {
    bool json = false;
    std::string head;  // SEQ:HASH
};
int verify_data(const Options& options, const VerifyOptions& verify);

int back_up_data(const Options& options, const std::string& target, const std::string& keys);
int restore_data(const Options& options, const std::string& source, const std::string& keys);

// PostgreSQL: the schema brought up to date by its owner, and the rights of the serving role (store/roles.hpp).
int migrate_as_owner(const Options& options, const std::string& owner_url);

// `admin keys`: a new master key, and whether the one there is opens everything.
int rotate_keys(const Options& options);
struct KeysOptions {
    bool json = false;
};
int check_keys(const Options& options, const KeysOptions& keys);

// `admin person`: a copy of everything, legal holds, erasure. CUSTOMER is an id or a mail address.
struct PersonOptions {
    std::string customer, reason;
    std::string out;  // a file, or a directory: then originals (mails, files handed in) are written too
};
int export_person(const Options& options, const PersonOptions& person);
int hold_person(const Options& options, const PersonOptions& person, bool release);
int erase_person(const Options& options, const PersonOptions& person);
int relate_staff(const Options& options, const std::string& email, const std::string& customer, const std::string& relation);

// `admin search rebuild`: the full-text index, read again from the beginning, also beside a serving process.
int rebuild_search(const Options& options);

int add_staff(const Options& options, const std::string& email, const std::string& role);
int switch_off_staff(const Options& options, const std::string& email, const std::string& reason);
int invite_staff_again(const Options& options, const std::string& email);

struct BenchOptions {
    std::string what;  // ledger, http, mail, duplicates, triage, search, desk
    double seconds = 5;
    std::vector<std::int64_t> in_flight{1, 64, 1'024};
    std::int64_t customers = 10'000, merchants = 200;
    std::uint64_t seed = 1;
    bool zipf = false;      // customers too; merchants always
    std::int64_t fill = 0;  // ledger: payments stored before it is measured
    std::int64_t tickets = 100'000;  // search and desk: each with four messages
};
int bench(const Options& options, const BenchOptions& bench);

}  // namespace okpay::server
