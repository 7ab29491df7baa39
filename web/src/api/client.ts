// SPDX-License-Identifier: Apache-2.0
// One function for each operation the workspace uses. The session is a cookie; the browser sends Origin itself.
import { call, query } from "./http";
import type { Answer, Body, View } from "./types";

export { ApiError, isCode, newKey } from "./http";

// A place in the ledger: its sequence, or a time; neither for the newest.
export interface AsOf {
  as_of_seq?: string;
  as_of?: string;
}

const ticket = (number: string) => `/tickets/${encodeURIComponent(number)}`;
const remedy = (id: string) => `/remedies/${encodeURIComponent(id)}`;

export const api = {
  site: () => call<Answer<"site">>("GET", "/site"),
  signIn: (body: Body<"signIn">) => call<Answer<"signIn">>("POST", "/staff/sign-in", body),
  signOut: () => call<void>("POST", "/staff/sign-out", {}),
  me: () => call<Answer<"me">>("GET", "/staff/me"),
  enrol: (body: Body<"enrol">) => call<Answer<"enrol">>("POST", "/staff/enrol", body),
  confirmEnrolment: (body: Body<"confirmEnrolment">) => call<void>("POST", "/staff/enrol/confirm", body),
  tickets: (view: View, q: string, cursor: string | null, limit = 50) =>
    call<Answer<"listTickets">>("GET", `/tickets${query({ view, q, cursor, limit })}`),
  ticket: (number: string) => call<Answer<"getTicket">>("GET", ticket(number)),
  ledger: (number: string, cursor: string | null) =>
    call<Answer<"getTicketLedger">>("GET", `${ticket(number)}/ledger${query({ cursor })}`),
  reply: (number: string, body: Body<"reply">) => call<Answer<"reply">>("POST", `${ticket(number)}/replies`, body),
  addNote: (number: string, body: Body<"addNote">) => call<Answer<"addNote">>("POST", `${ticket(number)}/notes`, body),
  assign: (number: string, body: Body<"assign">) => call<Answer<"assign">>("POST", `${ticket(number)}/assign`, body),
  setState: (number: string, body: Body<"setState">) =>
    call<Answer<"setState">>("POST", `${ticket(number)}/state`, body),
  propose: (number: string, body: Body<"proposeRemedy">, key: string) =>
    call<Answer<"proposeRemedy">>("POST", `${ticket(number)}/remedies`, body, key),
  approvals: (cursor: string | null) => call<Answer<"listApprovals">>("GET", `/approvals${query({ cursor })}`),
  approve: (id: string, body: Body<"approveRemedy">) =>
    call<Answer<"approveRemedy">>("POST", `${remedy(id)}/approve`, body),
  railCalls: () => call<Answer<"railCalls">>("GET", "/rail-calls"),
  decideRailOutcome: (payment: string, body: Body<"decideRailOutcome">) =>
    call<Answer<"decideRailOutcome">>("POST", `/rail-calls/${encodeURIComponent(payment)}/outcome`, body),
  trialBalance: (at: AsOf) => call<Answer<"getTrialBalance">>("GET", `/ledger/trial-balance${query({ ...at })}`),
  ledgerAccounts: (at: AsOf, kind: string, currency: string, cursor: string | null) =>
    call<Answer<"listLedgerAccounts">>("GET", `/ledger/accounts${query({ ...at, kind, currency, cursor })}`),
  ledgerAccount: (at: AsOf, id: string) =>
    call<Answer<"getLedgerAccount">>("GET", `/ledger/accounts/${encodeURIComponent(id)}${query({ ...at })}`),
  journal: (at: AsOf, account: string | null, cursor: string | null) =>
    call<Answer<"listJournal">>("GET", `/ledger/journal${query({ ...at, account, cursor })}`),
  ledgerPayment: (id: string) => call<Answer<"getLedgerPayment">>("GET", `/ledger/payments/${encodeURIComponent(id)}`),
  reject: (id: string, body: Body<"rejectRemedy">) =>
    call<Answer<"rejectRemedy">>("POST", `${remedy(id)}/reject`, body),
};
