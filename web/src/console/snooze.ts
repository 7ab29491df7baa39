// SPDX-License-Identifier: Apache-2.0
// The moments that are offered for a snooze, in the zone of who works here; those past a running clock are not.

export type SnoozeChoice = "inHour" | "inThree" | "tomorrow" | "monday";

const atNine = (now: Date, days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);

export function snoozeMoment(choice: SnoozeChoice, now: Date): Date {
  switch (choice) {
    case "inHour":
      return new Date(now.getTime() + 3_600_000);
    case "inThree":
      return new Date(now.getTime() + 3 * 3_600_000);
    case "tomorrow":
      return atNine(now, 1);
    case "monday":
      return atNine(now, (8 - now.getDay()) % 7 || 7);
  }
}

export function snoozeChoices(now: Date, due: Date | null): { choice: SnoozeChoice; until: Date }[] {
  const all: readonly SnoozeChoice[] = ["inHour", "inThree", "tomorrow", "monday"];
  return all
    .map((choice) => ({ choice, until: snoozeMoment(choice, now) }))
    .filter(({ until }) => due === null || until <= due);
}

interface Clocks {
  state: string;
  first_reply_due: string;
  first_replied_at: string | null;
  next_reply_due: string | null;
  investigation_due: string | null;
  promises?: { state: string; due: string }[];
}

// When the clock runs out that does so first; null where none runs. As the writer reckons it.
export function runningDue(ticket: Clocks): Date | null {
  const works = ticket.state === "new" || ticket.state === "open";
  const dues: string[] = [];
  if (works && ticket.first_replied_at === null) dues.push(ticket.first_reply_due);
  if (works && ticket.first_replied_at !== null && ticket.next_reply_due !== null) dues.push(ticket.next_reply_due);
  if ((works || ticket.state === "on_hold") && ticket.investigation_due !== null) dues.push(ticket.investigation_due);
  for (const promise of ticket.promises ?? []) if (promise.state === "open") dues.push(promise.due);
  const times = dues.map((due) => Date.parse(due));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
