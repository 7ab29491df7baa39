// SPDX-License-Identifier: Apache-2.0
// An intention to pay, looked at and sent. Whatever is clicked, reloaded or lost, the same key goes out.
import { ApiError, isCode } from "../api/http";
import { make, type Child } from "../dom";
import { difference } from "../format/money";
import { own } from "./api";
import { button, link, money, sentenceFor, type Context, type Screen } from "./context";
import { refusalWords } from "./explain";
import { after, askAgainAfter, outcomeOf, sending, type Intent } from "./intent";
import { dropPayDraft } from "./pay";

class Confirm {
  readonly element = make("div", { class: "narrow" });
  private busy = false;
  private closed = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private problem = "";
  private readonly online = () => this.state() === "unknown" && this.ask();

  constructor(
    private readonly context: Context,
    private intent: Intent,
  ) {
    window.addEventListener("online", this.online);
    this.draw();
    if (this.state() === "unknown") this.ask();
  }
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.online);
  }

  private state() {
    return this.intent.state;
  }
  private keep(intent: Intent): void {
    this.intent = this.context.intents.keep(intent);
  }

  // Sends, or asks again: the same thing.
  private ask(): void {
    if (this.busy || this.state() === "done" || this.state() === "refused") return;
    this.busy = true;
    clearTimeout(this.timer);
    this.keep(sending(this.intent)); // before anything leaves
    this.problem = "";
    this.draw();
    const { to, amount, memo, key } = this.intent;
    own.send({ to, amount, ...(memo === "" ? {} : { memo }) }, key).then(
      (payment) => {
        this.keep(after(this.intent, { kind: "made", payment: payment.id, name: payment.counterparty }));
        dropPayDraft();
        this.answered();
      },
      (error: unknown) => {
        const outcome = outcomeOf(error);
        this.keep(after(this.intent, outcome));
        if (isCode(error, "not_signed_in")) {
          this.busy = false;
          this.draw();
          this.context.sessionEnded(() => this.state() === "unknown" && this.ask());
          return;
        }
        if (outcome.kind === "not_done") {
          const known = error instanceof ApiError && this.context.t.error[error.code] !== undefined;
          this.problem = known ? sentenceFor(error, this.context.t) : this.context.t.confirm.notDone;
        }
        this.answered();
      },
    );
  }
  private answered(): void {
    this.busy = false;
    if (this.closed) return;
    const wait = askAgainAfter(this.tries);
    if (this.state() === "unknown") {
      this.tries += 1;
      this.timer = setTimeout(() => this.ask(), wait);
    } else if (this.state() === "done") {
      void this.context.refreshMe().catch(() => undefined);
    }
    this.draw(wait);
    if (this.state() !== "ready") this.element.querySelector<HTMLElement>("h1")?.focus();
  }

  private draw(wait = 0): void {
    const parts = this.parts(wait);
    this.element.replaceChildren(...parts.filter((part) => part !== null));
  }
  private parts(wait: number): Child[] {
    const { t } = this.context;
    const amount = money(this.context, this.intent.amount);
    const who = this.intent.name ?? this.intent.to;
    const title = (text: string) => make("h1", { tabindex: "-1" }, text);
    const home = link(this.context, "/account", "button wide", t.home);
    switch (this.state()) {
      case "ready":
      case "sending":
        return [
          link(this.context, "/account", "back", t.home),
          title(t.confirm.title),
          this.summary(),
          ...this.choice(),
        ];
      case "unknown":
        return [
          title(t.confirm.unknown),
          make(
            "div",
            { class: "card warning", role: "alert" },
            make("p", {}, make("strong", {}, t.confirm.unknownLine)),
            make("p", {}, t.confirm.unknownHow),
          ),
          this.summary(),
          this.problem === "" ? null : make("p", { class: "error" }, this.problem),
          make(
            "p",
            { class: "quiet", role: "status" },
            this.busy ? t.confirm.asking : t.confirm.nextTry(Math.round(wait / 1000)),
          ),
          this.busy ? null : button("button primary wide", t.confirm.askNow, () => this.ask()),
          home,
        ];
      case "done":
        return [
          make("p", { class: "tick", "aria-hidden": "true" }, "✓"),
          title(t.confirm.done(amount, who)),
          make("p", { class: "lead", role: "status" }, t.confirm.doneLine),
          link(
            this.context,
            `/account/payments/${encodeURIComponent(this.intent.payment ?? "")}`,
            "button primary wide",
            t.confirm.details,
          ),
          home,
          link(this.context, "/account/pay", "link centred", t.confirm.another),
        ];
      case "refused":
        return [
          title(t.confirm.refused),
          make(
            "div",
            { class: "card refused", role: "alert" },
            make("p", {}, make("strong", {}, refusalWords(this.intent.refusal, t) ?? t.refusedFallback)),
            make("p", {}, t.confirm.refusedLine),
          ),
          this.summary(),
          // Another amount goes as little while the account is locked; what to do stands on the first screen.
          ...(this.intent.refusal === "payer_locked"
            ? [link(this.context, "/account", "button primary wide", t.confirm.whyLocked)]
            : [link(this.context, this.formPath(), "button primary wide", t.confirm.retry), home]),
        ];
    }
  }
  private choice(): Child[] {
    const { t } = this.context;
    const waits = this.busy;
    const pay = button(
      "button primary wide",
      waits ? t.confirm.paying : t.confirm.pay(money(this.context, this.intent.amount)),
      () => this.ask(),
    );
    pay.setAttribute("aria-disabled", String(waits)); // keeps the focus that `disabled` would lose
    const change = button("button wide", t.confirm.change, () => {
      if (this.busy) return;
      this.context.intents.drop(this.intent.key);
      this.context.go(this.formPath(), "replace");
    });
    return [
      this.problem === "" ? null : make("p", { class: "error", role: "alert" }, this.problem),
      pay,
      waits ? null : change,
    ];
  }
  private formPath(): string {
    const { to, amount, memo } = this.intent;
    const values = { to, amount: amount.amount, currency: amount.currency, ...(memo === "" ? {} : { note: memo }) };
    return `/account/pay?${new URLSearchParams(values).toString()}`;
  }
  private summary(): HTMLElement {
    const { t } = this.context;
    const { amount, memo, name, to } = this.intent;
    const wallet = this.context.me.wallets.find((one) => one.currency === amount.currency);
    const left = wallet === undefined || this.state() !== "ready" ? null : difference(amount, wallet.available);
    const fact = (term: string, value: Child) =>
      make("div", { class: "fact" }, make("dt", {}, term), make("dd", {}, value));
    return make(
      "div",
      { class: "card summary" },
      make("p", { class: "big num" }, money(this.context, amount)),
      make(
        "dl",
        { class: "facts" },
        fact(t.confirm.to, make("strong", {}, name ?? to)),
        ...(memo === "" ? [] : [fact(t.confirm.note, memo)]),
      ),
      name === null && this.state() === "ready" ? make("p", { class: "hint" }, t.confirm.addressOnly) : null,
      left === null || left.amount.startsWith("-")
        ? null
        : make("p", { class: "hint" }, t.confirm.leaves(money(this.context, left))),
    );
  }
}

export function confirmScreen(context: Context, key: string): Screen {
  const { t } = context;
  const intent = context.intents.find(key, context.me.id);
  if (intent === null) {
    return {
      title: t.confirm.title,
      element: make(
        "div",
        { class: "narrow" },
        make("h1", { tabindex: "-1" }, t.title),
        make("p", { class: "notice" }, t.confirm.gone),
        link(context, "/account", "button wide", t.home),
      ),
    };
  }
  const confirm = new Confirm(context, intent);
  return { title: t.confirm.title, element: confirm.element, close: () => confirm.close() };
}
