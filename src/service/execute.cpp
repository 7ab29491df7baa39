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
      token_keys_{desk::TokenKey{1, keyring_.derived("ticket tokens 1")}} {}

bool is_money(const CommandBody& body) {
    return std::holds_alternative<TopUp>(body) || std::holds_alternative<Pay>(body) ||
           std::holds_alternative<SendMoney>(body) || std::holds_alternative<ExchangeMoney>(body) ||
           std::holds_alternative<Refund>(body) || std::holds_alternative<CapturePayment>(body) ||
           std::holds_alternative<CancelPayment>(body) || std::holds_alternative<ExpireHolds>(body) ||
           std::holds_alternative<CollectTopUp>(body) || std::holds_alternative<Withdraw>(body) ||
           std::holds_alternative<TakeRailCalls>(body) || std::holds_alternative<ReleaseRailCalls>(body) ||
           std::holds_alternative<ReportRail>(body) || std::holds_alternative<DecideRailOutcome>(body) ||
           std::holds_alternative<PayOutMerchant>(body) || std::holds_alternative<PayMoneyRequest>(body) ||
           std::holds_alternative<ReportDuplicate>(body) || std::holds_alternative<RunSchedules>(body) ||
           std::holds_alternative<ExpireMoneyRequests>(body);
}

bool moves_money(const CommandBody& body) {
    return is_money(body) || std::holds_alternative<ApproveRemedy>(body) || std::holds_alternative<DecideCorrection>(body);
}

// Done by the state of what is due, again and again: no row in the command table.
static bool tends_what_is_due(const CommandBody& body) { return std::holds_alternative<FinishChanges>(body); }

bool changes_nothing(const CommandBody& body) { return std::holds_alternative<ReadAccounts>(body); }

std::string json_text(std::initializer_list<std::pair<std::string_view, std::string>> members) {
    boost::json::object object;
    for (const auto& [name, value] : members) object[name] = value;
    return boost::json::serialize(object);
}

bool can_be_rehearsed(const CommandBody& body) {
    return std::holds_alternative<TopUp>(body) || std::holds_alternative<Pay>(body) ||
           std::holds_alternative<SendMoney>(body) || std::holds_alternative<ExchangeMoney>(body) ||
           std::holds_alternative<Refund>(body) || std::holds_alternative<CapturePayment>(body) ||
           std::holds_alternative<CancelPayment>(body) || std::holds_alternative<CollectTopUp>(body) ||
           std::holds_alternative<Withdraw>(body) || std::holds_alternative<PayOutMerchant>(body);
}

Answer execute(Books& books, const Context& context, const Command& command) {
    if (command.dry_run) {
        if (!can_be_rehearsed(command.body)) {
            return refused(codes::dry_run_not_possible, "nothing was done: this cannot be tried without doing it");
        }
        return books.rehearse([&] {
            return std::visit([&](const auto& body) { return handle(books, context, command, body); }, command.body);
        });
    }
    const bool once_by_id = !is_money(command.body) && !changes_nothing(command.body) && !tends_what_is_due(command.body);
    if (once_by_id) {
        if (const auto known = store::find_command(books.connection(), command.id)) {
            auto answer = decode_answer(*known);
            if (!answer) throw store::StorageFailure{store::StorageFault::corrupt, "a stored answer cannot be read"};
            answer->replayed = true;
            return *answer;
        }
    }
    Answer answer = std::visit([&](const auto& body) { return handle(books, context, command, body); }, command.body);
    if (once_by_id) store::insert_command(books.connection(), command.id, kind_of(command.body), command.at, encode(answer));
    return answer;
}

}  // namespace okpay::service
