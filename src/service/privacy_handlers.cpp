// SPDX-License-Identifier: Apache-2.0
// A person's data: copied, kept, erased; and who among the staff has to do with whom.
#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/privacy.hpp"
#include "desk/threading.hpp"
#include "service/handlers.hpp"
#include "service/identity_parts.hpp"
#include "store/identity_store.hpp"
#include "store/person_data.hpp"
#include "store/privacy_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::ErasureState;
using customers::Permission;
using customers::StaffApproval;
using customers::StaffNo;

constexpr std::size_t words_octets_max = 4'000;
constexpr std::int64_t verifications_max = 1'000;  // of one customer: more than anybody can begin

Answer no_customer() { return refused(codes::not_found, "there is no such customer"); }
Answer reason_missing() { return refused("reason_missing", "say why, it is kept"); }
Answer own_account() { return refused("own_account", "you have to do with this customer; ask a colleague"); }

std::string cut(std::string_view words) { return std::string{utf8_prefix(trimmed(words), words_octets_max)}; }

std::string word_of(const Actor& actor) {
    return fmt::format("{}:{}", actor.kind == ActorKind::staff ? "staff" : "system", actor.no);
}

std::string object_of(CustomerNo customer) { return fmt::format("customer:{}", number_of(customer)); }

// Whoever works on the machine, or an administrator. Null in `staff`: the former.
std::optional<Answer> not_in_charge(Books& books, const Command& command, CustomerNo customer,
                                    std::optional<store::StaffRow>& staff) {
    if (command.actor.kind != ActorKind::system) {
        if (auto no = not_permitted(books, command.actor, Permission::manage_staff, staff)) return no;
    }
    if (!store::find_customer(books.connection(), customer)) return no_customer();
    if (staff && has_to_do_with(books, *staff, customer)) return own_account();
    return std::nullopt;
}

std::vector<const money::Account*> accounts_of(Books& books, CustomerNo customer) {
    std::vector<const money::Account*> found;
    for (const std::int64_t no : store::accounts_of_customer(books.connection(), customer)) {
        if (const money::Account* account = books.ledger().find(money::AccountNo{no})) found.push_back(account);
    }
    return found;
}

std::optional<customers::ErasureRefusal> in_the_way(Books& books, CustomerNo customer, Moment now) {
    books.flush();
    customers::ErasureObstacles obstacles = store::obstacles_in_rows(books.connection(), customer);
    for (const money::Account* account : accounts_of(books, customer)) {
        obstacles.money = obstacles.money || account->posted_minor() != 0;
        obstacles.payments_open = obstacles.payments_open || account->debits_pending != 0 || account->credits_pending != 0;
        obstacles.accounts_open = obstacles.accounts_open || account->state() != money::AccountState::closed;
    }
    return may_erase(obstacles, now);
}

Answer refused(customers::ErasureRefusal refusal) {
    return service::refused(code_of(refusal), std::string{sentence_en(refusal)});
}

void erase(Books& books, const Command& command, CustomerNo customer) {
    const Moment at = command.at;
    books.flush();
    store::Connection& connection = books.connection();
    for (store::VerificationRow& row : store::verifications_of(connection, customer, verifications_max)) {
        if (row.files_destroyed) continue;
        identity::destroy_files(books, row, at);
        row.updated = at;
        store::update_verification(connection, row);
    }
    std::vector<store::AccountHead> heads;
    for (const money::Account* account : accounts_of(books, customer)) {
        heads.push_back({number_of(account->no), account->last_transfer});
    }
    for (const std::int64_t payment : store::person_payments(connection, customer, heads)) {
        store::erase_person_payment(connection, number_of(customer), payment);
    }
    store::erase_person_rows(connection, number_of(customer), at, [&](const std::string& blob) {
        connection.execute("INSERT INTO doomed_blob (no, blob, since) VALUES ($1, $2, $3)",
                           {books.next_number("doomed_blob"), std::string_view{blob}, ms_of(at)});
    });
    books.audit(at, command.actor, "erase_person", object_of(customer), "{}");
}

// Somebody who could decide in the place of who proposed.
bool has_second_person(Books& books, const Actor& proposer) {
    const std::int64_t admins = store::active_admins(books.connection());
    return admins > 1 || (admins == 1 && proposer.kind == ActorKind::staff &&
                          store::find_staff(books.connection(), StaffNo{proposer.no})->role != customers::Role::admin);
}

}  // namespace

bool has_to_do_with(Books& books, const store::StaffRow& staff, CustomerNo no) {
    const auto customer = store::find_customer(books.connection(), no);
    return customer &&
           (desk::same_mailbox(customer->email, staff.email) || store::is_related(books.connection(), staff.no, no));
}

Answer handle(Books& books, const Context&, const Command& command, const RecordPersonExport& body) {
    const auto customer = CustomerNo{body.customer};
    const bool own = command.actor.kind == ActorKind::customer && command.actor.no == body.customer;
    if (!own) {
        std::optional<store::StaffRow> staff;
        if (auto no = not_in_charge(books, command, customer, staff)) return *no;
        if (trimmed(body.reason).empty()) return reason_missing();
    }
    books.flush();
    Answer answer{.number = body.customer};
    for (const money::Account* account : accounts_of(books, customer)) {
        answer.accounts.push_back({number_of(account->no), std::string{money::code_of(account->currency)},
                                   account->posted_minor(), account->available_minor(), account->last_transfer,
                                   account->entries});
    }
    books.audit(command.at, command.actor, "export_person", object_of(customer), "{}");
    return answer;
}

Answer handle(Books& books, const Context&, const Command& command, const PlaceLegalHold& body) {
    const auto customer = CustomerNo{body.customer};
    std::optional<store::StaffRow> staff;
    if (auto no = not_in_charge(books, command, customer, staff)) return *no;
    if (trimmed(body.reason).empty()) return reason_missing();
    if (store::is_erased(books.connection(), customer)) return refused(customers::ErasureRefusal::already_erased);
    if (store::standing_hold(books.connection(), customer))
        return service::refused("legal_hold", "a legal hold stands already");
    const store::LegalHoldRow hold{.no = books.next_number("legal_hold"),
                                   .customer = customer,
                                   .placed = command.at,
                                   .placed_by = word_of(command.actor),
                                   .reason = cut(body.reason)};
    store::insert_legal_hold(books.connection(), hold);
    books.audit(command.at, command.actor, "place_legal_hold", object_of(customer),
                json_text({{"hold", std::to_string(hold.no)}}));
    return Answer{.number = hold.no};
}

Answer handle(Books& books, const Context&, const Command& command, const ReleaseLegalHold& body) {
    const auto customer = CustomerNo{body.customer};
    std::optional<store::StaffRow> staff;
    if (auto no = not_in_charge(books, command, customer, staff)) return *no;
    if (trimmed(body.reason).empty()) return reason_missing();
    const auto hold = store::standing_hold(books.connection(), customer);
    if (!hold) return service::refused("no_legal_hold", "no legal hold stands");
    store::release_legal_hold(books.connection(), hold->no, command.at, word_of(command.actor), cut(body.reason));
    books.audit(command.at, command.actor, "release_legal_hold", object_of(customer),
                json_text({{"hold", std::to_string(hold->no)}}));
    return Answer{.number = hold->no};
}

Answer handle(Books& books, const Context&, const Command& command, const ProposeErasure& body) {
    const auto customer = CustomerNo{body.customer};
    std::optional<store::StaffRow> staff;
    if (auto no = not_in_charge(books, command, customer, staff)) return *no;
    const auto id = customers::ErasureId::parse(body.erasure);
    if (!id || store::find_erasure(books.connection(), *id))
        return service::refused(codes::invalid, "erasure: no id, or one that was used");
    if (trimmed(body.reason).empty()) return reason_missing();
    if (const auto refusal = in_the_way(books, customer, command.at)) return refused(*refusal);
    for (const store::ErasureRow& other : store::waiting_erasures(books.connection())) {
        if (other.customer == customer)
            return service::refused("erasure_waits", "an erasure waits for an administrator already");
    }
    store::ErasureRow row{.no = books.next_number("person_erasure"),
                          .id = *id,
                          .customer = customer,
                          .reason = cut(body.reason),
                          .proposed_by = word_of(command.actor),
                          .proposed = command.at};
    const bool waits = has_second_person(books, command.actor);
    if (!waits) {
        row.state = ErasureState::executed;
        row.decided = command.at;
        row.note = "alone";
        if (staff) row.decider = staff->no;
    }
    store::insert_erasure(books.connection(), row);
    books.audit(command.at, command.actor, "propose_erasure", object_of(customer),
                json_text({{"erasure", std::to_string(row.no)}}));
    if (!waits) erase(books, command, customer);
    return Answer{.number = body.customer, .text = std::string{name_of(row.state)}};
}

Answer handle(Books& books, const Context& context, const Command& command, const DecideErasure& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::manage_staff, staff)) return *no;
    const auto id = customers::ErasureId::parse(body.erasure);
    auto row = id ? store::find_erasure(books.connection(), *id) : std::nullopt;
    if (!row) return service::refused(codes::not_found, "there is no such proposal");
    if (has_to_do_with(books, *staff, row->customer)) return own_account();
    if (row->state != ErasureState::proposed)
        return service::refused("already_decided", "this was decided already; load it again");
    row->decider = staff->no;
    row->decided = command.at;
    row->note = cut(body.note);
    if (!body.approved) {
        if (trimmed(body.note).empty()) return service::refused("note_missing", "say why not");
        row->state = ErasureState::rejected;
        store::update_erasure(books.connection(), *row);
        books.audit(command.at, command.actor, "reject_erasure", object_of(row->customer),
                    json_text({{"erasure", std::to_string(row->no)}}));
        return Answer{.number = number_of(row->customer), .text = std::string{name_of(row->state)}};
    }
    if (row->proposed_by == word_of(command.actor))
        return service::refused("proposer_cannot_approve", "who proposed it cannot approve it; ask a colleague");
    if (command.at < *staff->enrolled + context.settings().new_staff_waits)
        return service::refused("new_staff_cannot_approve", "new staff cannot approve yet; ask a colleague");
    if (const auto refusal = in_the_way(books, row->customer, command.at)) return refused(*refusal);
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    row->state = ErasureState::executed;
    store::update_erasure(books.connection(), *row);
    erase(books, command, row->customer);
    return Answer{.number = number_of(row->customer), .text = std::string{name_of(row->state)}};
}

Answer handle(Books& books, const Context&, const Command& command, const RelateStaff& body) {
    const auto customer = CustomerNo{body.customer};
    std::optional<store::StaffRow> staff;
    if (auto no = not_in_charge(books, command, customer, staff)) return *no;
    const auto related = store::find_staff(books.connection(), StaffNo{body.staff});
    if (!related) return service::refused(codes::not_found, "there is no such member of staff");
    const auto relation = customers::staff_relation_of_name(body.relation);
    if (!relation && body.relation != "none")
        return service::refused(codes::invalid, "relation: one of self, household, other, none");
    // Nobody takes away what keeps them out.
    if (staff && staff->no == related->no && !relation) return own_account();
    store::set_staff_relation(books.connection(), related->no, customer, relation, word_of(command.actor), command.at);
    books.audit(command.at, command.actor, "relate_staff", fmt::format("staff:{}", body.staff),
                json_text({{"customer", std::to_string(body.customer)}, {"relation", body.relation}}));
    return Answer{.number = body.staff};
}

Answer handle(Books& books, const Context& context, const Command& command, const DecideStaff& body) {
    std::optional<store::StaffRow> admin;
    if (auto no = not_permitted(books, command.actor, Permission::manage_staff, admin)) return *no;
    auto staff = store::find_staff(books.connection(), StaffNo{body.staff});
    if (!staff) return service::refused(codes::not_found, "there is no such member of staff");
    if (store::staff_approval(books.connection(), staff->no) != StaffApproval::waiting)
        return service::refused("already_decided", "nobody has to decide about this member of staff");
    if (desk::same_mailbox(admin->email, staff->email)) return own_account();
    if (body.approved) {
        if (command.at < *admin->enrolled + context.settings().new_staff_waits)
            return service::refused("new_staff_cannot_approve", "new staff cannot approve yet; ask a colleague");
        if (auto wrong = check_second_factor(books, context, admin->no, body.totp_code, command.at)) return *wrong;
    } else {
        staff->disabled = true;
        store::update_staff(books.connection(), *staff);
    }
    store::set_staff_approval(books.connection(), staff->no, body.approved ? StaffApproval::given : StaffApproval::refused,
                              admin->no, command.at);
    books.audit(command.at, command.actor, body.approved ? "approve_staff" : "refuse_staff",
                fmt::format("staff:{}", body.staff), "{}");
    return Answer{.number = body.staff};
}

}  // namespace okpay::service
