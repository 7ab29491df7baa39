// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { asOfHash, hashOf } from "./as_of";

it.each([
  ["#seq=120", { as_of_seq: "120" }],
  ["#seq=0", { as_of_seq: "0" }],
  ["#at=2026-11-05T09:30:00.000Z", { as_of: "2026-11-05T09:30:00.000Z" }],
  ["#at=2026-11-05T09:30:00%2B08:00", { as_of: "2026-11-05T01:30:00.000Z" }],
  ["", {}],
  ["#seq=", {}],
  ["#seq=-1", {}],
  ["#seq=9999999999999999999999", {}],
  ["#at=yesterday", {}],
])("%s", (hash, at) => {
  expect(asOfHash(hash)).toEqual(at);
  expect(asOfHash(hashOf(at))).toEqual(at);
});
