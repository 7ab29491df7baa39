// SPDX-License-Identifier: Apache-2.0
// The use cases: one function per command, straight-line code on the ordered writer that never suspends, so that what it
// checked stays true. It loads, calls the pure decision, appends. Nothing here reads a clock or draws a random number.
#pragma once

#include "customers/change.hpp"
#include "customers/permissions.hpp"
#include "desk/acknowledgement.hpp"
#include "desk/incident_refunds.hpp"
#include "desk/official_mail.hpp"
#include "desk/ticket_token.hpp"
#include "desk/working_hours.hpp"
#include "mail/email_address.hpp"
#include "payments/automatic_refund.hpp"
#include "payments/tariff.hpp"
#include "risk/rules.hpp"
#include "service/books.hpp"
#include "service/command.hpp"
#include "store/keyring.hpp"
#include "store/people_store.hpp"

namespace okpay::service {

struct DeskSettings {
    std::string house = "OKPay";
    std::string domain = "localhost";        // of our own addresses
    std::string reply_domain = "localhost";  // of ticket addresses; the same unless configured
    std::string support_local = "support";
    std::string verify_local = "verify";  // who forwards a mail there is told whether it is ours
    payments::Tariff tariff = payments::flat_tariff(60);  // fees and limits
    // Acknowledgements to senders who are not authenticated: per address and day, and in total per hour.
    std::int64_t stranger_acknowledgements_per_day = 1;
    std::int64_t stranger_acknowledgements_per_hour_total = 200;
    // More automatic mail than this within an hour is held back until a supervisor lets it go.
    std::int64_t automatic_mails_per_hour_max = 10'000;
    std::chrono::milliseconds new_staff_waits = std::chrono::hours{24};
    // Whoever is told when the only person who can approve proposes money, and may approve it alone a day later; empty: a
    // second person is always needed.
    std::string alone_owner;
    std::chrono::milliseconds new_factor_waits = std::chrono::hours{24};  // before a customer's money goes to a new place
    // A payment like one of this age or younger, neither with an order reference, is asked about; zero asks about none.
    std::chrono::milliseconds possible_duplicate_window = std::chrono::seconds{120};
    int identity_reviews =
        1;  // persons who must say yes; two where an account may have been taken over, whatever stands here
    // What may go back without a person where the ledger proves a double charge, a row for each currency; none: nothing.
    std::vector<payments::AutomaticRefundCaps> automatic_refunds;
    // Refunds of one incident may be approved together within these; none: each is approved by itself.
    std::vector<desk::TogetherCaps> incident_refunds{};
    // Under which people reach us: all that links in letters are built from.
    std::string public_url = "http://localhost:8080";
    std::vector<std::string> sign_up_currencies;  // a wallet each for who signs up; none: nobody can
    // What movements and sign-ins are judged by; none: nothing is judged.
    std::shared_ptr<const risk::Ruleset> risk_rules;
    // Between a new mail address proving itself and its standing; money to new places waits as long.
    std::chrono::milliseconds contact_hold = customers::contact_hold_default;
    // Short messages of the whole house in an hour, but for steps of a change of a number: what keeps the bill finite.
    std::int64_t short_messages_per_hour_max = 1'000;
    // Web hooks may go to this machine, without TLS: tests and the demonstration alone.
    bool hooks_to_loopback = false;
    // By which rules of time count working hours; none: each hour counts.
    std::shared_ptr<const desk::WorkingHours> working_hours;
};

// What handlers may use beside the books: fixed for the life of the writer.
class Context {
public:
    Context(store::Keyring keyring, DeskSettings settings);
    [[nodiscard]] const store::Keyring& keyring() const { return keyring_; }
    [[nodiscard]] const DeskSettings& settings() const { return settings_; }
    [[nodiscard]] const Secret& request_number_key() const { return request_number_key_; }
    [[nodiscard]] const Secret& challenge_key() const { return challenge_key_; }  // of questions to passkeys
    [[nodiscard]] std::span<const desk::TokenKey> token_keys() const { return token_keys_; }
    // Of side threads: other keys than those of requests, so that neither mark is ever taken for the other.
    [[nodiscard]] std::span<const desk::TokenKey> side_token_keys() const { return side_token_keys_; }
    [[nodiscard]] const Secret& side_number_key() const { return side_number_key_; }
    [[nodiscard]] std::span<const desk::OfficialKey> official_keys() const { return official_keys_; }
    [[nodiscard]] std::string support_address() const { return settings_.support_local + "@" + settings_.domain; }

private:
    store::Keyring keyring_;
    DeskSettings settings_;
    Secret request_number_key_;
    Secret challenge_key_;
    Secret side_number_key_;
    std::vector<desk::TokenKey> token_keys_, side_token_keys_;
    std::vector<desk::OfficialKey> official_keys_;
};

Answer execute(Books& books, const Context& context, const Command& command);
// True for commands that are made once by their key in the payment table, or by the state of the holds or rail calls that
// they end, not by their id in the command table.
bool is_money(const CommandBody& body);
bool moves_money(const CommandBody& body);  // these, and decisions of staff: none is done while money is read-only
bool changes_nothing(const CommandBody& body);
// Money commands that a person asks for. A dry run of any other is refused.
bool can_be_rehearsed(const CommandBody& body);

Answer handle(Books&, const Context&, const Command&, const RegisterCustomer&);
Answer handle(Books&, const Context&, const Command&, const RegisterMerchant&);
Answer handle(Books&, const Context&, const Command&, const AddStaff&);
Answer handle(Books&, const Context&, const Command&, const EnrolStaff&);
Answer handle(Books&, const Context&, const Command&, const ConfirmStaff&);
Answer handle(Books&, const Context&, const Command&, const SignInStaff&);
Answer handle(Books&, const Context&, const Command&, const CountFailedSignIn&);
Answer handle(Books&, const Context&, const Command&, const SignOnStaff&);
Answer handle(Books&, const Context&, const Command&, const SwitchOffStaff&);
Answer handle(Books&, const Context&, const Command&, const InviteStaffAgain&);
Answer handle(Books&, const Context&, const Command&, const SignOutStaff&);
Answer handle(Books&, const Context&, const Command&, const SetCustomerPassword&);
Answer handle(Books&, const Context&, const Command&, const SignInCustomer&);
Answer handle(Books&, const Context&, const Command&, const CountFailedCustomerSignIn&);
Answer handle(Books&, const Context&, const Command&, const SignOutCustomer&);
Answer handle(Books&, const Context&, const Command&, const SetCustomerLevel&);
Answer handle(Books&, const Context&, const Command&, const SetExchangeRate&);
Answer handle(Books&, const Context&, const Command&, const TopUp&);
Answer handle(Books&, const Context&, const Command&, const Pay&);
Answer handle(Books&, const Context&, const Command&, const SendMoney&);
Answer handle(Books&, const Context&, const Command&, const ExchangeMoney&);
Answer handle(Books&, const Context&, const Command&, const CapturePayment&);
Answer handle(Books&, const Context&, const Command&, const CancelPayment&);
Answer handle(Books&, const Context&, const Command&, const ExpireHolds&);
Answer handle(Books&, const Context&, const Command&, const Refund&);
Answer handle(Books&, const Context&, const Command&, const CollectTopUp&);
Answer handle(Books&, const Context&, const Command&, const Withdraw&);
Answer handle(Books&, const Context&, const Command&, const TakeRailCalls&);
Answer handle(Books&, const Context&, const Command&, const ReleaseRailCalls&);
Answer handle(Books&, const Context&, const Command&, const ReportRail&);
Answer handle(Books&, const Context&, const Command&, const DecideRailOutcome&);
Answer handle(Books&, const Context&, const Command&, const SetAccountState&);
Answer handle(Books&, const Context&, const Command&, const SetPayoutAccount&);
Answer handle(Books&, const Context&, const Command&, const PayOutMerchant&);
Answer handle(Books&, const Context&, const Command&, const ReportDispute&);
Answer handle(Books&, const Context&, const Command&, const AnswerDispute&);
Answer handle(Books&, const Context&, const Command&, const ExpireDisputes&);
Answer handle(Books&, const Context&, const Command&, const ProposeCorrection&);
Answer handle(Books&, const Context&, const Command&, const DecideCorrection&);
Answer handle(Books&, const Context&, const Command&, const RequestMoney&);
Answer handle(Books&, const Context&, const Command&, const PayMoneyRequest&);
Answer handle(Books&, const Context&, const Command&, const EndMoneyRequest&);
Answer handle(Books&, const Context&, const Command&, const ExpireMoneyRequests&);
Answer handle(Books&, const Context&, const Command&, const ScheduleTransfer&);
Answer handle(Books&, const Context&, const Command&, const EndSchedule&);
Answer handle(Books&, const Context&, const Command&, const RunSchedules&);
Answer handle(Books&, const Context&, const Command&, const ReportDuplicate&);
Answer handle(Books&, const Context&, const Command&, const MoveTestClock&);
Answer handle(Books&, const Context&, const Command&, const ReadAccounts&);
Answer handle(Books&, const Context&, const Command&, const AcceptMail&);
Answer handle(Books&, const Context&, const Command&, const FileMail&);
Answer handle(Books&, const Context&, const Command&, const QuarantineMail&);
Answer handle(Books&, const Context&, const Command&, const ReportDelivery&);
Answer handle(Books&, const Context&, const Command&, const TakeOutgoing&);
Answer handle(Books&, const Context&, const Command&, const ReleaseOutgoing&);
Answer handle(Books&, const Context&, const Command&, const AddDkimKey&);
Answer handle(Books&, const Context&, const Command&, const RetireDkimKey&);
Answer handle(Books&, const Context&, const Command&, const SignOutgoing&);
Answer handle(Books&, const Context&, const Command&, const PutBackOutgoing&);
Answer handle(Books&, const Context&, const Command&, const ImportMails&);
Answer handle(Books&, const Context&, const Command&, const LiftSuppression&);
Answer handle(Books&, const Context&, const Command&, const ReleaseHeldMail&);
Answer handle(Books&, const Context&, const Command&, const DecideDelivery&);
Answer handle(Books&, const Context&, const Command&, const RetryQuarantined&);
Answer handle(Books&, const Context&, const Command&, const RecordScan&);
Answer handle(Books&, const Context&, const Command&, const OpenMailbox&);
Answer handle(Books&, const Context&, const Command&, const TakeFromMailbox&);
Answer handle(Books&, const Context&, const Command&, const TakeMailFile&);
Answer handle(Books&, const Context&, const Command&, const ReplyToTicket&);
Answer handle(Books&, const Context&, const Command&, const AddNote&);
Answer handle(Books&, const Context&, const Command&, const AssignTicket&);
Answer handle(Books&, const Context&, const Command&, const SortTicket&);
Answer handle(Books&, const Context&, const Command&, const SetTicketState&);
Answer handle(Books&, const Context&, const Command&, const TellClocks&);
Answer handle(Books&, const Context&, const Command&, const KeepPromise&);
Answer handle(Books&, const Context&, const Command&, const WithdrawPromise&);
Answer handle(Books&, const Context&, const Command&, const CloseSolved&);
Answer handle(Books&, const Context&, const Command&, const ProposeRefund&);
Answer handle(Books&, const Context&, const Command&, const ApproveRemedy&);
Answer handle(Books&, const Context&, const Command&, const RejectRemedy&);

// Access: sign-up, new passwords, sessions.
Answer handle(Books&, const Context&, const Command&, const StartSignUp&);
Answer handle(Books&, const Context&, const Command&, const CountFailedSignUp&);
Answer handle(Books&, const Context&, const Command&, const ConfirmSignUp&);
Answer handle(Books&, const Context&, const Command&, const AskNewPassword&);
Answer handle(Books&, const Context&, const Command&, const SetNewPassword&);
Answer handle(Books&, const Context&, const Command&, const ChangePassword&);
Answer handle(Books&, const Context&, const Command&, const EndSessions&);
Answer handle(Books&, const Context&, const Command&, const TouchSession&);
Answer handle(Books&, const Context&, const Command&, const SetPhrase&);
Answer handle(Books&, const Context&, const Command&, const ReportSignIn&);

// Second factors.
Answer handle(Books&, const Context&, const Command&, const BeginApp&);
Answer handle(Books&, const Context&, const Command&, const ConfirmApp&);
Answer handle(Books&, const Context&, const Command&, const RemoveApp&);
Answer handle(Books&, const Context&, const Command&, const MakeRecoveryCodes&);
Answer handle(Books&, const Context&, const Command&, const AddPasskey&);
Answer handle(Books&, const Context&, const Command&, const RenamePasskey&);
Answer handle(Books&, const Context&, const Command&, const RemovePasskey&);
Answer handle(Books&, const Context&, const Command&, const StepUp&);
Answer handle(Books&, const Context&, const Command&, const SignInByPasskey&);

// Locks.
Answer handle(Books&, const Context&, const Command&, const PlaceLock&);
Answer handle(Books&, const Context&, const Command&, const ReleaseOwnLock&);
Answer handle(Books&, const Context&, const Command&, const ProposeLockRelease&);
Answer handle(Books&, const Context&, const Command&, const DecideLockRelease&);
Answer handle(Books&, const Context&, const Command&, const ExpireLocks&);

// Identity.
Answer handle(Books&, const Context&, const Command&, const BeginVerification&);
Answer handle(Books&, const Context&, const Command&, const AddIdentityFile&);
Answer handle(Books&, const Context&, const Command&, const SubmitVerification&);
Answer handle(Books&, const Context&, const Command&, const CancelVerification&);
Answer handle(Books&, const Context&, const Command&, const ViewIdentity&);
Answer handle(Books&, const Context&, const Command&, const ReviewVerification&);
Answer handle(Books&, const Context&, const Command&, const RequestFilesDestroyed&);
Answer handle(Books&, const Context&, const Command&, const TendVerifications&);
Answer handle(Books&, const Context&, const Command&, const ForgetDoomedFiles&);

// Changes.
Answer handle(Books&, const Context&, const Command&, const AskChange&);
Answer handle(Books&, const Context&, const Command&, const ProveChange&);
Answer handle(Books&, const Context&, const Command&, const CancelChange&);
Answer handle(Books&, const Context&, const Command&, const FinishChanges&);
Answer handle(Books&, const Context&, const Command&, const ProposeChange&);
Answer handle(Books&, const Context&, const Command&, const DecideChange&);
Answer handle(Books&, const Context&, const Command&, const ProveTicket&);
Answer handle(Books&, const Context&, const Command&, const SendCaseLink&);
Answer handle(Books&, const Context&, const Command&, const OpenCase&);
Answer handle(Books&, const Context&, const Command&, const AnswerCase&);
Answer handle(Books&, const Context&, const Command&, const HandInFile&);
Answer handle(Books&, const Context&, const Command&, const EndCase&);
Answer handle(Books&, const Context&, const Command&, const RevealItem&);
Answer handle(Books&, const Context&, const Command&, const ReportBulkRead&);

// Telephone numbers and short messages.
Answer handle(Books&, const Context&, const Command&, const AskPhone&);
Answer handle(Books&, const Context&, const Command&, const SendPhoneCode&);
Answer handle(Books&, const Context&, const Command&, const ConfirmPhone&);
Answer handle(Books&, const Context&, const Command&, const RemovePhone&);
Answer handle(Books&, const Context&, const Command&, const TakeShortMessages&);
Answer handle(Books&, const Context&, const Command&, const ReleaseShortMessages&);
Answer handle(Books&, const Context&, const Command&, const ReportShortMessage&);

// Privacy, and who has to do with whom.
Answer handle(Books&, const Context&, const Command&, const RecordPersonExport&);
Answer handle(Books&, const Context&, const Command&, const PlaceLegalHold&);
Answer handle(Books&, const Context&, const Command&, const ReleaseLegalHold&);
Answer handle(Books&, const Context&, const Command&, const ProposeErasure&);
Answer handle(Books&, const Context&, const Command&, const DecideErasure&);
Answer handle(Books&, const Context&, const Command&, const RelateStaff&);
Answer handle(Books&, const Context&, const Command&, const DecideStaff&);

// The FAQ.
Answer handle(Books&, const Context&, const Command&, const PutFaqArticle&);
Answer handle(Books&, const Context&, const Command&, const PublishFaqArticle&);
Answer handle(Books&, const Context&, const Command&, const WithdrawFaqArticle&);
Answer handle(Books&, const Context&, const Command&, const ImportFaq&);
Answer handle(Books&, const Context&, const Command&, const RateFaqArticle&);
Answer handle(Books&, const Context&, const Command&, const SettleFaqAnswers&);

// Requests that belong together, sleep, and answers being written.
Answer handle(Books&, const Context&, const Command&, const LinkTickets&);
Answer handle(Books&, const Context&, const Command&, const UnlinkTickets&);
Answer handle(Books&, const Context&, const Command&, const MergeTicket&);
Answer handle(Books&, const Context&, const Command&, const UnmergeTicket&);
Answer handle(Books&, const Context&, const Command&, const SplitTicket&);
Answer handle(Books&, const Context&, const Command&, const SnoozeTicket&);
Answer handle(Books&, const Context&, const Command&, const WakeTicket&);
Answer handle(Books&, const Context&, const Command&, const WakeSnoozed&);
Answer handle(Books&, const Context&, const Command&, const SaveDraft&);
Answer handle(Books&, const Context&, const Command&, const FollowTicket&);
Answer handle(Books&, const Context&, const Command&, const UnfollowTicket&);
Answer handle(Books&, const Context&, const Command&, const MarkSeen&);

// Incidents.
Answer handle(Books&, const Context&, const Command&, const AddToIncident&);
Answer handle(Books&, const Context&, const Command&, const RemoveFromIncident&);
Answer handle(Books&, const Context&, const Command&, const TellIncident&);
Answer handle(Books&, const Context&, const Command&, const TellIncidentMembers&);
Answer handle(Books&, const Context&, const Command&, const CloseIncident&);
Answer handle(Books&, const Context&, const Command&, const ReopenIncident&);
Answer handle(Books&, const Context&, const Command&, const ProposeIncidentRefunds&);
Answer handle(Books&, const Context&, const Command&, const ApproveIncidentRefunds&);

// Side threads.
Answer handle(Books&, const Context&, const Command&, const PutCounterparty&);
Answer handle(Books&, const Context&, const Command&, const OpenSideThread&);
Answer handle(Books&, const Context&, const Command&, const WriteSideMail&);
Answer handle(Books&, const Context&, const Command&, const CloseSideThread&);

// Macros.
Answer handle(Books&, const Context&, const Command&, const PutMacro&);
Answer handle(Books&, const Context&, const Command&, const RetireMacro&);
Answer handle(Books&, const Context&, const Command&, const ApplyMacro&);

// Rules of the desk, and routing.
Answer handle(Books&, const Context&, const Command&, const PutRule&);
Answer handle(Books&, const Context&, const Command&, const SetRuleMode&);
Answer handle(Books&, const Context&, const Command&, const OrderRules&);
Answer handle(Books&, const Context&, const Command&, const TendRules&);
Answer handle(Books&, const Context&, const Command&, const SetRouting&);
Answer handle(Books&, const Context&, const Command&, const PutSkills&);

// Web hooks.
Answer handle(Books&, const Context&, const Command&, const CreateHook&);
Answer handle(Books&, const Context&, const Command&, const SetHookEnabled&);
Answer handle(Books&, const Context&, const Command&, const ChangeHookSecret&);
Answer handle(Books&, const Context&, const Command&, const RemoveHook&);
Answer handle(Books&, const Context&, const Command&, const PingHook&);
Answer handle(Books&, const Context&, const Command&, const RedeliverHook&);
Answer handle(Books&, const Context&, const Command&, const MoveHookCursors&);
Answer handle(Books&, const Context&, const Command&, const ReportHookTry&);
Answer handle(Books&, const Context&, const Command&, const TendHooks&);

// --- shared by the handlers

inline Answer refused(std::string_view code, std::string detail) {
    return Answer{.code = std::string{code}, .detail = std::move(detail)};
}
std::string json_text(std::initializer_list<std::pair<std::string_view, std::string>> members);  // all values as strings

// What a rail's account or card is sealed for, and what the rail's own words are cut to.
inline constexpr std::string_view instrument_purpose = "rail instrument";
inline constexpr std::size_t rail_detail_octets_max = 500;

inline constexpr std::size_t dispute_reference_octets_max = 100;
inline constexpr std::size_t dispute_answer_octets_max = 16'384;

// Staff who are enrolled, not disabled and of a role that may; their row is left in `staff`.
std::optional<Answer> not_permitted(Books& books, const Actor& actor, customers::Permission permission,
                                    std::optional<store::StaffRow>& staff);

// The one place that knows it: whether the member of staff is this customer or has to do with them. Such a member neither
// reads what is theirs nor decides about it.
bool has_to_do_with(Books& books, const store::StaffRow& staff, customers::CustomerNo customer);

// The second factor of a member of staff, typed with this request: checked, and its step burnt, or a refusal.
std::optional<Answer> check_second_factor(Books& books, const Context& context, customers::StaffNo staff,
                                          std::string_view code, Moment at);

// Moves the money of a refund: used by the API's refund and by an approved remedy.
struct RefundWish {
    Hash256 key;
    std::int64_t payment;
    money::Money amount;
    std::int64_t duplicate_of;
    std::optional<std::int64_t> expected_refundable;
    Moment at;
    std::int64_t ticket = 0;  // the request that it answers: what a bank says of it later is written there
};
struct RefundOutcome {
    payments::PaymentRefusal refusal = payments::PaymentRefusal::none;
    std::optional<payments::Payment> refund;  // as kept: succeeded, refused, or to a card and processing
    bool replayed = false;
};
RefundOutcome refund_payment(Books& books, const Context& context, const RefundWish& wish);

// Puts a mail of ours into the outbox and a message of it into the ticket, in this unit of work.
struct OutboundMail {
    std::string kind;  // acknowledgement, reply, answer, rail_unknown, rail_outcome
    std::string message_id, outgoing_id;  // ids as text
    std::string recipient, subject, text;
    desk::Author author = desk::Author::system;
    std::optional<customers::StaffNo> staff;
    bool automatic = false;
    bool names_money = false;
    bool in_conversation = true;  // shown as a message of the ticket
    Moment at;
};
std::int64_t send_mail(Books& books, const Context& context, const desk::Ticket& ticket, const OutboundMail& mail);

// Automatic, and no message of the conversation.
void send_acknowledgement(Books& books, const Context& context, const desk::Ticket& ticket, const desk::MailText& text,
                          const std::string& outgoing_id, const std::string& recipient, Moment at);

// A mail of ours that belongs to no request; who answers it opens one. Its row's number.
struct Notice {
    std::string kind;
    OutgoingId id;
    std::string recipient, subject, text;
    bool names_money = false;
    Moment at;
};
std::int64_t send_notice(Books& books, const Context& context, const Notice& notice);

}  // namespace okpay::service
