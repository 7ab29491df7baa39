// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { dayWords, usedPercent } from "./parts";
import { timesOf } from "./schedules";
import { requestWords } from "./words_requests";

describe("a day in words", () => {
  it("is the calendar's day, in each language, whatever the reader's zone", () => {
    expect(dayWords("2026-12-04", "en")).toBe("Friday 4 December");
    expect(dayWords("2026-12-04", "zh-Hans")).toBe("12月4日星期五");
    expect(dayWords("2026-12-04", "zh-Hant")).toMatch(/^12月4日 ?星期五$/);
    expect(dayWords("nonsense", "en")).toBe("nonsense");
  });
});

describe("how much of a limit is used", () => {
  it("is counted in minor units and never beyond the bar", () => {
    expect(usedPercent("25.00", "100.00")).toBe(25);
    expect(usedPercent("0.00", "100.00")).toBe(0);
    expect(usedPercent("150.00", "100.00")).toBe(100);
    expect(usedPercent("9007199254740993.00", "18014398509481986.00")).toBe(50);
    expect(usedPercent("1", "0")).toBe(100);
    expect(usedPercent("5", "20")).toBe(25);
  });
});

describe("how many times", () => {
  it("is a number, or empty for without an end", () => {
    expect(timesOf("")).toBe(0);
    expect(timesOf(" 12 ")).toBe(12);
    expect(timesOf("1000")).toBe(1000);
    for (const wrong of ["0", "1001", "-1", "1.5", "ten", "99999"]) expect(timesOf(wrong)).toBeNull();
  });
});

describe("the words", () => {
  it("are there in each language", () => {
    for (const words of Object.values(requestWords)) {
      expect(words.askedOfYou("Li", "CNY 1.00")).toContain("Li");
      expect(words.schedule.next("Friday")).toContain("Friday");
      expect(words.limit.left("CNY 1.00", "day")).not.toBe(words.limit.left("CNY 1.00", "week"));
      expect(words.limit.line(2)).toContain("2");
    }
  });
});
