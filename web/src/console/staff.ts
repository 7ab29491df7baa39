// SPDX-License-Identifier: Apache-2.0
// Everybody on the staff: the order of the list, how each is called, and what it means that one is switched off.
import type { StaffMember } from "../api/types";

export const reasonMost = 500;

// As the server gives them, by address; those who left come last.
export const inOrder = (items: readonly StaffMember[]): StaffMember[] =>
  [...items].sort((a, b) => Number(a.state === "switched_off") - Number(b.state === "switched_off"));

export const calledOf = ({ name, email }: StaffMember): string => (name === "" ? email : name);

// Nobody their own account, and nobody twice.
// An administrator is switched off at the server alone: else one makes themselves the only one.
export const maySwitchOff = (member: StaffMember, me: string): boolean =>
  member.state !== "switched_off" && member.role !== "admin" && member.id !== me;

export type Consequence = "sessions" | "sign_in" | "link" | "requests" | "nothing_in_hand" | "stays";

// Whoever has not joined has no session; who begins anew may have requests in hand all the same.
export function consequencesOf({ state, requests_in_hand }: StaffMember): Consequence[] {
  const requests = requests_in_hand > 0 ? "requests" : "nothing_in_hand";
  if (state === "switched_off") return []; // by somebody else, a moment ago
  if (state === "active") return ["sessions", "sign_in", requests, "stays"];
  return requests_in_hand > 0 ? ["link", requests] : ["link"];
}
