// SPDX-License-Identifier: Apache-2.0
#include "mail/spf.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "mail/impl/spf_record.hpp"

namespace okpay::mail {
namespace {

constexpr int lookups_max = 10;
constexpr int void_lookups_max = 2;
constexpr std::size_t hosts_of_mx_max = 10;
constexpr int questions_max = 25;
constexpr std::string_view version = "v=spf1";

bool is_within(const IpAddress& client, ByteView network, int prefix) {
    const auto whole = static_cast<std::size_t>(prefix / 8);
    if (network.size() < (client.is_v6 ? 16U : 4U)) return false;
    if (std::memcmp(client.octets.data(), network.data(), whole) != 0) return false;
    const int rest = prefix % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xFFU << static_cast<unsigned>(8 - rest));
    return (client.octets[whole] & mask) == (static_cast<std::uint8_t>(network[whole]) & mask);
}

bool is_spf(std::string_view record) {
    return equal_ignoring_ascii_case(record.substr(0, version.size()), version) &&
           (record.size() == version.size() || record[version.size()] == ' ');
}

struct Found {
    Outcome outcome;
    std::string_view why = "";
};

// Once a fact is missing, `pending_` is set and whatever is returned counts for nothing.
class Check {
public:
    Check(const SpfMacros& macros, DnsView& dns) : macros_{macros}, dns_{dns} {}

    [[nodiscard]] bool pending() const { return pending_; }

    Found host(const std::string& domain) {
        if (!fits_dns(domain) || !domain.contains('.')) return {Outcome::none, "no_domain"};
        const DnsAnswer* answer = ask(domain, DnsType::txt);
        if (answer == nullptr) return {Outcome::none};
        if (is_temporary(answer->status)) return {Outcome::temperror, "dns"};
        const Bytes* text = nullptr;
        for (const Bytes& record : answer->records) {
            if (!is_spf(record)) continue;
            if (text != nullptr) return {Outcome::permerror, "several_records"};
            text = &record;
        }
        if (text == nullptr) return {Outcome::none, "no_record"};
        const auto record = read_spf_record(*text);
        if (!record) return {Outcome::permerror, "syntax"};
        for (const SpfTerm& term : record->terms) {
            const Found found = match(term, domain);
            if (pending_ || found.outcome == Outcome::temperror || found.outcome == Outcome::permerror) return found;
            if (found.outcome == Outcome::pass) return {term.outcome};
        }
        if (!record->redirect) return {Outcome::neutral, "nothing_matched"};
        if (++lookups_ > lookups_max) return {Outcome::permerror, "too_many_lookups"};
        const Found found = host(expand_spf(*record->redirect, macros_, domain));
        if (found.outcome == Outcome::none) return {Outcome::permerror, "redirect_to_nothing"};
        return found;
    }

private:
    static constexpr Found matched{Outcome::pass}, not_matched{Outcome::neutral};

    const DnsAnswer* ask(std::string_view name, DnsType type) {
        const DnsAnswer* answer = dns_.ask(name, type);
        if (answer == nullptr) pending_ = true;
        return answer;
    }

    // Pass is a match, neutral none; the errors end the evaluation.
    Found match(const SpfTerm& term, const std::string& domain) {
        switch (term.mechanism) {
        case SpfMechanism::all: return matched;
        case SpfMechanism::ip4:
        case SpfMechanism::ip6: return network(term);
        case SpfMechanism::include:
        case SpfMechanism::a:
        case SpfMechanism::mx:
        case SpfMechanism::ptr:
        case SpfMechanism::exists: break;
        }
        if (++lookups_ > lookups_max) return {Outcome::permerror, "too_many_lookups"};
        const std::string target = term.domain.empty() ? domain : expand_spf(term.domain, macros_, domain);
        if (term.mechanism == SpfMechanism::include) return include(target);
        if (term.mechanism == SpfMechanism::a) return addresses(target, term);
        if (term.mechanism == SpfMechanism::mx) return exchanges(target, term);
        if (term.mechanism == SpfMechanism::exists) return exists(target);
        return not_matched;
    }

    [[nodiscard]] Found network(const SpfTerm& term) const {
        if (macros_.client.is_v6 != term.network.is_v6) return not_matched;
        const ByteView octets{reinterpret_cast<const char*>(term.network.octets.data()), term.network.octets.size()};
        const int prefix = term.network.is_v6 ? term.prefix6 : term.prefix4;
        return is_within(macros_.client, octets, prefix) ? matched : not_matched;
    }

    Found include(const std::string& target) {
        const Found found = host(target);
        if (found.outcome == Outcome::none) return {Outcome::permerror, "include_of_nothing"};
        if (found.outcome == Outcome::fail || found.outcome == Outcome::softfail) return not_matched;
        return found;
    }

    // Counts what the limits count. Neutral: go on.
    Found weigh(const DnsAnswer& answer) {
        if (is_temporary(answer.status)) return {Outcome::temperror, "dns"};
        if (++questions_ > questions_max) return {Outcome::permerror, "too_many_questions"};
        if (answer.records.empty() && ++void_lookups_ > void_lookups_max) return {Outcome::permerror, "void_lookups"};
        return not_matched;
    }

    Found addresses(const std::string& target, const SpfTerm& term) {
        const bool v6 = macros_.client.is_v6;
        const DnsAnswer* answer = ask(target, v6 ? DnsType::aaaa : DnsType::a);
        if (answer == nullptr) return not_matched;
        if (const Found weighed = weigh(*answer); weighed.outcome != Outcome::neutral) return weighed;
        const bool any = std::ranges::any_of(answer->records, [&](const Bytes& address) {
            return is_within(macros_.client, address, v6 ? term.prefix6 : term.prefix4);
        });
        return any ? matched : not_matched;
    }

    Found exchanges(const std::string& target, const SpfTerm& term) {
        const DnsAnswer* answer = ask(target, DnsType::mx);
        if (answer == nullptr) return not_matched;
        if (const Found weighed = weigh(*answer); weighed.outcome != Outcome::neutral) return weighed;
        if (answer->records.size() > hosts_of_mx_max) return {Outcome::permerror, "too_many_exchanges"};
        for (const Bytes& exchange : answer->records) {  // all at once, so that one round of answers suffices
            if (!exchange.empty()) ask(exchange, macros_.client.is_v6 ? DnsType::aaaa : DnsType::a);
        }
        if (pending_) return not_matched;
        for (const Bytes& exchange : answer->records) {
            if (exchange.empty()) continue;  // RFC 7505: takes no mail
            if (const Found found = addresses(exchange, term); found.outcome != Outcome::neutral) return found;
        }
        return not_matched;
    }

    Found exists(const std::string& target) {
        const DnsAnswer* answer = ask(target, DnsType::a);
        if (answer == nullptr) return not_matched;
        if (const Found weighed = weigh(*answer); weighed.outcome != Outcome::neutral) return weighed;
        return answer->records.empty() ? not_matched : matched;
    }

    const SpfMacros& macros_;
    DnsView& dns_;
    int lookups_ = 0, void_lookups_ = 0, questions_ = 0;
    bool pending_ = false;
};

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string terminated{text};
    IpAddress address;
    if (inet_pton(AF_INET, terminated.c_str(), address.octets.data()) == 1) return address;
    if (inet_pton(AF_INET6, terminated.c_str(), address.octets.data()) != 1) return std::nullopt;
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (std::equal(mapped.begin(), mapped.end(), address.octets.begin())) {
        IpAddress v4;
        std::copy_n(address.octets.begin() + 12, 4, v4.octets.begin());
        return v4;
    }
    address.is_v6 = true;
    return address;
}

std::optional<SpfVerdict> judge_spf(const SpfInput& input, DnsView& dns) {
    std::string helo = ascii_lower(input.helo);
    if (helo.ends_with('.')) helo.pop_back();
    std::string sender = input.mail_from.empty() ? "postmaster@" + helo : input.mail_from;
    const auto at = sender.rfind('@');
    std::string domain = at == std::string::npos ? sender : sender.substr(at + 1);
    std::string local = at == std::string::npos || at == 0 ? "postmaster" : sender.substr(0, at);
    sender = local + "@" + domain;
    domain = ascii_lower(domain);
    if (domain.ends_with('.')) domain.pop_back();
    const SpfMacros macros{.sender = sender,
                           .local_part = std::move(local),
                           .sender_domain = domain,
                           .helo = std::move(helo),
                           .client = input.client};
    Check check{macros, dns};
    const Found found = check.host(domain);
    if (check.pending()) return std::nullopt;
    return SpfVerdict{found.outcome, fits_dns(domain) ? domain : std::string{}, std::string{found.why}};
}

}  // namespace okpay::mail
