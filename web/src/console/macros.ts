// SPDX-License-Identifier: Apache-2.0
// A macro while it is written: what may stand in it, and what would be refused before it is sent. The server looks again.
import type { Body, MacroActions, MacroDetail } from "../api/types";

export const macroLimits = { name: 120, text: 16_384, snoozeHours: 90 * 24 };
export const macroPlaces = [
  "customer_name",
  "request_number",
  "agent_name",
  "payment_amount",
  "payment_reference",
  "payment_time",
  "merchant_name",
] as const;
export type MacroPlace = (typeof macroPlaces)[number];

export interface MacroDraft {
  name: string;
  text_en: string;
  text_zh: string;
  state: "" | NonNullable<MacroActions["state_after"]>;
  assign: string; // "", me, nobody, an id
  hours: string; // as typed; empty: it does not sleep
  version: number; // that was read; 0 of a new one
}

export function draftOf(macro: MacroDetail | null): MacroDraft {
  if (macro === null) return { name: "", text_en: "", text_zh: "", state: "", assign: "", hours: "", version: 0 };
  const { actions } = macro;
  return {
    name: macro.name,
    text_en: macro.text_en,
    text_zh: macro.text_zh,
    state: actions.state_after ?? "",
    assign: actions.assign_to ?? "",
    hours: actions.snooze_hours === 0 ? "" : String(actions.snooze_hours),
    version: macro.version,
  };
}

export const bodyOf = (draft: MacroDraft): Body<"createMacro"> => ({
  name: draft.name.trim(),
  text_en: draft.text_en.trim(),
  text_zh: draft.text_zh.trim(),
  state_after: draft.state === "" ? null : draft.state,
  assign_to: draft.assign === "" ? null : draft.assign,
  snooze_hours: draft.hours.trim() === "" ? 0 : Number(draft.hours),
});

export const saysTheSame = (a: MacroDraft, b: MacroDraft): boolean =>
  JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));

// The first brace that opens no place; "{{" and "}}" are braces themselves.
export function strayIn(text: string): string | null {
  for (const found of text.replace(/\{\{|\}\}/g, "").matchAll(/\{([^{}]*)\}|[{}]/g)) {
    if (found[1] === undefined || !(macroPlaces as readonly string[]).includes(found[1])) return found[0];
  }
  return null;
}

export type MacroFault =
  | { kind: "name_missing" | "nothing" | "solved_sleeps" | "hours_wrong" }
  | { kind: "language_missing"; language: "en" | "zh" }
  | { kind: "stray"; word: string };

export function faultOf(draft: MacroDraft): MacroFault | null {
  const body = bodyOf(draft);
  if (body.name === "") return { kind: "name_missing" };
  for (const text of [body.text_en, body.text_zh]) {
    const word = strayIn(text);
    if (word !== null) return { kind: "stray", word };
  }
  if ((body.text_en === "") !== (body.text_zh === ""))
    return { kind: "language_missing", language: body.text_en === "" ? "en" : "zh" };
  const hours = body.snooze_hours;
  const wrong = !Number.isInteger(hours) || hours < 0 || hours > macroLimits.snoozeHours;
  if (wrong || (draft.hours.trim() !== "" && hours === 0)) return { kind: "hours_wrong" };
  if (body.snooze_hours > 0 && body.state_after === "solved") return { kind: "solved_sleeps" };
  const acts = body.state_after !== null || body.assign_to !== null || body.snooze_hours > 0;
  if (body.text_en === "" && !acts) return { kind: "nothing" };
  return null;
}

// The text with a place where the cursor was, and where it goes.
export function withPlace(text: string, from: number, to: number, place: MacroPlace): { text: string; cursor: number } {
  const put = `{${place}}`;
  return { text: text.slice(0, from) + put + text.slice(to), cursor: from + put.length };
}
