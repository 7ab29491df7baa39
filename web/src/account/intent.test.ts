// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { ApiError } from "../api/http";
import type { ErrorCode } from "../api/types";
import {
  after,
  askAgainAfter,
  ForgetfulStorage,
  Intents,
  lastingStorage,
  outcomeOf,
  sending,
  type Intent,
  type Outcome,
} from "./intent";

const wish = { owner: "wang", to: "li", name: "Li Na", amount: { amount: "12.50", currency: "CNY" }, memo: "lunch" };
const start = (storage = new ForgetfulStorage()) => new Intents(storage);
const failed = (status: number, code: ErrorCode | "unreachable") => new ApiError(status, code, "");

describe("an outcome says what is known of the money", () => {
  it.each<[number, ErrorCode | "unreachable", Outcome["kind"]]>([
    [0, "unreachable", "unknown"],
    [500, "unavailable", "unknown"],
    [502, "unavailable", "unknown"],
    [503, "unavailable", "unknown"],
    [503, "money_read_only", "not_done"],
    [507, "storage_full", "not_done"],
    [400, "malformed", "not_done"],
    [401, "not_signed_in", "not_done"],
    [429, "too_many_requests", "not_done"],
    [402, "insufficient_funds", "refused"],
    [409, "idempotency_key_reused", "refused"],
    [422, "same_account", "refused"],
  ])("%d %s is %s", (status, code, kind) => expect(outcomeOf(failed(status, code)).kind).toBe(kind));
  it("takes anything else for unknown", () => expect(outcomeOf(new Error("?")).kind).toBe("unknown"));
});

describe("an intention", () => {
  const ready = start().open(wish);
  const unknown: Intent = { ...ready, state: "unknown" };
  it("stays unknown whatever a later try says that did nothing", () => {
    expect(after(unknown, { kind: "not_done" }).state).toBe("unknown");
    expect(sending(unknown).state).toBe("unknown");
  });
  it("may be sent again where the only try surely did nothing", () =>
    expect(after(sending(ready), { kind: "not_done" }).state).toBe("ready"));
  it("ends as paid or refused, from wherever", () => {
    for (const from of [sending(ready), unknown]) {
      expect(after(from, { kind: "made", payment: "pay_1", name: null })).toMatchObject({
        state: "done",
        payment: "pay_1",
      });
      expect(after(from, { kind: "refused", code: "payer_locked" })).toMatchObject({
        state: "refused",
        refusal: "payer_locked",
      });
    }
  });
  it("keeps its key through all of it", () => {
    const kinds: Outcome[] = [
      { kind: "unknown" },
      { kind: "not_done" },
      { kind: "made", payment: "pay_1", name: null },
    ];
    for (const outcome of kinds) expect(after(sending(ready), outcome).key).toBe(ready.key);
  });
});

describe("what is kept", () => {
  it("outlives a reload, and what was under way is unknown then", () => {
    const storage = new ForgetfulStorage();
    const made = start(storage).open(wish);
    start(storage).keep(sending(made));
    expect(start(storage).find(made.key, "wang")).toMatchObject({
      key: made.key,
      state: "unknown",
      amount: wish.amount,
    });
    expect(start(storage).unsettled("wang")).toHaveLength(1);
  });
  it("has a key of its own for each", () => {
    const intents = start();
    expect(intents.open(wish).key).not.toBe(intents.open(wish).key);
  });
  it("is nobody else's", () => {
    const intents = start();
    const made = intents.keep({ ...intents.open(wish), state: "unknown" });
    expect(intents.find(made.key, "zoe")).toBeNull();
    expect(intents.unsettled("zoe")).toEqual([]);
  });
  it("goes at sign-out, but for what is not known yet", () => {
    const intents = start();
    const open = intents.keep({ ...intents.open(wish), state: "unknown" });
    const over = intents.keep({ ...intents.open(wish), state: "done" });
    intents.forget("wang");
    expect(intents.find(over.key, "wang")).toBeNull();
    expect(intents.find(open.key, "wang")?.state).toBe("unknown");
  });
  it("is tidied after a week, but for what is not known yet", () => {
    const storage = new ForgetfulStorage();
    const intents = start(storage);
    const open = intents.keep({ ...intents.open(wish), state: "sending" });
    const over = intents.open(wish);
    const later = new Intents(storage, () => new Date(Date.now() + 8 * 24 * 3_600_000));
    later.tidy();
    expect(later.find(over.key, "wang")).toBeNull();
    expect(later.find(open.key, "wang")?.state).toBe("unknown");
  });
  it("is nothing where the storage holds something else", () => {
    const storage = new ForgetfulStorage();
    storage.setItem("okpay.intent.x", "{");
    storage.setItem("okpay.intent.y", "7");
    expect(start(storage).find("x", "wang")).toBeNull();
    expect(start(storage).unsettled("wang")).toEqual([]);
  });
});

it("where storage is forbidden or full, keeps in memory", () => {
  const forbidden = lastingStorage(() => {
    throw new Error("SecurityError");
  });
  const made = new Intents(forbidden).open(wish);
  expect(new Intents(forbidden).find(made.key, "wang")?.state).toBe("ready");
  const full = new ForgetfulStorage();
  full.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  expect(lastingStorage(() => full)).not.toBe(full);
  const good = new ForgetfulStorage();
  expect(lastingStorage(() => good)).toBe(good);
  expect(good.length).toBe(0);
});

it("asks again later and later, and never rarer than twice a minute", () =>
  expect([0, 1, 2, 3, 4, 50].map(askAgainAfter)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]));
