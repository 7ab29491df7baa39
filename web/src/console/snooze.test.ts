// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { runningDue, snoozeChoices, snoozeMoment } from "./snooze";

const tuesday = new Date(2026, 8, 15, 14, 30);

it("tomorrow and Monday are mornings to come", () => {
  expect(snoozeMoment("tomorrow", tuesday)).toEqual(new Date(2026, 8, 16, 9));
  expect(snoozeMoment("monday", tuesday)).toEqual(new Date(2026, 8, 21, 9));
  expect(snoozeMoment("monday", new Date(2026, 8, 21, 8))).toEqual(new Date(2026, 8, 28, 9)); // on a Monday: the next one
  expect(snoozeMoment("monday", new Date(2026, 8, 20, 8))).toEqual(new Date(2026, 8, 21, 9)); // on a Sunday
});

it("nothing is offered past a clock that runs", () => {
  const names = (due: Date | null) => snoozeChoices(tuesday, due).map(({ choice }) => choice);
  expect(names(null)).toEqual(["inHour", "inThree", "tomorrow", "monday"]);
  expect(names(new Date(2026, 8, 15, 17, 30))).toEqual(["inHour", "inThree"]);
  expect(names(new Date(2026, 8, 15, 15))).toEqual([]);
});

it("knows the clock that runs out first", () => {
  const ticket = {
    state: "open",
    first_reply_due: "2026-09-16T10:00:00Z",
    first_replied_at: null as string | null,
    next_reply_due: null as string | null,
    investigation_due: "2026-09-17T10:00:00Z",
  };
  expect(runningDue(ticket)).toEqual(new Date("2026-09-16T10:00:00Z"));
  expect(runningDue({ ...ticket, first_replied_at: "2026-09-15T10:00:00Z" })).toEqual(new Date("2026-09-17T10:00:00Z"));
  expect(runningDue({ ...ticket, state: "on_hold" })).toEqual(new Date("2026-09-17T10:00:00Z"));
  expect(runningDue({ ...ticket, state: "pending_customer" })).toBeNull();
});
