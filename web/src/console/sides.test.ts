// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Counterparty, SideThread } from "../api/types";
import { addressOf, chosen, emptySide, isReady, looksLikeAddress, targetsOf, type SideDraft } from "./sides";

const party = (id: number, retired = false): Counterparty => ({
  id,
  kind: "bank",
  name: `Bank ${id}`,
  address: `d@bank${id}.example`,
  language: "en",
  whole_domain: false,
  retired,
  version: 1,
  updated_at: "2026-12-01T00:00:00Z",
  updated_by: { id: "stf_1", name: "Ana" },
});
const thread = (number: string, state: SideThread["state"]): SideThread => ({
  number,
  request: null,
  counterparty: { id: 1, kind: "bank", name: "Bank", address: "t@bank.example", language: "en", whole_domain: false },
  subject: "A payment",
  state,
  opened_at: "2026-12-01T00:00:00Z",
  opened_by: { id: "stf_1", name: "Ana" },
  updated_at: "2026-12-01T00:00:00Z",
  answer_due: null,
  closed_at: null,
  closed_by: null,
  version: 1,
  messages: [],
});
const draft = (more: Partial<SideDraft>): SideDraft => ({ ...emptySide, ...more });

describe("whom a mail goes to", () => {
  const threads = [thread("TP-1", "closed"), thread("TP-2", "answered")];
  const book = [party(1, true), party(2)];

  it("threads that go on stand before closed ones, and nobody retired is offered", () => {
    expect(targetsOf(threads, book).threads.map(({ number }) => number)).toEqual(["TP-2", "TP-1"]);
    expect(targetsOf(threads, book).book.map(({ id }) => id)).toEqual([2]);
  });
  it("what is gone gives way to what is left", () => {
    expect(chosen("thread:TP-2", threads, book)).toBe("thread:TP-2");
    expect(chosen("thread:TP-9", threads, book)).toBe("book:2");
    expect(chosen("book:1", threads, book)).toBe("book:2");
    expect(chosen("book:1", threads, [])).toBe("typed");
    expect(chosen("typed", threads, book)).toBe("typed");
  });
  it("the button names the address that it goes to", () => {
    expect(addressOf(draft({ target: "thread:TP-1" }), threads, book)).toBe("t@bank.example");
    expect(addressOf(draft({ target: "book:2" }), threads, book)).toBe("d@bank2.example");
    expect(addressOf(draft({ address: " a@b.example " }), threads, book)).toBe("a@b.example");
  });
});

describe("whether it may leave", () => {
  const threads = [thread("TP-1", "waiting")];
  it("a new one needs words, an address and a subject; one that goes on has them", () => {
    expect(isReady(draft({ address: "a@b.example", subject: "S", text: "T" }), threads, [])).toBe(true);
    expect(isReady(draft({ address: "a@b.example", subject: " ", text: "T" }), threads, [])).toBe(false);
    expect(isReady(draft({ address: "a@b", subject: "S", text: "T" }), threads, [])).toBe(false);
    expect(isReady(draft({ address: "a@b.example", subject: "S", text: " " }), threads, [])).toBe(false);
    expect(isReady(draft({ target: "thread:TP-1", text: "T" }), threads, [])).toBe(true);
  });
  it("an address has a name, a sign and a domain", () => {
    expect(looksLikeAddress("a@b.example")).toBe(true);
    for (const wrong of ["", "a", "a@b", "@b.example", "a b@c.example"]) expect(looksLikeAddress(wrong)).toBe(false);
  });
});
