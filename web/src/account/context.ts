// SPDX-License-Identifier: Apache-2.0
// What the screens share: the words, who is signed in, where to go, and what is kept for a reload.
import { ApiError } from "../api/http";
import type { CustomerWithWallets, Site } from "../api/types";
import { make, type Child } from "../dom";
import { shownAmount, type Amount } from "../format/money";
import { shownMoment } from "../format/time";
import type { SiteLanguage } from "../i18n/choice";
import type { Intents } from "./intent";
import type { AccountWords } from "./words";

export interface Context {
  language: SiteLanguage;
  t: AccountWords;
  me: CustomerWithWallets;
  site: Site | null;
  intents: Intents;
  go: (path: string, how?: "push" | "replace") => void;
  refreshMe: () => Promise<void>;
  // Shows the sign-in in place of the screen, which stays as it is; `again` runs once the same person is back.
  sessionEnded: (again: () => void) => void;
  redrawLocks?: () => void; // of the screen that shows them
}

export interface Screen {
  title: string;
  element: HTMLElement;
  close?: () => void; // timers end here
}

export const money = (context: Context, amount: Amount): string =>
  shownAmount(amount, context.language === "en" ? "en" : context.language === "zh-Hant" ? "zh-Hant" : "zh");

export const moment = (iso: string): HTMLElement =>
  make("time", { class: "num", datetime: iso, title: iso }, shownMoment(iso));

export function sentenceFor(error: unknown, t: AccountWords): string {
  const code = error instanceof ApiError ? error.code : "unreachable";
  return t.error[code] ?? (t.refusal as Record<string, string | undefined>)[code] ?? t.error["other"] ?? code;
}

export function link(context: Context, path: string, className: string, ...children: Child[]): HTMLAnchorElement {
  const anchor = make("a", { href: path, class: className }, ...children);
  anchor.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    context.go(path);
  });
  return anchor;
}

export function button(className: string, label: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: className }, label);
  made.addEventListener("click", act);
  return made;
}

// A labelled control with room for a hint and for what is wrong with it.
export function field(
  label: string,
  control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement,
  hint = "",
): { element: HTMLElement; wrong: (sentence: string) => void } {
  const id = control.id;
  const problem = make("p", { class: "error", id: `${id}-wrong`, "aria-live": "polite" });
  const below = hint === "" ? null : make("p", { class: "hint", id: `${id}-hint` }, hint);
  control.setAttribute("aria-describedby", below === null ? `${id}-wrong` : `${id}-hint ${id}-wrong`);
  return {
    element: make("div", { class: "field" }, make("label", { for: id }, label), control, below, problem),
    wrong: (sentence) => {
      problem.textContent = sentence;
      if (sentence === "") control.removeAttribute("aria-invalid");
      else control.setAttribute("aria-invalid", "true");
    },
  };
}

export function copyButton(context: Context, className: string, label: string, text: string): HTMLButtonElement {
  const made = button(className, label, () => {
    navigator.clipboard?.writeText(text).then(
      () => (made.textContent = context.t.payment.copied),
      () => undefined,
    );
  });
  return made;
}

// What was typed, kept for a reload in this tab, and for its owner alone.
export const drafts = {
  keep(name: string, owner: string, value: unknown): void {
    try {
      sessionStorage.setItem(`okpay.draft.${name}`, JSON.stringify({ owner, value }));
    } catch {
      // typed again then
    }
  },
  find<Value>(name: string, owner: string): Value | null {
    try {
      const kept = JSON.parse(sessionStorage.getItem(`okpay.draft.${name}`) ?? "null") as {
        owner: string;
        value: Value;
      } | null;
      return kept !== null && kept.owner === owner ? kept.value : null;
    } catch {
      return null;
    }
  },
  drop(name: string): void {
    try {
      sessionStorage.removeItem(`okpay.draft.${name}`);
    } catch {
      // nothing was kept
    }
  },
};
