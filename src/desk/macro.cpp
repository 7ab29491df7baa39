// SPDX-License-Identifier: Apache-2.0
#include "desk/macro.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <variant>

#include "base/text.hpp"
#include "desk/letter.hpp"
#include "desk/lifecycle.hpp"

namespace okpay::desk {
namespace {

enum class Place : std::uint8_t {
    customer_name,
    request_number,
    agent_name,
    payment_amount,
    payment_reference,
    payment_time,
    merchant_name,
};
constexpr std::array places{std::pair{Place::customer_name, std::string_view{"customer_name"}},
                            std::pair{Place::request_number, std::string_view{"request_number"}},
                            std::pair{Place::agent_name, std::string_view{"agent_name"}},
                            std::pair{Place::payment_amount, std::string_view{"payment_amount"}},
                            std::pair{Place::payment_reference, std::string_view{"payment_reference"}},
                            std::pair{Place::payment_time, std::string_view{"payment_time"}},
                            std::pair{Place::merchant_name, std::string_view{"merchant_name"}}};

bool is_of_payment(Place place) {
    switch (place) {
    case Place::payment_amount:
    case Place::payment_reference:
    case Place::payment_time:
    case Place::merchant_name: return true;
    case Place::customer_name:
    case Place::request_number:
    case Place::agent_name: return false;
    }
    std::abort();
}

struct Stray {
    std::string_view text;  // the brace and what stands behind it
};
using Piece = std::variant<std::string_view, Place, Stray>;

constexpr std::size_t stray_shown_octets = 24;

std::optional<Place> place_of(std::string_view name) {
    const auto found = std::ranges::find(places, name, &std::pair<Place, std::string_view>::second);
    return found == places.end() ? std::nullopt : std::optional{found->first};
}

// In order; a stray brace ends the list.
std::vector<Piece> pieces_of(std::string_view text) {
    std::vector<Piece> pieces;
    while (!text.empty()) {
        const std::size_t brace = text.find_first_of("{}");
        if (brace != 0) {
            pieces.emplace_back(text.substr(0, brace));
            if (brace == std::string_view::npos) break;
            text.remove_prefix(brace);
            continue;
        }
        if (text.size() > 1 && text[1] == text[0]) {
            pieces.emplace_back(text.substr(0, 1));
            text.remove_prefix(2);
            continue;
        }
        const std::size_t close = text.find('}');
        const bool opens = text[0] == '{' && close != std::string_view::npos;
        const auto place = opens ? place_of(text.substr(1, close - 1)) : std::nullopt;
        if (!place) {
            const std::size_t shown = opens ? close + 1 : stray_shown_octets;
            pieces.emplace_back(Stray{utf8_prefix(text, std::min(shown, 2 * stray_shown_octets))});
            break;
        }
        pieces.emplace_back(*place);
        text.remove_prefix(close + 1);
    }
    return pieces;
}

bool is_plain(std::string_view text) {
    return is_utf8(text) && std::ranges::none_of(text, [](char c) {
               return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f';
           });
}

std::string known_places() {
    std::string names;
    for (const auto& [place, name] : places) names += fmt::format("{}{{{}}}", names.empty() ? "" : ", ", name);
    return names;
}

MacroFault malformed(std::string why) { return {.says_amount = false, .why = std::move(why)}; }

std::optional<MacroFault> fault_in_text(std::string_view member, std::string_view text) {
    if (text.size() > macro_text_octets_max) return malformed(fmt::format("{}: longer than 16 KiB", member));
    if (!is_plain(text)) return malformed(fmt::format("{}: not plain lines of UTF-8", member));
    for (const Piece& piece : pieces_of(text)) {
        if (const auto* stray = std::get_if<Stray>(&piece)) {
            return malformed(
                fmt::format("{}: \"{}\" is no place that can be filled in; those are {}; a brace itself is written "
                            "twice",
                            member, stray->text, known_places()));
        }
    }
    return std::nullopt;
}

std::optional<MacroFault> amount_in(std::string_view member, std::string_view text) {
    const auto amounts = amounts_in(text);
    if (amounts.empty()) return std::nullopt;
    return MacroFault{.says_amount = true,
                      .why = fmt::format("{}: \"{}\" is an amount of its own; write {{payment_amount}}, which is filled in "
                                         "from the ledger",
                                         member, amounts.front().text)};
}

std::optional<MacroFault> fault_in_actions(const MacroActions& actions) {
    if (actions.state_after) {
        switch (*actions.state_after) {
        case TicketState::open:
        case TicketState::pending_customer:
        case TicketState::solved: break;
        case TicketState::fresh:
        case TicketState::on_hold:
        case TicketState::closed: return malformed("state_after: one of open, pending_customer, solved");
        }
    }
    if ((actions.assign == MacroAssign::person) != actions.person.has_value())
        return malformed("assign_to: a person is named where it is given to a person, and only there");
    if (actions.snooze_hours < 0 || actions.snooze_hours > macro_snooze_hours_max)
        return malformed(fmt::format("snooze_hours: 1 to {}, or none", macro_snooze_hours_max));
    if (actions.snooze_hours > 0 && actions.state_after == TicketState::solved)
        return malformed("snooze_hours: what is solved does not sleep; leave one of the two out");
    return std::nullopt;
}

// A name in which an amount is read ("刘五元") would be refused with the whole answer: the neutral words are said instead.
std::string name_or(std::string_view name, Wording neutral, Language language) {
    const std::string line = inert_line(name);
    return line.empty() || !amounts_in(line).empty() ? std::string{neutral.in(language)} : line;
}

}  // namespace

std::string_view name_of(MacroAssign assign) {
    switch (assign) {
    case MacroAssign::unchanged: return "";
    case MacroAssign::me: return "me";
    case MacroAssign::nobody: return "nobody";
    case MacroAssign::person: return "person";
    }
    std::abort();
}

std::vector<std::string_view> macro_places() {
    std::vector<std::string_view> names;
    for (const auto& [place, name] : places) names.push_back(name);
    return names;
}

bool needs_payment(std::string_view text) {
    const auto pieces = pieces_of(text);
    return std::ranges::any_of(pieces, [](const Piece& piece) {
        const auto* place = std::get_if<Place>(&piece);
        return place != nullptr && is_of_payment(*place);
    });
}

std::optional<MacroFault> fault_in_form(const Macro& macro) {
    const bool line = !macro.name.empty() && trimmed(macro.name) == macro.name && is_plain(macro.name) &&
                      macro.name.find('\n') == std::string::npos && macro.name.size() <= macro_name_octets_max;
    if (!line) return malformed(fmt::format("name: one line of at most {} octets", macro_name_octets_max));
    for (const auto& [member, text] :
         {std::pair{"text_en", std::string_view{macro.text_en}}, std::pair{"text_zh", std::string_view{macro.text_zh}}}) {
        if (!text.empty() && trimmed(text).empty()) return malformed(fmt::format("{}: nothing but spaces", member));
        if (auto fault = fault_in_text(member, text)) return fault;
    }
    if (macro.text_en.empty() != macro.text_zh.empty()) {
        return malformed(fmt::format("{}: an answer is written in both languages, for customers who read either",
                                     macro.text_en.empty() ? "text_en" : "text_zh"));
    }
    if (auto fault = fault_in_actions(macro.actions)) return fault;
    if (!macro.writes() && !macro.actions.any()) return malformed("text_en: it writes nothing and does nothing");
    return std::nullopt;
}

std::optional<MacroFault> fault_in(const Macro& macro) {
    if (auto fault = fault_in_form(macro)) return fault;
    if (auto fault = amount_in("text_en", macro.text_en)) return fault;
    return amount_in("text_zh", macro.text_zh);
}

Result<std::string, MacroError> filled(std::string_view text, const MacroFacts& facts, Language language) {
    std::string out;
    for (const Piece& piece : pieces_of(text)) {
        if (const auto* words = std::get_if<std::string_view>(&piece)) {
            out += *words;
            continue;
        }
        const auto* place = std::get_if<Place>(&piece);
        if (place == nullptr) return fail(MacroError::malformed);
        if (is_of_payment(*place)) {
            if (!facts.payment) return fail(MacroError::payment_missing);
            if (!facts.payment->amount.is_bound()) return fail(MacroError::figure_not_bound);
        }
        if (*place == Place::merchant_name && inert_line(facts.payment->merchant).empty())
            return fail(MacroError::merchant_missing);
        switch (*place) {
        case Place::customer_name: out += name_or(facts.customer_name, {"customer", "客户", "客戶"}, language); break;
        case Place::request_number: out += inert_line(facts.request_number); break;
        case Place::agent_name: out += name_or(facts.agent_name, {"customer support", "客服", "客服"}, language); break;
        case Place::payment_amount: out += shown_amount(facts.payment->amount.amount, language); break;
        case Place::payment_reference: out += inert_line(facts.payment->reference); break;
        case Place::payment_time: out += when(facts.zone, facts.payment->at); break;
        case Place::merchant_name:
            out += name_or(facts.payment->merchant, {"the merchant", "商户", "商戶"}, language);
            break;
        }
    }
    return out;
}

}  // namespace okpay::desk
