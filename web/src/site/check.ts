// SPDX-License-Identifier: Apache-2.0
// "Is this mail from us?": a code, an address if one likes, and one answer that is read out.
import type { OfficialCheck } from "../api/types";
import { make } from "../dom";
import type { SiteLanguage } from "../i18n/choice";
import { checkWords } from "./check_words";

type Outcome = OfficialCheck | "code_missing" | "too_often" | "failed";
const typed = { code: "", address: "" }; // kept while the language changes
let outcome: Outcome | "asking" | null = null;

async function ask(): Promise<Outcome> {
  try {
    const response = await fetch("/api/v1/official-mail/check", {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify({ code: typed.code, address: typed.address.trim() === "" ? null : typed.address.trim() }),
    });
    if (response.status === 429) return "too_often";
    return response.ok ? ((await response.json()) as OfficialCheck) : "failed";
  } catch {
    return "failed";
  }
}

function answerOf(language: SiteLanguage, domain: string): HTMLElement {
  const t = checkWords[language];
  const box = make("div", { class: "verdict", role: "status", "aria-live": "polite" });
  const say = (kind: string, ...lines: string[]) => {
    box.classList.add(kind);
    box.append(...lines.map((line, place) => make(place === 0 ? "strong" : "p", {}, line)));
  };
  if (outcome === null) return box;
  if (outcome === "asking") say("wait", t.asking);
  else if (outcome === "code_missing") say("again", t.codeMissing);
  else if (outcome === "too_often") say("again", t.tooOften);
  else if (outcome === "failed") say("again", t.failed);
  else if (outcome.answer === "mistyped") say("again", t.mistyped);
  else if (outcome.answer === "no") say("no", t.no, t.noMore(`phishing@${domain}`));
  else if (outcome.answer === "not_to_this_address") say("no", t.elsewhere, t.noMore(`phishing@${domain}`));
  else {
    const date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(
      new Date(outcome.sent_at ?? ""),
    );
    const kind = outcome.kind === null ? "" : t.kind[outcome.kind];
    say(
      "yes",
      t.yes,
      `${t.yesTo(date, outcome.recipient ?? "")} ${kind}`,
      ...(typed.address === "" ? [t.compare] : []),
    );
  }
  return box;
}

export function checkMain(language: SiteLanguage, domain: string): HTMLElement {
  const t = checkWords[language];
  const field = (id: "code" | "address", label: string, hint: string, more: Record<string, string>) => {
    const input = make("input", { id, name: id, "aria-describedby": `${id}-hint`, value: typed[id], ...more });
    input.addEventListener("input", () => (typed[id] = input.value));
    return make(
      "p",
      { class: "field" },
      make("label", { for: id }, label),
      input,
      make("small", { id: `${id}-hint` }, hint),
    );
  };
  const form = make(
    "form",
    { class: "check", novalidate: "" },
    field("code", t.code, t.codeHint, {
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "40",
    }),
    field("address", t.address, t.addressHint, { type: "email", autocomplete: "email", maxlength: "320" }),
    make("button", { type: "submit" }, t.ask),
  );
  const answer = answerOf(language, domain);
  const show = (now: typeof outcome) => {
    outcome = now;
    const next = answerOf(language, domain);
    answer.replaceChildren(...next.childNodes);
    answer.className = next.className;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (typed.code.trim() === "") {
      show("code_missing");
      form.querySelector("input")?.focus();
      return;
    }
    show("asking");
    void ask().then(show);
  });
  return make(
    "main",
    {},
    make("section", { class: "hero" }, make("h1", {}, t.heading), make("p", { class: "lead" }, t.lead)),
    make("section", { class: "write" }, form, answer),
    make("p", {}, t.forward(`verify@${domain}`)),
    make("p", {}, make("a", { href: "/" }, t.back)),
  );
}
