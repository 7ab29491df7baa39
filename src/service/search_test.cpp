// SPDX-License-Identifier: Apache-2.0
// What was written is found, by everybody who may see it and once, on both engines: through mails that are filed, people who
// change and are erased, passes that are cut anywhere, an index that is thrown away.
#include "service/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "customers/privacy.hpp"
#include "payments/payment_ref.hpp"
#include "service_fixture.hpp"
#include "store/search_feed.hpp"
#include "store/search_verify.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using store::SearchKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SearchTest : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override {
        EXPECT_THAT(index_faults(), IsEmpty());
        EXPECT_THAT(f_.faults(), IsEmpty());
    }
    std::vector<std::string> index_faults() { return store::check_search_index(f_.database(), index_).faults; }
    std::string receive(const std::string& from, const std::string& subject, const std::string& text) {
        f_.pass(std::chrono::seconds{1});
        return f_.receive({.from = from, .subject = subject, .text = text}).text;
    }
    void catch_up() {
        indexer_.catch_up([] { return false; });
    }
    SearchPage ask(const std::string& words, std::optional<SearchKind> kind = std::nullopt,
                   std::vector<customers::CustomerNo> kept_from = {}) {
        const auto page = search_.ask({.words = words,
                                       .kind = kind,
                                       .below = std::nullopt,
                                       .limit = 25,
                                       .me = customers::StaffNo{ann_.no},
                                       .kept_from = std::move(kept_from)});
        EXPECT_TRUE(page) << words;
        return page.value_or(SearchPage{});
    }
    // "request OK-…", "customer Zoe", newest first.
    std::vector<std::string> found(const std::string& words, std::optional<SearchKind> kind = std::nullopt) {
        std::vector<std::string> all;
        for (const SearchHit& hit : ask(words, kind).items) {
            all.push_back(
                fmt::format("{} {}", name_of(hit.kind), hit.request_number.empty() ? hit.title : hit.request_number));
        }
        return all;
    }
    std::vector<std::string> requests(const std::string& words) {
        std::vector<std::string> all;
        for (const SearchHit& hit : ask(words).items) {
            if (!hit.request_number.empty()) all.push_back(hit.request_number);
        }
        return all;
    }
    void set_state(const std::string& ticket, const std::string& state) {
        const auto version =
            f_.connect()->integer("SELECT version FROM ticket WHERE request_number = $1", {std::string_view{ticket}});
        f_.done(SetTicketState{ticket, state, version.value()}, ann_.actor());
    }

    ServiceFixture f_{GetParam()};
    StaffMember ann_ = f_.staff("ann@pay.example", "admin");
    store::Database index_ = search_database(f_.database());
    SearchIndexer indexer_{f_.database(), index_};
    Search search_{f_.database(), index_, 2};
};

TEST_P(SearchTest, words_within_a_chinese_sentence_are_found) {
    const std::string refund = receive("li@example.org", "订单问题", "你好，我想申请退款，昨天被扣了两次￥128.50。");
    const std::string chargeback = receive("wu@example.org", "银行", "请问这笔交易被拒付了怎么办");
    const std::string traditional = receive("chan@example.org", "退還", "請問甚麼時候可以退還款項");
    catch_up();
    EXPECT_THAT(requests("退款"), ElementsAre(refund));
    EXPECT_THAT(requests("拒付"), ElementsAre(chargeback));
    EXPECT_THAT(requests("退"), ElementsAre(traditional, refund));
    EXPECT_THAT(requests("退还"), ElementsAre(traditional));
    EXPECT_THAT(requests("申请退款"), ElementsAre(refund));
    EXPECT_THAT(requests("款申"), IsEmpty());
    EXPECT_THAT(requests("128.5 扣了两次"), ElementsAre(refund));
    EXPECT_THAT(requests("请问 -拒付"), ElementsAre(traditional));
}

TEST_P(SearchTest, words_numbers_and_names_in_the_forms_people_type) {
    const std::int64_t zoe = f_.customer("zoe.wu@example.org", "Zoé Wu");
    const std::int64_t shop = f_.merchant("Blue Harbour Coffee");
    f_.top_up(zoe, 200'000);
    f_.pay(zoe, shop, 128'050, "k", "ORD-2026-77");
    const std::string ticket = receive("zoe.wu@example.org", "Charged twice", "I was charged twice. Don't make me wait.");
    catch_up();
    EXPECT_THAT(requests(ticket), ElementsAre(ticket));
    std::string typed = ticket;
    std::ranges::replace(typed, '0', 'o');
    std::ranges::replace(typed, '-', ' ');
    EXPECT_THAT(requests(typed), ElementsAre(ticket));
    EXPECT_THAT(requests("\"charged twice\""), ElementsAre(ticket));
    EXPECT_THAT(requests("\"twice charged\""), IsEmpty());
    EXPECT_THAT(requests("CHARG wait"), ElementsAre(ticket));
    EXPECT_THAT(found("zoe.wu@example.org", SearchKind::customer), ElementsAre("customer Zoé Wu"));
    EXPECT_THAT(found("zoe wu", SearchKind::customer), ElementsAre("customer Zoé Wu"));
    EXPECT_THAT(found("1,280.50 coffee"), ElementsAre("payment 1280.50 CNY"));
    EXPECT_THAT(found("ord-2026-77"), ElementsAre("payment 1280.50 CNY"));
    const SearchPage payment = ask("ord-2026-77");
    EXPECT_THAT(found(payments::text_of(payment.items.at(0).payment.value())), ElementsAre("payment 1280.50 CNY"));
    EXPECT_THAT(requests("from:zoe.wu"), ElementsAre(ticket));
    EXPECT_THAT(requests("from:example.org twice"), ElementsAre(ticket));
    EXPECT_THAT(requests("from:example.com twice"), IsEmpty());
    EXPECT_THAT(requests("customer:zoe.wu@example.org twice"), ElementsAre(ticket));
    EXPECT_THAT(requests("customer:zoe twice"), ElementsAre(ticket));
    EXPECT_THAT(requests("customer:nobody twice"), IsEmpty());
}

TEST_P(SearchTest, filters_follow_what_becomes_of_a_request) {
    const std::string first = receive("a@example.org", "One", "quagmire");
    const std::string second = receive("b@example.org", "Two", "quagmire");
    catch_up();
    EXPECT_THAT(requests("quagmire state:new"), ElementsAre(second, first));
    set_state(first, "solved");
    f_.done(AssignTicket{second, ann_.no}, ann_.actor());
    catch_up();
    EXPECT_THAT(requests("quagmire state:solved"), ElementsAre(first));
    EXPECT_THAT(requests("state:solved"), ElementsAre(first));
    EXPECT_THAT(requests("quagmire -state:solved"), ElementsAre(second));
    EXPECT_THAT(requests("quagmire assignee:me"), ElementsAre(second));
    EXPECT_THAT(requests("quagmire assignee:none"), ElementsAre(first));
    EXPECT_THAT(requests("quagmire assignee:ann@pay.example"), ElementsAre(second));
    EXPECT_THAT(requests("quagmire state:solved state:open assignee:none"), ElementsAre(first));
    const std::string day = rfc3339(f_.at()).substr(0, 10);
    EXPECT_THAT(requests("quagmire after:" + day), SizeIs(2));
    EXPECT_THAT(requests("quagmire before:" + day), IsEmpty());
    const SearchPage odd = ask("quagmire state:banana category:what before:tomorrow assignee:nobody@x");
    EXPECT_THAT(odd.not_understood, ElementsAre("state:banana", "category:what", "before:tomorrow", "assignee:nobody@x"));
    EXPECT_THAT(odd.items, SizeIs(2));
    EXPECT_THAT(ask("state:banana").items, IsEmpty());
    EXPECT_THAT(ask("").items, IsEmpty());
}

TEST_P(SearchTest, pages_go_on_where_the_one_before_ended) {
    std::vector<std::string> all;
    for (int i = 0; i < 7; ++i) all.insert(all.begin(), receive("a@example.org", "Same", fmt::format("quagmire {}", i)));
    catch_up();
    std::vector<std::string> paged;
    std::optional<std::int64_t> below;
    do {
        const auto page = search_.ask({.words = "quagmire",
                                       .kind = SearchKind::message,
                                       .below = below,
                                       .limit = 3,
                                       .me = customers::StaffNo{1},
                                       .kept_from = {}});
        ASSERT_TRUE(page);
        ASSERT_LE(page->items.size(), 3);
        for (const SearchHit& hit : page->items) paged.push_back(hit.request_number);
        below = page->next;
    } while (below);
    EXPECT_EQ(paged, all);
}

TEST_P(SearchTest, who_has_to_do_with_a_customer_finds_nothing_of_theirs) {
    const std::int64_t zoe = f_.customer("zoe@example.org", "Zoe"), max = f_.customer("max@example.org", "Max");
    f_.top_up(zoe, 1'000);
    f_.done(SendMoney{.key = "k", .payer = zoe, .payee = max, .amount_minor = 100, .currency = "CNY", .memo = "quagmire"},
            {ActorKind::customer, zoe});
    receive("max@example.org", "Hello", "quagmire");
    catch_up();
    EXPECT_THAT(ask("quagmire").items, SizeIs(2));
    EXPECT_THAT(ask("quagmire", std::nullopt, {customers::CustomerNo{max}}).items, IsEmpty());
    EXPECT_THAT(ask("quagmire", std::nullopt, {customers::CustomerNo{zoe}}).items, SizeIs(1));
}

TEST_P(SearchTest, an_erased_person_is_in_no_answer_and_in_no_block) {
    const std::int64_t zoe = f_.customer("zoe@example.org", "Zoe Quagmire");
    const std::string ticket = receive("zoe@example.org", "Quagmire", "It is quagmire, at zoe@example.org.");
    receive("max@example.org", "Hello", "another word");
    set_state(ticket, "solved");
    std::vector<std::int64_t> accounts;
    f_.connect()->query("SELECT account FROM account_owner WHERE customer = $1", {zoe},
                        [&accounts](const store::Row& row) { accounts.push_back(row.integer(0)); });
    for (const std::int64_t account : accounts) f_.done(SetAccountState{account, "closed", "left"}, ann_.actor());
    catch_up();
    EXPECT_THAT(ask("quagmire").items, SizeIs(2));
    f_.done(ProposeErasure{f_.fresh<customers::ErasureId>().text(), zoe, "asked for it by letter"}, ann_.actor());
    catch_up();
    EXPECT_THAT(ask("quagmire").items, IsEmpty());
    EXPECT_THAT(ask("zoe@example.org").items, IsEmpty());
    EXPECT_THAT(requests(ticket), ElementsAre(ticket));  // the number stays, and says nothing
    const auto index = store::open(index_, store::Access::reader);
    store::SearchReader reader{*index};
    EXPECT_THAT(reader.beginning_with("quagmire", 9), IsEmpty());
    EXPECT_THAT(reader.beginning_with("zoe", 9), IsEmpty());
    EXPECT_THAT(reader.beginning_with("=f:zoe", 9), IsEmpty());
    EXPECT_THAT(found("another word"), SizeIs(1));
}

// Read in passes of any size, cut after any of them, begun again by somebody else: the same is found as by one that read
// all.
TEST_P(SearchTest, passes_that_are_cut_anywhere_lose_nothing_and_repeat_nothing) {
    std::mt19937_64 random{7};
    std::vector<std::string> all;
    std::int64_t customers = 0;
    for (int i = 0; i < 40; ++i) {
        all.insert(all.begin(),
                   receive(fmt::format("p{}@example.org", i % 7), fmt::format("word{} 退款", i), "quagmire 拒付"));
        if (i % 5 == 0) f_.customer(fmt::format("c{}@example.org", ++customers), "Quagmire");
        if (i % 3 == 0) set_state(all.front(), "solved");
        while (random() % 3 == 0) {
            indexer_.pass(1 + static_cast<std::int64_t>(random() % 4));
            if (random() % 2 == 0) indexer_.close();  // as where the process ended
        }
    }
    SearchIndexer other{f_.database(), index_};
    while (indexer_.pass(2) && other.pass(3)) {}
    catch_up();
    EXPECT_THAT(ask("quagmire").items, SizeIs(25));  // a page
    std::vector<std::string> messages;
    for (std::optional<std::int64_t> below;;) {
        const auto page = search_.ask({.words = "拒付",
                                       .kind = SearchKind::message,
                                       .below = below,
                                       .limit = 9,
                                       .me = customers::StaffNo{1},
                                       .kept_from = {}});
        ASSERT_TRUE(page);
        for (const SearchHit& hit : page->items) messages.push_back(hit.request_number);
        below = page->next;
        if (!below) break;
    }
    EXPECT_EQ(messages, all);
    EXPECT_THAT(ask("quagmire", SearchKind::customer).items, SizeIs(customers));
    EXPECT_EQ(ask("state:solved", SearchKind::request).items.size(), 14);
    // Of two that begin a pass alike, the second changes nothing.
    const auto writer = store::open(index_, store::Access::writer);
    const store::SearchPositions seen = store::search_positions(*writer);
    EXPECT_TRUE(store::write_search_pass(*writer, seen, {}));
    EXPECT_FALSE(store::write_search_pass(*writer, seen, {}));
}

TEST_P(SearchTest, an_index_that_is_emptied_or_gone_is_read_again) {
    const std::string ticket = receive("a@example.org", "One", "我要退款");
    catch_up();
    EXPECT_TRUE(ask("退款").complete);
    indexer_.reset();
    EXPECT_FALSE(ask("退款").complete);
    EXPECT_THAT(requests("退款"), IsEmpty());
    catch_up();
    EXPECT_THAT(requests("退款"), ElementsAre(ticket));
    if (GetParam() == store::Engine::postgres) return;
    indexer_.close();
    remove_search_file(index_);
    search_.forget_connections();
    catch_up();
    EXPECT_THAT(requests("退款"), ElementsAre(ticket));
    EXPECT_TRUE(indexer_.is_sound());
    indexer_.close();
    remove_search_file(index_);
    std::ofstream{index_.location} << std::string(9'000, 'x');
    EXPECT_FALSE(indexer_.is_sound());
    EXPECT_THAT(index_faults(), SizeIs(1));
    indexer_.close();
    remove_search_file(index_);
    search_.forget_connections();
    catch_up();
    EXPECT_THAT(requests("退款"), ElementsAre(ticket));
}

TEST_P(SearchTest, verify_names_an_index_that_is_wrong) {
    receive("a@example.org", "One", "quagmire");
    catch_up();
    EXPECT_THAT(index_faults(), IsEmpty());
    const std::string prefix = GetParam() == store::Engine::sqlite ? "" : "okpay_search.";
    const auto index = store::open(index_, store::Access::writer);
    const auto broken = [&](const std::string& damage, const std::string& repair) {
        index->run_script(damage);
        EXPECT_THAT(index_faults(), SizeIs(1)) << damage;
        index->run_script(repair);
        EXPECT_THAT(index_faults(), IsEmpty()) << repair;
    };
    broken("UPDATE " + prefix + "position SET value = value + 100 WHERE name = 'message'",
           "UPDATE " + prefix + "position SET value = value - 100 WHERE name = 'message'");
    const std::string one = " WHERE term = (SELECT term FROM " + prefix + "posting_0 ORDER BY term, first LIMIT 1)";
    broken("UPDATE " + prefix + "posting_0 SET last = last + 1" + one,
           "UPDATE " + prefix + "posting_0 SET last = last - 1" + one);
    index->execute("DELETE FROM " + prefix + "posting_0 WHERE term = $1", {store::Octets{"quagmire"}});
    EXPECT_THAT(index_faults(), SizeIs(1));
    indexer_.reset();
    catch_up();
}

// Enough passes for the levels to move, twice.
TEST_P(SearchTest, levels_that_move_keep_everything) {
    for (int i = 0; i < 150; ++i) {
        receive("a@example.org", fmt::format("only{}", i), i % 2 == 0 ? "even 退款" : "odd 拒付");
        indexer_.pass(1'000);
    }
    catch_up();
    for (int i = 0; i < 150; i += 13) EXPECT_THAT(requests(fmt::format("\"only{}\"", i)), SizeIs(1)) << i;
    EXPECT_THAT(ask("\"even 退款\"").items, SizeIs(25));
    std::size_t even = 0;
    for (std::optional<std::int64_t> below;;) {
        const auto page = search_.ask({.words = "退款",
                                       .kind = SearchKind::message,
                                       .below = below,
                                       .limit = 100,
                                       .me = customers::StaffNo{1},
                                       .kept_from = {}});
        ASSERT_TRUE(page);
        even += page->items.size();
        below = page->next;
        if (!below) break;
    }
    EXPECT_EQ(even, 75);
}

std::string engine_of(const ::testing::TestParamInfo<store::Engine>& info) {
    return info.param == store::Engine::sqlite ? "sqlite" : "postgres";
}
INSTANTIATE_TEST_SUITE_P(Engines, SearchTest, ::testing::Values(store::Engine::sqlite, store::Engine::postgres), engine_of);

}  // namespace
}  // namespace okpay::service
