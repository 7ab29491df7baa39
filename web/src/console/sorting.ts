// SPDX-License-Identifier: Apache-2.0
// Setting right what triage made of a request: what is offered, what the form for the technical team begins with, and what
// is sent. Plain functions; the screens are Sorting and ReadAs.
import type { Body, Category, Reading, TicketSummary, Urgency } from "../api/types";
import { apiEn } from "../i18n/api_en";

export type Wish = Body<"sortTicket">;
export type Team = NonNullable<Wish["team"]>;
export type HandOver = Required<NonNullable<Wish["form"]>>;

export const teams: readonly Team[] = ["agent", "technical_team", "risk_team"];
export const urgencies: readonly Urgency[] = ["critical", "high", "normal", "low"];
const saidByHeaders: Category = "auto_generated"; // never by people
const categories = Object.keys(apiEn.category) as Category[]; // complete by type

// Always in one order: a digit saves at once, so a hand that has learnt it must never meet another.
export const categoryChoices: readonly Category[] = categories.filter((one) => one !== saidByHeaders);

const digits = 9;
export const digitOf = (place: number): string | null => (place < digits ? String(place + 1) : null);
export const atDigit = (key: string, choices: readonly Category[]): Category | null =>
  /^[1-9]$/.test(key) ? (choices[Number(key) - 1] ?? null) : null;

export const handOverMost: Readonly<Record<keyof HandOver, number>> = {
  what_happens: 2000,
  steps: 2000,
  error_code: 200,
  since: 200,
  device: 200,
  tried: 2000,
};
export const handOverFields = Object.keys(handOverMost) as (keyof HandOver)[];

// Nothing but what the mail says. A machine may misread a picture, so what stands there alone says so.
export function prefilled(reading: Reading, inPicture: (fact: string) => string): HandOver {
  const known = (facts: readonly string[], apart: readonly string[], most: number) =>
    facts
      .map((fact) => (apart.includes(fact) ? inPicture(fact) : fact))
      .reduce((all, one) => {
        const longer = all === "" ? one : `${all}, ${one}`;
        return longer.length > most ? all : longer; // half a code is a wrong one
      }, "");
  const { error_codes, datetimes, in_pictures } = reading;
  return {
    what_happens: "",
    steps: "",
    error_code: known(error_codes, in_pictures.error_codes, handOverMost.error_code),
    since: known(datetimes, in_pictures.datetimes, handOverMost.since).replace(/(\d)T(\d)/g, "$1 $2"),
    device: "",
    tried: "",
  };
}

const filled = (text: string) => text.trim() !== "";
export const isComplete = (form: HandOver): boolean =>
  filled(form.what_happens) && (filled(form.steps) || filled(form.error_code));

// What is typed outlives the dialog, what is chosen does not: another time it would go along unseen.
export interface SortDraft {
  category: Category | null; // null: as it is
  urgency: Urgency | null;
  team: Team | null;
  note: string;
  form: HandOver | null; // null: as it was prefilled
}
export const emptySort: SortDraft = { category: null, urgency: null, team: null, note: "", form: null };
export const typedOnly = ({ note, form }: SortDraft): SortDraft => ({ ...emptySort, note, form });

export type Sorted = Pick<TicketSummary, "category" | "urgency" | "route">;
export const isUntouched = (draft: SortDraft): boolean =>
  draft.category === null && draft.urgency === null && draft.team === null;
export const handsOver = (draft: SortDraft, now: Pick<Sorted, "route">): boolean =>
  draft.team === "technical_team" && now.route !== "technical_team";

// What is asked of the server: what differs from now. Null while nothing does, or while the form lacks something.
export function wishOf(
  draft: SortDraft,
  form: HandOver,
  now: Sorted,
  version: number,
  language: Wish["language"],
): Wish | null {
  const to: Partial<Wish> = {
    ...(draft.category !== null && draft.category !== now.category && { category: draft.category }),
    ...(draft.urgency !== null && draft.urgency !== now.urgency && { urgency: draft.urgency }),
    ...(draft.team !== null && draft.team !== now.route && { team: draft.team }),
  };
  if (Object.keys(to).length === 0) return null;
  if (handsOver(draft, now)) {
    if (!isComplete(form)) return null;
    const parts = Object.entries(form).filter(([, text]) => filled(text));
    const said = Object.fromEntries(parts.map(([name, text]) => [name, text.trim()])) as unknown as HandOver;
    return { version, language, ...to, form: said };
  }
  return { version, language, ...to, ...(filled(draft.note) && { note: draft.note.trim() }) };
}

// The words that carried what triage decided, as they are read: what it is, how urgent, whose, what was noticed.
const decisions = ["category", "urgency", "route", "flag"];
export const reasonsOf = (because: Reading["because"]): Reading["because"] =>
  decisions.flatMap((decision) => because.filter((one) => one.decision === decision));
