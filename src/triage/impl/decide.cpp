// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/decide.hpp"

#include <algorithm>
#include <cstdlib>

namespace okpay::triage {
namespace {

using enum Category;

// "transaction id, or amount and time". "Where an alternative is complete, nothing is missing; where one is begun, its
// other members are; where none is begun, all members of the shortest and the id are."
void add_missing_payment(const Facts& facts, std::vector<Missing>& missing) {
    if (facts.has_transaction || (facts.has_amount && facts.has_past_time)) return;
    const bool begun = facts.has_amount || facts.has_past_time;
    if (!begun) missing.push_back(Missing::transaction_id);
    if (!facts.has_amount) missing.push_back(Missing::amount);
    if (!facts.has_past_time) missing.push_back(Missing::transaction_time);
}

bool tells_error(const Facts& facts) { return facts.has_error_code || facts.is(Cue::message_quoted); }

bool tells_symptom(const Facts& facts) {
    return tells_error(facts) || facts.is(Cue::product_fault) || facts.is(Cue::other_symptom);
}

void add_missing_account(const Facts& facts, std::vector<Missing>& missing) {
    if (!facts.has_account && !facts.sender_known) missing.push_back(Missing::account_identifier);
}

// Whether waiting for an answer could cost the customer or the payers of a merchant.
bool is_at_risk(const Facts& facts, Urgency urgency) {
    return urgency == Urgency::critical || facts.has_flag(Flag::account_takeover);
}

}  // namespace

bool Facts::has_flag(Flag flag) const { return std::ranges::find(flags, flag) != flags.end(); }

std::vector<Missing> missing_of(const Facts& facts) {
    std::vector<Missing> missing;
    if (facts.automatic) return missing;
    switch (facts.category) {
    case payment_failed:
        // "error code, message or a described symptom beyond "it fails", and (transaction id, or amount and time)"
        add_missing_payment(facts, missing);
        // Who knows which payment it was and writes more than its name has said what became of it.
        if (!tells_symptom(facts) && !(missing.empty() && facts.tells_much))
            missing.push_back(Missing::error_code_or_message);
        break;
    case duplicate_charge:
    case refund:
    case topup_withdrawal:  // "transaction id, or amount and time"
        add_missing_payment(facts, missing);
        break;
    case fees_limits:  // "a disputed fee" the same
        if (facts.is(Cue::fee_disputed)) add_missing_payment(facts, missing);
        break;
    case account_locked:
    case login_security:  // "the account (the sender's address counts) and what fails"
        // That an account is locked is what fails; of a login something has to be told.
        if (facts.category == login_security && !facts.is(Cue::trouble) && !facts.is(Cue::cut_off) &&
            !tells_symptom(facts) && !facts.tells_much) {
            missing.push_back(Missing::problem_description);
        }
        add_missing_account(facts, missing);
        break;
    case account_info_change:  // "account, field and new value"; closing the account changes no field
        add_missing_account(facts, missing);
        if (!facts.is(Cue::closing) && !facts.has_new_value) missing.push_back(Missing::new_value);
        break;
    case card:  // "which card, only where it is about one of several"
        if (facts.is(Cue::several_cards) && !facts.has_card) missing.push_back(Missing::card_last4);
        break;
    case identity_verification:  // "request number or rejection text"; what is pending was not rejected
        if (!facts.has_request_number && !tells_error(facts) && !facts.is(Cue::pending))
            missing.push_back(Missing::error_code_or_message);
        break;
    case suspicious_activity:  // "transaction id, or amount and time, or the phishing sample, or what happened"
        if (!facts.has_transaction && !facts.says_anything && !(facts.has_amount && facts.has_past_time)) {
            missing = {Missing::transaction_id, Missing::problem_description};
        }
        break;
    case general_howto:
    case complaint:
    case off_topic:
    case spam:
    case auto_generated:
    case unclear: break;  // "the rest: nothing"
    }
    std::ranges::sort(missing);
    return missing;
}

Urgency urgency_of(const Facts& facts) {
    if (facts.automatic || facts.category == spam || facts.category == auto_generated) return Urgency::low;

    // "critical (money or account at risk now, or an outage for many payers)"
    const bool attack_reported_only = facts.is(Cue::phishing_received) && !facts.is(Cue::fallen_for) &&
                                      !facts.is(Cue::unauthorised) && !facts.is(Cue::takeover);
    const bool instructs_us_only =
        facts.has_flag(Flag::prompt_injection) && !facts.is(Cue::unauthorised) && !facts.is(Cue::social_engineering);
    if (facts.category == suspicious_activity && !attack_reported_only && !instructs_us_only) return Urgency::critical;
    if (facts.has_flag(Flag::account_takeover) || facts.is(Cue::unauthorised)) return Urgency::critical;
    if (facts.is(Cue::outage) && facts.category != complaint) return Urgency::critical;
    if (facts.category == card && facts.is(Cue::instrument_gone)) return Urgency::critical;

    // "high (hard deadline within about three days, cut off from one's own money, repeated complaint with a threat)"
    const bool about_money = facts.category != general_howto && facts.category != off_topic && facts.category != unclear;
    if (about_money && (facts.deadline_near || facts.is(Cue::deadline))) return Urgency::high;
    if (facts.category == account_locked || (facts.category == login_security && facts.is(Cue::cut_off)))
        return Urgency::high;
    if (facts.is(Cue::repeated) && facts.is(Cue::threat)) return Urgency::high;

    // "low (no harm in waiting a week)"
    if (facts.category == general_howto || facts.category == off_topic) return Urgency::low;
    if (facts.category == fees_limits && !facts.is(Cue::fee_disputed)) return Urgency::low;
    return Urgency::normal;
}

// "Where several fit: no_action for machine mail, then risk_team, ask_for_info, technical_team, agent, auto_answer."
Route route_of(const Facts& facts, Urgency urgency, bool facts_missing) {
    if (facts.automatic || facts.category == spam || facts.category == auto_generated) return Route::no_action;

    // "unauthorised use, takeover, phishing received or fallen for, social engineering, text that tries to instruct the
    // system"
    if (facts.category == suspicious_activity || facts.has_flag(Flag::prompt_injection) ||
        facts.has_flag(Flag::account_takeover) || facts.has_flag(Flag::social_engineering) ||
        facts.has_flag(Flag::forwarded_phishing) || facts.is(Cue::unauthorised)) {
        return Route::risk_team;
    }
    // "needed facts missing, nothing at risk"
    if (facts_missing && !is_at_risk(facts, urgency)) return Route::ask_for_info;
    // "a fault of the product with enough data to reproduce, also where money hangs in it"
    const bool of_product =
        facts.category == payment_failed || facts.category == topup_withdrawal || facts.category == login_security;
    if (of_product && (facts.has_error_code || facts.is(Cue::product_fault) || facts.is(Cue::outage)))
        return Route::technical_team;
    // "pure how-to, fee or limit question"
    const bool simple = facts.category == general_howto || (facts.category == fees_limits && !facts.is(Cue::fee_disputed));
    bool nothing_at_risk = urgency != Urgency::critical;
    for (const Cue cue : {Cue::fallen_for, Cue::phishing_received, Cue::takeover, Cue::instrument_gone, Cue::outage})
        nothing_at_risk = nothing_at_risk && !facts.is(cue);
    return simple && facts.sure && nothing_at_risk ? Route::auto_answer : Route::agent;
}

}  // namespace okpay::triage
