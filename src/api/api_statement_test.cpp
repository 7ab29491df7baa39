// SPDX-License-Identifier: Apache-2.0
// Account statements over the whole API: what is in the files, who may have them, and what is refused.
#include <gmock/gmock.h>

#include <fmt/format.h>

#include "api/api_world_test.hpp"
#include "api/statement_paper.hpp"
#include "customers/local_time.hpp"

namespace okpay::api {
namespace {

using payments::Payment;
using test::ApiTest;
using test::Headers;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class StatementApi : public ApiTest {
public:
    // The days of the world, as its customers' calendar has them.
    [[nodiscard]] std::string today() const { return customers::local_day_text("Asia/Shanghai", world.at()); }
    std::string query(const customers::Customer& of, const std::string& format, std::string from = "",
                      std::string until = "") {
        if (from.empty()) from = today();
        if (until.empty()) until = today();
        return fmt::format("?account={}&from={}&until={}&format={}", number_of(world.wallet(of)), from, until, format);
    }
    Response own(const customers::Customer& who, const std::string& query) {
        return get("/api/v1/me/statements" + query, who.no == wang.no ? wang_in : signed_in(who));
    }
    std::string complaint(const std::string& query) {
        const Response response = get("/api/v1/me/statements" + query, wang_in);
        EXPECT_EQ(response.status, 400U) << query;
        return std::string{body_of(response).at("detail").as_string()};
    }

    Headers wang_in = signed_in(wang);
};

TEST_F(StatementApi, is_a_table_for_spreadsheets) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'050);
    const Response response = own(wang, query(wang, "csv"));
    ASSERT_EQ(response.status, 200U) << response.body;
    EXPECT_EQ(response.content_type, "text/csv; charset=utf-8; header=present");
    const std::int64_t wallet = number_of(world.wallet(wang));
    EXPECT_EQ(header_of(response, "Content-Disposition"),
              fmt::format("attachment; filename=\"statement-CNY-{}-{}-{}.csv\"", wallet, today(), today()));
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
    const auto last = store::newest_transfers(world.connection(), 1'000, 1).at(0);
    EXPECT_THAT(
        response.body,
        AllOf(StartsWith("\xEF\xBB\xBF\"Date and time (Asia/Shanghai)\",\"What\",\"With\",\"Note\",\"Reference\",\"Amount\","
                         "\"Fee\",\"Balance\",\"Currency\"\r\n"),
              HasSubstr(fmt::format("\"{}\",\"Opening balance\",\"\",\"\",\"\",,,0.00,\"CNY\"\r\n", today())),
              HasSubstr(
                  fmt::format("\"{}:{:02}\",\"Purchase\",\"Blue Harbour Coffee\",\"\",\"{}\",-10.50,0.00,89.50,\"CNY\"\r\n",
                              customers::local_time_text("Asia/Shanghai", paid.created), ms_of(paid.created) / 1'000 % 60,
                              payments::text_of(paid.id))),
              HasSubstr(fmt::format("\"{}\",\"Closing balance\",\"\",\"\",\"\",,,89.50,\"CNY\"\r\n", today())),
              HasSubstr("\"Money in\",\"\",\"\",\"\",100.00,,,\"CNY\"\r\n"),
              HasSubstr("\"Money out\",\"\",\"\",\"\",-10.50,,,\"CNY\"\r\n"), HasSubstr("\"Wang Xiaoming\""),
              HasSubstr(fmt::format("\"Ledger\",\"{}:{}\"", last.seq, hex_of(view_of(last.hash))))));
}

TEST_F(StatementApi, is_paper) {
    world.top_up(wang, 10'000);
    const Response response = own(wang, query(wang, "pdf"));
    ASSERT_EQ(response.status, 200U) << response.body;
    EXPECT_EQ(response.content_type, "application/pdf");
    EXPECT_THAT(header_of(response, "Content-Disposition"), EndsWith(".pdf\""));
    EXPECT_THAT(response.body, AllOf(StartsWith("%PDF-1."), HasSubstr("/Lang (en)"), EndsWith("%%EOF\n")));
}

TEST_F(StatementApi, a_hostile_name_is_no_formula) {
    const customers::Merchant evil = world.merchant("=HYPERLINK(\"https://evil.example\",\"refund\")", "sk_evil");
    world.top_up(wang, 10'000);
    world.pay(wang, evil, 100);
    EXPECT_THAT(own(wang, query(wang, "csv")).body,
                HasSubstr("\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"refund\"\")\""));
}

TEST_F(StatementApi, days_are_whole_and_of_the_customers_zone) {
    world.top_up(wang, 100);
    const std::string first = today();
    const auto next_day = customers::local_span("Asia/Shanghai", first)->to;
    world.tick(next_day - world.at() - Millis{1'000});  // the row is written a second later: at midnight exactly
    const Payment midnight = world.top_up(wang, 200);
    ASSERT_EQ(midnight.created, next_day);
    const std::string second = today();
    ASSERT_NE(first, second);
    const auto closing = [&](const std::string& from, const std::string& until) {
        const std::string csv = own(wang, query(wang, "csv", from, until)).body;
        const auto at = csv.find("\"Closing balance\",\"\",\"\",\"\",,,");
        return csv.substr(at + 29, csv.find(',', at + 29) - at - 29);
    };
    EXPECT_EQ(closing(first, first), "1.00");
    EXPECT_EQ(closing(first, second), "3.00");
    EXPECT_EQ(closing(second, second), "3.00");
    EXPECT_THAT(own(wang, query(wang, "csv", second, second)).body, HasSubstr("\"Opening balance\",\"\",\"\",\"\",,,1.00"));
}

TEST_F(StatementApi, says_what_is_wrong_with_a_request) {
    const std::string wallet = std::to_string(number_of(world.wallet(wang)));
    const std::string rest = "&from=2026-01-01&until=2026-01-31&format=csv";
    for (const char* account : {"", "x", "-1", "1x", "99999999999999999999"}) {
        EXPECT_THAT(complaint(std::string{"?account="} + account + rest), StartsWith("account:")) << account;
    }
    const auto with = [&](const std::string& from, const std::string& until, const std::string& format = "csv") {
        return "?account=" + wallet + "&from=" + from + "&until=" + until + "&format=" + format;
    };
    for (const char* from : {"", "2026-02-30", "2026-1-1", "yesterday", "2026-01-01T00:00"}) {
        EXPECT_THAT(complaint(with(from, "2026-03-01")), StartsWith("from:")) << from;
    }
    EXPECT_THAT(complaint(with("2026-01-01", "2026-02-31")), StartsWith("until: a day"));
    EXPECT_EQ(complaint(with("2026-01-02", "2026-01-01")), "until: is before from.");
    EXPECT_EQ(complaint(with("2026-01-01", "2027-01-02")), "until: at most 366 days with from.");
    EXPECT_EQ(get("/api/v1/me/statements" + with("2026-01-01", "2027-01-01"), wang_in).status, 200U) << "366 days";
    EXPECT_THAT(complaint(with("2026-01-01", "2026-01-31", "xlsx")), StartsWith("format:"));
    EXPECT_THAT(complaint("?account=" + wallet + "&from=2026-01-01&until=2026-01-31"), StartsWith("format:"));
}

TEST_F(StatementApi, is_for_its_owner_and_for_staff_who_read_customers) {
    const customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    world.top_up(zoe, 500);
    EXPECT_EQ(code_of(get("/api/v1/me/statements" + query(wang, "csv"))), "not_signed_in");
    EXPECT_EQ(code_of(own(wang, query(zoe, "csv"))), "not_found") << "not the own wallet";
    const std::string house = fmt::format("?account={}&from=2026-01-01&until=2026-01-31&format=csv", number_of(world.bank));
    EXPECT_EQ(code_of(own(wang, house)), "not_found") << "nobody's wallet";
    const std::string path = "/api/v1/customers/" + zoe.id.text() + "/statements";
    EXPECT_EQ(code_of(get(path + query(zoe, "csv"))), "not_signed_in");
    EXPECT_EQ(code_of(get(path + query(zoe, "csv"), wang_in)), "not_signed_in") << "a customer is no staff";
    EXPECT_EQ(code_of(get(path + query(wang, "csv"), session('a'))), "not_found") << "a wallet of somebody else";
    EXPECT_EQ(code_of(get("/api/v1/customers/nobody/statements" + query(zoe, "csv"), session('a'))), "not_found");
    const Response seen = get(path + query(zoe, "csv"), session('a'));
    ASSERT_EQ(seen.status, 200U) << seen.body;
    EXPECT_THAT(seen.body, AllOf(HasSubstr("\"Zoe\""), HasSubstr("5.00"), Not(HasSubstr("Wang"))));
}

TEST_F(StatementApi, too_much_is_refused_with_advice) {
    for (int i = 0; i < 4; ++i) world.top_up(wang, 100);
    Api narrow{service, queries, events, metrics,
               ApiOptions{.cookie_secure = false, .statement_limits = {.transfers_max = 3, .later_max = 3}}};
    const auto answer = [&](const std::string& day) {
        Request request{.method = Method::get, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
        for (const auto& [name, value] : wang_in) request.message.set(name, value);
        EXPECT_TRUE(set_target(request, "/api/v1/me/statements" + query(wang, "csv", day, day)));
        std::optional<Response> response;
        asio::co_spawn(io, narrow.handle(std::move(request)),
                       [&response](const std::exception_ptr&, Response answered) { response = std::move(answered); });
        io.restart();
        io.run();
        return response.value();
    };
    const Response long_one = answer(today());
    EXPECT_EQ(long_one.status, 422U);
    EXPECT_EQ(code_of(long_one), "statement_too_long");
    EXPECT_THAT(long_one.body, HasSubstr("more than 3 movements lie in this period; choose a shorter one"));
    EXPECT_THAT(answer("2020-01-01").body, HasSubstr("more than 3 movements came after this period; choose a later one"));
}

// --- The three languages, from one made-up statement

StatementPaper paper_in(const std::string& language) {
    const auto line = [](payments::Movement movement, std::int64_t amount, std::int64_t fee, std::int64_t balance,
                         std::string with, std::string memo) {
        return service::StatementEntry{.line = {.at = service::test::world_start,
                                                .movement = movement,
                                                .payment = 1,
                                                .amount_minor = amount,
                                                .fee_minor = fee,
                                                .balance_minor = balance},
                                       .payment = payments::id_of(1, service::test::world_start, sha256("k")),
                                       .counterparty = std::move(with),
                                       .memo = std::move(memo),
                                       .instrument = "card ····4242"};
    };
    return {.statement = {.account = money::AccountNo{7},
                          .currency = money::Currency::cny,
                          .from = service::test::world_start,
                          .until = service::test::world_start,
                          .entries = {line(payments::Movement::top_up, 128'000, 0, 128'000, "", "工资"),
                                      line(payments::Movement::sent, -1'000, -10, 126'990, "陳大文", "午餐")},
                          .sums = {.opening_minor = 0,
                                   .closing_minor = 126'990,
                                   .in_minor = 128'000,
                                   .out_minor = -1'000,
                                   .fees_minor = -10},
                          .ledger_seq = 9,
                          .ledger_hash = sha256("head")},
            .customer = {.no = customers::CustomerNo{1},
                         .id = {},
                         .email = "",
                         .name = "王小明",
                         .language = language,
                         .zone = "Asia/Taipei",
                         .created = {}},
            .from_day = "2026-09-01",
            .until_day = "2026-09-30",
            .house = "OKPay",
            .support_address = "support@pay.example",
            .made = service::test::world_start};
}

TEST(StatementPaper, speaks_the_customers_language) {
    EXPECT_THAT(statement_csv(paper_in("zh-Hans")),
                AllOf(HasSubstr("\"日期时间 (Asia/Taipei)\",\"事项\",\"对方\""),
                      HasSubstr("\"充值\",\"银行卡 ****4242\",\"工资\""), HasSubstr("\"转出\",\"陳大文\""),
                      HasSubstr("-10.00,-0.10,1269.90,\"CNY\""), HasSubstr("\"期末余额\"")));
    EXPECT_THAT(statement_csv(paper_in("zh-Hant")), AllOf(HasSubstr("\"日期時間 (Asia/Taipei)\""),
                                                          HasSubstr("\"儲值\",\"銀行卡 ****4242\""), HasSubstr("\"轉出\"")));
    EXPECT_THAT(statement_csv(paper_in("fr")), AllOf(HasSubstr("\"Top-up\",\"Card ****4242\""), HasSubstr("\"Sent\"")));
    EXPECT_THAT(statement_pdf(paper_in("zh-Hant")).value(), HasSubstr("/Lang (zh-Hant)"));
    EXPECT_THAT(statement_pdf(paper_in("zh-Hans")).value(), HasSubstr("/Lang (zh-Hans)"));
}

}  // namespace
}  // namespace okpay::api
