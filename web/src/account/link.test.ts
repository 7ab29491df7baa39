// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { dayStart } from "./api";
import { filterOf, pathOf } from "./home";
import { linkOf, pastedLink } from "./link";

const id = "01930f3e-7a00-7000-8000-000000000001";

describe("a pay link", () => {
  it("says whom, how much and what for", () =>
    expect(linkOf(`?to=${id}&amount=12.50&currency=cny&note=%E5%8D%88%E9%A5%AD`)).toEqual({
      to: id,
      amount: "12.50",
      currency: "CNY",
      note: "午饭",
    }));
  it.each(["amount=-5", "amount=1e3", "amount=1,000", "amount=", "currency=<b>", "currency=EURO"])("drops %s", (part) =>
    expect(linkOf(`?to=${id}&${part}`)).toMatchObject({ amount: "", currency: "" }),
  );
  it("is understood where it was pasted, and only its payee counts", () => {
    expect(pastedLink(` https://pay.example/account/pay?to=${id}&amount=3 `)).toMatchObject({ to: id, amount: "3" });
    for (const text of ["li@example.org", "https://pay.example/account/pay?to=li", `https://x.example/?to=${id}`, id])
      expect(pastedLink(text)).toBeNull();
  });
});

describe("a filter", () => {
  it("goes into the address and comes out of it", () => {
    const filter = { q: "blue harbour", kind: "refund", state: "failed", from: "2026-11-01", until: "2026-11-05" };
    expect(filterOf(new URL(pathOf(filter), "http://x").search)).toEqual(filter);
    expect(pathOf(filterOf(""))).toBe("/account");
  });
  it("leaves out what it does not know", () =>
    expect(filterOf("?kind=gift&state=lost&from=yesterday&until=2026-1-1")).toEqual({
      q: "",
      kind: "",
      state: "",
      from: "",
      until: "",
    }));
});

it("a day begins at its midnight here, and the last one counts whole", () => {
  expect(dayStart("2026-11-05")).toBe(new Date(2026, 10, 5).toISOString());
  expect(dayStart("2026-12-31", 1)).toBe(new Date(2027, 0, 1).toISOString());
  expect(dayStart("")).toBeNull();
});
