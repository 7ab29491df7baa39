// SPDX-License-Identifier: Apache-2.0
#include "desk/remedy.hpp"

#include <gtest/gtest.h>

#include "desk/lifecycle.hpp"

namespace okpay::desk {
namespace {

using customers::Assurance;
using customers::Role;
using customers::StaffNo;
using std::chrono::hours;
using std::chrono::minutes;

const Moment now = *moment_of_rfc3339("2026-11-05T09:48:00Z");
money::Money cny(std::int64_t minor) { return *money::Money::of_minor(minor, money::Currency::cny); }

StaffActor actor(std::int64_t no = 2) {
    return {.no = StaffNo{no}, .role = Role::supervisor, .enrolled = now - hours{24}, .second_factor_at = now - minutes{5}};
}

Remedy remedy() {
    return {.no = RemedyNo{1},
            .id = {},
            .ticket = TicketNo{1},
            .kind = RemedyKind::refund,
            .payment = 7,
            .duplicate_of = 6,
            .amount = cny(12'800),
            .expected_refundable = 12'800,
            .reason = "duplicate",
            .proposer = StaffNo{1},
            .proposed = now - hours{1}};
}

std::string_view code_of(const Result<void, RemedyRefusal>& result) {
    return result ? "" : okpay::desk::code_of(result.error());
}

TEST(ApproveRemedy, says_the_first_thing_that_is_wrong) {
    struct Case {
        std::string_view name;
        void (*change)(Remedy&, StaffActor&, std::int64_t& refundable);
        std::string_view want;
    };
    const std::array cases{
        Case{"another person with a fresh code", [](Remedy&, StaffActor&, std::int64_t&) {}, ""},
        Case{"T117 the proposer", [](Remedy&, StaffActor& a, std::int64_t&) { a.no = StaffNo{1}; },
             "proposer_cannot_approve"},
        Case{"T117 the own account", [](Remedy&, StaffActor& a, std::int64_t&) { a.owns_customer_account = true; },
             "own_account"},
        Case{"no permission", [](Remedy&, StaffActor& a, std::int64_t&) { a.role = Role::auditor; }, "not_permitted"},
        Case{"access switched off", [](Remedy&, StaffActor& a, std::int64_t&) { a.active = false; }, "staff_inactive"},
        Case{"new by a minute", [](Remedy&, StaffActor& a, std::int64_t&) { a.enrolled = now - hours{24} + minutes{1}; },
             "new_staff_cannot_approve"},
        Case{"no code", [](Remedy&, StaffActor& a, std::int64_t&) { a.second_factor_at.reset(); }, "second_factor_needed"},
        Case{"old code", [](Remedy&, StaffActor& a, std::int64_t&) { *a.second_factor_at -= Millis{1}; },
             "second_factor_needed"},
        Case{"code of the future", [](Remedy&, StaffActor& a, std::int64_t&) { a.second_factor_at = now + minutes{1}; },
             "second_factor_needed"},
        Case{"executed before", [](Remedy& r, StaffActor&, std::int64_t&) { r.state = RemedyState::executed; },
             "already_decided"},
        Case{"rejected before", [](Remedy& r, StaffActor&, std::int64_t&) { r.state = RemedyState::rejected; },
             "already_decided"},
        Case{"voided before", [](Remedy& r, StaffActor&, std::int64_t&) { r.state = RemedyState::voided; },
             "already_decided"},
        Case{"the ledger moved", [](Remedy&, StaffActor&, std::int64_t& left) { left = 12'799; }, "refundable_changed"},
        Case{"the ledger moved, and no code",
             [](Remedy&, StaffActor& a, std::int64_t& left) {
                 left = 0;
                 a.second_factor_at.reset();
             },
             "second_factor_needed"},
        Case{"no money moves",
             [](Remedy& r, StaffActor&, std::int64_t& left) {
                 r.kind = RemedyKind::unlock_account;
                 left = 0;
             },
             ""},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        Remedy asked = remedy();
        StaffActor who = actor();
        std::int64_t refundable = asked.expected_refundable;
        c.change(asked, who, refundable);
        EXPECT_EQ(code_of(decide_approve(asked, who, refundable, now)), c.want);
    }
}

TEST(ApproveRemedy, waiting_time_is_configurable) {
    StaffActor who = actor();
    who.enrolled = now;
    EXPECT_EQ(code_of(decide_approve(remedy(), who, 12'800, now)), "new_staff_cannot_approve");
    EXPECT_EQ(code_of(decide_approve(remedy(), who, 12'800, now, {.new_staff_waits = Millis{0}})), "");
}

TEST(ApproveRemedy, alone_after_a_day_where_the_house_allows_it) {
    RemedyRules rules{.approves_alone_from = now + Millis{1}};
    const StaffActor proposer = actor(1);
    Remedy asked = remedy();
    EXPECT_EQ(code_of(decide_approve(asked, proposer, 12'800, now, rules)), "alone_too_early");
    rules.approves_alone_from = now;
    EXPECT_EQ(code_of(decide_approve(asked, proposer, 12'800, now, rules)), "");
    EXPECT_EQ(code_of(decide_approve(asked, proposer, 12'800, now)), "proposer_cannot_approve");
    EXPECT_EQ(code_of(decide_approve(asked, actor(2), 12'800, now, rules)), "");  // a second one need not wait

    StaffActor other = proposer;  // nothing else is let go for it
    other.second_factor_at.reset();
    EXPECT_EQ(code_of(decide_approve(asked, other, 12'800, now, rules)), "second_factor_needed");
    other = proposer;
    other.owns_customer_account = true;
    EXPECT_EQ(code_of(decide_approve(asked, other, 12'800, now, rules)), "own_account");
    EXPECT_EQ(code_of(decide_approve(asked, proposer, 12'799, now, rules)), "refundable_changed");
    asked.kind = RemedyKind::unlock_account;  // identity, not money
    EXPECT_EQ(code_of(decide_approve(asked, proposer, 0, now, rules)), "proposer_cannot_approve");
}

TEST(ApproveRemedy, may_be_shown_before_a_code_is_typed) {
    StaffActor who = actor();
    who.second_factor_at.reset();
    EXPECT_EQ(code_of(may_approve(remedy(), who, 12'800, now)), "");
    who.no = StaffNo{1};
    EXPECT_EQ(code_of(may_approve(remedy(), who, 12'800, now)), "proposer_cannot_approve");
}

TEST(RejectRemedy, needs_a_word) {
    EXPECT_EQ(code_of(decide_reject(remedy(), actor(), "wrong twin")), "");
    EXPECT_EQ(code_of(decide_reject(remedy(), actor(1), "my mistake")), "");  // the proposer may take it back
    EXPECT_EQ(code_of(decide_reject(remedy(), actor(), " \n")), "note_missing");
    Remedy done = remedy();
    done.state = RemedyState::executed;
    EXPECT_EQ(code_of(decide_reject(done, actor(), "late")), "already_decided");
    StaffActor own = actor();
    own.owns_customer_account = true;
    EXPECT_EQ(code_of(decide_reject(remedy(), own, "x")), "own_account");
}

TEST(ProposeRemedy, says_the_first_thing_that_is_wrong) {
    struct Case {
        std::string_view name;
        void (*change)(RemedyProposal&, ProposalContext&, StaffActor&);
        std::string_view want;
    };
    const std::array cases{
        Case{"plain", [](RemedyProposal&, ProposalContext&, StaffActor&) {}, ""},
        Case{"in part", [](RemedyProposal& p, ProposalContext&, StaffActor&) { p.amount = cny(1); }, ""},
        Case{"technical staff", [](RemedyProposal&, ProposalContext&, StaffActor& a) { a.role = Role::technical; },
             "not_permitted"},
        Case{"own account", [](RemedyProposal&, ProposalContext&, StaffActor& a) { a.owns_customer_account = true; },
             "own_account"},
        Case{"closed", [](RemedyProposal&, ProposalContext& c, StaffActor&) { c.ticket_state = TicketState::closed; },
             "ticket_closed"},
        Case{"no reason", [](RemedyProposal& p, ProposalContext&, StaffActor&) { p.reason = " "; }, "reason_missing"},
        Case{"stranger", [](RemedyProposal&, ProposalContext& c, StaffActor&) { c.assurance = Assurance::a0_unproven; },
             "assurance_too_low"},
        Case{"unlock at A1", [](RemedyProposal& p, ProposalContext&, StaffActor&) { p.kind = RemedyKind::unlock_account; },
             "assurance_too_low"},
        Case{"waiting already", [](RemedyProposal&, ProposalContext& c, StaffActor&) { c.open_remedy_on_payment = true; },
             "open_remedy_exists"},
        Case{"zero", [](RemedyProposal& p, ProposalContext&, StaffActor&) { p.amount = cny(0); }, "amount_not_positive"},
        Case{"too much", [](RemedyProposal& p, ProposalContext&, StaffActor&) { p.amount = cny(12'801); },
             "exceeds_refundable"},
        Case{"seen otherwise", [](RemedyProposal& p, ProposalContext&, StaffActor&) { p.expected_refundable = 1; },
             "refundable_changed"},
        Case{"other currency",
             [](RemedyProposal& p, ProposalContext&, StaffActor&) {
                 p.amount = *money::Money::of_minor(5, money::Currency::usd);
             },
             "currencies_differ"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        RemedyProposal proposal{.kind = RemedyKind::refund,
                                .amount = cny(12'800),
                                .expected_refundable = 12'800,
                                .reason = "duplicate"};
        ProposalContext context{.ticket_state = TicketState::open,
                                .assurance = Assurance::a1_aligned_mail,
                                .refundable = cny(12'800)};
        StaffActor who = actor();
        who.role = Role::agent;
        c.change(proposal, context, who);
        EXPECT_EQ(code_of(decide_propose(proposal, context, who)), c.want);
    }
}

TEST(RemedyRefusals, each_has_its_words) {
    for (int n = 1; n <= 16; ++n) {
        const auto refusal = static_cast<RemedyRefusal>(n);
        EXPECT_FALSE(okpay::desk::code_of(refusal).empty());
        EXPECT_TRUE(sentence_en(refusal).ends_with('.')) << n;
        EXPECT_TRUE(sentence_zh(refusal).ends_with("。")) << n;
        EXPECT_EQ(voids_remedy(refusal), refusal == RemedyRefusal::refundable_changed);
    }
}

// One row per state: what it may become. n)ew o)pen p)ending h)old s)olved c)losed.
TEST(Lifecycle, tickets_follow_their_table) {
    const std::array<std::string_view, 6> table{"ophs", "phs", "ohs", "ops", "oc", ""};
    constexpr std::string_view letters = "nophsc";
    for (std::size_t from = 0; from < 6; ++from) {
        for (std::size_t to = 0; to < 6; ++to) {
            EXPECT_EQ(may_become(static_cast<TicketState>(from + 1), static_cast<TicketState>(to + 1)),
                      table[from].find(letters[to]) != std::string_view::npos)
                << letters[from] << letters[to];
        }
    }
}

TEST(Lifecycle, remedies_follow_their_table) {
    const std::array<std::string_view, 6> table{"arv", "efv", "", "", "", ""};
    constexpr std::string_view letters = "paervf";
    for (std::size_t from = 0; from < 6; ++from) {
        for (std::size_t to = 0; to < 6; ++to) {
            EXPECT_EQ(may_become(static_cast<RemedyState>(from + 1), static_cast<RemedyState>(to + 1)),
                      table[from].find(letters[to]) != std::string_view::npos)
                << letters[from] << letters[to];
        }
    }
}

TEST(Lifecycle, names_come_back) {
    for (int n = 1; n <= 6; ++n) {
        const auto state = static_cast<TicketState>(n);
        EXPECT_EQ(ticket_state_of_name(state_name(state)), state);
        EXPECT_FALSE(state_name(static_cast<RemedyState>(n)).empty());
    }
    EXPECT_EQ(state_name(TicketState::fresh), "new");
    EXPECT_FALSE(ticket_state_of_name("fresh"));
    for (int n = 1; n <= 7; ++n) {
        const auto kind = static_cast<RemedyKind>(n);
        EXPECT_EQ(remedy_kind_of_name(name_of(kind)), kind);
    }
    EXPECT_EQ(name_of(Direction::note), "note");
    EXPECT_EQ(name_of(Author::stranger), "stranger");
}

TEST(Lifecycle, clocks_are_a_day_and_two) {
    EXPECT_EQ(rfc3339(first_reply_due(now)), "2026-11-06T09:48:00Z");
    for (const std::string_view category : {"payment_failed", "duplicate_charge", "refund", "topup_withdrawal"}) {
        EXPECT_EQ(rfc3339(*investigation_due(now, category)), "2026-11-07T09:48:00Z") << category;
    }
    for (const std::string_view category : {"account_locked", "general_howto", "card", ""}) {
        EXPECT_FALSE(investigation_due(now, category)) << category;
    }
}

TEST(Remedies, each_needs_what_the_one_table_says) {
    using customers::Assurance;
    for (const auto& [kind, level] : {std::pair{RemedyKind::refund, Assurance::a1_aligned_mail},
                                      std::pair{RemedyKind::reverse_payment, Assurance::a1_aligned_mail},
                                      std::pair{RemedyKind::resend_receipt, Assurance::a1_aligned_mail},
                                      std::pair{RemedyKind::send_statement, Assurance::a2_one_time_link},
                                      std::pair{RemedyKind::unlock_account, Assurance::a3_second_factor},
                                      std::pair{RemedyKind::change_contact, Assurance::a3_second_factor},
                                      std::pair{RemedyKind::change_instrument, Assurance::a3_second_factor}}) {
        EXPECT_EQ(assurance_needed(kind), level) << name_of(kind);
        EXPECT_EQ(assurance_needed(kind), customers::needed_for(act_of(kind)));
    }
}

}  // namespace
}  // namespace okpay::desk
