// SPDX-License-Identifier: Apache-2.0
// Inside `admin check`: what was found, a line each, and the questions that its parts share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/endpoint.hpp"
#include "server/options.hpp"
#include "store/dkim_store.hpp"

namespace okpay::server {

enum class Verdict : std::uint8_t { ok, warn, fail };

struct CheckLine {
    std::string check;   // a stable code
    Verdict verdict;
    std::string text;    // what was found, one plain sentence
    std::string advice;  // what to do; empty where it is ok
};

class CheckReport {
public:
    void ok(std::string check, std::string text) { add({std::move(check), Verdict::ok, std::move(text), ""}); }
    void warn(std::string check, std::string text, std::string advice) {
        add({std::move(check), Verdict::warn, std::move(text), std::move(advice)});
    }
    void fail(std::string check, std::string text, std::string advice) {
        add({std::move(check), Verdict::fail, std::move(text), std::move(advice)});
    }
    [[nodiscard]] const std::vector<CheckLine>& lines() const { return lines_; }
    [[nodiscard]] bool failed() const;

private:
    void add(CheckLine line) { lines_.push_back(std::move(line)); }
    std::vector<CheckLine> lines_;
};

// Keys of DKIM that sign now; none where the data are not there yet.
void check_this_machine(const Options& options, CheckReport& report, std::vector<store::DkimKeyRow>& keys);
void check_certificate(const Options& options, CheckReport& report);
void check_mail_of_domain(const Options& options, const std::vector<store::DkimKeyRow>& keys, CheckReport& report);

// Whether others find the policy of --mta-sts and can keep it. `exchanges`: hosts of the domain's MX records; `records`: TXT
// at mail::sts_record_name; `at`: addresses of mail::sts_policy_host.
struct StsFacts {
    std::vector<Bytes> exchanges, records;
    std::vector<std::string> at;
};
void check_sts(const Options& options, const StsFacts& facts, CheckReport& report);

// Signs in to each hosted mailbox and opens its folder; nothing of it is changed.
void check_mailboxes(const Options& options, CheckReport& report);

// Whether the provider of sign-ons answers as it must.
void check_sign_on(const Options& options, CheckReport& report);

// Lines of a text protocol over a fresh connection, within seconds. Blocking.
class Probe {
public:
    static std::optional<Probe> connect(const net::Endpoint& at);
    Probe(Probe&& other) noexcept;
    Probe& operator=(Probe&&) = delete;
    ~Probe();
    bool say(std::string_view line);  // CRLF is added
    std::optional<std::string> line();  // without its end; none at the end, after the time, or where it is too long

private:
    explicit Probe(int socket) : socket_{socket} {}
    int socket_;
    std::string pending_;
};

}  // namespace okpay::server
