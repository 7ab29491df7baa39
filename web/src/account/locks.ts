// SPDX-License-Identifier: Apache-2.0
// What is locked, why and what to do; and the customer's own lock. Nothing is measured here: the server says it.
import { isCode } from "../api/http";
import type { OwnLock } from "../api/types";
import { make } from "../dom";
import { shownMoment } from "../format/time";
import { own } from "./api";
import { button, sentenceFor, type Context } from "./context";
import { withStepUp } from "./step_up";
import { lockWords } from "./words_locks";

function oneLock(context: Context, lock: OwnLock, changed: () => void): HTMLElement {
  const w = lockWords[context.language];
  const wrong = make("p", { class: "error", role: "alert" });
  const parts: (HTMLElement | null)[] = [
    make("p", {}, make("strong", {}, w.scope[lock.scope]), ` ${w.message[lock.message_code]}`),
    make("p", { class: "hint" }, w.since(shownMoment(lock.placed_at))),
  ];
  if (lock.message_code === "own_wish") {
    const end = button("button", w.end, () => {
      end.disabled = true;
      withStepUp(context, () => own.endLock(lock.id)).then(
        (ended) => {
          end.disabled = false;
          if (ended !== null) changed();
        },
        (error: unknown) => {
          end.disabled = false;
          if (isCode(error, "not_signed_in")) return context.sessionEnded(() => undefined);
          wrong.textContent = sentenceFor(error, context.t);
        },
      );
    });
    parts.push(make("p", { class: "actions" }, end), wrong);
  } else {
    parts.push(make("p", {}, lock.request_number === null ? w.write : w.answer(lock.request_number)));
    if (lock.review_at !== null) parts.push(make("p", { class: "hint" }, w.review(shownMoment(lock.review_at))));
  }
  return make("li", {}, ...parts);
}

// Empty, and not there for a reader, while nothing is locked.
export function locksBanner(context: Context): HTMLElement {
  const w = lockWords[context.language];
  const banner = make("section", { class: "card warning", "aria-label": w.title, hidden: "" });
  const draw = () => {
    own.locks().then(
      ({ items }) => {
        const standing = items.filter((lock) => lock.state === "active");
        banner.hidden = standing.length === 0;
        banner.replaceChildren(
          make("h2", {}, w.title),
          make("ul", { class: "plain-list" }, ...standing.map((lock) => oneLock(context, lock, draw))),
          make("p", { class: "hint" }, w.safe),
        );
      },
      () => undefined, // the refusal of a payment says it as well
    );
  };
  context.redrawLocks = draw;
  draw();
  return banner;
}

export function lockMyself(context: Context): HTMLElement {
  const w = lockWords[context.language];
  const wrong = make("p", { class: "error", role: "alert" });
  const lock = button("button", w.lock, () => {
    lock.disabled = true;
    own.lockMyself().then(
      () => {
        lock.disabled = false;
        details.open = false;
        context.redrawLocks?.();
        window.scrollTo({ top: 0 });
      },
      (error: unknown) => {
        lock.disabled = false;
        if (isCode(error, "not_signed_in")) return context.sessionEnded(() => undefined);
        wrong.textContent = sentenceFor(error, context.t);
      },
    );
  });
  const details = make("details", {}, make("summary", {}, w.lockTitle), make("p", {}, w.lockLine), lock, wrong);
  return details;
}
