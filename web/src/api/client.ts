// SPDX-License-Identifier: Apache-2.0
// One function for each operation the workspace uses. The session is a cookie; the browser sends Origin itself.
import type { Answer, Body, ErrorCode, Problem, View } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0 where the server could not be reached
    readonly code: ErrorCode | "unreachable",
    readonly detail: string,
    readonly problem: Problem | null = null,
  ) {
    super(detail || code);
  }
}

export const isCode = (error: unknown, code: ErrorCode): boolean => error instanceof ApiError && error.code === code;

async function call<T>(method: "GET" | "POST", path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json, application/problem+json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  let problem: Problem | null = null;
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // a proxy's page instead of ours
  }
  throw new ApiError(response.status, problem?.code ?? "unavailable", problem?.detail ?? "", problem);
}

function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
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
  reject: (id: string, body: Body<"rejectRemedy">) =>
    call<Answer<"rejectRemedy">>("POST", `${remedy(id)}/reject`, body),
};

// A key for the retry of one intention. randomUUID exists on https and loopback only; an operator may serve plain http
// behind a tunnel.
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}
