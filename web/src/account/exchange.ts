// SPDX-License-Identifier: Apache-2.0
// From one's own wallet into another: the rate is shown, and what comes of it; that amount or nothing.
import { isCode } from "../api/http";
import { make } from "../dom";
import { digitsOf, isZero, readAmount, type Amount } from "../format/money";
import { shownMoment } from "../format/time";
import { notAnAmount, walletChoice } from "./cash";
import { cash } from "./cash_api";
import { cashWords } from "./cash_words";
import { button, field, link, money, sentenceFor, type Context, type Screen } from "./context";
import { amountInput } from "./parts";
import { outcomeOf } from "./intent";
import { Once } from "./once";
import { converted } from "./rate";

type Rate = Awaited<ReturnType<typeof cash.rates>>["items"][number];
interface Wish {
  amount: Amount;
  expected: Amount;
}

const inOnePiece = (iso: string) => shownMoment(iso).replaceAll("-", "-\u2060").replace(" ", "\u00a0");

export function exchangeScreen(context: Context): Screen {
  const { t } = context;
  const words = cashWords[context.language];
  const once = new Once("exchange", context.me.id);
  const heading = make("h1", { tabindex: "-1" }, words.exchange);
  const body = make("div", { class: "stack" });
  const show = (named: string, ...parts: HTMLElement[]): void => {
    heading.textContent = named;
    body.replaceChildren(...parts);
    if (body.isConnected) heading.focus({ preventScroll: true });
  };

  const form = (rates: readonly Rate[]): HTMLElement => {
    const own = context.me.wallets;
    const usable = rates.filter(
      (rate) => own.some((one) => one.currency === rate.from) && own.some((one) => one.currency === rate.to),
    );
    const givers = own.filter((one) => usable.some((rate) => rate.from === one.currency));
    if (givers.length === 0) return make("p", { class: "quiet" }, words.noRates);
    const from = walletChoice(context, "from", givers);
    const richest = givers.find((one) => !isZero(one.available));
    if (richest !== undefined) from.value = richest.currency;
    const to = make("select", { id: "to" });
    const amount = amountInput();
    const amountField = field(words.youGive, amount);
    const preview = make("p", { class: "big num", "aria-live": "polite" });
    const rateLine = make("p", { class: "hint" });
    const giver = () => givers.find((one) => one.currency === from.value);
    const rate = () => usable.find((one) => one.from === from.value && one.to === to.value);
    const targets = () =>
      to.replaceChildren(
        ...usable.filter((one) => one.from === from.value).map((one) => make("option", { value: one.to }, one.to)),
      );
    const wish = (complain: boolean): Wish | null => {
      const wallet = giver();
      const at = rate();
      if (wallet === undefined || at === undefined) return null;
      const said = readAmount(amount.value, wallet.available);
      if ("problem" in said) {
        const sentences = {
          not_an_amount: notAnAmount(context, wallet),
          not_positive: t.send.notPositive,
          too_much: t.send.tooMuch(money(context, wallet.available)),
        };
        if (complain) amountField.wrong(sentences[said.problem]);
        return null;
      }
      const target = own.find((one) => one.currency === at.to);
      const got = converted(said.amount, at.rate, at.to, digitsOf(target?.available.amount ?? ""));
      const nothing = got === null || isZero(got);
      amountField.wrong(nothing ? words.tooSmall : "");
      return nothing ? null : { amount: said.amount, expected: got };
    };
    const draw = () => {
      const at = rate();
      const now = wish(false);
      preview.textContent = now === null ? "" : money(context, now.expected);
      rateLine.textContent =
        at === undefined ? "" : `${words.rate(at.from, at.rate, at.to)} · ${words.rateSince(inOnePiece(at.set_at))}`;
    };
    targets();
    draw();
    from.addEventListener("change", () => {
      targets();
      draw();
    });
    to.addEventListener("change", draw);
    amount.addEventListener("input", draw);
    const made = make(
      "form",
      { class: "card", novalidate: "" },
      field(words.from, from).element,
      amountField.element,
      field(words.to, to).element,
      make("div", {}, make("p", { class: "quiet" }, words.youGet), preview, rateLine),
      make("button", { type: "submit", class: "button primary wide" }, words.look),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = wish(true);
      const at = rate();
      if (asked === null || at === undefined) return amount.focus();
      show(words.right, confirm(asked, at));
    });
    return made;
  };

  const confirm = (wish: Wish, rate: Rate, problem = ""): HTMLElement => {
    const act = button("button primary wide", words.exchangeNow(money(context, wish.amount)), () => {
      act.setAttribute("aria-disabled", "true");
      act.textContent = words.sending;
      send(wish, rate);
    });
    const fact = (term: string, value: string) =>
      make("div", { class: "fact" }, make("dt", {}, term), make("dd", { class: "num" }, value));
    return make(
      "div",
      { class: "stack" },
      make(
        "div",
        { class: "card summary" },
        make(
          "dl",
          { class: "facts" },
          fact(words.youGive, money(context, wish.amount)),
          fact(words.youGet, money(context, wish.expected)),
        ),
        make("p", { class: "hint" }, words.rate(rate.from, rate.rate, rate.to)),
        make("p", { class: "hint" }, words.rateFixed),
      ),
      problem === "" ? null : make("p", { class: "error", role: "alert" }, problem),
      act,
      button("button wide", words.change, load),
    );
  };

  let busy = false;
  const send = (wish: Wish, rate: Rate | null): void => {
    if (busy) return;
    busy = true;
    cash.exchange(wish, once.keyFor(wish)).then(
      (payment) => {
        busy = false;
        once.settled();
        void context.refreshMe().catch(() => undefined);
        context.go(`/account/payments/${encodeURIComponent(payment.id)}`, "replace");
      },
      (error: unknown) => {
        busy = false;
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => send(wish, rate));
        const outcome = outcomeOf(error);
        if (outcome.kind === "unknown") return show(words.exchange, lost(wish));
        if (outcome.kind === "refused") once.settled();
        if (rate === null || isCode(error, "rate_changed")) return loadWith(sentenceFor(error, t));
        show(words.right, confirm(wish, rate, sentenceFor(error, t)));
      },
    );
  };
  const lost = (wish: Wish): HTMLElement => {
    const ask = button("button primary wide", words.ask, () => {
      ask.setAttribute("aria-disabled", "true");
      ask.textContent = words.sending;
      send(wish, null);
    });
    return make(
      "div",
      { class: "stack" },
      make("div", { class: "card warning", role: "alert" }, make("p", {}, words.lost)),
      make("p", { class: "big num" }, money(context, wish.amount)),
      ask,
    );
  };

  const loadWith = (problem: string): void => {
    show(words.exchange, make("p", { class: "quiet", role: "status" }, t.loading));
    Promise.all([cash.rates(), context.refreshMe()]).then(
      ([rates]) =>
        show(
          words.exchange,
          ...(problem === "" ? [] : [make("p", { class: "error", role: "alert" }, problem)]),
          form(rates.items),
        ),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        show(
          words.exchange,
          make("p", { class: "error", role: "alert" }, sentenceFor(error, t)),
          button("button", t.again, load),
        );
      },
    );
  };
  const load = (): void => loadWith("");
  const open = once.open<Wish>();
  if (open === null) load();
  else body.replaceChildren(lost(open));
  return {
    title: words.exchange,
    element: make("div", { class: "narrow" }, link(context, "/account", "back", t.home), heading, body),
  };
}
