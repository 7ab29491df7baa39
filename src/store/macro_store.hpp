// SPDX-License-Identifier: Apache-2.0
// Rows of macros. A version is never changed; a macro names its newest one. It is retired, never removed, so that what was
// applied can be read for ever.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/moment.hpp"
#include "desk/macro.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct MacroRow {
    desk::MacroNo no;
    std::int64_t version = 0;  // the newest
    Moment updated;            // written, retired or taken back into use
    customers::StaffNo updated_by;
    bool retired = false;
};
void insert_macro(Connection& connection, const MacroRow& row);
void update_macro(Connection& connection, const MacroRow& row);
std::optional<MacroRow> find_macro(Connection& connection, desk::MacroNo no);
std::int64_t count_macros(Connection& connection);       // in use
std::int64_t count_macros_ever(Connection& connection);  // the retired ones too
// In use, of this name, in any letter case of ASCII.
std::optional<desk::MacroNo> macro_named(Connection& connection, std::string_view name);

struct MacroVersionRow {
    std::int64_t no = 0;
    desk::MacroNo macro;
    std::int64_t version = 0;
    desk::Macro written;
    Moment at;
    customers::StaffNo staff;
};
void insert_macro_version(Connection& connection, const MacroVersionRow& row);
std::optional<MacroVersionRow> find_macro_version(Connection& connection, desk::MacroNo macro, std::int64_t version);
// The newest of them, newest first.
std::vector<MacroVersionRow> macro_versions(Connection& connection, desk::MacroNo macro, std::int64_t at_most);
// Of all macros: by macro, the newest first. `take` asks nothing of this connection.
void each_macro_version(Connection& connection, const std::function<void(const MacroVersionRow&)>& take);

struct MacroNow {
    MacroRow row;
    std::optional<MacroVersionRow> newest;  // none: the books are damaged
};
std::vector<MacroNow> macros(Connection& connection);  // the retired ones too, in the order they were made

}  // namespace okpay::store
