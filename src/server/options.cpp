// SPDX-License-Identifier: Apache-2.0
#include "server/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/text.hpp"
#include "customers/change.hpp"

namespace okpay::server {
namespace {

std::string dashed(std::string name) {
    std::ranges::replace(name, '_', '-');
    return name;
}

std::string text_of(const toml::node& node, std::string_view key, const std::string& file) {
    if (const auto text = node.value<std::string>(); text && node.is_string()) return *text;
    if (const auto number = node.value<std::int64_t>(); number && node.is_integer()) return std::to_string(*number);
    if (const auto flag = node.value<bool>(); flag && node.is_boolean()) return *flag ? "true" : "false";
    throw UsageError{fmt::format("{}:{}: {} must be a text, a whole number, true, false, or a list of texts", file,
                                 node.source().begin.line, key)};
}

// One file serves all verbs: what only `serve` understands is no mistake where another verb reads it.
bool is_key_of_serve(const std::string& name) {
    Options unused;
    CLI::App serve;
    add_data_options(serve, unused);
    add_serve_options(serve, unused);
    return serve.get_option_no_throw(name) != nullptr;
}

void append_file(std::vector<std::string>& words, const CLI::App& app, const std::string& file) {
    toml::table table;
    try {
        table = toml::parse_file(file);
    } catch (const toml::parse_error& error) {
        throw UsageError{fmt::format("{}:{}: {}", file, error.source().begin.line, std::string{error.description()})};
    }
    for (const auto& [key, node] : table) {
        const std::string name = "--" + dashed(std::string{key.str()});
        if (app.get_option_no_throw(name) == nullptr) {
            if (is_key_of_serve(name)) continue;
            throw UsageError{fmt::format("{}:{}: unknown key \"{}\"; `okpay serve --help` lists the keys", file,
                                         key.source().begin.line, std::string{key.str()})};
        }
        if (const auto* list = node.as_array()) {
            for (const toml::node& element : *list) words.push_back(name + "=" + text_of(element, key.str(), file));
        } else {
            words.push_back(name + "=" + text_of(node, key.str(), file));
        }
    }
}

}  // namespace

std::filesystem::path Options::key_path() const {
    if (!key_file.empty()) return key_file;
    std::filesystem::path path = std::filesystem::path{data}.lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return path.string() + ".key";
}

store::Database Options::store_database() const {
    if (database == "sqlite") return {store::Engine::sqlite, (data_directory() / "okpay.db").string()};
    if (database.starts_with("postgresql://") || database.starts_with("postgres://"))
        return {store::Engine::postgres, database};
    throw UsageError{fmt::format("--database {}: write sqlite or postgresql://…", database)};
}

void add_data_options(CLI::App& app, Options& options) {
    app.add_option("--config", "TOML file with any of these options")->expected(1);
    app.add_option("--data", options.data, "Data directory")->capture_default_str()->take_last();
    app.add_option("--database", options.database, "sqlite, or postgresql://…")->capture_default_str()->take_last();
    app.add_option("--key-file", options.key_file, "File of the master key (default: DIR.key beside the data directory)")
        ->take_last();
    app.add_option("--log-level", options.log_level, "debug, info, warn or error")->capture_default_str()->take_last();
}

void add_serve_options(CLI::App& app, Options& options) {
    app.add_option("--http", options.http, "HOST:PORT of website and API")->capture_default_str()->take_last();
    app.add_option("--smtp", options.smtp, "HOST:PORT that takes mail; empty for none")->capture_default_str()->take_last();
    app.add_option("--lmtp", options.lmtp, "HOST:PORT or unix:PATH that takes mail from a mail server")->take_last();
    app.add_option("--mailboxes", options.mailboxes,
                   "TOML file of hosted mailboxes that are fetched by IMAP (docs/mailboxes.md)")
        ->take_last();
    app.add_option("--sign-on", options.sign_on, "TOML file of the provider where staff sign in (docs/sign-on.md)")
        ->take_last();
    app.add_option("--content-http", options.content_http,
                   "HOST:PORT of the other origin, for the content of mails (default: any free port of --http's host)")
        ->take_last();
    app.add_option("--content-url", options.content_url,
                   "URL under which browsers reach it (default: the website's host and this port); best a host of its own")
        ->take_last();
    app.add_option("--cluster", options.cluster, "HOST:PORT where other nodes on the same PostgreSQL hand over commands")
        ->capture_default_str()
        ->take_last();
    app.add_option("--domain", options.domain, "Mail domain of the support address")->capture_default_str()->take_last();
    app.add_option("--reply-domain", options.reply_domain, "Mail domain of ticket addresses (default: the domain)")
        ->take_last();
    app.add_option("--aliases", options.aliases, "Further names of the support address")->capture_default_str();
    app.add_option("--public-url", options.public_url, "URL under which people reach the website")->take_last();
    app.add_option("--sign-up-currencies", options.sign_up_currencies,
                   "Let people open an account by themselves, with a wallet in each of these, \"CNY USD\"; without it only "
                   "staff register customers");
    app.add_option("--tls-cert", options.tls_cert, "Certificate chain (PEM)")->take_last();
    app.add_option("--tls-key", options.tls_key, "Its private key (PEM)")->take_last();
    app.add_option("--smtp-relay", options.smtp_relay, "HOST:PORT of the smart host for outgoing mail")->take_last();
    app.add_option("--smtp-relay-tls", options.smtp_relay_tls, "none, opportunistic or required")
        ->capture_default_str()
        ->take_last();
    app.add_option("--outbox", options.outbox, "Directory where each outgoing mail is also written as a file")->take_last();
    app.add_option("--sms-directory", options.sms_directory,
                   "Directory where each short message is written as a file (default: sms in the data directory)")
        ->take_last();
    app.add_option("--sms-gateway", options.sms_gateway,
                   "https URL of a gateway that each short message is posted to instead (docs/short-messages.md)")
        ->take_last();
    app.add_option("--sms-gateway-token-file", options.sms_gateway_token_file, "File of the token that the gateway asks for")
        ->take_last();
    app.add_option("--short-messages-per-hour", options.short_messages_per_hour,
                   "More than these of the whole house are not sent: codes are refused, news go by mail alone")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}))
        ->take_last();
    app.add_option(
           "--dns", options.dns,
           "HOST:PORT of the DNS server that is asked who really sent a mail (SPF, DKIM, DMARC), or \"system\"; without it "
           "no sender is proven by the DNS")
        ->take_last();
    app.add_option(
           "--clamav", options.clamav,
           "HOST:PORT or unix:PATH of ClamAV's clamd, which scans the files of mails for viruses; without it none is "
           "scanned")
        ->take_last();
    app.add_option("--trusted-authserv-id", options.trusted_authserv_id,
                   "Host whose topmost Authentication-Results field is believed")
        ->take_last();
    app.add_option("--trusted-arc-sealers", options.trusted_arc_sealers,
                   "Domains of forwarders whose ARC seal on what they passed on is believed");
    app.add_option("--trusted-proxies", options.trusted_proxies,
                   "Reverse proxies whose X-Forwarded-For is believed: addresses, networks like 10.0.0.0/8, or unix");
    app.add_option("--web-root", options.web_root, "Directory of the built web pages")->take_last();
    app.add_option("--rail", options.rail, "Bank for top-ups and withdrawals: none, or sandbox (for trying things out)")
        ->check(CLI::IsMember({"none", "sandbox"}));
    app.add_flag(
        "--test-clock", options.test_clock,
        "Let administrators move the clock ahead (POST /api/v1/test-clock): for tests, on demonstration or new data");
    app.add_option("--tariff", options.tariff, "TOML file of fees and limits (docs/tariff.md)");
    app.add_option("--fee-basis-points", options.fee_basis_points, "Fee of a merchant payment, 60 is 0.60 %")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000))
        ->take_last();
    app.add_option("--possible-duplicate-seconds", options.possible_duplicate_seconds,
                   "How long the same payment without an order reference is asked about; 0: never")
        ->capture_default_str()
        ->check(CLI::Range(0, 8 * 3600))
        ->take_last();
    app.add_option("--automatic-refunds", options.automatic_refunds,
                   "Caps for double charges that the ledger proves: \"CNY 200.00 500.00 5000.00\", per refund, per customer "
                   "and 30 days, per day; without it a person decides each");
    app.add_option("--triage-model", options.triage_model, "Read mail by this model, made by `okpay triage train`");
    app.add_option("--incident-refunds", options.incident_refunds,
                   "Caps for refunds of one incident that one code approves together: \"CNY 200.00 5000.00\", per refund, "
                   "in one approval; without it each is approved by itself");
    app.add_option(
           "--calendar", options.calendar,
           "File of the desk's working hours and holidays (docs/calendar.md), by which \"within 2 working days\" in a "
           "reply is reckoned; without it Monday to Friday, 09:00 to 18:00, in the zone of the machine")
        ->take_last();
    app.add_option("--risk-rules", options.risk_rules,
                   "TOML file of the rules by which sign-ins and movements are judged; none: nothing is judged")
        ->take_last();
    app.add_option("--new-factor-waits-hours", options.new_factor_waits_hours,
                   "After a change of what a customer signs in with, before money goes to a new bank account")
        ->capture_default_str()
        ->check(CLI::Range(0, 24 * 30))
        ->take_last();
    app.add_option("--new-staff-waits-hours", options.new_staff_waits_hours, "Before new staff may approve")
        ->capture_default_str()
        ->check(CLI::Range(0, 24 * 30))
        ->take_last();
    app.add_option("--mta-sts", options.mta_sts,
                   "What the domain tells those who send to it (RFC 8461): enforce, to deliver over TLS with a good "
                   "certificate or not at all; testing; none")
        ->capture_default_str()
        ->check(CLI::IsMember({"none", "testing", "enforce"}))
        ->take_last();
    app.add_option("--mta-sts-hosts", options.mta_sts_hosts, "Hosts of the domain's MX records, for --mta-sts")
        ->delimiter(',');
    app.add_option("--may-approve-alone", options.alone_owner,
                   "Mail address of the owner of a house of one person: who proposed a refund may approve it 24 hours later "
                   "while nobody else is enrolled who could, and the owner is told of both; without it two persons always")
        ->take_last();
    app.add_option("--automatic-mails-per-hour", options.automatic_mails_per_hour,
                   "More automatic mail than this within an hour is held back until a supervisor lets it go")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
        ->take_last();
    app.add_option("--contact-hold-hours", options.contact_hold_hours,
                   "Between a new mail address proving itself and its standing; money to new places waits as long")
        ->capture_default_str()
        ->check(CLI::Range(customers::contact_hold_min.count(), customers::contact_hold_max.count()))
        ->take_last();
}

std::vector<std::string> with_file_and_environment(const CLI::App& app, const std::vector<std::string>& words) {
    std::string file;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].starts_with("--config=")) file = words[i].substr(9);
        if (words[i] == "--config" && i + 1 < words.size()) file = words[i + 1];
    }
    if (const char* value = std::getenv("OKPAY_CONFIG"); file.empty() && value != nullptr) file = value;
    std::vector<std::string> all;
    if (!file.empty()) append_file(all, app, file);
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_lnames().empty()) continue;
        const std::string name = option->get_lnames().front();
        std::string variable = "OKPAY_" + name;
        for (char& c : variable) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (const char* value = std::getenv(variable.c_str()); value != nullptr && name != "config" && name != "help") {
            all.push_back("--" + name + "=" + value);
        }
    }
    all.insert(all.end(), words.begin(), words.end());
    return all;
}

}  // namespace okpay::server
