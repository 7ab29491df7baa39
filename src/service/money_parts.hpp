// SPDX-License-Identifier: Apache-2.0
// Shared by the money handlers: keys, fingerprints, rows and answers of payments.
#pragma once

#include "payments/decide.hpp"
#include "service/handlers.hpp"

namespace okpay::service {

// Keys are scoped to the principal: two merchants may use the same one.
Hash256 once_key(const Actor& actor, std::string_view key);

// Of a request's kind and members, each behind its length, so that no two requests look alike.
std::int64_t fingerprint(std::string_view kind, std::initializer_list<std::int64_t> numbers,
                         std::initializer_list<std::string_view> texts = {});

// Done, or why not, with the payment as it was made.
Answer answer_of(const payments::Payment& payment, bool replayed);
Answer key_reused();
Answer bad_amount();

// The first answer to a key, or a refusal where the key was used for something else.
std::optional<Answer> known_answer(Books& books, const Hash256& key, std::int64_t body);

// The next row of the payment table; what it moves is the caller's to say.
payments::Payment new_payment(Books& books, payments::PaymentKind kind, const Hash256& key, std::int64_t body,
                              money::Money amount, Moment at);

// Applies what was decided and keeps the payment whatever came of it, with its reason where it was refused.
payments::Payment settle(Books& books, payments::Payment payment, const payments::Decided& decided);

// The tariff's word on what was decided: unchanged, or the first limit of the customer's level that it would pass. The
// limits of receiving are those of the wallet that the money comes into, for a payee as well.
payments::Decided within_limits(Books& books, const Context& context, payments::Decided decided,
                                payments::Operation operation, customers::CustomerNo customer, money::AccountNo wallet,
                                money::Money amount, Moment at);

// From one customer's wallet to another's, under the tariff: kept whatever came of it. An answer where one of the two has no
// wallet in the currency: nothing is kept then.
struct TransferWish {
    const Command& command;  // that asks for it, or that makes it because its time has come
    Hash256 key;  // not used before
    std::int64_t fingerprint;
    customers::CustomerNo payer, payee;
    money::Money amount;
    std::string memo;
    Moment at;
    payments::PaymentRefusal refused = payments::PaymentRefusal::none;  // decided already: kept with it
};
Result<payments::Payment, Answer> transfer_between(Books& books, const Context& context, const TransferWish& wish);

// Ids for what a step writes, from the command's randomness and the row that it is about: the same command makes the same
// rows everywhere.
class StepIds {
public:
    StepIds(std::string_view seed, std::int64_t row, Moment at) : seed_{seed}, row_{row}, at_{at} {}
    template <class AnyId>
    AnyId next(std::string_view what) const {
        Bytes said{what};
        append_u64(said, static_cast<std::uint64_t>(row_));
        return AnyId::of(at_, view_of(sha256({seed_, said})));
    }

private:
    std::string_view seed_;
    std::int64_t row_;
    Moment at_;
};

payments::Wallet wallet_view(Books& books, customers::CustomerNo customer, money::AccountNo no);
std::optional<money::Money> money_of(std::int64_t minor, std::string_view currency_code);

// Keeps a payment that moved no money, with its reason.
Answer keep_refused(Books& books, payments::Payment payment, payments::PaymentRefusal refusal);

// The same for a customer who has no wallet in the currency: kept, so that a repetition is refused even after one was
// opened. Nothing where there is no such customer.
std::optional<Answer> refused_without_wallet(Books& books, payments::Payment payment, customers::CustomerNo customer);

// What the ledger's refusal means to those who pay and are paid.
payments::PaymentRefusal refusal_of(Books& books, const payments::Payment& payment, money::TransferRefusal refusal);

// Nothing where a merchant asks for another's payment, as where there is none.
std::optional<payments::Payment> payment_seen_by(Books& books, const Actor& actor, std::int64_t payment);
Answer no_such_payment();

}  // namespace okpay::service
