// SPDX-License-Identifier: Apache-2.0
import type { Site } from "../api/types";
import { make } from "../dom";
import type { SiteLanguage } from "../i18n/choice";
import { own } from "./api";
import { button, field, sentenceFor } from "./context";
import type { AccountWords } from "./words";
import { accessWords } from "./words_access";

export interface Ways {
  entered: () => void; // someone is in
  go: (path: string) => void;
  site: Site | null;
}

// `notice` says why one stands at this door.
export function signInPanel(t: AccountWords, language: SiteLanguage, notice: string, ways: Ways): HTMLElement {
  const w = accessWords[language];
  const email = make("input", {
    id: "email",
    type: "email",
    autocomplete: "username",
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
  const form = make(
    "form",
    { class: "card door", novalidate: "" },
    make("h1", { tabindex: "-1" }, t.signIn.title),
    notice === "" ? null : make("p", { class: "notice", role: "status" }, notice),
    field(t.signIn.email, email).element,
    passwordField,
    problem,
    enter,
    make(
      "div",
      { class: "ways" },
      button("link", w.forgotten.ask, () => ways.go("/account/forgotten")),
      ways.site?.sign_up === true ? button("link", w.signUp.open, () => ways.go("/account/sign-up")) : null,
    ),
  );
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
    own
      .signIn({ email: email.value, password: password.value })
      .then(ways.entered)
      .catch((error: unknown) => {
        problem.textContent = sentenceFor(error, t);
        password.focus();
        password.select();
      })
      .finally(() => {
        enter.disabled = false;
      });
  });
  return form;
}
