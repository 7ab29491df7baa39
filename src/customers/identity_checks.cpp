// SPDX-License-Identifier: Apache-2.0
#include "customers/identity_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "customers/person_name.hpp"
#include "customers/resident_id.hpp"

namespace okpay::customers {
namespace {

using Kind = IdentityCheckKind;
using Verdict = CheckVerdict;

// "D" of a German passport is DEU; the United Kingdom has letters of its own for its kinds of nationals.
std::string issuer_alpha3(const std::string& issuer) {
    if (issuer == "D") return "DEU";
    if (issuer == "GBD" || issuer == "GBN" || issuer == "GBO" || issuer == "GBP" || issuer == "GBS") return "GBR";
    return issuer;
}

std::optional<Mrz> best_mrz(const IdentityReadings& readings, Day today) {
    std::optional<Mrz> best;
    for (const std::string& text : readings.texts) {
        auto found = find_mrz(text, today);
        if (found && (!best || found->checks_held() > best->checks_held())) best = std::move(found);
    }
    return best;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : "; ") + part;
    return all;
}

class Checker {
public:
    Checker(const IdentityFacts& facts, const IdentityReadings& readings, Day today)
        : facts_{facts}, readings_{readings}, today_{today}, mrz_{best_mrz(readings, today)} {}

    CheckedIdentity all() && {
        const bool chinese = facts_.document == DocumentKind::chinese_resident_id;
        if (!chinese) {
            machine_zone();
            expiry();
            number();
            name();
        }
        if (chinese) number_on_picture();
        birth();
        add(Kind::age, age_on(facts_.birth, today_) >= minimum_age_years ? Verdict::passed : Verdict::failed,
            text_of(facts_.birth), fmt::format("{}", age_on(facts_.birth, today_)));
        if (chinese) resident_id();
        if (!chinese) country();
        add(Kind::number_elsewhere, readings_.number_elsewhere ? Verdict::failed : Verdict::passed, "", "");
        add(Kind::picture_elsewhere, readings_.picture_elsewhere ? Verdict::failed : Verdict::passed, "", "");
        std::ranges::sort(found_.checks, {}, &IdentityCheck::kind);
        return std::move(found_);
    }

private:
    void add(Kind kind, Verdict verdict, std::string stated, std::string read) {
        found_.checks.push_back({kind, verdict, std::move(stated), std::move(read)});
    }

    void machine_zone() {
        if (!mrz_) {
            found_.readable = false;
            add(Kind::machine_zone, Verdict::not_read, "", "");
            return;
        }
        found_.readable = mrz_->checks_held() >= 3;
        const std::string read = fmt::format("{} of 4 check digits hold{}{}", mrz_->checks_held(),
                                             mrz_->repairs.empty() ? "" : "; ", joined(mrz_->repairs));
        add(Kind::machine_zone,
            !mrz_->all_hold()       ? Verdict::failed
            : mrz_->repairs.empty() ? Verdict::passed
                                    : Verdict::attention,
            "", read);
    }

    void expiry() {
        if (!mrz_ || !mrz_->expiry || !mrz_->expiry_holds) return add(Kind::document_expiry, Verdict::not_read, "", "");
        found_.expires = mrz_->expiry;
        const bool over = std::chrono::sys_days{*mrz_->expiry} < std::chrono::sys_days{today_};
        add(Kind::document_expiry, over ? Verdict::failed : Verdict::passed, "", text_of(*mrz_->expiry));
    }

    void number() {
        if (!mrz_ || mrz_->number.empty()) return add(Kind::document_number, Verdict::not_read, facts_.number, "");
        Verdict verdict = Verdict::failed;
        if (mrz_->number == facts_.number) verdict = mrz_->number_holds ? Verdict::passed : Verdict::attention;
        add(Kind::document_number, verdict, facts_.number, mrz_->number);
    }

    void name() {
        if (!mrz_) return add(Kind::name, Verdict::not_read, facts_.name, "");
        Verdict verdict = Verdict::attention;
        switch (compare_names(facts_.name, mrz_->name_field)) {
        case NameMatch::same: verdict = Verdict::passed; break;
        case NameMatch::part: verdict = Verdict::attention; break;
        case NameMatch::different: {
            // A Chinese character may be read in two ways: that is no mismatch yet.
            const bool latin = std::ranges::all_of(facts_.name, [](char c) { return static_cast<unsigned char>(c) < 0xE0; });
            verdict = latin ? Verdict::failed : Verdict::attention;
        }
        }
        add(Kind::name, verdict, facts_.name, mrz_->name_field);
    }

    void birth() {
        if (facts_.document == DocumentKind::chinese_resident_id) {
            const auto read = read_resident_id(facts_.number, today_);
            if (!read.id) return add(Kind::birth_date, Verdict::not_read, text_of(facts_.birth), "");
            return add(Kind::birth_date, read.id->birth == facts_.birth ? Verdict::passed : Verdict::failed,
                       text_of(facts_.birth), text_of(read.id->birth));
        }
        if (!mrz_ || !mrz_->birth || !mrz_->birth_holds) {
            return add(Kind::birth_date, Verdict::not_read, text_of(facts_.birth), "");
        }
        // Two digits of the year stand in the zone: who is older than a hundred is not called a liar.
        const Day read = *mrz_->birth;
        const bool same = read.month() == facts_.birth.month() && read.day() == facts_.birth.day() &&
                          static_cast<int>(read.year()) % 100 == static_cast<int>(facts_.birth.year()) % 100;
        add(Kind::birth_date, same ? Verdict::passed : Verdict::failed, text_of(facts_.birth), text_of(read));
    }

    // A resident's card has no zone: its number is looked for in what was read.
    void number_on_picture() {
        std::optional<ResidentId> found;
        for (const std::string& text : readings_.texts) {
            if (!found) found = find_resident_id(text, today_);
        }
        if (!found) return add(Kind::document_number, Verdict::not_read, facts_.number, "");
        add(Kind::document_number, found->number == facts_.number ? Verdict::passed : Verdict::failed, facts_.number,
            found->number);
    }

    void resident_id() {
        switch (read_resident_id(facts_.number, today_).fault) {
        case ResidentIdFault::none: return add(Kind::resident_id, Verdict::passed, facts_.number, "GB 11643");
        case ResidentIdFault::shape: return add(Kind::resident_id, Verdict::failed, facts_.number, "shape");
        case ResidentIdFault::region: return add(Kind::resident_id, Verdict::failed, facts_.number, "region");
        case ResidentIdFault::birth_date: return add(Kind::resident_id, Verdict::failed, facts_.number, "birth date");
        case ResidentIdFault::check_character:
            return add(Kind::resident_id, Verdict::failed, facts_.number, "check character");
        }
        std::abort();
    }

    void country() {
        if (!mrz_) return add(Kind::country, Verdict::not_read, facts_.country, "");
        add(Kind::country, issuer_alpha3(mrz_->issuer) == facts_.country ? Verdict::passed : Verdict::failed, facts_.country,
            mrz_->issuer);
    }

    const IdentityFacts& facts_;
    const IdentityReadings& readings_;
    Day today_;
    std::optional<Mrz> mrz_;
    CheckedIdentity found_;
};

}  // namespace

std::string_view name_of(IdentityCheckKind kind) {
    switch (kind) {
    case Kind::machine_zone: return "machine_zone";
    case Kind::document_expiry: return "document_expiry";
    case Kind::document_number: return "document_number";
    case Kind::name: return "name";
    case Kind::birth_date: return "birth_date";
    case Kind::age: return "age";
    case Kind::resident_id: return "resident_id";
    case Kind::country: return "country";
    case Kind::number_elsewhere: return "number_elsewhere";
    case Kind::picture_elsewhere: return "picture_elsewhere";
    }
    std::abort();
}

std::string_view name_of(CheckVerdict verdict) {
    switch (verdict) {
    case Verdict::passed: return "passed";
    case Verdict::attention: return "attention";
    case Verdict::failed: return "failed";
    case Verdict::not_read: return "not_read";
    }
    std::abort();
}

VerificationCode code_suggested_by(IdentityCheckKind kind) {
    switch (kind) {
    case Kind::machine_zone: return VerificationCode::document_unreadable;
    case Kind::document_expiry: return VerificationCode::document_expired;
    case Kind::document_number:
    case Kind::resident_id: return VerificationCode::id_number_mismatch;
    case Kind::name: return VerificationCode::name_mismatch;
    case Kind::birth_date: return VerificationCode::birth_date_mismatch;
    case Kind::age: return VerificationCode::under_age;
    case Kind::country: return VerificationCode::country_not_supported;
    case Kind::number_elsewhere:
    case Kind::picture_elsewhere: return VerificationCode::manipulated;
    }
    std::abort();
}

CheckedIdentity check_identity(const IdentityFacts& facts, const IdentityReadings& readings, Day today) {
    return Checker{facts, readings, today}.all();
}

std::string text_of(Day day) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::optional<Day> day_of(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto number = [text](std::size_t at, std::size_t count) {
        int value = -1;
        const char* const end = text.data() + at + count;
        const auto [stopped, error] = std::from_chars(text.data() + at, end, value);
        return error == std::errc{} && stopped == end ? value : -1;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 0 || month < 0 || day < 0) return std::nullopt;
    const Day found{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                    std::chrono::day{static_cast<unsigned>(day)}};
    return found.ok() ? std::optional{found} : std::nullopt;
}

int age_on(Day birth, Day today) {
    const int years = static_cast<int>(today.year()) - static_cast<int>(birth.year());
    const bool had_birthday =
        today.month() > birth.month() || (today.month() == birth.month() && today.day() >= birth.day());
    return had_birthday ? years : years - 1;
}

}  // namespace okpay::customers
