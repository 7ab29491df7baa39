// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { StaffMember } from "../api/types";
import { staffWordsOf } from "../i18n/staff";
import { calledOf, consequencesOf, inOrder, maySwitchOff } from "./staff";

const member = (more: Partial<StaffMember> = {}): StaffMember => ({
  id: "1",
  name: "Grace Walker",
  email: "grace.walker@okpay.example",
  role: "agent",
  state: "active",
  added_at: "2026-07-01T08:00:00Z",
  enrolled_at: "2026-07-01T09:00:00Z",
  signs_on: false,
  requests_in_hand: 3,
  ...more,
});

describe("the list", () => {
  it("has those who left last, and else the server's order", () => {
    const items = [
      member({ id: "a", state: "switched_off" }),
      member({ id: "b" }),
      member({ id: "c", state: "switched_off" }),
      member({ id: "d", state: "invited" }),
    ];
    expect(inOrder(items).map(({ id }) => id)).toEqual(["b", "d", "a", "c"]);
  });
  it("calls who has not joined by the address", () => {
    expect(calledOf(member())).toBe("Grace Walker");
    expect(calledOf(member({ name: "" }))).toBe("grace.walker@okpay.example");
  });
});

describe("who may be switched off", () => {
  it.each([
    ["active", true],
    ["invited", true],
    ["waits_for_approval", true],
    ["switched_off", false],
  ] as const)("%s: %s", (state, may) => {
    expect(maySwitchOff(member({ state }), "2")).toBe(may);
  });
  it("never oneself", () => {
    expect(maySwitchOff(member(), "1")).toBe(false);
  });
});

describe("what happens", () => {
  it.each([
    ["active", 3, ["sessions", "sign_in", "requests", "stays"]],
    ["active", 0, ["sessions", "sign_in", "nothing_in_hand", "stays"]],
    ["invited", 0, ["link"]],
    ["invited", 1, ["link", "requests"]],
    ["waits_for_approval", 0, ["link"]],
    ["switched_off", 0, []],
  ] as const)("%s with %i in hand", (state, requests_in_hand, told) => {
    expect(consequencesOf(member({ state, requests_in_hand }))).toEqual(told);
  });
  it("is said with its number", () => {
    const { consequence, done } = staffWordsOf("en");
    expect(consequence.requests(1)).toBe("The request in their hands is given back.");
    expect(consequence.requests(4)).toContain("4 requests");
    expect(done("Grace", 0)).toBe("Grace is switched off.");
    expect(done("Grace", 1)).toBe("Grace is switched off. 1 request was given back.");
    expect(staffWordsOf("zh").done("Grace", 2)).toBe("Grace已停用。已退回 2 个请求。");
  });
});
