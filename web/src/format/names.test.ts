// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { accountName, instrumentName, paymentName } from "./names";

it.each([
  ["customer_wallet", "Emma Clarke", "Emma Clarke, wallet", "Emma Clarke 的钱包"],
  ["merchant_payable", "Hall, Wood & Sons", "Hall, Wood & Sons, payable", "应付 Hall, Wood & Sons"],
  ["fee_income", null, "Fee income", "手续费收入"],
] as const)("account %s", (account_kind, owner, english, chinese) => {
  expect(accountName({ account_kind, owner }, en)).toBe(english);
  expect(accountName({ account_kind, owner }, zh)).toBe(chinese);
});

it.each([
  ["wallet", "wallet", "钱包"],
  ["card ····3090", "card\u00a0····3090", "银行卡\u00a0····3090"],
  ["voucher 7", "voucher 7", "voucher 7"],
])("instrument %s", (name, english, chinese) => {
  expect(instrumentName(name, en)).toBe(english);
  expect(instrumentName(name, zh)).toBe(chinese);
});

describe("paymentName", () => {
  it("is the merchant's", () => {
    const merchant = { id: "mer_1", name: "巷口書屋" };
    expect(paymentName({ kind: "merchant_payment", merchant, counterparty: null }, zh)).toBe("巷口書屋");
  });
  it("is the other person's", () =>
    expect(paymentName({ kind: "person_to_person", merchant: null, counterparty: "李娜" }, en)).toBe("李娜"));
  it("is the kind where there is nobody else", () => {
    expect(paymentName({ kind: "top_up", merchant: null, counterparty: null }, zh)).toBe("充值");
    expect(paymentName({ kind: "top_up", merchant: null, counterparty: null }, en)).toBe("Top-up");
  });
});
