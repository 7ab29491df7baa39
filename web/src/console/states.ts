// SPDX-License-Identifier: Apache-2.0
import type { TicketState } from "../api/types";

// The server's table of lives (a change to the same state is none).
export const nextStates: Record<TicketState, readonly TicketState[]> = {
  new: ["open", "pending_customer", "on_hold", "solved"],
  open: ["pending_customer", "on_hold", "solved"],
  pending_customer: ["open", "on_hold", "solved"],
  on_hold: ["open", "pending_customer", "solved"],
  solved: ["open", "closed"],
  closed: [],
};

export const mayBe = (from: TicketState, to: TicketState) => from === to || nextStates[from].includes(to);
