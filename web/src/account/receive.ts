// SPDX-License-Identifier: Apache-2.0
// The own code: for anything, or for an amount and a purpose. It names the customer by id and says nothing else.
import { isCode } from "../api/http";
import { make } from "../dom";
import { digitsOf, toMinor } from "../format/money";
import { own, pictureOf, type PayCode } from "./api";
import { button, drafts, field, link, sentenceFor, type Context, type Screen } from "./context";

const draftName = "receive";

export function receiveScreen(context: Context): Screen {
  const { t } = context;
  const draft = drafts.find<PayCode>(draftName, context.me.id) ?? { amount: "", currency: "", note: "" };
  const picture = make("img", { class: "code", alt: t.get.picture(context.me.name), width: "280", height: "280" });
  const status = make("p", { class: "error", "aria-live": "polite" });
  const copy = button("button wide", t.get.copy, () => {
    navigator.clipboard?.writeText(url).then(
      () => (copy.textContent = t.get.copied),
      () => undefined,
    );
  });
  const share = button("button wide", t.get.share, () => void navigator.share({ url }).catch(() => undefined));
  share.hidden = typeof navigator.share !== "function";
  const amount = make("input", {
    id: "amount",
    type: "text",
    inputmode: "decimal",
    maxlength: "20",
    value: draft.amount,
  });
  const currency = make("select", { id: "currency" }, make("option", { value: "" }, t.get.anyCurrency));
  for (const wallet of context.me.wallets) currency.append(make("option", { value: wallet.currency }, wallet.currency));
  currency.value = draft.currency;
  const note = make("input", { id: "note", type: "text", maxlength: "60", value: draft.note });
  const amountField = field(`${t.get.amount} (${t.send.optional})`, amount);
  let url = "";

  // What is typed as the code shall hold it; null while it cannot.
  const read = (): PayCode | null => {
    const typed = amount.value
      .replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/[,\s]/g, "");
    const wallet = context.me.wallets.find((one) => one.currency === currency.value) ?? context.me.wallets[0];
    if (typed !== "" && currency.value === "" && wallet !== undefined) currency.value = wallet.currency;
    const minor = typed === "" ? 1n : toMinor(typed, digitsOf(wallet?.balance.amount ?? "0.00"));
    amountField.wrong(minor === null ? t.send.notAnAmount : minor <= 0n ? t.send.notPositive : "");
    if (minor === null || minor <= 0n) return null;
    return { amount: typed, currency: currency.value, note: note.value.trim() };
  };
  const draw = () => {
    const code = read();
    if (code === null) return;
    drafts.keep(draftName, context.me.id, code);
    copy.textContent = t.get.copy;
    own.payCode(code).then(
      (made) => {
        url = made.url;
        picture.src = pictureOf(code);
        status.textContent = "";
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(draw);
        status.textContent = sentenceFor(error, t);
      },
    );
  };
  for (const control of [amount, currency, note]) control.addEventListener("change", draw);
  draw();
  const form = make(
    "form",
    { class: "card" },
    make("div", { class: "pair" }, amountField.element, field(t.get.currency, currency).element),
    field(`${t.get.note} (${t.send.optional})`, note).element,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    draw();
  });
  return {
    title: t.get.title,
    element: make(
      "div",
      { class: "narrow" },
      link(context, "/account", "back", t.home),
      make("h1", { tabindex: "-1" }, t.get.title),
      make("p", { class: "lead" }, t.get.line),
      make("div", { class: "code-card" }, picture, make("p", { class: "code-name" }, context.me.name)),
      status,
      make("p", { class: "actions" }, copy, share),
      form,
    ),
  };
}
