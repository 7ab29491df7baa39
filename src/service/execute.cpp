// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "customers/passkey_challenge.hpp"
#include "service/codec.hpp"
#include "service/handlers.hpp"

namespace okpay::service {

Context::Context(store::Keyring keyring, DeskSettings settings)
    : keyring_{std::move(keyring)},
      settings_{std::move(settings)},
      request_number_key_{keyring_.derived("request numbers 1")},
      challenge_key_{keyring_.derived(customers::challenge_key_label)},
      side_number_key_{keyring_.derived("side thread numbers 1")},
      token_keys_{desk::TokenKey{1, keyring_.derived("ticket tokens 1")}},
      side_token_keys_{desk::TokenKey{129, keyring_.derived("side thread tokens 1")}},
      official_keys_{desk::OfficialKey{1, keyring_.derived("official mail 1")}} {}

bool is_money(const CommandBody& body) {
    return body.is<TopUp>() || body.is<Pay>() || body.is<SendMoney>() || body.is<ExchangeMoney>() || body.is<Refund>() ||
           body.is<CapturePayment>() || body.is<CancelPayment>() || body.is<ExpireHolds>() || body.is<CollectTopUp>() ||
           body.is<Withdraw>() || body.is<TakeRailCalls>() || body.is<ReleaseRailCalls>() || body.is<ReportRail>() ||
           body.is<DecideRailOutcome>() || body.is<PayOutMerchant>() || body.is<PayMoneyRequest>() ||
           body.is<ReportDuplicate>() || body.is<RunSchedules>() || body.is<ExpireMoneyRequests>() ||
           body.is<ReportDispute>() || body.is<AnswerDispute>() || body.is<ExpireDisputes>();
}

bool moves_money(const CommandBody& body) {
    return is_money(body) || body.is<ApproveRemedy>() || body.is<ApproveIncidentRefunds>() || body.is<DecideCorrection>();
}

// Done by the state of what is due, again and again: no row in the command table.
static bool tends_what_is_due(const CommandBody& body) {
    return body.is<FinishChanges>() || body.is<CloseSolved>() || body.is<TellClocks>() || body.is<SettleFaqAnswers>() ||
           body.is<WakeSnoozed>() || body.is<MoveHookCursors>() || body.is<ReportHookTry>() || body.is<TendHooks>() ||
           body.is<ReleaseShortMessages>() || body.is<ReportShortMessage>() || body.is<OpenMailbox>() ||
           body.is<TakeFromMailbox>() || body.is<TellIncidentMembers>() || body.is<TendRules>();
}

// Done twice it is the same as once, and comes with every pause of who writes or reads: a row each would say nothing.
static bool is_kept_for_its_writer(const CommandBody& body) { return body.is<SaveDraft>() || body.is<MarkSeen>(); }

bool changes_nothing(const CommandBody& body) { return body.is<ReadAccounts>(); }

std::string json_text(std::initializer_list<std::pair<std::string_view, std::string>> members) {
    boost::json::object object;
    for (const auto& [name, value] : members) object[name] = value;
    return boost::json::serialize(object);
}

bool can_be_rehearsed(const CommandBody& body) {
    return body.is<TopUp>() || body.is<Pay>() || body.is<SendMoney>() || body.is<ExchangeMoney>() || body.is<Refund>() ||
           body.is<CapturePayment>() || body.is<CancelPayment>() || body.is<CollectTopUp>() || body.is<Withdraw>() ||
           body.is<PayOutMerchant>();
}

Answer execute(Books& books, const Context& context, const Command& command) {
    if (command.dry_run) {
        if (!can_be_rehearsed(command.body)) {
            return refused(codes::dry_run_not_possible, "nothing was done: this cannot be tried without doing it");
        }
        return books.rehearse(
            [&] { return command.body.visit([&](const auto& body) { return handle(books, context, command, body); }); });
    }
    const bool once_by_id = !is_money(command.body) && !changes_nothing(command.body) && !tends_what_is_due(command.body) &&
                            !is_kept_for_its_writer(command.body);
    if (once_by_id) {
        if (const auto known = store::find_command(books.connection(), command.id)) {
            auto answer = decode_answer(*known);
            if (!answer) throw store::StorageFailure{store::StorageFault::corrupt, "a stored answer cannot be read"};
            answer->replayed = true;
            return *answer;
        }
    }
    Answer answer = command.body.visit([&](const auto& body) { return handle(books, context, command, body); });
    if (once_by_id) store::insert_command(books.connection(), command.id, kind_of(command.body), command.at, encode(answer));
    return answer;
}

}  // namespace okpay::service
