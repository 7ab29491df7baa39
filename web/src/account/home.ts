// SPDX-License-Identifier: Apache-2.0
// The own money and what became of it. The filter stands in the address, so that a reload and "back" keep it.
import { isCode } from "../api/http";
import type { Payment, PaymentKind, PaymentState, Wallet } from "../api/types";
import { make } from "../dom";
import { difference, isZero } from "../format/money";
import { own, type Filter } from "./api";
import { cashWords } from "./cash_words";
import { identityWords } from "./identity_words";
import { button, field, link, moment, money, sentenceFor, type Context, type Screen } from "./context";
import { headline } from "./explain";
import { factorWords } from "./factor_words";
import { locksBanner, lockMyself } from "./locks";
import { askedOfMe, laterLinks } from "./request";
import { statementForm } from "./statement";
import { accessWords } from "./words_access";
import { changeWords } from "./words_changes";

const kinds = ["merchant_payment", "person_to_person", "top_up", "refund", "withdrawal", "exchange"] as const;
const states = ["succeeded", "requires_capture", "canceled", "failed", "processing", "unknown", "returned"] as const;
const nothing: Filter = { q: "", kind: "", state: "", from: "", until: "" };

export function filterOf(search: string): Filter {
  const values = new URLSearchParams(search);
  const of = (name: keyof Filter) => (values.get(name) ?? "").slice(0, 200);
  const day = (name: "from" | "until") => (/^\d{4}-\d{2}-\d{2}$/.test(of(name)) ? of(name) : "");
  const one = (name: "kind" | "state", known: readonly string[]) => (known.includes(of(name)) ? of(name) : "");
  return { q: of("q"), kind: one("kind", kinds), state: one("state", states), from: day("from"), until: day("until") };
}

export function pathOf(filter: Filter): string {
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "")).toString();
  return search === "" ? "/account" : `/account?${search}`;
}

const isOn = (filter: Filter) => Object.values(filter).some((value) => value !== "");

function walletCard(context: Context, wallet: Wallet): HTMLElement {
  const held = difference(wallet.available, wallet.balance);
  const more =
    held === null || isZero(held)
      ? null
      : make(
          "p",
          { class: "wallet-held" },
          `${context.t.balanceWithHeld(money(context, wallet.balance))} · ${context.t.held(money(context, held))}`,
        );
  return make(
    "li",
    { class: "wallet" },
    make(
      "p",
      { class: "wallet-available" },
      make("span", { class: "num" }, money(context, wallet.available)),
      make("span", { class: "wallet-word" }, ` ${context.t.available}`),
    ),
    more,
  );
}

export function paymentRow(context: Context, payment: Payment): HTMLElement {
  const { t } = context;
  const name = payment.merchant?.name ?? payment.counterparty ?? t.paymentKind[payment.kind];
  const kind = t.paymentKind[payment.kind];
  const { sign, amount, tone } = headline(payment);
  const low: (Node | string)[] = [moment(payment.created_at)];
  if (name !== kind) low.push(` · ${kind}`);
  if (payment.kind === "person_to_person" && payment.memo !== "") low.push(` · ${payment.memo}`);
  return make(
    "li",
    {},
    link(
      context,
      `/account/payments/${encodeURIComponent(payment.id)}`,
      "payment",
      make("span", { class: "payment-name" }, name),
      make("span", { class: `payment-amount num ${tone}` }, `${sign}${money(context, amount)}`),
      make("span", { class: "payment-low" }, ...low),
      payment.state === "succeeded"
        ? null
        : make("span", { class: `state ${payment.state}` }, t.paymentState[payment.state]),
    ),
  );
}

function filterForm(context: Context, filter: Filter, changed: (filter: Filter) => void): HTMLElement {
  const { t } = context;
  const search = make("input", {
    id: "q",
    type: "search",
    value: filter.q,
    placeholder: t.history.search,
    "aria-label": t.history.search,
    enterkeyhint: "search",
    maxlength: "60",
  });
  const select = (id: "kind" | "state", names: readonly { value: string; name: string }[]) => {
    const made = make("select", { id }, make("option", { value: "" }, t.history.any));
    for (const { value, name } of names) made.append(make("option", { value }, name));
    made.value = filter[id];
    return made;
  };
  const kind = select(
    "kind",
    kinds.map((value: PaymentKind) => ({ value, name: t.paymentKind[value] })),
  );
  const state = select(
    "state",
    states.map((value: PaymentState) => ({ value, name: t.paymentState[value] })),
  );
  const from = make("input", { id: "from", type: "date", value: filter.from });
  const until = make("input", { id: "until", type: "date", value: filter.until });
  const read = (): Filter => ({
    q: search.value.trim(),
    kind: kind.value,
    state: state.value,
    from: from.value,
    until: until.value,
  });
  const apply = () => changed(read());
  const narrowed = filter.kind !== "" || filter.state !== "" || filter.from !== "" || filter.until !== "";
  const more = make(
    "details",
    narrowed ? { open: "" } : {},
    make("summary", {}, narrowed ? t.history.filterOn : t.history.filter),
    make(
      "div",
      { class: "filter-fields" },
      ...[
        field(t.history.kind, kind),
        field(t.history.state, state),
        field(t.history.from, from),
        field(t.history.until, until),
      ].map(({ element }) => element),
    ),
  );
  for (const control of [kind, state, from, until]) control.addEventListener("change", apply);
  search.addEventListener("search", apply); // the field's own cross
  const form = make("form", { class: "filter", role: "search" }, search, more);
  if (isOn(filter)) form.append(button("link", t.history.clear, () => changed(nothing)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  return form;
}

function history(context: Context, filter: Filter): HTMLElement {
  const { t } = context;
  const rows = make("ul", { class: "payments" });
  const status = make("p", { class: "quiet", role: "status" });
  const more = button("button wide", t.history.more, () => load());
  let cursor: string | null = null;
  let waiting = false;
  more.hidden = true;

  // A page may come back empty and go on: what fits may lie further back.
  const load = () => {
    if (waiting) return;
    waiting = true;
    more.hidden = true;
    status.textContent = rows.childElementCount === 0 ? t.loading : t.history.looking;
    own.payments(filter, cursor).then(
      (page) => {
        waiting = false;
        cursor = page.next_cursor;
        const first = rows.childElementCount;
        rows.append(...page.items.map((payment) => paymentRow(context, payment)));
        if (page.items.length === 0 && cursor !== null && rows.isConnected) return load();
        more.hidden = cursor === null;
        status.textContent = rows.childElementCount > 0 ? "" : isOn(filter) ? t.history.emptyFiltered : t.history.empty;
        if (first > 0) rows.children[first]?.querySelector("a")?.focus();
      },
      (error: unknown) => {
        waiting = false;
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        status.textContent = sentenceFor(error, t);
        more.textContent = t.again;
        more.hidden = false;
      },
    );
  };
  const section = make(
    "section",
    { "aria-labelledby": "history" },
    make("h2", { id: "history" }, t.history.title),
    filterForm(context, filter, (asked) => {
      if (pathOf(asked) !== pathOf(filter)) context.go(pathOf(asked), "replace");
    }),
    rows,
    status,
    more,
  );
  queueMicrotask(load);
  return section;
}

function unsettled(context: Context): HTMLElement | null {
  const { t } = context;
  const open = context.intents.unsettled(context.me.id);
  if (open.length === 0) return null;
  return make(
    "section",
    { class: "card warning", "aria-label": t.unsettled.title },
    ...open.map((intent) =>
      make(
        "p",
        {},
        `${t.unsettled.line(money(context, intent.amount), intent.name ?? intent.to)} `,
        link(context, `/account/confirm/${intent.key}`, "", t.unsettled.look),
      ),
    ),
  );
}

export function home(context: Context, search: string): Screen {
  const { t } = context;
  const wallets = make("ul", { class: "wallets" });
  const draw = () => wallets.replaceChildren(...context.me.wallets.map((wallet) => walletCard(context, wallet)));
  draw();
  // The balances in hand may be older than this screen.
  context.refreshMe().then(draw, () => undefined);
  const element = make(
    "div",
    { class: "home" },
    make("h1", { tabindex: "-1" }, context.me.name),
    locksBanner(context),
    unsettled(context),
    askedOfMe(context),
    make(
      "section",
      { "aria-labelledby": "wallets", class: "money" },
      make("h2", { id: "wallets" }, t.wallets),
      context.me.wallets.length === 0 ? make("p", { class: "quiet" }, t.noWallets) : wallets,
      make(
        "p",
        { class: "actions" },
        link(context, "/account/pay", "button primary", t.pay),
        link(context, "/account/receive", "button", t.receive),
      ),
      make(
        "p",
        { class: "more-actions" },
        link(context, "/account/add", "", cashWords[context.language].add),
        link(context, "/account/withdraw", "", cashWords[context.language].withdraw),
        context.me.wallets.length > 1
          ? link(context, "/account/exchange", "", cashWords[context.language].exchange)
          : null,
        ...laterLinks(context),
      ),
      statementForm(context),
    ),
    make(
      "section",
      { "aria-labelledby": "about-me", class: "card about-me" },
      make("h2", { id: "about-me" }, accessWords[context.language].aboutMe),
      make(
        "p",
        { class: "more-actions" },
        link(context, "/account/requests", "", changeWords[context.language].requests.title),
        link(context, "/account/details", "", changeWords[context.language].details.title),
        link(context, "/account/identity", "", identityWords[context.language].link),
        link(context, "/account/security", "", accessWords[context.language].security.title),
        link(context, "/account/two-step", "", factorWords[context.language].section.title),
      ),
      lockMyself(context),
    ),
    history(context, filterOf(search)),
  );
  return { title: t.title, element };
}
