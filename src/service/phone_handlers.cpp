// SPDX-License-Identifier: Apache-2.0
// A customer's telephone number: asked for, proven by a code, and removed or replaced behind the hold of every change. The
// mail address and the number that stands are told of each step; whether other accounts have the number is told to nobody
// who has not proven that they hold it.
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "desk/lock_letters.hpp"
#include "desk/phone_letters.hpp"
#include "service/change_parts.hpp"
#include "service/locks.hpp"
#include "service/monitor.hpp"
#include "service/short_messages.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Change;
using customers::ChangeEvent;
using customers::ChangeId;
using customers::ChangeKind;
using customers::ChangeReason;
using customers::ChangeState;
using customers::Customer;
using customers::CustomerNo;
using customers::PhoneCode;
using desk::PhoneNews;
using desk::ShortNews;

constexpr std::chrono::hours day{24};

Answer no_open_change() { return refused(codes::not_found, "no phone number is being confirmed"); }
Answer code_ended(std::string_view why) { return refused("phone_code_ended", std::string{why}); }
Answer too_many(std::string detail) { return refused("too_many_requests", std::move(detail)); }

std::optional<Customer> own_customer(Books& books, const Command& command, std::int64_t no) {
    const bool own = command.actor.kind == ActorKind::customer && command.actor.no == no;
    return own ? store::find_customer(books.connection(), CustomerNo{no}) : std::nullopt;
}
Answer no_such_customer() { return refused(codes::not_found, "there is no such customer"); }

// What no number of today could cure.
std::optional<Answer> may_not_begin(Books& books, const Command& command, const Customer& customer) {
    if (store::open_phone_change(books.connection(), customer.no)) {
        return refused("change_open", "a change of your phone number is under way; cancel it first");
    }
    if (store::count_phone_changes_since(books.connection(), customer.no, command.at - day) >=
        customers::phone_changes_a_day_max) {
        return too_many(fmt::format("{} changes of the phone number in 24 hours are the most; try again later",
                                    customers::phone_changes_a_day_max));
    }
    return std::nullopt;
}

// One step of a change, and what is written of it.
class Step {
public:
    Step(Books& books, const Context& context, const Command& command, std::string_view seed, Change change)
        : books_{books},
          context_{context},
          command_{command},
          seed_{seed},
          change_{std::move(change)},
          customer_{customer_of_change(books, change_)} {}

    [[nodiscard]] const Change& change() const { return change_; }

    // To a number that has had enough of them today none is sent, and nobody is told: whoever asks learns nothing of others.
    void send_code(std::int64_t codes_before) {
        const std::int64_t number = codes_before + 1;
        const bool may_be_texted = store::count_codes_to_since(books_.connection(), change_.to, command_.at - day) <
                                   customers::phone_codes_to_number_a_day_max;
        const std::string digits = phone_code_digits_of(context_, change_.id, number);
        const Moment expires = command_.at + customers::phone_code_lasts;
        store::write_phone_code(books_.connection(), {.change = change_.no,
                                                      .hash = phone_code_hash(context_, change_.id, digits),
                                                      .codes = number,
                                                      .wrong = 0,
                                                      .sent = command_.at,
                                                      .expires = expires});
        if (may_be_texted) {
            text(change_.to,
                 {.news = ShortNews::code, .number = "", .change = change_.no, .code = number, .expires = expires});
        }
    }

    void tell_asked() {
        if (!change_.from.empty()) text(change_.from, {.news = ShortNews::phone_asked});
        write(PhoneNews::asked, change_.to);
    }

    // The first number stands at once: nobody is silenced by it.
    void prove() {
        move(ChangeEvent::prove);
        change_.proven = command_.at;
        store::delete_phone_code(books_.connection(), change_.no);
        if (change_.from.empty()) return make();
        hold();
    }

    void hold() {
        change_.due = command_.at + context_.settings().contact_hold;
        change_.lock = number_of(place_lock(books_, context_, command_,
                                            {.customer = change_.customer,
                                             .scope = customers::LockScope::payouts,
                                             .source = customers::LockSource::rule,
                                             .reason = fmt::format("change {} of the phone number", change_.no),
                                             .message_code = std::string{desk::phone_held_message},
                                             .review_at = std::nullopt,
                                             .expires_at = change_.due}));
        note_security_change(books_, command_, change_.customer, "phone");
        text(change_.from, {.news = removes() ? ShortNews::phone_removal_held : ShortNews::phone_held});
        write(removes() ? PhoneNews::removal_held : PhoneNews::change_held, removes() ? change_.from : change_.to);
    }

    void make() {
        move(ChangeEvent::finish);
        change_.ended = command_.at;
        if (removes()) {
            store::delete_phone(books_.connection(), change_.customer);
            text(change_.from, {.news = ShortNews::phone_removed});
            return write(PhoneNews::removed, change_.from);
        }
        store::write_phone(books_.connection(), {.customer = change_.customer,
                                                 .number = change_.to,
                                                 .change = change_.no,
                                                 .confirmed = change_.proven.value_or(command_.at)});
        text(change_.to, {.news = ShortNews::phone_added});
        if (!change_.from.empty()) text(change_.from, {.news = ShortNews::phone_changed});
        write(change_.from.empty() ? PhoneNews::added : PhoneNews::changed, change_.to);
    }

    // `request`: of what was opened for it.
    void end(ChangeEvent event, ChangeReason reason, std::string_view request = "") {
        const bool was_held = change_.state == ChangeState::held;
        move(event);
        change_.reason = reason;
        change_.ended = command_.at;
        store::delete_phone_code(books_.connection(), change_.no);
        if (was_held && reason != ChangeReason::replaced) text(change_.from, {.news = ShortNews::phone_kept});
        if (was_held || !request.empty()) write(PhoneNews::stopped, change_.from, request);
    }

    Answer keep(std::string_view action) {
        store::update_change(books_.connection(), change_);
        books_.audit(command_.at, command_.actor, action, fmt::format("customer:{}", number_of(change_.customer)),
                     json_text({{"change", std::to_string(change_.no)}, {"state", std::string{name_of(change_.state)}}}));
        return Answer{.number = change_.no, .text = change_.id.text()};
    }

private:
    [[nodiscard]] bool removes() const { return change_.to.empty(); }

    void move(ChangeEvent event) {
        const auto next = after(change_.state, event);
        ensure(next.has_value());  // the caller has looked
        change_.state = *next;
    }

    void text(const std::string& number, ShortWish wish) {
        wish.number = number;
        if (wish.expires == Moment{}) wish.expires = command_.at + short_alert_lasts;
        queue_short_message(books_, context_, command_, customer_, wish);
    }

    void write(PhoneNews news, const std::string& number, std::string_view request = "") {
        const std::string masked = customers::masked_phone(number);
        const std::string stop = HouseLink{context_, LinkPurpose::cancel_phone, change_.id.view()}.url();
        const desk::MailText letter =
            desk::letter_of_phone(letter_to(context_, customer_), {.news = news,
                                                                   .number = masked,
                                                                   .stop_link = stop,
                                                                   .request = request,
                                                                   .due = change_.due.value_or(command_.at)});
        std::string kind{kind_of(news)};
        const auto id = StepIds{seed_, change_.no, command_.at}.next<OutgoingId>(kind);
        send_notice(books_, context_,
                    {.kind = std::move(kind),
                     .id = id,
                     .recipient = customer_.email,
                     .subject = letter.subject,
                     .text = letter.body,
                     .at = command_.at});
    }

    Books& books_;
    const Context& context_;
    const Command& command_;
    std::string_view seed_;
    Change change_;
    Customer customer_;
};

Change new_change(Books& books, const Context& context, const ChangeId& id, CustomerNo customer, std::int64_t session,
                  Moment at) {
    // No link proves a number: the hash is of one that nobody was given.
    return {.no = books.next_number("customer_change"),
            .id = id,
            .customer = customer,
            .kind = ChangeKind::phone,
            .state = ChangeState::proving,
            .prove_hash = phone_code_hash(context, id, "no link"),
            .cancel_hash = HouseLink{context, LinkPurpose::cancel_phone, id.view()}.hash(),
            .session = session,
            .asked = at};
}

std::optional<Change> open_proof(Books& books, const Command& command, CustomerNo customer) {
    auto change = store::open_phone_change(books.connection(), customer);
    const bool open = change && change->state == ChangeState::proving && command.at < change->due;
    return open ? change : std::nullopt;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const AskPhone& body) {
    const auto id = ChangeId::parse(body.change);
    const auto number = customers::PhoneNumber::parse(body.number);
    const auto customer = own_customer(books, command, body.customer);
    if (!customer) return no_such_customer();
    if (!id || !number) return refused(codes::invalid, "number: write it with its country, +86 138 0013 8000");
    const auto stands = store::phone_of(books.connection(), customer->no);
    if (stands && stands->number == number->text()) return refused(codes::invalid, "number: this is your number already");
    if (auto no = may_not_begin(books, command, *customer)) return *no;
    if (house_has_texted_enough(books, context, command.at)) {
        return too_many("we have sent as many short messages as we may this hour; try again later");
    }
    Change change = new_change(books, context, *id, customer->no, body.session, command.at);
    change.from = stands ? stands->number : "";
    change.to = number->text();
    change.due = command.at + customers::phone_proof_lasts;
    store::insert_change(books.connection(), change);
    Step step{books, context, command, body.seed, std::move(change)};
    step.send_code(0);
    step.tell_asked();
    return step.keep("ask_phone");
}

Answer handle(Books& books, const Context& context, const Command& command, const SendPhoneCode& body) {
    const auto customer = own_customer(books, command, body.customer);
    if (!customer) return no_such_customer();
    auto change = open_proof(books, command, customer->no);
    const auto code = change ? store::phone_code_of_change(books.connection(), change->no) : std::nullopt;
    if (!code) return no_open_change();
    if (command.at < code->sent + customers::phone_code_again_after) {
        return too_many(fmt::format("a code was sent a moment ago; another can be sent after {}",
                                    rfc3339(code->sent + customers::phone_code_again_after)));
    }
    if (code->codes >= customers::phone_codes_of_change_max) {
        return too_many(fmt::format("{} codes were sent; cancel this and begin again with the right number", code->codes));
    }
    if (house_has_texted_enough(books, context, command.at)) {
        return too_many("we have sent as many short messages as we may this hour; try again later");
    }
    Step step{books, context, command, body.seed, *std::move(change)};
    step.send_code(code->codes);
    return step.keep("send_phone_code");
}

Answer handle(Books& books, const Context& context, const Command& command, const ConfirmPhone& body) {
    const auto customer = own_customer(books, command, body.customer);
    if (!customer) return no_such_customer();
    auto change = open_proof(books, command, customer->no);
    auto code = change ? store::phone_code_of_change(books.connection(), change->no) : std::nullopt;
    if (!code) return no_open_change();
    if (code->wrong >= customers::phone_code_tries_max) {
        return code_ended("too many wrong codes were typed; ask for a new code");
    }
    if (code->expires <= command.at) return code_ended("the code has expired; ask for a new one");
    const auto typed = customers::typed_phone_code(body.code);
    const bool right =
        typed && equal_in_constant_time(view_of(phone_code_hash(context, change->id, *typed)), view_of(code->hash));
    if (!right) {
        code->wrong += 1;  // kept: a refusal is committed like an answer
        store::write_phone_code(books.connection(), *code);
        const std::int64_t left = customers::phone_code_tries_max - code->wrong;
        if (left == 0) return code_ended("too many wrong codes were typed; ask for a new code");
        return refused("phone_code_wrong", fmt::format("the code is wrong; tries left: {}", left));
    }
    Step step{books, context, command, body.seed, *std::move(change)};
    // Whoever typed the code holds the number, so that this tells them nothing that is not theirs.
    if (store::count_accounts_of_phone(books.connection(), step.change().to) >= customers::accounts_of_a_phone_max) {
        step.end(ChangeEvent::refuse, ChangeReason::address_in_use);
        step.keep("refuse_phone");
        return refused("phone_at_many_accounts", fmt::format("this number belongs to {} accounts already; use another one",
                                                             customers::accounts_of_a_phone_max));
    }
    step.prove();
    return step.keep("confirm_phone");
}

Answer handle(Books& books, const Context& context, const Command& command, const RemovePhone& body) {
    const auto id = ChangeId::parse(body.change);
    const auto customer = own_customer(books, command, body.customer);
    if (!customer) return no_such_customer();
    if (!id) return refused(codes::invalid, "change: malformed");
    const auto stands = store::phone_of(books.connection(), customer->no);
    if (!stands) return refused(codes::not_found, "no phone number is set");
    if (auto no = may_not_begin(books, command, *customer)) return *no;
    Change change = new_change(books, context, *id, customer->no, body.session, command.at);
    change.state = ChangeState::held;  // nothing has to be proven: who asks has stepped up
    change.proven = command.at;
    change.from = stands->number;
    store::insert_change(books.connection(), change);
    Step step{books, context, command, body.seed, std::move(change)};
    step.hold();
    return step.keep("remove_phone");
}

Answer stop_phone_change(Books& books, const Context& context, const Command& command, std::string_view seed, Change change,
                         ChangeReason reason) {
    Step step{books, context, command, seed, std::move(change)};
    if (reason == ChangeReason::by_old_address) {
        const std::string request = report_change(books, context, command, seed, step.change());
        step.end(ChangeEvent::cancel, reason, request);
        return step.keep("stop_phone_change");
    }
    step.end(ChangeEvent::cancel, reason);
    if (step.change().lock != 0) {
        end_lock(books, context, command, customers::LockNo{step.change().lock}, "the change was canceled in the account",
                 customers::LockState::superseded);
    }
    return step.keep("cancel_phone_change");
}

void finish_phone_change(Books& books, const Context& context, const Command& command, std::string_view seed,
                         Change change) {
    const auto stands = store::phone_of(books.connection(), change.customer);
    Step step{books, context, command, seed, std::move(change)};
    if (step.change().state != ChangeState::held) {
        step.end(ChangeEvent::expire, ChangeReason::not_proven);
    } else if (!stands || stands->number != step.change().from) {
        step.end(ChangeEvent::refuse, ChangeReason::replaced);
    } else if (!step.change().to.empty() &&
               store::count_accounts_of_phone(books.connection(), step.change().to) >= customers::accounts_of_a_phone_max) {
        step.end(ChangeEvent::refuse, ChangeReason::address_in_use);  // others have proven it during the hold
    } else {
        step.make();
    }
    step.keep("finish_phone_change");
}

}  // namespace okpay::service
