// SPDX-License-Identifier: Apache-2.0
// "Is it you?": a dialog in front of the screen that asked for it. The session goes on under a new cookie.
import { ApiError, isCode } from "../api/http";
import { make } from "../dom";
import { button, field, link, sentenceFor, type Context } from "./context";
import { factorWords } from "./factor_words";
import { factors } from "./factors_api";
import { secondStep, type Step } from "./second_step";

const isStepUp = (error: unknown): error is ApiError => isCode(error, "step_up_required");

// True once it was shown; false where the customer turned away.
export function stepUp(context: Context, asked: ApiError): Promise<boolean> {
  const { t } = context;
  const words = factorWords[context.language];
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "step-up-title" });
  return new Promise((answered) => {
    let shown = false;
    const done = () => {
      shown = true;
      dialog.close();
    };
    const fill = (title: string, ...parts: (HTMLElement | null)[]): void => {
      dialog.replaceChildren(
        ...[
          make("h2", { id: "step-up-title", tabindex: "-1" }, title),
          ...parts,
          button("link centred", words.stepUp.cancel, () => dialog.close()),
        ].filter((one) => one !== null),
      );
      (dialog.querySelector("input") ?? dialog.querySelector("h2"))?.focus();
    };
    const passwordForm = (): HTMLElement => {
      const password = make("input", { id: "step-up-password", type: "password", autocomplete: "current-password" });
      const named = field(words.stepUp.password, password);
      const form = make(
        "form",
        { class: "stack", novalidate: "" },
        make("p", { class: "quiet" }, words.stepUp.passwordLine),
        named.element,
        make("button", { type: "submit", class: "button primary wide" }, words.second.go),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (password.value === "") return password.focus();
        named.wrong("");
        factors.stepUp({ password: password.value }).then(done, (error: unknown) => {
          named.wrong(sentenceFor(error, t));
          password.select();
        });
      });
      return form;
    };
    const ask = (sentence = ""): void => {
      factors.askStepUp().then(
        (possible) => {
          if (possible.password && asked.problem?.needed === "a3") {
            const set = link(context, "/account/two-step", "button primary wide", words.none.go);
            set.addEventListener("click", () => dialog.close());
            return fill(words.none.title, make("p", {}, words.none.line), set);
          }
          if (possible.password) return fill(words.stepUp.title, passwordForm());
          const show = async (step: Step) => {
            await factors.stepUp(step);
            done();
          };
          const ways = { app: possible.app, recovery_code: false, passkey: possible.passkey };
          const form = secondStep(t, words.second, "step-up", ways, show, ask, sentence);
          fill(words.stepUp.title, make("p", { class: "quiet" }, words.stepUp.line), form);
        },
        (error: unknown) => {
          if (!isCode(error, "not_signed_in"))
            return fill(words.stepUp.title, make("p", { class: "error" }, sentenceFor(error, t)));
          dialog.close();
          context.sessionEnded(() => undefined);
        },
      );
    };
    dialog.addEventListener("close", () => {
      dialog.remove();
      answered(shown);
    });
    document.body.append(dialog);
    dialog.showModal();
    ask();
  });
}

// Does it, asks for the factor where that is needed, and does it again. Null where the customer turned away.
export async function withStepUp<Done>(context: Context, act: () => Promise<Done>): Promise<Done | null> {
  try {
    return await act();
  } catch (error) {
    if (!isStepUp(error)) throw error;
    return (await stepUp(context, error)) ? act() : null;
  }
}
