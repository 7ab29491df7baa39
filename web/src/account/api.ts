// SPDX-License-Identifier: Apache-2.0
// What a customer's page asks of the server. The session is a cookie; the browser sends Origin itself.
import { call, download, query } from "../api/http";
import type { Answer, Body, PaymentDetail } from "../api/types";

export interface Filter {
  q: string;
  kind: string;
  state: string;
  from: string; // days as the date fields have them, 2026-11-05, in the reader's zone
  until: string; // the last day that counts
}

// The first moment of a day here, `later` days on; nothing where the field holds no day.
export function dayStart(day: string, later = 0): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (parts === null) return null;
  const start = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + later);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

export interface PayCode {
  amount: string;
  currency: string;
  note: string;
}

export interface StatementAsked {
  account: string;
  from: string; // days
  until: string; // the last one that counts
  format: "csv" | "pdf";
}

export const own = {
  site: () => call<Answer<"site">>("GET", "/site"),
  signIn: (body: Body<"signInCustomer">) => call<Answer<"signInCustomer">>("POST", "/me/sign-in", body),
  signOut: () => call<void>("POST", "/me/sign-out", {}),
  me: () => call<Answer<"ownProfile">>("GET", "/me"),
  payments: (filter: Filter, cursor: string | null) =>
    call<Answer<"ownPayments">>(
      "GET",
      `/me/payments${query({
        q: filter.q,
        kind: filter.kind,
        state: filter.state,
        from: dayStart(filter.from),
        until: dayStart(filter.until, 1),
        cursor,
        limit: 20,
      })}`,
    ),
  payment: (id: string) => call<PaymentDetail>("GET", `/me/payments/${encodeURIComponent(id)}`),
  statement: (asked: StatementAsked) => download(`/me/statements${query({ ...asked })}`),
  payee: (id: string) => call<Answer<"getPayee">>("GET", `/me/payees/${encodeURIComponent(id)}`),
  send: (body: Body<"sendMoney">, key: string) => call<Answer<"sendMoney">>("POST", "/me/transfers", body, key),
  payCode: (code: PayCode) => call<Answer<"ownPayCode">>("GET", `/me/pay-code${query({ ...code })}`),
  requests: (side: "mine" | "asked_of_me", cursor: string | null) =>
    call<Answer<"listMoneyRequests">>("GET", `/me/money-requests${query({ side, cursor, limit: 20 })}`),
  request: (id: string) => call<Answer<"getMoneyRequest">>("GET", `/me/money-requests/${encodeURIComponent(id)}`),
  askFor: (body: Body<"requestMoney">, key: string) =>
    call<Answer<"requestMoney">>("POST", "/me/money-requests", body, key),
  payRequest: (id: string, key: string) =>
    call<Answer<"payMoneyRequest">>("POST", `/me/money-requests/${encodeURIComponent(id)}/pay`, {}, key),
  endRequest: (id: string, how: "decline" | "cancel") =>
    call<Answer<"cancelMoneyRequest">>("POST", `/me/money-requests/${encodeURIComponent(id)}/${how}`, {}),
  schedules: (cursor: string | null) =>
    call<Answer<"listScheduledTransfers">>("GET", `/me/scheduled-transfers${query({ cursor, limit: 20 })}`),
  schedule: (body: Body<"scheduleTransfer">, key: string) =>
    call<Answer<"scheduleTransfer">>("POST", "/me/scheduled-transfers", body, key),
  endSchedule: (id: string) =>
    call<Answer<"endScheduledTransfer">>("POST", `/me/scheduled-transfers/${encodeURIComponent(id)}/end`, {}),
  signUp: (body: Body<"signUp">) => call<Answer<"signUp">>("POST", "/sign-up", body),
  confirmSignUp: (body: Body<"confirmSignUp">) => call<Answer<"confirmSignUp">>("POST", "/sign-up/confirm", body),
  askNewPassword: (body: Body<"askNewPassword">) => call<Answer<"askNewPassword">>("POST", "/new-password", body),
  setNewPassword: (body: Body<"setNewPassword">) => call<void>("POST", "/new-password/confirm", body),
  reportSignIn: (body: Body<"reportSignIn">) => call<Answer<"reportSignIn">>("POST", "/reported-sign-ins", body),
  changePassword: (body: Body<"changePassword">) => call<void>("POST", "/me/password", body),
  sessions: () => call<Answer<"ownSessions">>("GET", "/me/sessions"),
  endSession: (no: number) => call<Answer<"endOwnSession">>("POST", `/me/sessions/${no}/end`, {}),
  endOtherSessions: () => call<Answer<"endOtherSessions">>("POST", "/me/sessions/end-others", {}),
  access: () => call<Answer<"ownAccess">>("GET", "/me/access"),
  setPhrase: (body: Body<"setPhrase">) => call<void>("POST", "/me/phrase", body),
  phone: () => call<Answer<"ownPhone">>("GET", "/me/phone"),
  askPhone: (body: Body<"askPhone">, key: string) => call<Answer<"ownPhone">>("POST", "/me/phone", body, key),
  sendPhoneCode: () => call<Answer<"ownPhone">>("POST", "/me/phone/code", {}),
  confirmPhone: (body: Body<"confirmPhone">) => call<Answer<"ownPhone">>("POST", "/me/phone/confirm", body),
  removePhone: () => call<Answer<"ownPhone">>("POST", "/me/phone/remove", {}),
  locks: () => call<Answer<"listOwnLocks">>("GET", "/me/locks"),
  lockMyself: () => call<Answer<"lockOneself">>("POST", "/me/lock", {}),
  endLock: (id: string) => call<Answer<"releaseOwnLock">>("POST", `/me/locks/${encodeURIComponent(id)}/release`, {}),
  limits: () => call<Answer<"ownLimits">>("GET", "/me/limits"),
};

export const pictureOf = (code: PayCode): string => `/api/v1/me/pay-code.svg${query({ ...code })}`;
export const requestPictureOf = (id: string): string => `/api/v1/me/money-requests/${encodeURIComponent(id)}/code.svg`;
