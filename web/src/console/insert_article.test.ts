// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { FaqSummary } from "../api/types";
import { articleToken, articleUrl, nearestFirst, typedToken, withArticle } from "./insert_article";

describe("[[", () => {
  // "|" is the cursor.
  const at = (marked: string) => articleToken(marked.replace("|", ""), marked.indexOf("|"));
  it.each([
    ["[[|", { from: 0, to: 2, words: "" }],
    ["Hello [[|", { from: 6, to: 8, words: "" }],
    ["Hello [[| there", { from: 6, to: 8, words: "" }],
    ["Hello [[refund time|", { from: 6, to: 19, words: "refund time" }],
    ["Hello [[ref|und", { from: 6, to: 11, words: "ref" }],
    ["您好【【|", { from: 2, to: 4, words: "" }],
    ["您好【【退款|", { from: 2, to: 6, words: "退款" }],
    ["[[a]] and [[b|", { from: 10, to: 13, words: "b" }],
  ])("asks for an article: %s", (marked, token) => expect(at(marked)).toEqual(token));
  it.each([
    "|",
    "[|",
    "[|[",
    "|[[",
    "[[[|",
    "【【【|",
    "[【|",
    "[[refund]]|",
    "[[refund\nand|",
    `[[${"a".repeat(61)}|`,
  ])("does not: %s", (marked) => expect(at(marked)).toBeNull());
  it("opens by being typed, not by what is typed behind it, moved over or left by taking away", () => {
    expect(typedToken("a[", "a[[", 3)).toEqual({ from: 1, to: 3, words: "" });
    expect(typedToken("", "【【", 2)).toEqual({ from: 0, to: 2, words: "" });
    expect(typedToken("a[[", "a[[r", 4)).toBeNull();
    expect(typedToken("a[[r", "a[[", 3)).toBeNull();
    expect(typedToken("[[", "[[ b", 4)).toBeNull();
  });
});

describe("an article in a reply", () => {
  const url = "https://pay.example/help/fees?language=en";
  const put = (marked: string, what: Parameters<typeof withArticle>[2]) => {
    const from = marked.indexOf("<");
    const { text, cursor } = withArticle(marked.replace(/[<>]/g, ""), { from, to: marked.indexOf(">") - 1 }, what);
    return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  };
  it.each([
    ["<[[>", "What does it cost?", `What does it cost? ${url}|`],
    ["<[[>", "Fees", `Fees: ${url}|`],
    ["<【【>", "手续费", `手续费 ${url}|`],
    ["See<[[fe>or ask", "Fees", `See Fees: ${url} |or ask`],
    ["See <[[>\nBye", "Fees", `See Fees: ${url}|\nBye`],
    ["请看<【【>。", "手续费", `请看 手续费 ${url} |。`],
    ["<these words> go", "Fees", `Fees: ${url}| go`],
  ])("as a link: %s", (marked, title, result) => expect(put(marked, { kind: "link", title, url })).toBe(result));
  it.each([
    ["<[[>", "One.\n\nTwo.\n\n|"],
    ["Hello,<[[>", "Hello,\n\nOne.\n\nTwo.\n\n|"],
    ["Hello,\n<[[>\nBye", "Hello,\n\nOne.\n\nTwo.\n|\nBye"],
    ["Hello,\n\n<[[>Bye", "Hello,\n\nOne.\n\nTwo.\n\n|Bye"],
  ])("as text: %s", (marked, result) => {
    expect(put(marked, { kind: "text", text: "One.\n\nTwo.\n" })).toBe(result);
  });
  it("has the address of the public page, in the customer's language", () =>
    expect(articleUrl("https://pay.example", { slug: "fees", language: "zh-Hant" })).toBe(
      "https://pay.example/help/fees?language=zh-Hant",
    ));
});

it("shows those of the request's category first, until words are looked for", () => {
  const article = (slug: string, category: string): FaqSummary => ({
    slug,
    category,
    language: "en",
    title: slug,
    excerpt: "",
  });
  const all = [article("card", "card"), article("fees", "fees_limits"), article("limits", "fees_limits")];
  const slugs = (words: string) => nearestFirst(all, words, "fees_limits").map((one) => one.slug);
  expect(slugs("")).toEqual(["fees", "limits", "card"]);
  expect(slugs("card")).toEqual(["card", "fees", "limits"]);
});
