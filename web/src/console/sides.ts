// SPDX-License-Identifier: Apache-2.0
// Whom a mail of a side thread goes to, and whether it may leave. Plain functions; the screens are SideComposer and
// SideThreads.
import type { Counterparty, CounterpartyKind, SideThread } from "../api/types";

export const sideHours = [24, 48, 72, 120, 240] as const;
export const counterpartyKinds: readonly CounterpartyKind[] = ["bank", "provider", "merchant", "other"];
export const sideLanguages = ["en", "zh-Hans", "zh-Hant"] as const;
export type SideLanguage = (typeof sideLanguages)[number];

// As the value of the select: a thread that goes on, one of the book, or one that is typed.
export type SideTarget = `thread:${string}` | `book:${number}` | "typed";

export interface SideDraft {
  target: SideTarget;
  address: string; // where it is typed
  kind: CounterpartyKind;
  language: SideLanguage;
  subject: string;
  text: string;
  payments: string[];
  hours: number;
}
export const emptySide: SideDraft = {
  target: "typed",
  address: "",
  kind: "bank",
  language: "en",
  subject: "",
  text: "",
  payments: [],
  hours: 24,
};

export const looksLikeAddress = (address: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address.trim());

export function threadOf(target: SideTarget, threads: readonly SideThread[]): SideThread | null {
  return threads.find(({ number }) => target === `thread:${number}`) ?? null;
}

// Those who can be written to: threads that go on first, then the book without the retired ones.
export function targetsOf(threads: readonly SideThread[], book: readonly Counterparty[]) {
  return {
    threads: [...threads].sort((a, b) => Number(a.state === "closed") - Number(b.state === "closed")),
    book: book.filter(({ retired }) => !retired),
  };
}

// The one that was chosen, or where it is gone the first that is left.
export function chosen(target: SideTarget, threads: readonly SideThread[], book: readonly Counterparty[]): SideTarget {
  const left = targetsOf(threads, book);
  if (target.startsWith("thread:") && threadOf(target, threads) !== null) return target;
  if (left.book.some(({ id }) => target === `book:${id}`)) return target;
  const first = left.book[0];
  return target === "typed" || first === undefined ? "typed" : `book:${first.id}`;
}

export function addressOf(draft: SideDraft, threads: readonly SideThread[], book: readonly Counterparty[]): string {
  const thread = threadOf(draft.target, threads);
  if (thread !== null) return thread.counterparty.address;
  const party = book.find(({ id }) => draft.target === `book:${id}`);
  return party?.address ?? draft.address.trim();
}

export function isReady(draft: SideDraft, threads: readonly SideThread[], book: readonly Counterparty[]): boolean {
  if (draft.text.trim() === "" || !looksLikeAddress(addressOf(draft, threads, book))) return false;
  return threadOf(draft.target, threads) !== null || draft.subject.trim() !== "";
}
