// SPDX-License-Identifier: Apache-2.0
#include "mail/dmarc.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "mail/impl/tag_list.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t labels_walked_max = 7;  // below the name itself: RFC 9989 4.10

std::optional<DmarcPolicy> policy_of(std::string_view text) {
    const std::string word = ascii_lower(text);
    if (word == "none") return DmarcPolicy::none;
    if (word == "quarantine") return DmarcPolicy::quarantine;
    if (word == "reject") return DmarcPolicy::reject;
    return std::nullopt;
}

DmarcPolicy milder(DmarcPolicy policy) {
    return policy == DmarcPolicy::reject ? DmarcPolicy::quarantine : DmarcPolicy::none;
}

// The name itself, then its parents up to the top: of a long name the lowest labels are passed over.
std::vector<std::string> walk_of(std::string_view domain) {
    std::vector<std::string> names{std::string{domain}};
    auto labels = split(domain, '.');
    std::size_t count = labels.size();
    if (count > labels_walked_max + 1) count = labels_walked_max + 1;
    for (std::size_t left = count - 1; left > 0; --left) {
        std::string name;
        for (std::size_t i = labels.size() - left; i < labels.size(); ++i) {
            if (!name.empty()) name += '.';
            name += labels[i];
        }
        names.push_back(std::move(name));
    }
    return names;
}

struct Step {
    std::string domain;
    DmarcRecord record;
};
struct Walk {
    bool temporary = false;
    std::vector<Step> found;  // from the name upwards, up to the one that says where to stop
    std::string organizational_domain;
};

std::optional<DmarcRecord> only_record(const DnsAnswer& answer) {
    std::optional<DmarcRecord> only;
    std::size_t count = 0;
    for (const Bytes& text : answer.records) {
        const auto tags = TagList::parse(text);
        if (!tags || tags->tags().front().name != "v" || tags->tags().front().value != "DMARC1") continue;
        ++count;
        only = read_dmarc_record(text);
    }
    return count == 1 ? only : std::nullopt;
}

std::optional<Walk> walk(const std::string& domain, DnsView& dns) {
    const std::vector<std::string> names = walk_of(domain);
    std::vector<const DnsAnswer*> answers;
    for (const std::string& name : names) answers.push_back(dns.ask("_dmarc." + name, DnsType::txt));
    if (std::ranges::find(answers, nullptr) != answers.end()) return std::nullopt;
    Walk result{.found = {}, .organizational_domain = domain};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_temporary(answers[i]->status)) {
            result.temporary = true;
            return result;
        }
        const auto record = only_record(*answers[i]);
        if (!record) continue;
        result.found.push_back({names[i], *record});
        if (record->public_suffix == DmarcRecord::PublicSuffix::no) {
            result.organizational_domain = names[i];
            return result;
        }
        if (i > 0 && record->public_suffix == DmarcRecord::PublicSuffix::yes) {
            // One label below the public suffix, on the way to the name.
            const std::string_view below = std::string_view{domain}.substr(0, domain.size() - names[i].size() - 1);
            result.organizational_domain =
                domain.substr(below.rfind('.') == std::string_view::npos ? 0 : below.rfind('.') + 1);
            return result;
        }
    }
    if (!result.found.empty()) result.organizational_domain = result.found.back().domain;
    return result;
}

// Whether the name has no records of its own. Unknown counts as there: the milder reading for its policy.
std::optional<bool> is_non_existent(const std::string& domain, DnsView& dns) {
    bool all_known = true;
    bool none = true;
    for (const DnsType type : {DnsType::a, DnsType::aaaa, DnsType::mx}) {
        const DnsAnswer* answer = dns.ask(domain, type);
        all_known = all_known && answer != nullptr;
        none = none && answer != nullptr && (answer->status == DnsStatus::no_name || answer->status == DnsStatus::no_data);
    }
    if (!all_known) return std::nullopt;
    return none;
}

}  // namespace

std::string_view name_of(DmarcPolicy policy) {
    switch (policy) {
    case DmarcPolicy::none: return "none";
    case DmarcPolicy::quarantine: return "quarantine";
    case DmarcPolicy::reject: return "reject";
    }
    std::abort();
}

std::optional<DmarcRecord> read_dmarc_record(std::string_view text) {
    const auto tags = TagList::parse(text);
    if (!tags || tags->tags().front().name != "v" || tags->tags().front().value != "DMARC1") return std::nullopt;
    const auto policy = policy_of(tags->value_or("p", ""));
    const bool sub_bad = tags->find("sp") != nullptr && !policy_of(*tags->find("sp"));
    // RFC 9989 4.7: without a policy that can be read it counts as p=none where reports are asked for, else not at all.
    const bool asks_reports = tags->value_or("rua", "").contains(':');
    if ((!policy || sub_bad) && !asks_reports && tags->find("p") != nullptr) return std::nullopt;
    DmarcRecord record{.policy = policy && !sub_bad ? *policy : DmarcPolicy::none,
                       .subdomain = sub_bad ? std::optional{DmarcPolicy::none} : policy_of(tags->value_or("sp", "")),
                       .non_existent = policy_of(tags->value_or("np", ""))};
    record.strict_dkim = equal_ignoring_ascii_case(tags->value_or("adkim", "r"), "s");
    record.strict_spf = equal_ignoring_ascii_case(tags->value_or("aspf", "r"), "s");
    record.testing = equal_ignoring_ascii_case(tags->value_or("t", "n"), "y");
    const std::string suffix = ascii_lower(tags->value_or("psd", "u"));
    if (suffix == "y") record.public_suffix = DmarcRecord::PublicSuffix::yes;
    if (suffix == "n") record.public_suffix = DmarcRecord::PublicSuffix::no;
    return record;
}

std::optional<DmarcFinding> find_dmarc(const std::string& from_domain, DnsView& dns) {
    const auto walked = walk(from_domain, dns);
    if (!walked) return std::nullopt;
    DmarcFinding finding{.temporary = walked->temporary,
                         .record_domain = {},
                         .organizational_domain = walked->organizational_domain};
    if (walked->temporary || walked->found.empty()) return finding;
    const bool own = walked->found.front().domain == from_domain;
    // Of the From domain itself, else of its organizational domain, else of the public suffix above that.
    const Step* applied = own ? &walked->found.front() : nullptr;
    for (const Step& step : walked->found) {
        if (applied == nullptr && step.domain == walked->organizational_domain) applied = &step;
    }
    if (applied == nullptr) applied = &walked->found.back();
    const DmarcRecord& record = applied->record;
    finding.record_domain = applied->domain;
    finding.strict_dkim = record.strict_dkim;
    finding.strict_spf = record.strict_spf;
    finding.policy = record.policy;
    if (!own) {
        const auto non_existent = is_non_existent(from_domain, dns);
        if (!non_existent) return std::nullopt;
        finding.policy = record.subdomain.value_or(record.policy);
        if (*non_existent) finding.policy = record.non_existent.value_or(finding.policy);
    }
    if (record.testing) finding.policy = milder(finding.policy);
    return finding;
}

std::optional<Aligned> find_alignment(const std::string& from_domain, const std::string& domain, bool strict, DnsView& dns) {
    if (domain == from_domain) return Aligned::yes;
    const auto top = [](std::string_view name) { return name.substr(name.rfind('.') + 1); };
    if (strict || top(domain) != top(from_domain)) return Aligned::no;
    const auto ours = walk(from_domain, dns);
    const auto theirs = walk(domain, dns);
    if (!ours || !theirs) return std::nullopt;
    if (ours->temporary || theirs->temporary) return Aligned::unknown;
    return ours->organizational_domain == theirs->organizational_domain ? Aligned::yes : Aligned::no;
}

}  // namespace okpay::mail
