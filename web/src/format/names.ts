// SPDX-License-Identifier: Apache-2.0
// Names in the reader's language, out of what the server says in words of its own.
import type { BeforeAfter, Payment } from "../api/types";
import type { Dictionary } from "../i18n/en";

// Who it went to or came from, else what kind of movement it was.
export function paymentName(payment: Pick<Payment, "kind" | "merchant" | "counterparty">, t: Dictionary): string {
  return payment.merchant?.name ?? payment.counterparty ?? t.api.paymentKind[payment.kind];
}

// "wallet", "card ····3090", "bank ····6712".
export function instrumentName(instrument: string, t: Dictionary): string {
  const [kind = "", ...digits] = instrument.split(" ");
  const known = (t.instrument as Record<string, string>)[kind];
  return known === undefined ? instrument : [known, ...digits].join("\u00a0");
}

// "Emma Clarke, wallet", "Greenfield Market, payable", "Fee income".
export function accountName(
  { account_kind, owner }: Pick<BeforeAfter, "account_kind" | "owner">,
  t: Dictionary,
): string {
  switch (account_kind) {
    case "customer_wallet":
      return t.account.walletOf(owner ?? "");
    case "merchant_payable":
      return t.account.payableOf(owner ?? "");
    case "fee_income":
      return t.account.feeIncome;
  }
}
