// SPDX-License-Identifier: Apache-2.0
// What the page of the help articles decides without the server: what has drifted, how articles are grouped and found, and
// what is wrong with a text before it is sent.
import type { Body, Category, FaqPair, FaqSideDetail } from "../api/types";
import type { SiteLanguage } from "../i18n/choice";

export type ArticleLanguage = SiteLanguage;
export type Standing = Body<"putFaqArticle">["standing"];
export type Shown = "unseen" | "shown" | "edited";
type Side = FaqPair["sides"][number];

// The two that are written by hand; Traditional is made of Simplified.
export const pairLanguages = ["en", "zh-Hans"] as const;

// What an article can be about (desk/faq.cpp: is_faq_category), in the order of the help pages.
export const articleCategories = [
  "payment_failed",
  "duplicate_charge",
  "refund",
  "topup_withdrawal",
  "card",
  "fees_limits",
  "general_howto",
  "complaint",
  "account_locked",
  "account_info_change",
  "identity_verification",
  "login_security",
  "suspicious_activity",
] as const satisfies readonly Category[];
export type ArticleCategory = (typeof articleCategories)[number];

export const categoryOf = (name: string | undefined): ArticleCategory =>
  articleCategories.find((one) => one === name) ?? "general_howto";

export const sideOf = <One extends { language: ArticleLanguage }>(sides: readonly One[], language: ArticleLanguage) =>
  sides.find((side) => side.language === language) ?? null;

// The server keeps no word of its own for what was withdrawn: nobody sees it, as nobody sees a draft.
export function shownOf(side: Pick<Side, "state">): Shown {
  switch (side.state) {
    case "draft":
      return "unseen";
    case "published":
      return "shown";
    case "edited":
      return "edited";
  }
}

export interface Drift {
  language: ArticleLanguage;
  why: "missing" | "behind";
}

// Traditional that is made of Simplified drifts with it, and follows it by itself: nobody has to be told.
export function driftOf(pair: { drifted: readonly ArticleLanguage[]; sides: readonly Side[] }): Drift[] {
  return pair.drifted.flatMap((language): Drift[] => {
    const side = sideOf(pair.sides, language);
    if (side === null) return [{ language, why: "missing" }];
    return side.made_from_simplified ? [] : [{ language, why: "behind" }];
  });
}

export interface DriftWords {
  language: Record<ArticleLanguage, string>;
  missing: (language: string) => string;
  behind: (language: string) => string;
}
export const driftSentence = (drift: Drift, words: DriftWords): string =>
  words[drift.why](words.language[drift.language]);

// Of what was written by hand, whether something waits to be published.
export const waitsFor = (pair: Pick<FaqPair, "sides">): boolean =>
  pair.sides.some((side) => !side.made_from_simplified && side.state !== "published");

export type Filter = "all" | "drifted" | "waiting";
export function isAmong(pair: FaqPair, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "drifted":
      return driftOf(pair).length > 0;
    case "waiting":
      return waitsFor(pair);
  }
}

// Every word stands in a title or in the name.
export function isFound(pair: FaqPair, words: string): boolean {
  const text = [pair.slug, ...pair.sides.map((side) => side.title)].join("\n").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export interface Group {
  category: ArticleCategory;
  pairs: FaqPair[];
}
// An article stands where its English side does, else the first there is.
export function groupsOf(pairs: readonly FaqPair[]): Group[] {
  return articleCategories
    .map((category) => ({
      category,
      pairs: pairs.filter((pair) => categoryOf((sideOf(pair.sides, "en") ?? pair.sides[0])?.category) === category),
    }))
    .filter((group) => group.pairs.length > 0);
}

export interface Counts {
  helped: number;
  notHelped: number;
  answered: number;
  askedOn: number;
}
export function countsOf(sides: readonly Side[]): Counts {
  const sum = (count: (side: Side) => number) => sides.reduce((all, side) => all + count(side), 0);
  return {
    helped: sum((side) => side.helped),
    notHelped: sum((side) => side.not_helped),
    answered: sum((side) => side.answers_sent),
    askedOn: sum((side) => side.answers_asked_on),
  };
}

// desk/faq.hpp: is_faq_slug; "search" is an address of the search.
export const isSlug = (name: string): boolean =>
  name.length <= 64 && name !== "search" && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);

// "staff:3", else an import's.
export function authorOf(by: string): { staff: string } | "import" {
  const staff = /^staff:(\d+)$/.exec(by)?.[1];
  return staff === undefined ? "import" : { staff };
}

// --- a side as it is being written

export interface ArticleDraft {
  version: number; // of what was read; 0 where there was none
  category: ArticleCategory;
  title: string;
  questions: string; // one a line
  body: string;
}

export function draftOf(side: FaqSideDetail | null, category: string | undefined): ArticleDraft {
  return {
    version: side?.version ?? 0,
    category: categoryOf(side?.category ?? category),
    title: side?.title ?? "",
    questions: side?.questions.join("\n") ?? "",
    body: side?.body ?? "",
  };
}

const linesOf = (text: string) => text.split("\n").map((line) => line.trim());
export const questionsOf = (text: string): string[] => linesOf(text).filter((line) => line !== "");

// Whether it would say what the side says already.
export const saysTheSame = (draft: ArticleDraft, side: ArticleDraft): boolean =>
  draft.category === side.category &&
  draft.title.trim() === side.title &&
  draft.body === side.body &&
  questionsOf(draft.questions).join("\n") === side.questions;

// desk/faq.hpp and content/markdown.hpp
export const articleLimits = { titleOctets: 300, questions: 20, questionOctets: 300, bodyOctets: 16 * 1024 } as const;
const octetsOf = (text: string) => new TextEncoder().encode(text).length;

export interface ArticleFault {
  kind:
    "title_missing" | "title_too_long" | "too_many_questions" | "question_too_long" | "body_missing" | "body_too_long";
  number: number; // the limit, or the line of the question
}

// The first thing for which the server would refuse it. What the text's signs mean, the server's preview says.
export function faultOf(draft: Pick<ArticleDraft, "title" | "questions" | "body">): ArticleFault | null {
  const title = draft.title.trim();
  if (title === "") return { kind: "title_missing", number: 0 };
  if (octetsOf(title) > articleLimits.titleOctets) return { kind: "title_too_long", number: articleLimits.titleOctets };
  if (questionsOf(draft.questions).length > articleLimits.questions)
    return { kind: "too_many_questions", number: articleLimits.questions };
  const long = linesOf(draft.questions).findIndex((line) => octetsOf(line) > articleLimits.questionOctets);
  if (long >= 0) return { kind: "question_too_long", number: long + 1 };
  if (draft.body.trim() === "") return { kind: "body_missing", number: 0 };
  if (octetsOf(draft.body) > articleLimits.bodyOctets)
    return { kind: "body_too_long", number: articleLimits.bodyOctets };
  return null;
}

// What a change most likely means. Where nothing says otherwise the others must follow: a drift that is none is seen and
// ended, one that nobody is told of is not.
export function usualStanding(side: Side | null, drifted: boolean, others: number): Standing {
  if (others === 0 || side === null || drifted) return "in_step";
  return "ahead";
}
