// SPDX-License-Identifier: Apache-2.0
// What a draft promises, and which of it its writer confirms. The server finds candidates; what has one reading is confirmed
// unless the writer says no, the rest only where the writer says yes.
import type { Answer, Promised } from "../api/types";

export type Found = Answer<"findPromises">["items"][number];
export type Decisions = Readonly<Record<string, boolean>>; // by the words of the deadline

// A moment after the draft was read it may say something else: what it says no more is no candidate.
export function candidates(found: readonly Found[], draft: string): Found[] {
  const first = new Map<string, Found>();
  for (const one of found) if (!first.has(one.text) && draft.includes(one.text)) first.set(one.text, one);
  return [...first.values()];
}

export const isConfirmed = (one: Found, decisions: Decisions): boolean => decisions[one.text] ?? one.sure;

// What is sent with the reply. What is due by now is left out: nobody can keep it any more.
export function confirmed(found: readonly Found[], draft: string, decisions: Decisions, now: number) {
  return candidates(found, draft)
    .filter((one) => isConfirmed(one, decisions) && Date.parse(one.due) > now)
    .map(({ text, due }) => ({ text, due }));
}

export type Standing = "open" | "short" | "over" | "kept" | "late" | "withdrawn";

// As a person reads it: of one that was broken, whether it is still to be done.
export function standingOf(promise: Promised, now: number, shortBelow: number): Standing {
  if (promise.state === "kept" || promise.state === "withdrawn") return promise.state;
  if (promise.ended_at !== null) return "late";
  const left = Date.parse(promise.due) - now;
  return left <= 0 ? "over" : left < shortBelow ? "short" : "open";
}

export const isDone = (standing: Standing): boolean =>
  standing === "kept" || standing === "late" || standing === "withdrawn";

// What is to be done comes first, the earliest due on top; what has ended follows, the last on top.
export function inOrder(promises: readonly Promised[]): Promised[] {
  const open = promises.filter((one) => one.ended_at === null);
  const ended = promises.filter((one) => one.ended_at !== null);
  return [
    ...open.sort((a, b) => Date.parse(a.due) - Date.parse(b.due)),
    ...ended.sort((a, b) => Date.parse(b.ended_at ?? b.due) - Date.parse(a.ended_at ?? a.due)),
  ];
}
