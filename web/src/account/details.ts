// SPDX-License-Identifier: Apache-2.0
// What stands of the customer, and how it is changed: language and zone at once, the mail address by a long way.
import { isCode, newKey } from "../api/http";
import type { Answer, Body } from "../api/types";
import { make } from "../dom";
import type { SiteLanguage } from "../i18n/choice";
import { save } from "../format/statement";
import { shownMoment } from "../format/time";
import { button, field, moment, sentenceFor, type Context, type Screen } from "./context";
import { details } from "./link_api";
import { addressInput, list, page } from "./parts";
import { withStepUp } from "./step_up";
import { words } from "./words";
import { changeWords } from "./words_changes";

type Change = Answer<"askChange">;

export function detailsScreen(context: Context): Screen {
  const w = changeWords[context.language].details;
  const changes = list(context, w.none, details.list, (change: Change) => row(context, change, () => changes.reload()));
  return page(
    context,
    w.title,
    addressForm(context, () => changes.reload()),
    atOnce(context, () => changes.reload()),
    make("section", {}, make("h2", {}, w.history), changes.element),
    copyOfMine(context),
  );
}

// All that is stored about the customer, as a file to keep.
function copyOfMine(context: Context): HTMLElement {
  const w = changeWords[context.language].details.copy;
  const status = make("p", { role: "status" });
  const problem = make("p", { class: "error", role: "alert" });
  const ask = (): void => {
    get.disabled = true;
    status.textContent = problem.textContent = "";
    withStepUp(context, details.copy)
      .then(
        (copy) => {
          if (copy === null) return; // turned away from the second step
          save(copy.file, "okpay-copy.json");
          status.textContent = context.t.statement.done;
        },
        (error: unknown) => {
          if (isCode(error, "not_signed_in")) context.sessionEnded(ask);
          else problem.textContent = sentenceFor(error, context.t);
        },
      )
      .finally(() => (get.disabled = false));
  };
  const get = button("button", w.get, ask);
  return make(
    "section",
    { class: "card" },
    make("h2", {}, w.title),
    make("p", { class: "quiet" }, w.line),
    get,
    status,
    problem,
  );
}

// One change at a time, under one key until it is answered.
function asker(context: Context, problem: HTMLElement, said: HTMLElement, done: () => void) {
  const w = changeWords[context.language].details;
  let key = newKey();
  const ask = (kind: Body<"askChange">["kind"], value: string, sentence: string): Promise<boolean> => {
    problem.textContent = said.textContent = "";
    return withStepUp(context, () => details.ask({ kind, value }, key)).then(
      (asked) => {
        if (asked === null) return false; // nothing was asked for: the same key may ask once more
        key = newKey();
        said.textContent = sentence;
        done();
        return true;
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) context.sessionEnded(() => void ask(kind, value, sentence));
        else if (isCode(error, "malformed")) problem.textContent = kind === "contact" ? w.badAddress : "";
        else problem.textContent = sentenceFor(error, context.t);
        key = newKey();
        return false;
      },
    );
  };
  return ask;
}

function addressForm(context: Context, done: () => void): HTMLElement {
  const w = changeWords[context.language].details;
  const address = addressInput("new-address");
  const typed = field(w.newAddress, address);
  const problem = make("p", { class: "error", role: "alert" });
  const said = make("p", { role: "status" });
  const enter = make("button", { type: "submit", class: "button primary" }, w.ask);
  const ask = asker(context, problem, said, done);
  const form = make(
    "form",
    { class: "card", novalidate: "" },
    make(
      "dl",
      { class: "facts" },
      make("div", { class: "fact" }, make("dt", {}, w.address), make("dd", {}, context.me.email)),
    ),
    typed.element,
    make("p", { class: "hint" }, w.how),
    problem,
    said,
    enter,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = address.value.trim();
    const good = /^[^\s@]+@[^\s@]+$/.test(value);
    typed.wrong(good ? "" : w.badAddress);
    if (!good) return address.focus();
    enter.disabled = true;
    void ask("contact", value, w.asked(value))
      .then((asked) => asked && (address.value = ""))
      .finally(() => (enter.disabled = false));
  });
  return form;
}

function atOnce(context: Context, done: () => void): HTMLElement {
  const w = changeWords[context.language].details;
  const language = make("select", { id: "mail-language" });
  for (const one of Object.keys(words) as SiteLanguage[])
    language.append(make("option", { value: one, lang: one }, words[one].name));
  language.value = context.me.language;
  const zone = make("select", { id: "zone" });
  const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  for (const one of new Set([context.me.zone, ...zones])) zone.append(make("option", { value: one }, one));
  zone.value = context.me.zone;
  const problem = make("p", { class: "error", role: "alert" });
  const said = make("p", { role: "status" });
  const ask = asker(context, problem, said, () => {
    void context.refreshMe().catch(() => undefined);
    done();
  });
  language.addEventListener("change", () => void ask("language", language.value, w.saved));
  zone.addEventListener("change", () => void ask("zone", zone.value, w.saved));
  return make(
    "div",
    { class: "card" },
    field(w.language, language).element,
    field(w.zone, zone).element,
    problem,
    said,
  );
}

function row(context: Context, change: Change, done: () => void): HTMLElement {
  const w = changeWords[context.language].details;
  const due =
    change.due_at === null
      ? null
      : change.state === "held"
        ? w.dueHeld(shownMoment(change.due_at))
        : (change.kind === "phone" ? w.dueProvingPhone : w.dueProving)(shownMoment(change.due_at));
  const state = change.kind === "phone" && change.state === "proving" ? w.provingPhone : w.state[change.state];
  // A first number replaces none, and a removed one is replaced by none.
  const [from, to] = [change.from, change.to].map((value) => value || w.noNumber);
  const problem = make("span", { class: "error", role: "alert" });
  const cancel = button("link", w.cancel, () => {
    cancel.disabled = true;
    details.cancel(change.id).then(done, (error: unknown) => {
      cancel.disabled = false;
      if (isCode(error, "not_signed_in")) context.sessionEnded(() => undefined);
      else problem.textContent = sentenceFor(error, context.t);
    });
  });
  return make(
    "li",
    { class: "change" },
    make("p", {}, make("strong", {}, w.kind[change.kind]), ` · ${state}`),
    make("p", { class: "change-value" }, `${from} → ${to}`),
    make("p", { class: "quiet" }, moment(change.asked_at), due === null ? "" : ` · ${due}`),
    problem,
    change.due_at === null ? null : cancel,
  );
}
