// SPDX-License-Identifier: Apache-2.0
// The telephone number in the security centre: given, proven by a code, changed and removed behind a waiting time.
import { ApiError, isCode, newKey } from "../api/http";
import type { Answer } from "../api/types";
import { make, type Child } from "../dom";
import { shownMoment } from "../format/time";
import { own } from "./api";
import { button, field, sentenceFor, type Context } from "./context";
import { details } from "./link_api";
import { withStepUp } from "./step_up";
import { codeTyped, numberTyped } from "./phone_typed";
import { phoneWords } from "./words_phone";

type Phone = Answer<"ownPhone">;
type Pending = NonNullable<Phone["pending"]>;

// Whether the server has decided; a lost answer, or a failure of its own, may stand for something that was done.
const isAnswer = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

export function phone(context: Context): HTMLElement {
  const w = phoneWords[context.language];
  const body = make("div", { class: "stack" });
  const status = make("p", { class: "error", role: "alert" });
  const show = (...children: Child[]) => body.replaceChildren(...children.filter((child) => child !== null));

  // Does it, and shows how the number stands then; what went wrong is said where `wrong` does not.
  const act = (what: () => Promise<Phone | null>, wrong: (error: unknown) => boolean = () => false): Promise<void> => {
    status.textContent = "";
    return what().then(
      (now) => {
        if (now !== null) render(now);
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(load);
        if (!wrong(error)) status.textContent = sentenceFor(error, context.t);
      },
    );
  };
  const load = () => void act(own.phone);

  const askForm = (now: Phone): HTMLElement => {
    const input = make("input", { id: "phone-number", type: "tel", autocomplete: "tel", maxlength: "40" });
    const typed = field(w.field, input, w.fieldHint);
    const submit = make("button", { type: "submit", class: "button wide" }, w.send);
    const form = make("form", { class: "stack", novalidate: "" }, typed.element, submit);
    let key = newKey();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const number = numberTyped(input.value);
      typed.wrong(number === null ? w.badNumber : "");
      if (number === null || submit.disabled) return input.focus();
      submit.disabled = true;
      void act(
        () => withStepUp(context, () => own.askPhone({ number }, key)),
        (error) => {
          if (isAnswer(error)) key = newKey(); // a lost answer: the same key asks for no second change
          if (isCode(error, "change_open")) load();
          if (!isCode(error, "malformed")) return false;
          typed.wrong(w.badNumber);
          return true;
        },
      ).finally(() => (submit.disabled = false));
    });
    return make("details", {}, make("summary", {}, now.number === null ? w.add : w.change), form);
  };

  const codeForm = (pending: Pending, code: NonNullable<Pending["code"]>): HTMLElement => {
    const input = make("input", {
      id: "phone-code",
      type: "text",
      inputmode: "numeric",
      autocomplete: "one-time-code",
      maxlength: "20",
    });
    const typed = field(w.codeField, input, w.codeHint(shownMoment(code.expires_at)));
    const submit = make("button", { type: "submit", class: "button primary wide" }, w.confirm);
    const form = make(
      "form",
      { class: "stack", novalidate: "" },
      make("p", { role: "status" }, w.codeTo(pending.number)),
      typed.element,
      submit,
    );
    let left = code.tries_left;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const digits = codeTyped(input.value);
      typed.wrong(digits === null ? w.badCode : "");
      if (digits === null || submit.disabled) return input.focus();
      submit.disabled = true;
      void act(
        () => own.confirmPhone({ code: digits }),
        (error) => {
          if (isCode(error, "phone_code_wrong")) typed.wrong(w.wrongCode((left -= 1)));
          else if (isCode(error, "phone_code_ended")) typed.wrong(w.codeEnded);
          else if (isCode(error, "phone_at_many_accounts")) typed.wrong(w.many);
          else {
            if (!isAnswer(error)) load(); // it may have been confirmed
            return false;
          }
          input.focus();
          return true;
        },
      ).finally(() => (submit.disabled = false));
    });
    const again =
      code.next_at === null
        ? make("p", { class: "hint" }, w.noMore)
        : make(
            "div",
            {},
            button("link", w.again, () => void act(() => withStepUp(context, own.sendPhoneCode))),
            make("p", { class: "hint num" }, w.againAt(shownMoment(code.next_at))),
          );
    return make("div", { class: "stack" }, form, again);
  };

  const back = (pending: Pending) =>
    button("link", w.back, () => void act(() => details.cancel(pending.id).then(own.phone)));

  const held = (pending: Pending): HTMLElement => {
    const at = pending.due_at === null ? "" : shownMoment(pending.due_at);
    const line = pending.removes ? w.heldRemoval(at) : w.heldChange(pending.number, at);
    return make("p", { class: "notice", role: "status" }, line);
  };

  const removal = (): HTMLElement =>
    make(
      "details",
      {},
      make("summary", {}, w.remove),
      make("p", { class: "hint" }, w.removeLine),
      button("button wide", w.remove, () => void act(() => withStepUp(context, own.removePhone))),
    );

  const render = (now: Phone): void => {
    const pending = now.pending;
    show(
      now.number === null
        ? make("p", {}, w.none)
        : make(
            "p",
            { class: "num" },
            make("strong", {}, now.number),
            " ",
            w.since(shownMoment(now.confirmed_at ?? "")),
          ),
      pending === null ? askForm(now) : pending.code === null ? held(pending) : codeForm(pending, pending.code),
      pending === null ? null : back(pending),
      pending === null && now.number !== null ? removal() : null,
    );
  };

  show(make("p", { class: "quiet", role: "status" }, context.t.loading));
  load();
  return make(
    "section",
    { class: "card" },
    make("h2", {}, w.title),
    make("p", { class: "quiet" }, w.line),
    body,
    status,
  );
}
