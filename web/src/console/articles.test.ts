// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { FaqPair } from "../api/types";
import { articleWordsOf } from "../i18n/articles";
import {
  articleLimits,
  authorOf,
  categoryOf,
  countsOf,
  draftOf,
  driftOf,
  driftSentence,
  faultOf,
  groupsOf,
  isAmong,
  isFound,
  isSlug,
  questionsOf,
  saysTheSame,
  usualStanding,
  type ArticleFault,
} from "./articles";

type Side = FaqPair["sides"][number];
const side = (language: Side["language"], more: Partial<Side> = {}): Side => ({
  language,
  category: "refund",
  title: `title ${language}`,
  version: 2,
  published_version: 2,
  state: "published",
  made_from_simplified: language === "zh-Hant",
  updated_at: "2026-11-29T10:00:00Z",
  updated_by: "staff:3",
  helped: 0,
  not_helped: 0,
  answers_sent: 0,
  answers_asked_on: 0,
  ...more,
});
const pair = (slug: string, sides: Side[], drifted: FaqPair["drifted"] = []): FaqPair => ({ slug, sides, drifted });
const whole = pair("refund-time", [side("en"), side("zh-Hans"), side("zh-Hant")]);

describe("drift", () => {
  const sentences = (one: FaqPair, language: "en" | "zh") =>
    driftOf(one).map((drift) => driftSentence(drift, articleWordsOf(language)));
  it.each([
    ["nothing", whole, [], []],
    [
      "Chinese behind; Traditional that is made of it is not named",
      { ...whole, drifted: ["zh-Hans", "zh-Hant"] as const },
      ["Simplified Chinese has fallen behind"],
      ["简体中文未同步"],
    ],
    [
      "Traditional by hand is named",
      pair("a", [side("en"), side("zh-Hant", { made_from_simplified: false })], ["zh-Hant"]),
      ["Traditional Chinese has fallen behind"],
      ["繁体中文未同步"],
    ],
    ["a side that is not there", pair("a", [side("zh-Hans")], ["en"]), ["English is missing"], ["缺少英文"]],
  ])("%s", (_, one, en, zh) => {
    expect(sentences({ ...one, drifted: [...one.drifted] }, "en")).toEqual(en);
    expect(sentences({ ...one, drifted: [...one.drifted] }, "zh")).toEqual(zh);
  });
});

describe("the list", () => {
  const draft = pair("limits", [side("en", { category: "fees_limits", state: "draft", published_version: null })]);
  const behind = { ...whole, drifted: ["en" as const] };
  it("groups by category, in the order of the help pages, and leaves nobody out", () => {
    const strange = pair("odd", [side("zh-Hans", { category: "spam" })]);
    expect(
      groupsOf([draft, strange, whole]).map((group) => [group.category, group.pairs.map((one) => one.slug)]),
    ).toEqual([
      ["refund", ["refund-time"]],
      ["fees_limits", ["limits"]],
      ["general_howto", ["odd"]],
    ]);
    expect(categoryOf(undefined)).toBe("general_howto");
  });
  it("filters what has drifted and what waits", () => {
    const among = (one: FaqPair) => (["all", "drifted", "waiting"] as const).map((filter) => isAmong(one, filter));
    expect(among(whole)).toEqual([true, false, false]);
    expect(among(behind)).toEqual([true, true, false]);
    expect(among(draft)).toEqual([true, false, true]);
    // What follows Simplified by itself is published with it.
    expect(among(pair("a", [side("zh-Hans"), side("zh-Hant", { state: "edited" })]))).toEqual([true, false, false]);
  });
  it("finds by words of a title or of the name", () => {
    expect(isFound(whole, "TITLE zh-hans")).toBe(true);
    expect(isFound(whole, "refund-t")).toBe(true);
    expect(isFound(whole, "refund fees")).toBe(false);
    expect(isFound(whole, "")).toBe(true);
  });
  it("adds what the sides are good for", () => {
    const sides = [
      side("en", { helped: 2, not_helped: 1, answers_sent: 5, answers_asked_on: 1 }),
      side("zh-Hans", { helped: 3 }),
    ];
    expect(countsOf(sides)).toEqual({ helped: 5, notHelped: 1, answered: 5, askedOn: 1 });
  });
});

it.each([
  ["refund-time", true],
  ["a", true],
  ["2fa", true],
  ["a".repeat(64), true],
  ["a".repeat(65), false],
  ["", false],
  ["-a", false],
  ["a-", false],
  ["Refund", false],
  ["a b", false],
  ["退款", false],
  ["search", false],
])("the name %s", (name, may) => expect(isSlug(name)).toBe(may));

it("tells staff from an import", () => {
  expect(authorOf("staff:12")).toEqual({ staff: "12" });
  expect(authorOf("system:0")).toBe("import");
});

describe("a side that is written", () => {
  const detail = { ...side("en"), body: "Text.", questions: ["When?", "How long?"], history: [] };
  const read = draftOf(detail, undefined);
  it("begins with what stands there, or with the other side's category", () => {
    expect(read).toEqual({
      version: 2,
      category: "refund",
      title: "title en",
      questions: "When?\nHow long?",
      body: "Text.",
    });
    expect(draftOf(null, "card")).toEqual({ version: 0, category: "card", title: "", questions: "", body: "" });
  });
  it("is the same with other blanks around its lines, and another with another word", () => {
    expect(saysTheSame({ ...read, version: 1, title: " title en ", questions: "\n When? \n\nHow long?\n" }, read)).toBe(
      true,
    );
    for (const more of [{ title: "other" }, { body: "Text. " }, { questions: "When?" }, { category: "card" as const }])
      expect(saysTheSame({ ...read, ...more }, read)).toBe(false);
  });
  it("has its questions one a line", () => expect(questionsOf(" a \n\n b\n")).toEqual(["a", "b"]));

  const { titleOctets, questions, questionOctets, bodyOctets } = articleLimits;
  it.each<[string, Partial<typeof read>, ArticleFault | null]>([
    ["nothing", {}, null],
    ["no title", { title: " " }, { kind: "title_missing", number: 0 }],
    ["a title as long as may be, in octets", { title: "退".repeat(titleOctets / 3) }, null],
    ["a longer one", { title: "退".repeat(titleOctets / 3) + "a" }, { kind: "title_too_long", number: titleOctets }],
    ["as many questions as may be", { questions: "q\n".repeat(questions) }, null],
    ["one more", { questions: "q\n".repeat(questions + 1) }, { kind: "too_many_questions", number: questions }],
    [
      "a long question, by its line",
      { questions: `q\n\n${"q".repeat(questionOctets + 1)}` },
      { kind: "question_too_long", number: 3 },
    ],
    ["no text", { body: "\n " }, { kind: "body_missing", number: 0 }],
    ["a text as long as may be", { body: "a".repeat(bodyOctets) }, null],
    ["a longer text", { body: "a".repeat(bodyOctets + 1) }, { kind: "body_too_long", number: bodyOctets }],
  ])("has as fault: %s", (_, more, fault) => expect(faultOf({ ...read, ...more })).toEqual(fault));

  it.each([
    ["the first side", null, true, 0, "in_step"],
    ["the second side of a pair", null, true, 1, "in_step"],
    ["a side that had fallen behind", detail, true, 1, "in_step"],
    ["a change of one of two that agree", detail, false, 1, "ahead"],
    ["a side alone", detail, false, 0, "in_step"],
  ] as const)("%s", (_, one, drifted, others, standing) => expect(usualStanding(one, drifted, others)).toBe(standing));
});
