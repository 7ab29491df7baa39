// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode, Problem } from "./types.js";

/** The server said no, and why: RFC 9457. `code` is stable, `message` one plain sentence. */
export class OkpayProblem extends Error {
  override readonly name = "OkpayProblem";
  readonly status: number;
  readonly code: ErrorCode;
  readonly retry: NonNullable<Problem["retry"]>;
  readonly problem: Problem;
  /** Seconds to wait before the same again; null where the server names none. */
  readonly retryAfter: number | null;
  /** The answer of an earlier request with this key. */
  readonly replayed: boolean;

  constructor(problem: Problem, retryAfter: number | null, replayed: boolean) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.retry = problem.retry ?? "never";
    this.retryAfter = retryAfter;
    this.replayed = replayed;
  }
}

/**
 * No answer, or none of this API: whether something was done is not known. `idempotencyKey` is what the request carried:
 * send the same with it again, now or after a restart, and it is done once.
 */
export class OkpayUnreachable extends Error {
  override readonly name = "OkpayUnreachable";
  readonly idempotencyKey: string | null;

  constructor(why: string, idempotencyKey: string | null, cause?: unknown) {
    super(why, cause === undefined ? {} : { cause });
    this.idempotencyKey = idempotencyKey;
  }
}
