// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "desk/macro.hpp"
#include "payments/payment_ref.hpp"
#include "service/queries_parts.hpp"
#include "service/ticket_parts.hpp"
#include "service/traditional.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using desk::Language;
using desk::MacroError;
using desk::MacroFacts;
using store::Connection;

Person person_of(parts::People& people, customers::StaffNo no) {
    auto person = people.find(no);
    if (!person) parts::missing("member of staff", number_of(no));
    return *std::move(person);
}

MacroView view_of(parts::People& people, const store::MacroRow& row, std::optional<store::MacroVersionRow> newest) {
    if (!newest) parts::missing("version of macro", number_of(row.no));
    auto person = people.find(newest->written.actions.person);
    return {.row = row,
            .newest = *std::move(newest),
            .updated_by = person_of(people, row.updated_by),
            .person = std::move(person)};
}

MacroView view_of(Connection& connection, parts::People& people, const store::MacroRow& row) {
    return view_of(people, row, store::find_macro_version(connection, row.no, row.version));
}

std::unexpected<MacroRefusal> refusal(std::string_view code, std::string detail) {
    return fail(MacroRefusal{std::string{code}, std::move(detail)});
}

std::unexpected<MacroRefusal> refusal(MacroError error) {
    switch (error) {
    case MacroError::malformed: return refusal("unavailable", "what is stored of this macro could not be read");
    case MacroError::payment_missing:
        return refusal("macro_needs_payment", "this macro speaks of a payment; choose one of this customer");
    case MacroError::merchant_missing:
        return refusal("macro_needs_payment", "this macro names a merchant; choose a payment to one");
    case MacroError::figure_not_bound: return refusal("unbound_amount", "the payment is not one of the ledger");
    }
    std::abort();
}

// Texts are written in Simplified Chinese; where OpenCC's data are missing they are read as they are.
std::string text_in(const desk::Macro& macro, Language language) {
    if (language == Language::en) return macro.text_en;
    if (language == Language::zh_hans) return macro.text_zh;
    std::string made = traditional_of(macro.text_zh);
    return made.empty() ? macro.text_zh : made;
}

// To whom it belongs, as for the figures of a reply.
std::optional<PaymentView> payment_of(Connection& connection, const customers::Customer& customer, const PaymentId& id) {
    if (!payments::is_payment_id(id)) return std::nullopt;
    auto payment = store::find_payment(connection, payments::seq_of(id));
    if (!payment || payment->id != id || payment->customer != customer.no) return std::nullopt;
    return parts::payment_view(connection, *std::move(payment));
}

Result<MacroPreview, MacroRefusal> preview_of(Connection& connection, const MacroRequest& asked) {
    parts::People people{connection};
    const auto found = store::find_ticket(connection, asked.ticket);
    if (!found) return refusal("not_found", "there is no such request");
    const auto row = store::find_macro(connection, desk::MacroNo{asked.macro});
    if (!row) return refusal("not_found", "there is no such macro");
    if (row->retired) return refusal("macro_retired", "this macro is no longer in use");
    const desk::Ticket& ticket = found->ticket;
    MacroPreview preview{.macro = view_of(connection, people, *row),
                         .language = desk::language_of(ticket.language),
                         .text = {},
                         .figure = std::nullopt};
    const desk::Macro& macro = preview.macro.newest.written;
    if (!macro.writes()) return preview;

    const auto customer = ticket.customer ? store::find_customer(connection, *ticket.customer) : std::nullopt;
    const std::string text = text_in(macro, preview.language);
    std::optional<PaymentView> payment;
    if (asked.payment && desk::needs_payment(text)) {
        payment = customer ? payment_of(connection, *customer, *asked.payment) : std::nullopt;
        if (!payment) return refusal("unbound_amount", "payment: a payment that is not this customer's");
        preview.figure = payment->payment.id;
    }
    // An answer that names the ledger goes to the registered address, any other to who wrote: that one is told a name only
    // where it is the same mailbox.
    const bool registered = customer && (payment || equal_ignoring_ascii_case(customer->email, ticket.party_address));
    const Person agent = person_of(people, asked.agent);
    const std::string reference = payment ? payments::text_of(payment->payment.id) : "";
    MacroFacts facts{.request_number = ticket.request_number,
                     .customer_name = registered ? std::string_view{customer->name} : "",
                     .agent_name = agent.name,
                     .zone = customer ? std::string_view{customer->zone} : "UTC"};
    if (payment) {
        facts.payment =
            MacroFacts::BoundPayment{.amount = {.amount = payment->payment.amount, .payment_seq = payment->payment.seq},
                                     .reference = reference,
                                     .at = payment->payment.created,
                                     .merchant = payment->merchant ? std::string_view{payment->merchant->name} : ""};
    }
    auto words = desk::filled(text, facts, preview.language);
    if (!words) return refusal(words.error());
    preview.text = *std::move(words);

    std::vector<desk::FoundAmount> quoted;
    for (const desk::Message& message : words_of_customer(connection, ticket)) {
        for (desk::FoundAmount& amount : desk::amounts_in(message.body)) quoted.push_back(std::move(amount));
    }
    std::vector<desk::BoundFigure> figures;
    if (facts.payment) figures.push_back(facts.payment->amount);
    const auto unbound = desk::unbound_amounts(preview.text, figures, quoted);
    if (unbound.empty()) return preview;
    return refusal("unbound_amount",
                   fmt::format("filled in, it would say \"{}\", which is no figure of this customer's ledger; "
                               "write this answer by hand",
                               unbound.front().text));
}

}  // namespace

Read<std::vector<MacroView>> Queries::macros() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        std::vector<MacroView> views;
        for (store::MacroNow& one : store::macros(connection))
            views.push_back(view_of(people, one.row, std::move(one.newest)));
        return views;
    });
}

Read<std::optional<MacroView>> Queries::macro(std::int64_t no) {
    return pool_.read([no](Connection& connection) -> std::optional<MacroView> {
        const Snapshot snapshot{connection};
        const auto row = store::find_macro(connection, desk::MacroNo{no});
        if (!row) return std::nullopt;
        parts::People people{connection};
        MacroView view = view_of(connection, people, *row);
        for (store::MacroVersionRow& version : store::macro_versions(connection, row->no, desk::macro_versions_shown_max)) {
            const Person staff = person_of(people, version.staff);
            view.history.push_back({std::move(version), staff});
        }
        return view;
    });
}

Read<Result<MacroPreview, MacroRefusal>> Queries::macro_preview(const MacroRequest& asked) {
    return pool_.read([&asked](Connection& connection) {
        const Snapshot snapshot{connection};
        return preview_of(connection, asked);
    });
}

}  // namespace okpay::service
