// SPDX-License-Identifier: Apache-2.0
// Macros: an answer with places for the facts of a request, and what is done to the request along with it. A macro is
// written once, by a supervisor, and says no amount of its own: its only figure is that of a payment, bound when it is
// filled in (figures.hpp). Whoever sends what came of it is held to the same rule again. Why: docs/decisions/0039.
//
// Places stand in braces, "{customer_name}"; "{{" and "}}" stand for braces.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/figures.hpp"
#include "desk/language.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

enum class MacroNo : std::int64_t {};
constexpr std::int64_t number_of(MacroNo no) { return static_cast<std::int64_t>(no); }

inline constexpr std::size_t macro_name_octets_max = 120;
inline constexpr std::size_t macro_text_octets_max = 16UL * 1024;  // of each language
inline constexpr std::int64_t macro_snooze_hours_max = 90 * 24;    // ticket_links.hpp says how far a request may sleep
inline constexpr std::int64_t macros_max = 500;                    // that are in use
inline constexpr std::int64_t macros_ever_max = 2'000;             // with the retired ones, which are kept for ever
inline constexpr std::int64_t macro_versions_shown_max = 50;       // of one, the newest; all are kept

enum class MacroAssign : std::uint8_t {  // stored, append only
    unchanged = 0,
    me = 1,  // whoever applies it
    nobody = 2,
    person = 3,
};
std::string_view name_of(MacroAssign assign);  // "me", "nobody", "person"; unchanged is ""

struct MacroActions {
    std::optional<TicketState> state_after;  // open, pending_customer or solved
    MacroAssign assign = MacroAssign::unchanged;
    std::optional<customers::StaffNo> person;  // of MacroAssign::person
    std::int64_t snooze_hours = 0;             // 0: it does not sleep
    [[nodiscard]] bool any() const { return state_after || assign != MacroAssign::unchanged || snooze_hours > 0; }
    friend bool operator==(const MacroActions&, const MacroActions&) = default;
};

struct Macro {
    std::string name;
    std::string text_en, text_zh;  // a pair, Simplified; both empty: it writes no answer
    MacroActions actions;
    [[nodiscard]] bool writes() const { return !text_en.empty(); }
    friend bool operator==(const Macro&, const Macro&) = default;
};

struct MacroFault {
    bool says_amount;  // else it is malformed
    std::string why;   // "text_en: …"
    friend bool operator==(const MacroFault&, const MacroFault&) = default;
};
// `fault_in` judges what is written or comes into use. What was lawful once is judged by its form alone: a scanner that
// learns to read more amounts makes no fault of an old version.
std::optional<MacroFault> fault_in(const Macro& macro);
std::optional<MacroFault> fault_in_form(const Macro& macro);

// The names of places that are known, in the order in which they are offered.
std::vector<std::string_view> macro_places();
bool needs_payment(std::string_view text);  // one of its places is a fact of a payment

// The facts of a request. What comes from outside is set in as one plain line.
struct MacroFacts {
    std::string_view request_number;
    std::string_view customer_name;  // empty: unknown, or not to be told; then neutral words stand there
    std::string_view agent_name;
    std::string_view zone;  // of the customer, for times
    struct BoundPayment {
        BoundFigure amount;
        std::string_view reference;  // "pay_…"
        Moment at;
        std::string_view merchant;  // empty where it was paid to none
    };
    std::optional<BoundPayment> payment = std::nullopt;
};

enum class MacroError : std::uint8_t { malformed, payment_missing, merchant_missing, figure_not_bound };
// `text` in `language`; for Traditional Chinese the caller brings a text in it.
[[nodiscard]] Result<std::string, MacroError> filled(std::string_view text, const MacroFacts& facts, Language language);

}  // namespace okpay::desk
