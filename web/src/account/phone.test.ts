// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codeTyped, numberTyped } from "./phone_typed";
import { phoneWords } from "./words_phone";

describe("a telephone number", () => {
  it("is read as people type it", () => {
    for (const typed of [
      "+86 138 0013 8000",
      "+86-138-0013-8000",
      " +8613800138000 ",
      "＋８６　１３８００１３８０００",
    ])
      expect(numberTyped(typed)).toBe("+8613800138000");
    expect(numberTyped("+1 (212) 555.0123")).toBe("+12125550123");
  });
  it("is none without its country, too short, too long or with other signs", () => {
    for (const typed of [
      "13800138000",
      "008613800138000",
      "+0 138 0013 8000",
      "+44 (0)20 7946 0958",
      "+44（0）20 7946 0958",
      "+1234567",
      "+1234567890123456",
      "+86 138x",
      "",
    ])
      expect(numberTyped(typed)).toBeNull();
  });
});

describe("a code", () => {
  it("has six digits, apart or not", () => {
    for (const typed of ["123456", "123 456", "123-456", "１２３４５６"]) expect(codeTyped(typed)).toBe("123456");
    for (const typed of ["12345", "1234567", "12345a", ""]) expect(codeTyped(typed)).toBeNull();
  });
});

it("says the same things in every language", () => {
  for (const words of Object.values(phoneWords)) expect(Object.keys(words)).toEqual(Object.keys(phoneWords.en));
});
