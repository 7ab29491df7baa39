// SPDX-License-Identifier: Apache-2.0
// Documents read by machine: the specimens of ICAO 9303, what recognisers make of them, residents' numbers, names in several
// writings, and what the checks say of them together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "customers/identity_checks.hpp"
#include "customers/mrz.hpp"
#include "customers/person_name.hpp"
#include "customers/resident_id.hpp"

namespace okpay::customers {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Day today = 2026y / std::chrono::November / 28d;

// ICAO 9303 parts 4, 5 and 6, appendices.
const std::string td3 =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
const std::string td2 =
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
    "D231458907UTO7408122F1204159<<<<<<<6\n";
const std::string td1 =
    "I<UTOD231458907<<<<<<<<<<<<<<<\n"
    "7408122F1204159UTO<<<<<<<<<<<6\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n";

TEST(Mrz, reads_the_specimens) {
    for (const auto& [text, format, number] : {std::tuple{td3, MrzFormat::td3, "L898902C3"},
                                               {td2, MrzFormat::td2, "D23145890"},
                                               {td1, MrzFormat::td1, "D23145890"}}) {
        SCOPED_TRACE(text);
        const auto mrz = find_mrz("UTOPIA\nPASSPORT\n\n" + text + "some words\n", today);
        ASSERT_TRUE(mrz);
        EXPECT_EQ(mrz->format, format);
        EXPECT_EQ(mrz->number, number);
        EXPECT_EQ(mrz->issuer, "UTO");
        EXPECT_EQ(mrz->nationality, "UTO");
        EXPECT_EQ(mrz->birth, 1974y / std::chrono::August / 12d);
        EXPECT_EQ(mrz->expiry, 2012y / std::chrono::April / 15d);
        EXPECT_EQ(mrz->sex, 'F');
        EXPECT_TRUE(mrz->all_hold());
        EXPECT_THAT(mrz->repairs, IsEmpty());
        EXPECT_EQ(compare_names("Anna Maria Eriksson", mrz->name_field), NameMatch::same);
    }
}

TEST(Mrz, a_long_number_goes_on_in_the_optional_data) {
    // ICAO 9303 part 5, note j: number D23145890734, check digit 9.
    const auto mrz =
        find_mrz("I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<\n", today);
    ASSERT_TRUE(mrz);
    EXPECT_EQ(mrz->number, "D23145890734");
    EXPECT_TRUE(mrz->number_holds);
    EXPECT_TRUE(mrz->whole_holds);
}

struct Misread {
    std::string_view what, line;
    bool holds;
    std::string_view repair;  // that is said
};
std::ostream& operator<<(std::ostream& to, const Misread& one) { return to << one.what; }

class MrzMisread : public ::testing::TestWithParam<Misread> {};

TEST_P(MrzMisread, is_put_right_only_where_the_check_digit_then_holds) {
    const Misread& one = GetParam();
    const auto mrz = find_mrz("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" + std::string{one.line} + "\n", today);
    ASSERT_TRUE(mrz) << one.line;
    EXPECT_EQ(mrz->all_hold(), one.holds);
    if (one.holds) {
        EXPECT_EQ(mrz->number, "L898902C3");
        EXPECT_EQ(mrz->birth, 1974y / std::chrono::August / 12d);
    }
    if (!one.repair.empty()) { EXPECT_THAT(mrz->repairs, Contains(HasSubstr(one.repair))); }
}

INSTANTIATE_TEST_SUITE_P(
    AsRecognisersDo, MrzMisread,
    ::testing::Values(
        Misread{"O for 0 in the number", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10", true, "O read, 0 meant"},
        Misread{"0 for O in a country", "L898902C36UT07408122F1204159ZE184226B<<<<<10", true, "0 read, O meant"},
        Misread{"O and I in a date", "L898902C36UTO74O8I22F1204159ZE184226B<<<<<10", true, "birth date"},
        Misread{"B for 8 in a date", "L898902C36UTO740B122F1204159ZE184226B<<<<<10", true, "B read, 8 meant"},
        Misread{"S for 5", "L898902C36UTO7408122F12041S9ZE184226B<<<<<10", true, "meant"},
        Misread{"a filler read as S", "L898902C36UTO7408122F1204159ZE184226B<<<<S10", true, "S read, < meant"},
        Misread{"another number", "L898903C36UTO7408122F1204159ZE184226B<<<<<10", false, ""},
        Misread{"another birth date", "L898902C36UTO7508122F1204159ZE184226B<<<<<10", false, ""}),
    [](const auto& info) {
        std::string name{info.param.what};
        for (char& c : name) {
            if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
        }
        return name;
    });

TEST(Mrz, nothing_is_made_of_what_is_no_zone) {
    EXPECT_FALSE(find_mrz("", today));
    EXPECT_FALSE(
        find_mrz("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH\nABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH\n", today));
    EXPECT_FALSE(find_mrz(std::string(100'000, '<'), today));
}

// One letter or digit changed in a field that a check digit covers is noticed: 7, 3 and 1 are prime to ten.
TEST(Mrz, a_changed_digit_is_noticed) {
    std::mt19937 random{20261128};
    for (int round = 0; round < 400; ++round) {
        std::string line = td3.substr(45, 44);
        const std::size_t at = std::array<std::size_t, 12>{13, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 26}[random() % 12];
        const char changed = static_cast<char>('0' + random() % 10);
        if (line[at] == changed) continue;
        line[at] = changed;
        const auto mrz = find_mrz(td3.substr(0, 45) + line + "\n", today);
        ASSERT_TRUE(mrz);
        EXPECT_FALSE(mrz->all_hold()) << line;
    }
}

TEST(Mrz, a_birth_date_ahead_is_of_the_last_century) {
    const std::string line =
        "L898902C3"
        "6"
        "UTO"
        "260101" +
        std::string{*mrz_check_digit("260101")} +
        "F2704159"
        "ZE184226B<<<<<10";
    const auto young = find_mrz(td3.substr(0, 45) + line, today);
    ASSERT_TRUE(young);
    EXPECT_EQ(young->birth, 2026y / std::chrono::January / 1d);
    const std::string ahead =
        "L898902C3"
        "6"
        "UTO"
        "270101" +
        std::string{*mrz_check_digit("270101")} +
        "F1204159"
        "ZE184226B<<<<<10";
    EXPECT_EQ(find_mrz(td3.substr(0, 45) + ahead, today)->birth, 1927y / std::chrono::January / 1d);
}

struct IdCase {
    std::string_view number;
    ResidentIdFault fault;
};
TEST(ResidentId, is_checked_by_gb_11643) {
    for (const IdCase& one :
         {IdCase{"11010519491231002X", ResidentIdFault::none},  // of the standard itself
          IdCase{"440524188001010014", ResidentIdFault::none},  // likewise
          IdCase{"11010519491231002x", ResidentIdFault::none}, IdCase{"110105 19491231 002X", ResidentIdFault::none},
          IdCase{"110105194912310021", ResidentIdFault::check_character},
          IdCase{"11010519491232002X", ResidentIdFault::birth_date},
          IdCase{"11010520990101002X", ResidentIdFault::birth_date}, IdCase{"19010519491231002X", ResidentIdFault::region},
          IdCase{"1101051949123100", ResidentIdFault::shape}, IdCase{"1101051949X231002X", ResidentIdFault::shape},
          IdCase{"", ResidentIdFault::shape}, IdCase{"11010519491231002X1", ResidentIdFault::shape}}) {
        SCOPED_TRACE(one.number);
        EXPECT_EQ(read_resident_id(one.number, today).fault, one.fault);
    }
    const auto read = read_resident_id("11010519491231002X", today);
    EXPECT_EQ(read.id->birth, 1949y / std::chrono::December / 31d);
    EXPECT_TRUE(read.id->woman);
}

TEST(ResidentId, is_found_in_what_was_read) {
    const auto found = find_resident_id("GONGMIN SHENFEN\nHAOMA 1101051949123 1OO2X 5\n", today);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->number, "11010519491231002X");
    EXPECT_FALSE(find_resident_id("110105194912310021 no", today));
}

TEST(ResidentId, one_changed_digit_or_two_that_changed_places_are_noticed) {
    const std::string right = "11010519491231002X";
    for (std::size_t at = 14; at < 17; ++at) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string changed = right;
            if (changed[at] == digit) continue;
            changed[at] = digit;
            EXPECT_NE(read_resident_id(changed, today).fault, ResidentIdFault::none) << changed;
        }
    }
    EXPECT_NE(read_resident_id("11010519491231020X", today).fault, ResidentIdFault::none);
}

struct NameCase {
    std::string_view stated, zone;
    NameMatch want;
};
TEST(PersonName, several_writings_of_one_name_are_one) {
    for (const NameCase& one :
         {NameCase{"Anna Maria Eriksson", "ERIKSSON<<ANNA<MARIA<<<<", NameMatch::same},
          NameCase{"eriksson anna-maria", "ERIKSSON<<ANNA<MARIA<<<<", NameMatch::same},
          NameCase{"Anna Maria Eriksson", "ERIKSSON<<ANNASMARIAK<<K<<K<<<<K<K<<KKKKSKS", NameMatch::same},
          NameCase{"Anna Maria Eriksson", "ERIKSSON<<ANNAXMARIA<<<<<<<<K<KKKKKKKKK", NameMatch::same},
          NameCase{"王小明", "WANG<<XIAOMING<<<<<<", NameMatch::same},
          NameCase{"Wang Xiaoming", "WANG<<XIAOMING<<<<<<", NameMatch::same},
          NameCase{"Xiǎomíng Wáng", "WANG<<XIAOMING<<<<<<", NameMatch::same},
          NameCase{"吕小红", "LYU<<XIAOHONG<<<<", NameMatch::same},
          NameCase{"Jürgen Müller", "MUELLER<<JUERGEN<<<<<", NameMatch::same},
          NameCase{"Jürgen Müller", "MULLER<<JURGEN<<<<<", NameMatch::same},
          NameCase{"Søren Åkesson", "AAKESSON<<SOEREN<<<<<", NameMatch::same},
          NameCase{"José Núñez", "NUNEZ<<JOSE<<<", NameMatch::same},
          NameCase{"Sinéad O'Connor", "OCONNOR<<SINEAD<<<", NameMatch::same},
          NameCase{"Lukas Stecks", "STECKS<<LUKAS<<<<", NameMatch::same},
          NameCase{"Anna Eriksson", "ERIKSSON<<ANNA<MARIA<<<<", NameMatch::part},
          NameCase{"Anna Maria Eriksson", "ERIKSSON<<ANNA<<<<<<", NameMatch::part},
          NameCase{"Anna Ericsson", "ERIKSSON<<ANNA<MARIA<<<<", NameMatch::different},
          NameCase{"Bob Smith", "ERIKSSON<<ANNA<MARIA<<<<", NameMatch::different},
          NameCase{"An", "ERIKSSON<<ANNA<MARIA<<<<", NameMatch::different},
          NameCase{"", "ERIKSSON<<ANNA<<<<", NameMatch::different},
          NameCase{"Anna", "", NameMatch::different}}) {
        SCOPED_TRACE(std::string{one.stated} + " / " + std::string{one.zone});
        EXPECT_EQ(compare_names(one.stated, one.zone), one.want);
    }
}

TEST(PersonName, whatever_is_typed_is_compared_in_bounded_time) {
    EXPECT_EQ(compare_names(std::string(5'000, 'A'), std::string(5'000, 'A')), NameMatch::same) << "one word, cut alike";
    std::string parts, zone;
    for (int i = 0; i < 8; ++i) parts += "A ";
    zone = std::string(380, 'A');
    EXPECT_NE(compare_names(parts, zone), NameMatch::same);
}

IdentityFacts eriksson() {
    return {.document = DocumentKind::passport,
            .country = "UTO",
            .name = "Anna Maria Eriksson",
            .birth = 1974y / std::chrono::August / 12d,
            .number = "L898902C3"};
}
CheckVerdict verdict(const CheckedIdentity& checked, IdentityCheckKind kind) {
    for (const IdentityCheck& check : checked.checks) {
        if (check.kind == kind) return check.verdict;
    }
    ADD_FAILURE() << "no check " << name_of(kind);
    return CheckVerdict::not_read;
}
constexpr Day in_2011 = 2011y / std::chrono::May / 1d;

TEST(IdentityChecks, a_good_passport_passes_all) {
    const auto checked = check_identity(eriksson(), {.texts = {"no zone here", td3}}, in_2011);
    EXPECT_TRUE(checked.readable);
    EXPECT_EQ(checked.expires, 2012y / std::chrono::April / 15d);
    for (const IdentityCheck& check : checked.checks) {
        EXPECT_EQ(check.verdict, CheckVerdict::passed) << name_of(check.kind) << ": " << check.stated << " / " << check.read;
    }
    EXPECT_EQ(checked.checks.size(), 9U);
}

TEST(IdentityChecks, each_says_what_is_wrong_with_its_evidence) {
    using K = IdentityCheckKind;
    const IdentityReadings read{.texts = {td3}};
    EXPECT_EQ(verdict(check_identity(eriksson(), read, today), K::document_expiry), CheckVerdict::failed);
    IdentityFacts facts = eriksson();
    facts.name = "Bob Smith";
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::name), CheckVerdict::failed);
    facts.name = "Anna Eriksson";
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::name), CheckVerdict::attention);
    facts.name = "李小明";
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::name), CheckVerdict::attention)
        << "characters have several readings: a person looks";
    facts = eriksson();
    facts.birth = 1974y / std::chrono::August / 13d;
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::birth_date), CheckVerdict::failed);
    facts = eriksson();
    facts.number = "L898902C4";
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::document_number), CheckVerdict::failed);
    facts = eriksson();
    facts.country = "DEU";
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::country), CheckVerdict::failed);
    facts = eriksson();
    facts.birth = 1994y / std::chrono::May / 2d;
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::age), CheckVerdict::failed) << "18 tomorrow";
    facts.birth = 1993y / std::chrono::May / 1d;
    EXPECT_EQ(verdict(check_identity(facts, read, in_2011), K::age), CheckVerdict::passed) << "18 today";
    EXPECT_EQ(verdict(check_identity(eriksson(), {.texts = {td3}, .number_elsewhere = true}, in_2011), K::number_elsewhere),
              CheckVerdict::failed);
}

TEST(IdentityChecks, what_was_not_read_is_said_and_nothing_passes_by_it) {
    const auto checked = check_identity(eriksson(), {.texts = {"blurred"}}, in_2011);
    EXPECT_FALSE(checked.readable);
    EXPECT_FALSE(checked.expires);
    EXPECT_EQ(verdict(checked, IdentityCheckKind::machine_zone), CheckVerdict::not_read);
    EXPECT_EQ(verdict(checked, IdentityCheckKind::name), CheckVerdict::not_read);
    EXPECT_EQ(verdict(checked, IdentityCheckKind::birth_date), CheckVerdict::not_read);
}

TEST(IdentityChecks, a_residents_card_is_checked_by_its_number) {
    IdentityFacts facts{.document = DocumentKind::chinese_resident_id,
                        .country = "CHN",
                        .name = "王小明",
                        .birth = 1949y / std::chrono::December / 31d,
                        .number = "11010519491231002X"};
    auto checked = check_identity(facts, {.texts = {"11010519491231002X"}}, today);
    for (const IdentityCheck& check : checked.checks) EXPECT_EQ(check.verdict, CheckVerdict::passed) << name_of(check.kind);
    EXPECT_TRUE(checked.readable) << "no zone is asked of it";
    facts.number = "110105194912310021";
    checked = check_identity(facts, {}, today);
    EXPECT_EQ(verdict(checked, IdentityCheckKind::resident_id), CheckVerdict::failed);
    EXPECT_EQ(verdict(checked, IdentityCheckKind::document_number), CheckVerdict::not_read);
}

TEST(Days, are_read_strictly) {
    EXPECT_EQ(day_of("1974-08-12"), 1974y / std::chrono::August / 12d);
    for (const char* text : {"1974-8-12", "1974-02-30", "74-08-12", "1974/08/12", "1974-08-1x", "", "-974-08-12"}) {
        EXPECT_EQ(day_of(text), std::nullopt) << text;
    }
    EXPECT_EQ(text_of(1974y / std::chrono::August / 2d), "1974-08-02");
    EXPECT_EQ(age_on(2008y / std::chrono::February / 29d, 2026y / std::chrono::February / 28d), 17);
}

}  // namespace
}  // namespace okpay::customers
