// SPDX-License-Identifier: Apache-2.0
#include "customers/zone_rules.hpp"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "customers/local_time.hpp"

namespace okpay::customers {

struct ZoneRules::Loaded {
    std::unique_ptr<icu::TimeZone> zone;
    const icu::BasicTimeZone* changes;  // the same object, where it knows its changes
};

ZoneRules::ZoneRules(std::shared_ptr<const Loaded> loaded) : loaded_{std::move(loaded)} {}

std::optional<ZoneRules> ZoneRules::of(std::string_view zone) {
    if (!is_zone(zone)) return std::nullopt;
    const auto piece = icu::StringPiece(zone.data(), static_cast<std::int32_t>(zone.size()));
    std::unique_ptr<icu::TimeZone> rules{icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(piece))};
    const auto* changes = dynamic_cast<const icu::BasicTimeZone*>(rules.get());
    return ZoneRules{std::make_shared<const Loaded>(Loaded{std::move(rules), changes})};
}

Millis ZoneRules::offset_at(Moment at) const {
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    UErrorCode error = U_ZERO_ERROR;
    loaded_->zone->getOffset(static_cast<UDate>(ms_of(at)), 0, raw, summer, error);
    return U_FAILURE(error) ? Millis{0} : Millis{raw + summer};
}

std::optional<Moment> ZoneRules::next_change(Moment after) const {
    if (loaded_->changes == nullptr) return std::nullopt;
    const Millis now = offset_at(after);
    icu::TimeZoneTransition change;
    UDate from = static_cast<UDate>(ms_of(after));
    while (loaded_->changes->getNextTransition(from, 0, change) != 0) {
        from = change.getTime();
        const Moment at = moment_of_ms(static_cast<std::int64_t>(from));
        if (offset_at(at) != now) return at;  // others change only the name
    }
    return std::nullopt;
}

Moment ZoneRules::moment_of_wall(Moment wall) const {
    const std::chrono::hours around{24};
    const Millis before = offset_at(wall - around);
    const Millis after = offset_at(wall + around);
    const bool before_holds = offset_at(wall - before) == before;
    const bool after_holds = offset_at(wall - after) == after;
    if (before_holds && after_holds) return wall - std::max(before, after);
    return after_holds ? wall - after : wall - before;
}

}  // namespace okpay::customers
