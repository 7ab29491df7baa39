// SPDX-License-Identifier: Apache-2.0
// Macros: their versions are all there, each was one that may be, what is in use says no amount of its own, and no two in
// use bear one name.
#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/macro_store.hpp"

namespace okpay::store {

CheckReport check_macros(Connection& connection) {
    CheckReport report{.name = "macros"};
    struct Known {
        std::int64_t newest, expected;
        bool retired, whole = true;
    };
    std::map<desk::MacroNo, Known> known;
    std::map<std::string, desk::MacroNo> names;
    for (const auto& [row, newest] : macros(connection)) {
        ++report.looked_at;
        known.emplace(row.no, Known{.newest = row.version, .expected = row.version, .retired = row.retired});
        if (row.retired || !newest) continue;
        const auto [same, fresh] = names.emplace(ascii_lower(newest->written.name), row.no);
        if (!fresh) report.fault(fmt::format("macros {} and {} bear one name", number_of(same->second), number_of(row.no)));
    }
    each_macro_version(connection, [&](const MacroVersionRow& version) {
        ++report.looked_at;
        const auto macro = known.find(version.macro);
        if (macro == known.end()) {
            report.fault(fmt::format("version {} is of no macro", version.no));
            return;
        }
        Known& of = macro->second;
        of.whole = of.whole && version.version == of.expected--;
        // What was lawful when it was written stays so, whatever is read as an amount today.
        const bool is_used = !of.retired && version.version == of.newest;
        if (const auto fault = is_used ? desk::fault_in(version.written) : desk::fault_in_form(version.written))
            report.fault(fmt::format("macro {}, version {}: {}", number_of(version.macro), version.version, fault->why));
    });
    for (const auto& [no, of] : known) {
        if (!of.whole || of.expected != 0)
            report.fault(fmt::format("of macro {} not all versions are there", number_of(no)));
    }
    return report;
}

}  // namespace okpay::store
