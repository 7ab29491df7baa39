// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Macro, Payment } from "../api/types";
import { macrosFound, onlyPayment, typedMacro, usedMacro, withFigures, withMacro, withoutToken } from "./insert_macro";

const person = { id: "stf_1", name: "Ben" };
const nothing: Macro["actions"] = { state_after: null, assign_to: null, assignee: null, snooze_hours: 0 };
const macro = (name: string, more: Partial<Macro> = {}): Macro => ({
  id: name.length,
  name,
  version: 1,
  writes: true,
  needs_payment: false,
  actions: nothing,
  retired: false,
  updated_at: "2026-09-15T10:00:00Z",
  updated_by: person,
  ...more,
});

describe("/", () => {
  it.each([
    ["", "/", 1],
    ["", "、", 1],
    ["Hello\n", "Hello\n/", 7],
    ["\nBye", "/\nBye", 1],
  ])("asks for a macro at the beginning of a line: %j %j", (before, after, cursor) =>
    expect(typedMacro(before, after, cursor)).toEqual({ from: cursor - 1, to: cursor }),
  );
  it.each([
    ["and", "and/", 4], // and/or
    ["https:/", "https://", 8],
    ["//", "/", 1], // taken away
    ["/", "/r", 2],
    ["您好", "您好、", 3],
    [" ", " /", 2],
  ])("does not: %j %j", (before, after, cursor) => expect(typedMacro(before, after, cursor)).toBeNull());
});

describe("the list", () => {
  const all = [
    macro("Refund: where it is"),
    macro("Ask for the refund"),
    macro("重复扣款：核对中"),
    macro("Refund, old", { retired: true }),
  ];
  const names = (asked: string) => macrosFound(all, asked).map((one) => one.name);
  it("has what is in use, by name", () => expect(names("")).toHaveLength(3));
  it("puts first what begins with the words", () => {
    expect(names("refund")).toEqual(["Refund: where it is", "Ask for the refund"]);
    expect(names("  REFUND where ")).toEqual(["Refund: where it is"]);
    expect(names("扣款")).toEqual(["重复扣款：核对中"]);
    expect(names("nothing")).toEqual([]);
  });
});

describe("a macro in a reply", () => {
  it("stands where it was asked for", () => {
    expect(withMacro("/", { from: 0, to: 1 }, "Hello.")).toEqual({ text: "Hello.", cursor: 6 });
    expect(withMacro("Dear Li\n/\nBye", { from: 8, to: 9 }, "Hello.")).toEqual({
      text: "Dear Li\nHello.\nBye",
      cursor: 14,
    });
    expect(withMacro("Bye", { from: 0, to: 0 }, "Hello.")).toEqual({ text: "Hello.\nBye", cursor: 6 });
  });
  it("that writes none takes away what asked for it, and nothing else", () => {
    expect(withoutToken("Dear Li\n/\nBye", { from: 8, to: 9 })).toBe("Dear Li\n\nBye");
    expect(withoutToken("Dear Li", { from: 4, to: 4 })).toBe("Dear Li");
    expect(withoutToken("Dear Li, I", { from: 8, to: 9 })).toBe("Dear Li, I");
  });
  it("brings its payment, once", () => {
    expect(withFigures(["pay_a"], ["pay_b"])).toEqual(["pay_a", "pay_b"]);
    expect(withFigures(["pay_a"], ["pay_a"])).toEqual(["pay_a"]);
  });
  it("is sent along as it was shown", () =>
    expect(
      usedMacro({ id: 3, version: 2, name: "Hello", language: "en", text: "Hello.", figures: [], actions: nothing }),
    ).toEqual({ id: 3, version: 2, name: "Hello", actions: nothing }));
});

it("takes the only payment without asking", () => {
  const payment = { id: "pay_a" } as Payment;
  expect(onlyPayment([payment])).toBe(payment);
  expect(onlyPayment([payment, { id: "pay_b" } as Payment])).toBeNull();
  expect(onlyPayment([])).toBeNull();
});
