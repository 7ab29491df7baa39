// SPDX-License-Identifier: Apache-2.0
// Transfers that are made later, once or again and again: make one, see when the next is, end it.
import { isCode, newKey } from "../api/http";
import type { ScheduledTransfer } from "../api/types";
import { make } from "../dom";
import { own } from "./api";
import { button, field, money, sentenceFor, type Context, type Screen } from "./context";
import { addressInput, amountField, dayWords, list, page } from "./parts";
import { requestWords } from "./words_requests";

type Every = ScheduledTransfer["every"];

const two = (n: number) => String(n).padStart(2, "0");
const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

// How many times: 0 for "until I end it"; null where it is no such number.
export function timesOf(text: string): number | null {
  const plain = text.trim();
  if (plain === "") return 0;
  const count = /^\d{1,4}$/.test(plain) ? Number(plain) : 0;
  return count >= 1 && count <= 1000 ? count : null;
}

function form(context: Context, made: () => void): HTMLElement {
  const { t } = context;
  const w = requestWords[context.language].schedule;
  const to = addressInput("to");
  const toField = field(t.send.to, to);
  const amount = amountField(context);
  const first = make("input", { id: "first", type: "date", min: today(), value: today() });
  const firstField = field(w.first, first);
  const every = make("select", { id: "every" });
  for (const one of ["once", "day", "week", "month"] as const)
    every.append(make("option", { value: one }, w.everyName[one]));
  every.value = "month";
  const everyField = field(w.every, every, w.monthEnd);
  const times = make("input", { id: "times", type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "4" });
  const timesField = field(`${w.times} (${t.send.optional})`, times, w.timesHint);
  const note = make("input", { id: "note", type: "text", autocomplete: "off", maxlength: "100" });
  const status = make("p", { class: "error", "aria-live": "polite" });
  const element = make(
    "form",
    { class: "card", novalidate: "" },
    make("p", { class: "quiet" }, w.line),
    toField.element,
    amount.elements,
    make("div", { class: "pair even" }, firstField.element, everyField.element),
    timesField.element,
    field(`${t.send.note} (${t.send.optional})`, note).element,
    status,
    make("button", { type: "submit", class: "button primary wide" }, w.make),
  );
  every.addEventListener("change", () => (timesField.element.hidden = every.value === "once"));
  let key = newKey(); // of this intention: the same again until it is made
  let waiting = false;
  element.addEventListener("input", () => (key = newKey()));
  const send = () => {
    const payee = to.value.trim();
    toField.wrong(payee === "" ? t.send.needTo : /^\S+@\S+\.\S+$/.test(payee) ? "" : t.send.badTo);
    const sent = amount.read();
    firstField.wrong(first.value < today() ? w.badDay : "");
    const count = every.value === "once" ? 1 : timesOf(times.value);
    timesField.wrong(count === null ? w.badTimes : "");
    if (element.querySelector("[aria-invalid]") !== null || sent === null || count === null) {
      return element.querySelector<HTMLElement>("[aria-invalid]")?.focus();
    }
    if (waiting) return;
    waiting = true;
    status.textContent = "";
    own
      .schedule(
        {
          to: payee,
          amount: sent,
          memo: note.value.trim(),
          first_on: first.value,
          every: every.value as Every,
          times: count,
        },
        key,
      )
      .then(
        () => {
          to.value = "";
          note.value = "";
          amount.clear();
          key = newKey();
          made();
        },
        (error: unknown) => {
          if (isCode(error, "not_signed_in")) return context.sessionEnded(send);
          status.textContent = sentenceFor(error, t);
        },
      )
      .finally(() => (waiting = false));
  };
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return element;
}

function row(context: Context, schedule: ScheduledTransfer, changed: () => void): HTMLElement {
  const { t } = context;
  const w = requestWords[context.language].schedule;
  const problem = make("span", { class: "payment-low" });
  const end = button("link", w.end, () => {
    own.endSchedule(schedule.id).then(changed, (error: unknown) => {
      if (isCode(error, "not_signed_in")) return context.sessionEnded(changed);
      problem.textContent = sentenceFor(error, t);
    });
  });
  end.setAttribute("aria-label", `${w.end}: ${schedule.payee_name}, ${money(context, schedule.amount)}`);
  const next = schedule.next_on === null ? w.state[schedule.state] : w.next(dayWords(schedule.next_on, t.locale));
  const count = schedule.times > 1 ? ` · ${w.of(schedule.done, schedule.times)}` : "";
  const reason = schedule.last?.reason ?? null;
  const why = reason === null ? "" : ((t.refusal as Record<string, string | undefined>)[reason] ?? "");
  const last = schedule.last === null ? "" : w.last[schedule.last.outcome];
  return make(
    "li",
    {},
    make(
      "div",
      { class: "payment scheduled" },
      make("span", { class: "payment-name" }, schedule.payee_name),
      make("span", { class: "payment-amount num" }, money(context, schedule.amount)),
      make(
        "span",
        { class: "payment-low" },
        `${w.everyName[schedule.every]}${count}${schedule.memo === "" ? "" : ` · ${schedule.memo}`}`,
      ),
      make("span", { class: "payment-low next" }, next),
      last === "" ? null : make("span", { class: "payment-low" }, `${last} ${why}`),
      problem,
      schedule.state === "active" ? end : null,
    ),
  );
}

export function schedulesScreen(context: Context): Screen {
  const w = requestWords[context.language];
  const listed = list(
    context,
    w.schedule.none,
    (cursor) => own.schedules(cursor),
    (schedule) => row(context, schedule, () => listed.reload()),
  );
  return page(context, w.later, listed.element, form(context, listed.reload));
}
