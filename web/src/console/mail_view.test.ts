// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { deceivingLinks, heldBackHosts, hostOf } from "./mail_view";

describe("what is said above a mail as it looks", () => {
  it.each([
    ["https://a.example/p.png?x=1", "a.example"],
    ["http://a.example:8080/p", "a.example:8080"],
    ["//cdn.example/p.png", "cdn.example"],
    ["https://okpay.example@evil.example/", "evil.example"],
    ["mailto:a@b.example", "mailto:a@b.example"],
    ["p.png", "p.png"],
    ["", ""],
  ])("names the host of %s", (address, host) => expect(hostOf(address)).toBe(host));

  it("counts what was not loaded by host", () => {
    expect(heldBackHosts(["https://b.example/1", "https://a.example/1", "//b.example/2"])).toEqual([
      { host: "b.example", count: 2 },
      { host: "a.example", count: 1 },
    ]);
    expect(heldBackHosts([])).toEqual([]);
  });

  it("tells of links that deceive, each once", () => {
    const link = { address: "https://evil.example/in", text: " okpay.example ", deceives: true };
    const again = { ...link, address: "https://evil.example/out" };
    const honest = { ...link, text: "here", deceives: false };
    expect(deceivingLinks([link, again, honest])).toEqual([{ says: "okpay.example", leads: "evil.example" }]);
  });
});
