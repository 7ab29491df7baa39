// SPDX-License-Identifier: Apache-2.0
#include "desk/remedy.hpp"

#include <cstdlib>

#include "base/text.hpp"
#include "customers/permissions.hpp"
#include "desk/lifecycle.hpp"

namespace okpay::desk {
namespace {

using customers::Permission;

Result<void, RemedyRefusal> check_person(const StaffActor& actor, Permission permission) {
    if (!actor.active) return fail(RemedyRefusal::staff_inactive);
    if (!customers::may(actor.role, permission)) return fail(RemedyRefusal::not_permitted);
    if (actor.owns_customer_account) return fail(RemedyRefusal::own_account);
    return {};
}

}  // namespace

bool moves_money(RemedyKind kind) {
    switch (kind) {
    case RemedyKind::refund:
    case RemedyKind::reverse_payment: return true;
    case RemedyKind::unlock_account:
    case RemedyKind::change_contact:
    case RemedyKind::change_instrument:
    case RemedyKind::resend_receipt:
    case RemedyKind::send_statement: return false;
    }
    std::abort();
}

customers::Act act_of(RemedyKind kind) {
    using customers::Act;
    switch (kind) {
    case RemedyKind::refund:  // to the original source: nobody else can gain by it
    case RemedyKind::reverse_payment: return Act::refund_to_source;
    case RemedyKind::resend_receipt: return Act::read_own_request;
    case RemedyKind::send_statement: return Act::read_unmasked;
    case RemedyKind::unlock_account: return Act::unlock_account;
    case RemedyKind::change_contact: return Act::change_contact;
    case RemedyKind::change_instrument: return Act::change_instrument;
    }
    std::abort();
}

customers::Assurance assurance_needed(RemedyKind kind) { return customers::needed_for(act_of(kind)); }

Result<void, RemedyRefusal> decide_propose(const RemedyProposal& proposal, const ProposalContext& context,
                                           const StaffActor& actor) {
    if (const auto person = check_person(actor, Permission::propose_remedy); !person) return person;
    if (context.ticket_state == TicketState::closed) return fail(RemedyRefusal::ticket_closed);
    if (trimmed(proposal.reason).empty()) return fail(RemedyRefusal::reason_missing);
    if (context.assurance < assurance_needed(proposal.kind)) return fail(RemedyRefusal::assurance_too_low);
    if (context.open_remedy_on_payment) return fail(RemedyRefusal::open_remedy_exists);
    if (!moves_money(proposal.kind)) return {};
    if (proposal.amount.minor() <= 0) return fail(RemedyRefusal::amount_not_positive);
    if (proposal.amount.currency() != context.refundable.currency()) return fail(RemedyRefusal::currencies_differ);
    if (proposal.expected_refundable != context.refundable.minor()) return fail(RemedyRefusal::refundable_changed);
    if (proposal.amount.minor() > context.refundable.minor()) return fail(RemedyRefusal::exceeds_refundable);
    return {};
}

Result<void, RemedyRefusal> may_approve(const Remedy& remedy, const StaffActor& actor, std::int64_t refundable_minor,
                                        Moment now, const RemedyRules& rules) {
    if (const auto person = check_person(actor, Permission::approve_remedy); !person) return person;
    if (!may_become(remedy.state, RemedyState::approved)) return fail(RemedyRefusal::already_decided);
    if (actor.no == remedy.proposer) {
        if (!rules.approves_alone_from || !moves_money(remedy.kind)) return fail(RemedyRefusal::proposer_cannot_approve);
        if (now < *rules.approves_alone_from) return fail(RemedyRefusal::alone_too_early);
    }
    if (now - actor.enrolled < rules.new_staff_waits) return fail(RemedyRefusal::new_staff_cannot_approve);
    if (moves_money(remedy.kind) && refundable_minor != remedy.expected_refundable) {
        return fail(RemedyRefusal::refundable_changed);
    }
    return {};
}

Result<void, RemedyRefusal> decide_approve(const Remedy& remedy, const StaffActor& actor, std::int64_t refundable_minor,
                                           Moment now, const RemedyRules& rules) {
    const auto allowed = may_approve(remedy, actor, refundable_minor, now, rules);
    if (!allowed && !voids_remedy(allowed.error())) return allowed;
    // Before a change in the ledger is acted on: whoever has no second factor must not be able to void a proposal.
    const bool fresh = actor.second_factor_at && *actor.second_factor_at <= now &&
                       now - *actor.second_factor_at <= rules.second_factor_lasts;
    if (!fresh) return fail(RemedyRefusal::second_factor_needed);
    return allowed;
}

Result<void, RemedyRefusal> decide_reject(const Remedy& remedy, const StaffActor& actor, std::string_view note) {
    if (const auto person = check_person(actor, Permission::reject_remedy); !person) return person;
    if (!may_become(remedy.state, RemedyState::rejected)) return fail(RemedyRefusal::already_decided);
    if (trimmed(note).empty()) return fail(RemedyRefusal::note_missing);
    return {};
}

bool voids_remedy(RemedyRefusal refusal) { return refusal == RemedyRefusal::refundable_changed; }

std::string_view code_of(RemedyRefusal refusal) {
    switch (refusal) {
    case RemedyRefusal::staff_inactive: return "staff_inactive";
    case RemedyRefusal::not_permitted: return "not_permitted";
    case RemedyRefusal::own_account: return "own_account";
    case RemedyRefusal::proposer_cannot_approve: return "proposer_cannot_approve";
    case RemedyRefusal::new_staff_cannot_approve: return "new_staff_cannot_approve";
    case RemedyRefusal::second_factor_needed: return "second_factor_needed";
    case RemedyRefusal::already_decided: return "already_decided";
    case RemedyRefusal::refundable_changed: return "refundable_changed";
    case RemedyRefusal::ticket_closed: return "ticket_closed";
    case RemedyRefusal::open_remedy_exists: return "open_remedy_exists";
    case RemedyRefusal::amount_not_positive: return "amount_not_positive";
    case RemedyRefusal::exceeds_refundable: return "exceeds_refundable";
    case RemedyRefusal::currencies_differ: return "currencies_differ";
    case RemedyRefusal::assurance_too_low: return "assurance_too_low";
    case RemedyRefusal::reason_missing: return "reason_missing";
    case RemedyRefusal::note_missing: return "note_missing";
    case RemedyRefusal::alone_too_early: return "alone_too_early";
    }
    std::abort();
}

std::string_view sentence_en(RemedyRefusal refusal) {
    switch (refusal) {
    case RemedyRefusal::staff_inactive: return "Your access has been switched off. Ask an administrator.";
    case RemedyRefusal::not_permitted: return "Your role may not do this. Hand it to a colleague who may.";
    case RemedyRefusal::own_account:
        return "This touches an account of your own or of your household. Hand it to a colleague.";
    case RemedyRefusal::proposer_cannot_approve: return "You proposed this. Another person has to approve it.";
    case RemedyRefusal::new_staff_cannot_approve:
        return "You may approve 24 hours after you enrolled. Until then, ask a colleague.";
    case RemedyRefusal::second_factor_needed: return "Enter the current code of your authenticator app.";
    case RemedyRefusal::already_decided: return "This was decided in the meantime. The page shows how.";
    case RemedyRefusal::refundable_changed:
        return "What can be refunded has changed since the proposal, which is void now. Look at the payment and propose "
               "again.";
    case RemedyRefusal::ticket_closed: return "This request is closed. Open a follow-up and propose there.";
    case RemedyRefusal::open_remedy_exists: return "A proposal for this payment is waiting already. Decide that one first.";
    case RemedyRefusal::amount_not_positive: return "Enter an amount above zero.";
    case RemedyRefusal::exceeds_refundable: return "Enter at most what is left to refund.";
    case RemedyRefusal::currencies_differ: return "Use the currency of the payment.";
    case RemedyRefusal::assurance_too_low: return "It is not certain enough who wrote. Ask the customer to confirm first.";
    case RemedyRefusal::reason_missing: return "Say why.";
    case RemedyRefusal::note_missing: return "Say what the proposer should change.";
    case RemedyRefusal::alone_too_early:
        return "You proposed this and nobody else can approve. You may approve it 24 hours after you proposed it; the owner "
               "was told.";
    }
    std::abort();
}

std::string_view sentence_zh(RemedyRefusal refusal) {
    switch (refusal) {
    case RemedyRefusal::staff_inactive: return "您的账号已停用，请联系管理员。";
    case RemedyRefusal::not_permitted: return "您的角色没有此权限，请转交有权限的同事处理。";
    case RemedyRefusal::own_account: return "这涉及您本人或家人的账户，请转交同事处理。";
    case RemedyRefusal::proposer_cannot_approve: return "这是您提交的方案，须由另一位同事审批。";
    case RemedyRefusal::new_staff_cannot_approve: return "新加入的员工满 24 小时后才能审批，请先由其他同事处理。";
    case RemedyRefusal::second_factor_needed: return "请输入身份验证器上当前的验证码。";
    case RemedyRefusal::already_decided: return "该方案刚刚已有处理结果，请查看页面。";
    case RemedyRefusal::refundable_changed: return "提交方案后可退金额发生了变化，原方案已作废。请核对交易后重新提交。";
    case RemedyRefusal::ticket_closed: return "该请求已关闭，请新建关联请求后再提交。";
    case RemedyRefusal::open_remedy_exists: return "这笔交易已有待审批的方案，请先处理那一个。";
    case RemedyRefusal::amount_not_positive: return "请填写大于零的金额。";
    case RemedyRefusal::exceeds_refundable: return "金额不能超过剩余可退金额。";
    case RemedyRefusal::currencies_differ: return "请使用原交易的币种。";
    case RemedyRefusal::assurance_too_low: return "来信人身份尚未充分核实，请先让客户完成确认。";
    case RemedyRefusal::reason_missing: return "请填写原因。";
    case RemedyRefusal::note_missing: return "请写明需要修改什么。";
    case RemedyRefusal::alone_too_early:
        return "这是您提交的方案，且目前没有其他人可以审批。提交满 24 小时后您可以自行审批，负责人已收到通知。";
    }
    std::abort();
}

}  // namespace okpay::desk
