// SPDX-License-Identifier: Apache-2.0
// A help article within a reply: where "[[" asks for one, and the text with it. A Chinese keyboard writes "【【".
import type { FaqSummary } from "../api/types";

export interface Token {
  from: number;
  to: number;
  words: string; // what is looked for
}

const wordsMax = 60;
const asked = new RegExp(`(?:\\[\\[|【【)([^\\[\\]【】\\n]{0,${wordsMax}})$`, "u");

// What stands before the cursor and asks for an article; null where nothing does. Three brackets are none of ours.
export function articleToken(text: string, cursor: number): Token | null {
  const found = asked.exec(text.slice(0, cursor));
  if (found === null || /[[【]/.test(text.charAt(found.index - 1))) return null;
  return { from: found.index, to: cursor, words: (found[1] ?? "").trim() };
}

// Just typed: the text grew, and the cursor stands behind the brackets.
export function typedToken(before: string, after: string, cursor: number): Token | null {
  const token = after.length > before.length ? articleToken(after, cursor) : null;
  return token !== null && token.to - token.from === 2 ? token : null;
}

export const articleUrl = (origin: string, article: Pick<FaqSummary, "slug" | "language">): string =>
  `${origin}/help/${article.slug}?language=${article.language}`;

export type Insertion = { kind: "link"; title: string; url: string } | { kind: "text"; text: string };

// The text with the article in the token's place, and where the cursor goes. A link is apart from its neighbours, so that no
// mail program takes a letter of theirs for a part of it; an article's text stands in lines of its own.
export function withArticle(
  text: string,
  at: Pick<Token, "from" | "to">,
  what: Insertion,
): { text: string; cursor: number } {
  const before = text.slice(0, at.from);
  const behind = text.slice(at.to);
  let put: string;
  if (what.kind === "link") {
    const apart = /[\p{P}\p{Script=Han}]$/u.test(what.title) ? " " : ": ";
    put = `${/\S$/.test(before) ? " " : ""}${what.title}${apart}${what.url}${/^\S/.test(behind) ? " " : ""}`;
  } else {
    const begin = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    put = `${begin}${what.text.trim()}\n${behind.startsWith("\n") ? "" : "\n"}`;
  }
  return { text: before + put + behind, cursor: before.length + put.length };
}

// Nothing looked for yet: those of the request's own category come first.
export function nearestFirst(articles: readonly FaqSummary[], words: string, category: string): FaqSummary[] {
  if (words !== "") return [...articles];
  const ours = articles.filter((one) => one.category === category);
  return [...ours, ...articles.filter((one) => one.category !== category)];
}
