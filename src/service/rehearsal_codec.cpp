// SPDX-License-Identifier: Apache-2.0
#include "service/rehearsal_codec.hpp"

#include <boost/describe.hpp>

#include "payments/names.hpp"
#include "service/described_json.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;

struct PostingWords {
    std::int64_t account, of;
    bool debit;
    std::int64_t minor, currency, after_minor, kind, code;
};
BOOST_DESCRIBE_STRUCT(PostingWords, (), (account, of, debit, minor, currency, after_minor, kind, code))

struct Words {  // 0 where there is none: numbers begin at 1
    std::int64_t seq;
    std::string id;
    std::int64_t kind, state, refusal, payer, payee, customer, merchant, minor, currency, fee, captured, refunded;
    std::string order_ref, memo, instrument, device;
    std::int64_t original, duplicate_of, hold;
    bool outside;
    std::int64_t created;
    bool new_payment;
    std::vector<PostingWords> postings;
};
BOOST_DESCRIBE_STRUCT(Words, (),
                      (seq, id, kind, state, refusal, payer, payee, customer, merchant, minor, currency, fee, captured,
                       refunded, order_ref, memo, instrument, device, original, duplicate_of, hold, outside, created,
                       new_payment, postings))

template <class Number>
std::int64_t or_zero(const std::optional<Number>& number) {
    return number ? static_cast<std::int64_t>(*number) : 0;
}
template <class Number>
std::optional<Number> or_none(std::int64_t number) {
    return number == 0 ? std::nullopt : std::optional{Number{number}};
}

std::optional<money::Money> money_of_words(std::int64_t minor, std::int64_t currency) {
    const auto known = std::ranges::find(money::all_currencies, currency,
                                         [](money::Currency one) { return static_cast<std::int64_t>(one); });
    if (known == money::all_currencies.end()) return std::nullopt;
    const auto amount = money::Money::of_minor(minor, *known);
    return amount ? std::optional{*amount} : std::nullopt;
}

}  // namespace

json::object rehearsal_to_json(const Answer& answer) {
    const payments::Payment& p = *answer.payment;
    Words words{.seq = p.seq,
                .id = p.id.text(),
                .kind = static_cast<std::int64_t>(p.kind),
                .state = static_cast<std::int64_t>(p.state),
                .refusal = static_cast<std::int64_t>(p.refusal),
                .payer = or_zero(p.payer),
                .payee = or_zero(p.payee),
                .customer = or_zero(p.customer),
                .merchant = or_zero(p.merchant),
                .minor = p.amount.minor(),
                .currency = static_cast<std::int64_t>(p.amount.currency()),
                .fee = p.fee_minor,
                .captured = p.captured_minor,
                .refunded = p.refunded_minor,
                .order_ref = p.order_ref,
                .memo = p.memo,
                .instrument = p.instrument,
                .device = p.device,
                .original = p.original,
                .duplicate_of = p.duplicate_of,
                .hold = p.hold,
                .outside = p.rail == payments::Rail::outside,
                .created = ms_of(p.created),
                .new_payment = answer.rehearsal->new_payment,
                .postings = {}};
    for (const Rehearsal::Posting& posting : answer.rehearsal->postings) {
        words.postings.push_back({.account = number_of(posting.account),
                                  .of = static_cast<std::int64_t>(posting.of),
                                  .debit = posting.debit,
                                  .minor = posting.amount.minor(),
                                  .currency = static_cast<std::int64_t>(posting.amount.currency()),
                                  .after_minor = posting.after_minor,
                                  .kind = static_cast<std::int64_t>(posting.kind),
                                  .code = static_cast<std::int64_t>(posting.code)});
    }
    return described::written(words);
}

bool rehearsal_from_json(const json::object& object, Answer& answer) {
    Words words{};
    if (!described::read(json::value(object), words)) return false;
    const auto id = PaymentId::parse(words.id);
    const auto kind = payments::kind_of_number(words.kind);
    const auto state = payments::state_of_number(words.state);
    const auto refusal = payments::refusal_of_number(words.refusal);
    const auto amount = money_of_words(words.minor, words.currency);
    if (!id || !kind || !state || !refusal || !amount) return false;
    payments::Payment payment{.seq = words.seq,
                              .id = *id,
                              .kind = *kind,
                              .state = *state,
                              .refusal = *refusal,
                              .key = {},
                              .payer = or_none<money::AccountNo>(words.payer),
                              .payee = or_none<money::AccountNo>(words.payee),
                              .customer = or_none<customers::CustomerNo>(words.customer),
                              .merchant = or_none<customers::MerchantNo>(words.merchant),
                              .amount = *amount,
                              .fee_minor = words.fee,
                              .captured_minor = words.captured,
                              .refunded_minor = words.refunded,
                              .order_ref = words.order_ref,
                              .memo = words.memo,
                              .instrument = words.instrument,
                              .device = words.device,
                              .original = words.original,
                              .duplicate_of = words.duplicate_of,
                              .hold = words.hold,
                              .rail = words.outside ? payments::Rail::outside : payments::Rail::none,
                              .created = moment_of_ms(words.created)};
    Rehearsal rehearsal{.postings = {}, .new_payment = words.new_payment};
    for (const PostingWords& posting : words.postings) {
        const auto moved = money_of_words(posting.minor, posting.currency);
        if (!moved) return false;
        rehearsal.postings.push_back({.account = money::AccountNo{posting.account},
                                      .of = static_cast<money::AccountKind>(posting.of),
                                      .debit = posting.debit,
                                      .amount = *moved,
                                      .after_minor = posting.after_minor,
                                      .kind = static_cast<money::TransferKind>(posting.kind),
                                      .code = static_cast<money::TransferCode>(posting.code)});
    }
    answer.payment = std::make_shared<const payments::Payment>(std::move(payment));
    answer.rehearsal = std::make_shared<const Rehearsal>(std::move(rehearsal));
    return true;
}

}  // namespace okpay::service
