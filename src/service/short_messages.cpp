// SPDX-License-Identifier: Apache-2.0
#include "service/short_messages.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Customer;
using store::ShortMessage;
using store::ShortMessageState;

constexpr std::string_view key_label = "phone codes 1";
constexpr char for_digits = 1, for_hash = 2;
constexpr Millis pause_first{30'000}, pause_longest{15 * 60'000};
constexpr std::chrono::hours day{24};

Hash256 keyed(const Context& context, char purpose, const customers::ChangeId& change, std::string_view rest) {
    Bytes said(1, purpose);
    said += change.view();
    said += rest;
    return hmac_sha256(context.keyring().derived(key_label).reveal(), said);
}

// As it leaves: the digits of a code are in no row. Nothing where the change is no more.
std::optional<std::string> text_to_send(store::Connection& connection, const Context& context, const ShortMessage& message) {
    if (message.code == 0) return message.text;
    const auto change = store::find_change(connection, message.change);
    if (!change || change->state != customers::ChangeState::proving) return std::nullopt;
    const auto code = store::phone_code_of_change(connection, message.change);
    if (!code || code->codes != message.code) return std::nullopt;  // a newer one took its place
    std::string text = message.text;
    const auto at = text.find(desk::code_place);
    if (at == std::string::npos) return std::nullopt;
    text.replace(at, desk::code_place.size(), phone_code_digits_of(context, change->id, message.code));
    return text;
}

void end(Books& books, ShortMessage& message, ShortMessageState state, std::string_view outcome, Moment at) {
    message.state = state;
    message.next_at.reset();
    message.outcome = outcome;
    message.updated = at;
    store::update_short_message(books.connection(), message);
}

void queue_again(Books& books, ShortMessage& message, Moment next, Moment at) {
    message.state = ShortMessageState::queued;
    message.next_at = next;
    message.updated = at;
    store::update_short_message(books.connection(), message);
}

// False: it is too late or of no use, and has failed.
bool hand_out(Books& books, const Context& context, ShortMessage& message, Moment at) {
    if (message.expires <= at) {
        end(books, message, ShortMessageState::failed, "its time was over before it left", at);
        return false;
    }
    if (!short_order_of(books.connection(), context, message)) {
        end(books, message, ShortMessageState::failed, "it was of no use any more", at);
        return false;
    }
    message.state = ShortMessageState::handed_out;
    message.next_at.reset();
    message.updated = at;
    store::update_short_message(books.connection(), message);
    return true;
}

// Counts as a try, so that what is lost each time has an end.
void pick_up_unreported(Books& books, Moment at, bool once_by_key) {
    for (ShortMessage& message :
         store::unreported_short_messages(books.connection(), at - short_message_unreported_max, take_round_rows)) {
        message.tries += 1;
        if (once_by_key && message.tries < short_message_tries_max) queue_again(books, message, at, at);
        else end(books, message, ShortMessageState::uncertain, "nobody reported on it", at);
    }
}

}  // namespace

Millis short_message_pause(std::int64_t tries) {
    Millis pause = pause_first;
    for (std::int64_t made = 1; made < tries && pause < pause_longest; ++made) pause *= 2;
    return std::min(pause, pause_longest);
}

std::string phone_code_digits_of(const Context& context, const customers::ChangeId& change, std::int64_t code) {
    Bytes number;
    append_u64(number, static_cast<std::uint64_t>(code));
    return customers::phone_code_of(keyed(context, for_digits, change, number));
}

Hash256 phone_code_hash(const Context& context, const customers::ChangeId& change, std::string_view digits) {
    return keyed(context, for_hash, change, digits);
}

std::optional<ShortOrder> short_order_of(store::Connection& connection, const Context& context,
                                         const ShortMessage& message) {
    auto text = text_to_send(connection, context, message);
    if (!text || message.number.empty()) return std::nullopt;
    return ShortOrder{.message = message.no, .key = message.id.text(), .number = message.number, .text = *std::move(text)};
}

bool house_has_texted_enough(Books& books, const Context& context, Moment at) {
    return store::count_short_messages_since(books.connection(), at - std::chrono::hours{1}) >=
           context.settings().short_messages_per_hour_max;
}

void queue_short_message(Books& books, const Context& context, const Command& command, const Customer& customer,
                         const ShortWish& wish) {
    const std::int64_t no = books.next_number("short_message");
    Bytes said{"short message"};
    append_u64(said, static_cast<std::uint64_t>(no));
    const Hash256 random = sha256({command.id.view(), said});
    store::insert_short_message(books.connection(),
                                {.no = no,
                                 .id = store::ShortMessageId::of(command.at, view_of(random)),
                                 .customer = customer.no,
                                 .kind = std::string{name_of(wish.news)},
                                 .number = wish.number,
                                 .text = desk::short_text(wish.news, desk::language_of(customer.language),
                                                          context.settings().house),
                                 .change = wish.change,
                                 .code = wish.code,
                                 .next_at = command.at,
                                 .expires = wish.expires,
                                 .created = command.at,
                                 .updated = command.at});
    books.news().short_message_queued = true;
}

void text_customer(Books& books, const Context& context, const Command& command, const Customer& customer,
                   desk::ShortNews news) {
    const auto phone = store::phone_of(books.connection(), customer.no);
    if (!phone || house_has_texted_enough(books, context, command.at)) return;
    if (store::count_short_alerts_since(books.connection(), customer.no, command.at - day) >=
        customers::short_alerts_to_a_customer_a_day_max) {
        return;
    }
    queue_short_message(books, context, command, customer,
                        {.news = news, .number = phone->number, .expires = command.at + short_alert_lasts});
}

Answer handle(Books& books, const Context& context, const Command& command, const TakeShortMessages& body) {
    pick_up_unreported(books, command.at, body.once_by_key);
    Answer answer;
    const auto messages_max = static_cast<std::size_t>(std::max<std::int64_t>(body.messages_max, 0));
    for (int round = 0; round < take_rounds_max; ++round) {
        const auto due = store::due_short_messages(books.connection(), command.at, take_round_rows);
        for (ShortMessage message : due) {
            if (answer.numbers.size() >= messages_max) return answer;
            if (hand_out(books, context, message, command.at)) answer.numbers.push_back(message.no);
        }
        if (std::ssize(due) < take_round_rows) return answer;
    }
    books.news().short_message_queued = true;  // more are due: the sender asks again at once
    return answer;
}

Answer handle(Books& books, const Context&, const Command& command, const ReleaseShortMessages& body) {
    for (ShortMessage& message : store::handed_out_short_messages(books.connection())) {
        if (body.once_by_key) {
            queue_again(books, message, command.at, command.at);
            continue;
        }
        end(books, message, ShortMessageState::uncertain, "the program ended while it was being sent", command.at);
    }
    books.news().short_message_queued = true;
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const ReportShortMessage& body) {
    auto message = store::find_short_message(books.connection(), body.message);
    if (!message) return refused(codes::not_found, "there is no such short message");
    // What has its outcome keeps it, whatever is reported late.
    if (message->state != ShortMessageState::handed_out) return Answer{.number = message->no, .replayed = true};
    const std::string words{utf8_prefix(to_utf8_lossy(body.text), short_outcome_octets_max)};
    message->tries += 1;
    if (body.outcome == "sent") {
        end(books, *message, ShortMessageState::sent, words, command.at);
    } else if (body.outcome == "refused") {
        end(books, *message, ShortMessageState::failed, words, command.at);
    } else if (body.outcome == "uncertain") {
        end(books, *message, ShortMessageState::uncertain, words, command.at);
    } else if (body.outcome == "later") {
        const Moment next = command.at + short_message_pause(message->tries);
        message->outcome = words;
        if (message->tries >= short_message_tries_max || next >= message->expires) {
            end(books, *message, ShortMessageState::failed, words, command.at);
        } else {
            queue_again(books, *message, next, command.at);
        }
    } else {
        return refused(codes::invalid, "outcome: one of sent, refused, later, uncertain");
    }
    return Answer{.number = message->no};
}

}  // namespace okpay::service
