// SPDX-License-Identifier: Apache-2.0
// What the pages behind the links of letters, and the page of the own details, ask of the server.
import { call, download, query, send } from "../api/http";
import type { Answer, Body } from "../api/types";

export const byLink = {
  confirm: (token: string) => call<Answer<"confirmChange">>("POST", "/changes/confirm", { token }),
  keep: (token: string) => call<Answer<"cancelChange">>("POST", "/changes/cancel", { token }),
  open: (token: string) => call<Answer<"openCase">>("POST", "/case/open", { token }),
  case: () => call<Answer<"getCase">>("GET", "/case"),
  payments: (cursor: string | null) =>
    call<Answer<"casePayments">>("GET", `/case/payments${query({ cursor, limit: 6 })}`),
  answer: (body: Body<"answerCase">) => call<Answer<"answerCase">>("POST", "/case/answers", body),
  handIn: (file: File) =>
    send<Answer<"handInFile">>("/case/files", file, { "X-File-Name": encodeURIComponent(file.name) }),
  end: () => call<void>("POST", "/case/end", {}),
};

export const ownRequests = {
  list: (cursor: string | null) =>
    call<Answer<"listOwnRequests">>("GET", `/me/requests${query({ cursor, limit: 20 })}`),
  one: (number: string) => call<Answer<"getOwnRequest">>("GET", `/me/requests/${encodeURIComponent(number)}`),
  prove: (number: string) =>
    call<Answer<"proveOwnRequest">>("POST", `/me/requests/${encodeURIComponent(number)}/proof`, {}),
};

export const details = {
  ask: (body: Body<"askChange">, key: string) => call<Answer<"askChange">>("POST", "/me/changes", body, key),
  list: (cursor: string | null) => call<Answer<"listOwnChanges">>("GET", `/me/changes${query({ cursor, limit: 20 })}`),
  copy: () => download("/me/export"),
  cancel: (id: string) => call<Answer<"cancelOwnChange">>("POST", `/me/changes/${encodeURIComponent(id)}/cancel`, {}),
};
