// SPDX-License-Identifier: Apache-2.0
// What the public pages share.
import type { Site } from "../api/types";
import { make } from "../dom";
import { rememberLanguage, type SiteLanguage } from "../i18n/choice";
import { words } from "./words";

export function addressCard(site: Site | "loading" | "failed", language: SiteLanguage): HTMLElement {
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

export function languageSwitch(language: SiteLanguage, choose: (choice: SiteLanguage) => void): HTMLElement {
  const group = make("div", { class: "languages", role: "group", "aria-label": words[language].language });
  for (const choice of Object.keys(words) as SiteLanguage[]) {
    const button = make(
      "button",
      { type: "button", lang: choice, "aria-pressed": String(choice === language) },
      words[choice].name,
    );
    button.addEventListener("click", () => {
      rememberLanguage(choice);
      choose(choice);
      document.querySelector<HTMLButtonElement>('.languages [aria-pressed="true"]')?.focus();
    });
    group.append(button);
  }
  return group;
}
