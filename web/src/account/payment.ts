// SPDX-License-Identifier: Apache-2.0
// One payment that explains itself.
import { isCode } from "../api/http";
import type { PaymentDetail } from "../api/types";
import { make, type Child } from "../dom";
import { isZero } from "../format/money";
import { shownMoment } from "../format/time";
import { own } from "./api";
import { button, copyButton, link, moment, money, sentenceFor, type Context, type Screen } from "./context";
import { explain, headline, otherSide } from "./explain";
import { twiceSection } from "./twice";

function fact(name: string, ...value: Child[]): HTMLElement {
  return make("div", { class: "fact" }, make("dt", {}, name), make("dd", {}, ...value));
}

const pathOf = (id: string) => `/account/payments/${encodeURIComponent(id)}`;

function drawn(context: Context, payment: PaymentDetail): HTMLElement[] {
  const { t } = context;
  const { what, why, next } = explain(payment, t, {
    amount: (amount) => money(context, amount),
    // A date stays in one piece in the middle of a sentence.
    moment: (iso) => shownMoment(iso).replaceAll("-", "-\u2060").replace(" ", "\u00a0"),
  });
  const { sign, amount, tone } = headline(payment);
  const [kind = "", ...digits] = payment.instrument.split(" ");
  const facts: (HTMLElement | null)[] = [
    fact(t.payment.state, make("span", { class: `state ${payment.state}` }, t.paymentState[payment.state])),
    fact(t.payment.when, moment(payment.created_at)),
    fact(t.payment.kind, t.paymentKind[payment.kind]),
    payment.merchant === null && payment.counterparty === null ? null : fact(t.payment.who, otherSide(payment, t)),
    payment.memo === "" || payment.memo === payment.merchant?.name ? null : fact(t.payment.note, payment.memo),
    payment.order_ref === "" ? null : fact(t.payment.order, payment.order_ref),
    payment.kind === "merchant_payment"
      ? fact(t.payment.paidWith, [t.instrument[kind] ?? kind, ...digits].join(" "))
      : null,
    payment.state === "requires_capture" && payment.held_until !== null
      ? fact(t.payment.heldUntil, moment(payment.held_until))
      : null,
    payment.hold_ended?.how === "captured"
      ? fact(t.payment.taken, make("span", { class: "num" }, money(context, payment.captured)))
      : null,
    isZero(payment.refunded)
      ? null
      : fact(t.payment.refunded, make("span", { class: "num" }, money(context, payment.refunded))),
    payment.refunds.length === 0
      ? null
      : fact(
          t.payment.refunds,
          ...payment.refunds.map((refund) =>
            make(
              "span",
              { class: "line" },
              link(context, pathOf(refund.id), "", moment(refund.created_at)),
              make("span", { class: "num" }, ` ${money(context, refund.amount)}`),
            ),
          ),
        ),
    payment.original === null
      ? null
      : fact(t.payment.original, link(context, pathOf(payment.original), "", t.payment.originalLink)),
    fact(
      t.payment.number,
      make("span", { class: "mono" }, payment.id),
      " ",
      copyButton(context, "link", t.payment.copy, payment.id),
    ),
  ];
  const shown = facts.filter((one) => one !== null);
  return [
    make("p", { class: `big num ${tone}` }, `${sign}${money(context, amount)}`),
    make(
      "section",
      { class: `card told ${payment.state}` },
      make("h2", {}, t.payment.what),
      ...what.map((sentence) => make("p", {}, sentence)),
      ...(why === null ? [] : [make("h2", {}, t.payment.why), make("p", {}, why)]),
      make("h2", {}, t.payment.next),
      make("p", {}, next),
    ),
    make("dl", { class: "facts" }, ...shown),
    ...[twiceSection(context, payment)].filter((one) => one !== null),
    context.site === null ? make("p", {}) : make("p", { class: "quiet" }, t.payment.help(context.site.support_address)),
  ];
}

export function paymentScreen(context: Context, id: string): Screen {
  const { t } = context;
  const body = make("div", { class: "stack" }, make("p", { class: "quiet", role: "status" }, t.loading));
  const heading = make("h1", { tabindex: "-1" }, "\u00a0");
  // While a bank carries it out it is looked at again, so that nobody has to reload.
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = "";
  let closed = false;
  const load = () =>
    own.payment(id).then(
      (payment) => {
        if (!closed && (payment.state === "processing" || payment.state === "unknown"))
          timer = setTimeout(() => void load(), payment.state === "processing" ? 2_000 : 15_000);
        if (payment.state === shown) return;
        shown = payment.state;
        const name = payment.merchant?.name ?? payment.counterparty ?? t.paymentKind[payment.kind];
        heading.textContent = name;
        document.title = `${name} · ${t.title}`;
        body.replaceChildren(...drawn(context, payment));
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => void load());
        heading.textContent = t.title;
        const missing = isCode(error, "not_found");
        body.replaceChildren(
          make("p", { class: "error", role: "alert" }, missing ? t.payment.notFound : sentenceFor(error, t)),
          ...(missing ? [] : [button("button", t.again, () => void load())]),
        );
      },
    );
  void load();
  return {
    title: t.title,
    element: make("div", {}, link(context, "/account", "back", t.home), heading, body),
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
