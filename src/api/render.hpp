// SPDX-License-Identifier: Apache-2.0
// The domain as JSON, as openapi.json describes it.
#pragma once

#include <map>
#include <span>

#include "api/gate.hpp"
#include "api/json.hpp"
#include "payments/duplicates.hpp"
#include "service/queries.hpp"

namespace okpay::api {

// Who looks: addresses are masked for those who may not reveal them.
class Viewer {
public:
    explicit Viewer(const store::StaffRow& staff) : staff_{&staff} {}
    static Viewer oneself() { return Viewer{}; }  // a customer sees the own address whole
    [[nodiscard]] const store::StaffRow& staff() const { return *staff_; }
    [[nodiscard]] std::string address(std::string_view address) const;

private:
    Viewer() = default;
    const store::StaffRow* staff_ = nullptr;
};

using Balances = std::map<std::int64_t, service::AccountView>;  // by account number
Balances balances_of(const service::Answer& answer);

json::object staff_json(const store::StaffRow& staff);
json::object person_json(const service::Person& person);
// What the customer was asked for, and what of it came; null where nothing was.
json::value asked_facts_json(const std::optional<store::AskedFacts>& asked);
json::object following_json(const service::TicketDetail& detail, const Viewer& viewer);

// `own` are the wallets whose side is taken: money between two people goes in or out.
json::object payment_json(const service::PaymentView& view, std::span<const service::OwnedAccount> own = {});
// Whose postings are shown whole. Others say what kind of account they are of: a merchant must not read a payer's balance.
struct Seen {
    bool all = false;
    bool payables = false;  // of a payment to a merchant, those that there are, are that merchant's
    std::vector<money::AccountNo> wallets = {};
};
json::object rehearsal_json(const service::PaymentView& view, const service::Rehearsal& rehearsal, const Seen& seen);
json::object payment_detail_json(const service::PaymentDetail& detail, std::span<const service::OwnedAccount> own);
json::object customer_json(const customers::Customer& customer, const Viewer& viewer);
json::object customer_with_wallets_json(const service::CustomerView& view, const Balances& balances, const Viewer& viewer);

json::object ticket_summary_json(const service::TicketView& view, const Viewer& viewer);
json::object incident_json(const service::IncidentLine& line);
json::object ticket_incident_json(const service::TicketIncident& incident);
json::object delivery_json(const service::Delivery& delivery);
json::object ticket_link_json(const service::TicketLinkView& link);
json::object message_json(const service::MessageView& view, const Viewer& viewer);
json::object case_file_json(const customers::CaseFile& file);  // what a customer handed in
json::object event_json(const service::EventView& view, const service::TicketDetail& ticket);
json::object promise_json(const service::PromiseView& view);
json::object reading_json(std::string_view stored);  // from what triage printed

// What the screen says of a remedy before the click, and what it would do.
struct RemedyContext {
    const Viewer& viewer;
    Moment now;
    std::chrono::milliseconds new_staff_waits;
    bool may_approve_alone;  // ApiOptions
    const Balances& balances;  // of the accounts that remedy_accounts() names
};
json::object remedy_json(const service::RemedyView& view, const RemedyContext& context);
// The accounts whose balances a proposed remedy shows; none for a decided one.
std::vector<money::AccountNo> remedy_accounts(const service::RemedyView& view);

// `history` holds the payments that findings name by sequence.
json::object finding_json(const payments::Finding& finding, std::span<const service::PaymentView> history,
                          std::span<const service::OwnedAccount> own);
json::object candidate_json(const payments::Candidate& candidate, std::span<const service::PaymentView> history,
                            std::span<const service::OwnedAccount> own);

// render_ledger.cpp
json::array postings_json(std::span<const service::Rehearsal::Posting> postings, const Seen& seen);
std::optional<money::AccountKind> account_kind_of_name(std::string_view name);
json::object account_name_json(const service::LedgerAccount& named);
json::object ledger_account_json(const service::LedgerAccount& named);
json::object journal_entry_json(const service::JournalEntry& entry);
json::array trial_balance_json(const service::TrialBalance& balance);

}  // namespace okpay::api
