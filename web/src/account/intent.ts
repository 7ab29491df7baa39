// SPDX-License-Identifier: Apache-2.0
// One intention to pay, from "continue" to its end. Its key is made once and kept before anything is sent, so that a double
// click, a reload or a lost answer can only ever ask for the same payment again.
import { ApiError, newKey } from "../api/http";
import type { Amount } from "../format/money";

export type IntentState =
  | "ready" // shown for confirmation; nothing was sent, or what was sent surely did nothing
  | "sending"
  | "unknown" // it may have been paid: only the same key may ask
  | "done"
  | "refused"; // for good: a refused key stays refused

export interface Intent {
  key: string;
  owner: string; // customer id: another one who signs in here neither sees nor sends it
  to: string; // a customer id or an address
  name: string | null; // of the payee, where it is known before paying
  amount: Amount;
  memo: string;
  made: string; // RFC 3339
  state: IntentState;
  payment: string | null;
  refusal: string | null; // the code
}

export type Wish = Pick<Intent, "owner" | "to" | "name" | "amount" | "memo">;

export type Outcome =
  | { kind: "made"; payment: string; name: string | null }
  | { kind: "refused"; code: string }
  | { kind: "not_done" } // this try did nothing; what an earlier one did stays open
  | { kind: "unknown" };

export function intentOf(wish: Wish, key: string, now: Date): Intent {
  return { ...wish, key, made: now.toISOString(), state: "ready", payment: null, refusal: null };
}

export function sending(intent: Intent): Intent {
  return intent.state === "unknown" ? intent : { ...intent, state: "sending" };
}

export function after(intent: Intent, outcome: Outcome): Intent {
  switch (outcome.kind) {
    case "made":
      return { ...intent, state: "done", payment: outcome.payment, name: intent.name ?? outcome.name };
    case "refused":
      return { ...intent, state: "refused", refusal: outcome.code };
    case "not_done":
      return intent.state === "unknown" ? intent : { ...intent, state: "ready" };
    case "unknown":
      return { ...intent, state: "unknown" };
  }
}

// What an answer that is no payment says about the money.
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ApiError)) return { kind: "unknown" };
  if (error.code === "money_read_only" || error.code === "storage_full") return { kind: "not_done" };
  if (error.status === 402 || error.status === 409 || error.status === 422)
    return { kind: "refused", code: error.code };
  if (error.status >= 400 && error.status < 500) return { kind: "not_done" };
  return { kind: "unknown" };
}

// How long to wait before the try after `tries` that told nothing.
export const askAgainAfter = (tries: number): number => Math.min(30_000, 2_000 * 2 ** Math.min(tries, 4));

const prefix = "okpay.intent.";
const keptFor = 7 * 24 * 3_600_000;

// Where a browser forbids storage the page works, without its memory of a reload.
export class ForgetfulStorage implements Storage {
  private readonly values = new Map<string, string>();
  get length() {
    return this.values.size;
  }
  key = (at: number) => [...this.values.keys()][at] ?? null;
  getItem = (name: string) => this.values.get(name) ?? null;
  setItem = (name: string, value: string) => void this.values.set(name, value);
  removeItem = (name: string) => void this.values.delete(name);
  clear = () => this.values.clear();
}

export function lastingStorage(open: () => Storage): Storage {
  try {
    const storage = open();
    storage.setItem("okpay.probe", "1");
    storage.removeItem("okpay.probe");
    return storage;
  } catch {
    return new ForgetfulStorage();
  }
}

// In the browser's storage, which reloads, crashes and a second tab share.
export class Intents {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => Date = () => new Date(),
  ) {}

  open(wish: Wish): Intent {
    return this.keep(intentOf(wish, newKey(), this.now()));
  }
  keep(intent: Intent): Intent {
    this.storage.setItem(prefix + intent.key, JSON.stringify(intent));
    return intent;
  }
  // A page that went away while it was sending never heard the answer.
  find(key: string, owner: string): Intent | null {
    const intent = this.read(prefix + key);
    if (intent === null || intent.owner !== owner) return null;
    return intent.state === "sending" ? { ...intent, state: "unknown" } : intent;
  }
  drop(key: string): void {
    this.storage.removeItem(prefix + key);
  }
  unsettled(owner: string): Intent[] {
    return this.all()
      .filter((intent) => intent.owner === owner && (intent.state === "sending" || intent.state === "unknown"))
      .map((intent) => ({ ...intent, state: "unknown" as const }));
  }
  // What is over goes after a week; what is open stays until it is known.
  tidy(): void {
    for (const { key, state, made } of this.all()) {
      const open = state === "sending" || state === "unknown";
      if (!open && this.now().getTime() - Date.parse(made) > keptFor) this.drop(key);
    }
  }
  // At sign-out nothing stays behind but what is not known yet.
  forget(owner: string): void {
    for (const { key, state, owner: whose } of this.all()) {
      if (whose === owner && state !== "sending" && state !== "unknown") this.drop(key);
    }
  }

  private all(): Intent[] {
    const names = Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at));
    return names.flatMap((name) => {
      const intent = name?.startsWith(prefix) ? this.read(name) : null;
      return intent === null ? [] : [intent];
    });
  }
  private read(name: string): Intent | null {
    try {
      const kept = JSON.parse(this.storage.getItem(name) ?? "null") as Intent | null;
      return kept !== null && typeof kept.key === "string" && typeof kept.owner === "string" ? kept : null;
    } catch {
      return null;
    }
  }
}
