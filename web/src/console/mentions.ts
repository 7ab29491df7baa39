// SPDX-License-Identifier: Apache-2.0
// Colleagues named within a note: where "@" asks for one, the text with the name in it, and who is named by a text. A
// Chinese keyboard writes "＠".
import type { Message } from "../api/types";
import type { Token } from "./insert_macro";

export type Named = Message["mentions"][number];
export const mentionsMax = 10;

// Just typed: the text grew by it, and it does not belong to an address.
export function typedMention(before: string, after: string, cursor: number): Token | null {
  if (after.length <= before.length || !/^[@＠]$/.test(after.charAt(cursor - 1))) return null;
  if (cursor > 1 && /[\w.+-]/.test(after.charAt(cursor - 2))) return null;
  return { from: cursor - 1, to: cursor };
}

// The text with the name in the token's place, and where the cursor goes: behind the space that follows it.
export function withMention(text: string, at: Token, name: string): { text: string; cursor: number } {
  const behind = text.slice(at.to);
  const put = `@${name}${/^\s/.test(behind) ? "" : " "}`;
  return { text: text.slice(0, at.from) + put + behind, cursor: at.from + name.length + 2 };
}

export type Part = string | Named;

// The text in pieces: what is said, and the names that stand in it. Of two that begin alike it is the longer one.
export function partsOf(text: string, people: readonly Named[]): Part[] {
  const longest = [...people].sort((a, b) => b.name.length - a.name.length);
  const parts: Part[] = [];
  let said = "";
  for (let at = 0; at < text.length;) {
    const found = text.charAt(at) === "@" ? longest.find((one) => text.startsWith(one.name, at + 1)) : undefined;
    if (found === undefined) {
      said += text.charAt(at);
      at += 1;
      continue;
    }
    if (said !== "") parts.push(said);
    parts.push(found);
    said = "";
    at += 1 + found.name.length;
  }
  if (said !== "") parts.push(said);
  return parts;
}

// Whose name still stands in the text: who is deleted from it is not named any more. Two of one name are both.
export function namedIn(text: string, people: readonly Named[]): Named[] {
  const names = new Set(partsOf(text, people).map((part) => (typeof part === "string" ? "" : part.name)));
  return people.filter((one) => names.has(one.name));
}

export const withNamed = (people: readonly Named[], one: Named): Named[] =>
  people.some((known) => known.id === one.id) ? [...people] : [...people, one];
