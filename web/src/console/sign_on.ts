// SPDX-License-Identifier: Apache-2.0
// The way to the house's provider and back: the server leads to /console/#sign-on=…, which says what is next or what was
// wrong. Where somebody wanted to go is kept in the tab meanwhile.
const ends = ["code", "cancelled", "expired", "no_account", "not_enrolled", "failed"] as const;
export type SignOnEnd = (typeof ends)[number];
export type Told = Exclude<SignOnEnd, "code">; // all but the second factor that is asked for

const door = "/console/";
const wantedKey = "okpay.sign-on.wanted";

export function endIn(hash: string): SignOnEnd | null {
  const said = /^#sign-on=(.*)$/.exec(hash)?.[1];
  return ends.find((end) => end === said) ?? null;
}

// A place of the workspace, or its door.
export const wantedPath = (kept: string | null): string => (kept?.startsWith(door) ? kept : door);

export function keepWanted(): void {
  try {
    sessionStorage.setItem(wantedKey, location.pathname + location.hash);
  } catch {
    // storage may be forbidden; then the door is where one comes out
  }
}

export function takeWanted(): string {
  try {
    const kept = sessionStorage.getItem(wantedKey);
    sessionStorage.removeItem(wantedKey);
    return wantedPath(kept);
  } catch {
    return door;
  }
}
