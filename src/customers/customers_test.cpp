// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sodium.h>

#include <random>

#include "customers/local_time.hpp"
#include "customers/names.hpp"
#include "customers/password.hpp"
#include "customers/permissions.hpp"
#include "customers/totp.hpp"

namespace okpay::customers {
namespace {

TEST(Names, come_back_as_they_went) {
    for (const Role role : all_roles) EXPECT_EQ(role_of_name(name_of(role)), role);
    EXPECT_EQ(role_of_name("Admin"), std::nullopt);
    EXPECT_EQ(standing_of_name("locked"), Standing::locked);
    EXPECT_EQ(assurance_of_name("a3"), Assurance::a3_second_factor);
    EXPECT_EQ(assurance_of_name("a5"), std::nullopt);
}

// One row per permission, one letter per role that holds it: a)gent t)echnical r)isk s)upervisor u) auditor d) admin.
struct PermissionCase {
    Permission permission;
    std::string_view roles;
};
constexpr std::array permission_cases{
    PermissionCase{Permission::read_tickets, "atrsud"},   PermissionCase{Permission::reply, "atrsd"},
    PermissionCase{Permission::read_customers, "atrsud"}, PermissionCase{Permission::reveal, "arsd"},
    PermissionCase{Permission::propose_remedy, "arsd"},   PermissionCase{Permission::approve_remedy, "arsd"},
    PermissionCase{Permission::reject_remedy, "arsd"},    PermissionCase{Permission::top_up, "sd"},
    PermissionCase{Permission::manage_customers, "sd"},   PermissionCase{Permission::manage_staff, "d"},
    PermissionCase{Permission::read_audit, "rsud"},       PermissionCase{Permission::read_books, "tsud"},
    PermissionCase{Permission::read_ledger, "sud"},       PermissionCase{Permission::set_rates, "sd"},
    PermissionCase{Permission::settle_unknown, "sd"},     PermissionCase{Permission::change_accounts, "sd"},
    PermissionCase{Permission::pay_out_merchants, "sd"},  PermissionCase{Permission::propose_correction, "sd"},
    PermissionCase{Permission::approve_correction, "sd"}, PermissionCase{Permission::manage_locks, "arsd"},
    PermissionCase{Permission::decide_locks, "rsd"},      PermissionCase{Permission::review_identity, "rsd"},
    PermissionCase{Permission::decide_change, "rsd"},     PermissionCase{Permission::manage_mail, "sd"},
    PermissionCase{Permission::edit_faq, "sd"},           PermissionCase{Permission::manage_webhooks, "sd"},
    PermissionCase{Permission::edit_macros, "sd"},        PermissionCase{Permission::edit_counterparties, "sd"},
    PermissionCase{Permission::edit_rules, "sd"},
};
TEST(Permissions, are_the_table) {
    ASSERT_EQ(permission_cases.size(), all_permissions.size());
    constexpr std::string_view letters = "atrsud";
    for (const PermissionCase& c : permission_cases) {
        for (std::size_t n = 0; n < all_roles.size(); ++n) {
            EXPECT_EQ(may(all_roles[n], c.permission), c.roles.find(letters[n]) != std::string_view::npos)
                << name_of(all_roles[n]) << ' ' << name_of(c.permission);
        }
    }
    EXPECT_EQ(permissions_of(Role::admin).size(), all_permissions.size());
}

struct TotpCase {
    std::int64_t seconds;
    std::string_view code;
};
constexpr std::array totp_cases{
                                  // RFC 6238 appendix B, SHA-1, the last six of its eight digits
    TotpCase{59, "287082"},         TotpCase{1111111109, "081804"}, TotpCase{1111111111, "050471"},
    TotpCase{1234567890, "005924"}, TotpCase{2000000000, "279037"}, TotpCase{20000000000, "353130"},
};
const Secret rfc_secret{"12345678901234567890"};

TEST(Totp, agrees_with_the_rfc) {
    for (const TotpCase& c : totp_cases) {
        const Moment at = moment_of_ms(c.seconds * 1000);
        EXPECT_EQ(totp_code(rfc_secret, totp_step(at)), c.code);
        EXPECT_EQ(matching_step(rfc_secret, c.code, at, totp_never_used), totp_step(at));
    }
}

TEST(Totp, forgives_half_a_minute_and_no_more) {
    const Moment at = moment_of_ms(1'234'567'890'000);
    const std::int64_t step = totp_step(at);
    for (std::int64_t off = -3; off <= 3; ++off) {
        const auto matched = matching_step(rfc_secret, totp_code(rfc_secret, step + off), at, totp_never_used);
        EXPECT_EQ(matched.has_value(), off >= -1 && off <= 1) << off;
        if (matched) { EXPECT_EQ(*matched, step + off); }
    }
}

TEST(Totp, a_used_step_never_matches_again) {
    const Moment at = moment_of_ms(1'234'567'890'000);
    const std::int64_t step = totp_step(at);
    const std::string code = totp_code(rfc_secret, step);
    EXPECT_EQ(matching_step(rfc_secret, code, at, step - 1), step);
    EXPECT_EQ(matching_step(rfc_secret, code, at, step), std::nullopt);
    EXPECT_EQ(matching_step(rfc_secret, totp_code(rfc_secret, step - 1), at, step), std::nullopt);  // nor an older one
}

TEST(Totp, reads_only_six_digits) {
    const Moment at = moment_of_ms(59'000);
    EXPECT_TRUE(matching_step(rfc_secret, " 287 082", at, totp_never_used));
    for (const std::string_view text : {"", "28708", "2870820", "28708a", "+287082", "２87082", "287082\n"}) {
        EXPECT_FALSE(matching_step(rfc_secret, text, at, totp_never_used)) << text;
    }
}

TEST(Totp, uri_is_what_apps_read) {
    EXPECT_EQ(otpauth_uri(rfc_secret, "OKPay", "lin mei@pay.example"),
              "otpauth://totp/OKPay:lin%20mei%40pay.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=OKPay"
              "&algorithm=SHA1&digits=6&period=30");
}

constexpr PasswordCost cheap{.memory_kib = 8, .passes = 1};

TEST(Password, is_a_string_that_libsodium_reads) {
    const Bytes salt(password_salt_octets, 's');
    const std::string phc = hash_password(Secret{"correct horse"}, salt);
    EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << phc;
    EXPECT_EQ(crypto_pwhash_str_verify(phc.c_str(), "correct horse", 13), 0);
    EXPECT_TRUE(verify_password(phc, Secret{"correct horse"}));
    EXPECT_FALSE(verify_password(phc, Secret{"correct horsf"}));
    EXPECT_FALSE(needs_rehash(phc));
    EXPECT_TRUE(needs_rehash(hash_password(Secret{"x"}, salt, cheap)));
    EXPECT_NE(hash_password(Secret{"x"}, salt, cheap), hash_password(Secret{"x"}, Bytes(password_salt_octets, 't'), cheap));
}

TEST(Password, refuses_a_planted_or_broken_hash) {
    const std::string good = hash_password(Secret{"x"}, Bytes(password_salt_octets, 's'), cheap);
    ASSERT_TRUE(verify_password(good, Secret{"x"}));
    const std::string tail = good.substr(good.find("p=1"));
    for (const std::string& phc :
         {std::string{}, std::string{"x"}, good + "A", good.substr(1), "$argon2id$v=19$m=99999999,t=1," + tail,
          "$argon2id$v=19$m=8,t=99," + tail, "$argon2i$v=19$m=8,t=1," + tail, "$argon2id$v=19$m=8,t=2," + tail,
          "$argon2id$v=19$m=0,t=1," + tail}) {
        EXPECT_FALSE(verify_password(phc, Secret{"x"})) << phc;
    }
}

struct PasswordCase {
    std::string_view name, text;
    bool second_factor;
    std::optional<PasswordProblem> want;
};
TEST(PasswordRules, are_those_of_nist) {
    using enum PasswordProblem;
    const std::array cases{
        PasswordCase{"words", "correct horse battery staple", false, std::nullopt},
        PasswordCase{"short words with a factor", "gravel hat", true, std::nullopt},
        PasswordCase{"short words without", "gravel hat", false, too_short},
        PasswordCase{"fourteen", "gravel hat moo", false, too_short},
        PasswordCase{"fifteen", "gravel hat moon", false, std::nullopt},
        PasswordCase{"seven with a factor", "gravhat", true, too_short},
        PasswordCase{"chinese characters count as one each", "春眠不觉晓处处闻啼鸟夜来风雨声", false, std::nullopt},
        PasswordCase{"fourteen chinese", "春眠不觉晓处处闻啼鸟夜来风雨", false, too_short},
        PasswordCase{"the classic", "password", true, too_common},
        PasswordCase{"in digits", "P@$$w0rd123", true, too_common},
        PasswordCase{"twice", "PasswordPassword1!", false, too_common},
        PasswordCase{"digits", "1234567890", true, too_common},
        PasswordCase{"a date", "19870412!", true, too_common},
        PasswordCase{"keyboard", "qwertyuiop", true, too_common},
        PasswordCase{"keyboard columns", "1qaz2wsx3edc", true, too_common},
        PasswordCase{"season and year", "Summer2026!", true, too_common},
        PasswordCase{"i love you in pinyin", "woaini1314", true, too_common},
        PasswordCase{"one letter", "aaaaaaaaaaaaaaaa", false, repeats_itself},
        PasswordCase{"three letters", "abcabcabcabcabcabc", false, repeats_itself},
        PasswordCase{"four letters", "xkcdxkcdxkcdxkcd", false, repeats_itself},
        PasswordCase{"the own name", "my lin.mei account", false, contains_account},
        PasswordCase{"the house", "i like okpay a lot", false, contains_account},
        PasswordCase{"control character", "gravel\x01hat moon light", false, not_text},
        PasswordCase{"not utf-8", "gravel\xffhat moon light", false, not_text},
    };
    for (const PasswordCase& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(password_problem(Secret{std::string{c.text}}, c.second_factor, "Lin.Mei@pay.example"), c.want);
    }
    EXPECT_EQ(password_problem(Secret{std::string(password_octets_max + 1, 'x')}, false, ""), too_long);
}

TEST(PasswordRules, every_problem_has_its_words) {
    for (int n = 1; n <= 6; ++n) {
        const auto problem = static_cast<PasswordProblem>(n);
        EXPECT_FALSE(code_of(problem).empty() || advice_en(problem).empty() || advice_zh(problem).empty());
    }
}

struct ZoneCase {
    std::string_view name, zone, utc, local;
};
constexpr std::array zone_cases{
    ZoneCase{"shanghai", "Asia/Shanghai", "2026-11-05T09:48:00Z", "2026-11-05 17:48"},
    ZoneCase{"over midnight", "Asia/Shanghai", "2026-11-05T16:00:00Z", "2026-11-06 00:00"},
    ZoneCase{"new york, summer", "America/New_York", "2026-07-01T12:00:00Z", "2026-07-01 08:00"},
    ZoneCase{"new york, winter", "America/New_York", "2026-12-01T12:00:00Z", "2026-12-01 07:00"},
    ZoneCase{"half an hour", "Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01 05:30"},
    ZoneCase{"unknown counts as utc", "Mars/Olympus", "2026-01-01T00:00:00Z", "2026-01-01 00:00"},
    ZoneCase{"none counts as utc", "", "2026-01-01T00:00:59Z", "2026-01-01 00:00"},
};
TEST(LocalTime, is_what_the_wall_shows) {
    for (const ZoneCase& c : zone_cases) {
        SCOPED_TRACE(c.name);
        const Moment at = *moment_of_rfc3339(c.utc);
        EXPECT_EQ(local_time_text(c.zone, at), c.local);
        EXPECT_EQ(local_day_text(c.zone, at), c.local.substr(0, 10));
        const auto span = local_span(c.zone, c.local);
        ASSERT_TRUE(span);
        EXPECT_LE(span->from, at);
        EXPECT_GT(span->to, at);
    }
    EXPECT_EQ(local_time_with_zone("Asia/Shanghai", moment_of_ms(0)), "1970-01-01 08:00 (Asia/Shanghai)");
    EXPECT_EQ(local_time_with_zone("Mars/Olympus", moment_of_ms(0)), "1970-01-01 00:00 (UTC)");
    EXPECT_TRUE(is_zone("Europe/Berlin"));
    EXPECT_FALSE(is_zone("Mars/Olympus"));
}

TEST(LocalTime, days_are_as_long_as_they_are) {
    const auto hours = [](std::string_view day) {
        const auto span = local_span("America/New_York", day);
        return std::chrono::duration_cast<std::chrono::hours>(span->to - span->from).count();
    };
    EXPECT_EQ(hours("2026-11-05"), 24);
    EXPECT_EQ(hours("2026-11-01"), 25);
    EXPECT_EQ(hours("2026-03-08"), 23);
    EXPECT_EQ(rfc3339(local_span("America/New_York", "2026-11-01T01:30")->from), "2026-11-01T05:30:00Z");  // the earlier
    EXPECT_EQ(rfc3339(local_span("America/New_York", "2026-03-08T02:30")->from), "2026-03-08T07:30:00Z");  // never shown
}

TEST(LocalTime, refuses_what_is_no_time) {
    for (const std::string_view text : {"", "2026", "2026-02-30", "2026-11-05T24:00", "2026-11-05T17:60", "2026/11/05",
                                        "2026-11-05T17:48:00", "2026-11-05x17:48", "2026-11-05T1748"}) {
        EXPECT_FALSE(local_span("Asia/Shanghai", text)) << text;
    }
}

TEST(LocalTime, every_minute_comes_back) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (const std::string_view zone : {"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}) {
        for (int round = 0; round < 500; ++round) {
            const Moment at = moment_of_ms(static_cast<std::int64_t>(random() % 2'000'000'000) * 1000);
            const std::string text = local_time_text(zone, at);
            const auto span = local_span(zone, text);
            ASSERT_TRUE(span);
            ASSERT_EQ(local_time_text(zone, span->from), text);
            ASSERT_LE(span->from, at);  // the earlier of a repeated hour
        }
    }
}

}  // namespace
}  // namespace okpay::customers
