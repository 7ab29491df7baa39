// SPDX-License-Identifier: Apache-2.0
// Moments as people read them. The clock is an argument: these functions never look at it.
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface SpanWords {
  seconds: (n: number) => string;
  minutes: (n: number) => string;
  hours: (n: number) => string;
  days: (n: number) => string;
  join: string; // between the two largest units
}

const two = (n: number) => String(n).padStart(2, "0");

// "2026-09-17 14:05" in the reader's zone.
export function shownMoment(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function shownMomentWithSeconds(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${shownMoment(iso)}:${two(at.getSeconds())}`;
}

// The same in an IANA zone; null where the browser does not know it.
export function momentInZone(at: Date, zone: string): string | null {
  try {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).formatToParts(at);
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
    return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}`;
  } catch {
    return null;
  }
}

// One unit, rounded down: "3 min", "2 h", "5 d". Below a minute, and for clocks that run ahead, the smallest.
export function age(fromIso: string, now: number, words: SpanWords): string {
  const ms = Math.max(0, now - Date.parse(fromIso));
  if (ms < hour) return words.minutes(Math.max(1, Math.floor(ms / minute)));
  if (ms < day) return words.hours(Math.floor(ms / hour));
  return words.days(Math.floor(ms / day));
}

// The two largest units: "22 s", "3 min 5 s", "2 h 4 min", "3 d 4 h".
export function span(ms: number, words: SpanWords): string {
  const size = Math.abs(ms);
  const pair = (big: string, small: number, word: (n: number) => string) =>
    small === 0 ? big : big + words.join + word(small);
  if (size < minute) return words.seconds(Math.floor(size / 1000));
  if (size < hour)
    return pair(words.minutes(Math.floor(size / minute)), Math.floor((size % minute) / 1000), words.seconds);
  if (size < day) return pair(words.hours(Math.floor(size / hour)), Math.floor((size % hour) / minute), words.minutes);
  return pair(words.days(Math.floor(size / day)), Math.floor((size % day) / hour), words.hours);
}

// For deadlines, where seconds are noise: never below a minute.
export function spanInMinutes(ms: number, words: SpanWords): string {
  return span(Math.max(minute, Math.floor(Math.abs(ms) / minute) * minute), words);
}

export type ClockState = "met" | "fine" | "short" | "over";
export interface Clock {
  state: ClockState;
  left: number; // milliseconds to the deadline, from `done` where it is done; negative when over
}
export const shortBelow = 4 * hour;

export function clockOf(due: string, done: string | null, now: number): Clock {
  const left = Date.parse(due) - (done === null ? now : Date.parse(done));
  if (left < 0) return { state: "over", left };
  if (done !== null) return { state: "met", left };
  return { state: left < shortBelow ? "short" : "fine", left };
}
