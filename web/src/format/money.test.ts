// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { difference, fromMinor, grouped, isZero, readAmount, sameAmount, shownAmount, toMinor } from "./money";

describe("shownAmount", () => {
  it.each([
    ["1280.00", "CNY", "CNY 1,280.00", "￥1,280.00"],
    ["12.50", "USD", "USD 12.50", "12.50 美元"],
    ["1234567", "JPY", "JPY 1,234,567", "1,234,567 日元"],
    ["-128.00", "CNY", "−CNY 128.00", "−￥128.00"],
    ["-12.50", "USD", "−USD 12.50", "−12.50 美元"],
    ["0.500", "BHD", "BHD 0.500", "0.500 BHD"],
    ["999", "KRW", "KRW 999", "999 韩元"],
  ])("%s %s", (amount, currency, en, zh) => {
    expect(shownAmount({ amount, currency }, "en")).toBe(en);
    expect(shownAmount({ amount, currency }, "zh")).toBe(zh);
  });

  it("keeps digits beyond what a double holds", () => {
    expect(grouped("9007199254740993.01")).toBe("9,007,199,254,740,993.01");
  });
});

describe("minor units", () => {
  it("round-trip", () => {
    for (const [text, digits] of [
      ["0.01", 2],
      ["-12.30", 2],
      ["7", 0],
      ["1.005", 3],
    ] as const) {
      expect(fromMinor(toMinor(text, digits) ?? -1n, digits)).toBe(text);
    }
  });
  it("refuse what is no amount", () => {
    for (const text of ["", "abc", "1.234", "1e3", "1.", ".5", "0x10"]) expect(toMinor(text, 2)).toBeNull();
  });
  it("compare by value", () => {
    expect(sameAmount({ amount: "1.5", currency: "USD" }, { amount: "1.50", currency: "USD" })).toBe(true);
    expect(sameAmount({ amount: "1.50", currency: "USD" }, { amount: "1.50", currency: "EUR" })).toBe(false);
    expect(isZero({ amount: "0.00", currency: "USD" })).toBe(true);
    expect(isZero({ amount: "0.01", currency: "USD" })).toBe(false);
  });
  it("subtract", () => {
    const cny = (amount: string) => ({ amount, currency: "CNY" });
    expect(difference(cny("2560.00"), cny("2432.00"))).toEqual(cny("-128.00"));
    expect(difference(cny("1.00"), { amount: "1.00", currency: "USD" })).toBeNull();
  });
});

describe("readAmount", () => {
  const most = { amount: "1280.00", currency: "CNY" };
  it.each([
    ["128", "128.00"],
    ["1,280.00", "1280.00"],
    ["１２８．５", "128.50"],
    [" 0.01 ", "0.01"],
  ])("%s", (typed, amount) => {
    expect(readAmount(typed, most)).toEqual({ amount: { amount, currency: "CNY" } });
  });
  it.each([
    ["0", "not_positive"],
    ["-1", "not_positive"],
    ["1280.01", "too_much"],
    ["12,8", "not_an_amount"],
    ["1.005", "not_an_amount"],
  ])("%s is %s", (typed, problem) => {
    expect(readAmount(typed, most)).toEqual({ problem });
  });
});
