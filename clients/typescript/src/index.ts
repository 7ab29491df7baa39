// SPDX-License-Identifier: Apache-2.0
export { OkpayClient, newKey } from "./client.js";
export type { ClientOptions, GetPath, GetOptions, PostPath, PostOptions, RehearsalPath, Answered } from "./client.js";
export { OkpayProblem, OkpayUnreachable } from "./problem.js";
export { addAmounts, amountOf, decimalsOf, minorOf } from "./amount.js";
export type { Amount, ErrorCode, Payment, PaymentRehearsal, Problem } from "./types.js";
export type { components, operations, paths } from "./schema.gen.js";
