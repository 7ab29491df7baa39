// SPDX-License-Identifier: Apache-2.0
// The second factor as people show it: a code, a passkey, a recovery code. Stands in the sign-in and in the step up.
import { isCode } from "../api/http";
import type { PasskeyAnswer, PasskeyQuestion } from "../api/types";
import { make } from "../dom";
import { button, field, sentenceFor } from "./context";
import type { FactorWords } from "./factor_words";
import { answerPasskey, passkeysKnown } from "./passkey";
import type { AccountWords } from "./words";

export interface Step {
  totp?: string;
  recovery_code?: string;
  passkey?: PasskeyAnswer;
}
export interface Possible {
  app: boolean;
  recovery_code: boolean;
  passkey: PasskeyQuestion | null;
}

// Full-width digits as Chinese keyboards write them, blanks as apps show them.
export const plainCode = (typed: string): string =>
  typed.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\s/g, "");

// `show` answers when the step was taken, else throws; a question to a passkey is good for one answer, so after that
// `askAgain` draws the whole anew with its sentence. `id` keeps the fields of two such parts on a page apart.
export function secondStep(
  t: AccountWords,
  w: FactorWords["second"],
  id: string,
  possible: Possible,
  show: (step: Step) => Promise<void>,
  askAgain: (sentence: string) => void,
  sentence = "",
): HTMLElement {
  const problem = make("p", { class: "error", role: "alert" }, sentence);
  const part = make("div", { class: "stack" });
  let busy = false;
  const take = (step: Step, focus: HTMLInputElement | null): void => {
    if (busy) return;
    busy = true;
    problem.textContent = "";
    show(step)
      .catch((error: unknown) => {
        if (step.passkey !== undefined) return askAgain(sentenceFor(error, t));
        problem.textContent = sentenceFor(error, t);
        if (focus !== null && !isCode(error, "too_many_requests")) {
          focus.focus();
          focus.select();
        }
      })
      .finally(() => (busy = false));
  };

  const codeForm = (kind: "totp" | "recovery_code"): HTMLElement => {
    const input = make("input", {
      id: `${id}-${kind}`,
      type: "text",
      autocomplete: kind === "totp" ? "one-time-code" : "off",
      inputmode: kind === "totp" ? "numeric" : "text",
      autocapitalize: "none",
      spellcheck: "false",
      maxlength: kind === "totp" ? "12" : "40",
    });
    const named = kind === "totp" ? field(w.code, input, w.codeHint) : field(w.recovery, input, w.recoveryHint);
    const form = make(
      "form",
      { class: "stack", novalidate: "" },
      named.element,
      make("button", { type: "submit", class: "button primary wide" }, w.go),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = plainCode(input.value);
      named.wrong(typed === "" ? w.empty : "");
      if (typed === "") return input.focus();
      take({ [kind]: typed }, input);
    });
    return form;
  };
  const question = possible.passkey;
  const byPasskey =
    question !== null && passkeysKnown()
      ? button(possible.app ? "button wide" : "button primary wide", w.usePasskey, () => {
          problem.textContent = "";
          answerPasskey(question).then(
            (passkey) => {
              if (passkey === null) problem.textContent = w.turnedAway;
              else take({ passkey }, null);
            },
            (error: unknown) => (problem.textContent = sentenceFor(error, t)),
          );
        })
      : null;

  const draw = (kind: "totp" | "recovery_code" | null, focus: boolean): void => {
    const other =
      kind !== "recovery_code" && possible.recovery_code
        ? button("link", w.useRecovery, () => draw("recovery_code", true))
        : kind === "recovery_code" && possible.app
          ? button("link", w.useCode, () => draw("totp", true))
          : null;
    part.replaceChildren(
      ...[kind === null ? null : codeForm(kind), byPasskey, problem, other].filter((one) => one !== null),
    );
    if (focus) part.querySelector("input")?.focus();
  };
  draw(possible.app ? "totp" : byPasskey === null && possible.recovery_code ? "recovery_code" : null, false);
  return part;
}
