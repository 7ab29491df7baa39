// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { actionOf, actions, keysOf, type Press } from "./keyboard";

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  alt: false,
  composing: false,
  inField: false,
  onControl: false,
  ...more,
});

describe("actionOf", () => {
  it("does what the help page says, for every action", () => {
    for (const action of actions) {
      for (const keys of keysOf[action]) {
        if (keys.startsWith("Ctrl+")) expect(actionOf(press(keys.slice(5), { ctrl: true }), false)).toBe(action);
        else if (keys === "Esc") expect(actionOf(press("Escape", { inField: true }), false)).toBe(action);
        else if (keys.startsWith("g ")) expect(actionOf(press(keys.slice(2)), true)).toBe(action);
        else expect(actionOf(press(keys), false)).toBe(action);
      }
    }
  });
  it("leaves fields and input methods alone", () => {
    expect(actionOf(press("j", { inField: true }), false)).toBeNull();
    expect(actionOf(press("j", { composing: true }), false)).toBeNull();
    expect(actionOf(press("Process"), false)).toBeNull();
    expect(actionOf(press("Enter", { ctrl: true, composing: true, inField: true }), false)).toBeNull();
    expect(actionOf(press("Enter", { ctrl: true, inField: true }), false)).toBe("send");
  });
  it("leaves a field by Escape, not the input method's window", () => {
    expect(actionOf(press("Escape", { inField: true, composing: true }), false)).toBeNull();
    expect(actionOf(press("Escape"), false)).toBeNull();
  });
  it("leaves the browser's own combinations alone", () => {
    for (const key of ["r", "n", "j", "k", "1"]) expect(actionOf(press(key, { ctrl: true }), false)).toBeNull();
    expect(actionOf(press("e", { alt: true }), false)).toBeNull();
  });
  it("leaves Enter to a focused button", () => {
    expect(actionOf(press("Enter", { onControl: true }), false)).toBeNull();
    expect(actionOf(press("j", { onControl: true }), false)).toBe("next");
  });
  it("reads two keys as one", () => {
    expect(actionOf(press("g"), false)).toBe("prefix");
    expect(actionOf(press("o"), true)).toBe("go_open");
    expect(actionOf(press("x"), true)).toBeNull();
  });
});
