// SPDX-License-Identifier: Apache-2.0
// Facts that a request still needs, and the answer that gives them: which are asked for, what was typed, and how it is said.
import type { Answer, Body, FactName } from "../api/types";
import { toMinor } from "../format/money";
import type { FactWords } from "./words_facts";

type Case = Pick<Answer<"getCase">, "asked_facts" | "files">;

export interface Given {
  payment: string | null; // picked from the own list
  values: Partial<Record<FactName, string>>; // as they stand in the answer; empty: left out
  notInList: boolean;
  words: string; // beside the facts
}

export const missingOf = (found: Case): FactName[] =>
  (found.asked_facts?.facts ?? []).filter(({ missing }) => missing).map(({ fact }) => fact);

export const knownOf = (found: Case): FactName[] =>
  (found.asked_facts?.facts ?? []).filter(({ missing }) => !missing).map(({ fact }) => fact);

// A picture handed in since may show what the screen said, so nobody is told that it is missing.
export function saidMissing(found: Case): FactName[] {
  const asked = found.asked_facts;
  const pictured = asked !== null && found.files.some(({ at }) => Date.parse(at) >= Date.parse(asked.asked_at));
  return missingOf(found).filter((fact) => !(pictured && fact === "error_code_or_message"));
}

// A payment that was picked says its amount and its time.
export const shownFacts = (missing: readonly FactName[], picked: boolean): FactName[] =>
  missing.filter((fact) => !picked || (fact !== "amount" && fact !== "transaction_time"));

const plain = (typed: string): string =>
  typed.replace(/[０-９．，]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).trim();

// As people type it, with full-width digits and grouping; null where it is no amount.
export function amountTyped(typed: string): string | null {
  const text = plain(typed).replace(/,(?=\d{3}(\D|$))/g, "");
  if (text === "") return "";
  const minor = toMinor(text, 3);
  return minor === null || minor <= 0n ? null : text;
}

export function lastFourTyped(typed: string): string | null {
  const text = plain(typed);
  return text === "" || /^\d{4}$/.test(text) ? text : null;
}

// Null where nothing at all is given.
export function answerOf(
  missing: readonly FactName[],
  given: Given,
  w: Pick<FactWords, "line" | "notInList">,
  colon: string,
): Body<"answerCase"> | null {
  const shown = shownFacts(missing, given.payment !== null);
  const filled = shown.filter((fact) => (given.values[fact] ?? "") !== "");
  const lines = filled.map((fact) => `${w.line[fact]}${colon}${given.values[fact]}`);
  if (given.notInList) lines.unshift(`${w.line.transaction_id}${colon}${w.notInList}`);
  const words = given.words.trim();
  const text = [lines.join("\n"), words].filter((part) => part !== "").join("\n\n");
  if (text === "" && given.payment === null) return null;
  // Whether words describe enough, a person sees: any words count.
  const described = words !== "" && shown.includes("problem_description") && !filled.includes("problem_description");
  const facts: FactName[] = described ? [...filled, "problem_description"] : filled;
  return {
    ...(text === "" ? {} : { text }),
    ...(given.payment === null ? {} : { payment: given.payment }),
    ...(facts.length === 0 ? {} : { facts }),
  };
}
