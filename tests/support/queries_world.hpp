// SPDX-License-Identifier: Apache-2.0
// A small world in a temporary SQLite database, written row by row without a writer: for tests of what reads it.
#pragma once

#include <filesystem>
#include <map>

#include "money/ledger.hpp"
#include "payments/payment_ref.hpp"
#include "service/queries.hpp"
#include "store/ledger_store.hpp"

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
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] store::Database database() const;
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

    customers::Customer customer(const std::string& email, const std::string& name);
    customers::Merchant merchant(const std::string& name, const std::string& key);
    store::StaffRow staff(const std::string& email, customers::Role role, const std::string& phc = "");

    AccountNo wallet(const customers::Customer& of) const { return wallets_.at(of.no); }
    AccountNo payable(const customers::Merchant& of) const { return payables_.at(of.no); }

    Payment top_up(const customers::Customer& to, std::int64_t minor);
    // A fee of one percent is taken.
    Payment pay(const customers::Customer& from, const customers::Merchant& to, std::int64_t minor,
                const std::string& order = "");
    Payment refused(const customers::Customer& from, const customers::Merchant& to, std::int64_t minor);
    Payment refund(Payment original, std::int64_t minor);

    store::TicketRow ticket(const std::optional<customers::Customer>& of, desk::TicketState state,
                            const std::string& subject, std::optional<StaffNo> assignee = std::nullopt,
                            const std::string& category = "duplicate_charge");
    desk::Message message(const store::TicketRow& of, desk::Direction direction, const std::string& body,
                          std::optional<StaffNo> staff = std::nullopt);
    desk::Remedy remedy(const store::TicketRow& of, const Payment& payment, StaffNo proposer,
                        const std::string& evidence = "{}");

    AccountNo bank, fees;

private:
    AccountNo open(AccountKind kind, Currency currency);
    Payment blank(PaymentKind kind, std::int64_t minor);
    Payment post(const Payment& payment, const std::vector<money::Posting>& postings);

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
