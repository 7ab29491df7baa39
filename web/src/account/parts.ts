// SPDX-License-Identifier: Apache-2.0
// What the smaller screens share: a page with a way back, a list that goes on, an amount with its wallet, a day in words.
import { isCode } from "../api/http";
import { make, type Child } from "../dom";
import { digitsOf, toMinor, type Amount } from "../format/money";
import { button, field, link, sentenceFor, type Context, type Screen } from "./context";

export function page(context: Context, title: string, ...children: Child[]): Screen {
  return {
    title,
    element: make(
      "div",
      { class: "narrow" },
      link(context, "/account", "back", context.t.home),
      make("h1", { tabindex: "-1" }, title),
      ...children,
    ),
  };
}

// A question in front of the screen. True where it is answered by the button that says what is done.
export function isSure(context: Context, question: string, what: string): Promise<boolean> {
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "is-sure" });
  return new Promise((answered) => {
    let sure = false;
    const go = button("button primary wide", what, () => {
      sure = true;
      dialog.close();
    });
    dialog.append(
      make("h2", { id: "is-sure", tabindex: "-1" }, question),
      go,
      button("link centred", context.t.leaveIt, () => dialog.close()),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      answered(sure);
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("h2")?.focus();
  });
}

export interface Listed<Item> {
  items: Item[];
  next_cursor?: string | null;
}

// Loads at once; `reload` begins anew.
export function list<Item>(
  context: Context,
  empty: string,
  ask: (cursor: string | null) => Promise<Listed<Item>>,
  row: (item: Item) => HTMLElement,
): { element: HTMLElement; reload: () => void } {
  const rows = make("ul", { class: "payments" });
  const status = make("p", { class: "quiet", role: "status" });
  const more = button("button wide", context.t.history.more, () => load());
  let cursor: string | null = null;
  const load = () => {
    more.hidden = true;
    ask(cursor).then(
      ({ items, next_cursor }) => {
        cursor = next_cursor ?? null;
        rows.append(...items.map(row));
        more.hidden = cursor === null;
        more.textContent = context.t.history.more;
        status.textContent = rows.childElementCount > 0 ? "" : empty;
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        status.textContent = sentenceFor(error, context.t);
        more.textContent = context.t.again;
        more.hidden = false;
      },
    );
  };
  const reload = () => {
    rows.replaceChildren();
    cursor = null;
    load();
  };
  load();
  return { element: make("div", { class: "stack" }, rows, status, more), reload };
}

// An address or a customer's id; an amount, as people type it.
export const addressInput = (id: string, value = ""): HTMLInputElement =>
  make("input", {
    id,
    type: "text",
    inputmode: "email",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: "254",
    value,
  });
export const amountInput = (value = "", maxlength = "24"): HTMLInputElement =>
  make("input", { id: "amount", type: "text", inputmode: "decimal", autocomplete: "off", maxlength, value });

// As people type it, with full-width digits and grouping; null and a word where it is none.
export function amountField(context: Context): { elements: HTMLElement; read: () => Amount | null; clear: () => void } {
  const { t } = context;
  const amount = amountInput("", "20");
  const currency = make("select", { id: "currency" });
  for (const wallet of context.me.wallets) currency.append(make("option", { value: wallet.currency }, wallet.currency));
  const typed = field(t.send.amount, amount);
  return {
    elements: make("div", { class: "pair even" }, typed.element, field(t.get.currency, currency).element),
    read: () => {
      const wallet = context.me.wallets.find((one) => one.currency === currency.value);
      const plain = amount.value
        .replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
        .replace(/[,\s]/g, "");
      const digits = digitsOf(wallet?.balance.amount ?? "0.00");
      const minor = toMinor(plain, digits);
      typed.wrong(minor === null ? t.send.notAnAmount : minor <= 0n ? t.send.notPositive : "");
      if (minor === null || minor <= 0n) return null;
      const text = minor.toString().padStart(digits + 1, "0");
      const whole = text.slice(0, text.length - digits);
      return {
        amount: digits === 0 ? whole : `${whole}.${text.slice(text.length - digits)}`,
        currency: currency.value,
      };
    },
    clear: () => (amount.value = ""),
  };
}

// "Friday 4 December", "12月4日星期五": a calendar day, whatever the reader's zone.
export function dayWords(day: string, locale: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  const words = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, words).format(at);
}

// How much of a limit is used, in hundredths for a bar; decimals in, no floating point.
export function usedPercent(used: string, all: string): number {
  const digits = Math.max(digitsOf(used), digitsOf(all));
  const part = toMinor(used, digits);
  const whole = toMinor(all, digits);
  if (part === null || whole === null || whole <= 0n) return 100;
  const percent = (part * 100n) / whole;
  return percent > 100n ? 100 : percent < 0n ? 0 : Number(percent);
}
