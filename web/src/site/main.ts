// SPDX-License-Identifier: Apache-2.0
// The public page: no framework, a few kilobytes, drawn anew when the language changes.
import type { Site } from "../api/types";
import { make } from "../dom";
import { currentLanguage, rememberLanguage, type SiteLanguage } from "../i18n/choice";
import { words } from "./words";

const root = document.getElementById("site");
let language: SiteLanguage = currentLanguage();
let site: Site | "loading" | "failed" = "loading";

function addressCard(): HTMLElement {
  const t = words[language];
  if (site === "loading") return make("p", { class: "address-wait", role: "status" }, "…");
  if (site === "failed") return make("p", { class: "address-wait", role: "alert" }, t.unreachable);
  const address = site.support_address;
  const copy = make("button", { type: "button", class: "copy" }, t.copy);
  copy.addEventListener("click", () => {
    navigator.clipboard?.writeText(address).then(
      () => (copy.textContent = t.copied),
      () => undefined,
    );
  });
  const at = address.lastIndexOf("@");
  const shown = [address.slice(0, at), document.createElement("wbr"), address.slice(at)];
  return make("p", { class: "address" }, make("a", { href: `mailto:${address}` }, ...shown), copy);
}

function languageSwitch(): HTMLElement {
  const group = make("div", { class: "languages", role: "group", "aria-label": words[language].language });
  for (const choice of Object.keys(words) as SiteLanguage[]) {
    const button = make(
      "button",
      { type: "button", lang: choice, "aria-pressed": String(choice === language) },
      words[choice].name,
    );
    button.addEventListener("click", () => {
      language = choice;
      rememberLanguage(choice);
      draw();
      document.querySelector<HTMLButtonElement>('.languages [aria-pressed="true"]')?.focus();
    });
    group.append(button);
  }
  return group;
}

function draw(): void {
  const t = words[language];
  document.documentElement.lang = language;
  document.title = t.title;
  const steps = t.steps.map(({ when, what, more }) =>
    make("li", {}, make("span", { class: "when" }, when), make("div", {}, make("h3", {}, what), make("p", {}, more))),
  );
  root?.replaceChildren(
    ...(typeof site === "object" && site.demonstration ? [make("p", { class: "demonstration" }, t.demonstration)] : []),
    make(
      "header",
      { class: "top" },
      make("span", { class: "mark" }, "OKPay"),
      languageSwitch(),
      make("a", { class: "own", href: "/account" }, t.account),
    ),
    make(
      "main",
      {},
      make("section", { class: "hero" }, make("h1", {}, t.line), make("p", { class: "lead" }, t.lead)),
      make(
        "section",
        { class: "write", "aria-labelledby": "write" },
        make("h2", { id: "write" }, t.write),
        addressCard(),
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
        ),
      ),
    ),
    make(
      "footer",
      {},
      make("span", {}, typeof site === "object" ? site.domain : "OKPay"),
      make("a", { href: "/api/docs" }, t.developers),
      make("a", { href: "/console" }, t.staff),
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
