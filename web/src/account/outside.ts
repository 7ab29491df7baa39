// SPDX-License-Identifier: Apache-2.0
// The screens for those who are not signed in: sign-up and its confirmation, a new password, "this was not me". What a
// letter's link opens stands behind the #, which no server sees; opening it changes nothing, only the button does.
import { ApiError, isCode } from "../api/http";
import type { Site } from "../api/types";
import { make, type Child } from "../dom";
import type { SiteLanguage } from "../i18n/choice";
import { own } from "./api";
import { button, field, sentenceFor } from "./context";
import { passwordLeast, strengthOf } from "./strength";
import type { AccountWords } from "./words";
import { accessWords } from "./words_access";

export interface Outside {
  language: SiteLanguage;
  t: AccountWords;
  site: Site | null;
  go: (path: string) => void; // another screen of these, or the door
  entered: () => void; // a session was made
  say: (notice: string) => void; // to the door, with a word
}

const addressInput = (id = "email") =>
  make("input", {
    id,
    type: "email",
    autocomplete: "username",
    inputmode: "email",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: "254",
    required: "",
  });

export interface PasswordField {
  element: HTMLElement;
  input: HTMLInputElement;
  wrong: (sentence: string) => void;
}

// A password with a button to look at it and, for a new one, a word on how good it looks.
export function passwordField(
  language: SiteLanguage,
  id: string,
  label: string,
  fresh: { address: () => string; hint: string } | null,
): PasswordField {
  const w = accessWords[language];
  const input = make("input", {
    id,
    type: "password",
    autocomplete: fresh === null ? "current-password" : "new-password",
    maxlength: "1024",
    required: "",
  });
  const show = make("button", { type: "button", class: "show", "aria-pressed": "false" }, w.show);
  show.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    show.textContent = shown ? w.show : w.hide;
    show.setAttribute("aria-pressed", String(!shown));
  });
  const problem = make("p", { class: "error", id: `${id}-wrong`, "aria-live": "polite" });
  const wrong = (sentence: string) => {
    problem.textContent = sentence;
    if (sentence === "") input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  };
  const parts: Child[] = [make("label", { for: id }, label), make("div", { class: "with-button" }, input, show)];
  if (fresh !== null) {
    const word = make("p", { class: "strength", role: "status" });
    input.addEventListener("input", () => {
      const strength = strengthOf(input.value, fresh.address());
      word.textContent = w.strength[strength];
      word.dataset["strength"] = strength;
      if ([...input.value].length >= passwordLeast) wrong("");
    });
    parts.push(word, make("p", { class: "hint", id: `${id}-hint` }, fresh.hint));
  }
  input.setAttribute("aria-describedby", fresh === null ? `${id}-wrong` : `${id}-hint ${id}-wrong`);
  return {
    element: make("div", { class: "field" }, ...parts, problem),
    input,
    wrong,
  };
}

// False, with the word shown and the field in focus, where it would be refused.
export function passwordFits(language: SiteLanguage, password: PasswordField): boolean {
  const w = accessWords[language];
  const short = [...password.input.value].length < passwordLeast;
  password.wrong(short ? w.passwordShort : "");
  if (short) password.input.focus();
  return !short;
}

export function sentenceOf(error: unknown, language: SiteLanguage, t: AccountWords): string {
  if (isCode(error, "password_too_weak")) return accessWords[language].passwordWeak;
  if (isCode(error, "sign_up_closed")) return accessWords[language].closed;
  return sentenceFor(error, t);
}

interface FormParts {
  title: string;
  line: string;
  fields: HTMLElement[];
  button: string;
  after?: HTMLElement[];
  send: () => Promise<unknown> | null; // null: something is missing, and was said
  failed?: (error: ApiError) => string | null; // a sentence of its own
}

function form(outside: Outside, parts: FormParts): HTMLElement {
  const problem = make("p", { class: "error", role: "alert" });
  const submit = make("button", { type: "submit", class: "button primary wide" }, parts.button);
  const element = make(
    "form",
    { class: "card door", novalidate: "" },
    make("h1", { tabindex: "-1" }, parts.title),
    parts.line === "" ? null : make("p", { class: "quiet" }, parts.line),
    ...parts.fields,
    problem,
    submit,
    ...(parts.after ?? []),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    problem.textContent = "";
    const sent = parts.send();
    if (sent === null) return;
    submit.disabled = true;
    sent
      .catch((error: unknown) => {
        const own = error instanceof ApiError ? (parts.failed?.(error) ?? null) : null;
        problem.textContent = own ?? sentenceOf(error, outside.language, outside.t);
      })
      .finally(() => {
        submit.disabled = false;
      });
  });
  return element;
}

function said(title: string, ...lines: Child[]): HTMLElement {
  return make("div", { class: "card door" }, make("h1", { tabindex: "-1" }, title), ...lines);
}

// In place of the form, with the word on it in focus.
function replace(element: HTMLElement, by: HTMLElement): void {
  element.replaceWith(by);
  by.querySelector<HTMLElement>("h1")?.focus();
}

const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

function signUp(outside: Outside): HTMLElement {
  const w = accessWords[outside.language];
  if (outside.site?.sign_up !== true) {
    return said(w.signUp.title, make("p", {}, w.closed), back(outside, w.signUp.have));
  }
  const email = addressInput();
  const name = make("input", { id: "name", type: "text", autocomplete: "name", maxlength: "100", required: "" });
  const emailField = field(outside.t.signIn.email, email);
  const nameField = field(w.signUp.name, name, w.signUp.nameHint);
  const password = passwordField(outside.language, "password", w.signUp.password, {
    address: () => email.value,
    hint: w.signUp.passwordHint,
  });
  const element: HTMLElement = form(outside, {
    title: w.signUp.title,
    line: "",
    fields: [emailField.element, nameField.element, password.element],
    button: w.signUp.send,
    after: [back(outside, w.signUp.have)],
    send: () => {
      nameField.wrong(name.value.trim() === "" ? w.signUp.needName : "");
      emailField.wrong(email.checkValidity() ? "" : w.signUp.needEmail);
      if (!email.checkValidity()) email.focus();
      else if (name.value.trim() === "") name.focus();
      if (!email.checkValidity() || name.value.trim() === "" || !passwordFits(outside.language, password)) return null;
      const address = email.value.trim();
      return own
        .signUp({
          email: address,
          name: name.value.trim(),
          password: password.input.value,
          language: outside.language,
          zone: zoneHere(),
        })
        .then(() =>
          replace(
            element,
            said(
              w.signUp.sent,
              make("p", {}, w.signUp.sentLine(address)),
              make("p", { class: "hint" }, w.signUp.sentHint),
              button("link centred wide", w.signUp.otherAddress, () => outside.go("/account/sign-up")),
            ),
          ),
        );
    },
  });
  return element;
}

const back = (outside: Outside, label: string) => button("link centred wide", label, () => outside.go("/account"));

function welcome(outside: Outside, token: string): HTMLElement {
  const w = accessWords[outside.language];
  const password = passwordField(outside.language, "password", outside.t.signIn.password, null);
  return form(outside, {
    title: w.welcome.title,
    line: w.welcome.line,
    fields: [password.element],
    button: w.welcome.open,
    send: () => {
      if (password.input.value === "") {
        password.input.focus();
        return null;
      }
      return own.confirmSignUp({ token, password: password.input.value }).then(outside.entered);
    },
    failed: (error) =>
      error.code === "sign_in_failed" ? w.welcome.wrong : error.code === "token_invalid" ? w.welcome.gone : null,
  });
}

function forgotten(outside: Outside): HTMLElement {
  const w = accessWords[outside.language];
  const email = addressInput();
  const emailField = field(outside.t.signIn.email, email);
  const element: HTMLElement = form(outside, {
    title: w.forgotten.title,
    line: w.forgotten.line,
    fields: [emailField.element],
    button: w.forgotten.send,
    after: [back(outside, outside.t.back)],
    send: () => {
      emailField.wrong(email.checkValidity() ? "" : w.signUp.needEmail);
      if (!email.checkValidity()) {
        email.focus();
        return null;
      }
      const address = email.value.trim();
      return own
        .askNewPassword({ email: address })
        .then(() =>
          replace(
            element,
            said(
              w.forgotten.sent,
              make("p", {}, w.forgotten.sentLine(address)),
              make("p", { class: "hint" }, w.signUp.sentHint),
            ),
          ),
        );
    },
  });
  return element;
}

function newPassword(outside: Outside, token: string): HTMLElement {
  const w = accessWords[outside.language];
  const password = passwordField(outside.language, "password", w.security.newPassword, {
    address: () => "",
    hint: w.signUp.passwordHint,
  });
  return form(outside, {
    title: w.newPassword.title,
    line: w.newPassword.line,
    fields: [password.element],
    button: w.newPassword.set,
    after: [button("link centred wide", w.newPassword.again, () => outside.go("/account/forgotten"))],
    send: () =>
      passwordFits(outside.language, password)
        ? own.setNewPassword({ token, password: password.input.value }).then(() => outside.say(w.newPassword.done))
        : null,
    failed: (error) => (error.code === "token_invalid" ? w.newPassword.gone : null),
  });
}

function notMe(outside: Outside, token: string): HTMLElement {
  const w = accessWords[outside.language];
  const itWasMe = button("link centred wide", w.notMe.itWasMe, () =>
    replace(element, said(outside.t.title, make("p", {}, w.notMe.leftAsIs))),
  );
  const element: HTMLElement = form(outside, {
    title: w.notMe.title,
    line: w.notMe.line,
    fields: [make("ul", { class: "points" }, ...w.notMe.effects.map((effect) => make("li", {}, effect)))],
    button: w.notMe.press,
    after: [itWasMe],
    send: () =>
      own.reportSignIn({ token }).then(({ request }) =>
        replace(
          element,
          said(
            w.notMe.done,
            make("p", {}, w.notMe.doneLine(request)),
            button("button primary wide", w.newPassword.title, () => outside.go("/account/forgotten")),
          ),
        ),
      ),
    failed: (error) => (error.code === "token_invalid" ? w.notMe.gone : null),
  });
  return element;
}

// Nothing where the address is of a screen for those who are signed in.
export function outsideScreen(outside: Outside, path: string, hash: string): HTMLElement | null {
  const token = hash.replace(/^#/, "");
  switch (path.replace(/\/$/, "")) {
    case "/account/sign-up":
      return signUp(outside);
    case "/account/welcome":
      return welcome(outside, token);
    case "/account/forgotten":
      return forgotten(outside);
    case "/account/new-password":
      return newPassword(outside, token);
    case "/account/not-me":
      return notMe(outside, token);
    default:
      return null;
  }
}
