// SPDX-License-Identifier: Apache-2.0
// Who really sent it, as a hostile sender and a hostile DNS would have it. The first octet chooses the reader: a mail's
// signatures, an SPF, DKIM or DMARC record, Authentication-Results, a DNS message. The laws: what the sandbox says comes
// through its codec unchanged; every judgement ends within its questions; where the DNS is silent nothing is proven.
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "mail/authentication.hpp"
#include "mail/authentication_results.hpp"
#include "mail/codec.hpp"
#include "mail/dmarc.hpp"
#include "mail/key_record.hpp"
#include "net/dns_message.hpp"

namespace {

using namespace okpay;
using namespace okpay::mail;

constexpr Moment received = moment_of_ms(1'790'000'000'000);

// Every text record is the input, and every host is the client's.
DnsAnswer hostile(const DnsQuestion& question, ByteView input) {
    switch (question.type) {
    case DnsType::txt: return {DnsStatus::found, {Bytes{input}}};
    case DnsType::mx: return {DnsStatus::found, {"mx.example.com"}};
    case DnsType::a: return {DnsStatus::found, {Bytes("\xC0\0\2\1", 4)}};
    case DnsType::aaaa: return {DnsStatus::no_data, {}};
    }
    return {};
}

template <class Judge>
void settle(ByteView input, Judge judge) {
    DnsFacts facts;
    for (int round = 0;; ++round) {
        ensure(round < 60);
        DnsView view{facts};
        const bool done = judge(view);
        ensure(done == view.wanted().empty());
        if (done) return;
        for (const DnsQuestion& question : view.wanted()) facts[question] = hostile(question, input);
    }
}

void judge_mail(ByteView input) {
    ParsedMail parsed = parse(input, {});
    parsed.claims = signed_claims_of(input);
    ensure(decode(encode(parsed)) == parsed);
    const AuthenticationPolicy policy{.trusted_authserv_id = "", .trusted_arc_sealers = {"example.com"}, .asks_dns = true};
    DnsFacts facts;
    for (int round = 0;; ++round) {
        ensure(round < 60);
        const auto step =
            authenticate({.mail = parsed, .claims = parsed.claims, .session = std::nullopt, .received = received}, policy,
                         facts);
        if (const auto* done = std::get_if<Authentication>(&step)) {
            ensure(done->verdict != Verdict::proven && done->verdict != Verdict::forged);
            return;
        }
        for (const DnsQuestion& question : std::get<1>(step)) facts[question] = {DnsStatus::timed_out, {}};
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const ByteView input{reinterpret_cast<const char*>(data) + 1, size - 1};
    switch (data[0] % 6) {
    case 0: judge_mail(input); break;
    case 1:
        settle(input, [](DnsView& view) {
            const SpfInput spf{.client = *IpAddress::parse("192.0.2.1"),
                               .helo = "h.example.com",
                               .mail_from = "a@example.com"};
            return judge_spf(spf, view).has_value();
        });
        break;
    case 2:
        settle(input, [](DnsView& view) {
            SignatureClaim claim{.domain = "example.com",
                                 .selector = "s",
                                 .identity = "@example.com",
                                 .algorithm = SignatureAlgorithm::rsa_sha256,
                                 .signature = Bytes(256, 'x'),
                                 .body_matches = true,
                                 .signs_from = true,
                                 .fault = {}};
            const auto verdict = judge_signature(claim, view, received);
            return verdict.has_value();
        });
        break;
    case 3: settle(input, [](DnsView& view) { return find_dmarc("a.b.example.com", view).has_value(); }); break;
    case 4: read_authentication_results(input); break;
    default:
        for (const DnsType type : {DnsType::a, DnsType::aaaa, DnsType::mx, DnsType::txt}) net::read_dns_message(input, type);
    }
    return 0;
}
