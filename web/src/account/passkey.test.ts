// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { base64urlOf, octetsOf } from "./passkey";

test("octets come back as they went, whatever their number", () => {
  for (let size = 0; size < 9; size += 1) {
    const octets = Uint8Array.from({ length: size }, (_, at) => 255 - at * 7);
    const text = base64urlOf(octets);
    expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
    expect([...octetsOf(text)]).toEqual([...octets]);
  }
  expect(base64urlOf(Uint8Array.from([0xfb, 0xff, 0xfe]))).toBe("-__-");
});
