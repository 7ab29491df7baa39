// SPDX-License-Identifier: Apache-2.0
// Locks by people, and their way back: the customer's own is ended by the customer, all others by two persons of the staff.
#include <fmt/format.h>

#include "base/text.hpp"
#include "desk/lock_letters.hpp"
#include "service/handlers.hpp"
#include "service/locks.hpp"
#include "store/lock_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::Lock;
using customers::LockNo;
using customers::LockRelease;
using customers::LockReleaseState;
using customers::LockScope;
using customers::LockSource;
using customers::LockState;
using customers::Permission;
using customers::ReleaseRefusal;

constexpr std::size_t words_octets_max = 4'000;

Answer refused(ReleaseRefusal refusal) { return service::refused(code_of(refusal), std::string{sentence_en(refusal)}); }

Answer no_such_lock() { return service::refused(codes::not_found, "there is no such lock"); }

std::string cut(std::string_view words) { return std::string{utf8_prefix(trimmed(words), words_octets_max)}; }

customers::ReleasePerson person(Books& books, const store::StaffRow& staff, CustomerNo customer) {
    return {.no = staff.no,
            .role = staff.role,
            .enrolled = staff.enrolled.value(),
            .owns_customer_account = has_to_do_with(books, staff, customer)};
}

// What a proposal rests on: the customer's locks, where the customer is reached and signs in, and what the customer wrote.
// As text, so that whoever asks why a proposal is void can read it.
std::string seen_by(Books& books, const Lock& lock) {
    const auto customer = store::find_customer(books.connection(), lock.customer);
    const std::int64_t message =
        books.connection()
            .integer("SELECT max(no) FROM message WHERE ticket = $1 AND direction = 1", {lock.ticket})
            .value_or(0);
    return fmt::format("lock event {}, change {}, message {}, address {}",
                       store::last_lock_event_of(books.connection(), lock.customer),
                       store::last_risk_change(books.connection(), lock.customer), message,
                       hex_of(view_of(sha256(customer->email))).substr(0, 16));
}

void decide(Books& books, const Command& command, LockRelease& release, LockReleaseState state, const store::StaffRow& staff,
            std::string_view note) {
    release.state = state;
    release.decider = staff.no;
    release.decided = command.at;
    release.note = cut(note);
    store::update_lock_release(books.connection(), release);
    books.audit(command.at, command.actor, fmt::format("lock_release_{}", name_of(state)),
                fmt::format("lock:{}", number_of(release.lock)), json_text({{"release", std::to_string(release.no)}}));
}

Answer place_own(Books& books, const Context& context, const Command& command, const PlaceLock& body, LockScope scope) {
    if (command.actor.no != body.customer) return service::refused(codes::not_found, "there is no such customer");
    // Whoever could not sign in could not end it either: other sessions are ended by themselves.
    if (scope != LockScope::debits) return service::refused(codes::invalid, "scope: debits");
    const LockNo no = place_lock(books, context, command,
                                 {.customer = CustomerNo{body.customer},
                                  .scope = scope,
                                  .source = LockSource::customer,
                                  .reason = "the customer asked for it",
                                  .message_code = "own_wish"});
    return Answer{.number = number_of(no)};
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const PlaceLock& body) {
    const auto scope = customers::lock_scope_of_name(body.scope);
    if (!scope) return service::refused(codes::invalid, "scope: one of sign_in, debits, payouts, credits, full");
    const auto customer = CustomerNo{body.customer};
    if (command.actor.kind == ActorKind::customer) return place_own(books, context, command, body, *scope);
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::manage_locks, staff)) return *no;
    if (!store::find_customer(books.connection(), customer)) {
        return service::refused(codes::not_found, "there is no such customer");
    }
    if (has_to_do_with(books, *staff, customer)) return refused(ReleaseRefusal::own_account);
    if (trimmed(body.reason).empty()) return service::refused("reason_missing", "say why, it is kept");
    if (!desk::is_lock_message(body.message_code)) {
        return service::refused(codes::invalid, "message_code: not one that a letter has words for");
    }
    // Money that comes in is stopped for nobody's convenience.
    if (*scope == LockScope::credits && !body.legal) {
        return service::refused(codes::invalid, "scope: credits only where the law asks for it");
    }
    const auto moment = [](std::int64_t ms) { return ms == 0 ? std::nullopt : std::optional{moment_of_ms(ms)}; };
    const auto review_at = moment(body.review_at);
    const auto expires_at = moment(body.expires_at);
    if ((review_at && *review_at <= command.at) || (expires_at && *expires_at <= command.at)) {
        return service::refused(codes::invalid, "review_at, expires_at: in the future");
    }
    const LockNo no = place_lock(books, context, command,
                                 {.customer = customer,
                                  .scope = *scope,
                                  .source = body.legal ? LockSource::legal : LockSource::staff,
                                  .reason = cut(body.reason),
                                  .message_code = body.message_code,
                                  .review_at = review_at,
                                  .expires_at = expires_at});
    return Answer{.number = number_of(no)};
}

Answer handle(Books& books, const Context& context, const Command& command, const ReleaseOwnLock& body) {
    const auto lock = store::find_lock(books.connection(), LockNo{body.lock});
    const bool own = lock && command.actor.kind == ActorKind::customer && command.actor.no == body.customer &&
                     number_of(lock->customer) == body.customer;
    if (!own) return no_such_lock();
    if (!is_own_wish(*lock)) {
        return service::refused("lock_not_yours", "this lock is not ended by you alone; answer our mail about it");
    }
    if (!end_lock(books, context, command, lock->no, "the customer ended it")) {
        return refused(ReleaseRefusal::already_ended);
    }
    return Answer{.number = body.lock};
}

Answer handle(Books& books, const Context&, const Command& command, const ProposeLockRelease& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::manage_locks, staff)) return *no;
    const auto id = customers::LockReleaseId::parse(body.release);
    if (!id || store::find_lock_release(books.connection(), *id)) {
        return service::refused(codes::invalid, "release: no id, or one that was used");
    }
    const auto lock = store::find_lock(books.connection(), LockNo{body.lock});
    if (!lock) return no_such_lock();
    std::string checklist;
    for (const customers::ReleaseCheck check : customers::all_release_checks) {
        if (std::ranges::find(body.checklist, name_of(check)) == body.checklist.end()) continue;
        checklist += (checklist.empty() ? "" : ",") + std::string{name_of(check)};
    }
    const auto before = store::lock_releases(books.connection(), lock->no);
    const bool waits = !before.empty() && before.back().state == LockReleaseState::proposed;
    if (const auto refusal =
            may_propose_release(*lock, person(books, *staff, lock->customer), checklist, body.evidence, waits)) {
        return refused(*refusal);
    }
    const LockRelease release{.no = books.next_number("lock_release"),
                              .id = *id,
                              .lock = lock->no,
                              .checklist = checklist,
                              .evidence = cut(body.evidence),
                              .seen = seen_by(books, *lock),
                              .proposer = staff->no,
                              .proposed = command.at,
                              .decider = std::nullopt,
                              .decided = std::nullopt,
                              .note = ""};
    store::insert_lock_release(books.connection(), release);
    books.audit(command.at, command.actor, "propose_lock_release", fmt::format("lock:{}", body.lock),
                json_text({{"release", std::to_string(release.no)}}));
    return Answer{.number = body.lock};
}

Answer handle(Books& books, const Context& context, const Command& command, const DecideLockRelease& body) {
    const auto id = customers::LockReleaseId::parse(body.release);
    auto release = id ? store::find_lock_release(books.connection(), *id) : std::nullopt;
    const bool takes_back = release && !body.approved && command.actor.kind == ActorKind::staff &&
                            command.actor.no == number_of(release->proposer);
    std::optional<store::StaffRow> staff;
    const Permission needed = takes_back ? Permission::manage_locks : Permission::decide_locks;
    if (auto no = not_permitted(books, command.actor, needed, staff)) return *no;
    if (!release) return service::refused(codes::not_found, "there is no such proposal");
    const auto lock = store::find_lock(books.connection(), release->lock);
    if (!lock) throw store::StorageFailure{store::StorageFault::corrupt, "a release names a lock that is not there"};
    if (!body.approved) {
        if (release->state != LockReleaseState::proposed) return refused(ReleaseRefusal::already_decided);
        if (has_to_do_with(books, *staff, lock->customer)) return refused(ReleaseRefusal::own_account);
        if (trimmed(body.note).empty()) return service::refused("note_missing", "say why not");
        decide(books, command, *release, LockReleaseState::rejected, *staff, body.note);
        return Answer{.number = number_of(lock->no)};
    }
    const auto proposer = store::find_staff(books.connection(), release->proposer);
    if (!proposer) throw store::StorageFailure{store::StorageFault::corrupt, "a release was proposed by nobody"};
    if (const auto refusal = may_release(*lock, *release, person(books, *staff, lock->customer), proposer->role, command.at,
                                         context.settings().new_staff_waits)) {
        return refused(*refusal);
    }
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    Answer answer{.number = number_of(lock->no)};
    if (seen_by(books, *lock) != release->seen) {
        decide(books, command, *release, LockReleaseState::voided, *staff, body.note);
        answer.code = "release_voided";
        answer.detail =
            "something has changed or the customer has written since this was proposed; look at it, then propose "
            "again";
        return answer;
    }
    decide(books, command, *release, LockReleaseState::executed, *staff, body.note);
    end_lock(books, context, command, lock->no, fmt::format("released by proposal {}", release->no));
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const ExpireLocks& body) {
    Answer answer;
    for (const LockNo no : store::due_locks(books.connection(), command.at, body.locks_max)) {
        end_lock(books, context, command, no, "its time was over");
        answer.numbers.push_back(number_of(no));
    }
    return answer;
}

}  // namespace okpay::service
