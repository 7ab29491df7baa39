// SPDX-License-Identifier: Apache-2.0
// `admin check`: the policy that the domain shows to those who send to it (MTA-STS).
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "server/check_report.hpp"
#include "server/mail_policy.hpp"

namespace okpay::server {
namespace {

constexpr std::uint16_t https_port = 443;
constexpr unsigned status_ok = 200;

// As senders fetch it: over TLS with a certificate for the name, and no redirect is followed.
Result<std::string, std::string> fetched(const std::string& host, const std::string& address) {
    const auto trust = net::client_tls(net::PeerCheck::certificate_and_name);
    if (!trust) return fail(std::string{net::explain(trust.error())});
    asio::io_context io;
    Result<std::string, std::string> policy = fail(std::string{"it did not answer"});
    asio::co_spawn(
        io,
        [&]() -> net::awaitable<void> {
            net::HttpClient client{{.peer = net::Endpoint::tcp(address, https_port),
                                    .host = host,
                                    .tls = *trust,
                                    .response_octets_max = mail::sts_policy_octets_max}};
            const auto answer = co_await client.get(std::string{mail::sts_policy_path});
            if (!answer) {
                policy = fail(std::string{answer.error() == net::HttpError::not_sent
                                              ? "nobody answers there over TLS with a good certificate for the name"
                                              : net::explain(answer.error())});
            } else if (answer->status != status_ok) {
                policy = fail(fmt::format("it answers {}", answer->status));
            } else {
                policy = answer->body;
            }
        },
        asio::detached);
    io.run();
    return policy;
}

}  // namespace

void check_sts(const Options& options, const StsFacts& facts, CheckReport& report) {
    const mail::StsPolicy policy = sts_policy_of(options);
    const std::string name = mail::sts_record_name(options.domain), host = mail::sts_policy_host(options.domain);
    if (policy.mode == mail::StsMode::none) {
        if (mail::sts_id_of(facts.records)) {
            report.fail("mta_sts", name + " says that there is a policy, and --mta-sts shows none",
                        "set --mta-sts, or take the record away once the policy said none for as long as others keep it");
        } else {
            report.warn("mta_sts", "nobody is told to deliver over TLS only: who stands between can read mail to the domain",
                        "set --mta-sts testing and --mta-sts-hosts, later enforce (docs/mail.md)");
        }
        return;
    }
    for (const Bytes& exchange : facts.exchanges) {
        if (mail::takes_mail(policy, exchange)) continue;
        report.fail("mta_sts", fmt::format("the policy leaves out {}, an MX host of the domain", exchange),
                    "add it to --mta-sts-hosts: who keeps the policy delivers nothing to it");
        return;
    }
    const std::string record = mail::sts_record(policy);
    const std::string publish = fmt::format("publish: {}. IN TXT \"{}\"", name, record);
    const auto id = mail::sts_id_of(facts.records);
    if (!id) {
        report.fail("mta_sts", facts.records.empty() ? name + " is not published" : name + " is not one good record",
                    publish);
        return;
    }
    if (const std::vector<std::string> ours{record}; id != mail::sts_id_of(ours)) {
        report.fail("mta_sts", name + " names another policy than the one that is served: others keep the old one", publish);
        return;
    }
    if (facts.at.empty()) {
        report.fail("mta_sts", host + " has no address: nobody can fetch the policy",
                    "let it lead to where --public-url leads, with a certificate for it too");
        return;
    }
    const auto served = fetched(host, facts.at.front());
    if (!served) {
        report.fail("mta_sts", fmt::format("https://{}{}: {}", host, mail::sts_policy_path, served.error()),
                    "let it lead to this website, by a certificate for that name, without a redirect");
    } else if (mail::parse_sts_policy(*served) != policy) {
        report.fail("mta_sts", fmt::format("https://{}{} shows another policy than --mta-sts", host, mail::sts_policy_path),
                    "let it lead to this website; was the server started again since?");
    } else {
        report.ok("mta_sts", fmt::format("who sends to {} is told: {}, by {}", options.domain, mail::name_of(policy.mode),
                                         fmt::join(policy.hosts, ", ")));
    }
}

}  // namespace okpay::server
