// SPDX-License-Identifier: Apache-2.0
// The place in the ledger that a treasury address names, after its "#".
import type { AsOf } from "../api/client";

// Only what the server would take: a link that was cut short shows the newest books.
export function asOfHash(hash: string): AsOf {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const seq = values.get("seq") ?? "";
  const at = values.get("at") ?? "";
  if (/^\d{1,18}$/.test(seq)) return { as_of_seq: seq };
  return Number.isNaN(Date.parse(at)) ? {} : { as_of: new Date(at).toISOString() };
}
export function hashOf(at: AsOf): string {
  if (at.as_of_seq !== undefined) return `#seq=${at.as_of_seq}`;
  return at.as_of === undefined ? "" : `#at=${at.as_of}`;
}
