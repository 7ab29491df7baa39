// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { age, clockOf, momentInZone, shownMoment, span, spanInMinutes } from "./time";

const now = Date.parse("2026-09-17T12:00:00Z");
const before = (ms: number) => new Date(now - ms).toISOString();

describe("age", () => {
  it.each([
    [0, "1 min", "1分钟"],
    [59_999, "1 min", "1分钟"],
    [60_000 * 59, "59 min", "59分钟"],
    [3_600_000, "1 h", "1小时"],
    [86_399_999, "23 h", "23小时"],
    [86_400_000 * 5, "5 d", "5天"],
    [-5000, "1 min", "1分钟"],
  ])("%d ms", (ms, english, chinese) => {
    expect(age(before(ms), now, en.span)).toBe(english);
    expect(age(before(ms), now, zh.span)).toBe(chinese);
  });
});

describe("span", () => {
  it.each([
    [22_000, "22 s", "22秒"],
    [185_000, "3 min 5 s", "3分钟5秒"],
    [120_000, "2 min", "2分钟"],
    [7_440_000, "2 h 4 min", "2小时4分钟"],
    [-90_000_000, "1 d 1 h", "1天1小时"],
  ])("%d ms", (ms, english, chinese) => {
    expect(span(ms, en.span)).toBe(english);
    expect(span(ms, zh.span)).toBe(chinese);
  });
});

it("spanInMinutes leaves seconds out", () => {
  expect(spanInMinutes(-2_414_000, en.span)).toBe("40 min");
  expect(spanInMinutes(20_000, zh.span)).toBe("1分钟");
  expect(spanInMinutes(7_459_000, en.span)).toBe("2 h 4 min");
});

describe("clockOf", () => {
  const due = "2026-09-17T15:00:00Z";
  it("tells fine, short, over and met apart", () => {
    expect(clockOf(due, null, Date.parse("2026-09-17T11:00:00Z")).state).toBe("fine");
    expect(clockOf(due, null, Date.parse("2026-09-17T11:00:01Z")).state).toBe("short");
    expect(clockOf(due, null, Date.parse("2026-09-17T15:00:01Z")).state).toBe("over");
    expect(clockOf(due, "2026-09-17T14:59:59Z", now).state).toBe("met");
    expect(clockOf(due, "2026-09-17T15:00:01Z", now).state).toBe("over");
  });
});

describe("moments", () => {
  it("are read in a named zone", () => {
    expect(momentInZone(new Date("2026-09-17T14:05:00Z"), "Asia/Shanghai")).toBe("2026-09-17 22:05");
    expect(momentInZone(new Date("2026-09-17T16:05:00Z"), "Asia/Shanghai")).toBe("2026-09-18 00:05");
    expect(momentInZone(new Date(), "Nowhere/Atlantis")).toBeNull();
  });
  it("leave what is no moment as it stands", () => expect(shownMoment("soon")).toBe("soon"));
});
