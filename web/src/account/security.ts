// SPDX-License-Identifier: Apache-2.0
// Where I am signed in, my password, the telephone that is told, and the phrase that stands in letters to me.
import { isCode } from "../api/http";
import type { OwnSession } from "../api/types";
import { make } from "../dom";
import { shownMoment } from "../format/time";
import { own } from "./api";
import { button, field, link, moment, sentenceFor, type Context, type Screen } from "./context";
import { passwordField, passwordFits, sentenceOf } from "./outside";
import { page } from "./parts";
import { phone } from "./phone";
import { withStepUp } from "./step_up";
import { accessWords } from "./words_access";

const year = 365 * 24 * 3600 * 1000;

// A part that loads by itself and says by itself what went wrong.
function part(context: Context, load: () => Promise<HTMLElement[]>): { element: HTMLElement; reload: () => void } {
  const element = make("div", { class: "stack" });
  const reload = () => {
    load().then(
      (children) => element.replaceChildren(...children),
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(reload);
        element.replaceChildren(
          make("p", { class: "error", role: "alert" }, sentenceFor(error, context.t)),
          button("button", context.t.again, reload),
        );
      },
    );
  };
  element.append(make("p", { class: "quiet", role: "status" }, context.t.loading));
  reload();
  return { element, reload };
}

function sessions(context: Context): HTMLElement {
  const w = accessWords[context.language].security;
  const status = make("p", { class: "quiet", role: "status" });
  const act = (what: () => Promise<unknown>) => () =>
    what().then(
      () => {
        status.textContent = w.ended;
        rows.reload();
      },
      (error: unknown) => {
        if (isCode(error, "not_signed_in")) return context.sessionEnded(rows.reload);
        status.textContent = sentenceFor(error, context.t);
      },
    );
  const row = (session: OwnSession) =>
    make(
      "li",
      { class: "session" },
      make(
        "div",
        {},
        make(
          "p",
          { class: "session-device" },
          session.device === "" ? w.unknown : session.device,
          session.current ? make("span", { class: "chip" }, w.current) : null,
        ),
        make(
          "p",
          { class: "hint num" },
          session.place === "" ? null : `${session.place} · `,
          w.since,
          " ",
          moment(session.since),
        ),
        make("p", { class: "hint num" }, w.seen, " ", moment(session.last_seen)),
      ),
      session.current
        ? null
        : button(
            "button",
            w.end,
            act(() => own.endSession(session.no)),
          ),
    );
  const rows = part(context, async () => {
    const { items } = await own.sessions();
    const others = items.filter((session) => !session.current).length;
    return [
      make("ul", { class: "card sessions" }, ...items.map(row)),
      others === 0
        ? make("p", { class: "quiet" }, w.only)
        : button(
            "button wide",
            w.endOthers,
            act(() => own.endOtherSessions()),
          ),
    ];
  });
  return make("section", { class: "stack" }, make("h2", {}, w.sessions), rows.element, status);
}

function password(context: Context, set: string | null): HTMLElement {
  const w = accessWords[context.language];
  const old = passwordField(context.language, "old-password", w.security.oldPassword, null);
  const fresh = passwordField(context.language, "new-password", w.security.newPassword, {
    address: () => context.me.email,
    hint: w.signUp.passwordHint,
  });
  const status = make("p", { class: "quiet", role: "status" });
  const problem = make("p", { class: "error", role: "alert" });
  const byLetter = link(context, "/account/forgotten", "button wide", w.security.byLetter);
  byLetter.hidden = true;
  const submit = make("button", { type: "submit", class: "button wide" }, w.security.change);
  const form = make("form", { class: "stack", novalidate: "" }, old.element, fresh.element, problem, submit, byLetter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.disabled || !passwordFits(context.language, fresh)) return;
    submit.disabled = true;
    problem.textContent = status.textContent = "";
    withStepUp(context, () => own.changePassword({ old_password: old.input.value, new_password: fresh.input.value }))
      .then(
        (changed) => {
          if (changed === null) {
            byLetter.hidden = false;
            problem.textContent = w.security.stepUp;
            return;
          }
          form.reset();
          details.open = false;
          status.textContent = w.security.changed;
        },
        (error: unknown) => {
          if (isCode(error, "not_signed_in")) return context.sessionEnded(() => undefined);
          problem.textContent = isCode(error, "sign_in_failed")
            ? w.security.wrong
            : sentenceOf(error, context.language, context.t);
        },
      )
      .finally(() => {
        submit.disabled = false;
      });
  });
  const details = make("details", { class: "change" }, make("summary", {}, w.security.change), form);
  const isOld = set !== null && Date.now() - new Date(set).getTime() > year;
  return make(
    "section",
    { class: "card" },
    make("h2", {}, w.security.password),
    set === null ? null : make("p", { class: "quiet num" }, w.security.set(shownMoment(set))),
    isOld ? make("p", { class: "hint" }, w.security.old) : null,
    details,
    status,
  );
}

function phrase(context: Context, isSet: boolean, reload: () => void): HTMLElement {
  const w = accessWords[context.language].security;
  const input = make("input", { id: "phrase", type: "text", maxlength: "60", autocomplete: "off" });
  const shown = field(w.phraseField, input, w.phraseHint);
  const status = make("p", { class: "quiet", role: "status" });
  const save = (words: string) =>
    own.setPhrase({ phrase: words }).then(reload, (error: unknown) => {
      if (isCode(error, "not_signed_in")) return context.sessionEnded(() => undefined);
      shown.wrong(isCode(error, "malformed") ? w.phraseBad : sentenceFor(error, context.t));
    });
  const form = make(
    "form",
    { class: "stack", novalidate: "" },
    shown.element,
    make("button", { type: "submit", class: "button wide" }, w.phraseSave),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = input.value.trim();
    if ([...words].length < 4) return shown.wrong(w.phraseBad);
    void save(words);
  });
  return make(
    "section",
    { class: "card" },
    make("h2", {}, w.phrase),
    make("p", { class: "quiet" }, w.phraseLine),
    isSet ? make("p", { class: "notice" }, w.phraseSet) : null,
    form,
    isSet ? button("link", w.phraseRemove, () => void save("")) : null,
    status,
  );
}

export function securityScreen(context: Context): Screen {
  const more = part(context, async () => {
    const access = await own.access();
    return [password(context, access.password_set), phrase(context, access.phrase_set, more.reload)];
  });
  return page(context, accessWords[context.language].security.title, sessions(context), phone(context), more.element);
}
