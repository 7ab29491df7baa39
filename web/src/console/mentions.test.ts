// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { namedIn, partsOf, typedMention, withMention, withNamed } from "./mentions";

const ann = { id: "1", name: "Ann" };
const annLee = { id: "2", name: "Ann Lee" };
const lin = { id: "3", name: "林伟" };

describe("@", () => {
  it.each([
    ["", "@", 1],
    ["", "＠", 1],
    ["Ask ", "Ask @", 5],
    ["请", "请@", 2],
    ["(", "(@", 2],
    ["\nBye", "@\nBye", 1],
  ])("asks for a colleague: %j %j", (before, after, cursor) =>
    expect(typedMention(before, after, cursor)).toEqual({ from: cursor - 1, to: cursor }),
  );
  it.each([
    ["ana", "ana@", 4], // an address
    ["ana.", "ana.@", 5],
    ["@@", "@", 1], // taken away
    ["@", "@a", 2],
  ])("does not: %j %j", (before, after, cursor) => expect(typedMention(before, after, cursor)).toBeNull());
});

describe("a name in a note", () => {
  it("takes the place of the sign, and the cursor goes behind it", () => {
    expect(withMention("Ask @", { from: 4, to: 5 }, "Ann")).toEqual({ text: "Ask @Ann ", cursor: 9 });
    expect(withMention("请＠看", { from: 1, to: 2 }, "林伟")).toEqual({ text: "请@林伟 看", cursor: 5 });
    expect(withMention("Ask @ now", { from: 4, to: 5 }, "Ann")).toEqual({ text: "Ask @Ann now", cursor: 9 });
  });
  it("is found, the longer one first", () => {
    expect(partsOf("@Ann Lee, ask @Ann.", [ann, annLee])).toEqual([annLee, ", ask ", ann, "."]);
    expect(partsOf("请@林伟看", [lin])).toEqual(["请", lin, "看"]);
    expect(partsOf("@Bob and a@b", [ann])).toEqual(["@Bob and a@b"]);
    expect(partsOf("", [ann])).toEqual([]);
  });
  it("names whoever still stands in it, each once", () => {
    expect(namedIn("@Ann Lee", [ann, annLee])).toEqual([annLee]);
    expect(namedIn("@Ann @Ann", [ann])).toEqual([ann]);
    expect(namedIn("Ann", [ann])).toEqual([]);
    expect(withNamed([ann], { ...ann })).toEqual([ann]);
    expect(withNamed([ann], lin)).toEqual([ann, lin]);
  });
});
