// SPDX-License-Identifier: Apache-2.0
// Notes that name colleagues and requests that are followed, on both engines. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/follows.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/follow_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Follow : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        boss_ = f().staff("boss@pay.example", "supervisor");
        ann_ = f().staff("ann@pay.example");
        ben_ = f().staff("ben@pay.example");
        li_ = f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    std::string write(std::string text, std::string from = "li@example.org") {
        f().pass(std::chrono::minutes{1});
        return f().receive({.from = std::move(from), .subject = "A question", .text = std::move(text)}).text;
    }
    Answer note(const std::string& number, const StaffMember& by, std::vector<std::int64_t> mentions = {}) {
        f().pass(std::chrono::minutes{1});
        return f().ask(AddNote{.ticket = number,
                               .message_id = f().fresh<MessageId>().text(),
                               .text = "Look at this.",
                               .mentions = std::move(mentions)},
                       by.actor());
    }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    TicketDetail detail(const std::string& number) { return queries_->ticket_detail(number).value().value(); }
    Answer seen(const std::string& number, const StaffMember& by, std::string mark) {
        return f().ask(MarkSeen{.ticket = number, .mark = std::move(mark)}, by.actor());
    }
    void see(const std::string& number, const StaffMember& by) {
        EXPECT_TRUE(seen(number, by, detail(number).seen_mark.text()).done());
    }
    std::vector<std::string> followers(const std::string& number) {
        std::vector<std::string> names;
        for (const Person& person : detail(number).followers) names.push_back(person.name);
        return names;
    }
    TicketPage page(const StaffMember& of, TicketList list) {
        return queries_->tickets({.list = list, .me = customers::StaffNo{of.no}, .words = "", .after = {}}).value();
    }
    // "number: unseen/mentions" of each request in the view.
    std::vector<std::string> view(const StaffMember& of, TicketList list) {
        std::vector<std::string> lines;
        for (const TicketView& one : page(of, list).items) {
            const auto unseen = one.unseen.value_or(store::Unseen{});
            lines.push_back(fmt::format("{}: {}/{}", one.row.ticket.request_number, unseen.all, unseen.mentions));
        }
        return lines;
    }
    // Requests with something unseen: of those that are followed / that name the reader.
    std::string counted(const StaffMember& of) {
        const auto unseen = page(of, TicketList::open).counts.unseen;
        return fmt::format("{}/{}", unseen.following, unseen.mentions);
    }
    std::string code(CommandBody body, const StaffMember& by) { return f().ask(std::move(body), by.actor()).code; }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> boss_, ann_, ben_;
    std::int64_t li_ = 0;
    std::unique_ptr<Queries> queries_;
};

TEST_P(Follow, who_is_named_in_a_note_follows_and_sees_it_until_it_was_looked_at) {
    const std::string a = write("My card was declined.");
    ASSERT_TRUE(note(a, *ann_, {ben_->no, ben_->no, boss_->no}).done());
    EXPECT_THAT(followers(a), ElementsAre("boss", "ben")) << "each once; who wrote it does not follow by that";
    std::vector<std::string> named;
    for (const Person& person : detail(a).messages.back().mentions) named.push_back(person.name);
    EXPECT_THAT(named, ElementsAre("boss", "ben"));
    EXPECT_THAT(view(*ben_, TicketList::mentions), ElementsAre(a + ": 1/1"));
    EXPECT_EQ(counted(*ben_), "1/1");
    EXPECT_EQ(counted(*ann_), "0/0");
    EXPECT_THAT(view(*ann_, TicketList::mentions), IsEmpty());
    see(a, *ben_);
    EXPECT_THAT(view(*ben_, TicketList::mentions), ElementsAre(a + ": 0/0")) << "it stays to be found";
    EXPECT_EQ(counted(*ben_), "0/0");
    EXPECT_EQ(counted(*boss_), "1/1") << "each has seen for themselves";

    ASSERT_TRUE(note(a, *ben_, {ben_->no}).done());
    EXPECT_EQ(counted(*ben_), "0/0") << "an own word is no news";
    EXPECT_THAT(view(*boss_, TicketList::following), ElementsAre(a + ": 2/1"));
}

TEST_P(Follow, a_note_names_colleagues_who_may_read_it_and_not_too_many) {
    const std::string a = write("My card was declined.");
    const auto noted = [&](std::vector<std::int64_t> mentions) { return note(a, *ann_, std::move(mentions)).code; };
    const std::int64_t messages = f().integer("SELECT count(*) FROM message");
    EXPECT_EQ(noted({99'999}), "cannot_be_mentioned");
    f().run("UPDATE staff SET disabled = 1 WHERE no = " + std::to_string(boss_->no));
    EXPECT_EQ(noted({ben_->no, boss_->no}), "cannot_be_mentioned") << "left the house";
    f().done(RelateStaff{ben_->no, li_, "household"});
    EXPECT_EQ(noted({ben_->no}), "cannot_be_mentioned") << "the same word: nobody learns why";
    EXPECT_EQ(code(FollowTicket{a}, *ben_), codes::not_found);
    std::vector<std::int64_t> many;
    for (std::size_t n = 0; n <= desk::mentions_max; ++n)
        many.push_back(f().staff(fmt::format("staff{}@pay.example", n)).no);
    EXPECT_EQ(noted(many), "too_many_mentions");
    EXPECT_EQ(f().integer("SELECT count(*) FROM message"), messages) << "nothing of a refused note is kept";
    EXPECT_THAT(followers(a), IsEmpty());
    many.pop_back();
    EXPECT_EQ(noted(many), "");
    EXPECT_THAT(followers(a), SizeIs(desk::mentions_max));
}

TEST_P(Follow, who_may_be_named_is_found_by_name) {
    const std::string a = write("My card was declined.");
    const auto found = [&](std::string_view words) {
        std::vector<std::string> names;
        for (const store::StaffRow& row : queries_->colleagues(a, customers::StaffNo{ann_->no}, words).value().value())
            names.push_back(row.name);
        return names;
    };
    EXPECT_THAT(found(""), ElementsAre("ben", "boss"));
    EXPECT_THAT(found("BO"), ElementsAre("boss"));
    EXPECT_THAT(found("ben@"), ElementsAre("ben"));
    EXPECT_THAT(found("%"), IsEmpty());
    f().done(RelateStaff{ben_->no, li_, "other"});
    EXPECT_THAT(found(""), ElementsAre("boss"));
    EXPECT_FALSE(queries_->colleagues("OK-0000000", customers::StaffNo{ann_->no}, "").value().has_value());
    for (std::size_t n = 0; n <= colleagues_shown_max; ++n) f().staff(fmt::format("staff{}@pay.example", n));
    EXPECT_THAT(found("staff"), SizeIs(colleagues_shown_max));
}

TEST_P(Follow, followers_see_what_others_say_and_do_since_they_looked) {
    const std::string a = write("My card was declined.");
    const std::int64_t version = ticket(a).version;
    f().done(FollowTicket{a}, ben_->actor());
    f().done(FollowTicket{a}, ben_->actor());  // it is so already
    EXPECT_EQ(ticket(a).version, version) << "an answer that is being written may be sent";
    EXPECT_THAT(followers(a), ElementsAre("ben"));
    EXPECT_THAT(view(*ben_, TicketList::following), ElementsAre(a + ": 0/0")) << "what was before is seen";
    ASSERT_TRUE(note(a, *ann_).done());
    EXPECT_THAT(view(*ben_, TicketList::following), ElementsAre(a + ": 1/0"));
    f().done(AssignTicket{.ticket = a, .staff = ann_->no}, ann_->actor());
    EXPECT_THAT(followers(a), ElementsAre("ben")) << "whose request it is does not follow by that";
    f().done(SetTicketState{.ticket = a, .state = "solved", .version = ticket(a).version}, ann_->actor());
    EXPECT_THAT(view(*ben_, TicketList::following), ElementsAre(a + ": 3/0"));
    EXPECT_EQ(counted(*ben_), "1/0") << "requests, not events";
    see(a, *ben_);
    EXPECT_EQ(counted(*ben_), "0/0");
    f().done(SetTicketState{.ticket = a, .state = "open", .version = ticket(a).version}, ben_->actor());
    EXPECT_EQ(counted(*ben_), "0/0") << "own doing";
    f().done(UnfollowTicket{a}, ben_->actor());
    f().done(UnfollowTicket{a}, ben_->actor());
    ASSERT_TRUE(note(a, *ann_).done());
    EXPECT_EQ(counted(*ben_), "0/0");
    EXPECT_THAT(view(*ben_, TicketList::following), IsEmpty());
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action IN ('follow', 'unfollow')"), 2);
}

TEST_P(Follow, a_mark_never_goes_back_nor_ahead_and_is_no_row_of_the_commands) {
    const std::string a = write("My card was declined.");
    f().done(FollowTicket{a}, ben_->actor());
    const std::string before = detail(a).seen_mark.text();
    ASSERT_TRUE(note(a, *ann_).done());
    const std::string after = detail(a).seen_mark.text();
    const std::int64_t commands = f().integer("SELECT count(*) FROM command");
    EXPECT_TRUE(seen(a, *ben_, before).done());
    EXPECT_EQ(counted(*ben_), "1/0");
    EXPECT_TRUE(seen(a, *ben_, after).done());
    EXPECT_TRUE(seen(a, *ben_, after).done());
    EXPECT_TRUE(seen(a, *ben_, before).done());
    EXPECT_EQ(counted(*ben_), "0/0");
    EXPECT_TRUE(seen(a, *ben_, "999999.999999").done());
    EXPECT_EQ(f().integer("SELECT count(*) FROM command"), commands);
    ASSERT_TRUE(note(a, *ann_).done());
    EXPECT_EQ(counted(*ben_), "1/0") << "nobody has seen what was not there";
    EXPECT_EQ(seen(a, *ben_, "yesterday").code, codes::invalid);
    EXPECT_EQ(seen("OK-0000000", *ben_, after).code, codes::not_found);
    EXPECT_TRUE(seen(a, *boss_, after).done()) << "who does not follow has no mark";
    f().restart();
    EXPECT_EQ(counted(*ben_), "1/0");
}

TEST_P(Follow, a_request_has_so_many_followers_and_a_merge_brings_all_who_may_see_it) {
    const std::string a = write("One.");
    const std::string b = write("Two.");
    for (std::size_t n = 0; n < desk::followers_max; ++n)
        f().done(FollowTicket{a}, f().staff(fmt::format("staff{}@pay.example", n)).actor());
    EXPECT_EQ(code(FollowTicket{a}, *ben_), "too_many_followers");
    EXPECT_EQ(note(a, *ann_, {ben_->no}).code, "too_many_followers");
    f().done(FollowTicket{b}, ben_->actor());
    f().done(FollowTicket{b}, boss_->actor());
    f().done(MergeTicket{.ticket = b, .into = a, .reason = "", .version = ticket(b).version}, ann_->actor());
    EXPECT_THAT(followers(a), SizeIs(desk::followers_max + 2)) << "nobody is lost";
    EXPECT_THAT(followers(b), ElementsAre("boss", "ben")) << "and it is there where it is taken back";
    EXPECT_THAT(view(*ben_, TicketList::following), ElementsAre(b + ": 1/0", a + ": 1/0"))
        << "both say that they were merged";
    see(a, *ben_);
    see(b, *ben_);
    ASSERT_TRUE(note(a, *ann_, {ben_->no}).done()) << "who follows already is named all the same";
    EXPECT_EQ(counted(*ben_), "1/1");
}

TEST_P(Follow, who_has_to_do_with_a_merged_customer_stays_behind) {
    f().customer("zoe@example.org", "Zoe");
    const std::int64_t max = f().customer("max@example.org", "Max");
    const std::string a = write("One.");
    const std::string b = write("Two.", "zoe@example.org");
    f().done(RelateStaff{ben_->no, li_, "household"});
    f().done(FollowTicket{b}, ben_->actor());
    f().done(FollowTicket{b}, ann_->actor());
    f().done(MergeTicket{.ticket = b, .into = a, .reason = "a couple", .version = ticket(b).version}, boss_->actor());
    EXPECT_THAT(followers(a), ElementsAre("ann"));
    f().done(RelateStaff{ann_->no, max, "other"});
    EXPECT_EQ(counted(*ann_), "2/0");
    f().done(RelateStaff{ann_->no, li_, "other"});
    EXPECT_EQ(counted(*ann_), "1/0") << "what is not shown is not counted";
}

TEST_P(Follow, a_note_that_is_written_keeps_whom_it_names_on_another_device) {
    const std::string a = write("One.");
    const std::string id = queries_->colleagues(a, customers::StaffNo{ann_->no}, "ben").value().value()[0].id.text();
    const SaveDraft draft{.ticket = a, .mode = "note", .text = "@ben look", .figures = {}, .mentions = {id}};
    f().done(draft, ann_->actor());
    EXPECT_EQ(queries_->drafts(customers::StaffNo{ann_->no}, a).value().value()[0].mentions, id + "\n");
    SaveDraft many = draft;
    many.mentions.assign(desk::mentions_max + 1, id);
    EXPECT_EQ(code(many, *ann_), codes::invalid);
    const auto found = queries_->staff_by_ids({StaffId::parse(id).value(), f().fresh<StaffId>()}).value();
    EXPECT_THAT(found, SizeIs(1));
    ASSERT_TRUE(note(a, *ann_, {ben_->no}).done());
    EXPECT_THAT(queries_->drafts(customers::StaffNo{ann_->no}, a).value().value(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Follow, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
