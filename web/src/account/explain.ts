// SPDX-License-Identifier: Apache-2.0
// A payment in whole sentences: what happened, why not, and what happens next and when.
import type { Payment, PaymentDetail } from "../api/types";
import { difference, isZero, sameAmount, type Amount } from "../format/money";
import type { AccountWords } from "./words";

export interface Reading {
  amount: (amount: Amount) => string;
  moment: (iso: string) => string;
}

export interface Explained {
  what: string[];
  why: string | null;
  next: string;
}

export function refusalWords(code: string | null, t: AccountWords): string | null {
  if (code === null) return null;
  return (t.refusal as Record<string, string | undefined>)[code] ?? t.refusedFallback;
}

export function otherSide(payment: Pick<PaymentDetail, "merchant" | "counterparty">, t: AccountWords): string {
  return payment.merchant?.name ?? payment.counterparty ?? t.explain.someone;
}

// What the list and the heading show: of a purchase what was taken, which may be less than what was held. Where nothing
// moved the figure has no sign.
export function headline(payment: Payment): {
  sign: "+" | "−" | "";
  amount: Amount;
  tone: "in" | "out" | "open" | "still";
} {
  const collected = payment.kind === "top_up" || payment.kind === "merchant_payment"; // nothing before the bank says so
  const open = collected && (payment.state === "processing" || payment.state === "unknown");
  if (open) return { sign: "", amount: payment.amount, tone: "open" };
  if (payment.state === "failed" || payment.state === "canceled" || payment.state === "returned")
    return { sign: "", amount: payment.amount, tone: "still" };
  const taken = payment.kind === "merchant_payment" && payment.state === "succeeded";
  const amount = taken ? payment.captured : payment.amount;
  return { sign: payment.direction === "in" ? "+" : "−", amount, tone: payment.direction };
}

const byCard = (payment: PaymentDetail) => payment.instrument !== "wallet" && payment.instrument !== "";

// What came of a hold: taken in whole or in part, let go, or over.
function holdWords(payment: PaymentDetail, t: AccountWords, read: Reading): string[] {
  const who = otherSide(payment, t);
  const held = read.amount(payment.amount);
  if (payment.hold_ended === null) return payment.state === "canceled" ? [t.explain.released(held)] : [];
  const at = read.moment(payment.hold_ended.at);
  switch (payment.hold_ended.how) {
    case "canceled":
      return [t.explain.canceled(held, who, at)];
    case "expired":
      return [t.explain.expired(held, who, at)];
    case "captured": {
      const taken = t.explain.captured(held, read.amount(payment.captured), who, at);
      const rest = difference(payment.captured, payment.amount);
      return rest === null || isZero(rest) ? [taken] : [taken, t.explain.restFreed(read.amount(rest))];
    }
  }
}

function what(payment: PaymentDetail, t: AccountWords, read: Reading): string[] {
  const who = otherSide(payment, t);
  const amount = read.amount(payment.amount);
  const failed = payment.state === "failed";
  switch (payment.kind) {
    case "top_up":
      if (payment.state === "processing") return [t.explain.toppingUp(amount)];
      if (payment.state === "unknown") return [t.explain.toppingUpUnknown(amount)];
      return [failed ? t.explain.toppedUpNot(amount) : t.explain.toppedUp(amount)];
    case "withdrawal":
      if (payment.state === "requires_capture" || payment.state === "processing")
        return [t.explain.withdrawing(amount)];
      if (payment.state === "unknown") return [t.explain.withdrawingUnknown(amount)];
      if (payment.state === "returned") return [t.explain.withdrawnBack(amount)];
      return [failed || payment.state === "canceled" ? t.explain.withdrawnNot(amount) : t.explain.withdrawn(amount)];
    case "exchange":
      return [
        failed || payment.received === null
          ? t.explain.exchangedNot(amount)
          : t.explain.exchanged(amount, read.amount(payment.received)),
      ];
    case "correction":
      if (failed) return [t.explain.correctedNot(amount)];
      return [payment.direction === "in" ? t.explain.correctedIn(amount) : t.explain.correctedOut(amount)];
    case "refund":
      if (failed || payment.state === "returned") return [t.explain.refundNot(amount, who)];
      if (payment.state === "processing") return [t.explain.refunding(amount, who)];
      if (payment.state === "unknown") return [t.explain.refundingUnknown(amount, who)];
      return [byCard(payment) ? t.explain.refundToCard(amount, who) : t.explain.refund(amount, who)];
    case "person_to_person":
      if (failed) return [t.explain.sentNot(amount, who)];
      return [payment.direction === "in" ? t.explain.got(amount, who) : t.explain.sent(amount, who)];
    case "merchant_payment":
    case "merchant_payout": // stands in no customer's history
    case "capture":
    case "cancellation":
      if (failed) return [t.explain.paidNot(amount, who)];
      if (payment.state === "processing") return [t.explain.paying(amount, who)];
      if (payment.state === "unknown") return [t.explain.payingUnknown(amount, who)];
      if (payment.state === "requires_capture") return [t.explain.held(amount, who)];
      if (payment.state === "canceled" || payment.hold_ended !== null) return holdWords(payment, t, read);
      return [t.explain.paid(amount, who)];
  }
}

function refundWords(payment: PaymentDetail, t: AccountWords, read: Reading): string[] {
  const disputed = isZero(payment.disputed) ? [] : [t.explain.disputed(read.amount(payment.disputed))];
  if (isZero(payment.refunded)) return disputed;
  if (sameAmount(payment.refunded, payment.captured)) return [t.explain.refundedAll];
  if (disputed.length > 0) return [t.explain.refundedSome(read.amount(payment.refunded)), ...disputed];
  return [t.explain.refundedPart(read.amount(payment.refunded), read.amount(payment.refundable))];
}

function next(payment: PaymentDetail, t: AccountWords, read: Reading): string {
  if (payment.state === "failed") return t.explain.finalFailed;
  if (payment.state === "processing") return t.explain.processingNext;
  if (payment.state === "unknown")
    return t.explain.unknownNext(payment.next_check_at === null ? null : read.moment(payment.next_check_at));
  if (payment.state === "requires_capture" && payment.held_until !== null)
    return t.explain.heldNext(read.amount(payment.amount), otherSide(payment, t), read.moment(payment.held_until));
  return payment.kind === "person_to_person" && payment.direction === "out" ? t.explain.finalSent : t.explain.final;
}

export function explain(payment: PaymentDetail, t: AccountWords, read: Reading): Explained {
  return {
    what: [...what(payment, t, read), ...refundWords(payment, t, read)],
    why: refusalWords(payment.refusal, t),
    next: next(payment, t, read),
  };
}
