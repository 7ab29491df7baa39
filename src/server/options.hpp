// SPDX-License-Identifier: Apache-2.0
// What `okpay serve` and its sisters are told: by the command line, the environment (OKPAY_…) and a TOML file, in this
// order of precedence. An unknown key of the file is an error that names the line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/connection.hpp"

namespace CLI {
class App;
}

namespace okpay::server {

struct Options {
    std::string data = "./okpay-data";
    std::string database = "sqlite";
    std::string key_file;  // empty: DIR.key, made at the first start
    std::string http = "127.0.0.1:8080";
    std::string smtp = "127.0.0.1:2525";
    std::string lmtp;      // empty: no LMTP
    std::string content_http, content_url;
    std::string cluster = "127.0.0.1:0";  // where other nodes hand over commands; PostgreSQL only
    std::string domain = "okpay.example";
    std::string reply_domain;  // empty: the domain
    std::vector<std::string> aliases{"help", "billing"};
    std::string public_url;
    std::vector<std::string> sign_up_currencies;  // a wallet each for who signs up; empty: only staff register customers
    std::string tls_cert, tls_key;
    std::string smtp_relay;
    std::string smtp_relay_tls = "opportunistic";
    std::string outbox;
    std::string sms_directory;  // where each short message is written as a file; empty: DATA/sms
    std::string sms_gateway, sms_gateway_token_file;  // URL of a provider instead; its token
    std::int64_t short_messages_per_hour = 1'000;
    std::string dns;
    std::string mta_sts = "none";            // none, testing, enforce
    std::vector<std::string> mta_sts_hosts;  // that take the domain's mail
    std::string trusted_authserv_id;
    std::string clamav;  // where clamd listens; empty: files are not scanned for viruses
    std::vector<std::string> trusted_arc_sealers;  // domains whose word on what they forward is believed
    std::vector<std::string> trusted_proxies;
    std::string web_root;
    std::string rail;  // none, sandbox; empty: sandbox for the demonstration world, else none
    bool test_clock = false;  // the clock can be moved: of a demonstration's or a new directory alone
    std::string log_level = "info";
    std::int64_t fee_basis_points = 60;
    std::string triage_model;  // file of `okpay triage train`; empty: the one that comes with the program
    std::string tariff;  // file of fees and limits; empty: the flat fee alone
    std::int64_t new_staff_waits_hours = 24;
    std::string alone_owner;  // told of what one person approves alone; empty: two persons always
    std::int64_t automatic_mails_per_hour = 10'000;
    std::int64_t new_factor_waits_hours = 24;
    std::int64_t contact_hold_hours = 48;
    std::int64_t possible_duplicate_seconds = 120;  // 0: nobody is asked
    std::string calendar;                           // file of working hours; empty: calendar_of's own
    std::string risk_rules;                         // file; empty: those built in; "none": nothing is judged
    std::vector<std::string> automatic_refunds;     // automatic_refunds.hpp; empty: none is made without a person
    std::vector<std::string> incident_refunds;      // the same; empty: each refund of an incident is approved by itself
    std::string sign_on;                            // file of the staff's provider; empty: passwords
    std::string mailboxes;                          // file of hosted mailboxes that are fetched; empty: none

    [[nodiscard]] std::filesystem::path data_directory() const { return data; }
    [[nodiscard]] std::filesystem::path key_path() const;
    [[nodiscard]] store::Database store_database() const;  // throws UsageError for one that is neither engine
};

// Wrong usage: exit status 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Adds the options that a verb understands.
void add_data_options(CLI::App& app, Options& options);   // data, database, key file
void add_serve_options(CLI::App& app, Options& options);  // all others

// The words of the command line with those of the file and the environment before them, so that the later win. Throws
// UsageError that names the line of a key that no verb understands; keys of `serve` alone are passed over.
std::vector<std::string> with_file_and_environment(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace okpay::server
