// SPDX-License-Identifier: Apache-2.0
#include "mail/authentication.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "mail/authentication_results.hpp"
#include "mail/dmarc.hpp"
#include "mail/key_record.hpp"

namespace okpay::mail {
namespace {

struct Upstream {
    std::optional<Evidence> dmarc, spf;
    bool strict_failure = false;  // DMARC failed there, and the domain asks for refusal or quarantine
};

// "p=REJECT sp=NONE dis=NONE" in a comment, or policy.dmarc=reject.
bool says_strict(const MethodResult& method) {
    const auto strict = [](std::string_view text) {
        std::string lower = ascii_lower(text);
        std::ranges::replace_if(lower, [](char c) { return c == ';' || c == ','; }, ' ');
        return std::ranges::any_of(split(lower, ' '), [](std::string_view word) {
            return word == "p=reject" || word == "p=quarantine" || word == "reject" || word == "quarantine";
        });
    };
    return std::ranges::any_of(method.comments, strict) ||
           std::ranges::any_of(method.properties, [&](const MethodResult::Property& property) {
               return property.name.starts_with("policy.") && strict(property.value);
           });
}

Outcome outcome_of(std::string_view word) {
    for (const Outcome outcome : {Outcome::pass, Outcome::fail, Outcome::softfail, Outcome::neutral, Outcome::policy,
                                  Outcome::temperror, Outcome::permerror}) {
        if (word == name_of(outcome)) return outcome;
    }
    return Outcome::none;
}

std::string domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    std::string domain = ascii_lower(at == std::string_view::npos ? address : address.substr(at + 1));
    return fits_dns(domain) ? domain : std::string{};
}

Upstream upstream_of(const AuthenticationResults& results, const std::string& from_domain) {
    Upstream found;
    for (const MethodResult& method : results.methods) {
        if (method.method == "dmarc" && !found.dmarc) {
            const std::string domain = domain_of(method.property("header.from"));
            found.dmarc = Evidence{.mechanism = Mechanism::upstream,
                                   .outcome = outcome_of(method.result),
                                   .domain = domain,
                                   .selector = {},
                                   .aligned = domain == from_domain,
                                   .why = {}};
            found.strict_failure = method.result == "fail" && says_strict(method);
        } else if (method.method == "spf" && !found.spf) {
            std::string domain = domain_of(method.property("smtp.mailfrom"));
            if (domain.empty()) domain = domain_of(method.property("smtp.helo"));
            found.spf = Evidence{.mechanism = Mechanism::spf,
                                 .outcome = outcome_of(method.result),
                                 .domain = std::move(domain),
                                 .selector = {},
                                 .why = "told_by_upstream"};
        }
    }
    return found;
}

class Evaluation {
public:
    Evaluation(const AuthenticationInput& input, const AuthenticationPolicy& policy, const DnsFacts& facts)
        : input_{input}, policy_{policy}, dns_{facts} {}

    AuthenticationStep run() {
        if (!input_.claims.one_from || input_.mail.from.size() != 1) {
            result_.why = "no_single_from";
            return result_;
        }
        result_.from_domain = input_.mail.from.front().address.domain();
        read_upstream();
        if (policy_.asks_dns) {
            ask_all();
            if (!dns_.wanted().empty()) return dns_.wanted();
        }
        decide();
        return std::move(result_);
    }

private:
    void read_upstream() {
        if (policy_.trusted_authserv_id.empty()) return;
        const auto results = read_authentication_results(header_of(input_.mail, "authentication-results"));
        if (!results || results->authserv_id != ascii_lower(policy_.trusted_authserv_id)) return;
        upstream_ = upstream_of(*results, result_.from_domain);
        if (upstream_.dmarc) {
            result_.evidence.push_back(*upstream_.dmarc);
            if (upstream_.dmarc->outcome == Outcome::pass && upstream_.dmarc->aligned) prove(*upstream_.dmarc);
        }
    }

    // Every part asks for what it misses, so that one round of answers serves them all.
    void ask_all() {
        const auto dmarc = find_dmarc(result_.from_domain, dns_);
        if (dmarc) dmarc_ = *dmarc;
        spf();
        dkim();
        arc();
        if (!dns_.wanted().empty()) return;
        dmarc_evidence();
    }

    void spf() {
        Evidence evidence{.mechanism = Mechanism::spf, .outcome = Outcome::none, .domain = {}, .selector = {}, .why = {}};
        if (upstream_.spf) {
            evidence = *upstream_.spf;
        } else if (input_.session) {
            const auto verdict = judge_spf({input_.session->client, input_.session->helo, input_.session->mail_from}, dns_);
            if (!verdict) return;
            evidence.outcome = verdict->outcome;
            evidence.domain = verdict->domain;
            evidence.why = verdict->why;
        } else {
            return;
        }
        spf_known_ = true;
        silent_ = silent_ || evidence.outcome == Outcome::temperror;
        if (evidence.outcome == Outcome::pass && !evidence.domain.empty()) align(evidence, dmarc_.strict_spf);
        spf_aligned_ = evidence.aligned;
        spf_domain_ = evidence.domain;
        result_.evidence.push_back(std::move(evidence));
    }

    void dkim() {
        for (const SignatureClaim& claim : input_.claims.dkim) {
            const auto verdict = judge_signature(claim, dns_, input_.received);
            if (!verdict) continue;
            Evidence evidence{.mechanism = Mechanism::dkim,
                              .outcome = verdict->outcome,
                              .domain = claim.domain,
                              .selector = claim.selector,
                              .why = verdict->why};
            silent_ = silent_ || evidence.outcome == Outcome::temperror;
            if (evidence.outcome == Outcome::pass) {
                align(evidence, dmarc_.strict_dkim);
                if (evidence.aligned) {
                    prove(evidence);
                    if (result_.proven_by == Mechanism::dkim) result_.date_is_signed |= claim.signs_date;
                    dkim_aligned_ = true;
                }
            }
            result_.evidence.push_back(std::move(evidence));
        }
    }

    void align(Evidence& evidence, bool strict) {
        const auto aligned = find_alignment(result_.from_domain, evidence.domain, strict, dns_);
        if (!aligned) return;
        evidence.aligned = *aligned == Aligned::yes;
        if (*aligned == Aligned::unknown) silent_ = true;
        if (!evidence.aligned && evidence.why.empty()) evidence.why = "other_domain";
    }

    // Of a chain nothing is asked but where its last seal is of a forwarder that the operator trusts.
    void arc() {
        const auto& sets = input_.claims.arc;
        if (sets.empty() && input_.claims.arc_fault.empty()) return;
        Evidence evidence{.mechanism = Mechanism::arc, .outcome = Outcome::neutral, .domain = {}, .selector = {}, .why = {}};
        if (sets.empty()) {
            evidence.outcome = Outcome::permerror;
            evidence.why = input_.claims.arc_fault;
        } else {
            evidence.domain = sets.back().seal.domain;
            evidence.selector = sets.back().seal.selector;
            if (!is_trusted(sets.back())) evidence.why = "sealer_not_trusted";
            else if (!judge_chain(sets, evidence)) return;
        }
        silent_ = silent_ || evidence.outcome == Outcome::temperror;
        if (evidence.aligned) prove(evidence);
        result_.evidence.push_back(std::move(evidence));
    }

    [[nodiscard]] bool is_trusted(const ArcSet& set) const {
        return std::ranges::find(policy_.trusted_arc_sealers, set.seal.domain) != policy_.trusted_arc_sealers.end();
    }

    // False while keys are missing.
    bool judge_chain(const std::vector<ArcSet>& sets, Evidence& evidence) {
        std::vector<SignatureVerdict> verdicts;
        bool known = true;
        for (const ArcSet& set : sets) {
            const auto seal = judge_signature(set.seal, dns_, input_.received);
            known = known && seal;
            verdicts.push_back(!seal || set.says_chain_passed ? seal.value_or(SignatureVerdict{Outcome::none, ""})
                                                              : SignatureVerdict{Outcome::fail, "chain_failed_before"});
        }
        const auto message = judge_signature(sets.back().message, dns_, input_.received);
        if (!known || !message) return false;
        verdicts.push_back(*message);
        evidence.outcome = Outcome::pass;
        for (const SignatureVerdict& verdict : verdicts) {
            if (verdict.outcome == Outcome::pass) continue;
            evidence.outcome = verdict.outcome == Outcome::temperror ? Outcome::temperror : Outcome::fail;
            evidence.why = verdict.why;
            break;
        }
        if (evidence.outcome != Outcome::pass) return true;
        // What the first of the trusted forwarders at the end of the chain saw when the mail came to it.
        for (auto set = sets.rbegin(); set != sets.rend() && is_trusted(*set); ++set) {
            const auto results = read_authentication_results(set->results);
            if (!results) break;
            const Upstream seen = upstream_of(*results, result_.from_domain);
            evidence.aligned = seen.dmarc && seen.dmarc->outcome == Outcome::pass && seen.dmarc->aligned;
            if (evidence.aligned) break;
        }
        if (!evidence.aligned) evidence.why = "forwarder_saw_no_proof";
        return true;
    }

    void dmarc_evidence() {
        Evidence evidence{.mechanism = Mechanism::dmarc,
                          .outcome = Outcome::none,
                          .domain = dmarc_.record_domain,
                          .selector = {},
                          .why = {}};
        if (dmarc_.temporary) {
            silent_ = true;
            evidence.outcome = Outcome::temperror;
            evidence.why = "dns";
        } else if (dmarc_.record_domain.empty()) {
            evidence.why = "no_record";
        } else {
            evidence.aligned = dkim_aligned_ || spf_aligned_;
            evidence.outcome = evidence.aligned ? Outcome::pass : silent_ ? Outcome::temperror : Outcome::fail;
            evidence.why = "policy_" + std::string{name_of(dmarc_.policy)};
            if (spf_aligned_) {
                Evidence by_spf{.mechanism = Mechanism::spf,
                                .outcome = Outcome::pass,
                                .domain = spf_domain_,
                                .selector = {},
                                .aligned = true,
                                .why = {}};
                prove(by_spf);
            }
        }
        result_.evidence.push_back(std::move(evidence));
    }

    // The first proof is told; what is nearer to the writer comes first: a signature, then who sent it, then hearsay.
    void prove(const Evidence& evidence) {
        const auto rank = [](Mechanism mechanism) {
            return mechanism == Mechanism::dkim ? 0 : mechanism == Mechanism::spf ? 1 : mechanism == Mechanism::arc ? 2 : 3;
        };
        if (result_.proven_by && rank(*result_.proven_by) <= rank(evidence.mechanism)) return;
        result_.verdict = Verdict::proven;
        result_.proven_by = evidence.mechanism;
        result_.proven_domain = evidence.domain;
    }

    void decide() {
        if (result_.verdict == Verdict::proven) return;
        const bool has_policy = !dmarc_.temporary && !dmarc_.record_domain.empty() && dmarc_.policy != DmarcPolicy::none;
        if (upstream_.strict_failure) {
            result_.verdict = Verdict::forged;
            result_.why = "rejected_by_policy";
        } else if (!policy_.asks_dns) {
            result_.why = upstream_.dmarc ? "not_aligned" : "not_checked";
        } else if (silent_) {
            result_.verdict = Verdict::unproven_for_now;
            result_.why = "dns";
        } else if (has_policy && spf_known_) {  // where the sender's address is not known, half of the proof is missing
            result_.verdict = Verdict::forged;
            result_.why = "rejected_by_policy";
        } else {
            result_.why = input_.claims.dkim_found == 0 ? "nothing_signed" : "not_aligned";
        }
    }

    const AuthenticationInput& input_;
    const AuthenticationPolicy& policy_;
    DnsView dns_;
    Authentication result_;
    Upstream upstream_;
    DmarcFinding dmarc_;
    bool spf_known_ = false, spf_aligned_ = false, dkim_aligned_ = false;
    bool silent_ = false;  // the DNS did not answer something that matters
    std::string spf_domain_;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::unproven: return "unproven";
    case Verdict::unproven_for_now: return "unproven_for_now";
    case Verdict::forged: return "forged";
    case Verdict::proven: return "proven";
    }
    std::abort();
}

std::string_view name_of(Mechanism mechanism) {
    switch (mechanism) {
    case Mechanism::spf: return "spf";
    case Mechanism::dkim: return "dkim";
    case Mechanism::arc: return "arc";
    case Mechanism::dmarc: return "dmarc";
    case Mechanism::upstream: return "upstream";
    }
    std::abort();
}

AuthenticationStep authenticate(const AuthenticationInput& input, const AuthenticationPolicy& policy,
                                const DnsFacts& facts) {
    return Evaluation{input, policy, facts}.run();
}

}  // namespace okpay::mail
