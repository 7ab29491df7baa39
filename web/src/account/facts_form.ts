// SPDX-License-Identifier: Apache-2.0
// A labelled field for each fact that a request still needs, and what is said once they are given.
import { isCode } from "../api/http";
import type { Answer, FactName, Payment } from "../api/types";
import { make, type Child } from "../dom";
import { shownAmount } from "../format/money";
import { shownMoment } from "../format/time";
import type { SiteLanguage } from "../i18n/choice";
import { button, field, sentenceFor } from "./context";
import { headline } from "./explain";
import { amountTyped, knownOf, lastFourTyped, saidMissing, type Given } from "./facts";
import { byLink } from "./link_api";
import type { AccountWords } from "./words";
import { factWords, type FactWords } from "./words_facts";

interface Said {
  language: SiteLanguage;
  t: AccountWords;
}
interface FactField {
  element: HTMLElement;
  value: () => string; // as typed where it does not fit: what was typed is never nothing
  fits: () => boolean; // and says what is wrong, where it is
}
interface PaymentPicks {
  element: HTMLElement;
  picked: () => string | null;
  notInList: () => boolean;
}
export interface FactFields {
  element: HTMLElement;
  given: () => Omit<Given, "words">;
  fits: () => boolean;
}

const currencies = "AUD BHD CAD CHF CNY EUR GBP HKD JPY KRW MOP SGD TWD USD".split(" ");

function textField(label: string, hint: string | undefined, input: HTMLInputElement | HTMLTextAreaElement): FactField {
  return { element: field(label, input, hint).element, value: () => input.value.trim(), fits: () => true };
}

function amountFact({ t }: Said, w: FactWords): FactField {
  const amount = make("input", {
    id: "fact-amount",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: "24",
  });
  const currency = make("select", { id: "fact-currency" }, make("option", { value: "" }, "—"));
  for (const code of currencies) currency.append(make("option", { value: code }, code));
  const typed = field(w.label.amount, amount);
  const typedAmount = () => amount.value.trim();
  return {
    element: make("div", { class: "pair even" }, typed.element, field(t.get.currency, currency).element),
    value: () => (typedAmount() === "" ? "" : `${amountTyped(amount.value) ?? typedAmount()} ${currency.value}`.trim()),
    fits: () => {
      const good = amountTyped(amount.value) !== null;
      typed.wrong(good ? "" : t.send.notAnAmount);
      return good;
    },
  };
}

function timeFact(w: FactWords): FactField {
  const today = shownMoment(new Date().toISOString()).slice(0, 10);
  const day = make("input", { id: "fact-day", type: "date", max: today });
  const time = make("input", { id: "fact-time", type: "time" });
  const chosen = field(w.label.transaction_time, day);
  return {
    element: make("div", { class: "pair even" }, chosen.element, field(w.time, time).element),
    value: () => `${day.value} ${time.value}`.trim(),
    fits: () => {
      const good = day.value !== "" || time.value === "";
      chosen.wrong(good ? "" : w.dayMissing);
      return good;
    },
  };
}

function cardFact(w: FactWords): FactField {
  const input = make("input", {
    id: "fact-card",
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: "4",
  });
  const typed = field(w.label.card_last4, input, w.hint.card_last4);
  return {
    element: typed.element,
    value: () => lastFourTyped(input.value) ?? input.value,
    fits: () => {
      const good = lastFourTyped(input.value) !== null;
      typed.wrong(good ? "" : w.notFour);
      return good;
    },
  };
}

function fieldOf(fact: Exclude<FactName, "transaction_id">, said: Said, w: FactWords): FactField {
  if (fact === "amount") return amountFact(said, w);
  if (fact === "transaction_time") return timeFact(w);
  if (fact === "card_last4") return cardFact(w);
  const id = `fact-${fact}`;
  const control =
    fact === "problem_description"
      ? make("textarea", { id, rows: "4", maxlength: "1000" })
      : make("input", { id, type: "text", autocomplete: "off", maxlength: "200" });
  return textField(w.label[fact], w.hint[fact], control);
}

function pick(value: string, ...parts: Child[]): { element: HTMLElement; radio: HTMLInputElement } {
  const radio = make("input", { type: "radio", name: "payment", value });
  return { element: make("label", { class: "pick" }, radio, make("span", {}, ...parts)), radio };
}

function paymentPick({ language, t }: Said, payment: Payment) {
  const name = payment.merchant?.name ?? payment.counterparty ?? t.paymentKind[payment.kind];
  const { sign, amount } = headline(payment);
  const shown = shownAmount(amount, language === "zh-Hans" ? "zh" : language);
  return pick(
    payment.id,
    make("span", { class: "pick-name" }, name),
    " ",
    make("span", { class: "num" }, `${sign}${shown}`),
    " ",
    make("span", { class: "payment-low num" }, shownMoment(payment.created_at)),
  );
}

// The own payments, newest first, to pick one from.
function paymentPicks(said: Said, w: FactWords, ended: () => void): PaymentPicks {
  const { t } = said;
  const rows = make("div", { class: "picks" });
  const status = make("p", { class: "quiet", role: "status" });
  const none = pick("", w.notInList);
  const older = button("link", w.older, () => load());
  let cursor: string | null = null;
  const load = () => {
    older.hidden = true;
    status.textContent = t.loading;
    byLink.payments(cursor).then(
      (page) => {
        const first = rows.childElementCount === 0;
        const fresh = page.items.map((payment) => paymentPick(said, payment));
        cursor = page.next_cursor;
        rows.append(...fresh.map(({ element }) => element));
        older.textContent = w.older;
        older.hidden = cursor === null;
        status.textContent = rows.childElementCount === 0 ? w.noPayments : "";
        if (!first) fresh[0]?.radio.focus();
      },
      (error: unknown) => {
        if (isCode(error, "case_ended")) return ended();
        status.textContent = sentenceFor(error, t);
        older.textContent = t.again;
        older.hidden = false;
      },
    );
  };
  load();
  const element = make(
    "fieldset",
    { "aria-describedby": "fact-payment-hint" },
    make("legend", {}, w.label.transaction_id),
    make("p", { class: "hint", id: "fact-payment-hint" }, w.hint.transaction_id ?? ""),
    rows,
    status,
    older,
    none.element,
  );
  return {
    element,
    picked: () => rows.querySelector<HTMLInputElement>("input:checked")?.value ?? null,
    notInList: () => none.radio.checked,
  };
}

// `later`: something was answered before, so the rest stands folded.
export function factFields(said: Said, missing: readonly FactName[], later: boolean, ended: () => void): FactFields {
  const w = factWords[said.language];
  const payments = missing.includes("transaction_id") ? paymentPicks(said, w, ended) : null;
  const fields = new Map<FactName, FactField>();
  for (const fact of missing) if (fact !== "transaction_id") fields.set(fact, fieldOf(fact, said, w));
  const parts = [payments?.element ?? null, ...[...fields.values()].map(({ element }) => element)];
  const hint = make("p", { class: "hint" }, w.leaveOut);
  const element = later
    ? make("details", { class: "later" }, make("summary", {}, w.add), hint, ...parts)
    : make(
        "div",
        { class: "needed", role: "group", "aria-labelledby": "needed" },
        make("h2", { id: "needed" }, w.need),
        hint,
        ...parts,
      );
  payments?.element.addEventListener("change", () => {
    for (const fact of ["amount", "transaction_time"] as const) {
      const one = fields.get(fact);
      if (one !== undefined) one.element.hidden = payments.picked() !== null;
    }
  });
  return {
    element,
    given: () => ({
      payment: payments?.picked() ?? null,
      notInList: payments?.notInList() ?? false,
      values: Object.fromEntries([...fields].map(([fact, one]) => [fact, one.value()])),
    }),
    fits: () => [...fields.values()].filter((one) => one.element.hidden || one.fits()).length === fields.size,
  };
}

// Once something was answered: what is known, what is not, and what happens next. Null before that, and when it is over.
export function thanksFor({ language }: Said, found: Answer<"getCase">): HTMLElement | null {
  const w = factWords[language];
  const over = found.state === "solved" || found.state === "closed";
  if (found.asked_facts === null || found.asked_facts.answered_at === null || over) return null;
  const named = (facts: readonly FactName[]) => facts.map((fact) => w.name[fact]).join(w.comma);
  const known = knownOf(found);
  const missing = saidMissing(found);
  return make(
    "section",
    { class: "card", "aria-labelledby": "thanks" },
    make("h2", { id: "thanks" }, w.thanks),
    known.length === 0 ? null : make("p", {}, w.known(named(known))),
    missing.length === 0 ? null : make("p", { class: "quiet" }, w.missing(named(missing))),
    make("p", {}, found.first_replied_at === null ? w.nextBy(shownMoment(found.first_reply_due)) : w.next),
  );
}
