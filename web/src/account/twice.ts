// SPDX-License-Identifier: Apache-2.0
// "I was charged twice", under a payment: what the ledger says is told at once; a person looks where it does not say it, or
// where the customer sees it otherwise.
import { isCode } from "../api/http";
import type { PaymentDetail } from "../api/types";
import { make } from "../dom";
import { cash } from "./cash_api";
import { cashWords } from "./cash_words";
import { button, link, money, sentenceFor, type Context } from "./context";
import { Once } from "./once";

const pathOf = (id: string) => `/account/payments/${encodeURIComponent(id)}`;

export function twiceSection(context: Context, payment: PaymentDetail): HTMLElement | null {
  if (payment.kind !== "merchant_payment") return null;
  const { t } = context;
  const words = cashWords[context.language];
  const once = new Once(`twice.${payment.id}`, context.me.id);
  const told = make("div", { class: "stack", "aria-live": "polite" });
  let busy = false;

  const report = (text: string): void => {
    if (busy) return;
    busy = true;
    const wish = { payment: payment.id, text };
    const body = text === "" ? {} : { text };
    told.replaceChildren(make("p", { class: "quiet", role: "status" }, words.looking));
    cash.chargedTwice(payment.id, body, once.keyFor(wish)).then(
      (found) => {
        busy = false;
        once.settled();
        told.replaceChildren(...drawn(found));
      },
      (error: unknown) => {
        busy = false;
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => report(text));
        told.replaceChildren(
          make("p", { class: "error", role: "alert" }, sentenceFor(error, t)),
          button("button", t.again, () => report(text)),
        );
      },
    );
  };
  type Found = Awaited<ReturnType<typeof cash.chargedTwice>>;
  const drawn = (found: Found): HTMLElement[] => {
    const other =
      found.other_payment === null
        ? null
        : make("p", {}, link(context, pathOf(found.other_payment), "", words.otherLink));
    if (found.outcome === "refunded" && found.refund !== null) {
      void context.refreshMe().catch(() => undefined);
      const done = found.refund.state === "succeeded";
      const amount = money(context, found.refund.amount);
      return [
        make("p", {}, make("strong", {}, done ? words.refunded(amount) : words.onItsWay(amount))),
        make("p", {}, link(context, pathOf(found.refund.id), "", words.refundLink)),
      ];
    }
    if (found.outcome === "request_opened") return [make("p", {}, words.opened(found.ticket ?? ""))];
    return [
      make("p", {}, words.why[found.class]),
      ...(other === null ? [] : [other]),
      button("button", words.stillWrong, () => told.append(ask())),
    ];
  };
  const ask = (): HTMLElement => {
    told.querySelector("form")?.remove();
    const text = make("textarea", { id: "twice-text", rows: "4", maxlength: "2000", required: "" });
    const form = make(
      "form",
      { class: "field" },
      make("label", { for: "twice-text" }, words.stillWrong),
      text,
      make("p", { class: "hint" }, words.stillHint),
      make("button", { type: "submit", class: "button primary wide" }, words.send),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim() !== "") report(text.value.trim());
    });
    queueMicrotask(() => text.focus());
    return form;
  };
  return make(
    "details",
    { class: "twice" },
    make("summary", {}, words.twice),
    make(
      "div",
      { class: "card" },
      make("p", {}, words.twiceLine),
      button("button", words.twiceLook, () => report("")),
      told,
    ),
  );
}
