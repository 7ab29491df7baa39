// SPDX-License-Identifier: Apache-2.0
// One function for each operation the workspace uses. The session is a cookie; the browser sends Origin itself.
import { call, download, picture, query } from "./http";
import type { Answer, Body, LockState, View } from "./types";

export { ApiError, isCode, newKey } from "./http";

// A place in the ledger: its sequence, or a time; neither for the newest.
export interface AsOf {
  as_of_seq?: string;
  as_of?: string;
}

const ticket = (number: string) => `/tickets/${encodeURIComponent(number)}`;
const account = (id: string) => `/accounts/${encodeURIComponent(id)}`;
const merchant = (id: string) => `/merchants/${encodeURIComponent(id)}`;
const correction = (id: string) => `/corrections/${encodeURIComponent(id)}`;
const verification = (id: string) => `/verifications/${encodeURIComponent(id)}`;
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
  sendCaseLink: (number: string) => call<Answer<"sendCaseLink">>("POST", `${ticket(number)}/case-links`, {}),
  ticketChanges: (number: string) => call<Answer<"listTicketChanges">>("GET", `${ticket(number)}/changes`),
  proposeChange: (number: string, body: Body<"proposeChange">, key: string) =>
    call<Answer<"proposeChange">>("POST", `${ticket(number)}/changes`, body, key),
  approveChange: (id: string, body: Body<"approveChange">) =>
    call<Answer<"approveChange">>("POST", `/changes/${encodeURIComponent(id)}/approve`, body),
  rejectChange: (id: string, body: Body<"rejectChange">) =>
    call<Answer<"rejectChange">>("POST", `/changes/${encodeURIComponent(id)}/reject`, body),
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
  account: (id: string, cursor: string | null) =>
    call<Answer<"getAccount">>("GET", `${account(id)}${query({ cursor, limit: 20 })}`),
  setAccountState: (id: string, body: Body<"setAccountState">, key: string) =>
    call<Answer<"setAccountState">>("POST", `${account(id)}/state`, body, key),
  merchant: (id: string) => call<Answer<"getMerchant">>("GET", merchant(id)),
  setPayoutAccount: (id: string, body: Body<"setPayoutAccount">) =>
    call<Answer<"setPayoutAccount">>("POST", `${merchant(id)}/payout-account`, body),
  payOut: (id: string, body: Body<"payOutMerchant">, key: string) =>
    call<Answer<"payOutMerchant">>("POST", `${merchant(id)}/payouts`, body, key),
  payouts: (of: string | null, cursor: string | null) =>
    call<Answer<"listLedgerPayouts">>("GET", `/ledger/payouts${query({ merchant: of, cursor })}`),
  corrections: (cursor: string | null) => call<Answer<"listCorrections">>("GET", `/corrections${query({ cursor })}`),
  proposeCorrection: (body: Body<"proposeCorrection">, key: string) =>
    call<Answer<"proposeCorrection">>("POST", "/corrections", body, key),
  approveCorrection: (id: string, body: Body<"approveCorrection">) =>
    call<Answer<"approveCorrection">>("POST", `${correction(id)}/approve`, body),
  rejectCorrection: (id: string, body: Body<"rejectCorrection">) =>
    call<Answer<"rejectCorrection">>("POST", `${correction(id)}/reject`, body),
  locks: (state: LockState | "", cursor: string | null) =>
    call<Answer<"listLocks">>("GET", `/locks${query({ state, cursor })}`),
  lock: (id: string) => call<Answer<"getLock">>("GET", `/locks/${encodeURIComponent(id)}`),
  placeLock: (customer: string, body: Body<"placeLock">, key: string) =>
    call<Answer<"placeLock">>("POST", `/customers/${encodeURIComponent(customer)}/locks`, body, key),
  proposeLockRelease: (id: string, body: Body<"proposeLockRelease">) =>
    call<Answer<"proposeLockRelease">>("POST", `/locks/${encodeURIComponent(id)}/releases`, body),
  approveLockRelease: (id: string, body: Body<"approveLockRelease">) =>
    call<Answer<"approveLockRelease">>("POST", `/lock-releases/${encodeURIComponent(id)}/approve`, body),
  rejectLockRelease: (id: string, body: Body<"rejectLockRelease">) =>
    call<Answer<"rejectLockRelease">>("POST", `/lock-releases/${encodeURIComponent(id)}/reject`, body),
  verifications: (cursor: string | null) =>
    call<Answer<"listVerifications">>("GET", `/verifications${query({ cursor })}`),
  verification: (id: string) => call<Answer<"getVerification">>("GET", verification(id)),
  openVerification: (id: string, body: Body<"openVerification">) =>
    call<Answer<"openVerification">>("POST", `${verification(id)}/open`, body),
  // As a data URL: the page's policy shows no other picture, and nothing of it is left when the page goes.
  previewIdentityFile: (id: string, file: string, body: Body<"previewIdentityFile">) =>
    picture(`${verification(id)}/files/${encodeURIComponent(file)}/preview`, body),
  decideVerification: (id: string, body: Body<"decideVerification">) =>
    call<Answer<"decideVerification">>("POST", `${verification(id)}/decide`, body),
  statement: (customer: string, asked: { account: string; from: string; until: string; format: "pdf" | "csv" }) =>
    download(`/customers/${encodeURIComponent(customer)}/statements${query({ ...asked })}`),
  reject: (id: string, body: Body<"rejectRemedy">) =>
    call<Answer<"rejectRemedy">>("POST", `${remedy(id)}/reject`, body),
};
