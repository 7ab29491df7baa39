// SPDX-License-Identifier: Apache-2.0
import { ApiError, isCode } from "../api/http";
import type { Site } from "../api/types";
import { make } from "../dom";
import type { SiteLanguage } from "../i18n/choice";
import { own } from "./api";
import { button, field, sentenceFor } from "./context";
import { factorWords } from "./factor_words";
import { factors } from "./factors_api";
import { answerPasskey, offersInField, passkeysKnown } from "./passkey";
import { secondStep, type Possible, type Step } from "./second_step";
import type { AccountWords } from "./words";
import { accessWords } from "./words_access";

export interface Ways {
  entered: () => void; // someone is in
  go: (path: string) => void;
  site: Site | null;
}

// `notice` says why one stands at this door.
export function signInPanel(t: AccountWords, language: SiteLanguage, notice: string, ways: Ways): HTMLElement {
  const w = factorWords[language];
  const a = accessWords[language];
  const { entered } = ways;
  const email = make("input", {
    id: "email",
    type: "email",
    autocomplete: "username webauthn",
    inputmode: "email",
    autocapitalize: "none",
    spellcheck: "false",
    required: "",
    maxlength: "254",
  });
  const password = make("input", { id: "password", type: "password", autocomplete: "current-password", required: "" });
  const show = make("button", { type: "button", class: "show", "aria-pressed": "false" }, t.signIn.show);
  show.addEventListener("click", () => {
    const shown = password.type === "text";
    password.type = shown ? "password" : "text";
    show.textContent = shown ? t.signIn.show : t.signIn.hide;
    show.setAttribute("aria-pressed", String(!shown));
  });
  const passwordField = make(
    "div",
    { class: "field" },
    make("label", { for: "password" }, t.signIn.password),
    make("div", { class: "with-button" }, password, show),
  );
  const problem = make("p", { class: "error", role: "alert" });
  const enter = make("button", { type: "submit", class: "button primary wide" }, t.signIn.enter);
  const withPasskey = passkeysKnown() ? button("button wide", w.byPasskey, () => void byPasskey()) : null;
  const form = make(
    "form",
    { class: "card door", novalidate: "" },
    make("h1", { tabindex: "-1" }, t.signIn.title),
    notice === "" ? null : make("p", { class: "notice", role: "status" }, notice),
    field(t.signIn.email, email).element,
    passwordField,
    problem,
    enter,
    withPasskey,
    make(
      "div",
      { class: "ways" },
      button("link", a.forgotten.ask, () => ways.go("/account/forgotten")),
      ways.site?.sign_up === true ? button("link", a.signUp.open, () => ways.go("/account/sign-up")) : null,
    ),
  );
  const panel = make("div", { class: "doorway" }, form);

  // --- the second step, in place of the first
  const signIn = (step: Step) => own.signIn({ email: email.value, password: password.value, ...step });
  const asks = (error: unknown): Possible | null =>
    isCode(error, "second_factor_required") && error instanceof ApiError ? (error.problem?.factors ?? null) : null;
  const second = (possible: Possible, sentence = ""): void => {
    const again = (told: string) =>
      void signIn({}).then(entered, (error: unknown) => {
        const fresh = asks(error);
        if (fresh === null) return first(sentenceFor(error, t));
        second(fresh, told);
      });
    const step = secondStep(t, w.second, "second", possible, (shown) => signIn(shown).then(entered), again, sentence);
    panel.replaceChildren(
      make(
        "div",
        { class: "card door" },
        make("h1", { tabindex: "-1" }, w.second.title),
        step,
        button("link centred", w.second.back, () => first("")),
      ),
    );
    (panel.querySelector("input") ?? panel.querySelector("h1"))?.focus();
  };
  const first = (sentence: string): void => {
    panel.replaceChildren(form);
    problem.textContent = sentence;
    password.value = "";
    password.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (enter.disabled) return;
    if (!email.checkValidity() || password.value === "") {
      problem.textContent = t.error["sign_in_failed"] ?? "";
      (email.checkValidity() ? password : email).focus();
      return;
    }
    enter.disabled = true;
    problem.textContent = "";
    waiting.abort();
    signIn({})
      .then(entered)
      .catch((error: unknown) => {
        const possible = asks(error);
        if (possible !== null) return second(possible);
        problem.textContent = sentenceFor(error, t);
        password.focus();
        password.select();
      })
      .finally(() => {
        enter.disabled = false;
      });
  });

  // --- a passkey alone: by the button, or out of the list of the address field
  const waiting = new AbortController();
  const byPasskey = async (mediation?: "conditional"): Promise<void> => {
    try {
      if (mediation === undefined) {
        waiting.abort(); // one question at a time
        problem.textContent = "";
      }
      const question = await factors.askSignIn().catch((error: unknown) => {
        if (mediation === undefined) throw error;
        return null; // nobody asked for it
      });
      if (question === null) return;
      const passkey = await answerPasskey(
        question,
        mediation === undefined ? {} : { mediation, signal: waiting.signal },
      );
      if (passkey === null) {
        if (mediation === undefined) problem.textContent = w.second.turnedAway;
        return;
      }
      await factors.signIn({ passkey });
      entered();
    } catch (error) {
      if (mediation === undefined || form.isConnected) problem.textContent = sentenceFor(error, t);
    }
  };
  void offersInField().then((offered) => {
    if (offered && form.isConnected && !waiting.signal.aborted) void byPasskey("conditional");
  });
  return panel;
}
