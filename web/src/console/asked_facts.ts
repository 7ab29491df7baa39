// SPDX-License-Identifier: Apache-2.0
// What a customer was asked for, and what came of it: from the request itself and from its events.
import type { Ticket, TicketEvent } from "../api/types";
import type { AskedWords } from "../i18n/facts";

type Named = (facts: readonly string[]) => string;

export const namedBy =
  (names: Readonly<Record<string, string>>, comma: string): Named =>
  (facts) =>
    facts.map((fact) => names[fact] ?? fact).join(comma);

export function factsIn(event: TicketEvent, key: "facts" | "missing"): string[] {
  const names = event.detail[key];
  return typeof names === "string" ? names.split(" ").filter((name) => name !== "") : [];
}

// As they came, each once: also what was not asked for and makes another one needless. What is needless is not given.
export function givenIn(events: readonly TicketEvent[]): string[] {
  return [...new Set(events.filter(({ kind }) => kind === "facts_given").flatMap((event) => factsIn(event, "facts")))];
}

export const missingIn = ({ facts }: NonNullable<Ticket["asked_facts"]>): string[] =>
  facts.filter(({ missing }) => missing).map(({ fact }) => fact);

// "Given: amount; still missing: time".
export function outcomeWords(
  given: readonly string[],
  missing: readonly string[],
  named: Named,
  w: AskedWords,
): string {
  const first = given.length === 0 ? w.noneGiven : w.given(named(given));
  return missing.length === 0 ? first : `${first}${w.then}${w.missing(named(missing))}`;
}
