// SPDX-License-Identifier: Apache-2.0
// Short names for what schema.gen.ts holds; that file is made from src/api/openapi.json by `npm run generate`.
import type { components } from "./schema.gen.js";

type Schemas = components["schemas"];
export type Amount = Schemas["Amount"];
export type ErrorCode = Schemas["ErrorCode"];
export type Payment = Schemas["Payment"];
export type PaymentRehearsal = Schemas["PaymentRehearsal"];
export type Problem = Schemas["Problem"];
