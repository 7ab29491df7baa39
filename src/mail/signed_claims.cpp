// SPDX-License-Identifier: Apache-2.0
#include "mail/signed_claims.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>

#include "base/text.hpp"
#include "mail/dns_view.hpp"
#include "mail/email_address.hpp"
#include "mail/impl/canonical.hpp"
#include "mail/impl/tag_list.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t signature_octets_max = 2'048;  // of RSA with 16384 bits
constexpr std::size_t results_octets_max = 8U << 10U;

SignatureAlgorithm algorithm_of(std::string_view name) {
    if (name == "rsa-sha256") return SignatureAlgorithm::rsa_sha256;
    if (name == "ed25519-sha256") return SignatureAlgorithm::ed25519_sha256;
    if (name == "rsa-sha1") return SignatureAlgorithm::rsa_sha1;
    return SignatureAlgorithm::other;
}

std::optional<Canonical> canonical_of(std::string_view name) {
    if (name == "simple") return Canonical::simple;
    if (name == "relaxed") return Canonical::relaxed;
    return std::nullopt;
}

bool is_below(std::string_view domain, std::string_view parent) {
    return domain == parent ||
           (domain.size() > parent.size() && domain.ends_with(parent) && domain[domain.size() - parent.size() - 1] == '.');
}

// One line of text, whatever controls were in it.
std::string unfolded(ByteView value) {
    std::string line;
    for (const char c : value) {
        if (c != '\r' && c != '\n') line += c >= 0 && c < ' ' ? ' ' : c;
    }
    return to_utf8_lossy(trimmed(line));
}

class ClaimReader {
public:
    explicit ClaimReader(const WholeHeader& header) : header_{header} {
        for (std::size_t i = 0; i < header.fields.size(); ++i) by_name_[header.fields[i].name].push_back(i);
    }

    [[nodiscard]] std::span<const std::size_t> places(std::string_view name) const {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? std::span<const std::size_t>{} : std::span{found->second};
    }

    SignatureClaim dkim(const WholeField& field) {
        SignatureClaim claim;
        const auto tags = TagList::parse(field.value());
        if (!tags || tags->value_or("v", "") != "1") claim.fault = "malformed";
        else read(claim, *tags, field, true);
        return claim;
    }

    SignatureClaim arc_message(const TagList& tags, const WholeField& field) {
        SignatureClaim claim;
        read(claim, tags, field, false);
        return claim;
    }

    static void read_parties(SignatureClaim& claim, const TagList& tags) {
        claim.domain = ascii_lower(tags.value_or("d", ""));
        claim.selector = ascii_lower(tags.value_or("s", ""));
        claim.algorithm = algorithm_of(ascii_lower(tags.value_or("a", "")));
        const auto signature = bytes_of_base64(without_white_space(tags.value_or("b", "")));
        if (!fits_dns(claim.domain) || !fits_dns(claim.selector) || !signature || signature->empty() ||
            signature->size() > signature_octets_max) {
            claim.domain = fits_dns(claim.domain) ? claim.domain : "";
            claim.selector = fits_dns(claim.selector) ? claim.selector : "";
            claim.fault = "malformed";
            return;
        }
        claim.signature = *signature;
        claim.identity = "@" + claim.domain;
    }

private:
    void read(SignatureClaim& claim, const TagList& tags, const WholeField& field, bool has_identity) {
        read_parties(claim, tags);
        if (!claim.fault.empty()) return;
        const auto refuse = [&claim](std::string_view code) { claim.fault = code; };
        const std::string forms = ascii_lower(tags.value_or("c", "simple/simple"));
        const auto slash = forms.find('/');
        const auto header_form = canonical_of(std::string_view{forms}.substr(0, slash));
        const auto body_form =
            slash == std::string::npos ? Canonical::simple : canonical_of(std::string_view{forms}.substr(slash + 1));
        const auto body_hash = bytes_of_base64(without_white_space(tags.value_or("bh", "")));
        if (!header_form || !body_form || !body_hash || tags.find("h") == nullptr) return refuse("malformed");
        if (!read_times(claim, tags)) return refuse("malformed");
        if (has_identity && tags.find("i") != nullptr) {
            claim.identity = ascii_lower(unfolded(*tags.find("i")));
            const auto at = claim.identity.rfind('@');
            if (at == std::string::npos) return refuse("malformed");
            if (!is_below(std::string_view{claim.identity}.substr(at + 1), claim.domain)) {
                return refuse("identity_outside_domain");
            }
        }
        if (const std::string* methods = tags.find("q"); methods != nullptr) {
            const auto all = split(*methods, ':');
            if (std::ranges::none_of(all, [](std::string_view m) { return trimmed(m) == "dns/txt"; })) {
                return refuse("unknown_query_method");
            }
        }
        claim.partial_body = tags.find("l") != nullptr;
        claim.body_matches = *body_hash == view_of(hash_of_body(*body_form));
        claim.digest = digest_of(claim, *tags.find("h"), field, *header_form);
        if (!has_identity && std::ranges::any_of(split(*tags.find("h"), ':'), [](std::string_view name) {
                return equal_ignoring_ascii_case(trimmed(name), "arc-seal");
            })) {
            refuse("malformed");  // RFC 8617 4.1.2
        }
    }

    static bool read_times(SignatureClaim& claim, const TagList& tags) {
        for (const auto& [name, to] : {std::pair{"t", &claim.signed_at}, std::pair{"x", &claim.expires_at}}) {
            if (const std::string* value = tags.find(name); value != nullptr) {
                *to = read_seconds(*value);
                if (!*to) return false;
            }
        }
        return !claim.signed_at || !claim.expires_at || *claim.expires_at > *claim.signed_at;
    }

    const Hash256& hash_of_body(Canonical form) {
        auto& hash = body_hashes_[static_cast<std::size_t>(form)];
        if (!hash) hash = canonical_body_hash(header_.body, form);
        return *hash;
    }

    // From the bottom up, each field once; a name that has no field left signs that there is none more.
    Hash256 digest_of(SignatureClaim& claim, std::string_view names, const WholeField& field, Canonical form) {
        std::map<std::string, std::size_t, std::less<>> used;
        std::string text;
        for (const std::string_view part : split(names, ':')) {
            const std::string name = ascii_lower(trimmed(part));
            claim.signs_from = claim.signs_from || name == "from";
            claim.signs_date = claim.signs_date || name == "date";
            const auto all = places(name);
            std::size_t& taken = used[name];
            if (taken >= all.size()) continue;
            ++taken;
            text += canonical_field(header_.fields[all[all.size() - taken]].octets, form);
            text += "\r\n";
        }
        text += canonical_field(without_signature_value(field.octets), form);
        return sha256(text);
    }

    const WholeHeader& header_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;
    std::array<std::optional<Hash256>, 2> body_hashes_;
};

std::optional<std::size_t> instance_of(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > arc_sets_max) return std::nullopt;
    return value;
}

class ArcReader {
public:
    ArcReader(const WholeHeader& header, ClaimReader& claims) : header_{header}, claims_{claims} {}

    void read(SignedClaims& to) {
        const auto results = claims_.places("arc-authentication-results");
        const auto messages = claims_.places("arc-message-signature");
        const auto seals = claims_.places("arc-seal");
        if (results.empty() && messages.empty() && seals.empty()) return;
        const std::size_t sets = seals.size();
        if (sets == 0 || sets > arc_sets_max || results.size() != sets || messages.size() != sets) {
            to.arc_fault = "sets_incomplete";
            return;
        }
        parts_.resize(sets);
        for (const std::size_t at : results) put_results(header_.fields[at]);
        for (const std::size_t at : messages) put(header_.fields[at], &Part::message, &Part::message_tags);
        for (const std::size_t at : seals) put(header_.fields[at], &Part::seal, &Part::seal_tags);
        if (failed_) {
            to.arc_fault = "sets_incomplete";
            return;
        }
        std::string sealed;  // of all instances up to the one at hand
        for (std::size_t i = 0; i < sets; ++i) {
            const Part& part = parts_[i];
            ArcSet set;
            // Only the newest may still hold: whatever changed since is what the chain is there for.
            if (i + 1 == sets) set.message = claims_.arc_message(part.message_tags, *part.message);
            else set.message.fault = "older";
            ClaimReader::read_parties(set.seal, part.seal_tags);
            const std::string_view verdict = part.seal_tags.value_or("cv", "");
            if (part.seal_tags.find("h") != nullptr || (verdict != "none" && verdict != "pass" && verdict != "fail")) {
                set.seal.fault = "malformed";
            }
            set.says_chain_passed = i == 0 ? verdict == "none" : verdict == "pass";
            sealed += canonical_field(part.results->octets, Canonical::relaxed) + "\r\n";
            sealed += canonical_field(part.message->octets, Canonical::relaxed) + "\r\n";
            set.seal.digest =
                sha256(sealed + canonical_field(without_signature_value(part.seal->octets), Canonical::relaxed));
            sealed += canonical_field(part.seal->octets, Canonical::relaxed) + "\r\n";
            set.seal.body_matches = set.seal.signs_from = true;  // it seals fields alone
            set.results = part.results_value.substr(0, results_octets_max);
            to.arc.push_back(std::move(set));
        }
    }

private:
    struct Part {
        const WholeField *results = nullptr, *message = nullptr, *seal = nullptr;
        std::string results_value;
        TagList message_tags, seal_tags;
    };

    Part* part_of(std::string_view instance) {
        const auto no = instance_of(trimmed(instance));
        if (!no || *no > parts_.size()) {
            failed_ = true;
            return nullptr;
        }
        return &parts_[*no - 1];
    }

    void put_results(const WholeField& field) {
        const std::string value = unfolded(field.value());
        const auto semicolon = value.find(';');
        const std::string first = without_white_space(std::string_view{value}.substr(0, semicolon));
        if (!first.starts_with("i=") || semicolon == std::string::npos) {
            failed_ = true;
            return;
        }
        Part* part = part_of(std::string_view{first}.substr(2));
        if (part == nullptr) return;
        failed_ = failed_ || part->results != nullptr;
        part->results = &field;
        part->results_value =
            std::string{utf8_prefix(trimmed(std::string_view{value}.substr(semicolon + 1)), results_octets_max)};
    }

    void put(const WholeField& field, const WholeField* Part::* where, TagList Part::* tags_where) {
        auto tags = TagList::parse(field.value());
        Part* part = tags ? part_of(tags->value_or("i", "")) : nullptr;
        if (part == nullptr || part->*where != nullptr) {
            failed_ = true;
            return;
        }
        part->*where = &field;
        part->*tags_where = *std::move(tags);
    }

    const WholeHeader& header_;
    ClaimReader& claims_;
    std::vector<Part> parts_;
    bool failed_ = false;
};

bool has_one_from(const WholeHeader& header, const ClaimReader& claims) {
    const auto places = claims.places("from");
    if (places.size() != 1) return false;
    std::string value;
    for (const char c : header.fields[places[0]].value()) {
        if (c != '\r' && c != '\n') value += c;
    }
    const MailboxList list = read_mailboxes(value, 2);
    return list.mailboxes.size() == 1 && !list.malformed && !list.truncated && value.find('\0') == std::string::npos;
}

}  // namespace

SignedClaims signed_claims_of(ByteView raw) {
    SignedClaims claims;
    const WholeHeader header = whole_header_of(raw);
    if (header.too_large) return claims;
    ClaimReader reader{header};
    claims.one_from = has_one_from(header, reader);
    const auto signatures = reader.places("dkim-signature");
    claims.dkim_found = signatures.size();
    for (const std::size_t at : signatures.first(std::min(signatures.size(), signatures_evaluated_max))) {
        claims.dkim.push_back(reader.dkim(header.fields[at]));
    }
    ArcReader{header, reader}.read(claims);
    return claims;
}

}  // namespace okpay::mail
