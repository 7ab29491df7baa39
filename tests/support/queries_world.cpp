// SPDX-License-Identifier: Apache-2.0
#include "queries_world.hpp"

#include <unistd.h>

#include "base/ensure.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "store/schema.hpp"

namespace okpay::service::test {

World::World()
    : folder_{std::filesystem::temp_directory_path() /
              ("okpay-queries-" + std::to_string(::getpid()) + "-" + std::to_string(++worlds))} {
    std::filesystem::create_directories(folder_);
    connection_ = store::open(database(), store::Access::writer);
    store::migrate(*connection_);
    bank = open(AccountKind::settlement_bank, Currency::cny);
    fees = open(AccountKind::fee_income, Currency::cny);
}

World::~World() {
    connection_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

store::Database World::database() const {
    return {.engine = store::Engine::sqlite, .location = (folder_ / "okpay.db").string()};
}

customers::Customer World::customer(const std::string& email, const std::string& name) {
    const customers::Customer made{.no = CustomerNo{++customers_},
                                   .id = id<CustomerId>(),
                                   .email = email,
                                   .name = name,
                                   .language = "en",
                                   .zone = "Asia/Shanghai",
                                   .created = at_};
    store::insert_customer(*connection_, made);
    const AccountNo wallet = open(AccountKind::customer_wallet, Currency::cny);
    store::insert_account_owner(*connection_, wallet, made.no, std::nullopt);
    wallets_[made.no] = wallet;
    return made;
}

customers::Merchant World::merchant(const std::string& name, const std::string& key) {
    const customers::Merchant made{.no = MerchantNo{++merchants_}, .id = id<MerchantId>(), .name = name, .created = at_};
    store::insert_merchant(*connection_, made, sha256(key));
    const AccountNo payable = open(AccountKind::merchant_payable, Currency::cny);
    store::insert_account_owner(*connection_, payable, std::nullopt, made.no);
    payables_[made.no] = payable;
    return made;
}

store::StaffRow World::staff(const std::string& email, customers::Role role, const std::string& phc) {
    const store::StaffRow made{.no = StaffNo{++staff_},
                               .id = id<StaffId>(),
                               .email = email,
                               .name = email.substr(0, 3),
                               .role = role,
                               .password_phc = phc,
                               .created = at_ - std::chrono::days{30},
                               .enrolled = at_ - std::chrono::days{30},
                               .blocked_until = Moment{}};
    store::insert_staff(*connection_, made);
    return made;
}

Payment World::top_up(const customers::Customer& to, std::int64_t minor) {
    Payment payment = blank(PaymentKind::top_up, minor);
    payment.payer = bank;
    payment.payee = wallet(to);
    payment.customer = to.no;
    return post(payment, {{.code = money::TransferCode::top_up,
                           .debit = bank,
                           .credit = wallet(to),
                           .amount = payment.amount,
                           .expires_at = std::nullopt}});
}

Payment World::pay(const customers::Customer& from, const customers::Merchant& to, std::int64_t minor,
                   const std::string& order) {
    Payment payment = blank(PaymentKind::merchant_payment, minor);
    payment.payer = wallet(from);
    payment.payee = payable(to);
    payment.customer = from.no;
    payment.merchant = to.no;
    payment.order_ref = order;
    payment.memo = to.name;
    payment.instrument = "wallet";
    payment.device = "phone";
    payment.fee_minor = minor / 100;
    return post(payment, {{.code = money::TransferCode::payment,
                           .debit = *payment.payer,
                           .credit = *payment.payee,
                           .amount = payment.amount,
                           .expires_at = std::nullopt},
                          {.code = money::TransferCode::fee,
                           .debit = *payment.payee,
                           .credit = fees,
                           .amount = *Money::of_minor(payment.fee_minor, Currency::cny),
                           .expires_at = std::nullopt}});
}

Payment World::refused(const customers::Customer& from, const customers::Merchant& to, std::int64_t minor) {
    Payment payment = blank(PaymentKind::merchant_payment, minor);
    payment.payer = wallet(from);
    payment.payee = payable(to);
    payment.customer = from.no;
    payment.merchant = to.no;
    payment.state = PaymentState::failed;
    payment.refusal = payments::PaymentRefusal::insufficient_funds;
    payment.captured_minor = 0;
    store::append_payments(*connection_, std::span{&payment, 1});
    return payment;
}

Payment World::refund(Payment original, std::int64_t minor) {
    Payment payment = blank(PaymentKind::refund, minor);
    payment.payer = original.payee;
    payment.payee = original.payer;
    payment.customer = original.customer;
    payment.merchant = original.merchant;
    payment.original = original.seq;
    original.refunded_minor += minor;
    store::update_payment_progress(*connection_, original);
    return post(payment, {{.code = money::TransferCode::refund,
                           .debit = *payment.payer,
                           .credit = *payment.payee,
                           .amount = payment.amount,
                           .expires_at = std::nullopt}});
}

store::TicketRow World::ticket(const std::optional<customers::Customer>& of, desk::TicketState state,
                               const std::string& subject, std::optional<StaffNo> assignee, const std::string& category) {
    const auto no = desk::TicketNo{++tickets_};
    const store::TicketRow row{.ticket = {.no = no,
                                          .id = id<TicketId>(),
                                          .request_number = desk::RequestNumber::of(no, Secret{"numbers"}).text(),
                                          .customer = of ? std::optional{of->no} : std::nullopt,
                                          .party_address = of ? of->email : "who@else.example",
                                          .assurance = customers::Assurance::a1_aligned_mail,
                                          .subject = subject,
                                          .state = state,
                                          .category = category,
                                          .urgency = "normal",
                                          .route = "agent",
                                          .language = "en",
                                          .assignee = assignee,
                                          .opened = at_,
                                          .updated = at_,
                                          .first_reply_due = desk::first_reply_due(at_),
                                          .investigation_due = desk::investigation_due(at_, category)},
                               .preview = subject,
                               .reading = "{}"};
    store::insert_ticket(*connection_, row);
    return row;
}

desk::Message World::message(const store::TicketRow& of, desk::Direction direction, const std::string& body,
                             std::optional<StaffNo> staff) {
    desk::Message made{.no = desk::MessageNo{++messages_},
                       .id = id<MessageId>(),
                       .ticket = of.ticket.no,
                       .direction = direction,
                       .author = staff ? desk::Author::staff : desk::Author::customer,
                       .staff = staff,
                       .from_address = staff ? "support@pay.example" : of.ticket.party_address,
                       .subject = of.ticket.subject,
                       .body = body,
                       .at = at_};
    store::insert_message(*connection_, made);
    return made;
}

desk::Remedy World::remedy(const store::TicketRow& of, const Payment& payment, StaffNo proposer,
                           const std::string& evidence) {
    const desk::Remedy made{.no = desk::RemedyNo{++remedies_},
                            .id = id<RemedyId>(),
                            .ticket = of.ticket.no,
                            .kind = desk::RemedyKind::refund,
                            .payment = payment.seq,
                            .amount = payment.amount,
                            .expected_refundable = payment.refundable_minor(),
                            .reason = "error",
                            .evidence = evidence,
                            .proposer = proposer,
                            .proposed = at_};
    store::insert_remedy(*connection_, made);
    return made;
}

AccountNo World::open(AccountKind kind, Currency currency) {
    const AccountNo no = ledger_.open_account(kind, currency);
    store::write_accounts(*connection_, std::span{ledger_.find(no), 1});
    return no;
}

Payment World::blank(PaymentKind kind, std::int64_t minor) {
    const std::int64_t seq = ++payments_;
    const Hash256 key = sha256("payment " + std::to_string(seq));
    return Payment{.seq = seq,
                   .id = payments::id_of(seq, tick(), key),
                   .kind = kind,
                   .state = PaymentState::succeeded,
                   .key = key,
                   .amount = *Money::of_minor(minor, Currency::cny),
                   .captured_minor = minor,
                   .created = at_};
}

Payment World::post(const Payment& payment, const std::vector<money::Posting>& postings) {
    const auto transfers = ledger_.apply(postings, payment.seq, payment.created);
    ensure(transfers.has_value());
    store::append_payments(*connection_, std::span{&payment, 1});
    store::append_transfers(*connection_, *transfers);
    return payment;
}

}  // namespace okpay::service::test
