// SPDX-License-Identifier: Apache-2.0
// The help pages: search as one types, articles, and the official address for what is left. No framework.
import type { FaqArticle, FaqSummary, Site } from "../api/types";
import { articleBody } from "../article";
import { make } from "../dom";
import { currentLanguage, languageOf, type SiteLanguage } from "../i18n/choice";
import { helpWords } from "./help_words";
import { addressCard, languageSwitch } from "./parts";
import { words } from "./words";

type Loaded<T> = T | "loading" | "failed" | "missing";

const root = document.getElementById("site")!;
const typingPause = 150; // ms without a key before the server is asked
let language: SiteLanguage =
  languageOf(new URLSearchParams(location.search).get("language") ?? "") ?? currentLanguage();
let site: Site | "loading" | "failed" = "loading";
let all: Loaded<FaqSummary[]> = "loading";
let hits: FaqSummary[] | null = null; // of what stands in the field; null: nothing does
let article: Loaded<FaqArticle> = "loading";
let query = new URLSearchParams(location.search).get("q") ?? "";
let asked = 0; // answers to an earlier question are dropped

const slug = (): string | null => /^\/help\/([a-z0-9-]+)$/.exec(location.pathname)?.[1] ?? null;

async function ask<T>(path: string): Promise<T | "failed" | "missing"> {
  try {
    const response = await fetch(path, { headers: { Accept: "application/json" } });
    if (response.status === 404) return "missing";
    return response.ok ? ((await response.json()) as T) : "failed";
  } catch {
    return "failed";
  }
}

function link(one: FaqSummary): HTMLElement {
  const anchor = make("a", { href: `/help/${one.slug}` }, one.title);
  anchor.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    history.pushState(null, "", `/help/${one.slug}`);
    void load();
    scrollTo(0, 0);
  });
  return anchor;
}

function results(): HTMLElement {
  const t = helpWords[language];
  const box = make("div", { class: "results", id: "results" });
  if (all === "loading") box.append(make("p", { role: "status" }, "…"));
  else if (typeof all === "string") box.append(make("p", { role: "alert" }, t.unreachable));
  else if (hits !== null) {
    box.append(make("p", { class: "count", role: "status" }, hits.length === 0 ? t.none : t.found(hits.length)));
    box.append(
      make("ul", { class: "hits" }, ...hits.map((hit) => make("li", {}, link(hit), make("p", {}, hit.excerpt)))),
    );
  } else {
    for (const group of t.groups) {
      const ours = all.filter((one) => group.categories.includes(one.category));
      if (ours.length === 0) continue;
      box.append(
        make(
          "section",
          { class: "group" },
          make("h2", {}, group.name),
          make("ul", { class: "questions" }, ...ours.map((one) => make("li", {}, link(one)))),
        ),
      );
    }
  }
  return box;
}

async function search(): Promise<void> {
  const number = ++asked;
  const words = query.trim();
  if (words === "") {
    hits = null;
  } else {
    const parameters = new URLSearchParams({ q: words.slice(0, 130), language });
    const found = await ask<{ items: FaqSummary[] }>(`/api/v1/faq/search?${parameters}`);
    if (number !== asked) return;
    hits = typeof found === "string" ? [] : found.items;
  }
  document.getElementById("results")?.replaceWith(results());
}

function searchField(): HTMLElement {
  const t = helpWords[language];
  const field = make("input", {
    type: "search",
    id: "query",
    autocomplete: "off",
    enterkeyhint: "search",
    placeholder: t.placeholder,
    maxlength: "130",
  });
  field.value = query;
  let pause = 0;
  field.addEventListener("input", () => {
    query = field.value;
    clearTimeout(pause);
    pause = window.setTimeout(() => {
      history.replaceState(
        null,
        "",
        query.trim() === "" ? "/help" : `/help?${new URLSearchParams({ q: query.trim() })}`,
      );
      void search();
    }, typingPause);
  });
  const form = make(
    "form",
    { class: "search", role: "search" },
    make("label", { for: "query", class: "hidden-text" }, t.search),
    field,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void search();
  });
  return form;
}

function rating(of: FaqArticle): HTMLElement {
  const t = helpWords[language];
  const box = make("div", { class: "rating", role: "group", "aria-label": t.helped }, make("span", {}, t.helped));
  const say = async (helped: boolean): Promise<void> => {
    const response = await fetch(`/api/v1/faq/${of.slug}/helpful`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ language: of.language, helped }),
    }).catch(() => null);
    const said = response?.status === 429 ? t.tooOften : helped ? t.thanks : t.sorry;
    box.replaceChildren(make("span", { role: "status" }, said));
  };
  for (const [helped, label] of [
    [true, t.yes],
    [false, t.no],
  ] as const) {
    const button = make("button", { type: "button", class: "copy" }, label);
    button.addEventListener("click", () => void say(helped));
    box.append(button);
  }
  return box;
}

function articlePage(): HTMLElement[] {
  const t = helpWords[language];
  const back = make("a", { class: "back", href: "/help" }, `← ${t.back}`);
  back.addEventListener("click", (event) => {
    event.preventDefault();
    history.pushState(null, "", "/help");
    void load();
  });
  if (article === "loading") return [back, make("p", { role: "status" }, "…")];
  if (article === "missing") return [back, make("p", { role: "alert" }, t.missing)];
  if (article === "failed") return [back, make("p", { role: "alert" }, t.unreachable)];
  const shown = make("article", { lang: article.language }, make("h1", {}, article.title), articleBody(article.html));
  const other = article.language === language ? null : make("p", { class: "other" }, t.otherLanguage);
  return [back, ...(other === null ? [] : [other]), shown, rating(article)];
}

// What waits for the server's word about itself. Only these are made anew when it comes: who is typing keeps the field.
function banner(): HTMLElement {
  const shown = typeof site === "object" && site.demonstration;
  return make(
    "p",
    { id: "banner", ...(shown ? { class: "demonstration" } : { hidden: "" }) },
    words[language].demonstration,
  );
}

function officialAddress(): HTMLElement {
  return make("div", { id: "address" }, addressCard(site, language));
}

function draw(): void {
  const t = helpWords[language];
  const at = slug();
  document.documentElement.lang = language;
  const named = at !== null && typeof article === "object" ? `${article.title} · ` : "";
  document.title = `${named}OKPay ${t.title}`;
  root.replaceChildren(
    banner(),
    make(
      "header",
      { class: "top" },
      make("a", { class: "mark", href: "/", "aria-label": `OKPay, ${t.front}` }, "OKPay"),
      languageSwitch(language, (choice) => {
        language = choice;
        void load();
      }),
      make("a", { class: "own", href: "/account" }, words[language].account),
    ),
    make(
      "main",
      { class: "help" },
      ...(at === null ? [make("h1", {}, t.line), searchField(), results()] : articlePage()),
      make(
        "section",
        { class: "write", "aria-labelledby": "still" },
        make("h2", { id: "still" }, t.still),
        make("p", { class: "still" }, t.stillLine),
        officialAddress(),
      ),
    ),
  );
}

async function load(): Promise<void> {
  const at = slug();
  if (at !== null) {
    article = "loading";
    draw();
    article = await ask<FaqArticle>(`/api/v1/faq/${at}?language=${language}`);
    if (at === slug()) draw();
  } else {
    draw();
    const found = await ask<{ items: FaqSummary[] }>(`/api/v1/faq?language=${language}`);
    all = typeof found === "string" ? found : found.items;
    await search();
  }
}

addEventListener("popstate", () => void load());
void load();
fetch("/api/v1/site", { headers: { Accept: "application/json" } })
  .then(async (response) => {
    site = response.ok ? ((await response.json()) as Site) : "failed";
  })
  .catch(() => {
    site = "failed";
  })
  .finally(() => {
    document.getElementById("banner")?.replaceWith(banner());
    document.getElementById("address")?.replaceWith(officialAddress());
  });
