// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { endIn, wantedPath } from "./sign_on";

describe("what the page was come back to with", () => {
  it.each(["code", "cancelled", "expired", "no_account", "not_enrolled", "failed"])("%s", (end) => {
    expect(endIn(`#sign-on=${end}`)).toBe(end);
  });
  it.each(["", "#", "#sign-on=", "#sign-on=other", "#sign-on=code&more", "#seq=12", "sign-on=code", "#x#sign-on=code"])(
    "nothing: %j",
    (hash) => {
      expect(endIn(hash)).toBeNull();
    },
  );
});

describe("where somebody wanted to go", () => {
  it.each(["/console/mine/OK-7Q2M-K4XD", "/console/treasury/journal#seq=12", "/console/"])("%s", (path) => {
    expect(wantedPath(path)).toBe(path);
  });
  it.each([null, "", "/console", "/consoles", "//console.example/", "https://console.example/console/", "/account"])(
    "the door: %j",
    (path) => {
      expect(wantedPath(path)).toBe("/console/");
    },
  );
});
