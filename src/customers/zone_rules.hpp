// SPDX-License-Identifier: Apache-2.0
// The offsets of one zone, loaded once, for who asks often; local_time.hpp loads them at each call. From ICU's built-in
// data. Copies share what was loaded and may be asked from several threads.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/moment.hpp"

namespace okpay::customers {

class ZoneRules {
public:
    static std::optional<ZoneRules> of(std::string_view zone);  // an IANA name, "Asia/Shanghai"; nothing where unknown

    [[nodiscard]] Millis offset_at(Moment at) const;  // +8 h for Asia/Shanghai; summer time included
    // The first moment after `after` from which the offset is another; nothing where it stays.
    [[nodiscard]] std::optional<Moment> next_change(Moment after) const;
    // When clocks there show `wall`, a local time counted as if it were UTC. Of an hour that is repeated the earlier one; in
    // an hour that is skipped, what clocks would have shown had they not been changed.
    [[nodiscard]] Moment moment_of_wall(Moment wall) const;

private:
    struct Loaded;
    explicit ZoneRules(std::shared_ptr<const Loaded> loaded);
    std::shared_ptr<const Loaded> loaded_;
};

}  // namespace okpay::customers
