// SPDX-License-Identifier: Apache-2.0
// What the screens of cash.ts, exchange.ts and twice.ts ask of the server.
import { call } from "../api/http";
import type { Answer, Body } from "../api/types";

export const cash = {
  topUp: (body: Body<"collectTopUp">, key: string) => call<Answer<"collectTopUp">>("POST", "/me/top-ups", body, key),
  withdraw: (body: Body<"withdraw">, key: string) => call<Answer<"withdraw">>("POST", "/me/withdrawals", body, key),
  rates: () => call<Answer<"ownExchangeRates">>("GET", "/me/exchange-rates"),
  exchange: (body: Body<"exchangeMoney">, key: string) =>
    call<Answer<"exchangeMoney">>("POST", "/me/exchanges", body, key),
  chargedTwice: (payment: string, body: Body<"reportDuplicate">, key: string) =>
    call<Answer<"reportDuplicate">>("POST", `/me/payments/${encodeURIComponent(payment)}/report-duplicate`, body, key),
};
