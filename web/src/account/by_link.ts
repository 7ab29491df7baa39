// SPDX-License-Identifier: Apache-2.0
// The pages behind the links of letters. The token stands behind '#': it goes to no server and no log by opening the page,
// and nothing happens before the button is pressed, so a program that follows every link of a mail changes nothing.
import { isCode } from "../api/http";
import type { Answer } from "../api/types";
import { make, type Child } from "../dom";
import type { SiteLanguage } from "../i18n/choice";
import { shownMoment } from "../format/time";
import { button, field, sentenceFor } from "./context";
import { answerOf, missingOf } from "./facts";
import { factFields, thanksFor } from "./facts_form";
import { byLink } from "./link_api";
import type { AccountWords } from "./words";
import { changeWords } from "./words_changes";
import { factWords } from "./words_facts";

export interface OpenPage {
  title: string;
  element: HTMLElement;
}
interface Said {
  language: SiteLanguage;
  t: AccountWords;
}

type Case = Answer<"getCase">;
const fileOctetsMax = 1024 * 1024;

// Nothing where the address is none of these pages.
export function openPage(path: string, hash: string, said: Said): OpenPage | null {
  const token = hash.replace(/^#/, "").trim();
  if (path === "/account/confirm-address") return oneButton(said, "confirm", token);
  if (path === "/account/keep-address") return oneButton(said, "keep", token);
  if (path === "/account/keep-phone") return oneButton(said, "keepPhone", token);
  if (path === "/account/case") return casePage(said, token);
  return null;
}

const time = (iso: string): string => shownMoment(iso);
const heading = (text: string) => make("h1", { tabindex: "-1" }, text);
const toAccount = (language: SiteLanguage) =>
  make("a", { class: "button wide", href: "/account" }, changeWords[language].link.toAccount);

function oneButton({ language, t }: Said, kind: "confirm" | "keep" | "keepPhone", token: string): OpenPage {
  const w = changeWords[language];
  const words = w[kind];
  const element = make("div", { class: "narrow" });
  const problem = make("p", { class: "error", role: "alert" });
  const done = (title: string, line: string) => {
    element.replaceChildren(heading(title), make("p", { role: "status" }, line), toAccount(language));
    element.querySelector<HTMLElement>("h1")?.focus();
  };
  const act = button("button primary wide", words.act, () => {
    act.disabled = true;
    problem.textContent = "";
    (kind === "confirm" ? byLink.confirm(token) : byLink.keep(token))
      .then((change) => {
        if (kind !== "confirm") return done(w[kind].done, w[kind].doneLine);
        if (change.state === "held" && change.due_at)
          return done(w.confirm.done, w.confirm.doneLine(time(change.due_at)));
        done(w.keep.done, w.confirm.notDone);
      })
      .catch((error: unknown) => {
        act.disabled = false;
        if (isCode(error, "token_invalid")) {
          problem.textContent = w.link.gone;
          act.remove();
        } else {
          problem.textContent = sentenceFor(error, t);
        }
      });
  });
  element.append(heading(words.title));
  if (token === "") element.append(make("p", { class: "notice" }, w.link.noLink));
  else element.append(make("p", {}, words.line), problem, act);
  return { title: words.title, element };
}

function casePage(said: Said, token: string): OpenPage {
  const { language, t } = said;
  const w = changeWords[language].case;
  const element = make("div", { class: "narrow case" });
  const show = (...children: Child[]) => element.replaceChildren(...children.filter((child) => child !== null));
  const ended = () => show(heading(w.title), make("p", { class: "notice", role: "status" }, w.ended));
  const failed = (error: unknown) => {
    if (isCode(error, "case_ended")) return ended();
    show(
      heading(w.title),
      make("p", { class: "error", role: "alert" }, sentenceFor(error, t)),
      button("button", t.again, load),
    );
  };
  const load = () => {
    show(make("p", { class: "quiet", role: "status" }, t.loading));
    byLink.case().then((found) => show(...caseParts(said, found, show, ended)), failed);
  };
  if (token === "") {
    load();
    return { title: w.title, element };
  }
  const problem = make("p", { class: "error", role: "alert" });
  const open = button("button primary wide", w.open, () => {
    open.disabled = true;
    byLink.open(token).then(
      () => {
        history.replaceState(null, "", "/account/case"); // the link was used: a reload finds the session
        load();
      },
      (error: unknown) => {
        open.disabled = false;
        const gone = isCode(error, "token_invalid");
        problem.textContent = gone ? changeWords[language].link.gone : sentenceFor(error, t);
        if (gone) open.remove();
      },
    );
  });
  show(heading(w.title), make("p", {}, w.openLine), problem, open);
  return { title: w.title, element };
}

// `kept`: the answer that is being written, while something else was done.
function caseParts(
  said: Said,
  found: Case,
  show: (...children: Child[]) => void,
  ended: () => void,
  kept?: HTMLElement,
): Child[] {
  const { language, t } = said;
  const w = changeWords[language].case;
  const again: Again = (next, sentence, writing) => {
    show(...caseParts(said, next, show, ended, writing));
    const status = document.getElementById("case-said");
    if (status !== null) status.textContent = sentence;
  };
  const failed = (problem: HTMLElement) => (error: unknown) => {
    if (isCode(error, "case_ended")) return ended();
    problem.textContent = sentenceFor(error, t);
  };
  const fact = (term: string, value: Child) =>
    make("div", { class: "fact" }, make("dt", {}, term), make("dd", {}, value));
  const said_ = make("p", { id: "case-said", class: "quiet", role: "status" });
  const words = (title: string, items: { at: string; text: string }[]) =>
    items.length === 0
      ? null
      : make(
          "section",
          {},
          make("h2", {}, title),
          ...items.map((item) =>
            make(
              "div",
              { class: "card said" },
              make("p", { class: "quiet" }, time(item.at)),
              make("p", { class: "plain-text" }, item.text),
            ),
          ),
        );
  const files =
    found.files.length === 0
      ? null
      : make(
          "section",
          {},
          make("h2", {}, w.files),
          make(
            "ul",
            { class: "stack" },
            ...found.files.map((file) => make("li", {}, `${file.name} · ${time(file.at)}`)),
          ),
        );
  const leave = button("link centred", w.end, () => void byLink.end().finally(ended));
  const closed = make("p", { class: "notice" }, w.closed);
  const thanks = thanksFor(said, found);
  const answering = (answer: HTMLElement): Child[] => [answer, fileForm(said, again, failed, answer)];
  return [
    heading(w.title),
    make(
      "dl",
      { class: "card facts" },
      fact(w.number, make("strong", { class: "num" }, found.number)),
      fact(w.state, w.states[found.state]),
    ),
    thanks === null && found.first_replied_at === null && found.state !== "solved" && found.state !== "closed"
      ? make("p", {}, w.due(time(found.first_reply_due)))
      : null,
    said_,
    thanks,
    words(w.word, found.newest_word === null ? [] : [found.newest_word]),
    words(w.answers, found.answers),
    files,
    ...(found.may_answer ? answering(kept ?? answerForm(said, found, again, failed, ended)) : [closed]),
    found.session_ends_at === null ? null : make("p", { class: "quiet" }, w.until(time(found.session_ends_at))),
    leave,
  ];
}

type Again = (next: Case, sentence: string, writing?: HTMLElement) => void;
type Failed = (problem: HTMLElement) => (error: unknown) => void;

function answerForm(said: Said, found: Case, again: Again, failed: Failed, ended: () => void): HTMLElement {
  const { language, t } = said;
  const w = changeWords[language].case;
  const f = factWords[language];
  const missing = found.state === "solved" ? [] : missingOf(found);
  const asked = missing.length === 0 ? null : factFields(said, missing, found.asked_facts?.answered_at != null, ended);
  // With the facts it may be as long as one answer may be.
  const longest = asked === null ? "4000" : "1500";
  const text = make("textarea", { id: "answer", rows: "5", maxlength: longest });
  const problem = make("p", { class: "error", role: "alert" });
  const enter = make("button", { type: "submit", class: "button primary wide" }, w.send);
  const form = make(
    "form",
    { class: "card", novalidate: "" },
    asked?.element ?? null,
    field(asked === null ? w.answer : f.more, text, w.answerHint).element,
    problem,
    enter,
  );
  const body = () => {
    const given = asked?.given() ?? { payment: null, notInList: false, values: {} };
    return answerOf(missing, { ...given, words: text.value }, f, t.colon);
  };
  let sending = false;
  const offer = () => (enter.disabled = sending || body() === null);
  form.addEventListener("input", offer);
  form.addEventListener("change", offer);
  offer();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    problem.textContent = "";
    if (asked?.fits() === false) return form.querySelector<HTMLElement>("[aria-invalid]")?.focus();
    const answer = body();
    if (sending || answer === null) return;
    sending = true;
    offer();
    byLink
      .answer(answer)
      .then(
        (next) => again(next, w.sent),
        (error: unknown) => {
          if (answer.payment === undefined || !isCode(error, "not_found")) return failed(problem)(error);
          problem.textContent = t.payment.notFound;
        },
      )
      .finally(() => {
        sending = false;
        offer();
      });
  });
  return form;
}

function fileForm({ language }: Said, again: Again, failed: Failed, writing: HTMLElement): HTMLElement {
  const w = changeWords[language].case;
  const input = make("input", { id: "file", type: "file", accept: "image/jpeg,image/png,application/pdf" });
  const chosen = field(w.file, input, w.fileHint);
  const problem = make("p", { class: "error", role: "alert" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file === undefined) return;
    problem.textContent = "";
    if (file.size > fileOctetsMax) return chosen.wrong(w.tooLarge);
    chosen.wrong("");
    input.disabled = true;
    byLink
      .handIn(file)
      .then((next) => again(next, w.handedIn(file.name), writing), failed(problem))
      .finally(() => (input.disabled = false));
  });
  return make("div", { class: "card" }, chosen.element, problem);
}
