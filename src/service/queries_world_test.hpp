// SPDX-License-Identifier: Apache-2.0
// A small world in a temporary SQLite database, written row by row without a writer: for tests of what reads it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <set>

#include "base/ensure.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "money/ledger.hpp"
#include "payments/payment_ref.hpp"
#include "service/queries.hpp"
#include "store/ledger_store.hpp"
#include "store/schema.hpp"

namespace okpay::service::test {

using customers::CustomerNo;
using customers::MerchantNo;
using customers::StaffNo;
using money::AccountKind;
using money::AccountNo;
using money::Currency;
using money::Money;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentState;

inline constexpr Moment world_start = moment_of_ms(1'790'000'000'000);

class World {
public:
    World()
        : folder_{std::filesystem::temp_directory_path() /
                  ("okpay-queries-" + std::to_string(::getpid()) + "-" + std::to_string(++worlds))} {
        std::filesystem::create_directories(folder_);
        connection_ = store::open(database(), store::Access::writer);
        store::migrate(*connection_);
        bank = open(AccountKind::settlement_bank, Currency::cny);
        fees = open(AccountKind::fee_income, Currency::cny);
    }
    ~World() {
        connection_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] store::Database database() const {
        return {.engine = store::Engine::sqlite, .location = (folder_ / "okpay.db").string()};
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    store::Connection& connection() { return *connection_; }
    money::Ledger& ledger() { return ledger_; }
    Moment tick(Millis by = Millis{1'000}) { return at_ += by; }
    [[nodiscard]] Moment at() const { return at_; }

    template <class IdType>
    IdType id() {
        Bytes octets(10, '\0');
        octets[9] = static_cast<char>(++ids_);
        octets[8] = static_cast<char>(ids_ >> 8);
        return IdType::of(world_start, octets);
    }

    customers::Customer customer(const std::string& email, const std::string& name) {
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
    customers::Merchant merchant(const std::string& name, const std::string& key) {
        const customers::Merchant made{.no = MerchantNo{++merchants_}, .id = id<MerchantId>(), .name = name, .created = at_};
        store::insert_merchant(*connection_, made, sha256(key));
        const AccountNo payable = open(AccountKind::merchant_payable, Currency::cny);
        store::insert_account_owner(*connection_, payable, std::nullopt, made.no);
        payables_[made.no] = payable;
        return made;
    }
    store::StaffRow staff(const std::string& email, customers::Role role, const std::string& phc = "") {
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

    AccountNo wallet(const customers::Customer& of) const { return wallets_.at(of.no); }
    AccountNo payable(const customers::Merchant& of) const { return payables_.at(of.no); }

    Payment top_up(const customers::Customer& to, std::int64_t minor) {
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
    // A fee of one percent is taken.
    Payment pay(const customers::Customer& from, const customers::Merchant& to, std::int64_t minor,
                const std::string& order = "") {
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
    Payment refused(const customers::Customer& from, const customers::Merchant& to, std::int64_t minor) {
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
    Payment refund(Payment original, std::int64_t minor) {
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

    store::TicketRow ticket(const std::optional<customers::Customer>& of, desk::TicketState state,
                            const std::string& subject, std::optional<StaffNo> assignee = std::nullopt,
                            const std::string& category = "duplicate_charge") {
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
    desk::Message message(const store::TicketRow& of, desk::Direction direction, const std::string& body,
                          std::optional<StaffNo> staff = std::nullopt) {
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
    desk::Remedy remedy(const store::TicketRow& of, const Payment& payment, StaffNo proposer,
                        const std::string& evidence = "{}") {
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

    AccountNo bank, fees;

private:
    AccountNo open(AccountKind kind, Currency currency) {
        const AccountNo no = ledger_.open_account(kind, currency);
        store::write_accounts(*connection_, std::span{ledger_.find(no), 1});
        return no;
    }
    Payment blank(PaymentKind kind, std::int64_t minor) {
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
    Payment post(const Payment& payment, const std::vector<money::Posting>& postings) {
        const auto transfers = ledger_.apply(postings, payment.seq, payment.created);
        ensure(transfers.has_value());
        store::append_payments(*connection_, std::span{&payment, 1});
        store::append_transfers(*connection_, *transfers);
        return payment;
    }

    static inline int worlds = 0;
    std::filesystem::path folder_;
    std::unique_ptr<store::Connection> connection_;
    money::Ledger ledger_;
    Moment at_ = world_start;
    int ids_ = 0;
    std::int64_t customers_ = 0, merchants_ = 0, staff_ = 0, payments_ = 0, tickets_ = 0, messages_ = 0, remedies_ = 0;
    std::map<CustomerNo, AccountNo> wallets_;
    std::map<MerchantNo, AccountNo> payables_;
};

}  // namespace okpay::service::test
