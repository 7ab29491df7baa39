// SPDX-License-Identifier: Apache-2.0
// What the level allows, what was used of it and what is left.
import { isCode } from "../api/http";
import type { Answer, Limit } from "../api/types";
import { make } from "../dom";
import { own } from "./api";
import { button, money, sentenceFor, type Context, type Screen } from "./context";
import { page, usedPercent } from "./parts";
import { requestWords } from "./words_requests";

function bar(percent: number, label: string): HTMLElement {
  const filled = make("span", { class: "bar-used" });
  filled.style.width = `${percent}%`; // a style attribute would be refused by the page's policy
  return make(
    "div",
    {
      class: percent >= 100 ? "bar full" : "bar",
      role: "meter",
      "aria-label": label,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-valuenow": String(percent),
    },
    filled,
  );
}

function limitRow(context: Context, limit: Limit): HTMLElement {
  const w = requestWords[context.language].limit;
  const name = `${w.operation[limit.operation]}, ${w.window[limit.window]}`;
  const parts: (HTMLElement | null)[] = [make("p", { class: "limit-name" }, `${name} · ${limit.currency}`)];
  if (limit.amount !== null && limit.window === "item") {
    parts.push(make("p", { class: "num" }, w.atMost(money(context, limit.amount))));
  } else if (limit.amount !== null && limit.amount_left !== null) {
    parts.push(
      make("p", { class: "num" }, w.left(money(context, limit.amount_left), limit.window)),
      bar(usedPercent(limit.amount_used.amount, limit.amount.amount), name),
      make("p", { class: "hint num" }, w.of(money(context, limit.amount_used), money(context, limit.amount))),
    );
  }
  if (limit.count !== null && limit.count_left !== null) {
    parts.push(make("p", { class: "hint num" }, w.times(limit.count_left, limit.window)));
  }
  return make("li", { class: "limit" }, ...parts);
}

function shown(context: Context, limits: Answer<"ownLimits">): HTMLElement[] {
  const w = requestWords[context.language].limit;
  const rows = [
    ...limits.limits.map((limit) => limitRow(context, limit)),
    ...limits.balances.map((held) =>
      make(
        "li",
        { class: "limit" },
        make("p", { class: "limit-name" }, `${w.balance} · ${held.currency}`),
        bar(usedPercent(held.amount_used.amount, held.amount.amount), w.balance),
        make("p", { class: "hint num" }, w.of(money(context, held.amount_used), money(context, held.amount))),
      ),
    ),
  ];
  return [
    make("p", { class: "quiet" }, w.line(limits.level)),
    rows.length === 0 ? make("p", { class: "quiet" }, w.none) : make("ul", { class: "card" }, ...rows),
  ];
}

export function limitsScreen(context: Context): Screen {
  const { t } = context;
  const body = make("div", { class: "stack" });
  const load = () => {
    body.replaceChildren(make("p", { class: "quiet", role: "status" }, t.loading));
    own.limits().then(
      (limits) => body.replaceChildren(...shown(context, limits)),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        body.replaceChildren(
          make("p", { class: "error", role: "alert" }, sentenceFor(error, t)),
          button("button", t.again, load),
        );
      },
    );
  };
  load();
  return page(context, requestWords[context.language].limits, body);
}
