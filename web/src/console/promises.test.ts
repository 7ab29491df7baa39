// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Promised } from "../api/types";
import { candidates, confirmed, inOrder, isDone, standingOf, type Found } from "./promises";

const at = Date.parse("2026-11-04T09:00:00Z");
const found = (text: string, due: string, sure: boolean): Found => ({ begin: 0, end: text.length, text, due, sure });
const noon = found("by Friday noon", "2026-11-06T12:00:00Z", true);
const friday = found("周五前", "2026-11-05T16:00:00Z", false);
const draft = "We write by Friday noon. 周五前答复您。";

describe("what a draft promises", () => {
  it("is confirmed where it is sure, and offered where it is not", () => {
    expect(confirmed([noon, friday], draft, {}, at)).toEqual([{ text: noon.text, due: noon.due }]);
    expect(confirmed([noon, friday], draft, { [friday.text]: true }, at)).toHaveLength(2);
    expect(confirmed([noon, friday], draft, { [noon.text]: false }, at)).toEqual([]);
  });
  it("is only what the draft still says, once each", () => {
    expect(candidates([noon, friday], "We write by Friday noon.")).toEqual([noon]);
    expect(candidates([noon, { ...noon, due: "2026-11-07T12:00:00Z" }], draft)).toEqual([noon]);
    expect(candidates([noon], "")).toEqual([]);
  });
  it("is nothing that is due already", () => {
    expect(confirmed([noon], draft, {}, Date.parse(noon.due))).toEqual([]);
  });
});

describe("a promise", () => {
  const made: Promised = {
    no: 1,
    text: "by noon",
    due: "2026-11-04T12:00:00Z",
    state: "open",
    message: null,
    made_by: { id: "stf_01", name: "Ann" },
    made_at: "2026-11-04T08:00:00Z",
    ended_at: null,
    ended_by: null,
    reason: "",
  };
  const hour = 3_600_000;
  it.each([
    [made, at - 3 * hour, "open"],
    [made, at, "short"],
    [made, at + 3 * hour, "over"],
    [{ ...made, state: "broken" }, at + 5 * hour, "over"],
    [{ ...made, state: "broken", ended_at: "2026-11-04T13:00:00Z" }, at + 5 * hour, "late"],
    [{ ...made, state: "kept", ended_at: "2026-11-04T11:00:00Z" }, at + 5 * hour, "kept"],
    [{ ...made, state: "withdrawn", ended_at: "2026-11-04T11:00:00Z" }, at, "withdrawn"],
  ] as [Promised, number, string][])("stands as it is read", (promise, now, standing) => {
    expect(standingOf(promise, now, 4 * hour)).toBe(standing);
    expect(isDone(standingOf(promise, now, 4 * hour))).toBe(promise.ended_at !== null);
  });
  it("comes in the order of what is to be done", () => {
    const later: Promised = { ...made, no: 2, due: "2026-11-05T12:00:00Z" };
    const done: Promised = { ...made, no: 3, state: "kept", ended_at: "2026-11-04T09:00:00Z" };
    const last: Promised = { ...done, no: 4, ended_at: "2026-11-04T10:00:00Z" };
    expect(inOrder([done, later, last, made]).map((one) => one.no)).toEqual([1, 2, 4, 3]);
  });
});
