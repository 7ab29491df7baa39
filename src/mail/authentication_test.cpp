// SPDX-License-Identifier: Apache-2.0
// The judgement against what others say of the same mails: the test suite of RFC 7208, and mails signed by python3-dkim.
// Both run where Debian's packages are installed; the rest needs nothing.
#include "mail/authentication.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <ctime>
#include <map>
#include <set>

#include "mail/authentication_results.hpp"
#include "mail/codec.hpp"
#include "mail/dmarc.hpp"
#include "mail/key_record.hpp"

namespace okpay::mail {
namespace {

namespace json = boost::json;

const Moment received = moment_of_ms(std::int64_t{std::time(nullptr)} * 1'000);  // the other program signs by the clock

std::optional<json::value> told_by_peers(std::string what) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    std::string program = "/usr/bin/python3";
    std::string ignore = "-Wignore";
    std::string script = OKPAY_SOURCE_DIR "/tests/support/mail_peers.py";
    std::array<char*, 5> words{program.data(), ignore.data(), script.data(), what.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = -1;
    const int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::string text;
    std::array<char, 65'536> buffer{};
    for (ssize_t octets = 0; (octets = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(octets));
    }
    close(ends[0]);
    int status = 1;
    if (failed != 0 || waitpid(child, &status, 0) != child || status != 0) return std::nullopt;
    return json::parse(text);
}

std::string text_of(const json::value& value) { return std::string{value.as_string()}; }

// A DNS of a few records; all else does not exist.
struct Zone {
    DnsFacts known;

    void txt(const std::string& name, const std::string& text) {
        auto& answer = known[{name, DnsType::txt}];
        answer.status = DnsStatus::found;
        answer.records.push_back(text);
    }
    void host(const std::string& name) { known[{name, DnsType::a}] = {DnsStatus::found, {Bytes("\xC0\0\2\1", 4)}}; }
    void silent(const std::string& name) {
        for (const DnsType type : {DnsType::a, DnsType::aaaa, DnsType::mx, DnsType::txt}) {
            known[{name, type}] = {DnsStatus::timed_out, {}};
        }
    }
    [[nodiscard]] DnsAnswer answer(const DnsQuestion& question) const {
        const auto found = known.find(question);
        if (found != known.end()) return found->second;
        if (question.name.starts_with("error.")) return {DnsStatus::timed_out, {}};
        const bool exists = std::ranges::any_of(known, [&](const auto& entry) { return entry.first.name == question.name; });
        return {exists ? DnsStatus::no_data : DnsStatus::no_name, {}};
    }
    // Asks until the judgement misses nothing, as its callers do. Counts what was asked.
    template <class Judge>
    auto settle(Judge judge) {
        DnsFacts facts;
        while (true) {
            DnsView view{facts};
            auto verdict = judge(view);
            if (view.wanted().empty()) {
                asked = facts.size();
                return *verdict;
            }
            for (const DnsQuestion& question : view.wanted()) facts[question] = answer(question);
        }
    }
    Authentication authenticated(const AuthenticationInput& input, const AuthenticationPolicy& policy) {
        DnsFacts facts;
        while (true) {
            const auto step = authenticate(input, policy, facts);
            if (const auto* done = std::get_if<Authentication>(&step)) return *done;
            for (const DnsQuestion& question : std::get<1>(step)) {
                EXPECT_FALSE(facts.contains(question)) << "asked twice: " << question.name;
                facts[question] = answer(question);
            }
        }
    }
    std::size_t asked = 0;
};

DnsType type_of(std::string_view name) {
    if (name == "A") return DnsType::a;
    if (name == "AAAA") return DnsType::aaaa;
    return name == "MX" ? DnsType::mx : DnsType::txt;
}

TEST(Spf, JudgesAsTheTestSuiteOfTheRfcSays) {
    const auto suite = told_by_peers("spf_suite");
    if (!suite) GTEST_SKIP() << "python3-spf is not installed with its documents";
    // ptr never matches here (RFC 7208 5.5): what the suite expects of it is for those who follow it.
    const std::set<std::string> of_ptr{"ptr-match-target",  "ptr-match-implicit", "ptr-nxdomain-match", "ptr-match-ip6",
                                       "ptr-cname-loop",    "ptr-case-change",    "bytes-bug",          "p-macro-ip4-valid",
                                       "p-macro-ip6-valid", "p-macro-multiple"};
    std::size_t judged = 0;
    for (const json::value& value : suite->as_array()) {
        const json::object& one = value.as_object();
        const std::string id = text_of(one.at("id"));
        if (of_ptr.contains(id)) continue;
        Zone zone;
        for (const json::value& fact : one.at("facts").as_array()) {
            const json::array& parts = fact.as_array();
            DnsAnswer answer{DnsStatus::found, {}};
            const std::string status = text_of(parts[2]);
            if (status == "no_data") answer.status = DnsStatus::no_data;
            if (status == "no_name") answer.status = DnsStatus::no_name;
            if (status == "timed_out") answer.status = DnsStatus::timed_out;
            for (const json::value& record : parts[3].as_array()) {
                answer.records.push_back(bytes_of_base64(text_of(record)).value());
            }
            zone.known[{text_of(parts[0]), type_of(text_of(parts[1]))}] = std::move(answer);
        }
        const SpfInput input{.client = IpAddress::parse(text_of(one.at("ip"))).value(),
                             .helo = text_of(one.at("helo")),
                             .mail_from = text_of(one.at("mail_from"))};
        const SpfVerdict verdict = zone.settle([&](DnsView& view) { return judge_spf(input, view); });
        std::vector<std::string> allowed;
        for (const json::value& result : one.at("results").as_array()) allowed.push_back(text_of(result));
        EXPECT_NE(std::ranges::find(allowed, name_of(verdict.outcome)), allowed.end())
            << id << " (" << text_of(one.at("spec")) << "): " << name_of(verdict.outcome) << " " << verdict.why << ", not "
            << allowed.front();
        EXPECT_LE(zone.asked, 40U) << id;
        ++judged;
    }
    EXPECT_GE(judged, 180U);
}

struct Signed {
    Zone zone;
    json::array cases;
};
const std::optional<Signed>& signed_by_peers() {
    static const std::optional<Signed> all = [] {
        std::optional<Signed> read;
        const auto told = told_by_peers("signed");
        if (!told) return read;
        read.emplace();
        for (const auto& [name, record] : told->at("dns").as_object()) read->zone.txt(std::string{name}, text_of(record));
        read->cases = told->at("cases").as_array();
        return read;
    }();
    return all;
}

TEST(Dkim, AgreesWithMailsThatAnotherProgramSigned) {
    if (!signed_by_peers()) GTEST_SKIP() << "python3-dkim is not installed";
    Zone zone = signed_by_peers()->zone;
    for (const json::value& value : signed_by_peers()->cases) {
        const json::object& one = value.as_object();
        const std::string name = text_of(one.at("name"));
        const SignedClaims claims = signed_claims_of(bytes_of_base64(text_of(one.at("mail"))).value());
        ASSERT_EQ(claims.dkim.size(), 1U) << name;
        const auto verdict = zone.settle([&](DnsView& view) { return judge_signature(claims.dkim[0], view, received); });
        EXPECT_EQ(name_of(verdict.outcome), text_of(one.at("outcome"))) << name << ": " << verdict.why;
        EXPECT_EQ(verdict.why, text_of(one.at("why"))) << name;
        if (!one.at("theirs").is_null()) {
            EXPECT_EQ(verdict.outcome == Outcome::pass, one.at("theirs").as_bool()) << name << ": the other program differs";
        }
    }
}

Authentication judged(Zone zone, const Bytes& raw, const AuthenticationPolicy& policy,
                      std::optional<ClientSession> session = std::nullopt) {
    ParsedMail parsed = parse(raw, {});
    parsed.claims = signed_claims_of(raw);
    const auto through_the_sandbox = decode(encode(parsed));
    EXPECT_EQ(through_the_sandbox, parsed);
    return zone.authenticated({.mail = parsed, .claims = parsed.claims, .session = std::move(session), .received = received},
                              policy);
}

const AuthenticationPolicy asks{.trusted_authserv_id = "", .trusted_arc_sealers = {}, .asks_dns = true};

Bytes mail_named(std::string_view name) {
    for (const json::value& value : signed_by_peers()->cases) {
        if (value.at("name").as_string() == name) return bytes_of_base64(text_of(value.at("mail"))).value();
    }
    ADD_FAILURE() << "no such mail: " << name;
    return {};
}

TEST(Authentication, OfASignedMailIsProvenWhereTheDomainsAreAligned) {
    if (!signed_by_peers()) GTEST_SKIP() << "python3-dkim is not installed";
    Zone zone = signed_by_peers()->zone;
    const Bytes mail = mail_named("relaxed/relaxed");  // From mail.example.com, signed by example.com
    EXPECT_EQ(judged(zone, mail, asks).why, "not_aligned") << "without a record each name stands for itself";
    zone.txt("_dmarc.example.com", "v=DMARC1; p=reject");
    const Authentication proven = judged(zone, mail, asks);
    EXPECT_EQ(proven.verdict, Verdict::proven);
    EXPECT_EQ(proven.proven_by, Mechanism::dkim);
    EXPECT_EQ(proven.proven_domain, "example.com");
    EXPECT_EQ(proven.from_domain, "mail.example.com");
    EXPECT_TRUE(proven.date_is_signed);
    zone.known.erase({"_dmarc.example.com", DnsType::txt});
    zone.txt("_dmarc.example.com", "v=DMARC1; p=none; adkim=s");
    EXPECT_EQ(judged(zone, mail, asks).verdict, Verdict::unproven);
}

TEST(Authentication, OfASilentDnsIsNeverProven) {
    if (!signed_by_peers()) GTEST_SKIP() << "python3-dkim is not installed";
    const Bytes mail = mail_named("relaxed/relaxed");
    Zone zone = signed_by_peers()->zone;
    zone.txt("_dmarc.example.com", "v=DMARC1; p=reject");
    for (const std::string name : {"rsa._domainkey.example.com", "_dmarc.example.com", "_dmarc.mail.example.com"}) {
        Zone silent = zone;
        silent.silent(name);
        const Authentication result = judged(silent, mail, asks);
        EXPECT_EQ(result.verdict, Verdict::unproven_for_now) << name;
        EXPECT_EQ(result.why, "dns") << name;
    }
}

TEST(Authentication, OfSeveralFromFieldsIsNone) {
    if (!signed_by_peers()) GTEST_SKIP() << "python3-dkim is not installed";
    Zone zone = signed_by_peers()->zone;
    zone.txt("_dmarc.example.com", "v=DMARC1; p=reject");
    const Bytes mail = mail_named("relaxed/relaxed");
    ASSERT_EQ(judged(zone, mail, asks).verdict, Verdict::proven);
    for (const std::string before : {"From: Eve <eve@evil.example>\r\n", "from : eve@evil.example\r\n"}) {
        const Authentication result = judged(zone, before + mail, asks);
        EXPECT_EQ(result.verdict, Verdict::unproven);
        EXPECT_EQ(result.why, "no_single_from");
    }
    Bytes two = mail;
    two.replace(two.find("<li@mail.example.com>"), 21, "<eve@evil.example>, <li@mail.example.com>");
    EXPECT_EQ(judged(zone, two, asks).why, "no_single_from");
}

TEST(Authentication, OfAForwardedMailNeedsATrustedForwarder) {
    if (!signed_by_peers()) GTEST_SKIP() << "python3-dkim is not installed";
    Zone zone = signed_by_peers()->zone;
    zone.txt("_dmarc.example.com", "v=DMARC1; p=none");
    AuthenticationPolicy policy = asks;
    EXPECT_EQ(judged(zone, mail_named("forwarded"), policy).verdict, Verdict::unproven);
    policy.trusted_arc_sealers = {"lists.example"};
    for (const std::string name : {"forwarded", "forwarded twice"}) {
        const Authentication result = judged(zone, mail_named(name), policy);
        EXPECT_EQ(result.verdict, Verdict::proven) << name;
        EXPECT_EQ(result.proven_by, Mechanism::arc) << name;
        EXPECT_FALSE(result.date_is_signed);
    }
    EXPECT_EQ(judged(zone, mail_named("forwarded and changed"), policy).verdict, Verdict::unproven);
    Zone silent = zone;
    silent.silent("forwarder._domainkey.lists.example");
    EXPECT_EQ(judged(silent, mail_named("forwarded"), policy).verdict, Verdict::unproven_for_now);
    Bytes forged = mail_named("forwarded");  // what the forwarder says it saw is sealed
    forged.replace(forged.find("header.from=mail.example.com"), 28, "header.from=bank.example.com");
    EXPECT_EQ(judged(zone, forged, policy).verdict, Verdict::unproven);
}

TEST(Arc, ChainsHangTogetherAsTheOtherProgramSays) {
    if (!signed_by_peers()) GTEST_SKIP() << "python3-dkim is not installed";
    Zone zone = signed_by_peers()->zone;
    std::size_t chains = 0;
    for (const json::value& value : signed_by_peers()->cases) {
        if (value.at("arc").is_null()) continue;
        const SignedClaims claims = signed_claims_of(bytes_of_base64(text_of(value.at("mail"))).value());
        ASSERT_EQ(std::ssize(claims.arc), value.at("arc").at("instances").as_int64()) << claims.arc_fault;
        bool holds = true;
        for (const ArcSet& set : claims.arc) {
            const auto seal = zone.settle([&](DnsView& view) { return judge_signature(set.seal, view, received); });
            holds = holds && seal.outcome == Outcome::pass && set.says_chain_passed;
        }
        const auto message =
            zone.settle([&](DnsView& view) { return judge_signature(claims.arc.back().message, view, received); });
        holds = holds && message.outcome == Outcome::pass;
        EXPECT_EQ(holds, value.at("arc").at("theirs").as_string() == "pass") << text_of(value.at("name"));
        ++chains;
    }
    EXPECT_EQ(chains, 3U);
}

ClientSession session_of(std::string_view client, std::string mail_from) {
    return {.client = IpAddress::parse(client).value(), .helo = "mx.example.com", .mail_from = std::move(mail_from)};
}
constexpr std::string_view bare = "From: li@example.com\r\nDate: Sat, 28 Nov 2026 09:00:00 +0800\r\n\r\nhello\r\n";

TEST(Authentication, BySpfCountsOnlyWhereDmarcSaysSo) {
    Zone zone;
    zone.txt("example.com", "v=spf1 ip4:192.0.2.0/24 -all");
    const Bytes mail{bare};
    EXPECT_EQ(judged(zone, mail, asks, session_of("192.0.2.7", "bounce@example.com")).verdict, Verdict::unproven);
    zone.txt("_dmarc.example.com", "v=DMARC1; p=quarantine");
    const Authentication proven = judged(zone, mail, asks, session_of("192.0.2.7", "bounce@example.com"));
    EXPECT_EQ(proven.verdict, Verdict::proven);
    EXPECT_EQ(proven.proven_by, Mechanism::spf);
    EXPECT_EQ(judged(zone, mail, asks, session_of("198.51.100.7", "bounce@example.com")).verdict, Verdict::forged);
    EXPECT_EQ(judged(zone, mail, asks).verdict, Verdict::unproven) << "behind LMTP half of the proof is missing";
    EXPECT_EQ(judged(zone, mail, asks, session_of("192.0.2.7", "bounce@other.example")).verdict, Verdict::forged);
    Zone silent = zone;
    silent.silent("example.com");
    EXPECT_EQ(judged(silent, mail, asks, session_of("192.0.2.7", "bounce@example.com")).verdict, Verdict::unproven_for_now);
}

TEST(Authentication, OfAnUpstreamCountsOnlyFromTheTopmostFieldOfTheTrustedHost) {
    const AuthenticationPolicy policy{.trusted_authserv_id = "mx.okpay.example", .trusted_arc_sealers = {}};
    const auto with = [&](const std::string& fields) { return judged({}, fields + Bytes{bare}, policy); };
    const std::string pass =
        "Authentication-Results: mx.okpay.example; spf=pass smtp.mailfrom=x@example.com;\r\n"
        "\tdmarc=pass (p=REJECT; sp=NONE) header.from=example.com\r\n";
    EXPECT_EQ(with(pass).verdict, Verdict::proven);
    EXPECT_EQ(with(pass).proven_by, Mechanism::upstream);
    EXPECT_EQ(with("").why, "not_checked");
    EXPECT_EQ(with("Authentication-Results: evil.example; none\r\n" + pass).verdict, Verdict::unproven);
    std::string other = pass;
    other.replace(other.rfind("example.com"), 11, "example.net");
    EXPECT_EQ(with(other).verdict, Verdict::unproven);
    other = pass;
    other.replace(other.find("mx.okpay.example"), 16, "mx.okpay.example.evil");
    EXPECT_EQ(with(other).verdict, Verdict::unproven);
    other = pass;
    other.replace(other.find("dmarc=pass"), 10, "dmarc=fail");
    EXPECT_EQ(with(other).verdict, Verdict::forged);
    EXPECT_EQ(with("Authentication-Results: mx.okpay.example; x=y (dmarc=pass header.from=example.com\r\n").verdict,
              Verdict::unproven);
    EXPECT_EQ(
        with("Authentication-Results: mx.okpay.example; x=y reason=\"; dmarc=pass header.from=example.com\"\r\n").verdict,
        Verdict::unproven);
}

TEST(Dmarc, WalksTheTreeAndStopsWhereItIsTold) {
    const auto found = [](Zone zone, const std::string& domain) {
        const auto finding = zone.settle([&](DnsView& view) { return find_dmarc(domain, view); });
        return finding.record_domain + "|" + std::string{name_of(finding.policy)} + "|" + finding.organizational_domain;
    };
    Zone zone;
    zone.host("a.mail.example.com");
    EXPECT_EQ(found(zone, "a.mail.example.com"), "|none|a.mail.example.com");
    zone.txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine; np=none");
    EXPECT_EQ(found(zone, "example.com"), "example.com|reject|example.com");
    EXPECT_EQ(found(zone, "a.mail.example.com"), "example.com|quarantine|example.com");
    EXPECT_EQ(found(zone, "gone.example.com"), "example.com|none|example.com") << "np: no such name";
    zone.txt("_dmarc.mail.example.com", "v=DMARC1; p=none; psd=n");
    EXPECT_EQ(found(zone, "a.mail.example.com"), "mail.example.com|none|mail.example.com");
    zone.txt("_dmarc.com", "v=DMARC1; p=reject; psd=y; np=reject");
    EXPECT_EQ(found(zone, "x.other.com"), "com|reject|other.com") << "one label below the public suffix";
    EXPECT_EQ(found(zone, "example.com"), "example.com|reject|example.com");
    zone.txt("_dmarc.example.com", "v=DMARC1; p=none");
    EXPECT_EQ(found(zone, "example.com"), "com|reject|example.com") << "two records are none";
    zone.txt("_dmarc.t.example", "v=DMARC1; p=reject; t=y");
    EXPECT_EQ(found(zone, "t.example"), "t.example|quarantine|t.example");
    Zone deep;
    deep.txt("_dmarc.h.i.j.k.l.m.example", "v=DMARC1; p=reject");  // seven labels: the first that is walked to
    deep.txt("_dmarc.g.h.i.j.k.l.m.example", "v=DMARC1; p=none");  // eight: passed over
    EXPECT_EQ(found(deep, "a.b.c.d.e.f.g.h.i.j.k.l.m.example"), "h.i.j.k.l.m.example|reject|h.i.j.k.l.m.example");
}

TEST(Dmarc, ReadsRecordsAsTheyAreWritten) {
    EXPECT_FALSE(read_dmarc_record("v=DMARC2; p=reject"));
    EXPECT_FALSE(read_dmarc_record("p=reject; v=DMARC1"));
    EXPECT_FALSE(read_dmarc_record("v=DMARC1; p=refuse"));
    EXPECT_EQ(read_dmarc_record("v=DMARC1; p=refuse; rua=mailto:a@example.com")->policy, DmarcPolicy::none);
    const auto record = read_dmarc_record("v=DMARC1;p=Reject;adkim=s;aspf=S;psd=n;x=unknown");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->policy, DmarcPolicy::reject);
    EXPECT_TRUE(record->strict_dkim && record->strict_spf);
    EXPECT_EQ(record->public_suffix, DmarcRecord::PublicSuffix::no);
}

TEST(Dkim, RefusesWhatThePolicyRefusesWithoutAskingForAKey) {
    const SignatureClaim sound{.domain = "example.com",
                               .selector = "s",
                               .identity = "@example.com",
                               .algorithm = SignatureAlgorithm::rsa_sha256,
                               .signature = "x",
                               .body_matches = true,
                               .signs_from = true,
                               .fault = {}};
    const auto why = [](const SignatureClaim& claim) {
        const DnsFacts nothing;
        DnsView view{nothing};
        const auto verdict = judge_signature(claim, view, received);
        EXPECT_TRUE(!verdict || verdict->outcome != Outcome::pass);
        return verdict ? verdict->why : "asks";
    };
    const std::int64_t now = ms_of(received) / 1'000;
    const auto changed = [&](auto change) {
        SignatureClaim claim = sound;
        change(claim);
        return why(claim);
    };
    EXPECT_EQ(why(sound), "asks");
    EXPECT_EQ(changed([&](auto& c) { c.expires_at = now - 1; }), "expired");
    EXPECT_EQ(changed([&](auto& c) { c.expires_at = now + 1; }), "asks");
    EXPECT_EQ(changed([&](auto& c) { c.signed_at = now + 301; }), "signed_in_future");
    EXPECT_EQ(changed([&](auto& c) { c.signed_at = now + 299; }), "asks");
    EXPECT_EQ(changed([&](auto& c) { c.signs_from = false; }), "from_not_signed");
    EXPECT_EQ(changed([&](auto& c) { c.partial_body = true; }), "partial_body");
    EXPECT_EQ(changed([&](auto& c) { c.algorithm = SignatureAlgorithm::rsa_sha1; }), "sha1");
}

TEST(Dkim, ReadsClaimsWithinTheirDomainAndTheirNumber) {
    const auto fault = [](std::string_view tags) {
        const auto claims =
            signed_claims_of("DKIM-Signature: " + std::string{tags} + "\r\nFrom: a@example.com\r\n\r\nx\r\n");
        return claims.dkim.at(0).fault;
    };
    const std::string good = "v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=AAAA; b=AAAA";
    EXPECT_EQ(fault(good), "");
    EXPECT_EQ(fault(good + "; i=joe@sub.example.com"), "");
    EXPECT_EQ(fault(good + "; i=joe@notexample.com"), "identity_outside_domain");
    EXPECT_EQ(fault(good + "; i=joe"), "malformed");
    EXPECT_EQ(fault(good + "; b=BBBB"), "malformed") << "a tag twice";
    EXPECT_EQ(fault(good + "; t=10; x=10"), "malformed");
    EXPECT_EQ(fault(good + "; q=other"), "unknown_query_method");
    EXPECT_EQ(fault("a=rsa-sha256; d=example.com"), "malformed");
    std::string many;
    for (int i = 0; i < 500; ++i) many += "DKIM-Signature: " + good + "\r\n";
    const auto claims = signed_claims_of(many + "From: a@example.com\r\n\r\nx\r\n");
    EXPECT_EQ(claims.dkim.size(), signatures_evaluated_max);
    EXPECT_EQ(claims.dkim_found, 500U);
}

TEST(AuthenticationResults, AreReadAsTheyAreMeant) {
    const auto read = read_authentication_results(
        " mx.google.com 1;\r\n dkim=pass (2048-bit; a \"comment\") header.i=@example.com header.b=\"a;b\";"
        " spf=softfail reason=\"x=y; z\" smtp.mailfrom=\"a b\"@example.com; dmarc=pass (p=REJECT) header.from=example.com");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->authserv_id, "mx.google.com");
    ASSERT_EQ(read->methods.size(), 3U);
    EXPECT_EQ(read->methods[0].property("header.b"), "a;b");
    EXPECT_EQ(read->methods[1].property("smtp.mailfrom"), "a b@example.com");
    EXPECT_EQ(read->methods[2].comments.at(0), "p=REJECT");
    EXPECT_TRUE(read_authentication_results("mx.example; none"));
    for (const std::string_view bad : {"", ";", "mx.example 2; spf=pass", "mx.example; spf", "mx.example; spf=pass (",
                                       "mx.example; spf=\"pass", "mx.example; spf=pass extra", "=; spf=pass"}) {
        EXPECT_FALSE(read_authentication_results(bad)) << bad;
    }
}

}  // namespace
}  // namespace okpay::mail
