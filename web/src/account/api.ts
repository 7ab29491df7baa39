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
};

export const pictureOf = (code: PayCode): string => `/api/v1/me/pay-code.svg${query({ ...code })}`;
