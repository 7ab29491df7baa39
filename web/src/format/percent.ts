// SPDX-License-Identifier: Apache-2.0
// Whole per cent. 0 and 100 only where it is none or all; null of nothing.
export function percentOf(part: number, whole: number): number | null {
  if (whole <= 0) return null;
  if (part <= 0) return 0;
  return part >= whole ? 100 : Math.min(99, Math.max(1, Math.round((100 * part) / whole)));
}

// How much it changed, with its sign.
export const signed = (n: number): string => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : "0");
