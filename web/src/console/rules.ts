// SPDX-License-Identifier: Apache-2.0
// A rule while it is written, in plain form fields: what each condition and action may say. The server judges it again.
import type { Body, RuleDetail } from "../api/types";

export type RuleBody = Body<"createRule">;
export type RuleField = RuleBody["conditions"][number]["field"];
export type RuleAct = RuleBody["actions"][number]["act"];
export type RuleWhen = RuleBody["when"];
export type RuleChange = RuleBody["changes"][number];
export type RuleSince = RuleBody["since"];

export const ruleFields = [
  "category",
  "language",
  "urgency",
  "team",
  "flag",
  "sender_domain",
  "recipient",
  "words",
  "amount_at_least",
  "customer_known",
  "customer_level",
  "customer_standing",
  "customer_newer_than_days",
  "state",
  "assigned",
  "waits_hours",
] as const satisfies readonly RuleField[];
export const ruleActs = [
  "set_category",
  "set_urgency",
  "set_team",
  "assign",
  "assign_by_skill",
  "follow",
  "note",
  "snooze_hours",
  "escalate",
] as const satisfies readonly RuleAct[];
export const ruleWhens = ["arrival", "change", "time"] as const satisfies readonly RuleWhen[];
export const ruleChanges = [
  "customer_wrote",
  "answered",
  "state",
  "assignee",
  "category",
  "urgency",
  "team",
] as const satisfies readonly RuleChange[];
export const ruleSinces = ["opened", "customer_wrote", "waits_for_customer"] as const satisfies readonly RuleSince[];
export const teams = ["agent", "technical_team", "risk_team"] as const;
export const deskLanguages = ["en", "zh-Hans", "zh-Hant"] as const;

export interface ConditionDraft {
  key: number; // of the row, while it is on the screen
  field: RuleField;
  not: boolean;
  values: string; // one a line, or chosen
}
export interface ActionDraft {
  key: number;
  act: RuleAct;
  value: string;
}
export interface RuleDraft {
  name: string;
  when: RuleWhen;
  changes: RuleChange[];
  since: RuleSince;
  hours: string; // as typed
  working_hours: boolean;
  any: boolean;
  conditions: ConditionDraft[];
  actions: ActionDraft[];
  stop: boolean;
  version: number; // that was read; 0 of a new one
}

export function draftOfRule(rule: RuleDetail | null): RuleDraft {
  const written = rule?.rule ?? null;
  if (rule === null || written === null)
    return {
      name: "",
      when: "arrival",
      changes: [],
      since: "opened",
      hours: "",
      working_hours: false,
      any: false,
      conditions: [],
      actions: [],
      stop: false,
      version: rule?.version ?? 0,
    };
  return {
    name: written.name,
    when: written.when,
    changes: [...written.changes],
    since: written.since,
    hours: written.hours === 0 ? "" : String(written.hours),
    working_hours: written.working_hours,
    any: written.any,
    conditions: written.conditions.map((one, key) => ({
      key,
      field: one.field,
      not: one.not,
      values: one.values.join("\n"),
    })),
    actions: written.actions.map((one, key) => ({ key, act: one.act, value: one.value })),
    stop: written.stop,
    version: rule.version,
  };
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

export const needsValue = (act: RuleAct): boolean => act !== "escalate" && act !== "assign_by_skill";

// What belongs to another moment is left away.
export function bodyOfRule(draft: RuleDraft): RuleBody {
  const timed = draft.when === "time";
  return {
    name: draft.name.trim(),
    when: draft.when,
    changes: draft.when === "change" ? draft.changes : [],
    since: timed ? draft.since : "opened",
    hours: timed && /^\d{1,4}$/.test(draft.hours.trim()) ? Number(draft.hours) : 0,
    working_hours: timed && draft.working_hours,
    any: draft.any,
    conditions: draft.conditions.map(({ field, not, values }) => ({ field, not, values: linesOf(values) })),
    actions: draft.actions.map(({ act, value }) => ({ act, value: needsValue(act) ? value.trim() : null })),
    stop: draft.stop,
  };
}

export const saysTheSameRule = (a: RuleDraft, b: RuleDraft): boolean =>
  JSON.stringify(bodyOfRule(a)) === JSON.stringify(bodyOfRule(b));

// Before it is sent; all else the server says, with what to do.
export type RuleFault = "name_missing" | "nothing_done" | "changes_missing" | "hours_wrong" | "value_missing";
export function faultOfRule(draft: RuleDraft): RuleFault | null {
  const body = bodyOfRule(draft);
  if (body.name === "") return "name_missing";
  if (body.when === "change" && body.changes.length === 0) return "changes_missing";
  if (body.when === "time" && (body.hours < 1 || body.hours > 2160)) return "hours_wrong";
  if (body.conditions.some((one) => one.values.length === 0)) return "value_missing";
  if (body.actions.some((one) => needsValue(one.act) && (one.value ?? "") === "")) return "value_missing";
  return body.actions.length === 0 ? "nothing_done" : null;
}

// All ids, with the one at `at` a place up (-1) or down (1).
export function movedIds(ids: readonly number[], at: number, by: -1 | 1): string[] {
  const moved = [...ids];
  const one = moved[at];
  const other = moved[at + by];
  if (one !== undefined && other !== undefined) {
    moved[at] = other;
    moved[at + by] = one;
  }
  return moved.map(String);
}
