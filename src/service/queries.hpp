// SPDX-License-Identifier: Apache-2.0
// Reading for people: what the workspace, the pages and the merchants are shown. Plain structs out, nothing decided.
//
//   Balances  of the present never come from here: the account rows are written back lazily. Ask ReadAccounts, and hand
//             its `last_transfer` in as the head of a history, so that a read follows the writer's order. (The ledger
//             reads at the end give balances as of a transfer.)
//   Blocking  each call reads the database: run it on a worker, not on the thread of the sockets.
//   Threads   any.
//   Absent    is an empty optional; a QueryError means that nobody knows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "customers/change.hpp"
#include "customers/lock.hpp"
#include "customers/phone.hpp"
#include "desk/sorting_figures.hpp"
#include "money/account.hpp"
#include "payments/correction.hpp"
#include "payments/money_request.hpp"
#include "payments/rail_call.hpp"
#include "payments/schedule.hpp"
#include "payments/tariff.hpp"
#include "service/desk_views.hpp"
#include "service/faq_views.hpp"
#include "service/hook_views.hpp"
#include "service/incident_views.hpp"
#include "service/ledger_views.hpp"
#include "service/macro_views.hpp"
#include "service/payment_views.hpp"
#include "service/reader_pool.hpp"
#include "service/rule_views.hpp"
#include "service/side_views.hpp"
#include "service/statement.hpp"
#include "store/access_store.hpp"
#include "store/account_store.hpp"
#include "store/delivery_store.hpp"
#include "store/desk_store.hpp"
#include "store/dispute_store.hpp"
#include "store/exchange_store.hpp"
#include "store/factor_store.hpp"
#include "store/identity_store.hpp"
#include "store/lock_store.hpp"
#include "store/money_request_store.hpp"
#include "store/payout_store.hpp"
#include "store/people_store.hpp"
#include "store/privacy_store.hpp"

namespace okpay::service {

inline constexpr std::int64_t page_items_max = 100;
inline constexpr std::int64_t sorted_requests_max = 100'000;

// --- People
struct OwnedAccount {
    money::AccountNo no;
    money::Currency currency;
};

struct CustomerView {
    customers::Customer customer;
    std::vector<OwnedAccount> wallets;  // in the order they were opened
};

struct CustomerInSession {
    CustomerView view;
    store::CustomerSession session;
};

// What a customer can sign in with beside the password. Neither secrets nor hashes.
struct CustomerFactors {
    std::optional<Moment> app_confirmed;
    std::vector<store::Passkey> passkeys;  // the oldest first
    store::RecoveryCodes recovery;
    std::optional<Moment> changed;
    [[nodiscard]] bool any() const { return app_confirmed || !passkeys.empty(); }
};

struct CustomerAccess {
    CustomerView view;
    std::optional<store::CustomerLogin> login;  // nothing where no password was chosen
};

struct SignInFacts {
    std::optional<CustomerAccess> access;  // of the address
    Bytes known_device;                    // of those that the browser brought; empty: none
};

struct OwnAccess {
    std::optional<store::CustomerLogin> login;
    bool phrase_set;
};

struct CustomerPage {
    std::vector<customers::Customer> items;
    std::optional<std::int64_t> next;  // CustomerNo of the last one: pass as `after`
};

// --- Mail books
struct MailBook {
    Moment hour;  // its start
    std::string channel;  // as accepted: smtp, lmtp, imap, import; `out` for what we sent
    std::int64_t parsed = 0, quarantined = 0, duplicates = 0, waiting = 0;
    std::int64_t sent = 0, queued = 0, uncertain = 0, failed = 0, suppressed = 0;
    [[nodiscard]] std::int64_t accepted() const { return parsed + quarantined + duplicates + waiting; }
};

struct MailBookPage {
    std::vector<MailBook> items;  // newest hour first; hours are never split
    std::optional<std::int64_t> next;  // ms: pass as `before`
};

// What a message came as.
struct MessageMail {
    std::string ticket;  // request number
    std::optional<store::InboundMail> mail;  // as it is stored, with its octets; none: it did not come by mail
    std::optional<store::MailScan> scan{};   // none: it has no files
};

// One mail of ours with what happened to it.
struct DeliveryLog {
    Delivery delivery;
    std::int64_t outgoing;
    std::string recipient;
    std::vector<store::DeliveryAttempt> attempts;  // oldest first
};

struct HeldMailView {
    std::int64_t no;
    std::string kind, recipient;
    std::optional<std::string> ticket;  // request number
    std::optional<customers::CustomerNo> customer;
    store::Held why;
    Moment created;
};
struct QuarantinedMailView {
    std::int64_t no;
    std::string channel, mail_from, reason;
    std::int64_t size, attempts;
    Moment received, updated;
};
struct QuarantinePage {
    std::vector<QuarantinedMailView> items;  // newest first
    std::optional<std::int64_t> next;        // pass as `before`
};
struct BrakeReport {
    std::vector<store::MailBrake> brakes;  // newest first
    std::vector<HeldMailView> held;        // oldest first, at most page_items_max
    std::int64_t held_count;
};

struct SuppressionView {
    store::SuppressedAddress row;
    std::optional<customers::Customer> customer;  // whose registered address it is
    std::optional<std::string> ticket;            // request number of the mail that came back
};
struct SuppressionPage {
    std::vector<SuppressionView> items;  // newest first
    std::optional<std::int64_t> next;    // pass as `before`
};

// A top-up, withdrawal or payout that a rail carries, as staff see it.
struct RailCallView {
    payments::RailCall call;
    PaymentId payment;
    std::optional<customers::Customer> customer;  // or
    std::optional<customers::Merchant> merchant;
    std::optional<std::string> ticket;  // its request number
};

// --- Treasury
struct AccountEventView {
    store::AccountEvent event;
    Person staff;
};

struct AccountEventPage {
    std::vector<AccountEventView> items;  // newest first
    std::optional<std::int64_t> next;  // pass as `before`
};

struct PayoutView {
    PaymentView payment;
    std::optional<payments::RailCall> call;  // none where it was refused
};

struct DisputeView {
    struct Step {
        store::DisputeEvent event;
        std::optional<Person> staff;  // none: time passed
    };
    payments::Dispute dispute;
    PaymentView payment;
    std::vector<Step> steps;  // oldest first
};

struct DisputePage {
    std::vector<DisputeView> items;  // newest first; the open ones by when an answer is due
    std::optional<std::int64_t> next;
};

struct PayoutPage {
    std::vector<PayoutView> items;  // newest first
    std::optional<std::int64_t> next;
};

struct MerchantView {
    customers::Merchant merchant;
    std::vector<OwnedAccount> accounts;
    std::vector<store::PayoutAccount> payout_accounts;  // the current one of each currency that has one
};

struct CorrectionView {
    payments::Correction correction;
    LedgerAccount debit, credit;  // who they are: the counters are not filled in
    Person proposer;
    std::optional<Person> decider;
    std::optional<PaymentId> payment;
};

struct CorrectionPage {
    std::vector<CorrectionView> items;  // newest first
    std::optional<std::int64_t> next;
};

struct LockReleaseView {
    customers::LockRelease release;
    Person proposer;
    std::optional<Person> decider;
};
struct LockView {
    customers::Lock lock;
    customers::Customer customer;
    std::string request_number;  // of the request that it is talked about in; empty: none
    std::vector<store::LockEvent> events;  // in order
    std::vector<LockReleaseView> releases;  // in order
    std::vector<store::RiskDecision> decisions;  // what the monitor judged, where a rule placed it
};
struct LockPage {
    std::vector<LockView> items;  // newest first; without events, releases and decisions but the last release
    std::optional<std::int64_t> next;
};

// A request for money. What it says of the other person is for who asked to be shown only once that person has acted.
struct MoneyRequestView {
    payments::MoneyRequest request;
    std::string payee_name;
    std::string payer_name;  // of who paid or declined; empty before
    std::optional<PaymentId> payment;  // that paid it
    std::optional<customers::CustomerNo> paid_by;
};
struct MoneyRequestPage {
    std::vector<MoneyRequestView> items;  // newest first
    std::optional<std::int64_t> next;  // pass as `before`
};

struct ScheduleView {
    payments::TransferSchedule schedule;
    std::string payee_name;
    struct Last {
        payments::RunOutcome outcome;
        payments::PaymentRefusal refusal;
        std::optional<PaymentId> payment;
        Moment at;
    };
    std::optional<Last> last;  // what the last run did about it
};
struct SchedulePage {
    std::vector<ScheduleView> items;  // newest first
    std::optional<std::int64_t> next;  // pass as `before`
};

// --- Changes of what stands of a customer
// How a customer's telephone number stands.
struct PhoneView {
    std::optional<customers::CustomerPhone> stands;
    std::optional<customers::Change> open;  // that is being proven or held
    std::optional<customers::PhoneCode> code;  // of one that is being proven
};

struct ChangeView {
    customers::Change change;
    std::optional<Person> proposer, decider;
    std::string ticket;  // request number of the guided case; empty: asked for in the account
    CustomerId customer;
    std::string customer_email;  // to tell a member of staff's own account
};
struct ChangePage {
    std::vector<ChangeView> items;  // newest first
    std::optional<std::int64_t> next;  // pass as `before`
};

// A request as the customer whose it is sees it, signed in.
struct OwnRequest {
    desk::Ticket ticket;
    std::vector<desk::Message> messages;  // of both sides, oldest first; no notes
    std::vector<customers::CaseFile> files;  // without their octets
    std::optional<std::string> continued_in{};  // number of the request of the same customer that goes on for it
};
struct OwnRequestLine {
    desk::Ticket ticket;
    std::optional<std::string> continued_in;
};
struct OwnRequestPage {
    std::vector<OwnRequestLine> items;  // newest first
    std::optional<std::int64_t> next;  // pass as `before`
};

// One request, as whoever came by a link may see it.
// Whom a provider's word means: who is bound to its subject, else who has the address that it proved.
struct SignOnView {
    std::optional<store::StaffRow> staff;
    bool is_bound = false;
    bool of_another = false;  // the address's owner is another subject there
};

struct StaffView {
    store::StaffRow row;
    customers::StaffApproval approval = customers::StaffApproval::not_needed;
    bool signs_on = false;  // through the provider, at least once
    std::int64_t in_hand = 0;  // requests
};

struct CaseView {
    customers::CaseAccess access;
    store::TicketRow row;
    std::string language;
    std::optional<desk::Message> newest_word;  // of ours
    std::vector<customers::CaseFile> files;  // without their octets
    std::vector<desk::Message> answers;  // of the customer, that came by a link
    std::optional<store::AskedFacts> asked{};  // what they were asked for
};

// Proof of identity. Nothing sealed is opened here: identity_intake.hpp.
struct VerificationView {
    struct Review {
        store::IdentityReviewRow row;
        Person staff;
    };
    struct Look {
        store::IdentityViewRow row;
        Person staff;
    };
    store::VerificationRow row;
    customers::Customer customer;
    std::vector<store::IdentityFileRow> files;   // current ones, without their octets
    std::vector<store::StoredCheck> checks;      // of the present round
    std::vector<Review> reviews;                 // oldest first, of all rounds
    std::vector<Look> views;                     // who looked, oldest first
    customers::IdentityReadings readings = {};   // what other accounts have shown; no texts
};
struct VerificationCursor {
    std::int64_t submitted = 0, no = 0;
};
struct VerificationPage {
    std::vector<VerificationView> items;  // oldest submission first
    std::optional<VerificationCursor> next;
};

struct AccountView;  // command.hpp

struct ErasureView {
    store::ErasureRow row;
    customers::Customer customer;
};

class Queries {
public:
    // As many threads read at once as there are connections.
    explicit Queries(store::Database database, std::size_t connections_max = 4);

    Read<bool> ping();  // the database answers

    Read<std::shared_ptr<const FaqContent>> faq();  // what is published of it
    Read<std::vector<FaqPairView>> faq_pairs();     // all of it, by slug
    Read<std::optional<FaqPairView>> faq_pair(std::string_view slug);  // with its history

    Read<std::optional<store::StaffRow>> staff_by_email(std::string_view email);  // canonical: lower case
    Read<SignOnView> staff_by_sign_on(std::string_view issuer, std::string_view subject, std::string_view email);
    Read<std::vector<StaffView>> staff_members();  // by address; those who left too
    Read<std::optional<store::StaffRow>> staff_by_id(const StaffId& id);
    // Of a session that has not ended, enrolled and not disabled. `token_hash` is SHA-256 of the cookie's octets.
    Read<std::optional<store::StaffRow>> staff_by_session(ByteView token_hash, Moment now);
    Read<std::optional<store::StaffRow>> staff_by_enrol_token(ByteView token_hash, Moment now);
    Read<std::optional<customers::Merchant>> merchant_by_key(ByteView api_key_hash);
    Read<std::vector<OwnedAccount>> merchant_accounts(customers::MerchantNo merchant);

    Read<std::optional<CustomerView>> customer(const CustomerId& id);
    Read<std::optional<CustomerView>> customer(customers::CustomerNo no);
    Read<std::optional<CustomerAccess>> customer_access(std::string_view email);  // canonical: lower case
    // Of a session that has not ended. `token_hash` is SHA-256 of the cookie's octets.
    Read<std::optional<CustomerInSession>> customer_by_session(ByteView token_hash, Moment now);
    Read<SignInFacts> sign_in_facts(std::string_view email, const std::vector<Bytes>& devices);
    // Neither used nor expired.
    Read<std::optional<store::AccessLink>> access_link(ByteView token_hash, store::AccessLinkKind kind, Moment now);
    Read<std::vector<store::CustomerSession>> customer_sessions(customers::CustomerNo customer,
                                                                Moment now);  // newest first
    Read<OwnAccess> own_access(customers::CustomerNo customer);
    Read<CustomerFactors> customer_factors(customers::CustomerNo customer);
    // Whether a second factor has opened this account or card for the customer's withdrawals before.
    Read<bool> is_payout_place(customers::CustomerNo customer, ByteView instrument_hash);
    // An id, a whole address, or a part of name or address; in order of registration.
    Read<CustomerPage> customers(std::string_view words, std::int64_t after, std::int64_t limit);

    Read<std::optional<PaymentView>> payment(std::int64_t seq);
    Read<std::optional<PaymentView>> payment(const PaymentId& id);  // the whole id must be that of the row
    Read<std::optional<PaymentDetail>> payment_detail(const PaymentId& id);
    // Walks the chains of the accounts, merged; one entry for each payment, however often it moved money.
    Read<PaymentPage> history(const HistoryRequest& request);
    // Nothing where there is no such account. Whose it is, the caller has looked at.
    Read<std::optional<StatementFound>> statement(const StatementRequest& request);

    Read<TicketPage> tickets(const TicketQuery& query);
    Read<std::optional<TicketView>> ticket(std::string_view request_number);  // any case
    Read<std::optional<TicketDetail>> ticket_detail(std::string_view request_number);
    // Whose it is, and whose the requests are that go on in it.
    Read<std::vector<customers::CustomerNo>> ticket_customers(std::string_view request_number);
    // By mode; nothing where there is no such request.
    // Of the request and of those that go on in it, in the order they were opened; none where there is no such request.
    Read<std::optional<std::vector<SideThreadView>>> side_threads(std::string_view request_number);
    Read<std::vector<CounterpartyView>> counterparties();  // the retired ones too, by name
    Read<std::vector<MacroView>> macros();  // the retired ones too, in the order they were made
    Read<std::optional<MacroView>> macro(std::int64_t no);  // with its history
    Read<Result<MacroPreview, MacroRefusal>> macro_preview(const MacroRequest& asked);
    Read<std::vector<RuleView>> rules();  // by place, those that are off too
    // With its history and what it did last.
    Read<std::optional<RuleView>> rule(std::int64_t no, customers::StaffNo reader, std::string_view reader_email);
    Read<RuleTrial> try_rule(const RuleTrialRequest& asked);
    Read<RoutingView> routing();
    // Of the newest sorted_requests_max requests, opened from `from` to `now`, and as long before.
    Read<desk::SortingFigures> sorting_figures(Moment from, Moment now);
    // Who works here and may be named in a note of this request, by name; without `me`, colleagues_shown_max of those whose
    // name or address has the words in it.
    Read<std::optional<std::vector<store::StaffRow>>> colleagues(std::string_view request_number, customers::StaffNo me,
                                                                 std::string_view words);
    Read<std::vector<store::StaffRow>> staff_by_ids(
        const std::vector<StaffId>& ids);  // in their order; unknown ones left out
    Read<std::optional<std::vector<store::DraftRow>>> drafts(customers::StaffNo staff, std::string_view request_number);
    // Those that stand, or those that are closed; below `before`, 0 for the newest.
    Read<IncidentPage> incidents(bool standing, std::int64_t before, std::int64_t limit);
    Read<std::optional<IncidentDetail>> incident(std::int64_t no);
    Read<std::optional<MessageView>> message(std::int64_t no);
    Read<std::optional<RemedyView>> remedy(const RemedyId& id);
    Read<std::optional<RemedyView>> remedy(std::int64_t no);
    Read<ApprovalPage> approvals(std::optional<TicketCursor> after, std::int64_t limit);

    Read<std::vector<store::RateRow>> exchange_rates();  // the newest of each pair
    Read<std::vector<RailCallView>> live_rail_calls();  // oldest first

    Read<AccountEventPage> account_events(money::AccountNo account, std::int64_t before, std::int64_t limit);
    Read<std::optional<MerchantView>> merchant(const MerchantId& id);
    // Of one merchant, or of all.
    Read<PayoutPage> payouts(std::optional<customers::MerchantNo> merchant, std::int64_t before, std::int64_t limit);
    Read<DisputePage> disputes(std::int64_t before, std::int64_t limit);
    Read<DisputePage> open_disputes(std::int64_t limit);
    Read<std::optional<DisputeView>> dispute(const DisputeId& id);
    Read<CorrectionPage> corrections(bool waiting, std::int64_t before, std::int64_t limit);
    Read<std::optional<CorrectionView>> correction(std::int64_t no);
    Read<LockPage> locks(store::LockFilter filter);
    Read<std::optional<LockView>> lock(customers::LockNo no);
    Read<std::optional<customers::LockNo>> lock_of_release(const customers::LockReleaseId& id);
    Read<std::optional<MoneyRequestView>> money_request(const MoneyRequestId& id);
    // From below `before`; 0 for the newest.
    Read<MoneyRequestPage> money_requests(customers::CustomerNo customer, store::RequestSide side, std::int64_t before,
                                          std::int64_t limit);
    Read<std::optional<ScheduleView>> schedule(const ScheduleId& id);
    Read<SchedulePage> schedules(customers::CustomerNo payer, std::int64_t before, std::int64_t limit);
    // What the accounts did within the last `days`, in the order of `heads`: walks that far along their chains.
    Read<std::vector<payments::Usage>> usage(const std::vector<HistoryRequest::Head>& heads, Moment now, std::int64_t days);

    Read<PhoneView> phone(customers::CustomerNo customer);
    Read<std::optional<ChangeView>> change(std::int64_t no);
    Read<std::optional<ChangeView>> change(const customers::ChangeId& id);
    Read<ChangePage> changes(customers::CustomerNo customer, std::int64_t before, std::int64_t limit);
    Read<std::vector<ChangeView>> ticket_changes(desk::TicketNo ticket);  // newest first
    Read<std::vector<ChangeView>> waiting_changes(std::int64_t limit);  // proposed, oldest first
    Read<OwnRequestPage> own_requests(customers::CustomerNo customer, std::int64_t before, std::int64_t limit);
    Read<std::optional<OwnRequest>> own_request(customers::CustomerNo customer, std::string_view request_number);
    // Of a session that lives. `session_hash` is SHA-256 of the cookie's octets.
    Read<std::optional<CaseView>> case_by_session(ByteView session_hash, Moment now);
    Read<std::optional<VerificationView>> verification(const customers::VerificationId& id);
    Read<std::vector<VerificationView>> verifications_of(customers::CustomerNo customer,
                                                         std::int64_t limit);  // newest first
    Read<VerificationPage> verifications(customers::VerificationState state, VerificationCursor after, std::int64_t limit);
    Read<std::optional<store::IdentityFileRow>> identity_file(const customers::IdentityFileId& id);  // with its octets
    Read<std::vector<store::DoomedBlob>> doomed_files(Moment before, std::int64_t limit);

    // Customers whom a member of staff has to do with, and who of the staff and which erasures wait for an administrator.
    Read<std::vector<customers::CustomerNo>> kept_from(customers::StaffNo staff);
    Read<std::vector<customers::CustomerNo>> owners(const std::vector<money::AccountNo>& accounts);
    Read<std::vector<ErasureView>> waiting_erasures();  // oldest first
    Read<std::vector<store::StaffRow>> waiting_staff();
    // JSON, as service/person_export.hpp makes it; `accounts` is the answer to RecordPersonExport.
    Read<std::string> person_copy(customers::CustomerNo customer, const std::vector<AccountView>& accounts, bool by_customer,
                                  Moment at);

    Read<MailBookPage> mail_books(std::optional<std::int64_t> before, std::size_t limit);
    Read<SuppressionPage> suppressed_addresses(bool standing_only, std::optional<std::int64_t> before, std::int64_t limit);
    Read<std::optional<SuppressionView>> suppression(std::int64_t no);
    Read<std::optional<DeliveryLog>> delivery_log(std::string_view request_number, const MessageId& message);
    Read<std::optional<MessageMail>> message_mail(const MessageId& message);
    Read<std::vector<std::int64_t>> due_scans(Moment now, std::int64_t limit);  // mails of which it is time to scan files
    Read<std::optional<store::InboundMail>> inbound_mail(std::int64_t no);  // as it is stored, with its octets
    // What was said of these files of the mail, and in which of them a virus was found, whichever mail brought them.
    Read<std::vector<store::FileScan>> file_scans(std::int64_t mail, std::vector<Hash256> contents);
    Read<BrakeReport> mail_brakes();
    Read<QuarantinePage> quarantine(std::optional<std::int64_t> before, std::int64_t limit);
    Read<std::optional<store::OutgoingRow>> official_mail(std::string_view code);  // as it is kept; without its octets

    // --- The ledger as it stood after one of its transfers (ledger_views.hpp). These do give balances: an account's row
    // and the transfers since make them exact.
    Read<LedgerPlace> ledger_place(const AsOf& as_of);
    Read<LedgerAccountPage> ledger_accounts(std::int64_t seq, const LedgerAccountFilter& filter, std::int64_t after,
                                            std::int64_t limit);
    Read<std::optional<LedgerAccount>> ledger_account(std::int64_t seq, money::AccountNo account);
    // Newest first, from below `before` where there is one. Of one account: a walk along its chain.
    Read<JournalPage> journal(std::int64_t seq, std::optional<std::int64_t> before, std::int64_t limit);
    Read<std::optional<JournalPage>> ledger_entries(std::int64_t seq, money::AccountNo account,
                                                    std::optional<std::int64_t> before, std::int64_t limit);
    Read<TrialBalance> trial_balance(std::int64_t seq);
    Read<std::optional<LedgerPayment>> ledger_payment(const PaymentId& id);

    // Web hooks of a merchant, or of the house.
    Read<std::vector<store::HookEndpoint>> hook_endpoints(std::optional<customers::MerchantNo> merchant);
    Read<std::optional<store::HookEndpoint>> hook_endpoint(const store::HookEndpointId& id,
                                                           std::optional<customers::MerchantNo> merchant);
    Read<HookDeliveryPage> hook_deliveries(std::int64_t endpoint, std::int64_t before, std::int64_t limit);
    Read<std::optional<store::HookDelivery>> hook_delivery(std::int64_t no);
    Read<HookStanding> hook_standing();
    Read<store::HookFeed> hook_feed(payments::HookOwner owner, store::HookPlace from, std::int64_t rows_max);
    Read<HookSubject> hook_subject(store::HookSource source, std::int64_t position, std::int64_t object);

private:
    ReaderPool pool_;
    FaqShelf faq_;
};

}  // namespace okpay::service
