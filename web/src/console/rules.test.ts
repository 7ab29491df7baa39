// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { RuleDetail } from "../api/types";
import { bodyOfRule, draftOfRule, faultOfRule, movedIds, saysTheSameRule, type RuleDraft } from "./rules";

const person = { id: "stf_1", name: "Ben" };
const detail: RuleDetail = {
  id: 3,
  version: 2,
  mode: "shadow",
  rule: {
    name: "Late",
    when: "time",
    changes: [],
    since: "customer_wrote",
    hours: 4,
    working_hours: true,
    any: true,
    conditions: [{ field: "words", not: true, values: ["a b", "c"] }],
    actions: [
      { act: "assign", value: "stf_1", person },
      { act: "escalate", value: "", person: null },
    ],
    stop: true,
  },
  fired: 0,
  shadowed: 1,
  stopped: 0,
  faults: 0,
  fault: "",
  last_fired: null,
  updated_at: "2026-09-15T10:00:00Z",
  updated_by: person,
  history: [],
  firings: [],
};
const draft = (more: Partial<RuleDraft> = {}): RuleDraft => ({ ...draftOfRule(detail), ...more });

describe("a draft of a rule", () => {
  it("is what stands there, and comes back as it was", () => {
    expect(bodyOfRule(draftOfRule(detail))).toEqual({
      name: "Late",
      when: "time",
      changes: [],
      since: "customer_wrote",
      hours: 4,
      working_hours: true,
      any: true,
      conditions: [{ field: "words", not: true, values: ["a b", "c"] }],
      actions: [
        { act: "assign", value: "stf_1" },
        { act: "escalate", value: null },
      ],
      stop: true,
    });
    expect(saysTheSameRule(draft(), draft({ name: " Late " }))).toBe(true);
    expect(saysTheSameRule(draft(), draft({ stop: false }))).toBe(false);
  });

  it("leaves away what belongs to another moment", () => {
    expect(bodyOfRule(draft({ when: "arrival", changes: ["state"] }))).toMatchObject({
      changes: [],
      since: "opened",
      hours: 0,
      working_hours: false,
    });
  });

  it("says what is missing before it is sent", () => {
    expect(faultOfRule(draft())).toBeNull();
    expect(faultOfRule(draftOfRule(null))).toBe("name_missing");
    expect(faultOfRule(draft({ when: "change" }))).toBe("changes_missing");
    expect(faultOfRule(draft({ when: "change", changes: ["state"] }))).toBeNull();
    for (const hours of ["", "0", "2161", "four", "1.5"]) expect(faultOfRule(draft({ hours }))).toBe("hours_wrong");
    expect(faultOfRule(draft({ actions: [] }))).toBe("nothing_done");
    expect(faultOfRule(draft({ actions: [{ key: 0, act: "note", value: " " }] }))).toBe("value_missing");
    expect(faultOfRule(draft({ conditions: [{ key: 0, field: "words", not: false, values: "\n" }] }))).toBe(
      "value_missing",
    );
  });

  it("moves one place and no further", () => {
    expect(movedIds([1, 2, 3], 1, -1)).toEqual(["2", "1", "3"]);
    expect(movedIds([1, 2, 3], 2, 1)).toEqual(["1", "2", "3"]);
  });
});
