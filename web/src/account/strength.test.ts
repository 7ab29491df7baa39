// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { strengthOf } from "./strength";

test("length counts, and what repeats or is near at hand does not", () => {
  expect(strengthOf("", "")).toBe("empty");
  expect(strengthOf("Xy7$Xy7$", "")).toBe("short");
  expect(strengthOf("aaaaaaaaaaaaaaaaaaaa", "")).toBe("weak");
  expect(strengthOf("abcabcabcabcabcabc", "")).toBe("weak");
  expect(strengthOf("qwertyuiop1234567890", "")).toBe("weak");
  expect(strengthOf("passwordpasswordpassword", "")).toBe("weak");
  expect(strengthOf("blue teapot shelf", "")).toBe("good");
  expect(strengthOf("blue teapot on a wooden shelf", "")).toBe("strong");
  expect(strengthOf("我家门前有一棵会唱歌的老槐树下", "")).toBe("good");
});

test("the own address in it is weak", () => {
  expect(strengthOf("xiaoming teapot on a shelf", "Xiaoming@qq.example")).toBe("weak");
});
