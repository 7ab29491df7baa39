// SPDX-License-Identifier: Apache-2.0
// The public page: no framework, a few kilobytes, drawn anew when the language changes.
import type { Site } from "../api/types";
import { make } from "../dom";
import { currentLanguage, type SiteLanguage } from "../i18n/choice";
import { checkMain } from "./check";
import { checkWords } from "./check_words";
import { addressCard, languageSwitch } from "./parts";
import { words } from "./words";

const asksAboutMail = location.pathname === "/check";

const root = document.getElementById("site");
let language: SiteLanguage = currentLanguage();
let site: Site | "loading" | "failed" = "loading";

function draw(): void {
  const t = words[language];
  document.documentElement.lang = language;
  document.title = asksAboutMail ? checkWords[language].title : t.title;
  const steps = t.steps.map(({ when, what, more }) =>
    make("li", {}, make("span", { class: "when" }, when), make("div", {}, make("h3", {}, what), make("p", {}, more))),
  );
  root?.replaceChildren(
    ...(typeof site === "object" && site.demonstration ? [make("p", { class: "demonstration" }, t.demonstration)] : []),
    make(
      "header",
      { class: "top" },
      make("span", { class: "mark" }, "OKPay"),
      languageSwitch(language, (choice) => {
        language = choice;
        draw();
      }),
      make("a", { class: "own", href: "/help" }, t.help),
      make("a", { class: "own", href: "/account" }, t.account),
    ),
    asksAboutMail ? checkMain(language, typeof site === "object" ? site.domain : location.hostname) : homeMain(steps),
    make(
      "footer",
      {},
      make("span", {}, typeof site === "object" ? site.domain : "OKPay"),
      make("a", { href: "/check" }, checkWords[language].link),
      make("a", { href: "/api/docs" }, t.developers),
      make("a", { href: "/console" }, t.staff),
    ),
  );
}

function homeMain(steps: HTMLElement[]): HTMLElement {
  const t = words[language];
  return make(
    "main",
    {},
    make("section", { class: "hero" }, make("h1", {}, t.line), make("p", { class: "lead" }, t.lead)),
    make(
      "section",
      { class: "write", "aria-labelledby": "write" },
      make("h2", { id: "write" }, t.write),
      addressCard(site, language),
      make("p", { class: "later" }, t.later),
    ),
    make(
      "div",
      { class: "two" },
      make(
        "section",
        { "aria-labelledby": "next" },
        make("h2", { id: "next" }, t.next),
        make("ol", { class: "steps" }, ...steps),
      ),
      make(
        "section",
        { "aria-labelledby": "how" },
        make("h2", { id: "how" }, t.how),
        make("ul", { class: "include" }, ...t.include.map((line) => make("li", {}, line))),
        make("p", { class: "never" }, make("strong", {}, t.neverTitle), ` ${t.never}`),
        make("h2", {}, t.proofTitle),
        make("p", { class: "proof" }, t.proof),
        make("p", {}, make("a", { href: "/check" }, checkWords[language].link)),
      ),
    ),
  );
}

draw();
fetch("/api/v1/site", { headers: { Accept: "application/json" } })
  .then(async (response) => {
    site = response.ok ? ((await response.json()) as Site) : "failed";
  })
  .catch(() => {
    site = "failed";
  })
  .finally(draw);
