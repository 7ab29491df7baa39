// SPDX-License-Identifier: Apache-2.0
// Requests for money: asked, paid once, declined, canceled, expired. The payment, the state and the letter are one commit.
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "content/mask.hpp"
#include "desk/request_letters.hpp"
#include "mail/email_address.hpp"
#include "payments/money_request.hpp"
#include "payments/names.hpp"
#include "service/money_parts.hpp"
#include "store/money_request_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Customer;
using customers::CustomerNo;
using payments::MoneyRequest;
using payments::MoneyRequestEvent;
using payments::MoneyRequestState;
using payments::PaymentRefusal;
using payments::PaymentState;

Answer no_such_request() { return refused(codes::not_found, "there is no such request for money"); }

Answer not_open() {
    return refused(payments::code_of(PaymentRefusal::request_not_open),
                   std::string{payments::sentence_en(PaymentRefusal::request_not_open)});
}

Answer answer_of(const MoneyRequest& request, bool replayed) {
    return Answer{.number = request.no, .text = request.id.text(), .replayed = replayed, .accounts = {}, .numbers = {}};
}

std::optional<Answer> too_many(Books& books, const MoneyRequest& request) {
    store::Connection& connection = books.connection();
    const Moment since = request.created - payments::money_request_day;
    const auto refusal = [](std::string detail) { return refused("too_many_requests", std::move(detail)); };
    if (store::count_open_money_requests(connection, request.payee) >= payments::money_requests_open_max) {
        return refusal(fmt::format("{} of your requests are open; cancel one, or wait until one is paid",
                                   payments::money_requests_open_max));
    }
    if (store::count_money_requests_since(connection, request.payee, since) >= payments::money_requests_a_day_max) {
        return refusal(
            fmt::format("{} requests in 24 hours are the most; try again later", payments::money_requests_a_day_max));
    }
    // Counted by what was typed, not by whose it is, so that the answer is the same for an address that is nobody's.
    if (!request.payer_said.empty() &&
        store::count_money_requests_to_since(connection, request.payee, request.payer_said, since) >=
            payments::money_requests_to_one_payer_a_day_max) {
        return refusal(fmt::format("you have asked this person {} times in 24 hours; try again later",
                                   payments::money_requests_to_one_payer_a_day_max));
    }
    return std::nullopt;
}

// Customers are never removed: a row that names one has one.
Customer customer_of(Books& books, CustomerNo no) {
    auto found = store::find_customer(books.connection(), no);
    if (!found) throw store::StorageFailure{store::StorageFault::corrupt, "a request for money names nobody"};
    return *std::move(found);
}

desk::LetterTo letter_to(const Context& context, const Customer& customer) {
    return {.language = desk::language_of(customer.language),
            .name = customer.name,
            .zone = customer.zone,
            .house = context.settings().house};
}

std::int64_t write(Books& books, const Context& context, const Customer& to, std::string kind, const desk::MailText& text,
                   OutgoingId id, Moment at) {
    const bool names_money = kind == "money_request_paid";
    return send_notice(books, context,
                       {.kind = std::move(kind),
                        .id = id,
                        .recipient = to.email,
                        .subject = text.subject,
                        .text = text.body,
                        .names_money = names_money,
                        .at = at});
}

void end(Books& books, MoneyRequest& request, MoneyRequestEvent event, Moment at) {
    const auto state = after(request.state, event);
    ensure(state.has_value());  // the caller has looked
    request.state = *state;
    request.ended = at;
    store::update_money_request(books.connection(), request);
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const RequestMoney& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    if (amount->minor() <= 0) return refused(codes::invalid, "amount: above zero");
    const auto id = MoneyRequestId::parse(body.request);
    if (!id) return refused(codes::invalid, "request: malformed");
    const auto payee = CustomerNo{body.payee};
    const Hash256 key = once_key(command.actor, "request " + body.key);
    const std::int64_t print =
        fingerprint("request", {body.payee, body.amount_minor}, {body.currency, body.memo, body.payer_said});
    if (const auto known = store::find_money_request_by_key(books.connection(), key)) {
        return known->body_fingerprint == print ? answer_of(*known, true) : key_reused();
    }
    const auto asking = store::find_customer(books.connection(), payee);
    if (!asking) return refused(codes::not_found, "there is no such customer");
    if (!books.wallet_of(payee, amount->currency())) {
        return refused("wrong_currency", "you have no wallet in this currency");
    }
    if (body.payer == body.payee || ascii_lower(asking->email) == body.payer_said) {
        return refused("same_account", "you cannot ask yourself");
    }
    const Moment expires = moment_of_ms(body.expires);
    if (expires <= command.at || expires > command.at + payments::money_request_lasts_max) {
        return refused(codes::invalid, fmt::format("expires: within {} days", payments::money_request_lasts_max.count()));
    }
    std::optional<Customer> payer;
    if (body.payer != 0) {
        payer = store::find_customer(books.connection(), CustomerNo{body.payer});
        if (!payer || body.payer_said.empty()) return refused(codes::invalid, "payer: malformed");
    }
    MoneyRequest request{.no = 0,
                         .id = *id,
                         .key = key,
                         .body_fingerprint = print,
                         .payee = payee,
                         .payer = payer ? std::optional{payer->no} : std::nullopt,
                         .payer_said = body.payer_said,
                         .amount = *amount,
                         .memo = content::mask_secrets(body.memo).text,
                         .expires = expires,
                         .created = command.at};
    if (auto no = too_many(books, request)) return *no;
    request.no = books.next_number("money_request");
    const bool may_be_written_to =
        payer &&
        store::count_money_request_letters_since(books.connection(), payer->no, command.at - payments::money_request_day) <
            payments::money_request_letters_a_day_max;
    if (may_be_written_to) {
        const desk::MoneyRequestFacts facts{.other = asking->name,
                                            .amount = {.amount = *amount, .asked_no = request.no},
                                            .memo = request.memo};
        const StepIds ids{body.seed, request.no, command.at};
        request.asked_mail = write(books, context, *payer, "money_request_asked",
                                   desk::letter_money_asked(letter_to(context, *payer), facts, expires),
                                   ids.next<OutgoingId>("asked"), command.at);
    }
    store::insert_money_request(books.connection(), request);
    return answer_of(request, false);
}

Answer handle(Books& books, const Context& context, const Command& command, const PayMoneyRequest& body) {
    const auto id = MoneyRequestId::parse(body.request);
    auto request = id ? store::find_money_request(books.connection(), *id) : std::nullopt;
    const auto payer = CustomerNo{body.payer};
    if (!request || (payer != request->payee && !request->may_be_paid_by(payer))) return no_such_request();
    const Hash256 key = once_key(command.actor, body.key);
    const std::int64_t print = fingerprint("pay_request", {body.payer, request->no});
    if (auto known = known_answer(books, key, print)) return *known;
    const bool open = after(request->state, MoneyRequestEvent::pay).has_value() && command.at < request->expires;
    const auto made = transfer_between(books, context,
                                       {.command = command,
                                        .key = key,
                                        .fingerprint = print,
                                        .payer = payer,
                                        .payee = request->payee,
                                        .amount = request->amount,
                                        .memo = request->memo,
                                        .at = command.at,
                                        .refused = open ? PaymentRefusal::none : PaymentRefusal::request_not_open});
    if (!made) return made.error();
    if (made->state == PaymentState::succeeded) {
        const Customer from = customer_of(books, payer);
        const Customer to = customer_of(books, request->payee);
        const StepIds ids{body.seed, request->no, command.at};
        const desk::MoneyRequestFacts facts{.other = from.name,
                                            .amount = {.amount = request->amount, .payment_seq = made->seq},
                                            .memo = {}};
        request->payment = made->seq;
        request->outcome_mail =
            write(books, context, to, "money_request_paid", desk::letter_request_paid(letter_to(context, to), facts),
                  ids.next<OutgoingId>("paid"), command.at);
        end(books, *request, MoneyRequestEvent::pay, command.at);
    }
    return answer_of(*made, false);
}

Answer handle(Books& books, const Context& context, const Command& command, const EndMoneyRequest& body) {
    const auto id = MoneyRequestId::parse(body.request);
    auto request = id ? store::find_money_request(books.connection(), *id) : std::nullopt;
    const auto customer = CustomerNo{body.customer};
    const bool asked = request && request->payer == customer;  // an open one is nobody's to decline
    if (!request || (customer != request->payee && !asked)) return no_such_request();
    const MoneyRequestEvent event = asked ? MoneyRequestEvent::decline : MoneyRequestEvent::cancel;
    const auto state = after(request->state, event);
    if (!state) {
        const bool so_already = request->state == (asked ? MoneyRequestState::declined : MoneyRequestState::canceled);
        return so_already ? answer_of(*request, true) : not_open();
    }
    if (asked) {
        const Customer from = customer_of(books, customer);
        const Customer to = customer_of(books, request->payee);
        const StepIds ids{body.seed, request->no, command.at};
        const desk::MoneyRequestFacts facts{.other = from.name,
                                            .amount = {.amount = request->amount, .asked_no = request->no},
                                            .memo = {}};
        request->outcome_mail =
            write(books, context, to, "money_request_declined", desk::letter_request_declined(letter_to(context, to), facts),
                  ids.next<OutgoingId>("declined"), command.at);
    }
    end(books, *request, event, command.at);
    return answer_of(*request, false);
}

Answer handle(Books& books, const Context&, const Command& command, const ExpireMoneyRequests& body) {
    Answer answer;
    for (MoneyRequest& request : store::due_money_requests(books.connection(), command.at, body.requests_max)) {
        end(books, request, MoneyRequestEvent::expire, command.at);
        answer.numbers.push_back(request.no);
    }
    return answer;
}

}  // namespace okpay::service
