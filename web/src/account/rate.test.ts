// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { converted } from "./rate";

const of = (amount: string, currency: string, rate: string, to: string, digits: number) =>
  converted({ amount, currency }, rate, to, digits)?.amount;

describe("an amount at a rate", () => {
  it("is exact between currencies of any number of decimals", () => {
    expect(of("100.00", "USD", "7.2154", "CNY", 2)).toBe("721.54");
    expect(of("12.50", "USD", "152.3", "JPY", 0)).toBe("1904");
    expect(of("1000", "JPY", "0.0065659", "USD", 2)).toBe("6.57");
    expect(of("10.00", "USD", "0.376", "BHD", 3)).toBe("3.760");
    expect(of("999999999999.99", "USD", "7.21543219", "CNY", 2)).toBe("7215432189999.93");
  });
  it("rounds half to even, once", () => {
    expect(of("0.01", "USD", "0.5", "EUR", 2)).toBe("0.00");
    expect(of("0.03", "USD", "0.5", "EUR", 2)).toBe("0.02");
    expect(of("0.05", "USD", "0.5", "EUR", 2)).toBe("0.02");
    expect(of("0.05", "USD", "0.50000001", "EUR", 2)).toBe("0.03");
  });
  it("refuses what is no decimal", () => {
    expect(of("1,00", "USD", "7", "CNY", 2)).toBeUndefined();
    expect(of("1.00", "USD", "0", "CNY", 2)).toBeUndefined();
    expect(of("1.00", "USD", "-7", "CNY", 2)).toBeUndefined();
  });
});
