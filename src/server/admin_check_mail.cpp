// SPDX-License-Identifier: Apache-2.0
// `admin check`, what others see of us: the DNS of the domain, the relay, the certificate.
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <future>
#include <memory>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "mail/dmarc.hpp"
#include "mail/key_record.hpp"
#include "mail/mta_sts.hpp"
#include "mail/spf.hpp"
#include "net/dns_resolver.hpp"
#include "net/tls.hpp"
#include "server/check_report.hpp"
#include "server/website.hpp"

namespace okpay::server {
namespace {

constexpr Millis dns_deadline{10'000};
constexpr std::size_t exchanges_checked_max = 10;
constexpr std::chrono::hours certificate_warns{24 * 21};

using mail::IpAddress;

// Asks and waits; a judgement is asked again until it misses nothing.
class Dns {
public:
    explicit Dns(std::unique_ptr<net::DnsResolver> resolver) : resolver_{std::move(resolver)} {}

    DnsAnswer ask(const std::string& name, DnsType type) {
        ask_all({{name, type}});
        return facts_.at({name, type});
    }
    template <class Judge>
    auto settle(Judge judge) {
        while (true) {
            mail::DnsView view{facts_};
            auto verdict = judge(view);
            if (verdict) return *std::move(verdict);
            ask_all(view.wanted());
        }
    }
    std::vector<IpAddress> addresses_of(const std::string& host) {
        if (const auto literal = IpAddress::parse(host)) return {*literal};
        if (host == "localhost") return {*IpAddress::parse("127.0.0.1")};
        std::vector<IpAddress> addresses;
        for (const DnsType type : {DnsType::a, DnsType::aaaa}) {
            for (const Bytes& record : ask(host, type).records) {
                IpAddress address{.octets = {}, .is_v6 = type == DnsType::aaaa};
                std::ranges::copy(record, address.octets.begin());
                addresses.push_back(address);
            }
        }
        return addresses;
    }

private:
    void ask_all(std::vector<DnsQuestion> questions) {
        std::erase_if(questions, [this](const DnsQuestion& one) { return facts_.contains(one); });
        auto promise = std::make_shared<std::promise<std::vector<DnsAnswer>>>();
        auto future = promise->get_future();
        resolver_->ask(questions, dns_deadline,
                       [promise](std::vector<DnsAnswer> answers) { promise->set_value(std::move(answers)); });
        std::vector<DnsAnswer> answers = future.get();
        for (std::size_t i = 0; i < questions.size(); ++i) facts_[questions[i]] = std::move(answers[i]);
    }

    std::unique_ptr<net::DnsResolver> resolver_;
    mail::DnsFacts facts_;
};

std::string text_of(const IpAddress& address) {
    if (!address.is_v6) {
        return fmt::format("{}.{}.{}.{}", address.octets[0], address.octets[1], address.octets[2], address.octets[3]);
    }
    std::string text;
    for (std::size_t i = 0; i < 16; i += 2)
        text += fmt::format("{}{:x}", i == 0 ? "" : ":", unsigned{address.octets[i]} << 8U | address.octets[i + 1]);
    return text;
}

std::string reverse_name_of(const IpAddress& address) {
    std::string name;
    if (!address.is_v6) {
        for (std::size_t i = 4; i-- > 0;) name += fmt::format("{}.", address.octets[i]);
        return name + "in-addr.arpa";
    }
    for (std::size_t i = 16; i-- > 0;) name += fmt::format("{:x}.{:x}.", address.octets[i] & 15U, address.octets[i] >> 4U);
    return name + "ip6.arpa";
}

bool is_of_this_machine(const IpAddress& address) {
    if (!address.is_v6) return address.octets[0] == 127;
    return std::ranges::count(address.octets, 0) == 15 && address.octets[15] == 1;
}

std::string joined(const std::vector<Bytes>& names) {
    std::string text;
    for (const Bytes& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

class DomainCheck {
public:
    DomainCheck(const Options& options, Dns dns, CheckReport& report)
        : options_{options}, domain_{ascii_lower(options.domain)}, dns_{std::move(dns)}, report_{report} {
        const auto relay = net::Endpoint::parse(options.smtp_relay);
        if (relay && !relay->is_unix()) {
            relay_host_ = relay->host();
            leaves_from_ = dns_.addresses_of(relay->host());
        }
    }

    void run(const std::vector<store::DkimKeyRow>& keys) {
        if (!check_exchanges()) return;  // without a DNS all else would only say the same again
        check_spf();
        check_dkim(keys);
        check_dmarc();
        check_reverse_names();
        check_policy();
    }

private:
    bool silent(std::string_view check, const DnsAnswer& answer, std::string_view name) {
        if (!is_temporary(answer.status)) return false;
        report_.fail(std::string{check}, fmt::format("the DNS server gave no answer about {}", name),
                     "is --dns right, and does the server answer this machine?");
        return true;
    }

    bool check_exchanges() {
        const DnsAnswer answer = dns_.ask(domain_, DnsType::mx);
        if (silent("mx", answer, domain_)) return false;
        if (answer.records.empty()) {
            report_.fail("mx", fmt::format("{} has no MX record: nobody can write to support@{}", domain_, domain_),
                         fmt::format("publish: {}. IN MX 10 HOST. with the name of the host that takes your mail", domain_));
            return true;
        }
        std::vector<Bytes> lost;
        for (const Bytes& host : std::span{answer.records}.first(std::min(answer.records.size(), exchanges_checked_max))) {
            const auto addresses = dns_.addresses_of(host);
            if (addresses.empty()) lost.push_back(host);
            exchange_addresses_.insert(exchange_addresses_.end(), addresses.begin(), addresses.end());
        }
        if (lost.empty()) {
            report_.ok("mx", fmt::format("mail for {} goes to {}", domain_, joined(answer.records)));
        } else {
            report_.fail("mx", fmt::format("mail for {} goes to {}, which has no address", domain_, joined(lost)),
                         "publish an A or AAAA record for it, or take it out of the MX records");
        }
        return true;
    }

    void check_spf() {
        const DnsAnswer answer = dns_.ask(domain_, DnsType::txt);
        if (silent("spf", answer, domain_)) return;
        const bool is_there = std::ranges::any_of(answer.records, [](const Bytes& text) {
            return text == "v=spf1" || text.starts_with("v=spf1 ");
        });
        if (!is_there) {
            report_.fail("spf", fmt::format("{} has no SPF record: others will take your mail for forged", domain_),
                         fmt::format("publish: {}. IN TXT \"v=spf1 a:HOST -all\" with the host that your mail leaves from",
                                     domain_));
            return;
        }
        if (leaves_from_.empty()) {
            report_.warn("spf", fmt::format("{} has an SPF record, and where mail leaves from is not known", domain_),
                         "set --smtp-relay, then check again");
            return;
        }
        for (const IpAddress& from : leaves_from_) {
            const auto verdict = dns_.settle([&](mail::DnsView& view) {
                return mail::judge_spf({.client = from, .helo = domain_, .mail_from = "support@" + domain_}, view);
            });
            if (verdict.outcome == mail::Outcome::pass) continue;
            const std::string text = fmt::format("the SPF record of {} says {}{} of {}, where mail leaves from", domain_,
                                                 mail::name_of(verdict.outcome),
                                                 verdict.why.empty() ? "" : " (" + verdict.why + ")", text_of(from));
            const bool broken = verdict.outcome == mail::Outcome::permerror;
            if (is_of_this_machine(from) && !broken) {
                report_.warn("spf", text, "the relay is on this machine: what counts is the address that it sends from");
            } else {
                report_.fail("spf", text,
                             broken ? "correct the record"
                                    : fmt::format("add ip{}:{} to it", from.is_v6 ? 6 : 4, text_of(from)));
            }
            return;
        }
        report_.ok("spf", fmt::format("the SPF record of {} includes where mail leaves from", domain_));
    }

    void check_dkim(const std::vector<store::DkimKeyRow>& keys) {
        if (keys.empty()) {
            report_.warn("dkim", "no key signs the mail that leaves",
                         "okpay admin dkim add SELECTOR, and publish what it prints");
        }
        for (const store::DkimKeyRow& key : keys) {
            const std::string check = "dkim_" + key.selector;
            const std::string name = mail::dkim_record_name(key.selector, key.domain);
            const DnsAnswer answer = dns_.ask(name, DnsType::txt);
            if (silent(check, answer, name)) continue;
            const std::string record = mail::dkim_record(key.algorithm, key.public_key);
            const std::string publish =
                fmt::format("publish it as `okpay admin dkim list` prints it: {} is signed with it", domain_);
            if (answer.records.empty()) {
                report_.fail(check, name + " is not published", publish);
                continue;
            }
            // The verifier's own judgement: a mail of a moment ago, signed with a key whose public part is this record's.
            const auto matches = [&](const Bytes& text) { return mail::publishes_key(text, key.algorithm, key.public_key); };
            if (answer.records.size() > 1) {
                report_.fail(check, fmt::format("{} has {} records: receivers read none", name, answer.records.size()),
                             "leave one of them");
            } else if (matches(answer.records.front())) {
                report_.ok(check,
                           fmt::format("{} is the key that signs ({} bits {})", name,
                                       mail::dkim_key_bits(key.algorithm, key.public_key), mail::name_of(key.algorithm)));
            } else {
                report_.fail(check, name + " is another key than the one that signs, or is in testing", publish);
            }
        }
    }

    void check_dmarc() {
        const auto finding = dns_.settle([&](mail::DnsView& view) { return mail::find_dmarc(domain_, view); });
        if (finding.temporary) {
            report_.fail("dmarc", fmt::format("the DNS server gave no answer about _dmarc.{}", domain_),
                         "is --dns right, and does the server answer this machine?");
        } else if (finding.record_domain.empty()) {
            report_.fail("dmarc", fmt::format("{} has no DMARC record: anybody may write in its name", domain_),
                         fmt::format("publish: _dmarc.{}. IN TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc@{}\"", domain_,
                                     domain_));
        } else if (finding.policy == mail::DmarcPolicy::none) {
            report_.warn("dmarc", fmt::format("the DMARC record of {} asks for nothing (p=none, or in testing)", domain_),
                         "once its reports show that all your mail is signed, set p=quarantine, then p=reject");
        } else {
            report_.ok("dmarc",
                       fmt::format("mail that is not from {} is to be met with {}", domain_, mail::name_of(finding.policy)));
        }
    }

    void check_reverse_names() {
        const bool by_relay = !leaves_from_.empty() && !std::ranges::all_of(leaves_from_, is_of_this_machine);
        const auto& addresses = by_relay ? leaves_from_ : exchange_addresses_;
        for (const IpAddress& address : addresses) {
            const DnsAnswer answer = dns_.ask(reverse_name_of(address), DnsType::ptr);
            const bool leads_back = std::ranges::any_of(answer.records, [&](const Bytes& host) {
                return std::ranges::any_of(dns_.addresses_of(host), [&](const IpAddress& one) {
                    return one.octets == address.octets && one.is_v6 == address.is_v6;
                });
            });
            if (leads_back) continue;
            const std::string whose = by_relay ? fmt::format(" of the relay {}", relay_host_) : "";
            report_.warn("reverse_name",
                         fmt::format("{}{} has {}", text_of(address), whose,
                                     answer.records.empty()
                                         ? std::string{"no name"}
                                         : fmt::format("the name {}, which does not lead back", joined(answer.records))),
                         "ask whoever gave you the address for a reverse name that leads back to it");
            return;
        }
        if (!addresses.empty())
            report_.ok("reverse_name", "each address that mail goes by has a name that leads back to it");
    }

    void check_policy() {
        const std::string name = mail::sts_record_name(domain_);
        const DnsAnswer record = dns_.ask(name, DnsType::txt);
        if (silent("mta_sts", record, name)) return;
        StsFacts facts{.exchanges = dns_.ask(domain_, DnsType::mx).records, .records = record.records, .at = {}};
        for (const IpAddress& address : dns_.addresses_of(mail::sts_policy_host(domain_)))
            facts.at.push_back(text_of(address));
        check_sts(options_, facts, report_);
    }

    const Options& options_;
    std::string domain_, relay_host_;
    Dns dns_;
    CheckReport& report_;
    std::vector<IpAddress> leaves_from_, exchange_addresses_;
};

void check_relay(const Options& options, CheckReport& report) {
    if (options.smtp_relay.empty()) {
        report.warn("relay", "no mail leaves: it is kept in the outbox", "set --smtp-relay to the host that sends for you");
        return;
    }
    const auto at = net::Endpoint::parse(options.smtp_relay);
    if (!at) {
        report.fail("relay", fmt::format("--smtp-relay {}: {}", options.smtp_relay, net::explain(at.error())), "correct it");
        return;
    }
    auto probe = Probe::connect(*at);
    const auto banner = probe ? probe->line() : std::nullopt;
    if (!banner) {
        report.fail("relay", fmt::format("nobody answers at {}", at->text()),
                    "is it running, and does a firewall stand between? Mail waits meanwhile, for four days");
        return;
    }
    if (!banner->starts_with("220")) {
        report.fail("relay", fmt::format("{} says: {}", at->text(), utf8_prefix(to_utf8_lossy(*banner), 200)),
                    "ask whoever runs it");
        return;
    }
    probe->say("EHLO " + options.domain);
    bool offers_tls = false, answered = false;
    while (const auto line = probe->line()) {
        offers_tls = offers_tls || (line->size() >= 12 && equal_ignoring_ascii_case(line->substr(4), "STARTTLS"));
        answered = answered || line->starts_with("250");
        if (line->size() < 4 || (*line)[3] != '-') break;
    }
    probe->say("QUIT");
    if (!answered) {
        report.fail("relay", fmt::format("{} does not take us by the name {}", at->text(), options.domain),
                    "ask whoever runs it");
    } else if (offers_tls) {
        report.ok("relay", fmt::format("{} answers and offers STARTTLS", at->text()));
    } else if (options.smtp_relay_tls == "required") {
        report.fail("relay", fmt::format("{} offers no STARTTLS, and --smtp-relay-tls requires it", at->text()),
                    "switch it on there, or mail will wait");
    } else if (at->is_local_only()) {
        report.ok("relay", fmt::format("{} answers; it offers no STARTTLS, and is on this machine", at->text()));
    } else {
        report.warn("relay", fmt::format("{} offers no STARTTLS: mail goes to it in clear", at->text()),
                    "switch it on there, then set --smtp-relay-tls required");
    }
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::vector<Certificate> certificates_of(const std::string& file) {
    std::vector<Certificate> chain;
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new_file(file.c_str(), "r"), BIO_free};
    while (bio != nullptr) {
        Certificate one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
        if (one == nullptr) break;
        chain.push_back(std::move(one));
    }
    return chain;
}

// Empty where what this machine trusts leads to it.
std::string chain_fault(const std::vector<Certificate>& chain) {
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store{X509_STORE_new(), X509_STORE_free};
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context{X509_STORE_CTX_new(), X509_STORE_CTX_free};
    const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> rest{sk_X509_new_null(),
                                                                          [](STACK_OF(X509) * all) { sk_X509_free(all); }};
    if (!store || !context || !rest || X509_STORE_set_default_paths(store.get()) != 1) return "it cannot be checked here";
    for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(rest.get(), chain[i].get());
    if (X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), rest.get()) != 1)
        return "it cannot be checked here";
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
    if (X509_verify_cert(context.get()) == 1) return "";
    const int error = X509_STORE_CTX_get_error(context.get());
    if (error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID) return "";  // told by itself
    return X509_verify_cert_error_string(error);
}

std::string host_of(std::string_view url) {
    const auto scheme = url.find("://");
    std::string_view host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/:?#"));
    return std::string{host};
}

}  // namespace

void check_certificate(const Options& options, CheckReport& report) {
    if (options.tls_cert.empty() && options.tls_key.empty()) {
        const auto http = net::Endpoint::parse(options.http);
        if (http && !http->is_local_only()) {
            report.warn("tls", fmt::format("{} is served without TLS to others than this machine", options.http),
                        "set --tls-cert and --tls-key, or listen on loopback behind a proxy that has them");
        } else {
            report.ok("tls", "no certificate is set: what is served stays on this machine");
        }
        return;
    }
    if (const auto tls = net::ServerTls::of_files(options.tls_cert, options.tls_key); !tls) {
        report.fail("tls", fmt::format("{}, {}: {}", options.tls_cert, options.tls_key, net::explain(tls.error())),
                    "the certificate stands first in its file, then what signed it; the key belongs to the first");
        return;
    }
    const auto chain = certificates_of(options.tls_cert);
    if (chain.empty()) {
        report.fail("tls", options.tls_cert + " holds no certificate in PEM", "give the chain as its issuer did");
        return;
    }
    std::tm ends{};
    ASN1_TIME_to_tm(X509_get0_notAfter(chain.front().get()), &ends);
    const Moment until = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::from_time_t(::timegm(&ends)));
    if (X509_cmp_current_time(X509_get0_notBefore(chain.front().get())) > 0) {
        report.fail("tls", "the certificate is not valid yet", "is the clock right?");
    } else if (until <= now()) {
        report.fail("tls", "the certificate ended at " + rfc3339(until), "renew it, then SIGHUP to the serving process");
    } else if (until - now() < certificate_warns) {
        report.warn("tls", "the certificate ends at " + rfc3339(until), "renew it, then SIGHUP to the serving process");
    } else {
        report.ok("tls", fmt::format("the certificate and its key belong together, until {}", rfc3339(until)));
    }
    const std::string host = host_of(public_url_of(options));
    if (X509_check_host(chain.front().get(), host.c_str(), host.size(), 0, nullptr) == 1) {
        report.ok("tls_name", "the certificate is for " + host);
    } else {
        report.fail("tls_name", fmt::format("the certificate is not for {}, by which people reach the website", host),
                    "correct --public-url, or have the name put into the certificate");
    }
    if (const std::string fault = chain_fault(chain); fault.empty()) {
        report.ok("tls_chain", "what this machine trusts leads to the certificate");
    } else {
        report.warn("tls_chain", "browsers will not trust the certificate: " + fault,
                    "put what signed it behind it in --tls-cert, or get one from an issuer that is trusted");
    }
}

void check_mail_of_domain(const Options& options, const std::vector<store::DkimKeyRow>& keys, CheckReport& report) {
    check_relay(options, report);
    if (options.dns.empty()) {
        report.warn("dns", "no DNS server is set: no sender is proven, and the records of the domain were not looked at",
                    "set --dns system, or to a server that validates");
        return;
    }
    auto resolver = net::DnsResolver::start({.server = options.dns});
    if (!resolver) {
        report.fail("dns", fmt::format("--dns {}: {}", options.dns, resolver.error()), "correct it");
        return;
    }
    DomainCheck{options, Dns{*std::move(resolver)}, report}.run(keys);
}

}  // namespace okpay::server
