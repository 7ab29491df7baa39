// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { maskedAddress } from "./address";

it.each([
  ["wang.xiaoming@qq.example", "wan***@qq.example"],
  ["ab@x.example", "a***@x.example"],
  ["wa***@qq.example", "wa***@qq.example"],
  ["王小明@例子.example", "王小***@例子.example"],
  ["nonsense", "nonsense"],
])("%s", (address, masked) => expect(maskedAddress(address)).toBe(masked));
