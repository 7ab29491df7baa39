// SPDX-License-Identifier: Apache-2.0
// Statements to take away: which months there are, and keeping the file. For customers and for staff.
import { make } from "../dom";

export interface Month {
  from: string; // days, 2026-11-01
  until: string; // the last one that counts; never in the future
}

const day = (year: number, month: number, date: number): string => {
  const at = new Date(Date.UTC(year, month, date));
  return at.toISOString().slice(0, 10);
};

// This month so far and the twelve before it, newest first.
export function monthsUpTo(today: Date): Month[] {
  const [year, month] = [today.getFullYear(), today.getMonth()];
  return Array.from({ length: 13 }, (_, back) => ({
    from: day(year, month - back, 1),
    until: back === 0 ? day(year, month, today.getDate()) : day(year, month - back + 1, 0),
  }));
}

// The browser keeps the file under the name that the server gave it.
export function fileName(disposition: string | null, asked: Month & { format: string }): string {
  const named = /filename="([A-Za-z0-9._-]+)"/.exec(disposition ?? "");
  return named?.[1] ?? `statement-${asked.from}-${asked.until}.${asked.format}`;
}

export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const anchor = make("a", { href: url, download: name, hidden: "" });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // Not at once: some browsers begin to read after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
