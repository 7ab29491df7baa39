// SPDX-License-Identifier: Apache-2.0
// What is said above a mail as it looks: pure, so that it is tested without a page.
import type { components } from "../../../clients/typescript/src/schema.gen";

export type MessageHtml = components["schemas"]["MessageHtml"];

// The host of an address, as short as a person reads it; the address itself where it has none.
export function hostOf(address: string): string {
  const given = address.startsWith("//") ? `https:${address}` : address;
  try {
    const { host } = new URL(given);
    return host === "" ? address : host;
  } catch {
    return address;
  }
}

// Each host once, with how many addresses of it were not loaded; the most first.
export function heldBackHosts(remote: readonly string[]): { host: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const address of remote) {
    const host = hostOf(address);
    counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return [...counts]
    .map(([host, count]) => ({ host, count }))
    .sort((a, b) => b.count - a.count || (a.host < b.host ? -1 : 1));
}

// Links that say one host and lead to another, each pair once.
export function deceivingLinks(links: MessageHtml["links"]): { says: string; leads: string }[] {
  const found = new Map<string, { says: string; leads: string }>();
  for (const { address, text, deceives } of links) {
    if (!deceives) continue;
    const pair = { says: text.trim(), leads: hostOf(address) };
    found.set(JSON.stringify(pair), pair);
  }
  return [...found.values()];
}
