// SPDX-License-Identifier: Apache-2.0
// Whom, how much, what for: by address, or by the link of somebody's code. Nothing is sent here; "continue" makes the
// intention, with its key, and shows it.
import { isCode } from "../api/http";
import type { Payee, Wallet } from "../api/types";
import { make } from "../dom";
import { digitsOf, isZero, readAmount } from "../format/money";
import { own } from "./api";
import { button, drafts, field, link, money, sentenceFor, type Context, type Screen } from "./context";
import { addressInput, amountInput } from "./parts";
import { isCustomerId, linkOf, pastedLink, type PayLink } from "./link";

const draftName = "pay";

// The form, for a payee whom a code named, or for an address that is typed.
function form(context: Context, start: PayLink, payee: Payee | null): HTMLElement {
  const { t } = context;
  const to = addressInput("to", payee === null ? start.to : "");
  const usable = context.me.wallets.filter((wallet) => payee === null || payee.currencies.includes(wallet.currency));
  const wallet = make("select", { id: "wallet" });
  for (const one of usable) {
    const shown = t.send.walletOf(one.currency, money(context, one.available));
    wallet.append(make("option", { value: one.currency }, shown));
  }
  const first = usable.find((one) => one.currency === start.currency) ?? usable.find((one) => !isZero(one.available));
  if (first !== undefined) wallet.value = first.currency;
  const chosen = (): Wallet | undefined => usable.find((one) => one.currency === wallet.value);
  const amount = amountInput(start.amount);
  const note = make("input", { id: "note", type: "text", autocomplete: "off", maxlength: "100", value: start.note });

  const toField = field(t.send.to, to, `${t.send.toHint} ${t.send.scan}`);
  const walletField = field(t.send.wallet, wallet);
  const amountField = field(t.send.amount, amount);
  const noteField = field(`${t.send.note} (${t.send.optional})`, note, t.send.noteHint);
  if (start.currency !== "" && !usable.some((one) => one.currency === start.currency))
    walletField.wrong(t.send.noSuchCurrency(start.currency));

  const keep = () =>
    drafts.keep(draftName, context.me.id, {
      to: payee?.id ?? to.value,
      amount: amount.value,
      currency: wallet.value,
      note: note.value,
    } satisfies PayLink);
  for (const control of [to, wallet, amount, note]) control.addEventListener("input", keep);
  to.addEventListener("change", () => {
    const pasted = pastedLink(to.value);
    if (pasted === null) return;
    drafts.drop(draftName);
    context.go(`/account/pay?${new URLSearchParams(Object.entries(pasted).filter(([, v]) => v !== "")).toString()}`);
  });

  const whom = (): string | null => {
    if (payee !== null) return payee.id;
    const typed = to.value.trim();
    const sentence = typed === "" ? t.send.needTo : /^\S+@\S+\.\S+$/.test(typed) ? "" : t.send.badTo;
    toField.wrong(sentence);
    return sentence === "" ? typed : null;
  };
  const howMuch = () => {
    const from = chosen();
    if (from === undefined) return null;
    const read = readAmount(amount.value, from.available);
    if ("amount" in read) {
      amountField.wrong("");
      return read.amount;
    }
    const sentences = {
      not_an_amount:
        digitsOf(from.available.amount) === 0 ? t.send.notAnAmount.replace("12.50", "1250") : t.send.notAnAmount,
      not_positive: t.send.notPositive,
      too_much: t.send.tooMuch(money(context, from.available)),
    };
    amountField.wrong(sentences[read.problem]);
    return null;
  };
  const made = make(
    "form",
    { class: "card", novalidate: "" },
    payee === null
      ? toField.element
      : make(
          "div",
          { class: "payee" },
          make("p", { class: "quiet" }, t.send.payee),
          make("p", { class: "payee-name" }, payee.name),
          button("link", t.send.otherPayee, () => {
            drafts.drop(draftName);
            context.go("/account/pay");
          }),
        ),
    amountField.element,
    walletField.element,
    noteField.element,
    make("button", { type: "submit", class: "button primary wide" }, t.send.next),
  );
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const payTo = whom();
    const pays = howMuch();
    if (payTo === null || pays === null) {
      made.querySelector<HTMLElement>("[aria-invalid]")?.focus();
      return;
    }
    const intent = context.intents.open({
      owner: context.me.id,
      to: payTo,
      name: payee?.name ?? null,
      amount: pays,
      memo: note.value.trim(),
    });
    keep();
    context.go(`/account/confirm/${intent.key}`);
  });
  return made;
}

function forPayee(context: Context, start: PayLink, payee: Payee): HTMLElement {
  const { t } = context;
  const common = context.me.wallets.some((wallet) => payee.currencies.includes(wallet.currency));
  if (!payee.is_me && common) return form(context, start, payee);
  const sentence = payee.is_me ? t.send.isMe : t.send.cannotReceive(payee.name, payee.currencies.join(", "));
  return make("p", { class: "error", role: "alert" }, sentence);
}

export function payScreen(context: Context, search: string): Screen {
  const { t } = context;
  const named = linkOf(search);
  const draft = drafts.find<PayLink>(draftName, context.me.id);
  // What was typed for the same payee goes on; another code begins anew.
  const start = draft !== null && (named.to === "" || draft.to === named.to) ? draft : named;
  const body = make("div", { class: "stack" });
  const load = () => {
    body.replaceChildren(make("p", { class: "quiet", role: "status" }, t.loading));
    own.payee(start.to).then(
      (payee) => body.replaceChildren(forPayee(context, start, payee)),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        const missing = isCode(error, "not_found");
        if (missing) drafts.drop(draftName);
        body.replaceChildren(
          make("p", { class: "error", role: "alert" }, missing ? t.send.noSuchPayee : sentenceFor(error, t)),
          missing ? link(context, "/account/pay", "button", t.send.otherPayee) : button("button", t.again, load),
        );
      },
    );
  };
  // A link whose payee is no id may still name an address: it is shown in the field, to be looked at.
  const draw = () => (isCustomerId(start.to) ? load() : body.replaceChildren(form(context, start, null)));
  body.replaceChildren(make("p", { class: "quiet", role: "status" }, t.loading));
  context.refreshMe().then(draw, draw); // the balances as they are now
  return {
    title: t.send.title,
    element: make(
      "div",
      { class: "narrow" },
      link(context, "/account", "back", t.home),
      make("h1", { tabindex: "-1" }, t.send.title),
      body,
    ),
  };
}

export const dropPayDraft = () => drafts.drop(draftName);
