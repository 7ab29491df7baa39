// SPDX-License-Identifier: Apache-2.0
// The words of rules outside, and in what is stored of them.
#include <cstdlib>

#include "desk/rules.hpp"

namespace okpay::desk {

std::string_view name_of(RuleMode mode) {
    switch (mode) {
    case RuleMode::off: return "off";
    case RuleMode::shadow: return "shadow";
    case RuleMode::on: return "on";
    }
    std::abort();
}

std::string_view name_of(RuleWhen when) {
    switch (when) {
    case RuleWhen::arrival: return "arrival";
    case RuleWhen::change: return "change";
    case RuleWhen::time: return "time";
    }
    std::abort();
}

std::string_view name_of(RuleChange change) {
    switch (change) {
    case RuleChange::customer_wrote: return "customer_wrote";
    case RuleChange::answered: return "answered";
    case RuleChange::state: return "state";
    case RuleChange::assignee: return "assignee";
    case RuleChange::category: return "category";
    case RuleChange::urgency: return "urgency";
    case RuleChange::team: return "team";
    }
    std::abort();
}

std::string_view name_of(RuleSince since) {
    switch (since) {
    case RuleSince::opened: return "opened";
    case RuleSince::customer_wrote: return "customer_wrote";
    case RuleSince::waits_for_customer: return "waits_for_customer";
    }
    std::abort();
}

std::string_view name_of(RuleField field) {
    switch (field) {
    case RuleField::category: return "category";
    case RuleField::language: return "language";
    case RuleField::urgency: return "urgency";
    case RuleField::team: return "team";
    case RuleField::flag: return "flag";
    case RuleField::sender_domain: return "sender_domain";
    case RuleField::recipient: return "recipient";
    case RuleField::words: return "words";
    case RuleField::amount_at_least: return "amount_at_least";
    case RuleField::customer_known: return "customer_known";
    case RuleField::customer_level: return "customer_level";
    case RuleField::customer_standing: return "customer_standing";
    case RuleField::customer_newer_than_days: return "customer_newer_than_days";
    case RuleField::state: return "state";
    case RuleField::assigned: return "assigned";
    case RuleField::waits_hours: return "waits_hours";
    }
    std::abort();
}

std::string_view name_of(RuleAct act) {
    switch (act) {
    case RuleAct::set_category: return "set_category";
    case RuleAct::set_urgency: return "set_urgency";
    case RuleAct::set_team: return "set_team";
    case RuleAct::assign: return "assign";
    case RuleAct::assign_by_skill: return "assign_by_skill";
    case RuleAct::follow: return "follow";
    case RuleAct::note: return "note";
    case RuleAct::snooze_hours: return "snooze_hours";
    case RuleAct::escalate: return "escalate";
    }
    std::abort();
}

std::string_view name_of(NotDone why) {
    switch (why) {
    case NotDone::none: return "done";
    case NotDone::unchanged: return "unchanged";
    case NotDone::unavailable: return "unavailable";
    case NotDone::nobody_fits: return "nobody_fits";
    case NotDone::refused: return "refused";
    }
    std::abort();
}

}  // namespace okpay::desk
