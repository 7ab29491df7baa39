// SPDX-License-Identifier: Apache-2.0
// Payments by card that a bank takes back, over HTTP: who may, what is read of a request, what is shown.
#include <fmt/format.h>

#include "api/api_world_test.hpp"
#include "payments/payment_ref.hpp"
#include "store/dispute_store.hpp"

namespace okpay::api {
namespace {

using service::Answer;
using service::Command;
using test::ApiTest;

constexpr std::string_view path = "/api/v1/disputes";

std::string notice(std::string_view payment, std::string_view more = R"(,"answer_by":"2026-12-24T12:00:00Z")",
                   std::string_view status = "needs_response") {
    return fmt::format(R"({{"payment":"{}","reference":"CB-1","stage":"chargeback","status":"{}","reason":"not_received",)"
                       R"("amount":{{"amount":"10.00","currency":"CNY"}},"totp_code":"123456"{}}})",
                       payment, status, more);
}

class ApiDisputes : public ApiTest {
protected:
    ApiDisputes() {
        store::insert_dispute(world.connection(), dispute_);
        store::insert_dispute_event(world.connection(), {.no = 1,
                                                         .dispute = 1,
                                                         .at = now(),
                                                         .stage = dispute_.stage,
                                                         .status = dispute_.status,
                                                         .move = payments::DisputeMove::take,
                                                         .transfer = 2,
                                                         .staff = ben.no});
    }
    std::string one() const { return fmt::format("{}/{}", path, dispute_.id.text()); }

    payments::Payment pay() {
        world.top_up(wang, 10'000);
        payments::Payment paid = world.pay(wang, coffee, 1'000, "A-1");
        world.connection().execute("UPDATE payment SET rail = 1 WHERE seq = $1", {paid.seq});  // by card
        return paid;
    }

    payments::Payment charged_ = pay();
    payments::Dispute dispute_{.no = 1,
                               .id = DisputeId::of(now(), Bytes(10, 'd')),
                               .payment = charged_.seq,
                               .merchant = coffee.no,
                               .reference = "CB-1",
                               .stage = payments::DisputeStage::chargeback,
                               .reason = payments::DisputeReason::not_received,
                               .amount = *money::Money::of_minor(1'000, money::Currency::cny),
                               .answer = "",
                               .opened = now(),
                               .updated = now(),
                               .due = now() + std::chrono::days{10}};
};

TEST_F(ApiDisputes, are_shown_with_their_steps_and_their_evidence) {
    const Response list = get(std::string{path}, session('b'));
    expect_documented(list, "DisputeList");
    const json::value shown = body_of(list);
    const json::value& item = shown.at("items").at(0);
    EXPECT_EQ(item.at("payment").at("id"), json::value(payments::text_of(charged_.id)));
    EXPECT_EQ(item.at("payment").at("disputed").at("amount"), "10.00");
    EXPECT_EQ(item.at("payment").at("refundable").at("amount"), "0.00") << "its bank decides";
    EXPECT_EQ(item.at("steps").at(0).at("moved"), "taken");
    EXPECT_EQ(item.at("steps").at(0).at("by").at("id"), json::value(ben.id.text()));
    EXPECT_EQ(body_of(get(fmt::format("{}?state=open", path), session('b'))).at("items").as_array().size(), 1U);
    EXPECT_EQ(code_of(get(fmt::format("{}?state=lost", path), session('b'))), "malformed");
    expect_documented(get(one(), session('b')), "Dispute");
    EXPECT_EQ(code_of(get(fmt::format("{}/nothing", path), session('b'))), "not_found");

    const Response evidence = get(one() + "/evidence", session('b'));
    expect_documented(evidence, "DisputeEvidence");
    EXPECT_EQ(body_of(evidence).at("transfers").at(0).at("hash").as_string().size(), 64U);
    EXPECT_EQ(code_of(get(one() + "/evidence", session('a'))), "not_permitted");
    EXPECT_EQ(code_of(get(one(), {})), "not_signed_in");
}

TEST_F(ApiDisputes, what_the_acquirer_says_is_read_whole_or_refused) {
    const std::string payment = payments::text_of(charged_.id);
    service.respond = [&](const Command&) { return Answer{.number = 1, .text = dispute_.id.text(), .replayed = true}; };
    const Response again = post(std::string{path}, session('b'), notice(payment));
    expect_documented(again, "Dispute");
    EXPECT_EQ(again.status, 200U);
    EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
    const auto& told = service.last<service::ReportDispute>();
    EXPECT_EQ(std::tuple(told.payment, told.reference, told.stage, told.status, told.reason, told.amount_minor,
                         told.currency),
              std::tuple(charged_.seq, "CB-1", "chargeback", "needs_response", "not_received", 1'000, "CNY"));
    EXPECT_EQ(rfc3339(moment_of_ms(told.due)).substr(0, 19), "2026-12-24T12:00:00");
    EXPECT_EQ(post(std::string{path}, session('b'), notice(payment, "", "won")).status, 200U) << "nothing is due then";

    const std::size_t asked = service.commands.size();
    EXPECT_EQ(code_of(post(std::string{path}, session('b'), notice(payment, R"(,"answer_by":"soon")"))), "malformed");
    EXPECT_EQ(code_of(post(std::string{path}, session('b'), notice("pay_nothing"))), "not_found");
    EXPECT_EQ(code_of(post(std::string{path}, session('a'), notice(payment))), "not_permitted");
    EXPECT_EQ(service.commands.size(), asked);
    for (const char* code : {"dispute_ended", "dispute_answered", "dispute_goes_back", "dispute_open",
                             "dispute_reference_used", "not_disputable", "own_account", "totp_wrong"}) {
        service.respond = [&](const Command&) { return Answer{.code = code, .detail = "no"}; };
        const Response refused = post(std::string{path}, session('b'), notice(payment));
        expect_documented(refused, "Problem");
        EXPECT_EQ(code_of(refused), code);
    }
}

TEST_F(ApiDisputes, are_answered_with_one_of_two_words) {
    service.respond = [&](const Command&) { return Answer{.number = 1, .text = dispute_.id.text()}; };
    const auto answer = [&](std::string_view with) {
        return post(one() + "/answer", session('b'),
                    fmt::format(R"({{"with":"{}","text":"Signed for.","totp_code":"123456"}})", with));
    };
    expect_documented(answer("contest"), "Dispute");
    EXPECT_FALSE(service.last<service::AnswerDispute>().accepts);
    answer("accept");
    EXPECT_TRUE(service.last<service::AnswerDispute>().accepts);
    EXPECT_EQ(service.last<service::AnswerDispute>().dispute, dispute_.id.text());
    EXPECT_EQ(code_of(answer("maybe")), "malformed");
}

}  // namespace
}  // namespace okpay::api
