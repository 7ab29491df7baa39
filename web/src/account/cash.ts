// SPDX-License-Identifier: Apache-2.0
// Money from outside into a wallet, and from there out: said, looked at, begun once. What became of it is told by the
// payment's own screen, in whichever state it is.
import { ApiError, isCode } from "../api/http";
import type { Wallet } from "../api/types";
import { make } from "../dom";
import { digitsOf, isZero, readAmount, type Amount } from "../format/money";
import { cash } from "./cash_api";
import { cashWords, sandboxWords } from "./cash_words";
import { button, drafts, field, link, money, sentenceFor, type Context, type Screen } from "./context";
import { amountInput } from "./parts";
import { outcomeOf } from "./intent";
import { Once } from "./once";
import { stepUp } from "./step_up";

export type Way = "add" | "withdraw";

interface Wish {
  amount: Amount;
  at: string; // the card or account outside
}

// Above what any wallet may take in: the server says what the customer's level allows.
const mostToAdd = (wallet: Wallet): Amount => {
  const digits = digitsOf(wallet.available.amount);
  return { amount: digits === 0 ? "99999999999" : `99999999999.${"9".repeat(digits)}`, currency: wallet.currency };
};

export function notAnAmount(context: Context, wallet: Wallet): string {
  const { notAnAmount: words } = context.t.send;
  return digitsOf(wallet.available.amount) === 0 ? words.replace("12.50", "1250") : words;
}

export function walletChoice(context: Context, id: string, wallets: readonly Wallet[]): HTMLSelectElement {
  const choice = make("select", { id });
  for (const one of wallets) {
    const shown = context.t.send.walletOf(one.currency, money(context, one.available));
    choice.append(make("option", { value: one.currency }, shown));
  }
  return choice;
}

export function cashScreen(context: Context, way: Way): Screen {
  const { t } = context;
  const words = cashWords[context.language];
  const title = way === "add" ? words.add : words.withdraw;
  const once = new Once(way, context.me.id);
  const body = make("div", { class: "stack" });
  const heading = make("h1", { tabindex: "-1" }, title);

  const form = (start: Wish | null): HTMLElement => {
    const wallets = context.me.wallets.filter((one) => way === "add" || !isZero(one.available));
    const wallet = walletChoice(context, "wallet", wallets.length > 0 ? wallets : context.me.wallets);
    if (start !== null) wallet.value = start.amount.currency;
    const amount = amountInput(start?.amount.amount);
    const typed = make("input", {
      id: "at",
      type: "text",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      maxlength: "64",
      value: start === null || start.at.startsWith("sandbox:") ? "" : start.at,
    });
    const sandbox = make("select", { id: "sandbox" });
    for (const one of sandboxWords) sandbox.append(make("option", { value: `sandbox:${one}` }, words.sandbox[one]));
    if (start?.at.startsWith("sandbox:") === true) sandbox.value = start.at;
    const demonstration = context.site?.demonstration === true;
    const amountField = field(words.amount, amount);
    const atField =
      way === "add"
        ? field(words.source, typed, words.sourceHint)
        : field(words.destination, typed, `${words.destinationHint} ${words.sealed}`);
    const read = (): Wish | null => {
      const from = context.me.wallets.find((one) => one.currency === wallet.value);
      if (from === undefined) return null;
      const said = readAmount(amount.value, way === "add" ? mostToAdd(from) : from.available);
      const at = demonstration ? sandbox.value : typed.value.trim();
      atField.wrong(at === "" ? words.needOne : "");
      if ("amount" in said) {
        amountField.wrong("");
        return at === "" ? null : { amount: said.amount, at };
      }
      const sentences = {
        not_an_amount: notAnAmount(context, from),
        not_positive: t.send.notPositive,
        too_much:
          way === "add" ? (t.refusal["amount_out_of_range"] ?? "") : t.send.tooMuch(money(context, from.available)),
      };
      amountField.wrong(sentences[said.problem]);
      return null;
    };
    const made = make(
      "form",
      { class: "card", novalidate: "" },
      amountField.element,
      field(words.wallet, wallet).element,
      demonstration ? field(words.bank, sandbox).element : atField.element,
      make("p", { class: "hint" }, way === "add" ? words.addLine : words.withdrawLine),
      make("button", { type: "submit", class: "button primary wide" }, words.look),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      const wish = read();
      if (wish === null) {
        made.querySelector<HTMLElement>("[aria-invalid]")?.focus();
        return;
      }
      show(confirm(wish), words.right);
    });
    return made;
  };

  // Nothing was sent yet, or what was sent surely did nothing.
  const confirm = (wish: Wish, problem = ""): HTMLElement => {
    const amount = money(context, wish.amount);
    const tries = wish.at.startsWith("sandbox:");
    const where = tries ? words.sandbox[wish.at.slice("sandbox:".length) as (typeof sandboxWords)[number]] : wish.at;
    const act = button("button primary wide", way === "add" ? words.addNow(amount) : words.withdrawNow(amount), () => {
      act.setAttribute("aria-disabled", "true");
      act.textContent = words.sending;
      send(wish);
    });
    const fact = (term: string, value: string) =>
      make("div", { class: "fact" }, make("dt", {}, term), make("dd", {}, value));
    return make(
      "div",
      { class: "stack" },
      make(
        "div",
        { class: "card summary" },
        make("p", { class: "big num" }, amount),
        make("dl", { class: "facts" }, fact(tries ? words.bank : way === "add" ? words.from : words.to, where)),
      ),
      make(
        "section",
        { class: "card" },
        make("h2", {}, words.steps),
        make(
          "ol",
          { class: "steps" },
          ...(way === "add" ? words.addSteps : words.withdrawSteps).map((step) => make("li", {}, step)),
        ),
      ),
      problem === "" ? null : make("p", { class: "error", role: "alert" }, problem),
      act,
      button("button wide", words.change, () => show(form(wish), title)),
    );
  };

  // It may have been begun: only the same key may ask.
  const lost = (wish: Wish): HTMLElement => {
    const ask = button("button primary wide", words.ask, () => {
      ask.setAttribute("aria-disabled", "true");
      ask.textContent = words.sending;
      send(wish);
    });
    return make(
      "div",
      { class: "stack" },
      make("div", { class: "card warning", role: "alert" }, make("p", {}, words.lost)),
      make("p", { class: "big num" }, money(context, wish.amount)),
      ask,
    );
  };

  let busy = false;
  const send = (wish: Wish): void => {
    if (busy) return;
    busy = true;
    const key = once.keyFor(wish);
    const begun =
      way === "add"
        ? cash.topUp({ amount: wish.amount, instrument: wish.at }, key)
        : cash.withdraw({ amount: wish.amount, destination: wish.at }, key);
    begun.then(
      (payment) => {
        busy = false;
        once.settled();
        drafts.drop(way);
        void context.refreshMe().catch(() => undefined);
        context.go(`/account/payments/${encodeURIComponent(payment.id)}`, "replace");
      },
      (error: unknown) => {
        busy = false;
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => send(wish));
        if (error instanceof ApiError && error.code === "step_up_required") {
          once.settled(); // refused before anything was begun
          stepUp(context, error).then(
            (shown) => (shown ? send(wish) : show(confirm(wish), words.right)),
            () => show(confirm(wish), words.right),
          );
          return;
        }
        const outcome = outcomeOf(error);
        if (outcome.kind === "unknown") return show(lost(wish), title);
        if (outcome.kind === "refused") once.settled(); // a refused key stays refused
        show(confirm(wish, sentenceFor(error, t)), words.right);
      },
    );
  };

  const show = (part: HTMLElement, named: string): void => {
    heading.textContent = named;
    body.replaceChildren(part);
    if (part.isConnected) heading.focus({ preventScroll: true });
  };
  const open = once.open<Wish>();
  body.replaceChildren(open === null ? form(null) : lost(open));
  if (open === null)
    context.refreshMe().then(
      () => undefined,
      () => undefined,
    );
  return {
    title,
    element: make("div", { class: "narrow" }, link(context, "/account", "back", t.home), heading, body),
  };
}
