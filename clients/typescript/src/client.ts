// SPDX-License-Identifier: Apache-2.0
// Calls of the API. A request that moves money carries a key that is made once and kept over the retries; what may be sent
// again is what the server says may be, and what got no answer and carries a key.
import { OkpayProblem, OkpayUnreachable } from "./problem.js";
import type { paths } from "./schema.gen.js";
import type { Problem } from "./types.js";

export interface ClientOptions {
  /** "https://pay.example"; no path. */
  baseUrl: string;
  /** A merchant's, sk_… Without it the client signs in as a person and keeps the cookie. */
  apiKey?: string;
  /** How often the same is sent again. */
  retries?: number;
  /** For one attempt. */
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
  /** Waits before a retry; tests bring their own. */
  wait?: (ms: number) => Promise<void>;
}

type Method = "get" | "post";
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: object }> ? P : never;
}[keyof paths];
export type GetPath = PathsWith<"get">;
export type PostPath = PathsWith<"post">;
type Operation<P extends keyof paths, M extends Method> = paths[P][M];

type ParametersOf<O, In extends string> = O extends { parameters: { [K in In]?: infer Values } }
  ? Exclude<Values, undefined>
  : never;
type JsonOf<R> = R extends { content: { "application/json": infer Body } } ? Body : undefined;
type ResponsesOf<O> = O extends { responses: infer R } ? R : never;
type Done<R> = R extends { 201: infer Made } ? JsonOf<Made> : R extends { 200: infer Ok } ? JsonOf<Ok> : undefined;
export type Answered<P extends keyof paths, M extends Method> = Done<ResponsesOf<Operation<P, M>>>;
type BodyOf<O> = O extends { requestBody?: infer B } ? JsonOf<Exclude<B, undefined>> : undefined;

// Paths whose operation takes a dry run: both a 200 and a 201 are documented.
export type RehearsalPath = {
  [P in PostPath]: ResponsesOf<Operation<P, "post">> extends { 200: unknown; 201: unknown } ? P : never;
}[PostPath];
type Rehearsed<P extends RehearsalPath> =
  ResponsesOf<Operation<P, "post">> extends { 200: infer R } ? JsonOf<R> : never;

type WithPath<O> = [ParametersOf<O, "path">] extends [never] ? { path?: undefined } : { path: ParametersOf<O, "path"> };
type WithBody<O> = [BodyOf<O>] extends [undefined] ? { body?: undefined } : { body: BodyOf<O> };
export type GetOptions<P extends GetPath> = WithPath<Operation<P, "get">> & {
  query?: ParametersOf<Operation<P, "get">, "query">;
  signal?: AbortSignal;
};
export type PostOptions<P extends PostPath> = WithPath<Operation<P, "post">> &
  WithBody<Operation<P, "post">> & {
    /** What was made for this intention earlier; without it one is made for this call. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };
type ItemOf<P extends GetPath> = Answered<P, "get"> extends { items: (infer Item)[] } ? Item : never;
export type ListPath = { [P in GetPath]: [ItemOf<P>] extends [never] ? never : P }[GetPath];

interface Call {
  method: Method;
  path: string;
  query?: object | undefined;
  body?: unknown;
  key: string | null;
  signal?: AbortSignal | undefined;
}

const pauseMs = 250;
const longestPauseMs = 30_000;

/** A key for one intention. Keep it with what it is for, and it is done once, whatever breaks. */
export function newKey(): string {
  return crypto.randomUUID();
}

export class OkpayClient {
  readonly #base: URL;
  readonly #apiKey: string | undefined;
  readonly #retries: number;
  readonly #timeoutMs: number;
  readonly #fetch: typeof globalThis.fetch;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #cookies = new Map<string, string>();

  constructor(options: ClientOptions) {
    this.#base = new URL(options.baseUrl);
    this.#apiKey = options.apiKey;
    this.#retries = options.retries ?? 4;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  async get<P extends GetPath>(path: P, ...[options]: Arguments<GetOptions<P>>): Promise<Answered<P, "get">> {
    const { path: names, query, signal } = (options ?? {}) as Loose;
    const call = { method: "get", path: filled(path, names), query, key: null, signal } as const;
    return (await this.#answer(call)) as Answered<P, "get">;
  }

  async post<P extends PostPath>(path: P, ...[options]: Arguments<PostOptions<P>>): Promise<Answered<P, "post">> {
    const { path: names, body, idempotencyKey, signal } = (options ?? {}) as Loose;
    const key = idempotencyKey ?? newKey();
    return (await this.#answer({ method: "post", path: filled(path, names), body, key, signal })) as Answered<
      P,
      "post"
    >;
  }

  /** What the request would do, fee and postings included; nothing is done. */
  async rehearse<P extends RehearsalPath>(path: P, ...[options]: Arguments<PostOptions<P>>): Promise<Rehearsed<P>> {
    const { path: names, body, idempotencyKey, signal } = (options ?? {}) as Loose;
    const call = { method: "post", path: filled(path, names), query: { dry_run: true }, body, signal } as const;
    return (await this.#answer({ ...call, key: idempotencyKey ?? null })) as Rehearsed<P>;
  }

  /** All items of a list, page by page, each page asked for when it is needed. */
  async *all<P extends ListPath>(
    path: P,
    ...[options]: Arguments<GetOptions<P>>
  ): AsyncGenerator<ItemOf<P>, void, undefined> {
    const { path: names, query, signal } = (options ?? {}) as Loose;
    let cursor: string | null | undefined;
    do {
      const page = (await this.#answer({
        method: "get",
        path: filled(path, names),
        query: cursor ? { ...query, cursor } : query,
        key: null,
        signal,
      })) as { items: ItemOf<P>[]; next_cursor: string | null };
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  async #answer(call: Call): Promise<unknown> {
    // Without a key only what changes nothing may be sent twice.
    const repeatable = call.method === "get" || call.key !== null;
    for (let attempt = 0; ; ++attempt) {
      let failure: OkpayProblem | OkpayUnreachable;
      try {
        return await this.#once(call);
      } catch (error) {
        if (!(error instanceof OkpayProblem || error instanceof OkpayUnreachable)) throw error;
        failure = error;
      }
      const allowed = failure instanceof OkpayUnreachable || failure.retry === "same_key";
      if (!repeatable || !allowed || attempt >= this.#retries || call.signal?.aborted) throw failure;
      const named = failure instanceof OkpayProblem && failure.retryAfter !== null ? failure.retryAfter * 1_000 : null;
      if (named !== null && named > longestPauseMs) throw failure; // the caller knows better what to do meanwhile
      await this.#wait(named ?? pauseMs * 2 ** attempt * (0.5 + Math.random()));
    }
  }

  async #once(call: Call): Promise<unknown> {
    const url = new URL(call.path, this.#base);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { Accept: "application/json, application/problem+json" };
    if (call.key !== null) headers["Idempotency-Key"] = call.key;
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    if (this.#apiKey !== undefined) {
      headers["Authorization"] = `Bearer ${this.#apiKey}`;
    } else {
      headers["Origin"] = this.#base.origin;
      if (this.#cookies.size > 0)
        headers["Cookie"] = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    }
    const signals = [AbortSignal.timeout(this.#timeoutMs), ...(call.signal ? [call.signal] : [])];
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(url, {
        method: call.method.toUpperCase(),
        headers,
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal: anyOf(signals),
        redirect: "error",
      });
      text = await response.text();
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new OkpayUnreachable("the server did not answer", call.key, error);
    }
    this.#keepCookies(response);
    const kind = response.headers.get("Content-Type") ?? "";
    if (response.ok) return kind.startsWith("application/json") ? parsed(text, call) : text === "" ? undefined : text;
    if (!kind.startsWith("application/problem+json")) {
      throw new OkpayUnreachable(`something before the server answered ${response.status}`, call.key);
    }
    const after = response.headers.get("Retry-After");
    throw new OkpayProblem(
      parsed(text, call) as Problem,
      after !== null && /^[0-9]+$/.test(after) ? Number(after) : null,
      response.headers.get("Idempotent-Replayed") === "true",
    );
  }

  // Only where there is no browser to do it.
  #keepCookies(response: Response): void {
    for (const cookie of response.headers.getSetCookie?.() ?? []) {
      const [pair = "", ...attributes] = cookie.split(";");
      const equals = pair.indexOf("=");
      const name = pair.slice(0, equals).trim();
      if (attributes.some((attribute) => attribute.trim() === "Max-Age=0")) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(equals + 1));
    }
  }
}

interface Loose {
  path?: Record<string, unknown>;
  query?: object;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}
// The options may be left away where none of them is required.
type Arguments<T> = object extends T ? [options?: T] : [options: T];

function filled(path: string, names: Record<string, unknown> | undefined): string {
  return path.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = names?.[name];
    if (typeof value !== "string" || value === "") throw new TypeError(`${path}: path.${name} is missing`);
    return encodeURIComponent(value);
  });
}

function parsed(text: string, call: Call): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OkpayUnreachable("the answer broke off", call.key, error);
  }
}

function anyOf(signals: AbortSignal[]): AbortSignal {
  const either = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    signal.addEventListener("abort", () => either.abort(signal.reason), { once: true, signal: either.signal });
  }
  return either.signal;
}
