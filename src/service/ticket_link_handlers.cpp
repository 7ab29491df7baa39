// SPDX-License-Identifier: Apache-2.0
// Requests are linked, merged, taken apart again, split; they sleep and come back; answers are kept while they are written.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "customers/assurance.hpp"
#include "desk/acknowledgement.hpp"
#include "desk/follows.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "desk/threading.hpp"
#include "desk/ticket_links.hpp"
#include "service/case_parts.hpp"
#include "service/follow_parts.hpp"
#include "service/handlers.hpp"
#include "service/mail_parts.hpp"
#include "service/money_parts.hpp"
#include "service/sorting_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/faq_store.hpp"
#include "store/people_store.hpp"
#include "store/ticket_link_store.hpp"
#include "triage/reading.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using desk::LinkKind;
using desk::MergeRefusal;
using desk::Ticket;
using desk::TicketNo;
using store::TicketRow;

constexpr std::string_view risk_team = "risk_team";  // takes along what it has
constexpr std::size_t reason_octets_max = 2'000;
constexpr std::size_t subject_octets_max = 400;
constexpr std::size_t id_octets_max = 64;
constexpr std::size_t figures_max = 50;
constexpr std::int64_t drafts_of_staff_max = 500;

Answer no_ticket() { return refused(codes::not_found, "there is no such request"); }
Answer changed() { return refused(codes::ticket_changed, "somebody changed this request since you opened it; look again"); }
Answer done_for(const Ticket& ticket) { return Answer{.number = number_of(ticket.no), .text = ticket.request_number}; }
std::string object_of(const Ticket& ticket) { return fmt::format("ticket:{}", number_of(ticket.no)); }

bool is_reason(std::string_view text) { return text.size() <= reason_octets_max && is_utf8(text); }
Answer bad_reason() { return refused(codes::invalid, "reason: longer than 2,000 octets, or not UTF-8"); }

Answer refused(MergeRefusal refusal) {
    return service::refused(desk::code_of(refusal), std::string{desk::sentence_en(refusal)});
}

// Two requests that a member of staff brings together; nobody does that with what is the own account's.
struct Two {
    store::StaffRow staff;
    TicketRow one, other;
};
Result<Two, Answer> two_of(Books& books, const Command& command, const std::string& one, const std::string& other) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return fail(*std::move(no));
    auto first = store::find_ticket(books.connection(), one);
    auto second = store::find_ticket(books.connection(), other);
    if (!first || !second) return fail(no_ticket());
    for (const TicketRow* row : {&*first, &*second}) {
        if (row->ticket.customer && has_to_do_with(books, *staff, *row->ticket.customer)) {
            return fail(service::refused("own_account", "you have to do with this customer; ask a colleague"));
        }
    }
    return Two{*std::move(staff), *std::move(first), *std::move(second)};
}

void note_both(Books& books, const Two& two, Moment at, std::string_view here, std::string_view there, LinkKind kind) {
    const std::string word{desk::name_of(kind)};
    store::insert_event(books.connection(), two.one.ticket.no, at, here, two.staff.no,
                        json_text({{"number", two.other.ticket.request_number}, {"kind", word}}));
    store::insert_event(books.connection(), two.other.ticket.no, at, there, two.staff.no,
                        json_text({{"number", two.one.ticket.request_number}, {"kind", word}}));
}

void audit_both(Books& books, const Command& command, const Two& two, const std::string& action) {
    books.audit(command.at, command.actor, action, object_of(two.one.ticket),
                json_text({{"other", std::to_string(number_of(two.other.ticket.no))}}));
}

bool are_linked(const store::TicketLinkRow& link, TicketNo one, TicketNo other, LinkKind kind) {
    if (link.kind != kind) return false;
    const bool as_said = link.ticket == one && link.other == other;
    const bool turned = kind == LinkKind::related && link.ticket == other && link.other == one;
    return as_said || turned;
}

void end_waiting_answer(Books& books, TicketNo ticket, Moment at) {
    const auto answer = store::find_faq_answer(books.connection(), ticket);
    if (answer && answer->state == store::FaqAnswerState::waits)
        store::end_faq_answer(books.connection(), ticket, store::FaqAnswerState::taken, at);
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const LinkTickets& body) {
    auto two = two_of(books, command, body.ticket, body.other);
    if (!two) return two.error();
    const auto kind = desk::link_kind_of_name(body.kind);
    if (!kind || !desk::is_linked_by_hand(*kind))
        return service::refused(codes::invalid, "kind: one of related, duplicate_of");
    if (!is_reason(body.reason)) return bad_reason();
    const TicketNo one = two->one.ticket.no;
    const TicketNo other = two->other.ticket.no;
    if (one == other) return service::refused("same_request", "a request is not linked to itself");
    const auto links = store::ticket_links_of(books.connection(), one);
    const auto stands = [&](const auto& link) { return are_linked(link, one, other, *kind); };
    if (std::ranges::any_of(links, stands)) return done_for(two->one.ticket);  // it is what was asked for
    const std::size_t most = std::max(links.size(), store::ticket_links_of(books.connection(), other).size());
    if (most >= desk::links_of_ticket_max) {
        return service::refused("too_many_links",
                                fmt::format("{} links are the most of one request", desk::links_of_ticket_max));
    }
    store::insert_ticket_link(books.connection(), {.no = books.next_number("ticket_link"),
                                                   .ticket = one,
                                                   .other = other,
                                                   .kind = *kind,
                                                   .reason = std::string{trimmed(body.reason)},
                                                   .made = command.at,
                                                   .made_by = two->staff.no});
    note_both(books, *two, command.at, "linked", "linked", *kind);
    touch_ticket(books, two->one, command.at);
    touch_ticket(books, two->other, command.at);
    audit_both(books, command, *two, "link_tickets");
    return done_for(two->one.ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const UnlinkTickets& body) {
    auto two = two_of(books, command, body.ticket, body.other);
    if (!two) return two.error();
    const auto kind = desk::link_kind_of_name(body.kind);
    if (!kind || !desk::is_linked_by_hand(*kind))
        return service::refused(codes::invalid, "kind: one of related, duplicate_of");
    const TicketNo one = two->one.ticket.no;
    const TicketNo other = two->other.ticket.no;
    for (const store::TicketLinkRow& link : store::ticket_links_of(books.connection(), one)) {
        if (!are_linked(link, one, other, *kind) && !are_linked(link, other, one, *kind)) continue;
        store::end_ticket_link(books.connection(), link.no, command.at, two->staff.no);
        note_both(books, *two, command.at, "unlinked", "unlinked", *kind);
        touch_ticket(books, two->one, command.at);
        touch_ticket(books, two->other, command.at);
        audit_both(books, command, *two, "unlink_tickets");
        return done_for(two->one.ticket);
    }
    return service::refused(codes::not_found, "the two are not linked");
}

Answer handle(Books& books, const Context&, const Command& command, const MergeTicket& body) {
    auto two = two_of(books, command, body.ticket, body.into);
    if (!two) return two.error();
    if (!is_reason(body.reason)) return bad_reason();
    auto& [staff, from, into] = *two;
    if (from.ticket.version != body.version) return changed();
    const auto bound = store::bound_to(books.connection(), from.ticket.no);
    const bool supervises = staff.role == customers::Role::supervisor || staff.role == customers::Role::admin;
    const auto wrong = desk::may_merge({.from = from.ticket,
                                        .into = into.ticket,
                                        .from_merged = store::merge_of(books.connection(), from.ticket.no).has_value(),
                                        .into_merged = store::merge_of(books.connection(), into.ticket.no).has_value(),
                                        .bound = bound,
                                        .supervisor = supervises,
                                        .reason_given = !trimmed(body.reason).empty()});
    if (wrong == MergeRefusal::still_bound) {
        return service::refused(desk::code_of(*wrong),
                                fmt::format("{}: {}", desk::name_of(bound.front()), desk::sentence_en(*wrong)));
    }
    if (wrong) return refused(*wrong);
    // A chain that the verifier could not follow to its end is not made longer.
    const auto behind = store::merged_with(books.connection(), from.ticket.no);
    if (std::ssize(behind) + 1 >= desk::merged_chain_max) {
        return service::refused("too_many_links",
                                fmt::format("{} requests are the most that go on in one", desk::merged_chain_max - 1));
    }
    store::TicketLinkRow link{.no = books.next_number("ticket_link"),
                              .ticket = from.ticket.no,
                              .other = into.ticket.no,
                              .kind = LinkKind::merged_into,
                              .reason = std::string{trimmed(body.reason)},
                              .made = command.at,
                              .made_by = staff.no,
                              .ended = std::nullopt,
                              .from_state = from.ticket.state,
                              .kept = desk::clocks_kept(into.ticket),
                              .into_version = into.ticket.version + 1};
    // Who is waited for must not go on where nobody looks.
    if (!desk::is_set_aside(from.ticket)) take_out(books, into, command.at);
    desk::take_over_clocks(into.ticket, from.ticket, command.at);
    if (from.ticket.route == risk_team)
        sort(books, into, desk::raised_by(desk::sorting_of(into.ticket), desk::Part::apart, desk::sorting_of(from.ticket)),
             staff.no, command.at);
    if (into.ticket.state != link.kept->state) end_waiting_answer(books, into.ticket.no, command.at);
    end_waiting_answer(books, from.ticket.no, command.at);
    wake(books, from.ticket, command.at, "ended");
    if (into.ticket.next_reply_due != link.kept->next_reply_due || into.ticket.state != link.kept->state)
        wake(books, into.ticket, command.at, "clock");
    from.ticket.state = desk::TicketState::closed;  // its clocks stay as they are, for who takes it back; none runs
    bring_followers(books, from.ticket, into.ticket, command.at);
    store::insert_ticket_link(books.connection(), link);
    note_both(books, *two, command.at, "merged_into", "merged_here", LinkKind::merged_into);
    touch_ticket(books, from, command.at);
    touch_ticket(books, into, command.at);
    books.audit(command.at, command.actor, "merge_ticket", object_of(from.ticket),
                json_text({{"into", std::to_string(number_of(into.ticket.no))},
                           {"same_party", desk::same_party(from.ticket, into.ticket) ? "yes" : "no"}}));
    return done_for(into.ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const UnmergeTicket& body) {
    const auto row = store::find_ticket(books.connection(), body.ticket);
    const auto merge = row ? store::merge_of(books.connection(), row->ticket.no) : std::nullopt;
    const auto into_row = merge ? store::find_ticket(books.connection(), merge->other) : std::nullopt;
    auto two = two_of(books, command, body.ticket, into_row ? into_row->ticket.request_number : body.ticket);
    if (!two) return two.error();
    if (!merge) return refused(MergeRefusal::not_merged);
    auto& [staff, from, into] = *two;
    if (store::merge_of(books.connection(), into.ticket.no)) return refused(MergeRefusal::into_merged);
    if (store::answered_since(books.connection(), into.ticket.no, merge->made)) return refused(MergeRefusal::answered_since);
    store::end_ticket_link(books.connection(), merge->no, command.at, staff.no);
    // Only where nothing happened to it since: else it keeps the earlier clocks, which break no word.
    if (into.ticket.version == merge->into_version && merge->kept) desk::restore_clocks(into.ticket, *merge->kept);
    from.ticket.state = merge->from_state.value_or(desk::TicketState::open);
    from.ticket.clock_told = 0;
    note_both(books, *two, command.at, "unmerged", "unmerged", LinkKind::merged_into);
    touch_ticket(books, from, command.at);
    touch_ticket(books, into, command.at);
    audit_both(books, command, *two, "unmerge_ticket");
    return done_for(from.ticket);
}

namespace {

// The one word to the customer: the same as for a request that came by a mail of its own.
void acknowledge_split(Books& books, const Context& context, const Ticket& ticket, const std::string& outgoing_id,
                       Moment at) {
    const auto number = desk::RequestNumber::of(ticket.no, context.request_number_key());
    const desk::Language language = desk::language_of(ticket.language);
    const bool proven = ticket.assurance >= customers::Assurance::a1_aligned_mail;
    const auto customer =
        ticket.customer && proven ? store::find_customer(books.connection(), *ticket.customer) : std::nullopt;
    const desk::MailText text = customer ? desk::acknowledge_customer({.number = number,
                                                                       .language = language,
                                                                       .name = customer->name,
                                                                       .zone = customer->zone,
                                                                       .first_reply_due = ticket.first_reply_due,
                                                                       .investigation_due = ticket.investigation_due,
                                                                       .category = ticket.category,
                                                                       .house = context.settings().house})
                                         : desk::acknowledge_stranger({.number = number,
                                                                       .language = language,
                                                                       .first_reply_due = ticket.first_reply_due,
                                                                       .house = context.settings().house});
    send_acknowledgement(books, context, ticket, text, outgoing_id, ticket.party_address, at);
}

// The messages asked for, in their order; or what is wrong with them.
Result<std::vector<desk::Message>, Answer> chosen_of(Books& books, const Ticket& ticket,
                                                     const std::vector<std::string>& ids) {
    if (ids.empty() || ids.size() > desk::split_messages_max) {
        return fail(service::refused(codes::invalid, fmt::format("messages: 1 to {}", desk::split_messages_max)));
    }
    std::vector<desk::Message> chosen;
    std::size_t inbound = 0;
    for (desk::Message& message : store::messages_of(books.connection(), ticket.no)) {
        if (message.direction == desk::Direction::inbound) ++inbound;
        if (std::ranges::find(ids, message.id.text()) != ids.end()) chosen.push_back(std::move(message));
    }
    const std::set<std::string> different{ids.begin(), ids.end()};
    if (chosen.size() != different.size())
        return fail(service::refused(codes::not_found, "messages: not one of this request"));
    for (const desk::Message& message : chosen) {
        // Who was copied in has not asked for a request, and its customer is not told of one.
        if (message.direction != desk::Direction::inbound ||
            !desk::same_mailbox(message.from_address, ticket.party_address)) {
            return fail(service::refused("not_from_party", "only what the customer of this request wrote can be split off"));
        }
        if (store::is_split_away(books.connection(), message.no))
            return fail(service::refused("split_already", "this message went on in another request already"));
    }
    if (chosen.size() == inbound) {
        return fail(service::refused("nothing_left", "one message at least stays here; this request would be empty"));
    }
    return chosen;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const SplitTicket& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    if (row->ticket.version != body.version) return changed();
    const auto id = TicketId::parse(body.ticket_id);
    if (!id || !OutgoingId::parse(body.outgoing_id)) return service::refused(codes::invalid, "ticket_id: not an id");
    if (!is_utf8(body.subject) || body.subject.size() > subject_octets_max)
        return service::refused(codes::invalid, "subject: longer than 400 octets, or not UTF-8");
    if (!body.category.empty() && !triage::category_of_name(body.category))
        return service::refused(codes::invalid, "category: not one that we know");
    const auto chosen = chosen_of(books, row->ticket, body.messages);
    if (!chosen) return chosen.error();
    const desk::Message& first = chosen->front();
    const auto no = TicketNo{books.next_number("ticket")};
    const std::string category = body.category.empty() ? row->ticket.category : body.category;
    const std::string_view subject = trimmed(body.subject);
    const bool of_risk_team = row->ticket.route == risk_team;  // what is split off may be the very words
    TicketRow split{.ticket = {.no = no,
                               .id = *id,
                               .request_number = desk::RequestNumber::of(no, context.request_number_key()).text(),
                               .customer = row->ticket.customer,
                               .party_address = row->ticket.party_address,
                               .assurance = first.assurance,
                               .subject = subject.empty() ? row->ticket.subject : std::string{subject},
                               .category = category,
                               .urgency = row->ticket.urgency,
                               .route = of_risk_team ? row->ticket.route : "agent",
                               .language = row->ticket.language,
                               .assignee = of_risk_team && staff->role != customers::Role::risk ? std::nullopt
                                                                                                : std::optional{staff->no},
                               .opened = first.at,
                               .updated = chosen->back().at,
                               .first_reply_due = desk::first_reply_due(first.at),
                               .investigation_due = desk::investigation_due(first.at, category)},
                    .preview = preview_of(first.body),
                    .reading = "{}"};  // of the whole request it was, not of these words
    split.ticket.state = desk::TicketState::open;
    store::insert_ticket(books.connection(), split);
    for (const desk::Message& original : *chosen) {
        desk::Message copy = original;
        copy.no = desk::MessageNo{books.next_number("message")};
        copy.id = StepIds{body.seed, number_of(original.no), command.at}.next<MessageId>("split");
        copy.ticket = no;
        copy.mail.reset();  // a mail is filed once: as the message that stays
        store::insert_message(books.connection(), copy);
        store::insert_split_message(books.connection(), copy.no, original.no);
    }
    store::insert_ticket_link(books.connection(), {.no = books.next_number("ticket_link"),
                                                   .ticket = no,
                                                   .other = row->ticket.no,
                                                   .kind = LinkKind::split_from,
                                                   .reason = "",
                                                   .made = command.at,
                                                   .made_by = staff->no});
    store::insert_event(books.connection(), no, command.at, "split_from", staff->no,
                        json_text({{"number", row->ticket.request_number}}));
    store::insert_event(books.connection(), row->ticket.no, command.at, "split_off", staff->no,
                        json_text({{"number", split.ticket.request_number}}));
    if (!desk::is_set_aside(row->ticket)) acknowledge_split(books, context, split.ticket, body.outgoing_id, command.at);
    touch_ticket(books, split, command.at);
    touch_ticket(books, *row, command.at);
    books.audit(command.at, command.actor, "split_ticket", object_of(row->ticket),
                json_text({{"split", std::to_string(number_of(no))}, {"messages", std::to_string(chosen->size())}}));
    return done_for(split.ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const SnoozeTicket& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    const Moment until = moment_of_ms(body.until);
    if (auto no = may_not_snooze(row->ticket, command.at, until)) return *std::move(no);
    put_to_sleep(books, row->ticket, until, staff->no, command.at);
    books.audit(command.at, command.actor, "snooze", object_of(row->ticket), json_text({{"until", rfc3339(until)}}));
    return done_for(row->ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const WakeTicket& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    wake(books, row->ticket, command.at, "staff", staff->no);
    return done_for(row->ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const WakeSnoozed& body) {
    Answer answer;
    for (const TicketNo no : store::due_snoozes(books.connection(), command.at, desk::told_before, body.tickets_max)) {
        auto row = store::find_ticket(books.connection(), no).value();
        const auto snooze = store::find_snooze(books.connection(), no).value();
        const bool over = row.ticket.state == desk::TicketState::solved || row.ticket.state == desk::TicketState::closed;
        wake(books, row.ticket, command.at, over ? "ended" : snooze.until <= command.at ? "moment" : "clock");
        if (desk::is_set_aside(row.ticket)) {  // else it would be over by itself before anybody sees it
            row.ticket.updated = command.at;
            store::update_ticket(books.connection(), row);
        }
        answer.numbers.push_back(number_of(no));
    }
    return answer;
}

namespace {

std::optional<store::DraftMode> mode_of(std::string_view name) {
    if (name == "reply") return store::DraftMode::reply;
    if (name == "note") return store::DraftMode::note;
    if (name == "side") return store::DraftMode::side;
    return std::nullopt;
}

bool are_ids(const std::vector<std::string>& ids, std::size_t most) {
    return ids.size() <= most && std::ranges::all_of(ids, [](const std::string& id) {
               return !id.empty() && id.size() <= id_octets_max && id.find('\n') == std::string::npos && is_utf8(id);
           });
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const SaveDraft& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::reply, staff)) return *no;
    const auto row = store::find_ticket(books.connection(), body.ticket);
    if (!row) return no_ticket();
    const auto mode = mode_of(body.mode);
    if (!mode) return service::refused(codes::invalid, "mode: one of reply, note, side");
    if (body.text.size() > desk::draft_octets_max || !is_utf8(body.text))
        return service::refused(codes::invalid, "text: longer than 64 KiB, or not UTF-8");
    if (!are_ids(body.figures, figures_max)) return service::refused(codes::invalid, "figures: at most 50 ids of payments");
    if (!are_ids(body.mentions, desk::mentions_max))
        return service::refused(codes::invalid, "mentions: at most 10 ids of colleagues");
    if (body.text.empty()) {
        store::drop_draft(books.connection(), staff->no, row->ticket.no, *mode);
        return done_for(row->ticket);
    }
    const auto kept = store::drafts_of(books.connection(), staff->no, row->ticket.no);
    const bool known = std::ranges::any_of(kept, [&](const store::DraftRow& draft) { return draft.mode == *mode; });
    if (!known && store::count_drafts(books.connection(), staff->no) >= drafts_of_staff_max) {
        return service::refused("too_many_drafts", fmt::format("{} drafts are the most of one person", drafts_of_staff_max));
    }
    std::string figures, mentions;
    for (const std::string& figure : body.figures) figures += figure + "\n";
    for (const std::string& mentioned : body.mentions) mentions += mentioned + "\n";
    store::put_draft(books.connection(), {.staff = staff->no,
                                          .ticket = row->ticket.no,
                                          .mode = *mode,
                                          .text = body.text,
                                          .figures = std::move(figures),
                                          .mentions = std::move(mentions),
                                          .updated = command.at});
    return done_for(row->ticket);
}

}  // namespace okpay::service
