// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { chooseLanguage } from "./choice";

it.each([
  [null, ["zh-CN", "en"], "zh-Hans"],
  [null, ["zh-TW"], "zh-Hant"],
  [null, ["zh-Hant-HK"], "zh-Hant"],
  [null, ["zh-Hans-HK"], "zh-Hans"],
  [null, ["fr", "en-GB", "zh"], "en"],
  [null, ["de"], "en"],
  [null, [], "en"],
  ["zh-Hant", ["en"], "zh-Hant"],
  ["rubbish", ["zh"], "zh-Hans"],
  [null, ["enm", "zh"], "zh-Hans"],
] as const)("%s before, browser %s", (before, browser, chosen) => expect(chooseLanguage(before, browser)).toBe(chosen));
