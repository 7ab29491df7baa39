// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { fileName, monthsUpTo } from "./statement";

test("thirteen months, newest first, each whole, the present one up to today", () => {
  const months = monthsUpTo(new Date(2028, 2, 15));
  expect(months).toHaveLength(13);
  expect(months[0]).toEqual({ from: "2028-03-01", until: "2028-03-15" });
  expect(months[1]).toEqual({ from: "2028-02-01", until: "2028-02-29" }); // a leap year
  expect(months[3]).toEqual({ from: "2027-12-01", until: "2027-12-31" });
  expect(months[12]).toEqual({ from: "2027-03-01", until: "2027-03-31" });
});

test("months join without a gap, also from the last day of a long one", () => {
  const months = monthsUpTo(new Date(2026, 11, 31)).reverse();
  for (let i = 1; i < months.length; ++i) {
    const next = new Date(`${months[i - 1]!.until}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + 1);
    expect(months[i]!.from).toBe(next.toISOString().slice(0, 10));
  }
});

test("the file has the server's name, or one of our own", () => {
  const asked = { account: "7", from: "2026-11-01", until: "2026-11-30", format: "pdf" } as const;
  expect(fileName('attachment; filename="statement-CNY-7-2026-11-01.pdf"', asked)).toBe(
    "statement-CNY-7-2026-11-01.pdf",
  );
  expect(fileName(null, asked)).toBe("statement-2026-11-01-2026-11-30.pdf");
  expect(fileName('attachment; filename="../x"', asked)).toBe("statement-2026-11-01-2026-11-30.pdf");
});
