// SPDX-License-Identifier: Apache-2.0
// A macro within a reply: where "/" at the beginning of a line asks for one, and the text with it. A Chinese keyboard writes
// "、" by the same key.
import type { Macro, MacroPreview, Payment } from "../api/types";

export interface Token {
  from: number;
  to: number;
}

// Just typed: the text grew by it, at the beginning of a line.
export function typedMacro(before: string, after: string, cursor: number): Token | null {
  if (after.length <= before.length || !/^[/、]$/.test(after.charAt(cursor - 1))) return null;
  if (cursor > 1 && after.charAt(cursor - 2) !== "\n") return null;
  return { from: cursor - 1, to: cursor };
}

// In use, with every word somewhere in its name; those that begin with what is looked for come first.
export function macrosFound(macros: readonly Macro[], asked: string): Macro[] {
  const wanted = asked.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter((word) => word !== "");
  const rank = (macro: Macro) => (macro.name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return macros
    .filter((macro) => !macro.retired && words.every((word) => macro.name.toLowerCase().includes(word)))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

// The one payment that there is needs no choice.
export const onlyPayment = (payments: readonly Payment[]): Payment | null =>
  payments.length === 1 ? (payments[0] ?? null) : null;

// The text with the macro's in the token's place, in lines of its own, and where the cursor goes.
export function withMacro(text: string, at: Token, macro: string): { text: string; cursor: number } {
  const before = text.slice(0, at.from);
  const behind = text.slice(at.to);
  const put = macro + (behind === "" || behind.startsWith("\n") ? "" : "\n");
  return { text: before + put + behind, cursor: before.length + macro.length };
}

// The text without the token, where it still stands there: its writer may have gone on.
export function withoutToken(text: string, at: Token): string {
  return /^[/、]$/.test(text.slice(at.from, at.to)) ? text.slice(0, at.from) + text.slice(at.to) : text;
}

// What goes with the reply: the last one that was put in. Its payments are those that the text already names, and its own.
export interface UsedMacro {
  id: number;
  version: number;
  name: string;
  actions: MacroPreview["actions"];
}
export const usedMacro = ({ id, version, name, actions }: MacroPreview): UsedMacro => ({ id, version, name, actions });
export const withFigures = (figures: readonly string[], more: readonly string[]): string[] => [
  ...new Set([...figures, ...more]),
];
