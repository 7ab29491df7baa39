// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { percentOf, signed } from "./percent";

it.each([
  [0, 0, null],
  [0, 7, 0],
  [7, 7, 100],
  [1, 8, 13],
  [1, 1000, 1], // not none
  [999, 1000, 99], // not all
])("%i of %i", (part, whole, percent) => expect(percentOf(part, whole)).toBe(percent));

it.each([
  [3, "+3"],
  [-3, "−3"],
  [0, "0"],
])("a change of %i", (n, words) => expect(signed(n)).toBe(words));
