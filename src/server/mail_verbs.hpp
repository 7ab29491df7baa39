// SPDX-License-Identifier: Apache-2.0
// The verbs about mail beside `serve`: `import`, `admin dkim`, `admin check`. Each answers the exit status.
#pragma once

#include <string>
#include <vector>

#include "server/options.hpp"

namespace CLI {
class App;
}

namespace okpay::server {

// Adds the verbs; what they do sets `status`. Those that log are answered.
std::vector<CLI::App*> add_mail_verbs(CLI::App& app, CLI::App& admin, Options& options, int& status);

struct DkimOptions {
    std::string selector;
    std::string algorithm = "rsa";
    int rsa_bits = 2'048;
    bool json = false;
};
int add_dkim_key(const Options& options, const DkimOptions& dkim);
int list_dkim_keys(const Options& options, const DkimOptions& dkim);
int retire_dkim_key(const Options& options, const DkimOptions& dkim);

// Proves the configuration, a line each; 1 where something failed.
int check_configuration(const Options& options, bool as_json);

struct ImportOptions {
    std::vector<std::string> paths;
    std::string format = "auto";  // mbox, maildir, eml, auto, faq
    std::string mailbox;          // what it is called in the requests; empty: by the names of the files
    bool json = false;
};
int import_mail(const Options& options, const ImportOptions& import);

}  // namespace okpay::server
